"""Looks at the parts that a device can be without: its car, the phone's stores, its senses.

Like `doctor.py` it only looks: a damaged file is set aside at the next start (`phone/repair.py`),
not here. All findings are optional, since the device starts and says what it lacks (rule 44).
"""

import socket
import sqlite3
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import msgspec

from edgewise.answer.voices import voice_names
from edgewise.core.words import Words
from edgewise.device.config import Config, SensesConfig
from edgewise.device.doctor import Finding, State, check_port
from edgewise.device.presence import find
from edgewise.device.senses import lacks, wanted
from edgewise.device.wyoming_config import WyomingConfig, place_of

ANSWER_S = 1.0


def examine_parts(folder: Path, config: Config) -> tuple[Finding, ...]:
    """The databroker if the car is behind one, the stores, and what was set aside of them."""
    car = (check_databroker(config.kuksa_address),) if config.vehicle == "kuksa" else ()
    stores = folder / "stores.sqlite"
    return (
        *car,
        check_stores(stores),
        *_set_aside(folder),
        *check_senses(config.senses),
        *check_wyoming(config.wyoming, folder),
    )


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


def check_senses(config: SensesConfig) -> tuple[Finding, ...]:
    """What each sense that is on lacks, one finding each; that it is whole; a name nobody has."""
    found = [
        Finding(f"sense {lack.sense}", State.MISSING, lack.found, _same(lack.remedy), optional=True)
        for lack in lacks(config)
    ]
    lacking = {finding.name for finding in found}
    for sense, name in wanted(config).items():
        if name and f"sense {sense}" not in lacking:
            found.append(Finding(f"sense {sense}", State.OK, _same(name), optional=True))
    unknown = [name for name in config.voices.values() if name not in voice_names()]
    if config.speak and unknown:
        there = ", ".join(voice_names())
        found.append(
            Finding(
                "voice",
                State.BROKEN,
                Words(f"no voice is called {unknown[0]}", f"没有名为 {unknown[0]} 的声音"),
                Words(
                    f"Name another one in config.toml: {there}.",
                    f"请在 config.toml 中改用：{there}。",
                ),
                optional=True,
            )
        )
    return tuple(found)


def check_wyoming(config: WyomingConfig, folder: Path) -> tuple[Finding, ...]:
    """Whether the Wyoming port can be listened on, unless this device does, and each satellite is
    there; nothing when it is off."""
    if not config.is_on:
        return ()
    if find_spec("wyoming") is None:
        missing = Words("the package wyoming is missing", "缺少 wyoming 包")
        remedy = _same("pip install 'edgewise[hear]'")
        return (Finding("wyoming", State.MISSING, missing, remedy, optional=True),)
    found = [_check_satellite(satellite.address) for satellite in config.satellite]
    if config.listen and find(folder) is None:
        host, port = config.place
        found.insert(0, msgspec.structs.replace(check_port(port, None, host), name="wyoming"))
    elif config.listen:
        found.insert(0, Finding("wyoming", State.OK, _same(config.listen), optional=True))
    return tuple(msgspec.structs.replace(finding, optional=True) for finding in found)


def _check_satellite(address: str) -> Finding:
    name = "satellite"
    host, port = place_of(address)
    try:
        socket.create_connection((host, port), ANSWER_S).close()
    except OSError as error:
        return Finding(
            name,
            State.MISSING,
            Words(f"{address}: {error}", f"{address}：{error}"),
            Words(
                "Switch it on, or correct `address` in config.toml; a running device finds it by"
                " itself.",
                "请打开该卫星设备，或在 config.toml 中更正 address；设备运行时会自动重新连接。",
            ),
        )
    return Finding(name, State.OK, _same(address))


def _same(text: str) -> Words:
    return Words(text, text)


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
