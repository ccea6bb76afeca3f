"""What somebody typed about when a drop-in is to be: "elke dinsdag van 2 tot 4 t/m juni, behalve 29 december".

dateparser reads the dates. Clock times, the span between two of them and the words for every week are ours, since no
library reads those in Dutch. `tidied` leaves one word for one thing; then each part is cut out of the text, and what is
left over must be a day. One word too many, or two ways to read it, and nothing is understood.

All of it is days and clock times where the drop-in is, never moments: a change of the clocks disturbs nothing.
"""

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from difflib import SequenceMatcher

from conversations.world import SpokenTimes

DAY = timedelta(days=1)
EARLIEST = time(6)  # what begins before it was meant otherwise
YEARS_AHEAD = 5  # what is later has a year that was typed amiss
LONGEST = 300  # signs
FAR = timedelta(days=90)  # "dinsdag 9-11" is a span, when the ninth of November is that far and happens to be a Tuesday
LONGEST_GUESS = timedelta(hours=6)  # "6 tot 8" goes on into the evening, "11 tot 9" does not

WEEKDAY = (
    "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|ma|di|wo|do|vr|za|zo|"
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues|tue|wed|thu|fri|sat|sun|"
    "الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد"
)
MONTH = (
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|"
    "january|february|march|may|june|july|august|october|"
    "jan|feb|mrt|mar|apr|jun|jul|aug|sept|sep|okt|oct|nov|dec|"
    "يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر"
)
RELATIVE = "vandaag|overmorgen|morgen|today|day after tomorrow|tomorrow|غدا"
PART = "ochtend|middag|avond|am|pm"
# A clock of twelve hours is read as what falls within these; "" is no word at all, when 1 to 7 are in the afternoon.
HOURS_OF = {
    "ochtend": (time(6), time(12, 59)),
    "middag": (time(11), time(18, 59)),
    "avond": (time(17), time(23, 59)),
    "am": (time(0), time(11, 59)),
    "pm": (time(12), time(23, 59)),
    "": (time(8), time(19, 59)),
}
FILLER = re.compile(r"(?<!\w)(?:op|on|de|het|the|een|is|graag|please|inloop|inloopuur|spreekuur|drop-?in)(?!\w)|,")
NUMBERS = {
    word: str(number)
    for words in (
        "één twee drie vier vijf zes zeven acht negen tien elf twaalf",
        "one two three four five six seven eight nine ten eleven twelve",
    )
    for number, word in enumerate(words.split(), 1)
}
# What is mended when it is misspelt, and how alike it must be: more than any other name is, by a margin.
LONG_NAMES = [name for names in (WEEKDAY, MONTH) for name in names.split("|") if len(name) >= 6]
ALIKE, MARGIN = 0.8, 0.15
# "Half three" is half past two in Dutch and half past three in English.
HALF = re.compile(r"\bhalf (?!past\b)\w")
ENGLISH = re.compile(
    r"\b(?:to|until|till|from|between|every|each|next|tomorrow|\w+day|"
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
)

