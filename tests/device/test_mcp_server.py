"""Edgewise as an MCP server, spoken to by the official client."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import httpx2
import jsonschema
import pytest
from mcp import StdioServerParameters
from mcp.client.client import Client
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.message import Channel
from edgewise.device.mcp_server import mcp_server, tools_of
from tests.device.conftest import PROGRAM_TOKEN, TOKEN, Served
from tests.device.fake_agent import CAPABILITIES, LOCK, WINDOW, FakeAgent
from tests.device.test_api import problem_of

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
HERE = Path(__file__).resolve().parent


def tool(name: str) -> Any:
    return next(tool for tool in tools_of(CAPABILITIES) if tool.name == name)


def test_each_available_capability_is_a_tool_and_no_other():
    names = [tool.name for tool in tools_of(CAPABILITIES)]
    assert names == ["window.set", "door.lock", "light.exterior.set", "vehicle.get_status"]


def test_the_schema_of_a_tool_holds_types_limits_and_choices():
    schema = tool("window.set").input_schema
    jsonschema.validate({"windows": ["driver"], "percent": 40}, schema)
    for wrong in ({"windows": ["roof"]}, {"windows": [], "percent": 101}, {"percent": 1}, {"x": 1}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)
    lights = tool("light.exterior.set").input_schema
    assert lights["properties"]["state"]["enum"] == ["on", "off"]


@pytest.mark.slow
def test_the_schema_of_every_built_in_tool_is_a_schema_that_its_examples_meet():
    capabilities = builtin_catalogue().capabilities
    by_name = {made.name: made.input_schema for made in tools_of(capabilities)}
    for schema in by_name.values():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert set(schema) == {"type", "properties", "required", "additionalProperties"}
    for capability in capabilities:
        if not capability.available:
            continue
        for example in (*capability.en, *capability.zh):
            schema = by_name[capability.name] | {"required": []}
            jsonschema.validate(example.arguments, schema)


def test_a_tool_tells_its_risk_and_what_excludes_what():
    assert tool("vehicle.get_status").annotations.read_only_hint is True
    assert tool("door.lock").annotations.destructive_hint is True
    assert "exactly one of: percent, delta" in tool("window.set").description


async def test_a_call_is_performed_with_the_rights_of_an_mcp_client_only():
    agent = FakeAgent()
    async with Client(mcp_server(agent)) as client:
        result = await client.call_tool("window.set", {"windows": ["driver"], "percent": 30})
    assert not result.is_error
    assert result.structured_content["changed"] == {WINDOW: 30}
    _, _, session, speaker = agent.calls[0]
    assert (speaker.channel, speaker.zone) == (Channel.MCP, None)
    assert session.startswith("mcp.")


async def test_a_call_that_asks_is_not_done_and_can_not_be_approved_by_the_client():
    agent = FakeAgent()
    async with Client(mcp_server(agent)) as client:
        result = await client.call_tool("door.lock", {"locked": False})
    assert agent.car.values[LOCK] is True
    assert "approval of the person at the device" in result.content[0].text
    assert result.structured_content["status"] == "asked"
    told = str(result)
    asked = agent.trails["t1"][-1]
    assert asked.payload_hash not in told
    assert asked.approval not in told


async def test_a_refusal_is_an_error_in_the_rules_own_words():
    async with Client(mcp_server(FakeAgent())) as client:
        result = await client.call_tool("light.exterior.set", {"state": "off"})
    assert result.is_error
    assert "R02-lights-off-moving" in result.content[0].text
    assert result.structured_content["status"] == "denied"


async def test_a_wrong_call_is_an_error_that_says_what_is_wrong():
    async with Client(mcp_server(FakeAgent())) as client:
        result = await client.call_tool("window.set", {"windows": ["driver"]})
        assert result.is_error
        assert "percent is missing" in result.content[0].text
        for name in ("engine.start", "info.search"):
            with pytest.raises(MCPError, match=name):
                await client.call_tool(name, {})


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_it_is_served_over_http_behind_the_programs_token(served: Served, mode: str):
    headers = {"Authorization": f"Bearer {PROGRAM_TOKEN}"}
    async with httpx2.AsyncClient(headers=headers) as http:
        transport = streamable_http_client(f"{served.base_url}/mcp", http_client=http)
        async with Client(transport, mode=mode) as client:
            tools = (await client.list_tools()).tools
            assert {tool.name for tool in tools} >= {"window.set", "door.lock"}
            result = await client.call_tool("window.set", {"windows": ["driver"], "percent": 12})
    assert result.structured_content["changed"] == {WINDOW: 12}


async def test_bytes_that_are_no_text_are_refused_over_http(served: Served):
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
    }
    call = b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "window.set", '
    async with served.program() as program:
        for said in (b"\xff\xfe", b"\\ud800"):
            body = call + b'"arguments": {"windows": ["' + said + b'"]}}}'
            reply = await program.post("/mcp", content=body, headers=headers)
            assert reply.status_code == 400, reply.text
    assert served.agent.requests == []


async def test_the_persons_own_keys_are_not_for_programs_to_carry(served: Served):
    key = served.doorkeeper.redeem(served.doorkeeper.launch_code())
    assert key is not None
    for secret in (TOKEN, key[0]):
        async with served.stranger(Authorization=f"Bearer {secret}") as person:
            reply = await person.post("/mcp", json={})
        assert problem_of(reply, 403)["code"] == "program_token_needed"


async def test_the_person_at_the_cockpit_sees_what_a_client_asked_for(served: Served):
    headers = {"Authorization": f"Bearer {PROGRAM_TOKEN}"}
    async with (
        served.client.stream("GET", "/v1/agent/turns/stream") as board,
        httpx2.AsyncClient(headers=headers) as http,
    ):
        lines = board.aiter_lines()
        assert await anext(lines) == "event: listening"
        transport = streamable_http_client(f"{served.base_url}/mcp", http_client=http)
        async with Client(transport) as client:
            await client.call_tool("door.lock", {"locked": False})
        async with asyncio.timeout(5):
            async for line in lines:
                if line == "event: needs_approval":
                    break


SERVE = """
import asyncio, sys
sys.path.insert(0, sys.argv[1])
from edgewise.device.mcp_server import serve_stdio
from fake_agent import FakeAgent
asyncio.run(serve_stdio(FakeAgent()))
"""


@pytest.mark.slow
async def test_it_is_served_over_standard_streams():
    server = StdioServerParameters(command=sys.executable, args=["-c", SERVE, str(HERE)])
    async with asyncio.timeout(60), Client(stdio_client(server)) as client:
        result = await client.call_tool("window.set", {"windows": ["driver"], "percent": 9})
    assert result.structured_content["changed"] == {WINDOW: 9}
