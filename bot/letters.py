"""From what a conversation says to a letter in the reader's language, ready for the outbox.

A letter is one of
    {"text": HTML, "rows": [[{"label", "tap" | "url"}]], "menu": {"rows", "placeholder"}, "edit": number}
    {"calendar": {"name", "text"}}
    {"map": {"latitude", "longitude", "name", "address"}}
    {"delete": number}      a message of hers that may not stay
"""

from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from icalendar import Calendar, Event

from bot.language import isolated, markup, plain
from conversations.menu import MENU, PLACEHOLDER
from conversations.replies import Button, CalendarFile, Map, Message, Share
from conversations.turns import Tap
from conversations.words import Listed, Paragraph, Plain
from conversations.world import Session

Letter = dict[str, Any]


def letter(message: Message, language: str, tapped: int | None) -> Letter:
    """`tapped` is the message whose button led here, to be replaced if the conversation wants that."""
    language = message.language or language
    match message.attached:
        case CalendarFile(session):
            return {"calendar": {"name": "digihulp.ics", "text": calendar(session)}}
        case Map(place):
            spot = {"latitude": place.latitude, "longitude": place.longitude}
            return {"map": {**spot, "name": place.name, "address": place.address}}
    body: Letter = {"text": "\n\n".join(_paragraph(p, language) for p in message.paragraphs)}
    if message.rows:
        body["rows"] = [[_button(button, language) for button in row] for row in message.rows]
    elif message.menu:
        rows = [[plain(words, language) for words in row] for row in MENU]
        body["menu"] = {"rows": rows, "placeholder": plain(PLACEHOLDER, language)}
    if message.in_place and tapped is not None:
        body["edit"] = tapped
    return body


def _paragraph(words: Paragraph, language: str) -> str:
    if isinstance(words, Listed):
        return "\n".join(f"• {markup(line, language)}" for line in words.lines)
    return markup(words, language)


def _button(button: Button, language: str) -> dict[str, str]:
    label = plain(button.label, language)
    if isinstance(button.label, Plain):
        label = isolated(label, language)
    if isinstance(button.does, Tap):
        return {"label": label, "tap": str(button.does)}
    if isinstance(button.does, Share):
        asked = urlencode({"url": button.does.link, "text": plain(button.does.words, language)}, quote_via=quote)
        return {"label": label, "url": f"https://t.me/share/url?{asked}"}
    return {"label": label, "url": button.does}


@lru_cache
def calendar(session: Session) -> str:
    """The drop-in as a calendar file; the same `uid` with a higher `sequence` replaces an older one."""
    event = Event()
    event.add("uid", session.uid)
    event.add("sequence", session.sequence)
    event.add("dtstamp", session.starts_at)
    event.add("dtstart", session.starts_at)
    event.add("dtend", session.ends_at)
    what = {"dropin": "inloop"}.get(session.kind, session.kind)
    event.add("summary", f"Digihulp: {what}, {session.place.name}")
    event.add("location", session.place.in_full)
    if session.cancelled:
        event.add("status", "CANCELLED")
    file = Calendar()
    file.add("prodid", "-//Digihulp//NL")
    file.add("version", "2.0")
    file.add("method", "CANCEL" if session.cancelled else "PUBLISH")
    file.add_component(event)
    return bytes(file.to_ical()).decode()
