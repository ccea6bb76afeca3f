"""A session in words: what, when, where."""

from datetime import datetime

from conversations.languages import LANGUAGES
from conversations.people import Person
from conversations.replies import Button
from conversations.turns import Tap
from conversations.words import Clock, Day, Hours, Words, _, ngettext
from conversations.world import Kind, Room, Session, World

KINDS: dict[Kind, Words] = {"dropin": _("Drop-in"), "workshop": _("Workshop"), "training": _("Training")}


def find(which: str, world: World) -> Session | None:
    """The session with the number that a button carries, which may be anybody's invention."""
    return world.session(number(which)) if number(which) else None


def number(text: str) -> int:
    """0 for what is no number of ours."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 17 else 0


def line(session: Session) -> Words:
    """Such as: Tuesday 24 November, 14:00 - 16:00, Bibliotheek Stad, Plein 1, Stad."""
    day, place = Day(session.starts_at), session.place.in_full
    said = _("{day}, {hours}, {place}", day=day, hours=hours(session), place=place)
    if session.kind != "dropin":
        said = _("{what}: {when}", what=KINDS[session.kind], when=said)
    if session.language and session.language != "nl":
        return _("{when} ({language})", when=said, language=LANGUAGES.get(session.language, session.language))
    return said


def short(session: Session) -> Words:
    """For a button: Tuesday 24 November, 14:00 - 16:00."""
    if session.kind == "dropin":
        return _("{day}, {hours}", day=Day(session.starts_at), hours=hours(session))
    return _("{what}: {day}, {hours}", what=KINDS[session.kind], day=Day(session.starts_at), hours=hours(session))


def hours(session: Session) -> Hours:
    return Hours(session.starts_at, session.ends_at)


def room_left(room: Room) -> Words | None:
    """None where there is no limit."""
    if room.free is None:
        return None
    if room.full:
        return _("It is full.")
    return ngettext("{count} place left", "{count} places left", room.free)


def clock(at: datetime) -> Clock:
    return Clock(at.hour, at.minute)


def moment(at: datetime) -> Words:
    """Such as: Tuesday 24 November at 14:00."""
    return _("{day} at {hour}", day=Day(at), hour=clock(at))


def see_all() -> Button:
    return Button(_("📅 See the drop-ins"), Tap("session"))


def is_hers(person: Person, session: Session, world: World) -> bool:
    """Whether she says yes or has said yes."""
    mine = world.sign_up(person, session.id)
    return mine is not None and mine.state == "comes"
