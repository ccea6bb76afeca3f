"""What the hours before and after a session bring: lists for its coordinators, and the question how it was."""

from datetime import datetime, timedelta

from bot.store import Connection, plans, roles, sessions, signups
from conversations.feedback import ASKED
from conversations.world import Role

# The stages of a session, as the table has them.
LISTED, TO_BE_TICKED, ASKED_HOW_IT_WAS, SUMMED_UP = 1, 2, 3, 4
DAY_BEFORE = timedelta(hours=24)
ASK_AFTER = timedelta(hours=18)  # when nobody has ticked who came
SUM_AFTER = timedelta(days=3)
TOO_LATE = timedelta(days=7)  # what is longer ago is left alone

WHO_COMES, TICK, SUM = "who-comes", "tick-who-came", "how-it-was"


def follow(db: Connection, now: datetime) -> None:
    """Brings on what is due for the sessions around now."""
    for row in sessions.behind(db, LISTED, "starts_at", now, now + DAY_BEFORE):
        tell_coordinators(db, row.id, row.library, WHO_COMES, now)
        sessions.reach_stage(db, row.id, LISTED)
    for row in sessions.behind(db, TO_BE_TICKED, "ends_at", now - TOO_LATE, now):
        tell_coordinators(db, row.id, row.library, TICK, now)
        sessions.reach_stage(db, row.id, TO_BE_TICKED)
    for row in sessions.behind(db, ASKED_HOW_IT_WAS, "ends_at", now - TOO_LATE, now - ASK_AFTER):
        ask_how_it_was(db, row.id, now)
    for row in sessions.behind(db, SUMMED_UP, "ends_at", now - TOO_LATE, now - SUM_AFTER):
        tell_coordinators(db, row.id, row.library, SUM, now)
        sessions.reach_stage(db, row.id, SUMMED_UP)


def next_at(db: Connection, now: datetime) -> datetime | None:
    """When something is due next for a session that somebody comes to."""
    waits = (
        (LISTED, "starts_at", -DAY_BEFORE),
        (TO_BE_TICKED, "ends_at", timedelta()),
        (ASKED_HOW_IT_WAS, "ends_at", ASK_AFTER),
        (SUMMED_UP, "ends_at", SUM_AFTER),
    )
    found = [(sessions.next_behind(db, stage, moment, now - after), after) for stage, moment, after in waits]
    return min((at + after for at, after in found if at), default=None)


def tell_coordinators(db: Connection, session: int, library: str, kind: str, now: datetime) -> None:
    """Who comes, also when that is nobody; afterwards only when there is something to tell."""
    if kind == WHO_COMES or signups.who_comes(db, session):
        for coordinator in roles.who_are(db, Role("coordinator", library)):
            plans.put(db, coordinator, now, kind, str(session))


def tell_who_comes(db: Connection, session: int, kind: str, now: datetime) -> None:
    """Who waits for a place hears it too."""
    for person in signups.to_be_told(db, session):
        plans.put(db, person, now, kind, str(session))


def ask_how_it_was(db: Connection, session: int, now: datetime) -> None:
    """Who came, as it was ticked; everybody who said yes when nobody was. Nobody is asked twice."""
    sessions.reach_stage(db, session, ASKED_HOW_IT_WAS)
    for person in signups.to_ask(db, session):
        plans.put(db, person, now, ASKED, str(session))
