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
class InvitationAccepted:
    code: str


@dataclass(frozen=True)
class RoleMissing:
    """Somebody tried what only this role may do."""

    role: str


@dataclass(frozen=True)
class NotFound:
    """A question found no answer. `offered`: a choice was shown, which may still hold it."""

    key: str
    question: str
    offered: bool = False


@dataclass(frozen=True)
class NoneOfThese:
    """The choice that was shown for the question with this key was not right."""

    key: str


@dataclass(frozen=True)
class QuestionPlaced:
    """An unanswered question belongs to the answer `topic`: the search is to learn it."""

    id: int
    topic: str


@dataclass(frozen=True)
class AnswerWished:
    """An unanswered question wants an answer that is not there yet."""

    id: int


@dataclass(frozen=True)
class QuestionDropped:
    id: int


@dataclass(frozen=True)
class Forgotten:
    """Everything we know of her is to go, at once and for good."""


Fact: TypeAlias = (
    SessionJoined
    | SessionLeft
    | Planned
    | Unplanned
    | TipRead
    | MessageRefused
    | InvitationAccepted
    | RoleMissing
    | NotFound
    | NoneOfThese
    | QuestionPlaced
    | AnswerWished
    | QuestionDropped
    | Forgotten
)
