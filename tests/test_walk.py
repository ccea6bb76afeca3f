"""The walk: from every state, every button ever shown and every kind of input, in every language.

Always an answer, no button misunderstood, every payload within 64 bytes, nobody stuck.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from bot.clock import ZONE
from bot.knowledge import Knowledge
from bot.letters import letter
from bot.planner import set_sessions
from bot.store import Connection, people, signups
from bot.store.database import in_memory
from bot.world import LiveWorld
from conversations.hear import hear
from conversations.languages import LANGUAGES
from conversations.people import Person
from conversations.replies import Reply
from conversations.strays import say_button_is_old
from conversations.turns import (
    Blocked,
    Command,
    Contact,
    Document,
    Due,
    Edited,
    Elsewhere,
    Location,
    Other,
    Photo,
    Sticker,
    Tap,
    Text,
    Turn,
    Unblocked,
    Voice,
)
from tests.conftest import MONDAY

TYPED: list[Turn] = [
    Text("wachtwoord kwijt =wachtwoord-vergeten"),
    Text("het gaat niet ?inloggen-lukt-niet,wachtwoord-vergeten"),
    Text("de app doet het niet =app-werkt-niet"),
    Text("ons wil niet ?app-werkt-niet,storing-of-niet"),
    Text("blabla"),
    Text("blabla " * 700),
    Text("   "),
    Text("menu"),
    Text("stop"),
    Text("توقف"),
    Text("<b>&amp; {name} %s **"),
    Text("❓ Oude tekst van een knop"),
    Text("⚙️ Settings"),
    Edited("wachtwoord =wachtwoord-vergeten"),
    Edited(""),
    Command("start", "zon"),
    Command("start", "../../etc"),
    Command("start", ""),
    Command("stop"),
    Command("help"),
    Command("onbekend", "x"),
    Photo(),
    Photo("wachtwoord =wachtwoord-vergeten"),
    Voice(4),
    Sticker("😀"),
    Document(),
    Location(52.0, 5.0),
    Location(-90.0, 180.0),
    Contact(),
    Other("poll"),
    Other("something of next year"),
]
FORGED = [
    "",
    ":",
    "::::",
    "join",
    "join:employer:nobody",
    "join:wishes:",
    "join:what",
    "answer:show:nothing",
    "answer:step:wachtwoord-vergeten.99",
    "answer:step:wachtwoord-vergeten.²",
    "answer:step:",
    "triage",
    "triage:ask:nothing",
    "triage:ask:wachtwoord-vergeten",
    "triage:app:helpdesk",
    "triage:what:²",
    "browse:in:nothing.9999999999",
    "session:come:99999999999999999999",
    "session:come:²",
    "session:agree:1; DROP TABLE people",
    "tip:day:9",
    "tip:hour:3",
    "tip:what",
    "settings:what",
    "settings:quiet:99-1",
    "settings:quiet:²-³",
    "settings:quiet:22-22",
    "settings:quiet-from:24",
    "settings:pause:year",
    "settings:learn-yes:nothing",
    "settings:learn-no:bot",
    "employer",
    "employer:text:zon",
    "language:xx",
    "ask:what",
    "human:x",
    "of:another:year",
    "é" * 32,
    "\x00",
]
# Of the hours to choose from, these stand for all.
HOURS = re.compile(r"settings:quiet(-from)?:(?!(22|22-7|8-16|0-0)$)\d")
SILENT: list[Turn] = [Blocked(), Unblocked(), Due("tip"), Due("session-soon", "1"), Due("of another year", "x")]


def state(person: Person) -> Person:
    """What makes a difference to what follows. The moment of her tip, her quiet hours, news and the end of her pause do
    not, nor which of two employers she has, nor which answer she had last. A pause does where no question is open.

    Her language does not either: whatever is said is put into every language.
    """
    employer = "zon" if person.employer == "maan" else person.employer
    chosen = person.chosen_language and not person.agreed_at
    step = "after:wachtwoord-vergeten" if person.step.startswith("after:") else person.step
    paused_until = MONDAY + timedelta(days=7) if person.paused_until and not step else None
    return replace(person, id=1, step=step, tip_day=0, tip_hour=10, agreed_at=person.agreed_at and MONDAY,
                   quiet_from=21, quiet_until=8, wants_news=True, paused_until=paused_until,
                   employer=employer, stopped_at=person.stopped_at and MONDAY, blocked_at=None, language="nl",
                   chosen_language=chosen)  # fmt: skip


class Walk:
    def __init__(self, db: Connection, knowledge: Knowledge) -> None:
        self.now = MONDAY.astimezone(ZONE)
        self.world = LiveWorld(db, knowledge, MONDAY)
        self.buttons: set[str] = set()
        self.seen: set[Person] = set()
        self.steps = 0

    def go(self) -> None:
        waiting = [Person(1, "nl", "Fatima")]
        tried: defaultdict[Person, set[str]] = defaultdict(set)
        while waiting:
            person = waiting.pop()
            if person not in self.seen:
                self.seen.add(person)
                waiting += [after for turn in TYPED for after in self.step(person, turn)]
                waiting += [after for payload in FORGED for after in self.step(person, Tap.read(payload))]
                for turn in SILENT:
                    waiting += self.follow(hear(person, turn, self.now, self.world))
            for payload in self.buttons - tried[person]:
                tried[person].add(payload)
                waiting += self.step(person, Tap.read(payload), shown=True)
            if not waiting:  # buttons seen late are tried in the early states too
                waiting = [s for s in self.seen if self.buttons - tried[s]]

    def step(self, person: Person, turn: Turn, shown: bool = False) -> list[Person]:
        self.steps += 1
        reply = hear(person, turn, self.now, self.world)
        where = f"{person} did {turn}"
        assert reply.says, f"no answer: {where}"
        if shown:
            assert reply.says != say_button_is_old(person).says, f"a button of ours is not understood: {where}"
        assert any(m.rows or m.menu or m.attached for m in reply.says), f"stuck: {where}"
        self.check_letters(reply, where)
        return self.follow(reply)

    def check_letters(self, reply: Reply, where: str) -> None:
        for message, language in product(reply.says, LANGUAGES):
            body = letter(message, language, tapped=7)
            if "text" not in body:
                continue
            assert 0 < len(body["text"].encode("utf-16-le")) // 2 <= 4096, where
            assert "{" not in body["text"].replace("{name} %s", ""), f"a placeholder is left open: {where}: {body}"
            for button in (button for row in body.get("rows", []) for button in row):
                assert 0 < len(button["label"]) <= 64, (where, button)
                assert len(button.get("tap", "").encode()) <= 64, (where, button)
                if "tap" in button and not HOURS.match(button["tap"]):
                    self.buttons.add(button["tap"])

    def follow(self, reply: Reply) -> list[Person]:
        after = state(reply.person)
        return [] if after in self.seen else [after]


@pytest.fixture
def db(knowledge: Knowledge) -> Iterator[Connection]:
    with in_memory().begin() as connection:
        set_sessions(connection, knowledge.organisations, MONDAY)
        people.save(connection, Person(1, "nl", "Fatima", agreed_at=MONDAY))
        signups.join(connection, 2, 1, MONDAY)
        yield connection


def test_from_everywhere_everything_leads_on(db: Connection, knowledge: Knowledge) -> None:
    walk = Walk(db, knowledge)
    walk.go()
    assert len(walk.seen) > 50
    assert len(walk.buttons) > 80
    told = f"{len(walk.seen)} states, {len(walk.buttons)} buttons, {walk.steps} steps in {len(LANGUAGES)} languages"
    print(f"\nthe walk: {told}")


def test_a_group_is_sent_to_the_private_chat(db: Connection, knowledge: Knowledge) -> None:
    world = LiveWorld(db, knowledge, MONDAY)
    reply = hear(Person(-100, "nl"), Elsewhere(), MONDAY.astimezone(ZONE), world)
    assert len(reply.says) == 1
    assert not reply.person.kept


def test_a_reminder_at_any_moment_never_raises(db: Connection, knowledge: Knowledge) -> None:
    for hours in range(0, 24 * 15, 7):
        now = MONDAY + timedelta(hours=hours)
        world = LiveWorld(db, knowledge, now)
        for kind in ("tip", "session-tomorrow", "session-soon", "session-moved", "session-cancelled"):
            person = Person(1, "nl", "Fatima", agreed_at=MONDAY, wants_tips=True)
            reply = hear(person, Due(kind, "2"), now.astimezone(ZONE), world)
            assert all(8 <= now.astimezone(ZONE).hour < 21 for _ in reply.says if kind == "tip")
