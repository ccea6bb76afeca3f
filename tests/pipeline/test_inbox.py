"""What comes in is stored once, worked off in order, and holds up nobody."""

import asyncio
from dataclasses import replace
from threading import Thread

import asyncpg
import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.knowledge import Knowledge
from bot.search import Finding
from bot.store import Connection, Database, inbox, tables
from bot.store.database import LEADER
from bot.turns import TOGETHER, Turns, take_turn, take_turns
from tests.conftest import MONDAY, ScriptedSearch
from tests.pipeline.doing import (
    FATIMA,
    QUESTION,
    RANIA,
    ClockFrom,
    failing,
    keep,
    letters,
    rows,
    states,
    tap,
    text,
    unparsable,
    until,
    work_off,
)


class Explosive(ScriptedSearch):
    """A search that fails on one word."""

    def find(self, question: str, **given: object) -> Finding:
        if "ontplof" in question:
            raise RuntimeError(f"can't \0 search {question!r}")
        return super().find(question)


@pytest.fixture
def explosive(knowledge: Knowledge) -> Knowledge:
    return replace(knowledge, search=Explosive())  # type: ignore[arg-type]


async def test_a_second_delivery_is_ignored_also_when_it_is_done(database: Database, knowledge: Knowledge) -> None:
    update = text(FATIMA, QUESTION)
    assert await keep(database, update, update) == 1
    assert await keep(database, update) == 0
    assert await work_off(database, knowledge) == 1
    assert await keep(database, update) == 0
    assert await work_off(database, knowledge) == 0
    assert len(await rows(database, tables.outbox)) == 1


async def test_of_a_batch_only_what_is_new_is_stored(database: Database) -> None:
    first, second = text(FATIMA, "1"), text(FATIMA, "2")
    await keep(database, first)
    assert await keep(database, first, second) == 1
    assert len(await rows(database, tables.inbox)) == 2


async def test_one_chat_is_answered_in_order(database: Database, knowledge: Knowledge) -> None:
    await keep(database, *(text(chat, f"vraag {n}") for n in range(4) for chat in (FATIMA, RANIA)))
    await keep(database, tap(FATIMA, "menu"))
    await work_off(database, knowledge)
    came = {row.id: row.lane for row in await rows(database, tables.inbox)}
    for chat in (FATIMA, RANIA):
        causes = [row.cause for row in await rows(database, tables.outbox) if row.chat == chat]
        assert causes == [row for row, lane in came.items() if lane == chat]


async def test_done_rows_keep_no_payload(database: Database, knowledge: Knowledge) -> None:
    await keep(database, text(FATIMA, QUESTION))
    await work_off(database, knowledge)
    (row,) = await rows(database, tables.inbox)
    assert (row.state, row.payload, row.error) == ("done", None, None)


@pytest.mark.parametrize("trouble", ["unparsable", "explosive"])
async def test_what_cannot_be_handled_is_set_aside_seen_and_apologised_for(
    database: Database, explosive: Knowledge, trouble: str
) -> None:
    bad = unparsable(FATIMA) if trouble == "unparsable" else text(FATIMA, "ontplof")
    await keep(database, bad, text(FATIMA, QUESTION), text(RANIA, QUESTION))
    assert await work_off(database, explosive) == 3
    assert await states(database, tables.inbox) == ["aside", "done", "done"]
    ((number, error, at),) = await database.read(inbox.aside)
    assert (number, at) == (1, MONDAY)
    assert error.startswith("UnreadableError" if trouble == "unparsable" else "RuntimeError")
    first, *others = await letters(database, FATIMA)
    assert "Het ligt niet aan jou." in first
    assert len(others) == len(await letters(database, RANIA)) == 1


async def test_an_unparsable_update_of_nobody_is_set_aside_in_silence(database: Database, knowledge: Knowledge) -> None:
    await keep(database, {"update_id": 5, "message": 7}, text(FATIMA, QUESTION))
    await work_off(database, knowledge)
    assert await states(database, tables.inbox) == ["aside", "done"]
    assert len(await rows(database, tables.outbox)) == 1


