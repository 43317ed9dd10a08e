"""`edgewise serve mcp` as processes: one at a time from one folder, also after a kill."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import Edgewise
from tests.cli.served import END_S, serve_device

pytestmark = pytest.mark.slow
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}


@contextmanager
def mcp(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """An MCP server that has answered its client, until the block ends."""
    with subprocess.Popen(
        [sys.executable, "-m", "edgewise.cli", "serve", "mcp"],
        env=os.environ | {"EDGEWISE_HOME": str(home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(HELLO).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["result"]["serverInfo"]
            yield process
        finally:
            process.kill()


def test_a_second_one_is_refused_and_after_a_kill_it_starts(edgewise: Edgewise, home: Path) -> None:
    with mcp(home) as first:
        for second in (("serve", "mcp"), ("run", "--no-open", "--port", "0")):
            ran = edgewise(*second)
            assert ran.code == 1
            (said,) = ran.err.splitlines()
            assert f"(edgewise serve mcp, process {first.pid})" in said
            assert "EDGEWISE_HOME" in said
        first.send_signal(signal.SIGKILL)
        first.wait(END_S)
    with mcp(home) as again:
        assert again.poll() is None


def test_it_ends_in_order_when_its_client_goes(home: Path) -> None:
    with mcp(home) as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(END_S) == 0
    assert not (home / "stores.sqlite-wal").exists()
    with mcp(home):
        pass


def test_after_a_killed_device_the_next_start_works_and_nobody_asks_the_dead_one(
    edgewise: Edgewise, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with serve_device(tmp_path) as device:
        device.end(signal.SIGKILL)
    monkeypatch.setenv("EDGEWISE_HOME", str(tmp_path))
    assert (tmp_path / "device.json").exists()
    assert edgewise("ask", "stop").code == 0  # on a device of its own
    with mcp(tmp_path):
        pass
