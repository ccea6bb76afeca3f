"""The coordinator's work, by invitation. The role is looked up at every step: a button can be forged."""

from dataclasses import replace
from datetime import datetime

from conversations.facts import AnswerWished, InvitationAccepted, QuestionDropped, QuestionPlaced, RoleMissing
from conversations.people import Person
from conversations.replies import Button, Reply
from conversations.turns import Tap
from conversations.words import Plain, Words, _, ngettext
from conversations.world import Unanswered, World

COORDINATOR = "coordinator"
INVITATION = "inv-"
MOST_NEAR = 4


def accept(person: Person, code: str, now: datetime, world: World) -> Reply:
    """The link works once. Whoever uses it is remembered: that is what a role is."""
    role = world.invitation(code)
    if role is None:
        return Reply(person).say(
            _("This link no longer works. Ask for a new one."), _("You can always ask a question here."), menu=True
        )
    library = world.library(role.about)
    kept = replace(person, step="", agreed_at=person.agreed_at or now)
    welcome = _("You are now coordinator of {library}.", library=library.name if library else role.about)
    told = _("I keep your first name, your language and this role.")
    return show(Reply(kept).because(InvitationAccepted(code)).say(welcome, told, menu=True), world)


def is_coordinator(person: Person, world: World) -> bool:
    return any(role.name == COORDINATOR for role in world.roles(person))


def hear(person: Person, tap: Tap, world: World) -> Reply:
    if not is_coordinator(person, world):
        return say_it_is_not_hers(person)
    match tap:
        case Tap("coordinator", "unanswered"):
            return show_next(Reply(person), world)
        case Tap("coordinator", "place", which):
            number, _dot, topic = which.partition(".")
            return decide(person, number, QuestionPlaced(_number(number), topic), world)
        case Tap("coordinator", "wish", number):
            return decide(person, number, AnswerWished(_number(number)), world)
        case Tap("coordinator", "drop", number):
            return decide(person, number, QuestionDropped(_number(number)), world)
        case _:
            return show(Reply(person), world)


def say_it_is_not_hers(person: Person) -> Reply:
    return (
        Reply(person)
        .say(_("This is for coordinators only. Type your question, or tap a button below."), menu=True)
        .because(RoleMissing(COORDINATOR))
    )


def show(reply: Reply, world: World) -> Reply:
    """The coordinator's own buttons."""
    waiting = world.count_unanswered()
    return reply.say(
        _("**For the coordinator**"),
        how_many(waiting),
        buttons=[Button(_("🗂 Questions without an answer"), Tap("coordinator", "unanswered"))] if waiting else (),
    )


def how_many(waiting: int) -> Words:
    if not waiting:
        return _("Every question has found an answer.")
    return ngettext("{count} question has found no answer.", "{count} questions have found no answer.", waiting)


def show_next(reply: Reply, world: World) -> Reply:
    """The oldest question, without who asked it, and where it may belong."""
    asked = world.first_unanswered()
    return ask_where(reply, asked, world) if asked else reply.say(_("That was the last one. Thank you!"), menu=True)


def ask_where(reply: Reply, asked: Unanswered, world: World) -> Reply:
    near = world.near(asked.question)[:MOST_NEAR]
    found = [answer for answer in (world.answer(topic, reply.person) for topic in near) if answer]
    return reply.say(
        _("Somebody asked: “{question}”", question=asked.question),
        _("**To which answer does this belong?** I learn it from you."),
        buttons=[
            *(Button(Plain(answer.title), Tap("coordinator", "place", f"{asked.id}.{answer.id}")) for answer in found),
            Button(_("✍️ It needs a new answer"), Tap("coordinator", "wish", str(asked.id))),
            Button(_("🗑 Throw it away"), Tap("coordinator", "drop", str(asked.id))),
        ],
    )


def decide(person: Person, number: str, fact: QuestionPlaced | AnswerWished | QuestionDropped, world: World) -> Reply:
    """One tap settles it; the next one comes at once."""
    asked = world.unanswered(_number(number))
    if asked is None:
        return show_next(Reply(person).say(_("Somebody has looked at this one already.")), world)
    match fact:
        case QuestionPlaced(_id, topic):
            answer = world.answer(topic, person)
            if answer is None:
                return ask_where(Reply(person), asked, world)
            done = _("Thank you. I learn it with “{title}”.", title=answer.title)
        case AnswerWished():
            done = _("Thank you. I have put it on the list of wishes.")
        case QuestionDropped():
            done = _("It is gone.")
    return Reply(person).say(done, in_place=True, buttons=[onward()]).because(fact)


def onward() -> Button:
    return Button(_("Next question"), Tap("coordinator", "unanswered"))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0
