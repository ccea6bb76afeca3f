"""A text as a sparse vector: letter groups of its sound, its words, and what the words mean."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.search.folding import fold, plain
from bot.search.meanings import meanings_of

Keys = NDArray[np.uint64]
Numbers = NDArray[np.float32]
Places = NDArray[np.int32]

LETTER_GROUPS = (2, 3, 4)
# How much each kind of feature says, as the length of its part of the vector.
WEIGHTS = (0.5, 0.5, 0.3, 1.0)  # letters, words, pairs of words, meanings
# Letter groups fill at most four 16-bit places, so the highest values are free for the other kinds.
_WORD, _PAIR, _MEANING = (np.uint64(mark << 48) for mark in (0xFFFF, 0xFFFE, 0xFFFD))


@dataclass(frozen=True)
class Vector:
    """The places that are not nought, and what stands there. Length one, or empty."""

    places: Places
    values: Numbers
    unknown: float = 1.0
    """The share of its four-letter groups never seen while learning, 0 to 1."""


@dataclass(frozen=True)
class Parts:
    """What a text holds of every kind: distinct keys and how often. The same whatever was learnt."""

    kinds: tuple[tuple[Keys, Numbers], ...]

    @property
    def keys(self) -> Keys:
        return np.concatenate([keys for keys, _ in self.kinds])


@dataclass(frozen=True)
class Vocabulary:
    keys: Keys
    rarity: Numbers

    @classmethod
    def of(cls, texts: Sequence[Parts], fewest: int = 2) -> "Vocabulary":
        """What occurs in at least `fewest` of the texts."""
        keys, seen = np.unique(np.concatenate([text.keys for text in texts]), return_counts=True)
        often = seen >= fewest
        rarity = np.log((1 + len(texts)) / (1 + seen[often])) + 1
        return cls(keys[often], rarity.astype(np.float32))

    def vector(self, text: Parts) -> Vector:
        places, values = [], []
        for (keys, times), weight in zip(text.kinds, WEIGHTS, strict=True):
            place, known = self._find(keys)
            place = place[known]
            value = times[known] * self.rarity[place]
            length = float(np.sqrt(value @ value))
            if length:
                places.append(place)
                values.append(value * np.float32(weight / length))
        if not places:
            return Vector(np.empty(0, np.int32), np.empty(0, np.float32))
        value = np.concatenate(values)
        value /= np.float32(np.sqrt(value @ value))
        return Vector(np.concatenate(places).astype(np.int32), value, self._unknown(text.kinds[0][0]))

    def _find(self, keys: Keys) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        if not len(self.keys):
            return np.zeros(len(keys), np.intp), np.zeros(len(keys), np.bool_)
        place = np.searchsorted(self.keys, keys)
        place[place == len(self.keys)] = 0
        return place, self.keys[place] == keys

    def _unknown(self, letters: Keys) -> float:
        four = letters[letters >> np.uint64(48) != 0]
        return 1.0 - float(self._find(four)[1].mean()) if len(four) else 1.0


def parts(text: str) -> Parts:
    folded = [fold(word) for word in plain(text).split()]
    pairs = [f"{first} {second}" for first, second in pairwise(folded)]
    return Parts(
        (
            _counted(_letter_groups(" " + " ".join(folded) + " ")),
            _counted(_named(_WORD, folded)),
            _counted(_named(_PAIR, pairs)),
            _counted(_named(_MEANING, meanings_of(folded))),
        )
    )


def _counted(keys: Keys) -> tuple[Keys, Numbers]:
    """Twice counts for more than once, but not for two."""
    distinct, times = np.unique(keys, return_counts=True)
    return distinct, (1 + np.log(times)).astype(np.float32)


def _letter_groups(text: str) -> Keys:
    codes = np.frombuffer(text.encode("utf-16-le"), np.uint16).astype(np.uint64)
    groups = []
    for size in LETTER_GROUPS:
        if len(codes) >= size:
            group = np.zeros(len(codes) - size + 1, np.uint64)
            for shift in range(size):
                group = (group << np.uint64(16)) | codes[shift : len(codes) - size + 1 + shift]
            groups.append(group)
    return np.concatenate(groups) if groups else np.empty(0, np.uint64)


def _named(kind: np.uint64, names: Sequence[str]) -> Keys:
    return np.array([zlib.crc32(name.encode()) for name in names], np.uint64) | kind
