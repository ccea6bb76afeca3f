"""The local Telegram behaves as Telegram does, over plain HTTP, and its phones as phones do."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.demo import limits, reduce_spec
from bot.demo.samples import PICTURE
from bot.demo.telegram import LocalTelegram

FATIMA = 1001
STRANGER = 1002


class TurnableNow:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def turn(self, **span: float) -> None:
        self.at += timedelta(**span)


class Bot:
    """A bot of few words: calls a method, gives the answer."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.session = session

    async def __call__(self, method: str, **params: Any) -> dict[str, Any]:
        async with self.session.post(f"{self.url}/bot42:TEST/{method}", json=params) as answer:
            return {"status": answer.status, **await answer.json()}

    async def gives(self, method: str, **params: Any) -> Any:
        answer = await self(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def refused(self, method: str, **params: Any) -> str:
        answer = await self(method, **params)
        assert not answer["ok"], answer
        assert answer["status"] == answer["error_code"]
        return str(answer["description"])


@pytest.fixture
def now() -> TurnableNow:
    return TurnableNow()


@pytest.fixture
async def telegram(now: TurnableNow) -> AsyncIterator[LocalTelegram]:
    local = LocalTelegram(now=now)
    await local.start()
    yield local
    await local.stop()


@pytest.fixture
async def bot(telegram: LocalTelegram) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession() as session:
        yield Bot(telegram.url, session)


@pytest.fixture
def fatima(telegram: LocalTelegram) -> Any:
    phone = telegram.phone(FATIMA, "Fatima")
    phone.start()
    return phone


async def confirm_all(bot: Bot) -> None:
    await bot.gives("getUpdates", offset=-1)
    updates = await bot.gives("getUpdates", offset=0)
    if updates:
        await bot.gives("getUpdates", offset=updates[-1]["update_id"] + 1)


def inline(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [[button] for button in buttons]}


YES = {"text": "Ja", "callback_data": "yes"}


# Limits


@pytest.mark.parametrize(
    ("limit", "owner", "field", "written"),
    [
        (limits.TEXT, "sendMessage", "text", "1-4096"),
        (limits.TEXT, "editMessageText", "text", "1-4096"),
        (limits.CAPTION, "sendPhoto", "caption", "0-1024"),
        (limits.CAPTION, "editMessageCaption", "caption", "0-1024"),
        (limits.CALLBACK_DATA_BYTES, "InlineKeyboardButton", "callback_data", "1-64"),
        (limits.CALLBACK_ANSWER, "answerCallbackQuery", "text", "0-200"),
        (limits.COPY_TEXT, "CopyTextButton", "text", "1-256"),
        (limits.PLACEHOLDER, "ReplyKeyboardMarkup", "input_field_placeholder", "1-64"),
        (limits.UPDATES, "getUpdates", "limit", "1-100"),
        (limits.WEBHOOK_CONNECTIONS, "setWebhook", "max_connections", "1-100"),
        (limits.SECRET_TOKEN, "setWebhook", "secret_token", "1-256"),
        (limits.COMMAND, "BotCommand", "command", "1-32"),
        (limits.COMMAND_DESCRIPTION, "BotCommand", "description", "1-256"),
        (limits.BOT_NAME, "setMyName", "name", "0-64"),
        (limits.BOT_DESCRIPTION, "setMyDescription", "description", "0-512"),
        (limits.BOT_SHORT_DESCRIPTION, "setMyShortDescription", "short_description", "0-120"),
    ],
)
def test_a_limit_is_what_the_description_of_the_bot_api_says(
    limit: limits.Span, owner: str, field: str, written: str
) -> None:
    assert written in limits.description(owner, field)
    assert f"{limit.least}-{limit.most}" == written


def test_the_other_limits_are_in_the_description_too() -> None:
    assert limits.SECRET_TOKEN_CHARACTER == "[A-Za-z0-9_-]"
    assert (limits.COMMANDS, limits.WEBHOOK_CONNECTIONS_DEFAULT) == (100, 40)
    assert (limits.UPLOAD_BYTES, limits.PHOTO_BYTES, limits.DOWNLOAD_BYTES) == (50 << 20, 10 << 20, 20 << 20)
    assert (limits.PHOTO_SIDES, limits.PHOTO_RATIO) == (10000, 20)
    assert (limits.DELETABLE_SECONDS, limits.DICE_SECONDS) == (48 * 3600, 24 * 3600)


def test_a_limit_follows_the_description_when_that_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "description", lambda *_: "1-5000 characters after entities parsing")
    assert limits._span("sendMessage", "text") == limits.Span(1, 5000)
    monkeypatch.setattr(limits, "description", lambda *_: "as many as you like")
    with pytest.raises(LookupError, match=r"sendMessage\.text"):
        limits._span("sendMessage", "text")


def test_the_description_kept_is_the_reduced_one() -> None:
    assert reduce_spec.reduced(limits.SPEC) == limits.SPEC


# Calling


@pytest.mark.parametrize("method", reduce_spec.METHODS)
async def test_every_method_described_is_there(telegram: LocalTelegram, bot: Bot, method: str) -> None:
    async with bot.session.get(f"{telegram.url}/bot42:TEST/{method}") as answer:
        assert answer.status in (200, 400)


