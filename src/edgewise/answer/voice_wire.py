"""What the device and the voice's process say to each other, as msgpack; see `engine/frame.py`.

One order is one clause: so that several who speak are served in turn, and one who is interrupted
holds nobody up.
"""

import msgspec
from msgspec import Struct

from edgewise.core.words import Language


class Clause(Struct, frozen=True):
    """A clause to be made into sound by `voice`. `tells`: that there is text in a script without
    sounds here is said once; else it is passed over."""

    text: str
    language: Language
    voice: str
    speed: float = 1.0
    tells: bool = True


class Made(Struct, frozen=True):
    """The clause's sound, without silence around it: int16 at `rate_hz`. `unspoken` are letters
    that have no sounds here."""

    data: bytes
    rate_hz: int
    unspoken: str = ""


encode = msgspec.msgpack.Encoder().encode
clauses = msgspec.msgpack.Decoder(Clause)
mades = msgspec.msgpack.Decoder(Made)
