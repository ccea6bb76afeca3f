"""What is planned comes once, at the right time by the clock on the wall, also in the nights the clocks change."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.content.organisations import Organisations
from bot.knowledge import Knowledge
from bot.planner import Planner, set_sessions
from bot.store import Database, inbox, plans, sessions, tables
from tests.conftest import MONDAY
from tests.pipeline.doing import (
    FATIMA,
    RANIA,
    ClockFrom,
    add,
    hear,
    letters,
    look_at_plans,
    plan_sessions,
    rows,
    session_of,
    tap,
    work_off,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
TUESDAY = "2026-12-01"


async def nothing_to_write() -> None:
    pass


async def test_the_same_again_is_moved(database: Database) -> None:
    await add(database, FATIMA)
    await database.write(plans.put, FATIMA, MONDAY, "tip")
    await database.write(plans.put, FATIMA, MONDAY + DAY, "tip")
    assert [row.at for row in await rows(database, tables.plans)] == [MONDAY + DAY]
    assert await database.write(plans.hand_over, MONDAY) == 0
    assert await database.write(plans.hand_over, MONDAY + DAY) == 1


async def test_what_is_taken_back_never_comes(database: Database) -> None:
    await add(database, FATIMA)
    for about in ("1", "2"):
        await database.write(plans.put, FATIMA, MONDAY, "session-soon", about)
    await database.write(plans.put, FATIMA, MONDAY, "tip")
    await database.write(plans.drop, FATIMA, "session-soon", "1")
    assert [(row.kind, row.about) for row in await rows(database, tables.plans)] == [("session-soon", "2"), ("tip", "")]
    await database.write(plans.drop, FATIMA, "session-soon")
    assert [row.kind for row in await rows(database, tables.plans)] == ["tip"]


async def test_what_is_due_is_handed_over_once_soonest_first(database: Database) -> None:
    await add(database, FATIMA, RANIA)
    await database.write(plans.put, FATIMA, MONDAY, "tip")
    await database.write(plans.put, RANIA, MONDAY - HOUR, "tip")
    await database.write(plans.put, RANIA, MONDAY + HOUR, "session-soon", "1")
    assert await database.write(plans.hand_over, MONDAY) == 2
    assert await database.write(plans.hand_over, MONDAY) == 0
    assert [row.lane for row in await rows(database, tables.inbox)] == [RANIA, FATIMA]
    assert len(await rows(database, tables.plans)) == 1


async def test_a_plan_of_the_same_kind_comes_every_time(database: Database, knowledge: Knowledge) -> None:
    await add(database, FATIMA)
    for number in range(3):
        await database.write(plans.put, FATIMA, MONDAY, "session-soon", "1")
        assert await look_at_plans(database, knowledge, MONDAY) == 1, number
    assert len(await rows(database, tables.inbox)) == 3


async def test_two_planners_at_once_hand_over_once(postgresql_only: Database) -> None:
    await add(postgresql_only, *range(1, 41))
    for who in range(1, 41):
        await postgresql_only.write(plans.put, who, MONDAY, "tip")
    moved = await asyncio.gather(*(postgresql_only.write(plans.hand_over, MONDAY) for _ in range(4)))
    assert sum(moved) == 40
    assert len(await rows(postgresql_only, tables.inbox)) == 40


async def test_what_is_moved_while_a_planner_looks_is_not_handed_over(postgresql_only: Database) -> None:
    """It was handed over as it had been, and the moved one was lost."""
    await add(postgresql_only, FATIMA)
    await postgresql_only.write(plans.put, FATIMA, MONDAY, "tip")
    async with postgresql_only._engine.begin() as turn:
        await turn.run_sync(plans.put, FATIMA, MONDAY + WEEK, "tip")
        planner = asyncio.create_task(postgresql_only.write(plans.hand_over, MONDAY))
        await asyncio.sleep(0.3)  # it has looked, and waits for the turn
    assert await planner == 0
    assert [row.at for row in await rows(postgresql_only, tables.plans)] == [MONDAY + WEEK]


async def test_what_is_late_still_comes(database: Database, knowledge: Knowledge) -> None:
    await add(database, FATIMA, wants_tips=True)
    await database.write(plans.put, FATIMA, MONDAY, "tip")
    assert await look_at_plans(database, knowledge, MONDAY + 3 * DAY + 2 * HOUR) == 1
    assert len(await letters(database, FATIMA)) == 1


async def test_the_planner_looks_by_itself(database: Database, knowledge: Knowledge) -> None:
    await add(database, FATIMA, wants_tips=True)
    await database.write(plans.put, FATIMA, MONDAY, "tip")
    moved = asyncio.Event()
    planner = Planner(database, lambda: knowledge.organisations, ClockFrom(), moved.set, nothing_to_write)
    await planner.start()
    try:
        await asyncio.wait_for(moved.wait(), 20)
    finally:
        planner.stop()
    assert len(await rows(database, tables.inbox)) == 1
    assert await rows(database, tables.sessions)


# Each Sunday night in which the clocks change, with the offsets from UTC before and after it.
NIGHTS = pytest.mark.parametrize(("night", "before", "after"), [(date(2026, 3, 29), 1, 2), (date(2026, 10, 25), 2, 1)])


def local(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), AMSTERDAM)


async def heard_in_time(
    database: Database, knowledge: Knowledge, start: datetime, hours: int, who: int = FATIMA
) -> dict[datetime, list[str]]:
    """Looks a second before each plan and when it is due; gives what was written when, in local time."""
    heard: dict[datetime, list[str]] = {}
    known = len(await letters(database, who))
    end = start.astimezone(UTC) + hours * HOUR
    while (at := await database.read(plans.next_at)) and at < end:
        assert at >= start
        assert await look_at_plans(database, knowledge, at - timedelta(seconds=1)) == 0
        await look_at_plans(database, knowledge, at)
        written = await letters(database, who)
        if written[known:]:
            heard[at.astimezone(AMSTERDAM)] = written[known:]
            known = len(written)
    return heard


@NIGHTS
async def test_the_weekly_tip_keeps_its_hour_when_the_clocks_change(
    database: Database, knowledge: Knowledge, night: date, before: int, after: int
) -> None:
    """Chosen on Monday for Sunday, the day of the change itself; then the week after."""
    chosen = local(night - 6 * DAY, 12)
    await add(database, FATIMA, wants_tips=True, tip_day=6)
    await hear(database, knowledge, tap(FATIMA, "tip:hour:10"), now=chosen)
    heard = await heard_in_time(database, knowledge, local(night - DAY, 20), 30)
    assert list(heard) == [local(night, 10)]
    assert local(night, 10).astimezone(UTC).hour == 10 - after
    (next_tip,) = await rows(database, tables.plans)
    assert next_tip.at == local(night + WEEK, 10)
    assert local(night - DAY, 10).astimezone(UTC).hour == 10 - before


@NIGHTS
async def test_the_reminder_of_the_day_before_keeps_its_hour_when_the_clocks_change(
    database: Database, knowledge: Knowledge, night: date, before: int, after: int
) -> None:
    """The drop-in is on Tuesday; the one on the Sunday itself is reminded of on Saturday, before the change."""
    tuesday = local(night + 2 * DAY, 14)
    await add(database, FATIMA)
    await plan_sessions(database, knowledge, tuesday - 20 * DAY)
    session = await session_of(database, "dinsdag", tuesday.date().isoformat())
    assert session.starts_at == tuesday
    await hear(database, knowledge, tap(FATIMA, f"session:come:{session.id}"), now=local(night - 2 * DAY, 12))
    heard = await heard_in_time(database, knowledge, local(night - DAY, 12), 76)
    assert list(heard) == [local(night + DAY, 14), local(night + 2 * DAY, 12)]
    assert all(len(said) == 1 for said in heard.values())


@NIGHTS
@pytest.mark.parametrize(("starts", "reminded"), [("09:30", 9), ("01:30", 9), ("14:00", 14)])
async def test_a_drop_in_on_the_day_the_clocks_change(
    database: Database, knowledge: Knowledge, night: date, before: int, after: int, starts: str, reminded: int
) -> None:
    slot = next(slot for slot in knowledge.organisations.schedule if slot.id == "dinsdag")
    begins = time.fromisoformat(starts)
    sunday = replace(slot, id="zondag", weekday=6, starts=begins, ends=time(begins.hour + 2, begins.minute))
    known = replace(knowledge, organisations=replace(knowledge.organisations, schedule=(sunday,)))
    await add(database, FATIMA)
    await plan_sessions(database, known, local(night - 6 * DAY, 12))
    session = await session_of(database, "zondag", night.isoformat())
    assert session.starts_at == datetime.combine(night, begins, AMSTERDAM)
    await hear(database, known, tap(FATIMA, f"session:come:{session.id}"), now=local(night - 2 * DAY, 8))
    heard = await heard_in_time(database, known, local(night - 2 * DAY, 9), 60)
    two_hours_before = (session.starts_at - 2 * HOUR).astimezone(AMSTERDAM)
    minute = begins.minute if reminded == begins.hour else 0
    assert list(heard) == [local(night - DAY, reminded, minute), two_hours_before]
    assert (session.starts_at - two_hours_before.astimezone(UTC)) == 2 * HOUR


async def test_a_drop_in_in_the_hour_that_is_skipped_begins_an_hour_later(
    database: Database, knowledge: Knowledge
) -> None:
    slot = replace(knowledge.organisations.schedule[0], id="nacht", weekday=6, starts=time(2, 30), ends=time(4))
    known = replace(knowledge.organisations, schedule=(slot,))
    await database.write(set_sessions, known, local(date(2026, 3, 28), 12))
    session = await session_of(database, "nacht", "2026-03-29")
    assert session.starts_at.astimezone(AMSTERDAM).time() == time(3, 30)


# The organisations file changes.


def changed(organisations: Organisations, slot: str, **facts: object) -> Organisations:
    schedule = tuple(replace(s, **facts) if s.id == slot else s for s in organisations.schedule)  # type: ignore[arg-type]
    return replace(organisations, schedule=schedule)


def without(organisations: Organisations, slot: str) -> Organisations:
    return replace(organisations, schedule=tuple(s for s in organisations.schedule if s.id != slot))


async def change(database: Database, organisations: Organisations, now: datetime = MONDAY) -> None:
    await database.write(set_sessions, organisations, now)


async def comes_on_tuesday(database: Database, knowledge: Knowledge) -> int:
    """Fatima comes and Rania does not; gives the drop-in's number."""
    await add(database, FATIMA, RANIA)
    await plan_sessions(database, knowledge)
    session: int = (await session_of(database, "dinsdag", TUESDAY)).id
    await hear(database, knowledge, tap(FATIMA, f"session:come:{session}"))
    return session


