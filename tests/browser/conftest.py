"""A browser before the demo page, the local Telegram behind it, and a bot that says what a test tells it to say.

One browser serves the whole run; every test has a Telegram and a page of its own, and fails when the page logged an
error or asked anything of another machine.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from bot.demo.telegram import LocalTelegram

TOKEN = "42:TEST"
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LAPTOP = (1440, 900)

Update = dict[str, Any]
Answer = Callable[["ScriptedBot", Update], Awaitable[None]]


class TurnableClock:
    """Stands still until somebody turns it; one reminder waits for tomorrow at nine."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 22, 14, 7, tzinfo=UTC)
        self.reminders = [datetime(2026, 11, 23, 8, 0, tzinfo=UTC)]

    def now(self) -> datetime:
        return self.time

    async def jump(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    async def jump_to_next(self) -> bool:
        if not self.reminders:
            return False
        self.time = self.reminders.pop(0)
        return True


class ScriptedBot:
    """Long-polls as a bot does, and gives each update to `answer`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.updates: list[Update] = []
        self.answer: Answer = say_nothing

    async def call(self, method: str, **parameters: Any) -> Any:
        async with self.session.post(f"{self.url}/bot{TOKEN}/{method}", json=parameters) as reply:
            said = await reply.json()
        assert said["ok"], said
        return said["result"]

    async def say(self, chat: int, text: str, **parameters: Any) -> Any:
        return await self.call("sendMessage", chat_id=chat, text=text, parse_mode="HTML", **parameters)

    async def send_file(self, method: str, chat: int, part: str, name: str, mime: str, content: bytes) -> Any:
        form = aiohttp.FormData({"chat_id": str(chat)})
        form.add_field(part, content, filename=name, content_type=mime)
        async with self.session.post(f"{self.url}/bot{TOKEN}/{method}", data=form) as reply:
            said = await reply.json()
        assert said["ok"], said
        return said["result"]

    async def poll(self) -> None:
        offset = 0
        async with aiohttp.ClientSession() as self.session:
            while True:
                for update in await self.next_updates(offset):
                    offset = update["update_id"] + 1
                    self.updates.append(update)
                    await self.answer(self, update)

    async def next_updates(self, offset: int) -> list[Update]:
        try:
            updates: list[Update] = await self.call("getUpdates", offset=offset, timeout=20)
        except aiohttp.ClientError:  # a test has the server away for a moment
            await asyncio.sleep(0.1)
            return []
        return updates

    def texts(self) -> list[str]:
        """What people wrote to it."""
        return [update["message"].get("text", "") for update in self.updates if "message" in update]


async def say_nothing(bot: ScriptedBot, update: Update) -> None:
    """A bot that only listens."""


@dataclass
class Watch:
    """What a page must not do: log an error, or ask anything of another machine. `excused` are expected errors."""

    errors: list[str] = field(default_factory=list)
    requests_elsewhere: list[str] = field(default_factory=list)
    excused: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text) if said.type in ("error", "warning") else None)
        page.on("request", lambda request: self._see(request.url))

    def _see(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "blob:http://127.0.0.1:")):
            self.requests_elsewhere.append(url)

    def check(self) -> None:
        unexpected = [error for error in self.errors if not any(words in error for words in self.excused)]
        assert unexpected == []
        assert self.requests_elsewhere == []


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        missing = "There is no chromium on this machine (Debian: apt install chromium): the page is not tried."
        if os.environ.get("DIGIHULP_REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        yield browser
        await browser.close()


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock()


@pytest_asyncio.fixture(loop_scope="session")
async def telegram(clock: TurnableClock) -> AsyncIterator[LocalTelegram]:
    telegram = LocalTelegram(token=TOKEN, username="digihulp_bot", now=clock.now, paced=False, clock=clock)
    invitation = [("Uitnodiging van Vierstroom", "vierstroom")]
    telegram.phone(
        1, "Fatima", language_code="nl", role="worker", title="Fatima, hulp bij Vierstroom", links=invitation
    )
    telegram.phone(2, "أميرة", language_code="ar", role="worker-other", title="Amira, hulp bij Vierstroom", links=[])
    telegram.phone(3, "Els", language_code="nl", role="coordinator", title="Els, digicoach", links=[])
    telegram.phone(4, "Joris", language_code="nl", role="employer", title="Joris, van Vierstroom", links=[])
    await telegram.start(port=0)
    yield telegram
    await telegram.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def bot(telegram: LocalTelegram) -> AsyncIterator[ScriptedBot]:
    bot = ScriptedBot(telegram.url)
    polling = asyncio.create_task(bot.poll())
    yield bot
    polling.cancel()
    with suppress(asyncio.CancelledError):
        await polling


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    width, height = LAPTOP
    context = await browser.new_context(viewport={"width": width, "height": height}, locale="nl-NL")
    context.set_default_timeout(10_000)
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: BrowserContext, telegram: LocalTelegram, bot: ScriptedBot, watch: Watch) -> AsyncIterator[Page]:
    page = await context.new_page()
    watch.over(page)
    await page.goto(telegram.url)
    await page.wait_for_selector(".phone")
    yield page
    await page.close()
    watch.check()
