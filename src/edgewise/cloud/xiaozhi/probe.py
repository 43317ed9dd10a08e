"""How the platform knows its own doors from outside: a word that only the process of its folder can
answer.

A probe asks the bootstrap with a random word and gets that word sealed with a key of this process;
it connects by a token that opens nothing and is refused in a way of its own. Neither begins an
activation nor counts as a refusal. The key stands in the folder until the next start makes another,
and with it where that process listens, so that `edgewise doctor` can probe as well.
"""

import hmac
import os
import secrets
from hashlib import sha256
from pathlib import Path

from edgewise.cloud.xiaozhi.tokens import START

HEADER = b"edgewise-probe"
LONGEST = 64
FILE = "voice-probe"
KEY_BYTES = 32


class Probe:
    """Of one process; `key` is another one's, to probe that one. It listens at `host` and `port`;
    empty and 0: that is not known."""

    answered = "voice_probe"
    """The code by which the WebSocket's door refuses a probe."""

    def __init__(self, key: bytes = b"", host: str = "", port: int = 0) -> None:
        self._key = key or secrets.token_bytes(KEY_BYTES)
        self.host = host
        self.port = port
        self.token = f"{START}probe-{self._sealed('token')}"

    @classmethod
    def begun(cls, folder: Path, host: str = "", port: int = 0) -> "Probe":
        """That of a process that starts from a folder; its key and where it listens are written
        there, for the owner alone."""
        key = secrets.token_bytes(KEY_BYTES)
        with open(folder / FILE, "wb", opener=lambda n, f: os.open(n, f, 0o600)) as file:
            file.write(key + f"{host} {port}".encode())
        return cls(key, host, port)

    @classmethod
    def of(cls, folder: Path) -> "Probe | None":
        """That of the process which runs from a folder; None where none has begun one."""
        try:
            kept = (folder / FILE).read_bytes()
        except OSError:
            return None
        key, place = kept[:KEY_BYTES], kept[KEY_BYTES:].decode(errors="replace")
        if len(key) < KEY_BYTES:
            return None
        host, _, port = place.rpartition(" ")
        return cls(key, host, int(port)) if port.isdecimal() else cls(key)

    def answer(self, word: str) -> str:
        """The sealed word."""
        return self._sealed(f"word {word[:LONGEST]}")

    def is_token(self, token: str) -> bool:
        """Whether a token is the probe's."""
        return hmac.compare_digest(token.encode("utf-8", "surrogatepass"), self.token.encode())

    def _sealed(self, text: str) -> str:
        return hmac.digest(self._key, text.encode(), sha256).hex()
