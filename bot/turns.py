"""One update, one transaction: take it, load the person, let the conversation decide, write it down."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.arrivals import Arrival
from bot.clock import ZONE, Clock
from bot.knowledge import Knowledge
from bot.language import negotiate
from bot.letters import Letter, letter
from bot.occasions import ask_how_it_was, tell_who_comes
from bot.patience import Patience, until_woken
from bot.store import (
    Connection,
    Database,
    broadcasts,
    drafts,
    inbox,
    outbox,
    people,
    plans,
    roles,
    sessions,
    signups,
    unfound,
)
from bot.store.database import PassingTrouble
from bot.store.inbox import Row
from bot.store.outbox import Urgency
from bot.telegram import incoming
from bot.world import LiveWorld
from conversations.facts import (
    AnswerWished,
    BroadcastOrdered,
    BroadcastSteered,
    CameTicked,
    Drafted,
    Fact,
    FeelingExplained,
    FeelingTold,
    Forgotten,
    HeldPlaceTaken,
    InterestChosen,
    InvitationAccepted,
    MessageRefused,
    NoneOfThese,
    NotFound,
    PlaceHeld,
    Planned,
    QuestionDropped,
    QuestionPlaced,
    RoleMissing,
    SeriesTakenOver,
    SessionCancelled,
    SessionChanged,
    SessionJoined,
    SessionLeft,
    SessionsPlanned,
    TickingDone,
    TipRead,
    Unplanned,
    WaitingListJoined,
    WalkInsCounted,
)
from conversations.hear import hear
from conversations.languages import LANGUAGES
from conversations.people import Person
from conversations.quiet import awake
from conversations.reminders import CANCELLED, MOVED
from conversations.replies import Button, Message, Reply
from conversations.turns import Due, Tap
from conversations.words import _

log = logging.getLogger(__name__)

REPLY_LASTS = timedelta(hours=24)
TOGETHER = 8  # turns in one transaction
LOOK_SECONDS = 1.0  # another process may have stored an update


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
        patience = Patience()
        while True:
            self._woken.clear()
            try:
                while taken := await self._database.write(take_turns, self._known(), self._clock.now()):
                    self._wrote()
                    if taken < TOGETHER and self._database.is_sqlite:
                        break  # with PostgreSQL a lane may have become free that somebody else worked on
                patience.restore()
            except PassingTrouble as trouble:
                log.warning(
                    "the database is in trouble, trying again in %.0f s: %s", patience.pause, type(trouble).__name__
                )
                await patience.wait()
                continue
            await until_woken(self._woken, LOOK_SECONDS)


def take_turns(db: Connection, knowledge: Knowledge, now: datetime) -> int:
    """Works off some updates in one transaction, which spares a commit for each; says how many."""
    for taken in range(TOGETHER):
        if not take_turn(db, knowledge, now):
            return taken
    return TOGETHER


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
    world = LiveWorld(db, knowledge, now)
    reply = hear(person, arrival.turn, now.astimezone(ZONE), world)
    if Forgotten() not in reply.happened and reply.person != known and (known or reply.person.kept):
        people.save(db, reply.person)
    apply(db, reply, row, arrival, world, now)


def arrival_of(lane: int, payload: Mapping[str, Any]) -> Arrival | None:
    match payload:
        case {"due": {"kind": str(kind), "about": str(about)}}:
            return Arrival(lane, Due(kind, about))
    return incoming.read(payload)


def apply(db: Connection, reply: Reply, row: Row, arrival: Arrival, world: LiveWorld, now: datetime) -> None:
    """Makes true what the conversation decided."""
    person = reply.person
    for fact in reply.happened:
        happen(db, person, fact, world, now)
    if MessageRefused() in reply.happened and (number := incoming.own_message(row.payload)):
        reply_with(db, reply, {"delete": number}, row, now)
    for message in reply.says:
        reply_with(db, reply, letter(message, person.language, arrival.message), row, now, message.name)


def reply_with(db: Connection, reply: Reply, body: Letter, row: Row, now: datetime, name: str = "") -> None:
    """What she asked for goes at once; what she did not waits until she is awake, unless that is too late."""
    urgency, not_before, expires_at = Urgency.REPLY, now, now + REPLY_LASTS
    if reply.push:
        urgency, expires_at = Urgency.REMINDER, reply.push.expires_at
        woken = awake(reply.person, now.astimezone(ZONE))
        not_before = woken if woken < expires_at else now
    outbox.write(
        db,
        reply.person.id,
        body,
        urgency=urgency,
        now=now,
        not_before=not_before,
        expires_at=expires_at,
        cause=row.id,
        name=name,
    )


def happen(db: Connection, person: Person, fact: Fact, world: LiveWorld, now: datetime) -> None:
    match fact:
        case SessionJoined(session):
            signups.join(db, session, person.id, now)
        case WaitingListJoined(session):
            signups.wait(db, session, person.id, now)
        case SessionLeft(session, no):
            signups.leave(db, session, person.id, now, no=no)
        case PlaceHeld(session, code):
            signups.hold(db, session, person.id, code, now)
        case HeldPlaceTaken(code):
            signups.take_held(db, code, person.id, now)
        case FeelingTold(session, feeling):
            sessions.feel(db, session, person.id, feeling, now)
        case FeelingExplained(session, words):
            sessions.explain(db, session, person.id, words)
        case Planned(at, kind, about):
            plans.put(db, person.id, at, kind, about)
        case Unplanned(kind, about):
            plans.drop(db, person.id, kind, about)
        case TipRead(tip):
            people.read_tip(db, person.id, tip)
        case InterestChosen(subject, wanted):
            people.choose_interest(db, person.id, subject, wanted)
        case Drafted(kind, draft):
            drafts.keep(db, person.id, kind, draft)
        case NotFound(key, question, offered):
            unfound.note(db, key, question, offered, now)
        case NoneOfThese(key):
            unfound.open_again(db, key)
        case Forgotten():
            signups.forget(db, person.id, now)
            broadcasts.forget(db, person.id, now)
            people.forget(db, person.id)
            outbox.forget(db, person.id)
            inbox.forget(db, person.id, now)
        case _:
            happen_at_work(db, person, fact, world, now)


def happen_at_work(db: Connection, person: Person, fact: Fact, world: LiveWorld, now: datetime) -> None:
    """What those with a role bring about."""
    match fact:
        case InvitationAccepted(code):
            roles.accept(db, code, person.id, now)
        case RoleMissing(role):
            log.warning("person %s tried what only a %s may do", person.id, role)
        case QuestionPlaced(number, topic):
            unfound.settle(db, number, "placed", topic)
        case AnswerWished(number):
            unfound.settle(db, number, "wished")
        case QuestionDropped(number):
            unfound.drop(db, number)
        case SessionsPlanned():
            sessions.add(db, fact)
        case SessionChanged(session):
            if sessions.change(db, fact, now):
                broadcasts.withdraw(db, session, now)
                tell_who_comes(db, session, MOVED, now)
        case SessionCancelled(session):
            if sessions.cancel(db, session):
                broadcasts.withdraw(db, session, now)
                tell_who_comes(db, session, CANCELLED, now)
        case SeriesTakenOver(session):
            sessions.take_over(db, session)
        case CameTicked(session, who, came):
            signups.tick(db, session, who, came)
        case WalkInsCounted(session, number):
            sessions.walked_in(db, session, number)
        case TickingDone(session):
            signups.tick_the_rest(db, session)
            ask_how_it_was(db, session, now)
        case BroadcastOrdered(order, message, begins_at, expires_at):
            letters = {language: letter(message, language, None) for language in LANGUAGES}
            broadcasts.order(db, world.reach(order, begins_at, expires_at, person), letters, now)
        case BroadcastSteered(broadcast, to):
            broadcasts.steer(db, broadcast, to, now)


def apologise(db: Connection, row: Row, now: datetime) -> None:
    known = people.find(db, row.lane)
    words = _("Something went wrong here. It is not your fault. Please try it in another way.")
    message = Message((words,), ((Button(_("🙋 I want a human"), Tap("human")),),))
    body = letter(message, known.language if known else negotiate(""), None)
    outbox.write(db, row.lane, body, urgency=Urgency.REPLY, now=now, expires_at=now + REPLY_LASTS, cause=row.id)
