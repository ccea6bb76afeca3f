"""Updates that came in: stored before they are acknowledged, worked off in order, each one once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from bot.store.tables import inbox

# Telegram keeps an update for a day at most, so no number comes again after this.
REMEMBERED = timedelta(days=7)


@dataclass(frozen=True)
class Update:
    """`source` names it for good; `lane` is the chat it belongs to."""

    source: str
    lane: int
    payload: Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    id: int
    lane: int
    payload: Mapping[str, Any]


def insert_for(db: Connection) -> Any:
    """The INSERT that knows ON CONFLICT, of this database."""
    return insert_sqlite if db.dialect.name == "sqlite" else insert_postgresql


def keep(db: Connection, updates: Sequence[Update], now: datetime) -> int:
    """Stores what is new among these; says how many that were."""
    if not updates:
        return 0
    rows = [{"source": u.source, "lane": u.lane, "payload": dict(u.payload), "arrived_at": now} for u in updates]
    insert = insert_for(db)
    result = db.execute(insert(inbox).values(rows).on_conflict_do_nothing().returning(inbox.c.id))
    return len(result.all())


def take(db: Connection) -> Row | None:
    """The oldest waiting row of a lane nobody else works on; the lane is ours until the transaction ends."""
    waiting = select(inbox.c.id, inbox.c.lane, inbox.c.payload).where(inbox.c.state == "waiting")
    if db.dialect.name == "sqlite":  # one writer: every lane is ours
        found = db.execute(waiting.order_by(inbox.c.id).limit(1)).first()
        return Row(*found) if found else None
    oldest = func.min(inbox.c.id)
    lanes = select(inbox.c.lane).where(inbox.c.state == "waiting").group_by(inbox.c.lane).order_by(oldest)
    for lane in db.scalars(lanes.limit(100)):
        if db.scalar(text("SELECT pg_try_advisory_xact_lock(:lane)"), {"lane": lane}):
            found = db.execute(waiting.where(inbox.c.lane == lane).order_by(inbox.c.id).limit(1)).first()
            if found:
                return Row(*found)
    return None


def done(db: Connection, row: int, now: datetime) -> None:
    db.execute(update(inbox).where(inbox.c.id == row).values(state="done", payload=None, settled_at=now))


def set_aside(db: Connection, row: int, error: str, now: datetime) -> None:
    """Keeps what could not be understood, to be looked at, out of everybody's way."""
    storable = error.replace("\0", "").encode(errors="ignore").decode()
    db.execute(update(inbox).where(inbox.c.id == row).values(state="aside", error=storable, settled_at=now))


def put_back(db: Connection) -> int:
    """Gives everything that was set aside another try."""
    return db.execute(
        update(inbox).where(inbox.c.state == "aside").values(state="waiting", error=None, settled_at=None)
    ).rowcount


def forget(db: Connection, lane: int, now: datetime) -> None:
    """Wipes what was set aside of hers; what she sends next is still worked off."""
    hers = update(inbox).where(inbox.c.lane == lane, inbox.c.state == "aside")
    db.execute(hers.values(state="done", payload=None, error=None, settled_at=now))


def counts(db: Connection) -> dict[str, int]:
    return dict(db.execute(select(inbox.c.state, func.count()).group_by(inbox.c.state)).all())


def aside(db: Connection, limit: int = 20) -> list[tuple[int, str, datetime]]:
    """The newest rows set aside: number, error, since when."""
    rows = select(inbox.c.id, inbox.c.error, inbox.c.settled_at).where(inbox.c.state == "aside")
    return [(r.id, r.error, r.settled_at) for r in db.execute(rows.order_by(inbox.c.id.desc()).limit(limit))]


def prune(db: Connection, now: datetime) -> None:
    old = now - REMEMBERED
    db.execute(delete(inbox).where(inbox.c.state == "done", inbox.c.settled_at < old))
