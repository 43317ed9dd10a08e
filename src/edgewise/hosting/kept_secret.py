"""A secret that a folder keeps for its owner alone: made once, by which texts are hidden."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

LEAST_BYTES = 32


def kept_secret(path: Path) -> bytes:
    """The secret in a file; a new one where there is none, or a start that broke off left less.

    Blocks. Raises OSError.
    """
    with suppress(FileNotFoundError):
        key = path.read_bytes()
        if len(key) >= LEAST_BYTES:
            return key
    key = secrets.token_bytes(LEAST_BYTES)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
    return key
