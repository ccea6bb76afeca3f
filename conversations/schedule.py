"""When the reminders of a session come, and what is promised of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from conversations.agenda import moment
from conversations.facts import Planned
from conversations.people import Person
from conversations.quiet import awake, before_sleep
from conversations.words import Words, _
from conversations.world import Session

DAY_BEFORE, SOON = "session-tomorrow", "session-soon"
EARLIEST, LATEST = time(9), time(20)  # when the reminder of the day before may come
TWO_HOURS = timedelta(hours=2)


def planned(person: Person, session: Session, now: datetime) -> list[Planned]:
    """Those that are still to come, none in her quiet hours. When they come, everything is looked at again."""
    which = str(session.id)
    first, second = day_before(person, session), soon(person, session)
    both = (Planned(first, DAY_BEFORE, which), Planned(second, SOON, which))
    coming = [reminder for reminder in both if now < reminder.at < session.starts_at]
    return coming if second - first > TWO_HOURS else coming[:1]


def day_before(person: Person, session: Session) -> datetime:
    """The same hour the day before, by the clock on the wall, and never early or late in the day."""
    hour = min(max(session.starts_at.timetz().replace(tzinfo=None), EARLIEST), LATEST)
    at = datetime.combine(session.starts_at.date() - timedelta(days=1), hour, session.starts_at.tzinfo)
    earlier = before_sleep(person, at)
    return earlier if earlier.date() == at.date() else awake(person, at)


def soon(person: Person, session: Session) -> datetime:
    """Two hours before; when she sleeps then, as she wakes up, or before she goes to sleep."""
    at = (session.starts_at.astimezone(UTC) - TWO_HOURS).astimezone(session.starts_at.tzinfo)
    woken = awake(person, at)
    in_time = woken.astimezone(UTC) <= session.starts_at.astimezone(UTC) - timedelta(minutes=30)
    return woken if in_time else before_sleep(person, at)


def promised(person: Person, coming: Sequence[Planned]) -> tuple[Words, ...]:
    """Only the reminders that really come."""
    if not person.wants_reminders or person.stopped_at:
        return (_("You get no reminder. You chose that. Change it in Settings."),)
    if not coming:
        return (_("See you soon!"),)
    first, *more = coming
    return (
        _("I remind you on {moment}.", moment=moment(first.at)),
        *(_("And on {moment}.", moment=moment(each.at)) for each in more),
    )
