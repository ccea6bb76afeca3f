"""Who hears what. The only place that knows all conversations."""

from dataclasses import replace
from datetime import datetime

from conversations import (
    answers,
    asking,
    browsing,
    feedback,
    humans,
    joining,
    menu,
    privacy,
    sessions,
    settings,
    signup,
    strays,
    tips,
    triage,
)
from conversations.people import Person
from conversations.replies import Reply
from conversations.staff import coordinator, employer, roles
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
from conversations.words import _
from conversations.world import World

# Steps that wait for words of hers; whoever asks for them says so again.
TYPING = (feedback.STEP, *coordinator.TYPING)


def hear(person: Person, turn: Turn, now: datetime, world: World) -> Reply:
    """What follows from this turn. `now` is the local time where the people are."""
    match turn:
        case Blocked():
            return Reply(replace(person, blocked_at=now))
        case Due(kind, _about):
            return come_due(person, kind, turn, now, world)
        case Elsewhere():
            return strays.come_to_me(person)
    person = replace(person, blocked_at=None)
    if isinstance(turn, Tap | Command) and person.step.startswith(TYPING):
        person = person.at("")  # she taps instead of typing what was asked
    match turn:
        case Unblocked():
            return Reply(person)
        case Command("start", code) if code.startswith(roles.INVITATION):
            return welcome_staff(person, code, now, world)
        case Command("start", code) if code.startswith(signup.COLLEAGUE):
            return signup.invited(person, code, now, world)
        case Command("start"):
            return joining.hear(person, turn, now, world)
        case Command(name):
            return tapped(person, Tap("stop") if name == "stop" else Tap("menu"), now, world)
        case Text(said) if tap := menu.meant(turn, typing=coordinator.is_typing(person, world)):
            return tapped(person, coordinator.instead_of(tap, person, world), now, world)
        case Text(said) | Edited(said) | Photo(said) | Document(said) if said.strip():
            return asked(person, said, now, world)
        case Location() if coordinator.is_typing(person, world):
            return coordinator.hear(person, turn, now, world)
        case Location():
            return sessions.hear(person, turn, now, world)
        case Tap():
            return tapped(person, turn, now, world)
        case _:
            return strays.hear(person, turn)


def tapped(person: Person, tap: Tap, now: datetime, world: World) -> Reply:
    match tap:
        case Tap("join"):
            return joining.hear(person, tap, now, world)
        case Tap("menu"):
            return with_staff_menu(menu.show_menu(person), world)
        case Tap("coordinator" | "plan" | "attend" | "send"):
            return coordinator.hear(person, tap, now, world)
        case Tap("employer"):
            return employer.hear(person, tap, world)
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
            return with_menu(person, sessions.hear(person, tap, now, world))
        case Tap("tip"):
            return tips.hear(person, tap, now, world) if person.agreed_at else settings.invite(person)
        case Tap("human"):
            return humans.show(person, world)
        case Tap("language" | "stop" | "settings"):
            return settings.hear(person, tap, now, world)
        case _:
            return strays.hear(person, tap)


def come_due(person: Person, kind: str, turn: Due, now: datetime, world: World) -> Reply:
    match kind:
        case tips.TIP:
            return tips.hear(person, turn, now, world)
        case "who-comes" | "tick-who-came" | "how-it-was" | "broadcast-progress" | "broadcast-done":
            return coordinator.hear(person, turn, now, world)
        case _:
            return sessions.hear(person, turn, now, world)


def welcome_staff(person: Person, code: str, now: datetime, world: World) -> Reply:
    """The role is hers only after this turn: what she can do with it is shown as if she had it."""
    role = world.invitation(code)
    reply = roles.accept(person, code, now, world)
    if role is None:
        return reply
    return employer.show(reply, role.about, world) if role.name == roles.EMPLOYER else coordinator.show(reply, world)


def with_staff_menu(reply: Reply, world: World) -> Reply:
    for about in roles.of(reply.person, roles.EMPLOYER, world):
        reply = employer.show(reply, about, world)
    return coordinator.show(reply, world) if coordinator.is_coordinator(reply.person, world) else reply


def with_menu(before: Person, reply: Reply) -> Reply:
    """Who came in by a list, and not by joining, sees what else there is."""
    if before.agreed_at or not reply.person.agreed_at:
        return reply
    return reply.say(_("I also help you with the apps at work. Type your question, or tap a button below."), menu=True)


def asked(person: Person, said: str, now: datetime, world: World) -> Reply:
    """Answered at any moment, without what is private in it."""
    cleaned = privacy.clean(said)
    if coordinator.is_typing(person, world):  # a telephone number of the library's is not private
        if cleaned.refused:
            return privacy.refuse(coordinator.ask_again(person, now, world), cleaned.refused)
        return coordinator.hear(person, Text(said), now, world)
    if person.step.startswith(feedback.STEP) and is_no_question(cleaned.text, person, world):
        reply = feedback.hear(person, Text(cleaned.text), world)
    else:
        reply = answered(person, cleaned.text, world)
    return privacy.refuse(reply, cleaned.refused) if cleaned.refused else reply


def is_no_question(said: str, person: Person, world: World) -> bool:
    """What she types after "how was it?", perhaps days later, may be a question all the same."""
    return "?" not in said and world.search(said, person).verdict == "unknown"


def answered(person: Person, said: str, world: World) -> Reply:
    """A question of ours that is open comes again below the answer."""
    if not person.step.startswith("join:"):
        return asking.ask(person, said, world)
    answer = asking.ask(replace(person, step=""), said, world)
    again = joining.ask_again(person, world)
    below = tuple(replace(message, in_place=False) for message in again.says)
    return replace(answer, person=person, says=(*answer.says, *below))
