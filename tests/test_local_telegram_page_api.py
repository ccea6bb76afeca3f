"""What the page asks of the local Telegram: the phones, the events, and what a person does."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.demo import phones_api
from bot.demo.samples import PICTURE
from bot.demo.telegram import LocalTelegram

FATIMA = 1001


class TurnableClock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
        self.planned: list[float] = []

    def now(self) -> datetime:
        return self.at

    async def jump(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    async def jump_to_next(self) -> bool:
        if not self.planned:
            return False
        await self.jump(self.planned.pop())
        return True


class Page:
    """A page, open in a browser: it acts, and keeps the events that come."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.session = session
        self.events: list[dict[str, Any]] = []

    async def phones(self) -> dict[str, Any]:
        async with self.session.get(f"{self.url}/phones") as answer:
            return dict(await answer.json())

    async def phone(self) -> dict[str, Any]:
        return dict((await self.phones())["phones"][0])

    async def post(self, path: str, body: Any = None) -> dict[str, Any]:
        async with self.session.post(f"{self.url}{path}", json={} if body is None else body) as answer:
            return {"status": answer.status, **await answer.json()}

    async def act(self, action: str, **details: Any) -> dict[str, Any]:
        return await self.post(f"/phones/{FATIMA}/{action}", details)

    async def bot(self, method: str, **params: Any) -> Any:
        async with self.session.post(f"{self.url}/bot42:TEST/{method}", json=params) as answer:
            return (await answer.json())["result"]

    async def listen(self, opened: asyncio.Event) -> None:
        async with self.session.get(f"{self.url}/phones/events") as stream:
            assert stream.content_type == "text/event-stream"
            async for line in stream.content:
                opened.set()
                if line.startswith(b"data: "):
                    self.events.append(json.loads(line.removeprefix(b"data: ")))

    async def until(self, kind: str) -> dict[str, Any]:
        async with asyncio.timeout(3):
            while not any(event["type"] == kind for event in self.events):
                await asyncio.sleep(0.005)
        return next(event for event in self.events if event["type"] == kind)


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock()


@pytest.fixture
async def telegram(clock: TurnableClock) -> AsyncIterator[LocalTelegram]:
    local = LocalTelegram(clock=clock)
    local.phone(
        FATIMA, "Fatima", language_code="ar", title="Fatima, hulp", links=[("Tik op de uitnodiging", "vierstroom")]
    )
    await local.start()
    yield local
    await local.stop()


@pytest.fixture
async def page(telegram: LocalTelegram) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as session:
        yield Page(telegram.url, session)


@pytest.fixture
async def open_page(page: Page) -> AsyncIterator[Page]:
    opened = asyncio.Event()
    listening = asyncio.create_task(page.listen(opened))
    await asyncio.wait_for(opened.wait(), 3)
    yield page
    listening.cancel()


async def test_all_is_told_at_once(telegram: LocalTelegram, page: Page) -> None:
    telegram.notice("Dit is een proef.")
    assert await page.phones() == {
        "bot": {"id": 42, "username": "digihulp_bot", "first_name": "Digihulp"},
        "phones": [
            {
                "id": FATIMA,
                "first_name": "Fatima",
                "language_code": "ar",
                "role": "worker",
                "title": "Fatima, hulp",
                "links": [{"label": "Tik op de uitnodiging", "payload": "vierstroom"}],
                "received": [],
                "blocked": False,
                "started": False,
                "keyboard": None,
                "messages": [],
                "file_url": None,
            }
        ],
        "clock": {"now": "2026-11-22T12:00:00+00:00", "turnable": True},
        "notices": ["Dit is een proef."],
        "offers": [],
        "crowd": {"people": 0, "messages": 0},
    }


async def test_a_message_is_told_as_the_page_wants_it(page: Page) -> None:
    await page.act("start", payload="vierstroom")
    markup = {"inline_keyboard": [[{"text": "Ja", "callback_data": "yes"}]]}
    await page.bot("sendMessage", chat_id=FATIMA, text="<b>Hoi</b>", parse_mode="HTML", reply_markup=markup)
    mine, said = (await page.phone())["messages"]
    assert (mine["from"], mine["text"]) == ("me", "/start vierstroom")
    assert said == {
        "id": 2,
        "from": "bot",
        "date": "2026-11-22T12:00:00+00:00",
        "edited": False,
        "kind": "text",
        "html": "<b>Hoi</b>",
        "text": "Hoi",
        "file": None,
        "place": None,
        "emoji": None,
        "seconds": None,
        "buttons": [[{"text": "Ja", "data": "yes", "url": None, "copy": None}]],
        "reply_to": None,
        "deleted": False,
    }


