"""What somebody is making, until it is done."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from bot.store.tables import drafts


def find(db: Connection, person: int, kind: str) -> Mapping[str, Any] | None:
    draft: Mapping[str, Any] | None = db.scalar(
        select(drafts.c.draft).where(drafts.c.person == person, drafts.c.kind == kind)
    )
    return draft


def keep(db: Connection, person: int, kind: str, draft: Mapping[str, Any] | None) -> None:
    """In the place of the one before; None throws it away."""
    db.execute(delete(drafts).where(drafts.c.person == person, drafts.c.kind == kind))
    if draft is not None:
        db.execute(insert(drafts).values(person=person, kind=kind, draft=dict(draft)))
