"""A message taken apart: the sentences and clauses that may hold the question, without the small talk."""

import re

from bot.search.folding import fold_text

SHORTEST_CLAUSE = 3  # words

_SENTENCE_END = re.compile(r"[.!?;\n]+(?:\s+|$)|\s[-–—]\s|[…]+|[\n]+|\.{2,}")
_NEW_CLAUSE = (
    "maar|want|dus|terwijl|omdat|but|and then|en (?:dan|nu|nou|toen|ik|hij|als|hoe|waar|wat|wanneer|kan|ook|mag)"
)
_CLAUSE_END = re.compile(rf",\s*|:\s+|\s+(?=(?:{_NEW_CLAUSE})\s)", re.IGNORECASE)
_SMALL_TALK_WORDS = """
hallo hoi hai hey hi hee heey dag goedemorgen goedemiddag goedenavond goeiemorgen goeiemiddag goeienavond moi yo
allemaal mensen lieve beste digihulp bot vraagje vraag even graag alsjeblieft alstublieft aub svp pls please groetjes
groet gr mvg alvast bedankt dank je wel dankjewel sorry euh eh uh nou ja goeie goede morgen middag avond hello selam
merhaba hola bonjour mss misschien hoor hé xx x lol haha hihi oke ok
"""
_SMALL_TALK = frozenset(fold_text(_SMALL_TALK_WORDS).split())


def sentences(message: str) -> list[str]:
    return [part.strip() for part in _SENTENCE_END.split(message) if part and part.strip()]


def clauses(message: str) -> list[str]:
    """The parts that can stand alone, in order; the message itself when it has but one."""
    parts = [part for sentence in sentences(message) for part in _joined(_CLAUSE_END.split(sentence))]
    telling = [part for part in parts if not is_small_talk(part)]
    return telling or parts


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
