"""The tokens of voice devices: made of a secret of the platform's folder, so that the same one can
be given at every start of a device though only its digest is kept.

What a token is of stands in it behind a key that nobody else has: MAC, Client-Id and a nonce that
is another one for each binding. The parts are told apart by their lengths, so no two triples give
one text.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from hashlib import sha256

START = "ewv-"
CAMERA_START = "ewc-"
NONCE_BYTES = 16
_CAMERA_BYTES = 16


def token_of(secret: bytes, mac: str, client: str, nonce: bytes) -> str:
    """The token of a device for the voice door: 256 bits."""
    return START + _text(_sealed(secret, (b"voice", mac.encode(), client.encode(), nonce)))


def camera_token_of(secret: bytes, device: str, key: str) -> str:
    """The token for the door of pictures: the device's id, and 128 bits that hold as long as its
    key is the same."""
    sealed = _sealed(secret, (b"camera", device.encode(), key.encode()))[:_CAMERA_BYTES]
    return f"{CAMERA_START}{device}.{_text(sealed)}"


def camera_device(token: str) -> str:
    """The device that a camera's token names, whether it holds or not; empty for none."""
    named, dot, _ = token.removeprefix(CAMERA_START).partition(".")
    return named if dot and token.startswith(CAMERA_START) else ""


def _sealed(secret: bytes, parts: Iterable[bytes]) -> bytes:
    told = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hmac.digest(secret, told, sha256)


def _text(sealed: bytes) -> str:
    return urlsafe_b64encode(sealed).rstrip(b"=").decode()
