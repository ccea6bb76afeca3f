"""How quickly questions are answered, and at what cost: our whole program beside a bare echo bot.

    python benchmarks/throughput.py                   30 questions a second for 20 seconds, from 300 people
    python benchmarks/throughput.py --flood           2,000 questions at once, each from somebody else
    python benchmarks/throughput.py --only digihulp   one of the bots, such as under a profiler

Each bot runs in its own process against the local Telegram in this one, which never says Too Many Requests.
The bots take turns, round after round; what is printed are medians of the rounds, and ratios to the plain echo
bot. The echo bots are what python-telegram-bot's own example does, nothing stored and nothing looked up: one by
one as is the default, and with concurrent_updates. "Milliseconds" are from the moment a question waits at the
server until the server has taken the answer.
"""

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import psutil

from bot.content import answers
from bot.demo.phone import Phone
from bot.demo.telegram import LocalTelegram

TOKEN = "42:BENCHMARK"
OURS, ECHO, CONCURRENT = "digihulp", "echo", "echo-concurrent"
NAMES = {OURS: "our program", ECHO: "PTB echo, one by one", CONCURRENT: "PTB echo, concurrent_updates"}
FIRST_PERSON = 5000
PEOPLE, A_SECOND, SECONDS = 300, 30, 20
FLOOD = 2000
WARM_UP = 30
LONGEST_WAIT = 120.0
LONGEST_STOP = 20.0
LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class Run:
    """What one bot did in one round. `waits` are seconds, `cpu` is seconds, `memory` is bytes at its highest."""

    waits: Sequence[float]
    lasted: float
    cpu: float
    memory: int

    @property
    def median(self) -> float:
        return statistics.median(self.waits) * 1000

    @property
    def slowest(self) -> float:
        """The 99th percentile."""
        return statistics.quantiles(self.waits, n=100)[98] * 1000

    @property
    def a_second(self) -> float:
        return len(self.waits) / self.lasted

    @property
    def cpu_each(self) -> float:
        return self.cpu / len(self.waits) * 1000

    @property
    def megabytes(self) -> float:
        return self.memory / 1e6


@asynccontextmanager
async def running(bot: str, url: str, folder: Path) -> AsyncIterator[psutil.Process]:
    """The bot as a process of its own, with an empty database; stopped as a service manager stops it."""
    arguments = ["-m", "bot", "run"] if bot == OURS else [__file__, "--be", bot, url]
    log = folder / f"{bot}.log"
    with log.open("w") as file:
        own = environment(url, folder)
        process = await asyncio.create_subprocess_exec(sys.executable, *arguments, env=own, stderr=file)
    try:
        yield psutil.Process(process.pid)
    except (TimeoutError, psutil.NoSuchProcess) as error:
        raise SystemExit(f"{NAMES[bot]} gave no answer ({error}). Its log:\n{log.read_text()}") from None
    finally:
        await stop(bot, process)
        for left in folder.glob("benchmark.db*"):
            left.unlink()


async def stop(bot: str, process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), LONGEST_STOP)
    except TimeoutError:
        print(f"{NAMES[bot]} did not stop within {LONGEST_STOP:.0f} s and was killed", file=sys.stderr)
        process.kill()
        await process.wait()


def environment(url: str, folder: Path) -> dict[str, str]:
    """Nothing of the settings of whoever runs this."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("DIGIHULP_")}
    return own | {
        "DIGIHULP_TOKEN": TOKEN,
        "DIGIHULP_API_URL": url,
        "DIGIHULP_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'benchmark.db'}",
        "DIGIHULP_WEBHOOK_URL": "",
        "DIGIHULP_CACHE": str(folder / "cache"),
        "DIGIHULP_SEND_RATE": "1000",
        "DIGIHULP_LOG_LEVEL": "WARNING",
    }


def learn_beforehand(folder: Path) -> None:
    """So that no round begins with learning the answers."""
    learn = [sys.executable, "-m", "bot", "ask", "wachtwoord kwijt"]
    subprocess.run(learn, env=environment("http://127.0.0.1:1", folder), check=True, stdout=subprocess.DEVNULL)


@asynccontextmanager
async def watched(process: psutil.Process) -> AsyncIterator[list[float]]:
    """Fills [processor seconds spent meanwhile, highest memory]."""
    used = [0.0, 0.0]

    async def look() -> None:
        while True:
            used[1] = max(used[1], process.memory_info().rss)
            await asyncio.sleep(LOOK_SECONDS)

    before = process.cpu_times()
    looking = asyncio.create_task(look())
    try:
        yield used
    finally:
        looking.cancel()
        after = process.cpu_times()
        used[0] = (after.user + after.system) - (before.user + before.system)


async def ask(phone: Phone, question: str) -> float:
    """Seconds until the answer."""
    await phone.hears(len(phone.unheard))
    asked = time.perf_counter()
    phone.says(question)
    await phone.hears(timeout=LONGEST_WAIT)
    return time.perf_counter() - asked


async def ask_steadily(phones: Sequence[Phone], questions: Iterator[str]) -> list[float]:
    """At moments as random as people's, the same in every round."""
    gaps = random.Random(30)
    asking = []
    at = time.perf_counter()
    for phone, _ in zip(cycle(phones), range(A_SECOND * SECONDS), strict=False):
        at += gaps.expovariate(A_SECOND)
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        asking.append(asyncio.create_task(ask(phone, next(questions))))
    return await asyncio.gather(*asking)


