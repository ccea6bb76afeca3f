"""Who comes to a session: never more than it has places for, the rest in line.

Whatever changes who comes locks the session first, so that of two who take the last place at the same moment one
sees that it is gone.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.store import plans
from bot.store.inbox import insert_for
from bot.store.tables import holds, people, sessions, signups
from conversations.people import Person
from conversations.signup import COLLEAGUE, OFFER, OFFER_OVER, offer_until
from conversations.world import Hold, Room, SignUp

TAKES_A_PLACE = ("comes", "offered")
CAN_BE_TOLD = (people.c.blocked_at.is_(None), people.c.stopped_at.is_(None))


class FullError(Exception):
    """There is no place left. Who decides looks at the room first, in the same transaction."""


def room(db: Connection, session: int, *, keep: bool = True) -> Room:
    """As it is; with `keep` it stays so until the transaction ends."""
    mine = select(sessions.c.capacity).where(sessions.c.id == session)
    capacity = db.scalar(mine.with_for_update() if keep else mine)
    counted = select(signups.c.state, func.count()).where(signups.c.session == session).group_by(signups.c.state)
    count: dict[str, int] = dict(db.execute(counted).all())
    held = db.scalar(select(func.count()).where(holds.c.session == session)) or 0
    return Room(capacity, sum(count.get(state, 0) for state in TAKES_A_PLACE) + held, count.get("waits", 0))


def find(db: Connection, session: int, person: int) -> SignUp | None:
    row = db.execute(_signups().where(signups.c.session == session, signups.c.person == person)).first()
    return SignUp(*row) if row else None


def of_session(db: Connection, session: int) -> list[SignUp]:
    """In the order in which they came."""
    rows = _signups().where(signups.c.session == session).order_by(signups.c.at, signups.c.person)
    return [SignUp(*row) for row in db.execute(rows)]


def _signups() -> Any:
    columns = (signups.c.person, people.c.name, signups.c.state, signups.c.until, signups.c.came)
    return select(*columns).join(people, people.c.id == signups.c.person)


def of_person(db: Connection, person: int, now: datetime) -> list[Any]:
    """The sessions that she comes to or waits for and that are not over, soonest first."""
    mine = (
        select(sessions)
        .join(signups, signups.c.session == sessions.c.id)
        .where(
            signups.c.person == person,
            signups.c.state.in_(("comes", "waits", "offered")),
            sessions.c.cancelled.is_(False),
            sessions.c.ends_at > now,
        )
        .order_by(sessions.c.starts_at)
    )
    return list(db.execute(mine))


def join(db: Connection, session: int, person: int, now: datetime) -> None:
    """Raises FullError when there is no place, and none is kept for her."""
    before = room(db, session)
    mine = find(db, session, person)
    if mine and mine.state == "comes":
        return
    if before.full and not (mine and mine.state == "offered"):
        raise FullError(session)
    _put(db, session, person, "comes", now)


def wait(db: Connection, session: int, person: int, now: datetime) -> None:
    """Puts her last in line; who comes, or is in line already, stays where she is."""
    room(db, session)
    mine = find(db, session, person)
    if mine is None or mine.state in ("lapsed", "no"):
        _put(db, session, person, "waits", now)
        offer(db, session, now)


def leave(db: Connection, session: int, person: int, now: datetime, *, no: bool = False) -> None:
    """She does not come; her place is offered to who waits. `no` is remembered as her answer."""
    room(db, session)
    if no:
        _put(db, session, person, "no", now)
    else:
        db.execute(delete(signups).where(signups.c.session == session, signups.c.person == person))
    offer(db, session, now)


def _put(db: Connection, session: int, person: int, state: str, now: datetime) -> None:
    values = {"at": now, "state": state, "until": None}
    new = insert_for(db)(signups).values(session=session, person=person, **values)
    db.execute(new.on_conflict_do_update(index_elements=["session", "person"], set_=values))


def offer(db: Connection, session: int, now: datetime) -> None:
    """Offers each free place to the first in line who can be told, with time to say yes."""
    row = db.execute(select(sessions).where(sessions.c.id == session).with_for_update()).one()
    if row.cancelled:
        return
    free = room(db, session).free
    zone = ZoneInfo(row.zone)
    line = select(people).join(signups, signups.c.person == people.c.id)
    line = line.where(signups.c.session == session, signups.c.state == "waits", *CAN_BE_TOLD)
    for first in db.execute(line.order_by(signups.c.at, signups.c.person)).mappings().all():
        if free == 0:
            return
        until = offer_until(Person(**first), now.astimezone(zone), row.starts_at.astimezone(zone))
        if until is None:
            continue  # she sleeps until it is too near; the next may be awake
        hers = update(signups).where(signups.c.session == session, signups.c.person == first["id"])
        db.execute(hers.values(state="offered", until=until))
        plans.put(db, first["id"], now, OFFER, str(session))
        free = None if free is None else free - 1


def lapse(db: Connection, now: datetime) -> int:
    """Takes back what was offered or held for too long, and offers it to the next; says how many.

    A place may also be free for somebody who could not be told of it before, and now can.
    """
    late = select(signups.c.session).where(signups.c.state == "offered", signups.c.until <= now)
    held = select(holds.c.session).where(holds.c.until <= now)
    changed = 0
    for session in sorted({*db.scalars(late), *db.scalars(held), *_with_a_place_for_who_waits(db, now)}):
        room(db, session)
        mine = update(signups).where(signups.c.session == session, signups.c.state == "offered", signups.c.until <= now)
        for person in db.scalars(mine.values(state="lapsed", until=None).returning(signups.c.person)).all():
            plans.put(db, person, now, OFFER_OVER, str(session))
            changed += 1
        changed += db.execute(delete(holds).where(holds.c.session == session, holds.c.until <= now)).rowcount
        offer(db, session, now)
    return changed


def next_lapse(db: Connection) -> datetime | None:
    """When an offer or a held place ends next."""
    offered = db.scalar(select(func.min(signups.c.until)).where(signups.c.state == "offered"))
    return min((at for at in (offered, db.scalar(select(func.min(holds.c.until)))) if at), default=None)


def _with_a_place_for_who_waits(db: Connection, now: datetime) -> list[int]:
    waiting = (
        select(signups.c.session)
        .join(people, people.c.id == signups.c.person)
        .join(sessions, sessions.c.id == signups.c.session)
        .where(signups.c.state == "waits", *CAN_BE_TOLD, sessions.c.cancelled.is_(False), sessions.c.starts_at > now)
    )
    return [session for session in db.scalars(waiting.distinct()).all() if not room(db, session, keep=False).full]


def put_back_in_line(db: Connection, session: int) -> None:
    """There is nothing to offer any more; should there be again, who waits is where she was."""
    db.execute(delete(holds).where(holds.c.session == session))
    offered = update(signups).where(signups.c.session == session, signups.c.state == "offered")
    db.execute(offered.values(state="waits", until=None))


def end_by(db: Connection, session: int, starts_at: datetime) -> None:
    """Nothing is kept for anybody beyond the start."""
    for table in (signups, holds):
        late = update(table).where(table.c.session == session, table.c.until > starts_at)
        db.execute(late.values(until=starts_at))


def hold(db: Connection, session: int, host: int, code: str, now: datetime) -> None:
    """Keeps a place for a colleague of hers, once for each code. Raises FullError when there is none."""
    before = room(db, session)
    if db.scalar(select(holds.c.session).where(holds.c.code == code)) is not None:
        return
    if before.full:
        raise FullError(session)
    row = db.execute(select(sessions).where(sessions.c.id == session)).one()
    known = Person(**db.execute(select(people).where(people.c.id == host)).mappings().one())
    zone = ZoneInfo(row.zone)
    until = offer_until(known, now.astimezone(zone), row.starts_at.astimezone(zone)) or row.starts_at
    until = until if row.capacity is not None else row.starts_at  # where there is room for everybody, it stays
    db.execute(insert(holds).values(code=code, session=session, host=host, until=until))


def held(db: Connection, code: str, now: datetime) -> Hold | None:
    row = db.execute(select(holds).where(holds.c.code == code, holds.c.until > now)).first()
    return Hold(*row) if row else None


def code_for(db: Connection, session: int, host: int, now: datetime) -> str:
    """Of the place she holds already, or a new one."""
    hers = select(holds.c.code).where(holds.c.session == session, holds.c.host == host, holds.c.until > now)
    return db.scalar(hers) or f"{COLLEAGUE}{session}-{secrets.token_urlsafe(12)}"


def take_held(db: Connection, code: str, person: int, now: datetime) -> None:
    """The colleague comes, on the place that was kept; one offered to herself goes on to the next in line.

    Nothing happens when it is gone.
    """
    session = db.scalar(select(holds.c.session).where(holds.c.code == code))
    if session is None:
        return
    room(db, session)
    if db.execute(delete(holds).where(holds.c.code == code)).rowcount:
        _put(db, session, person, "comes", now)
        offer(db, session, now)


def forget(db: Connection, person: int, now: datetime) -> None:
    """All of hers goes; what she leaves free is offered."""
    mine = [*db.scalars(select(signups.c.session).where(signups.c.person == person))]
    mine += db.scalars(select(holds.c.session).where(holds.c.host == person))
    for session in sorted(set(mine)):
        room(db, session)
        db.execute(delete(holds).where(holds.c.session == session, holds.c.host == person))
        leave(db, session, person, now)


def tick(db: Connection, session: int, person: int, came: bool) -> None:
    mine = update(signups).where(signups.c.session == session, signups.c.person == person, signups.c.state == "comes")
    db.execute(mine.values(came=came))


def to_ask(db: Connection, session: int) -> Sequence[int]:
    """Who is to be asked now how it was; from now on they have been."""
    hers = signups.c.session == session, signups.c.state == "comes"
    ticked = db.scalar(select(func.count()).where(*hers, signups.c.came.is_not(None)))
    who = update(signups).where(*hers, signups.c.asked.is_(False))
    who = who.where(signups.c.came.is_(True)) if ticked else who
    return db.scalars(who.values(asked=True).returning(signups.c.person)).all()


def tick_the_rest(db: Connection, session: int) -> None:
    """Whoever was not ticked did not come."""
    rest = update(signups).where(signups.c.session == session, signups.c.state == "comes", signups.c.came.is_(None))
    db.execute(rest.values(came=False))


def who_comes(db: Connection, session: int) -> Sequence[int]:
    return db.scalars(select(signups.c.person).where(signups.c.session == session, signups.c.state == "comes")).all()


def to_be_told(db: Connection, session: int) -> Sequence[int]:
    """Who wants to know when something changes: who comes, who waits, and to whom a place is offered."""
    wanted = ("comes", "waits", "offered")
    return db.scalars(select(signups.c.person).where(signups.c.session == session, signups.c.state.in_(wanted))).all()
