"""What Telegram's server knows: people, their chats with the bot, the messages, the open callbacks."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any

from bot.demo import limits
from bot.demo.crowd import Crowd
from bot.demo.entities import to_html
from bot.demo.errors import ApiError, ImpossibleError, bad_request, forbidden
from bot.demo.events import Events
from bot.demo.files import Files, StoredFile
from bot.demo.markup import Button, Keyboard, Markup, buttons_of, keyboard_of
from bot.demo.sharing import SharedLink, is_web_address, start_payload
from bot.demo.updates import Updates

# What a message can carry, and as what the page shows it; the first that a message has is what it is.
KINDS = {
    "photo": "photo",
    "voice": "voice",
    "sticker": "sticker",
    "dice": "sticker",
    "venue": "venue",
    "location": "location",
    "contact": "contact",
    "poll": "poll",
    "animation": "document",
    "video": "document",
    "video_note": "document",
    "audio": "document",
    "document": "document",
    "text": "text",
}


@dataclass(frozen=True)
class Place:
    latitude: float
    longitude: float
    title: str = ""
    address: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "latitude": self.latitude,
            "longitude": self.longitude,
            "title": self.title,
            "address": self.address,
        }


@dataclass(frozen=True)
class Message:
    """A message as it is now; an edit puts another in its place, so one you hold keeps saying what it said.

    `content` holds those fields of the Bot API's Message that say what it carries, such as "text".
    """

    id: int
    chat: int
    is_bot: bool
    date: datetime
    content: dict[str, Any]
    markup: Markup | None = None
    edited_at: datetime | None = None
    sent_file: StoredFile | None = None
    reply_to: int | None = None

    @property
    def kind(self) -> str:
        return next((shown for carried, shown in KINDS.items() if carried in self.content), "service")

    @property
    def edited(self) -> bool:
        return self.edited_at is not None

    @property
    def text(self) -> str:
        if "poll" in self.content:
            return str(self.content["poll"]["question"])
        if "contact" in self.content:
            contact = self.content["contact"]
            return f"{contact['first_name']} {contact['phone_number']}"
        return str(self.content.get("text") or self.content.get("caption") or "")

    @property
    def entities(self) -> list[dict[str, Any]]:
        return list(self.content.get("entities") or self.content.get("caption_entities") or [])

    @property
    def html(self) -> str:
        return to_html(self.text, self.entities)

    @property
    def buttons(self) -> tuple[tuple[Button, ...], ...]:
        inline = self.markup is not None and self.markup.kind == "inline"
        return buttons_of(self.markup) if inline else ()

    @property
    def file(self) -> dict[str, Any] | None:
        """ "name", "size", "mime" and "url" (a path on this server)."""
        stored = self.sent_file
        if stored is None:
            return None
        url = f"/phones/files/{stored.unique_id}"
        return {"name": stored.name, "size": stored.size, "mime": stored.mime, "url": url}

    @property
    def file_bytes(self) -> bytes:
        return self.sent_file.content if self.sent_file else b""

    @property
    def place(self) -> Place | None:
        if "venue" in self.content:
            venue = self.content["venue"]
            return Place(**venue["location"], title=venue["title"], address=venue["address"])
        at = self.content.get("location")
        return Place(at["latitude"], at["longitude"]) if at else None

    @property
    def emoji(self) -> str | None:
        carried = self.content.get("sticker") or self.content.get("dice") or {}
        return carried.get("emoji")

    @property
    def seconds(self) -> int | None:
        return self.content["voice"]["duration"] if "voice" in self.content else None

    def as_json(self) -> dict[str, Any]:
        """As the page wants it."""
        return {
            "id": self.id,
            "from": "bot" if self.is_bot else "me",
            "date": self.date.isoformat(),
            "edited": self.edited,
            "kind": self.kind,
            "html": self.html,
            "text": self.text,
            "file": self.file,
            "place": self.place.as_json() if self.place else None,
            "emoji": self.emoji,
            "seconds": self.seconds,
            "buttons": [[button.as_json() for button in row] for row in self.buttons],
            "reply_to": self.reply_to,
            "deleted": False,
        }


@dataclass
class Chat:
    """One person and her private chat with the bot; the chat's id is hers.

    `received` are the links that others sent her. Who is in the crowd has no phone on the page.
    """

    id: int
    first_name: str
    language_code: str | None
    role: str = "worker"
    title: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    received: list[SharedLink] = field(default_factory=list)
    started: bool = False
    blocked: bool = False
    in_crowd: bool = False
    keyboard: Keyboard | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    heard: list[Message] = field(default_factory=list)
    answers: list[tuple[str, bool]] = field(default_factory=list)
    on_heard: Callable[[], None] = lambda: None

    def user(self) -> dict[str, Any]:
        """The Bot API's User."""
        language = {"language_code": self.language_code} if self.language_code else {}
        return {"id": self.id, "is_bot": False, "first_name": self.first_name, **language}

    def api(self) -> dict[str, Any]:
        """The Bot API's Chat."""
        return {"id": self.id, "type": "private", "first_name": self.first_name}

    def oldest_first(self) -> list[Message]:
        return [self.messages[number] for number in sorted(self.messages)]

    def newest_first(self) -> Iterator[Message]:
        return reversed(self.oldest_first())

    def as_json(self) -> dict[str, Any]:
        """As the page wants it."""
        return {
            "id": self.id,
            "first_name": self.first_name,
            "language_code": self.language_code,
            "role": self.role,
            "title": self.title,
            "links": [{"label": label, "payload": payload} for label, payload in self.links],
            "received": [link.as_json() for link in self.received],
            "blocked": self.blocked,
            "started": self.started,
            "keyboard": self.keyboard.as_json() if self.keyboard else None,
            "messages": [message.as_json() for message in self.oldest_first()],
            "file_url": None,
        }


