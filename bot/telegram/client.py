"""Talking to Telegram, with its many errors brought down to five names."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.outcomes import Gone, Later, Outcome, Refused, Sent, Strange
from bot.telegram.incoming import ALLOWED_UPDATES
from bot.telegram.outgoing import call, without_edit
from bot.telegram.transport import AiohttpRequest, NotDeliveredError

log = logging.getLogger(__name__)

POLL_SECONDS = 25
# The old message is not there to be changed any more: what was to replace it is sent anew.
NOT_EDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message",
    "message_id_invalid",
)


class RejectedTokenError(Exception):
    """Telegram does not know this token."""


class OtherReceiverError(Exception):
    """Another process receives for this bot."""


class UnreachableError(Exception):
    """Telegram did not answer as it should; it may later. The message says no more than the kind of trouble."""


class Client:
    def __init__(self, token: str, api_url: str) -> None:
        self.bot = Bot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=AiohttpRequest(),
            get_updates_request=AiohttpRequest(),
        )
        self._answers: set[asyncio.Task[None]] = set()

    async def open(self) -> str:
        """Checks the token; gives the bot's user name."""
        try:
            await self.bot.initialize()
        except InvalidToken:
            raise RejectedTokenError from None
        except TelegramError as error:
            raise UnreachableError(_kind(error)) from None
        return self.bot.username

    async def close(self) -> None:
        for answer in self._answers:
            answer.cancel()
        await self.bot.shutdown()

    async def poll(self, offset: int) -> list[dict[str, Any]]:
        """The updates from `offset` on, as they came: what cannot be parsed must not stop what can."""
        wanted = ",".join(f'"{kind}"' for kind in ALLOWED_UPDATES)
        query = f"offset={offset}&timeout={POLL_SECONDS}&limit=100&allowed_updates=[{wanted}]"
        address = f"{self.bot.base_url}/getUpdates?{query}"
        try:
            updates: Any = await self.bot.request.post(address, read_timeout=POLL_SECONDS + 10)
        except Conflict:
            raise OtherReceiverError from None
        except TelegramError as error:
            raise UnreachableError(_kind(error)) from None
        return list(updates)

    async def stop_webhook(self) -> None:
        try:
            await self.bot.delete_webhook(drop_pending_updates=False)
        except TelegramError as error:
            raise UnreachableError(_kind(error)) from None

    async def start_webhook(self, url: str, secret: str) -> None:
        try:
            await self.bot.set_webhook(url, allowed_updates=ALLOWED_UPDATES, secret_token=secret)
        except TelegramError as error:
            raise UnreachableError(_kind(error)) from None

    def answer(self, query: str) -> None:
        """Stops the waiting sign on a button, in the background: too late or not at all does no harm."""
        task = asyncio.create_task(self._answer(query))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _answer(self, query: str) -> None:
        try:
            await self.bot.answer_callback_query(query)
        except TelegramError as error:
            log.debug("a tap was not answered: %s", error)

    async def send(self, letter: Mapping[str, Any], chat: int) -> Outcome:
        try:
            result = await self._call(letter, chat)
        except TelegramError as error:
            if "edit" in letter and _says(error, NOT_EDITABLE):
                return await self.send(without_edit(letter), chat)
            return outcome_of(error)
        except Exception as error:
            log.exception("a letter could not be made into a call")
            return Refused(f"{type(error).__name__}: {error}")
        return Sent(getattr(result, "message_id", None))

    async def _call(self, letter: Mapping[str, Any], chat: int) -> Any:
        wanted = call(letter, chat)
        return await getattr(self.bot, wanted.method)(**wanted.arguments)


def outcome_of(error: TelegramError) -> Outcome:
    match error:
        case Forbidden() | NetworkError() | InvalidToken() | Conflict() if error.__cause__:
            # A proxy's page, say. It tells nothing about her, and may quote our address with the token in it.
            return Later(f"{type(error).__name__}, not in Telegram's own words", arrived=True)
        case RetryAfter():
            after = error.retry_after
            return Later("flood", flood=float(after if isinstance(after, int) else after.total_seconds()))
        case Forbidden():
            return Gone(str(error))
        case ChatMigrated():
            return Gone(f"moved to {error.new_chat_id}")
        case BadRequest() if "message is not modified" in str(error).lower():
            return Sent()
        case BadRequest() if "chat not found" in str(error).lower():
            return Gone(str(error))
        case BadRequest():
            return Refused(str(error))
        case InvalidToken() | Conflict() | NotDeliveredError():
            return Later(str(error))
        case NetworkError():
            return Later(str(error), arrived=True)
        case _:
            return Strange(str(error))


def _kind(error: TelegramError) -> str:
    """Only what Telegram refuses is told in its words: others may quote our address, with the token in it."""
    return str(error) if isinstance(error, BadRequest) and not error.__cause__ else type(error).__name__


def _says(error: TelegramError, words: tuple[str, ...]) -> bool:
    return isinstance(error, BadRequest) and any(word in str(error).lower() for word in words)
