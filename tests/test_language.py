"""The bot's own sentences in every language: complete, with the same facts and signs in them, and safe to send."""

import functools
import gettext
import io
import re
import string
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot import language
from bot.content.plain import check_phrases
from bot.content.problems import hard
from bot.knowledge import Knowledge
from bot.language import DEFAULT, SOURCE, catalogue, markup, negotiate, plain
from bot.letters import letter
from bot.talk import Heard, Talk
from conversations.languages import LANGUAGES, RIGHT_TO_LEFT
from conversations.menu import MEANT_BY_SIGN, MENU, meant
from conversations.replies import Button
from conversations.replies import Message as Said
from conversations.turns import Tap, Text
from conversations.words import Day, Hours, Plain, Words, _, ngettext
from tests.conftest import MONDAY

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "locales" / "messages.pot"
KEYWORDS = {"_": None, "ngettext": (1, 2)}
LONGEST_BUTTON = 40
EMOJI = re.compile(
    r"^[^\w\s*{(«\"“¿¡.◀▶\u200e-]+"
)  # the signs a label starts with; arrows point as the language is read
BUTTON_CALL = re.compile(r"Button\(\s*_\(\s*\"((?:[^\"\\]|\\.)*)\"")
# How many forms a language has, and which of them a number gets.
PLURALS = {
    "nl": {0: 1, 1: 0, 2: 1, 3: 1, 11: 1, 100: 1, 102: 1},
    "ar": {0: 0, 1: 1, 2: 2, 3: 3, 11: 4, 100: 5, 102: 5},
}


@dataclass(frozen=True)
class Sentence:
    """One sentence of a catalogue: English as (one, many) or (one,), and each form of its translation."""

    english: tuple[str, ...]
    forms: tuple[str, ...]
    lines: tuple[int, ...]


def catalogue_file(code: str) -> Path:
    return ROOT / "locales" / code / "LC_MESSAGES" / "messages.po"


@functools.cache
def read(path: Path, code: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=code)


