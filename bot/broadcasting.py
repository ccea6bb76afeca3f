"""Keeps messages to many going: begins what is due, feeds the outbox, and lets their authors see how it goes."""

import asyncio
import logging
from collections.abc import Callable

from bot.clock import Clock
from bot.patience import Patience, until_woken
from bot.store import Database, broadcasts
from bot.store.database import PassingTrouble

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
AHEAD_SECONDS = 2.0  # so much waits in the outbox: enough never to run dry, little enough to stop soon
LEAST_AHEAD = 8


class Broadcasting:
    """`rate` is in messages a second; `wrote` is called when there is something to send."""

    def __init__(self, database: Database, clock: Clock, rate: float, wrote: Callable[[], None]) -> None:
        self._database = database
        self._clock = clock
        self._ahead = max(LEAST_AHEAD, round(AHEAD_SECONDS * rate))
        self._wrote = wrote
        self._woken = asyncio.Event()

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled. Trouble is waited for: whatever it is, people must go on getting their replies."""
        patience = Patience()
        while True:
            self._woken.clear()
            try:
                await self._look()
                patience.restore()
            except Exception as trouble:
                if isinstance(trouble, PassingTrouble):
                    log.warning(
                        "the database is in trouble, trying again in %.0f s: %s", patience.pause, type(trouble).__name__
                    )
                else:
                    log.exception("broadcasts do not go on, trying again in %.0f s", patience.pause)
                await patience.wait()
                continue
            await until_woken(self._woken, LOOK_SECONDS)

    async def _look(self) -> None:
        """In small steps, so that turns and deliveries come in between."""
        if not await self._database.read(broadcasts.going, self._clock.now()):
            return
        while await self._database.write(broadcasts.begin, self._clock.now()):
            pass
        while await self._database.write(broadcasts.feed_up_to, self._ahead, self._clock.now()):
            self._wrote()
        await self._database.write(broadcasts.finish, self._clock.now())
        await self._database.write(broadcasts.tell, self._clock.now())
