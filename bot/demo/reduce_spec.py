"""Cuts the Bot API's description down to what the local Telegram speaks.

    python -m bot.demo.reduce_spec FULL.json bot/demo/bot-api-10.0.json

FULL.json is `api.json` of github.com/PaulSonOfLars/telegram-bot-api-spec (MIT licence) at the version wanted.
"""

import json
import sys
from pathlib import Path
from typing import Any

METHODS = (
    "getMe",
    "getUpdates",
    "setWebhook",
    "deleteWebhook",
    "getWebhookInfo",
    "sendMessage",
    "sendPhoto",
    "sendDocument",
    "sendVoice",
    "sendLocation",
    "sendVenue",
    "sendChatAction",
    "editMessageText",
    "editMessageCaption",
    "editMessageReplyMarkup",
    "deleteMessage",
    "answerCallbackQuery",
    "setMyCommands",
    "getMyCommands",
    "deleteMyCommands",
    "setMyName",
    "setMyDescription",
    "setMyShortDescription",
    "setChatMenuButton",
    "getFile",
)
TYPES = (
    "BotCommand",
    "CopyTextButton",
    "ForceReply",
    "InlineKeyboardButton",
    "KeyboardButton",
    "ReplyKeyboardMarkup",
    "Update",
    "WebhookInfo",
)


def reduced(full: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": full["version"],
        "release_date": full["release_date"],
        "changelog": full["changelog"],
        "methods": {name: full["methods"][name] for name in METHODS},
        "types": {name: full["types"][name] for name in TYPES},
    }


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    target.write_text(json.dumps(reduced(json.loads(source.read_text())), indent=1, ensure_ascii=False) + "\n")
