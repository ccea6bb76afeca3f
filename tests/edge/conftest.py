"""A Telegram that is not there: it writes down what is posted and answers what it is told to."""

import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import pytest
from telegram import Bot
from telegram._utils.types import ODVInput
from telegram.request import BaseRequest, RequestData

from bot.telegram.client import Client

CHAT = {"id": 5061234567, "first_name": "Selam", "type": "private"}
SENT = {"ok": True, "result": {"message_id": 77, "date": 1795356000, "chat": CHAT, "text": "x"}}


@dataclass
class Posted:
    """`form` is as it goes over the line; `files` are name, content and mime type by part."""

    method: str
    form: dict[str, str]
    files: dict[str, Any] = field(default_factory=dict)


class NoTelegram(BaseRequest):
    """Answers what is in `answers`, first one first; afterwards that a message was sent."""

    def __init__(self) -> None:
        self.posted: list[Posted] = []
        self.answers: deque[tuple[int, bytes] | Exception] = deque()

    def will_answer(self, status: int, description: str, **parameters: Any) -> None:
        body = {"ok": False, "error_code": status, "description": description}
        if parameters:
            body["parameters"] = parameters
        self.answers.append((status, json.dumps(body).encode()))

    @property
    def read_timeout(self) -> float:
        return 5

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        data = request_data or RequestData()
        self.posted.append(Posted(url.rpartition("/")[2], data.json_parameters, data.multipart_data))
        answer = self.answers.popleft() if self.answers else (200, json.dumps(SENT).encode())
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def telegram() -> NoTelegram:
    return NoTelegram()


@pytest.fixture
def client(telegram: NoTelegram) -> Client:
    client = Client("42:TOKEN", "http://telegram.invalid")
    client.bot = Bot("42:TOKEN", request=telegram, get_updates_request=telegram)
    return client
