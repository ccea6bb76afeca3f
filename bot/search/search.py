"""A question in, a verdict out."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from bot.search import stored
from bot.search.bands import FEWEST_CHOICES, MOST_CHOICES
from bot.search.clauses import clauses, without_small_talk
from bot.search.embedding import embedder
from bot.search.emergency import EMERGENCY_TOPIC, Sign, sign_of_emergency
from bot.search.features import Vector
from bot.search.finding import Finding, Scored, Topic
from bot.search.folding import fold_text, plain
from bot.search.learning import Learnt, learn, lessons
from bot.search.model import Weighed

LONGEST_QUESTION, LONGEST_FOR_DANGER = 1_000, 5_000
"""Letters. A cry for help may come at the end of a long story."""
MOST_CLAUSES = 8
OWN_APP_COUNTS, OTHER_APP_COUNTS = 0.1, -0.4
"""In scores: a topic that is meant scores about 1, one that is not about -1."""
GENERAL_APPS = frozenset({"", "algemeen", "generic", "bot"})


@dataclass(frozen=True)
class Explanation:
    """`words` with how much each adds to the score of the topic; above nought speaks for it."""

    words: tuple[tuple[str, float], ...]
    sample: str


class Search:
    """Learnt once from topics and their sample questions; `find` then only reads, so threads may share it."""

    def __init__(self, topics: Sequence[Topic], outside: Sequence[str], learnt: Learnt) -> None:
        self._topics, self._outside = tuple(topics), tuple(outside)
        self._places = {topic.id: place for place, topic in enumerate(topics)}
        self._apps = _places_by_app(topics)
        self._told = fold_text(" ".join(text for topic in topics for text in (topic.title, *topic.samples)))
        self._model, self._bands, self._held_out = learnt.model, learnt.bands, learnt.held_out

    @classmethod
    def learn(cls, topics: Sequence[Topic], outside: Sequence[str] = (), cache: Path | None = None) -> "Search":
        """Half a minute for thousands of questions; from the folder `cache` at once, when they were learnt before."""
        digest = _digest(topics, outside)
        learnt = stored.read(cache, digest) if cache else None
        if learnt is None:
            learnt = learn(topics, outside, cache)
            if cache:
                stored.write(cache, digest, learnt)
        return cls(topics, outside, learnt)

    @property
    def topics(self) -> tuple[Topic, ...]:
        return self._topics

    @property
    def has_sense(self) -> bool:
        """Whether it learnt what sentences mean, too, from the extra digihulp[meaning]."""
        return self._model.sense is not None

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
        if len(asked := self._asked_apart(question, ranked)) > 1:
            return Finding("choice", ranked[:limit], tuple(scored.id for scored in asked))
        verdict, shown = self._bands.verdict(weighed.evidence, weighed.log_chances[weighed.order])
        choices = tuple(scored.id for scored in ranked[:shown]) if verdict == "choice" else ()
        return Finding(verdict, ranked[:limit], choices)

    def held_out(self) -> Iterator[tuple[str, str, Finding]]:
        """Samples, their topics ("" from outside), and what was found by a model that had not seen them."""
        told = lessons(self._topics, self._outside)
        found = self._held_out
        for place, owner, top, chances, evidence in zip(
            found.places, found.owners, found.top, found.log_chances, found.evidence, strict=True
        ):
            verdict, shown = self._bands.verdict(evidence, chances)
            topics = tuple(
                Scored(self._topics[at].id, float(np.exp(chance))) for at, chance in zip(top, chances, strict=True)
            )
            choices = tuple(scored.id for scored in topics[:shown]) if verdict == "choice" else ()
            topic = self._topics[owner].id if owner < len(self._topics) else ""
            yield told[place].text, topic, Finding(verdict, topics, choices)

    def explain(self, question: str, topic: str, most: int = 4) -> Explanation:
        """Why this topic: the words that speak for it most, and the sample that is most like the question."""
        place = self._places[topic]
        words = without_small_talk(question[:LONGEST_QUESTION]).split()
        whole = self._score(words, place)
        said = [(word, whole - self._score([*words[:at], *words[at + 1 :]], place)) for at, word in enumerate(words)]
        telling = sorted((told for told in said if told[1] > 0), key=lambda told: -told[1])
        return Explanation(tuple(telling[:most]), self._nearest(question, place))

    def _score(self, words: Sequence[str], place: int) -> float:
        return float(self._model.words.scores(self._model.vector(" ".join(words)))[place])

    def _nearest(self, question: str, place: int) -> str:
        asked = {int(at): float(value) for at, value in zip(*_told(self._model.vector(question)), strict=True)}
        topic = self._topics[place]

        def likeness(sample: str) -> float:
            vector = self._model.vector(sample)
            length = float(np.linalg.norm(vector.values)) or 1.0
            return sum(asked.get(at, 0.0) * value for at, value in zip(*_told(vector), strict=True)) / length

        return max((*topic.samples, topic.title, *topic.phrases), key=likeness)

    def _asked_apart(self, question: str, ranked: Sequence[Scored]) -> list[Scored]:
        """Two questions in one message: the topics of clauses that are each sure of another one of the best."""
        likely = {scored.id: scored for scored in ranked[:MOST_CHOICES]}
        told = clauses(question)[:MOST_CLAUSES]
        sure: list[Scored] = []
        for clause in told if len(told) > 1 else ():
            weighed = self._model.weigh(clause, with_sense=False)  # a clause is short, and meaning takes its time
            first = likely.get(self._topics[weighed.order[0]].id)
            if first and first not in sure and self._bands.first_is_right(weighed.evidence) >= self._bands.sure:
                sure.append(first)
        return sure

    def _scored(self, weighed: Weighed, most: int) -> tuple[Scored, ...]:
        order = weighed.order[:most]
        chances = np.exp(weighed.log_chances[order] - weighed.log_chances[order[0]])
        right = self._bands.first_is_right(weighed.evidence)
        return tuple(
            Scored(self._topics[place].id, round(right * float(chance), 4))
            for place, chance in zip(order, chances, strict=True)
        )

    def _with_known_app(self, question: str, app_names: Sequence[str]) -> str:
        """A name of an app that no sample has, such as "Puur", is at least an app."""
        told = fold_text(question)
        named = [fold_text(name) for name in app_names if _says(told, fold_text(name))]
        return f"{question} app" if any(not _says(self._told, name) for name in named) else question

    def _apps_first(self, weighed: Weighed, question: str, app_names: Sequence[str]) -> Weighed:
        """Answers about an app she has, or names, come before answers about an app of somebody else's."""
        own, told = [fold_text(name) for name in app_names], fold_text(question)
        counts = np.zeros(len(weighed.scores))
        for names, places in self._apps.items() if own else ():
            hers = any(_says(told, name) or any(_says(app, name) for app in own) for name in names)
            counts[places] = OWN_APP_COUNTS if hers else OTHER_APP_COUNTS
        return self._model.weighed(weighed.scores + counts, weighed.unknown, weighed.words) if counts.any() else weighed


