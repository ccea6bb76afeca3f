"""What is to happen later. When its time has come, a plan becomes a row of the inbox."""

from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from bot.store import inbox
from bot.store.inbox import insert_for
from bot.store.tables import people, plans


def put(db: Connection, person: int, at: datetime, kind: str, about: str = "") -> None:
    """Plans it; the same kind and about again is moved."""
    values = {"person": person, "at": at, "kind": kind, "about": about}
    db.execute(
        insert_for(db)(plans)
        .values(values)
        .on_conflict_do_update(index_elements=["person", "kind", "about"], set_={"at": at})
    )


def drop(db: Connection, person: int, kind: str, about: str = "") -> None:
    """Takes it back; an empty `about` means every one of this kind."""
    mine = delete(plans).where(plans.c.person == person, plans.c.kind == kind)
    db.execute(mine.where(plans.c.about == about) if about else mine)


def hand_over(db: Connection, now: datetime, limit: int = 500) -> int:
    """Moves what is due into the inbox, soonest first, in one transaction; says how many."""
    due = db.scalars(select(plans.c.id).where(plans.c.at <= now).order_by(plans.c.at, plans.c.id).limit(limit)).all()
    if not due:
        return 0
    # Another planner may have taken it meanwhile, and a turn may have moved it: only what is due still goes.
    still_due = delete(plans).where(plans.c.id.in_(due), plans.c.at <= now)
    taken = sorted(db.execute(still_due.returning(plans)), key=lambda plan: (plan.at, plan.id))
    updates = [
        inbox.Update(f"plan:{plan.id}", plan.person, {"due": {"kind": plan.kind, "about": plan.about}})
        for plan in taken
    ]
    return inbox.keep(db, updates, now)


def next_at(db: Connection) -> datetime | None:
    """When the next plan is due, of anybody who can still be reached."""
    reachable = plans.join(people, people.c.id == plans.c.person)
    at: datetime | None = db.scalar(
        select(func.min(plans.c.at)).select_from(reachable).where(people.c.blocked_at.is_(None))
    )
    return at
