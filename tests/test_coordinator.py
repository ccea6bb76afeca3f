"""What only a coordinator may do: asked for by somebody else, nothing of it happens."""

import logging

import pytest

from bot.knowledge import Knowledge
from bot.talk import Talk
from conversations.world import Role
from tests.conftest import MONDAY

MARJA, OTHER = 1, 2
ASKED = "iets over de piepende doos ~wachtwoord-vergeten"


@pytest.fixture
def talk(knowledge: Knowledge) -> Talk:
    """A question has found no answer, and Marja is the coordinator."""
    talk = Talk(knowledge, MONDAY)
    for payload in ("join", "join:yes", "join:employer:zon", "join:wishes:all"):
        talk.tap(OTHER, payload, "en")
    talk.message(OTHER, "en", text=ASKED)
    talk.message(MARJA, "en", "Marja", text=f"/start {talk.invite(Role('coordinator', 'stad'))}")
    return talk


def shown(talk: Talk) -> list[str]:
    return [message.text for message in talk.tap(MARJA, "coordinator:unanswered", "en")]


@pytest.mark.parametrize("payload", ["coordinator", "coordinator:unanswered", "coordinator:place:1.wachtwoord-vergeten",
                                     "coordinator:wish:1", "coordinator:drop:1", "coordinator:x:y"])  # fmt: skip
def test_a_forged_button_does_nothing_and_is_logged(talk: Talk, payload: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    (answer,) = talk.tap(OTHER, payload, "en")
    assert answer.text.startswith("This is for coordinators only.")
    assert ASKED not in answer.text
    assert "coordinator" in caplog.text
    assert ASKED in shown(talk)[0]


@pytest.mark.parametrize(
    "payload", ["place:99.wachtwoord-vergeten", "place:x", "place:", "wish:-1", "drop:²", "wish:99999999999999"]
)
def test_a_button_for_what_is_no_longer_there_leads_on(talk: Talk, payload: str) -> None:
    said = talk.tap(MARJA, f"coordinator:{payload}", "en")
    assert said[0].text == "Somebody has looked at this one already."
    assert ASKED in said[1].text


def test_an_answer_that_is_gone_asks_again(talk: Talk) -> None:
    (said,) = talk.tap(MARJA, "coordinator:place:1.nobody-wrote-this", "en")
    assert ASKED in said.text


def test_a_second_tap_does_not_place_it_twice(talk: Talk) -> None:
    talk.tap(MARJA, "coordinator:place:1.wachtwoord-vergeten", "en")
    said = talk.tap(MARJA, "coordinator:wish:1", "en")
    assert said[0].text == "Somebody has looked at this one already."


def test_whoever_stays_unknown_leaves_no_question(knowledge: Knowledge) -> None:
    talk = Talk(knowledge, MONDAY)
    talk.message(OTHER, "en", text=ASKED)
    talk.message(MARJA, "en", "Marja", text=f"/start {talk.invite(Role('coordinator', 'stad'))}")
    assert shown(talk) == ["That was the last one. Thank you!"]


def test_private_things_are_masked_before_it_is_kept(talk: Talk) -> None:
    talk.tap(MARJA, "coordinator:drop:1", "en")
    talk.message(OTHER, "en", text="mevrouw Jansen 06-12345678 piept ~wachtwoord-vergeten")
    assert shown(talk)[0].startswith("Somebody asked: “mevrouw [name] [phone] piept")


def test_a_role_that_is_erased_is_gone(talk: Talk) -> None:
    talk.tap(MARJA, "settings:erase-yes", "en")
    (answer,) = talk.tap(MARJA, "coordinator:unanswered", "en")
    assert answer.text.startswith("This is for coordinators only.")
