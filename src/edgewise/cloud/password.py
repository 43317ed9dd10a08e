"""Passwords: argon2id with the library's own cost (RFC 9106, low memory), and which are accepted.

It does not know whose they are. Each hash takes 64 MiB while it runs, so two run at a time and the
others wait: a flood of sign-ins cannot take the machine's memory.
"""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from edgewise.cloud.identifier import base62
from edgewise.errors import UserError

SHORTEST = 12  # OWASP ASVS 4.0.3, 2.1.1
LONGEST = 256
AT_ONCE = 2

_hasher = PasswordHasher()
_turn = threading.BoundedSemaphore(AT_ONCE)


def hash_of(password: str) -> str:
    """The text to keep: algorithm, cost, salt and hash. Raises UserError for a bad length."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UserError(
            f"the password has {len(password)} characters; it needs {SHORTEST} to {LONGEST}",
            code="bad_password",
        )
    with _turn:
        return _hasher.hash(_bytes_of(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether the password is the one that was kept. Takes as long for nobody's (`kept` None)."""
    if len(password) > LONGEST:
        return False
    with _turn:
        try:
            right = _hasher.verify(kept or _NOBODY, _bytes_of(password))
        except (VerificationError, InvalidHashError):
            return False
    return right and kept is not None


def is_outdated(kept: str) -> bool:
    """Whether it was made at another cost than today's; hash the password anew at its sign-in."""
    return _hasher.check_needs_rehash(kept)


def random_password(random: bytes) -> str:
    """A password that a machine made, from at least 15 random bytes (20 characters or more)."""
    return base62(random)


def _bytes_of(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")


# A hash at today's cost that no password matches: its 32 bytes are all zero.
_NOBODY = (
    f"$argon2id$v=19$m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    f"${'A' * 22}${'A' * 43}"
)
