"""Messages to many: who gets one and who does not, once at most, and the figures add up at every moment."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, update

from bot.clock import Clock
from bot.delivery import settle
from bot.knowledge import Knowledge
from bot.outcomes import Gone, Later, Outcome, Refused, Sent, Strange
from bot.store import Connection, Database, broadcasts, outbox, people, plans, signups, tables
from bot.store.broadcasts import Reach
from conversations.world import Headcount, Order, Report
from tests.conftest import MONDAY
from tests.pipeline.doing import (
    MARJA,
    add,
    plan_sessions,
    rows,
    session_of,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
EVENING = MONDAY + timedelta(hours=9)  # seven o'clock
EMPLOYERS = ("zon", "ster")
RATE = 10.0
SENT = Sent(1)
TEXT = {"nl": {"text": "Kom je ook?"}, "en": {"text": "Are you coming?"}}
ALL_WEEK = MONDAY + timedelta(days=14)


def reach(
    audience: str = "library",
    *,
    session: int | None = None,
    begins_at: datetime = MONDAY,
    expires_at: datetime = EVENING,
    author: int = MARJA,
) -> Reach:
    return Reach(Order("stad", audience, session, "Kom"), EMPLOYERS, author, begins_at, expires_at)


async def order(database: Database, wanted: Reach, letters: Mapping[str, Any] = TEXT) -> int:
    return await database.write(broadcasts.order, wanted, letters, MONDAY)


async def begun(database: Database, wanted: Reach) -> int:
    """Its number."""
    number = await order(database, wanted)
    assert await database.write(broadcasts.begin, wanted.begins_at)
    return number


async def feed(database: Database, now: datetime = MONDAY, room: int = 1000) -> None:
    while await database.write(broadcasts.feed, room, now) and room == 1000:
        pass


async def send_all(database: Database, now: datetime = MONDAY, outcome: Outcome = SENT) -> list[tuple[int, str]]:
    """Everything in the outbox goes, with this outcome; gives who got what."""
    sent = []
    for envelope in await database.read(outbox.sendable, now, [], 1000):
        await database.write(outbox.start, [envelope.id])
        await database.write(settle, envelope, outcome, Still(now))
        sent.append((envelope.chat, envelope.letter["text"]))
    return sent


class Still(Clock):
    """A clock that stands still."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at

    def now(self) -> datetime:
        return self.at


async def count(database: Database, wanted: Reach, now: datetime = MONDAY) -> Headcount:
    return await database.read(broadcasts.headcount, wanted, now, RATE)


async def told(database: Database, number: int, now: datetime = MONDAY) -> Report:
    found = await database.read(broadcasts.report, number, now, RATE)
    assert found
    assert found.audience == parts(found)
    return found


def parts(report: Report) -> int:
    settled = report.delivered + report.blocked + report.failed + report.unsure + report.expired
    return report.waiting + settled + sum(report.excluded.values())


async def fates(database: Database, number: int) -> dict[int | None, str]:
    """Of each person what became of hers: the state of her row, or why she is excluded."""
    kept = [row for row in await rows(database, tables.recipients) if row.broadcast == number]
    return {row.person: row.reason or row.state for row in kept}


async def put(database: Database, table: Any, *values: Mapping[str, Any]) -> None:
    await database.write(lambda db: db.execute(insert(table), list(values)))


async def sign_up(database: Database, session: int, **states: str) -> None:
    """`person_7="comes"`."""
    named = {int(name.removeprefix("person_")): state for name, state in states.items()}
    values = [{"session": session, "person": who, "state": state, "at": MONDAY} for who, state in named.items()]
    await put(database, tables.signups, *values)


async def change(database: Database, person: int, **facts: Any) -> None:
    await database.write(lambda db: db.execute(update(tables.people).where(tables.people.c.id == person).values(facts)))


def erase(db: Connection, person: int, now: datetime) -> None:
    """As it is done when she asks for it."""
    signups.forget(db, person, now)
    broadcasts.forget(db, person, now)
    people.forget(db, person)
    outbox.forget(db, person)


