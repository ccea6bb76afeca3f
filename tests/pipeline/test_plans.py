"""What is planned comes once, at the right time by the clock on the wall, also in the nights the clocks change."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from bot import occasions
from bot.content.organisations import Organisations
from bot.knowledge import Knowledge
from bot.planner import Planner, look, set_sessions
from bot.store import Connection, Database, inbox, plans, sessions, tables
from bot.turns import happen
from bot.world import LiveWorld
from conversations.facts import Fact, SeriesTakenOver, SessionCancelled, SessionChanged
from conversations.people import Person
from conversations.world import Place
from tests.conftest import MONDAY
from tests.pipeline.doing import (
    FATIMA,
    MARJA,
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
    text,
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
    await add(database, FATIMA, quiet_from=0, quiet_until=0)
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
    assert len((await letters(database, FATIMA))[said:]) == 2  # and the calendar file
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


# A coordinator changes a session.


async def bring_about(database: Database, knowledge: Knowledge, *facts: Fact, now: datetime = MONDAY) -> None:
    """What follows from a coordinator's tap."""

    def work(db: Connection) -> None:
        for fact in facts:
            happen(db, Person(1004, "nl", agreed_at=MONDAY), fact, LiveWorld(db, knowledge, now), now)

    await database.write(work)


async def by_hand(database: Database, session: int, **facts: Any) -> SessionChanged:
    row: Any = await database.read(sessions.find, session)
    values = {"place": Place(row.place, "Bibliotheek Stad"), "starts_at": row.starts_at, "ends_at": row.ends_at}
    return SessionChanged(session, row.kind, **values | {"capacity": row.capacity} | facts)


async def calendars(database: Database, chat: int) -> list[Any]:
    """Each calendar file that she was sent: its method, and the event in it."""
    letters = [row.letter for row in await rows(database, tables.outbox) if row.chat == chat]
    files = [Calendar.from_ical(letter["calendar"]["text"]) for letter in letters if "calendar" in letter]
    return [(str(file["method"]), file.walk("VEVENT")[0]) for file in files]


async def one_comes_one_waits(database: Database, knowledge: Knowledge) -> int:
    """Fatima comes on Tuesday, Rania waits for a place, Marja does neither."""
    session = await comes_on_tuesday(database, knowledge)
    await add(database, MARJA)
    await bring_about(database, knowledge, await by_hand(database, session, capacity=1))
    await hear(database, knowledge, tap(RANIA, f"session:wait:{session}"))
    return session


LATER = {"starts_at": local(date(2026, 12, 3), 10), "ends_at": local(date(2026, 12, 3), 12)}


async def test_who_comes_and_who_waits_hears_once_of_what_was_moved_by_hand(
    database: Database, knowledge: Knowledge
) -> None:
    session = await one_comes_one_waits(database, knowledge)
    await hear(database, knowledge, tap(FATIMA, f"session:file:{session}"))
    ((_publish, before),) = await calendars(database, FATIMA)
    said = {who: len(await letters(database, who)) for who in (FATIMA, RANIA, MARJA)}
    await bring_about(database, knowledge, await by_hand(database, session, **LATER))
    assert await look_at_plans(database, knowledge, MONDAY) == 2
    assert await look_at_plans(database, knowledge, MONDAY) == 0
    told = {who: (await letters(database, who))[said[who] :] for who in said}
    assert (len(told[FATIMA]), len(told[RANIA]), len(told[MARJA])) == (2, 1, 0)
    assert "10.00" in told[FATIMA][0]
    assert "10.00" in told[RANIA][0]
    _first, (method, event) = await calendars(database, FATIMA)
    assert (method, event["uid"]) == ("PUBLISH", before["uid"])
    assert event["sequence"] > before["sequence"]
    assert event["dtstart"].dt == LATER["starts_at"]
    assert await calendars(database, RANIA) == []
    reminders = {(row.person, row.kind): row.at for row in await rows(database, tables.plans)}
    assert reminders == {
        (FATIMA, "session-tomorrow"): local(date(2026, 12, 2), 10),
        (FATIMA, "session-soon"): local(date(2026, 12, 3), 8),
    }


