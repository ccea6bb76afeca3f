"""What can stand in the organisations file, and what is wrong when it does not: line, mistake, what to do."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from bot.content.problems import ContentError, in_order
from bot.content.yamlfile import Place as At
from bot.content.yamlfile import Value, YamlFile, entries, read_yaml

WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
APPS = ("roster", "record", "hours", "hr", "mail", "code")
CONTACTS = ("helpdesk", "sick_line", "hr_contact", "team")


def _read_clock(text: Any) -> time:
    found = re.fullmatch(r"(\d{1,2})[:.](\d{2})", str(text))
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError(f"{text} is no time. Write it like 14:00.")
    return time(int(found[1]), int(found[2]))


def _read_day(text: Any) -> date:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(text)):
            return date.fromisoformat(str(text))
    except ValueError:
        pass  # a day that is not on the calendar gets the same advice
    raise ValueError(f"{text} is no date. Write it like 2026-12-25.")


def _read_weekday(text: Any) -> int:
    if str(text).lower() not in WEEKDAYS:
        raise ValueError(f"{text} is no weekday. Write one of: {', '.join(WEEKDAYS)}.")
    return WEEKDAYS.index(str(text).lower())


def _read_zone(text: Any) -> ZoneInfo:
    try:
        return ZoneInfo(str(text))
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{text} is no time zone. Write one like Europe/Amsterdam.") from error


def _read_degrees(limit: int) -> BeforeValidator:
    def read(text: Any) -> float:
        if not re.fullmatch(r"-?\d{1,3}(\.\d+)?", str(text)) or abs(float(text)) > limit:
            raise ValueError(f"{text} is not between -{limit} and {limit}. Write it like 52.0285, with a point.")
        return float(text)

    return BeforeValidator(read)


def _read_id(text: Any) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", str(text)) or len(str(text)) > 40:
        raise ValueError(f"{text} can't be an id. Use a-z, 0-9 and -, at most 40 signs.")
    return str(text)


def _read_code(text: Any) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", str(text)):
        raise ValueError(f"{text} can't be a code. Use A-Z, a-z, 0-9, _ and -, at most 64 signs, no spaces.")
    return str(text)


def _read_phone(text: Any) -> str:
    if not re.fullmatch(r"\+?[0-9][0-9 ()-]{1,19}", str(text)):
        raise ValueError(f"{text} is no phone number. Write it like 030 123 45 67.")
    return str(text)


def _read_mail(text: Any) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", str(text)):
        raise ValueError(f"{text} is no mail address. Write it like naam@bibliotheek.nl.")
    return str(text)


def _read_yes_or_no(text: Any) -> bool:
    if str(text) not in {"true", "false"}:
        raise ValueError(f"{text} is neither true nor false. Write true or false.")
    return str(text) == "true"


def _read_hours_a_year(text: Any) -> int:
    if not re.fullmatch(r"\d{1,4}", str(text)):
        raise ValueError(f"{text} is no number of hours. Write a whole number, like 8.")
    return int(text)


Id: TypeAlias = Annotated[str, BeforeValidator(_read_id)]
Code: TypeAlias = Annotated[str, BeforeValidator(_read_code)]
Name: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Phrase: TypeAlias = Annotated[str, StringConstraints(max_length=200)]
Phone: TypeAlias = Annotated[str, BeforeValidator(_read_phone)]
Mail: TypeAlias = Annotated[str, BeforeValidator(_read_mail)]
YesOrNo: TypeAlias = Annotated[bool, BeforeValidator(_read_yes_or_no)]
Clock: TypeAlias = Annotated[time, BeforeValidator(_read_clock)]
Day: TypeAlias = Annotated[date, BeforeValidator(_read_day)]


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


class PlaceEntry(Entry):
    id: Id
    name: Name
    address: Phrase
    latitude: Annotated[float, _read_degrees(90)]
    longitude: Annotated[float, _read_degrees(180)]
    example: YesOrNo = False


class DropInEntry(Entry):
    id: Id
    place: str
    weekday: Annotated[int, BeforeValidator(_read_weekday)] | None = None
    day: Day | None = Field(default=None, alias="date")
    starts: Clock = Field(alias="from")
    ends: Clock = Field(alias="until")
    zone: Annotated[ZoneInfo, BeforeValidator(_read_zone)] = ZoneInfo("Europe/Amsterdam")
    first: Day | None = None
    last: Day | None = None
    skipped: frozenset[Day] = Field(default=frozenset(), alias="except")
    remark: Phrase = ""
    example: YesOrNo = False

    @field_validator("ends")
    @classmethod
    def ends_after_the_start(cls, ends: time, info: ValidationInfo) -> time:
        if info.data.get("starts") and ends <= info.data["starts"]:
            raise ValueError(f"It ends at {ends:%H:%M}, before it starts. Look at `from` and `until`.")
        return ends

    @field_validator("last")
    @classmethod
    def last_after_the_first(cls, last: date | None, info: ValidationInfo) -> date | None:
        if last and info.data.get("first") and last < info.data["first"]:
            raise ValueError(f"The last day {last} is before the first. Look at `first` and `last`.")
        return last


class LibraryEntry(Entry):
    id: Id
    name: Name
    coach: Phrase = ""
    phone: Phone = ""
    mail: Mail = ""
    phone_hours: Phrase = ""
    example: YesOrNo = False
    places: list[PlaceEntry] = []
    dropins: list[DropInEntry] = []


class ContactEntry(Entry):
    name: Phrase
    phone: Phone = ""
    hours: Phrase = ""


class AppsEntry(Entry):
    roster: Phrase = ""
    record: Phrase = ""
    hours: Phrase = ""
    hr: Phrase = ""
    mail: Phrase = ""
    code: Phrase = ""

    def named(self) -> dict[str, str]:
        return {app: getattr(self, app) for app in APPS if getattr(self, app)}

    def values(self) -> Iterator[str]:
        return iter(dict.fromkeys(self.named().values()))


class EmployerEntry(Entry):
    id: Id
    name: Name
    code: Code
    libraries: Annotated[list[str], Field(min_length=1)]
    helpdesk: ContactEntry | None = None
    sick_line: ContactEntry | None = None
    hr_contact: ContactEntry | None = None
    team: ContactEntry | None = None
    learning_hours_a_year: Annotated[int, BeforeValidator(_read_hours_a_year)] = 0
    apps: AppsEntry = AppsEntry()
    example: YesOrNo = False


class File(Entry):
    libraries: Annotated[list[LibraryEntry], Field(min_length=1)]
    employers: list[EmployerEntry] = []


def read_organisations(path: Path) -> tuple[File, YamlFile]:
    """The file, checked, and where each entry stands in it. Raises ContentError with every mistake."""
    source = read_yaml(path)
    readable = not source.problems
    parsed = _parse(source) if readable else None
    if readable:
        _check_names(source)
    if source.problems or not parsed:
        raise ContentError(in_order(source.problems))
    return parsed, source


def _parse(file: YamlFile) -> File | None:
    try:
        return File.model_validate(file.value)
    except ValidationError as error:
        for detail in error.errors():
            text, hint = _told(detail)
            file.wrong(detail["loc"], text, hint)
        return None


def _told(detail: Any) -> tuple[str, str]:
    """One mistake that pydantic found, in words for whoever wrote the file."""
    key = next((part for part in reversed(detail["loc"]) if isinstance(part, str)), "this file")
    match detail["type"]:
        case "missing":
            return f"`{key}` is missing here.", f"Add a line `{key}: ...`."
        case "extra_forbidden":
            known = _known_keys(detail["loc"])
            near = get_close_matches(key, known, n=1)
            hint = f"Did you mean `{near[0]}`?" if near else f"Known are: {', '.join(known)}."
            return f"`{key}` is not known here.", hint
        case "value_error":
            text, _, hint = str(detail["ctx"]["error"]).partition(". ")
            return f"`{key}`: {text}.", hint
        case "list_type" | "frozen_set_type" | "too_short":
            return f"`{key}` should be a list with something in it.", "Write it like [a, b], or one - a line."
        case "string_type":
            return f"`{key}` should be one text.", "Write it on one line after the :."
        case "string_too_long" | "string_too_short":
            limit = detail["ctx"].get("max_length", 1)
            return f"`{key}` has the wrong length.", f"Use 1 to {limit} signs."
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"`{key}` should be a block of lines.", "Write `key: value` lines under it, two spaces in."
        case _:
            return f"`{key}`: {detail['msg']}.", "Compare it with the other entries."


def _known_keys(loc: At) -> list[str]:
    """The keys that can stand beside the one at `loc`."""
    names = [part for part in loc[:-1] if isinstance(part, str)]
    model: type[Entry] = File
    for name in names:
        model = INSIDE.get(name, model)
    if model is AppsEntry:
        return list(APPS)
    return [info.alias or name for name, info in model.model_fields.items()]


INSIDE: dict[str, type[Entry]] = {
    "libraries": LibraryEntry,
    "places": PlaceEntry,
    "dropins": DropInEntry,
    "employers": EmployerEntry,
    "apps": AppsEntry,
    "helpdesk": ContactEntry,
    "sick_line": ContactEntry,
    "hr_contact": ContactEntry,
    "team": ContactEntry,
}


def _check_names(file: YamlFile) -> None:
    """What points at something else must find it; what names something must be the only one. Also when there
    are other mistakes, so that all are told at once."""
    libraries = entries(file.value, "libraries")
    employers = entries(file.value, "employers")
    places = _inside(libraries, "places")
    dropins = _inside(libraries, "dropins")
    for kind, blocks in (
        ("library", libraries),
        ("employer", employers),
        ("place", places),
        ("drop-in", dropins),
    ):
        _refuse_doubles(file, blocks, "id", f"{kind} with the id")
    _refuse_doubles(file, employers, "code", "employer with the code")
    for at, employer in employers:
        _find_libraries(file, at, employer, {str(block.get("id")) for _, block in libraries})
    for at, dropin in dropins:
        _find_place(file, at, dropin, {str(block.get("id")) for _, block in places})
        _check_days(file, at, dropin)


def _inside(blocks: list[tuple[At, Mapping[str, Value]]], key: str) -> list[tuple[At, Mapping[str, Value]]]:
    return [((*at, *within), inner) for at, block in blocks for within, inner in entries(dict(block), key)]


def _refuse_doubles(file: YamlFile, blocks: list[tuple[At, Mapping[str, Value]]], key: str, what: str) -> None:
    seen: dict[str, int] = {}
    for at, block in blocks:
        value = str(block.get(key, "")).lower()  # two codes that differ in capitals only would be mixed up
        if value in seen:
            file.wrong((*at, key), f"There is another {what} {value}, on line {seen[value]}.", "Change one.")
        elif value:
            seen[value] = file.line((*at, key))


def _find_libraries(file: YamlFile, at: At, employer: Mapping[str, Value], known: set[str]) -> None:
    named = employer.get("libraries")
    for index, library in enumerate(named if isinstance(named, list) else []):
        if library not in known:
            file.wrong((*at, "libraries", index), f"There is no library {library}.", _one_of(library, known))


def _find_place(file: YamlFile, at: At, dropin: Mapping[str, Value], known: set[str]) -> None:
    place = dropin.get("place")
    if place and place not in known:
        file.wrong((*at, "place"), f"There is no place {place}.", _one_of(place, known))


def _one_of(written: Value, known: set[str]) -> str:
    near = get_close_matches(str(written), known, n=1)
    return f"Did you mean {near[0]}?" if near else f"Use one of: {', '.join(sorted(known))}."


def _check_days(file: YamlFile, at: At, dropin: Mapping[str, Value]) -> None:
    if ("weekday" in dropin) == ("date" in dropin):
        file.wrong(at, "A drop-in has a `weekday` or a `date`.", "Write one of the two.")
    if "date" in dropin:
        for key in ("first", "last", "except"):
            if key in dropin:
                file.wrong((*at, key), f"`{key}` means nothing for a single `date`.", "Remove it.")
