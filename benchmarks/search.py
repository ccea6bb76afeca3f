"""How often a question finds its answer: ours beside two plain methods, in one table.

    python benchmarks/search.py                                the exam lists of content/
    python benchmarks/search.py --questions FILE [--kinds]     lines of {"q", "topic", "also", "lang", "kind"}

`helped` is the right answer at once, or among the buttons. A plain method always shows three buttons, or nothing
when nothing matches, so it has no "sure but wrong". False answers and buttons are about questions from outside.
"""

import argparse
import json
import math
import re
import sqlite3
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.content import answers
from bot.search import Search, Topic
from bot.search.from_content import topics_in

CONTENT = Path(__file__).parents[1] / "content"


@dataclass(frozen=True)
class Question:
    """`topics` are the right ones, the first the best; none for a question from outside."""

    text: str
    topics: tuple[str, ...]
    kind: str = ""


@dataclass(frozen=True)
class Given:
    verdict: str
    topics: Sequence[str]
    choices: Sequence[str] = ()


@dataclass
class Tally:
    counts: Counter[str] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)

    def add(self, question: Question, given: Given) -> None:
        if not question.topics:
            self.counts.update(["outside", f"outside {given.verdict}"])
            return
        first = question.topics[0] in given.topics[:1]
        right_at_once = given.verdict == "answer" and given.topics[0] in question.topics
        self.counts.update(
            {
                "inside": 1,
                "top1": first,
                "top3": question.topics[0] in given.topics[:3],
                "at once": given.verdict == "answer",
                "helped": right_at_once or (given.verdict == "choice" and question.topics[0] in given.choices),
                "wrong": given.verdict == "answer" and not right_at_once,
            }
        )

    def share(self, what: str, of: str = "inside") -> str:
        return f"{self.counts[what] / self.counts[of]:.1%}" if self.counts[of] else "-"


def ours(topics: Sequence[Topic], outside: Sequence[str]) -> Callable[[str], Given]:
    started = time.process_time()
    search = Search.learn(topics, outside)
    print(f"learnt {len(topics)} topics in {time.process_time() - started:.1f} s of one core")

    def find(question: str) -> Given:
        finding = search.find(question)
        return Given(finding.verdict, [scored.id for scored in finding.topics], finding.choices)

    return find


def full_text_trigrams(topics: Sequence[Topic]) -> Callable[[str], Given]:
    """SQLite's FTS5 with its trigram tokenizer; a sample question a row, the best row counts."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE sample USING fts5(topic UNINDEXED, text, tokenize='trigram')")
    rows = [(topic.id, sample) for topic in topics for sample in (topic.title, *topic.samples)]
    database.executemany("INSERT INTO sample VALUES (?, ?)", rows)

    def find(question: str) -> Given:
        words = re.sub(r"\W+", " ", question.lower())
        groups = {words[at : at + 3] for at in range(len(words) - 2)}
        if not groups:
            return Given("unknown", ())
        wanted = " OR ".join(f'"{group}"' for group in sorted(groups))
        found = database.execute(
            "SELECT topic FROM sample WHERE sample MATCH ? ORDER BY bm25(sample) LIMIT 200", (wanted,)
        )
        return shown(list(dict.fromkeys(topic for (topic,) in found)))

    return find


def plain_words(topics: Sequence[Topic]) -> Callable[[str], Given]:
    """BM25 over the words of a topic's samples, title and text as one document."""
    documents = {topic.id: Counter(_words(" ".join((topic.title, topic.text, *topic.samples)))) for topic in topics}
    length = {topic: sum(words.values()) for topic, words in documents.items()}
    mean = statistics.mean(length.values())
    seen = Counter(word for words in documents.values() for word in words)

    def find(question: str) -> Given:
        score: dict[str, float] = defaultdict(float)
        for word in _words(question):
            rarity = math.log(1 + (len(documents) - seen[word] + 0.5) / (seen[word] + 0.5))
            for topic, words in documents.items():
                if times := words[word]:
                    long = 0.25 + 0.75 * length[topic] / mean
                    score[topic] += rarity * times * 2.2 / (times + 1.2 * long)
        return shown(sorted(score, key=lambda topic: -score[topic]))

    return find


def shown(topics: Sequence[str]) -> Given:
    return Given("choice", topics, topics[:3]) if topics else Given("unknown", ())


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def questions_of(content: answers.Content) -> list[Question]:
    inside = [Question(text, (answer.id,)) for answer in content.in_language("nl") for text in answer.exam]
    return inside + [Question(text, ()) for text in content.outside_exam]


def questions_in(file: Path, known: Sequence[str], languages: Sequence[str]) -> list[Question]:
    """Those about a topic there is an answer for, and those about none at all."""
    told = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    questions = []
    for one in told:
        topics = (one["topic"], *one["also"]) if one["topic"] else ()
        if one.get("lang", "nl") in languages and (not topics or topics[0] in known):
            questions.append(Question(one["q"], topics, one.get("kind", "")))
    return questions


def run(find: Callable[[str], Given], questions: Sequence[Question]) -> Tally:
    tally = Tally()
    for question in questions:
        started = time.perf_counter()
        given = find(question.text)
        tally.milliseconds.append((time.perf_counter() - started) * 1000)
        tally.add(question, given)
    return tally


COLUMNS = (
    "method",
    "n",
    "top-1",
    "top-3",
    "at once",
    "helped",
    "sure but wrong",
    "outside",
    "false answers",
    "false buttons",
    "ms",
)


def row(name: str, tally: Tally) -> tuple[str, ...]:
    return (
        name,
        str(tally.counts["inside"]),
        tally.share("top1"),
        tally.share("top3"),
        tally.share("at once"),
        tally.share("helped"),
        f"{tally.share('wrong')} ({tally.share('wrong', 'at once')} of answers)",
        str(tally.counts["outside"]),
        tally.share("outside answer", "outside"),
        tally.share("outside choice", "outside"),
        f"{statistics.median(tally.milliseconds):.1f}",
    )


def table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for cells in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--questions", type=Path, help="a file of questions; without it the exam lists")
    arguments.add_argument("--languages", default="nl", help="languages to take from the file, with commas")
    arguments.add_argument("--kinds", action="store_true", help="ours, apart for every kind of question")
    wanted = arguments.parse_args()

    content = answers.load(CONTENT)
    topics = topics_in(content)
    questions = questions_of(content)
    if wanted.questions:
        languages = wanted.languages.split(",")
        questions = questions_in(wanted.questions, [topic.id for topic in topics], languages)
    find = ours(topics, content.outside)
    rows = [row("ours", run(find, questions))]
    if wanted.kinds:
        for kind in sorted({question.kind for question in questions}):
            rows.append(row(f"  {kind}", run(find, [question for question in questions if question.kind == kind])))
    rows.append(row("FTS5 trigram", run(full_text_trigrams(topics), questions)))
    rows.append(row("BM25 words", run(plain_words(topics), questions)))
    table([COLUMNS, *rows])


if __name__ == "__main__":
    main()
