"""What the bot tells of itself: its commands, names and descriptions."""

import re
from typing import Any

from bot.demo import limits
from bot.demo.errors import bad_request
from bot.demo.limits import Span
from bot.demo.parameters import Parameters

Key = tuple[str, str]
"""Whom it is for, such as "default" or "chat 1001", and in which language; "" for all others."""


class Profile:
    def __init__(self) -> None:
        self.commands: dict[Key, list[dict[str, str]]] = {}
        self.texts: dict[Key, str] = {}
        self.menu_buttons: dict[int | None, dict[str, Any]] = {}

    def set_commands(self, given: Parameters) -> bool:
        commands = given.json("commands")
        if not isinstance(commands, list):
            raise bad_request("expected an Array of BotCommand")
        if len(commands) > limits.COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self.commands[_key(given)] = [_command(command) for command in commands]
        return True

    def get_commands(self, given: Parameters) -> list[dict[str, str]]:
        return self.commands.get(_key(given), [])

    def delete_commands(self, given: Parameters) -> bool:
        self.commands.pop(_key(given), None)
        return True

    def set_name(self, given: Parameters) -> bool:
        return self._set_text(given, "name", limits.BOT_NAME)

    def set_description(self, given: Parameters) -> bool:
        return self._set_text(given, "description", limits.BOT_DESCRIPTION)

    def set_short_description(self, given: Parameters) -> bool:
        return self._set_text(given, "short_description", limits.BOT_SHORT_DESCRIPTION)

    def _set_text(self, given: Parameters, field: str, span: Span) -> bool:
        text = given.text(field)
        if len(text) not in span:
            raise bad_request(f"BOT_{field.upper()}_TOO_LONG")
        self.texts[field, _language(given)] = text
        return True

    def set_menu_button(self, given: Parameters) -> bool:
        button = given.json("menu_button") or {"type": "default"}
        if not isinstance(button, dict) or button.get("type") not in ("default", "commands", "web_app"):
            raise bad_request("can't parse menu button: MenuButton has unsupported type")
        self.menu_buttons[given.number("chat_id") or None] = button
        return True


def _key(given: Parameters) -> Key:
    scope = given.json("scope") or {"type": "default"}
    if not isinstance(scope, dict) or "type" not in scope:
        raise bad_request("can't parse BotCommandScope: expected an Object")
    return " ".join(str(value) for value in scope.values()), _language(given)


def _language(given: Parameters) -> str:
    code = given.text("language_code")
    if code and not re.fullmatch("[a-z]{2}", code):
        raise bad_request("invalid language code specified")
    return code


def _command(written: Any) -> dict[str, str]:
    if not isinstance(written, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    command, description = (str(written.get(field, "")) for field in ("command", "description"))
    command = command.removeprefix("/")
    if len(command) not in limits.COMMAND or not re.fullmatch("[a-z0-9_]+", command):
        raise bad_request("BOT_COMMAND_INVALID")
    if len(description) not in limits.COMMAND_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command, "description": description}
