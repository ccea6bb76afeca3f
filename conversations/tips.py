"""One small tip a week, for who wants it, on the day and at the hour she chose, never in her quiet hours."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from conversations.facts import Planned, TipRead, Unplanned
from conversations.people import Person
from conversations.quiet import awake, is_quiet, next_at
from conversations.replies import Button, Reply, Row, in_rows
from conversations.turns import Due, Tap, Turn
from conversations.words import Clock, Day, Plain, Words, _
from conversations.world import World

TIP = "tip"
HOURS = (8, 10, 12, 15, 18, 20)
DAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))


def hear(person: Person, turn: Turn, now: datetime, world: World) -> Reply:
    match turn:
        case Due("tip"):
            return tell(person, now, world)
        case Tap("tip", "yes"):
            return confirm(replace(person, wants_tips=True, stopped_at=None), now)
        case Tap("tip", "no"):
            return say_no_more(replace(person, wants_tips=False))
        case Tap("tip", "days"):
            return ask_day(person)
        case Tap("tip", "hours"):
            return ask_hour(person)
        case Tap("tip", "day", which) if which in "0123456" and len(which) == 1:
            return confirm(replace(person, tip_day=int(which), wants_tips=True), now)
        case Tap("tip", "hour", which) if which in {str(hour) for hour in HOURS}:
            return confirm(replace(person, tip_hour=int(which), wants_tips=True), now)
        case _:
            return ask_day(person)


def next_moment(person: Person, now: datetime) -> datetime:
    """Her next day and hour, by the clock on the wall where `now` is, at least an hour away."""
    days = (person.tip_day - now.weekday()) % 7
    at = datetime.combine(now.date() + timedelta(days=days), time(person.tip_hour), now.tzinfo)
    return at if at > now + timedelta(hours=1) else at + timedelta(days=7)


def planned(reply: Reply, now: datetime) -> Reply:
    """Adds the next tip to what has happened, or takes it away."""
    person = reply.person
    if not person.wants_tips or person.stopped_at:
        return reply.because(Unplanned(TIP))
    return reply.because(Planned(next_moment(person, now), TIP))


def tell(person: Person, now: datetime, world: World) -> Reply:
    """In her quiet hours it waits; in a pause, or when all are read, the week after is another chance."""
    if not person.wants_tips or person.stopped_at:
        return Reply(person)
    if is_quiet(person, now):
        return Reply(person).because(Planned(awake(person, now), TIP))
    unread = world.unread_tips(person)
    tip = world.tip(unread[0], person) if unread else None
    if tip is None or pause_end(person, now):
        return planned(Reply(person), now)
    answer = world.answer(tip.answer, person) if tip.answer else None
    more: list[Button | Row] = [Button(_("Show me how"), Tap("answer", "show", tip.answer))] if answer else []
    text = tuple(Plain(part) for part in tip.text.split("\n\n"))
    reply = Reply(person).say(
        _("💡 Tip of the week"),
        Plain(f"**{tip.title}**"),
        *text,
        buttons=[*more, Button(_("🔕 No more tips"), Tap("tip", "no"))],
    )
    return planned(reply.because(TipRead(tip.id)).as_push(next_at(now, person.quiet_from)), now)


def confirm(person: Person, now: datetime) -> Reply:
    reply = Reply(person).say(
        moment(person),
        *quiet_note(person, now),
        *pause_note(person, now),
        buttons=[
            (Button(_("Another day"), Tap("tip", "days")), Button(_("Another time"), Tap("tip", "hours"))),
            Button(_("🔕 No more tips"), Tap("tip", "no")),
        ],
        in_place=True,
    )
    return planned(reply, now)


def moment(person: Person) -> Words:
    return _("You get 1 tip a week: {day} at {hour}.", day=DAYS[person.tip_day], hour=Clock(person.tip_hour))


def quiet_note(person: Person, now: datetime) -> tuple[Words, ...]:
    if not is_quiet(person, next_moment(person, now)):
        return ()
    return (_("Your tip comes after your quiet hours, at {hour}.", hour=Clock(person.quiet_until)),)


def pause_note(person: Person, now: datetime) -> tuple[Words, ...]:
    until = pause_end(person, now)
    return (_("You have a pause until {day}. Your tip comes after it.", day=Day(until)),) if until else ()


def pause_end(person: Person, now: datetime) -> datetime | None:
    """As the clock on the wall shows it; None when she has no pause."""
    until = person.paused_until
    return until.astimezone(now.tzinfo) if until and until > now else None


def ask_day(person: Person) -> Reply:
    buttons = [Button(day, Tap("tip", "day", str(number))) for number, day in enumerate(DAYS)]
    return Reply(person).say(_("On which day do you want the tip?"), buttons=in_rows(buttons), in_place=True)


def ask_hour(person: Person) -> Reply:
    buttons = [Button(_("{hour}", hour=Clock(hour)), Tap("tip", "hour", str(hour))) for hour in HOURS]
    return Reply(person).say(_("At what time?"), buttons=in_rows(buttons), in_place=True)


def say_no_more(person: Person) -> Reply:
    return (
        Reply(person)
        .say(_("Done. You get no more tips."), buttons=[Button(_("💡 I do want tips"), Tap("tip", "yes"))])
        .because(Unplanned(TIP))
    )
