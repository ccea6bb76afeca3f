"""Drop-ins: which there are, "I am coming", "not after all", the map, the calendar, and the reminders."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from math import asin, cos, radians, sin, sqrt

from conversations.facts import Planned, SessionJoined, SessionLeft, Unplanned
from conversations.people import Person
from conversations.replies import Button, CalendarFile, Map, Reply, Row
from conversations.turns import Due, Location, Tap, Turn
from conversations.words import Day, Hours, Listed, Plain, Words, _
from conversations.world import Place, Session, World

SHOWN = 4
DAY_BEFORE, SOON = "session-tomorrow", "session-soon"
MOVED, CANCELLED = "session-moved", "session-cancelled"
EARLIEST, LATEST = time(9), time(20)  # when the reminder of the day before may come


def hear(person: Person, turn: Turn, now: datetime, world: World) -> Reply:
    match turn:
        case Tap("session", "come", which):
            return join(person, _session(which, world), now)
        case Tap("session", "agree", which):
            return join(replace(person, agreed_at=person.agreed_at or now), _session(which, world), now)
        case Tap("session", "not", which):
            return leave(person, _session(which, world), world)
        case Tap("session", "map", which) if session := _session(which, world):
            return Reply(person).attach(Map(session.place))
        case Tap("session", "file", which) if session := _session(which, world):
            return Reply(person).attach(CalendarFile(session))
        case Location(latitude, longitude):
            return show_nearest(person, latitude, longitude, world)
        case Due(kind, which):
            return remind(person, kind, _session(which, world), now, world)
        case _:
            return show(person, world)


def _session(which: str, world: World) -> Session | None:
    return world.session(int(which)) if which.isascii() and which.isdigit() and len(which) < 16 else None


def places_to_look(person: Person, world: World) -> Sequence[str]:
    """The libraries of her employer; all of them when we do not know where she works."""
    employer = world.employer(person.employer)
    return employer.libraries if employer else [library.id for library in world.libraries()]


def show(person: Person, world: World) -> Reply:
    return listed(person, world.upcoming(places_to_look(person, world), SHOWN), world)


def listed(person: Person, sessions: Sequence[Session], world: World, first: Words | None = None) -> Reply:
    if not sessions:
        return say_none_planned(person)
    lines = [
        line(s) if not world.comes(person, s.id) else _("✅ You are coming: {when}", when=line(s)) for s in sessions
    ]
    return Reply(person).say(
        first or _("**Drop-ins.** A coach of the library helps you. It is free."),
        Listed(tuple(lines)),
        buttons=[choice(person, session, world) for session in sessions],
    )


def line(session: Session) -> Words:
    place = ", ".join(part for part in (session.place.name, session.place.address) if part)
    day, hours = Day(session.starts_at), Hours(session.starts_at, session.ends_at)
    return _("{day}, {hours}, {place}", day=day, hours=hours, place=place)


def choice(person: Person, session: Session, world: World) -> Button:
    if world.comes(person, session.id):
        return Button(_("Not after all: {day}", day=Day(session.starts_at)), Tap("session", "not", str(session.id)))
    return Button(_("I am coming: {day}", day=Day(session.starts_at)), Tap("session", "come", str(session.id)))


def say_none_planned(person: Person) -> Reply:
    return Reply(person).say(
        _("No drop-in is planned now. The coach of the library can help you on the phone."),
        buttons=[Button(_("🙋 Who can help me?"), Tap("human"))],
    )


def show_nearest(person: Person, latitude: float, longitude: float, world: World) -> Reply:
    """Where she is decides the order once, and is not kept."""
    every = world.upcoming([], 10 * SHOWN)
    nearest = sorted(every, key=lambda s: (kilometres(s.place, latitude, longitude), s.starts_at))[:SHOWN]
    return listed(person, nearest, world, _("**The drop-ins nearest to you.** I do not keep where you are."))


def kilometres(place: Place, latitude: float, longitude: float) -> float:
    """As the crow flies, to a tenth; on a round earth."""
    north, east = radians(place.latitude - latitude), radians(place.longitude - longitude)
    across = cos(radians(latitude)) * cos(radians(place.latitude)) * sin(east / 2) ** 2
    return round(2 * 6371 * asin(sqrt(sin(north / 2) ** 2 + across)), 1)


def join(person: Person, session: Session | None, now: datetime) -> Reply:
    if session is None or session.cancelled or session.starts_at <= now:
        return say_too_late(person, session, now)
    if person.agreed_at is None:
        return ask_to_be_remembered(person, session)
    planned = reminders(session, now)
    return (
        Reply(person)
        .say(
            _("Nice, you are coming!"),
            line(session),
            *promised(person, planned),
            buttons=after_joining(session),
        )
        .because(SessionJoined(session.id), *planned)
    )


def promised(person: Person, planned: Sequence[Planned]) -> tuple[Words, ...]:
    """Only the reminders that really come."""
    if not person.wants_reminders or person.stopped_at:
        return (_("You get no reminder. You chose that. Change it in Settings."),)
    if len(planned) > 1:
        return (_("I remind you the day before, and 2 hours before."),)
    return (_("I remind you 2 hours before."),) if planned else (_("See you soon!"),)


def after_joining(session: Session) -> list[Button | Row]:
    which = str(session.id)
    return [
        (
            Button(_("📍 Map"), Tap("session", "map", which)),
            Button(_("🗓 In my calendar"), Tap("session", "file", which)),
        ),
        Button(_("Not after all"), Tap("session", "not", which)),
    ]


def ask_to_be_remembered(person: Person, session: Session) -> Reply:
    return Reply(person).say(
        _("I like to put you on the list. Then I keep your first name and your language."),
        _("You can always stop, or erase everything."),
        _("**Is that all right?**"),
        _("You can also just walk in. That is always fine."),
        buttons=[
            Button(_("✅ Yes, that is fine"), Tap("session", "agree", str(session.id))),
            Button(_("No, I just walk in"), Tap("menu")),
        ],
    )


def reminders(session: Session, now: datetime) -> list[Planned]:
    """Those that are still to come. When they come, everything is looked at again."""
    which = str(session.id)
    at = [(day_before(session), DAY_BEFORE), (before(session, timedelta(hours=2)), SOON)]
    return [Planned(moment, kind, which) for moment, kind in at if moment > now]


def day_before(session: Session) -> datetime:
    """The same hour the day before, by the clock on the wall, and never early or late in the day."""
    hour = min(max(session.starts_at.timetz().replace(tzinfo=None), EARLIEST), LATEST)
    return datetime.combine(session.starts_at.date() - timedelta(days=1), hour, session.starts_at.tzinfo)


def before(session: Session, by: timedelta) -> datetime:
    return session.starts_at.astimezone(UTC) - by


def say_too_late(person: Person, session: Session | None, now: datetime) -> Reply:
    words = _("This drop-in is over.")
    if session and session.cancelled:
        words = _("This drop-in is cancelled.")
    elif session and session.ends_at > now:
        words = _("This drop-in has begun. You can just walk in.")
    return Reply(person).say(words, buttons=[Button(_("📅 See the drop-ins"), Tap("session"))])


def leave(person: Person, session: Session | None, world: World) -> Reply:
    if session is None or not world.comes(person, session.id):
        return say_you_did_not_come(person)
    which = str(session.id)
    return (
        Reply(person)
        .say(
            _("All right, you are not coming. Thank you for telling us."),
            buttons=[Button(_("📅 See the drop-ins"), Tap("session"))],
        )
        .because(SessionLeft(session.id), Unplanned(DAY_BEFORE, which), Unplanned(SOON, which))
    )


def say_you_did_not_come(person: Person) -> Reply:
    return Reply(person).say(
        _("You were not on the list. That is fine."),
        buttons=[Button(_("📅 See the drop-ins"), Tap("session"))],
    )


def remind(person: Person, kind: str, session: Session | None, now: datetime, world: World) -> Reply:
    """What was planned has come: is it still true, and does she still want to know?"""
    if session is None or session.starts_at <= now or not world.comes(person, session.id):
        return Reply(person)
    if person.stopped_at or not person.wants_reminders:
        return Reply(person)
    match kind:
        case "session-cancelled" if session.cancelled:
            return tell_cancelled(person, session)
        case "session-moved" if not session.cancelled:
            return tell_moved(person, session, now)
        case "session-tomorrow" if not session.cancelled and session.starts_at - now > timedelta(hours=3):
            return tell(person, session, when(session, now))
        case "session-soon" if not session.cancelled:
            return tell(person, session, _("Your drop-in begins soon."))
        case _:
            return Reply(person)


def when(session: Session, now: datetime) -> Words:
    today = now.astimezone(session.starts_at.tzinfo).date()
    return _("Today is your drop-in.") if session.starts_at.date() == today else _("Tomorrow is your drop-in.")


def tell(person: Person, session: Session, first: Words) -> Reply:
    remark = (Plain(session.remark),) if session.remark else ()
    bring = _("Bring your phone, and the question you have.")
    return (
        Reply(person)
        .say(first, line(session), *remark, bring, buttons=after_joining(session))
        .as_push(session.starts_at)
    )


def tell_cancelled(person: Person, session: Session) -> Reply:
    which = str(session.id)
    return (
        Reply(person)
        .say(
            _("**Your drop-in is cancelled.** We are sorry."),
            line(session),
            buttons=[Button(_("📅 See the drop-ins"), Tap("session"))],
        )
        .because(Unplanned(DAY_BEFORE, which), Unplanned(SOON, which))
        .as_push(session.starts_at)
    )


def tell_moved(person: Person, session: Session, now: datetime) -> Reply:
    which = str(session.id)
    return (
        Reply(person)
        .say(
            _("**Your drop-in has changed.** This is how it is now:"),
            line(session),
            buttons=after_joining(session),
        )
        .attach(CalendarFile(session))
        .because(Unplanned(DAY_BEFORE, which), Unplanned(SOON, which), *reminders(session, now))
        .as_push(session.starts_at)
    )