# Many words for one thing; in this order, each as whole words.
SAME = tuple(
    (re.compile(rf"(?<!\w)(?:{said})(?!\w)"), word)
    for said, word in (
        (r"([ap])\.m\.?", r"\1m"),
        (r"a\.s\.", "aanstaande"),
        (r"(\w+)\.(?= |$)", r"\1"),
        (r"(half|tot|om|van|voor|over) een", r"\1 1"),
        (r"in a (day|week)", r"in 1 \1"),
        (r"een (uur|tot)", r"1 \1"),
        (r"half past (\d{1,2})", r"\1.30"),
        (r"(?:a )?quarter past", "kwart over"),
        (r"(?:a )?quarter to", "kwart voor"),
        (r"o'?clock|hours|hrs", "uur"),
        (r"(?:12 )?noon", "12 uur"),
        (r"(\d{1,2})(?:e|de|ste|st|nd|rd|th)", r"\1"),
        (rf"(\d{{1,2}}) of ({MONTH})", r"\1 \2"),
        (r"van(ochtend|morgen|middag|avond)", r"vandaag \1s"),
        (r"tonight", "vandaag avond"),
        (rf"({WEEKDAY}|{RELATIVE})(ochtend|voormiddag|middag|namiddag|avond)s?", r"\1 \2"),
        (rf"({WEEKDAY}) ?morgen", r"\1 ochtend"),
        (rf"(?:alle |all |elke |'?s )?({WEEKDAY})(?:s|en)", r"elke \1"),
        (r"(?:in de |in the |'?s[ -]?)?(?:ochtends?|morgens|morning|voormiddags?|صباحا)", "ochtend"),
        (r"(?:in de |in the |'?s[ -]?)?(?:middags?|namiddags?|afternoon)", "middag"),
        (r"(?:in de |in the |'?s[ -]?)?(?:avonds?|evening|مساء)", "avond"),
        (r"(?:the )?end of|(?:het )?einde?(?: van)?", "eind"),
        (r"tot (?:en|&) met|t ?/ ?m|t\.?e\.?m|tm|(?:up to|until|till) and including|through|thru", "t/m"),
        (r"to|up to|until|till|tot aan|إلى|الى|حتى", "tot"),
        (r"from|starting(?: from| on)?|vanaf|met ingang van|من", "van"),
        (r"between", "tussen"),
        (r"and|&|\+", "en"),
        (r"at|@|الساعة", "om"),
        (r"uitgezonderd|met uitzondering van|maar niet|niet op|except(?:ing)?(?: for)?|but not|not on", "behalve"),
        (r"باستثناء|ما عدا", "behalve"),
        (r"elk|iedere?|every|each|كل", "elke"),
        (r"wekelijkse?|weekly", "elke week"),
        (r"elke week (?:op |on |, )?elke", "elke"),
        (r"next week", "volgende week"),
        (r"this week", "deze week"),
        (rf"(?:next|this|deze|aanstaande|aankomende|eerstvolgende|coming) ({WEEKDAY})", r"komende \1"),
        (rf"({WEEKDAY}) aanstaande", r"komende \1"),
    )
)

CLOCK = (
    rf"(?:(?P<before>{PART}) )?(?:(?P<minutes>kwart|5|10|20) (?P<way>voor|over) )?(?P<half>half )?"
    rf"(?P<hour>\d{{1,2}})(?:[.:uh](?P<minute>\d\d))?(?: ?(?:uur|u|h)\b)?(?: ?(?P<after>{PART})\b)?"
)
ANY_CLOCK = re.sub(r"\?P<\w+>", "?:", CLOCK)
MINUTES = {"kwart": 15, "5": 5, "10": 10, "20": 20}
BEGIN = r"(?<![\w./:-])"
# An hour does not go on as a date: not 16 of "16 december" or "16-12".
END = rf"(?!\d|[./:-]\d| (?:{MONTH})\b)"
SPAN = re.compile(
    rf"{BEGIN}(?:(?:van|om) )?(?P<first>{ANY_CLOCK}) ?(?:-|tot|t/m) ?(?P<second>{ANY_CLOCK}){END}"
    rf"|{BEGIN}tussen (?P<from>{ANY_CLOCK}) en (?P<to>{ANY_CLOCK}){END}"
)
ONE_CLOCK = re.compile(rf"{BEGIN}(?:(?P<lead>van|om|tot) )?(?P<clock>{ANY_CLOCK}){END}")
# "3-12" may be a date, "10-12" a span or a date.
PAIR = re.compile(r"(?<![\w./:-])(\d{1,2})-(\d{1,2})(?![\w./:-])")

