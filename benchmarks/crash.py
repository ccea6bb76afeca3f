"""What is lost, and what happens twice, when the bot is killed with -9 again and again.

    python benchmarks/crash.py [--updates 200] [--kills 20] [--database URL] [--content FOLDER] [--seed 1]

The bot runs as anybody would run it (`python -m bot run`), against a local Telegram in this process. Four updates
of each person: she comes in, joins, signs up for a drop-in, and asks for the menu. Each answers with one
message and only one, so what was lost or done twice can be counted: a turn in the outbox by the update that caused
it, a sign-up in its table, and a message at Telegram by what the phones heard.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.exc import DBAPIError

from bot.demo.telegram import LocalTelegram
from bot.store import Connection, Database, tables

TOKEN = "42:CRASH"
ROOT = Path(__file__).parent.parent
FIRST_PERSON = 1001
EACH = 4  # updates of one person
SIGN_UP = 2  # the third of them
DAY = 24 * 3600.0
PATIENCE = 120.0  # seconds for the last start to work off everything


@dataclass
class Result:
    updates: int = 0
    kills: int = 0
    kills_at_work: int = 0  # with something in the inbox or the outbox
    start_seconds: list[float] = field(default_factory=list)
    lost: int = 0
    turns_twice: int = 0
    sign_ups: int = 0
    sign_ups_wanted: int = 0
    unsent: int = 0
    messages: int = 0
    messages_twice: int = 0
    not_confirmed: int = 0
    set_aside: int = 0
    seconds: float = 0.0


class Crashes:
    def __init__(self, database_url: str, content: Path, cache: Path, chance: random.Random) -> None:
        self.telegram = LocalTelegram(token=TOKEN, paced=False)
        self.telegram.callback_seconds = DAY  # Telegram forgets a tap after 150 s; here every one is to come
        self.database = Database(database_url)
        self.chance = chance
        self.session = 0
        self.sent = 0
        self.settings = {
            "DIGIHULP_TOKEN": TOKEN,
            "DIGIHULP_DATABASE_URL": database_url,
            "DIGIHULP_CONTENT": str(content),
            "DIGIHULP_CACHE": str(cache),
            "DIGIHULP_SEND_RATE": "1000",
            "DIGIHULP_LOG_LEVEL": "ERROR",
        }

    async def run(self, updates: int, kills: int) -> Result:
        result, began = Result(updates=updates), time.monotonic()
        await self.telegram.start()
        try:
            result.start_seconds.append(await self.first_start())
            for number in range(kills):
                await self.live_and_die(updates * (number + 1) // kills, result)
            await self.work_off(result)
            await self.count(result)
        finally:
            await self.telegram.stop()
            await self.database.close()
        result.seconds = time.monotonic() - began
        return result

    async def start(self) -> asyncio.subprocess.Process:
        environment = {**os.environ, **self.settings, "DIGIHULP_API_URL": self.telegram.url, "PYTHONPATH": str(ROOT)}
        return await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", env=environment)

    async def first_start(self) -> float:
        """From nothing to the first answer, and the drop-in that everybody will sign up for."""
        self.telegram.phone(1, "Eerste").says("menu")
        began = time.monotonic()
        process = await self.start()
        await self.telegram.phone(1).hears(1, timeout=PATIENCE)
        seconds = time.monotonic() - began
        await kill(process)
        last = select(tables.sessions.c.id).order_by(tables.sessions.c.starts_at.desc()).limit(1)
        self.session = await self.database.read(lambda db: db.scalar(last)) or 0
        return seconds

    async def live_and_die(self, goal: int, result: Result) -> None:
        """One life: updates come in at random moments, and so does the kill, between the start and a while after."""
        life = self.chance.uniform(0.3, 1.5) * min(result.start_seconds)
        process = await self.start()
        began = time.monotonic()
        moments = sorted(self.chance.uniform(0, life) for _ in range(goal - self.sent))
        for moment in moments:
            await asyncio.sleep(max(0.0, began + moment - time.monotonic()))
            self.send_next()
        await asyncio.sleep(max(0.0, began + life - time.monotonic()))
        await kill(process)
        result.kills += 1
        result.kills_at_work += await self.anything_waits()

    def send_next(self) -> None:
        person, step = divmod(self.sent, EACH)
        phone = self.telegram.phone(FIRST_PERSON + person)
        if step == SIGN_UP:
            phone.forges(f"session:come:{self.session}")
        elif step == 1:
            phone.forges("join:wishes:none")
        else:
            phone.says("/start" if step == 0 else "menu")
        self.sent += 1

    async def work_off(self, result: Result) -> None:
        process = await self.start()
        try:
            async with asyncio.timeout(PATIENCE):
                while self.telegram.pending or await self.anything_waits():
                    if process.returncode is not None:
                        raise RuntimeError(f"the bot ended by itself with {process.returncode}")
                    await asyncio.sleep(0.2)
        except TimeoutError:
            pass  # what still waits is counted as lost or unsent
        process.terminate()
        await process.wait()

    async def anything_waits(self) -> bool:
        try:
            inbox, outbox = await self.rows(tables.inbox), await self.rows(tables.outbox)
        except DBAPIError:
            return True
        return any(row.state in ("waiting", "leaving") for row in (*inbox, *outbox))

    async def count(self, result: Result) -> None:
        inbox, outbox = await self.rows(tables.inbox), await self.rows(tables.outbox)
        own = {row.id for row in inbox if row.source.startswith("telegram:") and row.lane >= FIRST_PERSON}
        turns = Counter(row.cause for row in outbox if row.cause in own)
        result.lost = result.updates - len(turns)
        result.turns_twice = sum(turns.values()) - len(turns)
        result.sign_ups = len(await self.rows(tables.signups))
        result.sign_ups_wanted = sum(number % EACH == SIGN_UP for number in range(result.updates))
        result.unsent = sum(row.state != "sent" for row in outbox if row.cause in own)
        result.set_aside = sum(row.state == "aside" for row in inbox)
        people = range(FIRST_PERSON, FIRST_PERSON + -(-result.updates // EACH))
        result.messages = sum(len(self.telegram.phone(person).unheard) for person in people)
        result.messages_twice = result.messages - result.updates
        result.not_confirmed = self.telegram.pending

    async def rows(self, table: Table) -> list[Any]:
        def every(db: Connection) -> list[Any]:
            return list(db.execute(select(table)))

        return await self.database.read(every)


async def kill(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.wait()


def show(result: Result) -> None:
    lines = [
        ("updates sent", result.updates),
        ("kills with -9", result.kills),
        ("  of which with work waiting", result.kills_at_work),
        ("updates lost", result.lost),
        ("updates set aside", result.set_aside),
        ("turns taken twice", result.turns_twice),
        ("sign-ups kept / wanted", f"{result.sign_ups} / {result.sign_ups_wanted}"),
        ("answers never sent", result.unsent),
        ("messages at Telegram", result.messages),
        ("  of which a second time", result.messages_twice),
        ("start to first answer", f"{result.start_seconds[0]:.1f} s"),
        ("in all", f"{result.seconds:.0f} s"),
    ]
    for name, value in lines:
        print(f"{name:<30}{value:>12}")
    print(
        "\nA message goes out a second time when the kill falls between Telegram's taking it and our writing that\n"
        "down. Telegram knows no mark by which it could tell the second from the first, so whoever sends can only\n"
        "choose: at most once, and lose some, or at least once, and repeat some. Answers and reminders are repeated,\n"
        "broadcasts are not. At most what is under way at the kill (16 messages, one a chat) can be repeated."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--updates", type=int, default=200)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--database", default="", help="an empty database; default: a new SQLite file")
    parser.add_argument("--content", type=Path, default=ROOT / "content")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.database or f"sqlite+aiosqlite:///{folder}/crash.db"
        cache = Path.home() / ".cache" / "digihulp"
        crashes = Crashes(url, given.content, cache, random.Random(given.seed))
        result = asyncio.run(crashes.run(given.updates, given.kills))
    show(result)
    right = result.lost == result.turns_twice == result.unsent == 0 and result.sign_ups == result.sign_ups_wanted
    sys.exit(0 if right else 1)


if __name__ == "__main__":
    main()
