"""What a conversation answers: the person as she now is, what is said, and what has happened."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from conversations.facts import Fact
from conversations.people import Person
from conversations.turns import Tap
from conversations.words import Paragraph, Plain, Words
from conversations.world import Place, Session


@dataclass(frozen=True)
class Share:
    """A link to send on to somebody of her choice, with words to go with it."""

    link: str
    words: Words


@dataclass(frozen=True)
class Button:
    """`does` is a tap, something to share, or the address of a page to open."""

    label: Words | Plain
    does: Tap | Share | str


@dataclass(frozen=True)
class CalendarFile:
    session: Session


@dataclass(frozen=True)
class Map:
    place: Place


Row: TypeAlias = tuple[Button, ...]


def in_rows(buttons: Sequence[Button], of: int = 2) -> list[Button | Row]:
    """So many beside each other."""
    return [tuple(buttons[i : i + of]) for i in range(0, len(buttons), of)]


@dataclass(frozen=True)
class Message:
    """One message: paragraphs, one blank line between them, and rows of buttons below.

    `in_place` puts it where the tapped button was. `menu` lays the big buttons of the menu below the chat. With a
    `name` it takes the place of the message of that name which she was sent last. `language`: instead of hers.
    """

    paragraphs: tuple[Paragraph, ...]
    rows: tuple[Row, ...] = ()
    in_place: bool = False
    menu: bool = False
    attached: CalendarFile | Map | None = None
    name: str = ""
    language: str = ""


@dataclass(frozen=True)
class Push:
    """What is said was not asked for just now. It waits for the end of her quiet hours, unless that is too late."""

    expires_at: datetime


@dataclass(frozen=True)
class Reply:
    person: Person
    says: tuple[Message, ...] = ()
    happened: tuple[Fact, ...] = ()
    push: Push | None = None

    def say(
        self,
        *paragraphs: Paragraph,
        buttons: Sequence[Button | Row] = (),
        in_place: bool = False,
        menu: bool = False,
        name: str = "",
    ) -> "Reply":
        """Adds one message. A bare button gets a row of its own."""
        rows = tuple(row if isinstance(row, tuple) else (row,) for row in buttons)
        return replace(self, says=(*self.says, Message(paragraphs, rows, in_place, menu, name=name)))

    def show(self, message: Message) -> "Reply":
        return replace(self, says=(*self.says, message))

    def attach(self, attached: CalendarFile | Map) -> "Reply":
        return replace(self, says=(*self.says, Message((), attached=attached)))

    def because(self, *facts: Fact) -> "Reply":
        return replace(self, happened=(*self.happened, *facts))

    def as_push(self, expires_at: datetime) -> "Reply":
        return replace(self, push=Push(expires_at))