def tupled(words: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


def sentences(path: Path, code: str | None = None) -> list[Sentence]:
    messages: Iterator[Message] = (message for message in read(path, code) if message.id)
    return [Sentence(tupled(m.id), tupled(m.string), (m.lineno or 1,)) for m in messages]


def placeholders(text: str) -> Counter[str]:
    return Counter(name for _before, name, _spec, _conversion in string.Formatter().parse(text) if name is not None)


TRANSLATED = sorted(set(LANGUAGES) - {SOURCE})
EVERY = [pytest.param(code, sentence, id=f"{code}: {sentence.english[0][:40]}")
         for code in TRANSLATED for sentence in sentences(catalogue_file(code), code)]  # fmt: skip
each_sentence = pytest.mark.parametrize(("code", "sentence"), EVERY)
each_translation = pytest.mark.parametrize("code", TRANSLATED)


# What translators get


def extracted() -> set[tuple[str, ...]]:
    found = set()
    for folder in ("bot", "conversations"):
        for _file, _line, words, _comments, _context in extract_from_dir(ROOT / folder, keywords=KEYWORDS):
            found.add(tupled(words))
    return found


def test_the_template_has_every_sentence_in_the_code_and_no_other() -> None:
    template = {sentence.english for sentence in sentences(TEMPLATE)}
    missing, gone = extracted() - template, template - extracted()
    assert not missing, f"run `make words`; not in messages.pot: {missing}"
    assert not gone, f"run `make words`; no longer in the code: {gone}"


def test_every_language_has_a_catalogue_and_every_catalogue_a_language() -> None:
    assert {path.parts[-3] for path in ROOT.glob("locales/*/LC_MESSAGES/messages.po")} == set(TRANSLATED)


# What translators gave


@each_translation
def test_a_catalogue_has_every_sentence_once_and_no_old_ones(code: str) -> None:
    translated, template = read(catalogue_file(code), code), sentences(TEMPLATE)
    assert {s.english for s in sentences(catalogue_file(code), code)} == {s.english for s in template}
    assert not translated.obsolete, f"old sentences: {list(translated.obsolete)[:3]}"
    assert not [message.id for message in translated if message.id and message.fuzzy]


@each_sentence
def test_every_form_is_translated(code: str, sentence: Sentence) -> None:
    wanted = read(catalogue_file(code), code).num_plurals if len(sentence.english) > 1 else 1
    assert len(sentence.forms) == wanted
    assert all(form.strip() == form != "" for form in sentence.forms)


@each_sentence
def test_every_form_has_the_same_facts_in_it(code: str, sentence: Sentence) -> None:
    """A form for exactly no, one or two may say the number in a word."""
    wanted = placeholders(sentence.english[-1])
    for number, form in enumerate(sentence.forms):
        given = placeholders(form)
        if len(sentence.english) > 1 and number < len(sentence.forms) - 1:
            given, wanted_here = given - Counter({"count": 1}), wanted - Counter({"count": 1})
        else:
            wanted_here = wanted
        assert given == wanted_here, form


@each_sentence
def test_bold_stays_bold(code: str, sentence: Sentence) -> None:
    for form in sentence.forms:
        assert form.count("**") == sentence.english[-1].count("**")
        assert form.count("**") % 2 == 0
        assert form.replace("**", "").count("*") == 0


@each_sentence
def test_the_signs_in_front_carry_the_meaning_and_stay(code: str, sentence: Sentence) -> None:
    wanted = EMOJI.match(sentence.english[0])
    for form in sentence.forms:
        found = EMOJI.match(form)
        assert (found and found[0]) == (wanted and wanted[0]), form


@each_sentence
def test_lines_and_paragraphs_stay_one_text(code: str, sentence: Sentence) -> None:
    for form in sentence.forms:
        assert "\n\n\n" not in form
        assert not re.search(r"[ \t]{2,}|[ \t]\n|\n[ \t]|\u00a0\u00a0", form)
        assert not re.search("[\u2066-\u2069\u202a-\u202e]", form), "directions are put in by the program"


@pytest.mark.parametrize("code", sorted(PLURALS))
def test_numbers_get_the_right_form(code: str) -> None:
    """Babel writes the Arabic rule with two forms swapped; ours is the usual one."""
    forms = read(catalogue_file(code), code)
    translations = gettext.GNUTranslations(compiled(code))
    chosen = {number: translations.plural(number) for number in PLURALS[code]}  # type: ignore[attr-defined]
    assert chosen == PLURALS[code]
    assert forms.num_plurals == max(PLURALS[code].values()) + 1


@each_translation
def test_a_number_in_a_sentence_reads_right(code: str) -> None:
    counted = [s for s in sentences(catalogue_file(code), code) if len(s.english) > 1]
    for sentence in counted:
        for number, form in PLURALS[code].items():
            found = catalogue(code).ngettext(*sentence.english, number)
            assert found == sentence.forms[form]


def test_every_translation_is_tried_with_its_own_numbers() -> None:
    assert set(PLURALS) == set(TRANSLATED)


# Buttons


def buttons_in_code() -> set[str]:
    """English labels of buttons, as far as they are written where the button is made; and the menu."""
    code = "\n".join(path.read_text() for path in sorted((ROOT / "conversations").rglob("*.py")))
    written = {label.encode().decode("unicode_escape").encode("latin-1", "ignore").decode("utf-8", "ignore")
               if "\\" in label else label for label in BUTTON_CALL.findall(code)}  # fmt: skip
    return written | {words.text for row in MENU for words in row}


LABELS = sorted(buttons_in_code())


@pytest.mark.parametrize("code", sorted(LANGUAGES))
@pytest.mark.parametrize("label", LABELS)
def test_a_button_fits_on_a_small_phone(code: str, label: str) -> None:
    shown = catalogue(code).gettext(label)
    names_left_out = re.sub(r"\{\w+\}", "", shown)
    assert len(names_left_out) <= LONGEST_BUTTON, shown
    assert "\n" not in shown
    assert "**" not in shown


def test_the_buttons_of_the_conversations_are_found() -> None:
    assert len(LABELS) > 30


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_a_menu_button_means_the_same_in_every_language(code: str) -> None:
    for row in MENU:
        for words in row:
            shown = plain(words, code)
            sign = shown.split()[0].rstrip("\ufe0f")
            assert meant(Text(shown)) == MEANT_BY_SIGN[sign]


# Choosing a language


@pytest.mark.parametrize(
    ("code", "chosen"),
    [("nl", "nl"), ("nl-BE", "nl"), ("en", "en"), ("en-US", "en"), ("EN_gb", "en"), ("ar", "ar"), ("ar-EG", "ar"),
     ("pl", "nl"), ("pt-br", "nl"), ("zh-hans", "nl"), ("", "nl"), ("-", "nl"), ("arz", "nl"), ("x" * 300, "nl")],
)  # fmt: skip
def test_the_language_of_her_telegram_is_used_where_we_speak_it(code: str, chosen: str) -> None:
    assert negotiate(code) == chosen


def test_the_default_is_a_language_we_speak() -> None:
    assert DEFAULT in LANGUAGES
    assert set(LANGUAGES) >= RIGHT_TO_LEFT


# Reading catalogues


def compiled(code: str) -> io.BytesIO:
    memory = io.BytesIO()
    write_mo(memory, read(catalogue_file(code), code))
    memory.seek(0)
    return memory


@each_translation
def test_what_is_shipped_compiled_says_the_same_as_what_is_edited(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = catalogue.__wrapped__(code)
    folder = tmp_path / code / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.mo").write_bytes(compiled(code).read())
    monkeypatch.setattr(language, "shipped", lambda _name: tmp_path)
    shipped = catalogue.__wrapped__(code)
    for sentence in sentences(TEMPLATE):
        one = sentence.english[0]
        if len(sentence.english) == 1:
            assert shipped.gettext(one) == edited.gettext(one) != ""
        else:
            for number in PLURALS[code]:
                assert shipped.ngettext(*sentence.english, number) == edited.ngettext(*sentence.english, number)


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_a_sentence_nobody_has_translated_is_said_in_english(code: str) -> None:
    assert plain(_("A sentence of {day}.", day="tomorrow"), SOURCE) == "A sentence of tomorrow."
    assert "A sentence of" in plain(_("A sentence of {day}.", day="tomorrow"), code)
    assert plain(ngettext("{count} apple", "{count} apples", 1), SOURCE) == "1 apple"
    assert plain(ngettext("{count} apple", "{count} apples", 3), SOURCE) == "3 apples"
    for number in PLURALS.get(code, {}):
        assert "appl" in plain(ngettext("{count} apple", "{count} apples", number), code)


def test_a_language_nobody_has_begun_reads_english() -> None:
    assert plain(MENU[0][0], "xx") == MENU[0][0].text


# What is sent


NASTY = '<b>&amp; "x" {name} %s **bold**'


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_what_people_wrote_is_shown_as_they_wrote_it(code: str) -> None:
    shown = markup(_("Hello again, {name}. You have joined already. Type your question, or tap a button below.",
                     name=NASTY), code)  # fmt: skip
    assert '&lt;b&gt;&amp;amp; "x" {name} %s **bold**' in shown
    assert "<b>" not in shown


def test_bold_of_ours_is_bold_and_signs_of_an_answer_are_escaped() -> None:
    assert markup(Plain("Tik op **Wijzig & bewaar** <nu>."), "nl") == "Tik op <b>Wijzig &amp; bewaar</b> &lt;nu&gt;."
    assert plain(Plain("Tik op **Wijzig**"), "nl") == "Tik op Wijzig"


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_names_and_numbers_keep_their_own_direction(code: str) -> None:
    shown = plain(_("Hello again, {name}. You have joined already. Type your question, or tap a button below.",
                    name="Vierstroom 088"), code)  # fmt: skip
    assert ("\u2068Vierstroom 088\u2069" in shown) == (code in RIGHT_TO_LEFT)
    assert shown.count("\u2068") == shown.count("\u2069")


def test_a_day_and_its_hours_are_said_in_the_readers_language() -> None:
    amsterdam = ZoneInfo("Europe/Amsterdam")
    start = datetime(2026, 11, 24, 14, 0, tzinfo=amsterdam)
    when = _("{day}: {hours}", day=Day(start), hours=Hours(start, start.replace(hour=16)))
    assert plain(when, "nl").startswith("dinsdag 24 november")
    assert plain(when, "en").startswith("Tuesday 24 November")
    assert "نوفمبر" in plain(when, "ar")
    assert "14.00 tot 16.00" in plain(when, "nl")
    assert all("14:00" in plain(when, code) and "16:00" in plain(when, code) for code in LANGUAGES if code != "nl")


# The whole bot in a language that does not exist: half as long again, and full of signs.


class LongWords(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return lengthened(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return lengthened(msgid1 if n == 1 else msgid2)


def lengthened(text: str) -> str:
    """Every sentence becomes longer; signs in front, placeholders and bold stay."""
    return f"{text} {'ñ' * (len(text) // 2)}".strip()


def payloads(came: Sequence[Heard]) -> list[str]:
    every = [does for message in came for row in message.buttons for _label, does in row]
    return [does for does in every if not does.startswith("https://")]


def test_half_as_long_again_still_fits(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "catalogue", lambda _code: LongWords())
    talk = Talk(knowledge, MONDAY)
    heard = [
        talk.message(1, text=said) for said in ("/start zon", *MEANT_BY_SIGN, "blabla", "x ?noodgeval,bang-om-fouten")
    ]
    waiting, tapped = [payload for came in heard for payload in payloads(came)], set()
    while waiting and len(tapped) < 150:
        payload = waiting.pop(0)
        if payload not in tapped:
            tapped.add(payload)
            heard.append(talk.tap(1, payload))
            waiting += payloads(heard[-1])
    assert talk.aside() == []
    shown = [message for came in heard for message in came]
    assert len(shown) > 50
    assert any("ñ" in message.text for message in shown)
    for message in shown:
        assert len(message.text.encode("utf-16-le")) // 2 <= 4096
    assert all(len(payload.encode()) <= 64 for payload in tapped)


def test_a_label_is_a_tap_whatever_its_language() -> None:
    said = Said((Plain("x"),), ((Button(_("🙋 I want a human"), Tap("human")),),))
    taps = {letter(said, code, None)["rows"][0][0]["tap"] for code in LANGUAGES}
    assert taps == {"human"}


# Plain Dutch


def test_the_bot_itself_speaks_plain_dutch() -> None:
    path = catalogue_file("nl")
    phrases = [(path, s.lines[0], form) for s in sentences(path, "nl") for form in s.forms]
    assert len(phrases) > 150
    problems = hard(check_phrases(phrases))
    assert not problems, "\n".join(str(problem) for problem in problems)


def test_the_check_of_plain_dutch_would_see_a_hard_phrase() -> None:
    hard_words = "U dient uw wachtwoord te wijzigen, omdat het verlopen is, en daarna opnieuw in te loggen bij de app."
    assert hard(check_phrases([(catalogue_file("nl"), 1, hard_words)]))


def test_words_are_values_that_can_be_compared() -> None:
    assert _("Hello, {name}.", name="A") == Words("Hello, {name}.", values={"name": "A"})
    assert hash(_("Hello, {name}.", name="A")) == hash(_("Hello, {name}.", name="B"))
