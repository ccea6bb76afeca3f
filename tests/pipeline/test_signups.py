"""Who comes: never more than there are places for, whatever happens in whichever order, and what she hears of it."""

import asyncio
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy import text as text_of

from bot.knowledge import Knowledge
from bot.planner import look
from bot.store import Connection, Database, people, sessions, signups, tables
from bot.store.database import in_memory
from bot.store.signups import FullError
from bot.turns import take_turn
from conversations.facts import SessionChanged, SessionsPlanned
from conversations.people import Person
from conversations.world import Place
from tests.conftest import MONDAY
from tests.pipeline.doing import FATIMA, MARJA, RANIA, add, hear, keep, rows, states, tap, text, work_off

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PLEIN = Place("plein", "Bibliotheek Stad")
IN_MEMORY = in_memory()
LONG = 20 if os.environ.get("DIGIHULP_LONG") == "1" else 1


def planned(starts_at: datetime, capacity: int | None) -> SessionsPlanned:
    local = starts_at.astimezone(AMSTERDAM)
    return SessionsPlanned("stad", "workshop", PLEIN, ((local, local + 2 * HOUR),), capacity)


def changed(session: Any, **facts: Any) -> SessionChanged:
    """It as it is in the table, with these facts changed."""
    values = {"capacity": session.capacity, "starts_at": session.starts_at} | facts
    ends_at = values["starts_at"] + (session.ends_at - session.starts_at)
    return SessionChanged(session.id, session.kind, PLEIN, ends_at=ends_at, **values)


# A play: steps in any order, played in the store and in a model of it; after every step the two are the same.