async def test_an_unchanged_file_changes_nothing(database: Database, knowledge: Knowledge) -> None:
    await comes_on_tuesday(database, knowledge)
    before = await rows(database, tables.sessions), await rows(database, tables.plans)
    await plan_sessions(database, knowledge)
    await plan_sessions(database, knowledge, MONDAY + HOUR)
    assert (await rows(database, tables.sessions), await rows(database, tables.plans)) == before


async def test_the_days_to_come_are_added_as_time_goes_on(database: Database, knowledge: Knowledge) -> None:
    await plan_sessions(database, knowledge)
    before = await rows(database, tables.sessions)
    await plan_sessions(database, knowledge, MONDAY + WEEK)
    after = await rows(database, tables.sessions)
    assert after[: len(before)] == before
    assert len(after) > len(before)


async def test_who_comes_hears_that_it_is_moved(database: Database, knowledge: Knowledge) -> None:
    session = await comes_on_tuesday(database, knowledge)
    said = len(await letters(database, FATIMA))
    await change(database, changed(knowledge.organisations, "dinsdag", starts=time(15), ends=time(17)))
    await look_at_plans(database, knowledge, MONDAY)
    moved, calendar = (await letters(database, FATIMA))[said:]
    assert "15.00" in moved
    assert calendar == ""  # a file
    assert await letters(database, RANIA) == []
    kept = await database.read(sessions.find, session)
    assert kept
    assert (kept.sequence, kept.cancelled) == (1, False)
    reminders = {row.kind: row.at for row in await rows(database, tables.plans)}
    assert reminders == {
        "session-tomorrow": local(date(2026, 11, 30), 15),
        "session-soon": local(date(2026, 12, 1), 13),
    }


