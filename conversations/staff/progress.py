"""How far a message is that goes round, steering it, and what became of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from conversations.agenda import clock, moment, number
from conversations.facts import BroadcastSteered
from conversations.people import Person
from conversations.quiet import awake
from conversations.replies import Button, Message, Reply
from conversations.staff import roles
from conversations.turns import Due, Tap, Turn
from conversations.words import Day, Listed, Paragraph, Plain, Words, _, ngettext
from conversations.world import Report, World

UNDO = timedelta(seconds=60)
ANYBODY = Person(0, "nl")  # with the quiet hours that everybody has who chose no others
SHOWN = 8
REASONS = {
    "stopped": _("They want no messages at all: {count}"),
    "blocked": _("They had blocked this bot before: {count}"),
    "news": _("They want no news of the library: {count}"),
    "paused": _("They take a break from messages: {count}"),
    "signed": _("They have answered already: {count}"),
    "limit": _("They had 2 messages this week already: {count}"),
    "quiet": _("They have quiet hours until it is too late: {count}"),
    "stopped-by": _("You stopped it before their turn: {count}"),
    "erased": _("They have erased everything: {count}"),
}


def left_out(excluded: Mapping[str, int]) -> list[Paragraph]:
    lines = [_counted(words, excluded[reason]) for reason, words in REASONS.items() if excluded.get(reason)]
    return [_("Who does not get it:"), Listed(tuple(lines))] if lines else []


def _counted(words: Words, count: int) -> Words:
    return replace(words, values={"count": count})


def hear(person: Person, turn: Turn, now: datetime, world: World) -> Reply:
    match turn:
        case Tap("send", "sent"):
            return show_sent(person, world)
        case Due(kind, which) if report := hers(person, which, world):
            return tell(person, report, kind == "broadcast-done", now)
        case Due():
            return Reply(person)
        case Tap("send", act, which) if report := hers(person, which, world):
            return show_report(person, report) if act == "report" else steer(person, report, act, now)
        case _:
            return roles.say_it_is_not_hers(person, roles.COORDINATOR)


def hers(person: Person, which: str, world: World) -> Report | None:
    report = world.report(number(which)) if number(which) else None
    return report if report and report.order.library in roles.of(person, roles.COORDINATOR, world) else None


def steer(person: Person, report: Report, act: str, now: datetime) -> Reply:
    """What no longer fits the state does nothing, and shows how it is."""
    allowed = {
        ("undo", "waiting"): "undone",
        ("pause", "sending"): "paused",
        ("resume", "paused"): "sending",
        ("stop", "sending"): "stopped",
        ("stop", "paused"): "stopped",
    }
    to = allowed.get((act, report.state))
    if to is None:
        return Reply(person).show(replace(shown(report, now), in_place=True))
    steered = replace(report, state=to)
    if to == "stopped":  # who is still waiting does not get it any more
        excluded = {**report.excluded, "stopped-by": report.excluded.get("stopped-by", 0) + report.waiting}
        steered = replace(steered, waiting=0, excluded=excluded)
    return Reply(person).show(replace(shown(steered, now), in_place=True)).because(BroadcastSteered(report.id, to))


def tell(person: Person, report: Report, done: bool, now: datetime) -> Reply:
    """One message, always in the same place; at the end the report, as a new one."""
    reply = Reply(person).show(shown(report, now))
    return reply.say(*report_of(report), buttons=[start_again()]) if done else reply


def shown(report: Report, now: datetime) -> Message:
    which = str(report.id)
    stop = Button(_("⏹ Stop for good"), Tap("send", "stop", which))
    match report.state:
        case "waiting":
            buttons = [Button(_("↩️ Do not send it after all"), Tap("send", "undo", which))]
        case "sending":
            buttons = [Button(_("⏸ Pause"), Tap("send", "pause", which)), stop]
        case "paused":
            buttons = [Button(_("▶️ Go on"), Tap("send", "resume", which)), stop]
        case _:
            buttons = [Button(_("📊 The report"), Tap("send", "report", which))] if report.audience else [start_again()]
    rows = tuple((button,) for button in buttons)
    return Message(tuple(how_far(report, now)), rows, name=f"broadcast-{report.id}")


def how_far(report: Report, now: datetime) -> list[Paragraph]:
    gets = report.audience - sum(report.excluded.values())
    settled = gets - report.waiting
    far: list[Paragraph] = [_("{done} of {count}", done=settled, count=gets), Plain(bar(settled, gets))]
    at = report.begins_at.astimezone(now.tzinfo)
    match report.state:
        case "waiting" if at - now <= 2 * UNDO:
            return [_("**Your message goes out in a moment.** You have 1 minute to undo it.")]
        case "waiting":
            return [_("**Your message goes out on {moment}.**", moment=moment(at))]
        case "sending":
            ends = awake(ANYBODY, report.ends_at.astimezone(now.tzinfo))
            done = _("It is with everybody at about {hour}.", hour=clock(ends))
            return [_("**Your message is going out.**"), *far, done]
        case "paused":
            return [_("**Paused.** Nothing goes out until you go on."), *far]
        case "undone":
            return [_("**Undone.** Nobody got the message.")]
        case "stopped":
            return [_("**Stopped.** What was on its way still arrives."), *far]
        case _:
            return [_("**Your message has gone out.**"), *far]


def show_report(person: Person, report: Report) -> Reply:
    return Reply(person).say(*report_of(report), buttons=[start_again()], in_place=True)


def bar(done: int, count: int) -> str:
    """Ten blocks: as many full ones as tenths are done."""
    full = 10 * done // count if count else 10
    return "🟩" * full + "⬜" * (10 - full)


def report_of(report: Report) -> list[Paragraph]:
    """All that became of it; the lines add up to the first number."""
    told = (
        (_("Arrived: {count}"), report.delivered),
        (_("Turned out to have blocked this bot: {count}"), report.blocked),
        (_("Not taken by Telegram: {count}"), report.failed),
        (_("Not sure whether it arrived: {count}"), report.unsure),
        (_("Too late: {count}"), report.expired),
        (_("Still to come: {count}"), report.waiting),
    )
    lines = [_counted(words, count) for words, count in told if count or words.text.startswith("Arrived")]
    heading = ngettext(
        "**Report.** The message was for {count} person.",
        "**Report.** The message was for {count} people.",
        report.audience,
    )
    return [heading, Listed(tuple(lines)), *left_out(report.excluded)]


def show_sent(person: Person, world: World) -> Reply:
    reports = [each for library in roles.of(person, roles.COORDINATOR, world)
               for each in world.broadcasts(library, SHOWN)][:SHOWN]  # fmt: skip
    if not reports:
        return Reply(person).say(_("Nothing has been sent yet."), buttons=[start_again()], in_place=True)
    return Reply(person).say(
        _("**What was sent before.** Tap one for its report."),
        buttons=[Button(sent(each), Tap("send", "report", str(each.id))) for each in reports],
        in_place=True,
    )


def sent(report: Report) -> Words:
    return ngettext("{day}: {count} person", "{day}: {count} people", report.delivered, day=Day(report.begins_at))


def start_again() -> Button:
    return Button(_("📣 Send a message round"), Tap("send"))
