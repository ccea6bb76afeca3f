"""What the bot itself says in Dutch: each phrase, and where translators find it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from bot.content.answers import DUTCH
from bot.shipped import shipped

TRANSLATION = re.compile(r"msgstr\b")


@dataclass(frozen=True)
class Phrase:
    """One form of a sentence. `english` are its one or two forms in the code."""

    english: tuple[str, ...]
    dutch: str
    path: Path
    line: int


def read_phrases(folder: Path | None = None) -> list[Phrase]:
    """From what translators edit; where only the compiled translations are shipped, from those (line 1)."""
    path = (folder or shipped("locales") / DUTCH / "LC_MESSAGES") / "messages.po"
    if path.exists():
        lines = path.read_text(encoding="utf-8").splitlines()
        with path.open("rb") as file:
            return [phrase for message in read_po(file, locale=DUTCH) for phrase in _forms(message, path, lines)]
    with path.with_suffix(".mo").open("rb") as file:
        return [phrase for message in read_mo(file) for phrase in _forms(message, path.with_suffix(".mo"), ())]


def _forms(message: Message, path: Path, lines: Sequence[str]) -> Iterator[Phrase]:
    if not message.id:
        return  # the head of the file
    english, dutch = _tupled(message.id), _tupled(message.string or "")
    first = (message.lineno or 1) - 1
    places = [number for number, line in enumerate(lines[first:], first + 1) if TRANSLATION.match(line)][: len(dutch)]
    for number, text in enumerate(dutch):
        yield Phrase(english, text, path, places[number] if places else 1)


def _tupled(text: str | Sequence[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)