WEEKLY = re.compile(rf"(?<!\w)elke (?:week(?: ,)?(?: op| on)? ?)?(?P<weekday>(?:{WEEKDAY})(?!\w))?")
CLAUSE = re.compile(r"(?<!\w)(van|t/m|tot|behalve)(?!\w)")
NAMED_WEEKDAY = re.compile(rf"(?<!\w)(?:{WEEKDAY})(?!\w)")
NAMED_DATE = re.compile(rf"\d{{1,2}} (?:{MONTH})(?: \d{{4}})?|(?:{MONTH}) \d{{1,2}}(?: \d{{4}})?")
NUMBERED_DATE = re.compile(r"\d{1,2}([-/.])\d{1,2}\1(?:\d{4}|\d\d)|\d{1,2}[-/]\d{1,2}")
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
MONTH_ALONE = re.compile(rf"(eind )?({MONTH})( \d{{4}})?")
LATER = re.compile(r"(?:over|in) \d{1,2} (?:dag|dagen|days?|week|weken|weeks)")


class NotUnderstoodError(Exception):
    """Never leaves this module."""


def understand(said: str, now: datetime) -> SpokenTimes | None:
    """`now` is on the clock of the place. A day without a year is the next one, today included.

    "t/m juni" and "tot eind juni" go on to 30 June, "tot juni" to 31 May; a day named after "tot" is the last one.
    """
    try:
        text = tidied(said)
    except NotUnderstoodError:
        return None
    plain, dated = _reading(text, now), _reading(PAIR.sub(r"\1/\2", text, count=1), now)
    if not (plain and dated) or plain == dated:
        return plain or dated
    far = plain.day and dated.day and dated.day - now.date() > FAR
    if plain.weekly or far or re.search(rf"\b(?:{PART})\b", text):
        return plain
    return dated if dated.starts else None


def understand_day(said: str, now: datetime) -> date | None:
    """One day: "29 december", "volgende week dinsdag", "3-12", "morgen"."""
    try:
        return _day(_bare(tidied(said)), now, starts=None)
    except NotUnderstoodError:
        return None


def understand_days(said: str, now: datetime) -> tuple[date, ...]:
    """Soonest first: "29 december en 5 januari", "24, 31 december". () when one of them is not understood."""
    try:
        return _days(tidied(said), now)
    except NotUnderstoodError:
        return ()


def tidied(said: str) -> str:
    """In small letters, with one word for one thing."""
    if len(said) > LONGEST:
        raise NotUnderstoodError
    text = re.sub(r"[’‘´`]", "'", said.strip().lower().replace("\n", ", "))
    text = " ".join(re.sub(r'["“”„()]', " ", text).split())
    text = re.sub(r"[–—−‐‑]", "-", text)
    text = re.sub(r"\d", lambda digit: str(int(digit[0])), text)
    if HALF.search(text) and ENGLISH.search(text):
        raise NotUnderstoodError
    text = re.sub(rf"(?<=\d),(?=(?:00|15|30|45)\b(?! (?:{MONTH})\b))", ".", text).strip(" .,;!?")
    text = re.sub(r"\s*[,;]\s*", " , ", text)
    text = re.sub(r"[^\W\d_]+", lambda word: NUMBERS.get(word[0]) or _mended(word[0]), text)
    for pattern, word in SAME:
        text = pattern.sub(word, text)
    return text


def _mended(word: str) -> str:
    """The name that was meant, when it is clear which. Not of a plural, which would no longer be every week."""
    if word.startswith(tuple(LONG_NAMES)) or word.endswith(("s", "en")):
        return word
    near = [name for name in LONG_NAMES if name[0] == word[0] and abs(len(name) - len(word)) <= 1]
    alike = sorted(((SequenceMatcher(None, word, name).ratio(), name) for name in near), reverse=True)
    best, name = alike[0] if alike else (0.0, word)
    others = [ratio for ratio, other in alike if other[:3] != name[:3]]  # januari and january are no others
    return name if best >= max([ALIKE, *(ratio + MARGIN for ratio in others)]) else word