async def test_a_wrong_token_is_unauthorized(telegram: LocalTelegram, bot: Bot) -> None:
    async with bot.session.post(f"{telegram.url}/bot42:WRONG/getMe") as answer:
        assert answer.status == 401
        assert await answer.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_an_unknown_method_is_not_found(bot: Bot) -> None:
    assert await bot.refused("makeCoffee") == "Not Found"


async def test_a_method_is_found_however_it_is_written(bot: Bot) -> None:
    assert (await bot.gives("GETME"))["username"] == "digihulp_bot"


async def test_parameters_come_by_query_form_multipart_or_json(telegram: LocalTelegram, bot: Bot, fatima: Any) -> None:
    url = f"{telegram.url}/bot42:TEST/sendMessage"
    keyboard = '{"inline_keyboard": [[{"text": "Ja", "callback_data": "yes"}]]}'
    given = {"chat_id": str(FATIMA), "text": "hallo", "reply_markup": keyboard}
    multipart = aiohttp.FormData(given, default_to_multipart=True)
    async with bot.session.get(url, params=given) as answer:
        assert answer.status == 200
    async with bot.session.post(url, data=given) as answer:
        assert answer.status == 200
    async with bot.session.post(url, data=multipart) as answer:
        assert answer.status == 200
    await bot.gives("sendMessage", chat_id=FATIMA, text="hallo", reply_markup=inline(YES))
    assert [message.buttons[0][0].data for message in fatima.heard] == ["yes"] * 4


@pytest.mark.parametrize("body", ["{", "[1, 2", "\x00"])
async def test_a_body_that_is_no_json_is_a_bad_request(telegram: LocalTelegram, bot: Bot, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    async with bot.session.post(f"{telegram.url}/bot42:TEST/getMe", data=body, headers=headers) as answer:
        assert answer.status == 400


async def test_calls_are_noted_with_what_became_of_them(telegram: LocalTelegram, bot: Bot, fatima: Any) -> None:
    await bot("getMe")
    await bot("sendMessage", chat_id=str(FATIMA), text="hallo", reply_markup=inline(YES), nonsense=1)
    await bot("sendMessage", chat_id=FATIMA, text="")
    assert list(telegram.calls) == [
        ("sendMessage", {"chat_id": FATIMA, "text": "hallo", "reply_markup": inline(YES)}, None),
        ("sendMessage", {"chat_id": FATIMA, "text": ""}, "Bad Request: message text is empty"),
    ]


# Strictness


CAN_T_PARSE = "Bad Request: can't parse entities: "
STRICT: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"text": "\ud83d"}, "Bad Request: strings must be encoded in UTF-8"),
    ("sendMessage", {"text": ""}, "Bad Request: message text is empty"),
    ("sendMessage", {"text": " \n "}, "Bad Request: text must be non-empty"),
    ("sendMessage", {"text": "<b></b>", "parse_mode": "HTML"}, "Bad Request: text must be non-empty"),
    ("sendMessage", {"text": "x" * 4097}, "Bad Request: message is too long"),
    ("sendMessage", {"text": "x" * 33000}, "Bad Request: text is too long"),
    ("sendMessage", {"text": "hallo", "parse_mode": "BBCode"}, "Bad Request: unsupported parse_mode"),
    (
        "sendMessage",
        {"text": "a <x>b</x>", "parse_mode": "HTML"},
        CAN_T_PARSE + 'Unsupported start tag "x" at byte offset 2',
    ),
    (
        "sendMessage",
        {"text": "é <3 you", "parse_mode": "HTML"},
        CAN_T_PARSE + 'Unsupported start tag "3" at byte offset 3',
    ),
    ("sendMessage", {"text": "<b", "parse_mode": "HTML"}, CAN_T_PARSE + "Unclosed start tag at byte offset 0"),
    (
        "sendMessage",
        {"text": "<b>x", "parse_mode": "HTML"},
        CAN_T_PARSE + 'Can\'t find end tag corresponding to start tag "b"',
    ),
    ("sendMessage", {"text": "x</b>", "parse_mode": "HTML"}, CAN_T_PARSE + "Unexpected end tag at byte offset 1"),
    (
        "sendMessage",
        {"text": "<b><i>x</b></i>", "parse_mode": "HTML"},
        CAN_T_PARSE + 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    ),
    ("sendMessage", {"text": "x", "chat_id": ""}, "Bad Request: chat_id is empty"),
    ("sendMessage", {"text": "x", "chat_id": 999}, "Bad Request: chat not found"),
    ("sendMessage", {"text": "x", "chat_id": "@nobody"}, "Bad Request: chat not found"),
    ("sendMessage", {"text": "x", "chat_id": STRANGER}, "Forbidden: bot can't initiate conversation with a user"),
    (
        "sendMessage",
        {"text": "x", "reply_parameters": {"message_id": 99}},
        "Bad Request: message to be replied not found",
    ),
    ("sendMessage", {"text": "x", "reply_markup": "{"}, "Bad Request: object expected as reply markup"),
    (
        "sendMessage",
        {"text": "x", "reply_markup": inline({"text": "", "url": "https://x.nl"})},
        "Bad Request: inline keyboard button text must be non-empty",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": inline({"text": "x", "callback_data": "é" * 33})},
        "Bad Request: BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": inline({"text": "x"})},
        "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": inline({"text": "x", "url": "nergens"})},
        "Bad Request: inline keyboard button URL 'nergens' is invalid: Wrong HTTP URL",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": inline({"text": "x", "copy_text": {"text": "x" * 257}})},
        "Bad Request: BUTTON_COPY_TEXT_INVALID",
    ),
    ("sendMessage", {"text": "x", "reply_markup": inline(*[YES] * 101)}, "Bad Request: reply markup is too long"),
    (
        "sendMessage",
        {"text": "x", "reply_markup": {"inline_keyboard": [YES]}},
        'Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": {"keyboard": [[{"text": " "}]]}},
        "Bad Request: keyboard button text must be non-empty",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": {"keyboard": [["a"]], "input_field_placeholder": "x" * 65}},
        "Bad Request: REPLY_MARKUP_PLACEHOLDER_INVALID",
    ),
    ("sendPhoto", {}, "Bad Request: there is no photo in the request"),
    ("sendPhoto", {"photo": "AgACnothing"}, "Bad Request: wrong file identifier/HTTP URL specified"),
    ("sendPhoto", {"photo": "https://x.nl/a.png"}, "Bad Request: failed to get HTTP URL content"),
    ("sendPhoto", {"photo": "x", "caption": "x" * 1025}, "Bad Request: message caption is too long"),
    ("sendVenue", {"latitude": 52.0, "longitude": 5.9, "address": "Hoofdstraat 1"}, "Bad Request: title is empty"),
    ("sendLocation", {"latitude": 52.0}, "Bad Request: longitude is empty"),
    ("sendChatAction", {"action": "dancing"}, "Bad Request: wrong parameter action in request"),
    ("editMessageText", {"message_id": 99, "text": "x"}, "Bad Request: message to edit not found"),
    ("editMessageText", {"message_id": 1, "text": "x"}, "Bad Request: message can't be edited"),
    ("deleteMessage", {"message_id": 99}, "Bad Request: message to delete not found"),
    ("deleteMessage", {}, "Bad Request: message identifier is not specified"),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "Bad Request: MESSAGE_TOO_LONG"),
    (
        "answerCallbackQuery",
        {"callback_query_id": "1"},
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    ),
    ("getFile", {"file_id": "nothing"}, "Bad Request: invalid file_id"),
    (
        "setWebhook",
        {"url": "http://example.org/"},
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
    ),
    ("setWebhook", {"url": "nergens"}, "Bad Request: invalid webhook URL specified"),
    ("setWebhook", {"url": "https://x.nl", "secret_token": "x" * 257}, "Bad Request: secret token is too long"),
    (
        "setWebhook",
        {"url": "https://x.nl", "secret_token": "a b"},
        "Bad Request: secret token contains unallowed characters",
    ),
    ("setMyCommands", {"commands": [{"command": "Menu", "description": "x"}]}, "Bad Request: BOT_COMMAND_INVALID"),
    (
        "setMyCommands",
        {"commands": [{"command": "menu", "description": ""}]},
        "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID",
    ),
    ("setMyCommands", {"commands": [], "language_code": "nederlands"}, "Bad Request: invalid language code specified"),
]


