"""What can become of a message: five names, and what follows from each."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TypeAlias

from bot.store.outbox import Urgency


@dataclass(frozen=True)
class Sent:
    message: int | None = None


@dataclass(frozen=True)
class Later:
    """Not now. `flood`: seconds Telegram asked for. `arrived`: it may have come through all the same."""

    why: str
    flood: float = 0
    arrived: bool = False


@dataclass(frozen=True)
class Gone:
    """She blocked the bot, or is no longer there."""

    why: str


@dataclass(frozen=True)
class Refused:
    """Telegram will never take this message: our fault."""

    why: str


@dataclass(frozen=True)
class Strange:
    """Nothing we know of."""

    why: str


Outcome: TypeAlias = Sent | Later | Gone | Refused | Strange
State: TypeAlias = Literal["sent", "gone", "refused", "unsure", "failed"]


@dataclass(frozen=True)
class Retry:
    after: timedelta


MOST_STRANGE_TRIES = 3
LONGEST_WAIT = timedelta(minutes=5)
MOST_DOUBLINGS = 9  # beyond it every wait is the longest, and the power outgrows a timedelta


def decide(outcome: Outcome, urgency: Urgency, attempts: int) -> State | Retry:
    """What to do with a message after this outcome; `attempts` went before.

    A reply or a reminder is tried until it expires, and may in the worst case arrive twice. A broadcast goes
    out at most once: when it may have arrived, it is not tried again but reported.
    """
    match outcome:
        case Sent():
            return "sent"
        case Gone():
            return "gone"
        case Refused():
            return "refused"
        case Later(flood=flood) if flood:
            return Retry(timedelta(seconds=flood))
        case Later(arrived=True) | Strange() if urgency is Urgency.BROADCAST:
            return "unsure"
        case Strange() if attempts + 1 >= MOST_STRANGE_TRIES:
            return "failed"
        case Later() | Strange():
            return Retry(min(timedelta(seconds=2 ** min(attempts, MOST_DOUBLINGS)), LONGEST_WAIT))
