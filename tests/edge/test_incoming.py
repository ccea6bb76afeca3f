"""Captured payload in, neutral turn out. The payloads are in payloads/, by name; what they mean is here."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram.constants import MessageType

from bot.arrivals import Arrival, UnreadableError
from bot.telegram import incoming
from bot.telegram.incoming import ALLOWED_UPDATES, MEANINGLESS, SILENT, lane, read
from conversations.turns import (
    Blocked,
    Command,
    Contact,
    Document,
    Edited,
    Elsewhere,
    Location,
    Other,
    Photo,
    Sticker,
    Tap,
    Text,
    Turn,
    Unblocked,
    Voice,
)

PAYLOADS: dict[str, dict[str, Any]] = {
    file.stem: json.loads(file.read_text(encoding="utf-8"))
    for file in sorted((Path(__file__).parent / "payloads").glob("*.json"))
}
EVERY_PAYLOAD = {name: update for theme in PAYLOADS.values() for name, update in theme.items()}

SELAM = 5061234567
GROUP = -4123456789
SUPERGROUP = -1002123456789
LONG = "Ik kan niet bij mijn rooster. " * 167


def from_selam(turn: Turn, message: int | None = None) -> Arrival:
    return Arrival(SELAM, turn, "Selam", "nl", message)


def in_group(chat: int) -> Arrival:
    return Arrival(chat, Elsewhere(), "", "nl")


SAID: dict[str, Turn] = {
    "text": Text("ik ben mijn wachtwoord kwijt"),
    "start_with_a_code": Command("start", "vierstroom-2026"),
    "start_at_the_bot": Command("start"),
    "command_on_a_line_of_its_own": Command("help", "hoe werkt dit\nen dat"),
    "slash_that_is_no_command": Text("/ ik kan niet inloggen"),
    "photo_with_a_caption": Photo("dit staat er"),
    "photo_of_an_album": Photo(),
    "live_photo": Photo("kijk"),
    "voice": Voice(7),
    "video_note": Voice(12),
    "audio": Voice(214),
    "sticker": Sticker("👍"),
    "sticker_without_emoji": Sticker(),
    "animation": Other("animation"),
    "video": Document("zo gaat het mis"),
    "document": Document("mijn rooster"),
    "location": Location(52.011, 4.7106),
    "location_on_a_whole_degree": Location(52.0, 5.0),
    "live_location": Location(52.0115, 4.711),
    "venue": Location(52.0112, 4.7069),
    "contact": Contact(),
    "poll": Other("poll"),
    "dice": Other("dice"),
    "game": Other("game"),
    "story": Other("story"),
    "checklist": Other("checklist"),
    "gift": Other("gift"),
    "forwarded_text": Text("Wie werkt er zaterdag?"),
    "forwarded_from_somebody_hidden": Text("Let op, nieuwe app!"),
    "reply": Text("die bedoel ik"),
    "reply_to_what_is_gone": Text("en deze?"),
    "first_part_of_5000_characters": Text(LONG[:4096]),
    "last_part_of_5000_characters": Text(LONG[4096:5000]),
    "emoji_with_entities": Text("👩🏽‍⚕️ hoe zet ik 🔑 aan?"),
    "kind_of_a_newer_bot_api": Other("unknown"),
    "edited_text": Edited("ik ben mijn wachtwoord van Nedap kwijt"),
    "edited_caption": Edited("dit staat er nu"),
    "blocked": Blocked(),
    "unblocked": Unblocked(),
    "left_a_private_chat": Blocked(),
}
ARRIVED: dict[str, Arrival] = {
    **{name: from_selam(turn) for name, turn in SAID.items()},
    "right_to_left": Arrival(SELAM, Text("نسيت كلمة السر في Nedap"), "Selam", "ar"),
    "null_and_half_an_emoji": from_selam(Text("hallo ")),
    "longest_id": Arrival(2**52 - 1, Text("hallo"), "Selam", "nl"),
    "name_of_100_characters": Arrival(SELAM, Text("hallo"), "A" * 64, "nl"),
    "no_language": Arrival(SELAM, Text("hallo"), "Selam", ""),
    "tap": from_selam(Tap("session", "join", "12"), 31),
    "tap_on_an_inaccessible_message": from_selam(Tap("session", "join", "12")),
    "tap_on_a_game": from_selam(Tap(""), 33),
    "tap_with_64_odd_bytes": from_selam(Tap("", "", "é" * 30 + "\n:"), 31),
    "tap_with_an_invented_payload": from_selam(Tap("answer", "show", "../../etc/passwd:"), 31),
    "tap_in_a_group": in_group(GROUP),
    "group_text": in_group(GROUP),
    "supergroup_command": in_group(SUPERGROUP),
    "group_photo": in_group(GROUP),
    "chat_of_a_newer_sort": in_group(-1009999999999),
    "added_to_a_group": in_group(GROUP),
}
# Nothing to answer, and the lane it waits in.
SILENCE: dict[str, int] = {
    "pinned_message": SELAM,
    "background_set": SELAM,
    "write_access_allowed": SELAM,
    "forum_topic_in_a_private_chat": SELAM,
    "another_bot": 7099999999,
    "edited_photo_without_words": SELAM,
    "live_location_that_moved": SELAM,
    "edited_text_in_a_group": GROUP,
    "tap_in_an_inline_message": SELAM,
    "tap_of_another_bot": 7099999999,
    "anonymous_admin": SUPERGROUP,
    "channel_speaking_in_a_group": SUPERGROUP,
    "channel_post_forwarded_by_itself": SUPERGROUP,
    "message_without_from": GROUP,
    "new_members": GROUP,
    "left_member": GROUP,
    "group_created": GROUP,
    "group_became_a_supergroup": GROUP,
    "video_chat_started": SUPERGROUP,
    "channel_post": 0,
    "removed_from_a_group": GROUP,
    "made_administrator_of_a_group": GROUP,
    "business_message": 0,
    "message_reaction": 0,
    "poll_answer": 0,
    "only_an_update_id": 0,
    "update_of_a_newer_bot_api": 0,
}
# Makes no sense; set aside in the lane of whoever sent it, as far as that can be told.
UNREADABLE: dict[str, int] = {
    "message_that_is_a_list": 0,
    "message_that_is_a_text": 0,
    "message_that_is_a_number": 0,
    "chat_that_is_null": SELAM,
    "from_that_is_a_text": 0,
    "user_id_in_words": 0,
    "user_id_true": 0,
    "user_id_of_53_bits": 0,
    "user_id_of_100_digits": 0,
    "user_without_a_first_name": SELAM,
    "first_name_that_is_a_number": SELAM,
    "language_that_is_a_number": SELAM,
    "text_that_is_a_number": SELAM,
    "caption_that_is_a_list": SELAM,
    "photo_that_is_a_text": SELAM,
    "duration_in_words": SELAM,
    "latitude_in_words": SELAM,
    "place_off_this_earth": SELAM,
    "place_south_of_the_pole": SELAM,
    "date_in_words": SELAM,
    "message_number_in_words": SELAM,
    "tap_without_from": 0,
    "tap_payload_that_is_a_number": SELAM,
    "update_id_missing": SELAM,
}


@pytest.mark.parametrize("name", ARRIVED)
def test_a_payload_becomes_a_turn_in_its_chats_lane(name: str) -> None:
    update = EVERY_PAYLOAD[name]
    assert read(update) == ARRIVED[name]
    assert lane(update) == ARRIVED[name].chat


@pytest.mark.parametrize("name", SILENCE)
def test_a_payload_in_which_nobody_speaks_to_us_gets_no_answer(name: str) -> None:
    update = EVERY_PAYLOAD[name]
    assert read(update) is None
    assert lane(update) == SILENCE[name]


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_payload_that_makes_no_sense_is_unreadable(name: str) -> None:
    update = EVERY_PAYLOAD[name]
    with pytest.raises(UnreadableError):
        read(update)
    assert lane(update) == UNREADABLE[name]


def test_every_payload_has_its_meaning_written_down_once() -> None:
    meant = [*ARRIVED, *SILENCE, *UNREADABLE]
    assert sorted(meant) == sorted(EVERY_PAYLOAD)
    assert len(EVERY_PAYLOAD) == sum(map(len, PAYLOADS.values()))


@pytest.mark.parametrize("name", EVERY_PAYLOAD)
def test_reading_leaves_the_stored_payload_as_it_came(name: str) -> None:
    update = copy.deepcopy(EVERY_PAYLOAD[name])
    try:
        read(update)
    except UnreadableError:
        assert name in UNREADABLE
    assert update == EVERY_PAYLOAD[name]


def test_no_error_repeats_what_a_person_wrote() -> None:
    for name in UNREADABLE:
        with pytest.raises(UnreadableError) as caught:
            read(EVERY_PAYLOAD[name])
        assert not any(word in str(caught.value) for word in ("hallo", "Selam", "kat.jpg", "zeven"))


@pytest.mark.parametrize("kind", sorted(set(SILENT) - {"migrate_from_chat_id"}))
def test_every_kind_of_message_about_a_chat_itself_exists(kind: str) -> None:
    assert kind in set(MessageType)


def test_every_kind_of_message_the_library_knows_was_thought_about() -> None:
    """A newer library brings newer kinds; each must get a meaning or be silent, by decision."""
    with_a_meaning = {
        "text", "photo", "live_photo", "voice", "video_note", "audio", "sticker", "location", "venue",
        "contact", "document", "video",
    }  # fmt: skip
    beside_another_kind = {
        "business_connection_id", "effect_id", "reply_to_story", "sender_boost_count", "sender_business_bot",
        "suggested_post_info",
    }  # fmt: skip
    decided = with_a_meaning | beside_another_kind | set(SILENT) | set(MEANINGLESS)
    assert {kind.value for kind in MessageType} - decided == set()


def test_silent_and_meaningless_have_nothing_in_common() -> None:
    assert not set(SILENT) & set(MEANINGLESS)


UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

SCRAPS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["private", "group", "supergroup", "kicked", "member", "/start", "\ud83d", "\0"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@UNHURRIED
@given(st.dictionaries(st.sampled_from([*ALLOWED_UPDATES, "update_id"]) | st.text(max_size=8), SCRAPS))
def test_any_mapping_gets_a_lane_and_is_read_or_refused(update: dict[str, Any]) -> None:
    assert_read_or_refused(update)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container and key in a payload, the top one left out."""
    found: list[tuple[Any, Any]] = []
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        found += [(value, key), *places(inner)]
    return found


@UNHURRIED
@given(st.sampled_from(sorted(EVERY_PAYLOAD)), st.data())
def test_a_real_payload_with_one_thing_put_wrong_is_read_or_refused(name: str, data: st.DataObject) -> None:
    update = copy.deepcopy(EVERY_PAYLOAD[name])
    container, key = data.draw(st.sampled_from(places(update)))
    if isinstance(container, dict) and data.draw(st.booleans()):
        del container[key]
    else:
        container[key] = data.draw(SCRAPS)
    assert_read_or_refused(update)


def assert_read_or_refused(update: dict[str, Any]) -> None:
    where = lane(update)
    assert abs(where) <= incoming.LARGEST_ID
    try:
        arrival = read(update)
    except UnreadableError:
        return
    if arrival is not None:
        assert arrival.chat == where
        written = f"{arrival.name}{arrival.language_code}{arrival.turn}"
        assert "\0" not in written
        written.encode()
        assert arrival.message is None or abs(arrival.message) <= incoming.LARGEST_ID
