"""The pictures that a client put into a conversation: their bytes, by what they hash to.

An item has a picture by reference (`core.part.ImagePart`); whoever answers asks here for the bytes.
What is in a picture is nobody's word: its label is that of an image. It opens none: size and kind
are for who does (`perceive/see.py`).
"""

import binascii
import re
from base64 import b64decode, b64encode
from hashlib import sha256

from edgewise.core.label import OriginKind, label_of
from edgewise.core.part import ImagePart
from edgewise.talk.realtime.problem import Problem, bad_value, not_here

PICTURE_BYTES = 3 * 1024 * 1024
MOST_BYTES = 24 * 1024 * 1024
"""Of one conversation; the oldest go."""
KINDS = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp")
_DATA = re.compile(r"data:([a-z]+/[a-z0-9.+-]+);base64,", re.IGNORECASE)


class Pictures:
    """Those of one conversation; `none`: why whoever answers can look at none, and what to do."""

    def __init__(self, none: str = "") -> None:
        self._none = none
        self._held: dict[str, tuple[str, bytes]] = {}

    def keep(self, address: str, place: str) -> ImagePart:
        """Keep what a `data:` address holds. Raises Problem: for another address, nothing is
        fetched here; for what is no picture's kind, not base64, or too large."""
        if self._none:
            raise not_here(place, self._none)
        found = _DATA.match(address)
        if found is None:
            raise not_here(place, "nothing is fetched here; send the picture as data:...;base64,")
        kind = found[1].lower()
        if kind not in KINDS:
            raise bad_value(place, f"a picture of kind {kind!r}; send one of: {', '.join(KINDS)}")
        try:
            data = b64decode(address[found.end() :], validate=True)
        except (binascii.Error, ValueError) as error:
            raise bad_value(place, f"not base64 ({error})") from error
        if not 0 < len(data) <= PICTURE_BYTES:
            said = f"a picture of {len(data)} bytes; the limit is {PICTURE_BYTES}, send it smaller"
            raise Problem("picture_too_large", f"{place}: {said}", place)
        name = sha256(data).hexdigest()
        self._held.pop(name, None)
        self._held[name] = (kind, data)
        while sum(len(one) for _, one in self._held.values()) > MOST_BYTES:
            self._held.pop(next(iter(self._held)))
        return ImagePart(name, kind, 0, 0, label_of(OriginKind.IMAGE, "client"))

    def find(self, name: str) -> bytes | None:
        """The bytes of the picture with that SHA-256; None when it went."""
        held = self._held.get(name)
        return None if held is None else held[1]

    def address_of(self, part: ImagePart) -> str:
        """The picture as a `data:` address; empty when it went."""
        data = self.find(part.sha256)
        if data is None:
            return ""
        return f"data:{part.media_type};base64,{b64encode(data).decode('ascii')}"