@pytest.fixture
async def dropin(database: Database, knowledge: Knowledge) -> int:
    """A drop-in of the library."""
    await plan_sessions(database, knowledge)
    return int((await session_of(database, "dinsdag", "2026-12-01")).id)


@pytest.fixture
async def elsewhere(database: Database, dropin: int) -> int:
    """A drop-in of another library."""
    return int((await session_of(database, "vrijdag", "2026-11-27")).id)


# Who is meant.


async def test_the_library_is_everybody_of_its_employers_and_who_ever_signed_up(
    database: Database, dropin: int, elsewhere: int
) -> None:
    await add(database, 1, MARJA)
    await add(database, 2, employer="ster")
    await add(database, 3, employer="maan")
    await add(database, 4, agreed_at=None, step="joining:consent")
    await add(database, 5, 6, 7, 8, 9, 10, employer="")
    states = {"person_5": "comes", "person_6": "waits", "person_7": "offered", "person_8": "lapsed", "person_9": "no"}
    await sign_up(database, dropin, **states)
    await sign_up(database, elsewhere, person_10="comes")
    number = await begun(database, reach())
    assert set(await fates(database, number)) == {1, 2, 5, 6, 7, 8, 9}
    assert (await count(database, reach())).audience == 7


async def test_an_employer_is_its_people_and_only_if_it_is_one_of_the_library(database: Database) -> None:
    await add(database, 1, MARJA)
    await add(database, 2, employer="ster")
    await add(database, 3, employer="maan")
    assert set(await fates(database, await begun(database, reach("employer:ster")))) == {2}
    assert set(await fates(database, await begun(database, reach("employer:maan")))) == set()


async def test_an_interest_is_of_the_librarys_people(database: Database) -> None:
    await add(database, 1, 2, MARJA)
    await add(database, 3, employer="maan")
    interested = [{"person": who, "subject": "mail"} for who in (1, 3, MARJA)]
    await put(database, tables.interests, *interested, {"person": 1, "subject": "inloggen"})
    await put(database, tables.interests, {"person": 2, "subject": "inloggen"})
    assert set(await fates(database, await begun(database, reach("interest:mail")))) == {1}


async def test_a_session_is_who_comes(database: Database, dropin: int) -> None:
    await add(database, 1, 2, 3, employer="maan")
    await sign_up(database, dropin, person_1="comes", person_2="waits", person_3="no")
    number = await begun(database, reach(f"session:{dropin}", session=dropin))
    assert await fates(database, number) == {1: "waiting"}


async def test_the_silent_got_a_message_about_it_and_said_nothing(database: Database, dropin: int) -> None:
    await add(database, *range(1, 7))
    first = await begun(database, reach(session=dropin))
    for who, state in {1: "sent", 2: "unsure", 3: "gone", 4: "expired", 5: "sent", 6: "sent"}.items():
        row = tables.recipients.c.person == who
        values = {"state": state, "settled_at": MONDAY}
        await database.write(
            lambda db, row=row, values=values: db.execute(update(tables.recipients).where(row).values(values))
        )
    await sign_up(database, dropin, person_5="comes", person_6="lapsed")
    again = reach(f"silent:{dropin}", session=dropin, begins_at=MONDAY + timedelta(hours=1))
    assert (await count(database, again)).audience == 2
    assert set(await fates(database, await begun(database, again))) == {1, 2}
    assert len(await fates(database, first)) == 6
    other = reach(f"silent:{dropin + 1}", session=dropin + 1)
    assert (await count(database, other)).audience == 0


async def test_nobody_is_meant_twice_and_the_author_is_not_meant(database: Database, dropin: int) -> None:
    await add(database, 1, MARJA)
    second = (await session_of(database, "dinsdag", "2026-11-24")).id
    for session in (dropin, second):
        await sign_up(database, session, person_1="comes", **{f"person_{MARJA}": "comes"})
    for audience in ("library", "employer:zon", f"session:{dropin}"):
        number = await begun(database, reach(audience))
        assert [row.person for row in await rows(database, tables.recipients) if row.broadcast == number] == [1]


