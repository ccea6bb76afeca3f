"""Sends what is in the outbox: in order for each chat, urgent things first, at Telegram's pace."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Concatenate, Literal, ParamSpec, Protocol, TypeVar

from bot.clock import Clock
from bot.outcomes import Gone, Later, Outcome, Refused, Retry, Sent, Strange, decide
from bot.pace import Pace
from bot.patience import Patience, until_woken
from bot.store import Connection, Database, outbox, people
from bot.store.database import PassingTrouble
from bot.store.outbox import Envelope, Urgency

log = logging.getLogger(__name__)

AT_ONCE = 16
BROADCASTS_AT_ONCE = 12  # the other places are kept free for what is more urgent
IN_LINE = 4 * AT_ONCE  # how many are read at once
LOOK_SECONDS = 1.0  # another process may have written
STOP_SECONDS = 5.0  # for what is under way when we stop

P = ParamSpec("P")
T = TypeVar("T")
Work = Callable[[Connection], Any]
Entry = tuple[Work, asyncio.Future[Any]]


class Messenger(Protocol):
    async def send(self, letter: Mapping[str, Any], chat: int) -> Outcome: ...


@dataclass(frozen=True)
class Ended:
    """What became of a message without Telegram: it was too late, or we failed."""

    state: Literal["expired", "failed"]
    why: str | None = None


class Together:
    """Writes what waits in one transaction, as soon as the writer is free; what comes meanwhile is the next group."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[Entry] = deque()
        self._writing: asyncio.Task[None] | None = None

    async def write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Until the database has it: what has gone out and is not written down would go out again."""
        written: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((lambda db: work(db, *args, **kwargs), written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        return await written

    def stop(self) -> None:
        """What is being written is; a database in trouble is not waited for any longer."""
        if self._writing:
            self._writing.cancel()

    async def _write_all(self) -> None:
        while self._waiting:
            group: list[Entry] = []
            try:
                results = await self._write(self._do_all, group)
            except Exception:  # a mistake of ours with one of them must not cost the others
                self._gather(group)
                for entry in group:
                    await self._write_alone(*entry)
            else:
                for (_work, written), result in zip(group, results, strict=True):
                    _tell(written, result)

    def _do_all(self, db: Connection, group: list[Entry]) -> list[Any]:
        """Who is in the group is known when the writer is free. In a second try the first ones are in it still."""
        self._gather(group)
        return [work(db) for work, _written in group]

    def _gather(self, group: list[Entry]) -> None:
        for _each in range(len(self._waiting)):
            group.append(self._waiting.popleft())

    async def _write_alone(self, work: Work, written: asyncio.Future[Any]) -> None:
        try:
            _tell(written, await self._write(work))
        except Exception as error:
            if not written.done():
                written.set_exception(error)

    async def _write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        patience = Patience()
        while True:
            try:
                return await self._database.write(work, *args, **kwargs)
            except PassingTrouble as trouble:
                log.warning(
                    "the database is in trouble, trying again in %.0f s: %s", patience.pause, type(trouble).__name__
                )
                await patience.wait()


def _tell(written: asyncio.Future[Any], result: object) -> None:
    if not written.done():  # nobody waits for it any more
        written.set_result(result)


class Delivery:
    """A chat has one message under way, from its start until what became of it is written down.

    What is first in line is read when `wake` says that something was written, when more waits for a chat that has
    become free, when the line is at its end, and every LOOK_SECONDS; in between, it leaves from memory.
    """

    def __init__(self, database: Database, messenger: Messenger, clock: Clock, rate: float) -> None:
        self._database = database
        self._messenger = messenger
        self._clock = clock
        self._pace = Pace(rate, time.monotonic())
        self._together = Together(database)
        self._under_way: dict[int, asyncio.Task[bool]] = {}
        self._line: deque[Envelope] = deque()
        self._more = False  # behind the line, in the database
        self._wakes = 0
        self._read_again_at = 0.0
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Something was written."""
        self._wakes += 1
        self._read_soon()

    def _read_soon(self) -> None:
        self._read_again_at = 0.0
        self._woken.set()

    async def run(self) -> None:
        """Runs until cancelled; what is under way is finished first. A database in trouble is waited for."""
        try:
            await self._together.write(outbox.left_hanging, self._clock.now())
            while True:
                self._woken.clear()
                wait = await self._look()
                await until_woken(self._woken, wait)
        finally:
            await self._finish()

    async def _finish(self) -> None:
        if self._under_way:
            _done, late = await asyncio.wait(self._under_way.values(), timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
        self._together.stop()

    async def _look(self) -> float:
        """Starts what may leave now; gives the seconds until it is worth looking again."""
        if len(self._under_way) >= AT_ONCE:
            return LOOK_SECONDS
        try:
            if time.monotonic() >= self._read_again_at:
                await self._read()
        except PassingTrouble as trouble:
            log.warning("the database is in trouble, looking again soon: %s", type(trouble).__name__)
            await asyncio.sleep(LOOK_SECONDS)
            self._read_soon()
            return 0
        wait = self._start_some()
        return max(0.0, min(wait, self._read_again_at - time.monotonic()))

    async def _read(self) -> None:
        self._read_again_at = time.monotonic() + LOOK_SECONDS  # at once, when woken meanwhile
        ready = await self._database.read(outbox.sendable, self._clock.now(), list(self._under_way), IN_LINE)
        self._line = deque(ready)
        self._more = len(ready) == IN_LINE

    def _start_some(self) -> float:
        """Starts from the line what may leave now; gives the seconds until more of it may."""
        soonest = LOOK_SECONDS
        later: list[Envelope] = []  # for chats that have had enough for the moment
        while self._line and self._has_place(self._line[0].urgency):
            now = time.monotonic()
            if (wait := self._pace.wait(now)) > 0:
                soonest = min(soonest, wait)
                break
            envelope = self._line.popleft()
            if (wait := self._pace.wait_for(envelope.chat, now)) > 0:
                soonest = min(soonest, wait)
                later.append(envelope)
                continue
            self._pace.spend(envelope.chat)
            self._start(envelope)
        if self._more and not self._line and len(later) < IN_LINE / 2:
            self._read_soon()
        self._line.extendleft(reversed(later))
        return soonest

    def _has_place(self, urgency: Urgency) -> bool:
        return len(self._under_way) < (BROADCASTS_AT_ONCE if urgency is Urgency.BROADCAST else AT_ONCE)

    def _start(self, envelope: Envelope) -> None:
        task = asyncio.create_task(self._deliver(envelope))
        self._under_way[envelope.chat] = task
        task.add_done_callback(lambda done: self._ended(envelope, done))

    def _ended(self, envelope: Envelope, task: asyncio.Task[bool]) -> None:
        del self._under_way[envelope.chat]
        self._woken.set()
        if task.cancelled():
            return
        if error := task.exception():
            log.error("message %s could not be settled", envelope.id, exc_info=error)
        elif task.result():
            self._read_soon()

    async def _deliver(self, envelope: Envelope) -> bool:
        """True when there is reason to read afresh."""
        try:
            return await self._send(envelope)
        except Exception as error:  # left as it is, it would go out again and again
            log.exception("delivering message %s failed", envelope.id)
            return await self._settle(envelope, Ended("failed", type(error).__name__))

    async def _send(self, envelope: Envelope) -> bool:
        if envelope.expires_at <= self._clock.now():
            return await self._settle(envelope, Ended("expired"))
        if envelope.urgency is Urgency.BROADCAST and not await self._together.write(outbox.start, [envelope.id]):
            return True  # it was taken back since it was read
        outcome = await self._messenger.send(envelope.letter, envelope.chat)
        if isinstance(outcome, Later) and outcome.flood:
            self._pace.flooded(envelope.chat, outcome.flood, time.monotonic())
        return await self._settle(envelope, outcome)

    async def _settle(self, envelope: Envelope, outcome: Outcome | Ended) -> bool:
        """True when more waits for this chat; perhaps it does when we were woken meanwhile, as it was busy then."""
        wakes = self._wakes
        more = await self._together.write(settle_and_look, envelope, outcome, self._clock)
        return more or wakes != self._wakes


def settle_and_look(db: Connection, envelope: Envelope, outcome: Outcome | Ended, clock: Clock) -> bool:
    """Says whether more waits for this chat."""
    settle(db, envelope, outcome, clock)
    return outbox.waits(db, envelope.chat, clock.now())


def settle(db: Connection, envelope: Envelope, outcome: Outcome | Ended, clock: Clock) -> None:
    """Writes down what became of it."""
    now = clock.now()
    decision = outcome.state if isinstance(outcome, Ended) else decide(outcome, envelope.urgency, envelope.attempts)
    why = None if isinstance(outcome, Sent) else outcome.why
    if isinstance(decision, Retry):
        outbox.postpone(db, envelope.id, now + decision.after, why or "")
        return
    message = outcome.message if isinstance(outcome, Sent) else None
    outbox.settle(db, envelope.id, decision, now, message=message, error=why)
    if isinstance(outcome, Gone):
        people.blocked(db, envelope.chat, now)
        outbox.drop_pushes(db, envelope.chat, now)
    if isinstance(outcome, Refused | Strange):
        log.error("message %s was not taken: %s", envelope.id, why)
