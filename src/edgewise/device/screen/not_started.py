"""Why a browser that was started has ended at once: another one holds its profile, or no display.

It looks at what Chromium left and at the environment; it starts and ends nothing. Source:
chrome/browser/process_singleton_posix.cc: `SingletonLock` is a link to "host-process".
"""

import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path


def why_not_started(
    profile: Path, environment: Mapping[str, str] = os.environ, *, headless: bool
) -> str:
    """The reason and what to do, for after a start that failed; "" when it is none of these."""
    if not headless and not has_display(environment):
        return (
            "there is no display for its window (neither DISPLAY nor WAYLAND_DISPLAY is set);"
            " start the device from a desktop, or set headless = true under [screen] in config.toml"
        )
    return held_by(profile)


def has_display(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a window can be shown; where that is told by other means, it is taken as so."""
    named = environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    return not sys.platform.startswith("linux") or bool(named)


def held_by(profile: Path) -> str:
    """Who holds the profile and what to do; "" when nobody does."""
    lock = profile / "SingletonLock"
    try:
        host, _, process = str(lock.readlink()).rpartition("-")
    except OSError:
        return ""
    if host != socket.gethostname():
        return (
            f"its profile {profile} is in use on the machine {host}; end the device there, or"
            f" delete {lock} if none runs"
        )
    if not _runs_on(process, profile):
        return ""
    return (
        f"another process (number {process}) holds its profile {profile}, most likely a second"
        " device or `edgewise ask` on the same folder; end that one, or give this one a folder of"
        " its own (EDGEWISE_HOME)"
    )


def _runs_on(process: str, profile: Path) -> bool:
    """Whether a process runs, and with that profile: numbers are given again."""
    try:
        command = (Path("/proc") / process / "cmdline").read_bytes()
    except OSError:
        return False
    return os.fsencode(profile) in command
