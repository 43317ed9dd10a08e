"""Whether the device acts as if there were no network: the file `tunnel` of its folder.

It is read at each question and at each sending, so that entering and leaving count at once, also
for a device that runs, and hold across a restart. A file that says nothing known is a tunnel.
"""

from pathlib import Path

from edgewise.core.words import Words
from edgewise.device.kept_file import keep_file

FILE = "tunnel"
_ON, _OFF = b"on", b"off"


def in_tunnel(folder: Path) -> bool:
    """Whether nothing is sent now, as there is no network to the device."""
    return tunnel_of(folder)[0]


def tunnel_of(folder: Path) -> tuple[bool, Words | None]:
    """The same, and what to tell the owner when the file could not be understood."""
    path = folder / FILE
    said = b""
    try:
        said = path.read_bytes().strip()
    except FileNotFoundError:
        return False, None
    except OSError:
        pass
    return said != _OFF, (None if said in (_ON, _OFF) else _damaged(path))


def set_tunnel(folder: Path, *, on: bool) -> None:
    """Enter the tunnel or leave it, in one step. Raises DeviceError when that can not be kept."""
    keep_file(folder / FILE, (_ON if on else _OFF) + b"\n", "the tunnel is as it was")


def _damaged(path: Path) -> Words:
    return Words(
        f"{path} can not be understood, so the device acts as if there were no network; end it:"
        " edgewise tunnel off",
        f"无法读懂 {path}，因此本机按没有网络处理；结束：edgewise tunnel off",
    )
