"""What only the contact of an employer may do, and what the contact never gets to see."""

import logging

import pytest

from bot.knowledge import Knowledge
from bot.talk import Heard, Talk
from conversations.world import Role
from tests.conftest import MONDAY

JOKE, OTHER = 1, 2
ASKED = "iets over de piepende doos ~wachtwoord-vergeten"


@pytest.fixture
def talk(knowledge: Knowledge) -> Talk:
    """Joke is the contact of Zon; somebody of Zon has asked something."""
    talk = Talk(knowledge, MONDAY)
    joins(talk, OTHER)
    talk.message(OTHER, "en", text=ASKED)
    talk.message(JOKE, "en", "Joke", text=f"/start {talk.invite(Role('employer', 'zon'))}")
    return talk


def joins(talk: Talk, person: int, employer: str = "zon") -> None:
    for payload in ("join", "join:yes", f"join:employer:{employer}", "join:wishes:all"):
        talk.tap(person, payload, "en")


def menu(talk: Talk) -> str:
    (shown,) = talk.tap(JOKE, "employer", "en")
    return shown.text


def everything_shown(talk: Talk) -> list[Heard]:
    """What the contact gets to see by tapping every button from the menu on."""
    seen, waiting, heard = set[str](), ["employer"], list[Heard]()
    while waiting:
        payload = waiting.pop()
        seen.add(payload)
        said = talk.tap(JOKE, payload, "en")
        heard += said
        buttons = {does for message in said for row in message.buttons for _label, does in row}
        waiting += sorted(buttons - seen - set(waiting))
    return heard


FORGED = ["employer", "employer:text:zon", "employer:text:zon.nl", "employer:x:zon", "employer:text", "employer:x:y"]


@pytest.mark.parametrize("payload", FORGED)
def test_a_forged_button_does_nothing_and_is_logged(talk: Talk, payload: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    (answer,) = talk.tap(OTHER, payload, "en")
    assert answer.text.startswith("This is for contacts of employers only.")
    assert "employer" in caplog.text


@pytest.mark.parametrize("payload", ["employer:text:maan", "employer:x:maan", "employer:text:maan.nl", "employer:x:²"])
def test_the_contact_of_one_employer_sees_nothing_of_another(
    talk: Talk, payload: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    (answer,) = talk.tap(JOKE, payload, "en")
    assert answer.text.startswith("This is for contacts of employers only.")
    assert "Maan" not in answer.text
    assert "employer" in caplog.text


def test_a_coordinator_is_no_contact(talk: Talk) -> None:
    talk.message(OTHER, "en", text=f"/start {talk.invite(Role('coordinator', 'stad'))}")
    (answer,) = talk.tap(OTHER, "employer:text:zon", "en")
    assert answer.text.startswith("This is for contacts of employers only.")
    (answer,) = talk.tap(JOKE, "coordinator:unanswered", "en")
    assert answer.text.startswith("This is for coordinators only.")


def test_a_former_contact_is_a_stranger_to_it(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    talk.tap(JOKE, "settings:erase-yes", "en")
    (answer,) = talk.tap(JOKE, "employer:text:zon", "en")
    assert answer.text.startswith("This is for contacts of employers only.")
    assert "employer" in caplog.text
    assert len(talk.message(JOKE, "en", text="menu")) == 1


def test_a_contact_of_an_employer_that_is_no_longer_there(knowledge: Knowledge) -> None:
    talk = Talk(knowledge, MONDAY)
    said = talk.message(JOKE, "en", text=f"/start {talk.invite(Role('employer', 'gone'))}")
    assert said[0].text.startswith("You are now the contact of gone.")
    (answer,) = talk.tap(JOKE, "employer", "en")
    assert answer.text.startswith("This is for contacts of employers only.")


def test_a_number_is_told_from_five_on(talk: Talk) -> None:
    for person in range(10, 13):
        joins(talk, person)
    for person in range(20, 29):
        joins(talk, person, "maan")
    assert "Fewer than 5 people have joined." in menu(talk)
    assert "4 " not in menu(talk)
    joins(talk, 13)
    assert "5 people have joined." in menu(talk)
    talk.tap(13, "settings:erase-yes", "en")
    assert "Fewer than 5 people have joined." in menu(talk)


def test_whoever_only_asks_is_not_counted(talk: Talk) -> None:
    for person in range(10, 20):
        talk.message(person, "en", text="/start zon")
    assert "Fewer than 5 people have joined." in menu(talk)


def test_no_button_leads_to_a_name_or_a_question(talk: Talk) -> None:
    shown = everything_shown(talk)
    assert len(shown) > 5
    assert not [message for message in shown if "piepende" in message.text or "Fatima" in message.text]


def test_the_text_is_in_the_language_wanted_and_the_rest_in_her_own(talk: Talk) -> None:
    text, below = talk.tap(JOKE, "employer:text:zon.ar", "en")
    english, _below = talk.tap(JOKE, "employer:text:zon.en", "en")
    assert text.text.splitlines()[-1] == english.text.splitlines()[-1]
    assert text.text.splitlines()[-1].endswith("?start=zon")
    assert text.buttons == text.menu == (), "it can be sent on as it is"
    assert below.labels == ["Nederlands", "English", "العربية"]
    assert below.text.startswith("Copy the message above")


def test_a_language_that_nobody_speaks_here_gives_dutch(talk: Talk) -> None:
    assert talk.tap(JOKE, "employer:text:zon.xx", "en") == talk.tap(JOKE, "employer:text:zon", "en")


def test_a_contact_of_two_employers_sees_both(talk: Talk) -> None:
    talk.message(JOKE, "en", text=f"/start {talk.invite(Role('employer', 'maan'))}")
    said = talk.tap(JOKE, "employer", "en")
    assert [message.text.splitlines()[0] for message in said] == [
        "For the contact of Thuiszorg Maan",
        "For the contact of Thuiszorg Zon",
    ]
    assert [message.text for message in talk.message(JOKE, "en", text="menu")[1:]] == [message.text for message in said]
