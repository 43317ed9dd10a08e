"""The device's stores, also when their file is damaged: it is set aside and a new one begins.

Nothing is deleted: the damaged file keeps its content under another name beside the new one, with
what SQLite kept beside it, so that its owner can still try to rescue rows.
"""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from edgewise.core.clock import Clock
from edgewise.core.words import Words
from edgewise.device.phone.store import DocumentStore
from edgewise.errors import DeviceError


def open_stores(path: Path, clock: Clock) -> tuple[DocumentStore, Words | None]:
    """The stores in `path`, and what to tell the owner when its file had to be set aside.

    Raises DeviceError as `DocumentStore` does, but for damage.
    """
    try:
        return DocumentStore(path, clock), None
    except DeviceError as error:
        if error.code != "store_damaged":
            raise
    aside = set_aside(path, clock.now())
    return DocumentStore(path, clock), Words(
        f"The phone's store was damaged. I kept it as {aside} and began a new one: contacts, "
        "messages, alarms, lists and what I had remembered are not in it.",
        f"手机数据文件已损坏。我把它保留为 {aside}，并新建了一份："
        "其中没有原来的联系人、消息、闹钟、清单和记忆。",
    )


def set_aside(path: Path, wall: float) -> Path:
    """Give the file a name that says when it was found damaged; returns that name.

    What lies beside it goes first: left alone with a new file, an old log would be read into it.
    Raises DeviceError when the folder does not allow it.
    """
    aside = _free_name(path, datetime.fromtimestamp(wall))
    try:
        for suffix in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
        path.rename(aside)
    except OSError as error:
        raise DeviceError(
            f"{path} is damaged and can not be set aside ({error}): check the folder's permissions",
            code="store_failed",
        ) from error
    return aside


def _free_name(path: Path, at: datetime) -> Path:
    name = f"{path.name}.damaged-{at:%Y%m%d-%H%M%S}"
    tried, number = path.with_name(name), 1
    while tried.exists():
        number += 1
        tried = path.with_name(f"{name}-{number}")
    return tried
