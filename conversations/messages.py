"""My messages: reminders, the tip, news of the library, her quiet hours, a pause."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from conversations import tips
from conversations.agenda import is_hers
from conversations.facts import Planned, Unplanned
from conversations.people import Person
from conversations.replies import Button, Reply, in_rows
from conversations.schedule import planned
from conversations.signup import no_reminders
from conversations.turns import Tap
from conversations.words import Clock, Day, Listed, Words, _
from conversations.world import Session, World

ACTS = frozenset({"messages", "reminders", "news", "quiet", "quiet-from", "pause"})
HOURS = {str(hour): hour for hour in range(24)}
PAUSES = {"week": timedelta(days=7), "month": timedelta(days=30)}


def hear(person: Person, tap: Tap, now: datetime, world: World) -> Reply:
    """She has agreed to be remembered."""
    if person.stopped_at:
        return say_there_are_none(person)
    match tap:
        case Tap("settings", "reminders", which):
            return show(replace(person, wants_reminders=which == "yes"), now, in_place=True)
        case Tap("settings", "news", which):
            return show(replace(person, wants_news=which == "yes"), now, in_place=True)
        case Tap("settings", "quiet", "other"):
            return ask_from(person)
        case Tap("settings", "quiet-from", hour) if hour in HOURS:
            return ask_until(person, HOURS[hour])
        case Tap("settings", "quiet", hours) if (chosen := read_hours(hours)) is not None:
            begins, ends = chosen
            return confirm_quiet(replace(person, quiet_from=begins, quiet_until=ends), now, world)
        case Tap("settings", "quiet" | "quiet-from"):
            return ask_quiet(person)
        case Tap("settings", "pause", "stop"):
            return say_pause_is_over(replace(person, paused_until=None))
        case Tap("settings", "pause", which) if which in PAUSES:
            return pause(person, PAUSES[which], now)
        case Tap("settings", "pause"):
            return ask_pause(person, now)
        case _:
            return show(person, now, in_place=tap.which == "back")


def show(person: Person, now: datetime, in_place: bool = False) -> Reply:
    reminders = Button(_("🔔 I do want reminders"), Tap("settings", "reminders", "yes"))
    if person.wants_reminders:
        reminders = Button(_("🔕 No reminders"), Tap("settings", "reminders", "no"))
    news = Button(_("🔔 I do want news"), Tap("settings", "news", "yes"))
    if person.wants_news:
        news = Button(_("🔕 No news of the library"), Tap("settings", "news", "no"))
    tip = Button(_("💡 I do want tips"), Tap("tip", "yes"))
    if person.wants_tips:
        tip = Button(_("💡 Another day or time for the tip"), Tap("tip", "days"))
    return Reply(person).say(
        _("**Your messages:**"),
        Listed(lines(person, now)),
        buttons=[
            reminders,
            tip,
            news,
            (Button(_("🌙 Quiet hours"), Tap("settings", "quiet")), Button(_("⏸ Pause"), Tap("settings", "pause"))),
            Button(_("🔕 No more messages"), Tap("stop")),
        ],
        in_place=in_place,
    )


def say_there_are_none(person: Person) -> Reply:
    return Reply(person).say(
        _("You get no messages now."),
        buttons=[Button(_("🔔 I want messages again"), Tap("settings", "again"))],
    )


def lines(person: Person, now: datetime) -> tuple[Words, ...]:
    """What she gets and when, each in a line."""
    if person.stopped_at:
        return (_("You get no messages now."), quiet_hours(person))
    reminders, news = _("You get no reminders."), _("You get no news of the library.")
    if person.wants_reminders:
        reminders = _("You get a reminder when you come to the library.")
    if person.wants_news:
        news = _("You get news of the library: drop-in times and invitations.")
    tip = tips.moment(person) if person.wants_tips else _("You get no tips.")
    until = tips.pause_end(person, now)
    paused = (_("You have a pause until {day}. You get no tips and no news.", day=Day(until)),) if until else ()
    return (reminders, tip, news, quiet_hours(person), *paused)


def back() -> Button:
    return Button(_("◀ Back"), Tap("settings", "messages", "back"))


# Quiet hours.


def quiet_hours(person: Person) -> Words:
    if person.quiet_from == person.quiet_until:
        return _("You have no quiet hours.")
    return _("Your quiet hours: {hours}.", hours=span(person.quiet_from, person.quiet_until))


def span(begins: int, ends: int) -> Words:
    return _("{start} - {end}", start=Clock(begins), end=Clock(ends))


def read_hours(hours: str) -> tuple[int, int] | None:
    """The hours in a payload such as 22-7; the same twice means none."""
    begins, _dash, ends = hours.partition("-")
    return (HOURS[begins], HOURS[ends]) if begins in HOURS and ends in HOURS else None


def ask_quiet(person: Person) -> Reply:
    nights = _("I work nights: {start} - {end}", start=Clock(8), end=Clock(16))
    return Reply(person).say(
        quiet_hours(person),
        _("**When shall I be quiet?** My messages wait until these hours are over. Only what cannot wait still comes."),
        buttons=[
            (Button(span(21, 8), choice(21, 8)), Button(span(22, 7), choice(22, 7))),
            Button(nights, choice(8, 16)),
            Button(_("Other hours"), Tap("settings", "quiet", "other")),
            Button(_("No quiet hours"), choice(0, 0)),
            back(),
        ],
        in_place=True,
    )


def choice(begins: int, ends: int) -> Tap:
    return Tap("settings", "quiet", f"{begins}-{ends}")


def ask_from(person: Person) -> Reply:
    every = [Button(_("{hour}", hour=Clock(hour)), Tap("settings", "quiet-from", str(hour))) for hour in HOURS.values()]
    return Reply(person).say(
        _("**From what time shall I be quiet?**"), buttons=[*in_rows(every, 4), back()], in_place=True
    )


def ask_until(person: Person, begins: int) -> Reply:
    ends = [Button(_("{hour}", hour=Clock(hour)), choice(begins, hour)) for hour in HOURS.values() if hour != begins]
    return Reply(person).say(
        _("I am quiet from {hour}. **Until what time?**", hour=Clock(begins)),
        buttons=[*in_rows(ends, 4), back()],
        in_place=True,
    )


def confirm_quiet(person: Person, now: datetime, world: World) -> Reply:
    """The reminders of what she comes to follow the new hours."""
    told = _("Done. You have no quiet hours. Messages can come at night too.")
    if person.quiet_from != person.quiet_until:
        told = _(
            "Done. I am quiet from {start} to {end}.", start=Clock(person.quiet_from), end=Clock(person.quiet_until)
        )
    late = tips.quiet_note(person, now) if person.wants_tips else ()
    return (
        Reply(person)
        .say(told, *late, buttons=[back()], in_place=True)
        .because(*(fact for session in world.signed_up(person) for fact in planned_again(person, session, now, world)))
    )


def planned_again(person: Person, session: Session, now: datetime, world: World) -> Sequence[Planned | Unplanned]:
    if not is_hers(person, session, world):
        return ()
    return (*no_reminders(session), *planned(person, session, now))


# A pause.


def ask_pause(person: Person, now: datetime) -> Reply:
    until = tips.pause_end(person, now)
    return Reply(person).say(
        *((_("You have a pause until {day}.", day=Day(until)),) if until else ()),
        _("**How long do you want a pause?** You get no tips and no news then."),
        reminders_go_on(person),
        buttons=[
            (
                Button(_("1 week"), Tap("settings", "pause", "week")),
                Button(_("1 month"), Tap("settings", "pause", "month")),
            ),
            *([Button(_("Stop the pause"), Tap("settings", "pause", "stop"))] if until else []),
            back(),
        ],
        in_place=True,
    )


def pause(person: Person, lasts: timedelta, now: datetime) -> Reply:
    """Until the beginning of a day, because a day is what is told."""
    until = datetime.combine((now + lasts).date(), time(), now.tzinfo)
    return Reply(replace(person, paused_until=until)).say(
        _("Done. You get no tips and no news until {day}.", day=Day(until)),
        reminders_go_on(person),
        buttons=[Button(_("Stop the pause"), Tap("settings", "pause", "stop")), back()],
        in_place=True,
    )


def reminders_go_on(person: Person) -> Words:
    if person.wants_reminders:
        return _("Reminders of your drop-ins still come.")
    return _("I still write to you when a drop-in you come to changes.")


def say_pause_is_over(person: Person) -> Reply:
    return Reply(person).say(
        _("Done. The pause is over. You get the messages you chose."), buttons=[back()], in_place=True
    )
