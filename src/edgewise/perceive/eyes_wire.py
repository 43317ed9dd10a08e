"""What the eyes say to their process and hear from it, as the bodies of the engine's frames."""

import msgspec
from msgspec import Struct

from edgewise.perceive.see import Box, Hidden, Picture, Read


class Open(Struct, frozen=True, tag="open"):
    """Open a file's bytes."""

    data: bytes


class Look(Struct, frozen=True, tag="read"):
    """Read the text on a picture."""

    picture: Picture


class Hide(Struct, frozen=True, tag="hide"):
    """Hide faces on a picture, and what stands in the boxes `also`; `written` is where text was
    read for sure."""

    picture: Picture
    also: tuple[Box, ...] = ()
    written: tuple[Box, ...] = ()


EyesOrder = Open | Look | Hide
encode = msgspec.msgpack.Encoder().encode
orders: msgspec.msgpack.Decoder[EyesOrder] = msgspec.msgpack.Decoder(EyesOrder)
pictures = msgspec.msgpack.Decoder(Picture)
reads = msgspec.msgpack.Decoder(Read)
hiddens = msgspec.msgpack.Decoder(Hidden)
