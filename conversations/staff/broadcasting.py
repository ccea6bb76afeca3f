"""Sending a message round: what, to whom, how it looks, how many get it, and when."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, time, timedelta

from conversations import interests
from conversations.agenda import clock, find, line, moment, number, room_left, short
from conversations.browsing import SUBJECTS
from conversations.facts import BroadcastOrdered, Drafted
from conversations.people import Person
from conversations.quiet import awake, awake_for
from conversations.replies import Button, Message, Reply, Row
from conversations.staff import progress, roles
from conversations.staff.progress import ANYBODY, UNDO, left_out, start_again
from conversations.turns import Due, Tap, Text, Turn
from conversations.words import Day, Listed, Paragraph, Plain, Words, _, ngettext
from conversations.world import Headcount, Order, Session, World

STEP = "send:"
KIND = "broadcast"
READERS = ("nl", "en", "ar")  # whose previews are shown: Dutch, another language, right to left
LASTS = timedelta(days=3)  # how long a message of her own is worth sending
SHOWN, MOST = 8, 400
LONGEST = 1500


@dataclass(frozen=True)
class Draft:
    """What she is about to send. `about`: "session" (the one with this number), "coming" (all that is planned) or
    "own" (her own text). `at` is when, as ISO text; empty: at once."""

    library: str
    about: str
    session: int = 0
    text: str = ""
    audience: str = ""
    at: str = ""

    @property
    def kept(self) -> Drafted:
        return Drafted(KIND, asdict(self))

    @property
    def order(self) -> Order:
        return Order(self.library, self.audience, self.session or None, self.text)


def hear(person: Person, turn: Turn, now: datetime, world: World) -> Reply:
    """She has the role; whether the library, the session or the broadcast is hers is looked at here."""
    draft = draft_of(person, world)
    match turn:
        case Due() | Tap("send", "sent" | "report" | "undo" | "pause" | "resume" | "stop"):
            return progress.hear(person, turn, now, world)
        case Tap("send", "sessions", page):
            return ask_which(person, now, world, number(page))
        case Tap("send", "newest", library) if newest := world.newest(library):
            return begin_session(person, str(newest.id), now, world)
        case Tap("send", "session", which):
            return begin_session(person, which, now, world)
        case Tap("send", "coming" | "own" as about, library) if library in roles.of(person, roles.COORDINATOR, world):
            return go_on(person, Draft(library, about), now, world)
        case Tap("send", "to", which):
            return begin_to_those_who_come(person, which, now, world)
        case Tap("send", "drop"):
            told = Reply(person).say(_("All right, nothing is sent."), buttons=[start_again()], in_place=True)
            return told.because(Drafted(KIND, None))
        case Tap("send", act, which) if draft:
            return tapped(person, draft, act, which, now, world)
        case Text(said) if draft and said.strip():
            return typed(person, draft, person.step.removeprefix(STEP), said.strip(), now, world)
        case _:
            return begin(person, world)


def draft_of(person: Person, world: World) -> Draft | None:
    kept = world.draft(person, KIND)
    draft = Draft(**kept) if kept else None
    return draft if draft and draft.library in roles.of(person, roles.COORDINATOR, world) else None


# What, and to whom.


def begin(person: Person, world: World) -> Reply:
    own: list[Button | Row] = []
    mine = roles.of(person, roles.COORDINATOR, world)
    for library in mine:
        coming, text = _("📅 The next 4 days together"), _("✍️ A message of your own")
        if len(mine) > 1:
            known = world.library(library)
            name = known.name if known else library
            coming, text = _("📅 The next 4: {library}", library=name), _("✍️ Your own: {library}", library=name)
        own += [Button(coming, Tap("send", "coming", library)), Button(text, Tap("send", "own", library))]
    return Reply(person).say(
        _("**What do you want to send round?**"),
        _("I put dates and times in everybody's own language. I do not translate your own words."),
        buttons=[
            Button(_("📅 One drop-in, workshop or training"), Tap("send", "sessions")),
            *own,
            Button(_("📊 What was sent before"), Tap("send", "sent")),
        ],
        in_place=True,
    )


def ask_which(person: Person, now: datetime, world: World, page: int = 0) -> Reply:
    every = coming(person, now, world)
    sessions = every[page * SHOWN :][:SHOWN]
    if not sessions:
        return Reply(person).say(
            _("Nothing is planned."), buttons=[Button(_("➕ Plan something new"), Tap("plan"))], in_place=True
        )
    return Reply(person).say(
        _("**Which one?**"),
        buttons=[
            *(Button(short(session), Tap("send", "session", str(session.id))) for session in sessions),
            *([Button(_("More ▶"), Tap("send", "sessions", str(page + 1)))] if len(every) > (page + 1) * SHOWN else []),
        ],
        in_place=True,
    )


def coming(person: Person, now: datetime, world: World) -> list[Session]:
    mine = roles.of(person, roles.COORDINATOR, world)
    found = [session for library in mine for session in world.of_library(library, now, MOST)]
    return sorted(found, key=lambda session: session.starts_at)


def begin_session(person: Person, which: str, now: datetime, world: World) -> Reply:
    session = roles.session_of(person, which, world)
    if session is None:
        return roles.say_it_is_not_hers(person, roles.COORDINATOR)
    if session.cancelled or session.starts_at <= now:
        return Reply(person).say(_("This one is over or cancelled."), buttons=[start_again()])
    return go_on(person, Draft(session.library, "session", session.id), now, world)


def begin_to_those_who_come(person: Person, which: str, now: datetime, world: World) -> Reply:
    session = roles.session_of(person, which.removeprefix("session."), world)
    if session is None:
        return roles.say_it_is_not_hers(person, roles.COORDINATOR)
    return go_on(person, Draft(session.library, "own", audience=f"session:{session.id}"), now, world)


def go_on(person: Person, draft: Draft, now: datetime, world: World) -> Reply:
    """To the next question that is open, or to the preview."""
    if draft.about == "own" and not draft.text:
        return ask_text(person, draft)
    if not draft.audience:
        return ask_audience(person, draft, world)
    return preview(person, draft, now, world)


def ask_text(person: Person, draft: Draft) -> Reply:
    return (
        Reply(person.at(f"{STEP}text"))
        .because(draft.kept)
        .say(
            _("**Type your message.** Short sentences, easy words. Never write anything about a client."),
            _("First you see how it looks. Nothing goes out before you say so."),
            buttons=[do_not()],
            in_place=True,
        )
    )


def ask_audience(person: Person, draft: Draft, world: World) -> Reply:
    library = world.library(draft.library)
    everybody = _("Everybody of {library}", library=library.name if library else draft.library)
    buttons: list[Button | Row] = [Button(everybody, Tap("send", "who", "library"))]
    buttons += [
        Button(Plain(employer.name), Tap("send", "who", f"employer:{employer.id}"))
        for employer in world.employers()
        if draft.library in employer.libraries
    ]
    buttons.append(Button(_("Who wants to learn about ..."), Tap("send", "interests")))
    if draft.session:
        buttons.append(Button(_("Who has not answered yet"), Tap("send", "who", f"silent:{draft.session}")))
    else:
        buttons.append(Button(_("Who comes to ..."), Tap("send", "comers")))
    return Reply(person).because(draft.kept).say(_("**To whom?**"), buttons=[*buttons, do_not()], in_place=True)


def ask_interest(person: Person, world: World) -> Reply:
    known = interests.subjects(world)
    subjects = [Button(SUBJECTS[subject], Tap("send", "who", f"interest:{subject}")) for subject in known]
    return Reply(person).say(_("Who wants to learn about what?"), buttons=[*subjects, do_not()], in_place=True)


def ask_comers(person: Person, now: datetime, world: World) -> Reply:
    sessions = [session for session in coming(person, now, world)[: 3 * SHOWN] if world.sign_ups(session.id)][:SHOWN]
    if not sessions:
        return Reply(person).say(_("Nobody has signed up yet."), buttons=[start_again()], in_place=True)
    return Reply(person).say(
        _("**Which one?**"),
        buttons=[Button(short(s), Tap("send", "who", f"session:{s.id}")) for s in sessions],
        in_place=True,
    )


def tapped(person: Person, draft: Draft, act: str, which: str, now: datetime, world: World) -> Reply:
    match act:
        case "interests":
            return ask_interest(person, world)
        case "comers":
            return ask_comers(person, now, world)
        case "who" if may_reach(draft, which, world):
            return go_on(person, replace(draft, audience=which), now, world)
        case "to-whom":
            return ask_audience(person, replace(draft, audience=""), world)
        case "me" if draft.audience:
            return first_to_me(person, draft, now, world)
        case "when" if draft.audience:
            return ask_when(person, draft, now)
        case "at" if draft.audience and which == "now":
            return sum_up(Reply(person), replace(draft, at=""), now, world)
        case "at" if draft.audience and (at := read_moment(which, now)):
            return sum_up(Reply(person), replace(draft, at=at.isoformat()), now, world)
        case "yes" if draft.audience:
            return send(person, draft, now, world)
        case _:
            return go_on(person, draft, now, world)


def may_reach(draft: Draft, audience: str, world: World) -> bool:
    """An audience of her own library; a button can be forged."""
    match audience.partition(":"):
        case ("library", "", ""):
            return True
        case ("employer", ":", which):
            employer = world.employer(which)
            return employer is not None and draft.library in employer.libraries
        case ("interest", ":", which):
            return which in world.categories()
        case ("session" | "silent", ":", which):
            session = find(which, world)
            return session is not None and session.library == draft.library
        case _:
            return False


def typed(person: Person, draft: Draft, field: str, said: str, now: datetime, world: World) -> Reply:
    if field == "text":
        return go_on(person.at(""), replace(draft, text=said[:LONGEST]), now, world)
    spoken = world.times(said, now)
    if spoken is None or spoken.starts is None or not draft.audience:
        return ask_when(person, draft, now, understood=False)
    at = datetime.combine(spoken.day or now.date(), spoken.starts, now.tzinfo)
    if at <= now:
        return ask_when(person, draft, now, over=True)
    return sum_up(Reply(person.at("")), replace(draft, at=at.isoformat()), now, world)


# How it looks, how many get it, and when.


def message(draft: Draft, now: datetime, world: World) -> Message | None:
    """As everybody gets it, each in her own language; None when there is nothing left to tell."""
    library = world.library(draft.library)
    name = library.name if library else draft.library
    fewer = Button(_("🔕 Fewer messages"), Tap("settings", "messages"))
    if draft.about == "own":
        about = about_what(draft, world)
        text = [Plain(part) for part in draft.text.split("\n\n") if part.strip()]
        heading = _("✉️ **Message of {library}**", library=name)
        buttons = [Button(_("🙋 I want a human"), Tap("human")), fewer]
        return _message([heading, *([line(about)] if about else []), *text], buttons)
    if draft.about == "coming":
        return list_of(world.of_library(draft.library, now, 4), name, fewer)
    session = world.session(draft.session)
    if session is None or session.cancelled or session.starts_at <= now:
        return None
    left = room_left(world.room(session.id))
    which = str(session.id)
    paragraphs: list[Paragraph] = [
        _("📅 **{library} invites you.** It is free.", library=name),
        line(session),
        *([Plain(session.remark)] if session.remark else []),
        *([left] if left else []),
        _("Do you come?"),
    ]
    come = Button(_("✅ I am coming"), Tap("session", "come", which))
    return _message(paragraphs, [come, Button(_("No, thank you"), Tap("session", "no", which)), fewer])


def list_of(sessions: Sequence[Session], library: str, fewer: Button) -> Message | None:
    if not sessions:
        return None
    lines = Listed(tuple(line(session) for session in sessions))
    heading = _("📅 **{library} invites you.** It is free.", library=library)
    come = [
        Button(_("I am coming: {day}", day=Day(session.starts_at)), Tap("session", "come", str(session.id)))
        for session in sessions
    ]
    return _message([heading, lines], [*come, fewer])


def _message(paragraphs: Sequence[Paragraph], buttons: Sequence[Button]) -> Message:
    return Message(tuple(paragraphs), tuple((button,) for button in buttons))


def about_what(draft: Draft, world: World) -> Session | None:
    kind, _colon, which = draft.audience.partition(":")
    return find(which, world) if kind == "session" else None


def begins_at(draft: Draft, now: datetime) -> datetime:
    """When it really goes out: after the time to undo, and never in the quiet hours that everybody has."""
    soonest = now + UNDO
    wished = read_moment(draft.at, now) or soonest
    return awake(ANYBODY, max(wished, soonest))


def read_moment(said: str, now: datetime) -> datetime | None:
    """Of a button or a draft; local when it has no zone."""
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return None
    return at.astimezone(now.tzinfo) if at.tzinfo else at.replace(tzinfo=now.tzinfo)


def expires_at(draft: Draft, begins: datetime, now: datetime, world: World) -> datetime:
    """A message about a session dies when that begins."""
    if draft.about == "session" and (session := world.session(draft.session)):
        return session.starts_at
    if draft.about == "coming" and (sessions := world.of_library(draft.library, now, 1)):
        return sessions[0].starts_at
    about = about_what(draft, world)
    return about.starts_at if about and about.starts_at > begins else begins + LASTS


def preview(person: Person, draft: Draft, now: datetime, world: World) -> Reply:
    """Exactly what three readers get; then the numbers."""
    shown = message(draft, now, world)
    if shown is None:
        return Reply(person).say(_("This one is over or cancelled."), buttons=[start_again()])
    reply = Reply(person).say(_("**This is how it looks,** in three languages. Nothing has been sent yet."))
    for language in READERS:
        reply = reply.show(replace(shown, language=language))
    return sum_up(reply, draft, now, world)


def sum_up(reply: Reply, draft: Draft, now: datetime, world: World) -> Reply:
    begins = begins_at(draft, now)
    expires = expires_at(draft, begins, now, world)
    if begins >= expires:
        return reply.because(draft.kept).say(
            _("Then it is too late: it begins before people read this."),
            buttons=[Button(_("🕑 At another time"), Tap("send", "when")), do_not()],
        )
    count = world.headcount(draft.order, begins, expires, reply.person)
    if not count.gets:
        return reply.because(draft.kept).say(
            _("**Nobody would get this message.**"),
            *left_out(count.excluded),
            buttons=[Button(_("👥 To others"), Tap("send", "to-whom")), do_not()],
        )
    at_once = begins - now <= UNDO
    yes = _("✅ Send it now") if at_once else _("✅ Send it on {moment}", moment=moment(begins))
    return reply.because(draft.kept).say(
        ngettext("**{count} person gets it.**", "**{count} people get it.**", count.gets),
        *left_out(count.excluded),
        how_long(count, begins, now, read_moment(draft.at, now) or now),
        buttons=[
            Button(yes, Tap("send", "yes")),
            Button(_("📱 First only to me"), Tap("send", "me")),
            Button(_("🕑 At another time"), Tap("send", "when")),
            Button(_("👥 To others"), Tap("send", "to-whom")),
            do_not(),
        ],
    )


def do_not() -> Button:
    return Button(_("✖️ Do not send it"), Tap("send", "drop"))


def how_long(count: Headcount, begins: datetime, now: datetime, wished: datetime) -> Words:
    """Sending takes time; the pace is Telegram's."""
    done = awake_for(ANYBODY, begins, count.lasts)
    if begins - now <= UNDO:
        return _("At about {hour} almost everybody has it. Who has other quiet hours gets it later.", hour=clock(done))
    if begins - wished > UNDO:
        return _("It goes out on {moment}. From 21:00 to 8:00 I send nothing.", moment=moment(begins))
    return _(
        "It goes out on {moment}. At about {hour} almost everybody has it.", moment=moment(begins), hour=clock(done)
    )


