"""Broadcasts as they run: beside delivery, in the whole program, and in a talk."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bot.broadcasting import Broadcasting
from bot.clock import Clock
from bot.demo.telegram import LocalTelegram
from bot.knowledge import Knowledge
from bot.outcomes import Gone, Later, Refused
from bot.program import Program
from bot.settings import read
from bot.store import Database, broadcasts, people, tables
from bot.talk import Talk
from conversations.people import Person
from tests.conftest import MONDAY
from tests.pipeline.doing import (
    FATIMA,
    MARJA,
    NEVER,
    RANIA,
    ClockFrom,
    Messenger,
    add,
    delivering,
    failing,
    rows,
    until,
)
from tests.pipeline.test_broadcasts import (
    AMSTERDAM,
    RATE,
    TEXT,
    begun,
    erase,
    fates,
    feed,
    order,
    reach,
    send_all,
    told,
)

CONTENT = Path(__file__).parent.parent / "content"


@asynccontextmanager
async def broadcasting(
    database: Database, clock: Clock, wrote: Callable[[], None], rate: float = 1000
) -> AsyncIterator[Broadcasting]:
    running = Broadcasting(database, clock, rate, wrote)
    task = asyncio.create_task(running.run())
    try:
        yield running
        assert not task.done(), task.exception()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def is_over(database: Database, number: int) -> bool:
    return (await told(database, number)).state == "done"


async def test_everybody_gets_it_once_and_the_author_is_told(database: Database) -> None:
    crowd = range(101, 161)
    await add(database, *crowd, MARJA)
    messenger, clock = Messenger(), ClockFrom()
    outcomes = [Gone("blocked"), Refused("?"), Later("timed out", arrived=True), Later("flood", flood=1), Later("no")]
    messenger.will_answer(TEXT["nl"]["text"], *outcomes)
    number = await order(database, reach())
    async with delivering(database, messenger, clock) as delivery, broadcasting(database, clock, delivery.wake):
        await until(lambda: is_over(database, number))
        await until(lambda: plan_of(database, "broadcast-done"))
    got = Counter(chat for chat, _said in messenger.sent)
    assert set(got) == set(crowd)
    assert sorted(got.values())[-3:] == [1, 2, 2], "what did not arrive was sent again, and nothing else"
    found = await told(database, number)
    assert (found.audience, found.delivered, found.blocked, found.failed, found.unsure) == (60, 57, 1, 1, 1)


async def plan_of(database: Database, kind: str) -> bool:
    return kind in {row.kind for row in await rows(database, tables.plans)}


async def test_no_more_waits_in_the_outbox_than_is_sent_in_two_seconds(database: Database) -> None:
    await add(database, *range(101, 161))
    number = await order(database, reach())
    async with broadcasting(database, ClockFrom(), lambda: None, rate=10) as running:
        await until(lambda: rows(database, tables.outbox))
        for _ in range(3):
            running.wake()
            await asyncio.sleep(0.05)
        assert len(await rows(database, tables.outbox)) == 20
    assert (await told(database, number)).waiting == 60


@pytest.mark.parametrize("error", [OperationalError("x", None, Exception("disk full")), RuntimeError("a mistake")])
async def test_trouble_is_waited_for(database: Database, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    monkeypatch.setattr("bot.patience.FIRST", 0.05)
    await add(database, 1)
    number = await order(database, reach())
    async with broadcasting(database, ClockFrom(), lambda: None):
        with failing(database, lambda: error, lambda statement: "INSERT INTO recipients" in statement):
            await asyncio.sleep(0.3)
        await until(lambda: handed(database, number))


async def handed(database: Database, number: int) -> bool:
    return await fates(database, number) == {1: "handed"}


async def test_what_is_stopped_while_it_is_fed_goes_on_with_what_was_handed_over(postgresql_only: Database) -> None:
    await add(postgresql_only, 1, 2, 3)
    number = await begun(postgresql_only, reach())
    async with postgresql_only._engine.begin() as first:
        await first.run_sync(broadcasts.feed, 2, MONDAY)
        stopping = asyncio.create_task(postgresql_only.write(broadcasts.steer, number, "stopped", MONDAY))
        await asyncio.sleep(0.2)
        assert not stopping.done()
    await stopping
    assert await fates(postgresql_only, number) == {1: "handed", 2: "handed", 3: "stopped-by"}
    assert [who for who, _said in await send_all(postgresql_only)] == [1, 2]


async def test_who_is_erased_while_it_begins_is_counted(postgresql_only: Database) -> None:
    await add(postgresql_only, 1, 2)
    number = await order(postgresql_only, reach())
    async with postgresql_only._engine.begin() as first:
        await first.run_sync(broadcasts.begin, MONDAY)
        erasing = asyncio.create_task(postgresql_only.write(erase, 1, MONDAY))
        await asyncio.sleep(0.2)
        assert not erasing.done()
    await erasing
    await feed(postgresql_only)
    assert await fates(postgresql_only, number) == {None: "erased", 2: "handed"}


async def test_the_program_sends_them_and_knows_its_name_and_its_pace(database: Database, tmp_path: Path) -> None:
    telegram = LocalTelegram(username="digihulp_test_bot")
    await telegram.start()
    telegram.crowd(range(101, 111))
    await add(database, *range(101, 111), quiet_from=0, quiet_until=0)
    number = await order(database, reach(expires_at=NEVER))
    given = {"token": "42:TEST", "api_url": telegram.url, "database_url": database.url, "send_rate": 500}
    program = Program(read(_env_file=None, **given, content=CONTENT, cache=tmp_path), ClockFrom())
    running = asyncio.create_task(program.run())
    try:
        await until(lambda: is_over(database, number), seconds=60)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await telegram.stop()
    assert telegram.sent_to_crowd == 10
    assert (program.knowledge.bot_name, program.knowledge.send_rate) == ("digihulp_test_bot", 500)


def test_a_talk_shows_what_others_get(knowledge: Knowledge) -> None:
    talk = Talk(knowledge, MONDAY)
    with talk._engine.begin() as db:
        night_owl = Person(RANIA, "en", "Rania", agreed_at=MONDAY, employer="zon", quiet_from=9, quiet_until=14)
        people.save_all(db, [Person(FATIMA, "nl", "Fatima", agreed_at=MONDAY, employer="zon"), night_owl])
        begins_at = MONDAY + timedelta(hours=1)
        broadcasts.order(db, reach(begins_at=begins_at), TEXT, MONDAY)
    assert talk.wait_until(MONDAY + timedelta(minutes=59)) == []
    shown = [(heard.chat, heard.text) for heard in talk.wait_until(MONDAY + timedelta(hours=2))]
    assert shown == [(FATIMA, "Kom je ook?")]
    shown = [(heard.chat, heard.text) for heard in talk.wait_until(datetime(2026, 11, 23, 14, tzinfo=AMSTERDAM))]
    assert shown == [(RANIA, "Are you coming?")]
    with talk._engine.begin() as db:
        (report,) = broadcasts.newest(db, 5, talk.now.astimezone(UTC), RATE)
        assert (report.state, report.delivered) == ("done", 2)
