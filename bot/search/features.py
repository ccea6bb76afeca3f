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
WEIGHTS = (1.0, 1.0, 0.63, 0.5)  # letters, words, pairs of words, meanings
# Letter groups fill at most four 16-bit places, so the highest values are free for the other kinds.
_WORD, _PAIR, _MEANING = (np.uint64(mark << 48) for mark in (0xFFFF, 0xFFFE, 0xFFFD))


@dataclass(frozen=True)
class Vector:
    """The places that are not nought, and what stands there."""

    places: Places
    values: Numbers
    unknown: float = 1.0
    """The share of its four-letter groups never seen while learning, 0 to 1."""


@dataclass(frozen=True)
class Rows:
    """Vectors under each other: row `i` is what stands from `starts[i]` to `starts[i + 1]`."""

    starts: NDArray[np.int64]
    places: Places
    values: Numbers

    @classmethod
    def of(cls, vectors: Sequence[Vector]) -> "Rows":
        starts = np.cumsum([0, *(len(vector.places) for vector in vectors)])
        if not vectors:
            return cls(starts, np.empty(0, np.int32), np.empty(0, np.float32))
        return cls(
            starts,
            np.concatenate([vector.places for vector in vectors]),
            np.concatenate([vector.values for vector in vectors]),
        )

    @classmethod
    def dense(cls, matrix: Numbers) -> "Rows":
        rows, columns = matrix.shape
        places = np.tile(np.arange(columns, dtype=np.int32), rows)
        return cls(np.arange(rows + 1) * columns, places, np.ascontiguousarray(matrix).ravel())

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, row: int) -> Vector:
        here = slice(self.starts[row], self.starts[row + 1])
        return Vector(self.places[here], self.values[here])


@dataclass(frozen=True)
class Parts:
    """What a text holds of every kind: distinct keys and how often. The same whatever was learnt."""

    kinds: tuple[tuple[Keys, Numbers], ...]


@dataclass(frozen=True)
class Vocabulary:
    keys: Keys
    rarity: Numbers

    @classmethod
    def of(cls, texts: Sequence[Parts]) -> "Vocabulary":
        held = [keys for text in texts for keys, _ in text.kinds]
        if not held:
            return cls(np.empty(0, np.uint64), np.empty(0, np.float32))
        keys, seen = np.unique(np.concatenate(held), return_counts=True)
        return cls(keys, (np.log((1 + len(texts)) / (1 + seen)) + 1).astype(np.float32))

    def vector(self, text: Parts) -> Vector:
        """The values of each kind together have the length that `WEIGHTS` gives it."""
        places, values = [np.empty(0, np.int32)], [np.empty(0, np.float32)]
        for (keys, times), weight in zip(text.kinds, WEIGHTS, strict=True):
            place, known = self._find(keys)
            place = place[known]
            value = times[known] * self.rarity[place]
            length = float(np.sqrt(value @ value))
            if length:
                places.append(place.astype(np.int32))
                values.append(value * np.float32(weight / length))
        return Vector(np.concatenate(places), np.concatenate(values), self._unknown(text.kinds[0][0]))

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
