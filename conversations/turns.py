"""What can come in. A turn is one thing a person did, or one planned thing whose time has come."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Text:
    said: str


@dataclass(frozen=True)
class Tap:
    """A button's meaning: what it is about, what to do, and with which one. Travels as "about:act:which"."""

    about: str
    act: str = ""
    which: str = ""

    def __str__(self) -> str:
        return ":".join((self.about, self.act, self.which)).rstrip(":")

    @classmethod
    def read(cls, payload: str) -> "Tap":
        """The tap in a payload, which may be anybody's invention; `which` keeps further colons."""
        about, _, rest = payload.partition(":")
        act, _, which = rest.partition(":")
        return cls(about, act, which)


@dataclass(frozen=True)
class Command:
    """ "/start abc" is Command("start", "abc")."""

    name: str
    argument: str = ""


@dataclass(frozen=True)
class Photo:
    caption: str = ""


@dataclass(frozen=True)
class Voice:
    """A voice message or a video message."""

    seconds: int = 0


@dataclass(frozen=True)
class Sticker:
    emoji: str = ""


@dataclass(frozen=True)
class Document:
    caption: str = ""


@dataclass(frozen=True)
class Location:
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Contact:
    pass


@dataclass(frozen=True)
class Edited:
    """She changed a message that was answered before."""

    said: str


@dataclass(frozen=True)
class Other:
    """Anything Telegram can carry that means nothing to us: a poll, a dice, a gift."""

    kind: str


@dataclass(frozen=True)
class Blocked:
    pass


@dataclass(frozen=True)
class Unblocked:
    pass


@dataclass(frozen=True)
class Elsewhere:
    """Somebody spoke to the bot in a group or a channel; answers belong in a private chat."""


@dataclass(frozen=True)
class Due:
    """Something planned has come: `kind` says what, `about` which one."""

    kind: str
    about: str = ""


Turn: TypeAlias = (
    Text
    | Tap
    | Command
    | Photo
    | Voice
    | Sticker
    | Document
    | Location
    | Contact
    | Edited
    | Other
    | Blocked
    | Unblocked
    | Elsewhere
    | Due
)