def _reading(text: str, now: datetime) -> SpokenTimes | None:
    try:
        starts, ends, text = _cut_hours(text)
        weekly, text = _cut_weekly(text)
        times = _with_days(SpokenTimes(None, starts, ends, weekly), text, now)
    except NotUnderstoodError:
        return None
    return times if times != SpokenTimes() else None


def _with_days(times: SpokenTimes, text: str, now: datetime) -> SpokenTimes:
    head, clauses = _clauses(text)
    only_weekday = re.fullmatch(WEEKDAY, head)
    if only_weekday and clauses.keys() & {"van", "t/m", "tot"}:
        times = replace(times, weekly=True)
    if "van" in clauses:
        times = replace(times, day=_first_from(head, clauses["van"], times, now))
    elif head:
        times = replace(times, day=_day(head, now, times.starts))
    times = replace(times, last=_last(clauses, times.day or now.date()))
    if "behalve" in clauses:
        times = replace(times, skipped=_days(clauses["behalve"], now))
    return _checked(times)


def _checked(times: SpokenTimes) -> SpokenTimes:
    """A series of one day, or a day to skip on which nothing takes place, was meant otherwise."""
    if times.day and (times.last or times.skipped):
        last = times.last or date.max
        falls = [day.weekday() == times.day.weekday() and times.day <= day <= last for day in times.skipped]
        if not times.weekly or last < times.day or not all(falls):
            raise NotUnderstoodError
    return times


def _clauses(text: str) -> tuple[str, dict[str, str]]:
    """What comes first, and what stands behind "van", "t/m", "tot" and "behalve"."""
    head, *pieces = CLAUSE.split(text)
    words, contents = pieces[::2], [_bare(content) for content in pieces[1::2]]
    clauses = dict(zip(words, contents, strict=True))
    if len(clauses) < len(words) or {"t/m", "tot"} <= clauses.keys() or "" in contents:
        raise NotUnderstoodError
    if "behalve" in words[:-1] and not MONTH_ALONE.fullmatch(contents[-1]):
        raise NotUnderstoodError  # "behalve 22 december t/m 5 januari": is the holiday over then, or the series?
    return _bare(head), clauses


def _bare(text: str) -> str:
    return " ".join(FILLER.sub(" ", text).split())


# Hours


