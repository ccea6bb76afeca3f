"""What is to be sent, until it is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from sqlalchemy import Connection, and_, case, delete, exists, func, insert, or_, select, update

from bot.store.tables import outbox, people

KEPT = timedelta(days=30)
NOBODY = 0  # the chat of settled messages to somebody of whom nothing is kept


class Urgency(IntEnum):
    REPLY = 0
    REMINDER = 1
    BROADCAST = 2


@dataclass(frozen=True)
class Envelope:
    """One message to one chat. `letter` says what to send, in the words of no particular messenger."""

    id: int
    chat: int
    urgency: Urgency
    letter: Mapping[str, Any]
    attempts: int
    expires_at: datetime


def write(
    db: Connection,
    chat: int,
    letter: Mapping[str, Any],
    *,
    urgency: Urgency,
    now: datetime,
    expires_at: datetime,
    cause: int | None = None,
) -> None:
    db.execute(
        insert(outbox).values(
            chat=chat,
            letter=dict(letter),
            urgency=urgency,
            not_before=now,
            expires_at=expires_at,
            cause=cause,
            written_at=now,
        )
    )


def sendable(db: Connection, now: datetime, busy: Collection[int], limit: int) -> list[Envelope]:
    """What may go now: for each chat the first in line, the most urgent chats first.

    A chat whose first in line must wait (`not_before`) waits as a whole, so that order is kept.
    `busy` chats have a message on its way.
    """
    before = outbox.alias("before")
    somebody_before = exists().where(
        before.c.chat == outbox.c.chat,
        before.c.state == "waiting",
        # not as (urgency, id) < (urgency, id): for that SQLite looks through all that wait, not through her chat
        or_(
            before.c.urgency < outbox.c.urgency,
            and_(before.c.urgency == outbox.c.urgency, before.c.id < outbox.c.id),
        ),
    )
    first = (
        select(outbox)
        .where(outbox.c.state == "waiting", outbox.c.not_before <= now, outbox.c.chat.not_in(busy), ~somebody_before)
        .order_by(outbox.c.urgency, outbox.c.id)
        .limit(limit)
    )
    return [Envelope(r.id, r.chat, Urgency(r.urgency), r.letter, r.attempts, r.expires_at) for r in db.execute(first)]


def next_wait(db: Connection, now: datetime) -> datetime | None:
    """When the next message that must wait may go."""
    at: datetime | None = db.scalar(
        select(func.min(outbox.c.not_before)).where(outbox.c.state == "waiting", outbox.c.not_before > now)
    )
    return at


def start(db: Connection, rows: Collection[int]) -> None:
    """Notes that these are about to leave; only for messages that may never go out twice."""
    db.execute(update(outbox).where(outbox.c.id.in_(rows)).values(state="leaving"))


def settle(
    db: Connection,
    row: int,
    state: str,
    now: datetime,
    *,
    message: int | None = None,
    error: str | None = None,
) -> None:
    """Ends it: "sent", "gone", "refused", "unsure", "expired", "failed". What it said is wiped.

    To whom it went is wiped too when nothing is kept of her: it still counts, and tells nothing.
    """
    known = exists().where(people.c.id == outbox.c.chat)
    chat = case((known, outbox.c.chat), else_=NOBODY)
    db.execute(
        update(outbox)
        .where(outbox.c.id == row)
        .values(state=state, chat=chat, letter=None, message=message, error=error, settled_at=now)
    )


def postpone(db: Connection, row: int, until: datetime, error: str) -> None:
    db.execute(
        update(outbox)
        .where(outbox.c.id == row)
        .values(state="waiting", not_before=until, attempts=outbox.c.attempts + 1, error=error)
    )


def drop_pushes(db: Connection, chat: int, now: datetime) -> None:
    """Nothing she did not ask for leaves any more; replies still do."""
    db.execute(
        update(outbox)
        .where(outbox.c.chat == chat, outbox.c.state == "waiting", outbox.c.urgency > Urgency.REPLY)
        .values(state="dropped", letter=None, settled_at=now)
    )


def forget(db: Connection, chat: int) -> None:
    db.execute(delete(outbox).where(outbox.c.chat == chat))


def left_hanging(db: Connection, now: datetime) -> int:
    """After a crash: what was leaving may or may not have arrived. It is not sent again, and counted."""
    return db.execute(
        update(outbox).where(outbox.c.state == "leaving").values(state="unsure", letter=None, settled_at=now)
    ).rowcount


def counts(db: Connection) -> dict[str, int]:
    return dict(db.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state)).all())


def prune(db: Connection, now: datetime) -> None:
    db.execute(delete(outbox).where(outbox.c.settled_at < now - KEPT))
