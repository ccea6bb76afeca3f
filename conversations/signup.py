"""Coming to a session: yes, not after all, the waiting list, and bringing a colleague."""

from dataclasses import replace
from datetime import datetime, timedelta

from conversations import schedule
from conversations.agenda import clock, find, line, number, see_all
from conversations.facts import (
    HeldPlaceTaken,
    PlaceHeld,
    SessionJoined,
    SessionLeft,
    Unplanned,
    WaitingListJoined,
)
from conversations.people import Person
from conversations.quiet import awake_between, awake_for
from conversations.replies import Button, Reply, Row, Share
from conversations.turns import Tap, Turn
from conversations.words import Day, Plain, Words, _, ngettext
from conversations.world import Hold, Session, World

ACTS = frozenset({"come", "agree", "not", "no", "wait", "bring", "guest"})
COLLEAGUE = "col-"
OFFER, OFFER_OVER = "place-free", "place-gone"
OFFER_LASTS, OFFER_SHORTEST = timedelta(hours=12), timedelta(minutes=30)


def hear(person: Person, turn: Turn, now: datetime, world: World) -> Reply:
    match turn:
        case Tap("session", "come", which):
            return join(person, keep(which, world), now, world)
        case Tap("session", "agree", which):
            return join(agreed(person, now), keep(which, world), now, world)
        case Tap("session", "wait", which):
            return wait(agreed(person, now), keep(which, world), now, world)
        case Tap("session", "no", which):
            return decline(person, find(which, world), now)
        case Tap("session", "bring", which):
            return bring(person, keep(which, world), now, world)
        case Tap("session", "guest", code):
            return come_as_guest(agreed(person, now), code, now, world)
        case Tap("session", _act, which):
            return leave(person, find(which, world), now, world)
        case _:
            return Reply(person)


def keep(which: str, world: World) -> Session | None:
    """It stays as it is until this turn is over: nobody joins what is cancelled or moved at the same moment."""
    if number(which):
        world.room(number(which), keep=True)
    return find(which, world)


def keep_held(code: str, world: World) -> tuple[Hold | None, Session | None]:
    """The place for a colleague and its session, as they stay until this turn is over."""
    hold = world.hold(code)
    session = keep(str(hold.session), world) if hold else None
    return world.hold(code), session


def agreed(person: Person, now: datetime) -> Person:
    """She said yes to a list, not to news of the library."""
    return person if person.agreed_at else replace(person, agreed_at=now, wants_news=False)


def join(person: Person, session: Session | None, now: datetime, world: World) -> Reply:
    if session is None or session.cancelled or session.starts_at <= now:
        return say_too_late(person, session, now)
    room = world.room(session.id, keep=True)
    mine = world.sign_up(person, session.id)
    has_a_place = mine is not None and mine.state in ("comes", "offered")
    if room.full and not has_a_place:
        return ask_to_wait(person, session, room.waiting, waits=mine is not None and mine.state == "waits")
    if person.agreed_at is None:
        return ask_to_be_remembered(person, session, Tap("session", "agree", str(session.id)))
    return welcome(Reply(person).because(SessionJoined(session.id)), session, now)


def welcome(reply: Reply, session: Session, now: datetime) -> Reply:
    planned = schedule.planned(reply.person, session, now)
    return reply.say(
        _("Nice, you are coming!"),
        line(session),
        *schedule.promised(reply.person, planned),
        buttons=after_joining(session),
    ).because(*planned)


def after_joining(session: Session) -> list[Button | Row]:
    which = str(session.id)
    calendar = Button(_("🗓 In my calendar"), Tap("session", "file", which))
    on_the_map = Button(_("📍 Map"), Tap("session", "map", which))
    return [
        (on_the_map, calendar) if session.place.latitude is not None else calendar,
        Button(_("👭 Bring a colleague"), Tap("session", "bring", which)),
        Button(_("Not after all"), Tap("session", "not", which)),
    ]


def ask_to_be_remembered(person: Person, session: Session, yes: Tap) -> Reply:
    return Reply(person).say(
        line(session),
        _("I like to put you on the list. Then I keep your first name and your language."),
        _("You can always stop, or erase everything."),
        _("**Is that all right?**"),
        *([] if session.capacity is not None else [_("You can also just walk in. That is always fine.")]),
        buttons=[
            Button(_("✅ Yes, that is fine"), yes),
            Button(_("No, thank you"), Tap("menu")),
        ],
    )


