"""From Telegram's update to a turn."""

import re
from collections.abc import Mapping
from typing import Any, TypeGuard, get_type_hints

from telegram import CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, Update, User
from telegram import Location as Spot

from bot.arrivals import Arrival, UnreadableError
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

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]

COMMAND = re.compile(r"/(\w+)(?:@\w+)?(?:\s+(.*))?", re.ASCII | re.DOTALL)
LARGEST_ID = 2**52 - 1  # "at most 52 significant bits", says the Bot API
ABSENT = (ChatMember.BANNED, ChatMember.LEFT)

# Messages that a chat writes about itself; nobody said anything.
SILENT = (
    "boost_added",
    "channel_chat_created",
    "chat_background_set",
    "chat_owner_changed",
    "chat_owner_left",
    "chat_shared",
    "checklist_tasks_added",
    "checklist_tasks_done",
    "connected_website",
    "delete_chat_photo",
    "direct_message_price_changed",
    "forum_topic_closed",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_reopened",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "gift_upgrade_sent",
    "giveaway_completed",
    "giveaway_created",
    "group_chat_created",
    "left_chat_member",
    "managed_bot_created",
    "message_auto_delete_timer_changed",
    "migrate_from_chat_id",
    "migrate_to_chat_id",
    "new_chat_members",
    "new_chat_photo",
    "new_chat_title",
    "paid_message_price_changed",
    "pinned_message",
    "poll_option_added",
    "poll_option_deleted",
    "proximity_alert_triggered",
    "refunded_payment",
    "successful_payment",
    "suggested_post_approval_failed",
    "suggested_post_approved",
    "suggested_post_declined",
    "suggested_post_paid",
    "suggested_post_refunded",
    "supergroup_chat_created",
    "users_shared",
    "video_chat_ended",
    "video_chat_participants_invited",
    "video_chat_scheduled",
    "video_chat_started",
    "write_access_allowed",
)

# What somebody can send that means nothing to us.
MEANINGLESS = (
    "animation",
    "checklist",
    "dice",
    "game",
    "gift",
    "giveaway",
    "giveaway_winners",
    "invoice",
    "paid_media",
    "passport_data",
    "poll",
    "story",
    "unique_gift",
    "web_app_data",
)


def lane(update: Mapping[str, Any]) -> int:
    """The chat an update belongs to, read without trusting its shape; 0 when there is none to be found."""
    for kind in ALLOWED_UPDATES:
        match update.get(kind):
            case {"chat": {"id": chat, "type": str(sort)}} if sort != "private" and _is_id(chat):
                return chat
            case {"message": {"chat": {"id": chat, "type": str(sort)}}} if sort != "private" and _is_id(chat):
                return chat
            case {"from": {"id": person}} if _is_id(person):
                return person
    return 0


def source(update: Mapping[str, Any]) -> str:
    """The name of an update for good. The pictures of one album share a name: they get one answer, not ten."""
    match update:
        case {"message": {"media_group_id": str(album), "chat": {"id": int(chat)}}} if album.isalnum():
            return f"album:{chat}:{album}"[:80]
    return f"telegram:{update['update_id']}"


def own_message(update: Mapping[str, Any]) -> int | None:
    """The number of the message that she sent or changed."""
    match update:
        case {"message": {"message_id": int(number)}} | {"edited_message": {"message_id": int(number)}}:
            return number
    return None


def read(update: Mapping[str, Any]) -> Arrival | None:
    """The turn in an update; None when there is nothing to answer."""
    try:
        arrival = _read(Update.de_json(_storable(dict(update)), None))
    except Exception as error:
        raise UnreadableError(f"{type(error).__name__} while reading the update") from error
    if arrival is not None:
        _check(arrival, lane(update))
    return arrival


def _read(update: Update) -> Arrival | None:
    """The library has parsed it but has not looked whether a text is a text: anything may fail here."""
    if update.message:
        return _message(update.message)
    if update.edited_message:
        return _edited(update.edited_message)
    if update.callback_query:
        return _tap(update.callback_query)
    if update.my_chat_member:
        return _membership(update.my_chat_member)
    return None


