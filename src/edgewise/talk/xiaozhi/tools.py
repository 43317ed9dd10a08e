"""The tools of a device: its own server of the Model Context Protocol, over its connection.

The protocol's library is not used: devices answer errors without a code, which it refuses, take
only numbers as ids, and never answer some requests. Every request has a time limit. What a tool
is and whether it may be called, others decide. Source: mcp_server.cc of the firmware; MCP
2024-11-05.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from edgewise import __version__
from edgewise.errors import DeviceError

T = TypeVar("T")
VERSION = "2024-11-05"
CALL_S = 15.0
MOST_TOOLS = 128
MOST_PAGES = 32
MOST_ANSWER_CHARACTERS = 65_536
MOST_WAITING = 16
USER_ONLY = frozenset(
    {
        "self.get_system_info",
        "self.reboot",
        "self.upgrade_firmware",
        "self.screen.get_info",
        "self.screen.snapshot",
        "self.screen.preview_image",
        "self.assets.set_download_url",
    }
)
"""Of the standard firmware: for the owner's own hand. It hides them; another one may not."""


class Annotations(Struct, frozen=True, rename="camel"):
    """Hints of a tool about itself."""

    read_only_hint: bool | None = None
    destructive_hint: bool | None = None
    audience: tuple[str, ...] = ()


class BoardTool(Struct, frozen=True, rename="camel"):
    """A tool as the device lists it."""

    name: str
    description: str = ""
    input_schema: dict[str, Any] = {}
    annotations: Annotations | None = None

    @property
    def is_for_users(self) -> bool:
        """Whether no model may be shown it."""
        hints = self.annotations
        only_user = hints is not None and bool(hints.audience) and "assistant" not in hints.audience
        return self.name in USER_ONLY or only_user


class _Server(Struct, frozen=True):
    name: str = ""


class _Begun(Struct, rename="camel"):
    server_info: _Server = _Server()


class _Page(Struct, rename="camel"):
    tools: list[Any] = []
    next_cursor: str | None = None


class _Block(Struct):
    type: str = "text"
    text: str = ""


class _Called(Struct, rename="camel"):
    content: list[_Block] = []
    is_error: bool = False


class _Wrong(Struct):
    """An error; those of devices have no code."""

    message: str = ""


class _Reply(Struct):
    id: int | None = None
    result: Any = None
    error: _Wrong | None = None


class Vision(Struct, frozen=True):
    """Where a device's camera brings its pictures, and with which token."""

    url: str
    token: str


class Tools:
    """Asks the tools of one connection. `send` takes a JSON-RPC message."""

    def __init__(
        self, send: Callable[[dict[str, Any]], Awaitable[None]], *, call_s: float = CALL_S
    ) -> None:
        self._send = send
        self._call_s = call_s
        self._next = 1
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._ended = False

    async def begin(self, vision: Vision) -> str:
        """Greet the server; its name. Raises DeviceError."""
        found = await self._ask(
            "initialize",
            {
                "protocolVersion": VERSION,
                "capabilities": {"vision": {"url": vision.url, "token": vision.token}},
                "clientInfo": {"name": "edgewise", "version": __version__},
            },
        )
        await self._send({"jsonrpc": "2.0", "method": "notifications/initialized"})
        return _as(_Begun, found).server_info.name[:80]

    async def list(self) -> tuple[BoardTool, ...]:
        """All tools that a model may be shown, page by page; the first of each name. One that is
        not as in the protocol is passed over. Raises DeviceError."""
        found: dict[str, BoardTool] = {}
        cursor, seen = "", set[str]()
        for _ in range(MOST_PAGES):
            page = _as(_Page, await self._ask("tools/list", {"cursor": cursor}))
            for listed in page.tools:
                with suppress(DeviceError):
                    tool = _as(BoardTool, listed)
                    if tool.name and not tool.is_for_users and len(found) < MOST_TOOLS:
                        found.setdefault(tool.name, tool)
            cursor = page.next_cursor or ""
            if not cursor or cursor in seen:
                break
            seen.add(cursor)
        return tuple(found.values())

    async def call(self, name: str, arguments: dict[str, Any]) -> str:
        """Call a tool once; the text it answers. Raises DeviceError (`refused`, `timed_out`,
        `no_provider`)."""
        called = _as(_Called, await self._ask("tools/call", {"name": name, "arguments": arguments}))
        text = "\n".join(block.text for block in called.content if block.text)
        if called.is_error:
            raise DeviceError(f"{name}: {text[:500] or 'the tool failed'}", code="refused")
        return text[:MOST_ANSWER_CHARACTERS]

    def take(self, payload: dict[str, Any]) -> bool:
        """An answer of the device; False for one that nobody waits for."""
        try:
            reply = msgspec.convert(payload, _Reply)
        except msgspec.ValidationError:
            return False
        waiting = self._waiting.get(reply.id) if reply.id is not None else None
        if waiting is None or waiting.done():
            return False
        if reply.error is not None:
            told = reply.error.message[:500] or "the tool failed"
            waiting.set_exception(DeviceError(told, code="refused"))
        else:
            waiting.set_result(reply.result)
        return True

    def end(self) -> None:
        """The connection is gone: nobody waits any longer."""
        self._ended = True
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(DeviceError("the device went away", code="no_provider"))

    async def _ask(self, method: str, params: dict[str, Any]) -> Any:
        if self._ended:
            raise DeviceError("the device is not connected", code="no_provider")
        if len(self._waiting) >= MOST_WAITING:
            raise DeviceError(f"{MOST_WAITING} requests wait for the device", code="refused")
        number, self._next = self._next, self._next + 1
        waiting: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = waiting
        try:
            asked = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
            async with asyncio.timeout(self._call_s):
                await self._send(asked)
                return await waiting
        except TimeoutError as error:
            told = f"the device did not answer {method} within {self._call_s:g} s"
            raise DeviceError(told, code="timed_out") from error
        finally:
            del self._waiting[number]
            if waiting.done() and not waiting.cancelled():
                waiting.exception()


def _as(kind: type[T], result: Any) -> T:
    try:
        return msgspec.convert(result, kind, strict=False)
    except msgspec.ValidationError as error:
        told = f"the device answered against its protocol: {error}"
        raise DeviceError(told, code="refused") from error
