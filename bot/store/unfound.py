"""Questions that found no answer, for the coordinator: masked, and without who asked them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select, update

from bot.store.inbox import insert_for
from bot.store.tables import unfound
from conversations.world import Unanswered

KEPT = timedelta(days=90)
OFFERED_KEPT = timedelta(days=2)
"""A choice was shown, and nobody said that it was wrong."""


def note(db: Connection, key: str, question: str, offered: bool, now: datetime) -> None:
    """Keeps the question. One that was offered a choice before is opened when it finds nothing now."""
    state = "offered" if offered else "open"
    values = {"key": key, "question": question, "state": state, "asked_at": now}
    insert = insert_for(db)(unfound).values(values).on_conflict_do_nothing()
    db.execute(insert)
    if not offered:
        open_again(db, key)


def open_again(db: Connection, key: str) -> None:
    """The choice that was shown for it was not right."""
    db.execute(update(unfound).where(unfound.c.key == key, unfound.c.state == "offered").values(state="open"))


def first(db: Connection) -> Unanswered | None:
    row = db.execute(select(unfound).where(unfound.c.state == "open").order_by(unfound.c.id).limit(1)).first()
    return Unanswered(row.id, row.question) if row else None


def find(db: Connection, number: int) -> Unanswered | None:
    """While it waits for somebody to look at it."""
    row = db.execute(select(unfound).where(unfound.c.id == number, unfound.c.state == "open")).first()
    return Unanswered(row.id, row.question) if row else None


def count(db: Connection) -> int:
    return db.scalar(select(func.count()).where(unfound.c.state == "open")) or 0


def settle(db: Connection, number: int, state: str, topic: str = "") -> None:
    """What the coordinator decided: "placed" with an answer, or "wished". Once is enough."""
    waiting = unfound.c.id == number, unfound.c.state == "open"
    db.execute(update(unfound).where(*waiting).values(state=state, topic=topic))


def drop(db: Connection, number: int) -> None:
    db.execute(delete(unfound).where(unfound.c.id == number, unfound.c.state == "open"))


def in_state(db: Connection, state: str) -> Sequence[tuple[int, str, str]]:
    """Number, question and topic of each, oldest first."""
    found = db.execute(select(unfound).where(unfound.c.state == state).order_by(unfound.c.id))
    return [(row.id, row.question, row.topic) for row in found]


def written(db: Connection, numbers: Sequence[int]) -> None:
    db.execute(update(unfound).where(unfound.c.id.in_(numbers)).values(state="written"))


def prune(db: Connection, now: datetime) -> None:
    db.execute(delete(unfound).where(unfound.c.asked_at <= now - KEPT))
    db.execute(delete(unfound).where(unfound.c.state == "offered", unfound.c.asked_at <= now - OFFERED_KEPT))
