"""What becomes of a message to many people: when the bot is killed again and again, and when there are very many.

    python benchmarks/broadcast.py crash [--people 5000] [--kills 5] [--rate 100] [--database URL] [--seed 1]
    python benchmarks/broadcast.py big [--people 100000] [--seconds 60] [--rate 28] [--database URL]

The bot runs as anybody would run it (`python -m bot run`), against a local Telegram in this process; who gets the
message has no phone there, only a count.

`crash`: three in a hundred have blocked the bot, one call in a hundred fails with 5xx, some are asked to wait (429), of
some the connection breaks after Telegram has taken the message, and the bot is killed with -9 at random moments. Then
everybody is looked at: what she got at Telegram, and what the report says of her.

`big`: how long planning takes and what memory; then how quickly questions of other people are answered, two a second,
first without and then with the broadcast going out.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import psutil
from sqlalchemy import insert

from benchmarks.crash import PATIENCE, ROOT, TOKEN, Crashes, kill
from benchmarks.throughput import LONGEST_WAIT, ask, questions
from bot.content.organisations import load as load_organisations
from bot.demo.telegram import LocalTelegram
from bot.store import Database, broadcasts, people, tables
from bot.store.broadcasts import Reach
from conversations.people import Person
from conversations.world import Headcount, Order, Report

AUTHOR = 1
FIRST_OF_CROWD = 1_000_000
FIRST_WITH_PHONE = 5000
LETTERS = {"nl": {"text": "Kom je naar de inloop? Koffie staat klaar."}}
BLOCKED = 0.03
FAULTS = {"500": 0.0025, "502": 0.0025, "503": 0.0025, "504": 0.0025, "429": 0.003, "reset_after": 0.005}
ALWAYS = 10**9
LOOK_SECONDS = 0.05
ASKED_A_SECOND = 2.0
WARM_UP = 10
ASKING = 60  # people, so that nobody asks twice within seconds
MEGABYTE = 1e6
NOT_DELIVERED = ("gone", "failed", "unsure", "expired", "excluded")


def crowd_of(size: int) -> range:
    return range(FIRST_OF_CROWD, FIRST_OF_CROWD + size)


async def let_join(database: Database, crowd: range, content: Path) -> Reach:
    """Them and the author of the message; gives whom it is for: all of them."""
    organisations = load_organisations(content / "organisations.yaml")
    library = organisations.libraries[0].id
    employer = next(employer.id for employer in organisations.employers if library in employer.libraries)
    now = datetime.now(UTC)
    author = Person(AUTHOR, "nl", "Marja", agreed_at=now, quiet_from=0, quiet_until=0)  # nobody here ever sleeps
    role = {"person": AUTHOR, "role": "coordinator", "about": library, "since": now}
    await database.write(people.save, author)
    await database.write(lambda db: db.execute(insert(tables.roles).values(role)))
    for first in range(0, len(crowd), 10_000):
        some = crowd[first : first + 10_000]
        joined = [replace(author, id=person, name="Fatima", employer=employer) for person in some]
        await database.write(people.save_all, joined)
    order = Order(library, "library", None, LETTERS["nl"]["text"])
    return Reach(order, (employer,), AUTHOR, now, now + timedelta(days=1))


# Killed again and again.


@dataclass
class Fate:
    """What became of all of them. `unsure_arrived`: of those reported as unsure, how many have it."""

    report: Report
    messages: int
    twice: int
    missed: int
    unsure_arrived: int
    kills: int
    kills_at_work: int
    seconds: float

    @property
    def sum(self) -> int:
        settled = self.report.delivered + self.report.blocked + self.report.failed + self.report.unsure
        return settled + self.report.expired + self.report.waiting + sum(self.report.excluded.values())


class BroadcastCrashes(Crashes):
    """One broadcast to many, in as many lives of the bot as it takes."""

    def __init__(self, database_url: str, content: Path, cache: Path, chance: random.Random, rate: float) -> None:
        super().__init__(database_url, content, cache, chance)
        self.settings["DIGIHULP_SEND_RATE"] = str(rate)
        self.content = content
        self.rate = rate
        self.got: Counter[int] = Counter()  # messages by person
        self.kills_at_work = 0

    async def broadcast(self, size: int, kills: int) -> Fate:
        began = time.monotonic()
        await self.telegram.start()
        try:
            await self.database.migrate()
            reach = await let_join(self.database, crowd_of(size), self.content)
            self.prepare(size)
            number = await self.database.write(broadcasts.order, reach, LETTERS, reach.begins_at)
            for share in sorted(self.chance.random() for _ in range(kills)):
                await self.live_until(share * size)
            await self.finish(number)
            return await self.fate(number, kills, time.monotonic() - began)
        finally:
            await self.telegram.stop()
            await self.database.close()

    def prepare(self, size: int) -> None:
        """Those who blocked the bot, unknown to it, and all that goes wrong."""
        crowd = crowd_of(size)
        self.telegram.crowd([AUTHOR])
        self.telegram.crowd(crowd, blocked=set(self.chance.sample(crowd, round(BLOCKED * size))))
        for number, (fault, share) in enumerate(FAULTS.items()):
            self.telegram.faults.add(fault, method="sendMessage", times=ALWAYS, probability=share, seed=number)

    async def live_until(self, messages: float) -> None:
        """One life: until so many have been sent, and a moment longer."""
        process = await self.start()
        async with asyncio.timeout(PATIENCE + messages / self.rate):
            while sum(self.count_messages().values()) < messages:
                check(process)
                await asyncio.sleep(LOOK_SECONDS)
        await asyncio.sleep(self.chance.uniform(0, 10 * LOOK_SECONDS))
        self.kills_at_work += await self.anything_waits()
        await kill(process)

    def count_messages(self) -> Counter[int]:
        """What Telegram has taken for each of them, whether we were told so or not."""
        while self.telegram.calls:
            call = self.telegram.calls.popleft()
            if call.method == "sendMessage" and call.error is None and call.params["chat_id"] >= FIRST_OF_CROWD:
                self.got[call.params["chat_id"]] += 1
        return self.got

    async def finish(self, number: int) -> None:
        process = await self.start()
        last, left = time.monotonic(), -1
        while (report := await self.report(number)).state != "done":
            check(process)
            self.count_messages()
            if report.waiting != left or not report.audience:
                last, left = time.monotonic(), report.waiting
            if time.monotonic() - last > PATIENCE:
                break  # what still waits is counted as missed
            await asyncio.sleep(10 * LOOK_SECONDS)
        process.terminate()
        await process.wait()

    async def report(self, number: int) -> Report:
        found = await self.database.read(broadcasts.report, number, datetime.now(UTC), self.rate)
        assert found
        return found

    async def fate(self, number: int, kills: int, seconds: float) -> Fate:
        got = self.count_messages()
        states = {row.person: row.state for row in await self.rows(tables.recipients)}
        everybody = [person for person in states if person >= FIRST_OF_CROWD]
        return Fate(
            report=await self.report(number),
            messages=sum(got.values()),
            twice=sum(times > 1 for times in got.values()),
            missed=sum(not got[person] and states[person] not in NOT_DELIVERED for person in everybody),
            unsure_arrived=sum(bool(got[person]) and states[person] == "unsure" for person in everybody),
            kills=kills,
            kills_at_work=self.kills_at_work,
            seconds=seconds,
        )


def check(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        raise RuntimeError(f"the bot ended by itself with {process.returncode}")


def show_fate(fate: Fate) -> None:
    report = fate.report
    lines: list[tuple[str, object]] = [
        ("people", report.audience),
        ("kills with -9", fate.kills),
        ("  of which with messages waiting", fate.kills_at_work),
        ("messages at Telegram", fate.messages),
        ("people who got it twice", fate.twice),
        ("people who were missed", fate.missed),
        ("reported: delivered", report.delivered),
        ("  blocked", report.blocked),
        ("  failed", report.failed),
        ("  unsure", report.unsure),
        ("    of whom have it", fate.unsure_arrived),
        ("  expired", report.expired),
        ("  excluded", sum(report.excluded.values())),
        ("  sum", fate.sum),
        ("in all", f"{fate.seconds:.0f} s"),
    ]
    table(lines)
    print(
        "\nMissed is who has no message, and is not reported as blocked, failed, unsure or expired either. Unsure is\n"
        "who may have it: the connection broke, Telegram failed, or the kill came before the answer. She is not sent\n"
        "it again."
    )


def table(lines: Sequence[tuple[str, object]]) -> None:
    for name, value in lines:
        print(f"{name:<42}{value:>16}")


# Very many.


@dataclass
class Big:
    """Times in seconds, memory in bytes; `without` and `meanwhile` are how long each reply took."""

    people: int
    rate: float
    headcount: Headcount
    counting: float
    planning: float
    memory_before: int
    memory_planning: int
    bot_before: int
    bot_sending: int
    without: Sequence[float]
    meanwhile: Sequence[float]
    sent: int
    seconds: float
    refused: int


@asynccontextmanager
async def peak_of(process: psutil.Process) -> AsyncIterator[list[int]]:
    """Fills [highest memory meanwhile]."""
    peak = [process.memory_info().rss]

    async def look() -> None:
        while True:
            peak[0] = max(peak[0], process.memory_info().rss)
            await asyncio.sleep(LOOK_SECONDS / 5)

    looking = asyncio.create_task(look())
    try:
        yield peak
    finally:
        looking.cancel()


async def big(url: str, content: Path, cache: Path, size: int, seconds: float, rate: float) -> Big:
    database, telegram = Database(url), LocalTelegram(token=TOKEN)
    await telegram.start()
    own = psutil.Process()
    try:
        await database.migrate()
        reach = await let_join(database, crowd_of(size), content)
        now = reach.begins_at
        began = time.perf_counter()
        headcount = await database.read(broadcasts.headcount, reach, now, rate)
        counting = time.perf_counter() - began
        number = await database.write(broadcasts.order, reach, LETTERS, now)
        before = own.memory_info().rss
        async with peak_of(own) as memory:
            began = time.perf_counter()
            await database.write(broadcasts.begin, now)
            planning = time.perf_counter() - began
        await database.write(broadcasts.steer, number, "paused", now)
        telegram.crowd([AUTHOR, *crowd_of(size)])
        process = await start(url, telegram.url, content, cache, rate)
        try:
            bot = psutil.Process(process.pid)
            without = await ask_for(telegram, seconds, warm_up=True)
            bot_before, sent, calls = bot.memory_info().rss, telegram.sent_to_crowd, len(telegram.calls)
            await database.write(broadcasts.steer, number, "sending", datetime.now(UTC))
            began = time.perf_counter()
            async with peak_of(bot) as bot_memory:
                meanwhile = await ask_for(telegram, seconds)
            lasted = time.perf_counter() - began
            sent = telegram.sent_to_crowd - sent
            refused = sum(bool(call.error) for call in [*telegram.calls][calls:])
        finally:
            process.terminate()
            await process.wait()
        return Big(
            size, rate, headcount, counting, planning, before, memory[0], bot_before, bot_memory[0],
            without, meanwhile, sent, lasted, refused,
        )  # fmt: skip
    finally:
        await telegram.stop()
        await database.close()


async def start(url: str, api: str, content: Path, cache: Path, rate: float) -> asyncio.subprocess.Process:
    own = {key: value for key, value in os.environ.items() if not key.startswith("DIGIHULP_")}
    own |= {
        "DIGIHULP_TOKEN": TOKEN,
        "DIGIHULP_API_URL": api,
        "DIGIHULP_DATABASE_URL": url,
        "DIGIHULP_CONTENT": str(content),
        "DIGIHULP_CACHE": str(cache),
        "DIGIHULP_SEND_RATE": str(rate),
        "DIGIHULP_LOG_LEVEL": "WARNING",
        "PYTHONPATH": str(ROOT),
    }
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", env=own)


async def ask_for(telegram: LocalTelegram, seconds: float, *, warm_up: bool = False) -> list[float]:
    """Questions at moments as random as people's, for so long; the seconds that each reply took."""
    phones = [telegram.phone(FIRST_WITH_PHONE + number) for number in range(ASKING)]
    every = questions()
    for phone in phones[: WARM_UP if warm_up else 0]:
        await ask(phone, next(every))
    gaps, asking, at = random.Random(2), [], time.perf_counter()
    end = at + seconds
    for phone in cycle(phones):
        at += gaps.expovariate(ASKED_A_SECOND)
        if at > end:
            break
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        asking.append(asyncio.create_task(ask(phone, next(every))))
    await asyncio.sleep(max(0.0, end - time.perf_counter()))
    async with asyncio.timeout(LONGEST_WAIT):
        return await asyncio.gather(*asking)