async def test_what_happens_is_told_as_it_happens(open_page: Page, telegram: LocalTelegram) -> None:
    page = open_page
    await page.act("start")
    assert (await page.until("message"))["message"]["text"] == "/start"
    assert (await page.until("phone"))["phone"]["started"]
    page.events.clear()
    markup = {"inline_keyboard": [[{"text": "Ja", "callback_data": "yes"}]]}
    sent = await page.bot("sendMessage", chat_id=FATIMA, text="x", reply_markup=markup)
    assert (await page.until("message"))["message"]["id"] == sent["message_id"]
    tapped = await page.act("tap", message=sent["message_id"], data="yes")
    await page.bot("answerCallbackQuery", callback_query_id=tapped["data_id"], text="Goed", show_alert=True)
    answered = await page.until("answered")
    assert answered == {
        "type": "answered",
        "phone": FATIMA,
        "data_id": tapped["data_id"],
        "text": "Goed",
        "alert": True,
    }
    page.events.clear()
    await page.bot("editMessageText", chat_id=FATIMA, message_id=sent["message_id"], text="y")
    assert (await page.until("message"))["message"]["edited"]
    await page.bot("sendChatAction", chat_id=FATIMA, action="typing")
    assert await page.until("typing") == {"type": "typing", "phone": FATIMA}
    keyboard = {"keyboard": [[{"text": "Menu"}]], "is_persistent": True, "input_field_placeholder": "Typ"}
    await page.bot("sendMessage", chat_id=FATIMA, text="z", reply_markup=keyboard)
    told = {"rows": [[{"text": "Menu", "request": None}]], "persistent": True, "placeholder": "Typ"}
    assert await page.until("keyboard") == {"type": "keyboard", "phone": FATIMA, "keyboard": told}
    await page.bot("deleteMessage", chat_id=FATIMA, message_id=sent["message_id"])
    assert await page.until("deleted") == {"type": "deleted", "phone": FATIMA, "id": sent["message_id"]}
    page.events.clear()
    await page.act("block")
    assert (await page.until("phone"))["phone"]["blocked"]
    telegram.notice("Let op.")
    assert await page.until("notice") == {"type": "notice", "text": "Let op."}


async def test_everything_a_person_can_do_on_the_page(telegram: LocalTelegram, page: Page) -> None:
    done = [
        await page.act("start", payload="x"),
        await page.act("text", text="hallo"),
        await page.act("photo"),
        await page.act("voice", seconds=9),
        await page.act("sticker", emoji="🙏"),
        await page.act("document"),
        await page.act("location", latitude=52.1, longitude=5.9),
        await page.act("contact"),
        await page.act("poll", question="Koffie?"),
        await page.act("dice"),
        await page.act("edit", message=2, text="hallo daar"),
        await page.act("block"),
        await page.act("unblock"),
    ]
    assert [each["ok"] for each in done] == [True] * len(done)
    messages = (await page.phone())["messages"]
    kinds = ["text", "text", "photo", "voice", "sticker", "document", "location", "contact", "poll", "sticker"]
    assert [message["kind"] for message in messages] == kinds
    assert messages[1]["text"] == "hallo daar"
    assert messages[3]["seconds"] == 9
    assert messages[4]["emoji"] == "🙏"
    assert messages[6]["place"] == {"latitude": 52.1, "longitude": 5.9, "title": "", "address": ""}
    assert telegram.pending == 13


@pytest.mark.parametrize(
    ("name", "mime", "how", "shown_as"),
    [
        ("foto.png", "image/png", "inline", "image/png"),
        ("kwaad.html", "text/html", "attachment", "application/octet-stream"),
        ("kwaad.svg", "image/svg+xml", "attachment", "application/octet-stream"),
    ],
)
async def test_a_file_of_hers_is_kept_and_shown_only_when_harmless(
    page: Page, name: str, mime: str, how: str, shown_as: str
) -> None:
    form = aiohttp.FormData({"caption": "kijk"})
    form.add_field("file", PICTURE, filename=name, content_type=mime)
    async with page.session.post(f"{page.url}/phones/{FATIMA}/photo", data=form) as answer:
        assert (await answer.json())["ok"]
    message = (await page.phone())["messages"][0]
    assert (message["text"], message["file"]["name"], message["file"]["size"]) == ("kijk", name, len(PICTURE))
    async with page.session.get(page.url + message["file"]["url"]) as answer:
        assert await answer.read() == PICTURE
        assert answer.headers["Content-Disposition"].startswith(how)
        assert answer.content_type == shown_as


