"""What is told about a session of its own accord: the day before, soon, moved, cancelled, a place that came free."""

from datetime import datetime, timedelta

from conversations import feedback, signup
from conversations.agenda import line, see_all
from conversations.facts import Unplanned
from conversations.people import Person
from conversations.replies import CalendarFile, Reply
from conversations.schedule import DAY_BEFORE, SOON, planned, promised
from conversations.signup import after_joining
from conversations.words import Plain, Words, _
from conversations.world import Session, World

MOVED, CANCELLED = "session-moved", "session-cancelled"


def hear(person: Person, kind: str, session: Session | None, now: datetime, world: World) -> Reply:
    """What was planned has come: is it still true, and does she still want to know?"""
    mine = world.sign_up(person, session.id) if session else None
    if session is None or mine is None or mine.state == "no":
        return Reply(person)
    if kind == feedback.ASKED and not session.cancelled:
        return feedback.ask(person, session, now)
    if session.starts_at <= now:
        return Reply(person)
    match kind:
        case "session-cancelled" if session.cancelled:
            return tell_cancelled(person, session, comes=mine.state == "comes")
        case "session-moved" if not session.cancelled:
            return tell_moved(person, session, now, comes=mine.state == "comes")
        case "place-free" if mine.state == "offered" and mine.until and not person.stopped_at:
            return signup.tell_offer(person, session, mine.until.astimezone(now.tzinfo))
        case "place-gone" if mine.state == "lapsed" and not person.stopped_at and not session.cancelled:
            return signup.tell_offer_over(person, session, world)
    if mine.state != "comes" or session.cancelled or person.stopped_at or not person.wants_reminders:
        return Reply(person)
    if kind == DAY_BEFORE and session.starts_at - now > timedelta(hours=3):
        return tell(person, session, when(session, now))
    if kind == SOON:
        soon = session.starts_at - now < timedelta(hours=4)
        return tell(person, session, _("**It begins soon.**") if soon else when(session, now))
    return Reply(person)


def when(session: Session, now: datetime) -> Words:
    today = now.astimezone(session.starts_at.tzinfo).date()
    return _("**Today you come to us.**") if session.starts_at.date() == today else _("**Tomorrow you come to us.**")


def tell(person: Person, session: Session, first: Words) -> Reply:
    remark = (Plain(session.remark),) if session.remark else ()
    bring = _("Bring your phone, and the question you have.")
    return (
        Reply(person)
        .say(first, line(session), *remark, bring, buttons=after_joining(session))
        .as_push(session.starts_at)
    )


def tell_cancelled(person: Person, session: Session, *, comes: bool) -> Reply:
    which = str(session.id)
    told = Reply(person).because(Unplanned(DAY_BEFORE, which), Unplanned(SOON, which))
    if person.stopped_at:
        return told
    told = told.say(_("**This is cancelled.** We are sorry."), line(session), buttons=[see_all()])
    return (told.attach(CalendarFile(session)) if comes else told).as_push(session.starts_at)


def tell_moved(person: Person, session: Session, now: datetime, *, comes: bool) -> Reply:
    """The reminders follow the new time, whether she is told or not."""
    which = str(session.id)
    told = Reply(person).because(Unplanned(DAY_BEFORE, which), Unplanned(SOON, which))
    coming = planned(person, session, now) if comes else []
    told = told.because(*coming)
    if person.stopped_at:
        return told
    told = told.say(
        _("**This has changed.** This is how it is now:"),
        line(session),
        *(promised(person, coming) if comes else ()),
        buttons=after_joining(session) if comes else (),
    )
    return (told.attach(CalendarFile(session)) if comes else told).as_push(session.starts_at)
