"""Buttons on the page for what only who starts this server can do, such as making many people."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.demo.errors import ImpossibleError
from bot.demo.events import Events

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[str]]


@dataclass
class Offer:
    """`work` does it and gives the sentence that is shown then."""

    name: str
    label: str
    work: Work
    running: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "label": self.label, "running": self.running}


class Offers:
    def __init__(self, events: Events) -> None:
        self._events = events
        self._offers: dict[str, Offer] = {}

    def add(self, name: str, label: str, work: Work) -> None:
        self._offers[name] = Offer(name, label, work)
        self._tell()

    def __contains__(self, name: str) -> bool:
        return name in self._offers

    async def run(self, name: str) -> str:
        """Once at a time; what goes wrong in it is logged, and said in general words."""
        offer = self._offers[name]
        if offer.running:
            raise ImpossibleError("Dit is al bezig.")
        self._mark(offer, running=True)
        try:
            return await offer.work()
        except ImpossibleError:
            raise
        except Exception as error:
            log.exception("the offer %s failed", name)
            raise ImpossibleError("Dat lukte niet. Kijk in het venster waar de demo draait.") from error
        finally:
            self._mark(offer, running=False)

    def _mark(self, offer: Offer, running: bool) -> None:
        offer.running = running
        self._tell()

    def _tell(self) -> None:
        self._events.tell("offers", offers=self.as_json())

    def as_json(self) -> list[dict[str, Any]]:
        return [offer.as_json() for offer in self._offers.values()]
