"""What was learnt: from a message to how likely each topic is."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bot.search.classifier import Machines
from bot.search.clauses import without_small_talk
from bot.search.embedding import embedder
from bot.search.features import Numbers, Vector, Vocabulary, parts

Doubles = NDArray[np.float64]

EVIDENCE = 7
"""How many numbers the bands decide on."""


@dataclass(frozen=True)
class Weighed:
    """Scores and log chances of every topic, and last of "none of these"."""

    scores: Doubles
    log_chances: Doubles
    unknown: float
    words: int

    @cached_property
    def order(self) -> NDArray[np.intp]:
        return np.argsort(-self.log_chances[:-1], kind="stable")

    @property
    def evidence(self) -> Doubles:
        """What the bands decide on; the log chance of the first topic comes first."""
        order = self.order
        first, second = order[0], order[min(1, len(order) - 1)]
        outside = float(self.log_chances[-1])
        return np.array(
            [
                self.log_chances[first],
                self.log_chances[first] - self.log_chances[second],
                self.scores[first],
                self.unknown,
                np.log(np.exp(self.log_chances[order[:4]]).sum()),
                max(outside, -12.0),
                np.log1p(self.words),
            ]
        )


@dataclass(frozen=True)
class Sense:
    """What the embedding says of every topic."""

    middle: Numbers
    weights: Numbers  # its width x classes
    bias: Numbers

    def scores(self, embedded: Numbers) -> Doubles:
        return np.asarray(centred(embedded, self.middle) @ self.weights + self.bias, np.float64)


def centred(embedded: Numbers, middle: Numbers) -> Numbers:
    """All texts look alike to the model: what they share is taken off, and what is left gets length one."""
    apart = embedded - middle
    return np.asarray(apart / np.maximum(np.linalg.norm(apart, axis=-1, keepdims=True), 1e-6), np.float32)


@dataclass(frozen=True)
class Model:
    """`share` is how much the sense counts beside the words; `sharpness` makes chances of their scores."""

    vocabulary: Vocabulary
    words: Machines
    sense: Sense | None = None
    share: float = 0.0
    sharpness: float = 1.0

    def weigh(self, message: str, with_sense: bool = True) -> Weighed:
        told = without_small_talk(message)
        vector = self.vocabulary.vector(parts(told))
        scores = self.words.scores(vector)
        embed = embedder() if self.sense and with_sense else None
        if self.sense and embed:
            scores = scores + self.share * self.sense.scores(embed(told))
        return self.weighed(scores, vector.unknown, len(told.split()))

    def weighed(self, scores: Doubles, unknown: float, words: int) -> Weighed:
        return Weighed(scores, normal(self.sharpness * scores), unknown, words)

    def vector(self, text: str) -> Vector:
        return self.vocabulary.vector(parts(text))


def normal(scores: Doubles) -> Doubles:
    """Log chances that add up to one; a row each."""
    above = scores - scores.max(axis=-1, keepdims=True)
    return np.asarray(above - np.log(np.exp(above).sum(axis=-1, keepdims=True)))
