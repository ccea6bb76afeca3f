"""A mistake in a file that somebody wrote: where it is, what it is, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """`hint` says what to do. A `hard` one must be put right; the others are advice.

    `rule` is the number of a plain-language rule ("P1"), or empty for a mistake of shape.
    `sentence` is the sentence it is about, as it is written.
    """

    path: Path
    line: int
    text: str
    hint: str
    hard: bool = True
    rule: str = ""
    sentence: str = ""

    def __str__(self) -> str:
        rule = f"{self.rule}: " if self.rule else ""
        sentence = f' "{self.sentence}"' if self.sentence else ""
        return f"{self.path}:{self.line}: {rule}{self.text}{sentence} {self.hint}".rstrip()


class ContentError(Exception):
    """Files that can't be used as they are. `problems` holds every mistake that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def hard(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(problem for problem in problems if problem.hard)


def in_order(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (str(problem.path), problem.line, not problem.hard, problem.rule))
