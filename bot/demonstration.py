"""The demo: the real bot, a local Telegram, and a page with a phone for each person. No account, no token."""

import asyncio
import logging
import random
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bot import occasions
from bot.clock import Clock
from bot.content.organisations import Organisations
from bot.demo.telegram import LocalTelegram
from bot.planner import next_at
from bot.program import Program
from bot.settings import Settings, read
from bot.store import Connection, people, roles
from conversations.people import Person
from conversations.world import Role

log = logging.getLogger(__name__)

TOKEN = "42:DEMO-not-a-real-token"  # noqa: S105  only the local Telegram knows it
NAME = "digihulp_demo_bot"
CROWD = range(20_000, 22_000)
CROWD_LANGUAGES = {"nl": 70, "en": 15, "ar": 15}  # of a hundred people
CROWD_STATES = {"member": 90, "left": 3, "stopped": 4, "blocked": 3}
CROWD_NAMES = (
    *("Anna", "Marieke", "Sanne", "Petra", "Ingrid", "Joke", "Wilma", "Esther", "Lotte", "Karin", "Yvonne", "Daan"),
    *("Samira", "Naima", "Khadija", "Hatice", "Elif", "Selam", "Olena", "Agnieszka", "Shanti", "Grace", "Amina"),
)
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
        """To just after what happens next; False when nothing does. What nobody notices is passed by."""
        if self.program is None:
            return False
        read = self.program.database.read
        while at := await read(next_at, self._clock.now()):
            unnoticed = await read(occasions.next_at, self._clock.now())
            self._clock.turn(max(at - self._clock.now(), timedelta()) + timedelta(seconds=1))
            if await self._look() or at != unnoticed:
                return True
        return False

    async def _look(self) -> int:
        if self.program is None:
            return 0
        await self.program.planner.set_sessions()
        return await self.program.planner.look()


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
                offer_a_crowd(telegram, program)
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


def offer_a_crowd(telegram: LocalTelegram, program: Program) -> None:
    """A button that lets many people join the first library, so that a message to all of them can be watched."""

    async def fill() -> str:
        organisations = program.current.organisations
        library = organisations.libraries[0]
        employers = [employer.id for employer in organisations.employers if library.id in employer.libraries]
        crowd, gone = made_up_crowd(employers, program.clock.now())
        if not await program.database.write(let_join, crowd):
            return "De 2.000 mensen doen al mee. Er komt niemand bij."
        telegram.crowd(CROWD, blocked=gone)
        return f"Klaar. Er doen nu 2.000 mensen mee bij {library.name}."

    telegram.offer("crowd", "Vul de bibliotheek: 2.000 mensen", fill)


def made_up_crowd(employers: Sequence[str], now: datetime) -> tuple[list[Person], set[int]]:
    """The same people every time, and who of them has blocked the bot, which knows so of half of these."""
    chance = random.Random(CROWD.start)  # noqa: S311  (chance, not a secret)
    states = {one: _draw(chance, CROWD_STATES) for one in CROWD}
    crowd = [made_up_person(one, state, employers, chance, now) for one, state in states.items()]
    return crowd, {one for one, state in states.items() if state in ("left", "blocked")}


def made_up_person(id: int, state: str, employers: Sequence[str], chance: random.Random, now: datetime) -> Person:
    before = now - timedelta(days=chance.randint(1, 300))
    return Person(
        id=id,
        language=_draw(chance, CROWD_LANGUAGES),
        name=chance.choice(CROWD_NAMES),
        agreed_at=before,
        employer=chance.choice(employers or [""]),
        stopped_at=before if state == "stopped" else None,
        blocked_at=before if state == "blocked" else None,
    )


def _draw(chance: random.Random, shares: Mapping[str, int]) -> str:
    return chance.choices(list(shares), list(shares.values()))[0]


def let_join(db: Connection, crowd: Sequence[Person]) -> bool:
    """False when they had joined before; then nothing is changed."""
    if people.find(db, crowd[0].id):
        return False
    people.save_all(db, crowd)
    return True
