"""What is to be sent, until it is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.store.tables import outbox, people, recipients

KEPT = timedelta(days=30)
NOBODY = 0  # the chat of settled messages to somebody of whom nothing is kept
TO_A_RECIPIENT = {"refused": "failed", "dropped": "gone"}  # the other states are called the same


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


def _first_in_line() -> Select[Any]:
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
    may_go = and_(outbox.c.not_before <= bindparam("now"), outbox.c.chat.not_in(bindparam("busy", expanding=True)))
    return (
        select(outbox)
        .where(outbox.c.state == "waiting", may_go, ~somebody_before)
        .order_by(outbox.c.urgency, outbox.c.id)
        .limit(bindparam("most"))
    )


# What is asked for every message is made once: making a statement takes longer than executing it.
FIRST_IN_LINE = _first_in_line()
WAITING_FOR_HER = select(outbox.c.id).where(
    outbox.c.chat == bindparam("chat"), outbox.c.state == "waiting", outbox.c.not_before <= bindparam("now")
)
START = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("rows", expanding=True)), outbox.c.state == "waiting")
    .values(state="leaving")
)
SETTLE = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        chat=case((exists().where(people.c.id == outbox.c.chat), outbox.c.chat), else_=NOBODY),
        letter=None,
        state=bindparam("became"),
        message=bindparam("number"),
        error=bindparam("why"),
        settled_at=bindparam("now"),
    )
    .returning(outbox.c.recipient)
)


def write(
    db: Connection,
    chat: int,
    letter: Mapping[str, Any],
    *,
    urgency: Urgency,
    now: datetime,
    expires_at: datetime,
    not_before: datetime | None = None,
    cause: int | None = None,
    name: str = "",
    recipient: int | None = None,
) -> None:
    """With a `name`, it will take the place of what was sent under that name before."""
    db.execute(
        insert(outbox).values(
            chat=chat,
            letter=dict(letter),
            urgency=urgency,
            not_before=not_before or now,
            expires_at=expires_at,
            cause=cause,
            name=name,
            recipient=recipient,
            written_at=now,
        )
    )


def sendable(db: Connection, now: datetime, busy: Collection[int], limit: int) -> list[Envelope]:
    """What may go now: for each chat the first in line, the most urgent chats first.

    A chat whose first in line must wait (`not_before`) waits as a whole, so that order is kept.
    `busy` chats have a message on its way.
    """
    first = db.execute(FIRST_IN_LINE, {"now": now, "busy": list(busy), "most": limit})
    return [
        Envelope(
            r.id, r.chat, Urgency(r.urgency), _in_its_place(db, r) if r.name else r.letter, r.attempts, r.expires_at
        )
        for r in first.all()
    ]


def _in_its_place(db: Connection, row: Any) -> dict[str, Any]:
    """The letter, as an edit of the last one of its name; only when it is its turn it is known which that is."""
    before = select(outbox.c.message).where(
        outbox.c.name == row.name, outbox.c.chat == row.chat, outbox.c.message.is_not(None)
    )
    number = db.scalar(before.order_by(outbox.c.id.desc()).limit(1))
    return dict(row.letter) if number is None else {**row.letter, "edit": number}


def next_wait(db: Connection, now: datetime) -> datetime | None:
    """When the next message that must wait may go."""
    at: datetime | None = db.scalar(
        select(func.min(outbox.c.not_before)).where(outbox.c.state == "waiting", outbox.c.not_before > now)
    )
    return at


def waits(db: Connection, chat: int, now: datetime) -> bool:
    """Whether something may go to this chat now."""
    return db.execute(WAITING_FOR_HER, {"chat": chat, "now": now}).first() is not None


def start(db: Connection, rows: Collection[int]) -> int:
    """Notes that these are about to leave; only for messages that may never go out twice. Says how many still wait."""
    return db.execute(START, {"rows": list(rows)}).rowcount


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
    recipient = db.scalar(SETTLE, {"row": row, "became": state, "number": message, "why": error, "now": now})
    _settle_recipients(db, [recipient], state, now)


def _settle_recipients(db: Connection, rows: Collection[int | None], state: str, now: datetime) -> None:
    """What became of these messages became of the broadcasts' recipients that they were for."""
    if ids := [row for row in rows if row is not None]:
        theirs = update(recipients).where(recipients.c.id.in_(ids), recipients.c.state == "handed")
        db.execute(theirs.values(state=TO_A_RECIPIENT.get(state, state), settled_at=now))


def postpone(db: Connection, row: int, until: datetime, error: str) -> None:
    db.execute(
        update(outbox)
        .where(outbox.c.id == row)
        .values(state="waiting", not_before=until, attempts=outbox.c.attempts + 1, error=error)
    )


def drop_pushes(db: Connection, chat: int, now: datetime) -> None:
    """Nothing she did not ask for leaves any more; replies still do."""
    dropped = db.scalars(
        update(outbox)
        .where(outbox.c.chat == chat, outbox.c.state == "waiting", outbox.c.urgency > Urgency.REPLY)
        .values(state="dropped", letter=None, settled_at=now)
        .returning(outbox.c.recipient)
    )
    _settle_recipients(db, dropped.all(), "dropped", now)


def forget(db: Connection, chat: int) -> None:
    db.execute(delete(outbox).where(outbox.c.chat == chat))


def left_hanging(db: Connection, now: datetime) -> int:
    """After a crash: what was leaving may or may not have arrived. It is not sent again, and counted."""
    leaving = update(outbox).where(outbox.c.state == "leaving").values(state="unsure", letter=None, settled_at=now)
    left = db.scalars(leaving.returning(outbox.c.recipient)).all()
    _settle_recipients(db, left, "unsure", now)
    return len(left)


def counts(db: Connection) -> dict[str, int]:
    return dict(db.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state)).all())


def prune(db: Connection, now: datetime) -> None:
    db.execute(delete(outbox).where(outbox.c.settled_at < now - KEPT))
