"""Sends what is in the outbox: in order for each chat, urgent things first, at Telegram's pace."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Concatenate, ParamSpec, Protocol

from bot.clock import Clock
from bot.outcomes import Gone, Later, Outcome, Refused, Retry, Sent, Strange, decide
from bot.pace import Pace
from bot.store import Connection, Database, outbox, people
from bot.store.database import PassingTrouble
from bot.store.outbox import Envelope, Urgency

log = logging.getLogger(__name__)

AT_ONCE = 16
LOOK_SECONDS = 1.0  # another process may have written
STOP_SECONDS = 5.0  # for what is under way when we stop
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0

P = ParamSpec("P")


class Messenger(Protocol):
    async def send(self, letter: Mapping[str, Any], chat: int) -> Outcome: ...


class Delivery:
    def __init__(self, database: Database, messenger: Messenger, clock: Clock, rate: float) -> None:
        self._database = database
        self._messenger = messenger
        self._clock = clock
        self._pace = Pace(rate, time.monotonic())
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._woken = asyncio.Event()

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Runs until cancelled; what is under way is finished first. A database in trouble is waited for."""
        await self._write(outbox.left_hanging, self._clock.now())
        try:
            while True:
                self._woken.clear()
                wait = await self._look()
                with suppress(TimeoutError):  # not wait_for: before Python 3.12 it may swallow our cancellation
                    async with asyncio.timeout(wait):
                        await self._woken.wait()
        finally:
            await self._finish()

    async def _finish(self) -> None:
        if self._under_way:
            _done, late = await asyncio.wait(self._under_way.values(), timeout=STOP_SECONDS)
            for task in late:
                task.cancel()

    async def _look(self) -> float:
        try:
            return await self._send_some()
        except PassingTrouble as trouble:
            log.warning("the database is in trouble, looking again soon: %s", type(trouble).__name__)
            await asyncio.sleep(LOOK_SECONDS)
            return LOOK_SECONDS

    async def _write(
        self, work: Callable[Concatenate[Connection, P], object], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Until the database has it: what has gone out and is not written down would go out again."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self._database.write(work, *args, **kwargs)
            except PassingTrouble as trouble:
                log.warning("the database is in trouble, trying again in %.0f s: %s", pause, type(trouble).__name__)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                return

    async def _send_some(self) -> float:
        """Starts what may leave now; gives the seconds until it is worth looking again."""
        room = AT_ONCE - len(self._under_way)
        if room <= 0:
            return LOOK_SECONDS
        ready = await self._database.read(outbox.sendable, self._clock.now(), list(self._under_way), 4 * AT_ONCE)
        soonest = LOOK_SECONDS
        for envelope in ready:
            now = time.monotonic()
            if (wait := self._pace.wait(now)) > 0:
                return min(soonest, wait)
            if (wait := self._pace.wait_for(envelope.chat, now)) > 0:
                soonest = min(soonest, wait)
                continue
            self._pace.spend(envelope.chat)
            self._start(envelope)
            room -= 1
            if room == 0:
                break
        return soonest

    def _start(self, envelope: Envelope) -> None:
        task = asyncio.create_task(self._deliver(envelope))
        self._under_way[envelope.chat] = task
        task.add_done_callback(lambda done: self._ended(envelope, done))

    def _ended(self, envelope: Envelope, task: asyncio.Task[None]) -> None:
        del self._under_way[envelope.chat]
        self.wake()
        if not task.cancelled() and (error := task.exception()):
            log.error("message %s could not be settled", envelope.id, exc_info=error)

    async def _deliver(self, envelope: Envelope) -> None:
        try:
            await self._send(envelope)
        except Exception as error:  # left as it is, it would go out again and again
            log.exception("delivering message %s failed", envelope.id)
            await self._write(outbox.settle, envelope.id, "failed", self._clock.now(), error=type(error).__name__)

    async def _send(self, envelope: Envelope) -> None:
        now = self._clock.now()
        if envelope.expires_at <= now:
            await self._write(outbox.settle, envelope.id, "expired", now)
            return
        if envelope.urgency is Urgency.BROADCAST:
            await self._write(outbox.start, [envelope.id])
        outcome = await self._messenger.send(envelope.letter, envelope.chat)
        if isinstance(outcome, Later) and outcome.flood:
            self._pace.flooded(envelope.chat, outcome.flood, time.monotonic())
        await self._write(settle, envelope, outcome, self._clock)


def settle(db: Connection, envelope: Envelope, outcome: Outcome, clock: Clock) -> None:
    """Writes down what became of it."""
    now = clock.now()
    decision = decide(outcome, envelope.urgency, envelope.attempts)
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