@pytest.mark.parametrize(("method", "params", "error"), STRICT, ids=[f"{m}: {e[:70]}" for m, _, e in STRICT])
async def test_what_telegram_refuses_is_refused(
    telegram: LocalTelegram, bot: Bot, fatima: Any, method: str, params: dict[str, Any], error: str
) -> None:
    telegram.phone(STRANGER, "Ans")
    assert await bot.refused(method, **{"chat_id": FATIMA, **params}) == error
    assert fatima.heard == []


LENIENT: list[dict[str, Any]] = [
    {"text": "👍" * 4096},
    {"text": "<b>" + "x" * 4096 + "</b>", "parse_mode": "HTML"},
    {"text": "x", "parse_mode": "html"},
    {"text": "x", "reply_markup": inline({"text": "x", "callback_data": "x" * 64})},
    {"text": "x", "reply_markup": inline(*[YES] * 100)},
    {"text": "x", "reply_markup": inline({"text": "x", "url": "tg://user?id=1"}, {"text": "y", "url": "x.nl/y"})},
    {"text": "x", "reply_markup": inline({"text": "x", "copy_text": {"text": "x" * 256}})},
    {"text": "x", "reply_markup": {"inline_keyboard": []}},
    {"text": "x", "reply_parameters": {"message_id": 99, "allow_sending_without_reply": True}},
]


@pytest.mark.parametrize("params", LENIENT, ids=range(len(LENIENT)))
async def test_what_telegram_takes_is_taken(bot: Bot, fatima: Any, params: dict[str, Any]) -> None:
    await bot.gives("sendMessage", chat_id=FATIMA, **params)
    assert len(fatima.heard) == 1


# Editing and deleting


async def test_an_edit_changes_the_message_and_its_keyboard(bot: Bot, fatima: Any, now: TurnableNow) -> None:
    sent = await bot.gives("sendMessage", chat_id=FATIMA, text="een", reply_markup=inline(YES))
    now.turn(seconds=5)
    edited = await bot.gives("editMessageText", chat_id=FATIMA, message_id=sent["message_id"], text="twee")
    assert (edited["text"], edited["date"], edited["edit_date"]) == ("twee", sent["date"], sent["date"] + 5)
    assert "reply_markup" not in edited
    before, after = await fatima.hears(2)
    assert (before.text, before.edited, before.buttons[0][0].text) == ("een", False, "Ja")
    assert (after.text, after.edited, after.buttons) == ("twee", True, ())
    assert fatima.heard == [after]


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, fatima: Any) -> None:
    same = {"chat_id": FATIMA, "text": "<b>een</b>", "parse_mode": "HTML", "reply_markup": inline(YES)}
    sent = await bot.gives("sendMessage", **same)
    refused = await bot.refused("editMessageText", message_id=sent["message_id"], **same)
    assert refused == (
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
        "as a current content and reply markup of the message"
    )
    await bot.gives("editMessageText", message_id=sent["message_id"], **{**same, "text": "een"})