def show_big(found: Big) -> None:
    def milliseconds(waits: Sequence[float]) -> tuple[float, float]:
        return 1000 * statistics.median(waits), 1000 * statistics.quantiles(waits, n=100)[98]

    (median, slowest), (median_while, slowest_while) = milliseconds(found.without), milliseconds(found.meanwhile)
    a_second = found.sent / found.seconds
    replies = len(found.meanwhile) / found.seconds
    lines: list[tuple[str, object]] = [
        ("people", f"{found.people:,}"),
        ("counting them", f"{found.counting:.2f} s"),
        ("planning all of them", f"{found.planning:.2f} s"),
        ("memory before / while planning", both(found.memory_before, found.memory_planning)),
        ("memory of the bot before / while sending", both(found.bot_before, found.bot_sending)),
        ("messages a second", f"{a_second:.1f}"),
        ("  with the replies", f"{a_second + replies:.1f} of {found.rate:.0f}"),
        ("calls that Telegram refused", found.refused),
        ("reply without, median", f"{median:.0f} ms"),
        ("reply without, 99 %", f"{slowest:.0f} ms"),
        ("reply meanwhile, median", f"{median_while:.0f} ms ({median_while / median:.2f} x)"),
        ("reply meanwhile, 99 %", f"{slowest_while:.0f} ms ({slowest_while / slowest:.2f} x)"),
        ("replies measured", f"{len(found.without)} / {len(found.meanwhile)}"),
    ]
    table(lines)


