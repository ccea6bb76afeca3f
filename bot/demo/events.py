"""What happens on the phones, told to every open page as it happens."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

BACKLOG = 1000


class Events:
    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[dict[str, Any] | None]] = set()

    def tell(self, kind: str, **facts: Any) -> None:
        for listener in list(self._listeners):
            try:
                listener.put_nowait({"type": kind, **facts})
            except asyncio.QueueFull:
                self._let_go(listener)

    @contextmanager
    def listen(self) -> Iterator[asyncio.Queue[dict[str, Any] | None]]:
        """A queue of events; None means: it is over, connect and read everything again."""
        listener: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(BACKLOG)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def end(self) -> None:
        for listener in list(self._listeners):
            self._let_go(listener)

    def _let_go(self, listener: asyncio.Queue[dict[str, Any] | None]) -> None:
        self._listeners.discard(listener)
        while not listener.empty():
            listener.get_nowait()
        listener.put_nowait(None)
