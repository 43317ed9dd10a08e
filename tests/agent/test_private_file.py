"""A file of SQLite is made private, and keeps the locks that its process has on it."""

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from edgewise.agent.private_file import make_private
from edgewise.agent.trail_index import open_index
from edgewise.core.clock import SystemClock
from edgewise.device.consents import Consents
from edgewise.device.late_answers import LateAnswers
from edgewise.device.outbox import Outbox
from edgewise.device.phone.store import DocumentStore

_LOCK = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)
    except OSError:
        sys.exit(9)
"""
"""Takes the range of SQLite's shared locks (pending byte + 2, 510 long), as to delete a log."""


def _another_may_take(path: Path) -> bool:
    return subprocess.run([sys.executable, "-S", "-c", _LOCK, path], check=False).returncode == 0


@contextmanager
def _in_use(path: Path) -> Generator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("begin")
        db.execute("select count(*) from sqlite_master").fetchone()
        yield


def _index(folder: Path) -> Path:
    open_index(folder)[0].close()
    return folder / "index.sqlite"


def _outbox(folder: Path) -> Path:
    Outbox(folder, SystemClock()).close()
    return folder / "outbox.sqlite"


def _answers(folder: Path) -> Path:
    answers = LateAnswers(folder, SystemClock())
    if not (folder / "answers.sqlite").exists():
        answers.tell("none")
    answers.talk("none")
    return folder / "answers.sqlite"


def _consents(folder: Path) -> Path:
    Consents(folder, SystemClock()).begin_drive()
    return folder / "consents.sqlite"


def _stores(folder: Path) -> Path:
    DocumentStore(folder / "stores.sqlite", SystemClock()).close()
    return folder / "stores.sqlite"


def _file(folder: Path) -> Path:
    make_private(folder / "file.sqlite")
    return folder / "file.sqlite"


@pytest.mark.parametrize("use", [_index, _outbox, _answers, _stores, _file])
def test_using_a_file_a_second_time_in_a_process_keeps_its_locks(
    use: Callable[[Path], Path], tmp_path: Path
):
    path = use(tmp_path)
    with _in_use(path):
        assert not _another_may_take(path)
        use(tmp_path)
        assert not _another_may_take(path)
    assert _another_may_take(path)


def test_reading_the_consents_keeps_their_locks(tmp_path: Path):
    path = _consents(tmp_path)
    with _in_use(path):
        assert not _another_may_take(path)
        assert Consents(tmp_path, SystemClock()).drive
        assert not _another_may_take(path)


def test_a_file_and_what_lies_beside_it_are_its_owners_only(tmp_path: Path):
    path = tmp_path / "file.sqlite"
    make_private(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    log = tmp_path / "file.sqlite-wal"
    for kept in (path, log):
        kept.write_bytes(b"kept")
        kept.chmod(0o644)
    make_private(path)
    assert [(stat.S_IMODE(one.stat().st_mode), one.read_bytes()) for one in (path, log)] == [
        (0o600, b"kept"),
        (0o600, b"kept"),
    ]
