"""Answers and tips: `content/<language>/<id>.md` and `content/tips/<language>/<id>.md`, one file each.

A file with a mistake never hides the others: the mistakes are collected, and what can be read is read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType

from bot.content.pages import EXAM, SAMPLES, Page, Written, read_page
from bot.content.problems import ContentError, Problem, hard, in_order
from bot.content.questions import FOLDER, Questions, read_questions
from conversations.world import Answer, Tip

DUTCH = "nl"
OUTSIDE = "niet-van-ons.md"
OWNERS = ("library", "employer", "both")

CATEGORIES = (
    "inloggen",
    "telefoon",
    "internet-apps",
    "dossier",
    "rooster-hr",
    "berichten",
    "veilig",
    "makkelijker",
    "overheid-client",
    "leren",
    "bot",
)

PLACEHOLDERS = frozenset(
    {
        "helpdesk",
        "roster_app",
        "record_app",
        "hours_app",
        "hr_app",
        "mail_app",
        "code_app",
        "sick_line",
        "hr_contact",
        "team",
        "coach",
        "library",
        "next_dropin",
        "learning_hours",
    }
)

ANSWER_KEYS = ("title", "category", "app", "owner", "neighbours", "checked")
INHERITED = ("category", "app", "owner", "neighbours")  # a translation takes these from the Dutch answer
TIP_KEYS = ("title", "answer", "checked")

KINDS = ("kort", "spelling", "omweg", "lang", "anders")
"""Of exam questions: a few words; misspelt; the thing not named; a long story; another way of speaking."""
KIND = re.compile(r"^\[(\w*)\]\s*")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
SENTENCE_START = re.compile(r"(?:^|[.!?…][*\"”’)]*\s+|\n)[*\"“‘(]*$")
LANGUAGE = re.compile(r"^[a-z]{2,3}$")
ID = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")

Lines = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class AnswerFile:
    """One answer as it was written, placeholders and all.

    `lead` and `after` are paragraphs with an empty line between. `lines` tells, for every key of the head
    and for "lead", "steps", "after", "samples" and "exam", at which line each of its pieces starts.
    """

    id: str
    language: str
    title: str
    category: str
    app: str
    owner: str
    neighbours: tuple[str, ...]
    checked: date | None
    lead: str
    steps: tuple[str, ...]
    after: str
    samples: tuple[str, ...]
    exam: tuple[str, ...]
    kinds: tuple[str, ...]
    """Of each exam question: one of KINDS, or empty."""
    path: Path
    lines: Lines = field(repr=False, compare=False)

    def told(self, facts: Mapping[str, str]) -> Answer:
        """The answer as a conversation gives it, with `facts` filled in."""
        return Answer(
            id=self.id,
            language=self.language,
            title=fill(self.title, facts, self.language),
            category=self.category,
            app=self.app,
            owner=self.owner,
            lead=fill(self.lead, facts, self.language),
            steps=tuple(fill(step, facts, self.language) for step in self.steps),
            after=fill(self.after, facts, self.language),
            neighbours=self.neighbours,
        )


@dataclass(frozen=True)
class TipFile:
    """`answer` is the id of the answer that tells more, or empty. `lines` has the head's keys and "text"."""

    id: str
    language: str
    title: str
    text: str
    answer: str
    checked: date | None
    path: Path
    lines: Lines = field(repr=False, compare=False)

    def told(self, facts: Mapping[str, str]) -> Tip:
        text = fill(self.text, facts, self.language)
        return Tip(self.id, self.language, fill(self.title, facts, self.language), text, self.answer)


def pieces(file: AnswerFile | TipFile, part: str) -> Iterator[Written]:
    """The paragraphs, steps or questions of a part, each with its line."""
    written = getattr(file, part)
    texts = written.split("\n\n") if isinstance(written, str) else written
    return map(Written, texts, file.lines.get(part, ()))


def line_of(file: AnswerFile | TipFile, part: str) -> int:
    return next(iter(file.lines.get(part, ())), 1)


