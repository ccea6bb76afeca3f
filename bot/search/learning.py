"""From topics and their sample questions to a model that knows how sure it may be.

Two in three questions are held out once: a model that has not seen them says what it would have found. On these
verdicts the bands are fitted, and `content test` shows them.
"""

import multiprocessing
import re
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.search.bands import Bands
from bot.search.classifier import Machines, centres, train
from bot.search.clauses import without_small_talk
from bot.search.embedding import WIDTH, embed_all, embedder
from bot.search.features import Numbers, Rows, Vocabulary, parts
from bot.search.finding import Topic
from bot.search.model import EVIDENCE, Model, Sense, centred, normal

FOLDS, HELD_OUT = 3, 2
"""Of the thirds that the questions are dealt into, so many are held out in turn."""
MOST_MACHINES = 1_000
"""Topics. With more, learning a machine for each would take hours: then the centre of its questions stands for it."""
MOST_HELD_OUT = 12_000_000
"""Scores (questions x topics) of held-out questions kept at a time."""
ALONE = 2_000
"""With fewer things to learn from, other processes are not worth their start."""
TEXT_COUNTS = 0.2
"""A line of the answer itself, beside a question that somebody asks."""
FEWEST_WORDS_TO_EMBED, MOST_TO_EMBED, MOST_OUTSIDE_TO_EMBED = 4, 30, 400
"""A text is embedded when it is a sentence; so many a topic and from outside, for the time it takes."""
OFF_TOPIC = "buiten-onderwerp"
"""The answer that says kindly that something is not for us: right for what nothing else answers."""
SHOWN = 5
SHARES, SHARPNESSES = (0.25, 0.5, 0.75, 1.0), np.geomspace(1, 20, 30)
_LINE_END = re.compile(r"(?<=[.!?])\s+|\n")


@dataclass(frozen=True)
class Lesson:
    """A text, the place of its topic (the number of topics for one from outside), and how much it counts."""

    text: str
    owner: int
    counts: float = 1.0
    asked: bool = True
    """Whether it is a whole question, such as people ask."""


@dataclass(frozen=True)
class HeldOut:
    """What a model that had not seen them made of the questions; a row each. `places` are theirs in `lessons`."""

    places: NDArray[np.intp]
    owners: NDArray[np.intp]
    top: NDArray[np.intp]  # x SHOWN
    log_chances: NDArray[np.float64]  # x SHOWN
    evidence: NDArray[np.float64]


@dataclass(frozen=True)
class Learnt:
    model: Model
    bands: Bands
    held_out: HeldOut


@dataclass(frozen=True)
class _Material:
    """All lessons as numbers. `fold` is -1 for what is never held out; `embedded` are the lessons in `meant`."""

    keys: NDArray[np.uint64]
    rarity: Numbers
    starts: NDArray[np.int64]
    places: NDArray[np.int32]
    values: Numbers
    unknown: Numbers
    words: NDArray[np.intp]
    owners: NDArray[np.intp]
    counts: Numbers
    fold: NDArray[np.intp]
    meant: NDArray[np.intp]
    embedded: Numbers
    classes: int

    @property
    def rows(self) -> Rows:
        return Rows(self.starts, self.places, self.values)


@dataclass(frozen=True)
class _Fitted:
    words: Machines
    sense: Sense | None


@dataclass(frozen=True)
class _Scores:
    """Of the questions at `places` among the lessons, by a model that had not seen them."""

    places: NDArray[np.intp]
    words: Numbers
    sense: Numbers | None


def lessons(topics: Sequence[Topic], outside: Sequence[str]) -> list[Lesson]:
    """Everything there is to learn from, the whole questions first."""
    asked = [Lesson(text, owner) for owner, topic in enumerate(topics) for text in topic.samples]
    asked += [Lesson(question, len(topics)) for question in outside]
    told = []
    for owner, topic in enumerate(topics):
        told += [Lesson(text, owner, asked=False) for text in (topic.title, *topic.phrases)]
        lines = (line.strip() for line in _LINE_END.split(topic.text.replace("*", "")))
        told += [Lesson(line, owner, TEXT_COUNTS, asked=False) for line in lines if len(line) > 3]
    return asked + told