async def test_who_comes_hears_that_it_is_cancelled(database: Database, knowledge: Knowledge) -> None:
    session = await comes_on_tuesday(database, knowledge)
    said = len(await letters(database, FATIMA))
    await change(database, without(knowledge.organisations, "dinsdag"))
    await look_at_plans(database, knowledge, MONDAY)
    assert len((await letters(database, FATIMA))[said:]) == 1
    assert await letters(database, RANIA) == []
    kept = await database.read(sessions.find, session)
    assert kept
    assert (kept.sequence, kept.cancelled) == (1, True)
    assert await rows(database, tables.plans) == []
    await change(database, without(knowledge.organisations, "dinsdag"))
    assert await look_at_plans(database, knowledge, MONDAY) == 0


async def test_a_cancelled_drop_in_comes_back(database: Database, knowledge: Knowledge) -> None:
    session = await comes_on_tuesday(database, knowledge)
    await change(database, without(knowledge.organisations, "dinsdag"))
    await look_at_plans(database, knowledge, MONDAY)
    said = len(await letters(database, FATIMA))
    await change(database, knowledge.organisations)
    await look_at_plans(database, knowledge, MONDAY)
    assert len((await letters(database, FATIMA))[said:]) == 2
    kept = await database.read(sessions.find, session)
    assert kept
    assert (kept.sequence, kept.cancelled) == (2, False)
    assert {row.kind for row in await rows(database, tables.plans)} == {"session-tomorrow", "session-soon"}


