"""Drop-ins, workshops and trainings: those of the organisations file, and those planned in the chat."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, exists, func, or_, select, update

from bot.store import signups
from bot.store.inbox import insert_for
from bot.store.tables import feedback, places, sessions, slots_taken_over
from bot.store.tables import signups as signup_rows
from conversations.facts import SessionChanged, SessionsPlanned
from conversations.staff.draft import OWN
from conversations.world import Outcome, Place

PLANNED_IN_CHAT = "chat:"
"""What the slots begin with that are not in the organisations file."""


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
    taken_over: dict[str, str] = dict(db.execute(select(slots_taken_over)).all())
    wanted = [p for p in planned if not (p.slot in taken_over and p.day >= taken_over[p.slot])]
    changed = [c for p in wanted if (c := _put(db, p, before.pop((p.slot, p.day), None)))]
    for row in before.values():
        left_out = not row.by_hand and not row.cancelled and row.starts_at > now
        if left_out and _change(db, row.id, {"cancelled": True}, unless_by_hand=True):
            signups.put_back_in_line(db, row.id)
            changed.append(Changed(row.id, "cancelled"))
    return changed


def _put(db: Connection, planned: Planned, before: Any) -> Changed | None:
    values = vars(planned)
    if before is None:
        db.execute(insert_for(db)(sessions).values(values).on_conflict_do_nothing())
        return None
    if before.by_hand:
        return None
    differs = [key for key, value in values.items() if getattr(before, key) != value]
    if not differs and not before.cancelled:
        return None
    stage = before.stage if planned.starts_at == before.starts_at else 0
    if not _change(db, before.id, {**values, "cancelled": False, "stage": stage}, unless_by_hand=True):
        return None
    signups.end_by(db, before.id, planned.starts_at)
    return Changed(before.id, "moved")


def _change(db: Connection, session: int, values: Mapping[str, Any], *, unless_by_hand: bool = False) -> bool:
    """False when it was changed by hand meanwhile, and is to be left alone."""
    mine = update(sessions).where(sessions.c.id == session)
    mine = mine.where(sessions.c.by_hand.is_(False)) if unless_by_hand else mine
    return db.execute(mine.values(**values, sequence=sessions.c.sequence + 1)).rowcount > 0


def upcoming(db: Connection, libraries: Sequence[str], now: datetime, limit: int) -> list[Any]:
    wanted = select(sessions).where(sessions.c.starts_at > now, sessions.c.cancelled.is_(False))
    if libraries:
        wanted = wanted.where(sessions.c.library.in_(libraries))
    return list(db.execute(wanted.order_by(sessions.c.starts_at, sessions.c.id).limit(limit)))


def newest(db: Connection, library: str, now: datetime) -> Any | None:
    """The first still to come of the series that was planned last in the chat."""
    mine = select(sessions).where(sessions.c.library == library, sessions.c.starts_at > now)
    mine = mine.where(sessions.c.slot.startswith(PLANNED_IN_CHAT), sessions.c.cancelled.is_(False))
    last = db.execute(mine.order_by(sessions.c.id.desc()).limit(1)).first()
    series = mine.where(sessions.c.slot == last.slot).order_by(sessions.c.starts_at) if last else mine
    return db.execute(series.limit(1)).first()


def find(db: Connection, session: int) -> Any | None:
    return db.execute(select(sessions).where(sessions.c.id == session)).first()


def following(db: Connection, slot: str, day: str, now: datetime) -> list[Any]:
    """What is left of a series from this day on, soonest first."""
    begins = datetime.combine(date.fromisoformat(day), time(), UTC)
    onward = or_(sessions.c.day >= day, sessions.c.starts_at >= begins)  # it keeps its day when it is put later
    wanted = select(sessions).where(sessions.c.slot == slot, onward, sessions.c.starts_at > now)
    return list(db.execute(wanted.where(sessions.c.cancelled.is_(False)).order_by(sessions.c.starts_at)))


def of_library(db: Connection, library: str, since: datetime, limit: int) -> list[Any]:
    """That begin after `since`, soonest first."""
    wanted = select(sessions).where(
        sessions.c.library == library, sessions.c.starts_at > since, sessions.c.cancelled.is_(False)
    )
    return list(db.execute(wanted.order_by(sessions.c.starts_at, sessions.c.id).limit(limit)))


def add(db: Connection, new: SessionsPlanned) -> None:
    """What was planned in the chat, as a series of its own."""
    series = PLANNED_IN_CHAT + secrets.token_hex(8)
    _keep_place(db, new.library, new.place)
    for starts_at, ends_at in new.times:
        values = {
            "slot": series,
            "day": starts_at.date().isoformat(),
            "library": new.library,
            "place": new.place.id,
            "zone": str(starts_at.tzinfo),
            "starts_at": starts_at,
            "ends_at": ends_at,
            "remark": new.remark,
            "kind": new.kind,
            "capacity": new.capacity,
            "language": new.language,
            "by_hand": True,
        }
        db.execute(insert_for(db)(sessions).values(values).on_conflict_do_nothing())


def change(db: Connection, changed: SessionChanged, now: datetime) -> bool:
    """Says whether who comes is to be told: another time or another place. A freed place is offered."""
    before = db.execute(select(sessions).where(sessions.c.id == changed.session).with_for_update()).first()
    if before is None or before.cancelled:
        return False
    _keep_place(db, before.library, changed.place)
    values = {
        "place": changed.place.id,
        "starts_at": changed.starts_at,
        "ends_at": changed.ends_at,
        "remark": changed.remark,
        "kind": changed.kind,
        "capacity": changed.capacity,
        "language": changed.language,
    }
    moved = any(getattr(before, key) != values[key] for key in ("place", "starts_at", "ends_at"))
    stage = before.stage if changed.starts_at == before.starts_at else 0
    _change(db, before.id, {**values, "by_hand": True, "stage": stage})
    signups.end_by(db, before.id, changed.starts_at)
    signups.offer(db, before.id, now)
    return moved


def cancel(db: Connection, session: int) -> bool:
    """Says whether it was there to be cancelled."""
    row = db.execute(select(sessions).where(sessions.c.id == session).with_for_update()).first()
    if row is None or row.cancelled:
        return False
    _change(db, session, {"cancelled": True, "by_hand": True})
    signups.put_back_in_line(db, session)
    return True


def take_over(db: Connection, session: int) -> None:
    """From its day on, its line in the organisations file plans nothing more."""
    row = find(db, session)
    if row:
        insert = insert_for(db)(slots_taken_over).values(slot=row.slot, since=row.day)
        earlier = insert.on_conflict_do_update(
            index_elements=["slot"], set_={"since": row.day}, where=slots_taken_over.c.since > row.day
        )
        db.execute(earlier)


def _keep_place(db: Connection, library: str, place: Place) -> None:
    """Those of the file are there already; they are named there."""
    if place.id.startswith(OWN):
        values = {
            "id": place.id,
            "library": library,
            "name": place.name,
            "address": place.address,
            "latitude": place.latitude,
            "longitude": place.longitude,
        }
        db.execute(insert_for(db)(places).values(values).on_conflict_do_nothing())


def own_places(db: Connection) -> list[tuple[str, Place]]:
    """Those named in the chat, with the library of each."""
    return [
        (row.library, Place(row.id, row.name, row.address, row.latitude, row.longitude))
        for row in db.execute(select(places).order_by(places.c.name))
    ]


def walked_in(db: Connection, session: int, number: int) -> None:
    db.execute(update(sessions).where(sessions.c.id == session).values(walk_ins=number))


def feel(db: Connection, session: int, person: int, feeling: int, now: datetime) -> None:
    values = {"feeling": feeling, "at": now}
    insert = insert_for(db)(feedback).values(session=session, person=person, **values)
    db.execute(insert.on_conflict_do_update(index_elements=["session", "person"], set_=values))


def explain(db: Connection, session: int, person: int, words: str) -> None:
    hers = update(feedback).where(feedback.c.session == session, feedback.c.person == person)
    db.execute(hers.values(words=words))


def outcome(db: Connection, session: int) -> Outcome:
    """Who was ticked, who was not, and how it was; if nobody was ticked, nothing is known of that."""
    came = select(signup_rows.c.came, func.count()).where(
        signup_rows.c.session == session, signup_rows.c.state == "comes"
    )
    ticked: dict[bool | None, int] = dict(db.execute(came.group_by(signup_rows.c.came)).all())
    told = db.execute(select(feedback.c.feeling, feedback.c.words).where(feedback.c.session == session)).all()
    return Outcome(
        came=ticked.get(True, 0),
        stayed_away=ticked.get(False, 0),
        walked_in=db.scalar(select(sessions.c.walk_ins).where(sessions.c.id == session)) or 0,
        feelings=Counter(row.feeling for row in told),
        words=tuple(sorted(row.words for row in told if row.words)),
    )


def behind(db: Connection, stage: int, moment: str, after: datetime, until: datetime) -> list[Any]:
    """Sessions that have not reached this stage, and whose `moment` (starts_at or ends_at) lies between these."""
    at = sessions.c[moment]
    wanted = select(sessions).where(sessions.c.stage < stage, sessions.c.cancelled.is_(False), at > after, at <= until)
    return list(db.execute(wanted.order_by(sessions.c.starts_at, sessions.c.id)))


def next_behind(db: Connection, stage: int, moment: str, after: datetime) -> datetime | None:
    """The soonest `moment` of those that somebody comes to and that have not reached this stage."""
    at = sessions.c[moment]
    somebody = exists().where(signup_rows.c.session == sessions.c.id, signup_rows.c.state == "comes")
    wanted = select(func.min(at)).where(sessions.c.stage < stage, sessions.c.cancelled.is_(False), at > after, somebody)
    soonest: datetime | None = db.scalar(wanted)
    return soonest


def reach_stage(db: Connection, session: int, stage: int) -> bool:
    """False when it was there already."""
    mine = update(sessions).where(sessions.c.id == session, sessions.c.stage < stage)
    return db.execute(mine.values(stage=stage)).rowcount > 0
