"""Looks regularly at what is due: plans that have come, drop-ins in the organisations file, old rows."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import occasions
from bot.clock import Clock
from bot.content.organisations import Organisations, occurrences
from bot.store import Connection, Database, broadcasts, inbox, outbox, plans, roles, sessions, signups, unfound
from bot.store.database import PassingTrouble
from conversations.reminders import CANCELLED, MOVED

log = logging.getLogger(__name__)

LOOK_SECONDS = 2
DAYS_AHEAD = 56


class Planner:
    """`moved` is called when something due has been put into the inbox; `write_down` writes decisions to files."""

    def __init__(
        self,
        database: Database,
        organisations: Callable[[], Organisations],
        clock: Clock,
        moved: Callable[[], None],
        write_down: Callable[[], Awaitable[object]],
    ) -> None:
        self._database = database
        self._organisations = organisations
        self._clock = clock
        self._moved = moved
        self._write_down = write_down
        # Late is better than never: what is due is a row, this only looks.
        self._scheduler = AsyncIOScheduler(job_defaults={"misfire_grace_time": None, "coalesce": True})

    async def start(self) -> None:
        await self.set_sessions()
        self._scheduler.add_job(_until_stopped, "interval", [self.look], seconds=LOOK_SECONDS, id="look")
        self._scheduler.add_job(_until_stopped, "interval", [self.write_down], seconds=LOOK_SECONDS, id="write")
        self._scheduler.add_job(_until_stopped, "interval", [self.set_sessions], hours=1, id="sessions")
        self._scheduler.add_job(_until_stopped, "interval", [self.tidy], hours=6, id="tidy")
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)

    async def look(self) -> int:
        """Hands over what is due now; says how many."""
        try:
            moved = await self._database.write(look, self._clock.now())
        except PassingTrouble as trouble:
            log.warning("could not look at what is due: %s", type(trouble).__name__)
            return 0
        if moved:
            self._moved()
        return moved

    async def write_down(self) -> None:
        try:
            await self._write_down()
        except PassingTrouble as trouble:
            log.warning("could not write down what was decided: %s", type(trouble).__name__)

    async def set_sessions(self) -> None:
        """Makes the coming drop-ins as the organisations file has them now."""
        try:
            await self._database.write(set_sessions, self._organisations(), self._clock.now())
        except PassingTrouble as trouble:
            log.warning("could not plan the drop-ins: %s", type(trouble).__name__)

    async def tidy(self) -> None:
        await self._database.write(inbox.prune, self._clock.now())
        await self._database.write(outbox.prune, self._clock.now())
        await self._database.write(roles.prune, self._clock.now())
        await self._database.write(unfound.prune, self._clock.now())
        await self._database.write(broadcasts.prune, self._clock.now())


def look(db: Connection, now: datetime) -> int:
    """What has lapsed, what sessions bring, and what was planned; how many turns follow now."""
    signups.lapse(db, now)
    occasions.follow(db, now)
    return plans.hand_over(db, now)


def next_at(db: Connection, now: datetime) -> datetime | None:
    """When something happens next: what is planned, lapses, comes with a session, or waits to be sent."""
    planned = plans.next_at(db), signups.next_lapse(db), occasions.next_at(db, now)
    moments = *planned, outbox.next_wait(db, now), broadcasts.next_at(db, now)
    return min((at for at in moments if at), default=None)


async def _until_stopped(work: Callable[[], Awaitable[object]]) -> None:
    """Only the scheduler cancels it, when it stops; it would report that as an error."""
    with suppress(asyncio.CancelledError):
        await work()


def set_sessions(db: Connection, organisations: Organisations, now: datetime) -> None:
    """Whoever comes to a drop-in that changed gets to hear it."""
    planned = [
        sessions.Planned(
            slot=found.slot,
            day=found.day.isoformat(),
            library=found.library,
            place=found.place.id,
            zone=str(found.starts_at.tzinfo),
            starts_at=found.starts_at,
            ends_at=found.ends_at,
            remark=found.remark,
        )
        for found in occurrences(organisations.schedule, (now - timedelta(days=1)).date(), DAYS_AHEAD)
        if found.starts_at > now
    ]
    for changed in sessions.plan(db, planned, now):
        kind = MOVED if changed.what == "moved" else CANCELLED
        occasions.tell_who_comes(db, changed.session, kind, now)