def first_to_me(person: Person, draft: Draft, now: datetime, world: World) -> Reply:
    shown = message(draft, now, world)
    return sum_up(Reply(person).show(shown) if shown else Reply(person), draft, now, world)


def ask_when(person: Person, draft: Draft, now: datetime, *, understood: bool = True, over: bool = False) -> Reply:
    days = [now + timedelta(days=ahead) for ahead in (1, 2, 3, 4)]
    moments = [datetime.combine(day.date(), time(hour), now.tzinfo) for day in days[:2] for hour in (10, 16)]
    choices = [Button(moment(at), Tap("send", "at", at.strftime("%Y-%m-%dT%H:%M"))) for at in moments]
    return (
        Reply(person.at(f"{STEP}when"))
        .because(draft.kept)
        .say(
            *([_("That is over already. Choose a later moment.")] if over else []),
            *([] if understood else [_("I did not understand when. Type it like this: Tuesday 10:00.")]),
            _("**When do I send it?** Tap it, or type it. For example: Tuesday 10:00"),
            buttons=[Button(_("Now"), Tap("send", "at", "now")), *choices, do_not()],
            in_place=True,
        )
    )


def send(person: Person, draft: Draft, now: datetime, world: World) -> Reply:
    shown = message(draft, now, world)
    begins = begins_at(draft, now)
    expires = expires_at(draft, begins, now, world)
    if shown is None or begins >= expires or not world.headcount(draft.order, begins, expires, person).gets:
        return sum_up(Reply(person), draft, now, world)
    return (
        Reply(person)
        .say(_("All right. Below you see how it goes."), buttons=[start_again()], in_place=True)
        .because(BroadcastOrdered(draft.order, shown, begins, expires), Drafted(KIND, None))
    )
