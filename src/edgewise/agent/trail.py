"""The trail: every event of every turn, appended as one line of JSON; how a turn can be explained.

One file a day, lines written whole by one system call, so a kill at any moment loses at most the
line being written; the next start cuts a torn line off, keeps it beside the file and says so. The
SQLite index (turn -> file and span) is derived: it is made again from the lines when it is lost.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from edgewise.agent.redact import Redactor
from edgewise.core.event import (
    Answered,
    Event,
    NeedsApproval,
    Stopped,
    TurnStarted,
    from_json,
    to_json,
)
from edgewise.errors import DeviceError, UserError


class TurnSummary(Struct, frozen=True):
    """One turn in a list: when it started, in which session, how it ended (empty: it did not)."""

    turn: str
    session: str
    at: float
    ended: str


class Trail:
    """Append-only record of turns in a folder of its own.

    `redactor` hides free text before it is written; `None` keeps texts (the owner opted in).
    `repaired` tells what the start had to mend, empty when nothing.
    """

    def __init__(self, folder: Path, redactor: Redactor | None) -> None:
        self.folder = folder
        self.repaired = ""
        self._redactor = redactor
        self._files: dict[str, int] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.repaired = " ".join(filter(None, map(_mend, sorted(folder.glob("*.jsonl")))))
            self._index = _open_index(folder)
        except (OSError, sqlite3.Error) as error:
            raise DeviceError(
                f"the trail can not be kept in {folder}: {error}; make the folder writable or name"
                " another with EDGEWISE_HOME",
                code="trail_unavailable",
            ) from error

    def append(self, event: Event) -> None:
        """Write one event. Raises DeviceError when the disk does not take it."""
        kept = event if self._redactor is None else self._redactor.redact(event)
        name = datetime.fromtimestamp(event.at, UTC).strftime("%Y-%m-%d.jsonl")
        line = to_json(kept) + b"\n"
        try:
            descriptor = self._descriptor(name)
            if os.write(descriptor, line) != len(line):
                raise OSError("short write")
            end = os.lseek(descriptor, 0, os.SEEK_CUR)
            _note(self._index, name, end - len(line), event)
        except (OSError, sqlite3.Error) as error:
            raise DeviceError(
                f"the trail could not be written: {error}; free disk space in {self.folder}",
                code="trail_unavailable",
            ) from error

    def read(self, turn: str) -> list[Event]:
        """The recorded events of a turn, in order. Raises UserError for a turn not recorded."""
        row = self._index.execute("SELECT file, start FROM turn WHERE turn = ?", (turn,)).fetchone()
        if row is None:
            raise UserError(
                f"no turn {turn!r} is recorded; `edgewise explain` without a name lists the last"
                " ones",
                code="turn_not_found",
            )
        events: list[Event] = []
        for event in _events_from(self.folder / row[0], row[1]):
            if event.turn == turn:
                events.append(event)
                if isinstance(event, Answered | NeedsApproval | Stopped):
                    break
        return events

    def recent(self, count: int = 20) -> list[TurnSummary]:
        """The newest turns, newest first."""
        rows = self._index.execute(
            "SELECT turn, session, at, ended FROM turn ORDER BY at DESC LIMIT ?", (count,)
        )
        return [TurnSummary(*row) for row in rows]

    def close(self) -> None:
        """Flush to disk and close."""
        for descriptor in self._files.values():
            os.fsync(descriptor)
            os.close(descriptor)
        self._files.clear()
        self._index.close()

    def _descriptor(self, name: str) -> int:
        if name not in self._files:
            for descriptor in self._files.values():
                os.close(descriptor)
            self._files.clear()
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            self._files[name] = os.open(self.folder / name, flags, 0o600)
        return self._files[name]


def to_tag(event: Event) -> str:
    """The name of an event's type as it stands in JSON (`turn_started`)."""
    return str(event.__struct_config__.tag)


def _events_from(path: Path, start: int) -> Iterator[Event]:
    with path.open("rb") as lines:
        lines.seek(start)
        for line in lines:
            if not line.endswith(b"\n"):
                return
            try:
                yield from_json(line)
            except msgspec.DecodeError:
                continue


def _mend(path: Path) -> str:
    """Cut a torn last line off `path`; what was done, or an empty string."""
    with path.open("rb+") as file:
        size = file.seek(0, os.SEEK_END)
        if size == 0:
            return ""
        file.seek(max(0, size - 1_000_000))
        tail = file.read()
        if tail.endswith(b"\n"):
            return ""
        torn = tail[tail.rfind(b"\n") + 1 :]
        with path.with_suffix(".torn").open("ab") as kept:
            kept.write(torn + b"\n")
        file.truncate(size - len(torn))
    return f"{path.name}: the last line was torn ({len(torn)} bytes) and was set aside."


def _open_index(folder: Path) -> sqlite3.Connection:
    path = folder / "index.sqlite"
    try:
        index = _connect(path)
        index.execute("PRAGMA quick_check")
    except sqlite3.DatabaseError:
        path.unlink(missing_ok=True)
        index = _connect(path)
    if index.execute("SELECT count(*) FROM turn").fetchone()[0] == 0:
        _fill_index(index, folder)
    return index


def _connect(path: Path) -> sqlite3.Connection:
    index = sqlite3.connect(path, isolation_level=None, timeout=5.0, check_same_thread=False)
    index.execute("PRAGMA journal_mode = WAL")
    index.execute("PRAGMA synchronous = OFF")
    index.execute(
        "CREATE TABLE IF NOT EXISTS turn (turn TEXT PRIMARY KEY, file TEXT, start INTEGER,"
        " session TEXT, at REAL, ended TEXT)"
    )
    index.execute("CREATE INDEX IF NOT EXISTS turn_at ON turn (at)")
    return index


def _fill_index(index: sqlite3.Connection, folder: Path) -> None:
    for path in sorted(folder.glob("*.jsonl")):
        start = 0
        with path.open("rb") as lines:
            for line in lines:
                with suppress(msgspec.DecodeError):
                    _note(index, path.name, start, from_json(line))
                start += len(line)


def _note(index: sqlite3.Connection, file: str, start: int, event: Event) -> None:
    """Keep in the index where a turn starts and how it ended."""
    if isinstance(event, TurnStarted):
        index.execute(
            "INSERT OR REPLACE INTO turn VALUES (?, ?, ?, ?, ?, '')",
            (event.turn, file, start, event.session, event.at),
        )
    elif isinstance(event, Answered | NeedsApproval | Stopped):
        index.execute("UPDATE turn SET ended = ? WHERE turn = ?", (to_tag(event), event.turn))
