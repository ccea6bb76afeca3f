"""The migrations make the tables that the program speaks of."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from bot.store import Connection, Database, tables
from tests.pipeline.doing import FATIMA, add, rows


@pytest.fixture
async def nothing(database: Database, tmp_path: Path) -> AsyncIterator[Database]:
    """A database without a single table."""
    if database.is_sqlite:
        opened = Database(f"sqlite+aiosqlite:///{tmp_path / 'nothing.db'}")
    else:
        opened = database
        await database.write(drop_everything)
    assert await opened.read(lambda db: inspect(db).get_table_names()) == []
    yield opened
    await opened.migrate()
    await opened.close()


def drop_everything(db: Connection) -> None:
    db.execute(text("DROP SCHEMA public CASCADE"))
    db.execute(text("CREATE SCHEMA public"))


def differences(db: Connection) -> Any:
    # SQLite writes an empty text as a default in a way that Alembic takes for another.
    options = {"compare_type": True, "compare_server_default": db.dialect.name != "sqlite"}
    return compare_metadata(MigrationContext.configure(db, opts=options), tables.metadata)


def foreign_keys(db: Connection) -> set[tuple[str, str, str]]:
    """Alembic does not compare what happens on deletion."""
    found = inspect(db)
    return {
        (table, key["referred_table"], key["options"].get("ondelete", ""))
        for table in found.get_table_names()
        for key in found.get_foreign_keys(table)
    }


async def test_from_nothing_to_what_the_program_expects(nothing: Database) -> None:
    await nothing.migrate()
    assert await nothing.read(differences) == []


async def test_deleting_a_person_takes_along_what_is_hers(database: Database) -> None:
    wanted = {
        (table.name, key.column.table.name, key.ondelete or "")
        for table in tables.metadata.tables.values()
        for key in table.foreign_keys
    }
    assert await database.read(foreign_keys) == wanted


async def test_again_is_harmless(database: Database) -> None:
    await add(database, FATIMA)
    await database.migrate()
    await database.migrate()
    assert len(await rows(database, tables.people)) == 1
    assert await database.read(differences) == []


def test_there_is_one_newest_migration() -> None:
    folder = ScriptDirectory(str(Path(tables.__file__).parent / "migrations"))
    assert len(folder.get_heads()) == 1
