"""How fast messages may leave: Telegram's pace, overall and for each chat.

Telegram publishes no exact limits; about 30 messages a second overall and one a second to a chat, with short
bursts, is what its FAQ says. Asked to wait by one chat, that chat waits; asked by a second one meanwhile,
everything waits, because then it is the bot as a whole that is meant.
"""

from dataclasses import dataclass

CHAT_RATE = 1.0  # messages a second to one chat
CHAT_BURST = 3.0
OVERALL_BURST = 2.0
MOST_CHATS = 1000  # kept in mind before those at rest are forgotten


@dataclass
class Bucket:
    """Holds up to `size` tokens and gains `rate` of them a second."""

    rate: float
    size: float
    tokens: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until there is a token."""
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.rate)
        self.at = now
        return max(0.0, (1 - self.tokens) / self.rate)

    def spend(self) -> None:
        self.tokens -= 1


class Pace:
    """`now` is in seconds, of any clock that only goes forward."""

    def __init__(self, rate: float, now: float) -> None:
        self._overall = Bucket(rate, OVERALL_BURST, OVERALL_BURST, now)
        self._chats: dict[int, Bucket] = {}
        self._closed: dict[int, float] = {}  # chat -> when it may be tried again
        self._all_closed_until = now

    def wait(self, now: float) -> float:
        """Seconds until anything may leave."""
        return max(self._overall.wait(now), self._all_closed_until - now)

    def wait_for(self, chat: int, now: float) -> float:
        """Seconds until something may leave for this chat."""
        if chat not in self._chats and len(self._chats) >= MOST_CHATS:
            self.tidy(now)
        bucket = self._chats.setdefault(chat, Bucket(CHAT_RATE, CHAT_BURST, CHAT_BURST, now))
        return max(bucket.wait(now), self._closed.get(chat, now) - now)

    def spend(self, chat: int) -> None:
        self._overall.spend()
        self._chats[chat].spend()

    def flooded(self, chat: int, seconds: float, now: float) -> None:
        """Telegram asked to wait."""
        self.tidy(now)
        if any(other != chat for other in self._closed):
            self._all_closed_until = max(self._all_closed_until, now + seconds)
        self._closed[chat] = max(self._closed.get(chat, now), now + seconds)

    def tidy(self, now: float) -> None:
        """Forgets chats that may send at full burst again."""
        self._closed = {chat: until for chat, until in self._closed.items() if until > now}
        rested = CHAT_BURST / CHAT_RATE
        self._chats = {chat: b for chat, b in self._chats.items() if now - b.at < rested}
