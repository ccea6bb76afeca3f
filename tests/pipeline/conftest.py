"""What only PostgreSQL can show."""

import pytest

from bot.store import Database


@pytest.fixture
def postgresql_only(database: Database) -> Database:
    if database.is_sqlite:
        pytest.skip("SQLite has one writer, in one process")
    return database
