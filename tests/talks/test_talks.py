"""Every talk goes as written. After a change of words: `make talks` rewrites them, and the diff shows the talk."""

import os
from pathlib import Path

import pytest

from bot.knowledge import Knowledge
from tests.conftest import MONDAY
from tests.talks.script import Script, played, read, rewritten

FILES = sorted(Path(__file__).parent.glob("*.talk"))
SCRIPTS = [pytest.param(script, id=f"{path.stem}: {script.title}") for path in FILES for script in read(path)]


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_talk_goes_as_written(script: Script, knowledge: Knowledge) -> None:
    assert played(script, knowledge, MONDAY) == script.lines


@pytest.mark.skipif("DIGIHULP_REWRITE_TALKS" not in os.environ, reason="only when asked: make talks")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rewrite(path: Path, knowledge: Knowledge) -> None:
    path.write_text(rewritten(path, knowledge, MONDAY))
