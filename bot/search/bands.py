"""From scores to a promise: sure enough to answer, near enough to ask back, or unknown.

Two logistic curves, fitted on questions the model had not seen: the chance that the first topic is right, and the
chance that the right one is among the first four. The thresholds are then read off the same questions.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Verdict: TypeAlias = Literal["answer", "choice", "unknown"]
Doubles = NDArray[np.float64]
Flags = NDArray[np.bool_]

RIGHT_WHEN_SURE = 0.9
"""Of the answers given at once, this share has to be right (outside questions count as wrong). Told by a model that
has seen half of the samples, on questions chosen to be unlike each other: on the exam it comes to more than 0.96."""
FALSE_ANSWERS = 0.03
"""At most this share of outside questions may get an answer at once; on the exam it comes to up to twice as much."""
HELPED_LOST = 0.04
"""At most this share of the questions that buttons would help may hear "I don't know" instead."""
MOST_CHOICES, FEWEST_CHOICES = 4, 2
ENOUGH_TOGETHER = 0.97
"""No more buttons once the shown topics are this likely together."""
UNKNOWN = 3
"""Where the evidence holds the share of a question that was never seen."""
STRANGE = 0.6
"""With more never seen than this, one known word in another language, say, is a reason to ask, not to answer."""
FEWEST = 60
"""With fewer questions to learn from, the thresholds stay careful."""


@dataclass(frozen=True)
class Bands:
    first: Doubles
    among: Doubles
    sure: float
    near: float

    def verdict(self, evidence: Doubles, log_chances: Doubles) -> tuple[Verdict, int]:
        """What to do, and how many of the best topics to show; `log_chances` are those of the best, in order."""
        if self.first_is_right(evidence) >= self.sure and evidence[UNKNOWN] <= STRANGE:
            return "answer", 1
        if len(log_chances) >= FEWEST_CHOICES and self.right_is_among(evidence) >= self.near:
            enough = int(np.searchsorted(np.cumsum(np.exp(log_chances[:MOST_CHOICES])), ENOUGH_TOGETHER)) + 1
            return "choice", min(max(enough, FEWEST_CHOICES), MOST_CHOICES, len(log_chances))
        return "unknown", 0

    def first_is_right(self, evidence: Doubles) -> float:
        return float(_chance(self.first, evidence[None])[0])

    def right_is_among(self, evidence: Doubles) -> float:
        return float(_chance(self.among, evidence[None])[0])

    @classmethod
    def fit(cls, evidence: Doubles, first: Flags, among: Flags, outside: Flags) -> "Bands":
        """One row of evidence a question; `outside` ones are right nowhere."""
        if len(evidence) < FEWEST or not first.any() or first.all():
            return cls.careful(evidence.shape[1])
        curves = _logistic(evidence, first), _logistic(evidence, among)
        sure = _sure_from(_chance(curves[0], evidence), first, outside)
        helped = _chance(curves[1], evidence)[among]
        return cls(*curves, sure, float(np.quantile(helped, HELPED_LOST)))

    @classmethod
    def careful(cls, width: int) -> "Bands":
        """The first column is the log chance of the first topic: believe it, and be sure from 0.9 on."""
        slope = np.zeros(width + 1)
        slope[0], slope[-1] = 4.0, 2.0
        return cls(slope, slope, 0.83, 0.02)


def _sure_from(chance: Doubles, right: Flags, outside: Flags) -> float:
    """The lowest chance from which on enough is right."""
    order = np.argsort(-chance)
    share_right = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    false = np.cumsum(outside[order]) / max(int(outside.sum()), 1)
    good = np.flatnonzero((share_right >= RIGHT_WHEN_SURE) & (false <= FALSE_ANSWERS))
    return max(float(chance[order[good[-1]]]), 0.5) if len(good) else 0.95


def _chance(curve: Doubles, evidence: Doubles) -> Doubles:
    return np.asarray(1 / (1 + np.exp(-np.clip(_with_one(evidence) @ curve, -30, 30))))


def _with_one(evidence: Doubles) -> Doubles:
    return np.hstack([evidence, np.ones((len(evidence), 1))])


def _logistic(evidence: Doubles, truth: Flags, rounds: int = 25, restraint: float = 1.0) -> Doubles:
    """Newton's method on a few columns; the restraint keeps it finite when the two kinds do not overlap."""
    rows = _with_one(evidence)
    scale = np.append(np.maximum(rows[:, :-1].std(axis=0), 1e-6), 1.0)
    rows = rows / scale
    curve = np.zeros(rows.shape[1])
    for _ in range(rounds):
        chance = 1 / (1 + np.exp(-np.clip(rows @ curve, -30, 30)))
        slope = rows.T @ (chance - truth) + restraint * curve
        bend = (rows * (chance * (1 - chance))[:, None]).T @ rows + restraint * np.eye(len(curve))
        curve = curve - np.linalg.solve(bend, slope)
    return np.asarray(curve / scale)
