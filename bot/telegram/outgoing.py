"""From a letter to the exact calls of the Bot API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    KeyboardButton,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
)
from telegram.constants import ParseMode

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True)
class Call:
    """A method of `telegram.Bot` and its arguments."""

    method: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


def call(letter: Mapping[str, Any], chat: int) -> Call:
    match letter:
        case {"calendar": {"name": name, "text": text}}:
            file = InputFile(text.encode(), filename=name)
            return Call("send_document", {"chat_id": chat, "document": file})
        case {"map": {"latitude": latitude, "longitude": longitude, "name": name, "address": address}}:
            spot = {"latitude": latitude, "longitude": longitude, "title": name, "address": address}
            return Call("send_venue", {"chat_id": chat, **spot})
        case {"delete": int(message)}:
            return Call("delete_message", {"chat_id": chat, "message_id": message})
        case {"edit": int(message), "text": str(text)}:
            body = _body(text) | {"reply_markup": _inline(letter.get("rows", []))}
            return Call("edit_message_text", {"chat_id": chat, "message_id": message, **body})
        case {"text": str(text)}:
            return Call("send_message", {"chat_id": chat, **_body(text), "reply_markup": _markup(letter)})
    raise ValueError("a letter without anything to send")


def without_edit(letter: Mapping[str, Any]) -> dict[str, Any]:
    """The same letter as a new message, for when the old one can no longer be changed."""
    return {key: value for key, value in letter.items() if key != "edit"}


def _body(text: str) -> dict[str, Any]:
    return {"text": text, "parse_mode": ParseMode.HTML, "link_preview_options": NO_PREVIEW}


def _markup(letter: Mapping[str, Any]) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    if rows := letter.get("rows"):
        return _inline(rows)
    if menu := letter.get("menu"):
        keys = [[KeyboardButton(label) for label in row] for row in menu["rows"]]
        return ReplyKeyboardMarkup(
            keys, resize_keyboard=True, is_persistent=True, input_field_placeholder=menu["placeholder"]
        )
    return None


def _inline(rows: list[list[Mapping[str, str]]]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in rows])


def _button(button: Mapping[str, str]) -> InlineKeyboardButton:
    if "url" in button:
        return InlineKeyboardButton(button["label"], url=button["url"])
    return InlineKeyboardButton(button["label"], callback_data=button["tap"])
