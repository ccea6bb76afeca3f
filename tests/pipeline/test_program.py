"""The whole program over real HTTP, with a local Telegram that fails as the real one does."""

import asyncio
import json
import os
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError

from bot.demo.telegram import LocalTelegram
from bot.program import Program
from bot.settings import read
from bot.store import Connection, Database, plans, tables
from bot.store.database import LEADER
from bot.store.outbox import Urgency
from tests.pipeline.doing import (
    FATIMA,
    RANIA,
    ClockFrom,
    failing,
    nothing_waits,
    rows,
    session_of,
    states,
    text,
    until,
    write_letter,
)

CONTENT = Path(__file__).parent.parent / "content"
SECRET = "a-secret_of-the-webhook"
MENU = "menu"


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    local = LocalTelegram(paced=False)
    await local.start()
    yield local
    await local.stop()


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return shutil.copytree(CONTENT, tmp_path / "content")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def settings_for(telegram: LocalTelegram, database: Database, content: Path, cache: Path, **more: Any) -> Any:
    own = {"token": "42:TEST", "api_url": telegram.url, "database_url": database.url}
    return read(_env_file=None, **own, content=content, cache=cache, send_rate=1000, **more)


@asynccontextmanager
async def running(settings: Any, clock: ClockFrom | None = None) -> AsyncIterator[Program]:
    program = Program(settings, clock or ClockFrom())
    task = asyncio.create_task(program.run())
    try:
        yield program
        assert not task.done(), task.exception()
    finally:
        task.cancel()
        async with asyncio.timeout(15):
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def polling(telegram: LocalTelegram, database: Database, content: Path, cache: Path) -> AsyncIterator[Program]:
    async with running(settings_for(telegram, database, content, cache)) as program:
        yield program


@pytest.fixture
async def hooked(telegram: LocalTelegram, database: Database, content: Path, cache: Path) -> AsyncIterator[Program]:
    port = free_port()
    own = {"webhook_url": f"http://127.0.0.1:{port}/hook", "webhook_listen": f"127.0.0.1:{port}"}
    telegram.webhook.first_delay = 0.1
    async with running(settings_for(telegram, database, content, cache, **own, webhook_secret=SECRET)) as program:
        await until(lambda: telegram.webhook.url)
        yield program


@pytest.fixture(params=["polling", "hooked"])
async def either(
    request: pytest.FixtureRequest, telegram: LocalTelegram, database: Database, content: Path, cache: Path
) -> AsyncIterator[Program]:
    """The program, by both ways in which updates can come."""
    own: dict[str, str] = {}
    if request.param == "hooked":
        port = free_port()
        own = {"webhook_url": f"http://127.0.0.1:{port}/hook", "webhook_listen": f"127.0.0.1:{port}"}
        own["webhook_secret"] = SECRET
    async with running(settings_for(telegram, database, content, cache, **own)) as program:
        await until(lambda: telegram.webhook.url or not own)
        yield program


# A week, by both ways.


async def joins_and_comes(telegram: LocalTelegram, database: Database) -> Any:
    """She joins by the link, and signs up; gives the drop-in."""
    fatima = telegram.phone(FATIMA, "Fatima")
    fatima.start("zon")
    await fatima.hears()
    for payload in ("join:yes", "join:employer:zon", "join:wishes:all"):
        fatima.taps(payload)
        await fatima.hears()
    session = await session_of(database, "dinsdag", "2026-12-01")
    fatima.forges(f"session:come:{session.id}")
    await fatima.hears()
    return session


async def test_a_week_with_the_bot(telegram: LocalTelegram, database: Database, either: Program) -> None:
    session = await joins_and_comes(telegram, database)
    fatima = telegram.phone(FATIMA)
    for kind in ("tip", "session-tomorrow", "session-soon"):
        at = await database.read(plans.next_at)
        assert at
        either.clock.turn(at - either.clock.now() + timedelta(seconds=1))
        await either.planner.look()
        (said,) = await fatima.hears()
        assert said.text, kind
    assert [row.session for row in await rows(database, tables.signups)] == [session.id]
    assert telegram.pending == 0
    assert fatima.unheard == []
    assert set(await states(database, tables.inbox)) == {"done"}


