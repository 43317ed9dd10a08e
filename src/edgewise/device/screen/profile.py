"""The profile of the device's own browser, where it lies and how it is forgotten.

It holds what pages keep: cookies, log-ins, history, what was loaded. It knows no browser: whoever
has one ends it first.
"""

import shutil
from pathlib import Path

from edgewise.device.screen.not_started import held_by
from edgewise.errors import DeviceError

FOLDER = "screen"
"""In the device's folder."""


def profile_of(folder: Path) -> Path:
    """Where Chromium keeps it, below the screen's own `folder`."""
    return folder / "profile"


def forget_profile(folder: Path) -> bool:
    """Delete the screen's own `folder`; whether there was one. Raises DeviceError (`not_erased`)
    while a browser holds it, which would write it again, and where something is left of it."""
    if not folder.exists():
        return False
    if why := held_by(profile_of(folder)):
        raise DeviceError(
            f"the browser's cookies and log-ins are not erased: {why}; then erase again",
            code="not_erased",
        )
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise DeviceError(
            f"the browser's cookies and log-ins are not all erased ({error}); delete {folder}",
            code="not_erased",
        ) from error
    return True
