"""What an update is called, and which message it carries."""

from typing import Any

import pytest

from bot.telegram.incoming import own_message, source

CHAT = {"id": 7, "type": "private"}


@pytest.mark.parametrize(
    ("update", "name"),
    [
        ({"update_id": 5, "message": {"message_id": 1, "chat": CHAT}}, "telegram:5"),
        ({"update_id": 6, "message": {"message_id": 2, "chat": CHAT, "media_group_id": "99"}}, "album:7:99"),
        ({"update_id": 7, "message": {"message_id": 3, "chat": CHAT, "media_group_id": "99"}}, "album:7:99"),
        ({"update_id": 8, "message": {"message_id": 4, "chat": CHAT, "media_group_id": "9\x00"}}, "telegram:8"),
        ({"update_id": 9, "message": {"message_id": 4, "media_group_id": "99"}}, "telegram:9"),
        ({"update_id": 10, "callback_query": {"id": "1"}}, "telegram:10"),
    ],
)
def test_the_pictures_of_one_album_share_a_name(update: dict[str, Any], name: str) -> None:
    assert source(update) == name


@pytest.mark.parametrize(
    ("update", "number"),
    [
        ({"update_id": 5, "message": {"message_id": 11}}, 11),
        ({"update_id": 5, "edited_message": {"message_id": 12}}, 12),
        ({"update_id": 5, "callback_query": {"message": {"message_id": 13}}}, None),
        ({"due": {"kind": "tip", "about": ""}}, None),
        ({"update_id": 5, "message": "?"}, None),
    ],
)
def test_only_a_message_of_hers_can_be_taken_out_of_the_chat(update: dict[str, Any], number: int | None) -> None:
    assert own_message(update) == number