def both(one: int, other: int) -> str:
    return f"{one / MEGABYTE:.0f} / {other / MEGABYTE:.0f} MB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default="", help="an empty database; default: a new SQLite file")
    parser.add_argument("--content", type=Path, default=ROOT / "content")
    kinds = parser.add_subparsers(dest="kind", required=True)
    crash = kinds.add_parser("crash")
    crash.add_argument("--people", type=int, default=5000)
    crash.add_argument("--kills", type=int, default=5)
    crash.add_argument("--rate", type=float, default=100)
    crash.add_argument("--seed", type=int, default=1)
    many = kinds.add_parser("big")
    many.add_argument("--people", type=int, default=100_000)
    many.add_argument("--seconds", type=float, default=60)
    many.add_argument("--rate", type=float, default=28)
    given = parser.parse_args()
    cache = Path.home() / ".cache" / "digihulp"
    with tempfile.TemporaryDirectory() as folder:
        url = given.database or f"sqlite+aiosqlite:///{folder}/broadcast.db"
        if given.kind == "big":
            show_big(asyncio.run(big(url, given.content, cache, given.people, given.seconds, given.rate)))
            return
        crashes = BroadcastCrashes(url, given.content, cache, random.Random(given.seed), given.rate)
        fate = asyncio.run(crashes.broadcast(given.people, given.kills))
    show_fate(fate)
    sys.exit(0 if fate.twice == fate.missed == fate.report.waiting == 0 and fate.sum == given.people else 1)


if __name__ == "__main__":
    main()
