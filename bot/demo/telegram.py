"""The local Telegram as a whole: start it, hand out phones, and let the bot at it."""

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from bot.demo import limits
from bot.demo.chats import Chat, Chats
from bot.demo.clock import Clock
from bot.demo.faults import Faults
from bot.demo.offers import Work
from bot.demo.pace import Pace
from bot.demo.phone import Phone
from bot.demo.phones_api import PhonesApi
from bot.demo.profile import Profile
from bot.demo.server import BotApi, Call
from bot.demo.updates import Lane, Updates
from bot.demo.webhook import Webhook


class LocalTelegram:
    """A Bot API server for one bot, and the phones of the people who talk with it.

    Belongs to one event loop. `now` is the server's clock, by which dates and ages are told; without it the
    `clock`'s own. `paced` says whether it answers Too Many Requests by itself.
    """

    def __init__(
        self,
        token: str = "42:TEST",  # noqa: S107 (opens nothing but this)
        username: str = "digihulp_bot",
        now: Callable[[], datetime] | None = None,
        paced: bool = True,
        clock: Clock | None = None,
        first_name: str = "Digihulp",
    ) -> None:
        self.url = ""
        bot = _bot(token, username, first_name)
        self._chats = Chats(bot, now or (clock.now if clock else lambda: datetime.now(UTC)))
        self._phones: dict[int, Phone] = {}
        self._api = BotApi(token, self._chats, paced)
        self._page = PhonesApi(self._chats, self._phones, self._api.faults, clock)
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> None:
        application = web.Application(client_max_size=limits.UPLOAD_BYTES + limits.MEGABYTE)
        application.add_routes([*self._api.routes(), *self._page.routes()])
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.url = f"http://{host}:{self._runner.addresses[0][1]}"
        self.webhook.begin()

    async def stop(self) -> None:
        """Nobody is left hanging; what waits still waits, and it can be started again."""
        self._chats.events.end()
        self.updates.end()
        await self.webhook.end()
        await asyncio.sleep(0)
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    def phone(
        self,
        id: int,
        first_name: str = "",
        *,
        language_code: str | None = "nl",
        role: str = "worker",
        title: str = "",
        links: Sequence[tuple[str, str]] = (),
    ) -> Phone:
        """The phone of who has this user id; made when there is none. `links` are (label, payload)."""
        if id not in self._phones:
            name = first_name or f"Phone {id}"
            chat = Chat(id, name, language_code, role, title or name, list(links))
            self._chats.chats[id] = chat
            self._phones[id] = Phone(self._chats, chat)
            self._chats.events.tell("phone", phone=chat.as_json())
        return self._phones[id]

    def crowd(self, ids: Iterable[int], blocked: Collection[int] = ()) -> None:
        """People the bot can write to who have no phone on the page; of each the last message is kept.

        Those in `blocked` have blocked the bot, and it is told so when it writes to them.
        """
        self._chats.add_crowd(ids, blocked)

    @property
    def sent_to_crowd(self) -> int:
        """How many messages reached them."""
        return self._chats.crowd.messages

    def offer(self, name: str, label: str, work: Work) -> None:
        """A button on the page, beside the clock; `work` gives the sentence that is shown when it is done."""
        self._page.offers.add(name, label, work)

    def raw(self, update: dict[str, Any]) -> None:
        """Puts any update before the bot, parsable or not; it gets an `update_id` when it has none."""
        self.updates.put_raw(update, _lane(update))

    def notice(self, text: str) -> None:
        """Tells the person at the laptop something."""
        self._page.notice(text)

    @property
    def calls(self) -> deque[Call]:
        """What the bot said, changed and set: (method, params, error or None), newest last."""
        return self._api.calls

    @property
    def pending(self) -> int:
        """How many updates the bot has not confirmed."""
        return len(self.updates.waiting())

    @property
    def faults(self) -> Faults:
        return self._api.faults

    @property
    def pace(self) -> Pace:
        return self._api.pace

    @property
    def profile(self) -> Profile:
        return self._api.profile

    @property
    def webhook(self) -> Webhook:
        return self._api.webhook

    @property
    def updates(self) -> Updates:
        return self._chats.updates

    @property
    def callback_seconds(self) -> float:
        """How long a tap can be answered."""
        return self._chats.callback_seconds

    @callback_seconds.setter
    def callback_seconds(self, seconds: float) -> None:
        self._chats.callback_seconds = seconds


def _bot(token: str, username: str, first_name: str) -> dict[str, Any]:
    """The Bot API's User for a bot, as getMe gives it."""
    abilities = (
        "can_join_groups",
        "can_read_all_group_messages",
        "supports_inline_queries",
        "can_connect_to_business",
        "has_main_web_app",
    )
    who = {"id": int(token.partition(":")[0]), "is_bot": True, "first_name": first_name, "username": username}
    return who | dict.fromkeys(abilities, False)


def _lane(update: dict[str, Any]) -> Lane:
    """The lane of a raw update: its chat's, a callback's user's, or one of its own kind."""
    for kind, content in update.items():
        if kind == "callback_query":
            return "callbacks", _id(content, "from")
        if isinstance(content, dict):
            return ("chat" if "message" in kind else kind), _id(content, "chat")
    return "raw", 0


def _id(content: Any, field: str) -> int:
    owner = content.get(field) if isinstance(content, dict) else None
    number = owner.get("id") if isinstance(owner, dict) else None
    return number if isinstance(number, int) else 0
