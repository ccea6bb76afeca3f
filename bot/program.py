"""The running bot: everything wired together."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.broadcasting import Broadcasting
from bot.clock import Clock
from bot.content.current import Current
from bot.delivery import Delivery
from bot.editor import Editor
from bot.knowledge import Knowledge, learn
from bot.planner import Planner
from bot.receiving import Receiving
from bot.settings import Settings
from bot.store import Database
from bot.telegram.client import Client, UnreachableError
from bot.turns import Turns

log = logging.getLogger(__name__)

WEBHOOK_PAUSE = 5.0


class Program:
    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.database = Database(settings.database_url)
        self.client = Client(settings.token, settings.api_url)
        self.current = Current(settings.content, settings.organisations_file, settings.questions)
        self.bot_name = settings.bot_name.lstrip("@")
        self.knowledge: Knowledge
        self.ready = asyncio.Event()  # it has learnt the answers, and Telegram knows it
        self.delivery = Delivery(self.database, self.client, clock, settings.send_rate)
        self.broadcasting = Broadcasting(self.database, clock, settings.send_rate, self.delivery.wake)
        self.turns = Turns(self.database, lambda: self.knowledge, clock, self.delivery.wake)
        self.editor = Editor(self.database, settings.questions_folder)
        self.planner = Planner(
            self.database, lambda: self.knowledge.organisations, clock, self.turns.wake, self.editor.write
        )
        self.receiving = Receiving(self.database, self.client, clock, self.turns.wake)

    async def run(self) -> None:
        """Until cancelled. Other processes on the same database take turns; one receives, plans and sends."""
        try:
            await self.database.migrate()
            name = await self.client.open()
            self.bot_name = self.bot_name or name
            await self.learn()
            log.info("ready as @%s", name)
            self.ready.set()
            async with asyncio.TaskGroup() as group:
                group.create_task(self.turns.run())
                group.create_task(self.watch())
                group.create_task(self.lead())
        finally:
            await self.client.close()
            await self.database.close()

    async def lead(self) -> None:
        async with self.database.leading():
            await self.planner.start()
            try:
                async with self._updates(), asyncio.TaskGroup() as group:
                    group.create_task(self.delivery.run())
                    group.create_task(self.broadcasting.run())
                    if not self.settings.webhook_url:
                        group.create_task(self.receiving.poll())
            finally:
                self.planner.stop()

    @asynccontextmanager
    async def _updates(self) -> AsyncIterator[None]:
        """Open to webhooks, where that is the setting."""
        if not self.settings.webhook_url:
            yield
            return
        host, _colon, port = self.settings.webhook_listen.rpartition(":")
        runner = await self.receiving.listen(host, int(port), self.settings.webhook_secret)
        try:
            await self._start_webhook()
            yield
        finally:
            await runner.cleanup()

    async def _start_webhook(self) -> None:
        while True:
            try:
                await self.client.start_webhook(self.settings.webhook_url, self.settings.webhook_secret)
            except UnreachableError as error:
                log.warning("the webhook could not be set, trying again in %.0f s: %s", WEBHOOK_PAUSE, error)
                await asyncio.sleep(WEBHOOK_PAUSE)
            else:
                return

    async def learn(self) -> None:
        """Takes in what the files say now."""
        now = self.current.version
        known = await asyncio.to_thread(learn, now.content, now.organisations, self.settings.cache)
        self.knowledge = replace(known, bot_name=self.bot_name, send_rate=self.settings.send_rate)

    async def watch(self) -> None:
        """Takes in what is changed in the files while running; what is wrong there is logged, and not taken in."""

        async def changed() -> None:
            await self.learn()
            await self.planner.set_sessions()

        await self.current.watch(changed)