def say_too_late(person: Person, session: Session | None, now: datetime) -> Reply:
    words = _("This is over.")
    if session and session.cancelled:
        words = _("This is cancelled.")
    elif session and session.ends_at > now:
        walk_in = session.capacity is None
        words = _("It has begun. You can just walk in.") if walk_in else _("It has begun already.")
    return Reply(person).say(words, buttons=[see_all()])


# The waiting list.


def ask_to_wait(person: Person, session: Session, waiting: int, *, waits: bool) -> Reply:
    which = str(session.id)
    if waits:
        return Reply(person).say(
            _("You are on the waiting list."),
            line(session),
            _("I write to you when there is a place."),
            buttons=[Button(_("Not after all"), Tap("session", "not", which)), see_all()],
        )
    return Reply(person).say(
        _("**It is full.** Shall I put you on the waiting list?"),
        line(session),
        would_be(waiting),
        *([] if person.agreed_at else [_("Then I keep your first name and your language.")]),
        buttons=[Button(_("✅ Yes, put me on the list"), Tap("session", "wait", which)), see_all()],
    )


def would_be(waiting: int) -> Words:
    if waiting == 0:
        return _("Then you are the first.")
    return ngettext("Then {count} person is before you.", "Then {count} people are before you.", waiting)


def in_line(waiting: int) -> Words:
    if waiting == 0:
        return _("You are the first on the list.")
    return ngettext("{count} person waits before you.", "{count} people wait before you.", waiting)


def wait(person: Person, session: Session | None, now: datetime, world: World) -> Reply:
    if session is None or session.cancelled or session.starts_at <= now:
        return say_too_late(person, session, now)
    room = world.room(session.id, keep=True)
    mine = world.sign_up(person, session.id)
    if not room.full or (mine and mine.state in ("comes", "offered")):
        return join(person, session, now, world)
    if mine and mine.state == "waits":
        return ask_to_wait(person, session, room.waiting, waits=True)
    return (
        Reply(person)
        .say(
            _("You are on the waiting list."),
            line(session),
            in_line(room.waiting),
            can_be_told(person),
            buttons=[Button(_("Not after all"), Tap("session", "not", str(session.id)))],
        )
        .because(WaitingListJoined(session.id))
    )


def can_be_told(person: Person) -> Words:
    if person.stopped_at:
        return _("You get no messages now, so I cannot tell you. Look here again, or change it in Settings.")
    return _("I write to you when there is a place.")


def offer_until(person: Person, now: datetime, starts_at: datetime) -> datetime | None:
    """How long a free place is kept for her: twelve hours in which she is awake, and at most half of those that are
    left. None when so little is left that who comes first may have it."""
    lasts = min(OFFER_LASTS, awake_between(person, now, starts_at) / 2)
    return awake_for(person, now, lasts) if lasts >= OFFER_SHORTEST else None


def tell_offer(person: Person, session: Session, until: datetime) -> Reply:
    which = str(session.id)
    return (
        Reply(person)
        .say(
            _("🎉 **There is a place for you.**"),
            line(session),
            _("Do you come? I keep it for you until {day}, {hour}.", day=Day(until), hour=clock(until)),
            buttons=[
                Button(_("✅ Yes, I am coming"), Tap("session", "come", which)),
                Button(_("No, give it to somebody else"), Tap("session", "not", which)),
            ],
        )
        .as_push(until)
    )


def tell_offer_over(person: Person, session: Session, world: World) -> Reply:
    """Nobody is punished: she can come on the list again, or come when there is still a place."""
    which, full = str(session.id), world.room(session.id).full
    again = Button(_("Put me on the list again"), Tap("session", "wait", which))
    return (
        Reply(person)
        .say(
            _("I did not hear from you. I no longer keep the place for you. That is no problem."),
            line(session),
            *([] if full else [_("There is still a place. Do you come?")]),
            buttons=[again if full else Button(_("✅ Yes, I am coming"), Tap("session", "come", which)), see_all()],
        )
        .as_push(session.starts_at)
    )


# Not coming.


def leave(person: Person, session: Session | None, now: datetime, world: World) -> Reply:
    mine = world.sign_up(person, session.id) if session else None
    if session and mine and mine.state == "comes" and session.ends_at <= now:
        return say_too_late(person, session, now)
    if session is None or mine is None or mine.state in ("no", "lapsed"):
        return Reply(person).say(_("You were not on the list. That is fine."), buttons=[see_all()])
    return (
        Reply(person)
        .say(_("All right, you are not coming. Thank you for telling us."), buttons=[see_all()])
        .because(SessionLeft(session.id), *no_reminders(session))
    )


