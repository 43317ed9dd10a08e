"""How things of the platform are called: random ids for programs, checked names for people.

An id is its kind and 24 random characters (143 bits): it cannot be guessed, tells nothing of the
order or the number of things, and is safe in an address.
"""

import secrets
import string

from edgewise.errors import UserError

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
ID_CHARACTERS = 24
LONGEST_NAME = 80


def new_id(prefix: str) -> str:
    """A fresh id: `prefix_` and 24 random characters of base 62."""
    return f"{prefix}_{''.join(secrets.choice(ALPHABET) for _ in range(ID_CHARACTERS))}"


def new_request_id() -> str:
    """A fresh id of a request: what `x-request-id` tells and the ledger keeps."""
    return "req_" + secrets.token_hex(12)


def base62(data: bytes) -> str:
    """The bytes as one number in base 62, most significant first; as long for all of one length."""
    number = int.from_bytes(data)
    characters: list[str] = []
    while number:
        number, rest = divmod(number, 62)
        characters.append(ALPHABET[rest])
    return "".join(reversed(characters)).rjust(_width(len(data)), ALPHABET[0])


def checked_name(of: str, name: str) -> str:
    """The name without spaces around it. Raises UserError for an empty, long or unprintable one."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UserError(
            f"the name of {of} is {name[:100]!r};"
            f" it needs 1 to {LONGEST_NAME} printable characters",
            code="bad_name",
        )
    return name


def no_such(of: str, identifier: str) -> UserError:
    """What is not there, or is another organisation's: one answer for both."""
    return UserError(
        f"this organisation has no {of} {identifier[:80]!r}; the console lists what there is",
        code="not_found",
    )


def _width(size_bytes: int) -> int:
    """Characters that the largest number of so many bytes needs."""
    largest, width = 256**size_bytes - 1, 0
    while largest:
        largest //= 62
        width += 1
    return width
