"""How was it? One tap, and a word for who wishes. The coach sees what was said, not who said it."""

from datetime import datetime, timedelta

from conversations.agenda import find, line, number
from conversations.facts import FeelingExplained, FeelingTold
from conversations.people import Person
from conversations.replies import Button, Reply
from conversations.turns import Tap, Text, Turn
from conversations.words import _
from conversations.world import Session, World

ASKED = "session-feeling"
STEP = "feeling:"
FACES = {4: "😀", 3: "🙂", 2: "😐", 1: "🙁"}
LASTS = timedelta(days=4)
LONGEST = 500


def hear(person: Person, turn: Turn, world: World) -> Reply:
    match turn:
        case Tap("session", "feel", which):
            session, _dot, feeling = which.partition(".")
            return thank(person, find(session, world), number(feeling), world)
        case Text(said):
            return keep_words(person, said)
        case _:
            return Reply(person.at("")).say(_("Thank you. See you next time!"), menu=True)


def ask(person: Person, session: Session, now: datetime) -> Reply:
    if person.stopped_at or session.ends_at + LASTS < now:
        return Reply(person)
    return (
        Reply(person)
        .say(
            _("**How was it?** One tap is enough."),
            line(session),
            _("The coach sees your answer, not your name."),
            buttons=[
                (
                    Button(_("😀 Very good"), Tap("session", "feel", f"{session.id}.4")),
                    Button(_("🙂 Good"), Tap("session", "feel", f"{session.id}.3")),
                ),
                (
                    Button(_("😐 So-so"), Tap("session", "feel", f"{session.id}.2")),
                    Button(_("🙁 Not good"), Tap("session", "feel", f"{session.id}.1")),
                ),
            ],
        )
        .as_push(session.ends_at + LASTS)
    )


def thank(person: Person, session: Session | None, feeling: int, world: World) -> Reply:
    mine = world.sign_up(person, session.id) if session else None
    if session is None or mine is None or feeling not in FACES:
        return Reply(person).say(_("Thank you. See you next time!"), menu=True)
    return (
        Reply(person.at(f"{STEP}{session.id}"))
        .say(
            _("{face} Thank you!", face=FACES[feeling]),
            _("Do you want to say more? Type it. The coach reads it without your name."),
            buttons=[Button(_("No, that is all"), Tap("session", "enough", str(session.id)))],
            in_place=True,
        )
        .because(FeelingTold(session.id, feeling))
    )


def keep_words(person: Person, said: str) -> Reply:
    session = number(person.step.removeprefix(STEP))
    return (
        Reply(person.at(""))
        .say(_("Thank you. I pass it on without your name. See you next time!"), menu=True)
        .because(FeelingExplained(session, said[:LONGEST]))
    )
