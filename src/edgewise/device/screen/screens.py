"""The screen that the owner has set up, as a driver; which one stands behind it is known here only.

Nothing is started: a browser or a phone is reached at its first use. One whose program is not
installed is told at once, and found when it comes.
"""

from pathlib import Path

from edgewise.act.screen import Screen
from edgewise.core.clock import Clock
from edgewise.core.words import Words
from edgewise.device.screen import adb, adb_shell, chromium
from edgewise.device.screen.driver import FRESH_S, ScreenDriver
from edgewise.device.screen.profile import FOLDER
from edgewise.device.screen.screen_config import ScreenConfig
from edgewise.errors import DeviceError

ADB_FRESH_S = 3.0
"""Of a look at a phone, which takes it one to two seconds."""


def open_screen(config: ScreenConfig, folder: Path, clock: Clock) -> ScreenDriver | None:
    """The driver; None where no screen is set up."""
    if not config.backend:
        return None
    is_phone = config.backend == "adb"
    return ScreenDriver(
        _phone(config) if is_phone else _browser(config, folder),
        clock,
        fresh_s=ADB_FRESH_S if is_phone else FRESH_S,
        away=lacks(config),
        apps=tuple(config.apps),
    )


def lacks(config: ScreenConfig) -> Words | None:
    """What is not installed, and how to get it; None when the program is there."""
    try:
        if config.backend == "adb":
            adb_shell.program_of(config.program)
        elif config.backend == "chromium":
            chromium.program_of(config.program)
    except DeviceError as error:
        return Words(str(error), f"{_MISSING_ZH[config.backend]}（{error}）")
    return None


def _phone(config: ScreenConfig) -> Screen:
    return adb.PhoneScreen(
        config.apps, program=config.program, serial=config.serial, headless=config.is_headless
    )


def _browser(config: ScreenConfig, folder: Path) -> Screen:
    return chromium.ChromiumScreen(
        chromium.ChromiumSettings(
            folder / FOLDER,
            config.apps,
            config.program,
            config.is_headless,
            config.sandbox,
        )
    )


_MISSING_ZH = {
    "adb": "没有找到 adb 程序，请安装：apt-get install adb",
    "chromium": "没有找到 Chromium，请安装：apt-get install chromium",
}
