"""What goes into the search and what comes out."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Topic:
    """One answer as the search knows it: `samples` are how people ask for it, `text` is what it says."""

    id: str
    title: str
    samples: tuple[str, ...]
    text: str = ""
    app: str = ""
    neighbours: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scored:
    """`score` is the chance, 0 to 1, that this is the topic meant; `why` says it in words."""

    id: str
    score: float
    why: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """`topics` best first. `choices` are the two to four to show as buttons when the verdict is "choice"."""

    verdict: Literal["answer", "choice", "unknown"]
    topics: tuple[Scored, ...] = ()
    choices: tuple[str, ...] = ()
