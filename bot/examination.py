"""How well questions find their answer: those nobody learns from (the exam), and the samples held out in turn."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.content.answers import DUTCH, Content
from bot.content.proof import Proof
from bot.search import Finding, Search
from bot.search.learning import OFF_TOPIC

KINDS = {
    "kort": "een paar woorden",
    "spelling": "met spelfouten",
    "omweg": "zonder het ding te noemen",
    "lang": "een lang verhaal",
    "anders": "anders gezegd",
}
WORSE, BETTER = 0.5, 1.0
"""Points. A little worse may be another processor's rounding; what is this much better has to be written down."""
FOUND_WITHIN, MISSED_BEYOND = 3, 5
"""Places. Between the two a question may come and go without anybody having to do something."""


@dataclass(frozen=True)
class Asked:
    """`topic` is the right one, empty for a question from outside; `kind` is one of KINDS, or empty."""

    question: str
    topic: str
    kind: str
    finding: Finding

    @property
    def found(self) -> str:
        return self.finding.topics[0].id if self.finding.topics else ""

    @property
    def place(self) -> int:
        """Of the right topic, from 1; 99 when it is not among those found."""
        ids = [scored.id for scored in self.finding.topics]
        return ids.index(self.topic) + 1 if self.topic in ids else 99

    @property
    def sure(self) -> bool:
        return self.finding.verdict == "answer"

    @property
    def helped(self) -> bool:
        return self.place == 1 if self.sure else self.topic in self.finding.choices

    @property
    def wrong(self) -> bool:
        """A wrong answer, given as if it were sure. From outside: any answer but that this is not for us."""
        return self.sure and self.found != (self.topic or OFF_TOPIC)


@dataclass(frozen=True)
class Result:
    """Of one list of questions."""

    asked: tuple[Asked, ...]

    @cached_property
    def inside(self) -> tuple[Asked, ...]:
        return tuple(one for one in self.asked if one.topic)

    @cached_property
    def outside(self) -> tuple[Asked, ...]:
        return tuple(one for one in self.asked if not one.topic)

    @property
    def figures(self) -> dict[str, float]:
        """In percent: of the questions, of the questions from outside."""
        return {
            "top_1": _percent(one.place == 1 for one in self.inside),
            "top_3": _percent(one.place <= 3 for one in self.inside),
            "helped": _percent(one.helped for one in self.inside),
            "sure": _percent(one.sure for one in self.inside),
            "wrong": _percent(one.wrong for one in self.inside),
            "false_answers": _percent(one.wrong for one in self.outside),
            "false_buttons": _percent(one.finding.verdict == "choice" for one in self.outside),
        }

    def by_kind(self) -> dict[str, "Result"]:
        return {kind: Result(tuple(one for one in self.inside if one.kind == kind)) for kind in self._kinds()}

    def by_topic(self) -> dict[str, "Result"]:
        """The worst first."""
        topics: dict[str, list[Asked]] = defaultdict(list)
        for one in self.inside:
            topics[one.topic].append(one)
        results = {topic: Result(tuple(asked)) for topic, asked in topics.items()}
        return dict(sorted(results.items(), key=lambda told: (told[1].figures["top_1"], told[0])))

    def confusions(self, most: int = 25) -> list[tuple[str, str, tuple[Asked, ...]]]:
        """Right topic, topic found, and the questions; the pairs that are confused most often first."""
        pairs: dict[tuple[str, str], list[Asked]] = defaultdict(list)
        for one in self.inside:
            if one.place != 1:
                pairs[one.topic, one.found].append(one)
        often = sorted(pairs.items(), key=lambda told: (-len(told[1]), told[0]))
        return [(right, found, tuple(asked)) for (right, found), asked in often[:most]]

    def _kinds(self) -> list[str]:
        counted = Counter(one.kind for one in self.inside if one.kind)
        return [kind for kind in KINDS if counted[kind]]


@dataclass(frozen=True)
class Examination:
    """`part` says whether the search had the extra digihulp[meaning]: its figures are kept apart."""

    part: str
    exam: Result
    samples: Result

    @property
    def proof(self) -> Proof:
        missed = [one.question for one in self.exam.inside if one.place > MISSED_BEYOND]
        figures = {"exam": self.exam.figures, "samples": self.samples.figures}
        return Proof(figures, tuple(sorted(missed)))

    def complaints(self, kept: Proof) -> list[str]:
        """What got worse than was kept, and what was kept and is no longer true."""
        if not kept.figures:
            return [f"There are no figures for {self.part!r} yet. Write them down with --renew."]
        told: list[str] = []
        for name, figures in self.proof.figures.items():
            for figure, now in figures.items():
                told += _compared(name, figure, kept.figures.get(name, {}).get(figure, now), now)
        places = {one.question: one.place for one in self.exam.inside}
        told += [
            f"missed, and not before: {one.question}"
            for one in self.exam.inside
            if one.place > MISSED_BEYOND and one.question not in kept.missed
        ]
        for question in kept.missed:
            if places.get(question, 0) <= FOUND_WITHIN:
                told.append(f"no longer missed, so take it from the list with --renew: {question}")
        return told


def examine(content: Content, search: Search) -> Examination:
    exam = [
        Asked(question, answer.id, kind, search.find(question))
        for answer in sorted(content.in_language(DUTCH), key=lambda answer: answer.id)
        for question, kind in zip(answer.exam, answer.kinds, strict=True)
    ]
    exam += [Asked(question, "", "", search.find(question)) for question in content.outside_exam]
    samples = [Asked(text, topic, "", finding) for text, topic, finding in search.held_out()]
    return Examination("meaning" if search.has_sense else "words", Result(tuple(exam)), Result(tuple(samples)))


LESS_IS_BETTER = frozenset({"wrong", "false_answers", "false_buttons"})
LOOSE = frozenset({"sure", "false_buttons"})
"""Told, but no promise: more sure is only better as long as it is right."""


def _compared(name: str, figure: str, before: float, now: float) -> Iterable[str]:
    gain = before - now if figure in LESS_IS_BETTER else now - before
    if figure in LOOSE:
        return []
    if gain < -WORSE - _one_question(figure):
        return [f"{name}: {figure} was {before:.1f} and is {now:.1f}"]
    if gain > BETTER + _one_question(figure):
        return [f"{name}: {figure} was {before:.1f} and is {now:.1f}: better; write it down with --renew"]
    return []


def _one_question(figure: str) -> float:
    """There are few questions from outside: one more or less is most of a point."""
    return 0.7 if figure == "false_answers" else 0.0


def _percent(flags: Iterable[bool]) -> float:
    told: Sequence[bool] = list(flags)
    return round(100 * sum(told) / len(told), 1) if told else 0.0
