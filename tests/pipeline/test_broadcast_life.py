"""Whatever happens to broadcasts, in any order: the figures add up at every moment, and nobody gets one twice."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from bot.delivery import settle
from bot.outcomes import Outcome, Sent, Strange
from bot.store import Connection, Database, broadcasts, outbox, people, tables
from bot.store.outbox import Envelope
from conversations.people import Person
from conversations.world import Report
from tests.conftest import MONDAY
from tests.pipeline.test_broadcasts import BECAME, EXCLUDED, RATE, SENT, Still, erase, parts, reach

AUTHOR, CROWD = 1, range(1, 6)
OUTCOMES = [*(outcome for outcome, _part in BECAME), *[Sent(1)] * 3]
MAY_HAVE_ARRIVED = (Sent, Strange)

happenings = st.one_of(
    st.tuples(st.just("order"), st.sampled_from(["library", "employer:zon"])),
    st.tuples(st.just("feed"), st.integers(1, 12)),
    st.tuples(st.just("leave"), st.integers(1, 4)),
    st.tuples(st.just("settle"), st.sampled_from(OUTCOMES)),
    st.tuples(st.just("go"), st.tuples(st.integers(1, 12), st.sampled_from(OUTCOMES))),
    st.tuples(st.just("crash"), st.none()),
    st.tuples(st.just("steer"), st.tuples(st.integers(0, 3), st.sampled_from([*broadcasts.STEPS]))),
    st.tuples(st.just("erase"), st.sampled_from(CROWD)),
    st.tuples(st.just("change"), st.tuples(st.sampled_from(CROWD), st.sampled_from([*EXCLUDED, "back"]))),
    st.tuples(st.just("wait"), st.integers(1, 4 * 60)),
)


class Life:
    """Some broadcasts, whatever happens to them; checked after everything that happens."""

    def __init__(self, db: Connection) -> None:
        self.db = db
        self.now = MONDAY
        self.under_way: list[Envelope] = []
        self.arrived: Counter[tuple[str, int]] = Counter()
        self.delivered: Counter[str] = Counter()
        self.audiences: dict[int, int] = {}
        everybody = [Person(who, "nl", "F", agreed_at=MONDAY, employer="zon", quiet_until=who) for who in CROWD]
        people.save_all(db, everybody)

    def order(self, audience: str) -> None:
        wanted = reach(audience, author=AUTHOR, begins_at=self.now, expires_at=self.now + timedelta(hours=12))
        if len(self.audiences) < 4:
            number = broadcasts.order(self.db, wanted, {"nl": {"text": str(len(self.audiences))}}, self.now)
            self.audiences[number] = 0

    def feed(self, room: int) -> None:
        before = {number for number, report in self.reports().items() if report.state == "waiting"}
        while broadcasts.begin(self.db, self.now):
            pass
        for number in before:
            self.audiences[number] = self.reports()[number].audience
        broadcasts.feed_up_to(self.db, room, self.now)

    def leave(self, number: int) -> None:
        busy = [envelope.chat for envelope in self.under_way]
        for envelope in outbox.sendable(self.db, self.now, busy, number):
            if envelope.expires_at <= self.now:
                outbox.settle(self.db, envelope.id, "expired", self.now)
            else:
                outbox.start(self.db, [envelope.id])
                self.under_way.append(envelope)

    def settle(self, outcome: Outcome) -> None:
        if not self.under_way:
            return
        envelope = self.under_way.pop(0)
        if isinstance(outcome, MAY_HAVE_ARRIVED) or getattr(outcome, "arrived", False):
            self.arrive(envelope)
        there = self.db.scalar(select(tables.outbox.c.id).where(tables.outbox.c.id == envelope.id))
        self.delivered[envelope.letter["text"]] += bool(there and isinstance(outcome, Sent))
        settle(self.db, envelope, outcome, Still(self.now))

    def go(self, how: tuple[int, Outcome]) -> None:
        room, outcome = how
        self.feed(room)
        self.leave(1)
        self.settle(outcome)

    def crash(self, _nothing: None) -> None:
        """What was under way may have arrived, all of it."""
        for envelope in self.under_way:
            self.arrive(envelope)
        self.under_way = []
        outbox.left_hanging(self.db, self.now)

    def arrive(self, envelope: Envelope) -> None:
        self.arrived[envelope.letter["text"], envelope.chat] += 1

    def steer(self, step: tuple[int, str]) -> None:
        place, to = step
        for number in [*self.audiences][place : place + 1]:
            broadcasts.steer(self.db, number, to, self.now)

    def erase(self, person: int) -> None:
        erase(self.db, person, self.now)

    def change(self, what: tuple[int, str]) -> None:
        person, to = what
        back = {"stopped_at": None, "blocked_at": None, "wants_news": True, "paused_until": None}
        mine = update(tables.people).where(tables.people.c.id == person)
        self.db.execute(mine.values(EXCLUDED.get(to, back)))

    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def reports(self) -> dict[int, Report]:
        return {report.id: report for report in broadcasts.newest(self.db, 10, self.now, RATE)}

    def check(self) -> None:
        broadcasts.finish(self.db, self.now)
        broadcasts.tell(self.db, self.now)
        for number, report in self.reports().items():
            assert report.audience == parts(report) == self.audiences[number]
        assert all(times == 1 for times in self.arrived.values())

    def end(self) -> None:
        """What still may go goes, after a crash. A day later nothing waits any more, and the figures are those of what
        was really sent."""
        self.crash(None)
        for minutes in (10, 24 * 60, 24 * 60):
            self.wait(minutes)
            self.feed(100)
            self.leave(100)
            while self.under_way:
                self.settle(SENT)
            self.check()
        for place, report in enumerate(sorted(self.reports().values(), key=lambda report: report.id)):
            assert report.state in ("done", "stopped", "undone")
            assert report.waiting == 0
            assert report.delivered == self.delivered[str(place)]
        assert not broadcasts.going(self.db, self.now)


def live(db: Connection, happens: Iterable[tuple[str, Any]]) -> None:
    """Nothing of it stays."""
    with db.begin_nested() as everything:
        life = Life(db)
        for audience in ("library", "employer:zon"):
            life.order(audience)
        for what, how in happens:
            getattr(life, what)(how)
            life.check()
        life.end()
        everything.rollback()


@given(st.lists(happenings, min_size=12, max_size=40))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_figures_add_up_and_nobody_gets_it_twice_whatever_happens(
    database: Database, happens: list[tuple[str, Any]]
) -> None:
    await database.write(live, happens)
