"""The methods that write to people: each takes the chats and the parameters, and gives the result."""

from collections.abc import Callable
from typing import Any

from bot.demo import limits
from bot.demo.chats import Chat, Chats, Message, with_text
from bot.demo.entities import parse_html, trimmed, with_found
from bot.demo.errors import bad_request
from bot.demo.files import StoredFile, check_upload
from bot.demo.markup import Markup, read_markup
from bot.demo.parameters import Parameters
from bot.demo.phone import media_json

ACTIONS = (
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
)


def send_message(chats: Chats, given: Parameters) -> dict[str, Any]:
    content = _text_content(given)
    return _send(chats, given, content)


def send_photo(chats: Chats, given: Parameters) -> dict[str, Any]:
    return _send_file(chats, given, "photo")


def send_document(chats: Chats, given: Parameters) -> dict[str, Any]:
    return _send_file(chats, given, "document")


def send_voice(chats: Chats, given: Parameters) -> dict[str, Any]:
    return _send_file(chats, given, "voice")


def send_location(chats: Chats, given: Parameters) -> dict[str, Any]:
    return _send(chats, given, {"location": _location(given)})


def send_venue(chats: Chats, given: Parameters) -> dict[str, Any]:
    location = _location(given)
    title, address = given.text("title"), given.text("address")
    if not title:
        raise bad_request("title is empty")
    if not address:
        raise bad_request("address is empty")
    venue = {"location": location, "title": title, "address": address}
    return _send(chats, given, {"venue": venue, "location": location})


def send_chat_action(chats: Chats, given: Parameters) -> bool:
    if given.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = _chat(chats, given)
    chats.tell(chat, "typing")
    return True


def edit_message_text(chats: Chats, given: Parameters) -> dict[str, Any]:
    content, markup = _text_content(given), _inline_only(given)
    chat, message = _message_to_edit(chats, given)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return chats.message_json(chats.edit(chat, message, content, markup))


def edit_message_caption(chats: Chats, given: Parameters) -> dict[str, Any]:
    caption, markup = _caption(given), _inline_only(given)
    chat, message = _message_to_edit(chats, given)
    if message.sent_file is None:
        raise bad_request("there is no caption in the message to edit")
    rest = {name: value for name, value in message.content.items() if not name.startswith("caption")}
    return chats.message_json(chats.edit(chat, message, rest | caption, markup))


def edit_message_reply_markup(chats: Chats, given: Parameters) -> dict[str, Any]:
    markup = _inline_only(given)
    chat, message = _message_to_edit(chats, given)
    return chats.message_json(chats.edit(chat, message, message.content, markup))


def delete_message(chats: Chats, given: Parameters) -> bool:
    if not given.text("chat_id"):
        raise bad_request("chat identifier is not specified")
    if not given.number("message_id"):
        raise bad_request("message identifier is not specified")
    chat = _chat(chats, given)
    message = _message(chat, given, "delete")
    if not _can_be_deleted(chats, message):
        raise bad_request("message can't be deleted for everyone")
    chats.delete(chat, message)
    return True


def answer_callback_query(chats: Chats, given: Parameters) -> bool:
    text = given.text("text")
    if len(text) not in limits.CALLBACK_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    chats.answer(given.text("callback_query_id"), text, given.flag("show_alert"))
    return True


def get_file(chats: Chats, given: Parameters) -> dict[str, Any]:
    if not given.text("file_id"):
        raise bad_request("file_id not specified")
    stored = chats.files.with_id(given.text("file_id"))
    if stored is None:
        raise bad_request("invalid file_id")
    if stored.size > limits.DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
        "file_path": stored.path,
    }


Method = Callable[[Chats, Parameters], dict[str, Any] | bool]
PACED: dict[str, Method] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendVoice": send_voice,
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
}
"""Those that count for the pace."""
UNPACED: dict[str, Method] = {
    "sendChatAction": send_chat_action,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback_query,
    "getFile": get_file,
}


def _chat(chats: Chats, given: Parameters) -> Chat:
    if not given.text("chat_id"):
        raise bad_request("chat_id is empty")
    if given.chat_id is None:
        raise bad_request("chat not found")
    return chats.chat_for_bot(given.chat_id)


def _send(
    chats: Chats, given: Parameters, content: dict[str, Any], sent_file: StoredFile | None = None
) -> dict[str, Any]:
    markup = read_markup(given.json("reply_markup"))
    chat = _chat(chats, given)
    reply_to = _reply_to(chat, given)
    return chats.message_json(chats.send(chat, content, markup, sent_file=sent_file, reply_to=reply_to))


