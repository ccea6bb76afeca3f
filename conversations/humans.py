"""People who can help: the library's coach, the helpdesk at work, the contact for pay and contract."""

from conversations.dropins import line, places_to_look
from conversations.people import Person
from conversations.replies import Button, Reply
from conversations.turns import Tap
from conversations.words import Plain, Words, _
from conversations.world import Employer, Library, World


def show(person: Person, world: World) -> Reply:
    return offer(person, _("**These people like to help you.**"), world)


def offer(person: Person, first: Words, world: World) -> Reply:
    known = (world.library(library) for library in places_to_look(person, world))
    libraries = [library for library in known if library]
    employer = world.employer(person.employer)
    soon = world.upcoming(places_to_look(person, world), 1)
    paragraphs: list[Words | Plain] = [first, *(coach(library) for library in libraries)]
    if employer:
        paragraphs.extend(at_work(employer))
    if soon:
        paragraphs.append(_("The next drop-in: {when}", when=line(soon[0])))
    paragraphs.append(_("Is somebody in danger? Call 112 now."))
    return Reply(person).say(*paragraphs, buttons=[Button(_("📅 See the drop-ins"), Tap("session"))])


def coach(library: Library) -> Words:
    return _(
        "{library}: call the digital coach, {phone} ({hours}).",
        library=library.name,
        phone=library.phone,
        hours=library.phone_hours,
    )


def at_work(employer: Employer) -> list[Words]:
    found = []
    if helpdesk := employer.facts.get("helpdesk"):
        found.append(_("For apps at work: {helpdesk}.", helpdesk=helpdesk))
    if contact := employer.facts.get("hr_contact"):
        found.append(_("For your contract, pay or leave: {contact}.", contact=contact))
    return found
