"""What goes into the search and what comes out."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Topic:
    """One answer as the search knows it: `samples` are how people ask for it, `text` is what it says.

    `phrases` are telling pieces of such questions: learnt from like samples, but no measure of what people ask.
    """

    id: str
    title: str
    samples: tuple[str, ...]
    text: str = ""
    app: str = ""
    neighbours: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scored:
    """`score` is the chance, 0 to 1, that this is the topic meant."""

    id: str
    score: float


@dataclass(frozen=True)
class Finding:
    """`topics` best first. `choices` are the two to four to show as buttons when the verdict is "choice".

    `danger` holds the words that made it an emergency, if any.
    """

    verdict: Literal["answer", "choice", "unknown"]
    topics: tuple[Scored, ...] = ()
    choices: tuple[str, ...] = ()
    danger: str = ""
