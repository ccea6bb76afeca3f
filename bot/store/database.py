"""The database: SQLite in one file by default, PostgreSQL by setting."""

import asyncio
import fcntl
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import IO, Any, Concatenate, ParamSpec, TypeVar

import alembic.command
import alembic.config
from sqlalchemy import Connection, Engine, ExceptionContext, StaticPool, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store.tables import metadata

__all__ = ["Connection", "Database", "NotUsableError", "PassingTrouble", "in_memory"]

# The advisory lock of the process that receives and sends. Two numbers: one alone is the lane of a chat.
LEADER = (0x0D1614, 0)
LOOK_SECONDS = 2.0
STOP_SECONDS = 5.0  # for a transaction under way when we stop
BUSY_SECONDS = 30.0  # for another process that writes
READERS = 4  # a long look holds up no short one

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
        # What was asked of it holds names and letters: errors must not tell.
        self._engine: Threads | AsyncEngine = (
            Threads(make_url(url)) if self.is_sqlite else create_async_engine(url, hide_parameters=True, pool_size=10)
        )
        event.listen(self._engine.sync_engine, "handle_error", _know_passing_trouble)
        self._turn: AbstractAsyncContextManager[Any] = asyncio.Lock() if self.is_sqlite else nullcontext()
        self._under_way: set[asyncio.Task[Any]] = set()

    async def write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        async with self._turn:
            return await self._to_its_end(self._transaction(lambda db: work(db, *args, **kwargs), writes=True))

    async def read(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._to_its_end(self._transaction(lambda db: work(db, *args, **kwargs), writes=False))

    async def _transaction(self, work: Callable[[Connection], T], *, writes: bool) -> T:
        if isinstance(self._engine, Threads):
            return await self._engine.run(work, writes=writes)
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    async def _to_its_end(self, transaction: Coroutine[Any, Any, T]) -> T:
        """Also when we are cancelled meanwhile: a thread can't be cut short, and what it does must be known."""
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
        async with self._turn:
            await self._transaction(_upgrade, writes=True)

    async def _try(self) -> None:
        try:
            await self._transaction(lambda _connection: None, writes=False)
        except Exception as error:  # each driver has errors of its own
            raise NotUsableError(str(getattr(error, "orig", error)).strip() or type(error).__name__) from None

    @asynccontextmanager
    async def leading(self) -> AsyncIterator[None]:
        """Waits until no other process receives and sends for this database, and keeps that place.

        The lock goes by itself when a process dies, however it dies.
        """
        leader = self._lead_file() if isinstance(self._engine, Threads) else self._lead_postgresql(self._engine)
        async with leader:
            yield

    @asynccontextmanager
    async def _lead_postgresql(self, engine: AsyncEngine) -> AsyncIterator[None]:
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            while not await connection.scalar(select(func.pg_try_advisory_lock(*LEADER))):
                await asyncio.sleep(LOOK_SECONDS)
            async with asyncio.TaskGroup() as group:
                holding = group.create_task(_hold(connection))
                yield
                holding.cancel()

    @asynccontextmanager
    async def _lead_file(self) -> AsyncIterator[None]:
        url = make_url(self.url)
        if _is_in_memory(url):
            yield
            return
        with Path(f"{url.database}.lock").open("w") as file:
            while not _locked(file):
                await asyncio.sleep(LOOK_SECONDS)
            yield

    async def close(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=STOP_SECONDS)
        await self._engine.dispose()


class Threads:
    """SQLite in threads of its own: a whole transaction is one step to a thread and back, not each statement.

    All that writes is done by one thread, so that no transaction begins before the last one has ended.
    """

    def __init__(self, url: URL) -> None:
        options: dict[str, Any] = {"poolclass": StaticPool} if _is_in_memory(url) else {}
        self.sync_engine = create_engine(
            url.set(drivername="sqlite"),
            hide_parameters=True,
            connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
            **options,
        )
        event.listen(self.sync_engine, "connect", _prepare_sqlite)
        event.listen(self.sync_engine, "begin", _begin_sqlite)
        self._writer = ThreadPoolExecutor(1, "writer")
        self._readers = self._writer if options else ThreadPoolExecutor(READERS, "reader")

    async def run(self, work: Callable[[Connection], T], *, writes: bool) -> T:
        threads = self._writer if writes else self._readers
        return await asyncio.get_running_loop().run_in_executor(threads, self._transaction, work, writes)

    def _transaction(self, work: Callable[[Connection], T], writes: bool) -> T:
        with self.sync_engine.connect() as connection:
            connection.execution_options(writes=writes)
            with connection.begin():
                return work(connection)

    async def dispose(self) -> None:
        """The threads end when they have done what is under way; that is not waited for longer than a while."""
        closed = asyncio.get_running_loop().run_in_executor(self._writer, self.sync_engine.dispose)
        for threads in (self._readers, self._writer):
            threads.shutdown(wait=False)
        await asyncio.wait([closed], timeout=STOP_SECONDS)


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


def _is_in_memory(url: URL) -> bool:
    return url.database in (None, "", ":memory:")


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
