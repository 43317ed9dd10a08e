"""How other programs of the same person find the device that runs: a small file in its folder."""

import os
from pathlib import Path

import msgspec
from msgspec import Struct


class Presence(Struct, frozen=True):
    """Where a running device listens, and its process."""

    address: str
    process: int


def announce(folder: Path, presence: Presence) -> None:
    """Write the file; `withdraw` removes it."""
    _path(folder).write_bytes(msgspec.json.encode(presence))


def withdraw(folder: Path) -> None:
    """Remove the file if it is ours."""
    found = find(folder)
    if found is not None and found.process == os.getpid():
        _path(folder).unlink(missing_ok=True)


def find(folder: Path) -> Presence | None:
    """The device that runs from `folder`, if its process is alive."""
    try:
        presence = msgspec.json.decode(_path(folder).read_bytes(), type=Presence)
        os.kill(presence.process, 0)
    except (OSError, msgspec.MsgspecError):
        return None
    return presence


def _path(folder: Path) -> Path:
    return folder / "device.json"