async def test_an_audience_that_is_none_is_a_mistake(database: Database) -> None:
    with pytest.raises(ValueError, match="there is no audience 'everybody'"):
        await count(database, reach("everybody"))


# Who of them does not get it.

LATER = MONDAY + timedelta(days=3)
EXCLUDED: dict[str, dict[str, Any]] = {
    "stopped": {"stopped_at": MONDAY, "blocked_at": MONDAY, "wants_news": False, "paused_until": LATER},
    "blocked": {"blocked_at": MONDAY, "wants_news": False, "paused_until": LATER},
    "news": {"wants_news": False, "paused_until": LATER},
    "paused": {"paused_until": LATER},
}


@pytest.mark.parametrize("reason", EXCLUDED)
async def test_who_wants_none_gets_none_and_the_first_reason_counts(database: Database, reason: str) -> None:
    await add(database, 1)
    await add(database, 2, **EXCLUDED[reason])
    assert (await count(database, reach())).excluded == {reason: 1}
    number = await begun(database, reach())
    assert await fates(database, number) == {1: "waiting", 2: reason}
    await feed(database)
    assert await send_all(database) == [(1, "Kom je ook?")]
    assert (await told(database, number)).excluded == {reason: 1}


async def test_a_pause_that_is_over_when_it_begins_excludes_nobody(database: Database) -> None:
    await add(database, 1, paused_until=MONDAY)
    assert (await count(database, reach())).gets == 1


async def test_who_comes_gets_what_she_asked_for_unless_she_stopped_or_blocked(database: Database, dropin: int) -> None:
    await add(database, 1, **EXCLUDED["news"])
    await add(database, 2, **EXCLUDED["paused"])
    await add(database, 3, **EXCLUDED["stopped"])
    await add(database, 4, **EXCLUDED["blocked"])
    await sign_up(database, dropin, **{f"person_{who}": "comes" for who in range(1, 5)})
    number = await begun(database, reach(f"session:{dropin}", session=dropin))
    assert await fates(database, number) == {1: "waiting", 2: "waiting", 3: "stopped", 4: "blocked"}
    await feed(database)
    assert {who for who, _said in await send_all(database)} == {1, 2}


@pytest.mark.parametrize(
    ("state", "fate"),
    [("comes", "signed"), ("waits", "signed"), ("offered", "signed"), ("no", "signed"), ("lapsed", "waiting")],
)
async def test_who_has_answered_is_not_asked_again(database: Database, dropin: int, state: str, fate: str) -> None:
    await add(database, 1)
    await sign_up(database, dropin, person_1=state)
    assert await fates(database, await begun(database, reach(session=dropin))) == {1: fate}
    assert await fates(database, await begun(database, reach())) == {1: "waiting"}


async def test_two_a_week_is_enough(database: Database, dropin: int) -> None:
    await add(database, 1, 2)
    await sign_up(database, dropin, person_1="comes")
    for day in range(2):
        at = MONDAY + timedelta(days=day)
        await begun(database, reach(begins_at=at, expires_at=at + timedelta(hours=9)))
        await feed(database, at)
        assert len(await send_all(database, at)) == 2
    third = MONDAY + timedelta(days=2)
    assert (await count(database, reach(begins_at=third))).excluded == {"limit": 2}
    asked = await begun(database, reach(f"session:{dropin}", begins_at=third, expires_at=ALL_WEEK))
    assert await fates(database, asked) == {1: "waiting"}
    week = MONDAY + timedelta(days=7)
    assert (await count(database, reach(begins_at=week - timedelta(seconds=1)))).excluded == {"limit": 2}
    assert (await count(database, reach(begins_at=week))).excluded == {}


async def test_what_waits_and_is_on_its_way_counts_and_what_never_came_does_not(database: Database) -> None:
    await add(database, 1)
    first = await begun(database, reach())
    await feed(database)
    await begun(database, reach())
    assert (await count(database, reach())).excluded == {"limit": 1}
    await send_all(database, outcome=Refused("never"))
    assert (await told(database, first)).failed == 1
    assert (await count(database, reach())).excluded == {}


