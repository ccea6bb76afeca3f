"""A question in her own words: the answer, a choice of two to four, or honestly: I do not know."""

from conversations import answers, humans
from conversations.people import Person
from conversations.replies import Button, Reply
from conversations.turns import Tap
from conversations.words import _
from conversations.world import World

LONG = 600  # characters; more than anybody asks
NOT_FOUND = "ask:not-found"


def ask(person: Person, question: str, world: World) -> Reply:
    found = world.search(question, person)
    match found.verdict:
        case "answer":
            return answers.show(person.at(""), found.topics[0], world)
        case "choice":
            return offer(person.at(""), found.topics, world)
        case _:
            return say_not_found(person, question, world)


def offer(person: Person, topics: tuple[str, ...], world: World) -> Reply:
    return Reply(person).say(
        _("Do you mean one of these? Tap it."),
        buttons=[
            *answers.topic_buttons(topics, person, world),
            Button(_("None of these"), Tap("ask", "none")),
        ],
    )


def say_not_found(person: Person, question: str, world: World) -> Reply:
    """The first time another try; the second time in a row a human. What she asked is not kept."""
    if person.step == NOT_FOUND:
        return humans.offer(person.at(""), _("I do not know this one either. A human can help you."), world)
    if len(question) > LONG:
        advice = _("That is a lot of text. Ask it in one short sentence. Name the app too.")
    else:
        advice = _("I do not know that yet. Say it in other words. Name the app too.")
    again = person.at(NOT_FOUND) if person.agreed_at else person
    return Reply(again).say(
        advice,
        buttons=[
            Button(_("📚 Look at all subjects"), Tap("browse")),
            Button(_("🙋 I want a human"), Tap("human")),
        ],
    )


def none_of_these(person: Person, world: World) -> Reply:
    return humans.offer(person.at(""), _("All right. Then a human can help you."), world)
