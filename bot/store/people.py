"""Who we know."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from bot.store.inbox import insert_for
from bot.store.tables import drafts, feedback, holds, interests, people, plans, roles, signups, tips_read
from conversations.people import Person


def find(db: Connection, person: int) -> Person | None:
    row = db.execute(select(people).where(people.c.id == person)).mappings().first()
    return Person(**row) if row else None


def save(db: Connection, person: Person) -> None:
    """Keeps her as she is now; of whom nothing may be kept, nothing stays."""
    if not person.kept:
        forget(db, person.id)
        return
    values = asdict(person)
    insert = insert_for(db)(people).values(values)
    del values["id"]
    db.execute(insert.on_conflict_do_update(index_elements=["id"], set_=values))


def save_all(db: Connection, everyone: Sequence[Person]) -> None:
    """Adds many people at once; none of them may be there yet."""
    db.execute(people.insert(), [asdict(person) for person in everyone])


def forget(db: Connection, person: int) -> None:
    """What others wait for is given back by `signups.forget`, and what was on its way by `broadcasts.forget`."""
    for table in (signups, feedback, plans, tips_read, interests, drafts, roles):
        db.execute(delete(table).where(table.c.person == person))
    db.execute(delete(holds).where(holds.c.host == person))
    db.execute(delete(people).where(people.c.id == person))


def blocked(db: Connection, person: int, now: datetime) -> None:
    db.execute(update(people).where(people.c.id == person).values(blocked_at=now))


def read_tip(db: Connection, person: int, tip: str) -> None:
    db.execute(insert_for(db)(tips_read).values(person=person, tip=tip).on_conflict_do_nothing())


def tips_read_by(db: Connection, person: int) -> set[str]:
    return set(db.scalars(select(tips_read.c.tip).where(tips_read.c.person == person)))


def choose_interest(db: Connection, person: int, subject: str, wanted: bool) -> None:
    if wanted:
        db.execute(insert_for(db)(interests).values(person=person, subject=subject).on_conflict_do_nothing())
    else:
        db.execute(delete(interests).where(interests.c.person == person, interests.c.subject == subject))


def interests_of(db: Connection, person: int) -> frozenset[str]:
    return frozenset(db.scalars(select(interests.c.subject).where(interests.c.person == person)))


def count_of(db: Connection, employer: str) -> int:
    joined = select(func.count()).where(people.c.employer == employer, people.c.agreed_at.is_not(None))
    return db.scalar(joined) or 0
