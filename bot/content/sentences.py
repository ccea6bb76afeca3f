"""Dutch text taken apart: sentences, words, syllables."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.content.answers import PLACEHOLDER, PLACEHOLDERS
from bot.content.wordlist import SHORT, listed

WORD = re.compile(r"[^\W_]+(?:[-'’.:/@][^\W_]+)*")
END = re.compile(r"(?P<stop>[.!?…]+)(?P<closing>[*\"”’')\]]*)(?=\s|$)")
SCREEN_TEXT = re.compile(r"\*\*.+?\*\*|“[^”]*”|‘[^’]*’(?!\w)|\"[^\"]*\"", re.DOTALL)
VOWELS = re.compile(
    r"ieuw|eeuw|ieu|aai|ooi|oei|ai|aa|ee|oo|uu|ie|oe|eu|ui|ei|ij|au|ou|y(?![aeiou])|[aeiouäëïöüáéíóúàèâêîôû]"
)
BEFORE_A_NAME = ("dhr.", "mevr.", "mw.", "dr.", "drs.", "prof.")
HIDDEN = "▢"  # stands for what the writer can't choose: the text of a button, a fact that is filled in


@dataclass(frozen=True)
class Piece:
    """A paragraph or a step, and the line it starts at."""

    text: str
    line: int
    step: bool = False


@dataclass(frozen=True)
class Sentence:
    """`written` is as it stands in the file."""

    written: str
    line: int
    step: bool = False

    @cached_property
    def shown(self) -> str:
        """As it is counted: no marks of bold, and every placeholder as long as facts are: three words."""
        return PLACEHOLDER.sub(_as_long_as_the_fact, self.written).replace("**", "")

    @cached_property
    def own(self) -> str:
        """What the writer chose: without texts of the screen (bold or in quotes) and without facts."""
        return PLACEHOLDER.sub(HIDDEN, SCREEN_TEXT.sub(HIDDEN, self.written))

    @cached_property
    def length(self) -> int:
        return len(words(self.shown))


def _as_long_as_the_fact(found: re.Match[str]) -> str:
    return "xx xx xx" if found[1] in PLACEHOLDERS else "xx"


def sentences(pieces: Iterable[Piece]) -> list[Sentence]:
    return [sentence for piece in pieces for sentence in split(piece)]


def split(piece: Piece) -> Iterator[Sentence]:
    start = 0
    for found in END.finditer(piece.text):
        if _ends_a_sentence(piece.text, found):
            yield from _sentence(piece, start, found.end())
            start = found.end()
    yield from _sentence(piece, start, len(piece.text))


def _sentence(piece: Piece, start: int, end: int) -> Iterator[Sentence]:
    written = piece.text[start:end]
    if not words(written):
        return
    before = piece.text[:start] + written[: len(written) - len(written.lstrip())]
    yield Sentence(" ".join(written.split()), piece.line + before.count("\n"), piece.step)


def _ends_a_sentence(text: str, found: re.Match[str]) -> bool:
    following = text[found.end() :].lstrip()
    goes_on = following[:1].islower() and not following[1:2].isupper()
    inside_bold = text[: found.end()].count("**") % 2 == 1
    if inside_bold or (goes_on and (found["closing"] or found["stop"] in {"...", "…"})):
        return False
    last = text[: found.end("stop")].split()[-1].lower().lstrip("(*\"'“‘")
    if last in BEFORE_A_NAME:
        return not following
    return last not in listed(SHORT) or not following or not goes_on


def words(text: str) -> list[str]:
    return WORD.findall(text)


def syllables(word: str) -> int:
    """At least one. A trema starts a syllable; `ie`, `oe`, `ui` and the like are one sound."""
    return len(VOWELS.findall(word.lower())) or 1


def reading_ease(told: Iterable[Sentence]) -> float:
    """The score of Flesch and Douma: 80 and more is easy. A coarse alarm, no proof."""
    lengths, sounds = [], 0
    for sentence in told:
        spoken = words(sentence.own.replace(HIDDEN, " "))
        lengths.append(len(spoken))
        sounds += sum(syllables(word) for word in spoken)
    total = sum(lengths) or 1
    return 206.84 - 77 * sounds / total - 0.93 * total / (len(lengths) or 1)
