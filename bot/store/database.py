"""The database: SQLite in one file by default, PostgreSQL by setting."""

import asyncio
import fcntl
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import IO, Any, Concatenate, ParamSpec, TypeVar

import alembic.command
import alembic.config
from sqlalchemy import Connection, Engine, ExceptionContext, StaticPool, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.store.tables import metadata

__all__ = ["Connection", "Database", "NotUsableError", "PassingTrouble", "in_memory"]

# The advisory lock of the process that receives and sends. Two numbers: one alone is the lane of a chat.
LEADER = (0x0D1614, 0)
LOOK_SECONDS = 2.0
STOP_SECONDS = 5.0  # for a transaction under way when we stop

P = ParamSpec("P")
T = TypeVar("T")

# A lost connection, a full disk, a lock: it may work again later. Everything else is our mistake.
PassingTrouble = (OperationalError, InterfaceError, PoolTimeoutError, OSError)
# PostgreSQL's words for the same: connection, rollback, resources, an operator's intervention, its system.
PASSING_CLASSES = ("08", "40", "53", "55", "57", "58")


class NotUsableError(Exception):
    """There is no using this database as it is; the message is what it said, without what was asked of it."""


class Database:
    """One transaction a call: `await database.write(inbox.keep, updates, now)`.

    SQLite has one writer; writers queue on a lock here, in order, instead of on SQLite's busy loop.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        options: dict[str, Any] = {"connect_args": {"timeout": 30}} if self.is_sqlite else {"pool_size": 10}
        # What was asked of it holds names and letters: errors must not tell.
        self._engine = create_async_engine(url, hide_parameters=True, **options)
        event.listen(self._engine.sync_engine, "handle_error", _know_passing_trouble)
        self._turn: AbstractAsyncContextManager[Any] = asyncio.Lock() if self.is_sqlite else nullcontext()
        self._under_way: set[asyncio.Task[Any]] = set()
        if self.is_sqlite:
            event.listen(self._engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self._engine.sync_engine, "begin", _begin_sqlite)

    async def write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        async def transaction() -> T:
            async with self._engine.connect() as connection:
                await connection.execution_options(writes=True)
                async with connection.begin():
                    return await connection.run_sync(work, *args, **kwargs)

        async with self._turn:
            return await self._to_its_end(transaction())

    async def read(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        async def transaction() -> T:
            async with self._engine.begin() as connection:
                return await connection.run_sync(work, *args, **kwargs)

        return await self._to_its_end(transaction())

    async def _to_its_end(self, transaction: Coroutine[Any, Any, T]) -> T:
        """Also when we are cancelled meanwhile: cut short, aiosqlite may leave it open, and the file locked for all."""
        task = asyncio.ensure_future(transaction)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait([task], timeout=STOP_SECONDS)
            raise

    async def migrate(self) -> None:
        """Brings the tables to this version of the program, from nothing or from any older one."""
        await self._try()
        async with self._turn, self._engine.connect() as connection:
            await connection.execution_options(writes=True)
            async with connection.begin():
                await connection.run_sync(_upgrade)

    async def _try(self) -> None:
        try:
            async with self._engine.connect():
                return
        except Exception as error:  # each driver has errors of its own
            await asyncio.sleep(0.1)  # aiosqlite's thread still wants to tell this loop that it ends
            raise NotUsableError(str(getattr(error, "orig", error)).strip() or type(error).__name__) from None

    @asynccontextmanager
    async def leading(self) -> AsyncIterator[None]:
        """Waits until no other process receives and sends for this database, and keeps that place.

        The lock goes by itself when a process dies, however it dies.
        """
        leader = self._lead_file() if self.is_sqlite else self._lead_postgresql()
        async with leader:
            yield

    @asynccontextmanager
    async def _lead_postgresql(self) -> AsyncIterator[None]:
        async with self._engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            while not await connection.scalar(select(func.pg_try_advisory_lock(*LEADER))):
                await asyncio.sleep(LOOK_SECONDS)
            async with asyncio.TaskGroup() as group:
                holding = group.create_task(_hold(connection))
                yield
                holding.cancel()

    @asynccontextmanager
    async def _lead_file(self) -> AsyncIterator[None]:
        name = make_url(self.url).database
        if not name or name == ":memory:":
            yield
            return
        with Path(f"{name}.lock").open("w") as file:
            while not _locked(file):
                await asyncio.sleep(LOOK_SECONDS)
            yield

    async def close(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=STOP_SECONDS)
        await self._engine.dispose()


async def _hold(connection: AsyncConnection) -> None:
    """Notices within seconds when the connection that holds the lock is lost; then the process must stop."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        await connection.scalar(select(1))


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _upgrade(connection: Connection) -> None:
    config = alembic.config.Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    alembic.command.upgrade(config, "head")


def _know_passing_trouble(context: ExceptionContext) -> None:
    """To SQLAlchemy most errors of asyncpg look alike: what may pass is told apart by PostgreSQL's own class."""
    error = context.original_exception
    state = getattr(error, "sqlstate", None) or ""
    cut_short = not isinstance(error, Exception)  # a cancellation must stay one
    if not cut_short and (context.is_disconnect or state[:2] in PASSING_CLASSES):
        raise OperationalError(context.statement, None, error, hide_parameters=True) from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")  # an acknowledged update survives a power cut
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def in_memory() -> Engine:
    """A database of one process and one connection, gone when it ends: for a talk in the terminal and for tests."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    metadata.create_all(engine)
    return engine
