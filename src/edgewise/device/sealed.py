"""Seals what lies on the device's disk: AES-256-GCM under a key of the device's folder.

The key protects a file that is copied, backed up or left on a disk without it; whoever can read the
folder has both. Each sealing takes a fresh random nonce (NIST SP 800-38D, 8.2.2). Needs
`cryptography` (extra `device`).
"""

import os
import secrets
from pathlib import Path

from edgewise.errors import DeviceError, TrustError

KEY_BYTES = 32
NONCE_BYTES = 12


class Seal:
    """Seals and opens under one key."""

    def __init__(self, key: bytes) -> None:
        try:
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        except ModuleNotFoundError as error:
            raise DeviceError(
                "sealing needs the extra `device`: pip install 'edgewise[device]'",
                code="no_cryptography",
            ) from error
        self._cipher = AESGCM(key)

    def seal(self, plain: bytes, context: bytes) -> bytes:
        """The sealed form, which opens with the same `context` only."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """What was sealed. Raises TrustError when a bit of it, its context or the key differs."""
        from cryptography.exceptions import InvalidTag

        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
        except (InvalidTag, ValueError):
            raise TrustError("a sealed entry does not open", code="seal_broken") from None


def key_in(path: Path) -> tuple[bytes, bool]:
    """The key of that file, made when there is none, and whether it was made.

    Raises DeviceError when it can be neither read nor written.
    """
    try:
        if path.exists():
            key = path.read_bytes()
            if len(key) == KEY_BYTES:
                path.chmod(0o600)
                return key, False
        return _made(path), True
    except OSError as error:
        raise DeviceError(
            f"{path} can not be used ({error.strerror}): check the folder and its permissions",
            code="store_failed",
        ) from error


def _made(path: Path) -> bytes:
    """A new key: whole on the disk before it bears its name."""
    key = secrets.token_bytes(KEY_BYTES)
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return key
