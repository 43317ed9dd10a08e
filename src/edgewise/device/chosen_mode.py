"""Where the owner wants open questions to be thought about: the file `mode` of the device's folder.

It is read at each turn and at each sending, so a change counts at once, also for a device that
runs; `config.toml` is never written. A file that says nothing known means device only.
"""

from pathlib import Path

from edgewise.core.place import Mode
from edgewise.core.words import Words
from edgewise.device.kept_file import keep_file

FILE = "mode"


def mode_of(folder: Path, unless: Mode) -> tuple[Mode, Words | None]:
    """The chosen mode, `unless` none was chosen (that of `config.toml`), and what to tell the owner
    when the file could not be understood."""
    path = folder / FILE
    try:
        said = path.read_bytes()
    except FileNotFoundError:
        return unless, None
    except OSError:
        return Mode.DEVICE_ONLY, _damaged(path)
    known = {mode.value.encode(): mode for mode in Mode}
    found = known.get(said.strip())
    return (Mode.DEVICE_ONLY, _damaged(path)) if found is None else (found, None)


def choose_mode(folder: Path, mode: Mode) -> None:
    """Keep `mode`, in one step. Raises DeviceError when the folder can not be written."""
    keep_file(folder / FILE, mode.value.encode() + b"\n", "the mode is as it was")


def _damaged(path: Path) -> Words:
    return Words(
        f"{path} can not be understood, so nothing leaves this device; choose again: edgewise mode"
        " MODE",
        f"无法读懂 {path}，因此任何内容都不离开本机；请重新选择：edgewise mode MODE",
    )
