"""What is refused before a device is served; serving itself is in tests/cli/test_serve.py."""

import os
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from edgewise.device import folder
from edgewise.device.folder import held
from edgewise.device.presence import Presence, announce
from edgewise.device.serve import serve_device, serve_mcp
from edgewise.errors import UserError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EDGEWISE_HOME", str(tmp_path))
    monkeypatch.setattr(folder, "WAIT_S", 0.0)  # tests/device/test_folder.py waits for a holder
    (tmp_path / "config.toml").write_text('chat_model = ""\n')
    return tmp_path


def never(address: str, page: str) -> None:
    raise AssertionError(f"it was served at {address}, {page}")


async def test_a_taken_port_is_refused_before_anything_is_made(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=f"port {port}") as refused:
            await serve_device(port, never)
    assert refused.value.code == "port_taken"
    assert {path.name for path in home.iterdir()} == {"config.toml", "device.lock"}


async def test_the_configured_port_is_taken_when_none_is_given(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (home / "config.toml").write_text(f"port = {port}\n")
        with pytest.raises(UserError, match=f"port {port}"):
            await serve_device(-1, never)


async def test_a_port_beyond_all_ports_is_refused() -> None:
    with pytest.raises(UserError, match=r"70000.*65535"):
        await serve_device(70_000, never)


async def test_a_device_that_already_runs_from_this_folder_is_not_doubled(home: Path) -> None:
    with held(home, "edgewise run"):
        announce(home, Presence("http://127.0.0.1:9", os.getpid()))
        with pytest.raises(
            UserError, match=r"http://127\.0\.0\.1:9; `edgewise cockpit`.*; end it"
        ) as refused:
            await serve_device(0, never)
    assert refused.value.code == "already_running"


async def test_mcp_beside_a_device_of_this_folder_is_sent_to_its_endpoint(home: Path) -> None:
    with held(home, "edgewise run"):
        announce(home, Presence("http://127.0.0.1:9", os.getpid()))
        with pytest.raises(UserError, match=r"http://127\.0\.0\.1:9/mcp") as refused:
            await serve_mcp()
    assert refused.value.code == "already_running"
    assert str(home / "program-token") in str(refused.value)
    names = {path.name for path in home.iterdir()}
    assert names == {"config.toml", "device.json", "device.lock"}


@pytest.mark.parametrize("start", [serve_mcp, lambda: serve_device(0, never)])
async def test_beside_an_mcp_server_nothing_else_is_served(
    home: Path, start: Callable[[], Awaitable[None]]
) -> None:
    with held(home, "edgewise serve mcp"), pytest.raises(UserError) as refused:
        await start()
    told = str(refused.value)
    assert f"(edgewise serve mcp, process {os.getpid()})" in told
    assert "EDGEWISE_HOME" in told
    assert "`edgewise run`" in told


async def test_a_left_over_file_of_another_process_does_not_hinder(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        free = gone.getsockname()[1]
    announce(home, Presence(f"http://127.0.0.1:{free}", os.getpid()))
    with pytest.raises(AssertionError, match="it was served"):
        await serve_device(0, never)
    assert not (home / "device.json").exists()