async def test_what_cannot_be_read_holds_up_nobody(
    telegram: LocalTelegram, database: Database, either: Program
) -> None:
    bad = dict(text(FATIMA, "x")["message"], text=["no", "text"])
    telegram.phone(FATIMA, "Fatima")
    telegram.raw({"message": bad})
    telegram.phone(FATIMA).says(MENU)
    telegram.phone(RANIA, "Rania").says(MENU)
    await telegram.phone(FATIMA).hears(2)
    await telegram.phone(RANIA).hears()
    assert sorted(await states(database, tables.inbox)) == ["aside", "done", "done"]
    await until(lambda: telegram.pending == 0)


# The webhook.


async def post(telegram: LocalTelegram, body: Any, secret: str | None) -> int:
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    async with (
        aiohttp.ClientSession() as session,
        session.post(telegram.webhook.url, data=body, headers=headers) as got,
    ):
        return got.status


async def test_who_does_not_know_the_secret_is_not_heard(
    telegram: LocalTelegram, database: Database, hooked: Program
) -> None:
    for secret in (None, "", "wrong", "é", SECRET + "x"):
        assert await post(telegram, json.dumps(text(FATIMA, MENU)), secret) == 403, secret
    assert await rows(database, tables.inbox) == []


async def test_what_is_no_update_is_refused(telegram: LocalTelegram, database: Database, hooked: Program) -> None:
    for body in ("", "no json", "[]", "7", '{"message": 1}', '{"update_id": "x"}', b"\xff\xfe"):
        assert await post(telegram, body, SECRET) == 400, body
    assert await rows(database, tables.inbox) == []


def disk_full() -> Exception:
    return OperationalError("x", None, Exception("disk full"))


async def test_what_cannot_be_stored_stays_with_telegram_and_comes_again(
    telegram: LocalTelegram, hooked: Program, database: Database
) -> None:
    fatima = telegram.phone(FATIMA, "Fatima")
    with failing(hooked.database, disk_full, lambda statement: "INSERT INTO inbox" in statement):
        fatima.says(MENU)
        await until(lambda: "503" in telegram.webhook.info().get("last_error_message", ""))
        assert telegram.pending == 1
    await fatima.hears()
    await until(lambda: telegram.pending == 0)
    assert len(await rows(database, tables.inbox)) == 1


async def test_a_webhook_that_cannot_be_set_is_tried_again(
    telegram: LocalTelegram, database: Database, content: Path, cache: Path
) -> None:
    telegram.faults.add("502", method="setWebhook", times=2)
    port = free_port()
    own = {"webhook_url": f"http://127.0.0.1:{port}/", "webhook_listen": f"127.0.0.1:{port}", "webhook_secret": SECRET}
    async with running(settings_for(telegram, database, content, cache, **own)):
        telegram.phone(FATIMA, "Fatima").says(MENU)
        await telegram.phone(FATIMA).hears()


# Polling.


async def test_what_cannot_be_stored_is_not_acknowledged(
    telegram: LocalTelegram, polling: Program, database: Database
) -> None:
    fatima = telegram.phone(FATIMA, "Fatima")
    with failing(polling.database, disk_full, lambda statement: "INSERT INTO inbox" in statement):
        fatima.says(MENU)
        await asyncio.sleep(0.3)
        assert telegram.pending == 1
    await fatima.hears()
    await until(lambda: telegram.pending == 0)
    assert len(await rows(database, tables.inbox)) == 1


async def test_another_poller_is_survived(telegram: LocalTelegram, polling: Program) -> None:
    fatima = telegram.phone(FATIMA, "Fatima")
    fatima.says(MENU)
    await fatima.hears()
    async with aiohttp.ClientSession() as other, other.get(f"{telegram.url}/bot42:TEST/getUpdates?timeout=0") as got:
        assert got.status == 200
    fatima.says(MENU)
    await fatima.hears()


async def test_a_webhook_of_before_is_put_away_even_when_that_fails_at_first(
    telegram: LocalTelegram, database: Database, content: Path, cache: Path
) -> None:
    await telegram.webhook.set("http://127.0.0.1:1/old")
    telegram.faults.add("502", method="deleteWebhook", times=1)
    telegram.phone(FATIMA, "Fatima").says(MENU)
    async with running(settings_for(telegram, database, content, cache)):
        await telegram.phone(FATIMA).hears()


