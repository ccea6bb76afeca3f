"""Killed with -9 at random moments: nothing is lost, and nothing is done twice. The full one: benchmarks/crash.py."""

import random
from pathlib import Path

from benchmarks.crash import Crashes
from bot.store import Database

CONTENT = Path(__file__).parent.parent / "content"
UPDATES, KILLS = 40, 4
UNDER_WAY = 16  # messages at most, at a kill


async def test_nothing_is_lost_or_done_twice(database: Database, tmp_path: Path) -> None:
    crashes = Crashes(database.url, CONTENT, tmp_path, random.Random(7))
    result = await crashes.run(UPDATES, KILLS)
    assert result.kills == KILLS
    assert (result.lost, result.turns_twice, result.set_aside, result.unsent) == (0, 0, 0, 0)
    assert result.sign_ups == result.sign_ups_wanted == UPDATES / 4
    assert result.not_confirmed == 0
    assert 0 <= result.messages_twice <= KILLS * UNDER_WAY
