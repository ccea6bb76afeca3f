"""Which topic a vector belongs to: a linear support vector machine for every topic against all others."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.search.features import Numbers, Rows, Vector

SLACK = 1.0
"""The C of the field's books: how dearly a question on the wrong side is paid for."""
ROUNDS = 5
SMALLEST_MOVE, SMALLEST_WEIGHT = 0.005, 0.02
"""What is less does not change what is found, and costs time and memory."""


@dataclass(frozen=True)
class Machines:
    """The weights that matter, by feature: those of feature `f` stand from `starts[f]` to `starts[f + 1]`."""

    starts: NDArray[np.int64]
    classes: NDArray[np.uint16]
    weights: NDArray[np.float16]
    bias: Numbers

    @classmethod
    def of(cls, weights: Numbers, bias: Numbers, smallest: float = SMALLEST_WEIGHT) -> "Machines":
        """From features x classes."""
        feature, place = np.nonzero(np.abs(weights) > smallest)
        starts = np.searchsorted(feature, np.arange(len(weights) + 1))
        return cls(starts, place.astype(np.uint16), weights[feature, place].astype(np.float16), bias)

    def scores(self, vector: Vector) -> NDArray[np.float64]:
        """One a class: above nought says yes, below says no."""
        first, last = self.starts[vector.places], self.starts[vector.places + 1]
        here = [slice(0, 0), *(slice(*ends) for ends in zip(first.tolist(), last.tolist(), strict=True))]
        classes = np.concatenate([self.classes[part] for part in here])
        weights = np.concatenate([self.weights[part] for part in here])
        products = weights * np.repeat(vector.values, last - first)
        return np.asarray(np.bincount(classes, products, len(self.bias)) + self.bias, np.float64)


def train(
    rows: Rows, labels: NDArray[np.intp], counts: Numbers, features: int, classes: int
) -> tuple[Numbers, Numbers]:
    """Weights (features x classes) and bias; `counts` is how much each row does.

    Dual coordinate descent for the squared hinge loss (Hsieh and others, ICML 2008), all classes at one row together.
    """
    weights, bias = np.zeros((features, classes), np.float32), np.zeros(classes, np.float32)
    held = np.zeros((len(rows), classes), np.float32)
    softness = np.asarray(1 / (2 * SLACK * counts), np.float32)
    order = np.random.default_rng(0)
    for _ in range(ROUNDS):
        for row in order.permutation(len(rows)):
            vector, own, before = rows[row], labels[row], held[row]
            scores = vector.values @ weights[vector.places] + bias
            scores[own] = -scores[own]
            bend = vector.values @ vector.values + 1 + softness[row]
            moved = np.maximum(before + (1 + scores - softness[row] * before) / bend, 0) - before
            here = np.flatnonzero(np.abs(moved) > SMALLEST_MOVE)
            if not len(here):
                continue
            held[row, here] += moved[here]
            moved[own] = -moved[own]
            weights[vector.places[:, None], here] -= vector.values[:, None] * moved[here]
            bias[here] -= moved[here]
    return weights, bias


def centres(rows: Rows, labels: NDArray[np.intp], features: int, classes: int) -> Machines:
    """For so many topics that machines would take hours: the mean of each topic's questions."""
    counted = np.bincount(labels, minlength=classes)
    sizes = np.diff(rows.starts)
    owners = np.repeat(labels, sizes)
    key, place = np.unique(rows.places.astype(np.int64) * classes + owners, return_inverse=True)
    summed = np.bincount(place, rows.values)
    owner = key % classes
    mean = summed / counted[owner]
    length = np.sqrt(np.bincount(owner, mean * mean, classes))
    starts = np.searchsorted(key // classes, np.arange(features + 1))
    weights = (mean / length[owner]).astype(np.float16)
    return Machines(starts, owner.astype(np.uint16), weights, np.zeros(classes, np.float32))
