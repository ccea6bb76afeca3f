"""Which topic a vector belongs to: multinomial logistic regression, and the nearest sample question."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.search.features import Numbers, Places, Vector

STEP, ROUNDS = 0.4, 4


@dataclass(frozen=True)
class Regression:
    weights: Numbers  # features x classes
    bias: Numbers

    def log_chances(self, vector: Vector) -> NDArray[np.float64]:
        scores = (self.bias + vector.values @ self.weights[vector.places]).astype(np.float64)
        scores -= scores.max()
        return np.asarray(scores - np.log(np.exp(scores).sum()))


def train(
    vectors: Sequence[Vector],
    labels: NDArray[np.intp],
    importance: Numbers,
    features: int,
    classes: int,
    seed: int = 0,
) -> Regression:
    """AdaGrad, one vector at a time in a seeded order: with sparse vectors a few rounds are enough."""
    weights = np.zeros((features, classes), np.float32)
    bias = np.zeros(classes, np.float32)
    moved = np.full(features, 1e-3, np.float32)
    order = np.random.default_rng(seed)
    for _ in range(ROUNDS):
        for row in order.permutation(len(vectors)):
            vector, label = vectors[row], labels[row]
            here = weights[vector.places]
            scores = vector.values @ here + bias
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            chances[label] -= 1
            chances *= importance[row]
            moved[vector.places] += vector.values * vector.values * (chances @ chances)
            steps = np.float32(STEP) * vector.values / np.sqrt(moved[vector.places])
            weights[vector.places] = here - steps[:, None] * chances
            bias -= np.float32(0.02) * chances
    return Regression(weights, bias)


@dataclass(frozen=True)
class Nearest:
    """All sample vectors, turned over: for every feature the samples that have it."""

    starts: NDArray[np.int64]
    samples: Places
    values: Numbers
    count: int

    @classmethod
    def of(cls, vectors: Sequence[Vector], features: int) -> "Nearest":
        sample = np.repeat(np.arange(len(vectors), dtype=np.int32), [len(vector.places) for vector in vectors])
        place = np.concatenate([vector.places for vector in vectors])
        value = np.concatenate([vector.values for vector in vectors])
        order = np.argsort(place, kind="stable")
        starts = np.searchsorted(place[order], np.arange(features + 1))
        return cls(starts, sample[order], value[order], len(vectors))

    def likeness(self, vector: Vector) -> NDArray[np.float64]:
        """The cosine with every sample."""
        first = self.starts[vector.places]
        sizes = self.starts[vector.places + 1] - first
        before = np.cumsum(sizes) - sizes
        entries = np.repeat(first - before, sizes) + np.arange(sizes.sum())
        products = self.values[entries] * np.repeat(vector.values, sizes)
        return np.bincount(self.samples[entries], products, self.count).astype(np.float64)
