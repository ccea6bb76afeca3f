"""Logs: what happened, never who said what, and no token."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# These tell addresses with the token in them, or whole updates and rows.
LOUD = (
    "httpx",
    "httpcore",
    "aiohttp",
    "asyncio",
    "telegram",
    "sqlalchemy",
    "apscheduler",
    "alembic",
    "watchfiles",
)
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{6,}")


def set_up(level: str, form: str) -> None:
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        without_token,
    ]
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for loud in LOUD:
        logging.getLogger(loud).setLevel(logging.WARNING)


def without_token(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = TOKEN.sub("<token>", value)
    return event
