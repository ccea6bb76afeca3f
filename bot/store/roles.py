"""Who may do more than ask: coordinators, by invitation."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from bot.store.inbox import insert_for
from bot.store.tables import invitations, people, roles
from conversations.world import Role

LASTS = timedelta(days=7)
MARK = "inv-"
"""What the codes begin with, so that none is ever an employer's."""


def invite(db: Connection, role: Role, now: datetime) -> str:
    """The code for a link: hard to guess, good for one person and seven days."""
    code = MARK + secrets.token_urlsafe(16)
    values = {"code": code, "role": role.name, "about": role.about, "expires_at": now + LASTS}
    db.execute(invitations.insert().values(values))
    return code


def invited(db: Connection, code: str, now: datetime) -> Role | None:
    row = db.execute(select(invitations).where(invitations.c.code == code, invitations.c.expires_at > now)).first()
    return Role(row.role, row.about) if row else None


def accept(db: Connection, code: str, person: int, now: datetime) -> Role | None:
    """Uses the invitation up. None when somebody else was first, or it was too late."""
    taken = delete(invitations).where(invitations.c.code == code, invitations.c.expires_at > now)
    row = db.execute(taken.returning(invitations.c.role, invitations.c.about)).first()
    if row is None:
        return None
    values = {"person": person, "role": row.role, "about": row.about, "since": now}
    db.execute(insert_for(db)(roles).values(values).on_conflict_do_nothing())
    return Role(row.role, row.about)


def of_person(db: Connection, person: int) -> frozenset[Role]:
    found = db.execute(select(roles.c.role, roles.c.about).where(roles.c.person == person))
    return frozenset(Role(row.role, row.about) for row in found)


def who_are(db: Connection, role: Role) -> Sequence[int]:
    return db.scalars(select(roles.c.person).where(roles.c.role == role.name, roles.c.about == role.about)).all()


def everybody(db: Connection) -> Sequence[tuple[int, str, Role]]:
    """The number, first name and role of each who has one, the oldest first."""
    joined = roles.join(people, people.c.id == roles.c.person)
    found = db.execute(select(roles, people.c.name).select_from(joined).order_by(roles.c.since))
    return [(row.person, row.name, Role(row.role, row.about)) for row in found]


def withdraw(db: Connection, person: int) -> int:
    """Takes all roles of somebody; says how many there were."""
    return len(db.execute(delete(roles).where(roles.c.person == person).returning(roles.c.role)).all())


def prune(db: Connection, now: datetime) -> None:
    db.execute(delete(invitations).where(invitations.c.expires_at <= now))