async def test_messages_asked_for_do_not_count_for_the_limit(database: Database, dropin: int) -> None:
    await add(database, 1)
    await sign_up(database, dropin, person_1="comes")
    for _ in range(3):
        await begun(database, reach(f"session:{dropin}"))
        await feed(database)
        await send_all(database)
    assert (await count(database, reach())).gets == 1


async def test_the_headcount_tells_how_long_it_lasts_with_what_is_before_it(database: Database) -> None:
    await add(database, *range(1, 41))
    await add(database, 50, blocked_at=MONDAY)
    assert await count(database, reach()) == Headcount(41, 40, {"blocked": 1}, timedelta(seconds=4))
    await begun(database, reach("employer:zon"))
    assert (await count(database, reach())).lasts == timedelta(seconds=8)
    soon, later = MONDAY + timedelta(seconds=1), MONDAY + timedelta(hours=1)
    assert (await count(database, reach(begins_at=soon))).lasts == timedelta(seconds=7)
    assert (await count(database, reach(begins_at=later))).lasts == timedelta(seconds=4)


# Frozen when it begins.


async def test_before_it_begins_nobody_is_counted(database: Database) -> None:
    await add(database, 1)
    number = await order(database, reach(begins_at=EVENING, expires_at=ALL_WEEK))
    assert not await database.write(broadcasts.begin, MONDAY)
    found = await told(database, number)
    assert (found.state, found.audience, found.waiting, found.ends_at) == ("waiting", 0, 0, EVENING)
    assert found.order == Order("stad", "library", None, "Kom")
    assert await database.read(broadcasts.report, number + 1, MONDAY, RATE) is None


async def test_who_joins_after_it_began_does_not_get_it_and_who_leaves_her_employer_still_does(
    database: Database,
) -> None:
    await add(database, 1)
    await begun(database, reach())
    await add(database, 2)
    await change(database, 1, employer="")
    await feed(database)
    assert [who for who, _said in await send_all(database)] == [1]


async def test_the_text_is_what_it_was_when_it_was_ordered_in_the_language_she_has_now(
    database: Database, dropin: int
) -> None:
    await add(database, 1, 2, 3)
    number = await order(database, reach(session=dropin))
    cancelled = update(tables.sessions).where(tables.sessions.c.id == dropin).values(cancelled=True)
    await database.write(lambda db: db.execute(cancelled))
    await change(database, 2, language="en")
    await change(database, 3, language="ar")
    await database.write(broadcasts.begin, MONDAY)
    await feed(database)
    assert await send_all(database) == [(1, "Kom je ook?"), (2, "Are you coming?"), (3, "Kom je ook?")]
    assert (await told(database, number)).delivered == 3


async def test_a_broadcast_begins_once(database: Database) -> None:
    await add(database, 1)
    await begun(database, reach())
    assert not await database.write(broadcasts.begin, MONDAY)
    assert len(await rows(database, tables.recipients)) == 1


async def test_the_oldest_goes_first_and_no_more_than_there_is_room_for(database: Database) -> None:
    await add(database, *range(1, 6))
    later = await begun(database, reach("employer:zon", begins_at=MONDAY))
    first = await begun(database, reach(begins_at=MONDAY - timedelta(minutes=1)))
    assert await database.write(broadcasts.feed, 7, MONDAY) == 7
    handed = {number: [*(await fates(database, number)).values()].count("handed") for number in (first, later)}
    assert handed == {first: 5, later: 2}
    assert await database.write(broadcasts.feed_up_to, 8, MONDAY) == 1
    assert await database.write(broadcasts.feed_up_to, 8, MONDAY) == 0


# Looked at again when it is due.


@pytest.mark.parametrize("reason", EXCLUDED)
async def test_who_changes_her_mind_meanwhile_gets_none(database: Database, reason: str) -> None:
    await add(database, 1)
    number = await begun(database, reach())
    await change(database, 1, **EXCLUDED[reason])
    await feed(database)
    assert await send_all(database) == []
    assert await fates(database, number) == {1: reason}


