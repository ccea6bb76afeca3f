"""What she wants to learn. The library can write about it to who wants it."""

from conversations.browsing import SUBJECTS
from conversations.facts import InterestChosen
from conversations.people import Person
from conversations.replies import Button, Reply
from conversations.turns import Tap
from conversations.words import Words, _
from conversations.world import World

ACTS = frozenset({"learn", "learn-yes", "learn-no"})


def hear(person: Person, tap: Tap, world: World) -> Reply:
    """She has agreed to be remembered. A tap carries what is to be, so that tapping twice does it once."""
    before = world.interests(person)
    match tap:
        case Tap("settings", "learn-yes", subject) if subject in subjects(world):
            chosen = show(person, before | {subject}, world, in_place=True)
            return chosen.because(InterestChosen(subject, wanted=True))
        case Tap("settings", "learn-no", subject) if subject in before:
            chosen = show(person, before - {subject}, world, in_place=True)
            return chosen.because(InterestChosen(subject, wanted=False))
        case Tap("settings", "learn"):
            return show(person, before, world)
        case _:
            return show(person, before, world, in_place=True)


def subjects(world: World) -> list[str]:
    return [subject for subject in world.categories() if subject in SUBJECTS]


def show(person: Person, chosen: frozenset[str], world: World, in_place: bool = False) -> Reply:
    silent = () if person.wants_news else (_("You get no news of the library now. You can change it in Settings."),)
    return Reply(person).say(
        _("**What do you want to learn?** Tap it. You can choose more than one."),
        _("The library can write to you about it. It sees how many people choose it, not who."),
        *silent,
        buttons=[toggle(subject, subject in chosen) for subject in subjects(world)],
        in_place=in_place,
    )


def toggle(subject: str, chosen: bool) -> Button:
    if chosen:
        return Button(_("✅ {subject}", subject=SUBJECTS[subject]), Tap("settings", "learn-no", subject))
    return Button(SUBJECTS[subject], Tap("settings", "learn-yes", subject))


def lines(person: Person, world: World) -> list[Words]:
    chosen = world.interests(person)
    return [_("You want to learn: {subject}", subject=SUBJECTS[s]) for s in subjects(world) if s in chosen]