async def commits_of(database: Database, known: Knowledge) -> int:
    """Lets the turns work off all that waits; says in how many transactions that changed something."""
    changed = set()
    commits = []

    def note(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("UPDATE inbox"):
            changed.add(connection)

    def count(connection: Connection) -> None:
        if connection in changed:
            commits.append(connection)

    engine = database._engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", count)
    running = asyncio.create_task(Turns(database, lambda: known, ClockFrom(), lambda: None).run())
    await until(lambda: work_is_done(database))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return len(commits)


async def test_several_turns_are_one_transaction(database: Database, knowledge: Knowledge) -> None:
    await keep(database, *(text(chat, QUESTION) for chat in range(1, 2 * TOGETHER + 2)))
    assert await commits_of(database, knowledge) == 3
    assert await states(database, tables.inbox) == ["done"] * (2 * TOGETHER + 1)


async def test_one_that_fails_among_several_is_set_aside_alone(database: Database, explosive: Knowledge) -> None:
    said = [QUESTION] * TOGETHER
    said[3] = "ontplof"
    await keep(database, *(text(chat, each) for chat, each in enumerate(said, start=1)))
    assert await commits_of(database, explosive) == 1
    wanted = ["done"] * TOGETHER
    wanted[3] = "aside"
    assert await states(database, tables.inbox) == wanted
    assert [row.chat for row in await rows(database, tables.outbox)] == list(range(1, TOGETHER + 1))
    assert "Het ligt niet aan jou." in (await letters(database, 4))[0]


async def test_trouble_in_the_midst_of_several_loses_and_doubles_nothing(
    database: Database, knowledge: Knowledge
) -> None:
    await keep(database, *(text(chat, QUESTION) for chat in range(1, TOGETHER + 1)))
    written: list[str] = []

    def fifth(statement: str) -> bool:
        fits = "INSERT INTO outbox" in statement
        written.extend([statement] * fits)
        return fits and len(written) == 5

    with failing(database, lambda: OperationalError("x", None, Exception("disk full")), fifth):
        with pytest.raises(OperationalError):
            await database.write(take_turns, knowledge, MONDAY)
        assert await states(database, tables.inbox) == ["waiting"] * TOGETHER
        assert await rows(database, tables.outbox) == []
    assert await database.write(take_turns, knowledge, MONDAY) == TOGETHER
    assert [row.chat for row in await rows(database, tables.outbox)] == list(range(1, TOGETHER + 1))


async def test_being_stopped_in_the_midst_of_several_keeps_all_of_them_or_none(
    database: Database, knowledge: Knowledge
) -> None:
    await keep(database, *(text(chat, QUESTION) for chat in range(1, TOGETHER + 1)))
    reached: list[str] = []

    def at_work(statement: str) -> bool:
        reached.extend([statement] * ("INSERT INTO outbox" in statement))
        return False

    with failing(database, AssertionError, at_work):
        running = asyncio.create_task(Turns(database, lambda: knowledge, ClockFrom(), lambda: None).run())
        await until(lambda: reached)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    done = (await states(database, tables.inbox)).count("done")
    assert done == TOGETHER
    assert len(await rows(database, tables.outbox)) == done


async def test_what_was_set_aside_gets_another_try_after_mending(
    database: Database, knowledge: Knowledge, explosive: Knowledge
) -> None:
    await keep(database, text(FATIMA, "ontplof =wachtwoord-vergeten"))
    await work_off(database, explosive)
    assert await database.write(inbox.put_back) == 1
    assert await work_off(database, knowledge) == 1
    assert await states(database, tables.inbox) == ["done"]
    assert await database.read(inbox.aside) == []
    assert len(await letters(database, FATIMA)) == 2
    assert await database.write(inbox.put_back) == 0


async def test_a_passing_error_keeps_the_row_and_the_turn_is_taken_later(
    database: Database, knowledge: Knowledge
) -> None:
    await keep(database, text(FATIMA, QUESTION))
    turns = Turns(database, lambda: knowledge, ClockFrom(), lambda: None)
    with failing(database, lambda: OperationalError("x", None, Exception("disk full")), lambda s: "outbox" in s):
        running = asyncio.create_task(turns.run())
        await asyncio.sleep(0.3)
        assert await states(database, tables.inbox) == ["waiting"]
        assert not running.done()
    await until(lambda: work_is_done(database))
    running.cancel()
    assert len(await rows(database, tables.outbox)) == 1


async def work_is_done(database: Database) -> bool:
    return "waiting" not in await states(database, tables.inbox)


class Cutting(ScriptedSearch):
    """A search during which, once, all connections of the database are cut."""

    def __init__(self, url: str) -> None:
        self.address = url.replace("+asyncpg", "")
        self.cut = 0

    def find(self, question: str, **given: object) -> Finding:
        if not self.cut:
            thread = Thread(target=lambda: asyncio.run(self.cut_all()))
            thread.start()
            thread.join()
        return super().find(question)

    async def cut_all(self) -> None:
        connection = await asyncpg.connect(self.address)
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        self.cut = await connection.fetchval(f"SELECT count(pg_terminate_backend(pid)) {others}")
        await connection.close()


async def test_a_connection_lost_in_a_turn_is_passing_trouble(postgresql_only: Database, knowledge: Knowledge) -> None:
    await keep(postgresql_only, text(FATIMA, QUESTION))
    cutting = Cutting(postgresql_only.url)
    known = replace(knowledge, search=cutting)  # type: ignore[arg-type]
    running = asyncio.create_task(Turns(postgresql_only, lambda: known, ClockFrom(), lambda: None).run())
    await until(lambda: cutting.cut or running.done())
    await until(lambda: work_is_done(postgresql_only))
    running.cancel()
    assert cutting.cut
    assert await states(postgresql_only, tables.inbox) == ["done"]
    assert len(await letters(postgresql_only, FATIMA)) == 1


async def test_old_rows_go_and_what_waits_or_is_aside_stays(database: Database, explosive: Knowledge) -> None:
    await keep(database, text(FATIMA, QUESTION), text(FATIMA, "ontplof"))
    await work_off(database, explosive)
    await keep(database, text(FATIMA, QUESTION))
    await database.write(inbox.prune, MONDAY + inbox.REMEMBERED)
    assert await states(database, tables.inbox) == ["done", "aside", "waiting"]
    await database.write(inbox.prune, MONDAY + 2 * inbox.REMEMBERED)
    assert await states(database, tables.inbox) == ["aside", "waiting"]


async def two_at_once(database: Database) -> tuple[int | None, int | None]:
    """The lanes of what two workers take while both are busy."""
    engine = database._engine
    async with engine.begin() as first, engine.begin() as second:
        one = await first.run_sync(inbox.take)
        other = await second.run_sync(inbox.take)
        return one and one.lane, other and other.lane


async def test_two_workers_never_share_a_lane(postgresql_only: Database) -> None:
    await keep(postgresql_only, text(FATIMA, "1"), text(FATIMA, "2"))
    assert await two_at_once(postgresql_only) == (FATIMA, None)
    assert await two_at_once(postgresql_only) == (FATIMA, None)  # given free again when the first has ended


async def test_two_workers_work_side_by_side(postgresql_only: Database) -> None:
    await keep(postgresql_only, text(FATIMA, "1"), text(FATIMA, "2"), text(RANIA, "1"))
    assert await two_at_once(postgresql_only) == (FATIMA, RANIA)


async def test_many_workers_take_each_update_once_and_in_order(postgresql_only: Database, knowledge: Knowledge) -> None:
    chats = range(2001, 2009)
    await keep(postgresql_only, *(text(chat, f"vraag {n}") for n in range(5) for chat in chats))

    async def worker() -> int:
        taken = 0
        while not await work_is_done(postgresql_only):
            taken += await postgresql_only.write(take_turn, knowledge, MONDAY)
        return taken

    assert sum(await asyncio.gather(*(worker() for _ in range(4)))) == 40
    sent = await rows(postgresql_only, tables.outbox)
    for chat in chats:
        causes = [row.cause for row in sent if row.chat == chat]
        assert len(causes) == 5
        assert causes == sorted(causes)


async def test_the_leader_is_in_nobodys_lane(postgresql_only: Database, knowledge: Knowledge) -> None:
    """A person whose number is that of the leader's lock was never answered."""
    await keep(postgresql_only, text(LEADER[0], QUESTION))
    async with postgresql_only.leading():
        assert await work_off(postgresql_only, knowledge) == 1
