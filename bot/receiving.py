"""Where updates come in. Each is stored before it is acknowledged, whichever way it came."""

import asyncio
import hmac
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiohttp import web

from bot.clock import Clock
from bot.patience import Patience
from bot.store import Database, inbox
from bot.store.database import PassingTrouble
from bot.telegram.client import Client, OtherReceiverError, UnreachableError
from bot.telegram.incoming import lane, source

log = logging.getLogger(__name__)

STOP_SECONDS = 3.0  # for requests under way; Telegram sends again what was not answered
LARGEST_UPDATE = 1024 * 1024  # bytes

OTHER_PAUSE = 15.0  # seconds, until another process may have stopped


class Receiving:
    """The one door. `arrived` is called when something new is in the inbox."""

    def __init__(self, database: Database, client: Client, clock: Clock, arrived: Callable[[], None]) -> None:
        self._database = database
        self._client = client
        self._clock = clock
        self._arrived = arrived

    async def keep(self, updates: Sequence[Mapping[str, Any]]) -> None:
        """Stores updates as they came; then stops the waiting signs of the buttons among them."""
        rows = [inbox.Update(source(u), lane(u), u) for u in updates]
        stored = await self._database.write(inbox.keep, rows, self._clock.now())
        if stored:
            self._arrived()
        for update in updates:
            match update:
                case {"callback_query": {"id": str(query)}}:
                    self._client.answer(query)

    async def poll(self) -> None:
        """Asks Telegram again and again; asking for the next ones acknowledges these."""
        offset, patience, webhook_stopped = 0, Patience(), False
        while True:
            try:
                if not webhook_stopped:
                    await self._client.stop_webhook()
                    webhook_stopped = True
                updates = await self._client.poll(offset)
                await self.keep(updates)
            except OtherReceiverError:
                log.error("another process receives for this bot; stop one of the two. Trying again.")
                await asyncio.sleep(OTHER_PAUSE)
            except (UnreachableError, *PassingTrouble) as error:
                why = error if isinstance(error, UnreachableError) else type(error).__name__
                log.warning("receiving failed, trying again in %.0f s: %s", patience.pause, why)
                await patience.wait()
            else:
                patience.restore()
                offset = max((u["update_id"] + 1 for u in updates), default=offset)

    async def listen(self, host: str, port: int, secret: str) -> web.AppRunner:
        """Opens the webhook; the answer 200 acknowledges."""

        async def take(request: web.Request) -> web.Response:
            given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
            if not hmac.compare_digest(given.encode(), secret.encode()):
                return web.Response(status=403)
            try:
                update = json.loads(await request.read())
                update["update_id"] + 0
            except (ValueError, TypeError, KeyError):
                log.warning("the webhook got something that is no update")
                return web.Response(status=400)
            try:
                await self.keep([update])
            except PassingTrouble as trouble:
                log.warning("an update could not be stored, Telegram keeps it: %s", type(trouble).__name__)
                return web.Response(status=503, headers={"Retry-After": "2"})
            return web.Response()

        application = web.Application(client_max_size=LARGEST_UPDATE)
        application.router.add_post("/{path:.*}", take)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=STOP_SECONDS)
        await runner.setup()
        await web.TCPSite(runner, host, port).start()
        return runner