@dataclass(frozen=True)
class SpokenClock:
    """`minutes` since midnight as written; not `exact` on a clock of twelve hours. `part` of the day may be ""."""

    minutes: int
    exact: bool
    part: str

    def times(self) -> Sequence[time]:
        """What it can mean: as written, or twice a day."""
        meant = [self.minutes] if self.exact else [self.minutes % 720, self.minutes % 720 + 720]
        return [time(minutes // 60, minutes % 60) for minutes in meant]

    def within(self, part: str) -> time | None:
        if self.exact and not part:
            return self.times()[0]
        first, last = HOURS_OF[part]
        return next((at for at in self.times() if first <= at <= last), None)


def _cut_hours(text: str) -> tuple[time | None, time | None, str]:
    """When it starts and ends, and the text without."""
    found = SPAN.search(text) or _one_clock(text)
    if not found:
        return None, None, re.sub(rf"\b(?:{PART})\b", "", text)
    rest = text[: found.start()] + " " + text[found.end() :]
    parts = set(re.findall(rf"\b(?:{PART})\b", rest))
    if len(parts) > 1:
        raise NotUnderstoodError
    part = next(iter(parts), "")
    starts, ends = _hours(found, part)
    return starts, ends, re.sub(rf"\b{part}\b", "", rest) if part else rest


def _one_clock(text: str) -> re.Match[str] | None:
    """A number by itself may be anything; behind "om", or with minutes or a word, it is a time."""
    found = ONE_CLOCK.finditer(text)
    return next((one for one in found if one["lead"] == "om" or not one["clock"].isdecimal()), None)


def _hours(found: re.Match[str], part: str) -> tuple[time | None, time | None]:
    said = found.groupdict()
    if "clock" not in said:
        return _span(_clock(said["first"] or said["from"], part), _clock(said["second"] or said["to"], part))
    clock = _clock(said["clock"], part)
    at = clock.within(clock.part)
    if not at or at < EARLIEST:
        raise NotUnderstoodError
    return (None, at) if said["lead"] == "tot" else (at, None)


def _clock(said: str, part: str) -> SpokenClock:
    found = re.fullmatch(CLOCK, said)
    assert found, "SPAN and ONE_CLOCK find nothing else"
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    part = found["before"] or found["after"] or part
    exact = hour > 12 or (found["hour"].startswith("0") and not part)
    in_words = found["half"] or found["way"]
    if hour > 23 or minute > 59 or (in_words and (exact or found["minute"])):
        raise NotUnderstoodError
    shift = MINUTES.get(found["minutes"], 0) * (1 if found["way"] == "over" else -1)
    return SpokenClock(hour * 60 + minute - (30 if found["half"] else 0) + shift, exact, part)


def _span(first: SpokenClock, second: SpokenClock) -> tuple[time, time]:
    """In "10 to 2pm" and "7 tot 9 's avonds" the word may be about both, or about the end alone."""
    for part in (first.part or second.part, first.part):
        starts = first.within(part)
        if starts and starts >= EARLIEST and (ends := _end(second, starts, first)):
            return starts, ends
    raise NotUnderstoodError


def _end(second: SpokenClock, starts: time, first: SpokenClock) -> time | None:
    said = second.within(second.part or first.part)
    if said and said > starts:
        return said
    if first.exact or (second.part and second.part != first.part):
        return None
    return next((at for at in second.times() if timedelta() < _between(starts, at) <= LONGEST_GUESS), None)


def _between(starts: time, ends: time) -> timedelta:
    return datetime.combine(date.min, ends) - datetime.combine(date.min, starts)


# Days


def _cut_weekly(text: str) -> tuple[bool, str]:
    """Whether it is every week, and the text without the words for it; its weekday comes first."""
    found = WEEKLY.search(text)
    if not found:
        return False, text
    if not found["weekday"] and "week" not in found[0]:
        raise NotUnderstoodError  # "elke dag", "elke eerste dinsdag"
    return True, f"{found['weekday'] or ''} {text[: found.start()]} {text[found.end() :]}"


def _day(words: str, now: datetime, starts: time | None) -> date:
    """A weekday, with or without its week, a date, or "morgen"."""
    named = NAMED_WEEKDAY.search(words)
    rest = _bare(words[: named.start()] + words[named.end() :]) if named else words
    day = _weekday(named[0], rest, now, starts) if named else None
    if not day:
        day = _date(rest, now.date())
        if named and day.weekday() != _parsed(named[0], now.date()).weekday():
            raise NotUnderstoodError
    if day < now.date() or day.year > now.year + YEARS_AHEAD:
        raise NotUnderstoodError
    return day


def _weekday(name: str, week: str, now: datetime, starts: time | None) -> date | None:
    """dateparser gives the first one after a day. "Volgende dinsdag" is this week's to one, next week's to another."""
    today = now.date()
    sunday = today + DAY * (6 - today.weekday())
    match week:
        case "":
            still_today = starts and starts > now.time()
            return _parsed(name, today - DAY if still_today else today)
        case "komende":
            return _parsed(name, today)
        case "volgende" if _parsed(name, today) > sunday:
            return _parsed(name, today)
        case "volgende week":
            return _parsed(name, sunday)
        case "deze week":
            return _parsed(name, sunday - 7 * DAY)
    return None


def _date(words: str, base: date) -> date:
    """Not before `base`, unless it says its year. Each of its numbers must be in what dateparser made of it."""
    if re.fullmatch(rf"{RELATIVE}|{LATER.pattern}", words):
        return _parsed(words, base)
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    if NAMED_DATE.fullmatch(words):
        day = _parsed(words, base - DAY)
        parts = [day.day, day.year]
    elif NUMBERED_DATE.fullmatch(words):
        day = _parsed(words, base - DAY)
        parts = [day.day, day.month, day.year]
    elif ISO_DATE.fullmatch(words):
        day = _parsed(words, base)
        parts = [day.year, day.month, day.day]
    else:
        raise NotUnderstoodError
    if any(number not in (part, part % 100) for number, part in zip(numbers, parts, strict=False)):
        raise NotUnderstoodError
    return day


def _days(text: str, now: datetime) -> tuple[date, ...]:
    items = [item for item in map(_bare, re.split(r",|(?<!\w)en(?!\w)", text)) if item]
    if len(items) > 1 and any(NAMED_WEEKDAY.search(item) and not re.search(r"\d", item) for item in items):
        raise NotUnderstoodError  # "volgende week dinsdag en woensdag": of which week?
    return tuple(sorted({_day(item, now, starts=None) for item in _with_months(items)}))


def _with_months(items: Sequence[str]) -> Sequence[str]:
    """Of "24", "31 december": "24 december", "31 december". Of "december 24", "31": "december 24", "december 31"."""
    first = re.match(rf"(?:{MONTH}) (?=\d)", items[0]) if items else None
    month, full = "", []
    for item in reversed(items):
        found = re.search(rf"(?:{MONTH})(?: \d{{4}})?$", item)
        month = found[0] if found else month
        before = first[0] if first and not month else ""
        full.append(f"{before}{item} {month}".strip() if item.isdecimal() else item)
    return full[::-1]


def _first_from(head: str, since: str, times: SpokenTimes, now: datetime) -> date:
    """Of "elke dinsdag vanaf 7 januari": the first Tuesday from then on."""
    month = MONTH_ALONE.fullmatch(since)
    if not times.weekly or (head and not re.fullmatch(WEEKDAY, head)) or (month and not head):
        raise NotUnderstoodError
    day = _first_of(since, now.date()) if month else _day(since, now, times.starts)
    if head and day <= now.date():
        return _day(head, now, times.starts)
    return _parsed(head, day - DAY) if head else day


def _last(clauses: Mapping[str, str], base: date) -> date | None:
    said = clauses.get("t/m") or clauses.get("tot")
    if not said:
        return None
    if MONTH_ALONE.fullmatch(said):
        first = _first_of(said.removeprefix("eind "), base)
        included = "t/m" in clauses or said.startswith("eind ")
        return first.replace(day=calendar.monthrange(first.year, first.month)[1]) if included else first - DAY
    if LATER.fullmatch(said) or not re.search(r"\d", said):
        raise NotUnderstoodError
    return _day(said, datetime.combine(base, time()), starts=None)


def _first_of(month: str, base: date) -> date:
    """The first day of a month that is not over yet."""
    first = _parsed(f"1 {month}", base.replace(day=1) - DAY)
    if first < base.replace(day=1) or first.year > base.year + YEARS_AHEAD:
        raise NotUnderstoodError
    return first


def _parsed(words: str, base: date) -> date:
    """What dateparser makes of it: the first such day after `base`."""
    import dateparser  # here, because a tenth of a second is long for whoever only starts a command

    found = dateparser.parse(
        words,
        languages=["nl", "en", "ar"],
        settings={
            "DATE_ORDER": "DMY",
            "PARSERS": ["relative-time", "absolute-time"],
            "PREFER_DATES_FROM": "future",
            "RELATIVE_BASE": datetime.combine(base, time()),
            "TIMEZONE": "UTC",
        },
    )
    if not found:
        raise NotUnderstoodError
    return found.date()
