"""Joining: a language, a yes, where she works, which messages she wants. Three or four taps, no typing."""

from dataclasses import replace
from datetime import datetime

from conversations import tips
from conversations.facts import Forgotten
from conversations.languages import LANGUAGES
from conversations.menu import welcome_again
from conversations.people import Person
from conversations.replies import Button, Reply
from conversations.turns import Command, Tap, Turn
from conversations.words import Listed, Plain, Words, _
from conversations.world import Employer, World

CONSENT, EMPLOYER, WISHES = "join:consent", "join:employer", "join:wishes"
ELSEWHERE = "other"


def hear(person: Person, turn: Turn, now: datetime, world: World) -> Reply:
    match turn:
        case Command("start", code):
            return start(person, code, world)
        case Tap("join", ""):
            return ask_consent(person.at(CONSENT))
        case Tap("join", "more"):
            return tell_more(person)
        case Tap("join", "yes"):
            return ask_employer(agreed(person, now), world)
        case Tap("join", "no"):
            return say_nothing_is_kept(person)
        case Tap("join", "employer", which):
            return choose_employer(person, which, now, world)
        case Tap("join", "elsewhere"):
            return ask_which_employer(agreed(person, now), world)
        case Tap("join", "wishes", which):
            return choose_wishes(agreed(person, now), which, now)
        case _:
            return ask_again(person, world)


def start(person: Person, code: str, world: World) -> Reply:
    employer = world.employer_with_code(code)
    if person.agreed_at and not person.step.startswith("join:"):
        if employer and employer.id != person.employer:
            return ask_to_change_employer(person, employer)
        return welcome_again(person)
    if employer and not person.employer:
        person = replace(person, employer=employer.id)
    if person.step in (EMPLOYER, WISHES):
        return ask_again(person, world)
    return greet(person.at(CONSENT), known_link=bool(employer or not code))


def agreed(person: Person, now: datetime) -> Person:
    """Whoever taps on in this conversation has said yes before, or says it now; to what, she is still asked."""
    return person if person.agreed_at else replace(person, agreed_at=now, wants_news=False)


def greet(person: Person, known_link: bool) -> Reply:
    hello = _(
        "Hello {name}! I am Digihulp. I help you with the apps at work. No question is silly.",
        name=person.name,
    )
    stale = () if known_link else (_("I do not know this link. That is no problem."),)
    return consent(person, hello, *stale)


def ask_consent(person: Person) -> Reply:
    return consent(person, _("First one question."))


def consent(person: Person, *before: Words, in_place: bool = False) -> Reply:
    return Reply(person).say(
        *before,
        Listed(
            (
                _("I keep your first name, your language and where you work."),
                _("Your employer never sees what you ask."),
                _("You can always stop, or erase everything."),
            )
        ),
        _("**Is that all right?**"),
        buttons=[
            Button(_("✅ Yes, that is fine"), Tap("join", "yes")),
            Button(_("Tell me more"), Tap("join", "more")),
            Button(_("No, thank you"), Tap("join", "no")),
            language_row(),
        ],
        in_place=in_place,
    )


def language_row() -> tuple[Button, ...]:
    """Each language under its own name, so that everybody finds her own."""
    return tuple(Button(Plain(name), Tap("language", code)) for code, name in LANGUAGES.items())


def tell_more(person: Person) -> Reply:
    return consent(
        person,
        _("I am a bot. People of the library and your work wrote my answers."),
        _("I keep which messages you want, and the drop-ins you come to. I do not keep your questions with your name."),
        _("If you say no, you can still ask everything. Then I keep nothing of you."),
        in_place=True,
    )


def say_nothing_is_kept(person: Person) -> Reply:
    stranger = Person(person.id, person.language, person.name)
    return (
        Reply(stranger)
        .say(
            _("That is fine. I keep nothing of you. You can still ask me everything."),
            _("Type your question, or tap a button below."),
            menu=True,
        )
        .because(Forgotten())
    )


def ask_employer(person: Person, world: World) -> Reply:
    """With a link the employer is known already, and only confirmed."""
    employer = world.employer(person.employer)
    if employer is None:
        return ask_which_employer(person, world)
    return Reply(person.at(EMPLOYER)).say(
        _("You work at **{employer}**. Is that right?", employer=employer.name),
        buttons=[
            Button(_("✅ Yes"), Tap("join", "employer", employer.id)),
            Button(_("No, somewhere else"), Tap("join", "elsewhere")),
        ],
        in_place=True,
    )


def ask_which_employer(person: Person, world: World) -> Reply:
    known = [Button(Plain(e.name), Tap("join", "employer", e.id)) for e in world.employers()]
    return Reply(person.at(EMPLOYER)).say(
        _("Where do you work?"),
        buttons=[*known, Button(_("Somewhere else"), Tap("join", "employer", ELSEWHERE))],
        in_place=True,
    )


def ask_to_change_employer(person: Person, employer: Employer) -> Reply:
    return Reply(person).say(
        _("This link is from {employer}. Do you work there now?", employer=employer.name),
        buttons=[
            Button(_("✅ Yes"), Tap("join", "employer", employer.id)),
            Button(_("No, leave it as it is"), Tap("menu")),
        ],
    )


def choose_employer(person: Person, which: str, now: datetime, world: World) -> Reply:
    if which != ELSEWHERE and world.employer(which) is None:
        return ask_which_employer(agreed(person, now), world)
    was_in = person.agreed_at is not None and person.step != EMPLOYER
    person = replace(agreed(person, now), employer=which)
    if was_in:
        return Reply(person.at("")).say(_("Done. I have noted where you work."), menu=True)
    return ask_wishes(person.at(WISHES))


def ask_wishes(person: Person) -> Reply:
    return Reply(person).say(
        _("Last question. **What may I send you?** You can always change it."),
        buttons=[
            Button(_("🔔 Drop-ins, reminders, 1 tip a week"), Tap("join", "wishes", "all")),
            Button(_("🔔 Drop-ins and reminders"), Tap("join", "wishes", "reminders")),
            Button(_("🔕 Nothing"), Tap("join", "wishes", "none")),
        ],
        in_place=True,
    )


def choose_wishes(person: Person, which: str, now: datetime) -> Reply:
    some = which != "none"
    person = replace(person.at(""), wants_reminders=some, wants_news=some, wants_tips=which == "all")
    return tips.planned(welcome(replace(person, stopped_at=None, paused_until=None)), now)


def welcome(person: Person) -> Reply:
    return Reply(person).say(
        _("Welcome, {name}! You have joined.", name=person.name),
        _("**Type your question.** A few words are enough. Mistakes do not matter."),
        _("For example: I forgot my password. Or: Where is my roster?"),
        _("The buttons below always work. So does the word: menu"),
        menu=True,
    )


def ask_again(person: Person, world: World) -> Reply:
    """Repeats the question that is open."""
    match person.step:
        case "join:consent":
            return ask_consent(person)
        case "join:employer":
            return ask_employer(person, world)
        case "join:wishes":
            return ask_wishes(person)
        case _:
            return welcome_again(person)
