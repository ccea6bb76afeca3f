"""The limits Telegram keeps, read from its own description of the Bot API and not from memory."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SPEC: dict[str, Any] = json.loads((Path(__file__).parent / "bot-api-10.0.json").read_text())
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Span:
    """From `least` to `most`, both allowed."""

    least: int
    most: int

    def __contains__(self, size: int) -> bool:
        return self.least <= size <= self.most

    def clamp(self, value: int) -> int:
        return max(self.least, min(self.most, value))


def field_types(method: str) -> dict[str, tuple[str, ...]]:
    """The parameters of a method and the types each may have: {"chat_id": ("Integer", "String")}."""
    fields = SPEC["methods"][method].get("fields", [])
    return {field["name"]: tuple(field["types"]) for field in fields}


def description(owner: str, field: str = "") -> str:
    """What the spec says of a method or type, or of one of its fields."""
    found = SPEC["methods"].get(owner) or SPEC["types"][owner]
    if not field:
        return " ".join(found["description"])
    return next(str(each["description"]) for each in found["fields"] if each["name"] == field)


def _span(owner: str, field: str) -> Span:
    found = re.search(r"(\d+)-(\d+)", description(owner, field))
    if not found:
        raise LookupError(f"the Bot API's description of {owner}.{field} names no span")
    return Span(int(found[1]), int(found[2]))


def _number(pattern: str, owner: str, field: str = "") -> int:
    found = re.search(pattern, description(owner, field))
    if not found:
        raise LookupError(f"the Bot API's description of {owner} has nothing like {pattern}")
    return int(found[1])


def _characters(owner: str, field: str) -> str:
    """The regular expression for "characters A-Z, a-z, 0-9, _ and - are allowed"."""
    found = re.search(r"Only characters ([^.]+) are allowed", description(owner, field))
    if not found:
        raise LookupError(f"the Bot API's description of {owner}.{field} names no characters")
    return "[" + found[1].replace(" and ", ", ").replace(", ", "") + "]"


TEXT = _span("sendMessage", "text")
CAPTION = _span("sendPhoto", "caption")
CALLBACK_DATA_BYTES = _span("InlineKeyboardButton", "callback_data")
CALLBACK_ANSWER = _span("answerCallbackQuery", "text")
COPY_TEXT = _span("CopyTextButton", "text")
PLACEHOLDER = _span("ReplyKeyboardMarkup", "input_field_placeholder")
UPDATES = _span("getUpdates", "limit")
WEBHOOK_CONNECTIONS = _span("setWebhook", "max_connections")
WEBHOOK_CONNECTIONS_DEFAULT = _number(r"Defaults to (\d+)", "setWebhook", "max_connections")
SECRET_TOKEN = _span("setWebhook", "secret_token")
SECRET_TOKEN_CHARACTER = _characters("setWebhook", "secret_token")
COMMAND = _span("BotCommand", "command")
COMMAND_DESCRIPTION = _span("BotCommand", "description")
COMMANDS = _number(r"At most (\d+)", "setMyCommands", "commands")
BOT_NAME = _span("setMyName", "name")
BOT_DESCRIPTION = _span("setMyDescription", "description")
BOT_SHORT_DESCRIPTION = _span("setMyShortDescription", "short_description")
UPLOAD_BYTES = _number(r"(\d+) MB", "sendDocument") * MEGABYTE
PHOTO_BYTES = _number(r"(\d+) MB", "sendPhoto", "photo") * MEGABYTE
PHOTO_SIDES = _number(r"not exceed (\d+)", "sendPhoto", "photo")
PHOTO_RATIO = _number(r"ratio must be at most (\d+)", "sendPhoto", "photo")
DOWNLOAD_BYTES = _number(r"(\d+)MB", "getFile") * MEGABYTE
DELETABLE_SECONDS = _number(r"less than (\d+) hours", "deleteMessage") * 3600
DICE_SECONDS = _number(r"dice message.*more than (\d+) hours", "deleteMessage") * 3600

# Not in the description; from Telegram's source and from what its server was seen to do.
BUTTONS = 100
RAW_TEXT_BYTES = 1 << 15
LONG_POLL_SECONDS = 50
MESSAGE_UPDATE_SECONDS = 24 * 3600
CALLBACK_UPDATE_SECONDS = 150