async def test_cancelled_and_back_before_anybody_heard_is_told_as_it_is_now(
    database: Database, knowledge: Knowledge
) -> None:
    await comes_on_tuesday(database, knowledge)
    said = len(await letters(database, FATIMA))
    await change(database, without(knowledge.organisations, "dinsdag"))
    await change(database, knowledge.organisations)
    await look_at_plans(database, knowledge, MONDAY)
    heard = (await letters(database, FATIMA))[said:]
    assert len(heard) == 2  # how it is now, and the calendar file; nothing of a cancellation


async def test_what_has_been_stays_as_it_was(database: Database, knowledge: Knowledge) -> None:
    session = await comes_on_tuesday(database, knowledge)
    await change(database, without(knowledge.organisations, "dinsdag"), MONDAY + 2 * WEEK)
    kept = await database.read(sessions.find, session)
    assert kept
    assert (kept.sequence, kept.cancelled) == (0, False)


async def test_one_that_has_begun_can_still_be_put_later(database: Database, knowledge: Knowledge) -> None:
    """It was taken for one of the past, and the change was lost."""
    session = await comes_on_tuesday(database, knowledge)
    await look_at_plans(database, knowledge, local(date(2026, 12, 1), 12))
    begun = local(date(2026, 12, 1), 14, 5)
    await change(database, changed(knowledge.organisations, "dinsdag", starts=time(15), ends=time(17)), begun)
    kept = await database.read(sessions.find, session)
    assert kept
    assert (kept.starts_at, kept.sequence) == (local(date(2026, 12, 1), 15), 1)
    said = len(await letters(database, FATIMA))
    await look_at_plans(database, knowledge, begun)
    assert len((await letters(database, FATIMA))[said:]) == 2


async def test_a_reminder_for_one_cancelled_meanwhile_is_not_sent(database: Database, knowledge: Knowledge) -> None:
    session = await comes_on_tuesday(database, knowledge)
    said = len(await letters(database, FATIMA))
    await database.write(plans.hand_over, local(date(2026, 11, 30), 14))  # in the inbox when it is cancelled
    await change(database, without(knowledge.organisations, "dinsdag"), local(date(2026, 11, 30), 14))
    await work_off(database, knowledge, local(date(2026, 11, 30), 14))
    assert (await letters(database, FATIMA))[said:] == []
    assert (await database.read(inbox.counts))["done"] == 2
    assert session
