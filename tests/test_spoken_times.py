"""What a coordinator types about when a drop-in is to be, on Monday 23 November 2026 at ten in the morning."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.dates import get_day_names, get_month_names
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.spoken_times import tidied, understand, understand_day, understand_days
from conversations.world import SpokenTimes
from tests.conftest import MONDAY

NOW = MONDAY.astimezone(ZoneInfo("Europe/Amsterdam"))
DUTCH_DAYS, ENGLISH_DAYS = (get_day_names("wide", locale=language) for language in ("nl", "en"))
DUTCH_MONTHS, ENGLISH_MONTHS = (get_month_names("wide", locale=language) for language in ("nl", "en"))


def shown(times: SpokenTimes | None) -> str:
    """As the tables below have it: day, hours, and what is said of the weeks."""
    if not times:
        return "-"
    hours = [f"{at:%H:%M}" if at else "?" for at in (times.starts, times.ends)]
    parts = [
        f"{times.day:%a %d-%m-%y}" if times.day else "",
        "-".join(hours) if times.starts or times.ends else "",
        "weekly" if times.weekly else "",
        f"last {times.last:%d-%m-%y}" if times.last else "",
        "not " + " ".join(f"{day:%d-%m-%y}" for day in times.skipped) if times.skipped else "",
    ]
    return ", ".join(part for part in parts if part)


ONCE = {
    "dinsdag 14.00 tot 16.00": "Tue 24-11-26, 14:00-16:00",
    "dinsdag 14:00-16:00": "Tue 24-11-26, 14:00-16:00",
    "Dinsdag 14.00 – 16.00 uur.": "Tue 24-11-26, 14:00-16:00",
    "dinsdag 14,00 tot 16,00": "Tue 24-11-26, 14:00-16:00",
    "dinsdag\n14.00-16.00": "Tue 24-11-26, 14:00-16:00",
    "di 14u-16u": "Tue 24-11-26, 14:00-16:00",
    "di 14u30-16u": "Tue 24-11-26, 14:30-16:00",
    "dinsdag 14-16": "Tue 24-11-26, 14:00-16:00",
    "14.00-16.00 dinsdag": "Tue 24-11-26, 14:00-16:00",
    "De inloop is op dinsdag van 14.00 uur tot 16.00 uur": "Tue 24-11-26, 14:00-16:00",
    "dinsdag van 2 tot 4": "Tue 24-11-26, 14:00-16:00",
    "dinsdag tussen 2 en 4": "Tue 24-11-26, 14:00-16:00",
    "dinsdag van een tot drie": "Tue 24-11-26, 13:00-15:00",
    "dinsdag tien tot twaalf": "Tue 24-11-26, 10:00-12:00",
    "dinsdag van 11 tot 1": "Tue 24-11-26, 11:00-13:00",
    "dinsdag 6 tot 8": "Tue 24-11-26, 18:00-20:00",
    "dinsdag s avonds 7 tot 9": "Tue 24-11-26, 19:00-21:00",
    "dinsdag 7 tot 9 's avonds": "Tue 24-11-26, 19:00-21:00",
    "dinsdagavond half 8 tot 9": "Tue 24-11-26, 19:30-21:00",
    "dinsdag ’s ochtends 9 tot 11": "Tue 24-11-26, 09:00-11:00",
    "dinsdag 's morgens van 7 tot 9": "Tue 24-11-26, 07:00-09:00",
    "dinsdagochtend 10 tot 1": "Tue 24-11-26, 10:00-13:00",
    "dinsdag van 's ochtends 11 tot 's middags 1": "Tue 24-11-26, 11:00-13:00",
    "dinsdagmiddag van 2 tot 4": "Tue 24-11-26, 14:00-16:00",
    "donderdag morgen 9 tot 11": "Thu 26-11-26, 09:00-11:00",
    "morgen half drie tot half vijf": "Tue 24-11-26, 14:30-16:30",
    "morgenochtend 9-11": "Tue 24-11-26, 09:00-11:00",
    "vanavond 7 tot 9": "Mon 23-11-26, 19:00-21:00",
    "dinsdag half 1 tot 2": "Tue 24-11-26, 12:30-14:00",
    "woensdag kwart over 2 tot kwart voor 5": "Wed 25-11-26, 14:15-16:45",
    "woensdag tien over half drie tot vier uur": "Wed 25-11-26, 14:40-16:00",
    "3 december 14 tot 16 uur": "Thu 03-12-26, 14:00-16:00",
    "donderdag 3 december 2026, 14-16": "Thu 03-12-26, 14:00-16:00",
    "de 24e november 14-16": "Tue 24-11-26, 14:00-16:00",
    "3-12 14.00-16.00": "Thu 03-12-26, 14:00-16:00",
    "3/12 14-16": "Thu 03-12-26, 14:00-16:00",
    "3-12 14-16": "Thu 03-12-26, 14:00-16:00",
    "8-12 10-12": "Tue 08-12-26, 10:00-12:00",
    "di 1-12-26 14-16": "Tue 01-12-26, 14:00-16:00",
    "3-12-2026": "Thu 03-12-26",
    "2027-03-02 10:00-12:00": "Tue 02-03-27, 10:00-12:00",
    "2-3-2027 10.00-12.00": "Tue 02-03-27, 10:00-12:00",
    "22 november 14-16": "Mon 22-11-27, 14:00-16:00",
    "23 november 14-16": "Mon 23-11-26, 14:00-16:00",
    "29 februari 10-12": "Tue 29-02-28, 10:00-12:00",
    "overmorgen om 10 uur": "Wed 25-11-26, 10:00-?",
    "dinsdag vanaf 2 uur": "Tue 24-11-26, 14:00-?",
    "dinsdag tot 16.00 uur": "Tue 24-11-26, ?-16:00",
    "14.00-16.00": "14:00-16:00",
    "over 2 weken 14-16": "Mon 07-12-26, 14:00-16:00",
    "volgende week woensdag 10 tot 12": "Wed 02-12-26, 10:00-12:00",
    "zondag volgende week 10 tot 12": "Sun 06-12-26, 10:00-12:00",
    "deze week donderdag 10 tot 12": "Thu 26-11-26, 10:00-12:00",
    "a.s. dinsdag 14-16": "Tue 24-11-26, 14:00-16:00",
    "maandag 14-16": "Mon 23-11-26, 14:00-16:00",
    "maandag 10.00-12.00": "Mon 30-11-26, 10:00-12:00",
    "komende maandag 14-16": "Mon 30-11-26, 14:00-16:00",
    "maandag": "Mon 30-11-26",
    "dinsdag 10-12": "Tue 24-11-26, 10:00-12:00",
    "dinsdag 9-11": "Tue 24-11-26, 09:00-11:00",  # the ninth of November 2027 is a Tuesday
    "donderdagochtend 10-12": "Thu 26-11-26, 10:00-12:00",
    "zondag 28 maart 14-16": "Sun 28-03-27, 14:00-16:00",
    "dinsdg 14-16": "Tue 24-11-26, 14:00-16:00",
    "woensdach 14-16": "Wed 25-11-26, 14:00-16:00",
    "donderag 14-16": "Thu 26-11-26, 14:00-16:00",
    "29 desember 14-16": "Tue 29-12-26, 14:00-16:00",
    "Tuesday 2pm to 4pm": "Tue 24-11-26, 14:00-16:00",
    "Tuesday 2-4 p.m.": "Tue 24-11-26, 14:00-16:00",
    "Tuesday 10 to 2pm": "Tue 24-11-26, 10:00-14:00",
    "tusday 10-12": "Tue 24-11-26, 10:00-12:00",
    "Wenesday between 10 and 12": "Wed 25-11-26, 10:00-12:00",
    "Tuesday half past two to quarter to five": "Tue 24-11-26, 14:30-16:45",
    "next Wednesday 10 to 12": "Wed 25-11-26, 10:00-12:00",
    "Wednesday next week 10 to 12": "Wed 02-12-26, 10:00-12:00",
    "tomorrow morning 9 to 11": "Tue 24-11-26, 09:00-11:00",
    "the day after tomorrow at 2pm": "Wed 25-11-26, 14:00-?",
    "Tuesday, December 1st, from 2pm until 4pm": "Tue 01-12-26, 14:00-16:00",
    "the 3rd of December, 10am-noon": "Thu 03-12-26, 10:00-12:00",
    "الثلاثاء 14:00-16:00": "Tue 24-11-26, 14:00-16:00",
}

WEEKLY = {
    "wekelijks op vrijdag": "Fri 27-11-26, weekly",
    "wekelijks": "weekly",
    "elke donderdag 10-12": "Thu 26-11-26, 10:00-12:00, weekly",
    "dinsdags 14-16": "Tue 24-11-26, 14:00-16:00, weekly",
    "iedere dinsdagmiddag van 2 tot 4": "Tue 24-11-26, 14:00-16:00, weekly",
    "dinsdag 14.00 - 16.00 uur (elke week)": "Tue 24-11-26, 14:00-16:00, weekly",
    "elke dinsdag t/m juni": "Tue 24-11-26, weekly, last 30-06-27",
    "elke dinsdag tot eind juni": "Tue 24-11-26, weekly, last 30-06-27",
    "elke dinsdag tot juni": "Tue 24-11-26, weekly, last 31-05-27",
    "elke dinsdag t/m november": "Tue 24-11-26, weekly, last 30-11-26",
    "elke dinsdag t/m februari 2028": "Tue 24-11-26, weekly, last 29-02-28",
    "elke dinsdag 14.00 tot 16.00 t/m 30 juni": "Tue 24-11-26, 14:00-16:00, weekly, last 30-06-27",
    "dinsdag 14.00 tot 16.00 t/m 30-6": "Tue 24-11-26, 14:00-16:00, weekly, last 30-06-27",
    "elke dinsdag 14.00 t/m 16.00 tot 30 juni": "Tue 24-11-26, 14:00-16:00, weekly, last 30-06-27",
    "iedere week donderdag 18.30-20.00 tot en met 24 juni behalve 24 en 31 december": (
        "Thu 26-11-26, 18:30-20:00, weekly, last 24-06-27, not 24-12-26 31-12-26"
    ),
    "elke dinsdag 14-16 vanaf 5 januari t/m juni, maar niet op 16 februari en 4 mei": (
        "Tue 05-01-27, 14:00-16:00, weekly, last 30-06-27, not 16-02-27 04-05-27"
    ),
    "elke dinsdag vanaf 6 januari 14-16": "Tue 12-01-27, 14:00-16:00, weekly",
    "vanaf januari elke dinsdag 14-16": "Tue 05-01-27, 14:00-16:00, weekly",
    "elke dinsdag vanaf januari 14-16": "Tue 05-01-27, 14:00-16:00, weekly",
    "elke dinsdag vanaf november 14-16": "Tue 24-11-26, 14:00-16:00, weekly",
    "elke dinsdag vanaf september 2027 t/m juni": "Tue 07-09-27, weekly, last 30-06-28",
    "3 december 14-16, elke week": "Thu 03-12-26, 14:00-16:00, weekly",
    "t/m 30 juni": "last 30-06-27",
    "every Tuesday from 14:00 to 16:00 until the end of June except 29 December": (
        "Tue 24-11-26, 14:00-16:00, weekly, last 30-06-27, not 29-12-26"
    ),
    "every friday 9am-11am starting 8 January through March": ("Fri 08-01-27, 09:00-11:00, weekly, last 31-03-27"),
    "weekly on Thursdays 14:00-16:00 until June": "Thu 26-11-26, 14:00-16:00, weekly, last 31-05-27",
    "Tuesdays 10-12": "Tue 24-11-26, 10:00-12:00, weekly",
    "كل الثلاثاء من 14:00 إلى 16:00": "Tue 24-11-26, 14:00-16:00, weekly",
}

NOT_UNDERSTOOD = [
    "",
    "koekje",
    "🙂",
    "dinsdag misschien",
    "geen inloop dinsdag",
    "niet dinsdag maar woensdag",
    "dinsdag 16.00 tot 14.00",
    "dinsdag 16.00 tot 16.00",
    "dinsdag 16.00 tot 10.00",
    "dinsdag 25.00 tot 26.00",
    "dinsdag 14.60 tot 16.00",
    "dinsdag 02:00-04:00",
    "dinsdag kwart voor 00 tot 2",
    "dinsdag 20 over 23.59",
    "dinsdag half 14 tot 16",
    "maandag 25 oktober 2027 02.00-04.00",
    "dinsdag 2 tot 4 's nachts",
    "dinsdag 14",
    "dinsdag 31 februari",
    "29 februari 2027",
    "dinsdag 3 december 2026",
    "dinsdag 3 december",
    "3 december 2025",
    "3-12-2126",
    "12/24 10-12",
    "10-12",  # a date or a span
    "donderdag 10-12",  # the tenth of December is a Thursday
    "volgende dinsdag 14-16",  # tomorrow, or in a week
    "dinsdag over een week 14-16",
    "Tuesday half two to four",  # 13.30 or 14.30
    "Tuesday half 2 to 4",
    "thuesday 10-12",  # Tuesday or Thursday
    "woensdagenn 10-12",
    "dinsdag of woensdag 14-16",
    "dinsdag en donderdag 14-16",
    "elke dinsdag en donderdag 14-16",
    "dinsdag 10-12 en 14-16",
    "3 tot 5 december",
    "24 t/m 26 november 14-16",
    "dinsdag t/m donderdag 14-16",
    "24 november 14-16 t/m 26 november",
    "om de week dinsdag 14-16",
    "om de dinsdag 14-16",
    "elke twee weken dinsdag 14-16",
    "tweewekelijks op dinsdag",
    "every other Tuesday 14-16",
    "elke eerste dinsdag van de maand 14-16",
    "elke maand",
    "elke dag 14-16",
    "every weekday 10-12",
    "elke dinsdag tot de zomer",
    "elke dinsdag t/m 30 juni 2026",
    "elke dinsdag behalve in de kerstvakantie",
    "elke dinsdag behalve 24 december",  # a Thursday
    "elke dinsdag t/m januari behalve 2 februari",
    "elke dinsdag behalve 22 december t/m 5 januari",
    "dinsdag 14-16 behalve 29 december",
    "volgende week 14-16",
    "juni",
    "dinsdag 14-16 " * 30,
]


@pytest.mark.parametrize(("said", "meant"), [*ONCE.items(), *WEEKLY.items()])
def test_what_was_said_is_understood(said: str, meant: str) -> None:
    assert shown(understand(said, NOW)) == meant


@pytest.mark.parametrize("said", NOT_UNDERSTOOD)
def test_what_may_mean_something_else_is_not_understood(said: str) -> None:
    assert understand(said, NOW) is None


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("29 december", date(2026, 12, 29)),
        ("op dinsdag 29 dec.", date(2026, 12, 29)),
        ("volgende week dinsdag", date(2026, 12, 1)),
        ("morgen", date(2026, 11, 24)),
        ("maandag", date(2026, 11, 30)),
        ("10-12", date(2026, 12, 10)),
        ("22-11", date(2027, 11, 22)),
        ("tomorrow", date(2026, 11, 24)),
        ("January 5", date(2027, 1, 5)),
        ("٢٩ ديسمبر", date(2026, 12, 29)),
        ("woensdag 29 december", None),
        ("22-11-2026", None),
        ("dinsdag 14-16", None),
        ("elke dinsdag", None),
        ("december", None),
        ("29", None),
    ],
)
def test_one_day_is_understood(said: str, day: date | None) -> None:
    assert understand_day(said, NOW) == day


CHRISTMAS, NEW_YEAR = date(2026, 12, 24), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("29 december en 5 januari", (date(2026, 12, 29), date(2027, 1, 5))),
        ("29-12, 5-1", (date(2026, 12, 29), date(2027, 1, 5))),
        ("5 januari\n29 december", (date(2026, 12, 29), date(2027, 1, 5))),
        ("24, 31 december", (CHRISTMAS, NEW_YEAR)),
        ("24 en 31 december 2026", (CHRISTMAS, NEW_YEAR)),
        ("December 24 and 31", (CHRISTMAS, NEW_YEAR)),
        ("24 december, 24 december", (CHRISTMAS,)),
        ("morgen en overmorgen", (date(2026, 11, 24), date(2026, 11, 25))),
        ("volgende week dinsdag", (date(2026, 12, 1),)),
        ("volgende week dinsdag en woensdag", ()),
        ("24 en 31", ()),
        ("31 februari en 5 januari", ()),
        ("22 december t/m 5 januari", ()),
        ("geen", ()),
        ("", ()),
    ],
)
def test_days_in_a_row_of_words_are_understood(said: str, days: tuple[date, ...]) -> None:
    assert understand_days(said, NOW) == days


def test_today_is_meant_while_it_is_still_to_begin() -> None:
    for hour, day in ((13, date(2026, 11, 23)), (14, date(2026, 11, 30)), (15, date(2026, 11, 30))):
        times = understand("maandag 14.00 tot 16.00", NOW.replace(hour=hour))
        assert times
        assert times.day == day


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28)])
def test_a_change_of_the_clocks_disturbs_nothing(day: date) -> None:
    for now in (datetime.combine(day, time(1, 30), NOW.tzinfo), datetime.combine(day, time(3, 30), NOW.tzinfo)):
        assert understand("vandaag 14-16", now) == SpokenTimes(day, time(14), time(16))
        assert understand("zondag 14-16", now) == SpokenTimes(day, time(14), time(16))
        assert understand_day("morgen", now) == day + timedelta(days=1)


def in_formats(day: date, starts: time, ends: time) -> dict[str, str]:
    dutch, english = DUTCH_MONTHS[day.month], ENGLISH_MONTHS[day.month]
    digits = f"{day.day}-{day.month}"
    dots = f"{starts.hour}.{starts:%M}", f"{ends.hour}.{ends:%M}"
    return {
        "words": f"{day.day} {dutch} {dots[0]} tot {dots[1]}",
        "weekday": f"{DUTCH_DAYS[day.weekday()]} {day.day} {dutch} van {dots[0]} tot {dots[1]} uur",
        "digits": f"{digits}-{day.year} {starts:%H:%M}-{ends:%H:%M}",
        "short": f"{digits} {starts:%H:%M}-{ends:%H:%M}",
        "abbreviated": f"{DUTCH_DAYS[day.weekday()][:2]} {digits} {starts.hour}u{starts:%M} - {ends.hour}u{ends:%M}",
        "english": f"{ENGLISH_DAYS[day.weekday()]} {english} {day.day} from {starts:%I:%M%p} to {ends:%I:%M%p}",
        "iso": f"{day.isoformat()} {starts:%H:%M} - {ends:%H:%M}",
    }


quarters = st.integers(8 * 4, 21 * 4).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 364), quarters, quarters, st.sampled_from(sorted(in_formats(NOW.date(), time(8), time(9)))))
def test_whatever_is_written_is_read_back(ahead: int, one: time, other: time, form: str) -> None:
    assume(one != other)
    day = NOW.date() + timedelta(days=ahead)
    starts, ends = sorted((one, other))
    said = in_formats(day, starts, ends)[form]
    assert understand(said, NOW) == SpokenTimes(day, starts, ends), said


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 7), quarters, quarters)
def test_a_weekday_is_the_next_one(ahead: int, one: time, other: time) -> None:
    assume(one != other)
    starts, ends = sorted((one, other))
    day = NOW.date() + timedelta(days=ahead)
    if ahead == 7 and starts > NOW.time():
        day = NOW.date()
    said = f"{DUTCH_DAYS[day.weekday()]} {starts:%H.%M} tot {ends:%H.%M}"
    assert understand(said, NOW) == SpokenTimes(day, starts, ends), said


WORDS = st.sampled_from(
    re.findall(
        r"\S+",
        """dinsdag do Tuesday elke every week om van tot t/m behalve half kwart over voor drie 14.00 16 9-11 3-12 31
        00:30 2026 9999 juni februari eind morgen volgende 's avonds pm uur , - / . : en
        next 5 20 24 'einde 99-99-99 ² ٣""",
    )
)


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=9).map(" ".join) | st.text(max_size=60))
def test_no_words_break_it_and_what_is_understood_is_possible(said: str) -> None:
    understand_day(said, NOW)
    understand_days(said, NOW)
    times = understand(said, NOW)
    if times:
        assert times.day is None or times.day >= NOW.date()
        assert not (times.starts and times.ends) or times.starts < times.ends
        assert not (times.day and times.last) or times.day <= times.last


def test_there_is_one_word_for_one_thing() -> None:
    assert tidied("Iedere Dinsdg, van kwart voor drie t.e.m. 5 o'clock") == "elke dinsdag , van kwart voor 3 t/m 5 uur"


def test_next_week_in_an_exception_is_counted_from_today() -> None:
    friday = NOW + timedelta(days=4)
    times = understand("elke dinsdag behalve volgende week dinsdag", friday)
    assert shown(times) == "Tue 01-12-26, weekly, not 01-12-26"
