"""A session that is planned: who comes, ticking who came, cancelling it, and how it was."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from conversations.agenda import line, number, room_left, short
from conversations.facts import CameTicked, SeriesTakenOver, SessionCancelled, TickingDone, WalkInsCounted
from conversations.feedback import FACES
from conversations.people import Person
from conversations.replies import Button, Reply, Row, in_rows
from conversations.staff import roles
from conversations.staff.roles import COORDINATOR
from conversations.turns import Due, Tap, Turn
from conversations.words import Listed, Plain, Words, _, ngettext
from conversations.world import Room, Session, SignUp, World

SHOWN, MOST = 8, 400
NAMED, ON_A_PAGE = 60, 40  # people in one message, and buttons to tick below one
KEPT_FOR = timedelta(days=14)  # how long a session stays on the list after it began
LASTS = timedelta(days=2)  # how long a list is worth sending


def hear(person: Person, turn: Turn, now: datetime, world: World) -> Reply:
    match turn:
        case Tap("attend", "", page):
            return show_planned(person, now, world, number(page))
        case Tap("attend", act, which):
            whose, _dot, more = which.partition(".")
            session = roles.session_of(person, whose, world)
            if session is None:
                return roles.say_it_is_not_hers(person, COORDINATOR)
            return about(person, session, act, number(more), now, world)
        case Due(kind, which):
            session = roles.session_of(person, which, world)
            return come(person, kind, session, now, world) if session else Reply(person)
        case _:
            return show_planned(person, now, world)


def about(person: Person, session: Session, act: str, more: int, now: datetime, world: World) -> Reply:
    match act:
        case "cancel":
            return ask_to_cancel(person, session, world)
        case "cancel-one":
            return cancel(person, session, [session], now, onward=False)
        case "cancel-all":
            return cancel(person, session, world.following(session), now, onward=True)
        case "tick":
            return show_to_tick(person, session, world, more)
        case "page":
            return show_to_tick(person, session, world, page=more)
        case "walk-in":
            return count_walk_in(person, session, world, more)
        case "done" if session.ends_at <= now:
            return thank_for_ticking(person, session)
        case "done":
            return say_it_goes_on(person, session)
        case "how":
            return show_outcome(person, session, world)
        case _:
            return show_session(person, session, now, world)


def show_planned(person: Person, now: datetime, world: World, page: int = 0) -> Reply:
    libraries = roles.of(person, COORDINATOR, world)
    found = [s for library in libraries for s in world.of_library(library, now - KEPT_FOR, MOST)]
    found.sort(key=lambda session: session.starts_at)
    past = [session for session in found if session.ends_at <= now][-2:] if page == 0 else []
    coming = [session for session in found if session.ends_at > now]
    shown = coming[page * SHOWN :][:SHOWN]
    if not past and not shown:
        return Reply(person).say(
            _("Nothing is planned."), buttons=[Button(_("➕ Plan something new"), Tap("plan"))], in_place=True
        )
    return Reply(person).say(
        _("**What is planned.** Tap one for who comes."),
        buttons=[
            *(Button(short(session), Tap("attend", "show", str(session.id))) for session in [*past, *shown]),
            *([Button(_("More ▶"), Tap("attend", "", str(page + 1)))] if len(coming) > (page + 1) * SHOWN else []),
        ],
        in_place=True,
    )


def show_session(person: Person, session: Session, now: datetime, world: World) -> Reply:
    which = str(session.id)
    coming, waiting = by_state(session, world)
    if session.cancelled:
        return Reply(person).say(_("This one is cancelled."), line(session), buttons=[all_of_them()], in_place=True)
    room = world.room(session.id)
    left = room_left(room)
    write = [Button(_("✉️ Message who comes"), Tap("send", "to", f"session.{which}"))]
    buttons: list[Button | Row] = [*(write if coming else [])]
    if session.starts_at <= now:
        buttons = [
            Button(_("☑️ Tick who came"), Tap("attend", "tick", which)),
            Button(_("⭐ How was it?"), Tap("attend", "how", which)),
            *buttons,
        ]
    else:
        buttons += [
            Button(_("📣 Tell people about it"), Tap("send", "session", which)),
            (
                Button(_("✏️ Change it"), Tap("plan", "change", which)),
                Button(_("✖️ Cancel it"), Tap("attend", "cancel", which)),
            ),
        ]
    return Reply(person).say(
        line(session),
        *([Plain(session.remark)] if session.remark else []),
        *([left] if left else []),
        *who(coming, waiting),
        *kept_places(room, len(coming), waiting),
        buttons=[*buttons, all_of_them()],
        in_place=True,
    )


def all_of_them() -> Button:
    return Button(_("◀️ All of them"), Tap("attend"))


def kept_places(room: Room, coming: int, waiting: Sequence[SignUp]) -> list[Words]:
    """Where the places are that nobody on the list has."""
    offered = sum(each.state == "offered" for each in waiting)
    held = room.taken - coming - offered
    told = []
    if offered:
        told.append(
            ngettext(
                "{count} free place is offered to who waits.",
                "{count} free places are offered to who waits.",
                offered,
            )
        )
    if held > 0 and room.capacity is not None:
        told.append(ngettext("{count} place is kept for a colleague.", "{count} places are kept for colleagues.", held))
    return told


def by_state(session: Session, world: World) -> tuple[list[SignUp], list[SignUp]]:
    """Who comes, and who waits or has a place on offer."""
    everybody = world.sign_ups(session.id)
    coming = [each for each in everybody if each.state == "comes"]
    return coming, [each for each in everybody if each.state in ("waits", "offered")]


def who(coming: Sequence[SignUp], waiting: Sequence[SignUp]) -> list[Words | Listed]:
    if not coming:
        told: list[Words | Listed] = [_("Nobody has signed up yet.")]
    else:
        told = [
            ngettext("**{count} person comes:**", "**{count} people come:**", len(coming)),
            Listed(tuple(Plain(name) for name in names(coming)[:NAMED])),
        ]
    if len(coming) > NAMED:
        told.append(_("And {count} more.", count=len(coming) - NAMED))
    if waiting:
        told.append(ngettext("{count} person is on the waiting list.", "{count} people are on the waiting list.",
                             len(waiting)))  # fmt: skip
    return told


def names(people: Sequence[SignUp]) -> list[str]:
    """First names; a second one of the same name gets a number."""
    seen: dict[str, int] = {}
    told = []
    for each in people:
        seen[each.name] = seen.get(each.name, 0) + 1
        told.append(each.name if seen[each.name] == 1 else f"{each.name} ({seen[each.name]})")
    return told


# What comes of its own accord.


def come(person: Person, kind: str, session: Session, now: datetime, world: World) -> Reply:
    coming, waiting = by_state(session, world)
    if session.cancelled or person.stopped_at or (not coming and kind != "who-comes"):
        return Reply(person)
    match kind:
        case "who-comes" if session.starts_at > now:
            which = str(session.id)
            announce = Button(_("📣 Tell people about it"), Tap("send", "session", which))
            write = Button(_("✉️ Message who comes"), Tap("send", "to", f"session.{which}"))
            buttons = [write if coming else announce, Button(_("📋 More about it"), Tap("attend", "show", which))]
            told = Reply(person).say(_("**Who comes:**"), line(session), *who(coming, waiting), buttons=buttons)
            return told.as_push(session.starts_at)
        case "tick-who-came":
            return show_to_tick(person, session, world).as_push(session.ends_at + LASTS)
        case "how-it-was":
            return show_outcome(person, session, world).as_push(now + LASTS)
        case _:
            return Reply(person)


# Afterwards.


def show_to_tick(person: Person, session: Session, world: World, tapped: int = 0, page: int = 0) -> Reply:
    """Every tap turns one of them over; the list stays where it is."""
    coming, _waiting = by_state(session, world)
    reply = Reply(person)
    came = {each.person: bool(each.came) for each in coming}
    if tapped in came:
        page = list(came).index(tapped) // ON_A_PAGE
        came[tapped] = not came[tapped]
        reply = reply.because(CameTicked(session.id, tapped, came[tapped]))
    walked_in = world.outcome(session.id).walked_in
    ticks = [
        Button(_("✅ {name}", name=name) if came[each.person] else _("◻️ {name}", name=name),
               Tap("attend", "tick", f"{session.id}.{each.person}"))
        for each, name in zip(coming, names(coming), strict=True)
    ]  # fmt: skip
    shown = ticks[page * ON_A_PAGE :][:ON_A_PAGE] or ticks[:ON_A_PAGE]
    return reply.say(
        _("**Who came?** Tap the names."),
        line(session),
        *([_("Without a sign-up: {count}", count=walked_in)] if walked_in else []),
        buttons=[
            *in_rows(shown),
            *other_pages(session, page, len(ticks)),
            Button(_("➕ Somebody who was not on the list"), Tap("attend", "walk-in", f"{session.id}.{walked_in + 1}")),
            Button(_("✔️ That was everybody"), Tap("attend", "done", str(session.id))),
        ],
        in_place=True,
    )


def other_pages(session: Session, page: int, count: int) -> list[Row]:
    """Back and on, where there is more than fits below one message."""
    back = Button(_("◀ Back"), Tap("attend", "page", f"{session.id}.{page - 1}"))
    onward = Button(_("More ▶"), Tap("attend", "page", f"{session.id}.{page + 1}"))
    more = (page + 1) * ON_A_PAGE < count
    row = (*((back,) if page else ()), *((onward,) if more else ()))
    return [row] if row else []


def count_walk_in(person: Person, session: Session, world: World, said: int) -> Reply:
    """`said` is how many there are with this one: a second tap on an old button counts nothing twice."""
    if said != world.outcome(session.id).walked_in + 1 or said > 500:
        return show_to_tick(person, session, world)
    told = Reply(person).say(
        _("Without a sign-up: {count}", count=said),
        line(session),
        buttons=[
            Button(_("➕ One more"), Tap("attend", "walk-in", f"{session.id}.{said + 1}")),
            Button(_("☑️ Back to the list"), Tap("attend", "tick", str(session.id))),
        ],
        in_place=True,
    )
    return told.because(WalkInsCounted(session.id, said))


def say_it_goes_on(person: Person, session: Session) -> Reply:
    return Reply(person).say(
        _("Thank you. It is not over yet. After that I ask who came how it was."),
        buttons=[Button(_("☑️ Back to the list"), Tap("attend", "tick", str(session.id))), all_of_them()],
        in_place=True,
    )


def thank_for_ticking(person: Person, session: Session) -> Reply:
    return (
        Reply(person)
        .say(
            _("Thank you. Now I ask who came how it was."),
            _("In three days I tell you what they said."),
            buttons=[Button(_("⭐ How was it?"), Tap("attend", "how", str(session.id)))],
            in_place=True,
        )
        .because(TickingDone(session.id))
    )


def show_outcome(person: Person, session: Session, world: World) -> Reply:
    """The sum; without names, and the words in no order that tells who said them."""
    outcome = world.outcome(session.id)
    lines: list[Words | Plain] = []
    if outcome.came or outcome.stayed_away or outcome.walked_in:
        lines.append(_("Came: {count}", count=outcome.came + outcome.walked_in))
        lines.append(_("Signed up, but did not come: {count}", count=outcome.stayed_away))
    faces = [f"{FACES[feeling]} {count}" for feeling, count in sorted(outcome.feelings.items(), reverse=True)]
    said = [Plain("   ".join(faces))] if faces else [_("Nobody has said yet how it was.")]
    words = [Plain(f"“{each}”") for each in outcome.words]
    return Reply(person).say(
        _("**How it was:**"),
        line(session),
        *([Listed(tuple(lines))] if lines else []),
        *said,
        *([Listed(tuple(words))] if words else []),
        buttons=[all_of_them()],
        in_place=True,
    )


# Cancelling.


def ask_to_cancel(person: Person, session: Session, world: World) -> Reply:
    which = str(session.id)
    coming, _waiting = by_state(session, world)
    following = world.following(session)
    more = ngettext("Cancel this and the next one", "Cancel this and the next {count}", len(following) - 1)
    onward = [Button(more, Tap("attend", "cancel-all", which))] if len(following) > 1 else []
    ends = [_("This series then ends. After that you plan new days yourself.")] if onward and session.from_file else []
    return Reply(person).say(
        _("**Cancel it?** You cannot undo this."),
        line(session),
        *ends,
        ngettext("{count} person comes, and gets a message.", "{count} people come, and get a message.",
                 len(coming)) if coming else _("Nobody has signed up yet."),
        buttons=[
            Button(_("✖️ Cancel only this one"), Tap("attend", "cancel-one", which)),
            *onward,
            Button(_("No, leave it"), Tap("attend", "show", which)),
        ],
        in_place=True,
    )  # fmt: skip


def cancel(person: Person, session: Session, cancelled: Sequence[Session], now: datetime, *, onward: bool) -> Reply:
    still = [each for each in cancelled if not each.cancelled and each.starts_at > now]
    reply = Reply(person).because(*(SessionCancelled(each.id) for each in still))
    if onward and session.from_file:
        reply = reply.because(SeriesTakenOver(session.id))
    if not still:
        return reply.say(_("This one is over or cancelled."), buttons=[all_of_them()])
    return reply.say(
        ngettext("**It is cancelled.** Who is on the list gets a message.",
                 "**{count} are cancelled.** Who is on the list gets a message.", len(still)),
        buttons=[all_of_them()],
        in_place=True,
    )  # fmt: skip
