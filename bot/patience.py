"""Waiting: to be woken, and to try again, later each time that it fails again."""

import asyncio
from contextlib import suppress

FIRST, LONGEST = 1.0, 30.0  # seconds


class Patience:
    def __init__(self) -> None:
        self.pause = FIRST

    def restore(self) -> None:
        """It worked: the next trouble is the first again."""
        self.pause = FIRST

    async def wait(self) -> None:
        await asyncio.sleep(self.pause)
        self.pause = min(2 * self.pause, LONGEST)


async def until_woken(woken: asyncio.Event, seconds: float) -> None:
    """Or until so much time has passed."""
    with suppress(TimeoutError):  # not wait_for: before Python 3.12 it may swallow our cancellation
        async with asyncio.timeout(seconds):
            await woken.wait()