async def test_who_answers_meanwhile_is_not_asked(database: Database, dropin: int) -> None:
    await add(database, 1, 2)
    number = await begun(database, reach(session=dropin))
    await sign_up(database, dropin, person_1="no")
    await feed(database)
    assert await fates(database, number) == {1: "signed", 2: "handed"}


async def test_who_is_erased_meanwhile_is_counted_without_who_she_was(database: Database) -> None:
    await add(database, 1, 2, 3, 4)
    number = await begun(database, reach())
    await feed(database, room=2)
    first, second = await database.read(outbox.sendable, MONDAY, [], 10)
    await database.write(settle, first, Sent(1), Still(MONDAY))
    await database.write(outbox.start, [second.id])
    for who in (1, 2, 3):  # one has it, to one it is on its way, to one it is still to go
        await database.write(erase, who, MONDAY)
    await database.write(settle, second, Sent(2), Still(MONDAY))
    found = await told(database, number)
    assert (found.delivered, found.waiting, found.excluded) == (1, 1, {"erased": 2})
    assert [row.person for row in await rows(database, tables.recipients)] == [None, None, None, 4]
    await feed(database)
    assert [who for who, _said in await send_all(database)] == [4]


async def test_who_is_only_gone_from_the_table_of_people_is_counted_as_erased(database: Database) -> None:
    await add(database, 1)
    number = await begun(database, reach())
    await database.write(people.forget, 1)
    await feed(database)
    assert (await told(database, number)).excluded == {"erased": 1}


async def test_who_blocks_meanwhile_gets_none_of_what_waits_and_all_again_when_she_is_back(database: Database) -> None:
    await add(database, 1)
    first, second = await begun(database, reach()), await begun(database, reach())
    await feed(database)
    (envelope,) = await database.read(outbox.sendable, MONDAY, [], 10)
    await database.write(settle, envelope, Gone("blocked"), Still(MONDAY))
    assert [await fates(database, number) for number in (first, second)] == [{1: "gone"}, {1: "gone"}]
    assert (await told(database, second)).blocked == 1
    third = await begun(database, reach())
    assert await fates(database, third) == {1: "blocked"}
    fourth = await order(database, reach())
    await change(database, 1, blocked_at=None)
    await database.write(broadcasts.begin, MONDAY)
    await feed(database)
    assert await fates(database, fourth) == {1: "handed"}
    assert await fates(database, third) == {1: "blocked"}


# Quiet hours.

SLEEPS: list[tuple[str, tuple[int, int], str]] = [
    ("2026-11-23T20:59:59+01:00", (21, 8), "now"),
    ("2026-11-23T21:00:00+01:00", (21, 8), "2026-11-24T08:00:00+01:00"),
    ("2026-11-24T07:59:59+01:00", (21, 8), "2026-11-24T08:00:00+01:00"),
    ("2026-11-24T08:00:00+01:00", (21, 8), "now"),
    ("2026-11-23T23:00:00+01:00", (21, 21), "now"),
    ("2026-11-23T13:00:00+01:00", (12, 18), "2026-11-23T18:00:00+01:00"),
    ("2026-11-23T22:00:00+01:00", (12, 18), "now"),
    # the clocks go back from three to two
    ("2026-10-24T22:00:00+02:00", (21, 8), "2026-10-25T08:00:00+01:00"),
    ("2026-10-25T02:30:00+02:00", (21, 3), "2026-10-25T03:00:00+01:00"),
    ("2026-10-25T02:30:00+01:00", (21, 3), "2026-10-25T03:00:00+01:00"),
    ("2026-10-25T02:30:00+01:00", (21, 2), "now"),
    # the clocks go forward from two to three
    ("2027-03-27T22:00:00+01:00", (21, 8), "2027-03-28T08:00:00+02:00"),
    ("2027-03-28T01:59:59+01:00", (21, 2), "2027-03-28T03:00:00+02:00"),
    ("2027-03-28T03:00:00+02:00", (21, 2), "now"),
]


