"""Tools of a real MCP server: listed, called once, never trusted."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from edgewise.act.driver import Driver
from edgewise.act.function import Catalogue
from edgewise.act.mcp import MOST_PAGES, McpServers
from edgewise.act.resolve import resolve
from edgewise.core.call import Call, Effect, Impossible, Missing, Resolved
from edgewise.core.capability import Kind, Risk
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import snapshot_of
from edgewise.errors import DeviceError, UserError

SCRIPT = str(Path(__file__).with_name("mcp_server_for_tests.py"))


@dataclass(frozen=True)
class Spec:
    command: tuple[str, ...] = ()
    url: str = ""


KITCHEN = Spec((sys.executable, SCRIPT))


live = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def servers() -> AsyncIterator[McpServers]:
    made = McpServers({"Kitchen": KITCHEN}, call_s=5.0)
    assert await made.connect() == []
    yield made
    await made.close()


def asked(name: str, **arguments: object) -> Call:
    return Call("t1", name, dict(arguments), label_of(OriginKind.VOICE, "driver"))


@pytest.mark.slow
@live
async def test_tools_become_capabilities_with_risk_from_hints(servers: McpServers):
    found = {f.capability.name: f.capability for f in servers.functions}
    assert {name: c.risk for name, c in found.items()} == {
        "mcp.kitchen.read_oven": Risk.READ,
        "mcp.kitchen.heat_oven": Risk.DISRUPTIVE,
        "mcp.kitchen.throw_away": Risk.IRREVERSIBLE,
        "mcp.kitchen.wait_for_ever": Risk.DISRUPTIVE,
        "mcp.kitchen.crash": Risk.DISRUPTIVE,
    }
    heat = found["mcp.kitchen.heat_oven"]
    assert [(a.name, a.kind, a.required) for a in heat.arguments] == [
        ("degrees", Kind.INTEGER, True),
        ("note", Kind.TEXT, False),
    ]
    zone = found["mcp.kitchen.read_oven"].arguments[0]
    assert (zone.kind, zone.default) == (Kind.CHOICE, "top")


@pytest.mark.slow
@live
async def test_a_description_is_never_part_of_the_declaration(servers: McpServers):
    assert all("IGNORE" not in repr(f.capability) for f in servers.functions)


@pytest.mark.slow
@live
async def test_a_call_is_resolved_performed_and_labelled_untrusted(servers: McpServers):
    driver: Driver = servers
    catalogue = Catalogue(servers.functions)
    resolved = resolve(asked("mcp.kitchen.read_oven"), catalogue, snapshot_of({}))
    assert isinstance(resolved, Resolved)
    assert resolved.label is not None
    assert not resolved.label.trusted
    receipts = await driver.write(resolved.effects)
    assert "the top oven" in receipts["mcp.kitchen.read_oven"]["text"]


@pytest.mark.slow
@live
@pytest.mark.parametrize("arguments", [{"degrees": "hot"}, {}, {"degrees": 1, "colour": "red"}])
async def test_arguments_are_checked_before_anything_is_sent(
    servers: McpServers, arguments: dict[str, object]
):
    catalogue = Catalogue(servers.functions)
    found = resolve(asked("mcp.kitchen.heat_oven", **arguments), catalogue, snapshot_of({}))
    assert isinstance(found, Missing | Impossible)


@pytest.mark.slow
@live
async def test_structured_answers_come_back_as_data(servers: McpServers):
    receipts = await servers.write([Effect("mcp.kitchen.heat_oven", {"degrees": 180})])
    assert receipts["mcp.kitchen.heat_oven"]["data"] == {"degrees": 180, "note": None}


@pytest.mark.slow
@live
async def test_an_error_of_the_tool_is_a_refusal_with_its_words(servers: McpServers):
    with pytest.raises(DeviceError, match="throw_away") as raised:
        await servers.write([Effect("mcp.kitchen.throw_away", {"what": "soup"})])
    assert raised.value.code == "refused"


@pytest.mark.slow
@live
async def test_an_unknown_tool_calls_nothing(servers: McpServers):
    with pytest.raises(DeviceError) as raised:
        await servers.write([Effect("mcp.kitchen.nothing", {})])
    assert raised.value.code == "unknown_target"


@pytest.mark.slow
@live
async def test_a_tool_that_hangs_is_given_up_and_the_next_call_works():
    servers = McpServers({"kitchen": KITCHEN}, call_s=1.0)
    await servers.connect()
    with pytest.raises(DeviceError) as raised:
        await servers.write([Effect("mcp.kitchen.wait_for_ever", {})])
    assert raised.value.code == "timed_out"
    await servers.write([Effect("mcp.kitchen.heat_oven", {"degrees": 1})])
    await servers.close()


@pytest.mark.slow
@live
async def test_a_crash_is_no_provider_and_the_next_call_starts_it_again(servers: McpServers):
    with pytest.raises(DeviceError) as raised:
        await servers.write([Effect("mcp.kitchen.crash", {})])
    assert raised.value.code == "no_provider"
    receipts = await servers.write([Effect("mcp.kitchen.heat_oven", {"degrees": 1})])
    assert receipts["mcp.kitchen.heat_oven"]["data"]["degrees"] == 1


@pytest.mark.slow
@live
@pytest.mark.parametrize(
    "spec", [Spec((sys.executable, "-c", "pass")), Spec(("/nonexistent/server",))]
)
async def test_a_server_that_does_not_start_is_reported_and_harms_nothing(spec: Spec):
    servers = McpServers({"broken": spec, "kitchen": KITCHEN}, connect_s=10.0)
    problems = await servers.connect()
    assert len(problems) == 1
    assert "broken is left out" in problems[0]
    assert len(servers.functions) == 5
    await servers.close()


@pytest.mark.slow
@live
async def test_tools_are_listed_page_by_page_and_unusable_ones_are_named():
    servers = McpServers({"p": Spec((sys.executable, SCRIPT, "pages", "4"))})
    problems = await servers.connect()
    names = [function.capability.name for function in servers.functions]
    assert names == ["mcp.p.first_tool", "mcp.p.second_tool"]
    assert len(problems) == 2
    assert "already called mcp.p.second_tool" in problems[0]
    assert "'x'" in problems[1]
    await servers.close()


@pytest.mark.slow
@live
async def test_a_listing_without_end_is_cut():
    servers = McpServers({"p": Spec((sys.executable, SCRIPT, "pages", "1000000"))})
    await servers.connect()
    assert len(servers.functions) == MOST_PAGES - 2
    await servers.close()


@pytest.mark.parametrize("spec", [Spec(), Spec(("x",), "http://x"), Spec(url="file:///etc")])
def test_a_wrong_entry_is_refused_by_name(spec: Spec):
    with pytest.raises(UserError, match="'bad'"):
        McpServers({"bad": spec})


@pytest.mark.slow
@live
async def test_a_server_is_reached_over_http():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = start_server(port)
    try:
        async with asyncio.timeout(30):
            await listens(port)
        servers = McpServers({"kitchen": Spec(url=f"http://127.0.0.1:{port}/mcp")})
        assert await servers.connect() == []
        receipts = await servers.write([Effect("mcp.kitchen.heat_oven", {"degrees": 7})])
        assert receipts["mcp.kitchen.heat_oven"]["data"]["degrees"] == 7
        await servers.close()
    finally:
        process.terminate()
        process.wait(10)


def start_server(port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, SCRIPT, str(port)], stderr=subprocess.DEVNULL)


async def listens(port: int) -> None:
    """Returns once something listens on the port."""
    writer: asyncio.StreamWriter | None = None
    while writer is None:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
