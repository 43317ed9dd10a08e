"""What tests/conftest.py promises of every test is itself seen to hold."""

import importlib.metadata
import os
import shutil
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import certifi
import pytest


def test_a_connection_beyond_loopback_is_refused():
    with socket.socket() as client, pytest.raises(RuntimeError, match="loopback only"):
        client.connect(("192.0.2.1", 80))


def test_a_datagram_may_go_to_this_machine_and_to_no_other():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(b"x", ("127.0.0.2", 9))
        for host in ("192.0.2.1", "224.0.0.251"):
            with pytest.raises(RuntimeError, match="loopback only"):
                client.sendto(b"x", (host, 9))


def test_a_look_up_of_a_foreign_name_is_refused():
    with pytest.raises(RuntimeError, match="loopback only"):
        socket.getaddrinfo("host.example", 80)


def test_loopback_is_open():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=5) as client,
    ):
        client.sendall(b"x")
        connection, _ = server.accept()
        with connection:
            assert connection.recv(1) == b"x"


def test_a_client_trusts_no_authority_of_the_world_but_whoever_it_is_told_to():
    assert ssl.create_default_context(cafile=certifi.where()).get_ca_certs() == []
    context = ssl.create_default_context(cafile=certifi.where())
    first = Path(certifi.where()).read_text("ascii").partition("-----BEGIN")[2]
    context.load_verify_locations(cadata="-----BEGIN" + first.partition("-----BEGIN")[0])
    assert len(context.get_ca_certs()) == 1


def test_what_is_installed_is_read_anew_for_another_search_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert not importlib.metadata.entry_points(group="a.group.of.this.test")
    about = tmp_path / "one-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: one\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[a.group.of.this.test]\nmine = one:two\n")
    monkeypatch.syspath_prepend(tmp_path)
    (found,) = importlib.metadata.entry_points(group="a.group.of.this.test")
    assert found.value == "one:two"


BROWSER_TEST = """
import pytest

@pytest.mark.browser
def test_a_page():
    pass
"""


@pytest.mark.slow
@pytest.mark.parametrize(("in_ci", "outcome"), [("true", "1 error"), ("", "1 skipped")])
def test_without_a_browser_its_tests_fail_in_ci_and_are_skipped_elsewhere(
    tmp_path: Path, in_ci: str, outcome: str
):
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    (tmp_path / "test_page.py").write_text(BROWSER_TEST, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rs", "."]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=os.environ | {"PATH": "", "CI": in_ci},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome in done.stdout
    assert "chromium and chromedriver not found" in done.stdout
