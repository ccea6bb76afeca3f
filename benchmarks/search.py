"""How well questions find their answer, at what cost, and what more samples or more answers would do.

    python benchmarks/search.py                   the four tables, one after the other: about a quarter of an hour
    python benchmarks/search.py compare curve     some of them

    compare   ours beside plain methods, which learn from the same texts and are asked the same exam
    curve     the exam after learning from 3, 6, 12, 25, 50 and all samples a topic, with and without phrases
    growth    100, 1,000 and 10,000 made-up topics: time to learn, to be ready and to find, and memory
    cost      the same of the real topics, without and with the extra digihulp[meaning]

`helped` is the right answer at once, or among the buttons. A plain method is never sure: it shows its best three as
buttons. Nobody learns from the exam. "From outside" are questions that no answer is about.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.search_cost import cost, growth
from benchmarks.search_tables import Table, beside, show
from bot.content import answers
from bot.examination import Asked, Result
from bot.search import Finding, Scored, Search, Topic
from bot.search.from_content import topics_in

CONTENT = Path(__file__).parents[1] / "content"
BUTTONS = 3
SAMPLES = (3, 6, 12, 25, 50)
CHOSEN_BY = 1


@dataclass(frozen=True)
class Exam:
    """Questions and their topics; those from outside have none."""

    questions: Sequence[tuple[str, str]]

    @classmethod
    def of(cls, content: answers.Content) -> "Exam":
        inside = [(text, answer.id) for answer in content.in_language(answers.DUTCH) for text in answer.exam]
        return cls([*inside, *((text, "") for text in content.outside_exam)])

    def of_search(self, search: Search) -> "Marks":
        return self.of_finding(search.find)

    def of_method(self, find: Callable[[str], Sequence[str]]) -> "Marks":
        """`find` gives topics, the best first."""
        return self.of_finding(lambda question: with_buttons(find(question)))

    def of_finding(self, find: Callable[[str], Finding]) -> "Marks":
        asked, milliseconds = [], []
        for question, topic in self.questions:
            started = time.perf_counter()
            finding = find(question)
            milliseconds.append((time.perf_counter() - started) * 1000)
            asked.append(Asked(question, topic, "", finding))
        return Marks(Result(tuple(asked)), milliseconds)


@dataclass(frozen=True)
class Marks:
    result: Result
    milliseconds: Sequence[float]

    @property
    def errors(self) -> float:
        """In percent: the first topic is not the right one."""
        return 100 - self.result.figures["top_1"]

    @property
    def not_helped(self) -> float:
        return 100 - self.result.figures["helped"]

    @property
    def wrong_when_sure(self) -> str:
        figures = self.result.figures
        return f"{100 * figures['wrong'] / figures['sure']:.1f} %" if figures["sure"] else "never sure"

    @property
    def median(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def slowest(self) -> float:
        """The 99th percentile."""
        return statistics.quantiles(self.milliseconds, n=100)[98]


def with_buttons(topics: Sequence[str]) -> Finding:
    scored = tuple(Scored(topic, 1 / place) for place, topic in enumerate(topics, start=1))
    return Finding("choice", scored, tuple(topics[:BUTTONS])) if topics else Finding("unknown")


def compare(content: answers.Content, topics: Sequence[Topic], cache: Path) -> Table:
    from benchmarks.search_methods import METHODS

    yield (
        *("method", "top-1", "top-3", "helped", "errors", "not helped", "wrong when sure"),
        *("false answers", "false buttons", "median ms", "99 % ms"),
    )
    exam = Exam.of(content)
    ours = exam.of_search(Search.learn(topics, content.outside, cache))
    yield compared("ours", ours, ours)
    for name, method in METHODS.items():
        yield compared(name, exam.of_method(method(topics)), ours)


def compared(name: str, marks: Marks, ours: Marks) -> Sequence[str]:
    figures = marks.result.figures
    return (
        name,
        *(f"{figures[figure]:.1f} %" for figure in ("top_1", "top_3", "helped")),
        beside(marks.errors, ours.errors, " %"),
        beside(marks.not_helped, ours.not_helped, " %"),
        marks.wrong_when_sure,
        *(f"{figures[figure]:.1f} %" for figure in ("false_answers", "false_buttons")),
        beside(marks.median, ours.median),
        beside(marks.slowest, ours.slowest),
    )


def curve(content: answers.Content, topics: Sequence[Topic], cache: Path) -> Table:
    """The last column is of top-1 with phrases: how much it rose since the line before, for every ten samples more."""
    figures = ("top-1", "top-3", "helped")
    yield "samples a topic", *figures, *(f"{figure} with phrases" for figure in figures), "ten more bring"
    exam = Exam.of(content)
    before: tuple[float, float] | None = None
    for most in (*SAMPLES, max(len(topic.samples) for topic in topics)):
        fewer = cut(topics, most)
        mean = statistics.mean(len(topic.samples) for topic in fewer)
        bare = [replace(topic, phrases=()) for topic in fewer]
        without, whole = (exam.of_search(Search.learn(learnt, content.outside)).result for learnt in (bare, fewer))
        top = whole.figures["top_1"]
        gain = f"{10 * (top - before[1]) / (mean - before[0]):+.2f} points" if before else ""
        before = mean, top
        yield (
            f"{most}" if most in SAMPLES else f"all ({mean:.0f} on average)",
            *(f"{told.figures[name]:.1f} %" for told in (without, whole) for name in ("top_1", "top_3", "helped")),
            gain,
        )


def cut(topics: Sequence[Topic], most: int) -> list[Topic]:
    """With fewer samples each; those chosen for a small number are among those for a greater one."""
    dice = random.Random(CHOSEN_BY)
    mixed = [dice.sample(topic.samples, len(topic.samples)) for topic in topics]
    return [replace(topic, samples=tuple(samples[:most])) for topic, samples in zip(topics, mixed, strict=True)]


TABLES: dict[str, Callable[[answers.Content, Sequence[Topic], Path], Table]] = {
    "compare": compare,
    "curve": curve,
    "growth": growth,
    "cost": cost,
}


def wanted() -> Sequence[str]:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("tables", nargs="*", metavar="TABLE", help=f"of {', '.join(TABLES)}; without, all of them")
    tables: list[str] = arguments.parse_args().tables
    if unknown := [name for name in tables if name not in TABLES]:
        arguments.error(f"there is no table {unknown[0]!r}; there are {', '.join(TABLES)}")
    return tables or list(TABLES)


def main() -> None:
    content = answers.load(CONTENT)
    topics = topics_in(content)
    samples, phrases = (sum(len(told) for told in each) for each in zip(*told_by(topics), strict=True))
    print(f"{len(topics)} topics, {samples:,} samples, {phrases:,} phrases", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="digihulp-benchmark-") as folder:
        cache = Path(os.environ.get("DIGIHULP_CACHE", folder))
        for name in wanted():
            print(f"\n{name}\n")
            show(TABLES[name](content, topics, cache))


def told_by(topics: Sequence[Topic]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    return ((topic.samples, topic.phrases) for topic in topics)


if __name__ == "__main__":
    main()
