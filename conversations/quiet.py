"""Quiet hours: what nobody asked for just now waits until she is awake. By the clock on the wall where she lives."""

from datetime import UTC, datetime, time, timedelta

from conversations.people import Person


def is_quiet(person: Person, at: datetime) -> bool:
    """`at` is local. From nine to eight goes over midnight; from nine to nine is never quiet."""
    begins, ends = person.quiet_from, person.quiet_until
    if begins < ends:
        return begins <= at.hour < ends
    return begins != ends and (at.hour >= begins or at.hour < ends)


def awake(person: Person, at: datetime) -> datetime:
    """`at`, or the end of the quiet hours that it is in; the only hour she is awake may be one that spring skips."""
    while is_quiet(person, at):
        at = next_at(at, person.quiet_until)
    return at


def awake_for(person: Person, since: datetime, span: timedelta) -> datetime:
    """When she will have been awake for so long; quiet hours do not count."""
    at = awake(person, since)
    while person.quiet_from != person.quiet_until:
        sleeps = next_at(at, person.quiet_from)
        if at.astimezone(UTC) + span <= sleeps.astimezone(UTC):
            break
        span -= sleeps.astimezone(UTC) - at.astimezone(UTC)
        at = awake(person, sleeps)
    return (at.astimezone(UTC) + span).astimezone(at.tzinfo)


def awake_between(person: Person, start: datetime, end: datetime) -> timedelta:
    """How much of it is not in her quiet hours."""
    total, at = timedelta(), awake(person, start)
    while at.astimezone(UTC) < end.astimezone(UTC):
        sleeps = next_at(at, person.quiet_from) if person.quiet_from != person.quiet_until else end
        total += min(sleeps.astimezone(UTC), end.astimezone(UTC)) - at.astimezone(UTC)
        at = awake(person, sleeps)
    return total


def before_sleep(person: Person, at: datetime) -> datetime:
    """`at`, or a quarter of an hour before the quiet hours that it is in."""
    while is_quiet(person, at):
        began = next_at(at - timedelta(days=1), person.quiet_from)
        at = (began.astimezone(UTC) - timedelta(minutes=15)).astimezone(at.tzinfo)
    return at


def next_at(at: datetime, hour: int) -> datetime:
    """The first moment after `at` when the clock shows this hour; an hour that spring skips becomes the one after."""
    day = at.date() if at.hour < hour else at.date() + timedelta(days=1)
    return datetime.combine(day, time(hour), at.tzinfo).astimezone(UTC).astimezone(at.tzinfo)
