"""What has happened, in the past tense. The program around the conversations applies each in one place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from conversations.world import Kind, Order, Place

if TYPE_CHECKING:
    from conversations.replies import Message


@dataclass(frozen=True)
class SessionJoined:
    """She comes: there is room, or a place was offered to her."""

    session: int


@dataclass(frozen=True)
class WaitingListJoined:
    session: int


@dataclass(frozen=True)
class SessionLeft:
    """She does not come, or no longer waits. `no`: she says so without having said yes before."""

    session: int
    no: bool = False


@dataclass(frozen=True)
class PlaceHeld:
    """A place is kept for the colleague who gets the link with this code."""

    session: int
    code: str


@dataclass(frozen=True)
class HeldPlaceTaken:
    code: str


@dataclass(frozen=True)
class SessionsPlanned:
    """New sessions, one for each of `times` (start and end)."""

    library: str
    kind: Kind
    place: Place
    times: tuple[tuple[datetime, datetime], ...]
    capacity: int | None = None
    remark: str = ""
    language: str = ""


@dataclass(frozen=True)
class SessionChanged:
    """From now on it is so; who comes is told of another time or place."""

    session: int
    kind: Kind
    place: Place
    starts_at: datetime
    ends_at: datetime
    capacity: int | None = None
    remark: str = ""
    language: str = ""


@dataclass(frozen=True)
class SessionCancelled:
    session: int


@dataclass(frozen=True)
class SeriesTakenOver:
    """From this session on, its line in the organisations file plans nothing more."""

    session: int


@dataclass(frozen=True)
class CameTicked:
    """The coordinator noted whether somebody came."""

    session: int
    person: int
    came: bool


@dataclass(frozen=True)
class WalkInsCounted:
    """How many came who were not on the list."""

    session: int
    number: int


@dataclass(frozen=True)
class TickingDone:
    """Who came may be asked how it was."""

    session: int


@dataclass(frozen=True)
class FeelingTold:
    """How it was: 1 (not good) to 4 (very good)."""

    session: int
    feeling: int


@dataclass(frozen=True)
class FeelingExplained:
    session: int
    words: str


@dataclass(frozen=True)
class Drafted:
    """What she is making is kept until it is done; `draft` holds JSON values, None throws it away."""

    kind: str
    draft: Mapping[str, Any] | None


@dataclass(frozen=True)
class InterestChosen:
    subject: str
    wanted: bool


@dataclass(frozen=True)
class BroadcastOrdered:
    """`message` goes to everybody of the order's audience, each in her language."""

    order: Order
    message: "Message"
    begins_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class BroadcastSteered:
    """`to`: "undone" (before it began), "paused", "sending" (again) or "stopped" for good."""

    broadcast: int
    to: str


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
    | WaitingListJoined
    | SessionLeft
    | PlaceHeld
    | HeldPlaceTaken
    | SessionsPlanned
    | SessionChanged
    | SessionCancelled
    | SeriesTakenOver
    | CameTicked
    | WalkInsCounted
    | TickingDone
    | FeelingTold
    | FeelingExplained
    | Drafted
    | InterestChosen
    | BroadcastOrdered
    | BroadcastSteered
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