async def test_only_the_fitting_part_of_a_message_can_be_edited(bot: Bot, fatima: Any) -> None:
    place = {"latitude": 52.2, "longitude": 5.9, "title": "Bibliotheek", "address": "Plein 1"}
    venue = (await bot.gives("sendVenue", chat_id=FATIMA, **place))["message_id"]
    keyed = await bot.gives("sendMessage", chat_id=FATIMA, text="x", reply_markup={"keyboard": [["Menu"]]})
    here = {"chat_id": FATIMA, "message_id": venue}
    assert (
        await bot.refused("editMessageText", **here, text="x") == "Bad Request: there is no text in the message to edit"
    )
    assert (
        await bot.refused("editMessageCaption", **here, caption="x")
        == "Bad Request: there is no caption in the message to edit"
    )
    assert (
        await bot.refused("editMessageReplyMarkup", **here, reply_markup={"keyboard": [["x"]]})
        == "Bad Request: inline keyboard expected"
    )
    keyed_here = {"chat_id": FATIMA, "message_id": keyed["message_id"]}
    assert await bot.refused("editMessageText", **keyed_here, text="y") == "Bad Request: message can't be edited"
    await bot.gives("editMessageReplyMarkup", **here, reply_markup=inline(YES))
    assert fatima.heard[0].buttons[0][0].data == "yes"


async def test_a_message_can_be_deleted_for_two_days(bot: Bot, fatima: Any, now: TurnableNow) -> None:
    asked = fatima.says("mijn bsn is 123456782")
    old = await bot.gives("sendMessage", chat_id=FATIMA, text="oud")
    now.turn(hours=47)
    await bot.gives("deleteMessage", chat_id=FATIMA, message_id=asked.id)
    assert [message.text for message in fatima.messages] == ["/start", "oud"]
    now.turn(hours=1, seconds=1)
    refused = await bot.refused("deleteMessage", chat_id=FATIMA, message_id=old["message_id"])
    assert refused == "Bad Request: message can't be deleted for everyone"


# People


async def test_who_blocked_the_bot_gets_nothing_until_she_unblocks_it(bot: Bot, fatima: Any) -> None:
    await confirm_all(bot)
    fatima.blocks()
    assert await bot.refused("sendMessage", chat_id=FATIMA, text="x") == "Forbidden: bot was blocked by the user"
    fatima.unblocks()
    await bot.gives("sendMessage", chat_id=FATIMA, text="x")
    changes = [update["my_chat_member"] for update in await bot.gives("getUpdates")]
    statuses = [(each["old_chat_member"]["status"], each["new_chat_member"]["status"]) for each in changes]
    assert statuses == [("member", "kicked"), ("kicked", "member")]
    assert changes[0]["chat"] == {"id": FATIMA, "type": "private", "first_name": "Fatima"}


async def test_pressing_start_again_unblocks(bot: Bot, fatima: Any) -> None:
    await confirm_all(bot)
    fatima.blocks()
    fatima.start("vierstroom")
    kinds = [next(kind for kind in update if kind != "update_id") for update in await bot.gives("getUpdates")]
    assert kinds == ["my_chat_member", "my_chat_member", "message"]


