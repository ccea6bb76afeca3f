"""The list of words in `words.tsv`: hard ones with a better one, abbreviations, numbers, verbs for steps."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("words.tsv")

HARD, EXPLAIN, IDIOM, VAGUE, SAME = "hard", "explain", "idiom", "vague", "same"
SHORT, INITIALS, LETTERS, NUMBER, LONG = "short", "initials", "letters", "number", "long"
VERB, NOUN, STATE, DONE, CHANGE = "verb", "noun", "state", "done", "change"


@dataclass(frozen=True)
class Match:
    """`written` as it stands in the sentence, `better` as the list has it, `entry` the first form of the word."""

    written: str
    better: str
    entry: str


@cache
def _rows() -> tuple[tuple[str, tuple[str, ...], str], ...]:
    rows = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, forms, better = (line + "\t").split("\t")[:3]
            rows.append((kind, tuple(forms.lower().split("|")), better))
    return tuple(rows)


@cache
def listed(kind: str) -> Mapping[str, tuple[str, str]]:
    """Every form of the words of this kind, with its better word and its first form."""
    return {form: (better, forms[0]) for known, forms, better in _rows() if known == kind for form in forms}


def find(kind: str, text: str) -> Iterator[Match]:
    """The words of this kind in the text, from left to right."""
    if _beginnings(kind).isdisjoint(_letters(text)):
        return  # most sentences have none, and the pattern is long
    for found in _pattern(kind).finditer(text):
        form = next(name for name, value in found.groupdict().items() if value)
        better, entry = _forms(kind)[int(form[1:])]
        yield Match(found[0], better, entry)


@cache
def _beginnings(kind: str) -> frozenset[str]:
    return frozenset(_letters(form)[0] for form in listed(kind))


def _letters(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


@cache
def _forms(kind: str) -> tuple[tuple[str, str], ...]:
    return tuple(listed(kind).values())


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    longest_first = sorted(enumerate(listed(kind)), key=lambda form: -len(form[1]))
    forms = (f"(?P<f{number}>{_spelling(form)})" for number, form in longest_first)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(forms)})(?![\w-])", re.IGNORECASE)


def _spelling(form: str) -> str:
    gap = r"(?:\s+[^\s.!?,]+){0,4}?\s+"
    return gap.join(re.escape(part).replace(r"\ ", r"\s+") for part in form.split(" ... "))
