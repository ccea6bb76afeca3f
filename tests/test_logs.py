"""Logs tell what happened, and never who said what; no token is in them, whatever goes wrong."""

import asyncio
import json
import logging
import os
import re
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from sqlalchemy import insert

from bot import logs
from bot.demo.telegram import LocalTelegram
from bot.store import Connection, Database
from bot.store.tables import people

ROOT = Path(__file__).parents[1]
SMALL_CONTENT = Path(__file__).parent / "content"
TOKEN = "4242:SecretTokenOfThisTest_x-1"
NAME = "Xandrina"
SENTENCE = "mijn geheime zin over Barneveld"
PRIVATE = (TOKEN, TOKEN.partition(":")[2], NAME, "geheime", "Barneveld")


async def a_day_with_trouble(telegram: LocalTelegram, content: Path) -> None:
    """She says what she must not be quoted on, while much goes wrong around her."""
    phone = telegram.phone(77, NAME)
    phone.start("zon")
    await phone.hears(timeout=60)
    for faults in ("500", "429", "reset_before", "reset_after"):
        telegram.faults.add(faults, method="sendMessage")
        telegram.faults.add(faults, method="getUpdates")
        phone.says(f"{SENTENCE} {faults}")
        await phone.hears(timeout=60)
    written = {"message_id": 1, "date": 1, "chat": {"id": 77, "type": "private", "first_name": NAME}}
    telegram.raw({"message": written | {"from": {"id": 77, "first_name": NAME}, "text": [SENTENCE]}})
    telegram.raw({"message": written | {"from": {"id": 77, "is_bot": False, "first_name": [NAME]}, "text": SENTENCE}})
    telegram.raw({"callback_query": {"id": 9, "from": NAME, "data": SENTENCE}})
    phone.forges(f"answer:show:{SENTENCE}"[:64])
    await phone.hears(timeout=60)
    (content / "nl" / "noodgeval.md").write_text("no head\n")
    phone.sends("photo", caption=SENTENCE)
    await phone.hears(timeout=60)
    phone.blocks()
    await asyncio.sleep(2)  # for what is told afterwards


async def logged_in_a_day(form: str, folder: Path) -> str:
    """What the running bot logs at its most talkative."""
    content = Path(shutil.copytree(SMALL_CONTENT, folder / "content"))
    telegram = LocalTelegram(TOKEN, paced=False)
    await telegram.start()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DIGIHULP_")} | {
        "DIGIHULP_TOKEN": TOKEN,
        "DIGIHULP_API_URL": telegram.url,
        "DIGIHULP_CONTENT": str(content),
        "DIGIHULP_CACHE": str(folder),
        "DIGIHULP_LOG_LEVEL": "DEBUG",
        "DIGIHULP_LOG_FORMAT": form,
        "PYTHONASYNCIODEBUG": "1",
    }
    log = folder / "log"  # not a pipe: it would fill up while nobody reads it, and hold up the bot
    with log.open("wb") as err:
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=folder, env=environment, stderr=err
        )
    try:
        await a_day_with_trouble(telegram, content)
    finally:
        bot.send_signal(signal.SIGTERM)
        await asyncio.wait_for(bot.wait(), 60)
        await telegram.stop()
    return log.read_text()


@pytest.fixture
def handlers_back() -> Iterator[None]:
    """What `set_up` changes is as it was, for the other tests."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers[:], root.level = before, level


Logged: TypeAlias = Callable[[], str]


@pytest.fixture
def logged(handlers_back: None, capsys: pytest.CaptureFixture[str]) -> Logged:
    """Gives what has been logged since it was last asked."""
    return lambda: capsys.readouterr().err


@pytest.mark.parametrize("form", ["text", "json"])
async def test_a_day_at_its_most_talkative_tells_nothing_about_her(form: str, tmp_path: Path) -> None:
    log = await logged_in_a_day(form, tmp_path)
    assert [line for line in log.splitlines() if any(word in line for word in PRIVATE)] == []
    assert "ready as @" in log
    assert "set aside" in log, "what went wrong is seen"
    assert "noodgeval.md:1" in log, "a mistake in the content is seen"
    if form == "json":
        lines = [json.loads(line) for line in log.splitlines() if line != "Stopped."]
        assert all({"event", "level", "timestamp", "logger"} <= set(line) for line in lines)


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_token_is_not_in_messages_values_and_tracebacks(form: str, logged: Logged) -> None:
    logs.set_up("INFO", form)
    log = logging.getLogger("bot.somewhere")
    log.info("asked https://api.telegram.org/bot%s/getMe", TOKEN)
    try:
        raise ValueError(f"no answer from /bot{TOKEN}/sendMessage")
    except ValueError:
        log.exception("it failed")
    told = logged()
    assert told.count("<token>") >= 2
    assert TOKEN not in told
    assert "ValueError" in told


def test_json_is_one_object_a_line_with_the_traceback_in_it(logged: Logged) -> None:
    logs.set_up("INFO", "json")
    log = logging.getLogger("bot.somewhere")
    log.warning("first\nsecond line: %s", "é ع")
    log.error("it failed", exc_info=ValueError("why"))
    first, second = (json.loads(line) for line in logged().splitlines())
    assert (first["event"], first["level"], first["logger"]) == ("first\nsecond line: é ع", "warning", "bot.somewhere")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", first["timestamp"])
    assert "ValueError: why" in second["exception"]


def test_the_level_is_kept_to(logged: Logged) -> None:
    logs.set_up("WARNING", "text")
    logging.getLogger("bot.somewhere").info("not told")
    logging.getLogger("bot.somewhere").warning("told")
    told = logged()
    assert "not told" not in told
    assert "told" in told


@pytest.mark.parametrize("loud", ["httpx", "httpcore", "telegram.Bot", "sqlalchemy.engine.Engine", "asyncio"])
def test_what_would_quote_addresses_or_updates_is_quiet_at_every_level(loud: str, logged: Logged) -> None:
    logs.set_up("DEBUG", "text")
    logging.getLogger(loud).info("HTTP Request: POST /bot.../sendMessage {'text': '%s'}", SENTENCE)
    assert logged() == ""


async def test_a_refused_row_is_not_quoted(logged: Logged, tmp_path: Path) -> None:
    """A database that complains must not do it with what was to be stored."""

    def write_badly(db: Connection) -> None:
        db.execute(insert(people).values(id=1, language="nl", name=NAME, step=SENTENCE))

    logs.set_up("DEBUG", "text")
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'x.db'}")
    await database.migrate()
    try:
        await database.write(write_badly)
    except Exception:
        logging.getLogger("bot.somewhere").exception("a turn failed")
    await database.close()
    told = logged()
    assert "IntegrityError" in told
    assert [word for word in PRIVATE if word in told] == []


def test_there_is_one_way_to_log() -> None:
    """Every module asks the standard library for its logger; only one formats."""
    for path in (ROOT / "bot").rglob("*.py"):
        if path.name != "logs.py":
            assert "structlog" not in path.read_text(), path
            assert not re.search(r"(?<![\w.])print\(", path.read_text()), path