async def test_what_she_sends_arrives_as_telegram_writes_it(bot: Bot, fatima: Any) -> None:
    await confirm_all(bot)
    fatima.start("vierstroom")
    fatima.says("zie https://x.nl/a.")
    fatima.sends("photo", caption="kijk")
    fatima.sends("voice", seconds=7)
    fatima.sends("sticker", emoji="🙏")
    fatima.sends("location", latitude=52.1, longitude=5.9)
    fatima.sends("contact")
    fatima.sends("poll", question="Koffie?")
    fatima.sends("document", name="rooster.pdf", mime="application/pdf", content=b"%PDF-")
    fatima.sends("dice")
    fatima.sends("video_note")
    start, link, photo, voice, sticker, location, contact, poll, document, dice, note = (
        update["message"] for update in await bot.gives("getUpdates")
    )
    assert start["text"] == "/start vierstroom"
    assert start["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert start["from"] == {"id": FATIMA, "is_bot": False, "first_name": "Fatima", "language_code": "nl"}
    assert link["entities"] == [{"type": "url", "offset": 4, "length": 14}]
    assert (photo["caption"], photo["photo"][0]["width"], photo["photo"][0]["height"]) == ("kijk", 320, 240)
    assert voice["voice"]["duration"] == 7
    assert sticker["sticker"]["emoji"] == "🙏"
    assert location["location"] == {"latitude": 52.1, "longitude": 5.9}
    assert contact["contact"]["user_id"] == FATIMA
    assert poll["poll"]["question"] == "Koffie?"
    assert (document["document"]["file_name"], document["document"]["file_size"]) == ("rooster.pdf", 5)
    assert dice["dice"]["emoji"] == "🎲"
    assert "video_note" in note
    kinds = [
        "text",
        "text",
        "photo",
        "voice",
        "sticker",
        "location",
        "contact",
        "poll",
        "document",
        "sticker",
        "document",
    ]
    assert [message.kind for message in fatima.messages[1:]] == kinds


def test_a_phone_says_what_it_cannot_send(fatima: Any) -> None:
    with pytest.raises(ValueError, match="a phone cannot send a pigeon"):
        fatima.sends("pigeon")


async def test_a_text_too_long_for_one_message_goes_in_two(bot: Bot, fatima: Any) -> None:
    await confirm_all(bot)
    fatima.says("x" * 5000)
    assert [len(update["message"]["text"]) for update in await bot.gives("getUpdates")] == [4096, 904]


async def test_an_edit_of_hers_is_told(bot: Bot, fatima: Any) -> None:
    said = fatima.says("wachtword")
    await confirm_all(bot)
    fatima.edits(said.id, "wachtwoord")
    update = (await bot.gives("getUpdates"))[0]["edited_message"]
    assert (update["message_id"], update["text"]) == (said.id, "wachtwoord")
    assert update["edit_date"] >= update["date"]
    assert fatima.messages[-1].edited


async def test_an_answer_quotes_the_message_it_answers(bot: Bot, fatima: Any) -> None:
    sent = await bot.gives("sendMessage", chat_id=FATIMA, text="vraag")
    await confirm_all(bot)
    fatima.says("antwoord", reply_to=sent["message_id"])
    update = (await bot.gives("getUpdates"))[0]["message"]
    assert update["reply_to_message"]["text"] == "vraag"
    assert update["reply_to_message"]["from"]["is_bot"]


# Buttons


async def test_a_tap_carries_its_data_and_its_message(bot: Bot, fatima: Any) -> None:
    await bot.gives("sendMessage", chat_id=FATIMA, text="oud", reply_markup=inline(YES))
    new = await bot.gives("sendMessage", chat_id=FATIMA, text="nieuw", reply_markup=inline(YES))
    await confirm_all(bot)
    by_label, by_data = fatima.taps("Ja"), fatima.taps("yes", fatima.heard[0])
    first, second = (update["callback_query"] for update in await bot.gives("getUpdates"))
    assert (first["id"], first["data"], first["message"]["message_id"]) == (by_label, "yes", new["message_id"])
    assert (second["id"], second["message"]["text"]) == (by_data, "oud")
    assert first["message"]["reply_markup"] == inline(YES)
    with pytest.raises(LookupError, match="sees no button 'Nee'"):
        fatima.taps("Nee")


async def test_a_tap_is_answered_once_the_bot_answers_it(bot: Bot, fatima: Any) -> None:
    await bot.gives("sendMessage", chat_id=FATIMA, text="x", reply_markup=inline(YES))
    tapped = fatima.taps("Ja")
    await bot.gives("answerCallbackQuery", callback_query_id=tapped, text="Goed!", show_alert=True)
    assert fatima.answers == [("Goed!", True)]


async def test_a_tap_cannot_be_answered_for_ever(
    telegram: LocalTelegram, bot: Bot, fatima: Any, now: TurnableNow
) -> None:
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    tapped = fatima.forges("x")
    now.turn(seconds=150)
    await bot.gives("answerCallbackQuery", callback_query_id=tapped)
    now.turn(seconds=1)
    assert await bot.refused("answerCallbackQuery", callback_query_id=tapped) == too_old
    telegram.callback_seconds = 15
    tapped = fatima.forges("x")
    now.turn(seconds=16)
    assert await bot.refused("answerCallbackQuery", callback_query_id=tapped) == too_old


async def test_a_forged_tap_comes_through_as_it_is(bot: Bot, fatima: Any) -> None:
    await confirm_all(bot)
    fatima.forges("\x00" * 300, message_id=77)
    query = (await bot.gives("getUpdates"))[0]["callback_query"]
    assert query["data"] == "\x00" * 300
    assert query["message"]["date"] == 0
    assert query["message"]["message_id"] == 77


async def test_the_big_buttons_stay_until_they_are_taken_away(bot: Bot, fatima: Any) -> None:
    keyboard = {"keyboard": [["Menu", {"text": "Nummer", "request_contact": True}]], "is_persistent": True}
    await bot.gives("sendMessage", chat_id=FATIMA, text="x", reply_markup=keyboard)
    await bot.gives("sendMessage", chat_id=FATIMA, text="y", reply_markup=inline(YES))
    assert [key.text for key in fatima.keyboard.all_keys()] == ["Menu", "Nummer"]
    assert fatima.keyboard.persistent
    assert fatima.presses_keyboard("Menu").text == "Menu"
    assert fatima.presses_keyboard("Nummer").kind == "contact"
    await bot.gives("sendMessage", chat_id=FATIMA, text="z", reply_markup={"remove_keyboard": True})
    with pytest.raises(LookupError, match="no big button 'Menu'"):
        fatima.presses_keyboard("Menu")


async def test_the_big_buttons_go_with_the_message_that_brought_them(bot: Bot, fatima: Any) -> None:
    sent = await bot.gives("sendMessage", chat_id=FATIMA, text="x", reply_markup={"keyboard": [["Menu"]]})
    await bot.gives("deleteMessage", chat_id=FATIMA, message_id=sent["message_id"])
    assert fatima.keyboard is None


# Hearing


async def test_hearing_goes_on_where_it_stopped(bot: Bot, fatima: Any) -> None:
    for text in ("een", "twee", "drie"):
        await bot.gives("sendMessage", chat_id=FATIMA, text=text)
    assert [message.text for message in await fatima.hears(2)] == ["een", "twee"]
    assert [message.text for message in fatima.unheard] == ["drie"]
    assert [message.text for message in await fatima.hears()] == ["drie"]


async def test_hearing_waits_for_the_bot(bot: Bot, fatima: Any) -> None:
    hearing = asyncio.create_task(fatima.hears())
    await asyncio.sleep(0.01)
    await bot.gives("sendMessage", chat_id=FATIMA, text="daar ben ik")
    assert (await hearing)[0].text == "daar ben ik"


async def test_hearing_too_little_says_what_was_heard(bot: Bot, fatima: Any) -> None:
    await bot.gives("sendMessage", chat_id=FATIMA, text="alleen dit")
    with pytest.raises(TimeoutError, match=r"Fatima waited 0\.05 s for 2 .*\n  < alleen dit"):
        await fatima.hears(2, timeout=0.05)


# Files


async def test_a_file_can_be_sent_again_and_fetched(telegram: LocalTelegram, bot: Bot, fatima: Any) -> None:
    form = aiohttp.FormData({"chat_id": str(FATIMA), "caption": "<b>kijk</b>", "parse_mode": "HTML"})
    form.add_field("photo", PICTURE, filename="plaatje.png", content_type="image/png")
    async with bot.session.post(f"{telegram.url}/bot42:TEST/sendPhoto", data=form) as answer:
        sent = (await answer.json())["result"]
    assert sent["caption_entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    file_id = sent["photo"][-1]["file_id"]
    await bot.gives("sendPhoto", chat_id=FATIMA, photo=file_id)
    assert fatima.heard[1].file_bytes == PICTURE
    told = await bot.gives("getFile", file_id=file_id)
    async with bot.session.get(f"{telegram.url}/file/bot42:TEST/{told['file_path']}") as answer:
        assert await answer.read() == PICTURE
    async with bot.session.get(f"{telegram.url}/file/bot42:WRONG/{told['file_path']}") as answer:
        assert answer.status == 404
    refused = await bot.refused("sendDocument", chat_id=FATIMA, document=file_id)
    assert refused == "Bad Request: can't use file of type Photo as Document"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "file must be non-empty"),
        (b"GIF?", "IMAGE_PROCESS_FAILED"),
        (b"GIF89a" + (9000).to_bytes(2, "little") * 2, "PHOTO_INVALID_DIMENSIONS"),
        (b"GIF89a" + (2100).to_bytes(2, "little") + (100).to_bytes(2, "little"), "PHOTO_INVALID_DIMENSIONS"),
    ],
)
async def test_a_photo_must_be_a_picture(
    telegram: LocalTelegram, bot: Bot, fatima: Any, content: bytes, error: str
) -> None:
    form = aiohttp.FormData({"chat_id": str(FATIMA)})
    form.add_field("photo", content, filename="plaatje.png", content_type="image/png")
    async with bot.session.post(f"{telegram.url}/bot42:TEST/sendPhoto", data=form) as answer:
        assert (await answer.json())["description"] == f"Bad Request: {error}"


