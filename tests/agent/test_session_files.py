"""Sessions kept as files between processes."""

import os
from pathlib import Path

from edgewise.agent.session import Session
from edgewise.agent.session_files import SessionFiles


def test_a_saved_session_is_loaded_again(tmp_path: Path) -> None:
    SessionFiles(tmp_path).save(Session("家", last_answer="好的"))
    assert SessionFiles(tmp_path).load("家").last_answer == "好的"


def test_an_unknown_session_is_new(tmp_path: Path) -> None:
    assert SessionFiles(tmp_path).load("s").exchanges == ()


def test_a_broken_file_starts_a_new_session(tmp_path: Path) -> None:
    files = SessionFiles(tmp_path)
    files.save(Session("s", last_answer="x"))
    next(tmp_path.glob("*.json")).write_bytes(b"{")
    assert files.load("s").last_answer == ""


def test_a_name_can_not_leave_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    SessionFiles(folder).save(Session("../../evil"))
    assert [path.parent for path in tmp_path.rglob("*.json")] == [folder]


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        files = SessionFiles(tmp_path)
        files.save(Session("s"))
        files.save(Session("s"))
    finally:
        os.umask(before)
    assert [path.stat().st_mode & 0o777 for path in tmp_path.iterdir()] == [0o600]
