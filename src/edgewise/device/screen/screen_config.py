"""`[screen]` of config.toml: which screen the device may look at and touch. Off unless it is set.

A browser of the device's own shows addresses that the owner lists; a phone is reached over ADB.
"""

from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct

from edgewise.core.regex import regex
from edgewise.errors import UserError

Backend = Literal["", "chromium", "adb"]
_PACKAGE = regex(r"[A-Za-z]\w*(\.[A-Za-z]\w*)+(/[\w.$]+)?")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class ScreenConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`backend` is "chromium" (a browser of the device's own), "adb" (an Android phone) or "" (no
    screen). `apps` are what "open" knows by name: addresses of the browser, packages of the phone.
    `headless`: nobody in the car sees it, so that nothing of it can distract the driver; left out,
    a browser is and a phone is not. `program` is another Chromium or `adb` than the one that is
    found; `serial` is the phone where several are there. `sandbox` is Chromium's own, which it
    can not have when the device runs as root."""

    backend: Backend = ""
    headless: bool | None = None
    program: str = ""
    serial: str = ""
    sandbox: bool = True
    apps: dict[str, str] = {}

    @property
    def is_headless(self) -> bool:
        """Whether nobody in the car sees it."""
        return self.backend == "chromium" if self.headless is None else self.headless


def check_screen(config: ScreenConfig) -> None:
    """Raises UserError, which names the key, for what can not be."""
    if not config.backend:
        return
    check = _check_address if config.backend == "chromium" else _check_package
    _check_names(config.apps)
    for name, value in config.apps.items():
        check(f"screen.apps.{name}", value)
    if config.serial and config.backend != "adb":
        raise UserError('screen.serial is for backend = "adb"; leave it out')


def _check_names(apps: Mapping[str, str]) -> None:
    folded: set[str] = set()
    for name in apps:
        if not name.strip() or name.strip().casefold() in folded:
            raise UserError(f"screen.apps: {name!r} is empty or there twice; give it another name")
        folded.add(name.strip().casefold())


def _check_address(key: str, value: str) -> None:
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        raise UserError(f"{key} is {value!r}; write https://…") from None
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    if not safe or not host or parts.username or parts.password:
        raise UserError(
            f"{key} is {value!r}; write https://… without a password in it (http:// only for this"
            " machine)"
        )


def _check_package(key: str, value: str) -> None:
    if not _PACKAGE.fullmatch(value):
        raise UserError(
            f"{key} is {value!r}; write the app's package, like com.android.settings"
            " (adb shell pm list packages tells them)"
        )