@pytest.mark.parametrize(
    ("action", "details", "status", "error"),
    [
        ("tap", {"message": 9, "data": "x"}, 409, "Deze knop is er niet meer."),
        ("edit", {"message": 9, "text": "x"}, 409, "Dit bericht kun je niet veranderen."),
        ("text", {"text": "  "}, 409, "Er staat niets in het bericht."),
        ("text", {}, 400, "Dat kan de server niet lezen."),
        ("tap", {"message": "negen", "data": "x"}, 400, "Dat kan de server niet lezen."),
        ("text", {"text": "x", "reply_to": [1]}, 400, "Dat kan de server niet lezen."),
        ("voice", {"seconds": "lang"}, 400, "Dat kan de server niet lezen."),
        ("location", {"latitude": {}}, 400, "Dat kan de server niet lezen."),
        ("photo", {"content": "x"}, 400, "Dat kan de server niet lezen."),
        ("fly", {}, 404, "Die telefoon of die handeling is er niet."),
    ],
)
async def test_what_cannot_be_done_is_said_in_a_sentence(
    page: Page, action: str, details: dict[str, Any], status: int, error: str
) -> None:
    assert await page.act(action, **details) == {"status": status, "ok": False, "error": error}
    assert (await page.phone())["messages"] == []


async def test_who_blocked_the_bot_cannot_write(page: Page) -> None:
    await page.act("block")
    said = await page.act("text", text="hallo")
    assert said["error"] == "Je hebt de bot geblokkeerd. Deblokkeer de bot eerst."


async def test_the_clock_can_be_turned(open_page: Page, clock: TurnableClock) -> None:
    turned = await open_page.post("/clock", {"jump": 3600})
    told = {"now": "2026-11-22T13:00:00+00:00", "turnable": True}
    assert turned["clock"] == told
    assert await open_page.until("clock") == {"type": "clock", "clock": told}
    clock.planned = [60]
    assert (await open_page.post("/clock", {"to": "next"}))["clock"]["now"] == "2026-11-22T13:01:00+00:00"
    nothing = await open_page.post("/clock", {"to": "next"})
    assert (nothing["status"], nothing["error"]) == (409, "Er staat geen herinnering gepland.")
    assert not (await open_page.post("/clock", {"jump": -1}))["ok"]


async def test_without_a_clock_there_is_none_to_turn() -> None:
    local = LocalTelegram()
    await local.start()
    async with aiohttp.ClientSession() as session:
        page = Page(local.url, session)
        assert (await page.post("/clock", {"jump": 1}))["status"] == 404
        assert not (await page.phones())["clock"]["turnable"]
    await local.stop()


async def test_an_offer_is_a_button_that_does_its_work_and_says_so(open_page: Page, telegram: LocalTelegram) -> None:
    going_on = asyncio.Event()

    async def work() -> str:
        await going_on.wait()
        return "Klaar."

    telegram.offer("many", "Veel mensen", work)
    idle = {"name": "many", "label": "Veel mensen", "running": False}
    assert (await open_page.until("offers"))["offers"] == [idle]
    open_page.events.clear()
    first = asyncio.create_task(open_page.post("/offers/many"))
    assert (await open_page.until("offers"))["offers"] == [idle | {"running": True}]
    assert (await open_page.phones())["offers"] == [idle | {"running": True}]
    meanwhile = await open_page.post("/offers/many")
    assert (meanwhile["status"], meanwhile["error"]) == (409, "Dit is al bezig.")
    going_on.set()
    assert await first == {"status": 200, "ok": True, "said": "Klaar."}
    assert (await open_page.phones())["offers"] == [idle]


async def test_an_offer_that_goes_wrong_can_be_tried_again(telegram: LocalTelegram, page: Page) -> None:
    async def work() -> str:
        raise ValueError("geheim")

    telegram.offer("many", "Veel mensen", work)
    for _ in range(2):
        said = await page.post("/offers/many")
        assert said["status"] == 409
        assert said["error"] == "Dat lukte niet. Kijk in het venster waar de demo draait."


async def test_only_this_page_takes_an_offer_and_only_one_that_is_there(telegram: LocalTelegram, page: Page) -> None:
    done = []

    async def work() -> str:
        done.append(1)
        return "Klaar."

    telegram.offer("many", "Veel mensen", work)
    assert (await page.post("/offers/few"))["status"] == 404
    url = f"{page.url}/offers/many"
    async with page.session.post(url, json={}, headers={"Origin": "https://evil.example"}) as answer:
        assert answer.status == 403
    async with page.session.post(url, data="{}") as answer:
        assert answer.status == 400
    async with page.session.get(url) as answer:
        assert answer.status == 405
    assert done == []


