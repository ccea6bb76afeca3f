"""The demo: the real bot, a local Telegram, and a page with a phone for each person. No account, no token."""

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import Clock
from bot.content.organisations import Organisations
from bot.demo.telegram import LocalTelegram
from bot.program import Program
from bot.settings import Settings, read
from bot.store import plans, roles
from conversations.world import Role

log = logging.getLogger(__name__)

TOKEN = "42:DEMO-not-a-real-token"  # noqa: S105  only the local Telegram knows it
NAME = "digihulp_demo_bot"
EXAMPLES = "Namen, adressen, telefoonnummers en tijden zijn voorbeelden. Alles wat je hier doet, is na het stoppen weg."


class DemoClock:
    """The bot's clock, as the page turns it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.program: Program | None = None

    def now(self) -> datetime:
        return self._clock.now()

    async def jump(self, seconds: float) -> None:
        self._clock.turn(timedelta(seconds=seconds))
        await self._look()

    async def jump_to_next(self) -> bool:
        """To just after what is planned next; False when nothing is."""
        if self.program is None:
            return False
        at = await self.program.database.read(plans.next_at)
        if at is None:
            return False
        self._clock.turn(max(at - self._clock.now(), timedelta()) + timedelta(seconds=1))
        await self._look()
        return True

    async def _look(self) -> None:
        if self.program:
            await self.program.planner.set_sessions()
            await self.program.planner.look()


@asynccontextmanager
async def demonstration(port: int, **overrides: object) -> AsyncIterator[LocalTelegram]:
    """Ready when entered, runs until left; everything in it is forgotten then."""
    with tempfile.TemporaryDirectory(prefix="digihulp-demo-") as folder:
        clock = Clock()
        turning = DemoClock(clock)
        telegram = LocalTelegram(token=TOKEN, username=NAME, now=clock.now, clock=turning)
        await telegram.start(port=port)
        try:
            program = Program(_settings(telegram.url, Path(folder), overrides), clock)
            turning.program = program
            telegram.notice(EXAMPLES)
            running = asyncio.create_task(program.run())
            ready = asyncio.create_task(program.ready.wait())
            try:
                await asyncio.wait((running, ready), return_when=asyncio.FIRST_COMPLETED)
                if running.done():
                    await running  # tells why it could not start
                organisations = program.current.organisations
                coordinator = Role("coordinator", organisations.libraries[0].id)
                invitation = await program.database.write(roles.invite, coordinator, clock.now())
                add_phones(telegram, organisations, invitation)
                yield telegram
            finally:
                ready.cancel()
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
        finally:
            await telegram.stop()


def _settings(api_url: str, folder: Path, overrides: dict[str, object]) -> Settings:
    database = f"sqlite+aiosqlite:///{folder / 'demo.db'}"
    own = {
        "token": TOKEN,
        "api_url": api_url,
        "database_url": database,
        "webhook_url": "",
        "questions": folder / "vragen",
    }
    return read(**own, **overrides)


def add_phones(telegram: LocalTelegram, organisations: Organisations, invitation: str) -> None:
    first = organisations.employers[0]
    link = [(f"Uitnodiging van {first.name}", first.code)]
    every = [(f"Uitnodiging van {employer.name}", employer.code) for employer in organisations.employers]
    telegram.phone(
        1001, "Fatima", language_code="nl", role="worker", links=link, title=f"Fatima, hulp bij {first.name}"
    )
    telegram.phone(
        1002, "Rania", language_code="ar", role="worker-other", links=link, title=f"Rania, hulp bij {first.name}"
    )
    telegram.phone(
        1003,
        "Marja",
        language_code="nl",
        role="coordinator",
        links=[(f"Uitnodiging voor de coördinator van {organisations.libraries[0].name}", invitation)],
        title=f"Marja, coach bij {organisations.libraries[0].name}",
    )
    telegram.phone(
        1004, "Joost", language_code="en", role="employer", links=every, title=f"Joost, contact bij {first.name}"
    )
