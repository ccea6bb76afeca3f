"""A contract: python-telegram-bot, as it is, talks with the local Telegram as with Telegram."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    KeyboardButton,
    MenuButtonCommands,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes
from telegram.request import HTTPXRequest

from bot.demo.samples import PICTURE, VOICE
from bot.demo.telegram import LocalTelegram

FATIMA = 1001
START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    local = LocalTelegram(paced=False, now=lambda: START)
    await local.start()
    yield local
    await local.stop()


@pytest.fixture
async def bot(telegram: LocalTelegram) -> AsyncIterator[Bot]:
    request = HTTPXRequest(read_timeout=5)
    ptb = Bot("42:TEST", f"{telegram.url}/bot", f"{telegram.url}/file/bot", request=request)
    async with ptb:
        yield ptb


@pytest.fixture
def fatima(telegram: LocalTelegram) -> Any:
    phone = telegram.phone(FATIMA, "Fatima")
    phone.start("vierstroom")
    return phone


BUTTONS = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Ja", callback_data="yes"), InlineKeyboardButton("Lees", url="https://x.nl/a")],
        [InlineKeyboardButton("Kopieer", copy_text=CopyTextButton("A1B2"))],
    ]
)


async def test_the_bot_knows_itself(bot: Bot) -> None:
    assert (bot.id, bot.username, bot.first_name) == (42, "digihulp_bot", "Digihulp")


async def test_a_message_with_buttons(bot: Bot, fatima: Any) -> None:
    sent = await bot.send_message(FATIMA, "<b>Hoi</b> 👍 <i>jij</i>", ParseMode.HTML, reply_markup=BUTTONS)
    assert (sent.text, sent.date, sent.chat.id) == ("Hoi 👍 jij", START, FATIMA)
    assert sent.text_html == "<b>Hoi</b> 👍 <i>jij</i>"
    assert sent.reply_markup == BUTTONS
    heard = (await fatima.hears())[0]
    assert heard.html == sent.text_html
    (yes, read), (copy,) = heard.buttons
    assert (yes.data, read.url, copy.copy) == ("yes", "https://x.nl/a", "A1B2")


async def test_a_message_is_edited_in_place(bot: Bot, fatima: Any) -> None:
    sent = await bot.send_message(FATIMA, "een", reply_markup=BUTTONS)
    edited = await sent.edit_text("twee", reply_markup=BUTTONS)
    assert not isinstance(edited, bool)
    assert edited.edit_date == START
    await sent.edit_reply_markup(None)
    assert (fatima.heard[0].text, fatima.heard[0].buttons) == ("twee", ())
    with pytest.raises(BadRequest, match="Message is not modified"):
        await sent.edit_text("twee")


async def test_a_message_is_deleted(bot: Bot, fatima: Any) -> None:
    sent = await bot.send_message(FATIMA, "weg ermee")
    assert await sent.delete()
    assert fatima.heard == []
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await sent.delete()


async def test_big_buttons(bot: Bot, fatima: Any) -> None:
    keyboard = ReplyKeyboardMarkup(
        [["Vraag"], [KeyboardButton("Nummer", request_contact=True)]],
        is_persistent=True,
        input_field_placeholder="Typ je vraag",
    )
    await bot.send_message(FATIMA, "menu", reply_markup=keyboard)
    assert fatima.keyboard.placeholder == "Typ je vraag"
    fatima.presses_keyboard("Nummer")
    contact = (await bot.get_updates(offset=-1))[0].message
    assert contact is not None
    assert contact.contact is not None
    assert contact.contact.user_id == FATIMA
    await bot.send_message(FATIMA, "weg", reply_markup=ReplyKeyboardRemove())
    assert fatima.keyboard is None


async def test_files(bot: Bot, fatima: Any) -> None:
    document = await bot.send_document(
        FATIMA, b"BEGIN:VCALENDAR", filename="inloop.ics", caption="<b>agenda</b>", parse_mode="HTML"
    )
    photo = await bot.send_photo(FATIMA, PICTURE, caption="kijk", reply_markup=BUTTONS)
    voice = await bot.send_voice(FATIMA, InputFile(VOICE, "voor.ogg", attach=True), duration=4)
    assert document.document is not None
    assert (document.document.file_name, document.caption_html) == ("inloop.ics", "<b>agenda</b>")
    assert (photo.photo[-1].width, photo.photo[-1].height) == (320, 240)
    assert voice.voice is not None
    assert voice.voice.duration == 4
    fetched = await (await bot.get_file(document.document.file_id)).download_as_bytearray()
    assert bytes(fetched) == b"BEGIN:VCALENDAR"
    again = await bot.send_photo(FATIMA, photo.photo[-1].file_id)
    assert again.photo[-1].file_unique_id == photo.photo[-1].file_unique_id
    await photo.edit_caption("beter")
    assert [(heard.kind, heard.text) for heard in fatima.heard] == [
        ("document", "agenda"),
        ("photo", "beter"),
        ("voice", ""),
        ("photo", ""),
    ]
    assert fatima.heard[0].file["name"] == "inloop.ics"
    assert fatima.heard[2].seconds == 4


async def test_a_file_of_hers_can_be_fetched(bot: Bot, fatima: Any) -> None:
    fatima.sends("document", content=b"inhoud", name="brief.txt")
    message = (await bot.get_updates(offset=-1))[0].message
    assert message is not None
    assert message.document is not None
    assert await (await message.document.get_file()).download_as_bytearray() == b"inhoud"


async def test_places(bot: Bot, fatima: Any) -> None:
    venue = await bot.send_venue(FATIMA, 52.21, 5.97, "Bibliotheek", "Plein 1, Apeldoorn")
    point = await bot.send_location(FATIMA, 52.5, 6.5)
    assert venue.venue is not None
    assert venue.venue.title == "Bibliotheek"
    assert point.location is not None
    assert point.location.latitude == 52.5
    shown, bare = (heard.place for heard in fatima.heard)
    assert (shown.title, shown.address, shown.longitude) == ("Bibliotheek", "Plein 1, Apeldoorn", 5.97)
    assert (bare.title, bare.latitude) == ("", 52.5)


async def test_an_answer_to_a_message(bot: Bot, fatima: Any) -> None:
    asked = fatima.says("hoe dan?")
    answer = await bot.send_message(FATIMA, "zo", reply_parameters=ReplyParameters(asked.id))
    assert answer.reply_to_message is not None
    assert answer.reply_to_message.text == "hoe dan?"


async def test_a_tap(bot: Bot, fatima: Any) -> None:
    await bot.send_message(FATIMA, "x", reply_markup=BUTTONS)
    fatima.taps("Ja")
    query = (await bot.get_updates(offset=-1))[0].callback_query
    assert query is not None
    assert (query.data, query.from_user.id) == ("yes", FATIMA)
    assert query.message is not None
    assert query.message.is_accessible
    assert await query.answer("Goed zo")
    assert fatima.answers == [("Goed zo", False)]


async def test_a_tap_on_a_message_that_is_gone(bot: Bot, fatima: Any) -> None:
    fatima.forges("yes", message_id=12345)
    query = (await bot.get_updates(offset=-1))[0].callback_query
    assert query is not None
    assert query.message is not None
    assert not query.message.is_accessible


async def test_every_kind_of_message_can_be_read(bot: Bot, fatima: Any) -> None:
    kinds = ("photo", "voice", "sticker", "location", "contact", "poll", "document", "dice")
    kinds += ("video", "video_note", "audio", "animation")
    for kind in kinds:
        fatima.sends(kind)
    fatima.edits(fatima.says("teekst").id, "tekst")
    fatima.blocks()
    updates = await bot.get_updates()
    assert [update.update_id for update in updates] == list(range(1000, 1000 + len(kinds) + 4))
    messages = [update.message for update in updates if update.message]
    assert all(getattr(message, kind) for message, kind in zip(messages[1:], kinds, strict=False))
    assert updates[-2].edited_message is not None
    assert updates[-1].my_chat_member is not None
    assert updates[-1].my_chat_member.new_chat_member.status == "kicked"


async def test_what_the_bot_tells_of_itself(telegram: LocalTelegram, bot: Bot, fatima: Any) -> None:
    commands = [BotCommand("menu", "Alles op een rij"), BotCommand("stop", "Stoppen")]
    await bot.set_my_commands(commands, language_code="nl")
    await bot.set_my_commands(commands[:1], scope=BotCommandScopeChat(FATIMA))
    assert list(await bot.get_my_commands(language_code="nl")) == commands
    assert list(await bot.get_my_commands(scope=BotCommandScopeChat(FATIMA))) == commands[:1]
    await bot.delete_my_commands(language_code="nl")
    assert await bot.get_my_commands(language_code="nl") == ()
    await bot.set_my_name("Digihulp")
    await bot.set_my_description("Hulp bij apps", language_code="nl")
    await bot.set_my_short_description("Hulp")
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert telegram.profile.texts["description", "nl"] == "Hulp bij apps"
    assert await bot.send_chat_action(FATIMA, ChatAction.TYPING)


async def test_a_webhook_is_set_told_and_taken_away(telegram: LocalTelegram, bot: Bot, fatima: Any) -> None:
    await bot.set_webhook("http://127.0.0.1:9/hook", allowed_updates=["message"], secret_token="s", max_connections=3)
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections, info.allowed_updates) == ("http://127.0.0.1:9/hook", 3, ("message",))
    assert info.pending_update_count == 1
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook(drop_pending_updates=True)
    assert (await bot.get_webhook_info()).url == ""
    assert telegram.pending == 0


async def test_errors_have_their_own_classes(telegram: LocalTelegram, bot: Bot, fatima: Any) -> None:
    telegram.phone(1002, "Ans")
    with pytest.raises(BadRequest, match="Can't parse entities: unsupported start tag"):
        await bot.send_message(FATIMA, "<x>", "HTML")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(5, "x")
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(1002, "x")
    fatima.blocks()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(FATIMA, "x")


async def test_faults_have_their_own_classes(telegram: LocalTelegram, bot: Bot, fatima: Any) -> None:
    telegram.faults.add("429", method="sendMessage", retry_after=9)
    telegram.faults.add("500", method="sendMessage")
    telegram.faults.add("reset_after", method="sendMessage")
    telegram.faults.add("slow", method="sendMessage", seconds=0.3)
    with pytest.raises(RetryAfter, match="Retry in 9 seconds"):
        await bot.send_message(FATIMA, "x")
    with pytest.raises(NetworkError, match="Internal Server Error"):
        await bot.send_message(FATIMA, "x")
    with pytest.raises(NetworkError):
        await bot.send_message(FATIMA, "x")
    with pytest.raises(TimedOut):
        await bot.send_message(FATIMA, "x", read_timeout=0.1)
    assert len(fatima.heard) == 1
    assert [call.error for call in telegram.calls] == [
        "Too Many Requests: retry after 9",
        "Internal Server Error",
        None,
    ]


async def test_a_wrong_token_is_told(telegram: LocalTelegram) -> None:
    with pytest.raises(InvalidToken):
        await Bot("42:WRONG", f"{telegram.url}/bot").initialize()


async def test_a_second_poller_ends_the_first(telegram: LocalTelegram, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=10))
    await asyncio.sleep(0.1)
    async with Bot("42:TEST", f"{telegram.url}/bot") as other:
        assert await other.get_updates() == ()
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first


async def test_a_whole_application_polls_and_answers(telegram: LocalTelegram, fatima: Any) -> None:
    async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message
        assert context.args
        await update.message.reply_text(f"Welkom bij {context.args[0]}", reply_markup=BUTTONS)

    async def tapped(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query
        await update.callback_query.answer()
        await update.callback_query.edit_message_text("Fijn!")

    application = Application.builder().token("42:TEST").base_url(f"{telegram.url}/bot").build()
    application.add_handlers([CommandHandler("start", start), CallbackQueryHandler(tapped)])
    async with application:
        await application.start()
        assert application.updater
        await application.updater.start_polling(timeout=10)
        assert (await fatima.hears())[0].text == "Welkom bij vierstroom"
        fatima.taps("Ja")
        assert (await fatima.hears())[0].text == "Fijn!"
        await application.updater.stop()
        await application.stop()
    assert telegram.pending == 0
