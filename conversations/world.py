"""What a conversation may look up, and the shapes it gets back. Reading only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, Protocol

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
    """Where it is on the map is known, or both are None."""

    id: str
    name: str
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    example: bool = False

    @property
    def in_full(self) -> str:
        """The name, and the address where it is known."""
        return ", ".join(part for part in (self.name, self.address) if part)


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


Kind = Literal["dropin", "workshop", "training"]


@dataclass(frozen=True)
class Session:
    """A drop-in, a workshop or a training on one day. Times are aware and in the place's own zone.

    `sequence` grows with every change. `series` is shared by what was planned at once. `capacity` is the number of
    places, None for no limit. `language` is the one it is held in, empty for Dutch. `from_file`: its series stands in
    the organisations file, and goes on for ever there.
    """

    id: int
    uid: str
    library: str
    place: Place
    starts_at: datetime
    ends_at: datetime
    remark: str = ""
    kind: Kind = "dropin"
    capacity: int | None = None
    language: str = ""
    series: str = ""
    from_file: bool = True
    cancelled: bool = False
    sequence: int = 0


@dataclass(frozen=True)
class Room:
    """How full a session is. `taken`: who comes, places offered to somebody, places held for a colleague."""

    capacity: int | None
    taken: int
    waiting: int

    @property
    def free(self) -> int | None:
        """How many places are left; None for no limit."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def full(self) -> bool:
        return self.free == 0


SignUpState = Literal["comes", "waits", "offered", "lapsed", "no"]


@dataclass(frozen=True)
class SignUp:
    """What somebody said about a session. `until`: how long a place is kept that is `offered` to her. `came`: what the
    coordinator ticked, None when she did not."""

    person: int
    name: str
    state: SignUpState
    until: datetime | None = None
    came: bool | None = None


@dataclass(frozen=True)
class Hold:
    """A place kept free for a colleague, by its link."""

    code: str
    session: int
    host: int
    until: datetime


@dataclass(frozen=True)
class SpokenTimes:
    """What somebody said in words about when it is to be; what she did not say is None, False or empty.

    `last` is the last day of what is `weekly`; `skipped` are the days without.
    """

    day: date | None = None
    starts: time | None = None
    ends: time | None = None
    weekly: bool = False
    last: date | None = None
    skipped: tuple[date, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """How a session was. `feelings` counts the answers from 1 (not good) to 4 (very good); `words` are unsigned."""

    came: int
    stayed_away: int
    walked_in: int
    feelings: Mapping[int, int]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Order:
    """A broadcast as it is to be: to whom, about which session, or which free text.

    `audience`: "library", "employer:<id>", "interest:<category>", "session:<id>" (who comes) or "silent:<id>" (who got
    a message about that session and said neither yes nor no).
    """

    library: str
    audience: str
    session: int | None = None
    text: str = ""

    @property
    def asked(self) -> bool:
        """Whether its readers asked for it, by coming: then the limit of two a week does not hold."""
        return self.audience.startswith("session:")


@dataclass(frozen=True)
class Headcount:
    """How many are meant, how many get it, and why the others do not: stopped, blocked, paused, news (she wants none),
    signed (she has answered already), limit (she had two this week), quiet (her quiet hours last until it is too
    late). `lasts`: how long sending takes at the pace allowed, what is before it in the queue included."""

    audience: int
    gets: int
    excluded: Mapping[str, int]
    lasts: timedelta


@dataclass(frozen=True)
class Report:
    """What became of a broadcast. The audience is the sum of all parts.

    `state`: waiting, sending, paused, done, stopped, undone. `waiting` are still to come. `excluded` by reason: those
    of `Headcount`, and stopped-by (the coordinator stopped it), erased (she erased everything), author.
    """

    id: int
    order: Order
    state: str
    begins_at: datetime
    ends_at: datetime
    audience: int
    waiting: int
    delivered: int
    blocked: int
    failed: int
    unsure: int
    expired: int
    excluded: Mapping[str, int]


@dataclass(frozen=True)
class Role:
    """What somebody may do more than ask: "coordinator" of the library `about`, or "employer": contact of the
    employer `about`."""

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

    def of_library(self, library: str, since: datetime, limit: int) -> Sequence[Session]:
        """Its sessions that begin after `since`, soonest first."""
        ...

    def newest(self, library: str) -> Session | None:
        """The first that is still to come of what was planned last in the chat."""
        ...

    def session(self, session: int) -> Session | None: ...
    def following(self, session: Session) -> Sequence[Session]:
        """What is left of its series from this one on, this one too, soonest first."""
        ...

    def sign_up(self, person: Person, session: int) -> SignUp | None: ...
    def room(self, session: int, *, keep: bool = False) -> Room:
        """As it is now; with `keep` it stays so until this turn is over."""
        ...

    def sign_ups(self, session: int) -> Sequence[SignUp]:
        """All of them, in the order in which they came."""
        ...

    def hold(self, code: str) -> Hold | None:
        """While it lasts."""
        ...

    def hold_code(self, person: Person, session: int) -> str:
        """That of the place she holds for a colleague; otherwise a new one that nobody can guess."""
        ...

    def outcome(self, session: int) -> Outcome: ...
    def places(self, library: str) -> Sequence[Place]: ...
    def times(self, said: str, now: datetime) -> SpokenTimes | None:
        """What these words say about when it is to be; None when they are not understood."""
        ...

    def days(self, said: str, now: datetime) -> Sequence[date]:
        """The days that these words name; none when they are not understood."""
        ...

    def draft(self, person: Person, kind: str) -> Mapping[str, Any] | None:
        """What she is making, as its conversation wrote it: JSON values."""
        ...

    def interests(self, person: Person) -> frozenset[str]: ...
    def headcount(self, order: Order, begins_at: datetime, expires_at: datetime, author: Person) -> Headcount: ...
    def report(self, broadcast: int) -> Report | None: ...
    def broadcasts(self, library: str, limit: int) -> Sequence[Report]:
        """The newest first."""
        ...

    def link(self, payload: str) -> str:
        """The address that opens this chat with `/start payload`."""
        ...

    def joined(self, employer: str) -> int:
        """How many of its people have joined."""
        ...

    def signed_up(self, person: Person) -> Sequence[Session]:
        """The sessions still to come that she said yes to, or waits for."""
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
