"""Edgewise as an MCP server: every available capability is a tool, behind the same policy.

A tool call takes the way of any call (resolve, decide, perform) with the channel MCP and no seat,
so it has no more rights than a passenger. What the policy asks about, a person must approve at the
device: a client can not, and is told so. Tools are declared with `type`, `properties` and
`required` only, the keywords that every client's model accepts; "exactly one of" is said in words
and checked when the call is resolved.

Source: Model Context Protocol 2025-11-25 and 2026-07-28, official Python SDK 2.3.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Protocol

import mcp_types as types
import msgspec
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.exceptions import MCPError
from starlette.types import ASGIApp

import edgewise
from edgewise.act.argument_schema import described, schema_of
from edgewise.act.function import Catalogue
from edgewise.core.call import Result, Status
from edgewise.core.capability import Capability, Risk
from edgewise.core.event import Answered, CallFinished, Event, NeedsApproval, Stopped
from edgewise.core.message import Channel, Speaker
from edgewise.core.signal import JsonValue
from edgewise.device.callers import MCP_SESSIONS, Caller
from edgewise.device.limits import Limits
from edgewise.device.security import BODY_LIMIT_BYTES
from edgewise.device.wire import ApiError
from edgewise.errors import EdgewiseError
from edgewise.hosting.board import Board

SESSION = MCP_SESSIONS + "client"
SPEAKER = Speaker(zone=None, channel=Channel.MCP)
INSTRUCTIONS = (
    "Tools act on a real device: a car and a phone. A deterministic policy decides on each call."
    " A refusal names its rule; do not try to reach the same effect in another way. A call that"
    " needs approval waits for the person at the device; you can not approve it."
)


class Agent(Protocol):
    """What the server needs of the agent."""

    @property
    def catalogue(self) -> Catalogue: ...
    def run_call(
        self, call_name: str, arguments: dict[str, JsonValue], session: str, speaker: Speaker
    ) -> AsyncIterator[Event]: ...


def mcp_server(
    agent: Agent, board: Board | None = None, limits: Limits | None = None
) -> Server[Any]:
    """A server over `agent`; events of its turns are posted on `board`.

    Its clients share the places of the other programs in `limits`.
    """
    posting = board or Board()
    places = limits or Limits()

    async def list_tools(context: Any, params: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=tools_of(agent.catalogue.capabilities))

    async def call_tool(context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        function = agent.catalogue.get(params.name)
        if function is None or not function.capability.available:
            raise MCPError(
                types.INVALID_PARAMS, f"there is no tool {params.name!r}; see tools/list"
            )
        try:
            leave = places.enter_turn(Caller.PROGRAM)
        except ApiError as error:
            return _refused(error)
        try:
            events = agent.run_call(params.name, params.arguments or {}, SESSION, SPEAKER)
            return await tool_result(posting.posted(events))
        finally:
            leave()

    return Server(
        "edgewise",
        version=edgewise.__version__,
        title="Edgewise",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def mcp_app(server: Server[Any], path: str) -> ASGIApp:
    """The streamable HTTP transport at `path`; run `server.session_manager` beside it.

    Host, origin and the program's token are checked by `security.Guard`, more strictly than the
    SDK would.
    """
    return server.streamable_http_app(
        streamable_http_path=path,
        json_response=True,
        stateless_http=True,
        max_request_body_size=BODY_LIMIT_BYTES,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )


async def serve_stdio(agent: Agent) -> None:
    """Serve MCP over standard input and output until the input ends."""
    server = mcp_server(agent)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


def tools_of(capabilities: Sequence[Capability]) -> list[types.Tool]:
    """The tools for the capabilities that this device can do now."""
    return [_tool(capability) for capability in capabilities if capability.available]


async def tool_result(events: AsyncIterator[Event]) -> types.CallToolResult:
    """What the client is told at the end of a turn of one call."""
    result: Result | None = None
    end: Answered | NeedsApproval | Stopped | None = None
    try:
        async for event in events:
            match event:
                case CallFinished():
                    result = event.result
                case Answered() | NeedsApproval() | Stopped():
                    end = event
                case _:
                    pass
    except EdgewiseError as error:
        return _told(str(error), {"status": "failed", "code": error.code}, is_error=True)
    match end:
        case NeedsApproval():
            return _told(_asks(end), _approval_of(end), is_error=False)
        case Answered():
            return _told(
                _words(result, end.text), _content_of(result, end), is_error=_failed(result)
            )
        case Stopped():
            return _told(end.text, {"status": "failed", "code": end.code}, is_error=True)
        case None:
            return _told("the turn did not end", {"status": "failed", "code": "no_end"}, True)


def _tool(capability: Capability) -> types.Tool:
    safe = capability.risk in (Risk.READ, Risk.REVERSIBLE)
    return types.Tool(
        name=capability.name,
        title=capability.words.en,
        description=described(capability),
        input_schema=schema_of(capability),
        annotations=types.ToolAnnotations(
            title=capability.words.en,
            read_only_hint=capability.risk is Risk.READ,
            destructive_hint=not safe,
            idempotent_hint=not any(argument.relative for argument in capability.arguments),
            open_world_hint=bool(capability.sinks) or capability.content is not None,
        ),
    )


def _failed(result: Result | None) -> bool:
    return result is not None and result.status is not Status.DONE


def _refused(error: ApiError) -> types.CallToolResult:
    """What a client is told that called too often; nothing was begun."""
    problem = error.problem
    content: dict[str, Any] = {
        "status": "failed",
        "code": problem.code,
        "retry_after_s": int(error.headers["Retry-After"]),
        "changed": {},
    }
    return _told(f"{problem.message}; {problem.remedy}", content, is_error=True)


def _words(result: Result | None, answer: str) -> str:
    """The answer, and after a refusal the rules in their own words."""
    rules = result.rules if result is not None else ()
    said = [f"{rule.id}: {rule.words.en}" for rule in rules]
    return "\n".join([answer, *said])


def _asks(end: NeedsApproval) -> str:
    rules = "; ".join(f"{rule.id}: {rule.words.en}" for call in end.calls for rule in call.rules)
    return (
        "Not done: this needs the approval of the person at the device, who is being asked now."
        f" {end.text} ({rules}) Do not call again; ask the person, or read the state later."
    )


def _approval_of(end: NeedsApproval) -> dict[str, Any]:
    """What waits, without the values that would let a client answer in the person's place."""
    effects = {effect.target: effect.value for call in end.calls for effect in call.effects}
    return {
        "status": Status.ASKED.value,
        "turn": end.turn,
        "waiting": effects,
        "expires_at": end.expires_at,
        "changed": end.changed,
    }


def _content_of(result: Result | None, end: Answered) -> dict[str, Any]:
    content: dict[str, Any] = {"turn": end.turn, "changed": end.changed, "status": "done"}
    if result is not None:
        content["status"] = result.status.value
        content["code"] = result.code
        content["rules"] = [rule.id for rule in result.rules]
        if result.data is not None:
            content["data"] = result.data
            content["trusted"] = result.label is None or result.label.trusted
    return content


def _told(text: str, content: dict[str, Any], is_error: bool) -> types.CallToolResult:
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)],
        structured_content=msgspec.to_builtins(content),
        is_error=is_error,
    )
