"""People without a phone on the page: the bot's side of them, the page's, and the demo's two thousand."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.demo.telegram import LocalTelegram
from bot.demonstration import CROWD, let_join, made_up_crowd
from bot.store import people
from bot.store.database import in_memory
from tests.test_local_telegram_page_api import Page

FATIMA = 1001
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    local = LocalTelegram(now=lambda: NOW)
    local.phone(FATIMA, "Fatima")
    local.crowd(range(5000, 5100), blocked=[5001])
    await local.start()
    yield local
    await local.stop()


@pytest.fixture
async def page(telegram: LocalTelegram) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as session:
        yield Page(telegram.url, session)


async def call(page: Page, method: str, **params: Any) -> dict[str, Any]:
    async with page.session.post(f"{page.url}/bot42:TEST/{method}", json=params) as answer:
        return dict(await answer.json())


async def test_the_bot_can_write_to_each_of_them(telegram: LocalTelegram, page: Page) -> None:
    sent = await call(page, "sendMessage", chat_id=5000, text="<b>hallo</b>", parse_mode="HTML")
    assert sent["ok"]
    assert sent["result"]["text"] == "hallo"
    assert sent["result"]["chat"]["id"] == 5000
    assert telegram.sent_to_crowd == 1


async def test_who_blocked_the_bot_is_found_out_while_sending(telegram: LocalTelegram, page: Page) -> None:
    said = await call(page, "sendMessage", chat_id=5001, text="hallo")
    assert (said["error_code"], said["description"]) == (403, "Forbidden: bot was blocked by the user")
    assert telegram.sent_to_crowd == 0


async def test_somebody_outside_the_crowd_is_not_known(page: Page) -> None:
    assert (await call(page, "sendMessage", chat_id=5100, text="x"))["description"] == "Bad Request: chat not found"


async def test_the_last_message_is_kept_and_can_be_changed(telegram: LocalTelegram, page: Page) -> None:
    telegram.pace.on = False
    first, last = [(await call(page, "sendMessage", chat_id=5000, text=text))["result"] for text in ("een", "twee")]
    changed = await call(page, "editMessageText", chat_id=5000, message_id=last["message_id"], text="drie")
    assert changed["result"]["text"] == "drie"
    gone = await call(page, "editMessageText", chat_id=5000, message_id=first["message_id"], text="vier")
    assert gone["description"] == "Bad Request: message to edit not found"
    assert (await call(page, "deleteMessage", chat_id=5000, message_id=last["message_id"]))["ok"]
    assert telegram.sent_to_crowd == 2


async def test_limits_pace_and_faults_hold_for_them_too(telegram: LocalTelegram, page: Page) -> None:
    assert (await call(page, "sendMessage", chat_id=5000, text="x" * 4097))["error_code"] == 400
    telegram.faults.add("500", chat_id=5000)
    assert (await call(page, "sendMessage", chat_id=5000, text="x"))["error_code"] == 500
    codes = [(await call(page, "sendMessage", chat_id=5000, text="x")).get("error_code") for _ in range(6)]
    assert codes == [None] * 5 + [429]
    everybody = [
        (await call(page, "sendMessage", chat_id=chat, text="x")).get("error_code") for chat in range(5002, 5040)
    ]
    assert 429 in everybody


async def test_the_page_lists_no_phone_of_theirs_but_counts_them(page: Page) -> None:
    await call(page, "sendMessage", chat_id=5000, text="x")
    told = await page.phones()
    assert [phone["id"] for phone in told["phones"]] == [FATIMA]
    assert told["crowd"] == {"people": 100, "messages": 1}
    assert (await page.post("/phones/5000/start"))["status"] == 404


async def test_many_messages_are_told_to_the_page_together(telegram: LocalTelegram, page: Page) -> None:
    telegram.pace.on = False
    opened = asyncio.Event()
    listening = asyncio.create_task(page.listen(opened))
    await asyncio.wait_for(opened.wait(), 3)
    begun = time.monotonic()
    for chat in range(5002, 5082):
        await call(page, "sendMessage", chat_id=chat, text="x", reply_markup={"keyboard": [[{"text": "Menu"}]]})
        await call(page, "sendChatAction", chat_id=chat, action="typing")
    await page.until("crowd")
    await asyncio.sleep(0.6)
    listening.cancel()
    assert {event["type"] for event in page.events} == {"crowd"}
    assert page.events[-1]["crowd"] == {"people": 100, "messages": 80}
    assert len(page.events) <= 2 * (time.monotonic() - begun)


async def test_who_has_a_phone_keeps_it_and_nobody_comes_twice(telegram: LocalTelegram, page: Page) -> None:
    telegram.crowd([FATIMA, 5000, 6000])
    assert (await page.phones())["crowd"]["people"] == 101
    assert [phone["id"] for phone in (await page.phones())["phones"]] == [FATIMA]


def test_the_made_up_people_are_the_same_every_time_and_of_all_kinds() -> None:
    crowd, gone = made_up_crowd(["vierstroom", "zon"], NOW)
    assert (crowd, gone) == made_up_crowd(["vierstroom", "zon"], NOW)
    assert [person.id for person in crowd] == list(CROWD)
    assert len(crowd) == 2000
    assert all(person.kept and person.agreed_at and person.name for person in crowd)
    assert {person.employer for person in crowd} == {"vierstroom", "zon"}
    languages = Counter(person.language for person in crowd)
    assert languages["nl"] == pytest.approx(1400, abs=60)
    assert languages["en"] == pytest.approx(300, abs=50)
    assert languages["ar"] == pytest.approx(300, abs=50)
    known = {person.id for person in crowd if person.blocked_at}
    assert len(known) == pytest.approx(60, abs=25)
    assert len(gone - known) == pytest.approx(60, abs=25)
    assert known < gone
    assert sum(person.stopped_at is not None for person in crowd) == pytest.approx(80, abs=30)


def test_they_join_once() -> None:
    crowd, _gone = made_up_crowd(["vierstroom"], NOW)
    with in_memory().begin() as db:
        assert let_join(db, crowd)
        assert not let_join(db, crowd)
        assert [people.find(db, person.id) for person in crowd] == crowd
