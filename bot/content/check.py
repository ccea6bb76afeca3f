"""Looks over everything that people wrote: what is wrong, and what is hard to read."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path

from bot.content import plain
from bot.content.answers import DUTCH, PLACEHOLDER, PLACEHOLDERS, AnswerFile, Content, TipFile, line_of, pieces
from bot.content.organisations import Organisations
from bot.content.pages import EXAM, SAMPLES, Written
from bot.content.phrases import Phrase
from bot.content.problems import Problem, in_order
from bot.content.sentences import Piece

LONGEST_TITLE = 40
FEWEST_SAMPLES = 12
FEWEST_EXAM_QUESTIONS = 3


def check(content: Content, organisations: Organisations | None = None, today: date | None = None) -> list[Problem]:
    """Every problem, in the order of the files. `today` is what a date of review may not be after."""
    problems = list(content.problems)
    problems += _check_days(content, today or datetime.now(UTC).date())
    problems += _check_titles(content)
    problems += _check_questions(content)
    for answer in content.answers.values():
        problems += _check_answer(content, answer)
    for tip in content.tips.values():
        problems += _check_tip(content, tip)
    if organisations:
        problems += _check_remarks(organisations)
    return in_order(problems)


def check_phrases(phrases: Sequence[Phrase]) -> list[Problem]:
    """What is wrong with the bot's own phrases. An untranslated one is said in English."""
    problems = [problem for phrase in phrases for problem in _check_phrase(phrase)]
    told = [(phrase.path, phrase.line, phrase.dutch) for phrase in phrases]
    return in_order([*problems, *plain.check_phrases(told)])


def _check_phrase(phrase: Phrase) -> Iterator[Problem]:
    if not phrase.dutch:
        text = "This phrase has no Dutch."
        yield Problem(phrase.path, phrase.line, text, "Write it between the quotes.", sentence=phrase.english[0])
        return
    wanted, used = set(PLACEHOLDER.findall(phrase.english[-1])), set(PLACEHOLDER.findall(phrase.dutch))
    for name in sorted(used - wanted):
        text = f"Unknown placeholder {{{name}}}:"
        yield Problem(phrase.path, phrase.line, text, _nearest_of(name, wanted), sentence=phrase.dutch)
    for name in sorted(wanted - used - {"count"}):  # "one" may be said without its number
        text = f"The placeholder {{{name}}} is missing:"
        yield Problem(phrase.path, phrase.line, text, f"Write {{{name}}} where it belongs.", sentence=phrase.dutch)


def _nearest_of(name: str, known: Iterable[str]) -> str:
    names = get_close_matches(name, list(known), n=1) or sorted(known)
    return f"Use {', '.join('{' + other + '}' for other in names)}." if names else "Leave it out."


def _check_days(content: Content, today: date) -> Iterator[Problem]:
    tomorrow = today + timedelta(days=1)  # it may be tomorrow already where the writer is
    files: list[AnswerFile | TipFile] = [*content.answers.values(), *content.tips.values()]
    for file in files:
        if file.checked and file.checked > tomorrow:
            text = f"Reviewed in the future: {file.checked}."
            yield Problem(file.path, line_of(file, "checked"), text, "Write the day that somebody looked at it.")


def _check_answer(content: Content, answer: AnswerFile) -> Iterator[Problem]:
    yield from _check_title(answer)
    yield from _check_neighbours(content, answer)
    if answer.language == DUTCH:
        yield from _check_numbers(answer)
        yield from plain.check_answer(answer.path, _told(answer, "lead", "steps", "after"))
    elif (answer.id, DUTCH) not in content.answers:
        hint = f"Write {DUTCH}/{answer.id}.md too, or give this file the name of a Dutch one."
        yield Problem(answer.path, 1, "There is no Dutch answer with this name.", hint)


def _check_tip(content: Content, tip: TipFile) -> Iterator[Problem]:
    yield from _check_title(tip)
    known = {name for name, _ in content.answers}
    if tip.answer and tip.answer not in known:
        text = f"There is no answer {tip.answer}."
        yield Problem(tip.path, line_of(tip, "answer"), text, _nearest(tip.answer, known))
    if tip.language == DUTCH:
        yield from plain.check_answer(tip.path, _told(tip, "text"), plain.WORDS_A_TIP)


