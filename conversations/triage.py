"""Two complaints can be many things: she is asked back what she sees, and taps her way to the answer that fits.

Nothing of it is kept: a button carries all that is known so far. Typing instead of tapping is a new question.
"""

import re
from collections.abc import Iterable

from conversations import answers
from conversations.people import Person
from conversations.replies import Button, Reply, Row
from conversations.turns import Tap, Turn
from conversations.words import Plain, _
from conversations.world import World

SIGNING_IN = "inloggen-lukt-niet"
APP_FAILS = "app-werkt-niet"
FEW = 1  # so few ways need no asking
LONGEST_NAME = 40  # characters of a button

# What it can be, and which answer that has.
WAYS: dict[str, tuple[Button, ...]] = {
    SIGNING_IN: (
        Button(_("Wrong name or password"), Tap("answer", "show", "wachtwoord-vergeten")),
        Button(_("Locked, or tried too often"), Tap("answer", "show", "account-geblokkeerd")),
        Button(_("I have to type a code"), Tap("answer", "show", "inlogcode-nodig")),
        Button(_("I do not get a code"), Tap("answer", "show", "inlogcode-komt-niet")),
        Button(_("This is my first time"), Tap("answer", "show", "eerste-keer-inloggen")),
    ),
    APP_FAILS: (
        Button(_("It stays white, or it stops"), Tap("answer", "show", APP_FAILS)),
        Button(_("A fault, or everybody has this"), Tap("answer", "show", "storing-of-niet")),
        Button(_("There is no internet"), Tap("answer", "show", "geen-internet")),
        Button(_("It wants an update"), Tap("answer", "show", "app-updaten")),
        Button(_("I cannot get in"), Tap("triage", "ask", SIGNING_IN)),
    ),
}

# An app of her employer, called by what it is for: "de roosterapp". A word such as "uren" alone may mean anything.
CALLED = {
    "roster_app": re.compile(r"\b(rooster|planning)s?[ -]?app"),
    "record_app": re.compile(r"\b(dossier|zorg|rapportage)[ -]?app"),
    "hours_app": re.compile(r"\b(uren|urenregistratie)[ -]?app"),
    "hr_app": re.compile(r"\b(personeels?|hr|verlof)[ -]?app"),
    "mail_app": re.compile(r"\be?-?mail[ -]?app"),
    "code_app": re.compile(r"\b(code|inlog)[ -]?app"),
}
ANOTHER = "another"
OTHER_APPS = re.compile(
    r"\b(afas|authenticator|caren|chatgpt|digid|facebook|instagram|nedap|outlook|puur|siilo|teams|tiktok|"
    r"what'?s ?app|youforce|zivver)\b"
)
US = re.compile(r"\b(bij|met|van|voor) ons\b")  # she and her colleagues, not the app of that name


def hear(person: Person, turn: Turn, world: World) -> Reply:
    match turn:
        case Tap("triage", "ask", topic):
            return ask(person, topic, world)
        case Tap("triage", "app", app):
            return ask_what_happens(person, app, world)
        case _:
            return answers.say_it_is_gone(person)


def show(person: Person, topic: str, question: str, world: World) -> Reply:
    """The answer to her question, or what is to be known before there is one."""
    tap = first_tap(person, topic, question, world)
    return answers.show(person, topic, world) if tap.about == "answer" else hear(person, tap, world)


def topic_buttons(topics: Iterable[str], person: Person, world: World, question: str = "") -> list[Button | Row]:
    found = (world.answer(topic, person) for topic in topics)
    return [Button(Plain(a.title), first_tap(person, a.id, question, world)) for a in found if a]


def first_tap(person: Person, topic: str, question: str, world: World) -> Tap:
    """Where a topic begins, when this is what she said."""
    if topic not in WAYS:
        return Tap("answer", "show", topic)
    app = app_in(question, app_names(person, world)) if topic == APP_FAILS else ""
    return Tap("triage", "app", app) if app else Tap("triage", "ask", topic)


def ask(person: Person, topic: str, world: World) -> Reply:
    if topic not in WAYS or len(ways(topic, person, world)) <= FEW:
        return answers.show(person, topic, world)
    return ask_what_she_sees(person, world) if topic == SIGNING_IN else ask_which_app(person, world)


def ask_what_she_sees(person: Person, world: World) -> Reply:
    return Reply(person).say(
        _("What do you see on the screen?"),
        _("Tap what fits best."),
        buttons=[*ways(SIGNING_IN, person, world), (something_else(SIGNING_IN), not_known(SIGNING_IN))],
    )


def ask_which_app(person: Person, world: World) -> Reply:
    """Passed over when her employer has no two apps to choose from."""
    by_name = {name: key for key, name in app_names(person, world).items() if len(name) <= LONGEST_NAME}
    if len(by_name) <= FEW:
        return ask_what_happens(person, ANOTHER, world)
    named = [Button(Plain(name), Tap("triage", "app", key)) for name, key in by_name.items()]
    another = Button(_("Another app"), Tap("triage", "app", ANOTHER))
    return Reply(person).say(_("Which app is it?"), buttons=[*named, (another, not_known(APP_FAILS))])


def ask_what_happens(person: Person, app: str, world: World) -> Reply:
    """`app` is a fact of her employer; anything else is an app we have no name for."""
    if len(buttons := ways(APP_FAILS, person, world)) <= FEW:
        return answers.show(person, APP_FAILS, world)
    name = app_names(person, world).get(app)
    return Reply(person).say(
        _("What does {app} do?", app=name) if name else _("What happens?"),
        _("Tap what fits best."),
        buttons=[*buttons, (something_else(APP_FAILS), not_known(APP_FAILS))],
    )


def something_else(topic: str) -> Button:
    return Button(_("Something else"), Tap("answer", "show", topic))


def not_known(topic: str) -> Button:
    return Button(_("I do not know"), Tap("answer", "show", topic))


def ways(topic: str, person: Person, world: World) -> list[Button]:
    """Those whose answer is there."""
    taps = ((button, button.does) for button in WAYS[topic])
    return [button for button, tap in taps if isinstance(tap, Tap) and world.answer(tap.which, person)]


def app_names(person: Person, world: World) -> dict[str, str]:
    """What her employer's apps are called, by the fact they stand in, such as "roster_app"."""
    employer = world.employer(person.employer)
    facts = employer.facts if employer else {}
    return {key: name.removeprefix("de app ") for key, name in facts.items() if key in CALLED}


def app_in(question: str, names: dict[str, str]) -> str:
    """The fact of the app that she names, ANOTHER for an app that is not her employer's, empty for none."""
    told = US.sub("", question.lower().replace("’", "'"))
    for key, name in sorted(names.items(), key=lambda named: -len(named[1])):
        if re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", told) or CALLED[key].search(told):
            return key
    called = any(pattern.search(told) for pattern in CALLED.values())
    return ANOTHER if called or OTHER_APPS.search(told) else ""
