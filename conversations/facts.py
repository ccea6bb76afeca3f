"""What has happened, in the past tense. The program around the conversations applies each in one place."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True)
class SessionJoined:
    session: int


@dataclass(frozen=True)
class SessionLeft:
    session: int


@dataclass(frozen=True)
class Planned:
    """A turn `Due(kind, about)` is to come at `at`; planning the same kind and about again moves it."""

    at: datetime
    kind: str
    about: str = ""


@dataclass(frozen=True)
class Unplanned:
    """No such turn is to come any more; an empty `about` means every one of this kind."""

    kind: str
    about: str = ""


@dataclass(frozen=True)
class TipRead:
    tip: str


@dataclass(frozen=True)
class MessageRefused:
    """What she just sent is to go from the chat."""


@dataclass(frozen=True)
class Forgotten:
    """Everything we know of her is to go, at once and for good."""


Fact: TypeAlias = SessionJoined | SessionLeft | Planned | Unplanned | TipRead | MessageRefused | Forgotten
