"""A phone and the person who holds it. What she does is done at once; what the bot says can be waited for."""

import asyncio
from collections.abc import Callable
from typing import Any

from bot.demo import limits
from bot.demo.chats import Chat, Chats, Message, with_text
from bot.demo.entities import found_in
from bot.demo.errors import ImpossibleError
from bot.demo.files import Upload, picture_size
from bot.demo.markup import Key, Keyboard
from bot.demo.samples import PICTURE, VOICE
from bot.demo.sharing import SharedLink

DICE = {"🎲": 6, "🎯": 6, "🏀": 5, "⚽": 5, "🎳": 6, "🎰": 64}


class Phone:
    def __init__(self, chats: Chats, chat: Chat) -> None:
        self._chats = chats
        self._chat = chat
        self._heard_before = 0
        self._something_heard = asyncio.Event()
        chat.on_heard = self._something_heard.set

    @property
    def id(self) -> int:
        return self._chat.id

    @property
    def first_name(self) -> str:
        return self._chat.first_name

    @property
    def started(self) -> bool:
        return self._chat.started

    @property
    def blocked(self) -> bool:
        return self._chat.blocked

    @property
    def keyboard(self) -> Keyboard | None:
        """The big buttons below the chat, if there are any now."""
        return self._chat.keyboard

    @property
    def messages(self) -> list[Message]:
        """The chat as it is now, oldest first; what was deleted is not in it."""
        return self._chat.oldest_first()

    @property
    def heard(self) -> list[Message]:
        """The bot's messages in the chat as it is now."""
        return [message for message in self.messages if message.is_bot]

    @property
    def answers(self) -> list[tuple[str, bool]]:
        """The notices that answered taps: the text, and whether it was an alert."""
        return self._chat.answers

    # What she does.

    def start(self, payload: str = "") -> Message:
        """Presses Start, or a link with a payload; who had blocked the bot unblocks it so."""
        if self._chat.blocked:
            self.unblocks()
        return self.says(f"/start {payload}".strip())

    def says(self, text: str, reply_to: int | None = None) -> Message:
        """Sends a text; one that is too long goes in several messages, as from any phone. Gives the last."""
        self._can_write()
        text = text.strip()
        if not text:
            raise ImpossibleError("Er staat niets in het bericht.")
        for start in range(0, len(text), limits.TEXT.most):
            part = text[start : start + limits.TEXT.most].strip()
            if part:
                sent = self._chats.receive(self._chat, with_text(part, found_in(part)), reply_to=reply_to)
        return sent

    def taps(self, label: str, message: Message | int | None = None) -> str:
        """Taps the newest button with this label or this data; gives the id of the callback query."""
        shown = self._shown(message)
        for each in shown:
            for button in (button for row in each.buttons for button in row):
                if button.data is not None and label in (button.text, button.data):
                    self._can_write()
                    return self._chats.tap(self._chat, button.data, each.id)
        raise LookupError(f"{self.first_name} sees no button {label!r}; there is {self._labels(shown)}")

    def forges(self, data: str, message_id: int | None = None) -> str:
        """Sends a tap that no button offers, as a tampered phone can; of a message that may not be there."""
        newest = next((message.id for message in self._chat.newest_first() if message.is_bot), 1)
        return self._chats.tap(self._chat, data, newest if message_id is None else message_id)

    def presses_keyboard(self, label: str) -> Message:
        """Presses one of the big buttons below the chat."""
        keyboard = self._chat.keyboard
        keys = keyboard.all_keys() if keyboard else []
        key = next((key for key in keys if key.text == label), None)
        if key is None:
            raise LookupError(f"{self.first_name} has no big button {label!r}; there is {[key.text for key in keys]}")
        sent = self._press(key)
        if keyboard and keyboard.one_time:
            self._chats.set_keyboard(self._chat, None)
        return sent

    def _press(self, key: Key) -> Message:
        return self.sends(key.request) if key.request else self.says(key.text)

    def sends(self, kind: str, *, reply_to: int | None = None, **details: Any) -> Message:
        """Sends a photo, voice, document, video, video_note, audio or animation (details: content, name, mime,
        caption, seconds), or a sticker (emoji), location (latitude, longitude), contact (phone_number, first_name,
        user_id), poll (question, options) or dice (emoji, value). What is not given is made up.
        """
        self._can_write()
        if kind in _FILE_KINDS:
            return self._sends_file(kind, reply_to, **details)
        if kind not in _CONTENT:
            raise ValueError(f"a phone cannot send a {kind}; it can send {[*_FILE_KINDS, *_CONTENT]}")
        return self._chats.receive(self._chat, _CONTENT[kind](self._chat, **details), reply_to=reply_to)

    def _sends_file(
        self,
        kind: str,
        reply_to: int | None,
        *,
        content: bytes | None = None,
        name: str = "",
        mime: str = "",
        caption: str = "",
        **details: Any,
    ) -> Message:
        sample_name, sample_mime, sample = _FILE_KINDS[kind]
        upload = Upload(name or sample_name, mime or sample_mime, sample if content is None else content)
        stored = self._chats.files.keep(kind, upload)
        described = media_json(kind, stored.id, stored.unique_id, upload, **details)
        sent = {kind: described} | with_text(caption, found_in(caption), "caption")
        return self._chats.receive(self._chat, sent, sent_file=stored, reply_to=reply_to)

    def edits(self, message_id: int, text: str) -> Message:
        """Changes a text she sent before."""
        message = self._chat.messages.get(message_id)
        if message is None or message.is_bot or message.kind != "text":
            raise ImpossibleError("Dit bericht kun je niet veranderen.")
        if not 0 < len(text.strip()) <= limits.TEXT.most:
            raise ImpossibleError("Het bericht is leeg of te lang.")
        self._can_write()
        return self._chats.revise(self._chat, message, with_text(text.strip(), found_in(text.strip())))

    def shares(self, url: str, other: "Phone", words: str = "") -> None:
        """Sends a link to somebody else, as Telegram's own share button does."""
        self._chats.share(self._chat, other._chat, url, words)

    @property
    def received(self) -> list[SharedLink]:
        """The links that others sent and that she did not open yet."""
        return self._chat.received

    def opens(self, link_id: int) -> None:
        """Taps a link that somebody sent; one to this bot starts it with what is in the link."""
        link = self._chats.put_away(self._chat, link_id)
        if link.payload is not None:
            self.start(link.payload)

    def puts_away(self, link_id: int) -> None:
        """Leaves a link for later."""
        self._chats.put_away(self._chat, link_id)

    def blocks(self) -> None:
        if not self._chat.blocked:
            self._chats.block(self._chat, True)

    def unblocks(self) -> None:
        if self._chat.blocked:
            self._chats.block(self._chat, False)

    def _can_write(self) -> None:
        if self._chat.blocked:
            raise ImpossibleError("Je hebt de bot geblokkeerd. Deblokkeer de bot eerst.")

    # What she hears.

    async def hears(self, count: int = 1, timeout: float = 10) -> list[Message]:  # noqa: ASYNC109
        """The next `count` messages or edits of the bot, waited for; the next call goes on after these."""
        wanted = self._heard_before + count
        try:
            async with asyncio.timeout(timeout):
                while len(self._chat.heard) < wanted:
                    self._something_heard.clear()
                    await self._something_heard.wait()
        except TimeoutError:
            raise TimeoutError(self._what_was_heard(count, timeout)) from None
        heard = self._chat.heard[self._heard_before : wanted]
        self._heard_before = wanted
        return heard

    @property
    def unheard(self) -> list[Message]:
        """The messages and edits that came and that `hears` has not given yet."""
        return self._chat.heard[self._heard_before :]

    def _what_was_heard(self, count: int, timeout: float) -> str:
        came = "\n".join(f"  < {message.text or message.kind}" for message in self.unheard) or "  nothing"
        return f"{self.first_name} waited {timeout} s for {count} from the bot; since then came:\n{came}"

    def _shown(self, message: Message | int | None) -> list[Message]:
        if message is None:
            return list(self._chat.newest_first())
        known = self._chat.messages.get(message if isinstance(message, int) else message.id)
        return [known] if known else []

    @staticmethod
    def _labels(shown: list[Message]) -> list[str]:
        return [button.text for message in shown for row in message.buttons for button in row]


