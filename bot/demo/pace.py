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

    def wait(self, now: float) -> float:
        """The seconds until there is a token."""
        self.tokens = min(self.burst, self.tokens + (now - self.filled_at) * self.per_second)
        self.filled_at = now
        return max(0.0, (1 - self.tokens) / self.per_second)


@dataclass
class Pace:
    on: bool = True
    monotonic: Callable[[], float] = time.monotonic
    _all: Bucket | None = None
    _chats: dict[int, Bucket] = field(default_factory=dict)

    def take(self, chat: int) -> None:
        """Takes a token of the chat and of all; raises Too Many Requests when there is none."""
        if not self.on:
            return
        now = self.monotonic()
        buckets = (self._bucket_of_all(now), self._bucket_of(chat, now))
        wait = max(bucket.wait(now) for bucket in buckets)
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        for bucket in buckets:
            bucket.tokens -= 1

    def _bucket_of_all(self, now: float) -> Bucket:
        self._all = self._all or Bucket(ALL_BURST, ALL_PER_SECOND, ALL_BURST, now)
        return self._all

    def _bucket_of(self, chat: int, now: float) -> Bucket:
        return self._chats.setdefault(chat, Bucket(CHAT_BURST, CHAT_PER_SECOND, CHAT_BURST, now))