def _told(file: AnswerFile | TipFile, *parts: str) -> list[Piece]:
    return [
        Piece(text, line, part == "steps") for part in parts if getattr(file, part) for text, line in pieces(file, part)
    ]


def _check_title(file: AnswerFile | TipFile) -> Iterator[Problem]:
    line = line_of(file, "title")
    if len(file.title) > LONGEST_TITLE:
        text = f"The title has {len(file.title)} signs, at most {LONGEST_TITLE}: it is a button too."
        yield Problem(file.path, line, text, "Make it shorter.", sentence=file.title)
    for name in PLACEHOLDER.findall(file.title):
        if name not in PLACEHOLDERS:
            yield Problem(file.path, line, f"Unknown placeholder {{{name}}}.", _nearest_of(name, PLACEHOLDERS))
    if file.language == DUTCH:
        yield from plain.check_phrases([(file.path, line, file.title)])


def _check_titles(content: Content) -> Iterator[Problem]:
    """Two answers with one title would be two buttons that nobody can tell apart."""
    seen: dict[tuple[str, str], Path] = {}
    for answer in content.answers.values():
        first = seen.setdefault((answer.language, _folded(answer.title)), answer.path)
        if first != answer.path:
            text = f"{first.name} has this title too:"
            hint = "Say what is different."
            yield Problem(answer.path, line_of(answer, "title"), text, hint, sentence=answer.title)


def _check_numbers(answer: AnswerFile) -> Iterator[Problem]:
    for part, heading, found, fewest in (
        ("samples", SAMPLES, len(answer.samples), FEWEST_SAMPLES),
        ("exam", EXAM, len(answer.exam), FEWEST_EXAM_QUESTIONS),
    ):
        if found < fewest:
            text = f"{found} questions under ## {heading}, at least {fewest}."
            yield Problem(answer.path, line_of(answer, part), text, "Add some, in words of other people.")


def _check_neighbours(content: Content, answer: AnswerFile) -> Iterator[Problem]:
    line = line_of(answer, "neighbours")
    known = {name for name, _ in content.answers}
    for name in answer.neighbours:
        other = content.answer_for(name, DUTCH)
        if name == answer.id:
            yield Problem(answer.path, line, "This answer is its own neighbour.", "Remove it from neighbours.")
        elif name not in known:
            yield Problem(answer.path, line, f"Unknown neighbour {name}.", _nearest(name, known))
        elif answer.language == DUTCH and other and answer.id not in other.neighbours:
            hint = f"Add {answer.id} to the neighbours of {name}, or leave it out here."
            yield Problem(answer.path, line, f"{name} has no way back to here.", hint, hard=False)


def _nearest(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f"Did you mean {near[0]}?" if near else "Use the name of a file, without .md."


def _check_questions(content: Content) -> Iterator[Problem]:
    """The same question may stand in one place only, or the search can't know what is meant."""
    seen: dict[tuple[str, str], tuple[Path, Written]] = {}
    for language, path, question in _questions(content):
        key = (language, _folded(question.text))
        if key in seen:
            first, earlier = seen[key]
            text = f"This question stands in {first.name}, line {earlier.line}, too: {question.text}"
            yield Problem(path, question.line, text, "Keep it in one place.")
        else:
            seen[key] = (path, question)


def _questions(content: Content) -> Iterator[tuple[str, Path, Written]]:
    for answer in content.answers.values():
        for part in ("samples", "exam"):
            for question in pieces(answer, part):
                yield answer.language, answer.path, question
    for questions in content.questions:
        for question in questions.asked:
            yield DUTCH, questions.path, question
    for section in (SAMPLES, EXAM):
        for question in content.outside_page.questions(section):
            yield DUTCH, content.outside_page.path, question


def _folded(question: str) -> str:
    folded = " ".join(re.findall(r"\w+", question.casefold()))
    return folded or question  # signs only, such as a thumb


def _check_remarks(organisations: Organisations) -> list[Problem]:
    """What people get to read about a drop-in."""
    remarks = [(organisations.path, slot.line, slot.remark) for slot in organisations.schedule if slot.remark]
    return plain.check_phrases(remarks)
