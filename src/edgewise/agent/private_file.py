"""A file of SQLite made its owner's only (mode 600), without a second descriptor of one in use.

SQLite locks by POSIX record locks, which a process loses on a file as soon as it closes any
descriptor of it: another process could then delete a log that is in use, and the two go on with
files of different content. So a file that is there is never opened here. Source: SQLite, "How To
Corrupt An SQLite Database File", section 2.2.
"""

import os
import stat
import threading
from contextlib import suppress
from pathlib import Path

_BESIDE = ("", "-wal", "-shm", "-journal")
"""What SQLite keeps beside a file, which it makes with the file's own mode."""
_making = threading.Lock()
"""No other thread connects to a new file before the descriptor that made it is closed."""


def make_private(path: Path) -> None:
    """Make the file, empty, where there is none; it and what lies beside it for its owner only.

    To be called before each `sqlite3.connect` to a file that may not be there. Raises OSError.
    """
    with _making, suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    for suffix in _BESIDE:
        kept = path.with_name(path.name + suffix)
        with suppress(FileNotFoundError):
            if stat.S_IMODE(kept.stat().st_mode) != 0o600:
                kept.chmod(0o600)