def decline(person: Person, session: Session | None, now: datetime) -> Reply:
    """She was asked and says no: then nobody asks again."""
    if session and session.ends_at <= now:
        return say_too_late(person, session, now)
    if session is None or person.agreed_at is None:
        return Reply(person).say(_("All right. Thank you for telling us."), buttons=[see_all()])
    return (
        Reply(person)
        .say(_("All right. Thank you for telling us."), buttons=[see_all()])
        .because(SessionLeft(session.id, no=True), *no_reminders(session))
    )


def no_reminders(session: Session) -> tuple[Unplanned, ...]:
    return tuple(Unplanned(kind, str(session.id)) for kind in (schedule.DAY_BEFORE, schedule.SOON))


# A colleague.


def bring(person: Person, session: Session | None, now: datetime, world: World) -> Reply:
    if session is None or session.cancelled or session.starts_at <= now:
        return say_too_late(person, session, now)
    if person.agreed_at is None:
        return join(person, session, now, world)
    room = world.room(session.id, keep=True)
    code = world.hold_code(person, session.id)
    hold = world.hold(code)
    if room.full and hold is None:
        return Reply(person).say(
            _("There is no place left for a colleague. There is a waiting list."), buttons=[see_all()]
        )
    until = hold.until.astimezone(now.tzinfo) if hold else offer_until(person, now, session.starts_at)
    until = until or session.starts_at
    kept = _("I keep a place for your colleague until {day}, {hour}.", day=Day(until), hour=clock(until))
    link = world.link(code)
    asks = _("I go to the library for help with apps. Do you come along? {when}", when=line(session))
    return (
        Reply(person)
        .say(
            _("**Nice, bring a colleague.** This is the link to send:"),
            Plain(link),
            _("There is room for everybody.") if session.capacity is None else kept,
            buttons=[Button(_("📤 Send the link"), Share(link, asks))],
        )
        .because(*([] if hold else [PlaceHeld(session.id, code)]))
    )


def invited(person: Person, code: str, now: datetime, world: World) -> Reply:
    """She opened a colleague's link. It goes on working when the place is no longer kept."""
    hold = world.hold(code)
    session = find(code.removeprefix(COLLEAGUE).partition("-")[0], world)
    if session is None or session.cancelled or session.starts_at <= now:
        return Reply(person).say(
            _("This link no longer works. Here is when you can come."), buttons=[see_all()], menu=True
        )
    if hold is None:
        return offer_what_is_left(person, session, world)
    if hold.host == person.id:
        return Reply(person).say(_("This link is for your colleague. Send it on."), menu=True)
    mine = world.sign_up(person, session.id)
    if mine and mine.state == "comes":
        return Reply(person).say(_("You are coming already."), line(session), buttons=after_joining(session))
    yes = Tap("session", "guest", code)
    if person.agreed_at is None:
        hello = _("Hello {name}! I am Digihulp. A colleague keeps a place for you.", name=person.name)
        asked = ask_to_be_remembered(person, session, yes).says[0]
        return Reply(person).show(replace(asked, paragraphs=(hello, *asked.paragraphs)))
    return Reply(person).say(
        _("A colleague keeps a place for you."),
        line(session),
        buttons=[Button(_("✅ Yes, I am coming"), yes), Button(_("No, thank you"), Tap("menu"))],
    )


def offer_what_is_left(person: Person, session: Session, world: World) -> Reply:
    """The place is no longer kept for her. She may come as anybody may."""
    room, mine = world.room(session.id), world.sign_up(person, session.id)
    if mine and mine.state == "comes":
        return Reply(person).say(_("You are coming already."), line(session), buttons=after_joining(session))
    if room.full and not (mine and mine.state == "offered"):
        return ask_to_wait(person, session, room.waiting, waits=mine is not None and mine.state == "waits")
    if person.agreed_at is None:
        return ask_to_be_remembered(person, session, Tap("session", "agree", str(session.id)))
    yes = Button(_("✅ Yes, I am coming"), Tap("session", "come", str(session.id)))
    return Reply(person).say(_("Do you come?"), line(session), buttons=[yes, Button(_("No, thank you"), Tap("menu"))])


def come_as_guest(person: Person, code: str, now: datetime, world: World) -> Reply:
    hold, session = keep_held(code, world)
    if hold is None or session is None or session.cancelled or session.starts_at <= now or hold.host == person.id:
        return invited(person, code, now, world)
    mine = world.sign_up(person, session.id)
    if mine and mine.state == "comes":
        return invited(person, code, now, world)
    return welcome(Reply(replace(person, step="")).because(HeldPlaceTaken(code)), session, now)
