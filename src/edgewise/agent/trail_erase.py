"""Takes turns out of the trail: their lines are overwritten in place, their index rows deleted.

What a line held is replaced by blanks of the same length, which no reader takes for a line: a
device that runs goes on appending, and no other turn moves. Turns that resume an erased one hold
its words, so they go with it.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import msgspec

from edgewise.agent.trail_index import open_index
from edgewise.core.event import Recorded, TurnStarted, recorded_from_json
from edgewise.errors import DeviceError


def erase_turns(folder: Path, turn: str | None = None) -> frozenset[str]:
    """Take `turn` and what resumes it out of the trail in `folder`, or everything; the turns that
    went. Raises DeviceError where it can not be done whole; then it can be done again."""
    if not folder.is_dir():
        return frozenset()
    try:
        gone = set[str]()
        for path in sorted(folder.glob("*.jsonl")):
            gone |= _blank(path, turn, gone)
        for torn in folder.glob("*.torn"):  # nobody knows of which turn its pieces are
            torn.unlink()
        _forget(folder, None if turn is None else gone)
    except (OSError, sqlite3.Error) as error:
        raise DeviceError(
            f"the trail in {folder} could not be erased whole: {error}; see to it and erase again",
            code="trail_unavailable",
        ) from error
    return frozenset(gone)


def start_of(folder: Path, turn: str) -> TurnStarted | None:
    """How `turn` began by its record."""
    for path in folder.glob("*.jsonl"):
        for _, _, event in _lines(path):
            if isinstance(event, TurnStarted) and event.turn == turn:
                return event
    return None


def _blank(path: Path, turn: str | None, gone: set[str]) -> set[str]:
    """Blank the lines of `turn`, of what is `gone` already, and of what resumes either; without a
    turn all, torn ones too."""
    found = {turn, *gone} if turn is not None else set[str]()
    went = set[str]()
    with path.open("rb+") as file:
        for start, size, event in _lines(path):
            if turn is not None and not _goes(event, found):
                continue
            file.seek(start)
            file.write(b" " * size)
            if event is not None:
                found.add(event.turn)
                went.add(event.turn)
        file.flush()
        os.fsync(file.fileno())
    return went


def _goes(event: Recorded | None, found: set[str]) -> bool:
    if event is None:
        return False
    return event.turn in found or (isinstance(event, TurnStarted) and event.resumes in found)


def _lines(path: Path) -> Iterator[tuple[int, int, Recorded | None]]:
    """Each line's place and its length without its end, with its event if it is one."""
    start = 0
    with path.open("rb") as lines:
        for line in lines:
            event: Recorded | None = None
            if line.endswith(b"\n") and line.strip():
                with suppress(msgspec.DecodeError):
                    event = recorded_from_json(line)
            yield start, len(line.removesuffix(b"\n")), event
            start += len(line)


def _forget(folder: Path, turns: set[str] | None) -> None:
    index, _ = open_index(folder)
    with closing(index):
        index.execute("PRAGMA secure_delete = ON")
        for table in ("turn", "correction", "judgement"):
            if turns is None:
                index.execute(f"DELETE FROM {table}")
            else:
                index.executemany(f"DELETE FROM {table} WHERE turn = ?", [(t,) for t in turns])
        index.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
