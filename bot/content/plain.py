"""Plain language as rules that can be checked: short sentences, easy words, one action a step.

The numbers are for Dutch, and those of the list of rules. The rules in GATES must be obeyed; the others give advice.
Not checked, because it takes somebody who reads: whether the first sentence says what matters (P12).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TypeAlias

from bot.content.problems import Problem
from bot.content.sentences import Piece, Sentence, reading_ease, sentences, split, syllables, words
from bot.content.wordlist import (
    CHANGE,
    DONE,
    EXPLAIN,
    HARD,
    IDIOM,
    INITIALS,
    LETTERS,
    LONG,
    NOUN,
    NUMBER,
    SAME,
    SHORT,
    STATE,
    VAGUE,
    VERB,
    Match,
    find,
    listed,
)

GATES = frozenset({"P1", "P2", "P3", "P4", "P5", "P7", "P11", "P13", "P14", "P15", "P16", "P17"})

WORDS_A_SENTENCE = 12
MEAN_WORDS_A_SENTENCE = 8
SENTENCES_A_PARAGRAPH = 3
SUBCLAUSES_A_SENTENCE = 1
ACTIONS_A_STEP = 2  # each in a sentence of its own: "Open de instellingen. Zoek op batterij."
STEPS = 7
WORDS_AN_ANSWER = 90
WORDS_A_TIP = 60
HARD_TERMS = 2
LONG_WORD = 4
EASY = 80
ENOUGH_WORDS_TO_SCORE = 20  # one long word in a short text says nothing

SUBCLAUSE = re.compile(
    r"\b(?:omdat|zodat|terwijl|hoewel|doordat|voordat|nadat|totdat|zodra|wanneer(?!.*\?$)|aangezien|tenzij|mits|indien"
    r"|(?<!\bnet )(?<!\bzowel )als(?! (?:eerste|laatste|enige|volgt)\b))\b"
    r"|(?<=\w )(?<!\bis )(?<!\bwas )(?:die|dat)(?= (?:je|jij|ik|hij|ze|zij|we|wij|het|er|de|een)\b)"
    r"|\b(?:de|het|een|elke?|geen|iets|iemand|alles|niets)(?: [\w-]+){0,2} "
    r"((?:die|dat)(?= [^.!?,]*\b(?:is|zijn|was|heeft|hebben|staat|staan|gaat|gaan|komt|kan|kunnen|mag|moet|wil|hoort"
    r"|past|werkt|ziet|geeft|helpt|doet|zegt|vraagt|heet|ligt|zit|blijft|weet|kent|klopt|belt|woont|krijgt|begint|lijkt)"
    r"(?:[.!?]?$|,| (?:als|omdat|zodat|terwijl|en|maar)\b)))",
    re.IGNORECASE,
)
CLAUSE_BORDER = re.compile(r"[,;:]|\b(?:en|maar|want|of|dan|als|omdat|zodat|terwijl|die|dat|wat|wie)\b", re.IGNORECASE)
BECOMES = re.compile(r"\b(?:word(?:t|en)?|werd(?:en)?)\b", re.IGNORECASE)
IS = re.compile(r"\b(?:is|zijn|was|waren)\b", re.IGNORECASE)
HAS = re.compile(r"\b(?:heb|hebt|heeft|hebben|had|hadden)\b", re.IGNORECASE)
APART = (
    r"(?:aan|af|bij|binnen|dicht|door|in|klaar|los|mee|na|neer|om|op|open|over|rond|samen|tegen|terug|toe|uit"
    r"|vast|voor|weg)"
)
PARTICIPLE = re.compile(rf"{APART}?(?:ge\w{{2,}}(?:d|t|en)|(?:be|er|her|ont|ver)\w{{2,}}(?:d|t))")
NAMES = ("heid", "ingen")  # what ends so is a thing: veiligheid, ervaringen
AUXILIARY = re.compile(r"\b(?:zal|zul|zult|zullen|zou|zouden|dien|dient|dienen)\b", re.IGNORECASE)
LETTER_WORD = re.compile(r"\b[A-Z][A-Z0-9]{1,5}\b")
FORMAL = re.compile(r"(?<![\w.'’-])(?:u|uw|uzelf)(?![\w'’-])", re.IGNORECASE)
DATE_IN_DIGITS = re.compile(
    r"\b(?:\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}-\d{2}-\d{2}|(?<=\bop )\d{1,2}[-/]\d{1,2})\b", re.IGNORECASE
)
WAY_OUT = re.compile(r"\?|\b112\b|\{(?:helpdesk|team|coach|library|hr_contact|sick_line)\}")


@dataclass(frozen=True)
class Finding:
    """What a rule says about a sentence."""

    rule: str
    text: str
    hint: str


Rule: TypeAlias = Callable[[Sentence], Iterator[Finding]]


def check_answer(path: Path, pieces: Sequence[Piece], most_words: int = WORDS_AN_ANSWER) -> list[Problem]:
    """All rules over one answer or tip, piece by piece and as a whole."""
    told = sentences(pieces)
    return [
        *_check_pieces(path, pieces),
        *_check_terms(path, told),
        *_check_names([(path, sentence) for sentence in told]),
        *_check_mean(path, told),
        *_check_whole(path, pieces, told, most_words),
    ]


def check_phrases(phrases: Iterable[tuple[Path, int, str]]) -> list[Problem]:
    """The rules that hold for a text by itself, over what the bot says: (path, line, Dutch text).

    A phrase may be the text of a button: it has no steps, no way out and no room to explain a term. But together
    they name one thing by one name.
    """
    problems: list[Problem] = []
    told: list[tuple[Path, Sentence]] = []
    for path, line, text in phrases:
        pieces = paragraphs(text, line)
        problems += _check_pieces(path, pieces)
        told += [(path, sentence) for sentence in sentences(pieces)]
        if len(sentences(pieces)) > 1:
            problems += _check_mean(path, sentences(pieces))
    return [*problems, *_check_names(told)]


def paragraphs(text: str, line: int) -> list[Piece]:
    """Text with an empty line between paragraphs. `line` is that of the first."""
    found = re.finditer(r"\S.*?(?=\n\s*\n|\Z)", text, re.DOTALL)
    return [Piece(part[0].strip(), line + text[: part.start()].count("\n")) for part in found]


def _check_pieces(path: Path, pieces: Sequence[Piece]) -> Iterator[Problem]:
    told = sentences(pieces)
    whole = " ".join(sentence.written for sentence in told)
    for sentence in told:
        for rule in RULES:
            yield from (_problem(path, sentence, found) for found in rule(sentence))
        yield from (_problem(path, sentence, found) for found in _has_no_letter_words(sentence, whole))
    for piece in pieces:
        yield from _check_paragraph(path, piece)


def _problem(path: Path, sentence: Sentence, found: Finding) -> Problem:
    return Problem(path, sentence.line, found.text, found.hint, found.rule in GATES, found.rule, sentence.written)


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
    found = [part[1] or part[0] for part in SUBCLAUSE.finditer(sentence.own)]
    if len(found) > (0 if sentence.step else SUBCLAUSES_A_SENTENCE):
        where = "a step" if sentence.step else "a sentence"
        yield Finding("P4", f"Subclause ({', '.join(found)}) in {where}:", "Make two sentences.")


def _is_active(sentence: Sentence) -> Iterator[Finding]:
    for clause in CLAUSE_BORDER.split(sentence.own):
        done = [word for word in words(clause) if _is_participle(word.lower())]
        by_someone = [word for word in done if _whole(word.lower()) not in listed(CHANGE)]
        if done and (becomes := BECOMES.search(clause)):
            yield Finding("P5", f"Passive ({becomes[0]} {done[0]}):", "Say who does it.")
        elif by_someone and (being := IS.search(clause)) and not HAS.search(clause):
            yield Finding("P5", f"Passive ({being[0]} {by_someone[0]}):", "Say who does it.")


def _is_participle(word: str) -> bool:
    if word in listed(STATE) or word.endswith(NAMES):
        return False
    return bool(PARTICIPLE.fullmatch(word)) or _whole(word) in listed(DONE)


def _whole(word: str) -> str:
    """Without what can stand apart: vastgelopen is of lopen."""
    return re.sub(rf"^{APART}(?=ge|be|ver)", "", word)


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
        for second in re.finditer(
            rf"(?:\b(?:en|dan|daarna)|,) ({'|'.join(listed(VERB))})\b(?P<last>\W*$)?", sentence.own
        ):
            if second["last"] is None or second[1] not in listed(NOUN):
                yield Finding("P11", f"A second action ({second[1]}) in a step:", "Make it two steps.")


def _has_easy_words(sentence: Sentence) -> Iterator[Finding]:
    for found in find(HARD, sentence.own):
        yield Finding("P9", f"Hard word ({found.written}):", f"Better: {found.better}.")
    for found in find(IDIOM, sentence.own):
        yield Finding("P8", f"Idiom ({found.written}):", f"Better: {found.better}.")
    for found in find(VAGUE, sentence.own):
        yield Finding("P18", f"Vague word ({found.written}):", f"Better: {found.better}.")


def _has_short_words(sentence: Sentence) -> Iterator[Finding]:
    for word in words(sentence.own):
        longest = max(re.split(r"[-/.@]", word), key=syllables)
        if syllables(longest) >= LONG_WORD and not _known(word):
            text = f"Long word ({word}, {syllables(longest)} syllables):"
            yield Finding("P19", text, "Use a shorter word.")


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


def _has_no_letter_words(sentence: Sentence, whole: str) -> Iterator[Finding]:
    """Letter words may be used once they are explained in the `whole` text."""
    for found in find(INITIALS, sentence.own):
        if not _explained(found, whole):
            yield Finding("P7", f"Letter word ({found.written}):", f"Better: {found.better}.")
    known = {form.split("-")[0] for kind in (LETTERS, INITIALS, EXPLAIN) for form in listed(kind)}
    for word in LETTER_WORD.findall(sentence.own):
        if word.lower() not in known and not _explained(Match(word, "", word.lower()), whole):
            yield Finding("P7", f"Letter word ({word}):", "Write it out, or say what it is.")


# Paragraphs, terms, and the answer as a whole


def _check_paragraph(path: Path, piece: Piece) -> Iterator[Problem]:
    told = list(split(piece))
    if len(told) > SENTENCES_A_PARAGRAPH:
        text = f"{len(told)} sentences in a paragraph, at most {SENTENCES_A_PARAGRAPH}:"
        yield _problem(path, told[0], Finding("P13", text, "Put an empty line between."))
    if piece.step and told:
        yield from _check_step(path, told)


def _check_step(path: Path, told: Sequence[Sentence]) -> Iterator[Problem]:
    first = words(told[0].shown)[0]
    if first.lower() not in listed(VERB):
        text = f"A step begins with {first}, not with what to do:"
        yield _problem(path, told[0], Finding("P11", text, "Begin with a verb: Open, Tik, Typ."))
    actions = [sentence for sentence in told if words(sentence.shown)[0].lower() in listed(VERB)]
    if len(actions) > ACTIONS_A_STEP:
        text = f"{len(actions)} actions in a step, at most {ACTIONS_A_STEP}:"
        yield _problem(path, actions[ACTIONS_A_STEP], Finding("P11", text, "Make it a step of its own."))


def _check_terms(path: Path, told: Sequence[Sentence]) -> Iterator[Problem]:
    """Words that people meet on a screen: each is to be explained once, and few an answer."""
    whole = " ".join(sentence.written for sentence in told)
    first_uses: dict[str, tuple[Match, Sentence]] = {}
    for sentence in told:
        for found in find(EXPLAIN, sentence.own):
            first_uses.setdefault(found.entry, (found, sentence))
    for found, sentence in first_uses.values():
        if not _explained(found, whole):
            text, hint = f"Term that is not explained ({found.written}):", f"It is: {found.better}."
            yield _problem(path, sentence, Finding("P9", text, hint))
    if len(first_uses) > HARD_TERMS:
        text = f"{len(first_uses)} hard terms ({', '.join(first_uses)}), at most {HARD_TERMS}:"
        _, too_many = list(first_uses.values())[HARD_TERMS]
        yield _problem(path, too_many, Finding("P9", text, "Leave some out."))


def _explained(term: Match, whole: str) -> bool:
    """Such as: Updaten betekent: vernieuwen. Je gebruikersnaam: je naam voor het inloggen. (updaten)"""
    word = re.escape(term.written)
    after = rf"{word}(?: \w+)?: |{word}\W{{0,3}}(?:=|\(|is (?:een|je|de|het)\b|zijn\b|betekent\b)"
    before = rf"(?:heet|heten|noem|noemt|noemen)\b[^.]{{0,20}}{word}|\({word}\)"
    return bool(re.search(f"{after}|{before}", whole, re.IGNORECASE))


def _check_names(told: Iterable[tuple[Path, Sentence]]) -> Iterator[Problem]:
    """One thing has one name, wherever it is told."""
    names: dict[str, str] = {}
    for path, sentence in told:
        for found in find(SAME, sentence.own):
            thing, name = found.better, found.entry
            if names.setdefault(thing, name) != name:
                text = f"Another name ({found.written}) for what is {names[thing]} before:"
                yield _problem(path, sentence, Finding("P10", text, f"Better: {thing}, every time."))


def _check_mean(path: Path, told: Sequence[Sentence]) -> Iterator[Problem]:
    mean = sum(sentence.length for sentence in told) / (len(told) or 1)
    if mean > MEAN_WORDS_A_SENTENCE:
        text = f"{mean:.1f} words a sentence on average, at most {MEAN_WORDS_A_SENTENCE}. The longest:"
        yield _problem(path, max(told, key=_length), Finding("P2", text, "Make it shorter."))


def _check_whole(path: Path, pieces: Sequence[Piece], told: Sequence[Sentence], most_words: int) -> Iterator[Problem]:
    steps = [sentence for piece in pieces if piece.step for sentence in list(split(piece))[:1]]
    if len(steps) > STEPS:
        text = f"{len(steps)} steps, at most {STEPS}. One too many:"
        yield _problem(path, steps[STEPS], Finding("P14", text, "Make it two answers."))
    totals = list(accumulate(sentence.length for sentence in told))
    if totals and totals[-1] > most_words:
        text = f"{totals[-1]} words in all, at most {most_words}. Here it becomes too long:"
        too_long = next(sentence for sentence, total in zip(told, totals, strict=True) if total > most_words)
        yield _problem(path, too_long, Finding("P15", text, "Leave out what is needed least."))
    if totals and totals[-1] >= ENOUGH_WORDS_TO_SCORE and reading_ease(told) < EASY:
        text = f"Reading ease {reading_ease(told):.0f}, {EASY} or more is easy. It begins:"
        yield _problem(path, told[0], Finding("Flesch-Douma", text, "Use shorter words."))
    yield from _check_way_out(path, pieces, steps)


def _check_way_out(path: Path, pieces: Sequence[Piece], steps: Sequence[Sentence]) -> Iterator[Problem]:
    """After the steps it says what to do when they do not help."""
    if not steps:
        return
    last_step = max(number for number, piece in enumerate(pieces) if piece.step)
    if not any(WAY_OUT.search(piece.text) for piece in pieces[last_step + 1 :]):
        hint = "End with: Lukt het niet? Bel {helpdesk}."
        yield _problem(path, steps[-1], Finding("P20", "No way out after the last step:", hint))


def _length(sentence: Sentence) -> int:
    return sentence.length
