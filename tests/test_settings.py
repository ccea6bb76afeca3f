"""Her own choices where a talk would be long: what is kept of her, and when the tip comes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.clock import ZONE
from bot.knowledge import Knowledge
from bot.language import plain
from bot.planner import set_sessions
from bot.store import Connection, people, sessions, signups
from bot.store.database import in_memory
from bot.world import LiveWorld
from conversations import messages, settings, tips
from conversations.facts import InterestChosen, Planned, SessionsPlanned, TipRead
from conversations.hear import hear
from conversations.people import Person
from conversations.replies import Reply
from conversations.turns import Due, Tap
from conversations.words import Listed
from conversations.world import Place
from tests.conftest import MONDAY

NOW = MONDAY.astimezone(ZONE)
FATIMA = Person(1, "nl", "Fatima", agreed_at=MONDAY, employer="zon", wants_tips=True)
FIRST = 7
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def db(knowledge: Knowledge) -> Iterator[Connection]:
    with in_memory().begin() as db:
        set_sessions(db, knowledge.organisations, MONDAY)
        for person in (FATIMA, Person(FIRST, "nl", "Rania", agreed_at=MONDAY)):
            people.save(db, person)
        yield db


@pytest.fixture
def world(db: Connection, knowledge: Knowledge) -> LiveWorld:
    return LiveWorld(db, knowledge, MONDAY)


def told(reply: Reply) -> list[str]:
    """Every sentence, in English."""
    every = [part for message in reply.says for part in message.paragraphs]
    lines = [line for part in every for line in (part.lines if isinstance(part, Listed) else (part,))]
    return [plain(line, "en") for line in lines]


def test_a_waiting_list_is_among_what_is_kept(db: Connection, world: LiveWorld) -> None:
    starts = NOW + 3 * DAY
    place = Place("plein", "Bibliotheek Stad")
    sessions.add(db, SessionsPlanned("stad", "workshop", place, ((starts, starts + HOUR),), capacity=1))
    workshop = next(s for s in world.upcoming(["stad"], 9) if s.kind == "workshop")
    signups.join(db, workshop.id, FIRST, MONDAY)
    signups.wait(db, workshop.id, FATIMA.id, MONDAY)
    kept = told(settings.show_data(FATIMA, NOW, world))
    assert [line for line in kept if line.startswith("⏳ You are on the waiting list: Workshop")]


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize(("begins", "ends"), [(21, 8), (8, 16), (0, 12), (13, 12), (5, 5)])
def test_a_tip_comes_when_she_is_awake_and_once(world: LiveWorld, hour: int, begins: int, ends: int) -> None:
    person = replace(FATIMA, tip_hour=hour, quiet_from=begins, quiet_until=ends)
    at, said = tips.next_moment(person, NOW), 0
    for _ in range(3):
        reply = hear(person, Due(tips.TIP), at, world)
        said += len(reply.says)
        (planned,) = [fact for fact in reply.happened if isinstance(fact, Planned)]
        if reply.says:
            assert reply.push is not None
            assert at < reply.push.expires_at <= at + DAY
            assert planned.at > at + 5 * DAY
            break
        at = planned.at
    assert said == 1


def test_in_a_pause_no_tip_is_told_or_lost(world: LiveWorld) -> None:
    person = replace(FATIMA, paused_until=NOW + 10 * DAY)
    reply = hear(person, Due(tips.TIP), NOW + 7 * DAY, world)
    assert not reply.says
    assert not [fact for fact in reply.happened if isinstance(fact, TipRead)]
    (planned,) = [fact for fact in reply.happened if isinstance(fact, Planned)]
    assert hear(person, Due(tips.TIP), planned.at, world).says


def test_a_pause_ends_on_the_day_that_is_told(world: LiveWorld) -> None:
    person = hear(FATIMA, Tap("settings", "pause", "week"), NOW, world).person
    assert person.paused_until == datetime(2026, 11, 30, tzinfo=ZONE)
    stored = replace(person, paused_until=person.paused_until.astimezone(MONDAY.tzinfo))
    assert "You have a pause until Monday 30 November. You get no tips and no news." in told(messages.show(stored, NOW))


def test_whoever_comes_back_has_no_pause(world: LiveWorld) -> None:
    paused = replace(FATIMA, stopped_at=MONDAY, paused_until=MONDAY + DAY)
    for tap in (Tap("settings", "again"), Tap("join", "wishes", "reminders")):
        person = hear(paused, tap, NOW, world).person
        assert (person.stopped_at, person.paused_until) == (None, None)


@pytest.mark.parametrize(
    ("which", "wants"), [("all", (True, True, True)), ("reminders", (True, True, False)), ("none", (False,) * 3)]
)
def test_what_she_wants_is_what_she_chose(world: LiveWorld, which: str, wants: tuple[bool, ...]) -> None:
    person = hear(FATIMA, Tap("join", "wishes", which), NOW, world).person
    assert (person.wants_reminders, person.wants_news, person.wants_tips) == wants


@pytest.mark.parametrize(
    "payload", ["quiet:24-1", "quiet:8", "quiet:-", "quiet:²-8", "quiet:08-9", "pause:year", "quiet-from:99"]
)
def test_hours_that_are_no_hours_change_nothing(world: LiveWorld, payload: str) -> None:
    reply = hear(FATIMA, Tap.read(f"settings:{payload}"), NOW, world)
    assert reply.person == FATIMA
    assert reply.says


def test_tapping_a_subject_twice_chooses_it_once(db: Connection, knowledge: Knowledge) -> None:
    for _ in range(2):
        world = LiveWorld(db, knowledge, MONDAY)
        reply = hear(FATIMA, Tap("settings", "learn-yes", "inloggen"), NOW, world)
        assert reply.happened == (InterestChosen("inloggen", wanted=True),)
        people.choose_interest(db, FATIMA.id, "inloggen", wanted=True)
    assert people.interests_of(db, FATIMA.id) == {"inloggen"}


@pytest.mark.parametrize("payload", ["settings:learn-yes:nothing", "settings:learn-yes:", "settings:learn-no:inloggen"])
def test_a_subject_that_is_not_there_is_not_chosen(world: LiveWorld, payload: str) -> None:
    reply = hear(FATIMA, Tap.read(payload), NOW, world)
    assert reply.happened == ()
    assert reply.says
