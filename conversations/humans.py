"""People who can help: the library's coach, the helpdesk at work, the contact for pay and contract."""

from conversations.agenda import line
from conversations.people import Person
from conversations.replies import Button, Reply
from conversations.sessions import places_to_look
from conversations.turns import Tap
from conversations.words import Listed, Words, _
from conversations.world import Employer, Library, World


def show(person: Person, world: World) -> Reply:
    return offer(person, _("**These people like to help you.**"), world)


def offer(person: Person, first: Words, world: World) -> Reply:
    known = (world.library(library) for library in places_to_look(person, world))
    libraries = [library for library in known if library]
    employer = world.employer(person.employer)
    soon = world.upcoming(places_to_look(person, world), 1)
    helpers = [coach(library) for library in libraries] + (at_work(employer) if employer else [])
    if soon:
        helpers.append(_("The next drop-in: {when}", when=line(soon[0])))
    danger = _("Is somebody in danger? Call 112 now.")
    return Reply(person).say(
        first, Listed(tuple(helpers)), danger, buttons=[Button(_("📅 See the drop-ins"), Tap("session"))]
    )


def coach(library: Library) -> Words:
    """Name, number and hours are the library's own words; what is not known is left out."""
    number = f": {library.phone}" if library.phone else ""
    hours = f" ({library.phone_hours})" if library.phone_hours else ""
    return _("For everything on your phone: {coach}.", coach=f"{library.coach or library.name}{number}{hours}")


def at_work(employer: Employer) -> list[Words]:
    found = []
    if helpdesk := employer.facts.get("helpdesk"):
        found.append(_("For apps at work: {helpdesk}.", helpdesk=helpdesk))
    if contact := employer.facts.get("hr_contact"):
        found.append(_("For your contract, pay or leave: {contact}.", contact=contact))
    return found
