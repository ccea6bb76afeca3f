"""What comes in, in the words of no particular messenger."""

from dataclasses import dataclass

from conversations.turns import Turn


@dataclass(frozen=True)
class Arrival:
    """`chat` is the person too, save in a group. `message` is the message whose button was tapped."""

    chat: int
    turn: Turn
    name: str = ""
    language_code: str = ""
    message: int | None = None


class UnreadableError(Exception):
    """An update that makes no sense. It is set aside, and seen."""
