"""What the tests of the pipeline have in common: updates as Telegram writes them, and looking at what is kept."""

import asyncio
import itertools
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, event, select

from bot.clock import Clock
from bot.delivery import Delivery
from bot.knowledge import Knowledge
from bot.outcomes import Outcome, Sent
from bot.planner import set_sessions
from bot.receiving import lane
from bot.store import Connection, Database, inbox, outbox, people, plans, tables
from bot.store.outbox import Urgency
from bot.turns import take_turn
from conversations.people import Person
from tests.conftest import MONDAY

FATIMA, RANIA, MARJA = 1001, 1002, 1003
QUESTION = "wachtwoord kwijt =wachtwoord-vergeten"
NEVER = datetime(2100, 1, 1, tzinfo=UTC)
numbers = itertools.count(1)

Update = Mapping[str, Any]


class ClockFrom(Clock):
    """Starts at a moment of our choosing, and runs twenty times as fast: what is put off comes soon."""

    def __init__(self, start: datetime = MONDAY) -> None:
        super().__init__()
        self._start = start
        self._began = time.monotonic()

    def now(self) -> datetime:
        return self._start + self._ahead + timedelta(seconds=20 * (time.monotonic() - self._began))


def user(id: int, language: str = "nl") -> dict[str, Any]:
    return {"id": id, "is_bot": False, "first_name": "Fatima", "language_code": language}


def text(chat: int, said: str, number: int | None = None) -> Update:
    message = {
        "message_id": 7,
        "date": 1795356000,
        "chat": {"id": chat, "type": "private", "first_name": "Fatima"},
        "from": user(chat),
        "text": said,
    }
    return {"update_id": number or next(numbers), "message": message}


def tap(chat: int, data: str) -> Update:
    bot = {"id": 42, "is_bot": True, "first_name": "Digihulp"}
    shown = {**text(chat, "?")["message"], "from": bot}
    query = {"id": "9", "from": user(chat), "chat_instance": "1", "data": data, "message": shown}
    return {"update_id": next(numbers), "callback_query": query}


def unparsable(chat: int) -> Update:
    broken = {**text(chat, "?")["message"], "text": {"not": "a text"}}
    return {"update_id": next(numbers), "message": broken}


def unblocked(chat: int) -> Update:
    bot = {"id": 42, "is_bot": True, "first_name": "Digihulp"}
    change = {
        "chat": {"id": chat, "type": "private", "first_name": "Fatima"},
        "from": user(chat),
        "date": 1795356000,
        "old_chat_member": {"user": bot, "status": "kicked", "until_date": 0},
        "new_chat_member": {"user": bot, "status": "member"},
    }
    return {"update_id": next(numbers), "my_chat_member": change}


def rows_of(updates: tuple[Update, ...]) -> list[inbox.Update]:
    return [inbox.Update(f"telegram:{u['update_id']}", lane(u), u) for u in updates]


async def keep(database: Database, *updates: Update, now: datetime = MONDAY) -> int:
    return await database.write(inbox.keep, rows_of(updates), now)


async def work_off(database: Database, knowledge: Knowledge, now: datetime = MONDAY) -> int:
    """Takes turns until none waits; says how many."""
    turns = 0
    while await database.write(take_turn, knowledge, now):
        turns += 1
    return turns


async def hear(database: Database, knowledge: Knowledge, *updates: Update, now: datetime = MONDAY) -> None:
    await keep(database, *updates, now=now)
    await work_off(database, knowledge, now)


async def look_at_plans(database: Database, knowledge: Knowledge, now: datetime) -> int:
    """What the planner does every few seconds, and the turns that follow from it."""
    moved = await database.write(plans.hand_over, now)
    await work_off(database, knowledge, now)
    return moved


async def rows(database: Database, table: Table) -> list[Any]:
    def all_of_it(db: Connection) -> list[Any]:
        return list(db.execute(select(table).order_by(*table.primary_key)))

    return await database.read(all_of_it)


async def letters(database: Database, chat: int) -> list[str]:
    """The texts that wait for this chat, in order."""
    kept = await rows(database, tables.outbox)
    return [row.letter.get("text", "") for row in kept if row.chat == chat and row.state == "waiting"]


async def states(database: Database, table: Table) -> list[str]:
    return [row.state for row in await rows(database, table)]


async def add(database: Database, *ids: int, **facts: Any) -> None:
    """People who have joined."""
    for who in ids:
        await database.write(
            people.save, Person(who, "nl", "Fatima", **{"agreed_at": MONDAY, "employer": "zon"} | facts)
        )


async def plan_sessions(database: Database, knowledge: Knowledge, now: datetime = MONDAY) -> None:
    await database.write(set_sessions, knowledge.organisations, now)


async def session_of(database: Database, slot: str, day: str) -> Any:
    return next(s for s in await rows(database, tables.sessions) if (s.slot, s.day) == (slot, day))


async def write_letter(
    database: Database,
    chat: int,
    said: str,
    urgency: Urgency = Urgency.REPLY,
    *,
    now: datetime = MONDAY,
    expires_at: datetime = NEVER,
) -> None:
    await database.write(outbox.write, chat, {"text": said}, urgency=urgency, now=now, expires_at=expires_at)


class Messenger:
    """Takes every letter, unless it was told otherwise; `answers` are the outcomes for a text, first one first."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, str]] = []
        self.answers: dict[str, deque[Outcome]] = defaultdict(deque)
        self.hold: dict[str, asyncio.Event] = {}

    def will_answer(self, said: str, *outcomes: Outcome) -> None:
        self.answers[said].extend(outcomes)

    def times(self, said: str) -> int:
        return [each for _chat, each in self.sent].count(said)

    async def send(self, letter: Mapping[str, Any], chat: int) -> Outcome:
        said = letter["text"]
        self.sent.append((chat, said))
        if said in self.hold:
            await self.hold[said].wait()
        answers = self.answers[said]
        return answers.popleft() if answers else Sent(len(self.sent))


@asynccontextmanager
async def delivering(
    database: Database, messenger: Any, clock: Clock | None = None, rate: float = 1000
) -> AsyncIterator[Delivery]:
    delivery = Delivery(database, messenger, clock or ClockFrom(), rate)
    task = asyncio.create_task(delivery.run())
    try:
        yield delivery
        assert not task.done(), task.exception()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(true: Callable[[], Any], seconds: float = 20) -> None:
    """Waits for it; `true` may be a coroutine function."""
    async with asyncio.timeout(seconds):
        while True:
            found = true()
            if await found if asyncio.iscoroutine(found) else found:
                return
            await asyncio.sleep(0.01)


async def nothing_waits(database: Database) -> bool:
    return not {"waiting", "leaving"} & set(await states(database, tables.outbox))


@contextmanager
def failing(database: Database, error: Callable[[], Exception], fits: Callable[[str], bool]) -> Any:
    """Statements that fit fail while this lasts."""

    def fail(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if fits(statement):
            raise error()

    engine = database._engine.sync_engine
    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", fail)
