"""The trail: every event of every turn, appended as one line of JSON; how a turn can be explained.

One file a day (UTC); a turn stays in the file where it began. Lines are written whole by one system
call, so a kill at any moment loses at most the line being written; the next start cuts a torn line
off, keeps it beside the file and says so. The index is derived (`trail_index.py`). What a person
says of a turn afterwards stands in the turn's file too, so that both are deleted together.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from edgewise.agent.redact import Redactor
from edgewise.agent.trail_index import note, open_index
from edgewise.core.event import (
    Afterwards,
    Answered,
    Corrected,
    Event,
    Judged,
    NeedsApproval,
    Recorded,
    Routed,
    Stopped,
    TurnStarted,
    recorded_from_json,
    to_json,
)
from edgewise.errors import DeviceError, UserError

ALARMS = "alarms"
"""The session of what the device does by itself."""
MOST_OPEN_TURNS = 1024
"""Turns whose file is remembered; an older one that goes on is looked up in the index."""


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
        self._torn: set[str] = set()
        self._began_in: dict[str, str] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            mended = [_mend(path) for path in sorted(folder.glob("*.jsonl"))]
            self._index, told = open_index(folder)
            self.repaired = " ".join(filter(None, (*mended, told)))
        except (OSError, sqlite3.Error) as error:
            raise DeviceError(
                f"the trail can not be kept in {folder}: {error}; make the folder writable or name"
                " another with EDGEWISE_HOME",
                code="trail_unavailable",
            ) from error

    def append(self, event: Recorded) -> None:
        """Write one event. Raises DeviceError when the disk does not take it."""
        kept = event if self._redactor is None else self._redactor.redact(event)
        line = to_json(kept) + b"\n"
        try:
            name = self._file_of(event)
            self._write(name, line)
            end = os.lseek(self._descriptor(name), 0, os.SEEK_CUR)
            note(self._index, name, end - len(line), kept)
        except (OSError, sqlite3.Error) as error:
            raise DeviceError(
                f"the trail could not be written: {error}; free disk space in {self.folder}",
                code="trail_unavailable",
            ) from error

    def read(self, turn: str) -> list[Event]:
        """The recorded events of a turn, in order. Raises UserError for a turn not recorded."""
        row = self._index.execute("SELECT file, start FROM turn WHERE turn = ?", (turn,)).fetchone()
        if row is None or not (self.folder / row[0]).exists():
            raise UserError(
                f"no turn {turn!r} is recorded; `edgewise explain` without a name lists the last"
                " ones",
                code="turn_not_found",
            )
        events: list[Event] = []
        for event in _events_from(self.folder / row[0], row[1]):
            if event.turn == turn and not isinstance(event, Afterwards):
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

    def named(self, turn: str) -> str:
        """The turn of that name; `last` is the newest that somebody asked for, which a late answer
        or an alarm is not. Raises UserError where `last` is none."""
        if turn != "last":
            return turn
        newest = self._index.execute("SELECT turn, session FROM turn ORDER BY at DESC")
        for found, session in newest.fetchall():
            if session != ALARMS and not _is_late(self.read(found)):
                return str(found)
        raise UserError(
            "there is no last turn: no turn is recorded yet; ask something first",
            code="turn_not_found",
        )

    def is_of(self, turn: str, session: str) -> bool:
        """Whether `turn` is recorded as one of `session`, by its name or by what hides it."""
        row = self._index.execute("SELECT session FROM turn WHERE turn = ?", (turn,)).fetchone()
        hidden = self._redactor.session(session) if self._redactor is not None else session
        return row is not None and row[0] in (session, hidden)

    def after(self, turn: str) -> dict[str, list[Event]]:
        """The turns that went on with `turn`, in order: by a yes, or when it could be sent."""
        row = self._index.execute("SELECT file FROM turn WHERE turn = ?", (turn,)).fetchone()
        if row is None:
            return {}
        found = {turn}
        later = (path for path in sorted(self.folder.glob("*.jsonl")) if path.name >= row[0])
        for path in later:
            for event in _events_from(path, 0):
                if isinstance(event, TurnStarted) and event.resumes in found:
                    found.add(event.turn)
        names = [name for name in self._in_order(found) if name != turn]
        return {name: self.read(name) for name in names}

    def _in_order(self, turns: set[str]) -> list[str]:
        marks = ",".join("?" * len(turns))
        rows = self._index.execute(
            f"SELECT turn FROM turn WHERE turn IN ({marks}) ORDER BY at", sorted(turns)
        )
        return [str(name) for (name,) in rows]

    def correction(self, turn: str) -> Corrected | None:
        """What was said last of a turn after it, if anything was."""
        where = "SELECT file, start FROM correction WHERE turn = ?"
        return next(iter(self._corrections(where, turn)), None)

    def corrections(self) -> list[Corrected]:
        """The last word about each turn that was corrected, newest first."""
        return list(self._corrections("SELECT file, start FROM correction ORDER BY at DESC"))

    def judgement(self, turn: str) -> Judged | None:
        """What a person said last that the turn's answer was worth, if anybody did."""
        row = self._index.execute(
            "SELECT file, start FROM judgement WHERE turn = ?", (turn,)
        ).fetchone()
        if row is None:
            return None
        with suppress(FileNotFoundError):
            line = next(_events_from(self.folder / row[0], row[1]), None)
            return line if isinstance(line, Judged) else None
        return None

    def judgements(self) -> list[Judged]:
        """What was said last that each judged turn's answer was worth, newest first."""
        rows = self._index.execute("SELECT file, start FROM judgement ORDER BY at DESC").fetchall()
        found: list[Judged] = []
        for file, start in rows:
            with suppress(FileNotFoundError):
                line = next(_events_from(self.folder / file, start), None)
                found += [line] if isinstance(line, Judged) else []
        return found

    def close(self) -> None:
        """Flush to disk and close."""
        for descriptor in self._files.values():
            os.fsync(descriptor)
            os.close(descriptor)
        self._files.clear()
        self._index.close()

    def _corrections(self, where: str, *values: str) -> Iterator[Corrected]:
        for file, start in self._index.execute(where, values).fetchall():
            with suppress(FileNotFoundError):
                line = next(_events_from(self.folder / file, start), None)
                if isinstance(line, Corrected):
                    yield line

    def _file_of(self, event: Recorded) -> str:
        """The file in which the event's turn began; the day's for a turn that begins."""
        name = self._began_in.get(event.turn)
        if name is None and event.seq > 1:
            row = self._index.execute("SELECT file FROM turn WHERE turn = ?", (event.turn,))
            name = next((str(found) for (found,) in row), None)
        name = name or datetime.fromtimestamp(event.at, UTC).strftime("%Y-%m-%d.jsonl")
        if isinstance(event, Answered | NeedsApproval | Stopped | Afterwards):
            self._began_in.pop(event.turn, None)
        else:
            self._began_in[event.turn] = name
            if len(self._began_in) > MOST_OPEN_TURNS:
                del self._began_in[next(iter(self._began_in))]
        return name

    def _write(self, name: str, line: bytes) -> None:
        """Append `line`; after a write that the disk cut short the next one starts a new line."""
        descriptor = self._descriptor(name)
        whole = b"\n" + line if name in self._torn else line
        written = os.write(descriptor, whole)
        if written != len(whole):
            if written:
                self._torn.add(name)
            raise OSError(f"only {written} of {len(whole)} bytes were taken")
        self._torn.discard(name)

    def _descriptor(self, name: str) -> int:
        if name not in self._files:
            for descriptor in self._files.values():
                os.close(descriptor)
            self._files.clear()
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            self._files[name] = os.open(self.folder / name, flags, 0o600)
        return self._files[name]


def _is_late(events: Sequence[Event]) -> bool:
    """Whether it is a turn of `late.py`: it resumes another, and no place is chosen in it."""
    resumes = any(isinstance(event, TurnStarted) and event.resumes for event in events)
    return resumes and not any(isinstance(event, Routed) for event in events)


def _events_from(path: Path, start: int) -> Iterator[Recorded]:
    with path.open("rb") as lines:
        lines.seek(start)
        for line in lines:
            if not line.endswith(b"\n"):
                return
            try:
                yield recorded_from_json(line)
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
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        with os.fdopen(os.open(path.with_suffix(".torn"), flags, 0o600), "ab") as kept:
            kept.write(torn + b"\n")
        file.truncate(size - len(torn))
    return f"{path.name}: the last line was torn ({len(torn)} bytes) and was set aside."
