"""A small file of the device's folder that is replaced in one step: the old or the new, never half.

For its owner only (mode 600), and on the disk before it is said to be kept.
"""

import os
from pathlib import Path

from edgewise.errors import DeviceError


def keep_file(path: Path, data: bytes, still: str) -> None:
    """Put `data` into `path`. Raises DeviceError when that can not be kept, whose last words say
    what is `still` so."""
    fresh = path.with_suffix(".new")
    try:
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise unwritten(path, error, still) from error


def unwritten(path: Path, error: OSError, still: str) -> DeviceError:
    """The error of a file that could not be written or taken away."""
    return DeviceError(
        f"{path} can not be written ({error.strerror}): check the folder and its permissions;"
        f" {still}",
        code="store_failed",
    )
