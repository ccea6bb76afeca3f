"""Drop-ins and who comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update

from bot.store.inbox import insert_for
from bot.store.tables import sessions, signups


@dataclass(frozen=True)
class Planned:
    """A drop-in as the organisations file has it on one day."""

    slot: str
    day: str
    library: str
    place: str
    zone: str
    starts_at: datetime
    ends_at: datetime
    remark: str


@dataclass(frozen=True)
class Changed:
    session: int
    what: str  # "moved" or "cancelled"


def plan(db: Connection, planned: Sequence[Planned], now: datetime) -> list[Changed]:
    """Makes the coming drop-ins as the file has them; tells which that were there have changed."""
    yesterday = (now - timedelta(days=1)).date().isoformat()  # one that has begun may yet be put later
    coming = select(sessions).where(or_(sessions.c.starts_at > now, sessions.c.day >= yesterday))
    before = {(row.slot, row.day): row for row in db.execute(coming)}
    changed = [c for p in planned if (c := _put(db, p, before.pop((p.slot, p.day), None)))]
    for row in before.values():
        if not row.cancelled and row.starts_at > now:
            _change(db, row.id, row.sequence, cancelled=True)
            changed.append(Changed(row.id, "cancelled"))
    return changed


def _put(db: Connection, planned: Planned, before: Any) -> Changed | None:
    values = vars(planned)
    if before is None:
        db.execute(insert_for(db)(sessions).values(values).on_conflict_do_nothing())
        return None
    differs = [key for key, value in values.items() if getattr(before, key) != value]
    if not differs and not before.cancelled:
        return None
    _change(db, before.id, before.sequence, **values, cancelled=False)
    return Changed(before.id, "moved")


def _change(db: Connection, session: int, sequence: int, **values: Any) -> None:
    db.execute(update(sessions).where(sessions.c.id == session).values(**values, sequence=sequence + 1))


def upcoming(db: Connection, libraries: Sequence[str], now: datetime, limit: int) -> list[Any]:
    wanted = select(sessions).where(sessions.c.starts_at > now, sessions.c.cancelled.is_(False))
    if libraries:
        wanted = wanted.where(sessions.c.library.in_(libraries))
    return list(db.execute(wanted.order_by(sessions.c.starts_at, sessions.c.id).limit(limit)))


def find(db: Connection, session: int) -> Any | None:
    return db.execute(select(sessions).where(sessions.c.id == session)).first()


def join(db: Connection, session: int, person: int, now: datetime) -> None:
    values = {"session": session, "person": person, "at": now}
    db.execute(insert_for(db)(signups).values(values).on_conflict_do_nothing())


def leave(db: Connection, session: int, person: int) -> None:
    db.execute(delete(signups).where(signups.c.session == session, signups.c.person == person))


def comes(db: Connection, session: int, person: int) -> bool:
    mine = select(signups.c.at).where(signups.c.session == session, signups.c.person == person)
    return db.execute(mine).first() is not None


def of_person(db: Connection, person: int, now: datetime) -> list[Any]:
    mine = (
        select(sessions)
        .join(signups, signups.c.session == sessions.c.id)
        .where(signups.c.person == person, sessions.c.ends_at > now)
        .order_by(sessions.c.starts_at)
    )
    return list(db.execute(mine))


def who_comes(db: Connection, session: int) -> list[int]:
    return list(db.scalars(select(signups.c.person).where(signups.c.session == session)))
