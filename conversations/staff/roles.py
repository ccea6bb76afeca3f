"""Who may do more than ask, by invitation. Roles are looked up at every step: a button can be forged."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from conversations.agenda import find
from conversations.facts import InvitationAccepted, RoleMissing
from conversations.people import Person
from conversations.replies import Reply
from conversations.signup import agreed
from conversations.words import Words, _
from conversations.world import Session, World

COORDINATOR, EMPLOYER = "coordinator", "employer"
INVITATION = "inv-"


def accept(person: Person, code: str, now: datetime, world: World) -> Reply:
    """The link works once. Whoever uses it is remembered: that is what a role is."""
    role = world.invitation(code)
    if role is None:
        return Reply(person).say(
            _("This link no longer works. Ask for a new one."), _("You can always ask a question here."), menu=True
        )
    kept = replace(agreed(person, now), step="")
    told = _("I keep your first name, your language and this role.")
    return Reply(kept).because(InvitationAccepted(code)).say(welcome(role.name, role.about, world), told, menu=True)


def welcome(role: str, about: str, world: World) -> Words:
    if role == EMPLOYER:
        return _("You are now the contact of {employer}.", employer=name_of_employer(about, world))
    return _("You are now coordinator of {library}.", library=name_of_library(about, world))


def lines(person: Person, world: World) -> list[Words]:
    """What she is, each in a line."""
    coordinator = of(person, COORDINATOR, world)
    contact = of(person, EMPLOYER, world)
    return [
        *(_("You are coordinator of {library}.", library=name_of_library(each, world)) for each in coordinator),
        *(_("You are the contact of {employer}.", employer=name_of_employer(each, world)) for each in contact),
    ]


def name_of_library(id: str, world: World) -> str:
    library = world.library(id)
    return library.name if library else id


def name_of_employer(id: str, world: World) -> str:
    employer = world.employer(id)
    return employer.name if employer else id


def of(person: Person, role: str, world: World) -> Sequence[str]:
    """What she has this role for: ids of libraries, or of employers."""
    return sorted(each.about for each in world.roles(person) if each.name == role)


def session_of(person: Person, which: str, world: World) -> Session | None:
    """The session with the number that a button carries, when it is of a library that she coordinates."""
    session = find(which, world)
    return session if session and session.library in of(person, COORDINATOR, world) else None


def say_it_is_not_hers(person: Person, role: str) -> Reply:
    words = _("This is for coordinators only. Type your question, or tap a button below.")
    if role == EMPLOYER:
        words = _("This is for contacts of employers only. Type your question, or tap a button below.")
    return Reply(person).say(words, menu=True).because(RoleMissing(role))
