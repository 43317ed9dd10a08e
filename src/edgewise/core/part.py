"""Parts of a message: text, picture, sound, or a document, each with its label."""

from msgspec import Struct
from msgspec.structs import replace

from edgewise.core.label import Label


class TextPart(Struct, frozen=True, tag="text"):
    """Text as typed, recognised or read."""

    text: str
    label: Label = Label()


class ImagePart(Struct, frozen=True, tag="image"):
    """A picture by reference: its SHA-256, media type and size in pixels and bytes; and what was
    read on it (`text`, a line a row, of which there are `lines`). A record holds it without the
    text (`recorded`)."""

    sha256: str
    media_type: str
    width: int
    height: int
    label: Label = Label()
    text: str = ""
    lines: int = 0
    size_bytes: int = 0


class AudioPart(Struct, frozen=True, tag="audio"):
    """Sound by reference: its SHA-256, media type and length in seconds."""

    sha256: str
    media_type: str
    length_s: float
    label: Label = Label()


class DocumentPart(Struct, frozen=True, tag="document"):
    """A text that lies on the device and is read there, by the name of its file. A record holds it
    without the text (`recorded`); `size_bytes` is that of the text in UTF-8."""

    name: str
    text: str
    label: Label = Label()
    size_bytes: int = 0


Part = TextPart | ImagePart | AudioPart | DocumentPart


def recorded(part: Part) -> Part:
    """A part as an event holds it: of a document and a picture all but its text."""
    return replace(part, text="") if isinstance(part, DocumentPart | ImagePart) else part