def media_json(
    kind: str, id: str, unique_id: str, upload: Upload, *, seconds: int = 3, **_: Any
) -> list[dict[str, Any]] | dict[str, Any]:
    """The Bot API's object for a file of this kind; a photo is a list of sizes."""
    described: dict[str, Any] = {"file_id": id, "file_unique_id": unique_id, "file_size": len(upload.content)}
    if kind == "photo":
        width, height = picture_size(upload.content) or (320, 240)
        return [described | {"width": width, "height": height}]
    if kind == "document":
        return described | {"file_name": upload.name, "mime_type": upload.mime}
    described |= {"duration": seconds, "mime_type": upload.mime}
    if kind == "video_note":
        return described | {"length": 240}
    return described | ({"width": 320, "height": 240} if kind in ("video", "animation") else {})


_FILE_KINDS = {
    "photo": ("photo.png", "image/png", PICTURE),
    "voice": ("voice.ogg", "audio/ogg", VOICE),
    "document": ("brief.txt", "text/plain", b"Dit is een brief.\n"),
    "video": ("video.mp4", "video/mp4", b"\x00\x00\x00\x18ftypmp42"),
    "video_note": ("note.mp4", "video/mp4", b"\x00\x00\x00\x18ftypmp42"),
    "audio": ("lied.mp3", "audio/mpeg", b"ID3\x03\x00\x00\x00\x00\x00\x00"),
    "animation": ("dans.mp4", "video/mp4", b"\x00\x00\x00\x18ftypmp42"),
}


def _sticker(_: Chat, *, emoji: str = "👍") -> dict[str, Any]:
    ids = {"file_id": f"CAACsticker{ord(emoji[0]):x}", "file_unique_id": f"AgADsticker{ord(emoji[0]):x}"}
    shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
    return {"sticker": {**ids, **shape, "emoji": emoji}}


def _location(_: Chat, *, latitude: float = 52.2112, longitude: float = 5.9699) -> dict[str, Any]:
    return {"location": {"latitude": latitude, "longitude": longitude}}


def _contact(
    chat: Chat, *, phone_number: str = "+31612345678", first_name: str = "", user_id: int | None = None
) -> dict[str, Any]:
    """Her own contact, unless another's name and id are given."""
    whose = {"first_name": first_name or chat.first_name, "user_id": user_id or chat.id}
    return {"contact": {"phone_number": phone_number, **whose}}


def _poll(
    _: Chat, *, question: str = "Koffie of thee?", options: tuple[str, ...] = ("Koffie", "Thee")
) -> dict[str, Any]:
    poll = {
        "id": "5000000000000000001",
        "question": question,
        "options": [
            {"persistent_id": str(number), "text": option, "voter_count": 0} for number, option in enumerate(options)
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
    }
    return {"poll": poll}


def _dice(_: Chat, *, emoji: str = "🎲", value: int | None = None) -> dict[str, Any]:
    return {"dice": {"emoji": emoji, "value": value or DICE.get(emoji, 6)}}


_CONTENT: dict[str, Callable[..., dict[str, Any]]] = {
    "sticker": _sticker,
    "location": _location,
    "contact": _contact,
    "poll": _poll,
    "dice": _dice,
}
