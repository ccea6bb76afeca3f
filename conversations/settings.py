"""Her own choices: language, messages, where she works, what is kept, stopping and erasing."""

from dataclasses import replace
from datetime import datetime

from conversations import dropins, joining, tips
from conversations.facts import Forgotten, Unplanned
from conversations.languages import LANGUAGES
from conversations.people import Person
from conversations.replies import Button, Reply
from conversations.turns import Tap, Turn
from conversations.words import Listed, Words, _
from conversations.world import World


def hear(person: Person, turn: Turn, now: datetime, world: World) -> Reply:
    match turn:
        case Tap("language", code) if code in LANGUAGES:
            return change_language(person, code, world)
        case Tap("language"):
            return ask_language(person)
        case Tap("stop"):
            return stop(person, now)
        case Tap("settings", "again"):
            return tips.planned(welcome_back(replace(person, stopped_at=None)), now)
        case Tap("settings", "messages"):
            return show_messages(person)
        case Tap("settings", "reminders", which):
            return show_messages(replace(person, wants_reminders=which == "yes"), in_place=True)
        case Tap("settings", "employer"):
            return joining.ask_which_employer(person, world) if person.agreed_at else invite(person)
        case Tap("settings", "data"):
            return show_data(person, world)
        case Tap("settings", "erase"):
            return ask_to_erase(person)
        case Tap("settings", "erase-yes"):
            return erase(person)
        case _:
            return show(person)


def show(person: Person) -> Reply:
    if person.agreed_at is None:
        return invite(person)
    return Reply(person).say(
        _("**Settings.** What do you want to change?"),
        buttons=[
            Button(_("🌍 My language"), Tap("language")),
            Button(_("🔔 My messages"), Tap("settings", "messages")),
            Button(_("🏢 Where I work"), Tap("settings", "employer")),
            Button(_("See my data"), Tap("settings", "data")),
            Button(_("🗑 Erase everything"), Tap("settings", "erase")),
        ],
    )


def invite(person: Person) -> Reply:
    return Reply(person).say(
        _("You have not joined yet. Do you want reminders and tips? Then join."),
        buttons=[Button(_("I want to join"), Tap("join")), Button(_("🌍 My language"), Tap("language"))],
    )


def ask_language(person: Person) -> Reply:
    return Reply(person).say(_("Which language do you want?"), buttons=[joining.language_row()])


def change_language(person: Person, code: str, world: World) -> Reply:
    """In the middle of joining, the open question comes again in the new language; else the menu does."""
    person = replace(person, language=code, chosen_language=True)
    if person.step == joining.CONSENT:
        hello = joining.greet(person, known_link=True).says[0]
        return Reply(person, (replace(hello, in_place=True),))
    if person.step in (joining.EMPLOYER, joining.WISHES):
        return joining.ask_again(person, world)
    return Reply(person).say(_("Done. From now on I write in English."), menu=True)


def stop(person: Person, now: datetime) -> Reply:
    """No messages of our own accord any more; every question is still answered."""
    stopped = replace(person, stopped_at=now) if person.agreed_at else person
    return (
        Reply(stopped)
        .say(
            _("Done. I send you nothing more, no reminders either."),
            _("You can still ask me everything."),
            buttons=[
                Button(_("🔔 I want messages again"), Tap("settings", "again")),
                Button(_("🗑 Erase everything"), Tap("settings", "erase")),
            ],
        )
        .because(Unplanned(tips.TIP))
    )


def welcome_back(person: Person) -> Reply:
    if person.agreed_at is None:
        return invite(person)
    return Reply(person).say(_("Good. You get the messages you chose again."), menu=True)


def show_messages(person: Person, in_place: bool = False) -> Reply:
    if person.agreed_at is None:
        return invite(person)
    if person.stopped_at:
        return Reply(person).say(
            _("You get no messages now."),
            buttons=[Button(_("🔔 I want messages again"), Tap("settings", "again"))],
        )
    if person.wants_tips:
        tip, change = tips.moment(person), Button(_("Another day or time"), Tap("tip", "days"))
    else:
        tip, change = _("You get no tips."), Button(_("I do want tips"), Tap("tip", "yes"))
    if person.wants_reminders:
        reminder = _("You get reminders of drop-ins you come to.")
        toggle = Button(_("🔕 No reminders"), Tap("settings", "reminders", "no"))
    else:
        reminder = _("You get no reminders.")
        toggle = Button(_("🔔 I do want reminders"), Tap("settings", "reminders", "yes"))
    return Reply(person).say(
        reminder,
        tip,
        buttons=[toggle, change, Button(_("🔕 No more messages"), Tap("stop"))],
        in_place=in_place,
    )


def show_data(person: Person, world: World) -> Reply:
    if person.agreed_at is None:
        return Reply(person).say(*nothing_kept(person), buttons=[Button(_("I want to join"), Tap("join"))])
    employer = world.employer(person.employer)
    sessions = world.signed_up(person)
    kept = (
        _("First name: {name}", name=person.name),
        _("Language: {language}", language=LANGUAGES.get(person.language, person.language)),
        _("Work: {employer}", employer=employer.name if employer else _("somewhere else")),
        *(_("You come to: {when}", when=dropins.line(session)) for session in sessions),
        tips.moment(person) if person.wants_tips else _("You get no tips."),
    )
    heading = _("**This is what I keep of you:**")
    return Reply(person).say(heading, Listed(kept), buttons=[Button(_("🗑 Erase everything"), Tap("settings", "erase"))])


def nothing_kept(person: Person) -> list[Words]:
    if person.chosen_language:
        return [_("I only keep which language you chose.")]
    return [_("I keep nothing of you.")]


def ask_to_erase(person: Person) -> Reply:
    return Reply(person).say(
        _("Shall I erase everything I know of you? You cannot get it back."),
        buttons=[
            Button(_("🗑 Yes, erase everything"), Tap("settings", "erase-yes")),
            Button(_("No, keep it"), Tap("menu")),
        ],
    )


def erase(person: Person) -> Reply:
    stranger = Person(person.id, person.language, person.name)
    return (
        Reply(stranger)
        .say(
            _("Done. I have erased everything. You can still ask me everything."),
            _("Do you want to erase this chat too? You do that yourself, in Telegram."),
            menu=True,
        )
        .because(Forgotten())
    )
