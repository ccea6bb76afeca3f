"""The updates a bot has not confirmed yet, and how it fetches them.

As Telegram's own server does: ids in sequence, confirmed by a higher offset, forgotten by age, one poller at
a time. Not copied is that a hurried poll (the same offset within three seconds) is held for three seconds: it
would make every stop of a bot in a test that much longer.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from bot.demo import limits
from bot.demo.errors import ApiError, conflict

Lane = tuple[str, int]
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_SET = "terminated by setWebhook request"
ONLY_ON_REQUEST = ("chat_member", "message_reaction", "message_reaction_count")
HURRIED_SECONDS = 0.5


@dataclass(frozen=True)
class Waiting:
    """An update not confirmed yet. Updates of one lane reach a webhook one after the other."""

    number: int
    body: dict[str, Any]
    lane: Lane
    expires_at: datetime

    @property
    def id(self) -> int:
        """The update's own; two forged ones may have the same."""
        return int(self.body["update_id"])


class Updates:
    def __init__(self, now: Callable[[], datetime], first_id: int = 1000) -> None:
        self._now = now
        self._next_id = first_id
        self._waiting: dict[int, Waiting] = {}
        self._numbers = count()
        self._poller: asyncio.Future[None] | None = None
        self._last_offset: int | None = None
        self._last_poll_at = 0.0
        self.allowed: list[str] = []
        self.on_arrival: Callable[[Waiting], None] = lambda _: None

    def put(self, kind: str, content: dict[str, Any], lane: Lane, seconds: float) -> None:
        """Keeps an update for so long, if the bot asked for its kind."""
        if kind in self.allowed or (not self.allowed and kind not in ONLY_ON_REQUEST):
            self._keep({kind: content}, lane, seconds)

    def put_raw(self, update: dict[str, Any], lane: Lane) -> None:
        """Keeps an update just as it is, asked for or not; an `update_id` of its own stays."""
        self._keep(update, lane, limits.MESSAGE_UPDATE_SECONDS)

    def _keep(self, update: dict[str, Any], lane: Lane, seconds: float) -> None:
        body = {"update_id": self._next_id, **update}
        self._next_id = max(self._next_id, int(body["update_id"])) + 1
        waiting = Waiting(next(self._numbers), body, lane, self._now() + timedelta(seconds=seconds))
        self._waiting[waiting.number] = waiting
        self._wake()
        self.on_arrival(waiting)

    def waiting(self) -> list[Waiting]:
        """Those not confirmed yet; the expired are forgotten."""
        now = self._now()
        self._keep_only([each for each in self._waiting.values() if each.expires_at > now])
        return list(self._waiting.values())

    def _keep_only(self, kept: list[Waiting]) -> None:
        if len(kept) < len(self._waiting):
            self._waiting = {each.number: each for each in kept}

    def still_waits(self, waiting: Waiting) -> bool:
        return waiting.number in self._waiting and waiting.expires_at > self._now()

    def confirm(self, waiting: Waiting) -> None:
        self._waiting.pop(waiting.number, None)

    def forget_all(self) -> None:
        self._waiting = {}

    async def fetch(self, offset: int, limit: int, timeout: float) -> list[dict[str, Any]]:  # noqa: ASYNC109
        """getUpdates: what is there, or else what comes within `timeout` seconds."""
        self._confirm_before(offset)
        self.stop_poller(OTHER_POLLER)
        limit = self._fair_limit(offset, limit)
        if timeout > 0 and not self.waiting():
            await self._wait(timeout)
        return [each.body for each in self.waiting() if each.id >= offset][:limit]

    def _confirm_before(self, offset: int) -> None:
        if offset < 0:
            self._keep_only(self.waiting()[offset:])
        else:
            self._keep_only([each for each in self.waiting() if each.id >= offset])

    def _fair_limit(self, offset: int, limit: int) -> int:
        """One update only for who asks for the same again at once: a bad one then holds up no others."""
        now = time.monotonic()
        hurried = offset == self._last_offset and now < self._last_poll_at + HURRIED_SECONDS
        self._last_offset, self._last_poll_at = offset, now
        return 1 if hurried else limit

    async def _wait(self, timeout: float) -> None:  # noqa: ASYNC109
        poller = self._poller = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(timeout):
                await poller
        except TimeoutError:
            pass
        finally:
            if self._poller is poller:
                self._poller = None

    def _wake(self) -> None:
        if self._poller and not self._poller.done():
            self._poller.set_result(None)

    def stop_poller(self, why: str) -> None:
        """Ends a long poll under way with a conflict; it confirmed nothing, so nothing is lost."""
        self._end_poller(conflict(why))

    def end(self) -> None:
        self._end_poller(ApiError(502, "Bad Gateway"))

    def _end_poller(self, error: ApiError) -> None:
        if self._poller and not self._poller.done():
            self._poller.set_exception(error)
        self._poller = None