@pytest.mark.parametrize(("at", "hours", "goes"), SLEEPS)
async def test_nobody_is_woken(database: Database, at: str, hours: tuple[int, int], goes: str) -> None:
    now = datetime.fromisoformat(at)
    await add(database, 1, quiet_from=hours[0], quiet_until=hours[1], agreed_at=now)
    number = await begun(database, reach(begins_at=now, expires_at=now + timedelta(days=1)))
    await feed(database, now)
    if goes == "now":
        assert await fates(database, number) == {1: "handed"}
        return
    woken = datetime.fromisoformat(goes)
    assert await fates(database, number) == {1: "waiting"}
    assert (await told(database, number, now)).ends_at == woken
    await feed(database, woken - timedelta(seconds=1))
    assert await fates(database, number) == {1: "waiting"}
    await feed(database, woken)
    assert await fates(database, number) == {1: "handed"}


async def test_who_sleeps_until_it_is_too_late_does_not_get_it_and_holds_up_nobody(database: Database) -> None:
    night = datetime(2026, 11, 23, 21, 30, tzinfo=AMSTERDAM)
    await add(database, 1)
    await add(database, 2, quiet_from=23, quiet_until=7)
    number = await begun(database, reach(begins_at=night, expires_at=datetime(2026, 11, 24, 8, tzinfo=AMSTERDAM)))
    assert (await count(database, reach(begins_at=night))).excluded == {}
    await feed(database, night)
    assert [who for who, _said in await send_all(database, night)] == [2]
    assert await fates(database, number) == {1: "quiet", 2: "sent"}


# Steering.


async def step(database: Database, number: int, to: str, now: datetime = MONDAY) -> str:
    """The state after it."""
    await database.write(broadcasts.steer, number, to, now)
    return (await told(database, number)).state


async def test_a_pause_keeps_what_waits_and_lets_go_what_is_in_the_outbox(database: Database) -> None:
    await add(database, 1, 2, 3)
    number = await begun(database, reach())
    await feed(database, room=1)
    assert await step(database, number, "paused") == "paused"
    await feed(database)
    assert len(await send_all(database)) == 1
    await database.write(broadcasts.finish, MONDAY)
    assert (await told(database, number)).waiting == 2
    assert await step(database, number, "sending") == "sending"
    await feed(database)
    assert len(await send_all(database)) == 2
    await database.write(broadcasts.finish, EVENING)
    done = await told(database, number, ALL_WEEK)
    assert (done.state, done.delivered, done.ends_at) == ("done", 3, EVENING)


@pytest.mark.parametrize("paused", [False, True])
async def test_stopping_excludes_all_that_still_wait(database: Database, paused: bool) -> None:
    await add(database, *range(1, 6))
    number = await begun(database, reach())
    await feed(database, room=2)
    if paused:
        await step(database, number, "paused")
    assert await step(database, number, "stopped") == "stopped"
    assert (await told(database, number)).waiting == 2
    await feed(database)
    assert len(await send_all(database)) == 2
    await database.write(broadcasts.finish, EVENING)
    stopped = await told(database, number)
    assert (stopped.state, stopped.delivered, stopped.excluded, stopped.ends_at) == (
        "stopped", 2, {"stopped-by": 3}, MONDAY,
    )  # fmt: skip


async def test_what_is_undone_never_begins(database: Database) -> None:
    await add(database, 1)
    number = await order(database, reach())
    assert await step(database, number, "undone") == "undone"
    assert not await database.write(broadcasts.begin, MONDAY)
    assert (await told(database, number)).audience == 0


STATES = {
    "waiting": (),
    "undone": ("undone",),
    "sending": ("begin",),
    "paused": ("begin", "paused"),
    "stopped": ("begin", "stopped"),
    "done": ("done",),
}
POSSIBLE = {("waiting", "undone"), ("sending", "paused"), ("sending", "stopped"), ("paused", "sending"),
            ("paused", "stopped")}  # fmt: skip


@pytest.mark.parametrize("to", ["undone", "paused", "sending", "stopped", "done", "waiting", "nonsense"])
@pytest.mark.parametrize("state", STATES)
async def test_a_step_that_is_not_possible_changes_nothing(database: Database, state: str, to: str) -> None:
    number = await order(database, reach())
    if state != "done":
        await add(database, 1)
    for way in STATES[state]:
        if way == "begin" or way == "done":
            await database.write(broadcasts.begin, MONDAY)
            await database.write(broadcasts.finish, MONDAY)
        else:
            await step(database, number, way)
    assert (await told(database, number)).state == state
    assert await step(database, number, to) == (to if (state, to) in POSSIBLE else state)


