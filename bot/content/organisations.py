"""Libraries, employers, places and drop-in times: one YAML file that library staff can read and change."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.content.organisations_file import (
    CONTACTS,
    EmployerEntry,
    File,
    LibraryEntry,
    PlaceEntry,
    read_organisations,
)
from bot.content.yamlfile import YamlFile
from conversations.world import Employer, Library, Place


@dataclass(frozen=True)
class Slot:
    """When a drop-in takes place: every `weekday` (0 is Monday) from `first` to `last`, or once, on `day`.

    `starts` and `ends` are clock times in `zone`.
    """

    id: str
    library: str
    place: Place
    starts: time
    ends: time
    zone: ZoneInfo
    weekday: int | None = None
    day: date | None = None
    first: date | None = None
    last: date | None = None
    skipped: frozenset[date] = frozenset()
    remark: str = ""
    example: bool = False
    line: int = 1

    def takes_place_on(self, day: date) -> bool:
        if self.day:
            return day == self.day
        begun = not self.first or self.first <= day
        over = self.last and self.last < day
        return day.weekday() == self.weekday and begun and not over and day not in self.skipped


@dataclass(frozen=True)
class Occurrence:
    """One drop-in on one day. `key` stays the same when its time, place or remark changes."""

    slot: str
    day: date
    library: str
    place: Place
    starts_at: datetime
    ends_at: datetime
    remark: str = ""

    @property
    def key(self) -> str:
        return f"{self.slot}-{self.day.isoformat()}"


@dataclass(frozen=True)
class Organisations:
    """`apps` are the names of each employer's own apps, by employer id; `places_of` the places of each library."""

    libraries: tuple[Library, ...] = ()
    employers: tuple[Employer, ...] = ()
    places: tuple[Place, ...] = ()
    schedule: tuple[Slot, ...] = ()
    apps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places_of: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)
    path: Path = Path("organisations.yaml")


def load(path: Path) -> Organisations:
    """Raises ContentError with every mistake in the file."""
    file, source = read_organisations(path)
    libraries = {entry.id: _library(entry) for entry in file.libraries}
    places = {place.id: _place(place) for entry in file.libraries for place in entry.places}
    return Organisations(
        libraries=tuple(libraries.values()),
        employers=tuple(_employer(entry, libraries) for entry in file.employers),
        places=tuple(places.values()),
        schedule=tuple(_schedule(file, places, source)),
        apps={entry.id: tuple(entry.apps.values()) for entry in file.employers},
        places_of={entry.id: tuple(places[place.id] for place in entry.places) for entry in file.libraries},
        path=path,
    )


def occurrences(schedule: Iterable[Slot], start: date, days: int) -> list[Occurrence]:
    """The drop-ins of `days` days from `start` on, soonest first."""
    calendar = [start + timedelta(days=number) for number in range(days)]
    found = [_occurrence(slot, day) for slot in schedule for day in calendar if slot.takes_place_on(day)]
    return sorted(found, key=lambda occurrence: (occurrence.starts_at, occurrence.key))


def _occurrence(slot: Slot, day: date) -> Occurrence:
    return Occurrence(
        slot=slot.id,
        day=day,
        library=slot.library,
        place=slot.place,
        starts_at=_moment(day, slot.starts, slot.zone),
        ends_at=_moment(day, slot.ends, slot.zone),
        remark=slot.remark,
    )


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """An hour that the clock skips in spring becomes the hour after it, by way of UTC."""
    return datetime.combine(day, clock, zone).astimezone(UTC).astimezone(zone)


def _library(entry: LibraryEntry) -> Library:
    return Library(entry.id, entry.name, entry.coach, entry.phone, entry.mail, entry.phone_hours, entry.example)


def _place(entry: PlaceEntry) -> Place:
    return Place(entry.id, entry.name, entry.address, entry.latitude, entry.longitude, entry.example)


def _employer(entry: EmployerEntry, libraries: Mapping[str, Library]) -> Employer:
    facts = facts_of(entry, libraries[entry.libraries[0]])
    return Employer(
        id=entry.id,
        name=entry.name,
        code=entry.code,
        libraries=tuple(entry.libraries),
        hr_contact=facts.get("hr_contact", ""),
        facts=facts,
        example=entry.example,
    )


def _schedule(file: File, places: Mapping[str, Place], source: YamlFile) -> Iterator[Slot]:
    for number, library in enumerate(file.libraries):
        for index, entry in enumerate(library.dropins):
            yield Slot(
                id=entry.id,
                library=library.id,
                place=places[entry.place],
                starts=entry.starts,
                ends=entry.ends,
                zone=entry.zone,
                weekday=entry.weekday,
                day=entry.day,
                first=entry.first,
                last=entry.last,
                skipped=entry.skipped,
                remark=entry.remark,
                example=entry.example,
                line=source.line(("libraries", number, "dropins", index)),
            )


def facts_of(employer: EmployerEntry, library: Library) -> dict[str, str]:
    """Dutch noun phrases for the placeholders; what is not known of this employer is left out."""
    contacts = {key: getattr(employer, key) for key in CONTACTS}
    facts = {key: _reach(said.name, said.phone, said.hours) for key, said in contacts.items() if said}
    facts |= {f"{app}_app": _app(name) for app, name in employer.apps.named().items()}
    facts |= library_facts(library)
    if employer.learning_hours_a_year:
        facts["learning_hours"] = f"{employer.learning_hours_a_year} uur per jaar"
    return facts


def library_facts(library: Library) -> dict[str, str]:
    coach = _reach(library.coach or library.name, library.phone, library.phone_hours)
    return {"library": library.name, "coach": coach}


def _reach(name: str, phone: str, hours: str) -> str:
    """Such as: de helpdesk van Vierstroom: 088 000 00 01 (maandag tot en met vrijdag 8.00-17.00 uur)."""
    number = f": {phone}" if phone else ""
    return f"{name.rstrip('.')}{number}" + (f" ({hours.rstrip('.')})" if hours else "")


def _app(name: str) -> str:
    """Such as: de app Voorbeeldrooster. What starts with an article is taken as it is."""
    return name if re.match(r"(de|het|een|je|jouw)\s", name, re.IGNORECASE) else f"de app {name}"