# Fetching updates


async def test_an_update_comes_until_it_is_confirmed(telegram: LocalTelegram, bot: Bot, fatima: Any) -> None:
    fatima.says("een")
    first = await bot.gives("getUpdates")
    again = await bot.gives("getUpdates", offset=first[0]["update_id"])
    assert [update["update_id"] for update in again] == [1000, 1001]
    rest = await bot.gives("getUpdates", offset=1001)
    assert [update["message"]["text"] for update in rest] == ["een"]
    assert telegram.pending == 1
    assert await bot.gives("getUpdates", offset=1002) == []
    assert telegram.pending == 0


async def test_a_negative_offset_forgets_all_before(telegram: LocalTelegram, bot: Bot, fatima: Any) -> None:
    for text in ("een", "twee", "drie"):
        fatima.says(text)
    last = await bot.gives("getUpdates", offset=-2)
    assert [update["message"]["text"] for update in last] == ["twee", "drie"]
    assert telegram.pending == 2


@pytest.mark.parametrize(("limit", "given"), [(3, 3), (0, 1), (1000, 100)])
async def test_a_batch_has_at_most_a_hundred(bot: Bot, fatima: Any, limit: int, given: int) -> None:
    for number in range(120):
        fatima.says(str(number))
    assert len(await bot.gives("getUpdates", limit=limit)) == given


async def test_who_asks_the_same_again_at_once_gets_one_update(bot: Bot, fatima: Any) -> None:
    fatima.says("een")
    assert len(await bot.gives("getUpdates", offset=1000)) == 2
    assert len(await bot.gives("getUpdates", offset=1000)) == 1


async def test_a_long_poll_ends_when_something_comes(bot: Bot, fatima: Any) -> None:
    await confirm_all(bot)
    poll = asyncio.create_task(bot.gives("getUpdates", offset=1001, timeout=30))
    await asyncio.sleep(0.05)
    assert not poll.done()
    fatima.says("hallo")
    async with asyncio.timeout(2):
        assert (await poll)[0]["message"]["text"] == "hallo"


async def test_a_long_poll_ends_when_its_time_is_up(bot: Bot) -> None:
    begin = time.monotonic()
    assert await bot.gives("getUpdates", timeout=1) == []
    assert 0.9 < time.monotonic() - begin < 3


