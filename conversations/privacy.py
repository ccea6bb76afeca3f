"""Private things in what somebody types. A client's data and passwords have no place in this chat.

What is found is masked before anything else looks at the text. Some of it is so private that the message
itself is to go. Her question is answered all the same.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from conversations.facts import MessageRefused
from conversations.replies import Message, Reply
from conversations.words import Words, _

Kind: TypeAlias = Literal["bsn", "birth", "password", "bank", "mail", "phone", "address", "name"]

# What may not stay in the chat; the rest is only masked.
REFUSED: dict[Kind, Words] = {
    "bsn": _("I saw a number that looks like a BSN."),
    "birth": _("I saw a date of birth."),
    "password": _("I saw a password or a code."),
    "bank": _("I saw a bank account number."),
}

DATE = r"\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)?\d{2}"
SECRET_WORD = r"wachtwoord|wagtwoord|wachtwoort|wagtwoort|paswoord|password|ww|pincode|pin|inlogcode"  # noqa: S105
TITLE = r"[Mm]evrouw|[Mm]evr\.?|[Mm]w\.?|[Mm]eneer|[Mm]ijnheer|[Dd]hr\.?"
FIND: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("bank", re.compile(r"\b[A-Z]{2}\d{2}\s?[A-Z]{4}\s?(?:\d\s?){10}(?!\d)", re.IGNORECASE)),
    ("mail", re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")),
    ("birth", re.compile(rf"\b(?:geb\w*|born)\b[^\d\n]{{0,20}}({DATE})", re.IGNORECASE)),
    ("birth", re.compile(r"(?<!\d)\d{1,2}[-/.]\d{1,2}[-/.]19\d{2}(?!\d)")),
    ("phone", re.compile(r"(?<![\d.])(?:\+31|0031|0)[\s-]?[1-9](?:[\s-]?\d){8}(?!\d)")),
    ("bsn", re.compile(r"(?<![\d+])\d{4}[. ]?\d{2}[. ]?\d{3}(?!\d)")),
    ("password", re.compile(rf"\b(?:{SECRET_WORD})\b\s*(?:is|was|:|=)+\s*(\S{{4,}})", re.IGNORECASE)),
    ("address", re.compile(r"\b[1-9]\d{3}\s?[A-Z]{2}\b(?:\s?\d{1,4}\w?)?")),
    ("name", re.compile(rf"\b(?:{TITLE})\s+((?:van |de |der |den )*[A-Z]\w+)")),
)  # fmt: skip


@dataclass(frozen=True)
class Cleaned:
    """`text` with everything private masked, such as "[bsn]"; `refused` are the kinds that may not stay."""

    text: str
    refused: tuple[Kind, ...] = ()


def clean(text: str) -> Cleaned:
    refused: dict[Kind, None] = {}
    for kind, pattern in FIND:
        text, found = _mask(text, kind, pattern)
        if found and kind in REFUSED:
            refused[kind] = None
    return Cleaned(text, tuple(refused))


def _mask(text: str, kind: Kind, pattern: re.Pattern[str]) -> tuple[str, bool]:
    pieces, at = [], 0
    for start, end in _private(text, kind, pattern):
        pieces += [text[at:start], f"[{kind}]"]
        at = end
    return "".join((*pieces, text[at:])), bool(pieces)


def _private(text: str, kind: Kind, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Where it stands, without the words around it."""
    sure = SURE.get(kind)
    for found in pattern.finditer(text):
        group = found.lastindex or 0
        if sure is None or sure(found[group]):
            yield found.span(group)


def is_bsn(digits: str) -> bool:
    """The eleven test: 9 times the first digit and so on down to 2, minus the last, divides by 11."""
    number = [int(d) for d in digits if d.isdigit()]
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return len(number) == 9 and any(number) and sum(w * d for w, d in zip(weights, number, strict=True)) % 11 == 0


def looks_like_a_secret(word: str) -> bool:
    """ "wachtwoord is Welkom01!" tells one; "wachtwoord is verlopen" does not."""
    bare = word.strip(".,!?\"'()")
    return any(c.isdigit() for c in bare) or (len(bare) > 3 and any(not c.isalnum() for c in bare))


SURE: dict[Kind, Callable[[str], bool]] = {"bsn": is_bsn, "password": looks_like_a_secret}


def refuse(reply: Reply, refused: tuple[Kind, ...]) -> Reply:
    """Tells her why her message goes, before the answer to it."""
    seen = tuple(REFUSED[kind] for kind in refused)
    why = _("I removed your message. Such things are safer outside this chat. I have not kept it.")
    notice = Message((*seen, why), menu=True)
    return replace(reply, says=(notice, *reply.says)).because(MessageRefused())