async def test_receiving_that_fails_loses_nothing_and_doubles_nothing(
    telegram: LocalTelegram, polling: Program, database: Database
) -> None:
    fatima = telegram.phone(FATIMA, "Fatima")
    fatima.says(MENU)
    await fatima.hears()
    for trouble in ("500", "502", "429", "reset_before", "reset_after", "slow"):
        telegram.faults.add(trouble, method="getUpdates", times=2, seconds=0.5)
        for _ in range(3):
            fatima.says(MENU)
        await fatima.hears(3)
        await until(lambda: telegram.pending == 0)
        assert fatima.unheard == [], trouble
    assert await states(database, tables.inbox) == ["done"] * 19


async def test_telegram_is_down_for_a_moment(telegram: LocalTelegram, polling: Program, database: Database) -> None:
    fatima = telegram.phone(FATIMA, "Fatima")
    fatima.says(MENU)
    await fatima.hears()
    port = int(telegram.url.rpartition(":")[2])
    await telegram.stop()
    fatima.says(MENU)
    await write_letter(database, FATIMA, "Van ons.", Urgency.REMINDER, now=polling.clock.now())
    polling.delivery.wake()
    await asyncio.sleep(0.3)
    await telegram.start(port=port)
    assert "Van ons." in {message.text for message in await fatima.hears(2)}
    await until(lambda: nothing_waits(database))
    assert fatima.unheard == []


# Sending.


async def test_a_reply_arrives_at_least_once(telegram: LocalTelegram, polling: Program, database: Database) -> None:
    fatima = telegram.phone(FATIMA, "Fatima")
    for trouble in ("500", "502", "504", "429", "reset_before", "reset_after"):
        telegram.faults.add(trouble, method="sendMessage")
        fatima.says(MENU)
        await fatima.hears(2 if trouble == "reset_after" else 1)
        await until(lambda: nothing_waits(database))
        assert fatima.unheard == [], trouble
    assert await states(database, tables.outbox) == ["sent"] * 6


async def test_a_broadcast_arrives_at_most_once_and_is_counted(
    telegram: LocalTelegram, polling: Program, database: Database
) -> None:
    fatima = telegram.phone(FATIMA, "Fatima")
    fatima.start()
    await fatima.hears()
    expected = {"502": "unsure", "reset_before": "unsure", "reset_after": "unsure", "429": "sent"}
    for trouble in expected:
        telegram.faults.add(trouble, method="sendMessage")
        await write_letter(database, FATIMA, trouble, Urgency.BROADCAST, now=polling.clock.now())
        polling.delivery.wake()
        await until(lambda: nothing_waits(database))
    assert [message.text for message in fatima.unheard] == ["reset_after", "429"]
    assert (await states(database, tables.outbox))[1:] == list(expected.values())


async def test_who_blocks_is_let_be_and_who_comes_back_is_answered(
    telegram: LocalTelegram, polling: Program, database: Database
) -> None:
    await joins_and_comes(telegram, database)
    fatima = telegram.phone(FATIMA)
    fatima.blocks()

    async def known_as_blocked() -> bool:
        return (await rows(database, tables.people))[0].blocked_at is not None

    await until(known_as_blocked)
    fatima.unblocks()
    fatima.says(MENU)
    await fatima.hears()
    assert not await known_as_blocked()


# Content.


async def test_a_changed_answer_is_taken_in_and_a_broken_one_is_not(
    telegram: LocalTelegram, polling: Program, content: Path
) -> None:
    fatima = telegram.phone(FATIMA, "Fatima")
    fatima.start()
    await fatima.hears()
    file = content / "nl" / "wachtwoord-vergeten.md"
    before = file.read_text()
    new = "Dit is nieuw."

    async def says(wanted: str) -> bool:
        fatima.forges("answer:show:wachtwoord-vergeten")
        (said,) = await fatima.hears()
        return wanted in said.text

    first = before.split("---")[2].strip().splitlines()[0]
    assert await says(first.split(".")[0])
    file.write_text(before.replace(first, f"{new} {first}"))
    await until(lambda: says(new))
    file.write_text("---\ntitle: [kapot\n---\n")
    await until(lambda: polling.current.problems)
    assert await says(new)


