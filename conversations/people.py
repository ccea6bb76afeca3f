"""Who we talk to."""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True)
class Person:
    """A care worker as the bot knows her. `id` is her Telegram user id.

    `step` names the question that is open, such as "joining:consent"; empty when none is.
    `tip_day` is 0 for Monday; `tip_hour` is local, 8 to 20. Her quiet hours begin at `quiet_from` and end at
    `quiet_until`, local whole hours; none when they are the same. `wants_news`: messages of the library.
    """

    id: int
    language: str
    name: str = ""
    step: str = ""
    agreed_at: datetime | None = None
    employer: str = ""
    wants_reminders: bool = True
    wants_tips: bool = False
    wants_news: bool = True
    tip_day: int = 0
    tip_hour: int = 10
    quiet_from: int = 21
    quiet_until: int = 8
    chosen_language: bool = False
    stopped_at: datetime | None = None
    paused_until: datetime | None = None
    blocked_at: datetime | None = None

    def at(self, step: str) -> "Person":
        return replace(self, step=step)

    @property
    def kept(self) -> bool:
        """Whether she agreed to be remembered, is being asked, or asked for a language to be remembered."""
        return bool(self.agreed_at or self.step or self.chosen_language)
