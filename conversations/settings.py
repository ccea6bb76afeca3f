"""Her own choices: language, where she works, what is kept, stopping and erasing."""

from dataclasses import replace
from datetime import datetime

from conversations import interests, joining, messages, tips
from conversations.agenda import line
from conversations.facts import Forgotten, Unplanned
from conversations.languages import LANGUAGES
from conversations.people import Person
from conversations.replies import Button, Reply
from conversations.sessions import entry
from conversations.staff import roles
from conversations.turns import Tap
from conversations.words import Listed, Words, _
from conversations.world import World


def hear(person: Person, tap: Tap, now: datetime, world: World) -> Reply:
    match tap:
        case Tap("language", code) if code in LANGUAGES:
            return change_language(person, code, world)
        case Tap("language"):
            return ask_language(person)
        case Tap("stop"):
            return stop(person, now, world)
        case Tap("settings", "again"):
            return tips.planned(welcome_back(replace(person, stopped_at=None, paused_until=None)), now)
        case Tap("settings", act) if act in messages.ACTS:
            return messages.hear(person, tap, now, world) if person.agreed_at else invite(person)
        case Tap("settings", act) if act in interests.ACTS:
            return interests.hear(person, tap, world) if person.agreed_at else invite(person)
        case Tap("settings", "employer"):
            return ask_employer(person, world) if person.agreed_at else invite(person)
        case Tap("settings", "data"):
            return show_data(person, now, world)
        case Tap("settings", "erase"):
            return ask_to_erase(person)
        case Tap("settings", "erase-yes"):
            return erase(person)
        case _:
            return show(person)


def show(person: Person) -> Reply:
    if person.agreed_at is None:
        return invite(person)
    return Reply(person).say(
        _("**Settings.** What do you want to change?"),
        buttons=[
            Button(_("🌍 My language"), Tap("language")),
            Button(_("🔔 My messages"), Tap("settings", "messages")),
            Button(_("🌱 What I want to learn"), Tap("settings", "learn")),
            Button(_("🏢 Where I work"), Tap("settings", "employer")),
            Button(_("See my data"), Tap("settings", "data")),
            Button(_("🗑 Erase everything"), Tap("settings", "erase")),
        ],
    )


def invite(person: Person) -> Reply:
    return Reply(person).say(
        _("You have not joined yet. Do you want reminders and tips? Then join."),
        buttons=[Button(_("I want to join"), Tap("join")), Button(_("🌍 My language"), Tap("language"))],
    )


def ask_language(person: Person) -> Reply:
    return Reply(person).say(_("Which language do you want?"), buttons=[joining.language_row()])


def change_language(person: Person, code: str, world: World) -> Reply:
    """In the middle of joining, the open question comes again in the new language; else the menu does."""
    person = replace(person, language=code, chosen_language=True)
    if person.step == joining.CONSENT:
        hello = joining.greet(person, known_link=True).says[0]
        return Reply(person, (replace(hello, in_place=True),))
    if person.step in (joining.EMPLOYER, joining.WISHES):
        return joining.ask_again(person, world)
    return Reply(person).say(_("Done. From now on I write in English."), menu=True)


def ask_employer(person: Person, world: World) -> Reply:
    """Whoever has joined is asked nothing more after it."""
    asked = joining.ask_which_employer(person, world)
    return asked if person.step.startswith("join:") else replace(asked, person=person)


def stop(person: Person, now: datetime, world: World) -> Reply:
    """No messages of our own accord any more; every question is still answered."""
    stopped = replace(person, stopped_at=now) if person.agreed_at else person
    lists = tuple(line(session) for session in world.signed_up(person))
    missed = _("You are still on the list. If something changes there, I cannot tell you.")
    return (
        Reply(stopped)
        .say(
            _("Done. I send you nothing more, no reminders either."),
            _("You can still ask me everything."),
            *((missed, Listed(lists)) if lists else ()),
            buttons=[
                Button(_("🔔 I want messages again"), Tap("settings", "again")),
                Button(_("🗑 Erase everything"), Tap("settings", "erase")),
            ],
        )
        .because(Unplanned(tips.TIP))
    )


def welcome_back(person: Person) -> Reply:
    if person.agreed_at is None:
        return invite(person)
    return Reply(person).say(_("Good. You get the messages you chose again."), menu=True)


def show_data(person: Person, now: datetime, world: World) -> Reply:
    if person.agreed_at is None:
        return Reply(person).say(*nothing_kept(person), buttons=[Button(_("I want to join"), Tap("join"))])
    employer = world.employer(person.employer)
    kept = (
        _("First name: {name}", name=person.name),
        _("Language: {language}", language=LANGUAGES.get(person.language, person.language)),
        _("Work: {employer}", employer=employer.name if employer else _("somewhere else")),
        *roles.lines(person, world),
        *(entry(session, world.sign_up(person, session.id), full=False) for session in world.signed_up(person)),
        *messages.lines(person, now),
        *interests.lines(person, world),
    )
    heading = _("**This is what I keep of you:**")
    return Reply(person).say(heading, Listed(kept), buttons=[Button(_("🗑 Erase everything"), Tap("settings", "erase"))])


def nothing_kept(person: Person) -> list[Words]:
    if person.chosen_language:
        return [_("I only keep which language you chose.")]
    return [_("I keep nothing of you.")]


def ask_to_erase(person: Person) -> Reply:
    return Reply(person).say(
        _("Shall I erase everything I know of you? You cannot get it back."),
        buttons=[
            Button(_("🗑 Yes, erase everything"), Tap("settings", "erase-yes")),
            Button(_("No, keep it"), Tap("menu")),
        ],
    )


def erase(person: Person) -> Reply:
    stranger = Person(person.id, person.language, person.name)
    return (
        Reply(stranger)
        .say(
            _("Done. I have erased everything. You can still ask me everything."),
            _("Do you want to erase this chat too? You do that yourself, in Telegram."),
            menu=True,
        )
        .because(Forgotten())
    )