@dataclass
class Callback:
    chat: int
    at: datetime


class Chats:
    """All chats of one bot, and the one place where they change."""

    def __init__(self, bot: dict[str, Any], now: Callable[[], datetime]) -> None:
        self.bot = bot
        self.now = now
        self.chats: dict[int, Chat] = {}
        self.updates = Updates(now)
        self.files = Files()
        self.events = Events()
        self.crowd = Crowd(self.events)
        self.callback_seconds: float = limits.CALLBACK_UPDATE_SECONDS
        self._callbacks: dict[str, Callback] = {}
        self._message_ids = count(1)
        self._callback_ids = count(7_000_000_000_000_001)
        self._link_ids = count(1)

    def add_crowd(self, ids: Iterable[int], blocked: Collection[int]) -> None:
        """People who started the bot and have no phone; those in `blocked` blocked it since."""
        new = [one for one in ids if one not in self.chats]
        for one in new:
            gone = one in blocked
            self.chats[one] = Chat(one, f"Person {one}", None, started=True, blocked=gone, in_crowd=True)
        self.crowd.grow(len(new))

    def with_phone(self) -> list[Chat]:
        return [chat for chat in self.chats.values() if not chat.in_crowd]

    def tell(self, chat: Chat, kind: str, **facts: Any) -> None:
        """Tells the page what happens on her phone, if she has one."""
        if not chat.in_crowd:
            self.events.tell(kind, phone=chat.id, **facts)

    # What a person does.

    def receive(self, chat: Chat, content: dict[str, Any], **details: Any) -> Message:
        """A person's new message, shown on her phone and put before the bot."""
        first = not chat.started
        chat.started = True
        message = Message(next(self._message_ids), chat.id, False, self.now(), content, **details)
        chat.messages[message.id] = message
        self._show(chat, message)
        if first:
            self.events.tell("phone", phone=chat.as_json())
        self._put_message("message", message)
        return message

    def revise(self, chat: Chat, message: Message, content: dict[str, Any]) -> Message:
        """A person's edit of her own message."""
        edited = replace(message, content=content, edited_at=self.now())
        chat.messages[message.id] = edited
        self._show(chat, edited)
        self._put_message("edited_message", edited)
        return edited

    def _put_message(self, kind: str, message: Message) -> None:
        content = self.message_json(message)
        self.updates.put(kind, content, ("chat", message.chat), limits.MESSAGE_UPDATE_SECONDS)

    def tap(self, chat: Chat, data: str, message_id: int) -> str:
        """A tap on a button, or anybody's forgery of one; the id of the callback query."""
        callback_id = str(next(self._callback_ids))
        self._callbacks[callback_id] = Callback(chat.id, self.now())
        known = chat.messages.get(message_id)
        shown = self.message_json(known) if known else self._inaccessible(chat, message_id)
        query = {
            "id": callback_id,
            "from": chat.user(),
            "message": shown,
            "chat_instance": str(-chat.id * 7919),
            "data": data,
        }
        self.updates.put("callback_query", query, ("callbacks", chat.id), limits.CALLBACK_UPDATE_SECONDS)
        return callback_id

    def _inaccessible(self, chat: Chat, message_id: int) -> dict[str, Any]:
        return {"message_id": message_id, "chat": chat.api(), "date": 0}

    def block(self, chat: Chat, blocked: bool) -> None:
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        chat.blocked = blocked
        change = {
            "chat": chat.api(),
            "from": chat.user(),
            "date": int(self.now().timestamp()),
            "old_chat_member": self._membership(before),
            "new_chat_member": self._membership(after),
        }
        self.updates.put("my_chat_member", change, ("member", chat.id), limits.MESSAGE_UPDATE_SECONDS)
        self.events.tell("phone", phone=chat.as_json())

    def _membership(self, status: str) -> dict[str, Any]:
        user = {field: self.bot[field] for field in ("id", "is_bot", "first_name", "username")}
        until = {"until_date": 0} if status == "kicked" else {}
        return {"user": user, "status": status, **until}

    def share(self, sender: Chat, chat: Chat, url: str, words: str) -> None:
        """Puts a link on somebody else's phone; the same link of the same sender is there once."""
        if not is_web_address(url):
            raise ImpossibleError("Dit is geen link.")
        payload = start_payload(url, self.bot["username"])
        link = SharedLink(next(self._link_ids), sender.first_name, url, words.strip(), payload)
        others = [each for each in chat.received if (each.sender, each.url) != (link.sender, link.url)]
        chat.received = [*others, link]
        self.events.tell("phone", phone=chat.as_json())

    def put_away(self, chat: Chat, id: int) -> SharedLink:
        """Takes a link off the front of her phone; one to this bot she can still find among her links."""
        link = next((each for each in chat.received if each.id == id), None)
        if link is None:
            raise ImpossibleError("Deze link is er niet meer.")
        chat.received.remove(link)
        if link.payload is not None and (link.label, link.payload) not in chat.links:
            chat.links.append((link.label, link.payload))
        self.events.tell("phone", phone=chat.as_json())
        return link

    # What the bot does.

    def chat_for_bot(self, chat_id: int) -> Chat:
        """The chat the bot may write to now; raises what Telegram would."""
        chat = self.known_chat(chat_id)
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat

    def known_chat(self, chat_id: int) -> Chat:
        if chat_id not in self.chats:
            raise bad_request("chat not found")
        return self.chats[chat_id]

    def send(self, chat: Chat, content: dict[str, Any], markup: Markup | None, **details: Any) -> Message:
        message = Message(next(self._message_ids), chat.id, True, self.now(), content, markup, **details)
        if chat.in_crowd:
            chat.messages = {message.id: message}  # the last one will do
            self.crowd.hear()
            return message
        chat.messages[message.id] = message
        self._hear(chat, message)
        if markup and markup.kind == "keyboard":
            self.set_keyboard(chat, keyboard_of(markup, message.id))
        elif markup and markup.kind == "remove":
            self.set_keyboard(chat, None)
        return message

    def edit(self, chat: Chat, message: Message, content: dict[str, Any], markup: Markup | None) -> Message:
        if (content, markup) == (message.content, message.markup):
            raise _not_modified()
        edited = replace(message, content=content, markup=markup, edited_at=self.now())
        chat.messages[message.id] = edited
        self._hear(chat, edited)
        return edited

    def delete(self, chat: Chat, message: Message) -> None:
        del chat.messages[message.id]
        self.tell(chat, "deleted", id=message.id)
        if chat.keyboard and chat.keyboard.message == message.id:
            self.set_keyboard(chat, None)

    def set_keyboard(self, chat: Chat, keyboard: Keyboard | None) -> None:
        chat.keyboard = keyboard
        shown = keyboard.as_json() if keyboard else None
        self.tell(chat, "keyboard", keyboard=shown)

    def answer(self, callback_id: str, text: str, alert: bool) -> None:
        callback = self._callbacks.get(callback_id)
        if not callback or (self.now() - callback.at).total_seconds() > self.callback_seconds:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        if text:
            self.chats[callback.chat].answers.append((text, alert))
        self.events.tell("answered", phone=callback.chat, data_id=callback_id, text=text, alert=alert)

    def _hear(self, chat: Chat, message: Message) -> None:
        if chat.in_crowd:
            return
        chat.heard.append(message)
        self._show(chat, message)
        chat.on_heard()

    def _show(self, chat: Chat, message: Message) -> None:
        self.tell(chat, "message", message=message.as_json())

    # What messages look like to the bot.

    def message_json(self, message: Message, with_reply: bool = True) -> dict[str, Any]:
        """The Bot API's Message."""
        chat = self.chats[message.chat]
        bot = {field: self.bot[field] for field in ("id", "is_bot", "first_name", "username")}
        written: dict[str, Any] = {
            "message_id": message.id,
            "from": bot if message.is_bot else chat.user(),
            "chat": chat.api(),
            "date": int(message.date.timestamp()),
        }
        if message.edited_at:
            written["edit_date"] = int(message.edited_at.timestamp())
        answered = chat.messages.get(message.reply_to or 0)
        if with_reply and answered:
            written["reply_to_message"] = self.message_json(answered, with_reply=False)
        written |= message.content
        if message.markup and message.markup.kind == "inline":
            written["reply_markup"] = message.markup.as_json()
        return written


def _not_modified() -> ApiError:
    return bad_request(
        "message is not modified: specified new message content and reply markup are exactly the same "
        "as a current content and reply markup of the message"
    )


def with_text(text: str, entities: Sequence[dict[str, Any]], field: str = "text") -> dict[str, Any]:
    """The fields of a Message for a text, or for a caption when `field` is "caption"."""
    if not text:
        return {}
    name = "entities" if field == "text" else f"{field}_entities"
    return {field: text} | ({name: list(entities)} if entities else {})