async def test_a_second_poller_ends_the_first(bot: Bot, fatima: Any) -> None:
    await confirm_all(bot)
    first = asyncio.create_task(bot("getUpdates", offset=1001, timeout=30))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(bot("getUpdates", offset=1001, timeout=30))
    ended = await first
    assert ended["status"] == 409
    assert ended["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    fatima.says("hallo")
    assert len((await second)["result"]) == 1


async def test_only_the_kinds_asked_for_come_and_that_is_remembered(bot: Bot, fatima: Any) -> None:
    await bot.gives("getUpdates", offset=-1, allowed_updates=["callback_query"])
    await confirm_all(bot)
    fatima.says("hallo")
    fatima.forges("x")
    assert [list(update) for update in await bot.gives("getUpdates")] == [["update_id", "callback_query"]]


async def test_updates_are_forgotten_with_age(telegram: LocalTelegram, fatima: Any, now: TurnableNow) -> None:
    fatima.forges("x")
    assert telegram.pending == 2
    now.turn(seconds=151)
    assert telegram.pending == 1
    now.turn(hours=24)
    assert telegram.pending == 0


async def test_a_raw_update_comes_as_it_is(telegram: LocalTelegram, bot: Bot) -> None:
    telegram.raw({"message": "no message at all"})
    telegram.raw({"update_id": 5000, "strange": {"chat": 1}})
    telegram.raw({"channel_post": {"chat": {"id": -100, "type": "channel"}}})
    assert await bot.gives("getUpdates") == [
        {"update_id": 1000, "message": "no message at all"},
        {"update_id": 5000, "strange": {"chat": 1}},
        {"update_id": 5001, "channel_post": {"chat": {"id": -100, "type": "channel"}}},
    ]


# Webhooks


Answer = Callable[[dict[str, Any]], web.Response]


class Receiver:
    """A bot that has updates sent to it; `answer` decides what it says to each."""

    def __init__(self, answer: Answer) -> None:
        self.got: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.answer = answer

    async def start(self) -> None:
        application = web.Application()
        application.add_routes([web.post("/hook", self._receive)])
        self._runner = web.AppRunner(application)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/hook"

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.got.append(update)
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return self.answer(update)

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.got if "message" in update]

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not true():
                await asyncio.sleep(0.005)


@pytest.fixture
async def receiver(telegram: LocalTelegram) -> AsyncIterator[Receiver]:
    telegram.webhook.first_delay = 0.01
    started = Receiver(lambda _: web.Response())
    await started.start()
    yield started
    await telegram.webhook.end()
    await started.stop()


async def test_a_webhook_gets_what_waits_and_what_comes(
    telegram: LocalTelegram, bot: Bot, fatima: Any, receiver: Receiver
) -> None:
    await bot.gives("setWebhook", url=receiver.url, secret_token="s3cret_-", max_connections=7)
    fatima.says("hallo")
    await receiver.until(lambda: telegram.pending == 0)
    assert receiver.texts() == ["/start", "hallo"]
    assert receiver.secrets == ["s3cret_-"] * 2
    info = await bot.gives("getWebhookInfo")
    assert (info["url"], info["pending_update_count"], info["max_connections"]) == (receiver.url, 0, 7)