async def test_a_drop_in_taken_from_the_file_is_told_to_who_comes(
    telegram: LocalTelegram, polling: Program, database: Database, content: Path
) -> None:
    await joins_and_comes(telegram, database)
    file = content / "organisations.yaml"
    file.write_text("".join(line for line in file.read_text().splitlines(True) if "id: dinsdag" not in line))
    (said,) = await telegram.phone(FATIMA).hears(timeout=20)
    assert "gaat niet door" in said.text


# Stopping, and the database's own trouble.


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_stopping_takes_seconds_and_loses_nothing(
    telegram: LocalTelegram, database: Database, cache: Path, how: signal.Signals
) -> None:
    environment = {
        **os.environ,
        "DIGIHULP_TOKEN": "42:TEST",
        "DIGIHULP_API_URL": telegram.url,
        "DIGIHULP_DATABASE_URL": database.url,
        "DIGIHULP_CONTENT": str(CONTENT),
        "DIGIHULP_CACHE": str(cache),
    }
    fatima = telegram.phone(FATIMA, "Fatima")
    fatima.says(MENU)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=environment, stderr=asyncio.subprocess.PIPE
    )
    await fatima.hears(timeout=40)
    telegram.faults.add("slow", method="sendMessage", seconds=0.5)
    for _ in range(3):
        fatima.says(MENU)
    await until(lambda: telegram.faults.rules[0].times == 0)  # a message is under way
    process.send_signal(how)
    async with asyncio.timeout(15):
        _out, said = await process.communicate()
    assert process.returncode == 0, said.decode()
    assert b"Traceback" not in said
    assert (await states(database, tables.outbox)).count("sent") == len(fatima.heard)
    telegram.faults.clear()
    async with running(settings_for(telegram, database, CONTENT, cache)):
        await fatima.hears(3)
        await until(lambda: nothing_waits(database))
    assert len(fatima.heard) == len(await rows(database, tables.inbox)) == 4


HELD = {"leader": LEADER[0]}
HOLDER = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = :leader AND objsubid = 2"


def cut(db: Connection, which: str) -> int:
    """Ends connections of this database; says how many."""
    here = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    ended = db.scalar(sql(f"SELECT count(pg_terminate_backend(pid)) {here} AND pid {which} ({HOLDER})"), HELD)
    return int(ended or 0)


async def test_postgresql_cuts_all_connections_but_the_leaders(
    telegram: LocalTelegram, polling: Program, postgresql_only: Database
) -> None:
    fatima = telegram.phone(FATIMA, "Fatima")
    fatima.says(MENU)
    await fatima.hears()
    assert await postgresql_only.read(cut, "NOT IN") > 0
    fatima.says(MENU)
    await fatima.hears(timeout=20)


async def test_a_leader_that_loses_its_place_ends(
    telegram: LocalTelegram, postgresql_only: Database, content: Path, cache: Path
) -> None:
    program = Program(settings_for(telegram, postgresql_only, content, cache), ClockFrom())
    task = asyncio.create_task(program.run())
    telegram.phone(FATIMA, "Fatima").says(MENU)
    await telegram.phone(FATIMA).hears()

    assert await postgresql_only.read(cut, "IN") == 1
    await until(task.done, seconds=20)
    assert isinstance(task.exception(), ExceptionGroup)


async def test_a_second_process_takes_over_when_the_first_stops(
    telegram: LocalTelegram, database: Database, content: Path, cache: Path
) -> None:
    settings = settings_for(telegram, database, content, cache)
    fatima = telegram.phone(FATIMA, "Fatima")
    async with running(settings):
        fatima.says(MENU)
        await fatima.hears()
        second = asyncio.create_task(Program(settings, ClockFrom()).run())
        await asyncio.sleep(1)
        fatima.says(MENU)
        await fatima.hears()
    try:
        fatima.says(MENU)
        await fatima.hears(timeout=20)
    finally:
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
    assert fatima.unheard == []
