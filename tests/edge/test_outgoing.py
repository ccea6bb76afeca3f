"""Message in, exact API form out: from what is said to the letter, and from the letter to the post."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from telegram.request import RequestData

import bot.demo
from bot.language import ISOLATE, POP
from bot.letters import calendar, letter
from bot.outcomes import Refused, Sent
from bot.telegram.client import Client
from bot.telegram.outgoing import call, without_edit
from bot.telegram.transport import AiohttpRequest
from conversations.replies import Button, CalendarFile, Map, Message
from conversations.turns import Tap
from conversations.words import Day, Hours, Plain, Words
from conversations.world import Place, Session

CHAT = 5061234567
METHODS = json.loads((Path(bot.demo.__file__).parent / "bot-api-10.0.json").read_text(encoding="utf-8"))["methods"]

AS_HTML = {"parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
JOIN = {"label": "Ik kom", "tap": "session:come:12"}
NOT = {"label": "Toch niet", "tap": "session:not:12"}
SITE = {"label": "Naar de site", "url": "https://example.org/inloop?a=1&b=2"}
MENU = {"rows": [["❓ Stel een vraag", "📚 Onderwerpen"], ["⚙️ Instellingen"]], "placeholder": "Typ je vraag"}
SPOT = {"latitude": 52.0112, "longitude": 4.7069, "name": "Chocoladefabriek", "address": "Klein Amerika 20"}

POSTED: dict[str, tuple[dict[str, Any], str, dict[str, Any]]] = {
    "text": ({"text": "Hallo <b>Selam</b>"}, "sendMessage", {"text": "Hallo <b>Selam</b>", **AS_HTML}),
    "rows": (
        {"text": "Kom je?", "rows": [[JOIN, NOT], [SITE]]},
        "sendMessage",
        {
            "text": "Kom je?",
            **AS_HTML,
            "reply_markup": {
                "inline_keyboard": [
                    [
                        {"text": "Ik kom", "callback_data": "session:come:12"},
                        {"text": "Toch niet", "callback_data": "session:not:12"},
                    ],
                    [{"text": "Naar de site", "url": "https://example.org/inloop?a=1&b=2"}],
                ]
            },
        },
    ),
    "menu": (
        {"text": "Wat wil je doen?", "menu": MENU},
        "sendMessage",
        {
            "text": "Wat wil je doen?",
            **AS_HTML,
            "reply_markup": {
                "keyboard": [
                    [{"text": "❓ Stel een vraag"}, {"text": "📚 Onderwerpen"}],
                    [{"text": "⚙️ Instellingen"}],
                ],
                "resize_keyboard": True,
                "is_persistent": True,
                "input_field_placeholder": "Typ je vraag",
            },
        },
    ),
    "no rows": ({"text": "Hallo", "rows": []}, "sendMessage", {"text": "Hallo", **AS_HTML}),
    "edit with rows": (
        {"text": "Stap 2", "rows": [[JOIN]], "edit": 31},
        "editMessageText",
        {
            "message_id": 31,
            "text": "Stap 2",
            **AS_HTML,
            "reply_markup": {"inline_keyboard": [[{"text": "Ik kom", "callback_data": "session:come:12"}]]},
        },
    ),
    "edit that takes the buttons away": (
        {"text": "Klaar", "edit": 31},
        "editMessageText",
        {"message_id": 31, "text": "Klaar", **AS_HTML},
    ),
    "map": (
        {"map": SPOT},
        "sendVenue",
        {
            "latitude": 52.0112,
            "longitude": 4.7069,
            "title": "Chocoladefabriek",
            "address": "Klein Amerika 20",
        },
    ),
}


def read_form(form: dict[str, str], expected: dict[str, Any]) -> dict[str, Any]:
    """Texts are posted as they are, all else as JSON."""
    return {name: value if isinstance(expected.get(name), str) else json.loads(value) for name, value in form.items()}


@pytest.mark.parametrize("name", POSTED)
async def test_a_letter_is_posted_in_exactly_this_form(name: str, client: Client, telegram: Any) -> None:
    written, method, parameters = POSTED[name]
    assert await client.send(written, CHAT) == Sent(77)
    [posted] = telegram.posted
    assert posted.method == method
    assert read_form(posted.form, parameters) == {"chat_id": CHAT, **parameters}
    assert posted.files == {}


async def test_a_calendar_is_posted_as_a_file(client: Client, telegram: Any) -> None:
    written = {"calendar": {"name": "digihulp.ics", "text": "BEGIN:VCALENDAR\r\nSUMMARY:Café\r\nEND:VCALENDAR\r\n"}}
    assert await client.send(written, CHAT) == Sent(77)
    [posted] = telegram.posted
    assert (posted.method, posted.form) == ("sendDocument", {"chat_id": str(CHAT)})
    content = "BEGIN:VCALENDAR\r\nSUMMARY:Café\r\nEND:VCALENDAR\r\n".encode()
    assert posted.files == {"document": ("digihulp.ics", content, "text/calendar")}


@pytest.mark.parametrize("name", POSTED)
def test_every_form_has_what_the_bot_api_requires_and_nothing_it_does_not_know(name: str) -> None:
    _, method, parameters = POSTED[name]
    fields = {field["name"]: field["required"] for field in METHODS[method]["fields"]}
    posted = {"chat_id", *parameters}
    assert posted <= set(fields)
    assert {field for field, required in fields.items() if required} <= posted


@pytest.mark.parametrize("empty", [{}, {"rows": [[JOIN]]}, {"edit": 31}, {"text": None}, {"map": {"name": "x"}}])
async def test_a_letter_with_nothing_to_send_is_refused_and_not_posted(
    empty: dict[str, Any], client: Client, telegram: Any
) -> None:
    assert isinstance(await client.send(empty, CHAT), Refused)
    assert telegram.posted == []


def test_without_edit_everything_else_stays() -> None:
    assert without_edit({"text": "a", "rows": [[JOIN]], "edit": 3}) == {"text": "a", "rows": [[JOIN]]}
    assert call(without_edit({"text": "a", "edit": 3}), CHAT).method == "send_message"


async def test_text_and_file_arrive_over_the_line_as_they_were_posted() -> None:
    forms: list[dict[str, Any]] = []

    async def take(request: web.Request) -> web.Response:
        form = await request.post()
        forms.append(
            {
                name: (part.filename, part.file.read(), part.content_type) if isinstance(part, web.FileField) else part
                for name, part in form.items()
            }
        )
        return web.json_response({"ok": True, "result": True})

    application = web.Application()
    application.router.add_post("/{path:.*}", take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    client = Client("42:TOKEN", f"http://127.0.0.1:{runner.addresses[0][1]}")
    await client.bot.request.initialize()
    try:
        await client.send(POSTED["rows"][0], CHAT)
        await client.send({"calendar": {"name": "digihulp.ics", "text": "Café"}}, CHAT)
    finally:
        await client.bot.request.shutdown()
        await runner.cleanup()
    text, file = forms
    assert read_form(text, POSTED["rows"][2]) == {"chat_id": CHAT, **POSTED["rows"][2]}
    assert file == {"chat_id": str(CHAT), "document": ("digihulp.ics", "Café".encode(), "text/calendar")}


async def test_a_carrier_that_was_not_opened_says_so() -> None:
    with pytest.raises(RuntimeError, match="initialize"):
        await AiohttpRequest().do_request("http://telegram.invalid", "POST", RequestData())


# From a message to a letter. The sentences are in no catalogue: every language shows them as they are.

NASTY = '<b>&"Selam"</b>'
NASTY_SAFE = '&lt;b&gt;&amp;"Selam"&lt;/b&gt;'
MOMENT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


def words(text: str, **values: Any) -> Words:
    return Words(text, values=values)


RENDERED: dict[str, tuple[Words | Plain, dict[str, str]]] = {
    "a name with signs of HTML": (
        words("Zzz, **{name}**.", name=NASTY),
        {
            "nl": f"Zzz, <b>{NASTY_SAFE}</b>.",
            "en": f"Zzz, <b>{NASTY_SAFE}</b>.",
            "ar": f"Zzz, <b>{ISOLATE}{NASTY_SAFE}{POP}</b>.",
        },
    ),
    "a sentence of ours with signs of HTML": (
        words("1 < 2 & **3**"),
        dict.fromkeys(("nl", "en", "ar"), "1 &lt; 2 &amp; <b>3</b>"),
    ),
    "stars and braces in a name mean nothing": (
        words("Zzz, {name}.", name="**{id}**"),
        {"nl": "Zzz, **{id}**.", "en": "Zzz, **{id}**.", "ar": f"Zzz, {ISOLATE}**{{id}}**{POP}."},
    ),
    "text in her own language": (
        Plain("Tik op **Vergeten** & <wacht>."),
        dict.fromkeys(("nl", "en", "ar"), "Tik op <b>Vergeten</b> &amp; &lt;wacht&gt;."),
    ),
    "a number": (words("Zzz {n}", n=3), {"nl": "Zzz 3", "en": "Zzz 3", "ar": f"Zzz {ISOLATE}3{POP}"}),
    "a day": (
        words("{day}", day=Day(MOMENT)),
        {"nl": "dinsdag 24 november", "en": "Tuesday 24 November", "ar": "الثلاثاء 24 نوفمبر"},
    ),
}


@pytest.mark.parametrize(
    ("name", "language"), [(name, language) for name, (_, by) in RENDERED.items() for language in by]
)
def test_words_become_safe_html_in_each_language(name: str, language: str) -> None:
    said, expected = RENDERED[name]
    assert letter(Message((said,)), language, None) == {"text": expected[language]}


@pytest.mark.parametrize("language", ["nl", "en", "ar"])
def test_hours_are_clock_times_and_isolated_in_arabic(language: str) -> None:
    said = words("{hours}", hours=Hours(MOMENT, MOMENT.replace(hour=16)))
    text = letter(Message((said,)), language, None)["text"]
    sign = "." if language == "nl" else ":"
    assert text.index(f"14{sign}00") < text.index(f"16{sign}00")
    assert (ISOLATE in text and POP in text) == (language == "ar")


def test_paragraphs_stand_apart() -> None:
    assert letter(Message((Plain("a"), Plain("b"))), "nl", None) == {"text": "a\n\nb"}


def test_a_long_text_is_not_cut() -> None:
    long = "Ik kan niet bij mijn rooster. " * 200
    assert letter(Message((Plain(long),)), "nl", None)["text"] == long


@pytest.mark.parametrize(
    ("language", "label"),
    [("nl", "Nedap & <Ons>"), ("en", "Nedap & <Ons>"), ("ar", f"{ISOLATE}Nedap & <Ons>{POP}")],
)
def test_a_button_shows_a_name_plainly_and_isolated(language: str, label: str) -> None:
    button = Button(Plain("**Nedap** & <Ons>"), Tap("answer", "show", "nedap"))
    message = Message((Plain("a"),), ((button,),))
    assert letter(message, language, None)["rows"] == [[{"label": label, "tap": "answer:show:nedap"}]]


def test_rows_keep_their_shape_and_an_address_stays_an_address() -> None:
    yes, no = Button(words("Zzz ja"), Tap("join", "yes")), Button(words("Zzz nee"), Tap("join", "no"))
    site = Button(words("Zzz site"), "https://example.org")
    assert letter(Message((Plain("a"),), ((yes, no), (site,))), "en", None)["rows"] == [
        [{"label": "Zzz ja", "tap": "join:yes"}, {"label": "Zzz nee", "tap": "join:no"}],
        [{"label": "Zzz site", "url": "https://example.org"}],
    ]


def test_the_menu_is_laid_down_only_where_there_are_no_other_buttons() -> None:
    button = Button(words("Zzz"), Tap("menu"))
    assert "menu" not in letter(Message((Plain("a"),), ((button,),), menu=True), "en", None)
    menu = letter(Message((Plain("a"),), menu=True), "en", None)["menu"]
    assert menu["rows"][0] == ["❓ Ask a question", "📚 Subjects"]
    assert 1 <= len(menu["placeholder"]) <= 64


@pytest.mark.parametrize(
    ("in_place", "tapped", "edit"),
    [(True, 31, 31), (True, None, None), (False, 31, None), (False, None, None)],
)
def test_only_a_tap_on_a_message_that_wants_it_is_answered_in_place(
    in_place: bool, tapped: int | None, edit: int | None
) -> None:
    assert letter(Message((Plain("a"),), in_place=in_place), "nl", tapped).get("edit") == edit


PLACE = Place("choco", "Chocoladefabriek", "Klein Amerika 20, Gouda", 52.0112, 4.7069)
SESSION = Session(12, "session-12@digihulp", "gouda", PLACE, MOMENT, MOMENT.replace(hour=16), sequence=1)


def test_a_map_is_a_place_with_its_name() -> None:
    assert letter(Message((), attached=Map(PLACE)), "ar", None) == {
        "map": {
            "latitude": 52.0112,
            "longitude": 4.7069,
            "name": "Chocoladefabriek",
            "address": "Klein Amerika 20, Gouda",
        }
    }


def test_a_calendar_file_says_where_and_when() -> None:
    written = letter(Message((), attached=CalendarFile(SESSION)), "nl", None)["calendar"]
    assert written == {"name": "digihulp.ics", "text": calendar(SESSION)}
    [event] = Calendar.from_ical(written["text"]).walk("VEVENT")
    assert (event["uid"], event["sequence"]) == ("session-12@digihulp", 1)
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (MOMENT, MOMENT.replace(hour=16))
    assert event["location"] == "Chocoladefabriek, Klein Amerika 20, Gouda"


names = st.from_regex(r"[a-z][a-z-]{0,9}", fullmatch=True)


@settings(deadline=None)
@given(names, names | st.just(""), names | st.integers(0, 2**63 - 1).map(str) | st.just(""))
def test_a_tap_fits_a_button_and_comes_back_as_it_went(about: str, act: str, which: str) -> None:
    tap = Tap(about, act, which)
    written = letter(Message((Plain("a"),), ((Button(Plain("b"), tap),),)), "ar", None)
    markup = call(written, CHAT).arguments["reply_markup"].to_dict()
    payload = markup["inline_keyboard"][0][0]["callback_data"]
    assert 1 <= len(payload.encode()) <= 64
    assert Tap.read(payload) == tap
