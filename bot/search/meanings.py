"""Words that mean the same here: every word of a line in `meanings.txt` also counts as the line's first word.

A word that is not in the list counts for the known words at its ends ("werktelefoon", "roosterapp"), and else for
a known word one slip away ("tellefoan").
"""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path

from bot.search.folding import fold, plain

_FILE = Path(__file__).with_name("meanings.txt")
_SHORTEST_END = 4
_SHORTEST_WITH_SLIP = 6


def meanings_of(folded: Sequence[str]) -> list[str]:
    """The meanings in a row of folded words; expressions of up to four words count too."""
    known = _meanings()
    found = [meaning for word in folded for meaning in _meanings_of_word(word)]
    for size in (2, 3, 4):
        for at in range(len(folded) - size + 1):
            found.extend(known.get(" ".join(folded[at : at + size]), ()))
    return found


@lru_cache(maxsize=20_000)
def _meanings_of_word(word: str) -> tuple[str, ...]:
    known = _meanings()
    return known.get(word) or _of_its_ends(word) or _of_one_slip_away(word)


def _of_its_ends(word: str) -> tuple[str, ...]:
    known = _meanings()
    found: list[str] = []
    for ends in (
        [word[:size] for size in range(len(word) - 2, _SHORTEST_END - 1, -1)],
        [word[-size:] for size in range(len(word) - 2, _SHORTEST_END - 1, -1)],
    ):
        longest = next((end for end in ends if end in known), None)
        found.extend(known[longest] if longest else ())
    return tuple(found)


def _of_one_slip_away(word: str) -> tuple[str, ...]:
    if len(word) < _SHORTEST_WITH_SLIP:
        return ()
    near = _with_one_letter_less()
    for shorter in (word, *_one_letter_less(word)):
        if shorter in near:
            return _meanings()[near[shorter]]
    return ()


def _one_letter_less(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))]


@cache
def _with_one_letter_less() -> dict[str, str]:
    """From a long word, as it is or without one of its letters, to the word."""
    long = [word for word in _meanings() if " " not in word and len(word) >= _SHORTEST_WITH_SLIP]
    return {shorter: word for word in long for shorter in _one_letter_less(word)} | {word: word for word in long}


@cache
def _meanings() -> dict[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    for meaning, expressions in _lines(_FILE.read_text(encoding="utf-8").splitlines()):
        for expression in expressions:
            folded = " ".join(fold(word) for word in plain(expression).split())
            if folded and meaning not in known.get(folded, ()):
                known[folded] = (*known.get(folded, ()), meaning)
    return known


def _lines(lines: Iterable[str]) -> Iterable[tuple[str, list[str]]]:
    for line in lines:
        if line.strip() and not line.startswith("#"):
            meaning, _, expressions = line.partition(":")
            yield meaning.strip(), [meaning, *expressions.split(",")]