async def ask_at_once(phones: Sequence[Phone], questions: Iterator[str]) -> list[float]:
    return await asyncio.gather(*(ask(phone, next(questions)) for phone in phones))


async def measure(bot: str, flood: bool, folder: Path) -> Run:
    telegram = LocalTelegram(token=TOKEN, username="benchmark_bot", paced=False)
    await telegram.start()
    try:
        async with running(bot, telegram.url, folder) as process:
            await ask_at_once([telegram.phone(number) for number in range(1, WARM_UP + 1)], questions())
            phones = [telegram.phone(FIRST_PERSON + number) for number in range(FLOOD if flood else PEOPLE)]
            async with watched(process) as used:
                began = time.perf_counter()
                waits = await (ask_at_once if flood else ask_steadily)(phones, questions())
                lasted = time.perf_counter() - began
            return Run(waits, lasted, used[0], int(used[1]))
    finally:
        await telegram.stop()


def questions() -> Iterator[str]:
    """What people really ask: the questions the answers are examined with, shuffled, again and again."""
    content = answers.load(Path(__file__).parents[1] / "content")
    every = [text for answer in content.in_language(answers.DUTCH) for text in answer.exam]
    random.Random(1).shuffle(every)
    return cycle([*every, *content.outside_exam])


COLUMNS = ("bot", "median ms", "99 % ms", "answers/s", "CPU ms each", "highest MB")


def numbers(runs: Sequence[Run]) -> list[float]:
    """The medians over the rounds, in the order of the columns."""
    told = [(run.median, run.slowest, run.a_second, run.cpu_each, run.megabytes) for run in runs]
    return [statistics.median(column) for column in zip(*told, strict=True)]


def rows(measured: dict[str, list[Run]]) -> Iterator[Sequence[str]]:
    yield COLUMNS
    plain = numbers(measured[ECHO]) if ECHO in measured else None
    for bot, runs in measured.items():
        own = numbers(runs)
        ratios = [f" ({value / base:.2f} x)" for value, base in zip(own, plain, strict=True)] if plain else [""] * 5
        yield NAMES[bot], *(f"{value:,.1f}{ratio}" for value, ratio in zip(own, ratios, strict=True))


def table(lines: Sequence[Sequence[str]]) -> None:
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    for cells in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())


def be_an_echo_bot(bot: str, url: str) -> None:
    """As in python-telegram-bot's example echobot.py."""
    from telegram import Update
    from telegram.ext import Application, ContextTypes, MessageHandler, filters

    async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message and update.message.text:
            await update.message.reply_text(update.message.text)

    builder = Application.builder().token(TOKEN).base_url(f"{url}/bot").concurrent_updates(bot == CONCURRENT)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, echo))
    application.run_polling()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--flood", action="store_true", help=f"{FLOOD:,} questions at once")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--only", choices=NAMES, help="measure one of the bots")
    arguments.add_argument("--be", nargs=2, metavar=("BOT", "URL"), help=argparse.SUPPRESS)
    wanted = arguments.parse_args()
    if wanted.be:
        be_an_echo_bot(*wanted.be)
        return
    bots = [wanted.only] if wanted.only else list(NAMES)
    measured: dict[str, list[Run]] = {bot: [] for bot in bots}
    with tempfile.TemporaryDirectory(prefix="digihulp-benchmark-") as folder:
        learn_beforehand(Path(folder))
        for number in range(wanted.rounds):
            for bot in bots:
                run = asyncio.run(measure(bot, wanted.flood, Path(folder)))
                measured[bot].append(run)
                print(f"round {number + 1}, {NAMES[bot]}: {run.a_second:.1f} answers/s", file=sys.stderr)
    table(list(rows(measured)))


if __name__ == "__main__":
    main()
