"""Whatever Telegram or the line does to a message has one of five names; what follows from it is a table."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import RequestData

from bot.outcomes import Gone, Later, Outcome, Refused, Retry, Sent, State, Strange, decide
from bot.store.outbox import Urgency
from bot.telegram.client import Client, outcome_of
from bot.telegram.transport import AiohttpRequest, NotDeliveredError

CHAT = 5061234567
TEXT = {"text": "Hallo"}
EDIT = {"text": "Stap 2", "edit": 31}

Answer = tuple[int, str, dict[str, Any]]


def answers(status: int, description: str, **parameters: Any) -> Answer:
    return status, description, parameters


NAMED: list[tuple[Answer, Outcome]] = [
    # She is gone.
    (answers(403, "Forbidden: bot was blocked by the user"), Gone("Forbidden: bot was blocked by the user")),
    (answers(403, "Forbidden: user is deactivated"), Gone("Forbidden: user is deactivated")),
    (
        answers(403, "Forbidden: bot can't initiate conversation with a user"),
        Gone("Forbidden: bot can't initiate conversation with a user"),
    ),
    (
        answers(403, "Forbidden: bot was kicked from the group chat"),
        Gone("Forbidden: bot was kicked from the group chat"),
    ),
    (
        answers(403, "Forbidden: bot can't send messages to bots"),
        Gone("Forbidden: bot can't send messages to bots"),
    ),
    (answers(400, "Bad Request: chat not found"), Gone("Chat not found")),
    (
        answers(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=-1002123456789,
        ),
        Gone("moved to -1002123456789"),
    ),
    # Our fault.
    (answers(400, "Bad Request: message text is empty"), Refused("Message text is empty")),
    (answers(400, "Bad Request: message is too long"), Refused("Message is too long")),
    (
        answers(400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 3'),
        Refused('Can\'t parse entities: unsupported start tag "x" at byte offset 3'),
    ),
    (answers(400, "Bad Request: BUTTON_DATA_INVALID"), Refused("Button_data_invalid")),
    (answers(400, "Bad Request: message to edit not found"), Refused("Message to edit not found")),
    # Not now, and it has not arrived.
    (answers(429, "Too Many Requests: retry after 17", retry_after=17), Later("flood", flood=17)),
    (answers(409, "Conflict: terminated by other request"), Later("Conflict: terminated by other request")),
    (answers(401, "Unauthorized"), Later("Unauthorized")),
    (answers(404, "Not Found"), Later("Not Found")),
    # Not now, and it may have arrived.
    (answers(500, "Internal Server Error"), Later("Internal Server Error", arrived=True)),
    (answers(502, "Bad Gateway"), Later("Bad Gateway", arrived=True)),
]


@pytest.mark.parametrize(("answer", "outcome"), NAMED, ids=[answer[1] for answer, _ in NAMED])
async def test_an_answer_of_telegram_has_a_name(
    answer: Answer, outcome: Outcome, client: Client, telegram: Any
) -> None:
    status, description, parameters = answer
    telegram.will_answer(status, description, **parameters)
    assert await client.send(TEXT, CHAT) == outcome
    assert len(telegram.posted) == 1


PAGE = b"<html><body><h1>Error</h1>The address /bot42:TOKEN/sendMessage was refused.</body></html>"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 429, 500, 502, 503, 504])
async def test_a_page_of_a_proxy_says_nothing_about_her_and_its_words_are_not_kept(
    status: int, client: Client, telegram: Any
) -> None:
    telegram.answers.append((status, PAGE))
    outcome = await client.send(TEXT, CHAT)
    assert isinstance(outcome, Later)
    assert outcome.arrived
    assert "TOKEN" not in outcome.why
    assert "html" not in outcome.why


async def test_a_yes_that_is_no_answer_is_strange(client: Client, telegram: Any) -> None:
    telegram.answers.append((200, PAGE))
    outcome = await client.send(TEXT, CHAT)
    assert outcome == Strange("Invalid server response")


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (NotDeliveredError("no connection"), Later("no connection")),
        (TimedOut(), Later("Timed out", arrived=True)),
        (NetworkError("connection broken"), Later("connection broken", arrived=True)),
        (TelegramError("something new"), Strange("something new")),
    ],
)
async def test_a_failure_of_the_line_has_a_name(
    error: TelegramError, outcome: Outcome, client: Client, telegram: Any
) -> None:
    assert outcome_of(error) == outcome
    telegram.answers.append(error)
    assert await client.send(TEXT, CHAT) == outcome


NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)


async def test_a_message_that_is_as_it_should_be_already_is_sent(client: Client, telegram: Any) -> None:
    telegram.will_answer(400, NOT_MODIFIED)
    assert await client.send(EDIT, CHAT) == Sent()
    assert len(telegram.posted) == 1


@pytest.mark.parametrize(
    "why",
    [
        "Bad Request: message to edit not found",
        "Bad Request: message can't be edited",
        "Bad Request: there is no text in the message to edit",
        "Bad Request: MESSAGE_ID_INVALID",
    ],
)
async def test_what_cannot_be_edited_is_sent_anew(why: str, client: Client, telegram: Any) -> None:
    telegram.will_answer(400, why)
    assert await client.send(EDIT, CHAT) == Sent(77)
    assert [posted.method for posted in telegram.posted] == ["editMessageText", "sendMessage"]
    assert telegram.posted[1].form["text"] == "Stap 2"
    assert "message_id" not in telegram.posted[1].form


async def test_the_new_message_in_place_of_an_edit_can_fail_too(client: Client, telegram: Any) -> None:
    telegram.will_answer(400, "Bad Request: message can't be edited")
    telegram.will_answer(403, "Forbidden: bot was blocked by the user")
    assert await client.send(EDIT, CHAT) == Gone("Forbidden: bot was blocked by the user")
    assert len(telegram.posted) == 2


@pytest.mark.parametrize("why", ["Bad Request: message is too long", "Bad Request: chat not found"])
async def test_an_edit_that_failed_for_another_reason_is_not_sent_anew(why: str, client: Client, telegram: Any) -> None:
    telegram.will_answer(400, why)
    assert not isinstance(await client.send(EDIT, CHAT), Sent)
    assert len(telegram.posted) == 1


# On a real line.


@asynccontextmanager
async def server(behaviour: Any) -> AsyncIterator[str]:
    running = await asyncio.start_server(behaviour, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{running.sockets[0].getsockname()[1]}"
    finally:
        running.close()


@asynccontextmanager
async def client_at(address: str) -> AsyncIterator[Client]:
    client = Client("42:TOKEN", address)
    await client.bot.request.initialize()
    try:
        yield client
    finally:
        await client.bot.request.shutdown()


async def test_a_refused_connection_means_it_never_left() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))  # and never listens
        async with client_at(f"http://127.0.0.1:{deaf.getsockname()[1]}") as client:
            outcome = await client.send(TEXT, CHAT)
    assert isinstance(outcome, Later)
    assert not outcome.arrived


async def test_a_line_broken_after_sending_means_it_may_have_arrived() -> None:
    async def take_and_hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.transport.abort()

    async with server(take_and_hang_up) as address, client_at(address) as client:
        outcome = await client.send(TEXT, CHAT)
    assert isinstance(outcome, Later)
    assert outcome.arrived


async def test_half_an_answer_means_it_may_have_arrived() -> None:
    async def answer_by_half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"ok": true,')
        await writer.drain()
        writer.close()

    async with server(answer_by_half) as address, client_at(address) as client:
        outcome = await client.send(TEXT, CHAT)
    assert isinstance(outcome, Later)
    assert outcome.arrived


async def test_no_answer_in_time_is_a_time_out() -> None:
    over = asyncio.Event()

    async def never_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    carrier = AiohttpRequest()
    await carrier.initialize()
    try:
        async with server(never_answer) as address:
            with pytest.raises(TimedOut):
                await carrier.do_request(f"{address}/x", "POST", RequestData(), read_timeout=0.05)
            over.set()
    finally:
        await carrier.shutdown()


# What follows from an outcome.

ATTEMPTS = (0, 1, 2, 3, 8, 9, 47, 100_000)
PATIENT = [Retry(timedelta(seconds=s)) for s in (1, 2, 4, 8, 256, 300, 300, 300)]
AFTER_7 = [Retry(timedelta(seconds=7))] * 8
TWICE_MORE: list[State | Retry] = [*PATIENT[:2], *["failed"] * 6]  # type: ignore[list-item]
SEEN: dict[str, Outcome] = {
    "sent": Sent(77),
    "gone": Gone("blocked"),
    "refused": Refused("too long"),
    "strange": Strange("?"),
    "later": Later("down"),
    "later, may have arrived": Later("cut off", arrived=True),
    "flood": Later("flood", flood=7),
    "flood, may have arrived": Later("flood", flood=7, arrived=True),
}
FOLLOWS: dict[tuple[str, Urgency], list[Any]] = {
    ("sent", Urgency.REPLY): ["sent"] * 8,
    ("sent", Urgency.REMINDER): ["sent"] * 8,
    ("sent", Urgency.BROADCAST): ["sent"] * 8,
    ("gone", Urgency.REPLY): ["gone"] * 8,
    ("gone", Urgency.REMINDER): ["gone"] * 8,
    ("gone", Urgency.BROADCAST): ["gone"] * 8,
    ("refused", Urgency.REPLY): ["refused"] * 8,
    ("refused", Urgency.REMINDER): ["refused"] * 8,
    ("refused", Urgency.BROADCAST): ["refused"] * 8,
    ("strange", Urgency.REPLY): TWICE_MORE,
    ("strange", Urgency.REMINDER): TWICE_MORE,
    ("strange", Urgency.BROADCAST): ["unsure"] * 8,
    ("later", Urgency.REPLY): PATIENT,
    ("later", Urgency.REMINDER): PATIENT,
    ("later", Urgency.BROADCAST): PATIENT,
    ("later, may have arrived", Urgency.REPLY): PATIENT,
    ("later, may have arrived", Urgency.REMINDER): PATIENT,
    ("later, may have arrived", Urgency.BROADCAST): ["unsure"] * 8,
    ("flood", Urgency.REPLY): AFTER_7,
    ("flood", Urgency.REMINDER): AFTER_7,
    ("flood", Urgency.BROADCAST): AFTER_7,
    ("flood, may have arrived", Urgency.REPLY): AFTER_7,
    ("flood, may have arrived", Urgency.REMINDER): AFTER_7,
    ("flood, may have arrived", Urgency.BROADCAST): AFTER_7,
}


@pytest.mark.parametrize(("seen", "urgency"), FOLLOWS)
def test_what_follows_from_an_outcome(seen: str, urgency: Urgency) -> None:
    assert [decide(SEEN[seen], urgency, attempts) for attempts in ATTEMPTS] == FOLLOWS[seen, urgency]


def test_the_table_is_complete() -> None:
    assert set(FOLLOWS) == set(product(SEEN, Urgency))
