"""What a conversation may look up, and the shapes it gets back. Reading only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from conversations.people import Person


@dataclass(frozen=True)
class Answer:
    """One answer file. Texts are in `language`, Markdown bold allowed, placeholders filled in.

    `lead` is the reassuring first line; `steps` are the numbered steps, without numbers; `after` what follows
    them, paragraphs apart. `owner` is who helps further: "library", "employer" or "both".
    """

    id: str
    language: str
    title: str
    category: str
    app: str
    owner: str
    lead: str
    steps: tuple[str, ...] = ()
    after: str = ""
    neighbours: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tip:
    """One small step to try. `answer` is the id of the answer that tells more, or empty."""

    id: str
    language: str
    title: str
    text: str
    answer: str = ""


@dataclass(frozen=True)
class Found:
    """What a question led to: "answer" (sure), "choice" (two to four), or "unknown". Topics best first."""

    verdict: Literal["answer", "choice", "unknown"]
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    id: str
    name: str
    address: str
    latitude: float
    longitude: float
    example: bool = False


@dataclass(frozen=True)
class Library:
    """`coach` and `phone` say how to reach the digital coach; `example` marks facts that are made up."""

    id: str
    name: str
    coach: str = ""
    phone: str = ""
    mail: str = ""
    phone_hours: str = ""
    example: bool = False


@dataclass(frozen=True)
class Employer:
    """`code` is the payload of its join link. `facts` fill the placeholders of answers (Dutch phrases)."""

    id: str
    name: str
    code: str
    libraries: tuple[str, ...]
    hr_contact: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    example: bool = False


@dataclass(frozen=True)
class Session:
    """A drop-in. Times are aware and in the place's own zone. `sequence` grows with every change."""

    id: int
    uid: str
    library: str
    place: Place
    starts_at: datetime
    ends_at: datetime
    remark: str = ""
    cancelled: bool = False
    sequence: int = 0


@dataclass(frozen=True)
class Role:
    """What somebody may do more than ask: "coordinator" of the library `about`."""

    name: str
    about: str


@dataclass(frozen=True)
class Unanswered:
    """A question that found no answer, masked, without who asked it."""

    id: int
    question: str


class World(Protocol):
    def search(self, question: str, person: Person) -> Found: ...
    def answer(self, topic: str, person: Person) -> Answer | None:
        """The answer in her language, or in Dutch when there is none in hers."""
        ...

    def topics(self, category: str) -> Sequence[str]:
        """Topic ids of a category, by title."""
        ...

    def categories(self) -> Sequence[str]: ...
    def tip(self, tip: str, person: Person) -> Tip | None: ...
    def unread_tips(self, person: Person) -> Sequence[str]: ...
    def employers(self) -> Sequence[Employer]: ...
    def employer(self, employer: str) -> Employer | None: ...
    def employer_with_code(self, code: str) -> Employer | None: ...
    def library(self, library: str) -> Library | None: ...
    def libraries(self) -> Sequence[Library]: ...
    def upcoming(self, libraries: Sequence[str], limit: int) -> Sequence[Session]:
        """Sessions still to begin, soonest first, of these libraries; of all for an empty list."""
        ...

    def session(self, session: int) -> Session | None: ...
    def comes(self, person: Person, session: int) -> bool: ...
    def signed_up(self, person: Person) -> Sequence[Session]:
        """The sessions still to come that she said yes to."""
        ...

    def invitation(self, code: str) -> Role | None:
        """The role that this link gives, while it is good."""
        ...

    def roles(self, person: Person) -> frozenset[Role]: ...
    def first_unanswered(self) -> Unanswered | None: ...
    def unanswered(self, id: int) -> Unanswered | None:
        """While nobody has decided about it."""
        ...

    def count_unanswered(self) -> int: ...
    def near(self, question: str) -> Sequence[str]:
        """The topics most like it, best first, however unsure."""
        ...
