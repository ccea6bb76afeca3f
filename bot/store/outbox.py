"""What is to be sent, until it is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.store.tables import outbox

KEPT = timedelta(days=30)


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
    place_in_line = (
        func.row_number().over(partition_by=outbox.c.chat, order_by=(outbox.c.urgency, outbox.c.id)).label("place")
    )
    line = select(outbox, place_in_line).where(outbox.c.state == "waiting")
    if busy:
        line = line.where(outbox.c.chat.not_in(busy))
    lined_up = line.subquery()
    first = (
        select(lined_up)
        .where(lined_up.c.place == 1, lined_up.c.not_before <= now)
        .order_by(lined_up.c.urgency, lined_up.c.id)
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
    """Ends it: "sent", "gone", "refused", "unsure", "expired". What it said is wiped."""
    db.execute(
        update(outbox)
        .where(outbox.c.id == row)
        .values(state=state, letter=None, message=message, error=error, settled_at=now)
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
    return dict(db.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state)).tuples().all())


def prune(db: Connection, now: datetime) -> None:
    db.execute(delete(outbox).where(outbox.c.settled_at < now - KEPT))
