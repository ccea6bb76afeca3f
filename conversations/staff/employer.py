"""The employer's contact: the link and a text to share, and how many take part. Never names, never questions."""

from conversations.languages import LANGUAGES
from conversations.people import Person
from conversations.replies import Button, Message, Reply
from conversations.staff import roles
from conversations.staff.roles import EMPLOYER
from conversations.turns import Tap
from conversations.words import Plain, Words, _, ngettext
from conversations.world import Employer, World

FEWEST = 5  # below this no number is told: it could be known who they are


def hear(person: Person, tap: Tap, world: World) -> Reply:
    """A tap may name an employer, and a language after it: zon.ar."""
    about, _dot, language = tap.which.partition(".")
    mine = [each for each in roles.of(person, EMPLOYER, world) if about in ("", each)]
    employers = [employer for employer in (world.employer(each) for each in mine) if employer]
    if not employers:
        return roles.say_it_is_not_hers(person, EMPLOYER)
    if tap.act == "text" and about:
        return give_text(person, employers[0], language if language in LANGUAGES else "nl", world)
    reply = Reply(person)
    for employer in employers:
        reply = show(reply, employer.id, world)
    return reply


def show(reply: Reply, about: str, world: World) -> Reply:
    """The contact's own buttons."""
    employer = world.employer(about)
    if employer is None:
        return reply
    return reply.say(
        _("**For the contact of {employer}**", employer=employer.name),
        how_many(world.joined(about)),
        _("You never see who asks what."),
        _("**The link to share:**"),
        Plain(world.link(employer.code)),
        buttons=[Button(_("📤 A text with the link"), Tap("employer", "text", about))],
    )


def how_many(joined: int) -> Words:
    if joined < FEWEST:
        return _("Fewer than 5 people have joined. From 5 on I tell the number.")
    return ngettext("{count} person has joined.", "{count} people have joined.", joined)


def give_text(person: Person, employer: Employer, language: str, world: World) -> Reply:
    """One message that can be sent on as it is, and below it the languages to have it in."""
    languages = tuple(
        Button(Plain(name), Tap("employer", "text", f"{employer.id}.{code}")) for code, name in LANGUAGES.items()
    )
    return (
        Reply(person)
        .show(Message(text_to_share(employer, world), language=language))
        .say(
            _("Copy the message above, or send it on."),
            _("Do you want it in another language? Tap it."),
            buttons=[languages],
        )
    )


def text_to_share(employer: Employer, world: World) -> tuple[Words | Plain, ...]:
    return (
        _("Do you find the apps at work hard? You are not the only one."),
        _("Digihulp helps you on your phone, in the app Telegram. It is free."),
        _("Nobody at work sees what you ask."),
        _("Tap the link, and then tap Start:"),
        Plain(world.link(employer.code)),
    )
