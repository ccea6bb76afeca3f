"""Who hears what. The only place that knows all conversations."""

from dataclasses import replace
from datetime import datetime

from conversations import (
    answers,
    asking,
    browsing,
    coordinator,
    dropins,
    humans,
    joining,
    menu,
    privacy,
    settings,
    strays,
    tips,
    triage,
)
from conversations.people import Person
from conversations.replies import Reply
from conversations.turns import (
    Blocked,
    Command,
    Document,
    Due,
    Edited,
    Elsewhere,
    Location,
    Photo,
    Tap,
    Text,
    Turn,
    Unblocked,
)
from conversations.world import World


def hear(person: Person, turn: Turn, now: datetime, world: World) -> Reply:
    """What follows from this turn. `now` is the local time where the people are."""
    match turn:
        case Blocked():
            return Reply(replace(person, blocked_at=now))
        case Due(kind, _about):
            return tips.hear(person, turn, now, world) if kind == tips.TIP else dropins.hear(person, turn, now, world)
        case Elsewhere():
            return strays.come_to_me(person)
    person = replace(person, blocked_at=None)
    match turn:
        case Unblocked():
            return Reply(person)
        case Command("start", code) if code.startswith(coordinator.INVITATION):
            return coordinator.accept(person, code, now, world)
        case Command("start"):
            return joining.hear(person, turn, now, world)
        case Command(name):
            return tapped(person, Tap("stop") if name == "stop" else Tap("menu"), now, world)
        case Text(said) if tap := menu.meant(turn):
            return tapped(person, tap, now, world)
        case Text(said) | Edited(said) | Photo(said) | Document(said) if said.strip():
            return asked(person, said, world)
        case Location():
            return dropins.hear(person, turn, now, world)
        case Tap():
            return tapped(person, turn, now, world)
        case _:
            return strays.hear(person, turn)


def tapped(person: Person, tap: Tap, now: datetime, world: World) -> Reply:
    match tap:
        case Tap("join"):
            return joining.hear(person, tap, now, world)
        case Tap("menu"):
            reply = menu.show_menu(person)
            return coordinator.show(reply, world) if coordinator.is_coordinator(person, world) else reply
        case Tap("coordinator"):
            return coordinator.hear(person, tap, world)
        case Tap("ask", "none", key):
            return asking.none_of_these(person, key, world)
        case Tap("ask"):
            return menu.explain_asking(person)
        case Tap("answer"):
            return answers.hear(person, tap, world)
        case Tap("triage"):
            return triage.hear(person, tap, world)
        case Tap("browse"):
            return browsing.hear(person, tap, world)
        case Tap("session"):
            return dropins.hear(person, tap, now, world)
        case Tap("tip"):
            return tips.hear(person, tap, now, world) if person.agreed_at else settings.invite(person)
        case Tap("human"):
            return humans.show(person, world)
        case Tap("language" | "stop" | "settings"):
            return settings.hear(person, tap, now, world)
        case _:
            return strays.hear(person, tap)


def asked(person: Person, said: str, world: World) -> Reply:
    """Answered at any moment, without what is private in it."""
    cleaned = privacy.clean(said)
    reply = answered(person, cleaned.text, world)
    return privacy.refuse(reply, cleaned.refused) if cleaned.refused else reply


def answered(person: Person, said: str, world: World) -> Reply:
    """A question of ours that is open comes again below the answer."""
    if not person.step.startswith("join:"):
        return asking.ask(person, said, world)
    answer = asking.ask(replace(person, step=""), said, world)
    again = joining.ask_again(person, world)
    below = tuple(replace(message, in_place=False) for message in again.says)
    return replace(answer, person=person, says=(*answer.says, *below))