# Too late.


async def test_what_expires_in_the_middle_is_counted_as_expired(database: Database) -> None:
    await add(database, *range(1, 8))
    number = await begun(database, reach())
    await feed(database, room=3)
    first, second, third = await database.read(outbox.sendable, MONDAY, [], 10)
    await database.write(settle, first, Sent(1), Still(MONDAY))
    await feed(database, EVENING)
    assert (await told(database, number)).expired == 4
    for late in (second, third):
        await database.write(outbox.settle, late.id, "expired", EVENING)
    await database.write(broadcasts.finish, EVENING)
    found = await told(database, number)
    assert (found.state, found.delivered, found.expired) == ("done", 1, 6)


async def test_a_pause_ends_when_it_is_too_late(database: Database) -> None:
    await add(database, 1, 2)
    number = await begun(database, reach())
    await step(database, number, "paused")
    await feed(database, EVENING)
    await database.write(broadcasts.finish, EVENING)
    found = await told(database, number)
    assert (found.state, found.expired) == ("done", 2)


async def test_what_begins_too_late_adds_up_too(database: Database) -> None:
    await add(database, 1, 2)
    await add(database, 3, stopped_at=MONDAY)
    number = await order(database, reach(expires_at=MONDAY + timedelta(hours=1)))
    await database.write(broadcasts.begin, EVENING)
    await feed(database, EVENING)
    await database.write(broadcasts.finish, EVENING)
    found = await told(database, number)
    assert (found.state, found.audience, found.expired, found.excluded) == ("done", 3, 2, {"stopped": 1})


# What became of each.

BECAME: list[tuple[Outcome, str]] = [
    (Sent(1), "delivered"),
    (Gone("blocked"), "blocked"),
    (Refused("too long"), "failed"),
    (Later("timed out", arrived=True), "unsure"),
    (Strange("?"), "unsure"),
    (Later("no connection"), "waiting"),
    (Later("flood", flood=3), "waiting"),
]


@pytest.mark.parametrize(("outcome", "part"), BECAME)
async def test_each_outcome_has_its_figure(database: Database, outcome: Outcome, part: str) -> None:
    await add(database, 1)
    number = await begun(database, reach())
    await feed(database)
    await send_all(database, outcome=outcome)
    found = await told(database, number)
    assert (found.audience, getattr(found, part)) == (1, 1)


async def test_a_mistake_of_ours_is_failed_and_a_crash_is_unsure(database: Database) -> None:
    await add(database, 1, 2, 3)
    number = await begun(database, reach())
    await feed(database)
    first, second, _third = await database.read(outbox.sendable, MONDAY, [], 10)
    await database.write(outbox.settle, first.id, "failed", MONDAY)
    await database.write(outbox.start, [second.id])
    assert await database.write(outbox.left_hanging, MONDAY) == 1
    found = await told(database, number)
    assert (found.failed, found.unsure, found.waiting) == (1, 1, 1)


async def test_a_librarys_broadcasts_are_told_newest_first(database: Database) -> None:
    await add(database, 1)
    numbers = [await begun(database, reach()) for _ in range(3)]
    other = Reach(Order("dorp", "library"), ("maan",), MARJA, MONDAY, EVENING)
    last = await order(database, other)
    mine = await database.read(broadcasts.of_library, "stad", 2, MONDAY, RATE)
    assert [(report.id, report.audience) for report in mine] == [(numbers[2], 1), (numbers[1], 1)]
    every = await database.read(broadcasts.newest, 10, MONDAY, RATE)
    assert [report.id for report in every] == [last, *reversed(numbers)]


# Its author sees how it goes.


async def planned(database: Database) -> list[tuple[int, str, str]]:
    """What is planned now; it comes at once."""
    found = [(row.person, row.kind, row.about) for row in await rows(database, tables.plans)]
    await database.write(plans.hand_over, ALL_WEEK)
    return found


