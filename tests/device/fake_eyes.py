"""Eyes that see what they are told: strict, they fail on an order that was not expected."""

import hashlib
from dataclasses import dataclass, field

from edgewise.errors import ModelError
from edgewise.perceive.see import Box, Hidden, Line, Picture, Read


def line(text: str, top: int = 0) -> Line:
    return Line(text, Box(0, top, 100, top + 20), 0.99)


@dataclass
class FakeEyes:
    """`reads` are the lines by a file's bytes; hiding puts `safe ` before the bytes. `can_hide`
    False: the nets are not there."""

    reads: dict[bytes, tuple[str, ...]]
    can_hide: bool = True
    opened: list[bytes] = field(default_factory=list[bytes])
    hidden: list[tuple[Box, ...]] = field(default_factory=list[tuple[Box, ...]])
    written: list[tuple[Box, ...]] = field(default_factory=list[tuple[Box, ...]])

    async def open(self, data: bytes, *, deadline_s: float = 10.0) -> Picture:
        assert data in self.reads, f"nobody said what {data[:20]!r} is"
        self.opened.append(data)
        return picture_of(data)

    async def read(self, picture: Picture, *, deadline_s: float = 20.0) -> Read:
        texts = self.reads[picture.data]
        return Read(tuple(line(text, 30 * place) for place, text in enumerate(texts)))

    async def hide(
        self,
        picture: Picture,
        *,
        also: tuple[Box, ...] = (),
        written: tuple[Box, ...] = (),
        deadline_s: float = 20.0,
    ) -> Hidden:
        if not self.can_hide:
            raise ModelError("finding faces: no nets", code="model_missing")
        self.hidden.append(also)
        self.written.append(written)
        return Hidden(picture_of(b"safe " + picture.data), 1, len(also))

    async def close(self) -> None:
        pass


def picture_of(data: bytes) -> Picture:
    return Picture(data, "image/png", 100, 60, hashlib.sha256(data).hexdigest())
