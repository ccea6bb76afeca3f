"""The clock of the demo, as the local Telegram needs it; who starts the demo gives one that can be turned."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware."""
        ...

    async def jump(self, seconds: float) -> None: ...

    async def jump_to_next(self) -> bool:
        """To the next thing planned; False when nothing is."""
        ...
