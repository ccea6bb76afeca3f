"""What people wrote, as it is now: read again when a file changes, and kept as it was when the change is wrong."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from watchfiles import awatch

from bot.content import answers, organisations
from bot.content.answers import Content
from bot.content.organisations import Organisations
from bot.content.problems import ContentError, Problem, hard

log = logging.getLogger(__name__)

SETTLE_MS = 400  # an editor or a copy writes several files: wait until it is quiet
LOOK_AGAIN_MS = 5_000  # for what the system doesn't tell: a file elsewhere, a mounted folder, a change at the start

Changed: TypeAlias = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Version:
    """Content and organisations that belong together."""

    content: Content
    organisations: Organisations


class Current:
    """`version` is the last good version, replaced as a whole; `problems` are those of the newest files.

    Reading it the first time raises ContentError when there are no answers, or the organisations can't be used:
    without them nobody can join. A mistake in one answer is only noted.
    """

    def __init__(self, folder: Path, organisations_file: Path, more_questions: Path | None = None) -> None:
        self.folder = folder
        self.more_questions = more_questions
        self.organisations_file = organisations_file
        content = answers.load(folder, more_questions=more_questions)
        if not content.answers:
            raise ContentError(content.problems)
        self.version = Version(content, organisations.load(organisations_file))
        self.problems: tuple[Problem, ...] = ()
        self._note(content.problems)
        self._seen = self._fingerprint()

    @property
    def content(self) -> Content:
        return self.version.content

    @property
    def organisations(self) -> Organisations:
        return self.version.organisations

    async def reload(self) -> bool:
        """Reads the files again; tells whether something new is in place."""
        self._seen = self._fingerprint()
        content, problems = await asyncio.to_thread(self._read_content)
        organised, more_problems = await asyncio.to_thread(self._read_organisations)
        self._note((*problems, *more_problems))
        new = Version(content or self.content, organised or self.organisations)
        if new == self.version:
            return False
        self.version = new
        answers_now, employers_now = len(new.content.answers), len(new.organisations.employers)
        log.info("taken in what changed: %s answers, %s employers", answers_now, employers_now)
        return True

    async def watch(self, changed: Changed, stop: asyncio.Event | None = None) -> None:
        """Reloads at every change, and calls `changed` when something new is in place, until `stop` is set."""
        if self.more_questions:
            self.more_questions.mkdir(parents=True, exist_ok=True)
        watching = awatch(
            *(folder for folder in (self.folder, self.more_questions) if folder),
            stop_event=stop,
            debounce=SETTLE_MS,
            rust_timeout=LOOK_AGAIN_MS,
            yield_on_timeout=True,
        )
        async for _ in watching:
            if self._fingerprint() != self._seen and await self.reload():
                await self._tell(changed)

    def _read_content(self) -> tuple[Content | None, tuple[Problem, ...]]:
        content = answers.load(self.folder, more_questions=self.more_questions)
        return (content if content.good else None), content.problems

    def _read_organisations(self) -> tuple[Organisations | None, tuple[Problem, ...]]:
        try:
            return organisations.load(self.organisations_file), ()
        except ContentError as error:
            return None, error.problems

    def _note(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        for problem in hard(problems):
            log.warning("a mistake in what people wrote: %s", problem)

    async def _tell(self, changed: Changed) -> None:
        try:
            await changed()
        except Exception:  # whoever listens may fail; the next change is to be seen all the same
            log.exception("what changed could not be taken up")

    def _fingerprint(self) -> frozenset[tuple[str, int, int]]:
        """Names, sizes and times of the files that count: when it differs there is something to read."""
        more = self.more_questions.glob("*.txt") if self.more_questions else ()
        files = [*self.folder.rglob("*.md"), *self.folder.rglob("*.txt"), *more, self.organisations_file]
        return frozenset(found for file in files for found in _state(file))


def _state(file: Path) -> Iterator[tuple[str, int, int]]:
    """Nothing when the file is not there (any more)."""
    try:
        stat = file.stat()
    except OSError:
        return
    yield str(file), stat.st_mtime_ns, stat.st_size
