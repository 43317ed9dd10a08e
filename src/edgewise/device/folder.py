"""The device's data folder: private to its owner, and served by one process at a time.

A device that serves holds an exclusive `flock` on `device.lock`; the system lets go of it however
the process ends, so nothing is left over after a kill. A second one is refused, not attached: two
devices would ring every alarm twice and each move a car of its own. `edgewise ask` without a
running device does not hold it; the stores and the trail are made for several processes.

A folder that others can read is closed (mode 700) when it is ours and holds nothing but a device's
files; else it is left as it is, because others may need what lies there, and the person is told.
"""

import fcntl
import json
import os
import stat
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from msgspec import Struct

from edgewise.core.signal import as_object
from edgewise.core.words import Words
from edgewise.errors import DeviceError, UserError

LOCK = "device.lock"
OWN_FILES = (
    *("cars", "config.toml", "device.json", LOCK, "models", "program-token", "sessions"),
    *("consents.sqlite", "consents.sqlite-shm", "consents.sqlite-wal"),
    *("answers.sqlite", "answers.sqlite-journal", "reach.key", "spending.json", "spending.new"),
    *("mode", "mode.new", "route_policy.json", "route_calibrations", "route_recent.json"),
    *("outbox.key", "outbox.key.new", "outbox.sqlite", "outbox.sqlite-shm", "outbox.sqlite-wal"),
    *("stores.sqlite", "stores.sqlite-shm", "stores.sqlite-wal", "token", "trail", "trail.key"),
)
WAIT_S = 0.5
"""How long a start waits for the lock: whoever only looks at it holds it for a moment."""


class Holder(Struct, frozen=True):
    """The process that serves a folder, and by which command."""

    process: int
    command: str


class Held(UserError):
    """Another process serves the folder; `holder` is it, when it has said so already."""

    code = "already_running"

    def __init__(self, folder: Path, holder: Holder | None) -> None:
        who = f" ({holder.command}, process {holder.process})" if holder else ""
        super().__init__(f"a device already runs from {folder}{who}")
        self.holder = holder


def prepare(folder: Path) -> tuple[Words, ...]:
    """Make `folder` when it is missing, close it when that is ours to do; what the person must
    know. Raises DeviceError when there can be no such folder."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if is_open(folder) and _is_only_ours(folder):
            folder.chmod(0o700)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(13, "it can not be written to", str(folder))
    except OSError as error:
        raise DeviceError(
            f"the device's data can not be kept in {folder} ({error.strerror}); make it a folder"
            " that you may write to, or name another one with EDGEWISE_HOME",
            code="no_folder",
        ) from error
    return (open_to_others(folder),) if is_open(folder) else ()


def is_open(folder: Path) -> bool:
    """Whether anybody but its owner may look into or change `folder`."""
    with suppress(OSError):
        return bool(stat.S_IMODE(folder.stat().st_mode) & 0o077)
    return False


def open_to_others(folder: Path) -> Words:
    """What to tell about a folder that `is_open`."""
    mode = f"{stat.S_IMODE(folder.stat().st_mode):o}"
    remedy = f"chmod 700 {json.dumps(str(folder), ensure_ascii=False)}"
    return Words(
        f"{folder} is open to other users (mode {mode}); close it: {remedy}",
        f"其他用户可以进入 {folder}(权限 {mode})；请收紧:{remedy}",
    )


@contextmanager
def held(folder: Path, command: str) -> Generator[None, None, None]:
    """Hold `folder` for this process, which serves it by `command`, until the block ends.

    Raises Held when another process does, DeviceError when it can not be held at all.
    """
    try:
        lock = os.fdopen(os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600), "r+")
    except OSError as error:
        raise _no_lock(folder, error) from error
    with lock:
        try:
            ours = _lock(lock, WAIT_S)
        except OSError as error:
            raise _no_lock(folder, error) from error
        if not ours:
            raise Held(folder, holder(folder))
        lock.truncate(0)
        lock.write(json.dumps({"process": os.getpid(), "command": command}))
        lock.flush()
        yield


def holder(folder: Path) -> Holder | None:
    """The process that serves `folder` now, or `None`."""
    with suppress(OSError, ValueError), (folder / LOCK).open() as lock:
        if not _locked_by_another(lock):
            return None
        said = as_object(json.loads(lock.read()))
        return Holder(int(str(said["process"])), str(said["command"]))
    return None


def _no_lock(folder: Path, error: OSError) -> DeviceError:
    return DeviceError(
        f"{folder / LOCK} can not be locked ({error.strerror}), so nothing keeps two devices out of"
        " one folder; name a folder on a local disk with EDGEWISE_HOME",
        code="no_lock",
    )


def _lock(lock: IO[str], wait_s: float) -> bool:
    until = time.monotonic() + wait_s
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        if time.monotonic() > until:
            return False
        time.sleep(0.02)


def _locked_by_another(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _is_only_ours(folder: Path) -> bool:
    return folder.stat().st_uid == os.geteuid() and all(
        path.name in OWN_FILES for path in folder.iterdir()
    )
