"""A question in, a verdict out."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.search import stored
from bot.search.bands import Bands
from bot.search.emergency import EMERGENCY_TOPIC, Sign, sign_of_emergency
from bot.search.finding import Finding, Scored, Topic
from bot.search.folding import fold_text, plain
from bot.search.model import Model, Weighed, learn, normal, sample_texts

LONGEST_QUESTION, LONGEST_FOR_DANGER = 1_000, 5_000
"""Letters. A cry for help may come at the end of a long story."""
MOST_CHOICES, FEWEST_CHOICES = 4, 2
ENOUGH_TOGETHER = 0.92
"""No more buttons once the shown topics are this likely together."""
STRANGE = 0.6
"""With more never seen than this, one known word in another language, say, is a reason to ask, not to answer."""
OWN_APP_COUNTS, OTHER_APP_COUNTS = 0.5, -1.0
GENERAL_APPS = frozenset({"", "algemeen", "generic", "bot"})


class Search:
    """Learnt once from topics and their sample questions; `find` then only reads, so threads may share it."""

    def __init__(self, topics: Sequence[Topic], outside: Sequence[str], model: Model, bands: Bands) -> None:
        self._topics = tuple(topics)
        self._places = {topic.id: place for place, topic in enumerate(topics)}
        self._samples = [text for text, _ in sample_texts(topics, outside)]
        self._told = fold_text(" ".join(self._samples))
        self._model = model
        self._bands = bands

    @classmethod
    def learn(cls, topics: Sequence[Topic], outside: Sequence[str] = (), cache: Path | None = None) -> "Search":
        """Some seconds; from the folder `cache` at once, when the same was learnt before."""
        digest = _digest(topics, outside)
        if cache and (kept := stored.read(cache, digest)):
            return cls(topics, outside, *kept)
        model, bands = learn(topics, outside)
        if cache:
            stored.write(cache, digest, model, bands)
        return cls(topics, outside, model, bands)

    def find(self, question: str, *, app_names: Sequence[str] = (), limit: int = 5) -> Finding:
        """`app_names` are the apps of her employer: answers about those come before answers about other apps."""
        question = question.strip()
        sign = sign_of_emergency(question[:LONGEST_FOR_DANGER]) if EMERGENCY_TOPIC in self._places else None
        question = question[:LONGEST_QUESTION]
        if not any(letter.isalnum() for letter in plain(question)) or not self._topics:
            return Finding("unknown")
        weighed = self._model.weigh(self._with_known_app(question, app_names))
        weighed = self._apps_first(weighed, question, app_names)
        ranked = self._scored(weighed, max(limit, MOST_CHOICES))
        if sign:
            return _emergency(sign, ranked, limit)
        return self._verdict(weighed, ranked, limit)

    def _verdict(self, weighed: Weighed, ranked: tuple[Scored, ...], limit: int) -> Finding:
        if len(asked := self._asked_apart(weighed)) > 1:
            topics = _first(asked, ranked)
            return Finding("choice", topics[:limit], tuple(scored.id for scored in topics[:MOST_CHOICES]))
        if ranked[0].score >= self._bands.sure and weighed.unknown <= STRANGE:
            return Finding("answer", ranked[:limit])
        if len(ranked) >= FEWEST_CHOICES and self._bands.right_is_among(weighed.evidence) >= self._bands.near:
            return Finding("choice", ranked[:limit], _choices(ranked, np.exp(weighed.log_chances[weighed.order])))
        return Finding("unknown", ranked[:limit])

    def _asked_apart(self, weighed: Weighed) -> list[str]:
        """The topics of clauses that are each sure of another one: two questions in one message."""
        sure: list[str] = []
        for clause in weighed.apart:
            first = self._topics[clause.order[0]].id
            if self._bands.first_is_right(clause.evidence) >= self._bands.sure and first not in sure:
                sure.append(first)
        return sure[:MOST_CHOICES]

    def _scored(self, weighed: Weighed, most: int) -> tuple[Scored, ...]:
        order = weighed.order[:most]
        chances = np.exp(weighed.log_chances[order] - weighed.log_chances[order[0]])
        right = self._bands.first_is_right(weighed.evidence)
        return tuple(
            Scored(self._topics[place].id, round(right * float(chance), 4), self._why(weighed, int(place)))
            for place, chance in zip(order, chances, strict=True)
        )

    def _why(self, weighed: Weighed, place: int) -> tuple[str, ...]:
        nearest = int(weighed.nearest[place])
        if nearest < 0 or weighed.likeness[place] < 0.05:
            return ("no sample is like it",)
        return (f"like “{self._samples[nearest]}” ({weighed.likeness[place]:.2f})",)

    def _with_known_app(self, question: str, app_names: Sequence[str]) -> str:
        """A name of an app that no sample has, such as "Puur", is at least an app."""
        told = fold_text(question)
        named = [fold_text(name) for name in app_names if _says(told, fold_text(name))]
        return f"{question} app" if any(not _says(self._told, name) for name in named) else question

    def _apps_first(self, weighed: Weighed, question: str, app_names: Sequence[str]) -> Weighed:
        """Answers about an app she has, or names, come before answers about an app of somebody else's."""
        own, told = [fold_text(name) for name in app_names], fold_text(question)
        counts = np.zeros(len(weighed.log_chances))
        for place, topic in enumerate(self._topics):
            if topic.app not in GENERAL_APPS and own:
                names = [fold_text(name) for name in topic.app.split("/") if name not in GENERAL_APPS]
                hers = any(_says(told, name) or any(_says(app, name) for app in own) for name in names)
                counts[place] = OWN_APP_COUNTS if hers else OTHER_APP_COUNTS
        return replace(weighed, log_chances=normal(weighed.log_chances + counts)) if counts.any() else weighed


def _emergency(sign: Sign, ranked: tuple[Scored, ...], limit: int) -> Finding:
    first = Scored(EMERGENCY_TOPIC, 1.0, (f"words of an emergency: “{sign.words}”",))
    topics = (first, *(scored for scored in ranked if scored.id != EMERGENCY_TOPIC))
    if sign.strength == "now" or len(topics) < FEWEST_CHOICES:
        return Finding("answer", topics[:limit])
    return Finding("choice", topics[:limit], tuple(scored.id for scored in topics[:MOST_CHOICES]))


def _first(asked: Sequence[str], ranked: tuple[Scored, ...]) -> tuple[Scored, ...]:
    """The topics asked about, in the order she asked, then the others."""
    known = {scored.id: scored for scored in ranked}
    best = ranked[0].score if ranked else 0.0
    front = [known.get(topic, Scored(topic, best, ("a sentence of its own",))) for topic in asked]
    return (*front, *(scored for scored in ranked if scored.id not in asked))


def _choices(ranked: Sequence[Scored], chances: NDArray[np.float64]) -> tuple[str, ...]:
    together = 0.0
    shown: list[str] = []
    for scored, chance in zip(ranked[:MOST_CHOICES], chances.tolist(), strict=False):
        if len(shown) >= FEWEST_CHOICES and together >= ENOUGH_TOGETHER:
            break
        shown.append(scored.id)
        together += chance
    return tuple(shown)


def _says(told: str, name: str) -> bool:
    return bool(name) and f" {name} " in f" {told} "


def _digest(topics: Sequence[Topic], outside: Sequence[str]) -> str:
    """Of what is learnt and of the program that learns it."""
    told = hashlib.sha256(json.dumps([[asdict(topic) for topic in topics], list(outside)]).encode())
    for file in sorted(Path(__file__).parent.glob("*.*")):
        told.update(file.read_bytes())
    return told.hexdigest()
