"""What the page asks of this server: the phones, what happens on them, and what a person does."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from aiohttp import web

from bot.demo.chats import Chats
from bot.demo.clock import Clock
from bot.demo.errors import ImpossibleError
from bot.demo.faults import Faults
from bot.demo.offers import Offers
from bot.demo.phone import Phone

PAGE = Path(__file__).parent / "page"
KEEP_OPEN_SECONDS = 15
SHOWN_AS_THEY_ARE = ("image/png", "image/jpeg", "image/gif", "image/webp", "audio/ogg", "audio/mpeg", "audio/mp4")
SECURITY = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; "
    "style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
Details = dict[str, Any]
Action = Callable[[Phone, Details], dict[str, Any] | None]


class PhonesApi:
    def __init__(self, chats: Chats, phones: dict[int, Phone], faults: Faults, clock: Clock | None) -> None:
        self.notices: list[str] = []
        self.offers = Offers(chats.events)
        self._chats = chats
        self._phones = phones
        self._faults = faults
        self._clock = clock
        self._actions: dict[str, Action] = {**ACTIONS, "share": self._share}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self._page),
            web.get("/page/{path:.+}", self._page_file),
            web.get("/phones", self._all),
            web.get("/phones/events", self._events),
            web.get("/phones/files/{unique_id}", self._file),
            web.post(r"/phones/{id:\d+}/{action}", self._act),
            web.post("/clock", self._turn_clock),
            web.post("/offers/{name}", self._take_offer),
            web.get("/faults", self._get_faults),
            web.post("/faults", self._set_faults),
        ]

    def notice(self, text: str) -> None:
        """Something the person at the laptop should know."""
        self.notices.append(text)
        self._chats.events.tell("notice", text=text)

    def clock_json(self) -> dict[str, Any]:
        return {"now": self._chats.now().isoformat(), "turnable": self._clock is not None}

    async def _page(self, _: web.Request) -> web.StreamResponse:
        return _page_file("index.html")

    async def _page_file(self, request: web.Request) -> web.StreamResponse:
        return _page_file(request.match_info["path"])

    async def _all(self, _: web.Request) -> web.StreamResponse:
        bot = {field: self._chats.bot[field] for field in ("id", "username", "first_name")}
        told = {
            "bot": bot,
            "phones": [chat.as_json() for chat in self._chats.with_phone()],
            "clock": self.clock_json(),
            "notices": self.notices,
            "offers": self.offers.as_json(),
            "crowd": self._chats.crowd.as_json(),
        }
        return web.json_response(told)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
        stream = web.StreamResponse(headers=headers)
        await stream.prepare(request)
        with self._chats.events.listen() as listener, suppress(ConnectionResetError):
            await stream.write(b": here\n\n")
            while True:
                try:
                    async with asyncio.timeout(KEEP_OPEN_SECONDS):
                        event = await listener.get()
                except TimeoutError:
                    await stream.write(b": still here\n\n")
                    continue
                if event is None:
                    break
                await stream.write(f"data: {json.dumps(event)}\n\n".encode())
        return stream

    async def _file(self, request: web.Request) -> web.StreamResponse:
        stored = self._chats.files.with_unique_id(request.match_info["unique_id"])
        if stored is None:
            raise web.HTTPNotFound
        harmless = stored.mime in SHOWN_AS_THEY_ARE
        how = "inline" if harmless else "attachment"
        headers = {
            "Content-Type": stored.mime if harmless else "application/octet-stream",
            "Content-Disposition": f"{how}; filename*=UTF-8''{quote(stored.name)}",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(body=stored.content, headers=headers)

    async def _act(self, request: web.Request) -> web.StreamResponse:
        phone = self._phones.get(int(request.match_info["id"]))
        action = self._actions.get(request.match_info["action"])
        if phone is None or action is None:
            return _refused("Die telefoon of die handeling is er niet.", 404)
        return await _answered(request, lambda details: action(phone, details))

    def _share(self, phone: Phone, details: Details) -> None:
        other = self._phones.get(int(details["to"]))
        if other is None:
            raise ImpossibleError("Die telefoon is er niet.")
        phone.shares(str(details["url"]), other, str(details.get("words") or ""))

    async def _turn_clock(self, request: web.Request) -> web.StreamResponse:
        clock = self._clock
        if clock is None:
            return _refused("De klok kan hier niet verzet worden.", 404)

        async def turn(details: Details) -> dict[str, Any]:
            if details.get("to") == "next":
                if not await clock.jump_to_next():
                    raise ImpossibleError("Er staat geen herinnering gepland.")
            else:
                await clock.jump(_seconds(details))
            told = self.clock_json()
            self._chats.events.tell("clock", clock=told)
            return {"clock": told}

        return await _answered(request, turn)

    async def _take_offer(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in self.offers:
            return _refused("Deze knop is er niet.", 404)

        async def take(_: Details) -> dict[str, Any]:
            return {"said": await self.offers.run(name)}

        return await _answered(request, take)

    async def _get_faults(self, _: web.Request) -> web.StreamResponse:
        return web.json_response([fault.as_json() for fault in self._faults.rules])

    async def _set_faults(self, request: web.Request) -> web.StreamResponse:
        def replace(details: Details) -> None:
            try:
                self._faults.replace(details["list"])
            except (TypeError, ValueError) as error:
                raise ImpossibleError(str(error)) from error

        return await _answered(request, replace)


async def _answered(
    request: web.Request, act: Callable[[Details], dict[str, Any] | Awaitable[dict[str, Any]] | None]
) -> web.StreamResponse:
    """Does what is asked, and says whether it worked."""
    if not _from_our_page(request):
        return _refused("Dit mag alleen vanaf deze pagina.", 403)
    try:
        told = act(await _details(request))
        if isinstance(told, Awaitable):
            told = await told
    except ImpossibleError as error:
        return _refused(str(error), 409)
    except (KeyError, TypeError, ValueError):
        return _refused("Dat kan de server niet lezen.", 400)
    return web.json_response({"ok": True, **(told or {})})


def _from_our_page(request: web.Request) -> bool:
    """Whether no other site in the same browser sent it."""
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


async def _details(request: web.Request) -> Details:
    """The JSON object of a call, a list as {"list": ...}, or a form with a file as content, name and mime."""
    if request.content_type.startswith("multipart/"):
        form = await request.post()
        details: Details = {name: value for name, value in form.items() if isinstance(value, str)}
        file = form.get("file")
        if isinstance(file, web.FileField):
            details |= {"content": file.file.read(), "name": file.filename, "mime": file.content_type}
        return details
    if request.content_type != "application/json":
        raise ValueError("not JSON")
    read = await request.json() if request.can_read_body else {}
    if isinstance(read, list):
        return {"list": read}
    if not isinstance(read, dict):
        raise ValueError("not an object")
    return read


def _refused(why: str, status: int) -> web.StreamResponse:
    return web.json_response({"ok": False, "error": why}, status=status)


def _seconds(details: Details) -> float:
    seconds = float(details["jump"])
    if not 0 < seconds <= 366 * 86400:
        raise ImpossibleError("De klok kan alleen vooruit, en hooguit een jaar.")
    return seconds


def _page_file(path: str) -> web.StreamResponse:
    file = (PAGE / path).resolve()
    if not file.is_relative_to(PAGE.resolve()) or not file.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(file, headers=SECURITY)


def _sends(kind: str, **allowed: Callable[[Any], Any]) -> Action:
    """An action that sends this kind, with those of the page's details that belong to it, each of its type."""

    def act(phone: Phone, details: Details) -> None:
        given = {name: read(details[name]) for name, read in allowed.items() if details.get(name) not in (None, "")}
        phone.sends(kind, **given)

    return act