def _is_id(given: object) -> TypeGuard[int]:
    return type(given) is int and abs(given) <= LARGEST_ID


def _storable(value: Any) -> Any:
    """Without the characters that no database takes: null, and halves of emoji."""
    match value:
        case str():
            return value.replace("\0", "").encode(errors="ignore").decode()
        case dict():
            return {key: _storable(inner) for key, inner in value.items()}
        case list():
            return [_storable(inner) for inner in value]
    return value


def _check(arrival: Arrival, lane: int) -> None:
    """Refuses what would fail later: a turn in another's lane, a number where a text belongs."""
    if arrival.chat != lane:
        raise UnreadableError("an update whose chat cannot be told")
    for part in (arrival, arrival.turn):
        for name, sort in get_type_hints(type(part)).items():
            if not isinstance(getattr(part, name), sort):
                raise UnreadableError(f"{type(part).__name__}.{name} is no {sort}")


def _membership(change: ChatMemberUpdated) -> Arrival | None:
    gone = change.new_chat_member.status in ABSENT
    if change.chat.type == Chat.PRIVATE:
        return _from(change.from_user, Blocked() if gone else Unblocked())
    if gone or change.old_chat_member.status not in ABSENT:
        return None  # it was sent away, or was there already and only its rights have changed
    return Arrival(change.chat.id, Elsewhere(), "", _language(change.from_user))


def _tap(query: CallbackQuery) -> Arrival | None:
    message = query.message
    if message is None or query.from_user.is_bot:
        return None
    if message.chat.type != Chat.PRIVATE:
        return Arrival(message.chat.id, Elsewhere(), "", _language(query.from_user))
    editable = message.message_id if message.is_accessible else None
    return _from(query.from_user, Tap.read(query.data or ""), editable)


def _message(message: Message) -> Arrival | None:
    user = message.from_user
    if user is None or user.is_bot or message.is_automatic_forward:
        return None
    turn = _said(message)
    if turn is None:
        return None
    if message.chat.type != Chat.PRIVATE:
        return Arrival(message.chat.id, Elsewhere(), "", _language(user))
    return _from(user, turn)


def _edited(message: Message) -> Arrival | None:
    """Only changed words count: a shared live location is "edited" every few seconds."""
    user, said = message.from_user, message.text or message.caption
    if user is None or user.is_bot or message.chat.type != Chat.PRIVATE or not said:
        return None
    return _from(user, Edited(said))


def _from(user: User, turn: Turn, message: int | None = None) -> Arrival:
    return Arrival(user.id, turn, user.first_name[:64], _language(user), message)


def _language(user: User) -> str:
    return user.language_code or ""


def _said(message: Message) -> Turn | None:
    if message.text is not None:
        return _text(message.text)
    if any(getattr(message, kind, None) for kind in SILENT):
        return None
    if message.photo:  # a live photo carries one too
        return Photo(message.caption or "")
    if note := message.voice or message.video_note or message.audio:
        return Voice(_seconds(note.duration))
    if message.sticker:
        return Sticker(message.sticker.emoji or "")
    if message.location:  # a venue carries one too
        return _location(message.location)
    if message.contact:
        return Contact()
    if kind := next((kind for kind in MEANINGLESS if getattr(message, kind, None)), None):
        return Other(kind)  # before the documents: an animation carries one too
    if message.document or message.video:
        return Document(message.caption or "")
    return Other("unknown")


def _text(text: str) -> Turn:
    command = COMMAND.fullmatch(text)
    if command is None:
        return Text(text)
    name, argument = command.groups(default="")
    return Command(name.lower(), argument.strip())


def _location(spot: Spot) -> Location:
    if not (-90 <= spot.latitude <= 90 and -180 <= spot.longitude <= 180):
        raise ValueError("not on this earth")
    return Location(float(spot.latitude), float(spot.longitude))


def _seconds(duration: Any) -> int:
    """The library says whole seconds or a timedelta, by its version's setting."""
    return int(duration.total_seconds() if hasattr(duration, "total_seconds") else duration)
