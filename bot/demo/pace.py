"""How fast Telegram lets a bot write: bursts are fine, a second apart in the long run."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.demo.errors import too_many_requests

CHAT_BURST = 5
CHAT_PER_SECOND = 1.0
ALL_BURST = 30
ALL_PER_SECOND = 30.0


@dataclass
class Bucket:
    """Tokens that come back with time; real time, not the clock that can be turned."""

    burst: int
    per_second: float
    tokens: float
    filled_at: float

    def fill(self, now: float) -> None:
        self.tokens = min(self.burst, self.tokens + (now - self.filled_at) * self.per_second)
        self.filled_at = now

    def wait(self) -> float:
        """The seconds until there is a token."""
        return max(0.0, (1 - self.tokens) / self.per_second)


@dataclass
class Pace:
    on: bool = True
    monotonic: Callable[[], float] = time.monotonic
    _all: Bucket | None = None
    _chats: dict[int, Bucket] = field(default_factory=dict)

    def check(self, chat: int) -> None:
        """Raises Too Many Requests when the chat, or all of them together, must wait."""
        if self.on:
            wait = max(bucket.wait() for bucket in self._buckets(chat))
            if wait > 0:
                raise too_many_requests(math.ceil(wait))

    def count(self, chat: int) -> None:
        """One more was sent; what was refused does not count."""
        for bucket in self._buckets(chat):
            bucket.tokens -= 1

    def _buckets(self, chat: int) -> tuple[Bucket, Bucket]:
        now = self.monotonic()
        self._all = self._all or Bucket(ALL_BURST, ALL_PER_SECOND, ALL_BURST, now)
        of_chat = self._chats.setdefault(chat, Bucket(CHAT_BURST, CHAT_PER_SECOND, CHAT_BURST, now))
        for bucket in (self._all, of_chat):
            bucket.fill(now)
        return self._all, of_chat
