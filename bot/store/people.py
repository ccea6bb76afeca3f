"""Who we know."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from bot.store.inbox import insert_for
from bot.store.tables import people, plans, roles, signups, tips_read
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


def forget(db: Connection, person: int) -> None:
    for table in (signups, plans, tips_read, roles):
        db.execute(delete(table).where(table.c.person == person))
    db.execute(delete(people).where(people.c.id == person))


def blocked(db: Connection, person: int, now: datetime) -> None:
    db.execute(update(people).where(people.c.id == person).values(blocked_at=now))


def read_tip(db: Connection, person: int, tip: str) -> None:
    db.execute(insert_for(db)(tips_read).values(person=person, tip=tip).on_conflict_do_nothing())


def tips_read_by(db: Connection, person: int) -> set[str]:
    return set(db.scalars(select(tips_read.c.tip).where(tips_read.c.person == person)))
