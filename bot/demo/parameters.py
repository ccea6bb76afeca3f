"""The parameters of a call, however they came: query string, form, multipart or JSON."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.demo import limits
from bot.demo.files import Upload


@dataclass(frozen=True)
class Parameters:
    """`values` are of the types the Bot API's description names; what it does not name is left out."""

    values: dict[str, Any]
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return str(self.values.get(name) or "")

    def number(self, name: str, default: int = 0) -> int:
        value = self.values.get(name)
        return value if isinstance(value, int) else default

    def real(self, name: str) -> float | None:
        """None where there is none; what is no number counts as 0, as with Telegram."""
        written = str(self.values.get(name, "")).strip()
        return _real(written) if written else None

    def flag(self, name: str) -> bool:
        return bool(self.values.get(name))

    def json(self, name: str) -> Any:
        return self.values.get(name)

    @property
    def chat_id(self) -> int | None:
        """None where no chat is named by a number."""
        found = re.fullmatch(r"\s*(-?\d+)\s*", self.text("chat_id"))
        return int(found[1]) if found else None


async def read(method: str, request: web.Request) -> Parameters:
    """The parameters of a known method."""
    raw: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        body = await request.read()
        written = json.loads(body) if body else {}
        raw |= written if isinstance(written, dict) else {}
    else:
        raw |= dict(await request.post())
    uploads = {name: _upload(value) for name, value in raw.items() if isinstance(value, web.FileField)}
    types = limits.field_types(method)
    values = {
        name: _typed(value, types[name])
        for name, value in raw.items()
        if name in types and name not in uploads and value is not None
    }
    return Parameters(values, uploads)


def _upload(file: web.FileField) -> Upload:
    return Upload(file.filename or "file", file.content_type or "application/octet-stream", file.file.read())


def _typed(value: Any, types: tuple[str, ...]) -> Any:
    if "String" in types or "InputFile" in types:
        return value if isinstance(value, str) else json.dumps(value)
    if types == ("Integer",):
        return _integer(value)
    if types == ("Boolean",):
        return value if isinstance(value, bool) else str(value).lower() in ("true", "yes", "1")
    return _decoded(value) if isinstance(value, str) else value


def _integer(value: Any) -> int:
    """The number it begins with, as Telegram reads it; 0 where there is none."""
    found = re.match(r"\s*(-?\d+)", str(value))
    return int(found[1]) if found else 0


def _real(written: str) -> float:
    try:
        return float(written)
    except ValueError:
        return 0.0


def _decoded(written: str) -> Any:
    """The JSON in a form's field; the text itself where there is none: who checks it then refuses it."""
    try:
        return json.loads(written)
    except ValueError:
        return written
