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
from edgewise.core.finding import Finding, State
from edgewise.core.words import Language, Words
from edgewise.device.config import Config, SensesConfig
from edgewise.device.doctor import check_language_model, check_port
from edgewise.device.presence import find
from edgewise.device.screen.connected import why_no_phone
from edgewise.device.screen.not_started import has_display
from edgewise.device.screen.screen_config import ScreenConfig
from edgewise.device.screen.screens import lacks
from edgewise.device.senses import lacks as lacks_of_senses
from edgewise.device.senses import wanted
from edgewise.device.wyoming_config import WyomingConfig, place_of
from edgewise.think.models import EMBEDDED

ANSWER_S = 1.0


def examine_parts(folder: Path, config: Config) -> tuple[Finding, ...]:
    """The databroker if the car is behind one, the stores, and what was set aside of them."""
    car = (check_databroker(config.kuksa_address),) if config.vehicle == "kuksa" else ()
    stores = folder / "stores.sqlite"
    return (
        *car,
        check_stores(stores),
        *_set_aside(folder),
        *check_senses(config.senses, folder / "models"),
        *_check_chat_model(config.chat_model, folder / "models"),
        *check_wyoming(config.wyoming, folder),
        *check_screen(config.screen),
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


def check_senses(config: SensesConfig, hub_folder: Path | None = None) -> tuple[Finding, ...]:
    """What each sense that is on lacks, one finding each; that it is whole; a name nobody has."""
    found = [
        Finding(f"sense {lack.sense}", State.MISSING, lack.found, _same(lack.remedy), optional=True)
        for lack in lacks_of_senses(config, hub_folder)
    ]
    lacking = {finding.name for finding in found}
    for sense, name in wanted(config).items():
        if name and f"sense {sense}" not in lacking:
            found.append(Finding(f"sense {sense}", State.OK, _same(name), optional=True))
    if config.speak:
        found += [
            finding
            for language, name in config.voices.items()
            if (finding := _check_voice(language, name)) is not None
        ]
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


def check_screen(config: ScreenConfig) -> tuple[Finding, ...]:
    """Whether the program of the screen is there, a phone behind it, a display for a window of the
    browser; nothing when no screen is set up."""
    if not config.backend:
        return ()
    missing = lacks(config)
    if missing is None:
        return (_check_reach(config),)
    package = "adb" if config.backend == "adb" else "chromium"
    remedy = _same(f"apt-get install {package}")
    return (Finding("screen", State.MISSING, missing, remedy, optional=True),)


def _check_reach(config: ScreenConfig) -> Finding:
    """Whether the screen whose program is there can be reached now."""
    why, remedy = None, None
    if config.backend == "adb":
        why = why_no_phone(config.program, config.serial)
        remedy = Words(
            "Connect one with USB debugging switched on, unlock it and allow this computer; where"
            " there are several, name one as screen.serial (adb devices).",
            "请连接一部已打开 USB 调试的手机，解锁并允许本机；有多部时用 screen.serial 指定"
            "（adb devices）。",
        )
    elif not config.is_headless and not has_display():
        why = Words("headless = false, and there is no display", "headless = false，但没有显示器")
        remedy = Words(
            "Start the device in a desktop session (DISPLAY or WAYLAND_DISPLAY is set there), or"
            " leave `headless` out.",
            "请在桌面会话中启动设备（其中设有 DISPLAY 或 WAYLAND_DISPLAY），或删去 headless。",
        )
    if why is None:
        return Finding("screen", State.OK, _same(config.backend), optional=True)
    return Finding("screen", State.MISSING, why, remedy, optional=True)


def _check_voice(language: Language, name: str) -> Finding | None:
    """What is wrong with the voice that is set for a language."""
    if name in voice_names(language):
        return None
    if name in voice_names():
        en, zh = f"{name} is no voice of {language}: it has an accent", f"{name} 带有外语口音"
    else:
        en, zh = f"no voice is called {name}", f"没有名为 {name} 的声音"
    there = ", ".join(voice_names(language))
    remedy = Words(
        f"Set `voices.{language}` in config.toml to one of: {there}.",
        f"请在 config.toml 中把 voices.{language} 改为以下之一：{there}。",
    )
    return Finding("voice", State.BROKEN, Words(en, zh), remedy, optional=True)


def _check_chat_model(name: str, folder: Path) -> tuple[Finding, ...]:
    """Whether the model that is set is there; nothing for the one that is looked at anyway."""
    if name in ("", EMBEDDED):
        return ()
    return (check_language_model(folder, name),)


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
