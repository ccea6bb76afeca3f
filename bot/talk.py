"""The bot without Telegram: people talk to it in this process, for the terminal and for the tests."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from bot.knowledge import Knowledge
from bot.planner import look, next_at, set_sessions
from bot.store import Connection, broadcasts, inbox, outbox, people, roles
from bot.store.database import in_memory
from bot.store.outbox import Envelope
from bot.turns import take_turn
from conversations.people import Person
from conversations.world import Role

AT_ONCE = 100


@dataclass(frozen=True)
class Heard:
    """One message as the phone of `chat` would show it. `buttons` are rows of (label, payload or address)."""

    text: str
    buttons: tuple[tuple[tuple[str, str], ...], ...] = ()
    menu: tuple[tuple[str, ...], ...] = ()
    in_place: bool = False
    kind: str = "text"
    chat: int = 0

    @property
    def labels(self) -> list[str]:
        return [label for row in self.buttons for label, _does in row]


class Talk:
    """Everything goes the way it goes with Telegram: inbox, turn, outbox, and the person stored in between."""

    def __init__(self, knowledge: Knowledge, now: datetime) -> None:
        self.knowledge = knowledge
        self.now = now
        self._engine = in_memory()
        self._numbers = count(1)
        with self._engine.begin() as db:
            set_sessions(db, knowledge.organisations, now)

    def person(self, person: int) -> Person | None:
        with self._engine.begin() as db:
            return people.find(db, person)

    def invite(self, role: Role) -> str:
        """The code of a link that gives this role."""
        with self._engine.begin() as db:
            return roles.invite(db, role, self.now)

    def withdraw(self, person: int) -> None:
        """Takes all her roles."""
        with self._engine.begin() as db:
            roles.withdraw(db, person)

    def message(self, person: int, language: str = "nl", name: str = "Fatima", **content: Any) -> list[Heard]:
        """She sends a message; `content` as in Telegram's Message, such as text="hallo"."""
        sender = {"id": person, "is_bot": False, "first_name": name, "language_code": language}
        return self.update(person, {"message": _message(sender, next(self._numbers), self.now) | content})

    def tap(self, person: int, payload: str, language: str = "nl", name: str = "Fatima") -> list[Heard]:
        sender = {"id": person, "is_bot": False, "first_name": name, "language_code": language}
        query = {
            "id": "1",
            "from": sender,
            "chat_instance": "1",
            "data": payload,
            "message": _message(sender, 1, self.now) | {"text": "..."},
        }
        return self.update(person, {"callback_query": query})

    def update(self, lane: int, content: Mapping[str, Any]) -> list[Heard]:
        number = next(self._numbers)
        update = inbox.Update(f"telegram:{number}", lane, {"update_id": number, **content})
        with self._engine.begin() as db:
            inbox.keep(db, [update], self.now)
        return self._work()

    def wait_until(self, now: datetime) -> list[Heard]:
        """Lets time pass, plan by plan and broadcast by broadcast; gives what was said meanwhile."""
        heard: list[Heard] = []
        while (due := self._next_at()) and due <= now:
            self.now = max(self.now, due)
            with self._engine.begin() as db:
                look(db, self.now)
            heard += self._work()
        self.now = now
        return heard

    def change(self, knowledge: Knowledge) -> list[Heard]:
        """The files have changed; gives what that makes the bot say."""
        self.knowledge = knowledge
        with self._engine.begin() as db:
            set_sessions(db, knowledge.organisations, self.now)
        return self.wait_until(self.now)

    def aside(self) -> list[str]:
        """What went wrong."""
        with self._engine.begin() as db:
            return [error for _row, error, _at in inbox.aside(db)]

    def _next_at(self) -> datetime | None:
        with self._engine.begin() as db:
            return next_at(db, self.now)

    def _work(self) -> list[Heard]:
        with self._engine.begin() as db:
            while take_turn(db, self.knowledge, self.now):
                pass
            letters = self._letters(db)
            while broadcasts.begin(db, self.now):
                pass
            while broadcasts.feed(db, AT_ONCE, self.now):
                letters += self._letters(db)
            broadcasts.finish(db, self.now)
            broadcasts.tell(db, self.now)
            return [heard(envelope.letter, envelope.chat) for envelope in letters]

    def _letters(self, db: Connection) -> list[Envelope]:
        letters: list[Envelope] = []
        while waiting := outbox.sendable(db, self.now, [], AT_ONCE):
            for envelope in waiting:
                letters.append(envelope)
                outbox.settle(db, envelope.id, "sent", self.now, message=envelope.id)
        return letters


def _message(sender: Mapping[str, Any], number: int, now: datetime) -> dict[str, Any]:
    chat = {"id": sender["id"], "type": "private", "first_name": sender["first_name"]}
    return {"message_id": number, "date": int(now.timestamp()), "from": dict(sender), "chat": chat}


def heard(letter: Mapping[str, Any], chat: int) -> Heard:
    if "delete" in letter:
        return Heard("(her message is removed)", kind="delete", chat=chat)
    if "calendar" in letter:
        return Heard(letter["calendar"]["text"], kind="calendar", chat=chat)
    if "map" in letter:
        return Heard(f"{letter['map']['name']}, {letter['map']['address']}", kind="map", chat=chat)
    rows = tuple(
        tuple((button["label"], button.get("tap") or button["url"]) for button in row) for row in letter.get("rows", [])
    )
    menu = tuple(tuple(row) for row in letter.get("menu", {}).get("rows", []))
    text = html.unescape(re.sub(r"<[^>]+>", "", letter["text"]))
    return Heard(text, rows, menu, "edit" in letter, chat=chat)
