"""Formatted text in the local Telegram: HTML in, entities and safe HTML out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.entities import is_link, parse_html, to_html, trimmed, utf16_length, with_found
from bot.demo.errors import ApiError


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("gewoon", "gewoon", []),
        ("<b>vet</b> <i>schuin</i>", "vet schuin", [entity("bold", 0, 3), entity("italic", 4, 6)]),
        ("<B>vet</B>", "vet", [entity("bold", 0, 3)]),
        ("👍<b>👍</b>", "👍👍", [entity("bold", 2, 2)]),
        ("<b>a<i>b</i></b>", "ab", [entity("italic", 1, 1), entity("bold", 0, 2)]),
        ("<b></b>x", "x", []),
        ("1 &lt; 2 &amp; 3 &gt; 2 &quot;&#8364;&#x20AC;", '1 < 2 & 3 > 2 "€€', []),
        ("&nbsp; &copy; &#0; AT&T", "&nbsp; &copy; &#0; AT&T", []),
        ('<a href="https://x.nl/?a=1&amp;b=2">x</a>', "x", [entity("text_link", 0, 1, url="https://x.nl/?a=1&b=2")]),
        ("<a href='nergens'>x</a>", "x", []),
        ("<a>x.nl</a>", "x.nl", [entity("text_link", 0, 4, url="x.nl")]),
        ('<span class="tg-spoiler">x</span>', "x", [entity("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [entity("expandable_blockquote", 0, 1)]),
        ("<code class=language-sh>x</code>", "x", [entity("code", 0, 1)]),
        ('<pre><code class="language-sh">x</code></pre>', "x", [entity("pre", 0, 1, language="sh")]),
        ("<b  >x</b >", "x", [entity("bold", 0, 1)]),
        ("<b>x</>", "x", [entity("bold", 0, 1)]),
    ],
)
def test_html_becomes_text_and_entities(source: str, text: str, entities: list[dict[str, Any]]) -> None:
    assert parse_html(source) == (text, entities)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("x<br>y", 'Unsupported start tag "br" at byte offset 1'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ('<a href="x', 'Unclosed start tag "a" at byte offset 0'),
        ('<a ="x">', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("</b>", "Unexpected end tag at byte offset 0"),
        ("é<i>x", 'Can\'t find end tag corresponding to start tag "i"'),
        ("<tg-emoji emoji-id='x'>y</tg-emoji>", "Invalid custom emoji identifier specified"),
    ],
)
def test_bad_html_is_refused_in_telegrams_words(source: str, error: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse_html(source)
    assert caught.value.description == f"Bad Request: can't parse entities: {error}"


def test_white_space_around_goes_and_the_entities_move_along() -> None:
    text, entities = parse_html("\n <b> vet </b> \n")
    assert trimmed(text, entities) == ("vet", [entity("bold", 0, 3)])


def test_addresses_and_commands_are_found_outside_what_is_formatted_already() -> None:
    text, entities = parse_html('/start zie https://x.nl/a. <a href="https://y.nl">https://z.nl</a>')
    found = with_found(text, entities)
    assert found == [
        entity("bot_command", 0, 6),
        entity("url", 11, 14),
        entity("text_link", 27, 12, url="https://y.nl"),
    ]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("<b>a<i>b</i></b>\nc", "<b>a<i>b</i></b><br>c"),
        ("&lt;script&gt; &amp;", "&lt;script&gt; &amp;"),
        ("👍 <b>👍</b>", "👍 <b>👍</b>"),
        (
            '<a href="https://x.nl/&quot;onclick=&quot;y">x</a>',
            '<a href="https://x.nl/&quot;onclick=&quot;y" target="_blank" rel="noopener noreferrer">x</a>',
        ),
        ('<a href="tg://user?id=1">x</a>', "x"),
        ("<tg-spoiler>x</tg-spoiler>", "x"),
        ("<blockquote><u>a</u><s>b</s></blockquote>", "<blockquote><u>a</u><s>b</s></blockquote>"),
    ],
)
def test_the_page_gets_safe_html(source: str, shown: str) -> None:
    assert to_html(*parse_html(source)) == shown


@given(st.text(), st.text())
def test_what_somebody_wrote_is_never_markup(before: str, inside: str) -> None:
    text = before + inside
    start, length = utf16_length(before), utf16_length(inside)
    shown = to_html(text, [entity("bold", start, length)] if length else [])
    rest = shown.replace("<b>", "").replace("</b>", "").replace("<br>", "")
    assert "<" not in rest
    assert ">" not in rest


@given(st.text(alphabet="<>/ab =\"'&;#x1é👍\n"))
def test_any_html_is_read_or_refused(source: str) -> None:
    try:
        text, entities = parse_html(source)
    except ApiError:
        return
    end = utf16_length(text)
    assert all(0 <= each["offset"] < each["offset"] + each["length"] <= end for each in entities)


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://x.nl", True),
        ("http://127.0.0.1:8080/a?b#c", True),
        ("x.nl/pad", True),
        ("tg://user?id=1", True),
        ("https://localhost", False),
        ("nergens", False),
        ("javascript:alert(1)", False),
        ("https://x.nl/een pad", False),
        ("", False),
    ],
)
def test_a_link_needs_a_host_with_a_dot(address: str, link: bool) -> None:
    assert is_link(address) is link
