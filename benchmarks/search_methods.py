"""Plain methods to find the topic of a question, from well-known packages: each a function from topics to a finder.

All know the same texts, lower-cased: title, samples and phrases of each topic; the one that makes one document of a
topic, the text of the answer too. A finder gives topics, the best first, and none where nothing is alike.
"""

import re
import sqlite3
from collections.abc import Callable, Sequence
from typing import TypeAlias

import bm25s
import numpy as np
import snowballstemmer
from numpy.typing import NDArray
from rapidfuzz import fuzz, process, utils
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.search import Topic

Finder: TypeAlias = Callable[[str], Sequence[str]]
BEST = 500
"""Texts looked at: enough for the best of them to be about more than three topics."""


def said_of(topics: Sequence[Topic]) -> list[tuple[str, str]]:
    """Topic and text."""
    return [(topic.id, text.lower()) for topic in topics for text in (topic.title, *topic.samples, *topic.phrases)]


def stems_of_documents(topics: Sequence[Topic]) -> Finder:
    documents = [" ".join((topic.title, *topic.samples, *topic.phrases, topic.text)).lower() for topic in topics]
    return by_stems([topic.id for topic in topics], documents)


def stems_of_samples(topics: Sequence[Topic]) -> Finder:
    owners, texts = zip(*said_of(topics), strict=True)
    return by_stems(owners, texts)


def by_stems(owners: Sequence[str], texts: Sequence[str]) -> Finder:
    stem = snowballstemmer.stemmer("dutch")

    def stems(told: Sequence[str]) -> list[list[str]]:
        return [stem.stemWords(re.findall(r"\w+", text)) for text in told]

    ranking = bm25s.BM25()
    ranking.index(stems(texts), show_progress=False)

    def find(question: str) -> Sequence[str]:
        return topics_by(np.asarray(ranking.get_scores(stems([question.lower()])[0])), owners)

    return find


def trigrams(topics: Sequence[Topic]) -> Finder:
    """SQLite's full-text search over groups of three letters, ranked by its BM25."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE said USING fts5(topic UNINDEXED, text, tokenize='trigram')")
    database.executemany("INSERT INTO said VALUES (?, ?)", said_of(topics))

    def find(question: str) -> Sequence[str]:
        words = re.sub(r"\W+", " ", question.lower())
        groups = {words[at : at + 3] for at in range(len(words) - 2)}
        asked = " OR ".join(f'"{group}"' for group in sorted(groups))
        found = database.execute("SELECT topic FROM said(?) ORDER BY rank LIMIT ?", (asked, BEST)) if groups else ()
        return list(dict.fromkeys(topic for (topic,) in found))

    return find


def letter_groups(topics: Sequence[Topic]) -> Finder:
    owners, texts = zip(*said_of(topics), strict=True)
    groups = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), dtype=np.float32)
    rows = groups.fit_transform(texts)

    def find(question: str) -> Sequence[str]:
        return topics_by((rows @ groups.transform([question.lower()]).T).toarray()[:, 0], owners)

    return find


def same_words(topics: Sequence[Topic]) -> Finder:
    """Of texts that are equally alike, the longest comes first: it has most words in common."""
    said = sorted(said_of(topics), key=lambda told: -len(told[1]))
    owners, texts = [topic for topic, _ in said], [utils.default_process(text) for _, text in said]

    def find(question: str) -> Sequence[str]:
        asked = utils.default_process(question)
        return topics_by(process.cdist([asked], texts, scorer=fuzz.token_set_ratio)[0], owners)

    return find


def topics_by(scores: NDArray[np.float32], owners: Sequence[str]) -> Sequence[str]:
    best = np.argsort(-scores, kind="stable")[:BEST].tolist()
    return list(dict.fromkeys(owners[place] for place in best if scores[place] > 0))


METHODS: dict[str, Callable[[Sequence[Topic]], Finder]] = {
    "BM25 over stems, a document a topic (bm25s)": stems_of_documents,
    "BM25 over stems, nearest sample (bm25s)": stems_of_samples,
    "trigrams, nearest sample (SQLite FTS5)": trigrams,
    "TF-IDF of 3 to 5 letters, nearest sample (scikit-learn)": letter_groups,
    "token_set_ratio, nearest sample (rapidfuzz)": same_words,
}
