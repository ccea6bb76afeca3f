"""Both databases, emptied instead of made anew for every test: PostgreSQL takes long to write new ones to disk."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.store import Connection, Database, tables
from tests.conftest import empty_postgresql


@pytest.fixture(scope="session")
def one_postgresql(postgresql: str) -> str:
    return asyncio.run(migrated(asyncio.run(empty_postgresql(postgresql))))


@pytest.fixture(scope="session")
def one_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables, to be copied."""
    file = tmp_path_factory.mktemp("sqlite") / "empty.db"
    asyncio.run(migrated(f"sqlite+aiosqlite:///{file}"))
    return file


async def migrated(url: str) -> str:
    database = Database(url)
    await database.migrate()
    await database.close()
    return url


def empty(db: Connection) -> None:
    names = ", ".join(tables.metadata.tables)
    db.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("one_postgresql"))
    file = shutil.copy(request.getfixturevalue("one_sqlite"), tmp_path / "test.db")
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
async def database(address: str) -> AsyncIterator[Database]:
    opened = Database(address)
    if not opened.is_sqlite:
        await opened.write(empty)
    yield opened
    await opened.close()


@pytest.fixture
def postgresql_only(database: Database) -> Database:
    if database.is_sqlite:
        pytest.skip("SQLite has one writer, in one process")
    return database


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits in earnest for Telegram, for a database or for another process hardly waits here."""
    monkeypatch.setattr("bot.patience.FIRST", 0.1)
    monkeypatch.setattr("bot.patience.LONGEST", 1.0)
    monkeypatch.setattr("bot.receiving.OTHER_PAUSE", 0.5)
    monkeypatch.setattr("bot.turns.LOOK_SECONDS", 0.05)
    monkeypatch.setattr("bot.delivery.LOOK_SECONDS", 0.05)
    monkeypatch.setattr("bot.planner.LOOK_SECONDS", 0.5)
    monkeypatch.setattr("bot.store.database.LOOK_SECONDS", 0.2)
    monkeypatch.setattr("bot.program.WEBHOOK_PAUSE", 0.2)
    monkeypatch.setattr("bot.pace.CHAT_RATE", 50.0)
