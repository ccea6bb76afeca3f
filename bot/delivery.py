"""Sends what is in the outbox: in order for each chat, urgent things first, at Telegram's pace."""

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any, Protocol

from bot.clock import Clock
from bot.outcomes import Gone, Later, Outcome, Refused, Retry, Sent, Strange, decide
from bot.pace import Pace
from bot.store import Connection, Database, outbox, people
from bot.store.outbox import Envelope, Urgency

log = logging.getLogger(__name__)

AT_ONCE = 16
LOOK_SECONDS = 1.0  # another process may have written


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
        """Runs until cancelled; what is under way is finished first."""
        await self._database.write(outbox.left_hanging, self._clock.now())
        try:
            while True:
                self._woken.clear()
                wait = await self._send_some()
                try:
                    await asyncio.wait_for(self._woken.wait(), wait)
                except TimeoutError:
                    continue
        finally:
            await asyncio.gather(*self._under_way.values(), return_exceptions=True)

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
            log.error("delivering %s failed", envelope.id, exc_info=error)

    async def _deliver(self, envelope: Envelope) -> None:
        now = self._clock.now()
        if envelope.expires_at <= now:
            await self._database.write(outbox.settle, envelope.id, "expired", now)
            return
        if envelope.urgency is Urgency.BROADCAST:
            await self._database.write(outbox.start, [envelope.id])
        outcome = await self._messenger.send(envelope.letter, envelope.chat)
        if isinstance(outcome, Later) and outcome.flood:
            self._pace.flooded(envelope.chat, outcome.flood, time.monotonic())
        await asyncio.shield(self._database.write(settle, envelope, outcome, self._clock))


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
