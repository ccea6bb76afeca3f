"""Asking back what she sees: only about answers that are there, and by names that her employer's apps have."""

from dataclasses import replace

import pytest

from bot.knowledge import Knowledge
from bot.talk import Talk
from conversations.triage import ANOTHER, WAYS, app_in
from tests.conftest import MONDAY

APPS = {"record_app": "Ons", "roster_app": "Ons Rooster", "hours_app": "Puur & Co. (uren)"}


@pytest.mark.parametrize(
    ("question", "app"),
    [
        ("de app doet het niet", ""),
        ("ons doet het niet", "record_app"),
        ("Ons?", "record_app"),
        ("ONS ROOSTER hangt", "roster_app"),
        ("mijn rooster-app hangt", "roster_app"),
        ("de roosterapp hangt", "roster_app"),
        ("puur & co. (uren) hangt", "hours_app"),
        ("al uren doet de app niets", ""),
        ("de app doet het bij ons niet", ""),
        ("onszelf", ""),
        ("what’s app hangt", ANOTHER),
        ("teams loopt vast", ANOTHER),
        ("de mail-app hangt", ANOTHER),  # her employer has none that we know of
        ("", ""),
    ],
)
def test_an_app_is_known_by_its_name_or_by_what_it_is_for(question: str, app: str) -> None:
    assert app_in(question, APPS) == app


def without(knowledge: Knowledge, *topics: str) -> Knowledge:
    left = {key: answer for key, answer in knowledge.content.answers.items() if key[0] not in topics}
    return replace(knowledge, content=replace(knowledge.content, answers=left))


def joined(knowledge: Knowledge) -> Talk:
    talk = Talk(knowledge, MONDAY)
    talk.message(1, "en", text="/start zon")
    for payload in ("join:yes", "join:employer:zon", "join:wishes:all"):
        talk.tap(1, payload, "en")
    return talk


def test_what_has_no_answer_is_not_asked(knowledge: Knowledge) -> None:
    talk = joined(without(knowledge, "inlogcode-nodig", "inlogcode-komt-niet"))
    (heard,) = talk.message(1, "en", text="x =inloggen-lukt-niet")
    assert heard.labels == [
        "Wrong name or password",
        "Locked, or tried too often",
        "This is my first time",
        "Something else",
        "I do not know",
    ]


# What is left in the content when there is one way only; the app's general answer is a way itself.
LONELY = {"inloggen-lukt-niet": ("inloggen-lukt-niet", "wachtwoord-vergeten"), "app-werkt-niet": ("app-werkt-niet",)}


@pytest.mark.parametrize("topic", WAYS)
def test_the_general_answer_comes_at_once_when_there_is_nothing_to_choose(knowledge: Knowledge, topic: str) -> None:
    gone = {answer for answer, _language in knowledge.content.answers} - set(LONELY[topic])
    talk = joined(without(knowledge, *gone))
    told = talk.message(1, "en", text=f"x ={topic}")
    for payload in (f"triage:ask:{topic}", *(["triage:app:record_app"] if topic == "app-werkt-niet" else [])):
        told += talk.tap(1, payload, "en")
    title = knowledge.content.answers[topic, "nl"].title
    assert len(told) > 1
    assert all(title in heard.text for heard in told)


@pytest.mark.parametrize("payload", ["triage:app:helpdesk", "triage:app:mail_app", "triage:app", "triage:app:a:b"])
def test_an_app_that_is_not_hers_has_no_name(knowledge: Knowledge, payload: str) -> None:
    (heard,) = joined(knowledge).tap(1, payload, "en")
    assert heard.text.startswith("What happens?")


@pytest.mark.parametrize("payload", ["triage", "triage:what", "triage:ask", "triage:ask:nothing"])
def test_a_button_of_another_year_leads_on(knowledge: Knowledge, payload: str) -> None:
    (heard,) = joined(knowledge).tap(1, payload, "en")
    assert heard.text.startswith("This answer is no longer there.")
    assert heard.buttons