def learn(topics: Sequence[Topic], outside: Sequence[str], cache: Path | None = None) -> Learnt:
    """Some seconds, or half a minute for thousands of questions; then in processes of its own, for the memory's sake.

    `cache` is where embeddings are kept.
    """
    told = lessons(topics, outside)
    classes = len(topics) + 1
    off_topic = next((place for place, topic in enumerate(topics) if topic.id == OFF_TOPIC), -1)
    folds = [None, *range(HELD_OUT)]
    if len(told) < ALONE:
        material = _material(told, classes, cache)
        return _learnt(material, [_work(material, fold) for fold in folds], off_topic)
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(2, spawn) as pool:
        file = Path(folder) / "material.npz"
        pool.submit(_prepare, file, told, classes, cache).result()
        done = [pool.submit(_work_from, file, fold) for fold in folds]
        return _learnt(_read(file), [work.result() for work in done], off_topic)


def _prepare(file: Path, told: Sequence[Lesson], classes: int, cache: Path | None) -> None:
    np.savez(file, **vars(_material(told, classes, cache)))


def _read(file: Path) -> _Material:
    with np.load(file) as kept:
        fields: dict[str, Any] = {name: kept[name] for name in kept.files}
    return _Material(**fields | {"classes": int(fields["classes"])})


def _work_from(file: Path, fold: int | None) -> _Fitted | _Scores:
    return _work(_read(file), fold)


def _material(told: Sequence[Lesson], classes: int, cache: Path | None) -> _Material:
    texts = [without_small_talk(lesson.text) for lesson in told]
    taken = [parts(text) for text in texts]
    vocabulary = Vocabulary.of(taken)
    vectors = [vocabulary.vector(text) for text in taken]
    rows = Rows.of(vectors)
    asked = np.array([lesson.asked for lesson in told], np.bool_)
    owners = np.array([lesson.owner for lesson in told], np.intp)
    meant = _to_embed(texts, owners, classes - 1) if embedder() and classes <= MOST_MACHINES else np.empty(0, np.intp)
    embedded = embed_all([texts[place] for place in meant], cache) if len(meant) else np.empty((0, WIDTH), np.float32)
    return _Material(
        vocabulary.keys,
        vocabulary.rarity,
        rows.starts,
        rows.places,
        rows.values,
        np.array([vector.unknown for vector in vectors], np.float32),
        np.array([len(text.split()) for text in texts], np.intp),
        owners,
        np.array([lesson.counts for lesson in told], np.float32),
        np.where(asked, np.arange(len(told)) % FOLDS, -1),
        meant,
        embedded,
        classes,
    )


def _to_embed(texts: Sequence[str], owners: NDArray[np.intp], outside: int) -> NDArray[np.intp]:
    taken: dict[int, int] = {}
    chosen = []
    for place, (text, owner) in enumerate(zip(texts, owners.tolist(), strict=True)):
        most = MOST_OUTSIDE_TO_EMBED if owner == outside else MOST_TO_EMBED
        if len(text.split()) >= FEWEST_WORDS_TO_EMBED and taken.get(owner, 0) < most:
            taken[owner] = taken.get(owner, 0) + 1
            chosen.append(place)
    return np.array(chosen, np.intp)


