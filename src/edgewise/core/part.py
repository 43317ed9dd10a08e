"""Parts of a message: text, picture, sound, or structured data, each with its label."""

from msgspec import Struct

from edgewise.core.label import Label


class TextPart(Struct, frozen=True, tag="text"):
    """Text as typed, recognised or read."""

    text: str
    label: Label = Label()


class ImagePart(Struct, frozen=True, tag="image"):
    """A picture by reference: its SHA-256, media type and size in pixels."""

    sha256: str
    media_type: str
    width: int
    height: int
    label: Label = Label()


class AudioPart(Struct, frozen=True, tag="audio"):
    """Sound by reference: its SHA-256, media type and length in seconds."""

    sha256: str
    media_type: str
    length_s: float
    label: Label = Label()


Part = TextPart | ImagePart | AudioPart
