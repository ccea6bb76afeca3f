"""Sentences in the reader's language."""

import functools
import gettext
import html
import io
import re
from collections.abc import Mapping
from datetime import date

from babel import dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.shipped import shipped
from conversations.languages import LANGUAGES, RIGHT_TO_LEFT
from conversations.words import SPAN, Clock, Day, Hours, Plain, Value, Words

SOURCE = "en"
DEFAULT = "nl"
CLOCK_SIGN = {"nl": "."}  # between hours and minutes; elsewhere a colon

# Names, numbers and Dutch words keep their own direction inside right-to-left text.
ISOLATE, POP = "\u2068", "\u2069"


def negotiate(code: str) -> str:
    """The language for a Telegram language code such as "pt-br"; Dutch when we do not speak it."""
    language = code.lower().partition("-")[0].partition("_")[0]
    return language if language in LANGUAGES else DEFAULT


@functools.cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The translations: compiled ones where they are shipped, else straight from what translators edit."""
    folder = shipped("locales") / language / "LC_MESSAGES"
    compiled, edited = folder / "messages.mo", folder / "messages.po"
    if compiled.exists():
        with compiled.open("rb") as file:
            return gettext.GNUTranslations(file)
    if edited.exists():
        memory = io.BytesIO()
        with edited.open("rb") as file:
            write_mo(memory, read_po(file, locale=language))
        memory.seek(0)
        return gettext.GNUTranslations(memory)
    return gettext.NullTranslations()


def plain(words: Words | Plain, language: str) -> str:
    """As text without any marks, for buttons and files."""
    return _fill(words, language).replace("**", "")


def markup(words: Words | Plain, language: str) -> str:
    """As the HTML that Telegram reads; everything that is not ours is escaped."""
    if isinstance(words, Plain):
        return _bold(html.escape(words.text, quote=False))
    template = _bold(html.escape(_template(words, language), quote=False))
    values = {key: html.escape(value, quote=False) for key, value in _values(words, language).items()}
    return template.format_map(values)


def _bold(text: str) -> str:
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)


def _fill(words: Words | Plain, language: str) -> str:
    if isinstance(words, Plain):
        return words.text
    return _template(words, language).format_map(_values(words, language))


def _template(words: Words, language: str) -> str:
    translations = catalogue(language)
    if words.count is None:
        return translations.gettext(words.text)
    return translations.ngettext(words.text, words.plural, words.count)


def _values(words: Words, language: str) -> Mapping[str, str]:
    return {key: value(given, language) for key, given in words.values.items()}


def value(given: Value, language: str) -> str:
    match given:
        case Words():
            return _fill(given, language)
        case Day(at):
            return _day(at.date(), language)
        case Hours(start, end):
            clocks = {"start": Clock(start.hour, start.minute), "end": Clock(end.hour, end.minute)}
            return _fill(Words(SPAN.text, values=clocks), language)
        case Clock(hour, minute):
            return isolated(f"{hour}{CLOCK_SIGN.get(language, ':')}{minute:02}", language)
        case int():
            return isolated(numbers.format_decimal(given, locale=language), language)
        case _:
            return isolated(given, language)


@functools.lru_cache
def _day(day: date, language: str) -> str:
    return dates.format_date(day, "EEEE d MMMM", locale=language)


def isolated(text: str, language: str) -> str:
    return f"{ISOLATE}{text}{POP}" if language in RIGHT_TO_LEFT else text
