"""How other programs of the same person find the device that runs: a small file in its folder."""

import os
from pathlib import Path

import msgspec
from msgspec import Struct

from edgewise.device.folder import holder


class Presence(Struct, frozen=True):
    """Where a running device listens, and its process."""

    address: str
    process: int


def announce(folder: Path, presence: Presence) -> None:
    """Write the file in one step, by the process that holds `folder`; `withdraw` removes it."""
    fresh = _path(folder).with_suffix(".new")
    fresh.write_bytes(msgspec.json.encode(presence))
    fresh.replace(_path(folder))


def withdraw(folder: Path) -> None:
    """Remove the file if it is ours."""
    found = find(folder)
    if found is not None and found.process == os.getpid():
        _path(folder).unlink(missing_ok=True)


def find(folder: Path) -> Presence | None:
    """The device that serves `folder` now. A file that a killed one left behind is none, also when
    another process has its number since: the owner's token would be sent there."""
    try:
        presence = msgspec.json.decode(_path(folder).read_bytes(), type=Presence)
    except (OSError, msgspec.MsgspecError):
        return None
    serves = holder(folder)
    return presence if serves is not None and serves.process == presence.process else None


def left_behind(folder: Path) -> Presence | None:
    """What a device that was killed left: it served `folder`, and nobody does now."""
    if holder(folder) is not None:
        return None
    try:
        return msgspec.json.decode(_path(folder).read_bytes(), type=Presence)
    except (OSError, msgspec.MsgspecError):
        return None


def _path(folder: Path) -> Path:
    return folder / "device.json"
