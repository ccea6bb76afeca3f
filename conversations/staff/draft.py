"""A session that is being made or changed: what is known of it so far."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from hashlib import sha256
from typing import Any

from conversations.agenda import KINDS
from conversations.facts import Drafted, SessionChanged, SessionsPlanned
from conversations.world import Place, Session, SpokenTimes

KIND = "session"
OWN = "own-"  # what the ids of places begin with that a coordinator named
USUAL_LENGTH = timedelta(hours=2)
USUAL_WEEKS, MOST_WEEKS = 12, 60
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Draft:
    """Empty or None is what she has not said. `session` is the one that is being changed; 0 for something new.

    `place` without a name is a spot on the map that still wants one. `last` is set when it comes back every week.
    """

    library: str
    kind: str = ""
    place: Place | None = None
    day: date | None = None
    starts: time | None = None
    ends: time | None = None
    last: date | None = None
    skipped: tuple[date, ...] = ()
    capacity: int | None = None
    remark: str = ""
    language: str = "nl"
    session: int = 0

    @property
    def kept(self) -> Drafted:
        """As JSON values."""
        said = asdict(self) | {"place": asdict(self.place) if self.place else None}
        said |= {key: said[key].isoformat() if said[key] else None for key in ("day", "starts", "ends", "last")}
        return Drafted(KIND, said | {"skipped": [day.isoformat() for day in self.skipped]})

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Draft":
        days = {key: date.fromisoformat(kept[key]) if kept[key] else None for key in ("day", "last")}
        clocks = {key: time.fromisoformat(kept[key]) if kept[key] else None for key in ("starts", "ends")}
        place = Place(**kept["place"]) if kept["place"] else None
        skipped = tuple(date.fromisoformat(day) for day in kept["skipped"])
        return cls(**{**kept, **days, **clocks, "place": place, "skipped": skipped})

    @classmethod
    def of(cls, session: Session) -> "Draft":
        return cls(
            library=session.library,
            kind=session.kind,
            place=session.place,
            day=session.starts_at.date(),
            starts=session.starts_at.time(),
            ends=session.ends_at.time(),
            capacity=session.capacity,
            remark=session.remark,
            language=session.language or "nl",
            session=session.id,
        )

    def at(self, spoken: SpokenTimes) -> "Draft":
        """With what was said in words; a beginning without an end lasts as long as usual."""
        starts, ends = spoken.starts or self.starts, spoken.ends or self.ends
        if spoken.starts and not spoken.ends:
            ends = (datetime.combine(date.min, spoken.starts) + USUAL_LENGTH).time()
        draft = replace(self, day=spoken.day or self.day, starts=starts, ends=ends)
        draft = replace(draft, skipped=spoken.skipped or draft.skipped, last=spoken.last or draft.last)
        return draft.for_weeks(USUAL_WEEKS) if spoken.weekly and not spoken.last else draft

    def for_weeks(self, weeks: int) -> "Draft":
        return replace(self, last=self.day + (weeks - 1) * WEEK if self.day and weeks > 1 else None)

    def times(self, zone: tzinfo | None) -> list[tuple[datetime, datetime]]:
        """Start and end of each, once or every week; empty while the day or the hours are not known."""
        if not (self.day and self.starts and self.ends):
            return []
        weeks = ((self.last - self.day) // WEEK if self.last else 0) + 1
        days = [self.day + number * WEEK for number in range(min(weeks, MOST_WEEKS))]
        return [
            (_moment(day, self.starts, zone), _moment(day, self.ends, zone)) for day in days if day not in self.skipped
        ]

    def planned(self, zone: tzinfo | None) -> SessionsPlanned:
        assert self.place
        assert self.kind in KINDS
        return SessionsPlanned(
            self.library, self.kind, self.place, tuple(self.times(zone)), self.capacity, self.remark, self.language
        )

    def changes(self, sessions: Sequence[Session]) -> list[SessionChanged]:
        """The first of these becomes as it is drafted; the others move along by as many days."""
        assert self.place
        assert self.day
        assert self.starts
        assert self.ends
        assert self.kind in KINDS
        moved = self.day - sessions[0].starts_at.date()
        return [
            SessionChanged(
                session=each.id,
                kind=self.kind,
                place=self.place,
                starts_at=_moment(each.starts_at.date() + moved, self.starts, each.starts_at.tzinfo),
                ends_at=_moment(each.starts_at.date() + moved, self.ends, each.starts_at.tzinfo),
                capacity=self.capacity,
                remark=self.remark,
                language=self.language,
            )
            for each in sessions
        ]


def new_place(library: str, said: str) -> Place:
    """Of "Buurthuis De Kom, Dorpsstraat 1": the name, and after the first comma the address."""
    name, _comma, address = said.replace("،", ",").partition(",")
    return _own(library, Place("", name.strip(), address.strip()))


def named(library: str, place: Place, name: str) -> Place:
    """A spot on the map with its name, and perhaps an address."""
    said = new_place(library, name)
    return _own(library, replace(place, name=said.name, address=said.address))


def _own(library: str, place: Place) -> Place:
    said = f"{library}|{place.name}|{place.address}|{place.latitude}|{place.longitude}"
    return replace(place, id=OWN + sha256(said.encode()).hexdigest()[:16])


def _moment(day: date, clock: time, zone: tzinfo | None) -> datetime:
    """An hour that the clock skips in spring becomes the hour after it, by way of UTC."""
    return datetime.combine(day, clock, zone).astimezone(UTC).astimezone(zone)
