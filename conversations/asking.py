"""A question in her own words: the answer, a choice of two to four, or honestly: I do not know."""

import hashlib

from conversations import answers, humans, triage
from conversations.facts import NoneOfThese, NotFound
from conversations.people import Person
from conversations.replies import Button, Reply
from conversations.turns import Tap
from conversations.words import _
from conversations.world import World

LONG = 600  # characters; more than anybody asks
LONGEST_KEPT = 300
NOT_FOUND = "ask:not-found"


def ask(person: Person, question: str, world: World) -> Reply:
    if reply := answers.follow_up(person, question, world):
        return reply
    found = world.search(question, person)
    match found.verdict:
        case "answer":
            return triage.show(person.at(""), found.topics[0], question, world)
        case "choice":
            return unfound(offer(person.at(""), question, found.topics, world), question, offered=True)
        case _:
            return unfound(say_not_found(person, question, world), question)


def unfound(reply: Reply, question: str, offered: bool = False) -> Reply:
    """For the coordinator, without her name. Of who did not agree to be remembered nothing is kept."""
    if not reply.person.agreed_at:
        return reply
    return reply.because(NotFound(key(question), question[:LONGEST_KEPT], offered))


def key(question: str) -> str:
    """The same for the same words; says nothing of what they are."""
    return hashlib.blake2b(" ".join(question.casefold().split()).encode(), digest_size=8).hexdigest()


def offer(person: Person, question: str, topics: tuple[str, ...], world: World) -> Reply:
    return Reply(person).say(
        _("Do you mean one of these? Tap it."),
        buttons=[
            *triage.topic_buttons(topics, person, world, question),
            Button(_("None of these"), Tap("ask", "none", key(question))),
        ],
    )


def say_not_found(person: Person, question: str, world: World) -> Reply:
    """The first time another try; the second time in a row a human."""
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


def none_of_these(person: Person, asked: str, world: World) -> Reply:
    reply = humans.offer(person.at(""), _("All right. Then a human can help you."), world)
    return reply.because(NoneOfThese(asked)) if asked else reply
