"""What the device and the ears' process say to each other, as msgpack; see `engine/frame.py`."""

import msgspec
from msgspec import Struct

from edgewise.core.words import Language
from edgewise.perceive.hear import Heard
from edgewise.sound.pcm import Pcm


class Transcribe(Struct, frozen=True, tag="transcribe"):
    """The words in `sound`; the report is a Heard."""

    sound: Pcm
    language: Language | None = None
    words: tuple[str, ...] = ()
    is_final: bool = True
    names: tuple[str, ...] = ()
    expected: Language | None = None


class Finished(Struct, frozen=True, tag="finished"):
    """How likely the speaker has finished; the report is a Likely."""

    sound: Pcm


class Warm(Struct, frozen=True, tag="warm"):
    """Load what a language needs, and make ready what its vocabulary needs; no report."""

    language: Language
    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class Likely(Struct, frozen=True):
    """0 to 1."""

    probability: float


Order = Transcribe | Finished | Warm

encode = msgspec.msgpack.Encoder().encode
orders = msgspec.msgpack.Decoder(Order)
heards = msgspec.msgpack.Decoder(Heard)
likelies = msgspec.msgpack.Decoder(Likely)