QUIET = [(21, 8), (8, 16), (0, 0), (22, 6), (9, 8)]
EVERYBODY = range(1, 7)
BEFORE_THE_CLOCKS_GO_BACK = datetime(2026, 10, 24, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class SignedUp:
    state: str
    at: datetime
    until: datetime | None = None


@dataclass
class Model:
    """The rules once more, in plain Python: people and who of them said what, places held, and what is to be told."""

    now: datetime
    starts_at: datetime
    capacity: int | None
    cancelled: bool = False
    people: dict[int, Person] = field(default_factory=dict)
    rows: dict[int, SignedUp] = field(default_factory=dict)
    holds: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    told: set[tuple[int, str]] = field(default_factory=set)

    @property
    def taken(self) -> int:
        return sum(row.state in ("comes", "offered") for row in self.rows.values()) + len(self.holds)

    @property
    def full(self) -> bool:
        return self.capacity is not None and self.taken >= self.capacity

    @property
    def open(self) -> bool:
        return not self.cancelled and self.starts_at > self.now

    def state(self, who: int) -> str:
        return self.rows[who].state if who in self.rows else ""

    def line(self) -> list[int]:
        """Who waits and can be told, in the order in which they came."""
        waiting = sorted((row.at, who) for who, row in self.rows.items() if row.state == "waits")
        return [who for _at, who in waiting if not self.people[who].stopped_at and not self.people[who].blocked_at]

    def offer(self) -> None:
        for who in self.line() if not self.cancelled else ():
            until = kept_until(self.people[who], self.now, self.starts_at)
            if until and not self.full:
                self.rows[who] = replace(self.rows[who], state="offered", until=until)
                self.told.add((who, "place-free"))

    def come(self, who: int, _number: int) -> str:
        if not self.open or self.state(who) == "comes":
            return ""
        if self.full and self.state(who) != "offered":
            return "full"
        self.rows[who] = SignedUp("comes", self.now)
        return ""

    def wait(self, who: int, _number: int) -> None:
        if self.open and self.state(who) not in ("comes", "offered", "waits"):
            self.rows[who] = SignedUp("waits", self.now)
            self.offer()

    def leave(self, who: int, _number: int) -> None:
        self.rows.pop(who, None)
        self.offer()

    def decline(self, who: int, _number: int) -> None:
        self.rows[who] = SignedUp("no", self.now)
        self.offer()

    def bring(self, who: int, number: int) -> str:
        if not self.open or code(who, number) in self.holds:
            return ""
        if self.full:
            return "full"
        until = kept_until(self.people[who], self.now, self.starts_at) or self.starts_at
        if self.capacity is None:
            until = self.starts_at
        self.holds[code(who, number)] = (who, until)
        return ""

    def guest(self, who: int, number: int) -> None:
        which = one_of(self.holds, number)
        if self.open and which and self.holds[which][0] != who and self.state(who) != "comes":
            del self.holds[which]
            self.rows[who] = SignedUp("comes", self.now)
            self.offer()

    def cancel(self, _who: int, number: int) -> None:
        if number:
            return  # most of a play is without
        self.cancelled = True
        self.holds.clear()
        for who, row in self.rows.items():
            if row.state == "offered":
                self.rows[who] = replace(row, state="waits", until=None)

    def resize(self, _who: int, number: int) -> None:
        if not self.cancelled:
            self.capacity = number // 2 if number < 9 else None
            self.offer()

    def move(self, _who: int, number: int) -> None:
        starts_at = self.starts_at + (number - 5) * 5 * HOUR
        if self.cancelled or starts_at <= self.now:
            return
        self.starts_at = starts_at
        for who, row in self.rows.items():
            self.rows[who] = replace(row, until=row.until and min(row.until, starts_at))
        self.holds = {each: (host, min(until, starts_at)) for each, (host, until) in self.holds.items()}
        self.offer()

    def later(self, _who: int, number: int) -> None:
        self.now += PASSING[number]
        self.lapse()

    def lapse(self) -> None:
        for who, row in self.rows.items():
            if row.until and row.until <= self.now:
                self.rows[who] = replace(row, state="lapsed", until=None)
                self.told.add((who, "place-gone"))
        self.holds = {each: (host, until) for each, (host, until) in self.holds.items() if until > self.now}
        self.offer()

    def forget(self, who: int, _number: int) -> None:
        self.rows.pop(who, None)
        self.holds = {each: (host, until) for each, (host, until) in self.holds.items() if host != who}
        self.told = {(person, kind) for person, kind in self.told if person != who}
        self.people[who] = stranger(who)
        self.offer()

    def turn_off(self, who: int, number: int) -> None:
        """She stops, or blocks the bot, or starts again; or she has other quiet hours."""
        person = self.people[who]
        match number % 4:
            case 0:
                person = replace(person, stopped_at=None if person.stopped_at else MONDAY)
            case 1:
                person = replace(person, blocked_at=None if person.blocked_at else MONDAY)
            case 2:
                person = replace(person, stopped_at=None, blocked_at=None)
            case 3:
                quiet_from, quiet_until = QUIET[number % len(QUIET)]
                person = replace(person, quiet_from=quiet_from, quiet_until=quiet_until)
        self.people[who] = person
        self.lapse()


PASSING = [30 * MINUTE, 30 * MINUTE, HOUR, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, 14 * HOUR, DAY]
STEPS: dict[str, Callable[[Model, int, int], object]] = {
    "come": Model.come,
    "wait": Model.wait,
    "leave": Model.leave,
    "decline": Model.decline,
    "bring": Model.bring,
    "guest": Model.guest,
    "cancel": Model.cancel,
    "resize": Model.resize,
    "move": Model.move,
    "later": Model.later,
    "forget": Model.forget,
    "turn_off": Model.turn_off,
}


def stranger(who: int) -> Person:
    quiet_from, quiet_until = QUIET[who % len(QUIET)]
    return Person(who, "nl", "Fatima", agreed_at=MONDAY, quiet_from=quiet_from, quiet_until=quiet_until)


def code(host: int, number: int) -> str:
    return f"col-{host}-{number % 2}"


def one_of(holds: Mapping[str, object], number: int) -> str:
    return sorted(holds)[number % len(holds)] if holds else ""


QUARTER = timedelta(minutes=15)


@lru_cache(maxsize=100_000)
def quarters_awake(quiet: tuple[int, int], start: datetime, end: datetime) -> tuple[datetime, ...]:
    """When each quarter of an hour begins in which she is awake."""
    asleep = {(quiet[0] + hour) % 24 for hour in range((quiet[1] - quiet[0]) % 24)}
    every = [start + n * QUARTER for n in range(max(0, (end - start) // QUARTER))]
    return tuple(at for at in every if at.astimezone(AMSTERDAM).hour not in asleep)


def kept_until(person: Person, now: datetime, starts_at: datetime) -> datetime | None:
    awake = quarters_awake((person.quiet_from, person.quiet_until), now, starts_at)
    lasts = min(12 * 4, len(awake) / 2)
    assert lasts == int(lasts), "everything happens on the half hour"
    return awake[int(lasts) - 1] + QUARTER if lasts >= 2 else None


class Play:
    """What is done to the store, beside the model of it."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.session = 0
        self.people = model.people

    def begin(self, db: Connection) -> None:
        for table in (tables.signups, tables.holds, tables.plans, tables.sessions, tables.people):
            db.execute(delete(table))
        for person in self.model.people.values():
            people.save(db, person)
        sessions.add(db, planned(self.model.starts_at, self.model.capacity))
        self.session = db.execute(select(tables.sessions.c.id)).scalar_one()
        self.seen = self.look(db)

    def step(self, db: Connection, step: tuple[str, int, int]) -> None:
        what, who, number = step
        if db.dialect.name == "postgresql":  # what it writes need not outlive a power cut
            db.execute(text_of("SET LOCAL synchronous_commit TO off"))
        in_the_store = getattr(self, what)(db, who, number)
        in_the_model = STEPS[what](self.model, who, number)
        assert in_the_store == in_the_model, step
        before, self.seen = self.seen, self.look(db)
        told = {(plan.person, plan.kind) for plan in db.execute(select(tables.plans))}
        assert (self.seen.rows, self.seen.holds) == (self.model.rows, self.model.holds), step
        assert told == self.model.told, step
        self.check(before, self.seen, step)

    def look(self, db: Connection) -> Model:
        """What the store has."""
        session: Any = sessions.find(db, self.session)
        found = db.execute(select(tables.signups)).all()
        assert len({row.person for row in found}) == len(found)
        held = db.execute(select(tables.holds)).all()
        return Model(
            self.model.now,
            session.starts_at,
            session.capacity,
            session.cancelled,
            dict(self.model.people),
            {row.person: SignedUp(row.state, row.at, row.until) for row in found},
            {row.code: (row.host, row.until) for row in held},
        )

    @staticmethod
    def check(before: Model, after: Model, step: tuple[str, int, int]) -> None:
        """What is promised, whatever the rules are."""
        what, who, _number = step
        if after.capacity is not None:
            assert after.taken <= max(after.capacity, before.taken), "more than there are places for"
        dropped = {person for person in before.rows if before.state(person) == "comes" != after.state(person)}
        assert dropped <= ({who} if what in ("leave", "decline", "forget") else set()), "somebody was thrown out"
        offered = [p for p in after.rows if after.state(p) == "offered" != before.state(p)]
        waiting = [p for p in after.line() if kept_until(after.people[p], after.now, after.starts_at)]
        assert not (after.cancelled and (offered or after.holds)), "a cancelled session offers nothing"
        if waiting and not after.cancelled:
            assert after.full, "a place is free while somebody waits for it"
        for person in offered:
            row = after.rows[person]
            quiet = after.people[person].quiet_from, after.people[person].quiet_until
            assert row.until
            assert after.now < row.until <= after.starts_at
            assert len(quarters_awake(quiet, after.now, row.until)) <= 12 * 4, "offered for too long"
            assert all((row.at, person) < (after.rows[p].at, p) for p in waiting), "out of turn"

    def come(self, db: Connection, who: int, _number: int) -> str:
        try:
            if self.model.open:
                signups.join(db, self.session, who, self.model.now)
        except FullError:
            return "full"
        return ""

    def wait(self, db: Connection, who: int, _number: int) -> None:
        if self.model.open:
            signups.wait(db, self.session, who, self.model.now)

    def leave(self, db: Connection, who: int, _number: int) -> None:
        signups.leave(db, self.session, who, self.model.now)

    def decline(self, db: Connection, who: int, _number: int) -> None:
        signups.leave(db, self.session, who, self.model.now, no=True)

    def bring(self, db: Connection, who: int, number: int) -> str:
        try:
            if self.model.open:
                signups.hold(db, self.session, who, code(who, number), self.model.now)
        except FullError:
            return "full"
        return ""

    def guest(self, db: Connection, who: int, number: int) -> None:
        hold = signups.held(db, one_of(self.seen.holds, number), self.model.now)
        mine = signups.find(db, self.session, who)
        if hold and hold.host != who and self.model.open and not (mine and mine.state == "comes"):
            signups.take_held(db, hold.code, who, self.model.now)

    def cancel(self, db: Connection, _who: int, number: int) -> None:
        if not number:
            sessions.cancel(db, self.session)

    def resize(self, db: Connection, _who: int, number: int) -> None:
        self.change(db, capacity=number // 2 if number < 9 else None)

    def move(self, db: Connection, _who: int, number: int) -> None:
        starts_at = self.model.starts_at + (number - 5) * 5 * HOUR
        if starts_at > self.model.now:
            self.change(db, starts_at=starts_at)

    def change(self, db: Connection, **facts: Any) -> None:
        sessions.change(db, changed(sessions.find(db, self.session), **facts), self.model.now)

    def later(self, db: Connection, _who: int, number: int) -> None:
        signups.lapse(db, self.model.now + PASSING[number])

    def forget(self, db: Connection, who: int, _number: int) -> None:
        signups.forget(db, who, self.model.now)
        people.forget(db, who)
        people.save(db, stranger(who))

    def turn_off(self, db: Connection, who: int, number: int) -> None:
        expected = replace(self.model, people=dict(self.model.people), rows={}, holds={}, told=set())
        expected.turn_off(who, number)
        people.save(db, expected.people[who])
        signups.lapse(db, self.model.now)


begins = st.sampled_from([MONDAY, BEFORE_THE_CLOCKS_GO_BACK])
until_the_start = st.sampled_from([5, 26, 90, 150, 200])
often = ["come", "wait", "wait", "wait", "leave", "leave", "bring", "guest", "later", "later", "resize", "turn_off"]
steps = st.tuples(st.sampled_from([*often, *STEPS]), st.sampled_from(EVERYBODY), st.integers(0, 9))
plays = st.tuples(begins, until_the_start, st.integers(0, 3), st.lists(steps, min_size=20, max_size=60))


def model_of(now: datetime, hours: int, capacity: int) -> Model:
    return Model(now, now + hours * HOUR, capacity, people={who: stranger(who) for who in EVERYBODY})


@pytest.fixture
def played() -> Iterator[Counter[str]]:
    tally: Counter[str] = Counter()
    yield tally
    print(f"\nwho comes: {tally['plays']} plays, {tally['steps']} steps")


def always(examples: int) -> settings:
    slow = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=examples * LONG, deadline=None, suppress_health_check=slow)


@always(150)
@given(plays)
def test_whatever_happens_nobody_is_too_many_and_nobody_is_passed_over(played: Counter[str], drawn: Any) -> None:
    """On SQLite there is one writer: nothing happens between two steps."""
    *facts, todo = drawn
    play = Play(model_of(*facts))
    with IN_MEMORY.begin() as db:
        play.begin(db)
        for step in todo:
            play.step(db, step)
    played.update(plays=1, steps=len(todo))


@always(100)
@given(plays)
async def test_it_is_the_same_when_every_step_is_a_transaction(
    postgresql_only: Database, played: Counter[str], drawn: Any
) -> None:
    *facts, todo = drawn
    play = Play(model_of(*facts))
    await postgresql_only.write(play.begin)
    for step in todo:
        await postgresql_only.write(play.step, step)
    played.update(plays=1, steps=len(todo))


# What it is like for her, through real turns.

CROWD = range(2001, 2021)


async def workshop(database: Database, capacity: int | None, starts_at: datetime = MONDAY + 10 * DAY) -> int:
    """Its number."""
    await database.write(sessions.add, planned(starts_at, capacity))
    number: int = (await rows(database, tables.sessions))[-1].id
    return number


async def resize(database: Database, session: int, capacity: int | None, now: datetime = MONDAY) -> None:
    row = await database.read(sessions.find, session)
    await database.write(sessions.change, changed(row, capacity=capacity), now)


async def move(database: Database, session: int, starts_at: datetime, now: datetime = MONDAY) -> None:
    row = await database.read(sessions.find, session)
    await database.write(sessions.change, changed(row, starts_at=starts_at), now)


async def taps(
    database: Database, knowledge: Knowledge, act: str, which: object, *who: int, now: datetime = MONDAY
) -> None:
    for each in who:
        await hear(database, knowledge, tap(each, f"session:{act}:{which}"), now=now)


async def time_passes(database: Database, knowledge: Knowledge, now: datetime) -> None:
    await database.write(look, now)
    await work_off(database, knowledge, now)


async def who_is(database: Database) -> dict[int, str]:
    return {row.person: row.state for row in await rows(database, tables.signups)}


async def kept_for(database: Database, who: int) -> datetime:
    """Until when a place is, on the clock where she lives."""
    (until,) = [row.until for row in await rows(database, tables.signups) if row.person == who]
    at: datetime = until.astimezone(AMSTERDAM)
    return at


async def buttons(database: Database, chat: int) -> list[str]:
    """What she could tap below the last letter."""
    mine = [row.letter for row in await rows(database, tables.outbox) if row.chat == chat]
    return [button.get("tap", "") for line in mine[-1].get("rows", []) for button in line]


async def heard(database: Database, chat: int) -> int:
    return sum(row.chat == chat for row in await rows(database, tables.outbox))


async def link_of(database: Database, host: int) -> str:
    (found,) = [row.code for row in await rows(database, tables.holds) if row.host == host]
    return str(found)


def local(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=AMSTERDAM)


async def nobody_met_an_error(database: Database) -> bool:
    return set(await states(database, tables.inbox)) <= {"done"}


async def full_with_two_waiting(
    database: Database, knowledge: Knowledge, starts_at: datetime = MONDAY + 10 * DAY
) -> int:
    """Fatima has the only place, Rania and then Marja wait for it."""
    await add(database, FATIMA, RANIA, MARJA)
    session = await workshop(database, 1, starts_at)
    await taps(database, knowledge, "come", session, FATIMA)
    await taps(database, knowledge, "wait", session, RANIA, now=MONDAY + MINUTE)
    await taps(database, knowledge, "wait", session, MARJA, now=MONDAY + 2 * MINUTE)
    return session


async def test_after_the_last_place_she_is_asked_to_wait(database: Database, knowledge: Knowledge) -> None:
    await add(database, FATIMA, RANIA)
    session = await workshop(database, 1)
    await taps(database, knowledge, "come", session, FATIMA, RANIA)
    assert await who_is(database) == {FATIMA: "comes"}
    assert f"session:wait:{session}" in await buttons(database, RANIA)
    await taps(database, knowledge, "wait", session, RANIA)
    assert await who_is(database) == {FATIMA: "comes", RANIA: "waits"}
    assert await nobody_met_an_error(database)


async def test_a_place_that_comes_free_is_offered_to_the_first_in_line_who_is_told(
    database: Database, knowledge: Knowledge
) -> None:
    session = await full_with_two_waiting(database, knowledge)
    before = await heard(database, RANIA), await heard(database, MARJA)
    await taps(database, knowledge, "not", session, FATIMA)
    await time_passes(database, knowledge, MONDAY + HOUR)
    assert await who_is(database) == {RANIA: "offered", MARJA: "waits"}
    assert (await heard(database, RANIA), await heard(database, MARJA)) == (before[0] + 1, before[1])
    assert f"session:come:{session}" in await buttons(database, RANIA)
    await taps(database, knowledge, "come", session, RANIA, now=MONDAY + 2 * HOUR)
    assert await who_is(database) == {RANIA: "comes", MARJA: "waits"}
    assert {row.kind for row in await rows(database, tables.plans) if row.person == RANIA} == {
        "session-tomorrow",
        "session-soon",
    }


async def test_whoever_says_no_to_a_place_passes_it_on(database: Database, knowledge: Knowledge) -> None:
    session = await full_with_two_waiting(database, knowledge)
    await taps(database, knowledge, "not", session, FATIMA)
    await taps(database, knowledge, "not", session, RANIA)
    assert await who_is(database) == {MARJA: "offered"}


async def test_whoever_comes_later_does_not_get_the_place_that_is_offered(
    database: Database, knowledge: Knowledge
) -> None:
    session = await full_with_two_waiting(database, knowledge)
    await taps(database, knowledge, "not", session, FATIMA)
    await taps(database, knowledge, "come", session, FATIMA)
    assert f"session:wait:{session}" in await buttons(database, FATIMA)
    assert await who_is(database) == {RANIA: "offered", MARJA: "waits"}


@pytest.mark.parametrize(
    ("quiet", "now", "starts", "until"),
    [
        ((21, 8), "2026-11-23 10:00", "2026-12-03 14:00", "2026-11-24 09:00"),  # twelve hours, the night not counted
        ((21, 8), "2026-11-23 23:00", "2026-12-03 14:00", "2026-11-24 20:00"),
        ((8, 16), "2026-11-23 20:00", "2026-12-03 14:00", "2026-11-24 08:00"),  # she works at night
        ((0, 0), "2026-11-23 20:00", "2026-12-03 14:00", "2026-11-24 08:00"),
        ((21, 8), "2026-11-23 10:00", "2026-11-23 14:00", "2026-11-23 12:00"),  # half of what is left
        ((21, 8), "2026-11-23 20:00", "2026-11-24 10:00", "2026-11-24 08:30"),
        ((21, 8), "2026-11-23 13:00", "2026-11-23 14:00", "2026-11-23 13:30"),
    ],
)
async def test_an_offer_lasts_twelve_hours_awake_or_half_of_what_is_left(
    database: Database, knowledge: Knowledge, quiet: tuple[int, int], now: str, starts: str, until: str
) -> None:
    await add(database, FATIMA)
    await add(database, RANIA, quiet_from=quiet[0], quiet_until=quiet[1])
    session = await workshop(database, 1, local(starts))
    await taps(database, knowledge, "come", session, FATIMA)
    await taps(database, knowledge, "wait", session, RANIA)
    await taps(database, knowledge, "not", session, FATIMA, now=local(now))
    assert await kept_for(database, RANIA) == local(until)


async def test_just_before_it_begins_who_comes_first_has_the_place(database: Database, knowledge: Knowledge) -> None:
    session = await full_with_two_waiting(database, knowledge, MONDAY + 4 * HOUR)
    late = MONDAY + 3 * HOUR + 10 * MINUTE
    await taps(database, knowledge, "not", session, FATIMA, now=late)
    assert await who_is(database) == {RANIA: "waits", MARJA: "waits"}
    await taps(database, knowledge, "come", session, MARJA, now=late)
    assert await who_is(database) == {RANIA: "waits", MARJA: "comes"}


async def test_whoever_sleeps_until_it_begins_does_not_keep_the_place_from_the_next(
    database: Database, knowledge: Knowledge
) -> None:
    session = await full_with_two_waiting(database, knowledge, local("2026-11-23 15:00"))
    await add(database, RANIA, quiet_from=8, quiet_until=16)
    await taps(database, knowledge, "not", session, FATIMA)
    assert await who_is(database) == {RANIA: "waits", MARJA: "offered"}


async def test_an_offer_in_the_night_waits_until_she_is_awake(database: Database, knowledge: Knowledge) -> None:
    session = await full_with_two_waiting(database, knowledge)
    night = local("2026-11-24 02:00")
    await taps(database, knowledge, "not", session, FATIMA, now=night)
    await time_passes(database, knowledge, night)
    last = [row for row in await rows(database, tables.outbox) if row.chat == RANIA][-1]
    assert last.not_before == local("2026-11-24 08:00")
    assert last.expires_at == local("2026-11-24 20:00") == await kept_for(database, RANIA)


async def test_an_offer_that_lapses_goes_to_the_next_and_she_can_wait_again(
    database: Database, knowledge: Knowledge
) -> None:
    session = await full_with_two_waiting(database, knowledge)
    await taps(database, knowledge, "not", session, FATIMA)
    await time_passes(database, knowledge, MONDAY)
    before = await heard(database, RANIA)
    await time_passes(database, knowledge, local("2026-11-24 08:59"))
    assert await who_is(database) == {RANIA: "offered", MARJA: "waits"}
    await time_passes(database, knowledge, local("2026-11-24 09:00"))
    assert await who_is(database) == {RANIA: "lapsed", MARJA: "offered"}
    assert await heard(database, RANIA) == before + 1
    assert f"session:wait:{session}" in await buttons(database, RANIA)
    await taps(database, knowledge, "wait", session, RANIA, now=local("2026-11-24 09:30"))
    assert await who_is(database) == {RANIA: "waits", MARJA: "offered"}
    await taps(database, knowledge, "come", session, MARJA, now=local("2026-11-24 10:00"))
    assert await who_is(database) == {RANIA: "waits", MARJA: "comes"}


async def test_whoever_waits_again_is_last_in_line(database: Database, knowledge: Knowledge) -> None:
    session = await full_with_two_waiting(database, knowledge)
    await taps(database, knowledge, "not", session, RANIA)
    await taps(database, knowledge, "wait", session, RANIA, now=MONDAY + HOUR)
    await taps(database, knowledge, "not", session, FATIMA)
    assert await who_is(database) == {RANIA: "waits", MARJA: "offered"}


async def test_a_place_is_not_offered_to_whoever_cannot_be_told_until_she_can(
    database: Database, knowledge: Knowledge
) -> None:
    """It stayed free when she came back, and she waited for nothing."""
    await add(database, FATIMA, RANIA)
    session = await workshop(database, 1)
    await taps(database, knowledge, "come", session, FATIMA)
    await taps(database, knowledge, "wait", session, RANIA)
    await hear(database, knowledge, text(RANIA, "/stop"))
    await taps(database, knowledge, "not", session, FATIMA)
    await time_passes(database, knowledge, MONDAY + HOUR)
    assert await who_is(database) == {RANIA: "waits"}
    await hear(database, knowledge, tap(RANIA, "settings:again"))
    await time_passes(database, knowledge, MONDAY + 2 * HOUR)
    assert await who_is(database) == {RANIA: "offered"}


async def test_a_bigger_room_takes_in_who_waits(database: Database, knowledge: Knowledge) -> None:
    session = await full_with_two_waiting(database, knowledge)
    await resize(database, session, None)
    assert await who_is(database) == {FATIMA: "comes", RANIA: "offered", MARJA: "offered"}


async def test_a_smaller_room_throws_nobody_out(database: Database, knowledge: Knowledge) -> None:
    await add(database, FATIMA, RANIA, MARJA)
    session = await workshop(database, 3)
    await taps(database, knowledge, "come", session, FATIMA, RANIA)
    await resize(database, session, 1)
    await taps(database, knowledge, "come", session, MARJA)
    assert await who_is(database) == {FATIMA: "comes", RANIA: "comes"}
    await taps(database, knowledge, "wait", session, MARJA)
    await taps(database, knowledge, "not", session, RANIA)
    assert await who_is(database) == {FATIMA: "comes", MARJA: "waits"}
    await taps(database, knowledge, "not", session, FATIMA)
    assert await who_is(database) == {MARJA: "offered"}


async def test_an_offer_ends_when_it_begins_also_when_it_begins_sooner(
    database: Database, knowledge: Knowledge
) -> None:
    session = await full_with_two_waiting(database, knowledge)
    await taps(database, knowledge, "not", session, FATIMA)
    await move(database, session, MONDAY + 3 * HOUR)
    assert await kept_for(database, RANIA) == MONDAY + 3 * HOUR


async def test_nobody_hears_of_a_place_that_is_gone_when_it_is_cancelled(
    database: Database, knowledge: Knowledge
) -> None:
    """She was told that her place went to somebody else."""
    session = await full_with_two_waiting(database, knowledge)
    await taps(database, knowledge, "not", session, FATIMA)
    await database.write(sessions.cancel, session)
    before = await heard(database, RANIA)
    for hours in (0, 1, 30, 60):
        await time_passes(database, knowledge, MONDAY + hours * HOUR)
    assert await heard(database, RANIA) == before
    await taps(database, knowledge, "come", session, RANIA)
    assert "comes" not in (await who_is(database)).values()


async def test_whoever_erases_everything_leaves_her_place_to_the_next(database: Database, knowledge: Knowledge) -> None:
    await full_with_two_waiting(database, knowledge)
    await hear(database, knowledge, tap(FATIMA, "settings:erase-yes"))
    assert await who_is(database) == {RANIA: "offered", MARJA: "waits"}
    await hear(database, knowledge, tap(RANIA, "settings:erase-yes"))
    assert await who_is(database) == {MARJA: "offered"}


async def test_the_place_she_held_goes_on_too_when_she_erases_everything(
    database: Database, knowledge: Knowledge
) -> None:
    await add(database, FATIMA, RANIA)
    session = await workshop(database, 1)
    await taps(database, knowledge, "bring", session, FATIMA)
    await taps(database, knowledge, "wait", session, RANIA)
    await hear(database, knowledge, tap(FATIMA, "settings:erase-yes"))
    assert await rows(database, tables.holds) == []
    assert await who_is(database) == {RANIA: "offered"}


async def test_what_is_over_is_not_left_any_more(database: Database, knowledge: Knowledge) -> None:
    """Who had been there was no longer counted when she tapped an old button."""
    await add(database, FATIMA)
    session = await workshop(database, 1)
    await taps(database, knowledge, "come", session, FATIMA)
    for act in ("not", "no"):
        await taps(database, knowledge, act, session, FATIMA, now=MONDAY + 11 * DAY)
        assert await who_is(database) == {FATIMA: "comes"}


# A colleague.


async def test_a_place_is_kept_for_a_colleague_once(database: Database, knowledge: Knowledge) -> None:
    await add(database, FATIMA, RANIA, MARJA)
    session = await workshop(database, 2)
    await taps(database, knowledge, "come", session, FATIMA)
    await taps(database, knowledge, "bring", session, FATIMA)
    await taps(database, knowledge, "come", session, MARJA)
    assert await who_is(database) == {FATIMA: "comes"}
    link = await link_of(database, FATIMA)
    await hear(database, knowledge, text(RANIA, f"/start {link}"))
    assert f"session:guest:{link}" in await buttons(database, RANIA)
    await taps(database, knowledge, "guest", link, RANIA)
    assert await who_is(database) == {FATIMA: "comes", RANIA: "comes"}
    await hear(database, knowledge, text(MARJA, f"/start {link}"))
    await taps(database, knowledge, "guest", link, MARJA)
    assert await who_is(database) == {FATIMA: "comes", RANIA: "comes"}
    assert await nobody_met_an_error(database)


async def test_bringing_a_colleague_twice_gives_the_same_link_also_when_it_is_the_last_place(
    database: Database, knowledge: Knowledge
) -> None:
    """Her own held place made it full, and she met an error; and the second time the hour was that of Greenwich."""
    await add(database, FATIMA)
    session = await workshop(database, 1)
    await taps(database, knowledge, "bring", session, FATIMA)
    await taps(database, knowledge, "bring", session, FATIMA)
    assert await nobody_met_an_error(database)
    assert len(await rows(database, tables.holds)) == 1
    first, second = [row.letter for row in await rows(database, tables.outbox)]
    assert first == second


async def test_whoever_holds_a_place_cannot_take_it_herself(database: Database, knowledge: Knowledge) -> None:
    await add(database, FATIMA)
    session = await workshop(database, 1)
    await taps(database, knowledge, "bring", session, FATIMA)
    link = await link_of(database, FATIMA)
    await hear(database, knowledge, text(FATIMA, f"/start {link}"))
    await taps(database, knowledge, "guest", link, FATIMA)
    assert await who_is(database) == {}
    assert len(await rows(database, tables.holds)) == 1


async def test_a_held_place_that_nobody_takes_goes_to_who_waits(database: Database, knowledge: Knowledge) -> None:
    await add(database, FATIMA, RANIA, MARJA)
    session = await workshop(database, 1)
    await taps(database, knowledge, "bring", session, FATIMA)
    link = await link_of(database, FATIMA)
    await taps(database, knowledge, "wait", session, RANIA)
    await time_passes(database, knowledge, local("2026-11-24 08:59"))
    assert await who_is(database) == {RANIA: "waits"}
    await time_passes(database, knowledge, local("2026-11-24 09:00"))
    assert await who_is(database) == {RANIA: "offered"}
    await hear(database, knowledge, text(MARJA, f"/start {link}"), now=local("2026-11-24 09:00"))
    await taps(database, knowledge, "guest", link, MARJA, now=local("2026-11-24 09:00"))
    assert await who_is(database) == {RANIA: "offered"}


async def test_a_colleague_who_has_not_joined_yet_comes_by_the_link(database: Database, knowledge: Knowledge) -> None:
    await add(database, FATIMA)
    session = await workshop(database, 2)
    await taps(database, knowledge, "bring", session, FATIMA)
    link = await link_of(database, FATIMA)
    await hear(database, knowledge, text(RANIA, f"/start {link}"))
    assert await database.read(people.find, RANIA) is None  # nothing is kept before she says yes
    assert f"session:guest:{link}" in await buttons(database, RANIA)
    await taps(database, knowledge, "guest", link, RANIA)
    assert await who_is(database) == {RANIA: "comes"}
    known = await database.read(people.find, RANIA)
    assert known
    assert known.agreed_at
    assert {row.kind for row in await rows(database, tables.plans)} == {"session-tomorrow", "session-soon"}


async def test_whoever_comes_as_a_guest_gives_on_the_place_that_was_offered_to_herself(
    database: Database, knowledge: Knowledge
) -> None:
    """It stayed free, and nobody heard of it."""
    await add(database, 1000)
    session = await full_with_two_waiting(database, knowledge)
    await resize(database, session, 2)
    await taps(database, knowledge, "not", session, RANIA)
    await taps(database, knowledge, "not", session, MARJA)
    await taps(database, knowledge, "bring", session, 1000)
    await taps(database, knowledge, "wait", session, RANIA, now=MONDAY + MINUTE)
    await taps(database, knowledge, "wait", session, MARJA, now=MONDAY + 2 * MINUTE)
    await taps(database, knowledge, "not", session, FATIMA)
    assert await who_is(database) == {RANIA: "offered", MARJA: "waits"}
    await taps(database, knowledge, "guest", await link_of(database, 1000), RANIA)
    assert await who_is(database) == {RANIA: "comes", MARJA: "offered"}


# At the same moment.


async def at_once(database: Database, knowledge: Knowledge, turns: int, now: datetime = MONDAY) -> None:
    """One transaction for each turn, all of them begun together."""
    await asyncio.gather(*(database.write(take_turn, knowledge, now) for _ in range(turns)))
    await work_off(database, knowledge, now)


@pytest.mark.parametrize("seed", range(8 * LONG))
async def test_of_twenty_who_take_the_last_five_places_at_once_five_have_one(
    database: Database, knowledge: Knowledge, seed: int
) -> None:
    await add(database, *CROWD)
    session = await workshop(database, 5)
    crowd = random.Random(seed).sample(CROWD, len(CROWD))
    await keep(database, *(tap(who, f"session:come:{session}") for who in crowd))
    await at_once(database, knowledge, len(crowd))
    coming = await who_is(database)
    assert list(coming.values()) == ["comes"] * 5
    for who in crowd:
        assert (f"session:wait:{session}" in await buttons(database, who)) == (who not in coming)
    assert await states(database, tables.inbox) == ["done"] * 20


@pytest.mark.parametrize("seed", range(12 * LONG))
async def test_whatever_happens_at_once_there_are_never_more_than_places_and_nobody_is_passed_over(
    database: Database, knowledge: Knowledge, seed: int
) -> None:
    """Coming, waiting, leaving, bringing, erasing; a coordinator who changes the room; and the planner's looks."""
    by_chance = random.Random(seed)
    await add(database, *CROWD)
    session = await workshop(database, 5)
    sizes = [5]
    for now in (MONDAY, MONDAY + 13 * HOUR, MONDAY + 26 * HOUR):
        links = [row.code for row in await rows(database, tables.holds)] or ["col-none"]
        acts = ["come", "come", "come", "wait", "wait", "not", "no", "bring", "guest", "guest"]
        chosen = [(who, by_chance.choice(acts)) for who in by_chance.sample(CROWD, len(CROWD))]
        which = {"guest": by_chance.choice(links)}
        turns = [tap(who, f"session:{act}:{which.get(act, session)}") for who, act in chosen]
        turns += [tap(by_chance.choice(CROWD), "settings:erase-yes"), tap(by_chance.choice(CROWD), "stop")]
        await keep(database, *turns, now=now)
        sizes.append(by_chance.randrange(3, 8))
        await asyncio.gather(
            *(database.write(take_turn, knowledge, now) for _ in turns[::2]),
            resize(database, session, sizes[-1], now),
            database.write(look, now),
            *(database.write(take_turn, knowledge, now) for _ in turns[1::2]),
            database.write(look, now),
        )
        await work_off(database, knowledge, now)
        assert set(await states(database, tables.inbox)) == {"done"}
        room = await database.read(signups.room, session, keep=False)
        assert room.taken <= max(sizes)
        waiting = {who for who, state in (await who_is(database)).items() if state == "waits"}
        if any(person.id in waiting and not person.stopped_at for person in await rows(database, tables.people)):
            assert room.full


async def test_two_who_open_one_link_at_once_are_told_the_truth(database: Database, knowledge: Knowledge) -> None:
    """Both were told that they come."""
    await add(database, FATIMA, RANIA, MARJA)
    session = await workshop(database, 1)
    await taps(database, knowledge, "bring", session, FATIMA)
    link = await link_of(database, FATIMA)
    await keep(database, tap(RANIA, f"session:guest:{link}"), tap(MARJA, f"session:guest:{link}"))
    await at_once(database, knowledge, 2)
    coming = await who_is(database)
    assert list(coming.values()) == ["comes"]
    for who in (RANIA, MARJA):
        assert (f"session:not:{session}" in await buttons(database, who)) == (who in coming)


async def test_nobody_joins_what_is_cancelled_at_that_moment(postgresql_only: Database, knowledge: Knowledge) -> None:
    """She had looked before it was cancelled, joined after it, and was never told."""
    await add(postgresql_only, FATIMA, RANIA, MARJA)
    session = await workshop(postgresql_only, 3)
    await taps(postgresql_only, knowledge, "bring", session, MARJA)
    guest = tap(RANIA, f"session:guest:{await link_of(postgresql_only, MARJA)}")
    await keep(postgresql_only, tap(FATIMA, f"session:come:{session}"), guest)
    async with postgresql_only._engine.begin() as coordinator:
        assert await coordinator.run_sync(sessions.cancel, session)
        turns = [asyncio.create_task(postgresql_only.write(take_turn, knowledge, MONDAY)) for _ in range(2)]
        await asyncio.sleep(0.3)  # they wait for the coordinator
    assert await asyncio.gather(*turns) == [True, True]
    assert await who_is(postgresql_only) == {}
    assert await nobody_met_an_error(postgresql_only)


async def test_whoever_joins_while_it_is_moved_is_told_the_new_time(
    postgresql_only: Database, knowledge: Knowledge
) -> None:
    await add(postgresql_only, FATIMA)
    session = await workshop(postgresql_only, 3)
    await keep(postgresql_only, tap(FATIMA, f"session:come:{session}"))
    moved = changed(await postgresql_only.read(sessions.find, session), starts_at=MONDAY + 12 * DAY)
    async with postgresql_only._engine.begin() as coordinator:
        await coordinator.run_sync(sessions.change, moved, MONDAY)
        turn = asyncio.create_task(postgresql_only.write(take_turn, knowledge, MONDAY))
        await asyncio.sleep(0.3)
    assert await turn
    reminders = [row.at for row in await rows(postgresql_only, tables.plans)]
    assert reminders == [MONDAY + 11 * DAY, MONDAY + 12 * DAY - 2 * HOUR]
