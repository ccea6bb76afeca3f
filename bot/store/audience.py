"""Whom a broadcast is for, and why somebody of them does not get it: one SELECT to count with and to freeze with."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select

from bot.store.tables import broadcasts, interests, people, recipients, sessions, signups
from conversations.world import Order

MOST_A_WEEK = 2
WEEK = timedelta(days=7)
DELIVERED = ("sent", "unsure")
UNDER_WAY = ("waiting", "handed")
ANSWERED = ("comes", "waits", "offered", "no")

Condition: TypeAlias = ColumnElement[bool]


@dataclass(frozen=True)
class Reach:
    """Whom an order is for. `employers` are those of its library; `author` does not get it herself."""

    order: Order
    employers: tuple[str, ...]
    author: int
    begins_at: datetime
    expires_at: datetime


def meant(reach: Reach) -> Select[Any]:
    """Everybody who is meant, once, with the `reason` why she does not get it; empty when she does."""
    limit = [] if reach.order.asked else [(_had_enough(reach.begins_at), "limit")]
    reason = case(*reasons(reach.order, reach.begins_at), *limit, else_="").label("reason")
    everybody = select(people.c.id.label("person"), reason).where(
        people.c.agreed_at.is_not(None), people.c.id != reach.author, _belongs(reach)
    )
    return everybody.order_by(people.c.id)


def reasons(order: Order, at: datetime) -> Iterator[tuple[Condition, str]]:
    """Why somebody in `people` gets none of this order at that moment; the first one that fits tells."""
    yield people.c.stopped_at.is_not(None), "stopped"
    yield people.c.blocked_at.is_not(None), "blocked"
    if order.asked:
        return
    yield people.c.wants_news.is_(False), "news"
    yield people.c.paused_until > at, "paused"
    if order.session is not None:
        hers = exists().where(signups.c.session == order.session, signups.c.person == people.c.id)
        yield hers.where(signups.c.state.in_(ANSWERED)), "signed"


def _belongs(reach: Reach) -> Condition:
    kind, _colon, about = reach.order.audience.partition(":")
    match kind:
        case "library":
            return _of_library(reach)
        case "employer":
            return people.c.employer == about if about in reach.employers else false()
        case "interest":
            hers = exists().where(interests.c.person == people.c.id, interests.c.subject == about)
            return and_(_of_library(reach), hers)
        case "session":
            coming = exists().where(signups.c.session == int(about), signups.c.person == people.c.id)
            return coming.where(signups.c.state == "comes")
        case "silent":
            return _silent(int(about))
    raise ValueError(f"there is no audience {reach.order.audience!r}")


def _of_library(reach: Reach) -> Condition:
    """By her employer, or because she ever said anything about one of its sessions."""
    signed = exists().where(
        signups.c.person == people.c.id, signups.c.session == sessions.c.id, sessions.c.library == reach.order.library
    )
    return or_(people.c.employer.in_(reach.employers), signed)


def _silent(session: int) -> Condition:
    """She got a message about this session, and said neither yes nor no."""
    told = exists().where(
        recipients.c.person == people.c.id,
        recipients.c.state.in_(DELIVERED),
        recipients.c.broadcast == broadcasts.c.id,
        broadcasts.c.session == session,
    )
    answered = exists().where(signups.c.session == session, signups.c.person == people.c.id)
    return and_(told, ~answered)


def _had_enough(begins_at: datetime) -> Condition:
    """She had two that she did not ask for in the week before, or they are on their way."""
    since = begins_at - WEEK
    unasked = select(func.count()).where(
        recipients.c.person == people.c.id,
        recipients.c.broadcast == broadcasts.c.id,
        broadcasts.c.asked.is_(False),
    )
    had = unasked.where(recipients.c.settled_at > since, recipients.c.state.in_(DELIVERED))
    to_come = unasked.where(
        recipients.c.settled_at.is_(None), recipients.c.state.in_(UNDER_WAY), broadcasts.c.begins_at > since
    )
    return had.scalar_subquery() + to_come.scalar_subquery() >= MOST_A_WEEK
