"""A message to many survives the bot's being killed: nobody gets it twice, nobody is missed, and the report adds up.

The full one: benchmarks/broadcast.py.
"""

import random
from pathlib import Path

from benchmarks.broadcast import BroadcastCrashes
from bot.store import Database

CONTENT = Path(__file__).parent.parent / "content"
PEOPLE, KILLS, RATE = 150, 2, 100


async def test_nobody_gets_it_twice_and_nobody_is_missed(database: Database, tmp_path: Path) -> None:
    crashes = BroadcastCrashes(database.url, CONTENT, tmp_path, random.Random(3), RATE)
    fate = await crashes.broadcast(PEOPLE, KILLS)
    assert (fate.twice, fate.missed) == (0, 0)
    assert fate.report.state == "done"
    assert fate.sum == fate.report.audience == PEOPLE
    assert fate.report.blocked > 0
    assert fate.messages >= fate.report.delivered
    assert fate.messages == fate.report.delivered + fate.unsure_arrived
