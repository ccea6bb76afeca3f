"""Spelling taken down to sound, so that "wagtwoort" and "wachtwoord" become one word."""

import re
import unicodedata
from functools import lru_cache

# Letters that Unicode does not see as a letter with an accent.
_STROKES = str.maketrans({"ł": "l", "ı": "i", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_APOSTROPHES = re.compile(r"['’‘`´]")
_NOT_A_WORD = re.compile(r"[\W_]+")

# In this order; each works on what the ones before it left. The left side is a regular expression.
_SOUNDS: tuple[tuple[str, str], ...] = (
    ("qu", "kw"),
    ("x", "ks"),
    ("ck", "k"),
    ("sch(?=[rlmn]|e?$)", "s"),  # schrijven, fantastisch: no g is heard
    ("sh|sj", "sj"),
    ("ch|gh", "g"),
    ("ph|v", "f"),
    ("th", "t"),
    ("tie(?=s?$)", "sie"),  # vakantie
    ("c(?=[eiy])", "s"),
    ("c", "k"),
    ("z", "s"),
    ("eij|ij|ei|ey", "y"),
    ("ouw|auw|ou|au", "ou"),
    ("ieuw", "iw"),
    ("ie", "i"),
    ("d", "t"),
    ("b$", "p"),
    (r"([^\W\d])\1+", r"\1"),
    ("en$", "e"),
)
# Little words as they are said, and typed.
_SPOKEN = {
    "ut": "het", "et": "het", "t": "het", "me": "mijn", "mn": "mijn", "m": "hem", "nie": "niet", "ni": "niet",
    "da": "dat", "k": "ik", "ikke": "ik", "nou": "nu", "noo": "nu", "zn": "zijn", "n": "een", "ff": "even",
    "effe": "even", "effen": "even", "nix": "niks", "wa": "wat", "ge": "je", "gij": "jij", "u": "je", "uw": "je",
    "eige": "eigen", "dr": "er", "ie": "hij", "hij": "hij", "mij": "mij", "ma": "maar", "mar": "maar",
}  # fmt: skip
_RULES = tuple((re.compile(pattern), sound) for pattern, sound in _SOUNDS)


def plain(text: str) -> str:
    """Lower case, without links, accents, apostrophes and signs; words apart by one space.

    Letters of every script stay, digits too (112!); a Cyrillic letter may lose its breve, everywhere alike.
    """
    text = _LINK.sub(" ", unicodedata.normalize("NFKC", text).casefold())
    text = _APOSTROPHES.sub("", text).translate(_STROKES)
    letters = unicodedata.normalize("NFKD", text)
    kept = "".join(letter for letter in letters if not _is_latin_accent(letter))
    return _NOT_A_WORD.sub(" ", unicodedata.normalize("NFC", kept)).strip()


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """One word from `plain`, as it sounds."""
    word = _SPOKEN.get(word, word)
    for pattern, sound in _RULES:
        word = pattern.sub(sound, word)
    return word


def fold_text(text: str) -> str:
    return " ".join(fold(word) for word in plain(text).split())


def _is_latin_accent(letter: str) -> bool:
    return "\u0300" <= letter <= "\u036f"
