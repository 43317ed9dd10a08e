"""The door at /mcp costs nothing until a client knocks, and ends with the application."""

import asyncio
import contextlib
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from edgewise.device import mcp_server
from edgewise.device.mcp_door import McpDoor


def test_a_device_that_no_client_called_has_not_loaded_the_sdk():
    code = (
        "import sys, edgewise.device.api, edgewise.device.serve\n"
        "sys.exit('mcp' in sys.modules or 'mcp_types' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What became of the session managers: the first one does not start."""
    found: list[str] = []

    @contextlib.asynccontextmanager
    async def run():
        found.append("start")
        if len(found) == 1:
            raise OSError("no room")
        yield
        found.append("end")

    async def app(*_: object) -> None:
        found.append("answer")

    server = SimpleNamespace(session_manager=SimpleNamespace(run=run))
    monkeypatch.setattr(mcp_server, "mcp_server", lambda *_: server)
    monkeypatch.setattr(mcp_server, "mcp_app", lambda *_: app)
    return found


def test_a_door_that_did_not_open_says_so_and_opens_for_the_next(opened: list[str]):
    nothing: Any = None

    async def knock() -> None:
        door = McpDoor(nothing, nothing, nothing)
        with pytest.raises(OSError, match="no room"):
            await door({}, nothing, nothing)
        await door({}, nothing, nothing)
        await door({}, nothing, nothing)
        await door.close()

    asyncio.run(asyncio.wait_for(knock(), 5))
    assert opened == ["start", "start", "answer", "answer", "end"]
