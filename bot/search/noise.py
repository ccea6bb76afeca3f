"""Realistic misspelling: what a tired, hasty or second-language writer makes of a sentence."""

import random
import zlib

# Pairs that sound alike; either side is written for the other.
_SOUND_ALIKE = (
    ("ij", "ei"), ("ou", "au"), ("ch", "g"), ("cht", "gt"), ("dt", "d"), ("dt", "t"), ("d", "t"), ("c", "k"),
    ("z", "s"), ("v", "f"), ("ie", "i"), ("oo", "o"), ("aa", "a"), ("ee", "e"), ("uu", "u"), ("eu", "u"),
    ("tt", "t"), ("ll", "l"), ("kk", "k"), ("pp", "p"), ("ss", "s"), ("mm", "m"), ("nn", "n"), ("gg", "g"),
    ("eeuw", "eew"), ("ieuw", "iew"), ("x", "ks"), ("sch", "sg"), ("th", "t"), ("y", "ie"), ("tie", "sie"),
    ("en ", "e "), ("oe", "u"), ("w", "v"), ("e", "i"), ("qu", "kw"),
)  # fmt: skip
_NEXT_KEY = {
    letter: before + after
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for before, letter, after in zip(" " + row, row, row[1:] + " ", strict=False)
}
_LITTLE_WORDS = frozenset(
    [
        "de",
        "het",
        "een",
        "ik",
        "je",
        "me",
        "mijn",
        "er",
        "dat",
        "die",
        "is",
        "te",
        "van",
        "in",
        "op",
        "aan",
        "met",
        "om",
        "en",
        "maar",
        "ook",
        "wel",
        "al",
        "nog",
        "dan",
        "heb",
        "ben",
        "kan",
    ]
)


def misspelt(text: str, copy: int) -> str:
    """The `copy`-th misspelling of a text: the same one every time."""
    chance = random.Random(zlib.crc32(f"{copy}:{text}".encode()))  # noqa: S311 - misspelling needs no secrecy
    text = " ".join(_without_some_words(text.casefold().split(), chance))
    letters = max(len(text), 1)
    text = _by_ear(text + " ", chance, 1 + letters // 18).strip()
    if chance.random() < 0.6:
        text = _slips(text, chance, 1 + letters // 40)
    if chance.random() < 0.35:
        text = _spaces(text, chance)
    return text


def _without_some_words(words: list[str], chance: random.Random) -> list[str]:
    """Drops articles as learners of Dutch do, and now and then any word."""
    if len(words) < 3:
        return words
    little, any_word = chance.choice(((0.0, 0.0), (0.4, 0.05), (0.8, 0.1), (0.2, 0.25)))
    kept = [word for word in words if chance.random() >= (little if word in _LITTLE_WORDS else any_word)]
    return kept or words


def _by_ear(text: str, chance: random.Random, times: int) -> str:
    for _ in range(times):
        here = [(a, b) for pair in _SOUND_ALIKE for a, b in (pair, pair[::-1]) if a in text]
        if not here:
            return text
        old, new = chance.choice(here)
        places = [at for at in range(len(text)) if text.startswith(old, at)]
        at = chance.choice(places)
        text = text[:at] + new + text[at + len(old) :]
    return text


def _slips(text: str, chance: random.Random, times: int) -> str:
    for _ in range(times):
        if len(text) < 4:
            return text
        at = chance.randrange(1, len(text) - 1)
        letter = text[at]
        text = chance.choice(
            (
                text[:at] + text[at + 1 :],
                text[:at] + letter + text[at:],
                text[: at - 1] + letter + text[at - 1] + text[at + 1 :],
                text[:at] + (chance.choice(_NEXT_KEY[letter]) if letter in _NEXT_KEY else letter) + text[at + 1 :],
            )
        )
    return text


def _spaces(text: str, chance: random.Random) -> str:
    """A space forgotten, or one put inside a compound."""
    gaps = [at for at, letter in enumerate(text) if letter == " "]
    if gaps and chance.random() < 0.7:
        at = chance.choice(gaps)
        return text[:at] + text[at + 1 :]
    if len(text) > 8:
        at = chance.randrange(3, len(text) - 3)
        return text[:at] + " " + text[at:]
    return text
