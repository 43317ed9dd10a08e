"""A phone that is away is told, and adb's server is left as it was found."""

import socket
from pathlib import Path

import pytest

from edgewise.device.screen.connected import why_no_phone


def fake_adb(folder: Path, listed: str) -> str:
    """A program that lists phones and writes down what it was asked."""
    program = folder / "adb"
    program.write_text(
        f'#!/bin/sh\necho "$1" >> {folder}/asked\necho "* daemon started successfully"\n'
        f"printf 'List of devices attached\\n{listed}'\n"
    )
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize(
    ("listed", "serial", "told"),
    [
        ("", "", "no phone is connected"),
        ("a1\\tunauthorized\\n", "", "a1: unauthorized"),
        ("a1\\tdevice\\nb2\\tdevice\\n", "", "several phones: a1, b2"),
        ("a1\\tdevice\\n", "b2", "the phone b2 is not connected"),
        ("a1\\tdevice\\n", "", ""),
        ("a1\\tdevice\\nb2\\tdevice\\n", "b2", ""),
    ],
)
def test_a_phone_is_there_or_it_is_told_why_not(
    tmp_path: Path, listed: str, serial: str, told: str
) -> None:
    found = why_no_phone(fake_adb(tmp_path, listed), serial)
    assert ("" if found is None else found.en) == told


def test_a_server_that_did_not_run_is_ended_and_another_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = fake_adb(tmp_path, "")
    with socket.create_server(("127.0.0.1", 0)) as door:
        monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(door.getsockname()[1]))
        why_no_phone(program)
    assert (tmp_path / "asked").read_text().split() == ["devices"]
    why_no_phone(program)
    assert (tmp_path / "asked").read_text().split() == ["devices", "devices", "kill-server"]


def test_a_program_that_fails_is_told(tmp_path: Path) -> None:
    (tmp_path / "adb").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "adb").chmod(0o755)
    found = why_no_phone(str(tmp_path / "adb"))
    assert found is not None
    assert "adb does not answer" in found.en