async def test_a_shared_link_starts_the_bot_on_the_other_phone(open_page: Page, telegram: LocalTelegram) -> None:
    rania = telegram.phone(1002, "Rania")
    url = "https://t.me/Digihulp_Bot?start=mee-12"
    for _ in range(2):
        assert (await open_page.act("share", to=1002, url=url, words="Ga je mee?"))["ok"]
    assert (await open_page.until("phone"))["phone"]["id"] == 1002
    [link] = rania.received
    told = (await open_page.phones())["phones"][1]["received"]
    label = "Uitnodiging van Fatima"
    assert told == [{"id": link.id, "sender": "Fatima", "label": label, "words": "Ga je mee?", "url": None}]
    assert (await open_page.post("/phones/1002/open", {"link": link.id}))["ok"]
    assert [message.text for message in rania.messages] == ["/start mee-12"]
    assert (await open_page.phones())["phones"][1]["links"] == [{"label": label, "payload": "mee-12"}]
    again = await open_page.post("/phones/1002/open", {"link": link.id})
    assert (again["status"], again["error"]) == (409, "Deze link is er niet meer.")


async def test_a_shared_link_can_wait_and_another_link_starts_nothing(telegram: LocalTelegram, page: Page) -> None:
    fatima, rania = telegram.phone(FATIMA), telegram.phone(1002, "Rania")
    fatima.shares("https://t.me/digihulp_bot?start=mee", rania)
    fatima.shares("https://example.org/", rania)
    invitation, elsewhere = rania.received
    assert (await page.phones())["phones"][1]["received"][1]["url"] == "https://example.org/"
    await page.post("/phones/1002/put-away", {"link": invitation.id})
    await page.post("/phones/1002/open", {"link": elsewhere.id})
    told = (await page.phones())["phones"][1]
    assert (told["received"], told["started"]) == ([], False)
    assert told["links"] == [{"label": "Uitnodiging van Fatima", "payload": "mee"}]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://[", "data:text/html,x", "t.me/x", ""])
async def test_what_is_no_web_address_is_not_shared(telegram: LocalTelegram, page: Page, url: str) -> None:
    rania = telegram.phone(1002, "Rania")
    said = await page.act("share", to=1002, url=url)
    assert (said["status"], said["error"]) == (409, "Dit is geen link.")
    assert (await page.act("share", to=9, url="https://example.org/"))["error"] == "Die telefoon is er niet."
    assert rania.received == []


async def test_faults_are_ordered_by_a_list(telegram: LocalTelegram, page: Page) -> None:
    assert (await page.post("/faults", [{"do": "500", "method": "getMe", "times": 2}]))["ok"]
    async with page.session.get(f"{page.url}/faults") as answer:
        told = await answer.json()
    assert [(fault["do"], fault["method"], fault["times"]) for fault in told] == [("500", "getMe", 2)]
    assert (await page.post("/faults", [{"do": "fire"}]))["error"] == "there is no fault 'fire'"
    await page.post("/faults", [])
    assert telegram.faults.rules == []


async def test_another_site_in_the_browser_can_do_nothing(page: Page) -> None:
    async with page.session.post(
        f"{page.url}/phones/{FATIMA}/start", json={}, headers={"Origin": "https://evil.example"}
    ) as answer:
        assert answer.status == 403
    async with page.session.post(f"{page.url}/phones/{FATIMA}/start", data="{}") as answer:
        assert answer.status == 400
    assert not (await page.phone())["started"]


async def test_the_page_is_served_and_nothing_beside_it(
    page: Page, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "page" / "icons").mkdir(parents=True)
    (tmp_path / "page" / "index.html").write_text("<h1>Digihulp</h1>")
    (tmp_path / "page" / "icons" / "a.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("geheim")
    monkeypatch.setattr(phones_api, "PAGE", tmp_path / "page")
    async with page.session.get(page.url + "/") as answer:
        assert await answer.text() == "<h1>Digihulp</h1>"
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    async with page.session.get(page.url + "/page/icons/a.svg") as answer:
        assert answer.status == 200
    for path in ("/page/..%2Fsecret.txt", "/page/nothing.js", "/page/icons"):
        async with page.session.get(page.url + path) as answer:
            assert answer.status == 404
