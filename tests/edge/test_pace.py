"""How fast messages may leave. The clock is a number, so nothing here waits."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.pace import CHAT_BURST, CHAT_RATE, MOST_CHATS, OVERALL_BURST, Pace

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
A_MOMENT = 1e-6  # more than the clock's own rounding

rates = st.floats(1, 40)
starts = st.floats(0, 1e6)
pauses = st.sampled_from([0.0, 0.0, 0.0, 0.01, 0.05]) | st.floats(0, 4)
chats = st.integers(1, 3)
tries = st.lists(st.tuples(pauses, chats), max_size=150)


def may_leave(pace: Pace, chat: int, now: float) -> bool:
    return pace.wait(now) <= 0 and pace.wait_for(chat, now) <= 0


def leave_when_allowed(pace: Pace, start: float, tried: list[tuple[float, int]]) -> list[tuple[float, int]]:
    """Sends at every try that is allowed, tidying up now and then; gives when what left."""
    now, left = start, []
    for count, (pause, chat) in enumerate(tried):
        now += pause
        if count % 7 == 6:
            pace.tidy(now)
        if may_leave(pace, chat, now):
            pace.spend(chat)
            left.append((now, chat))
    return left


def assert_never_faster(times: list[float], rate: float, burst: float) -> None:
    for first, start in enumerate(times):
        for last in range(first, len(times)):
            assert last - first + 1 <= burst + rate * (times[last] - start) + A_MOMENT


@UNHURRIED
@given(rates, starts, tries)
def test_never_more_leaves_than_the_rate_and_one_burst(
    rate: float, start: float, tried: list[tuple[float, int]]
) -> None:
    left = leave_when_allowed(Pace(rate, start), start, tried)
    assert_never_faster([now for now, _ in left], rate, OVERALL_BURST)


@UNHURRIED
@given(rates, starts, tries)
def test_no_chat_gets_more_than_three_at_once_and_one_a_second(
    rate: float, start: float, tried: list[tuple[float, int]]
) -> None:
    left = leave_when_allowed(Pace(rate, start), start, tried)
    for chat in {chat for _, chat in left}:
        assert_never_faster([now for now, to in left if to == chat], CHAT_RATE, CHAT_BURST)


def test_the_whole_rate_is_used() -> None:
    pace, now, times = Pace(28, 0), 0.0, []
    for chat in range(281):
        now += max(0.0, pace.wait(now), pace.wait_for(chat, now)) + A_MOMENT
        assert may_leave(pace, chat, now)
        pace.spend(chat)
        times.append(now)
    assert times[-1] == pytest.approx((281 - OVERALL_BURST) / 28, abs=0.01)
    assert all(later - earlier < 1 / 28 + 0.001 for earlier, later in pairwise(times))


@UNHURRIED
@given(rates, starts, tries, chats)
def test_waiting_as_long_as_it_says_is_enough(
    rate: float, start: float, tried: list[tuple[float, int]], chat: int
) -> None:
    pace = Pace(rate, start)
    leave_when_allowed(pace, start, tried)
    now = start + sum(pause for pause, _ in tried)
    now += max(pace.wait(now), pace.wait_for(chat, now), 0) + A_MOMENT
    assert may_leave(pace, chat, now)


def test_a_chat_may_have_three_at_once_and_then_one_a_second() -> None:
    pace, left = Pace(1000, 0), []
    for tenth in range(51):
        if may_leave(pace, 1, tenth / 10 + A_MOMENT):
            pace.spend(1)
            left.append(tenth / 10)
    assert left == [0, 0.1, 0.2, 1.0, 2.0, 3.0, 4.0, 5.0]


@UNHURRIED
@given(starts, st.floats(1, 3600), st.floats(0, 0.999))
def test_a_flooded_chat_waits_and_the_others_do_not(start: float, seconds: float, part: float) -> None:
    pace = Pace(28, start)
    pace.flooded(1, seconds, start)
    during = start + seconds * part
    assert pace.wait_for(1, during) == pytest.approx(start + seconds - during)
    assert may_leave(pace, 2, during)
    assert may_leave(pace, 1, start + seconds + A_MOMENT)


@UNHURRIED
@given(starts, st.floats(10, 3600), st.floats(1, 3600))
def test_a_second_flooded_chat_makes_all_wait(start: float, first: float, second: float) -> None:
    pace = Pace(28, start)
    pace.flooded(1, first, start)
    pace.flooded(2, second, start + 5)
    assert pace.wait(start + 5) == pytest.approx(second)
    assert pace.wait(start + 5 + second + A_MOMENT) <= 0
    assert not may_leave(pace, 3, start + 5 + second / 2)


def test_the_same_chat_flooded_twice_does_not_make_all_wait() -> None:
    pace = Pace(28, 0)
    pace.flooded(1, 30, 0)
    pace.flooded(1, 30, 5)
    assert may_leave(pace, 2, 6)
    assert pace.wait_for(1, 6) == pytest.approx(29)


def test_a_flood_that_is_over_does_not_count_for_the_next() -> None:
    pace = Pace(28, 0)
    pace.flooded(1, 10, 0)
    pace.flooded(2, 10, 10)
    assert may_leave(pace, 3, 11)


def test_a_shorter_wait_does_not_end_a_longer_one() -> None:
    pace = Pace(28, 0)
    pace.flooded(1, 60, 0)
    pace.flooded(1, 2, 1)
    assert pace.wait_for(1, 10) == pytest.approx(50)
    pace.flooded(2, 100, 10)
    pace.flooded(3, 5, 11)
    assert pace.wait(12) == pytest.approx(98)


def test_tidying_forgets_chats_at_rest_and_floods_that_are_over() -> None:
    pace = Pace(28, 0)
    for chat in (1, 2, 3):
        pace.wait_for(chat, chat)
    pace.flooded(9, 2, 3)
    pace.tidy(5.5)
    assert set(pace._chats) == {3}
    assert pace._closed == {}


def test_tidying_gives_nobody_a_second_burst() -> None:
    pace = Pace(1000, 0)
    for moment in (0.1, 0.2, 0.3):
        assert may_leave(pace, 1, moment)
        pace.spend(1)
    pace.tidy(0.5)
    assert not may_leave(pace, 1, 0.5)


def test_a_flood_is_not_forgotten_with_the_chats_at_rest() -> None:
    pace = Pace(28, 0)
    pace.flooded(1, 600, 0)
    pace.tidy(300)
    assert pace.wait_for(1, 300) == pytest.approx(300)


def test_a_broadcast_to_very_many_does_not_fill_the_memory() -> None:
    pace = Pace(28, 0)
    for chat in range(5 * MOST_CHATS):
        now = chat / 28
        if may_leave(pace, chat, now):
            pace.spend(chat)
        assert len(pace._chats) <= MOST_CHATS
