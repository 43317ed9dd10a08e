"""The write-ahead journal: settled requests as lines of a file, before they are in the database.

A line is written when a request settles and is safe from a killed process from then on; the file is
forced to disk when its segment is sealed, a fraction of a second later. A sealed segment is deleted
once the database has all of it, so what a crash leaves is read again and nothing is entered twice
(the database knows each id). A last line that a crash cut off is left out: that request's slot is
still in use (`flight.py`).
"""

import logging
import os
from collections.abc import Sequence
from pathlib import Path

from edgewise.errors import DeviceError

_log = logging.getLogger("edgewise.cloud")

_OPEN, _SEALED = "open", "sealed"


class Segment:
    """A segment that gets no more lines; `seal` may be called in any thread."""

    def __init__(self, handle: int, file: Path) -> None:
        self._handle = handle
        self._file = file

    def seal(self) -> None:
        """Force it to disk and mark it sealed. A disk that can not force it still has it for the
        reader who comes next, so that is logged and no reason to stop. Raises DeviceError when it
        can not be renamed; then it may be called again."""
        if self._handle >= 0:
            try:
                os.fsync(self._handle)
            except OSError:
                _log.exception("%s is not safe from a power cut", self._file)
            finally:
                os.close(self._handle)
                self._handle = -1
        try:
            self._file.rename(self._file.with_suffix(f".{_SEALED}"))
        except OSError as error:
            raise DeviceError(f"{self._file} can not be sealed: {error}") from error


class Journal:
    """Segments in one folder, `NUMBER.open` or `NUMBER.sealed`; one process writes them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._take_over()
        numbers = [int(file.stem) for file in folder.glob(f"*.{_SEALED}")]
        self._number = max(numbers, default=0)
        self._handle = -1
        self._lines = 0

    def append(self, line: bytes) -> None:
        """Write one line; `line` has no line break. Raises DeviceError when the disk refuses, and
        then nothing of it counts."""
        data = line + b"\n"
        try:
            if self._handle < 0:
                self._begin()
            written = os.write(self._handle, data)
            if written != len(data):
                self._cut(written)
                raise OSError("the disk is full")
        except OSError as error:
            raise DeviceError(f"the journal can not be written: {error}") from error
        self._lines += 1

    def swap(self) -> "Segment | None":
        """Take the running segment away, to be sealed; the next line begins a new one. Quick: to be
        called where lines are appended. `None` while there is nothing in it."""
        if self._handle < 0 or not self._lines:
            return None
        taken = Segment(self._handle, self._file(self._number, _OPEN))
        self._handle, self._lines = -1, 0
        return taken

    def sealed(self) -> list[Path]:
        """The segments that the database may not have yet, oldest first."""
        return sorted(self._folder.glob(f"*.{_SEALED}"))

    def read(self, segment: Path) -> list[bytes]:
        """The whole lines of a segment. Raises DeviceError when it can not be read."""
        try:
            return segment.read_bytes().split(b"\n")[:-1]
        except OSError as error:
            raise DeviceError(f"{segment} can not be read: {error}") from error

    def drop(self, segment: Path) -> None:
        """Delete a segment that the database has. Raises DeviceError when it can not be deleted;
        entering it again changes nothing."""
        try:
            segment.unlink(missing_ok=True)
        except OSError as error:
            raise DeviceError(f"{segment} can not be deleted: {error}") from error

    def set_aside(self, lines: Sequence[bytes]) -> Path:
        """Keep lines that can not be entered, for a person to look at; where. Raises DeviceError
        when the disk refuses. The same lines may come again after a crash."""
        file = self._folder / "refused"
        try:
            with file.open("ab") as out:
                out.write(b"".join(line + b"\n" for line in lines))
        except OSError as error:
            raise DeviceError(f"{file} can not be written: {error}") from error
        return file

    def close(self) -> None:
        """Seal what was written last."""
        if (taken := self.swap()) is not None:
            taken.seal()
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
            self._file(self._number, _OPEN).unlink(missing_ok=True)

    def _take_over(self) -> None:
        """Seal what an earlier process left open, or failed to seal."""
        for left in sorted(self._folder.glob(f"*.{_OPEN}")):
            left.rename(left.with_suffix(f".{_SEALED}"))

    def _begin(self) -> None:
        self._number += 1
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_EXCL
        self._handle = os.open(self._file(self._number, _OPEN), flags, 0o600)

    def _cut(self, written: int) -> None:
        """Take back a part of a line that a full disk let through."""
        size = os.fstat(self._handle).st_size
        os.ftruncate(self._handle, size - max(0, written))

    def _file(self, number: int, state: str) -> Path:
        return self._folder / f"{number:012d}.{state}"