def _start(phone: Phone, details: Details) -> None:
    phone.start(str(details.get("payload") or ""))


def _text(phone: Phone, details: Details) -> None:
    answered = details.get("reply_to")
    phone.says(str(details["text"]), None if answered is None else int(answered))


def _tap(phone: Phone, details: Details) -> dict[str, Any]:
    data, message = str(details["data"]), int(details["message"])
    try:
        return {"data_id": phone.taps(data, message)}
    except LookupError:
        raise ImpossibleError("Deze knop is er niet meer.") from None


def _edit(phone: Phone, details: Details) -> None:
    phone.edits(int(details["message"]), str(details["text"]))


def _open(phone: Phone, details: Details) -> None:
    phone.opens(int(details["link"]))


def _put_away(phone: Phone, details: Details) -> None:
    phone.puts_away(int(details["link"]))


def _block(phone: Phone, _: Details) -> None:
    phone.blocks()


def _unblock(phone: Phone, _: Details) -> None:
    phone.unblocks()


def _bytes(content: Any) -> bytes:
    if not isinstance(content, bytes):
        raise TypeError("a file comes in a form")
    return content


_FILE: dict[str, Callable[[Any], Any]] = {"content": _bytes, "name": str, "mime": str, "caption": str}
ACTIONS: dict[str, Action] = {
    "start": _start,
    "text": _text,
    "tap": _tap,
    "edit": _edit,
    "open": _open,
    "put-away": _put_away,
    "block": _block,
    "unblock": _unblock,
    "photo": _sends("photo", **_FILE),
    "document": _sends("document", **_FILE),
    "voice": _sends("voice", seconds=int, **_FILE),
    "sticker": _sends("sticker", emoji=str),
    "location": _sends("location", latitude=float, longitude=float),
    "contact": _sends("contact"),
    "poll": _sends("poll", question=str),
    "dice": _sends("dice"),
}
