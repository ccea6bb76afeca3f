"""What was learnt: from a message to how likely each topic is, and from topics and samples to a model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.search.bands import Bands
from bot.search.classifier import Nearest, Regression, train
from bot.search.clauses import clauses, without_small_talk
from bot.search.features import Parts, Vocabulary, parts
from bot.search.finding import Topic
from bot.search.noise import misspelt

Doubles = NDArray[np.float64]

NEAREST_COUNTS = 2.0
WHOLE_COUNTS = 0.6
"""In a message of several clauses: the whole against the clauses taken one by one."""
COPIES, FOLDS = 2, 2
COPIES_WHEN_CHECKING = 1
MOST_CLAUSES = 12
TEXT_COUNTS = 0.4
_LINE_END = re.compile(r"(?<=[.!?])\s+|\n")
EVIDENCE = 7
"""How many numbers the bands decide on."""


@dataclass(frozen=True)
class Weighed:
    """Log chances of every topic, and last of "none of these"; likenesses to the nearest sample of each topic."""

    log_chances: Doubles
    likeness: Doubles
    nearest: NDArray[np.intp]
    unknown: float
    words: int
    apart: tuple["Weighed", ...] = ()

    @property
    def order(self) -> NDArray[np.intp]:
        return np.argsort(-self.log_chances[:-1], kind="stable")

    @property
    def evidence(self) -> Doubles:
        """What the bands decide on; the log chance of the first topic comes first."""
        order = self.order
        first = float(self.log_chances[order[0]])
        second = float(self.log_chances[order[1]]) if len(order) > 1 else -20.0
        likeness = float(self.likeness[order[0]])
        four = float(np.exp(self.log_chances[order[:4]]).sum())
        outside = float(self.log_chances[-1])
        return np.array(
            [first, first - second, likeness, self.unknown, np.log(four), max(outside, -12.0), np.log1p(self.words)]
        )


@dataclass(frozen=True)
class Model:
    vocabulary: Vocabulary
    regression: Regression
    nearest: Nearest
    owners: NDArray[np.intp]
    """The topic of each sample; the number of topics for a question from outside."""

    @classmethod
    def of_nothing(cls) -> "Model":
        keys, places, numbers = np.empty(0, np.uint64), np.empty(0, np.int32), np.empty(0, np.float32)
        regression = Regression(np.empty((0, 1), np.float32), np.zeros(1, np.float32))
        return cls(
            Vocabulary(keys, numbers),
            regression,
            Nearest(np.zeros(1, np.int64), places, numbers, 0),
            np.empty(0, np.intp),
        )

    def weigh(self, message: str) -> Weighed:
        """The whole message and its clauses together; the clauses are in `apart`."""
        whole = self._weigh_one(without_small_talk(message))
        told = clauses(message)[:MOST_CLAUSES]
        if len(told) < 2:
            return whole
        apart = tuple(self._weigh_one(clause) for clause in told)
        together = np.log(np.exp([clause.log_chances for clause in apart]).mean(axis=0) + 1e-9)
        mixed = normal(WHOLE_COUNTS * whole.log_chances + (1 - WHOLE_COUNTS) * together)
        return replace(whole, log_chances=mixed, apart=apart)

    def _weigh_one(self, text: str) -> Weighed:
        vector = self.vocabulary.vector(parts(text))
        alike = self.nearest.likeness(vector)
        classes = len(self.regression.bias)
        likeness, nearest = np.zeros(classes), np.full(classes, -1)
        upwards = np.argsort(alike, kind="stable")
        likeness[self.owners[upwards]] = alike[upwards]
        nearest[self.owners[upwards]] = upwards
        chances = normal(self.regression.log_chances(vector) + NEAREST_COUNTS * likeness)
        return Weighed(chances, likeness, nearest, vector.unknown, len(text.split()))


def normal(scores: Doubles) -> Doubles:
    top = scores.max()
    return np.asarray(scores - top - np.log(np.exp(scores - top).sum()))


@dataclass(frozen=True)
class _Line:
    """One thing to learn from: its parts, whose it is, how much it counts."""

    parts: Parts
    owner: int
    counts: float


@dataclass(frozen=True)
class _Question:
    text: str
    owner: int
    line: _Line
    copies: tuple[_Line, ...]


def learn(topics: Sequence[Topic], outside: Sequence[str]) -> tuple[Model, Bands]:
    if not topics:
        return Model.of_nothing(), Bands.careful(EVIDENCE)
    background = [line for owner, topic in enumerate(topics) for line in _background(topic, owner)]
    questions = _questions(topics, outside)
    return _fit(questions, background, len(topics)), _bands(questions, background, len(topics))


def sample_texts(topics: Sequence[Topic], outside: Sequence[str]) -> list[tuple[str, int]]:
    """Every question learnt from, with the place of its topic; in the order of `Model.owners`."""
    told = [(sample, owner) for owner, topic in enumerate(topics) for sample in (*topic.samples, topic.title)]
    return told + [(question, len(topics)) for question in outside]


def _questions(topics: Sequence[Topic], outside: Sequence[str]) -> list[_Question]:
    return [
        _Question(
            text,
            owner,
            _Line(parts(text), owner, 1.0),
            tuple(_Line(parts(misspelt(text, copy)), owner, 1.0) for copy in range(COPIES)),
        )
        for text, owner in sample_texts(topics, outside)
    ]


def _background(topic: Topic, owner: int) -> list[_Line]:
    told = [line.strip() for line in _LINE_END.split(topic.text.replace("*", ""))]
    return [_Line(parts(line), owner, TEXT_COUNTS) for line in told if len(line) > 3]


def _fit(questions: Sequence[_Question], background: Sequence[_Line], topics: int, copies: int = COPIES) -> Model:
    lines = [question.line for question in questions]
    learnt = [*lines, *(copy for question in questions for copy in question.copies[:copies]), *background]
    vocabulary = Vocabulary.of([line.parts for line in learnt])
    vectors = [vocabulary.vector(line.parts) for line in learnt]
    labels = np.array([line.owner for line in learnt], np.intp)
    counts = np.array([line.counts for line in learnt], np.float32)
    regression = train(vectors, labels, _balanced(labels, counts), len(vocabulary.keys), topics + 1)
    nearest = Nearest.of(vectors[: len(lines)], len(vocabulary.keys))
    return Model(vocabulary, regression, nearest, labels[: len(lines)])


def _balanced(labels: NDArray[np.intp], counts: NDArray[np.float32]) -> NDArray[np.float32]:
    """Every topic counts as much as another, however many samples it has."""
    totals = np.bincount(labels, weights=counts)
    return np.asarray(counts * totals[totals > 0].mean() / totals[labels], np.float32)


def _bands(questions: Sequence[_Question], background: Sequence[_Line], topics: int) -> Bands:
    """Fitted on every question as it looks to a model that has not seen it."""
    evidence, places = [], []
    for fold in range(FOLDS):
        held_out = [question for at, question in enumerate(questions) if at % FOLDS == fold]
        seen = [question for at, question in enumerate(questions) if at % FOLDS != fold]
        if not held_out or not seen:
            continue
        model = _fit(seen, background, topics, COPIES_WHEN_CHECKING)
        for question in held_out:
            weighed = model.weigh(question.text)
            evidence.append(weighed.evidence)
            places.append(_place(weighed, question.owner))
    place = np.array(places, np.intp)
    return Bands.fit(np.array(evidence).reshape(-1, EVIDENCE), place == 0, (place >= 0) & (place < 4), place < 0)


def _place(weighed: Weighed, owner: int) -> int:
    """How far down the right topic is; -1 for a question from outside."""
    found = np.flatnonzero(weighed.order == owner)
    return int(found[0]) if len(found) else -1
