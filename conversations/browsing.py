"""Looking around by subject, with buttons."""

from conversations import triage
from conversations.people import Person
from conversations.replies import Button, Reply, Row
from conversations.turns import Tap, Turn
from conversations.words import _
from conversations.world import World

PAGE = 8

SUBJECTS = {
    "inloggen": _("🔑 Signing in and passwords"),
    "telefoon": _("📱 Phone and tablet"),
    "internet-apps": _("🌐 Internet and apps"),
    "dossier": _("🗂 Clients and care apps"),
    "rooster-hr": _("🗓 Roster, hours and pay"),
    "berichten": _("✉️ Mail and messages"),
    "veilig": _("🔒 Safe and private"),
    "makkelijker": _("🔎 Easier reading and typing"),
    "overheid-client": _("🏛 DigiD and help for clients"),
    "leren": _("🌱 Learning and daring"),
    "bot": _("🤖 About this bot"),
}


def hear(person: Person, turn: Turn, world: World) -> Reply:
    match turn:
        case Tap("browse", "in", which):
            category, _dot, page = which.partition(".")
            return show_topics(person, category, int(page) if page.isascii() and page.isdigit() else 0, world)
        case Tap("browse", "back"):
            return show_subjects(person, world, in_place=True)
        case _:
            return show_subjects(person, world)


def show_subjects(person: Person, world: World, in_place: bool = False) -> Reply:
    known = [(SUBJECTS[c], Tap("browse", "in", c)) for c in world.categories() if c in SUBJECTS]
    return Reply(person).say(
        _("What is it about? Tap a subject."),
        buttons=[Button(words, tap) for words, tap in known],
        in_place=in_place,
    )


def show_topics(person: Person, category: str, page: int, world: World) -> Reply:
    topics = world.topics(category) if category in SUBJECTS else ()
    shown = topics[page * PAGE : (page + 1) * PAGE]
    if not shown:
        return show_subjects(person, world, in_place=True)
    return Reply(person).say(
        SUBJECTS[category],
        _("Tap your question."),
        buttons=[*triage.topic_buttons(shown, person, world), around(category, page, len(topics))],
        in_place=True,
    )


def around(category: str, page: int, count: int) -> Row:
    back = Button(_("◀ Back"), Tap("browse", "in", f"{category}.{page - 1}") if page else Tap("browse", "back"))
    if (page + 1) * PAGE >= count:
        return (back,)
    return (back, Button(_("More ▶"), Tap("browse", "in", f"{category}.{page + 1}")))