@dataclass(frozen=True)
class Content:
    """Everything in the content folder. Answers and tips are found by (id, language).

    `questions` are more of how people ask; there may be two files of one answer.
    `outside` are questions that must find no answer; `outside_exam` too, and those the search never sees.
    `outside_page` is the file they stand in.
    """

    answers: Mapping[tuple[str, str], AnswerFile] = field(default_factory=dict)
    tips: Mapping[tuple[str, str], TipFile] = field(default_factory=dict)
    outside: tuple[str, ...] = ()
    outside_exam: tuple[str, ...] = ()
    questions: tuple[Questions, ...] = ()
    outside_page: Page = field(default_factory=lambda: Page(Path(OUTSIDE)), repr=False)
    problems: tuple[Problem, ...] = ()

    @property
    def good(self) -> bool:
        return not hard(self.problems)

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories that have an answer, in the order they are shown."""
        used = {answer.category for answer in self.answers.values()}
        return tuple(category for category in CATEGORIES if category in used)

    def in_language(self, language: str) -> tuple[AnswerFile, ...]:
        return tuple(answer for (_, spoken), answer in self.answers.items() if spoken == language)

    def answer_for(self, id: str, language: str) -> AnswerFile | None:
        """The answer in this language, or else in Dutch."""
        return self.answers.get((id, language)) or self.answers.get((id, DUTCH))

    def tip_for(self, id: str, language: str) -> TipFile | None:
        return self.tips.get((id, language)) or self.tips.get((id, DUTCH))


def load(folder: Path, strict: bool = False, more_questions: Path | None = None) -> Content:
    """Reads the folder, and questions from another folder too.

    Mistakes are in `problems`; `strict` raises ContentError when one of them is hard.
    """
    reading = Reading(folder, more_questions)
    answers = reading.answers()
    outside = reading.outside()
    content = Content(
        answers=MappingProxyType(answers),
        tips=MappingProxyType(reading.tips()),
        outside=tuple(question.text for question in outside.questions(SAMPLES)),
        outside_exam=tuple(question.text for question in outside.questions(EXAM)),
        questions=reading.questions(answers),
        outside_page=outside,
        problems=tuple(in_order(reading.problems)),
    )
    if strict and not content.good:
        raise ContentError(hard(content.problems))
    return content


def fill(text: str, facts: Mapping[str, str], language: str = DUTCH) -> str:
    """Puts facts in the place of `{placeholders}`. One without a fact becomes its own name."""

    def fact(found: re.Match[str]) -> str:
        phrase = facts.get(found[1]) or found[1].replace("_", " ")
        starts = SENTENCE_START.search(text[: found.start()])
        return _with_capital(phrase, language) if starts else phrase

    return PLACEHOLDER.sub(fact, text)


def _with_capital(phrase: str, language: str) -> str:
    """As at the start of a sentence. Names like iPhone stay as they are."""
    if phrase[1:2].isupper():
        return phrase
    if language == "tr" and phrase.startswith("i"):
        return "İ" + phrase[1:]
    if language == DUTCH and phrase.startswith("ij"):
        return "IJ" + phrase[2:]
    return phrase[:1].upper() + phrase[1:]


@dataclass
class Reading:
    """One go through the folder; `problems` grows as files are read."""

    folder: Path
    more_questions: Path | None = None
    problems: list[Problem] = field(default_factory=list)

    def answers(self) -> dict[tuple[str, str], AnswerFile]:
        found: dict[tuple[str, str], AnswerFile] = {}
        for language, path in _files(self.folder):
            page = self._page(path)
            answer = _answer(page, language, found.get((path.stem, DUTCH)))
            if answer:
                found[answer.id, language] = answer
            self.problems += page.problems
        if not found:
            hint = f"Put an answer in {self.folder / DUTCH}, or set the right content folder."
            self.problems.append(Problem(self.folder, 1, "There are no answers here.", hint))
        return found

    def tips(self) -> dict[tuple[str, str], TipFile]:
        found: dict[tuple[str, str], TipFile] = {}
        for language, path in _files(self.folder / "tips"):
            page = self._page(path)
            tip = _tip(page, language)
            if tip:
                found[tip.id, language] = tip
            self.problems += page.problems
        return found

    def questions(self, answers: Mapping[tuple[str, str], AnswerFile]) -> tuple[Questions, ...]:
        found = []
        known = {name for name, language in answers if language == DUTCH}
        for folder in (self.folder / FOLDER, self.more_questions):
            for path in sorted(folder.glob("*.txt")) if folder else ():
                questions, problems = read_questions(path)
                found.append(questions)
                self.problems += problems
                if path.stem not in known:
                    near = get_close_matches(path.stem, known, n=1)
                    hint = f"Did you mean {near[0]}.txt?" if near else f"Write {DUTCH}/{path.stem}.md too."
                    self.problems.append(Problem(path, 1, "There is no answer to these questions.", hint))
        return tuple(found)

    def outside(self) -> Page:
        path = self.folder / OUTSIDE
        if not path.exists():
            return Page(path)
        page = read_page(path)
        self.problems += page.problems
        return page

    def _page(self, path: Path) -> Page:
        page = read_page(path)
        if not ID.match(path.stem) or len(path.stem) > 40:
            page.wrong(1, f"The file name {path.name} can't be an id.", "Use a-z, 0-9 and -, at most 40 signs.")
        return page


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The Markdown files of each language, Dutch first."""
    languages = [sub.name for sub in folder.glob("*/") if LANGUAGE.match(sub.name)]
    for language in sorted(languages, key=lambda name: (name != DUTCH, name)):
        for path in sorted((folder / language).glob("*.md")):
            yield language, path