async def test_who_comes_and_who_waits_hears_once_of_what_was_cancelled_by_hand(
    database: Database, knowledge: Knowledge
) -> None:
    session = await one_comes_one_waits(database, knowledge)
    await hear(database, knowledge, tap(FATIMA, f"session:file:{session}"))
    ((_publish, before),) = await calendars(database, FATIMA)
    said = {who: len(await letters(database, who)) for who in (FATIMA, RANIA, MARJA)}
    await bring_about(database, knowledge, SessionCancelled(session), SessionCancelled(session))
    assert await look_at_plans(database, knowledge, MONDAY) == 2
    told = {who: (await letters(database, who))[said[who] :] for who in said}
    assert (len(told[FATIMA]), len(told[RANIA]), len(told[MARJA])) == (2, 1, 0)
    _first, (method, event) = await calendars(database, FATIMA)
    assert (method, event["uid"], event["status"]) == ("CANCEL", before["uid"], "CANCELLED")
    assert event["sequence"] > before["sequence"]
    assert await calendars(database, RANIA) == []  # she has nothing in her calendar
    assert await rows(database, tables.plans) == []


async def test_moved_twice_and_then_cancelled_is_told_as_it_is_now(database: Database, knowledge: Knowledge) -> None:
    session = await comes_on_tuesday(database, knowledge)
    said = len(await letters(database, FATIMA))
    await bring_about(database, knowledge, await by_hand(database, session, **LATER))
    await bring_about(database, knowledge, await by_hand(database, session, place=Place("own-1", "Buurthuis")))
    await bring_about(database, knowledge, SessionCancelled(session))
    await look_at_plans(database, knowledge, MONDAY)
    assert len((await letters(database, FATIMA))[said:]) == 2  # that it is cancelled, and the calendar file
    assert [method for method, _event in await calendars(database, FATIMA)] == ["CANCEL"]


async def test_another_place_is_told_and_another_remark_is_not(database: Database, knowledge: Knowledge) -> None:
    session = await comes_on_tuesday(database, knowledge)
    await bring_about(database, knowledge, await by_hand(database, session, remark="Er is koffie.", capacity=9))
    assert await look_at_plans(database, knowledge, MONDAY) == 0
    own = Place("own-1", "Buurthuis", "Laan 3")
    await bring_about(database, knowledge, await by_hand(database, session, place=own))
    assert await look_at_plans(database, knowledge, MONDAY) == 1
    assert "Buurthuis, Laan 3" in (await letters(database, FATIMA))[-2]


async def test_whoever_stopped_is_told_nothing_but_her_reminders_follow(
    database: Database, knowledge: Knowledge
) -> None:
    """She may want messages again before that day."""
    session = await comes_on_tuesday(database, knowledge)
    await hear(database, knowledge, text(FATIMA, "/stop"))
    said = await letters(database, FATIMA)
    await bring_about(database, knowledge, await by_hand(database, session, **LATER))
    await look_at_plans(database, knowledge, MONDAY)
    assert await letters(database, FATIMA) == said
    reminders = {row.kind: row.at for row in await rows(database, tables.plans)}
    assert reminders == {"session-tomorrow": local(date(2026, 12, 2), 10), "session-soon": local(date(2026, 12, 3), 8)}
    await look_at_plans(database, knowledge, local(date(2026, 12, 2), 10))
    assert await letters(database, FATIMA) == said
    await hear(database, knowledge, tap(FATIMA, "settings:again"), now=local(date(2026, 12, 2), 11))
    said = await letters(database, FATIMA)
    await look_at_plans(database, knowledge, local(date(2026, 12, 3), 8))
    assert len(await letters(database, FATIMA)) == len(said) + 1


async def test_what_was_changed_by_hand_no_longer_follows_the_file(database: Database, knowledge: Knowledge) -> None:
    session = await comes_on_tuesday(database, knowledge)
    await bring_about(database, knowledge, await by_hand(database, session, **LATER))
    await look_at_plans(database, knowledge, MONDAY)
    for organisations in (
        knowledge.organisations,
        changed(knowledge.organisations, "dinsdag", starts=time(15), ends=time(17)),
        without(knowledge.organisations, "dinsdag"),
    ):
        await change(database, organisations)
        kept: Any = await database.read(sessions.find, session)
        assert (kept.starts_at, kept.cancelled, kept.sequence) == (LATER["starts_at"], False, 1)
    assert await look_at_plans(database, knowledge, MONDAY) == 0


async def test_what_was_cancelled_by_hand_does_not_come_back_with_the_file(
    database: Database, knowledge: Knowledge
) -> None:
    session = await comes_on_tuesday(database, knowledge)
    await bring_about(database, knowledge, SessionCancelled(session))
    await look_at_plans(database, knowledge, MONDAY)
    await plan_sessions(database, knowledge, MONDAY + HOUR)
    kept: Any = await database.read(sessions.find, session)
    assert kept.cancelled
    assert await look_at_plans(database, knowledge, MONDAY + HOUR) == 0


