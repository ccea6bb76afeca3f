"""Updates pushed to the bot: lane by lane in order, and again until it answers 2xx."""

import asyncio
import re
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Any

import aiohttp

from bot.demo import limits
from bot.demo.errors import bad_request, conflict
from bot.demo.updates import WEBHOOK_SET, Lane, Updates, Waiting

RETRY_AFTER_MOST = 3600


class Webhook:
    """`first_delay` and `longest_delay` are seconds between tries; the first retry comes at once."""

    def __init__(self, updates: Updates, now: Callable[[], datetime]) -> None:
        self.first_delay = 1.0
        self.longest_delay = 60.0
        self.url = ""
        self._secret = ""
        self._connections = limits.WEBHOOK_CONNECTIONS_DEFAULT
        self._free: asyncio.Semaphore = asyncio.Semaphore(self._connections)
        self._updates = updates
        self._now = now
        self._lanes: dict[Lane, deque[Waiting]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self._last_error: tuple[datetime, str] | None = None
        updates.on_arrival = self._arrived

    def check_polling(self) -> None:
        if self.url:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )

    async def set(self, url: str, secret: str = "", connections: int = 0, drop_pending: bool = False) -> None:
        """Sets it, or removes it when `url` is empty; what waits is delivered to the new one."""
        _check(url, secret)
        await self.end()
        if drop_pending:
            self._updates.forget_all()
        self.url, self._secret, self._last_error = url, secret, None
        if not url:
            return
        self._connections = limits.WEBHOOK_CONNECTIONS.clamp(connections or limits.WEBHOOK_CONNECTIONS_DEFAULT)
        self._free = asyncio.Semaphore(self._connections)
        self._updates.stop_poller(WEBHOOK_SET)
        self.begin()

    def begin(self) -> None:
        """Starts delivering what waits."""
        for waiting in self._updates.waiting():
            self._arrived(waiting)

    async def end(self) -> None:
        """Stops delivering; what is under way is broken off and stays unconfirmed."""
        tasks, self._tasks, self._lanes = self._tasks, set(), {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session:
            await self._session.close()
            self._session = None

    def info(self) -> dict[str, Any]:
        """The Bot API's WebhookInfo."""
        told: dict[str, Any] = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.waiting()),
        }
        if self._last_error:
            at, what = self._last_error
            told |= {"last_error_date": int(at.timestamp()), "last_error_message": what}
        if self.url:
            told |= {"max_connections": self._connections, "ip_address": "127.0.0.1"}
        return told | ({"allowed_updates": self._updates.allowed} if self._updates.allowed else {})

    def _arrived(self, waiting: Waiting) -> None:
        if not self.url:
            return
        if waiting.lane in self._lanes:
            self._lanes[waiting.lane].append(waiting)
            return
        lane = self._lanes[waiting.lane] = deque([waiting])
        task = asyncio.get_running_loop().create_task(self._deliver(waiting.lane, lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, name: Lane, lane: deque[Waiting]) -> None:
        """Delivers the updates of a lane, one after the other, until there are none."""
        while lane:
            await self._deliver_one(lane[0])
            lane.popleft()
        del self._lanes[name]

    async def _deliver_one(self, waiting: Waiting) -> None:
        failures = 0
        while self._updates.still_waits(waiting):
            async with self._free:
                delivered, retry_after = await self._post(waiting)
            if delivered:
                self._updates.confirm(waiting)
                return
            await asyncio.sleep(retry_after or self._delay(failures))
            failures += 1

    def _delay(self, failures: int) -> float:
        if failures == 0:
            return 0.0
        return min(self.longest_delay, self.first_delay * 2.0 ** min(failures - 1, 30))

    async def _post(self, waiting: Waiting) -> tuple[bool, float]:
        """Whether the bot took it, and for how many seconds it asks to be left alone."""
        self._session = self._session or aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._secret} if self._secret else {}
        try:
            async with self._session.post(
                self.url, json=waiting.body, headers=headers, allow_redirects=False
            ) as answer:
                await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._last_error = self._now(), f"Connection failed: {type(error).__name__}"
            return False, 0.0
        if 200 <= answer.status <= 299:
            return True, 0.0
        self._last_error = self._now(), f"Wrong response from the webhook: {answer.status} {answer.reason}"
        return False, _retry_after(answer.headers.get("Retry-After", ""))


def _retry_after(written: str) -> float:
    return float(min(int(written), RETRY_AFTER_MOST)) if written.isdigit() else 0.0


def _check(url: str, secret: str) -> None:
    if not url:
        return
    found = re.match(r"(https?)://([^/:\s]+)", url)
    if not found:
        raise bad_request("invalid webhook URL specified")
    scheme, host = found.groups()
    if scheme == "http" and host not in ("127.0.0.1", "localhost"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if len(secret) > limits.SECRET_TOKEN.most:
        raise bad_request("secret token is too long")
    if not re.fullmatch(f"{limits.SECRET_TOKEN_CHARACTER}*", secret):
        raise bad_request("secret token contains unallowed characters")
