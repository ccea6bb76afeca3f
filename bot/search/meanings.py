"""Words that mean the same here: every word of a line in `meanings.txt` also counts as the line's first word."""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from bot.search.folding import fold, plain

_FILE = Path(__file__).with_name("meanings.txt")


def meanings_of(folded: Sequence[str]) -> list[str]:
    """The meanings in a row of folded words; expressions of up to three words count too."""
    known = _meanings()
    found = []
    for size in (1, 2, 3):
        for at in range(len(folded) - size + 1):
            found.extend(known.get(" ".join(folded[at : at + size]), ()))
    return found


@cache
def _meanings() -> dict[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    for meaning, expressions in _lines(_FILE.read_text(encoding="utf-8").splitlines()):
        for expression in expressions:
            folded = " ".join(fold(word) for word in plain(expression).split())
            known[folded] = (*known.get(folded, ()), meaning)
    return known


def _lines(lines: Iterable[str]) -> Iterable[tuple[str, list[str]]]:
    for line in lines:
        if line.strip() and not line.startswith("#"):
            meaning, _, expressions = line.partition(":")
            yield meaning.strip(), [meaning, *expressions.split(",")]


def source() -> str:
    """The list itself: what was learnt with another list is to be learnt anew."""
    return _FILE.read_text(encoding="utf-8")
