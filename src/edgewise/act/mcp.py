"""MCP servers of a device: a client of the Model Context Protocol (official SDK) as a driver.

A server is named in the configuration by a command (stdio) or an address (streamable HTTP). What
its tools become is `mcp_tool.py`.

A call is sent once. When a server is gone the call fails (`no_provider`), and the next call starts
it again. It does not know resources, prompts, or tools that ask back.
"""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TextIO, TypeVar, cast

import msgspec

from edgewise.act.function import Function
from edgewise.act.mcp_tool import CALL_S, declaration, function_of, plain_name
from edgewise.core.call import Effect
from edgewise.core.signal import JsonValue, Reading
from edgewise.errors import DeviceError, EdgewiseError, UserError

if TYPE_CHECKING:
    from mcp import Client
    from mcp_types import CallToolResult, Tool

CONNECT_S = 15.0
MOST_TOOLS = 200
MOST_PAGES = 50
LARGEST_ANSWER_BYTES = 65_536

_Answer = TypeVar("_Answer")

_log = logging.getLogger(__name__)


class ServerSpec(Protocol):
    """Where a server is: a command with its arguments, or an http(s) address; not both."""

    @property
    def command(self) -> tuple[str, ...]: ...

    @property
    def url(self) -> str: ...


class McpServers:
    """`act.driver.Driver` for `mcp`: all servers of a device; `connect` first, `close` at the end.

    `functions` are the tools of the servers that could be reached, for a catalogue.
    """

    prefix = "mcp"
    receipts_only = ("mcp",)

    def __init__(
        self,
        servers: Mapping[str, ServerSpec],
        *,
        connect_s: float = CONNECT_S,
        call_s: float = CALL_S,
    ) -> None:
        self._links = {
            plain_name(name): _Link(name, spec, connect_s, call_s) for name, spec in servers.items()
        }
        self._tools: dict[str, tuple[_Link, str]] = {}
        self.functions: list[Function] = []

    async def connect(self) -> list[str]:
        """Reaches all servers at once and lists their tools; one line for each thing left out."""
        found = await asyncio.gather(*(self._list(key) for key in self._links))
        return [problem for problems in found for problem in problems]

    async def read(self, targets: Sequence[str]) -> dict[str, Reading]:
        """Nothing: tools have no state to read."""
        return {}

    async def write(self, effects: Sequence[Effect]) -> dict[str, JsonValue]:
        """Calls each tool in order; receipts by target, `{"text", "data"}`.

        Raises DeviceError: `unknown_target`, `no_provider`, `refused` with the tool's own words,
        `timed_out`. Tools called before the failing one have acted.
        """
        for effect in effects:
            if effect.target not in self._tools:
                raise DeviceError(f"no server provides {effect.target}", code="unknown_target")
        receipts: dict[str, JsonValue] = {}
        for effect in effects:
            link, tool = self._tools[effect.target]
            receipts[effect.target] = await link.call(tool, effect.value or {})
        return receipts

    async def watch(self, targets: Sequence[str]) -> AsyncIterator[dict[str, Reading]]:
        """Yields the empty current state and then waits for ever."""
        yield {}
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Ends the servers that were started and the connections."""
        await asyncio.gather(*(link.close() for link in self._links.values()))

    async def _list(self, key: str) -> list[str]:
        link = self._links[key]
        try:
            tools = await link.tools()
        except EdgewiseError as error:
            return [f"MCP server {link.name} is left out: {error}"]
        problems: list[str] = []
        for tool in tools:
            target = f"mcp.{key}.{plain_name(tool.name)}"
            try:
                if target in self._tools:
                    raise UserError(f"another tool is already called {target}")
                declared = declaration(target, link.name, tool)
            except UserError as error:
                problems.append(f"MCP server {link.name}: a tool is left out: {error}")
                continue
            self._tools[target] = (link, tool.name)
            self.functions.append(function_of(declared))
        return problems


class _Link:
    """One server: a task that owns the connection, started when needed."""

    def __init__(self, name: str, spec: ServerSpec, connect_s: float, call_s: float) -> None:
        if bool(spec.command) == bool(spec.url):
            raise UserError(
                f"MCP server {name!r} needs either a command or an address", code="bad_config"
            )
        if spec.url and not spec.url.startswith(("http://", "https://")):
            raise UserError(
                f"MCP server {name!r}: {spec.url!r} is no http(s) address", code="bad_config"
            )
        self.name = name
        self._spec = spec
        self._connect_s = connect_s
        self._call_s = call_s
        self._lock = asyncio.Lock()
        self._ended = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._client: Client | None = None

    async def tools(self) -> "list[Tool]":
        """All tools of the server, page by page."""

        async def every_page(client: "Client") -> "list[Tool]":
            found: list[Tool] = []
            cursor: str | None = None
            for _ in range(MOST_PAGES):
                page = await client.list_tools(cursor=cursor)
                found += page.tools
                cursor = page.next_cursor
                if not cursor or len(found) >= MOST_TOOLS:
                    break
            return found[:MOST_TOOLS]

        return await self._with_client(every_page, self._connect_s)

    async def call(self, tool: str, arguments: dict[str, Any]) -> JsonValue:
        """Calls a tool once and gives its answer. Raises DeviceError."""

        async def once(client: "Client") -> "CallToolResult":
            return await client.call_tool(tool, arguments)

        return self._answer(await self._with_client(once, self._call_s))

    async def close(self) -> None:
        """Ends the connection; the server process too, if it was started here."""
        task, self._task = self._task, None
        self._ended.set()
        if task is not None:
            await asyncio.wait({task}, timeout=self._connect_s)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _with_client(
        self, use: "Callable[[Client], Awaitable[_Answer]]", within_s: float
    ) -> _Answer:
        client, task = await self._connected()
        using = asyncio.ensure_future(use(client))
        try:
            # The task ends when the server does; a call then must not wait for its time limit.
            await asyncio.wait({using, task}, timeout=within_s,
                               return_when=asyncio.FIRST_COMPLETED)  # fmt: skip
            if using.done():
                with self._mapped():
                    return await using
            if task.done():
                raise self._gone("it ended during the call")
            raise DeviceError(
                f"MCP server {self.name} did not answer within {within_s:g} s", code="timed_out"
            )
        finally:
            using.cancel()
            await asyncio.gather(using, return_exceptions=True)

    async def _connected(self) -> "tuple[Client, asyncio.Task[None]]":
        async with self._lock:
            lost = self._task is None or self._task.done() or self._ended.is_set()
            if lost or self._client is None:
                await self.close()
                self._ended = asyncio.Event()
                ready: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
                self._task = asyncio.create_task(self._run(ready, self._ended))
                await asyncio.wait({ready, self._task}, timeout=self._connect_s,
                                   return_when=asyncio.FIRST_COMPLETED)  # fmt: skip
                if not ready.done():
                    self._task.cancel()
                    raise self._gone(f"it did not answer within {self._connect_s:g} s")
                if (error := ready.exception()) is not None:
                    raise self._gone(_text_of(error)) from error
                self._client = ready.result()
            task = self._task
            assert task is not None
            return self._client, task

    async def _run(self, ready: "asyncio.Future[Client]", ended: asyncio.Event) -> None:
        """Opens the connection, keeps it until `ended`, closes it: all in this one task."""
        try:
            # A stranger's process gets no way to write to the owner's terminal.
            with Path(os.devnull).open("w") as quiet:  # noqa: ASYNC230
                async with self._open(quiet) as client:
                    ready.set_result(client)
                    await ended.wait()
        except Exception as error:  # noqa: BLE001 the border to a stranger's process
            _log.info("MCP server %s: %s", self.name, _text_of(error))
            if not ready.done():
                ready.set_exception(error)
                ready.exception()  # read here, so that a cancelled waiter leaves no warning
        finally:
            self._client = None

    def _open(self, errors: TextIO) -> "Client":
        try:
            from mcp import Client, StdioServerParameters, stdio_client
        except ImportError as error:
            raise UserError(
                "MCP servers need the extra `device`: pip install 'edgewise[device]'",
                code="missing_extra",
            ) from error
        if self._spec.url:
            return Client(self._spec.url)
        command, *arguments = self._spec.command
        parameters = StdioServerParameters(command=command, args=arguments)
        return Client(stdio_client(parameters, errlog=errors))

    @contextmanager
    def _mapped(self) -> Generator[None]:
        """Errors of the SDK as errors of this tree; a lost connection also ends the link."""
        from mcp import MCPError
        from mcp_types import CONNECTION_CLOSED

        try:
            yield
        except MCPError as error:
            if error.code == CONNECTION_CLOSED:
                self._ended.set()
                raise self._gone(error.message) from error
            raise DeviceError(f"{self.name}: {error.message[:500]}", code="refused") from error
        except Exception as error:  # httpx, anyio and pydantic errors reach here
            self._ended.set()
            raise self._gone(_text_of(error)) from error

    def _answer(self, result: "CallToolResult") -> JsonValue:
        blocks = [str(getattr(block, "text", "")) for block in result.content]
        text = "\n".join(block for block in blocks if block)
        if result.is_error:
            raise DeviceError(f"{self.name}: {text[:500] or 'the tool failed'}", code="refused")
        answer = {"text": text or "-", "data": result.structured_content}
        encoded = msgspec.json.encode(answer)
        if len(encoded) > LARGEST_ANSWER_BYTES:
            answer = {"text": text[: LARGEST_ANSWER_BYTES // 4], "data": None}
        return answer

    def _gone(self, why: str) -> DeviceError:
        return DeviceError(
            f"MCP server {self.name} is not there: {why[:300]}; check its entry in config.toml",
            code="no_provider",
        )


def _text_of(error: BaseException) -> str:
    """What happened, in words: the first leaf of a group of errors."""
    while isinstance(error, BaseExceptionGroup):
        error = cast(BaseExceptionGroup[BaseException], error).exceptions[0]
    return str(error) or type(error).__name__
