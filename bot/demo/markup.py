"""Keyboards: read from `reply_markup`, checked as Telegram checks them, and shaped for a phone."""

from dataclasses import dataclass
from typing import Any, Literal

from bot.demo import limits
from bot.demo.entities import is_link
from bot.demo.errors import ApiError, bad_request

Rows = tuple[tuple[dict[str, Any], ...], ...]
Kind = Literal["inline", "keyboard", "remove", "force_reply"]
STYLES = ("danger", "success", "primary")


@dataclass(frozen=True)
class Markup:
    """`rows` hold the buttons as the Bot API writes them; `options` is the rest of the object."""

    kind: Kind
    rows: Rows
    options: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {"inline_keyboard": [list(row) for row in self.rows]}


@dataclass(frozen=True)
class Button:
    """A button under a message. One of the last three says what it does; none where this phone cannot."""

    text: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {"text": self.text, "data": self.data, "url": self.url, "copy": self.copy}


@dataclass(frozen=True)
class Key:
    """A key of the keyboard below the chat; `request` is "contact" or "location" if pressing it sends that."""

    text: str
    request: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {"text": self.text, "request": self.request}


@dataclass(frozen=True)
class Keyboard:
    """`message` is the one that brought it: when that is deleted, the keyboard goes too."""

    rows: tuple[tuple[Key, ...], ...]
    message: int
    persistent: bool = False
    one_time: bool = False
    placeholder: str = ""

    def all_keys(self) -> list[Key]:
        return [key for row in self.rows for key in row]

    def as_json(self) -> dict[str, Any]:
        rows = [[key.as_json() for key in row] for row in self.rows]
        return {"rows": rows, "persistent": self.persistent, "placeholder": self.placeholder}


def read_markup(written: Any) -> Markup | None:
    """None where there is none, or an empty one."""
    if written in (None, ""):
        return None
    if not isinstance(written, dict):
        raise bad_request("object expected as reply markup")
    if keyboard := _rows(written, "keyboard"):
        return _read_keyboard(keyboard, written)
    if inline := _rows(written, "inline_keyboard"):
        return _read_inline(inline)
    if written.get("remove_keyboard"):
        return Markup("remove", (), {})
    if written.get("force_reply"):
        _check_placeholder(written)
        return Markup("force_reply", (), written)
    return None


def _rows(written: dict[str, Any], field: str) -> list[list[Any]]:
    rows = written.get(field) or []
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        owner = "" if field == "keyboard" else " of the InlineKeyboardMarkup"
        raise bad_request(f'field "{field}"{owner} must be an Array of Arrays')
    return [row for row in rows if row]


def _check_placeholder(written: dict[str, Any]) -> None:
    placeholder = written.get("input_field_placeholder")
    if placeholder and len(placeholder) not in limits.PLACEHOLDER:
        raise bad_request("REPLY_MARKUP_PLACEHOLDER_INVALID")


def _read_keyboard(rows: list[list[Any]], written: dict[str, Any]) -> Markup:
    _check_placeholder(written)
    return Markup("keyboard", tuple(tuple(_read_key(key) for key in row) for row in rows), written)


def _read_key(key: Any) -> dict[str, Any]:
    if isinstance(key, str):
        key = {"text": key}
    if not isinstance(key, dict):
        raise bad_request("can't parse keyboard button: KeyboardButton must be a String or an Object")
    if not isinstance(key.get("text"), str):
        raise bad_request("can't parse keyboard button: Can't find field \"text\"")
    _check_style(key, "keyboard button")
    if not key["text"].strip():
        raise bad_request("keyboard button text must be non-empty")
    return key


def _read_inline(rows: list[list[Any]]) -> Markup:
    read = tuple(tuple(_read_button(button) for button in row) for row in rows)
    if sum(map(len, read)) > limits.BUTTONS:
        raise bad_request("reply markup is too long")
    return Markup("inline", read, {})


def _read_button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise _unparsable("InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise _unparsable('Can\'t find field "text"')
    _check_style(button, "inline keyboard button")
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    return {"text": button["text"], **_what_it_does(button)}


def _check_style(button: dict[str, Any], what: str) -> None:
    style = button.get("style")
    if style and style not in STYLES:
        raise bad_request(f"can't parse {what}: invalid button style specified")


def _what_it_does(button: dict[str, Any]) -> dict[str, Any]:
    style = {"style": button["style"]} if button.get("style") else {}
    if url := button.get("url"):
        if not is_link(url):
            raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
        return {"url": url, **style}
    if data := button.get("callback_data"):
        if len(str(data).encode()) not in limits.CALLBACK_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
        return {"callback_data": str(data), **style}
    if isinstance(button.get("copy_text"), dict):
        if len(button["copy_text"].get("text", "")) not in limits.COPY_TEXT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
        return {"copy_text": {"text": button["copy_text"]["text"]}, **style}
    for field in ("switch_inline_query", "switch_inline_query_current_chat", "web_app", "login_url"):
        if field in button:
            return {field: button[field], **style}
    raise _unparsable("Text buttons are unallowed in the inline keyboard")


def _unparsable(why: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {why}")


def buttons_of(markup: Markup | None) -> tuple[tuple[Button, ...], ...]:
    if markup is None:
        return ()
    return tuple(
        tuple(
            Button(
                button["text"],
                button.get("callback_data"),
                button.get("url"),
                button.get("copy_text", {}).get("text"),
            )
            for button in row
        )
        for row in markup.rows
    )


def keyboard_of(markup: Markup, message: int) -> Keyboard:
    def key(written: dict[str, Any]) -> Key:
        request = next((each for each in ("contact", "location") if written.get(f"request_{each}")), None)
        return Key(written["text"], request)

    return Keyboard(
        tuple(tuple(key(each) for each in row) for row in markup.rows),
        message,
        bool(markup.options.get("is_persistent")),
        bool(markup.options.get("one_time_keyboard")),
        markup.options.get("input_field_placeholder") or "",
    )
