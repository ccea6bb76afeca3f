"""The coordinator's buttons, and who may tap them."""

from datetime import datetime

from conversations.people import Person
from conversations.replies import Button, Reply
from conversations.staff import attending, broadcasting, planning, roles, unanswered
from conversations.staff.roles import COORDINATOR
from conversations.turns import Due, Location, Tap, Text, Turn
from conversations.words import _
from conversations.world import World

TYPING = (planning.STEP, broadcasting.STEP)


def is_coordinator(person: Person, world: World) -> bool:
    return bool(roles.of(person, COORDINATOR, world))


def is_typing(person: Person, world: World) -> bool:
    """Whether what she sends is meant for a question of ours; not when she is coordinator no longer."""
    return person.step.startswith(TYPING) and is_coordinator(person, world)


def instead_of(tap: Tap, person: Person, world: World) -> Tap:
    """While she makes something, "stop" means that, and not all her messages."""
    if tap == Tap("stop") and is_typing(person, world):
        return Tap("plan" if person.step.startswith(planning.STEP) else "send", "drop")
    return tap


def ask_again(person: Person, now: datetime, world: World) -> Reply:
    """The question that is open; what she typed is not kept."""
    if person.step.startswith(planning.STEP):
        return planning.hear(person, Tap("plan", "back"), now, world)
    return broadcasting.hear(person, Tap("send", "back"), now, world)


def hear(person: Person, turn: Turn, now: datetime, world: World) -> Reply:
    if not is_coordinator(person, world):
        return Reply(person) if isinstance(turn, Due) else roles.say_it_is_not_hers(person, COORDINATOR)
    match turn:
        case Tap("plan") | Location():
            return planning.hear(person, turn, now, world)
        case Text() if person.step.startswith(planning.STEP):
            return planning.hear(person, turn, now, world)
        case Tap("send") | Text() | Due("broadcast-progress" | "broadcast-done"):
            return broadcasting.hear(person, turn, now, world)
        case Tap("attend") | Due():
            return attending.hear(person, turn, now, world)
        case Tap("coordinator", act) if act:
            return unanswered.hear(person, turn, world)
        case _:
            return show(Reply(person), world)


def show(reply: Reply, world: World) -> Reply:
    """The coordinator's own buttons."""
    waiting = world.count_unanswered()
    questions = [Button(_("🗂 Questions without an answer"), Tap("coordinator", "unanswered"))] if waiting else []
    return reply.say(
        _("**For the coordinator**"),
        unanswered.how_many(waiting),
        buttons=[
            Button(_("📋 What is planned, who comes"), Tap("attend")),
            Button(_("➕ Plan something new"), Tap("plan")),
            Button(_("📣 Send a message round"), Tap("send")),
            *questions,
        ],
    )
