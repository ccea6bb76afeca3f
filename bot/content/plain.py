"""Plain language as rules that can be checked: short sentences, easy words, one action a step.

The numbers are for Dutch. Rules that need judgement give advice only (`hard` is False).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from bot.content.problems import Problem
from bot.content.sentences import Piece, Sentence, reading_ease, sentences, split, syllables, words
from bot.content.wordlist import (
    CHANGE,
    EXPLAIN,
    HARD,
    IDIOM,
    LETTERS,
    LONG,
    NUMBER,
    SHORT,
    STATE,
    VERB,
    Match,
    find,
    listed,
)

WORDS_A_SENTENCE = 12
MEAN_WORDS_A_SENTENCE = 8
SENTENCES_A_PARAGRAPH = 3
STEPS = 7
WORDS_AN_ANSWER = 90
WORDS_A_TIP = 60
HARD_TERMS = 2
LONG_WORD = 4
EASY = 80
ENOUGH_WORDS_TO_SCORE = 20  # one long word in a short text says nothing

SUBCLAUSE = re.compile(
    r"\b(?:omdat|zodat|terwijl|hoewel|doordat|voordat|nadat|totdat|zodra|wanneer|aangezien|tenzij|mits|indien|als)\b"
    r"|(?<=\w )(?<!\bis )(?<!\bwas )(?:die|dat)(?= (?:je|jij|ik|hij|ze|zij|we|wij|het|er|de|een)\b)",
    re.IGNORECASE,
)
CLAUSE_BORDER = re.compile(r"[,;:]|\b(?:en|maar|want|of|dan|als|omdat|zodat|terwijl|die|dat|wat|wie)\b", re.IGNORECASE)
BECOMES = re.compile(r"\b(?:word(?:t|en)?|werd(?:en)?)\b", re.IGNORECASE)
IS = re.compile(r"\b(?:is|zijn|was|waren)\b", re.IGNORECASE)
PARTICIPLE = re.compile(
    r"\b(?:(?:aan|af|bij|binnen|dicht|door|in|klaar|los|mee|na|neer|om|op|open|over|rond|samen|tegen|terug|toe|uit"
    r"|vast|voor|weg)?ge\w{2,}(?:d|t|en)|(?:be|er|her|ont|ver)\w{2,}(?:d|t|en))\b",
    re.IGNORECASE,
)
AUXILIARY = re.compile(r"\b(?:zal|zul|zult|zullen|zou|zouden|dien|dient|dienen)\b", re.IGNORECASE)
LETTER_WORD = re.compile(r"\b[A-Z][A-Z0-9]{1,5}\b(?!-)")
FORMAL = re.compile(r"(?<![\w.'’-])(?:u|uw|uzelf)(?![\w'’-])", re.IGNORECASE)
DATE_IN_DIGITS = re.compile(r"\b(?:\d{1,2}[-/]\d{1,2}[-/]\d{2,4}|\d{4}-\d{2}-\d{2})\b")


@dataclass(frozen=True)
class Finding:
    """What a rule says about a sentence."""

    rule: str
    text: str
    hint: str
    hard: bool = True


Rule: TypeAlias = Callable[[Sentence], Iterator[Finding]]


def check_answer(path: Path, pieces: Sequence[Piece], most_words: int = WORDS_AN_ANSWER) -> list[Problem]:
    """All rules over one answer or tip, piece by piece and as a whole."""
    told = sentences(pieces)
    problems = [_problem(path, sentence, found) for sentence in told for found in _obey(RULES, sentence)]
    problems += _check_paragraphs(path, pieces)
    problems += _check_terms(path, told)
    problems += _check_whole(path, pieces, told, most_words)
    return problems


def check_phrases(phrases: Iterable[tuple[Path, int, str]]) -> list[Problem]:
    """The rules that hold for a text by itself, over what the bot says: (path, line, Dutch text)."""
    problems = []
    for path, line, text in phrases:
        pieces = paragraphs(text, line)
        told = sentences(pieces)
        problems += [_problem(path, sentence, found) for sentence in told for found in _obey(RULES, sentence)]
        problems += _check_paragraphs(path, pieces)
    return problems


def paragraphs(text: str, line: int) -> list[Piece]:
    """Text with an empty line between paragraphs. `line` is that of the first."""
    found = re.finditer(r"\S.*?(?=\n\s*\n|\Z)", text, re.DOTALL)
    return [Piece(part[0].strip(), line + text[: part.start()].count("\n")) for part in found]


def _obey(rules: Sequence[Rule], sentence: Sentence) -> Iterator[Finding]:
    for rule in rules:
        yield from rule(sentence)


def _problem(path: Path, sentence: Sentence, found: Finding) -> Problem:
    return Problem(path, sentence.line, found.text, found.hint, found.hard, found.rule, sentence.written)


# One sentence


def _is_short(sentence: Sentence) -> Iterator[Finding]:
    if sentence.length > WORDS_A_SENTENCE:
        text = f"{sentence.length} words in a sentence, at most {WORDS_A_SENTENCE}:"
        yield Finding("P1", text, "Make two sentences of it.")


def _has_few_commas(sentence: Sentence) -> Iterator[Finding]:
    commas = len(re.findall(r",(?!\d)", sentence.own))
    if commas > 1:
        yield Finding("P3", f"{commas} commas in a sentence, at most 1:", "Make two sentences, or use steps.")


def _has_few_subclauses(sentence: Sentence) -> Iterator[Finding]:
    found = SUBCLAUSE.findall(sentence.own)
    most = 0 if sentence.step else 1
    if len(found) > most:
        where = "a step" if sentence.step else "a sentence"
        yield Finding("P4", f"Subclause ({', '.join(found)}) in {where}:", "Make two sentences.", hard=False)


def _is_active(sentence: Sentence) -> Iterator[Finding]:
    for clause in CLAUSE_BORDER.split(sentence.own):
        done = [word for word in PARTICIPLE.findall(clause) if word.lower() not in listed(STATE)]
        moved = all(word.lower() in listed(CHANGE) for word in done)
        if done and BECOMES.search(clause):
            yield Finding("P5", f"Passive ({BECOMES.findall(clause)[0]} {done[0]}):", "Say who does it.")
        elif IS.search(clause) and not moved:
            text = f"Perhaps passive ({IS.findall(clause)[0]} {done[0]}):"
            yield Finding("P5", text, "Say who does it.", hard=False)


def _has_plain_verbs(sentence: Sentence) -> Iterator[Finding]:
    for word in AUXILIARY.findall(sentence.own):
        better = "moet" if word.lower().startswith("dien") else "the present tense"
        yield Finding("P6", f"Formal verb ({word}):", f"Use {better}.")


def _is_written_out(sentence: Sentence) -> Iterator[Finding]:
    for found in find(SHORT, sentence.own):
        yield Finding("P7", f"Abbreviation ({found.written}):", f"Better: {found.better}.")


def _speaks_to_you(sentence: Sentence) -> Iterator[Finding]:
    for word in FORMAL.findall(sentence.own):
        better = {"u": "je", "uw": "je", "uzelf": "jezelf"}[word.lower()]
        yield Finding("P16", f'Says "{word}":', f"Better: {better}.")


def _has_digits(sentence: Sentence) -> Iterator[Finding]:
    for found in find(NUMBER, sentence.own):
        yield Finding("P17", f"Number in letters ({found.written}):", f"Better: {found.better}.")
    for day in DATE_IN_DIGITS.findall(sentence.own):
        yield Finding("P17", f"Date in digits ({day}):", "Write it like 1 mei.")


def _asks_one_thing(sentence: Sentence) -> Iterator[Finding]:
    if sentence.step:
        for second in re.findall(rf"\b(?:en|dan|daarna) ({'|'.join(listed(VERB))})\b", sentence.own):
            yield Finding("P11", f"A second action ({second}) in a step:", "Make it two steps.", hard=False)


def _has_easy_words(sentence: Sentence) -> Iterator[Finding]:
    for found in find(HARD, sentence.own):
        yield Finding("word", f"Hard word ({found.written}):", f"Better: {found.better}.")
    for found in find(IDIOM, sentence.own):
        yield Finding("P8", f"Idiom ({found.written}):", f"Better: {found.better}.", hard=False)


def _has_short_words(sentence: Sentence) -> Iterator[Finding]:
    for word in words(sentence.own):
        longest = max(re.split(r"[-/.@]", word), key=syllables)
        if syllables(longest) >= LONG_WORD and not _known(word):
            text = f"Long word ({word}, {syllables(longest)} syllables):"
            yield Finding("P19", text, "Use a shorter word.", hard=False)


def _known(word: str) -> bool:
    return any(word.lower() in listed(kind) for kind in (LONG, HARD, EXPLAIN, NUMBER))


RULES: tuple[Rule, ...] = (
    _is_short,
    _has_few_commas,
    _has_few_subclauses,
    _is_active,
    _has_plain_verbs,
    _is_written_out,
    _speaks_to_you,
    _has_digits,
    _asks_one_thing,
    _has_easy_words,
    _has_short_words,
)


# Paragraphs, terms, and the answer as a whole


def _check_paragraphs(path: Path, pieces: Sequence[Piece]) -> Iterator[Problem]:
    for piece in pieces:
        told = list(split(piece))
        if len(told) > SENTENCES_A_PARAGRAPH:
            text = f"{len(told)} sentences in a paragraph, at most {SENTENCES_A_PARAGRAPH}:"
            yield Problem(path, piece.line, text, "Put an empty line between.", True, "P13", told[0].written)
        if piece.step and told and words(told[0].shown)[0].lower() not in listed(VERB):
            text = f"A step begins with {words(told[0].shown)[0]}, not with what to do:"
            yield Problem(path, piece.line, text, "Begin with a verb: Open, Tik, Typ.", True, "P11", told[0].written)


def _check_terms(path: Path, told: Sequence[Sentence]) -> Iterator[Problem]:
    """Words that people meet on a screen, and letter words: each is to be explained once, and few an answer."""
    whole = " ".join(sentence.written for sentence in told)
    first_uses: dict[str, tuple[Match, Sentence]] = {}
    for sentence in told:
        for found in find(EXPLAIN, sentence.own):
            first_uses.setdefault(found.entry, (found, sentence))
    for found, sentence in first_uses.values():
        if not _explained(found, whole):
            text, hint = f"Term that is not explained ({found.written}):", f"It is: {found.better}."
            yield _problem(path, sentence, Finding("P9", text, hint, hard=False))
    if len(first_uses) > HARD_TERMS:
        text = f"{len(first_uses)} hard terms ({', '.join(first_uses)}), at most {HARD_TERMS}."
        yield Problem(path, told[0].line, text, "Leave some out.", False, "P9")
    yield from _check_letter_words(path, told, whole)


def _check_letter_words(path: Path, told: Sequence[Sentence], whole: str) -> Iterator[Problem]:
    known = {*listed(LETTERS), *listed(HARD), *listed(EXPLAIN)}
    for sentence in told:
        for word in LETTER_WORD.findall(sentence.own):
            if word.lower() not in known and not _explained(Match(word, "", word.lower()), whole):
                found = Finding("P7", f"Letter word ({word}):", "Write it out, or say what it is.")
                yield _problem(path, sentence, found)


def _explained(term: Match, whole: str) -> bool:
    """Such as: Updaten betekent: vernieuwen. Je gebruikersnaam: je naam voor het inloggen. (updaten)"""
    word = re.escape(term.written)
    after = rf"{word}(?: \w+)?: |{word}\W{{0,3}}(?:=|\(|is (?:een|je|de|het)\b|zijn\b|betekent\b)"
    before = rf"(?:heet|heten|noem|noemt|noemen)\b[^.]{{0,20}}{word}|\({word}\)"
    return bool(re.search(f"{after}|{before}", whole, re.IGNORECASE))


def _check_whole(path: Path, pieces: Sequence[Piece], told: Sequence[Sentence], most_words: int) -> Iterator[Problem]:
    if not told:
        return
    line = told[0].line
    total = sum(sentence.length for sentence in told)
    steps = sum(piece.step for piece in pieces)
    mean = total / len(told)
    if mean > MEAN_WORDS_A_SENTENCE:
        text = f"{mean:.1f} words a sentence on average, at most {MEAN_WORDS_A_SENTENCE}."
        yield Problem(path, line, text, f'The longest: "{max(told, key=_length).written}"', True, "P2")
    if steps > STEPS:
        yield Problem(path, line, f"{steps} steps, at most {STEPS}.", "Make it two answers.", True, "P14")
    if total > most_words:
        text = f"{total} words in all, at most {most_words}."
        yield Problem(path, line, text, "Leave out what is needed least.", True, "P15")
    if total >= ENOUGH_WORDS_TO_SCORE and reading_ease(told) < EASY:
        text = f"Reading ease {reading_ease(told):.0f}, {EASY} or more is easy."
        yield Problem(path, line, text, "Use shorter words.", False, "Flesch-Douma")


def _length(sentence: Sentence) -> int:
    return sentence.length
