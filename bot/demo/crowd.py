"""People without a phone on the page: they can be written to, and what they get is counted."""

import asyncio

from bot.demo.events import Events

TOLD_AFTER_SECONDS = 0.5


class Crowd:
    def __init__(self, events: Events) -> None:
        self.people = 0
        self.messages = 0
        self._events = events
        self._telling: asyncio.TimerHandle | None = None

    def grow(self, people: int) -> None:
        self.people += people
        self._tell()

    def hear(self) -> None:
        """One message more. The page is told a little later, once for all that came meanwhile."""
        self.messages += 1
        if self._telling is None:
            self._telling = asyncio.get_running_loop().call_later(TOLD_AFTER_SECONDS, self._tell_what_came)

    def _tell_what_came(self) -> None:
        self._telling = None
        self._tell()

    def _tell(self) -> None:
        self._events.tell("crowd", crowd=self.as_json())

    def as_json(self) -> dict[str, int]:
        return {"people": self.people, "messages": self.messages}
