"""A message taken apart: the sentences and clauses that may hold the question, without the small talk."""

import re

from bot.search.folding import fold_text

LONGEST_MESSAGE = 1_000
SHORTEST_CLAUSE = 3  # words
MOST_CLAUSES = 12

_SENTENCE_END = re.compile(r"[.!?;\n]+(?:\s+|$)|\s[-–—]\s|[…]+|[\n]+|\.{2,}")
_CLAUSE_END = re.compile(
    r",\s*|:\s+|\s+(?=(?:maar|want|dus|en dan|en nu|en nou|en toen|en ik|en hij|en als|terwijl|omdat|but|and then)\s)",
    re.IGNORECASE,
)
_SMALL_TALK = tuple(
    fold_text(words)
    for words in ["hallo", "hoi", "hai", "hey", "hi", "hee", "heey", "dag", "goedemorgen", "goedemiddag", "goedenavond", "goeiemorgen", "goeiemiddag", "goeienavond", "moi", "yo", "allemaal", "mensen", "lieve", "beste", "digihulp", "bot", "vraagje", "vraag", "even", "graag", "alsjeblieft", "alstublieft", "aub", "svp", "pls", "please", "groetjes", "groet", "gr", "mvg", "alvast", "bedankt", "dank", "je", "wel", "dankjewel", "sorry", "euh", "eh", "uh", "nou", "ja", "goeie", "morgen", "middag", "avond", "hello", "selam", "merhaba", "hola", "bonjour", "mss", "misschien", "hoor", "he", "xx", "x", "lol", "haha", "hihi", "oke", "ok"]
)


def sentences(message: str) -> list[str]:
    return [part.strip() for part in _SENTENCE_END.split(message[:LONGEST_MESSAGE]) if part and part.strip()]


def clauses(message: str) -> list[str]:
    """The parts that can stand alone, in order; the message itself when it has but one."""
    parts = [part for sentence in sentences(message) for part in _joined(_CLAUSE_END.split(sentence))]
    telling = [part for part in parts if not is_small_talk(part)]
    return (telling or parts)[:MOST_CLAUSES]


def without_small_talk(message: str) -> str:
    """The sentences that say something; all of it when none does."""
    parts = sentences(message)
    telling = [part for part in parts if not is_small_talk(part)]
    return ". ".join(telling) if telling else ". ".join(parts)


def is_small_talk(part: str) -> bool:
    return all(word in _SMALL_TALK for word in fold_text(part).split())


def _joined(parts: list[str]) -> list[str]:
    """Clauses too short to mean anything go with the one before them."""
    joined: list[str] = []
    for part in parts:
        if joined and (len(part.split()) < SHORTEST_CLAUSE or len(joined[-1].split()) < SHORTEST_CLAUSE):
            joined[-1] = f"{joined[-1]}, {part}"
        elif part.strip():
            joined.append(part.strip())
    return joined
