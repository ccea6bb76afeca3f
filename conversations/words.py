"""Sentences as values: written once in English, put into the reader's language when they are sent.

A sentence is literal inside `_()`; what changes in it is a named value. Whoever renders it decides the
language, so a sentence can wait in a plan or a test without belonging to anybody yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

Value: TypeAlias = "str | int | Clock | Day | Hours | Words"


@dataclass(frozen=True)
class Day:
    """A moment to be shown as a date in the reader's language: "Tuesday 24 November"."""

    at: datetime


@dataclass(frozen=True)
class Clock:
    """A time of day: "14:00"."""

    hour: int
    minute: int = 0


@dataclass(frozen=True)
class Hours:
    """A span of one day to be shown as clock times: "14:00 - 16:00"."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Words:
    """One sentence to translate. `**...**` marks what is bold; `{name}` is filled from `values`."""

    text: str
    plural: str = ""
    count: int | None = None
    values: Mapping[str, Value] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.text, self.plural, self.count))


@dataclass(frozen=True)
class Plain:
    """Text that is in its reader's language already (an answer, a name). May hold `**bold**`."""

    text: str


@dataclass(frozen=True)
class Listed:
    """A few short sentences that belong together, each on a line of its own."""

    lines: tuple[Words | Plain, ...]


Paragraph: TypeAlias = Words | Plain | Listed


def _(text: str, **values: Value) -> Words:
    return Words(text, values=values)


def ngettext(one: str, many: str, count: int, **values: Value) -> Words:
    """A sentence with a number in it; the rendered text may use `{count}`."""
    return Words(one, many, count, {"count": count, **values})


# How a span of one day reads.
SPAN = _("{start} - {end}")
