"""The time. A clock that can be turned forward, for the demo and the tests; it never stands still."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")  # where the people are


class Clock:
    def __init__(self) -> None:
        self._ahead = timedelta()
        self._turned: list[Callable[[], None]] = []

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def turn(self, by: timedelta) -> None:
        """Moves the time forward and tells who waits for it."""
        if by < timedelta():
            raise ValueError("time only goes forward")
        self._ahead += by
        for tell in self._turned:
            tell()

    def on_turn(self, tell: Callable[[], None]) -> None:
        self._turned.append(tell)