def _answer(page: Page, language: str, dutch: AnswerFile | None) -> AnswerFile | None:
    """Nothing when there is no title or no text to tell."""
    inherited = INHERITED if language != DUTCH and dutch else ()
    _check_keys(page, ANSWER_KEYS, optional=inherited)
    if not _tellable(page):
        return None
    for part in page.lead + page.steps + page.after:
        _check_placeholders(page, part)
    exam = [_with_kind(page, question) for question in page.questions(EXAM)]
    answer = AnswerFile(
        id=page.path.stem,
        language=language,
        title=_value(page, "title"),
        category=_one_of(page, "category", CATEGORIES),
        app=_value(page, "app"),
        owner=_one_of(page, "owner", OWNERS),
        neighbours=_names(_value(page, "neighbours")),
        checked=_day(page, "checked"),
        lead=_paragraphs(page.lead),
        steps=tuple(step.text for step in page.steps),
        after=_paragraphs(page.after),
        samples=tuple(question.text for question in page.questions(SAMPLES)),
        exam=tuple(question for _kind, question in exam),
        kinds=tuple(kind for kind, _question in exam),
        path=page.path,
        lines=_lines(page, lead=page.lead, steps=page.steps, after=page.after),
    )
    return _with_dutch_head(answer, page, dutch) if dutch else answer


def _with_dutch_head(answer: AnswerFile, page: Page, dutch: AnswerFile) -> AnswerFile:
    missing = {key: getattr(dutch, key) for key in INHERITED if key not in page.head}
    return replace(answer, **missing)


def _tip(page: Page, language: str) -> TipFile | None:
    _check_keys(page, TIP_KEYS)
    for section, line in page.section_lines.items():
        page.wrong(line, f"A tip has no part ## {section}.", "Remove it.")
    for step in page.steps:
        page.wrong(step.line, "A tip has no numbered steps.", "Write one or two short paragraphs.")
    if not _tellable(page):
        return None
    for part in page.lead:
        _check_placeholders(page, part)
    return TipFile(
        id=page.path.stem,
        language=language,
        title=_value(page, "title"),
        text=_paragraphs(page.lead),
        answer=_value(page, "answer"),
        checked=_day(page, "checked"),
        path=page.path,
        lines=_lines(page, text=page.lead),
    )


def _with_kind(page: Page, question: Written) -> tuple[str, str]:
    """The kind that stands before an exam question in brackets, and the question."""
    found = KIND.match(question.text)
    if found and found[1] not in KINDS:
        page.wrong(question.line, f"Unknown kind of question: [{found[1]}].", f"Use [{'], ['.join(KINDS)}], or none.")
    return (found[1], question.text[found.end() :]) if found else ("", question.text)


def _check_keys(page: Page, keys: Sequence[str], optional: Sequence[str] = ()) -> None:
    for key in keys:
        if key not in page.head and key not in optional:
            page.wrong(1, f"The head has no `{key}`.", f"Add a line `{key}: ...` to it.")
    for key, written in page.head.items():
        if key not in keys:
            near = get_close_matches(key, keys, n=1)
            hint = f"Did you mean `{near[0]}`?" if near else f"Use {', '.join(keys)}."
            page.wrong(written.line, f"The head has an unknown key `{key}`.", hint)


def _tellable(page: Page) -> bool:
    if not page.lead:
        page.wrong(1, "There is no text before the steps.", "Start with one reassuring line.")
    if "title" in page.head and not _value(page, "title"):
        page.wrong(page.head["title"].line, "The title is empty.", "Write a short title.")
    return bool(page.lead and _value(page, "title"))


def _check_placeholders(page: Page, part: Written) -> None:
    for number, text in enumerate(part.text.splitlines(), start=part.line):
        for name in PLACEHOLDER.findall(text):
            if name not in PLACEHOLDERS:
                page.wrong(number, f"Unknown placeholder {{{name}}}.", _nearest_placeholder(name))
        if re.search(r"[{}]", PLACEHOLDER.sub("", text)):
            page.wrong(number, "A { or } stands alone.", "Write placeholders like {helpdesk}, without spaces.")


def _nearest_placeholder(name: str) -> str:
    near = get_close_matches(name, PLACEHOLDERS, n=1)
    names = near or sorted(PLACEHOLDERS)
    return f"Use {', '.join('{' + known + '}' for known in names)}."


def _value(page: Page, key: str) -> str:
    return page.head[key].text if key in page.head else ""


def _one_of(page: Page, key: str, known: Sequence[str]) -> str:
    written = page.head.get(key)
    if written and written.text not in known:
        near = get_close_matches(written.text, known, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Use one of: {', '.join(known)}."
        page.wrong(written.line, f"Unknown {key}: {written.text or '(empty)'}.", hint)
    return written.text if written else ""


def _day(page: Page, key: str) -> date | None:
    written = page.head.get(key)
    if not written:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", written.text):
            return date.fromisoformat(written.text)
    except ValueError:
        pass  # a day that is not on the calendar gets the same advice
    page.wrong(written.line, f"`{key}` is no date: {written.text or '(empty)'}.", "Write it like 2026-11-22.")
    return None


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _paragraphs(parts: Iterable[Written]) -> str:
    return "\n\n".join(part.text for part in parts)


def _lines(page: Page, **parts: Sequence[Written]) -> Lines:
    named = {**parts, "samples": page.questions(SAMPLES), "exam": page.questions(EXAM)}
    lines = {name: tuple(part.line for part in pieces) for name, pieces in named.items()}
    return MappingProxyType({key: (written.line,) for key, written in page.head.items()} | lines)