async def test_what_is_changed_by_hand_while_the_file_is_read_stays_changed(
    postgresql_only: Database, knowledge: Knowledge
) -> None:
    """The planner had seen it as it was, and put the file's time over the coordinator's."""
    session = await comes_on_tuesday(postgresql_only, knowledge)
    new = changed(knowledge.organisations, "dinsdag", starts=time(15), ends=time(17))
    moved = await by_hand(postgresql_only, session, **LATER)
    async with postgresql_only._engine.begin() as coordinator:
        await coordinator.run_sync(sessions.change, moved, MONDAY)
        planner = asyncio.create_task(change(postgresql_only, new))
        await asyncio.sleep(0.3)  # it has looked, and waits for the coordinator
    await planner
    kept: Any = await postgresql_only.read(sessions.find, session)
    assert (kept.starts_at, kept.sequence) == (LATER["starts_at"], 1)


async def days_of_tuesday(database: Database) -> list[str]:
    """Those that are not cancelled."""
    return [s.day for s in await rows(database, tables.sessions) if s.slot == "dinsdag" and not s.cancelled]


async def test_a_line_that_was_taken_over_plans_nothing_more_from_that_day(
    database: Database, knowledge: Knowledge
) -> None:
    session = await comes_on_tuesday(database, knowledge)
    following = [s.id for s in await rows(database, tables.sessions) if s.slot == "dinsdag" and s.day >= TUESDAY]
    changes = [await by_hand(database, each, remark="Nieuw") for each in following]
    before = await days_of_tuesday(database)
    await bring_about(database, knowledge, SeriesTakenOver(session), *changes)
    await plan_sessions(database, knowledge, MONDAY + 4 * WEEK)
    assert await days_of_tuesday(database) == before
    assert any(s.slot == "vrijdag" and s.day > before[-1] for s in await rows(database, tables.sessions))


async def test_a_line_whose_rest_was_cancelled_stays_cancelled(database: Database, knowledge: Knowledge) -> None:
    session = await comes_on_tuesday(database, knowledge)
    following = [s.id for s in await rows(database, tables.sessions) if s.slot == "dinsdag" and s.day >= TUESDAY]
    await bring_about(database, knowledge, SeriesTakenOver(session), *map(SessionCancelled, following))
    await plan_sessions(database, knowledge, MONDAY + 4 * WEEK)
    assert await days_of_tuesday(database) == ["2026-11-24"]


async def test_a_line_is_taken_over_from_the_earliest_day(database: Database, knowledge: Knowledge) -> None:
    """The later day stayed, and what lies between was planned again."""
    await plan_sessions(database, knowledge)
    tuesdays = [s.id for s in await rows(database, tables.sessions) if s.slot == "dinsdag"]
    for session in (tuesdays[3], tuesdays[1], tuesdays[2]):
        await bring_about(database, knowledge, SeriesTakenOver(session))
    assert [row.since for row in await rows(database, tables.slots_taken_over)] == [TUESDAY]


async def test_the_rest_of_a_series_begins_with_the_one_that_was_put_later(
    database: Database, knowledge: Knowledge
) -> None:
    """It keeps the day it was planned for, and was left out."""
    session = await comes_on_tuesday(database, knowledge)
    before = await database.read(sessions.following, "dinsdag", TUESDAY, MONDAY)
    await bring_about(database, knowledge, await by_hand(database, session, **LATER))
    after = await database.read(sessions.following, "dinsdag", LATER["starts_at"].date().isoformat(), MONDAY)
    assert [row.id for row in before] == [row.id for row in after]
    assert before[0].id == session


async def test_a_moved_line_of_the_file_is_listed_again(database: Database, knowledge: Knowledge) -> None:
    session = await comes_on_tuesday(database, knowledge)
    now = local(date(2026, 11, 30), 20)
    await database.write(occasions.follow, now)
    await change(database, changed(knowledge.organisations, "dinsdag", starts=time(19), ends=time(21)), now)
    kept: Any = await database.read(sessions.find, session)
    assert kept.stage == 0


async def test_who_waited_waits_again_when_a_cancelled_drop_in_comes_back(
    database: Database, knowledge: Knowledge
) -> None:
    """A place was offered to her when it was cancelled."""
    session = await comes_on_tuesday(database, knowledge)
    row = tables.signups.update().where(tables.signups.c.session == session)
    await database.write(lambda db: db.execute(row.values(state="offered", until=MONDAY + DAY)))
    await change(database, without(knowledge.organisations, "dinsdag"))
    assert [s.state for s in await rows(database, tables.signups)] == ["waits"]
    await change(database, knowledge.organisations)
    await database.write(look, MONDAY + HOUR)
    assert [s.state for s in await rows(database, tables.signups)] == ["offered"]
