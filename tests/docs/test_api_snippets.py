"""The examples of the device API's guide, run by a shell against a device that is served."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters, stdio_client

from tests.docs.commands import ROOT, blocks_of

SNIPPETS = ROOT / "docs" / "snippets"
GUIDE = (ROOT / "docs" / "guide" / "api.md").read_text("utf-8")
RUN_S = 60
MARK = "=== "

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each shell snippet of the guide printed, run in the guide's order in one shell."""
    if shutil.which("curl") is None:
        reason = "curl not found; Debian: apt-get install curl"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    home = tmp_path_factory.mktemp("home")
    (home / "config.toml").write_text('chat_model = ""\n', "utf-8")
    environment = {**os.environ, "EDGEWISE_HOME": str(home)}
    command = [sys.executable, "-m", "edgewise.cli", "serve", "device", "--port", "0"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as device:
        try:
            _wait_until_it_listens(device)
            names = [b.snippet for b in blocks_of(GUIDE) if b.snippet.endswith(".sh")]
            parts = [f"echo '{MARK}{n}'\n{(SNIPPETS / n).read_text('utf-8')}\necho" for n in names]
            done = subprocess.run(
                ["bash", "-c", "\n".join(parts)],
                env=environment,
                cwd=tmp_path_factory.mktemp("shell"),
                capture_output=True,
                text=True,
                timeout=RUN_S,
                check=True,
            )
        finally:
            device.terminate()
            device.wait(20)
    pieces = re.split(rf"^{MARK}(\S+)\n", done.stdout, flags=re.MULTILINE)[1:]
    return dict(zip(pieces[::2], pieces[1::2], strict=True))


def test_the_key_opens_the_device(said: dict[str, str]):
    assert json.loads(said["api_key.sh"])["status"] == "ok"


def test_a_turn_and_a_call_end_in_what_was_read_back(said: dict[str, str]):
    opened = _end(said["api_turn.sh"])
    assert opened["event"] == "answered"
    assert list(opened["changed"].values()) == [23]
    switched = _end(said["api_call.sh"])
    assert switched["changed"]["Vehicle.Cabin.HVAC.IsAirConditioningActive"] is True


def test_the_events_of_a_turn_are_those_of_the_guide(said: dict[str, str]):
    listed = next(b.text for b in blocks_of(GUIDE) if b.text.startswith("turn_started"))
    told = [event["event"] for event in _events(said["api_turn.sh"])]
    assert set(told) <= set(re.findall(r"[a-z]+_?[a-z]*", listed))
    assert [name for name in re.findall(r"\w+", listed) if name in told] == told


def test_the_approval_is_a_turn_of_its_own_that_does_what_was_shown(said: dict[str, str]):
    events = _events(said["api_approve.sh"])
    assert events[0]["resumes"]
    assert events[-1]["changed"] == {"Vehicle.Body.Trunk.Rear.IsOpen": True}


def test_the_state_comes_whole_and_then_in_changes(said: dict[str, str]):
    whole, *streamed = said["api_state.sh"].split("id: ")
    assert json.loads(whole)["Vehicle.Speed"] == 0
    assert "phone." not in said["api_state.sh"]
    first = json.loads(streamed[0].split("data: ")[1].splitlines()[0])
    assert first["Vehicle.Speed"] == 0
    assert "event: listening" in said["api_state.sh"]


def test_the_trail_tells_the_turn_that_asked(said: dict[str, str]):
    decoder, rest, found = json.JSONDecoder(), said["api_trail.sh"].strip(), []
    while rest:
        value, end = decoder.raw_decode(rest)
        found.append(value)
        rest = rest[end:].strip()
    turns, trail, cancelled = found
    assert len(turns["turns"]) == 3
    assert trail["events"][-1]["event"] == "needs_approval"
    assert cancelled == {"cancelled": False}


def test_what_was_meant_is_kept(said: dict[str, str]):
    kept = json.loads(said["api_feedback.sh"])["feedback"]
    assert (kept["event"], kept["meant"]) == ("corrected", "light.interior.set")


def test_the_simulated_car_is_driven_broken_and_healed(said: dict[str, str]):
    assert said["api_simulation.sh"].count('{"done":true}') == 4
    assert "Stuck(" in said["api_simulation.sh"]


def test_the_errors_are_those_of_the_guide(said: dict[str, str]):
    codes = re.findall(r'"code":"(\w+)"', said["api_errors.sh"])
    assert codes == ["not_authorized", "not_for_programs", "invalid_field", "unknown_capability"]
    assert "text, session, zone, language" in said["api_errors.sh"]


def test_the_mcp_endpoint_answers_a_tool_call(said: dict[str, str]):
    result = json.loads(said["api_mcp.sh"])["result"]
    assert result["isError"] is False
    assert result["structuredContent"]["status"] == "done"


async def test_an_mcp_client_starts_the_device_over_standard_streams(tmp_path: Path):
    text = (SNIPPETS / "mcp_client.json").read_text("utf-8")
    server = json.loads(text)["mcpServers"]["edgewise"]
    (tmp_path / "config.toml").write_text('chat_model = ""\n', "utf-8")
    parameters = StdioServerParameters(
        **server, env={**os.environ, "EDGEWISE_HOME": str(tmp_path)}, cwd=ROOT
    )
    async with Client(stdio_client(parameters)) as client:
        names = {tool.name for tool in (await client.list_tools()).tools}
        assert "window.set" in names
        asked = await client.call_tool("window.set", {"windows": ["driver"], "percent": 50})
    content: Any = asked.structured_content
    assert content["status"] == "asked"
    assert content["changed"] == {}


def _wait_until_it_listens(device: subprocess.Popen[str]) -> None:
    """Reads its lines until it tells the cockpit's page; pytest's own limit ends a hang."""
    assert device.stdout is not None
    assert any("Cockpit:" in line for line in device.stdout), "the device ended"


def _events(stream: str) -> list[dict[str, Any]]:
    lines = (line for line in stream.splitlines() if line.startswith("data: "))
    return [json.loads(line.removeprefix("data: ")) for line in lines]


def _end(stream: str) -> dict[str, Any]:
    return _events(stream)[-1]
