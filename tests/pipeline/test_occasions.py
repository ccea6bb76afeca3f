"""What the hours around a session bring: lists for the coordinators of its library, and the question how it was."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.knowledge import Knowledge
from bot.occasions import follow
from bot.planner import look
from bot.store import Connection, Database, roles, sessions, tables
from bot.turns import happen
from bot.world import LiveWorld
from conversations.facts import CameTicked, Fact, SessionChanged, SessionsPlanned, TickingDone
from conversations.feedback import ASKED
from conversations.people import Person
from conversations.world import Place, Role
from tests.conftest import MONDAY
from tests.pipeline.doing import FATIMA, MARJA, RANIA, add, hear, rows, states, tap, text, work_off

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
PLEIN = Place("plein", "Bibliotheek Stad")
MINE, ALSO_MINE, ELSEWHERE = 3001, 3002, 3003
STARTS = datetime(2026, 12, 1, 14, tzinfo=AMSTERDAM)
ENDS = STARTS + 2 * HOUR
LISTS = ("who-comes", "tick-who-came", "how-it-was")


@pytest.fixture
async def session(database: Database, knowledge: Knowledge) -> int:
    """Fatima and Rania come, Marja does not; it has two coordinators, and another library has one."""
    await add(database, FATIMA, RANIA, MARJA, MINE, ALSO_MINE, ELSEWHERE)
    for who, role in ((MINE, "stad"), (ALSO_MINE, "stad"), (ELSEWHERE, "dorp")):
        invitation = await database.write(roles.invite, Role("coordinator", role), MONDAY)
        await database.write(roles.accept, invitation, who, MONDAY)
    await database.write(sessions.add, SessionsPlanned("stad", "dropin", PLEIN, ((STARTS, ENDS),)))
    number: int = (await rows(database, tables.sessions))[0].id
    for who in (FATIMA, RANIA):
        await hear(database, knowledge, tap(who, f"session:come:{number}"))
    return number


async def planned(database: Database, now: datetime) -> set[tuple[int, str]]:
    """Who is to be told what after a look at this moment, her reminders left out."""
    await database.write(follow, now)
    found = await rows(database, tables.plans)
    return {(row.person, row.kind) for row in found if row.kind in (*LISTS, ASKED)}


async def bring_about(database: Database, knowledge: Knowledge, now: datetime, *facts: Fact) -> None:
    def work(db: Connection) -> None:
        for fact in facts:
            happen(db, Person(MINE, "nl", agreed_at=MONDAY), fact, LiveWorld(db, knowledge, now), now)

    await database.write(work)


async def time_passes(database: Database, knowledge: Knowledge, *moments: datetime) -> None:
    for now in moments:
        await database.write(look, now)
        await work_off(database, knowledge, now)


async def changed(database: Database, session: int, **facts: Any) -> SessionChanged:
    row: Any = await database.read(sessions.find, session)
    values = {"starts_at": row.starts_at, "ends_at": row.ends_at, "remark": row.remark} | facts
    return SessionChanged(session, "dropin", PLEIN, **values)


async def asked_how_it_was(database: Database) -> dict[int, int]:
    """How often, for everybody who was asked."""
    times: dict[int, int] = {}
    for row in await rows(database, tables.outbox):
        taps = [button.get("tap", "") for line in row.letter.get("rows", []) for button in line]
        if any(each.startswith("session:feel:") for each in taps):
            times[row.chat] = times.get(row.chat, 0) + 1
    return times


async def test_who_comes_is_listed_a_day_before_for_the_coordinators_of_that_library(
    database: Database, session: int
) -> None:
    assert await planned(database, STARTS - DAY - SECOND) == set()
    listed = {(MINE, "who-comes"), (ALSO_MINE, "who-comes")}
    assert await planned(database, STARTS - DAY) == listed
    found = [row for row in await rows(database, tables.plans) if row.kind == "who-comes"]
    assert {(row.at, row.about) for row in found} == {(STARTS - DAY, str(session))}


async def test_each_list_comes_once(database: Database, knowledge: Knowledge, session: int) -> None:
    handed: list[str] = []

    def handed_over(db: Connection, now: datetime) -> None:
        before = {row.id for row in db.execute(tables.inbox.select())}
        look(db, now)
        new = [row.payload for row in db.execute(tables.inbox.select()) if row.id not in before]
        handed.extend(payload["due"]["kind"] for payload in new if payload["due"]["kind"] in LISTS)

    now = STARTS - 2 * DAY
    while now < ENDS + 9 * DAY:
        await database.write(handed_over, now)
        await work_off(database, knowledge, now)
        now += 2 * HOUR
    assert sorted(handed) == sorted(2 * LISTS)
    assert set(await states(database, tables.inbox)) == {"done"}


async def test_when_nobody_comes_that_is_told_before_and_nothing_after(
    database: Database, knowledge: Knowledge, session: int
) -> None:
    for who in (FATIMA, RANIA):
        await hear(database, knowledge, tap(who, f"session:not:{session}"))
    assert await planned(database, STARTS - HOUR) == {(MINE, "who-comes"), (ALSO_MINE, "who-comes")}
    await time_passes(database, knowledge, STARTS - HOUR)
    for now in (ENDS, ENDS + DAY, ENDS + 4 * DAY):
        assert await planned(database, now) == set()


async def test_the_list_to_tick_comes_at_the_end(database: Database, knowledge: Knowledge, session: int) -> None:
    await time_passes(database, knowledge, STARTS - DAY)
    assert await planned(database, ENDS - SECOND) == set()
    assert await planned(database, ENDS) == {(MINE, "tick-who-came"), (ALSO_MINE, "tick-who-came")}


async def test_the_sum_comes_after_three_days(database: Database, knowledge: Knowledge, session: int) -> None:
    await time_passes(database, knowledge, ENDS, ENDS + DAY)
    assert await planned(database, ENDS + 3 * DAY - SECOND) == set()
    assert await planned(database, ENDS + 3 * DAY) == {(MINE, "how-it-was"), (ALSO_MINE, "how-it-was")}


async def test_who_came_is_asked_how_it_was_after_ticking(
    database: Database, knowledge: Knowledge, session: int
) -> None:
    await time_passes(database, knowledge, ENDS)
    ticked = CameTicked(session, FATIMA, True), CameTicked(session, RANIA, False), CameTicked(session, MARJA, True)
    await bring_about(database, knowledge, ENDS, *ticked, TickingDone(session))
    await time_passes(database, knowledge, ENDS + HOUR, ENDS + 18 * HOUR, ENDS + 30 * HOUR)
    assert await asked_how_it_was(database) == {FATIMA: 1}
    await bring_about(database, knowledge, ENDS + 31 * HOUR, CameTicked(session, RANIA, True), TickingDone(session))
    await time_passes(database, knowledge, ENDS + 32 * HOUR)
    assert await asked_how_it_was(database) == {FATIMA: 1, RANIA: 1}  # ticked late, and nobody is asked twice


async def test_everybody_who_said_yes_is_asked_when_nobody_was_ticked(
    database: Database, knowledge: Knowledge, session: int
) -> None:
    await time_passes(database, knowledge, ENDS, ENDS + 18 * HOUR - SECOND)
    assert await asked_how_it_was(database) == {}
    await time_passes(database, knowledge, ENDS + 18 * HOUR, ENDS + 19 * HOUR, ENDS + 2 * DAY)
    assert await asked_how_it_was(database) == {FATIMA: 1, RANIA: 1}


async def test_ticking_without_saying_that_it_is_done_counts_too(
    database: Database, knowledge: Knowledge, session: int
) -> None:
    await time_passes(database, knowledge, ENDS)
    await bring_about(database, knowledge, ENDS, CameTicked(session, RANIA, True))
    await time_passes(database, knowledge, ENDS + 18 * HOUR)
    assert await asked_how_it_was(database) == {RANIA: 1}


async def test_whoever_stopped_or_waits_is_not_asked(database: Database, knowledge: Knowledge, session: int) -> None:
    await bring_about(database, knowledge, MONDAY, await changed(database, session, capacity=2))
    await hear(database, knowledge, tap(MARJA, f"session:wait:{session}"), text(RANIA, "/stop"))
    await time_passes(database, knowledge, ENDS, ENDS + 18 * HOUR)
    assert await asked_how_it_was(database) == {FATIMA: 1}


async def test_what_she_says_is_kept_without_being_signed(
    database: Database, knowledge: Knowledge, session: int
) -> None:
    await time_passes(database, knowledge, ENDS, ENDS + 18 * HOUR)
    said = tap(FATIMA, f"session:feel:{session}.3"), text(FATIMA, "Het was gezellig")
    await hear(database, knowledge, *said, now=ENDS + 19 * HOUR)
    outcome = await database.read(sessions.outcome, session)
    assert dict(outcome.feelings) == {3: 1}
    assert outcome.words == ("Het was gezellig",)


async def test_a_moved_session_starts_over(database: Database, knowledge: Knowledge, session: int) -> None:
    await time_passes(database, knowledge, STARTS - HOUR)
    later = {"starts_at": STARTS + 7 * DAY, "ends_at": ENDS + 7 * DAY}
    await bring_about(database, knowledge, STARTS - HOUR, await changed(database, session, **later))
    assert await planned(database, ENDS + 18 * HOUR) == set()
    assert await planned(database, STARTS + 6 * DAY) == {(MINE, "who-comes"), (ALSO_MINE, "who-comes")}
    await time_passes(database, knowledge, STARTS + 6 * DAY, ENDS + 7 * DAY, ENDS + 7 * DAY + 18 * HOUR)
    assert await asked_how_it_was(database) == {FATIMA: 1, RANIA: 1}


async def test_another_remark_does_not_start_it_over(database: Database, knowledge: Knowledge, session: int) -> None:
    await time_passes(database, knowledge, STARTS - HOUR)
    new = await changed(database, session, remark="Er is koffie.")
    await bring_about(database, knowledge, STARTS - HOUR, new)
    assert await planned(database, STARTS - HOUR + SECOND) == set()


async def test_a_cancelled_session_brings_nothing(database: Database, knowledge: Knowledge, session: int) -> None:
    assert await database.write(sessions.cancel, session)
    for now in (STARTS - HOUR, ENDS, ENDS + 18 * HOUR, ENDS + 3 * DAY):
        assert await planned(database, now) == set()


async def test_one_cancelled_while_the_question_was_on_its_way_is_not_asked_about(
    database: Database, knowledge: Knowledge, session: int
) -> None:
    await database.write(follow, ENDS + 18 * HOUR)
    await database.write(sessions.cancel, session)
    await time_passes(database, knowledge, ENDS + 18 * HOUR)
    assert await asked_how_it_was(database) == {}


async def test_what_was_missed_while_nobody_looked_comes_late(
    database: Database, knowledge: Knowledge, session: int
) -> None:
    """Three days and a half in which the program did not run."""
    late = ENDS + 3 * DAY + 12 * HOUR
    everything = {(who, kind) for who in (MINE, ALSO_MINE) for kind in LISTS[1:]}
    assert await planned(database, late) == everything | {(FATIMA, ASKED), (RANIA, ASKED)}


async def test_a_session_of_long_ago_is_left_alone(database: Database, session: int) -> None:
    assert await planned(database, ENDS + 7 * DAY) == set()
