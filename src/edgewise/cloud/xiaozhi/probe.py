"""How the platform knows its own doors from outside: a word that only this process can answer.

A probe asks the bootstrap with a random word and gets that word sealed with a key of this process;
it connects by a token that opens nothing and is refused in a way of its own. Neither begins an
activation nor counts as a refusal.
"""

import hmac
import secrets
from hashlib import sha256

from edgewise.cloud.xiaozhi.tokens import START

HEADER = b"edgewise-probe"
LONGEST = 64


class Probe:
    """Of one process."""

    answered = "voice_probe"
    """The code by which the WebSocket's door refuses a probe."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self.token = f"{START}probe-{secrets.token_urlsafe(24)}"

    def answer(self, word: str) -> str:
        """The sealed word."""
        return hmac.digest(self._key, word[:LONGEST].encode(), sha256).hex()

    def is_token(self, token: str) -> bool:
        """Whether a token is the probe's."""
        return hmac.compare_digest(token.encode("utf-8", "surrogatepass"), self.token.encode())
