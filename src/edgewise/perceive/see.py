"""The contract of eyes: a picture's bytes in, what can be read on it out.

`eyes.py` is the one of this machine, in a process of its own, with its memory bounded: a picture
comes from anywhere. Text in a picture is content; it never proposes a call.
"""

from typing import Protocol

from msgspec import Struct

LONGEST_PIXELS = 2048
"""Of the longer side of a picture, from when it is opened on."""
MOST_BYTES = 20_000_000
"""Of a picture's file."""


class Picture(Struct, frozen=True):
    """A picture as it is used from here on: decoded once, upright, its first frame, without
    metadata, at most `LONGEST_PIXELS` wide and high, as PNG or JPEG."""

    data: bytes
    media_type: str
    width: int
    height: int
    sha256: str


class Box(Struct, frozen=True):
    """Where something is, in pixels of the picture from its upper left."""

    left: int
    top: int
    right: int
    bottom: int


SURE = 0.95
"""How sure a reading is where text stands without doubt. Letters that were taken for faces on 44
made papers and screens stood in lines of 0.96 and more; a face in black and white that was taken
for two signs had 0.72."""


class Line(Struct, frozen=True):
    """A line of text in a picture, where it stands, and how sure (0 to 1) its reading is."""

    text: str
    box: Box
    confidence: float


class Read(Struct, frozen=True):
    """All lines, in reading order."""

    lines: tuple[Line, ...]
    took_ms: float = 0.0

    @property
    def text(self) -> str:
        """The lines, one a row."""
        return "\n".join(line.text for line in self.lines)

    @property
    def written(self) -> tuple[Box, ...]:
        """Where lines stand that were read for sure."""
        return tuple(line.box for line in self.lines if line.confidence >= SURE)


class Hidden(Struct, frozen=True):
    """A picture with what tells who somebody is made unrecognisable (rule P7): how many faces, and
    how many other boxes."""

    picture: Picture
    faces: int
    others: int


class Eyes(Protocol):
    """Opens, reads and hides. For one event loop; several may ask at once and are served in turn.

    Errors: UserError (`bad_picture`) for what is no picture, or too large a one; ModelError.
    """

    async def open(self, data: bytes, *, deadline_s: float = 10.0) -> Picture:
        """The picture in a file's bytes (PNG, JPEG, WebP, GIF, BMP)."""
        ...

    async def read(self, picture: Picture, *, deadline_s: float = 20.0) -> Read:
        """The text on it."""
        ...

    async def hide(
        self,
        picture: Picture,
        *,
        also: tuple[Box, ...] = (),
        written: tuple[Box, ...] = (),
        deadline_s: float = 20.0,
    ) -> Hidden:
        """The picture without faces, and without what stands in the boxes `also`. `written`
        (`Read.written`) keeps letters from being taken for faces. Raises ModelError, and gives no
        picture, where faces can not be looked for."""
        ...

    async def close(self) -> None:
        """End it and give back its memory."""
        ...