def _work(material: _Material, fold: int | None) -> _Fitted | _Scores:
    """What is learnt from all but the fold: the machines themselves, or what they say of the fold."""
    seen = np.ones(len(material.owners), np.bool_) if fold is None else material.fold != fold
    fitted = _fit(material, seen)
    if fold is None:
        return fitted
    held = np.flatnonzero(~seen)[: MOST_HELD_OUT // material.classes // HELD_OUT]
    rows = material.rows
    words = np.array([fitted.words.scores(rows[place]) for place in held.tolist()], np.float32)
    sense = None
    if fitted.sense:
        known = {place: row for row, place in enumerate(material.meant.tolist())}
        held = np.array([place for place in held.tolist() if place in known], np.intp)
        words = np.array([fitted.words.scores(rows[place]) for place in held], np.float32)
        sense = fitted.sense.scores(material.embedded[[known[place] for place in held.tolist()]]).astype(np.float32)
    return _Scores(held, words.reshape(-1, material.classes), sense)


def _fit(material: _Material, seen: NDArray[np.bool_]) -> _Fitted:
    rows, features, classes = material.rows, len(material.keys), material.classes
    taken = np.flatnonzero(seen)
    chosen = Rows.of([rows[place] for place in taken.tolist()])
    owners, counts = material.owners[taken], material.counts[taken]
    if classes > MOST_MACHINES:
        return _Fitted(centres(chosen, owners, features, classes), None)
    words = Machines.of(*train(chosen, owners, counts, features, classes))
    at = seen[material.meant]
    if not at.any():
        return _Fitted(words, None)
    middle = material.embedded[at].mean(axis=0)
    meant = Rows.dense(centred(material.embedded[at], middle))
    places = material.meant[at]
    weights, bias = train(meant, material.owners[places], material.counts[places], WIDTH, classes)
    return _Fitted(words, Sense(middle, weights, bias))


def _learnt(material: _Material, done: Sequence[_Fitted | _Scores], off_topic: int) -> Learnt:
    fitted = next(work for work in done if isinstance(work, _Fitted))
    held = [work for work in done if isinstance(work, _Scores) and len(work.places)]
    vocabulary = Vocabulary(material.keys, material.rarity)
    if not held:
        model = Model(vocabulary, fitted.words, fitted.sense, 0.5 if fitted.sense else 0.0, 5.0)
        return Learnt(model, Bands.careful(EVIDENCE), _nothing_held_out())
    places = np.concatenate([work.places for work in held])
    words = np.concatenate([work.words for work in held])
    sense = np.concatenate([work.sense for work in held if work.sense is not None]) if fitted.sense else None
    share, sharpness = _balance(words, sense, material.owners[places])
    model = Model(vocabulary, fitted.words, fitted.sense, share, sharpness)
    scores = np.asarray(words if sense is None else words + share * sense, np.float64)
    held_out = _judged(model, scores, material, places)
    return Learnt(model, _bands(held_out, material.classes - 1, off_topic), held_out)


def _balance(words: Numbers, sense: Numbers | None, owners: NDArray[np.intp]) -> tuple[float, float]:
    """The share of the sense and the sharpness that make what was asked most likely."""

    def likelihood(share: float, sharpness: float) -> float:
        scores = np.asarray(words if sense is None else words + share * sense, np.float64)
        return float(normal(sharpness * scores)[np.arange(len(owners)), owners].mean())

    share = 0.0 if sense is None else max(SHARES, key=lambda share: likelihood(share, 5.0))
    return share, float(max(SHARPNESSES, key=lambda sharpness: likelihood(share, sharpness)))


def _judged(model: Model, scores: NDArray[np.float64], material: _Material, places: NDArray[np.intp]) -> HeldOut:
    top, chances, evidence = [], [], []
    for row, place in zip(scores, places.tolist(), strict=True):
        weighed = model.weighed(row, float(material.unknown[place]), int(material.words[place]))
        first = np.resize(weighed.order[:SHOWN], SHOWN)
        top.append(first)
        chances.append(weighed.log_chances[first])
        evidence.append(weighed.evidence)
    order = np.argsort(places)
    return HeldOut(
        places[order],
        material.owners[places][order],
        np.array(top)[order],
        np.array(chances)[order],
        np.array(evidence)[order],
    )


def _nothing_held_out() -> HeldOut:
    none = np.empty((0, SHOWN))
    return HeldOut(np.empty(0, np.intp), np.empty(0, np.intp), none.astype(np.intp), none, np.empty((0, EVIDENCE)))


def _bands(held_out: HeldOut, outside: int, off_topic: int) -> Bands:
    from_outside = held_out.owners == outside
    first = held_out.top[:, 0]
    right = np.where(from_outside, first == off_topic, first == held_out.owners)
    among = (held_out.top[:, :4] == held_out.owners[:, None]).any(axis=1)
    return Bands.fit(held_out.evidence, right, among, from_outside & ~right)
