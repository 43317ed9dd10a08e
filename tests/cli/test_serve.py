"""`edgewise serve device` as a process of its own: found, asked, ended, and killed."""

import json
import signal
import socket
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.cli.conftest import Edgewise
from tests.cli.served import WITHOUT_MODEL, ServedDevice, serve_device

AIR = "Vehicle.Cabin.HVAC.IsAirConditioningActive"
pytestmark = pytest.mark.slow
WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"


def air_before(ran_from: Edgewise, *options: str) -> bool:
    """Ask for air conditioning; whether it was on already, as the policy was shown."""
    ran = ran_from("ask", "打开空调", "--json", *options)
    return next(row["state"][AIR] for row in ran.rows if row["event"] == "call_resolved")


def test_it_prints_where_it_listens_and_answers_there(served: ServedDevice) -> None:
    assert httpx.get(f"{served.address}/v1/health", trust_env=False).status_code == 200
    assert served.address in served.said
    presence = json.loads((served.home / "device.json").read_bytes())
    assert presence == {"address": served.address, "process": served.process.pid}


def test_the_cockpit_s_page_carries_a_code_and_not_the_token(served: ServedDevice) -> None:
    for name in ("token", "program-token"):
        assert (served.home / name).read_text("utf-8").strip() not in served.said
    assert f"Cockpit:  {served.address}/#" in served.said


def test_ask_talks_to_the_running_device_unless_told_otherwise(
    beside: Edgewise, tmp_path: Path
) -> None:
    state = tmp_path / "state.json"
    state.write_text("{}")
    assert air_before(beside) is False
    assert air_before(beside) is True
    assert air_before(beside, "--alone") is False
    assert air_before(beside, "--state", str(state)) is False


def test_a_text_over_the_limit_is_refused_by_the_running_device_too(beside: Edgewise) -> None:
    for size in (3_000, 1_000_000):
        ran = beside("ask", "-", stdin=b"x" * size)
        assert ran.is_one_clear_line("text: ", "limit of 2000", "; send it in parts")
    ran = beside("ask", "-", stdin=b"x" * 3_000_000)
    assert ran.is_one_clear_line("text: ", "limit of 2000"), "a turn with pictures may be as long"


def test_chat_says_with_whom_it_talks(beside: Edgewise, served: ServedDevice) -> None:
    ran = beside("chat", stdin=b"stop\n")
    assert f"With the device at {served.address}" in ran.out
    assert len(ran.out.splitlines()) == 2


def test_a_chat_with_the_device_begins_with_no_open_question(beside: Edgewise) -> None:
    assert "(yes / no)" in beside("chat", stdin=b"open the trunk\n").out
    assert "nothing waiting for your yes" in beside("chat", stdin=b"yes\n").out


def test_a_second_one_on_the_same_port_says_so(edgewise: Edgewise, served: ServedDevice) -> None:
    port = str(urlsplit(served.address).port)
    ran = edgewise("serve", "device", "--port", port)
    assert ran.code == 1
    assert f"port {port}" in ran.err
    assert "--port 0" in ran.err


def test_a_second_one_from_the_same_folder_says_so(beside: Edgewise, served: ServedDevice) -> None:
    ran = beside("serve", "device", "--port", "0")
    assert ran.code == 1
    assert served.address in ran.err
    assert "EDGEWISE_HOME" in ran.err
    assert json.loads((served.home / "device.json").read_bytes())["address"] == served.address


def test_mcp_from_the_same_folder_names_the_endpoint_of_the_one_that_runs(
    beside: Edgewise, served: ServedDevice
) -> None:
    ran = beside("serve", "mcp")
    assert ran.is_one_clear_line(f"{served.address}/mcp", "program-token", "EDGEWISE_HOME")


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)]
)
def test_a_signal_ends_it_with_0_and_nobody_finds_it_any_more(
    tmp_path: Path, number: signal.Signals
) -> None:
    with serve_device(tmp_path) as device:
        assert device.end(number) == 0
    assert not (tmp_path / "device.json").exists()
    assert not (tmp_path / "stores.sqlite-wal").exists()  # the stores were closed in order


def test_killed_in_the_middle_of_a_turn_the_next_start_goes_on(
    edgewise: Edgewise, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with serve_device(tmp_path) as device:
        token = (tmp_path / "token").read_text("utf-8").strip()
        client = httpx.Client(trust_env=False, headers={"Authorization": f"Bearer {token}"})
        body = {"text": "open the driver's window", "session": "s"}
        turns = f"{device.address}/v1/agent/turns"
        with client, client.stream("POST", turns, json=body) as reply:
            lines = reply.iter_lines()  # held: letting go of it would cancel the turn
            assert any("call_started" in line for line in lines)
            device.end(signal.SIGKILL)
    monkeypatch.setenv("EDGEWISE_HOME", str(tmp_path))
    assert "did not end" in edgewise("explain").out
    assert "Window.Position: 0 -> 100" in edgewise("explain", "last").out
    (path,) = (tmp_path / "trail").glob("*.jsonl")
    path.write_bytes(path.read_bytes()[:-7])
    ran = edgewise("ask", "open the driver's window", "--json")
    assert (ran.code, ran.rows[-1]["changed"]) == (0, {WINDOW: 100}), ran.out
    assert "torn" in ran.err
    with serve_device(tmp_path) as again:
        assert again.end(signal.SIGTERM) == 0


def test_wyoming_is_served_beside_the_api_and_ends_with_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = f'{WITHOUT_MODEL}[wyoming]\nlisten = "127.0.0.1:{port}"\n'
    with serve_device(tmp_path, config) as device:
        with (
            socket.create_connection(("127.0.0.1", port), 10) as client,
            client.makefile() as lines,
        ):
            client.sendall(b'{"type": "describe"}\n')
            assert json.loads(lines.readline())["type"] == "info"
            assert device.end(signal.SIGTERM) == 0
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), 10)
