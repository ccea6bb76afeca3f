"""One update, one transaction: take it, load the person, let the conversation decide, write it down."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.arrivals import Arrival
from bot.clock import Clock
from bot.knowledge import Knowledge
from bot.language import negotiate
from bot.letters import letter
from bot.store import Connection, Database, inbox, outbox, people, plans, roles, sessions, unfound
from bot.store.database import PassingTrouble
from bot.store.inbox import Row
from bot.store.outbox import Urgency
from bot.telegram import incoming
from bot.world import LiveWorld
from conversations.facts import (
    AnswerWished,
    Fact,
    Forgotten,
    InvitationAccepted,
    MessageRefused,
    NoneOfThese,
    NotFound,
    Planned,
    QuestionDropped,
    QuestionPlaced,
    RoleMissing,
    SessionJoined,
    SessionLeft,
    TipRead,
    Unplanned,
)
from conversations.hear import hear
from conversations.people import Person
from conversations.replies import Button, Message, Reply
from conversations.turns import Due, Tap
from conversations.words import _

log = logging.getLogger(__name__)

ZONE = ZoneInfo("Europe/Amsterdam")
REPLY_LASTS = timedelta(hours=24)
LOOK_SECONDS = 1.0  # another process may have stored an update
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0


class Turns:
    """`known` gives what is known now; `wrote` is called when there is something to send."""

    def __init__(
        self, database: Database, known: Callable[[], Knowledge], clock: Clock, wrote: Callable[[], None]
    ) -> None:
        self._database = database
        self._known = known
        self._clock = clock
        self._wrote = wrote
        self._woken = asyncio.Event()

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Works off the inbox until cancelled. A database in trouble is waited for."""
        pause = FIRST_PAUSE
        while True:
            self._woken.clear()
            try:
                while await self._database.write(take_turn, self._known(), self._clock.now()):
                    self._wrote()
                pause = FIRST_PAUSE
            except PassingTrouble as trouble:
                log.warning("the database is in trouble, trying again in %.0f s: %s", pause, type(trouble).__name__)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            with suppress(TimeoutError):  # not wait_for: before Python 3.12 it may swallow our cancellation
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._woken.wait()


def take_turn(db: Connection, knowledge: Knowledge, now: datetime) -> bool:
    """Works off one update; False when none waits. One we cannot handle is set aside."""
    row = inbox.take(db)
    if row is None:
        return False
    try:
        with db.begin_nested():
            answer(db, row, knowledge, now)
            inbox.done(db, row.id, now)
    except PassingTrouble:
        raise
    except Exception as error:
        log.error("update %s is set aside", row.id, exc_info=error)
        inbox.set_aside(db, row.id, f"{type(error).__name__}: {error}"[:500], now)
        if row.lane > 0:
            apologise(db, row, now)
    return True


def answer(db: Connection, row: Row, knowledge: Knowledge, now: datetime) -> None:
    arrival = arrival_of(row.lane, row.payload)
    if arrival is None:
        return
    known = people.find(db, arrival.chat)
    if known is None and isinstance(arrival.turn, Due):
        return  # planned for somebody who has been erased since
    person = known or Person(arrival.chat, negotiate(arrival.language_code), arrival.name)
    reply = hear(person, arrival.turn, now.astimezone(ZONE), LiveWorld(db, knowledge, now))
    if reply.person != known and (known or reply.person.kept):
        people.save(db, reply.person)
    apply(db, reply, row, arrival, now)


def arrival_of(lane: int, payload: Mapping[str, Any]) -> Arrival | None:
    match payload:
        case {"due": {"kind": str(kind), "about": str(about)}}:
            return Arrival(lane, Due(kind, about))
    return incoming.read(payload)


def apply(db: Connection, reply: Reply, row: Row, arrival: Arrival, now: datetime) -> None:
    """Makes true what the conversation decided."""
    person = reply.person
    for fact in reply.happened:
        happen(db, person, fact, now)
    letters = [letter(message, person.language, arrival.message) for message in reply.says]
    if MessageRefused() in reply.happened and (number := incoming.own_message(row.payload)):
        letters.insert(0, {"delete": number})
    urgency, expires_at = Urgency.REPLY, now + REPLY_LASTS
    if reply.push:
        urgency, expires_at = Urgency.REMINDER, reply.push.expires_at
    for body in letters:
        outbox.write(db, person.id, body, urgency=urgency, now=now, expires_at=expires_at, cause=row.id)


def happen(db: Connection, person: Person, fact: Fact, now: datetime) -> None:
    match fact:
        case SessionJoined(session):
            sessions.join(db, session, person.id, now)
        case SessionLeft(session):
            sessions.leave(db, session, person.id)
        case Planned(at, kind, about):
            plans.put(db, person.id, at, kind, about)
        case Unplanned(kind, about):
            plans.drop(db, person.id, kind, about)
        case TipRead(tip):
            people.read_tip(db, person.id, tip)
        case InvitationAccepted(code):
            roles.accept(db, code, person.id, now)
        case RoleMissing(role):
            log.warning("person %s tried what only a %s may do", person.id, role)
        case NotFound(key, question, offered):
            unfound.note(db, key, question, offered, now)
        case NoneOfThese(key):
            unfound.open_again(db, key)
        case QuestionPlaced(number, topic):
            unfound.settle(db, number, "placed", topic)
        case AnswerWished(number):
            unfound.settle(db, number, "wished")
        case QuestionDropped(number):
            unfound.drop(db, number)
        case Forgotten():
            people.forget(db, person.id)
            outbox.forget(db, person.id)
            inbox.forget(db, person.id, now)


def apologise(db: Connection, row: Row, now: datetime) -> None:
    known = people.find(db, row.lane)
    words = _("Something went wrong here. It is not your fault. Please try it in another way.")
    message = Message((words,), ((Button(_("🙋 I want a human"), Tap("human")),),))
    body = letter(message, known.language if known else negotiate(""), None)
    outbox.write(db, row.lane, body, urgency=Urgency.REPLY, now=now, expires_at=now + REPLY_LASTS, cause=row.id)
