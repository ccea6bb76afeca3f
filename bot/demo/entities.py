"""Telegram's formatted text: HTML in, plain text with entities out, and safe HTML for the page.

The parser follows `parse_html` in td/telegram/MessageEntity.cpp of github.com/tdlib/td; its errors are the same.
Offsets and lengths of entities count UTF-16 units; offsets in errors count bytes.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.demo.errors import bad_request

Entity = dict[str, Any]

_KIND_OF_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_CHARACTER = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-zA-Z]+));?")
_NAMED_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME = re.compile(r"""[^\s=>/"']*""")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_SPACE = re.compile(r"\s*")
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,:;!?)]")
_COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,64}")


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@dataclass
class _OpenTag:
    name: str
    attributes: dict[str, str]
    offset: int
    begins_at: int


@dataclass
class _Reader:
    """Reads `source` from left to right; `at` is where it is."""

    source: str
    at: int = 0
    plain: str = ""
    units: int = 0
    open_tags: list[_OpenTag] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def read(self) -> None:
        while self.at < len(self.source):
            if self.source.startswith("</", self.at):
                self._end_tag()
            elif self.source[self.at] == "<":
                self._start_tag()
            else:
                self._add(self._character())
        if self.open_tags:
            name = self.open_tags[-1].name
            raise _cannot_parse(f'Can\'t find end tag corresponding to start tag "{name}"')

    def _add(self, character: str) -> None:
        self.plain += character
        self.units += utf16_length(character)

    def _character(self) -> str:
        found = _CHARACTER.match(self.source, self.at)
        decoded = _decoded(found) if found else ""
        if found and decoded:
            self.at = found.end()
            return decoded
        self.at += 1
        return self.source[self.at - 1]

    def _skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.source, self.at)
        assert found  # every pattern here matches the empty string
        self.at = found.end()
        return found[0]

    def _here(self) -> str:
        """The character to be read next; empty at the end."""
        return self.source[self.at : self.at + 1]

    def _byte(self, index: int) -> int:
        return len(self.source[:index].encode())

    def _start_tag(self) -> None:
        begin = self._byte(self.at)
        self.at += 1
        name = self._skip(_TAG_NAME).lower()
        if not self._here():
            raise _cannot_parse(f"Unclosed start tag at byte offset {begin}")
        if name not in _KIND_OF_TAG:
            raise _cannot_parse(f'Unsupported start tag "{name}" at byte offset {begin}')
        attributes = self._attributes(name, begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _cannot_parse(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.open_tags.append(_OpenTag(name, attributes, self.units, len(self.plain)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            self._skip(_SPACE)
            if self._here() == ">":
                self.at += 1
                return attributes
            name = self._skip(_ATTRIBUTE_NAME)
            if not name and self._here():
                raise _cannot_parse(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
            self._skip(_SPACE)
            attributes[name] = self._attribute_value() if self._here() == "=" else ""
            if not self._here():
                raise _cannot_parse(f'Unclosed start tag "{tag}" at byte offset {begin}')

    def _attribute_value(self) -> str:
        self.at += 1
        self._skip(_SPACE)
        quote = self._here()
        if quote not in ("'", '"'):
            return self._name_token()
        self.at += 1
        value = ""
        while self._here() not in ("", quote):
            value += self._character()
        self.at += 1
        return value

    def _name_token(self) -> str:
        begin = self._byte(self.at)
        token = self._skip(_NAME_TOKEN).lower()
        if self._here() and not self._here().isspace() and self._here() != ">":
            raise _cannot_parse(f"Unexpected end of name token at byte offset {begin}")
        return token

    def _end_tag(self) -> None:
        begin = self._byte(self.at)
        if not self.open_tags:
            raise _cannot_parse(f"Unexpected end tag at byte offset {begin}")
        self.at += 2
        name = self._skip(_TAG_NAME).lower()
        self._skip(_SPACE)
        if self._here() != ">":
            raise _cannot_parse(f"Unclosed end tag at byte offset {begin}")
        self.at += 1
        opened = self.open_tags.pop()
        if name and name != opened.name:
            raise _cannot_parse(
                f'Unmatched end tag at byte offset {begin}, expected "</{opened.name}>", found "</{name}>"'
            )
        if self.units > opened.offset:
            self._add_entity(opened)

    def _add_entity(self, tag: _OpenTag) -> None:
        entity = {"type": _KIND_OF_TAG[tag.name], "offset": tag.offset, "length": self.units - tag.offset}
        if tag.name == "a":
            url = tag.attributes.get("href") or self.plain[tag.begins_at :]
            if not is_link(url):
                return
            entity["url"] = url
        elif tag.name == "blockquote" and "expandable" in tag.attributes:
            entity["type"] = "expandable_blockquote"
        elif tag.name == "tg-emoji":
            entity["custom_emoji_id"] = _emoji_id(tag.attributes.get("emoji-id", ""))
        elif tag.name in ("pre", "code") and self._joins_code(tag, entity):
            return
        self.entities.append(entity)

    def _joins_code(self, tag: _OpenTag, entity: Entity) -> bool:
        """Whether it makes one `pre` with a language out of a `pre` and a `code` around the same text."""
        language = tag.attributes.get("class", "").removeprefix("language-")
        before = self.entities[-1] if self.entities else {}
        same = (before.get("offset"), before.get("length")) == (entity["offset"], entity["length"])
        if tag.name == "code":
            if language:
                entity["language"] = language
            return False
        if same and before.get("type") == "code" and before.get("language"):
            before["type"] = "pre"
            return True
        return False


def _decoded(found: re.Match[str]) -> str:
    """What a character reference stands for; empty where Telegram leaves it as it is."""
    hexadecimal, decimal, name = found.groups()
    if name:
        return _NAMED_CHARACTERS.get(name, "")
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    digits = len(found[0].rstrip(";"))
    surrogate = 0xD800 <= code <= 0xDFFF
    return "" if code == 0 or code >= 0x10FFFF or digits >= 10 or surrogate else chr(code)


def _emoji_id(written: str) -> str:
    if not written.isdigit() or int(written) == 0:
        raise _cannot_parse("Invalid custom emoji identifier specified")
    return written


def _cannot_parse(why: str) -> Exception:
    return bad_request(f"can't parse entities: {why}")


def is_link(url: str) -> bool:
    """Whether Telegram makes a link of it: tg://..., mailto:..., or a web address with a dot in its host."""
    if re.match(r"(tg|mailto|tel):\S", url, re.IGNORECASE):
        return True
    found = re.match(r"(?:https?://)?(?:[^/@\s]*@)?([^/:?#\s]+)(?::\d+)?(?:[/?#]\S*)?$", url, re.IGNORECASE)
    return bool(found and "." in found[1].strip("."))


def parse_html(source: str) -> tuple[str, list[Entity]]:
    reader = _Reader(source)
    reader.read()
    for entity in reader.entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return reader.plain, reader.entities


def trimmed(text: str, entities: Sequence[Entity]) -> tuple[str, list[Entity]]:
    """Without white space around it, as Telegram keeps it, the entities moved along."""
    start = utf16_length(text) - utf16_length(text.lstrip())
    text = text.strip()
    end = utf16_length(text)
    kept = []
    for entity in entities:
        first = max(0, entity["offset"] - start)
        last = min(end, entity["offset"] + entity["length"] - start)
        if last > first:
            kept.append(entity | {"offset": first, "length": last - first})
    return text, in_order(kept)


def in_order(entities: Sequence[Entity]) -> list[Entity]:
    """From left to right, outer before inner."""
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def found_in(text: str) -> list[Entity]:
    """The commands and web addresses Telegram finds by itself."""
    kinds = (("bot_command", _COMMAND), ("url", _LINK))
    return [
        {"type": kind, "offset": utf16_length(text[: each.start()]), "length": utf16_length(each[0])}
        for kind, pattern in kinds
        for each in pattern.finditer(text)
    ]


def with_found(text: str, entities: Sequence[Entity]) -> list[Entity]:
    """The given entities, and those found where none of the given is."""
    free = [
        found
        for found in found_in(text)
        if not any(
            given["offset"] < found["offset"] + found["length"] and found["offset"] < given["offset"] + given["length"]
            for given in entities
        )
    ]
    return in_order([*entities, *free])


_HTML_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}


def to_html(text: str, entities: Sequence[Entity]) -> str:
    """Safe HTML for the page: the tags b i u s code pre blockquote a br, and everything else escaped."""
    units = text.encode("utf-16-le")
    return _rendered(units, 0, len(units) // 2, in_order(entities))


def _rendered(units: bytes, start: int, end: int, entities: Sequence[Entity]) -> str:
    pieces = []
    waiting = list(entities)
    while waiting:
        outer = waiting.pop(0)
        first, last = outer["offset"], min(end, outer["offset"] + outer["length"])
        if first < start or last <= first:
            continue
        inner = [each for each in waiting if each["offset"] < last]
        waiting = waiting[len(inner) :]
        opening, closing = _tags(outer, _plain(units, first, last))
        pieces += [_escaped(units, start, first), opening, _rendered(units, first, last, inner), closing]
        start = last
    return "".join([*pieces, _escaped(units, start, end)])


def _tags(entity: Entity, text: str) -> tuple[str, str]:
    if entity["type"] in ("text_link", "url"):
        address = entity.get("url", text)
        if re.match(r"(https?://|mailto:|tel:)", address, re.IGNORECASE):
            return f'<a href="{html.escape(address)}" target="_blank" rel="noopener noreferrer">', "</a>"
    tag = _HTML_TAGS.get(entity["type"], "")
    return (f"<{tag}>", f"</{tag}>") if tag else ("", "")


def _plain(units: bytes, start: int, end: int) -> str:
    return units[2 * start : 2 * end].decode("utf-16-le", errors="replace")


def _escaped(units: bytes, start: int, end: int) -> str:
    return html.escape(_plain(units, start, end)).replace("\n", "<br>")
