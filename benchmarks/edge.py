"""What one request to Telegram costs: python-telegram-bot's own carrier (httpx) beside ours (aiohttp).

    python benchmarks/edge.py [--requests 2000] [--rounds 5]

The same `Bot` sends the same message by either, to the local Telegram in a process of its own. Counted is the
processor time of the sending process only. The carriers take turns; what is printed are medians of the rounds.
"""

import argparse
import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

from telegram import Bot
from telegram.request import BaseRequest, HTTPXRequest

from bot.demo.telegram import LocalTelegram
from bot.telegram.transport import AiohttpRequest

TOKEN = "42:BENCHMARK"
CHAT = 7
AT_ONCE = (1, 16)
CARRIERS: dict[str, Callable[[], BaseRequest]] = {
    "httpx": lambda: HTTPXRequest(connection_pool_size=max(AT_ONCE), pool_timeout=60),
    "aiohttp": AiohttpRequest,
}


def serve(told: Connection) -> None:
    """Runs in the other process; tells its address, and stops when it is told anything."""

    async def until_told() -> None:
        telegram = LocalTelegram(token=TOKEN, paced=False)
        telegram.phone(CHAT).start()
        await telegram.start()
        told.send(telegram.url)
        await asyncio.to_thread(told.recv)
        await telegram.stop()

    asyncio.run(until_told())


async def milliseconds(carrier: Callable[[], BaseRequest], url: str, requests: int, at_once: int) -> float:
    """Processor time a message."""
    async with Bot(TOKEN, f"{url}/bot", request=carrier(), get_updates_request=carrier()) as bot:
        await send(bot, at_once, at_once)  # opens the connections
        before = time.process_time()
        await send(bot, requests, at_once)
        return (time.process_time() - before) / requests * 1000


async def send(bot: Bot, count: int, at_once: int) -> None:
    left = iter(range(count))

    async def one_after_the_other() -> None:
        for number in left:
            await bot.send_message(CHAT, f"Bericht {number}")

    await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--requests", type=int, default=2000)
    arguments.add_argument("--rounds", type=int, default=5)
    wanted = arguments.parse_args()

    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(there,))
    server.start()
    url = here.recv()
    print("CPU ms a message   " + "  ".join(f"{name:>8}" for name in CARRIERS) + "     ratio")
    for at_once in AT_ONCE:
        measured: dict[str, list[float]] = {name: [] for name in CARRIERS}
        for _ in range(wanted.rounds):
            for name, carrier in CARRIERS.items():
                measured[name].append(asyncio.run(milliseconds(carrier, url, wanted.requests, at_once)))
        httpx, aiohttp = (statistics.median(measured[name]) for name in CARRIERS)
        print(f"{at_once:>2} at once         {httpx:8.2f}  {aiohttp:8.2f}   {httpx / aiohttp:5.1f} x")
    here.send("stop")
    server.join(timeout=10)


if __name__ == "__main__":
    main()