def _reply_to(chat: Chat, given: Parameters) -> int | None:
    wanted = given.json("reply_parameters")
    if not isinstance(wanted, dict):
        return None
    answered = wanted.get("message_id")
    if isinstance(answered, int) and answered in chat.messages:
        return answered
    if wanted.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _send_file(chats: Chats, given: Parameters, kind: str) -> dict[str, Any]:
    caption = _caption(given)
    read_markup(given.json("reply_markup"))
    _chat(chats, given)  # refused here and not below, so that no file is kept that cannot be sent
    stored = _file(chats, given, kind)
    upload = stored.as_upload()
    described = media_json(kind, stored.id, stored.unique_id, upload, seconds=given.number("duration"))
    return _send(chats, given, {kind: described} | caption, stored)


def _file(chats: Chats, given: Parameters, kind: str) -> StoredFile:
    """The file: uploaded under its own name or another ("attach://other"), or sent before, by its id."""
    named = given.text(kind)
    upload = given.uploads.get(named.removeprefix("attach://") if named else kind)
    if upload:
        check_upload(kind, upload)
        return chats.files.keep(kind, upload)
    if not named:
        raise bad_request(f"there is no {kind} in the request")
    if named.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    stored = chats.files.with_id(named)
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if stored.kind != kind:
        raise bad_request(f"can't use file of type {stored.kind.title()} as {kind.title()}")
    return stored


def _text_content(given: Parameters) -> dict[str, Any]:
    text = given.text("text")
    if not text:
        raise bad_request("message text is empty")
    read, entities = _formatted(text, given.text("parse_mode"), given.json("entities"))
    if not read:
        raise bad_request("text must be non-empty")
    if len(read) > limits.TEXT.most:
        raise bad_request("message is too long")
    return with_text(read, entities)


def _caption(given: Parameters) -> dict[str, Any]:
    written = given.text("caption"), given.text("parse_mode"), given.json("caption_entities")
    caption, entities = _formatted(*written)
    if len(caption) not in limits.CAPTION:
        raise bad_request("message caption is too long")
    return with_text(caption, entities, "caption")


def _formatted(text: str, parse_mode: str, given: Any) -> tuple[str, list[dict[str, Any]]]:
    if len(text.encode()) > limits.RAW_TEXT_BYTES:
        raise bad_request("text is too long")
    entities = given if isinstance(given, list) else []
    match parse_mode.lower():
        case "html":
            text, entities = parse_html(text)
        case "markdown" | "markdownv2":
            raise bad_request("the local Telegram reads HTML only, not Markdown")
        case mode if mode not in ("", "none"):
            raise bad_request("unsupported parse_mode")
    text, entities = trimmed(text.replace("\r", ""), entities)
    return text, with_found(text, entities)


def _location(given: Parameters) -> dict[str, float]:
    latitude, longitude = given.real("latitude"), given.real("longitude")
    if latitude is None:
        raise bad_request("latitude is empty")
    if longitude is None:
        raise bad_request("longitude is empty")
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise bad_request("wrong location specified")
    return {"latitude": latitude, "longitude": longitude}


def _inline_only(given: Parameters) -> Markup | None:
    markup = read_markup(given.json("reply_markup"))
    if markup and markup.kind != "inline":
        raise bad_request("inline keyboard expected")
    return markup


def _message_to_edit(chats: Chats, given: Parameters) -> tuple[Chat, Message]:
    if not given.text("chat_id") and not given.number("message_id"):
        raise bad_request("message identifier is not specified")
    chat = _chat(chats, given)
    message = _message(chat, given, "edit")
    if not message.is_bot or (message.markup and message.markup.kind != "inline"):
        raise bad_request("message can't be edited")
    return chat, message


def _message(chat: Chat, given: Parameters, purpose: str) -> Message:
    message = chat.messages.get(given.number("message_id"))
    if message is None:
        raise bad_request(f"message to {purpose} not found")
    return message


def _can_be_deleted(chats: Chats, message: Message) -> bool:
    """Younger than 48 hours; a dice only once it is older than 24 hours."""
    age = (chats.now() - message.date).total_seconds()
    if "dice" in message.content and age < limits.DICE_SECONDS:
        return False
    return age <= limits.DELETABLE_SECONDS
