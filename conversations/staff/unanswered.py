"""Questions that found no answer: to which answer does each belong?"""

from conversations.agenda import number
from conversations.facts import AnswerWished, QuestionDropped, QuestionPlaced
from conversations.people import Person
from conversations.replies import Button, Reply
from conversations.turns import Tap
from conversations.words import Plain, Words, _, ngettext
from conversations.world import Unanswered, World

MOST_NEAR = 4


def hear(person: Person, tap: Tap, world: World) -> Reply:
    match tap:
        case Tap("coordinator", "place", which):
            asked, _dot, topic = which.partition(".")
            return decide(person, asked, QuestionPlaced(number(asked), topic), world)
        case Tap("coordinator", "wish", asked):
            return decide(person, asked, AnswerWished(number(asked)), world)
        case Tap("coordinator", "drop", asked):
            return decide(person, asked, QuestionDropped(number(asked)), world)
        case _:
            return show_next(Reply(person), world)


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


def decide(person: Person, which: str, fact: QuestionPlaced | AnswerWished | QuestionDropped, world: World) -> Reply:
    """One tap settles it; the next one comes at once."""
    asked = world.unanswered(number(which))
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
