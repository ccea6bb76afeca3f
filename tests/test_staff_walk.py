"""The walk of who has a role: at random through everything that can be tapped, typed and sent, with what follows from
it really happening. Always an answer, nothing set aside, nobody stuck; and to anybody else the same buttons do nothing.
"""

import logging
import random
from datetime import timedelta

import pytest

from bot.knowledge import Knowledge
from bot.talk import Heard, Talk
from conversations.languages import LANGUAGES
from conversations.world import Role
from tests.conftest import MONDAY

MARJA, JOOST, FATIMA, RANIA, NOBODY = 1, 2, 3, 4, 5
STEPS = 150
TYPED = (
    "dinsdag 1 december 14.00 tot 16.00",
    "elke woensdag 10 tot 12 t/m juni",
    "niet op 29 december",
    "12",
    "0",
    "-1",
    "99999999999999999999",
    "Buurthuis De Kom, Dorpsstraat 1",
    "blabla " * 300,
    "<b>&amp; {name} %s **",
    "gisteren",
    "menu",
    "wachtwoord kwijt =wachtwoord-vergeten",
)
FORGED = (
    "plan:change:99999",
    "plan:change:²",
    "plan:kind:party",
    "plan:place:nowhere",
    "plan:day:2026-02-31",
    "plan:hours:2500-2600",
    "plan:hours:x",
    "plan:weeks:9999",
    "plan:places:999999",
    "plan:language:xx",
    "plan:library:dorp",
    "plan:ask:nothing",
    "plan:what:x",
    "plan:all",
    "attend:show:99999",
    "attend:cancel-one:2.x",
    "attend:tick:1.99999999999",
    "attend:walk-in:1.77",
    "send:who:employer:maan",
    "send:who:session:99999",
    "send:who:interest:nothing",
    "send:at:never",
    "send:undo:99999",
    "send:own:dorp",
    "send:to:session.99999",
    "send:what",
    "coordinator:place:x",
    "employer:text:maan",
)


@pytest.fixture
def talk(knowledge: Knowledge) -> Talk:
    """Marja is coordinator of stad, Joost contact of zon; Fatima and Rania work there, and Fatima comes."""
    talk = Talk(knowledge, MONDAY)
    for worker in (FATIMA, RANIA):
        for payload in ("join", "join:yes", "join:employer:zon", "join:wishes:all"):
            talk.tap(worker, payload, "en")
    talk.tap(FATIMA, "session:come:1", "en")
    talk.message(MARJA, "en", text=f"/start {talk.invite(Role('coordinator', 'stad'))}", name="Marja")
    talk.message(JOOST, "en", text=f"/start {talk.invite(Role('employer', 'zon'))}", name="Joost")
    return talk


def check(heard: list[Heard], where: str) -> None:
    assert heard, f"no answer: {where}"
    assert any(message.buttons or message.menu or message.kind != "text" for message in heard), f"stuck: {where}"
    for message in heard:
        assert len(message.text.encode("utf-16-le")) // 2 <= 4096, where
        for label, does in (button for row in message.buttons for button in row):
            assert 0 < len(label) <= 64, (where, label)
            assert len(does.encode()) <= 64 or does.startswith("https://"), (where, does)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("who", [MARJA, JOOST])
def test_wherever_they_go_it_leads_on(talk: Talk, who: int, seed: int) -> None:
    chance = random.Random(seed)
    talk.tap(who, f"language:{list(LANGUAGES)[seed % len(LANGUAGES)]}")
    shown = ["menu"]
    for _step in range(STEPS if who == MARJA else STEPS // 5):
        act = chance.random()
        if act < 0.75:
            does = chance.choice(shown[-12:])
            heard = talk.tap(who, does)
        elif act < 0.85:
            heard = talk.message(who, text=(does := chance.choice(TYPED)))
        elif act < 0.9:
            heard = talk.tap(who, does := chance.choice(FORGED))
        elif act < 0.93:
            heard = talk.message(who, location={"latitude": 52.0, "longitude": 5.0})
            does = "a location"
        else:
            talk.wait_until(talk.now + timedelta(hours=chance.choice((1, 10, 30))))
            heard, does = talk.tap(who, "menu"), "waited, then the menu"
        hers = [message for message in heard if message.chat == who]
        check(hers, f"seed {seed}, {does}")
        assert talk.aside() == [], f"seed {seed}, {does}"
        shown += [does for m in hers for row in m.buttons for _label, does in row if not does.startswith("http")]
        if not {"join", "settings:erase-yes"}.isdisjoint(shown):
            shown = [does for does in shown if does not in ("join", "settings:erase-yes")]


WORK = [
    "coordinator:unanswered",
    "plan",
    "plan:kind:dropin",
    "plan:yes",
    "plan:change:1",
    "attend",
    "attend:show:1",
    "attend:tick:1.3",
    "attend:cancel-one:1",
    "attend:done:1",
    "send",
    "send:sessions",
    "send:session:1",
    "send:who:library",
    "send:yes",
    "send:stop:1",
    "employer:text:zon",
]


@pytest.mark.parametrize("payload", WORK)
@pytest.mark.parametrize("who", [FATIMA, NOBODY])
def test_to_anybody_else_the_same_buttons_do_nothing(
    talk: Talk, payload: str, who: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    (answer,) = talk.tap(who, payload, "en")
    assert answer.text.startswith("This is for")
    assert "tried what only a" in caplog.text
    assert [m.text for m in talk.wait_until(MONDAY + timedelta(minutes=5)) if m.chat != who] == []


@pytest.mark.parametrize("payload", ["attend:show:{}", "attend:cancel-one:{}", "plan:change:{}", "send:session:{}"])
def test_a_session_of_another_library_is_not_hers(talk: Talk, payload: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    elsewhere = next(
        does.rpartition(":")[2]
        for message in talk.message(NOBODY, "en", text="📅")
        for row in message.buttons
        for label, does in row
        if "Friday" in label
    )
    (answer,) = talk.tap(MARJA, payload.format(elsewhere), "en")
    assert "only a coordinator" in caplog.text
    assert "Dorp" not in answer.text


def test_a_former_coordinator_gets_nothing_more(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    talk.tap(MARJA, "plan")
    talk.withdraw(MARJA)
    for payload in ("plan:kind:dropin", "send", "attend:show:1"):
        caplog.clear()
        (answer,) = talk.tap(MARJA, payload, "en")
        assert "coordinator" in caplog.text
        assert not answer.buttons
