"""Whatever else comes in gets a friendly next step."""

from conversations.people import Person
from conversations.replies import Button, Reply
from conversations.turns import Contact, Document, Photo, Sticker, Tap, Turn, Voice
from conversations.words import Words, _


def hear(person: Person, turn: Turn) -> Reply:
    match turn:
        case Tap():
            return say_button_is_old(person)
        case Sticker():
            return next_step(person, _("Nice! Do you have a question? Type it in a few words."))
        case Photo():
            return next_step(
                person, _("I cannot see photos. Type in a few words what is on it, without names of clients.")
            )
        case Voice():
            return next_step(person, _("I cannot listen to voice messages. Type a few words, or tap a button."))
        case Document():
            return next_step(person, _("I cannot open files. Type in a few words what it is about."))
        case Contact():
            return next_step(person, _("I do not keep phone numbers. Type your question in a few words."))
        case _:
            return next_step(person, _("I do not understand this kind of message. Type your question in a few words."))


def next_step(person: Person, words: Words) -> Reply:
    return Reply(person).say(
        words,
        buttons=[
            Button(_("📚 Look at all subjects"), Tap("browse")),
            Button(_("🙋 I want a human"), Tap("human")),
        ],
    )


def say_button_is_old(person: Person) -> Reply:
    return Reply(person).say(_("This button is old. Type your question, or tap a button below."), menu=True)


def come_to_me(person: Person) -> Reply:
    """In a group nobody should ask what is hers alone."""
    return Reply(person).say(_("I do not talk in groups. Tap on my name and write to me there."))
