"""Messages to many: who is meant, one row a person, and what became of each.

A broadcast waits until it begins; then everybody who is meant gets a row, once and for good. What waits is handed to
the outbox bit by bit; settling a message there settles its row. So its figures add up at every moment.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    exists,
    func,
    insert,
    literal,
    not_,
    null,
    or_,
    select,
    update,
)

from bot.clock import ZONE
from bot.store import plans
from bot.store.audience import UNDER_WAY, Reach, meant, reasons
from bot.store.outbox import NOBODY, Urgency
from bot.store.tables import Moment, broadcasts, outbox, people, recipients
from conversations.people import Person
from conversations.quiet import awake, is_quiet
from conversations.world import Headcount, Order, Report

__all__ = ["Reach"]

DEFAULT_LANGUAGE = "nl"
PROGRESS, DONE = "broadcast-progress", "broadcast-done"
TELL_EVERY = timedelta(seconds=3)
OVER = "over"  # what `told` begins with when its author knows the end

NOT_EXCLUDED = ("waiting", "handed", "sent", "gone", "failed", "unsure", "expired")
REMEMBERED = timedelta(days=90)
GOING = ("sending", "paused")
ENDED = ("done", "stopped")
STEPS = {"undone": ("waiting",), "paused": ("sending",), "sending": ("paused",), "stopped": GOING}
"""What a coordinator may do, and in which states."""


def headcount(db: Connection, reach: Reach, now: datetime, rate: float) -> Headcount:
    """`rate` is in messages a second."""
    everybody = meant(reach).subquery()
    counted = select(everybody.c.reason, func.count()).group_by(everybody.c.reason)
    by_reason: dict[str, int] = dict(db.execute(counted).all())
    audience = sum(by_reason.values())
    gets = by_reason.pop("", 0)
    gone_by_then = (reach.begins_at - now).total_seconds() * rate
    before = max(0.0, _before(db, reach.begins_at) - max(0.0, gone_by_then))
    return Headcount(audience, gets, by_reason, timedelta(seconds=(gets + before) / rate))


def _before(db: Connection, begins_at: datetime) -> int:
    """How many messages of earlier broadcasts are still to go."""
    mine = select(func.count()).where(
        recipients.c.broadcast == broadcasts.c.id,
        recipients.c.state.in_(UNDER_WAY),
        broadcasts.c.state == "sending",
        broadcasts.c.begins_at <= begins_at,
    )
    return db.scalar(mine) or 0


def report(db: Connection, broadcast: int, now: datetime, rate: float) -> Report | None:
    row = db.execute(select(broadcasts).where(broadcasts.c.id == broadcast)).first()
    return _report(row, _figures(db, [broadcast])[broadcast], now, rate) if row else None


def of_library(db: Connection, library: str, limit: int, now: datetime, rate: float) -> Sequence[Report]:
    """The newest first."""
    return newest(db, limit, now, rate, library)


def newest(db: Connection, limit: int, now: datetime, rate: float, library: str = "") -> Sequence[Report]:
    """Of every library, or of one."""
    wanted = select(broadcasts).order_by(broadcasts.c.id.desc()).limit(limit)
    rows = db.execute(wanted.where(broadcasts.c.library == library) if library else wanted).all()
    figures = _figures(db, [row.id for row in rows])
    return [_report(row, figures[row.id], now, rate) for row in rows]


@dataclass
class Figures:
    """How many recipients are in each state, the excluded ones by reason; `last` is when the last one may go."""

    states: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    excluded: dict[str, int] = field(default_factory=dict)
    last: datetime | None = None

    @property
    def waiting(self) -> int:
        return sum(self.states[state] for state in UNDER_WAY)

    @property
    def audience(self) -> int:
        return sum(self.states.values())


def _figures(db: Connection, ids: Collection[int]) -> dict[int, Figures]:
    """One look at them all, so that they add up. Reasons are looked for only where there are any: the rest is counted
    in an index."""
    states = _counted(ids, recipients.c.state, literal("").label("reason")).where(recipients.c.state.in_(NOT_EXCLUDED))
    reasons = _counted(ids, recipients.c.state, recipients.c.reason).where(recipients.c.state == "excluded")
    figures = {broadcast: Figures() for broadcast in ids}
    by_reason = reasons.group_by(recipients.c.broadcast, recipients.c.state, recipients.c.reason)
    for row in db.execute(states.group_by(recipients.c.broadcast, recipients.c.state).union_all(by_reason)):
        of_one = figures[row.broadcast]
        of_one.states[row.state] += row.number
        if row.state == "excluded":
            of_one.excluded[row.reason] = row.number
        if row.state == "waiting":
            of_one.last = row.last
    return figures


def _counted(ids: Collection[int], *by: ColumnElement[str]) -> Select[Any]:
    last = func.max(recipients.c.not_before).label("last")
    counted = select(recipients.c.broadcast, *by, func.count().label("number"), last)
    return counted.where(recipients.c.broadcast.in_(ids))


def _report(row: Any, figures: Figures, now: datetime, rate: float) -> Report:
    states = figures.states
    return Report(
        id=row.id,
        order=_order(row),
        state=row.state,
        begins_at=row.begins_at,
        ends_at=_ends_at(row, figures, now, rate),
        audience=figures.audience,
        waiting=figures.waiting,
        delivered=states["sent"],
        blocked=states["gone"],
        failed=states["failed"],
        unsure=states["unsure"],
        expired=states["expired"],
        excluded=figures.excluded,
    )


def _ends_at(row: Any, figures: Figures, now: datetime, rate: float) -> datetime:
    """When it ended or will have: at the pace allowed, and not before the last one is awake."""
    if row.state == "waiting":
        at: datetime = row.begins_at
        return at
    return row.ended_at or max(now + timedelta(seconds=figures.waiting / rate), figures.last or now)


def _order(row: Any) -> Order:
    return Order(row.library, row.audience, row.session, row.text)


def order(db: Connection, reach: Reach, letters: Mapping[str, Any], now: datetime) -> int:
    """Keeps it until it is to begin, and shows it to its author; its number."""
    values = {
        "library": reach.order.library,
        "author": reach.author,
        "session": reach.order.session,
        "audience": reach.order.audience,
        "text": reach.order.text,
        "employers": reach.employers,
        "asked": reach.order.asked,
        "letters": dict(letters),
        "state": "waiting",
        "written_at": now,
        "begins_at": reach.begins_at,
        "expires_at": reach.expires_at,
    }
    number: int = db.execute(insert(broadcasts).values(values).returning(broadcasts.c.id)).scalar_one()
    _plan(db, reach.author, PROGRESS, number, now)
    return number


def steer(db: Connection, broadcast: int, to: str, now: datetime) -> None:
    """A step that is not possible now changes nothing. What is in the outbox already goes on."""
    ended = {"ended_at": now} if to in ("undone", "stopped") else {}
    mine = update(broadcasts).where(broadcasts.c.id == broadcast, broadcasts.c.state.in_(STEPS.get(to, ())))
    done = db.execute(mine.values(state=to, **ended)).rowcount
    if done and to == "stopped":
        _settle_waiting(db, broadcast, now, state="excluded", reason="stopped-by")


def withdraw(db: Connection, session: int, now: datetime) -> None:
    """What is to go round about a session that is no longer as it says."""
    about = select(broadcasts.c.id).where(broadcasts.c.session == session, broadcasts.c.state.in_(("waiting", *GOING)))
    for number in db.scalars(about).all():
        steer(db, number, "undone", now)
        steer(db, number, "stopped", now)


def _settle_waiting(db: Connection, broadcast: int, now: datetime, **values: str) -> int:
    waiting = update(recipients).where(recipients.c.broadcast == broadcast, recipients.c.state == "waiting")
    return db.execute(waiting.values(settled_at=now, **values)).rowcount


def forget(db: Connection, person: int, now: datetime) -> None:
    """What was still to go to her, or on its way, is counted as erased, without who she was."""
    # First her messages, then her rows: settling a message locks them in this order too.
    mine = outbox.c.chat == person, outbox.c.state.in_(("waiting", "leaving"))
    db.execute(select(outbox.c.id).where(*mine).with_for_update()).all()
    hers = update(recipients).where(recipients.c.person == person)
    under_way = hers.where(recipients.c.state.in_(UNDER_WAY))
    db.execute(under_way.values(state="excluded", reason="erased", settled_at=now))
    db.execute(hers.values(person=None))
    db.execute(update(broadcasts).where(broadcasts.c.author == person).values(author=NOBODY))


def prune(db: Connection, now: datetime) -> None:
    """Who got what is forgotten after a while; the figures stay."""
    long_ago = recipients.c.settled_at < now - REMEMBERED, recipients.c.person.is_not(None)
    db.execute(update(recipients).where(*long_ago).values(person=None))


def going(db: Connection, now: datetime) -> bool:
    """Whether there is anything to do for a broadcast now."""
    due = and_(broadcasts.c.state == "waiting", broadcasts.c.begins_at <= now)
    wanted = select(broadcasts.c.id).where(or_(due, broadcasts.c.state.in_(GOING), _end_not_told()))
    return db.execute(wanted.limit(1)).first() is not None


def next_at(db: Connection, now: datetime) -> datetime | None:
    """When there will be something to do that is not to be done already."""
    mine = recipients.join(broadcasts, broadcasts.c.id == recipients.c.broadcast)
    moments = (
        select(func.min(broadcasts.c.begins_at)).where(broadcasts.c.state == "waiting"),
        select(func.min(broadcasts.c.expires_at)).where(broadcasts.c.state.in_(GOING), broadcasts.c.expires_at > now),
        select(func.min(recipients.c.not_before))
        .select_from(mine)
        .where(broadcasts.c.state == "sending", recipients.c.state == "waiting", recipients.c.not_before > now),
    )
    return min((at for moment in moments if (at := db.scalar(moment))), default=None)


def begin(db: Connection, now: datetime) -> bool:
    """Begins the first one that is due: now it is settled who is meant. False when none is due."""
    due = select(broadcasts).where(broadcasts.c.state == "waiting", broadcasts.c.begins_at <= now)
    row = db.execute(due.order_by(broadcasts.c.begins_at, broadcasts.c.id).limit(1).with_for_update()).first()
    if row is None:
        return False
    reach = Reach(_order(row), tuple(row.employers), row.author, row.begins_at, row.expires_at)
    # nobody of them is erased until the transaction ends
    everybody = meant(reach).with_for_update(read=True, key_share=True, of=people).subquery()
    gets = everybody.c.reason == ""
    rows = select(
        literal(row.id, recipients.c.broadcast.type),
        everybody.c.person,
        case((gets, "waiting"), else_="excluded"),
        everybody.c.reason,
        literal(row.begins_at, Moment()),
        case((gets, null()), else_=literal(now, Moment())),
    )
    columns = ["broadcast", "person", "state", "reason", "not_before", "settled_at"]
    db.execute(insert(recipients).from_select(columns, rows))
    db.execute(update(broadcasts).where(broadcasts.c.id == row.id).values(state="sending"))
    return True


def feed_up_to(db: Connection, most: int, now: datetime) -> int:
    """As `feed`, so that no more than `most` letters of broadcasts are in the outbox."""
    waiting = select(func.count()).where(
        outbox.c.state.in_(("waiting", "leaving")), outbox.c.urgency == Urgency.BROADCAST
    )
    return feed(db, most - (db.scalar(waiting) or 0), now)


def feed(db: Connection, room: int, now: datetime) -> int:
    """Puts at most `room` letters into the outbox, the oldest broadcast first.

    Says how many recipients it dealt with, also those who do not get it or not yet: 0 means that nothing is to be done.
    """
    dealt_with = 0
    under_way = select(broadcasts).where(broadcasts.c.state.in_(GOING))
    for row in db.execute(under_way.order_by(broadcasts.c.begins_at, broadcasts.c.id).with_for_update()).all():
        if row.expires_at <= now:
            dealt_with += _settle_waiting(db, row.id, now, state="expired")
        elif row.state == "sending" and room > 0:
            looked_at, handed = _hand_over(db, row, room, now)
            dealt_with += looked_at
            room -= handed
    return dealt_with


def _hand_over(db: Connection, row: Any, room: int, now: datetime) -> tuple[int, int]:
    """How many were looked at, and how many of those have a letter in the outbox now."""
    excluded: dict[str, list[int]] = defaultdict(list)
    postponed: dict[datetime, list[int]] = defaultdict(list)
    handed: list[Any] = []
    due = _due(db, row, room, now)
    for one in due:
        if one.reason:
            excluded[one.reason].append(one.id)
        elif (woken := _awake(one, now)) <= now:
            handed.append(one)
        elif woken >= row.expires_at:
            excluded["quiet"].append(one.id)
        else:
            postponed[woken].append(one.id)
    for reason, ids in excluded.items():
        _change(db, ids, state="excluded", reason=reason, settled_at=now)
    for woken, ids in postponed.items():
        _change(db, ids, not_before=woken)
    if handed:
        _change(db, [one.id for one in handed], state="handed")
        db.execute(insert(outbox), [_message(row, one, now) for one in handed])
    return len(due), len(handed)


def _due(db: Connection, row: Any, limit: int, now: datetime) -> Sequence[Any]:
    """Recipients whose turn it is, as they are now, with the `reason` why one does not get it any more."""
    reason = case((people.c.id.is_(None), "erased"), *reasons(_order(row), now), else_="").label("reason")
    hers = people.c.id.label("person"), people.c.language, people.c.quiet_from, people.c.quiet_until
    waiting = (
        select(recipients.c.id, reason, *hers)
        .select_from(recipients.outerjoin(people, people.c.id == recipients.c.person))
        .where(recipients.c.broadcast == row.id, recipients.c.state == "waiting", recipients.c.not_before <= now)
        .order_by(recipients.c.not_before, recipients.c.id)
        .limit(limit)
    )
    return db.execute(waiting.with_for_update(of=recipients, skip_locked=True)).all()


def _awake(one: Any, now: datetime) -> datetime:
    """`now`, or the end of the quiet hours that she has now."""
    person = Person(one.person, one.language, quiet_from=one.quiet_from, quiet_until=one.quiet_until)
    local = now.astimezone(ZONE)
    return awake(person, local) if is_quiet(person, local) else now


def _change(db: Connection, ids: Iterable[int], **values: Any) -> None:
    db.execute(update(recipients).where(recipients.c.id.in_(ids)).values(values))


def _message(row: Any, one: Any, now: datetime) -> dict[str, Any]:
    return {
        "chat": one.person,
        "letter": row.letters.get(one.language) or row.letters[DEFAULT_LANGUAGE],
        "urgency": Urgency.BROADCAST,
        "recipient": one.id,
        "not_before": now,
        "expires_at": row.expires_at,
        "written_at": now,
    }


def finish(db: Connection, now: datetime) -> None:
    """Ends what has nobody left to go to."""
    left = exists().where(recipients.c.broadcast == broadcasts.c.id, recipients.c.state.in_(UNDER_WAY))
    over = update(broadcasts).where(broadcasts.c.state.in_(GOING), ~left)
    db.execute(over.values(state="done", ended_at=now))


def tell(db: Connection, now: datetime) -> None:
    """Plans a turn for each author who is to be shown something new.

    `told` is when she was last shown something, the state then, and the figures.
    """
    wanted = select(broadcasts).where(or_(broadcasts.c.state.in_(GOING), _end_not_told()))
    for row in db.execute(wanted.order_by(broadcasts.c.id)).all():
        _tell_author(db, row, now)


def _end_not_told() -> Any:
    return and_(broadcasts.c.state.in_(ENDED), not_(broadcasts.c.told.startswith(OVER)))


def _tell_author(db: Connection, row: Any, now: datetime) -> None:
    at, _space, before = row.told.partition(" ")
    if before.startswith(f"{row.state} ") and now.timestamp() < int(at) + TELL_EVERY.total_seconds():
        return
    figures = _figures(db, [row.id])[row.id]
    over = row.state in ENDED and not figures.waiting
    news = f"{row.state} {_in_short(figures)}"
    if news == before and not over:
        return
    told = f"{OVER if over else int(now.timestamp())} {news}"
    db.execute(update(broadcasts).where(broadcasts.c.id == row.id).values(told=told))
    if over:
        plans.drop(db, row.author, PROGRESS, str(row.id))
    _plan(db, row.author, DONE if over else PROGRESS, row.id, now)


def _in_short(figures: Figures) -> str:
    settled = (figures.states[state] for state in (*NOT_EXCLUDED, "excluded") if state not in UNDER_WAY)
    return " ".join(str(number) for number in (figures.waiting, *settled))


def _plan(db: Connection, author: int, kind: str, broadcast: int, now: datetime) -> None:
    """Nothing when she has been erased; she can't be until the transaction ends."""
    hers = select(people.c.id).where(people.c.id == author).with_for_update(read=True, key_share=True)
    if db.scalar(hers) is not None:
        plans.put(db, author, now, kind, str(broadcast))
