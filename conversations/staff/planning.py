"""Planning a session in the chat, or changing one: four questions, then everything read back before it counts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from conversations.agenda import KINDS, number, short
from conversations.facts import Drafted, Fact, SeriesTakenOver
from conversations.languages import LANGUAGES
from conversations.people import Person
from conversations.replies import Button, Reply, Row, in_rows
from conversations.staff import roles
from conversations.staff.draft import KIND, MOST_WEEKS, Draft, named, new_place
from conversations.turns import Location, Tap, Text, Turn
from conversations.words import Day, Hours, Listed, Plain, Words, _, ngettext
from conversations.world import Place, Session, World

STEP = "plan:"
USUAL_HOURS = ("0900-1100", "1000-1200", "1300-1500", "1400-1600", "1600-1800", "1830-2000")
USUAL_PLACES = (4, 6, 8, 10, 12, 15, 20, 30)
USUAL_WEEKS = (4, 8, 12, 26, 52)
DAYS_SHOWN = 8
MOST_PLACES = 500
LONGEST_REMARK, LONGEST_PLACE = 200, 160


def hear(person: Person, turn: Turn, now: datetime, world: World) -> Reply:
    """She has the role; whether the library or the session is hers is looked at here."""
    draft = draft_of(person, world)
    match turn:
        case Tap("plan", ""):
            return begin(person, now, world)
        case Tap("plan", "library", library) if library in roles.of(person, roles.COORDINATOR, world):
            return go_on(person, Draft(library), now, world)
        case Tap("plan", "change", which):
            return begin_change(person, which, now, world)
        case Tap("plan", "drop"):
            return stop(person)
        case Tap("plan", "yes") if draft:
            return agree(person, draft, now, world)
        case Tap("plan", "one" | "all" as which) if draft and draft.session:
            return change(person, draft, which == "all", now, world)
        case Tap("plan", "ask", field) if draft:
            return ask(person, draft, field, now, world)
        case Tap("plan", field, said) if draft:
            return tapped(person, draft, field, said, now, world)
        case Location(latitude, longitude) if draft:
            spot = Place("", "", "", latitude, longitude)
            return go_on(person, replace(draft, place=spot), now, world)
        case Text(said) if draft:
            return typed(person, draft, person.step.removeprefix(STEP), said.strip(), now, world)
        case _:
            return begin(person, now, world)


def stop(person: Person) -> Reply:
    return (
        Reply(person)
        .say(_("All right, nothing is changed."), buttons=[see_planned()], in_place=True)
        .because(Drafted(KIND, None))
    )


def draft_of(person: Person, world: World) -> Draft | None:
    """What she is making, if it is for a library of hers."""
    kept = world.draft(person, KIND)
    draft = Draft.read(kept) if kept else None
    return draft if draft and draft.library in roles.of(person, roles.COORDINATOR, world) else None


def begin(person: Person, now: datetime, world: World) -> Reply:
    mine = roles.of(person, roles.COORDINATOR, world)
    if len(mine) == 1:
        return go_on(person, Draft(mine[0]), now, world)
    known = [library for library in world.libraries() if library.id in mine]
    return Reply(person).say(
        _("For which library?"),
        buttons=[Button(Plain(library.name), Tap("plan", "library", library.id)) for library in known],
    )


def begin_change(person: Person, which: str, now: datetime, world: World) -> Reply:
    session = roles.session_of(person, which, world)
    if session is None:
        return roles.say_it_is_not_hers(person, roles.COORDINATOR)
    if session.cancelled or session.starts_at <= now:
        return Reply(person).say(_("This one is over or cancelled."), buttons=[see_planned()])
    return go_on(person, Draft.of(session), now, world)


def see_planned() -> Button:
    return Button(_("📋 What is planned, who comes"), Tap("attend"))


# What she says.


def tapped(person: Person, draft: Draft, field: str, said: str, now: datetime, world: World) -> Reply:
    """A button under one of the questions. What it cannot mean leads to the question that is open."""
    changed = draft
    match field:
        case "kind" if said in KINDS:
            changed = replace(draft, kind=said)
        case "place":
            place = next((each for each in world.places(draft.library) if each.id == said), None)
            changed = replace(draft, place=place or draft.place)
        case "day" if day := _date(said):
            changed = replace(draft, day=day)
        case "hours" if hours := _hours(said):
            changed = replace(draft, starts=hours[0], ends=hours[1])
        case "weeks" if number(said) <= MOST_WEEKS:
            changed = replace(draft.for_weeks(number(said)), skipped=())
        case "places" if number(said) <= MOST_PLACES:
            changed = replace(draft, capacity=number(said) or None)
        case "language" if said in LANGUAGES:
            changed = replace(draft, language=said)
        case "remark":
            changed = replace(draft, remark="")
    return go_on(person, changed, now, world)


def typed(person: Person, draft: Draft, field: str, said: str, now: datetime, world: World) -> Reply:
    match field:
        case "place" if draft.place and not draft.place.name and said:
            place = named(draft.library, draft.place, said[:LONGEST_PLACE])
            return go_on(person, replace(draft, place=place), now, world)
        case "place" if said:
            return go_on(person, replace(draft, place=new_place(draft.library, said[:LONGEST_PLACE])), now, world)
        case "read" if (spoken := world.times(said, now)) is None:
            return read_back(person, draft, now).say(_("Tap what you want to change."), buttons=[no(draft, now)])
        case "day" | "hours" | "weeks" | "read":
            spoken = world.times(said, now)
            if spoken is None and (days := world.days(said, now)) and field == "weeks":
                return go_on(person, replace(draft, skipped=tuple(days)), now, world)
            return (
                go_on(person, draft.at(spoken), now, world) if spoken else say_not_understood(person, draft, field, now)
            )
        case "places" if 0 < number(said) <= MOST_PLACES:
            return go_on(person, replace(draft, capacity=number(said)), now, world)
        case "remark":
            return go_on(person, replace(draft, remark=said[:LONGEST_REMARK]), now, world)
        case _:
            return ask(person, draft, field, now, world)


def _date(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _hours(said: str) -> tuple[time, time] | None:
    """Of "1400-1600"."""
    try:
        starts, ends = (datetime.strptime(part, "%H%M").time() for part in said.split("-"))  # noqa: DTZ007  a clock time
    except ValueError:
        return None
    return (starts, ends) if starts < ends else None


# What she is asked.


def go_on(person: Person, draft: Draft, now: datetime, world: World) -> Reply:
    """To the next question that is open, or to everything read back."""
    field = still_open(draft, now)
    if field == "over":
        return ask(person, replace(draft, day=None, last=None, skipped=()), "day", now, world, over=True)
    return ask(person, draft, field, now, world) if field else read_back(person, draft, now)


def still_open(draft: Draft, now: datetime) -> str:
    """The first thing that is not known yet; "over" when it is, and is no longer to come."""
    if not draft.kind:
        return "kind"
    if draft.place is None or not draft.place.name:
        return "place"
    if draft.day is None:
        return "day"
    if draft.day < now.date():
        return "over"
    if draft.starts is None or draft.ends is None or draft.starts >= draft.ends:
        return "hours"
    times = draft.times(now.tzinfo)
    return "" if times and times[0][0] > now else "over"


def ask(person: Person, draft: Draft, field: str, now: datetime, world: World, *, over: bool = False) -> Reply:
    asked = Reply(person.at(STEP + field)).because(draft.kept)
    match field:
        case "kind":
            return asked.say(_("**What do you want to plan?**"), buttons=[*kinds(), no(draft, now)], in_place=True)
        case "place" if draft.place and not draft.place.name:
            return asked.say(
                _("I have it on the map. **What is it called?** Type the name, a comma, and the address."),
                buttons=[no(draft, now)],
            )
        case "place":
            return asked.say(
                _("**Where is it?** Tap a place."),
                _("Is it somewhere else? Type the name, a comma, and the address. Or send me the location."),
                buttons=[*known_places(draft.library, world), no(draft, now)],
                in_place=True,
            )
        case "day":
            return asked.say(
                *([_("That is over already. Choose a later moment.")] if over else []),
                _("**When is it?** Tap a day, or type it."),
                _("For example: Tuesday 14:00 to 16:00. Or: every Tuesday 14:00 to 16:00 until the end of June."),
                buttons=[*days(now), no(draft, now)],
                in_place=True,
            )
        case "hours":
            return asked.say(
                _("**At what time?** Tap it, or type it."),
                _("For example: 14:00 to 16:00"),
                buttons=[*hours(now), no(draft, now)],
                in_place=True,
            )
        case "weeks":
            return asked.say(
                _("**Does it come back every week?**"),
                _("You can type it too: until the end of June. Or which days there is none: not on 29 December."),
                buttons=[*weeks(), no(draft, now)],
                in_place=True,
            )
        case "places":
            return asked.say(
                _("**How many places are there?** Tap it, or type a number, such as 10."),
                buttons=[*places(), no(draft, now)],
                in_place=True,
            )
        case "language":
            named_ = [Button(Plain(name), Tap("plan", "language", code)) for code, name in LANGUAGES.items()]
            return asked.say(_("**In which language is it?**"), buttons=[tuple(named_), no(draft, now)], in_place=True)
        case "remark":
            return asked.say(
                _("**What should people know?** Type it, in plain words. I do not translate it."),
                buttons=[Button(_("Nothing"), Tap("plan", "remark")), no(draft, now)],
                in_place=True,
            )
        case _:
            return go_on(person, draft, now, world)


def say_not_understood(person: Person, draft: Draft, field: str, now: datetime) -> Reply:
    """Never a guess that is silently wrong."""
    return (
        Reply(person.at(STEP + field))
        .because(draft.kept)
        .say(
            _("I did not understand when. Type it like this: Tuesday 14:00 to 16:00."),
            _("Or: 3 December 10:00 to 12:00. Or: every Tuesday until the end of June."),
            buttons=[no(draft, now)],
        )
    )


def no(draft: Draft, now: datetime) -> Button:
    """Out of one question leads back to everything; out of everything is the end of it."""
    if still_open(draft, now):
        return Button(_("✖️ Stop, plan nothing"), Tap("plan", "drop"))
    return Button(_("◀ Back"), Tap("plan", "back"))


def throw_away(draft: Draft) -> Button:
    words = _("✖️ Leave it as it was") if draft.session else _("🗑 Throw this plan away")
    return Button(words, Tap("plan", "drop"))


def known_places(library: str, world: World) -> list[Button | Row]:
    return [Button(Plain(place.name), Tap("plan", "place", place.id)) for place in world.places(library)]


def kinds() -> list[Button | Row]:
    return [Button(words, Tap("plan", "kind", kind)) for kind, words in KINDS.items()]


def days(now: datetime) -> list[Button | Row]:
    """The coming days, Sundays left out."""
    coming = [now + timedelta(days=number_) for number_ in range(1, 2 * DAYS_SHOWN)]
    shown = [day for day in coming if day.weekday() != 6][:DAYS_SHOWN]
    return in_rows([Button(_("{day}", day=Day(day)), Tap("plan", "day", day.date().isoformat())) for day in shown])


def hours(now: datetime) -> list[Button | Row]:
    buttons = []
    for said in USUAL_HOURS:
        spoken = _hours(said)
        assert spoken
        starts, ends = (datetime.combine(now.date(), clock, now.tzinfo) for clock in spoken)
        buttons.append(Button(_("{hours}", hours=Hours(starts, ends)), Tap("plan", "hours", said)))
    return in_rows(buttons)


def weeks() -> list[Button | Row]:
    often = [
        Button(ngettext("{count} week", "{count} weeks", count), Tap("plan", "weeks", str(count)))
        for count in USUAL_WEEKS
    ]
    return [Button(_("No, only once"), Tap("plan", "weeks", "1")), *in_rows(often)]


def places() -> list[Button | Row]:
    counts = [Button(Plain(str(count)), Tap("plan", "places", str(count))) for count in USUAL_PLACES]
    return [Button(_("No limit"), Tap("plan", "places", "0")), tuple(counts[:4]), tuple(counts[4:])]


# Everything, read back before it counts.


def read_back(person: Person, draft: Draft, now: datetime) -> Reply:
    yes = _("✅ Yes, change it") if draft.session else _("✅ Yes, plan it")
    weekly: list[Button] = [] if draft.session else [Button(_("🔁 Every week?"), Tap("plan", "ask", "weeks"))]
    return (
        Reply(person.at(f"{STEP}read"))
        .because(draft.kept)
        .say(
            _("**Is this right?**"),
            Listed(tuple(told(draft, now))),
            buttons=[
                Button(yes, Tap("plan", "yes")),
                (
                    Button(_("📅 Day"), Tap("plan", "ask", "day")),
                    Button(_("🕑 Time"), Tap("plan", "ask", "hours")),
                ),
                (
                    Button(_("📍 Where"), Tap("plan", "ask", "place")),
                    Button(_("👥 How many"), Tap("plan", "ask", "places")),
                ),
                (
                    Button(_("✏️ Remark"), Tap("plan", "ask", "remark")),
                    Button(_("🌍 Language"), Tap("plan", "ask", "language")),
                ),
                *weekly,
                throw_away(draft),
            ],
            in_place=True,
        )
    )


def told(draft: Draft, now: datetime) -> list[Words | Plain]:
    assert draft.place
    assert draft.kind in KINDS
    times = draft.times(now.tzinfo)
    (starts, ends), *more = times
    lines: list[Words | Plain] = [
        _("{what}: {day}, {hours}", what=KINDS[draft.kind], day=Day(starts), hours=Hours(starts, ends)),
        Plain(draft.place.in_full),
    ]
    if more:
        lines.append(
            ngettext(
                "Every week until {day}: {count} time",
                "Every week until {day}: {count} times",
                len(times),
                day=Day(times[-1][0]),
            )
        )
    if more and draft.skipped:
        lines += [_("Not on {day}", day=Day(datetime.combine(day, time(12), now.tzinfo))) for day in draft.skipped]
    lines.append(_("Places: {count}", count=draft.capacity) if draft.capacity else _("Places: no limit"))
    lines.append(_("Language: {language}", language=LANGUAGES.get(draft.language, draft.language)))
    if draft.remark:
        lines.append(Plain(draft.remark))
    return lines


def agree(person: Person, draft: Draft, now: datetime, world: World) -> Reply:
    if still_open(draft, now):
        return go_on(person, draft, now, world)
    if draft.session:
        return agree_to_change(person, draft, now, world)
    times = draft.times(now.tzinfo)
    return (
        Reply(person)
        .because(draft.planned(now.tzinfo), Drafted(KIND, None))
        .say(
            ngettext("**It is planned.** People can sign up now.", "**{count} are planned.** People can sign up now.",
                     len(times)),
            _("Nobody has been told yet. You decide when."),
            buttons=[Button(_("📣 Tell people about it"), Tap("send", "newest", draft.library)), see_planned()],
            in_place=True,
        )
    )  # fmt: skip


def agree_to_change(person: Person, draft: Draft, now: datetime, world: World) -> Reply:
    session = still_there(draft, now, world)
    if session is None:
        return Reply(person).say(_("This one is over or cancelled."), buttons=[see_planned()])
    following = world.following(session)
    if len(following) < 2:
        return change(person, draft, False, now, world)
    return Reply(person).say(
        _("Only this one, or those that follow too?"),
        _("{when}", when=short(session)),
        *([until_when(following)] if session.from_file else []),
        buttons=[
            Button(_("Only this one"), Tap("plan", "one")),
            Button(
                ngettext("This one and the next one", "This one and the next {count}", len(following) - 1),
                Tap("plan", "all"),
            ),
        ],
        in_place=True,
    )


def change(person: Person, draft: Draft, onward: bool, now: datetime, world: World) -> Reply:
    session = still_there(draft, now, world)
    if session is None or still_open(draft, now):
        return Reply(person).say(_("This one is over or cancelled."), buttons=[see_planned()])
    changed = world.following(session) if onward else [session]
    moved = has_moved(draft, session)
    facts: list[Fact] = [*draft.changes(changed), Drafted(KIND, None)]
    if onward and session.from_file:
        facts.append(SeriesTakenOver(session.id))
    return (
        Reply(person)
        .because(*facts)
        .say(
            _("**It is changed.** Who is on the list gets a message.")
            if moved
            else _("**It is changed.** Time and place are the same, so I send no message."),
            buttons=[see_planned()],
            in_place=True,
        )
    )


def has_moved(draft: Draft, session: Session) -> bool:
    (starts_at, ends_at), *_more = draft.times(session.starts_at.tzinfo)
    return (starts_at, ends_at, draft.place) != (session.starts_at, session.ends_at, session.place)


def until_when(changed: Sequence[Session]) -> Words:
    """A series of the organisations file goes on for ever there; in the chat it ends."""
    return _(
        "If you change all of them, you plan this series yourself from then on. The last one is on {day}.",
        day=Day(changed[-1].starts_at),
    )


def still_there(draft: Draft, now: datetime, world: World) -> Session | None:
    session = world.session(draft.session)
    return session if session and not session.cancelled and session.starts_at > now else None
