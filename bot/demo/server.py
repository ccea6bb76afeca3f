"""The Bot API over HTTP: who calls, what it asks for, what goes wrong on order, and the answer."""

import asyncio
import inspect
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from aiohttp import web

from bot.demo import limits, methods, parameters
from bot.demo.chats import Chats
from bot.demo.errors import ApiError, bad_request, too_many_requests
from bot.demo.faults import RESETS, Fault, Faults
from bot.demo.pace import Pace
from bot.demo.parameters import Parameters
from bot.demo.profile import Profile
from bot.demo.webhook import Webhook

CALLS_KEPT = 10_000
FAULT_NAMES = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}
NOT_UTF_8 = bad_request("strings must be encoded in UTF-8")


class Call(NamedTuple):
    """A call of the bot; `error` is what it was told when it was refused."""

    method: str
    params: dict[str, Any]
    error: str | None


class BotApi:
    """`calls` are those that say or change something, newest last."""

    def __init__(self, token: str, chats: Chats, paced: bool) -> None:
        self.chats = chats
        self.profile = Profile()
        self.webhook = Webhook(chats.updates, chats.now)
        self.faults = Faults()
        self.pace = Pace(on=paced)
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self._token = token
        self._methods = {name.lower(): (name, run) for name, run in self._all_methods().items()}

    def _all_methods(self) -> dict[str, Callable[[Parameters], Any]]:
        def with_chats(method: methods.Method) -> Callable[[Parameters], Any]:
            return lambda given: method(self.chats, given)

        return {
            **{name: with_chats(method) for name, method in (methods.PACED | methods.UNPACED).items()},
            "getMe": lambda _: self.chats.bot,
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": lambda _: self.webhook.info(),
            "setMyCommands": self.profile.set_commands,
            "getMyCommands": self.profile.get_commands,
            "deleteMyCommands": self.profile.delete_commands,
            "setMyName": self.profile.set_name,
            "setMyDescription": self.profile.set_description,
            "setMyShortDescription": self.profile.set_short_description,
            "setChatMenuButton": self.profile.set_menu_button,
        }

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/bot{token}/{method}", self.handle),
            web.get("/file/bot{token}/{path:.+}", self.download),
        ]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        try:
            return await self._handle(request)
        except ApiError as error:
            headers = {}
            if error.parameters and "retry_after" in error.parameters:
                headers["Retry-After"] = str(error.parameters["retry_after"])
            return web.json_response(error.as_json(), status=error.code, headers=headers)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self._check_token(request)
        name, run = self._method(request)
        given = await self._read(name, request)
        fault = self.faults.next_for(name, given.chat_id)
        if fault and fault.do not in ("slow", "reset_after"):
            return self._go_wrong(fault, name, given, request)
        if fault and fault.do == "slow":
            await asyncio.sleep(fault.seconds)
        result = await self._run(name, run, given)
        if fault and fault.do == "reset_after":
            return _hang_up(request)
        return web.json_response({"ok": True, "result": result})

    def _check_token(self, request: web.Request) -> None:
        if request.match_info["token"] != self._token:
            raise ApiError(401, "Unauthorized")

    def _method(self, request: web.Request) -> tuple[str, Callable[[Parameters], Any]]:
        name = request.match_info["method"].lower()
        if request.method not in ("GET", "POST") or name not in self._methods:
            raise ApiError(404, "Not Found")
        return self._methods[name]

    @staticmethod
    async def _read(name: str, request: web.Request) -> Parameters:
        try:
            return await parameters.read(name, request)
        except web.HTTPRequestEntityTooLarge:
            raise ApiError(413, "Request Entity Too Large") from None
        except ValueError:
            raise ApiError(400, "Bad Request: can't parse the request") from None

    def _go_wrong(self, fault: Fault, name: str, given: Parameters, request: web.Request) -> web.StreamResponse:
        if fault.do in RESETS:
            self._note(name, given, fault.do)
            return _hang_up(request)
        code = int(fault.do)
        error = too_many_requests(fault.retry_after) if code == 429 else ApiError(code, FAULT_NAMES[code])
        self._note(name, given, error.description)
        raise error

    async def _run(self, name: str, run: Callable[[Parameters], Any], given: Parameters) -> Any:
        paced_chat = (given.chat_id or 0) if name in methods.PACED else None
        try:
            if paced_chat is not None:
                self.pace.check(paced_chat)
            result = run(given)
            if inspect.isawaitable(result):
                result = await result
            if paced_chat is not None:
                self.pace.count(paced_chat)
        except UnicodeEncodeError:
            self._note(name, given, NOT_UTF_8.description)
            raise NOT_UTF_8 from None
        except ApiError as error:
            self._note(name, given, error.description)
            raise
        self._note(name, given, None)
        return result

    def _note(self, name: str, given: Parameters, error: str | None) -> None:
        if not name.startswith("get"):
            uploads = {field: upload.name for field, upload in given.uploads.items()}
            chat = {"chat_id": given.chat_id} if given.chat_id is not None else {}
            self.calls.append(Call(name, {**uploads, **given.values, **chat}, error))

    async def _get_updates(self, given: Parameters) -> list[dict[str, Any]]:
        self.webhook.check_polling()
        self._remember_allowed(given)
        limit = limits.UPDATES.clamp(given.number("limit", limits.UPDATES.most))
        timeout = max(0, min(limits.LONG_POLL_SECONDS, given.number("timeout")))
        return await self.chats.updates.fetch(given.number("offset"), limit, timeout)

    async def _set_webhook(self, given: Parameters) -> bool:
        await self.webhook.set(
            given.text("url"),
            given.text("secret_token"),
            given.number("max_connections"),
            given.flag("drop_pending_updates"),
        )
        self._remember_allowed(given)
        return True

    async def _delete_webhook(self, given: Parameters) -> bool:
        await self.webhook.set("", drop_pending=given.flag("drop_pending_updates"))
        return True

    def _remember_allowed(self, given: Parameters) -> None:
        allowed = given.json("allowed_updates")
        if isinstance(allowed, list):
            self.chats.updates.allowed = [str(kind) for kind in allowed]

    async def download(self, request: web.Request) -> web.StreamResponse:
        stored = self.chats.files.at_path(request.match_info["path"])
        if request.match_info["token"] != self._token or stored is None:
            error = ApiError(404, "Not Found")
            return web.json_response(error.as_json(), status=error.code)
        return web.Response(body=stored.content, content_type="application/octet-stream")


def _hang_up(request: web.Request) -> web.StreamResponse:
    """Breaks the connection off, as a network does; the answer given here reaches nobody."""
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)