async def test_polling_and_a_webhook_exclude_each_other(bot: Bot, receiver: Receiver) -> None:
    poll = asyncio.create_task(bot.refused("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    await bot.gives("setWebhook", url=receiver.url)
    assert await poll == "Conflict: terminated by setWebhook request"
    assert (await bot.refused("getUpdates")).startswith("Conflict: can't use getUpdates method while webhook is active")
    await bot.gives("deleteWebhook")
    assert await bot.gives("getUpdates") == []


async def test_a_failing_update_holds_up_only_its_own_lane(
    telegram: LocalTelegram, bot: Bot, fatima: Any, receiver: Receiver
) -> None:
    await confirm_all(bot)
    failures = iter([500, 404, 302])

    def answer(update: dict[str, Any]) -> web.Response:
        bad = update.get("message", {}).get("text") == "slecht"
        return web.Response(status=next(failures, 200) if bad else 200)

    receiver.answer = answer
    await bot.gives("setWebhook", url=receiver.url)
    fatima.says("slecht")
    fatima.says("goed")
    fatima.forges("tik")
    other = telegram.phone(1003, "Omar")
    other.says("ander")
    await receiver.until(lambda: telegram.pending == 0)
    assert [text for text in receiver.texts() if text != "ander"] == ["slecht"] * 4 + ["goed"]
    kinds = [update.get("message", {}).get("text", "tik") for update in receiver.got]
    assert max(kinds.index("tik"), kinds.index("ander")) < kinds.index("goed")
    assert (await bot.gives("getWebhookInfo"))["last_error_message"].startswith("Wrong response from the webhook: 302")


async def test_retry_after_is_obeyed(telegram: LocalTelegram, bot: Bot, fatima: Any, receiver: Receiver) -> None:
    await confirm_all(bot)
    times: list[float] = []

    def answer(_: dict[str, Any]) -> web.Response:
        times.append(time.monotonic())
        return web.Response(status=503, headers={"Retry-After": "1"}) if len(times) == 1 else web.Response()

    receiver.answer = answer
    await bot.gives("setWebhook", url=receiver.url)
    fatima.says("hallo")
    await receiver.until(lambda: telegram.pending == 0)
    assert times[1] - times[0] >= 0.95


async def test_a_bot_that_is_away_gets_its_updates_when_it_is_back(
    telegram: LocalTelegram, bot: Bot, fatima: Any, receiver: Receiver
) -> None:
    await bot.gives("setWebhook", url="http://127.0.0.1:9/hook")
    fatima.says("hallo")
    async with asyncio.timeout(2):
        while "last_error_message" not in await bot.gives("getWebhookInfo"):
            await asyncio.sleep(0.01)
    assert telegram.pending == 2
    await bot.gives("setWebhook", url=receiver.url)
    await receiver.until(lambda: telegram.pending == 0)
    assert receiver.texts() == ["/start", "hallo"]


async def test_pending_updates_can_be_dropped(telegram: LocalTelegram, bot: Bot, fatima: Any) -> None:
    await bot.gives("deleteWebhook")
    assert telegram.pending == 1
    await bot.gives("deleteWebhook", drop_pending_updates=True)
    assert telegram.pending == 0


# Pace and faults


async def test_a_chat_takes_a_burst_and_then_one_a_second(telegram: LocalTelegram, bot: Bot, fatima: Any) -> None:
    clock = 100.0
    telegram.pace.monotonic = lambda: clock
    for number in range(5):
        await bot.gives("sendMessage", chat_id=FATIMA, text=str(number))
    refused = await bot("sendMessage", chat_id=FATIMA, text="te snel")
    assert (refused["status"], refused["description"]) == (429, "Too Many Requests: retry after 1")
    assert refused["parameters"] == {"retry_after": 1}
    await bot.gives("sendChatAction", chat_id=FATIMA, action="typing")
    clock += 1
    await bot.gives("sendMessage", chat_id=FATIMA, text="nu wel")


async def test_all_chats_together_take_thirty_a_second(telegram: LocalTelegram, bot: Bot) -> None:
    clock = 100.0
    telegram.pace.monotonic = lambda: clock
    for number in range(31):
        telegram.phone(2000 + number).start()
    answers = [await bot("sendMessage", chat_id=2000 + number, text="x") for number in range(31)]
    assert [answer["status"] for answer in answers] == [200] * 30 + [429]


async def test_the_pace_can_be_switched_off(telegram: LocalTelegram, bot: Bot, fatima: Any) -> None:
    telegram.pace.on = False
    for number in range(40):
        await bot.gives("sendMessage", chat_id=FATIMA, text=str(number))


async def test_an_error_on_order_strikes_as_often_as_asked(telegram: LocalTelegram, bot: Bot, fatima: Any) -> None:
    telegram.faults.add("429", method="sendMessage", retry_after=7, times=2)
    telegram.faults.add("502", method="sendMessage", chat_id=FATIMA)
    hello = {"chat_id": FATIMA, "text": "hallo"}
    assert [(await bot("sendMessage", **hello)).get("parameters") for _ in range(2)] == [{"retry_after": 7}] * 2
    await bot.gives("getMe")
    assert await bot.refused("sendMessage", **hello) == "Bad Gateway"
    await bot.gives("sendMessage", **hello)
    assert len(fatima.heard) == 1


@pytest.mark.parametrize(("fault", "heard"), [("reset_before", 0), ("reset_after", 1)])
async def test_a_connection_can_break_before_or_after(
    telegram: LocalTelegram, bot: Bot, fatima: Any, fault: str, heard: int
) -> None:
    telegram.faults.add(fault, method="sendMessage")
    with pytest.raises(aiohttp.ClientError):
        await bot("sendMessage", chat_id=FATIMA, text="hallo")
    assert len(fatima.heard) == heard
    await bot.gives("sendMessage", chat_id=FATIMA, text="hallo")


async def test_an_answer_can_be_slow(telegram: LocalTelegram, bot: Bot) -> None:
    telegram.faults.add("slow", method="getMe", seconds=0.2)
    begin = time.monotonic()
    await bot.gives("getMe")
    assert time.monotonic() - begin >= 0.2


async def test_chance_is_the_same_every_time(telegram: LocalTelegram, bot: Bot) -> None:
    async def strikes() -> list[int]:
        telegram.faults.clear()
        telegram.faults.add("500", method="getMe", times=100, probability=0.5, seed=3)
        return [(await bot("getMe"))["status"] for _ in range(20)]

    first = await strikes()
    assert first == await strikes()
    assert {200, 500} == set(first)


def test_a_fault_nobody_knows_is_refused(telegram: LocalTelegram) -> None:
    with pytest.raises(ValueError, match="there is no fault 'fire'"):
        telegram.faults.add("fire")


# Starting and stopping


async def test_after_an_outage_everything_is_still_there(telegram: LocalTelegram, bot: Bot, fatima: Any) -> None:
    await bot.gives("sendMessage", chat_id=FATIMA, text="voor")
    await telegram.stop()
    fatima.says("tijdens")
    with pytest.raises(aiohttp.ClientError):
        await bot("getMe")
    await telegram.start()
    bot.url = telegram.url
    assert [update["message"]["text"] for update in await bot.gives("getUpdates")] == ["/start", "tijdens"]
    assert [message.text for message in fatima.heard] == ["voor"]


async def test_stopping_ends_a_long_poll(telegram: LocalTelegram, bot: Bot) -> None:
    poll = asyncio.create_task(bot("getUpdates", timeout=50))
    await asyncio.sleep(0.05)
    begin = time.monotonic()
    await telegram.stop()
    assert (await poll)["status"] == 502
    assert time.monotonic() - begin < 1
