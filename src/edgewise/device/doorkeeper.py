"""Whose a credential is: the owner's token, the program's token, and page keys.

The tokens are files in the device's data folder, made at the first start. A page key is made in
exchange for a one-time launch code, so that no secret that lasts stands in an address (see
docs/decisions/0006). What each caller may use is `callers.py`.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections import OrderedDict
from pathlib import Path

from edgewise.core.clock import Clock, SystemClock
from edgewise.device.callers import Caller
from edgewise.errors import TrustError

PAGE_KEY_S = 12 * 3600.0
MOST_CODES = 64
OWNER_TOKEN = "token"
PROGRAM_TOKEN = "program-token"


def load_doorkeeper(folder: Path) -> "Doorkeeper":
    """The doorkeeper of the device in `folder`; both tokens are made at the first start.

    Raises TrustError when a token can be read by others, is none, or both are the same.
    """
    return Doorkeeper(load_token(folder / OWNER_TOKEN), load_token(folder / PROGRAM_TOKEN))


def load_token(file: Path) -> str:
    """A token; made when the file is missing, readable by its owner only (mode 600).

    Raises TrustError when the file can be read by others or does not hold a token.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_token(file)
    token = secrets.token_urlsafe(32)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(token + "\n")
        out.flush()
        os.fsync(out.fileno())
    return token


class Doorkeeper:
    """Knows the two tokens, one-time launch codes, and the page keys made from them.

    A page key is signed with the owner's token and holds its own end, so it outlives a restart of
    the process and ends when that token is replaced. Launch codes live in memory and work once.
    Raises TrustError when a program's token would open the owner's doors.
    """

    def __init__(self, token: str, program_token: str, clock: Clock | None = None) -> None:
        if not token or not program_token or token == program_token:
            raise TrustError(
                f"{OWNER_TOKEN} and {PROGRAM_TOKEN} must be two different secrets;"
                f" delete {PROGRAM_TOKEN} and start again"
            )
        self._token = token.encode()
        self._program_token = program_token.encode()
        self._clock = clock or SystemClock()
        self._codes: OrderedDict[bytes, None] = OrderedDict()

    def launch_code(self) -> str:
        """A fresh code for the fragment of the cockpit's address; it opens one page. The newest
        `MOST_CODES` are good."""
        code = secrets.token_urlsafe(18)
        self._codes[_digest(code)] = None
        if len(self._codes) > MOST_CODES:
            self._codes.popitem(last=False)
        return code

    def redeem(self, code: str) -> tuple[str, float] | None:
        """A page key and its end for a code that was not used yet, else `None`."""
        digest = _digest(code)
        if digest not in self._codes:  # digests: timing tells nothing about the code
            return None
        del self._codes[digest]
        expires_at = int(self._clock.now() + PAGE_KEY_S)
        return f"page.{expires_at}.{self._sign(expires_at)}", float(expires_at)

    def caller(self, authorization: str) -> Caller | None:
        """Who calls, by the credential in an `Authorization` header; `None`: nobody we know."""
        scheme, _, given = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return None
        given = given.strip()
        if hmac.compare_digest(given.encode(), self._token):
            return Caller.OWNER
        if hmac.compare_digest(given.encode(), self._program_token):
            return Caller.PROGRAM
        return Caller.PAGE if self._is_page_key(given) else None

    def _is_page_key(self, given: str) -> bool:
        kind, _, rest = given.partition(".")
        end, _, signature = rest.partition(".")
        if kind != "page" or not (end.isascii() and end.isdigit()) or len(end) > 12:
            return False
        signed = hmac.compare_digest(signature.encode(), self._sign(int(end)).encode())
        return signed and int(end) > self._clock.now()

    def _sign(self, expires_at: int) -> str:
        return hmac.new(self._token, b"page:%d" % expires_at, hashlib.sha256).hexdigest()


def _read_token(file: Path) -> str:
    mode = file.stat().st_mode & 0o777
    if mode & 0o077:
        raise TrustError(
            f"{file} can be read by others (mode {mode:o}); run: chmod 600 {json.dumps(str(file))}"
        )
    token = file.read_text(encoding="ascii").strip()
    if len(token) < 32:
        raise TrustError(f"{file} does not hold a token of 32 characters or more; delete the file")
    return token


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
