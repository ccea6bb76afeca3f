"""Drop-ins, workshops and trainings: which there are, the nearest, the map and the calendar."""

from collections.abc import Sequence
from datetime import datetime
from math import asin, cos, radians, sin, sqrt

from conversations import feedback, reminders, signup
from conversations.agenda import KINDS, find, line, number
from conversations.people import Person
from conversations.replies import Button, CalendarFile, Map, Reply
from conversations.turns import Due, Location, Tap, Turn
from conversations.words import Clock, Day, Listed, Words, _
from conversations.world import Place, Session, SignUp, World

SHOWN, MOST_PAGES = 4, 20


def hear(person: Person, turn: Turn, now: datetime, world: World) -> Reply:
    match turn:
        case Tap("session", "map", which) if (session := find(which, world)) and session.place.latitude is not None:
            return Reply(person).attach(Map(session.place))
        case Tap("session", "file", which) if session := find(which, world):
            return Reply(person).attach(CalendarFile(session))
        case Tap("session", "feel" | "enough"):
            return feedback.hear(person, turn, world)
        case Tap("session", act, _which) if act in signup.ACTS:
            return signup.hear(person, turn, now, world)
        case Tap("session", "more", page):
            return show(person, world, number(page))
        case Location(latitude, longitude):
            return show_nearest(person, latitude, longitude, world)
        case Due(kind, which):
            return reminders.hear(person, kind, find(which, world), now, world)
        case _:
            return show(person, world)


def places_to_look(person: Person, world: World) -> Sequence[str]:
    """The libraries of her employer; all of them when we do not know where she works."""
    employer = world.employer(person.employer)
    return employer.libraries if employer else [library.id for library in world.libraries()]


def show(person: Person, world: World, page: int = 0) -> Reply:
    found = world.upcoming(places_to_look(person, world), min(page + 1, MOST_PAGES) * SHOWN + 1)
    shown = found[page * SHOWN :][:SHOWN]
    if not shown:
        return listed(person, found[:SHOWN], world)
    more = len(found) > (page + 1) * SHOWN and page + 1 < MOST_PAGES
    return listed(person, shown, world, more=page + 1 if more else 0)


def listed(
    person: Person, sessions: Sequence[Session], world: World, first: Words | None = None, more: int = 0
) -> Reply:
    """`more` is the page that comes after these, if there is one."""
    if not sessions:
        return say_none_planned(person)
    each = [(session, world.sign_up(person, session.id), is_full(session, world)) for session in sessions]
    return Reply(person).say(
        first or _("**At the library.** A coach helps you. It is free."),
        Listed(tuple(entry(session, mine, full=full) for session, mine, full in each)),
        buttons=[
            *(choice(session, mine, moment_of(session, sessions), full=full) for session, mine, full in each),
            *([Button(_("More ▶"), Tap("session", "more", str(more)))] if more else []),
        ],
    )


def moment_of(session: Session, sessions: Sequence[Session]) -> Words | Day:
    """Its day; its hour too where another one is on the same day; and what it is, when it is no drop-in."""
    moment: Words | Day = Day(session.starts_at)
    if [other.starts_at.date() for other in sessions].count(session.starts_at.date()) > 1:
        moment = _("{day} at {hour}", day=moment, hour=Clock(session.starts_at.hour, session.starts_at.minute))
    return moment if session.kind == "dropin" else _("{what}, {when}", what=KINDS[session.kind], when=moment)


def is_full(session: Session, world: World) -> bool:
    return session.capacity is not None and world.room(session.id).full


def entry(session: Session, mine: SignUp | None, *, full: bool) -> Words:
    state = mine.state if mine else ""
    if state == "comes":
        return _("✅ You are coming: {when}", when=line(session))
    if state == "waits":
        return _("⏳ You are on the waiting list: {when}", when=line(session))
    if state == "offered":
        return _("🎉 There is a place for you: {when}", when=line(session))
    return _("Full: {when}", when=line(session)) if full else line(session)


def choice(session: Session, mine: SignUp | None, day: Words | Day, *, full: bool) -> Button:
    which = str(session.id)
    if mine and mine.state in ("comes", "waits"):
        return Button(_("Not after all: {day}", day=day), Tap("session", "not", which))
    if full and not (mine and mine.state == "offered"):
        return Button(_("Waiting list: {day}", day=day), Tap("session", "come", which))
    return Button(_("I am coming: {day}", day=day), Tap("session", "come", which))


def say_none_planned(person: Person) -> Reply:
    return Reply(person).say(
        _("Nothing is planned now. The coach of the library can help you on the phone."),
        buttons=[Button(_("🙋 Who can help me?"), Tap("human"))],
    )


def show_nearest(person: Person, latitude: float, longitude: float, world: World) -> Reply:
    """Where she is decides the order once, and is not kept."""
    every = world.upcoming([], 10 * SHOWN)
    nearest = sorted(every, key=lambda s: (kilometres(s.place, latitude, longitude), s.starts_at))[:SHOWN]
    return listed(person, nearest, world, _("**Nearest to you.** I do not keep where you are."))


def kilometres(place: Place, latitude: float, longitude: float) -> float:
    """As the crow flies, to a tenth; on a round earth. A place that is not on the map is far away."""
    if place.latitude is None or place.longitude is None:
        return float("inf")
    north, east = radians(place.latitude - latitude), radians(place.longitude - longitude)
    across = cos(radians(latitude)) * cos(radians(place.latitude)) * sin(east / 2) ** 2
    return round(2 * 6371 * asin(sqrt(sin(north / 2) ** 2 + across)), 1)
