"""Looks at the parts that a device can be without for a while: its car and the phone's stores.

Like `doctor.py` it only looks: a damaged file is set aside at the next start (`phone/repair.py`),
not here. All findings are optional, since the device starts and says what it lacks (rule 44).
"""

import socket
import sqlite3
from contextlib import closing
from pathlib import Path

from edgewise.core.words import Words
from edgewise.device.config import Config
from edgewise.device.doctor import Finding, State

ANSWER_S = 1.0


def examine_parts(folder: Path, config: Config) -> tuple[Finding, ...]:
    """The databroker if the car is behind one, the stores, and what was set aside of them."""
    car = (check_databroker(config.kuksa_address),) if config.vehicle == "kuksa" else ()
    return (*car, check_stores(folder / "stores.sqlite"), *_set_aside(folder))


def check_databroker(address: str) -> Finding:
    """Whether anything listens at the databroker's address."""
    name = "databroker"
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), ANSWER_S).close()
    except (OSError, OverflowError, ValueError) as error:
        return Finding(
            name,
            State.MISSING,
            Words(f"{address}: {error}", f"{address}：{error}"),
            Words(
                "Start the databroker, or name it as `kuksa_address` in config.toml; a running"
                " device finds it by itself.",
                "请启动数据代理，或在 config.toml 中设置 kuksa_address；设备会自动重新连接。",
            ),
            optional=True,
        )
    return Finding(name, State.OK, Words(address, address), optional=True)


def check_stores(path: Path) -> Finding:
    """Whether the file of the stores is whole; none yet is as good."""
    name = "stores"
    found = Words(str(path), str(path))
    if not path.exists():
        return Finding(name, State.OK, found, optional=True)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            (told,) = db.execute("pragma quick_check(1)").fetchone()
    except sqlite3.Error as error:
        told = str(error)
    if told == "ok":
        return Finding(name, State.OK, found, optional=True)
    return Finding(
        name,
        State.BROKEN,
        Words(f"{path}: {told}", f"{path}：{told}"),
        Words(
            "Start the device: it keeps a damaged file under another name and begins a new one.",
            "请启动设备：它会把损坏的文件另名保留，并新建一份。",
        ),
        optional=True,
    )


def _set_aside(folder: Path) -> tuple[Finding, ...]:
    kept = sorted(p for p in folder.glob("stores.sqlite.damaged-*") if p.name[-1].isdigit())
    remedy = Words(
        "Rescue what you need from it (sqlite3 FILE .recover), then delete it.",
        "请从中取回需要的内容（sqlite3 文件 .recover），然后自行删除。",
    )
    return tuple(
        Finding("damaged stores", State.BROKEN, Words(str(p), str(p)), remedy, optional=True)
        for p in kept
    )
