"""Quiet hours and reminders by the clock on the wall, also in the nights in which the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from conversations import quiet, schedule
from conversations.people import Person
from conversations.schedule import DAY_BEFORE, SOON
from conversations.world import Place, Session

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
QUARTER = 15 * MINUTE
USUAL, NIGHT_SHIFT, NEVER = (21, 8), (8, 16), (0, 0)
BACK, FORTH = date(2026, 10, 25), date(2027, 3, 28)
"""The nights before these mornings: at three it is two again, and at two it is three."""


def her(hours: tuple[int, int]) -> Person:
    return Person(1, "nl", quiet_from=hours[0], quiet_until=hours[1])


def at(said: str, *, again: bool = False) -> datetime:
    """ "2026-11-23 14:00" in Amsterdam; `again` is the second time that the clock shows it."""
    return datetime.fromisoformat(said).replace(tzinfo=AMSTERDAM, fold=again)


def utc(moment: datetime) -> datetime:
    """To compare and to count real time: two moments of one zone are compared by what the clock shows."""
    return moment.astimezone(UTC)


def same(one: datetime, other: datetime) -> bool:
    return utc(one) == utc(other) and one.tzinfo is other.tzinfo


@pytest.mark.parametrize(
    ("hours", "clock", "is_quiet"),
    [
        (USUAL, "20:59", False),
        (USUAL, "21:00", True),
        (USUAL, "00:00", True),
        (USUAL, "07:59", True),
        (USUAL, "08:00", False),
        (NIGHT_SHIFT, "07:59", False),
        (NIGHT_SHIFT, "08:00", True),
        (NIGHT_SHIFT, "15:59", True),
        (NIGHT_SHIFT, "16:00", False),
        (NIGHT_SHIFT, "03:00", False),
        (NEVER, "00:00", False),
        (NEVER, "12:00", False),
        ((21, 21), "21:00", False),
    ],
)
def test_it_is_quiet_from_the_first_hour_until_the_second(hours: tuple[int, int], clock: str, is_quiet: bool) -> None:
    assert quiet.is_quiet(her(hours), at(f"2026-11-23 {clock}")) == is_quiet


@pytest.mark.parametrize(
    ("hours", "now", "awake"),
    [
        (USUAL, "2026-11-23 14:00", "2026-11-23 14:00"),
        (USUAL, "2026-11-23 22:10", "2026-11-24 08:00"),
        (USUAL, "2026-11-24 03:10", "2026-11-24 08:00"),
        (NIGHT_SHIFT, "2026-11-23 14:00", "2026-11-23 16:00"),
        (NIGHT_SHIFT, "2026-11-23 22:10", "2026-11-23 22:10"),
        (NEVER, "2026-11-23 03:00", "2026-11-23 03:00"),
        (USUAL, "2026-10-24 23:00", "2026-10-25 08:00"),
        (USUAL, "2027-03-27 23:00", "2027-03-28 08:00"),
        ((21, 2), "2027-03-27 23:00", "2027-03-28 03:00"),  # two o'clock is skipped
        ((3, 2), "2027-03-27 12:00", "2027-03-29 02:00"),  # her only hour is
    ],
)
def test_what_may_wait_comes_when_she_is_awake(hours: tuple[int, int], now: str, awake: str) -> None:
    assert same(quiet.awake(her(hours), at(now)), at(awake))


@pytest.mark.parametrize(
    ("hours", "since", "span", "until"),
    [
        (USUAL, "2026-11-23 10:00", 2 * HOUR, "2026-11-23 12:00"),
        (USUAL, "2026-11-23 10:00", 11 * HOUR, "2026-11-23 21:00"),
        (USUAL, "2026-11-23 10:00", 12 * HOUR, "2026-11-24 09:00"),
        (USUAL, "2026-11-23 23:00", 12 * HOUR, "2026-11-24 20:00"),
        (USUAL, "2026-11-23 23:00", 40 * HOUR, "2026-11-27 09:00"),
        (NIGHT_SHIFT, "2026-11-23 07:00", 2 * HOUR, "2026-11-23 17:00"),
        (NIGHT_SHIFT, "2026-11-23 20:00", 12 * HOUR, "2026-11-24 08:00"),
        (NEVER, "2026-11-23 20:00", 12 * HOUR, "2026-11-24 08:00"),
        (USUAL, "2026-10-24 20:00", 2 * HOUR, "2026-10-25 09:00"),
        (USUAL, "2027-03-27 20:00", 2 * HOUR, "2027-03-28 09:00"),
        (NIGHT_SHIFT, "2026-10-24 22:00", 12 * HOUR, "2026-10-25 17:00"),  # eleven hours until eight
        (NIGHT_SHIFT, "2027-03-27 22:00", 12 * HOUR, "2027-03-28 19:00"),  # nine
        (NEVER, "2026-10-24 22:00", 12 * HOUR, "2026-10-25 09:00"),
        (NEVER, "2027-03-27 22:00", 12 * HOUR, "2027-03-28 11:00"),
    ],
)
def test_quiet_hours_do_not_count(hours: tuple[int, int], since: str, span: timedelta, until: str) -> None:
    assert same(quiet.awake_for(her(hours), at(since), span), at(until))
    assert quiet.awake_between(her(hours), at(since), at(until)) == span


def test_the_hour_that_comes_twice_counts_twice() -> None:
    start, end = at("2026-10-25 02:30"), at("2026-10-25 02:30", again=True)
    assert quiet.awake_between(her(NEVER), start, end) == HOUR
    assert same(quiet.awake_for(her(NEVER), start, HOUR), end)
    assert quiet.awake_for(her(NEVER), start, HOUR).fold == 1
    assert quiet.awake_between(her(USUAL), start, end) == timedelta()


def test_nothing_lies_between_a_moment_and_an_earlier_one() -> None:
    for hours in (USUAL, NIGHT_SHIFT, NEVER):
        now = at("2026-11-23 17:00")
        assert quiet.awake_between(her(hours), now, now - DAY) == timedelta()
        assert quiet.awake_between(her(hours), now, now) == timedelta()


@pytest.mark.parametrize(
    ("hours", "now", "before"),
    [
        (USUAL, "2026-11-23 14:00", "2026-11-23 14:00"),
        (USUAL, "2026-11-23 21:00", "2026-11-23 20:45"),
        (USUAL, "2026-11-24 06:00", "2026-11-23 20:45"),
        (NIGHT_SHIFT, "2026-11-23 12:00", "2026-11-23 07:45"),
        (NEVER, "2026-11-23 03:00", "2026-11-23 03:00"),
        (USUAL, "2026-10-25 06:00", "2026-10-24 20:45"),
        (USUAL, "2027-03-28 06:00", "2027-03-27 20:45"),
        ((2, 8), "2027-03-28 06:00", "2027-03-28 01:45"),
        ((3, 2), "2027-03-28 12:00", "2027-03-27 02:45"),  # her only hour is skipped that night
    ],
)
def test_what_may_not_wait_comes_before_she_sleeps(hours: tuple[int, int], now: str, before: str) -> None:
    assert same(quiet.before_sleep(her(hours), at(now)), at(before))


def test_she_falls_asleep_a_quarter_of_an_hour_later_in_the_hour_that_comes_twice() -> None:
    assert same(quiet.before_sleep(her((3, 8)), at("2026-10-25 06:00")), at("2026-10-25 02:45", again=True))


@pytest.mark.parametrize(
    ("now", "hour", "next_at"),
    [
        ("2026-11-23 14:00", 15, "2026-11-23 15:00"),
        ("2026-11-23 15:00", 15, "2026-11-24 15:00"),
        ("2026-11-23 15:01", 15, "2026-11-24 15:00"),
        ("2026-11-23 15:01", 0, "2026-11-24 00:00"),
        ("2027-03-28 01:30", 2, "2027-03-28 03:00"),
        ("2027-03-28 03:30", 2, "2027-03-29 02:00"),
        ("2026-10-25 01:30", 2, "2026-10-25 02:00"),
        ("2026-10-24 09:00", 9, "2026-10-25 09:00"),
    ],
)
def test_an_hour_comes_when_the_clock_shows_it(now: str, hour: int, next_at: str) -> None:
    assert same(quiet.next_at(at(now), hour), at(next_at))


# Whatever the hours and the moment, near the nights of the change more often than not.

NEAR = [datetime.combine(day, time(12), UTC) for day in (BACK, FORTH, date(2026, 11, 23))]
minutes = st.integers(-60 * 24 * 4, 60 * 24 * 4)
moments = st.builds(lambda near, by: (near + by * MINUTE).astimezone(AMSTERDAM), st.sampled_from(NEAR), minutes)
quarters = st.builds(lambda near, by: (near + by * QUARTER).astimezone(AMSTERDAM), st.sampled_from(NEAR), minutes)
hour = st.integers(0, 23)
anybody = st.builds(her, st.sampled_from([USUAL, NIGHT_SHIFT, NEVER]) | st.tuples(hour, hour))
spans = st.integers(1, 60 * 60).map(lambda n: n * MINUTE)


def every_quarter(start: datetime, end: datetime) -> list[datetime]:
    """When each quarter of an hour begins that passes in between."""
    passing = (utc(end) - utc(start)) // QUARTER
    return [(utc(start) + n * QUARTER).astimezone(AMSTERDAM) for n in range(passing)]


@given(anybody, moments)
@example(her((3, 2)), at("2027-03-28 12:00"))
def test_she_is_woken_by_nothing(person: Person, now: datetime) -> None:
    woken = quiet.awake(person, now)
    assert not quiet.is_quiet(person, woken)
    assert utc(woken) >= utc(now)
    assert all(quiet.is_quiet(person, between) for between in every_quarter(now, woken))


@given(anybody, moments)
@example(her((3, 2)), at("2027-03-28 12:00"))
def test_nothing_comes_after_she_fell_asleep(person: Person, now: datetime) -> None:
    before = quiet.before_sleep(person, now)
    assert not quiet.is_quiet(person, before)
    assert utc(before) <= utc(now)
    assert all(quiet.is_quiet(person, late) for late in every_quarter(before + QUARTER, now)) or before == now


@given(anybody, moments, spans)
def test_a_time_awake_is_as_long_as_it_takes(person: Person, since: datetime, span: timedelta) -> None:
    until = quiet.awake_for(person, since, span)
    assert quiet.awake_between(person, since, until) == span
    assert utc(until) - utc(since) >= span
    assert not quiet.is_quiet(person, (utc(until) - MINUTE).astimezone(AMSTERDAM))


@given(anybody, moments, moments)
def test_the_time_awake_until_a_moment_is_over_by_then(person: Person, start: datetime, end: datetime) -> None:
    awake = quiet.awake_between(person, start, end)
    assert timedelta() <= awake <= max(timedelta(), utc(end) - utc(start))
    assume(awake)
    assert utc(quiet.awake_for(person, start, awake)) <= utc(end)


@given(anybody, quarters, st.integers(0, 4 * 100))
@settings(max_examples=50)
def test_time_awake_is_made_of_quarters_of_an_hour_awake(person: Person, start: datetime, passing: int) -> None:
    end = (utc(start) + passing * QUARTER).astimezone(AMSTERDAM)
    awake = [one for one in every_quarter(start, end) if not quiet.is_quiet(person, one)]
    assert quiet.awake_between(person, start, end) == len(awake) * QUARTER


@given(anybody, moments, moments, moments)
def test_time_awake_adds_up(person: Person, one: datetime, two: datetime, three: datetime) -> None:
    first, second, third = sorted((one, two, three), key=utc)
    both = quiet.awake_between(person, first, second) + quiet.awake_between(person, second, third)
    assert both == quiet.awake_between(person, first, third)


@given(moments, hour)
def test_the_next_hour_is_soon_and_on_the_hour(now: datetime, hour: int) -> None:
    found = quiet.next_at(now, hour)
    assert timedelta() < utc(found) - utc(now) <= 25 * HOUR
    assert found.minute == now.second == 0
    assert found.hour == hour or (found.date(), found.hour, hour) == (FORTH, 3, 2)


# Reminders.


def session(starts_at: datetime) -> Session:
    ends_at = (utc(starts_at) + 2 * HOUR).astimezone(starts_at.tzinfo)
    return Session(7, "uid", "stad", Place("plein", "Bibliotheek Stad"), starts_at, ends_at)


@pytest.mark.parametrize(
    ("hours", "starts", "reminded"),
    [
        (USUAL, "2026-11-24 14:00", ["2026-11-23 14:00", "2026-11-24 12:00"]),
        (USUAL, "2026-11-24 08:15", ["2026-11-23 09:00", "2026-11-23 20:45"]),
        (USUAL, "2026-11-24 08:30", ["2026-11-23 09:00", "2026-11-24 08:00"]),
        (USUAL, "2026-11-24 09:30", ["2026-11-23 09:30", "2026-11-24 08:00"]),
        (USUAL, "2026-11-24 21:30", ["2026-11-23 20:00", "2026-11-24 19:30"]),
        (NIGHT_SHIFT, "2026-11-24 14:00", ["2026-11-23 07:45", "2026-11-24 07:45"]),
        (NIGHT_SHIFT, "2026-11-24 16:30", ["2026-11-23 16:30", "2026-11-24 16:00"]),
        (NEVER, "2026-11-24 07:30", ["2026-11-23 09:00", "2026-11-24 05:30"]),
        ((23, 11), "2026-11-24 10:00", ["2026-11-23 11:00", "2026-11-23 22:45"]),  # not on Sunday evening
        ((12, 9), "2026-11-24 14:00", ["2026-11-23 11:45", "2026-11-24 11:45"]),
        ((22, 20), "2026-11-24 09:00", ["2026-11-23 20:00"]),  # the second would come within two hours of it
        (USUAL, "2026-10-25 09:30", ["2026-10-24 09:30", "2026-10-25 08:00"]),
        (USUAL, "2027-03-28 09:30", ["2027-03-27 09:30", "2027-03-28 08:00"]),
        (NEVER, "2026-10-25 03:30", ["2026-10-24 09:00", "2026-10-25 02:30"]),
        (NEVER, "2027-03-28 03:30", ["2027-03-27 09:00", "2027-03-28 00:30"]),
        (USUAL, "2026-10-26 14:00", ["2026-10-25 14:00", "2026-10-26 12:00"]),
    ],
)
def test_reminders_come_the_day_before_and_two_hours_before_unless_she_sleeps(
    hours: tuple[int, int], starts: str, reminded: list[str]
) -> None:
    coming = schedule.planned(her(hours), session(at(starts)), at("2026-10-01 12:00"))
    assert [utc(one.at) for one in coming] == [utc(at(each)) for each in reminded]
    assert [one.kind for one in coming] == [DAY_BEFORE, SOON][: len(coming)]
    assert {one.about for one in coming} == {"7"}


@pytest.mark.parametrize(
    ("hours", "now", "reminded"),
    [
        (USUAL, "2026-11-23 13:59", [DAY_BEFORE, SOON]),
        (USUAL, "2026-11-23 14:00", [SOON]),
        (USUAL, "2026-11-24 11:59", [SOON]),
        (USUAL, "2026-11-24 12:00", []),
        ((22, 20), "2026-11-23 20:30", [SOON]),  # the first is over, and the second is all she gets
    ],
)
def test_only_what_is_still_to_come_is_planned(hours: tuple[int, int], now: str, reminded: list[str]) -> None:
    starts = "2026-11-24 09:00" if hours == (22, 20) else "2026-11-24 14:00"
    assert [one.kind for one in schedule.planned(her(hours), session(at(starts)), at(now))] == reminded


@given(anybody, quarters, st.integers(0, 60 * 24 * 5))
@example(her((3, 2)), at("2027-03-29 01:00"), 60 * 24 * 5)
def test_no_reminder_comes_in_her_quiet_hours_or_after_the_start(person: Person, starts: datetime, ahead: int) -> None:
    now = (utc(starts) - ahead * MINUTE).astimezone(AMSTERDAM)
    coming = schedule.planned(person, session(starts), now)
    assert all(not quiet.is_quiet(person, one.at) for one in coming)
    assert all(utc(now) < utc(one.at) < utc(starts) for one in coming)
    moments = [utc(one.at) for one in coming]
    assert moments == sorted(moments)
    assert [one.kind for one in coming] in ([], [DAY_BEFORE], [SOON], [DAY_BEFORE, SOON])


@given(anybody, quarters)
def test_the_reminder_of_the_day_before_comes_the_day_before(person: Person, starts: datetime) -> None:
    assume((person.quiet_from - person.quiet_until) % 24 != 1)  # her only hour may be one that is skipped
    assert schedule.day_before(person, session(starts)).date() == starts.date() - DAY