def _emergency(sign: Sign, ranked: tuple[Scored, ...], limit: int) -> Finding:
    first = Scored(EMERGENCY_TOPIC, 1.0)
    topics = (first, *(scored for scored in ranked if scored.id != EMERGENCY_TOPIC))
    if sign.strength == "now" or len(topics) < FEWEST_CHOICES:
        return Finding("answer", topics[:limit], danger=sign.words)
    return Finding("choice", topics[:limit], tuple(scored.id for scored in topics[:MOST_CHOICES]), sign.words)


def _told(vector: Vector) -> tuple[list[int], list[float]]:
    return vector.places.tolist(), vector.values.tolist()


def _places_by_app(topics: Sequence[Topic]) -> dict[tuple[str, ...], list[int]]:
    """The places of the topics about an app, under the names of that app."""
    places: dict[tuple[str, ...], list[int]] = {}
    for place, topic in enumerate(topics):
        if topic.app not in GENERAL_APPS:
            names = tuple(fold_text(name) for name in topic.app.split("/") if name not in GENERAL_APPS)
            places.setdefault(names, []).append(place)
    return places


def _says(told: str, name: str) -> bool:
    return bool(name) and f" {name} " in f" {told} "


def _digest(topics: Sequence[Topic], outside: Sequence[str]) -> str:
    """Of what is learnt and of the program that learns it."""
    what = [[asdict(topic) for topic in topics], list(outside), embedder() is not None]
    told = hashlib.sha256(json.dumps(what).encode())
    for file in sorted(Path(__file__).parent.glob("*.*")):
        told.update(file.read_bytes())
    return told.hexdigest()