async def test_its_author_is_shown_what_changed_every_three_seconds_and_the_end(database: Database) -> None:
    await add(database, *range(1, 5), MARJA)
    number = await begun(database, reach())
    progress, done = (MARJA, "broadcast-progress", str(number)), (MARJA, "broadcast-done", str(number))

    async def shown(seconds: int) -> list[tuple[int, str, str]]:
        at = MONDAY + timedelta(seconds=seconds)
        await database.write(broadcasts.finish, at)
        await database.write(broadcasts.tell, at)
        return await planned(database)

    assert await shown(0) == [progress], "ordered, and begun"
    assert await shown(4) == [], "nothing has changed"
    await feed(database, room=2)
    await send_all(database)
    assert await shown(5) == [progress]
    await feed(database, room=1)
    await send_all(database)
    assert await shown(7) == [], "too soon"
    assert await shown(8) == [progress]
    await step(database, number, "paused")
    assert await shown(9) == [progress], "a pause is shown at once"
    await step(database, number, "sending")
    assert await shown(9) == [progress]
    await feed(database)
    await send_all(database)
    assert await database.read(broadcasts.going, MONDAY)
    assert await shown(10) == [done]
    assert await shown(60) == []
    assert not await database.read(broadcasts.going, MONDAY)


async def test_the_end_of_what_was_stopped_is_told_when_the_last_message_is_settled(database: Database) -> None:
    await add(database, 1, 2, MARJA)
    number = await begun(database, reach())
    await feed(database, room=1)
    await step(database, number, "stopped")
    await database.write(broadcasts.tell, MONDAY)
    assert [kind for _who, kind, _about in await planned(database)] == ["broadcast-progress"]
    await send_all(database)
    await database.write(broadcasts.tell, MONDAY + timedelta(seconds=3))
    assert [kind for _who, kind, _about in await planned(database)] == ["broadcast-done"]


async def test_what_waits_is_shown_once_and_what_is_undone_not_again(database: Database) -> None:
    await add(database, MARJA)
    number = await order(database, reach())
    assert await planned(database) == [(MARJA, "broadcast-progress", str(number))]
    await step(database, number, "undone")
    await database.write(broadcasts.tell, MONDAY)
    assert await planned(database) == []


async def test_an_author_who_is_erased_is_told_nothing_and_nothing_of_her_is_kept(database: Database) -> None:
    await add(database, 1, MARJA)
    number = await begun(database, reach())
    await database.write(broadcasts.tell, MONDAY)
    await database.write(erase, MARJA, MONDAY)
    await feed(database)
    await send_all(database)
    await database.write(broadcasts.finish, EVENING)
    await database.write(broadcasts.tell, EVENING)
    assert await planned(database) == []
    assert (await told(database, number)).delivered == 1
    assert [row.author for row in await rows(database, tables.broadcasts)] == [outbox.NOBODY]
    assert not await database.read(broadcasts.going, EVENING)


async def test_who_got_it_is_forgotten_after_90_days_and_the_figures_stay(database: Database) -> None:
    await add(database, 1, 2)
    number = await begun(database, reach())
    await feed(database)
    await send_all(database)
    await database.write(broadcasts.prune, MONDAY + timedelta(days=89))
    assert set(await fates(database, number)) == {1, 2}
    await database.write(broadcasts.prune, MONDAY + timedelta(days=91))
    assert set(await fates(database, number)) == {None}
    assert (await told(database, number)).delivered == 2


async def test_a_session_that_is_no_longer_so_is_not_sent_round(database: Database, dropin: int) -> None:
    await add(database, *range(1, 6))
    about = replace(reach(), order=Order("stad", "library", dropin))
    late = await order(database, replace(about, begins_at=MONDAY + timedelta(hours=1)))
    number = await begun(database, about)
    await feed(database, room=2)
    await database.write(broadcasts.withdraw, dropin, MONDAY)
    await feed(database)
    assert len(await send_all(database)) == 2
    assert (await told(database, number)).excluded["stopped-by"] == 3
    assert (await told(database, late)).state == "undone"
