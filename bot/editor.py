"""Writes the questions that coordinators gave an answer to where the search learns from them."""

import logging
from pathlib import Path

from bot.content.questions import add_question
from bot.store import Database, unfound

log = logging.getLogger(__name__)


class Editor:
    """What was decided is in the database; this only writes it down, so that nothing is lost when it can't just now."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._told = False

    async def write(self) -> int:
        """Says how many were written. Where they can't be, that is logged once; `digihulp wishes` shows them."""
        placed = await self._database.read(unfound.in_state, "placed")
        done = []
        for number, question, topic in placed:
            try:
                add_question(self._folder, topic, question)
            except OSError as error:
                if not self._told:
                    log.warning(
                        "questions can't be written to %s (%s): see digihulp wishes", self._folder, error.strerror
                    )
                self._told = True
                break
            done.append(number)
        if done:
            self._told = False
            await self._database.write(unfound.written, done)
        return len(done)
