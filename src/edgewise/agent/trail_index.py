"""The trail's index: a turn -> its file, where it starts, how it ended, where the newest word about
it stands that a person said afterwards; derived from the lines.

A start reads each file again from the last turn that the index knows in it, so what a crash kept
out of the index is found. A broken index is made again from all lines; nothing is lost with it.
"""

import sqlite3
from contextlib import suppress
from pathlib import Path

import msgspec

from edgewise.agent.private_file import make_private
from edgewise.core.event import (
    Answered,
    Corrected,
    Judged,
    NeedsApproval,
    Recorded,
    Stopped,
    TurnStarted,
    recorded_from_json,
)

_NOT_BROKEN = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_IOERR,
    }
)


def open_index(folder: Path) -> tuple[sqlite3.Connection, str]:
    """The index of the files in `folder`, brought up to them, and what had to be mended.

    Raises sqlite3.Error or OSError where the folder does not take it.
    """
    path, told = folder / "index.sqlite", ""
    try:
        index = _connect(path)
    except sqlite3.DatabaseError as error:
        if (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _NOT_BROKEN:
            raise
        for suffix in ("", "-wal", "-shm", "-journal"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        index, told = _connect(path), "index.sqlite was broken and was made again."
    _catch_up(index, folder)
    return index, told


def note(index: sqlite3.Connection, file: str, start: int, event: Recorded) -> None:
    """Keep in the index where a turn starts, how it ended and where a person spoke of it last."""
    if isinstance(event, TurnStarted):
        index.execute(
            "INSERT INTO turn VALUES (?, ?, ?, ?, ?, '') ON CONFLICT (turn) DO UPDATE SET"
            " file = excluded.file, start = excluded.start, session = excluded.session,"
            " at = excluded.at",
            (event.turn, file, start, event.session, event.at),
        )
    elif isinstance(event, Answered | NeedsApproval | Stopped):
        index.execute("UPDATE turn SET ended = ? WHERE turn = ?", (to_tag(event), event.turn))
    elif isinstance(event, Corrected | Judged):
        table = "correction" if isinstance(event, Corrected) else "judgement"
        index.execute(
            f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?, ?)",
            (event.turn, file, start, event.at),
        )


def to_tag(event: Recorded) -> str:
    """The name of an event's type as it stands in JSON (`turn_started`)."""
    return str(event.__struct_config__.tag)


def _connect(path: Path) -> sqlite3.Connection:
    make_private(path)
    index = sqlite3.connect(path, isolation_level=None, timeout=5.0, check_same_thread=False)
    try:
        index.execute("PRAGMA journal_mode = WAL")
        index.execute("PRAGMA synchronous = OFF")
        if index.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("quick_check found damage")
        index.execute(
            "CREATE TABLE IF NOT EXISTS turn (turn TEXT PRIMARY KEY, file TEXT, start INTEGER,"
            " session TEXT, at REAL, ended TEXT)"
        )
        index.execute(
            "CREATE TABLE IF NOT EXISTS correction (turn TEXT PRIMARY KEY, file TEXT,"
            " start INTEGER, at REAL)"
        )
        index.execute(
            "CREATE TABLE IF NOT EXISTS judgement (turn TEXT PRIMARY KEY, file TEXT,"
            " start INTEGER, at REAL)"
        )
        index.execute("CREATE INDEX IF NOT EXISTS turn_at ON turn (at)")
        index.execute("CREATE INDEX IF NOT EXISTS turn_file ON turn (file, start)")
    except BaseException:
        index.close()
        raise
    return index


def _catch_up(index: sqlite3.Connection, folder: Path) -> None:
    """Read each file on from the last turn known in it; forget turns whose file is gone."""
    files = sorted(folder.glob("*.jsonl"))
    present = {path.name for path in files}
    known = dict(index.execute("SELECT file, max(start) FROM turn GROUP BY file").fetchall())
    index.execute("BEGIN IMMEDIATE")
    try:
        for name in known.keys() - present:
            _forget(index, name)
        for path in files:
            _read_on(index, path, known.get(path.name, 0))
    except BaseException:
        index.execute("ROLLBACK")
        raise
    index.execute("COMMIT")


def _read_on(index: sqlite3.Connection, path: Path, start: int) -> None:
    if start > path.stat().st_size:
        _forget(index, path.name)
        start = 0
    with path.open("rb") as lines:
        lines.seek(start)
        for line in lines:
            if line.endswith(b"\n"):
                with suppress(msgspec.DecodeError):
                    note(index, path.name, start, recorded_from_json(line))
            start += len(line)


def _forget(index: sqlite3.Connection, file: str) -> None:
    for table in ("turn", "correction", "judgement"):
        index.execute(f"DELETE FROM {table} WHERE file = ?", (file,))
