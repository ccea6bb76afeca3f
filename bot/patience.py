"""Trying again, later each time that it fails again."""

import asyncio

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
