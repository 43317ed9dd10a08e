"""Pictures of turns: opened, read, kept in memory for the turn, and made safe for leaving.

A picture never reaches a disk here, nor its text a record: a turn's record holds its hash, its size
and how many lines stand on it. What leaves is another picture (rule P7): without faces, number
plates, and lines that hold what `route.recognise` finds of personal data. Where that can not be
done, nothing leaves. What was sent is kept a while, so that the person can see exactly that.
"""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from edgewise.core.event import LeftPicture
from edgewise.core.label import Label, Origin, OriginKind, Residency, Sensitivity
from edgewise.core.part import ImagePart
from edgewise.core.regex import regex
from edgewise.errors import EdgewiseError, TrustError, UserError
from edgewise.perceive.perceive import clean
from edgewise.perceive.see import Box, Eyes, Line, Picture, Read
from edgewise.route.pictures import PURPOSE
from edgewise.route.recognise import Known, Names, recognise, sensitivity_of

MOST_PICTURES = 4
"""Of one turn."""
MOST_TEXT = 20_000
"""Characters that are kept of what was read on one picture."""
MOST_HELD = 16
"""Pictures of turns that go on: four each of four callers."""
MOST_SENT_BYTES = 32 << 20
"""Of pictures that left, in memory so that they can be shown."""
_PLATE_LIKE = regex(
    r"[\u4e00-\u9fff]?(?=(?:[^0-9]*[0-9]){2})(?=[^A-Z]*[A-Z])[A-Z0-9]{1,4}[·•・.\- ]?[A-Z0-9]{1,4}"
    r"[·•・.\- ]?[A-Z0-9]{1,5}[\u4e00-\u9fff]?"
)
"""A line that is nothing but a short code of capitals and digits: number plates of most countries,
and of China where the first sign was not read. Other codes are hidden with them."""
_PLATE_SIGNS = range(5, 9)


NO_PICTURES = (
    "this device looks at no pictures; describe it in words, or set see under [senses] in"
    " config.toml to let it"
)
"""Of a device that has no eyes, or closed ones."""


class ClosedEyes:
    """The eyes of a device whose owner has turned sight off (`[senses] see = ""`): each look raises
    UserError (`sees_nothing`)."""

    async def open(self, data: bytes, *, deadline_s: float = 10.0) -> NoReturn:
        raise _turned_off()

    async def read(self, picture: Picture, *, deadline_s: float = 20.0) -> NoReturn:
        raise _turned_off()

    async def hide(
        self,
        picture: Picture,
        *,
        also: tuple[Box, ...] = (),
        written: tuple[Box, ...] = (),
        deadline_s: float = 20.0,
    ) -> NoReturn:
        raise _turned_off()

    async def close(self) -> None:
        """Nothing was begun."""


@dataclass(slots=True)
class _Held:
    """A picture of a turn; `safe` once it was made so. `turns` counts those that show it now."""

    picture: Picture
    read: Read
    turns: int = 0
    safe: tuple[LeftPicture, Picture] | None = None


@dataclass(slots=True)
class Sight:
    """The pictures of one device. `names` are those it knows. For one event loop."""

    eyes: Eyes
    names: Callable[[], Mapping[str, tuple[str, ...]]] = dict
    _held: "OrderedDict[str, _Held]" = field(default_factory=OrderedDict[str, _Held])
    _sent: "OrderedDict[str, Picture]" = field(default_factory=OrderedDict[str, Picture])

    @property
    def sees(self) -> bool:
        """Whether it looks at pictures at all."""
        return not isinstance(self.eyes, ClosedEyes)

    async def take(
        self, data: bytes, *, name: str = "", private: bool = False, deadline_s: float = 30.0
    ) -> ImagePart:
        """A file's bytes as a part of a turn: opened and read. Call `forget` when the turn is over.
        Raises UserError (`bad_picture`), ModelError."""
        picture = await self.eyes.open(data, deadline_s=deadline_s)
        held = self._held.get(picture.sha256)
        if held is None:
            read = await self.eyes.read(picture, deadline_s=deadline_s)
            held = self._held.setdefault(picture.sha256, _Held(picture, read))
        held.turns += 1
        self._held.move_to_end(picture.sha256)
        while len(self._held) > MOST_HELD:
            self._held.popitem(last=False)
        text = "\n".join(clean(line.text) for line in held.read.lines)[:MOST_TEXT]
        return ImagePart(
            picture.sha256,
            picture.media_type,
            picture.width,
            picture.height,
            await asyncio.to_thread(self._label, text, name, private=private),
            text,
            len(held.read.lines),
            len(picture.data),
        )

    async def take_all(
        self, files: Iterable[tuple[str, bytes, bool]], *, deadline_s: float = 30.0
    ) -> tuple[ImagePart, ...]:
        """Several, as name, bytes and whether it is private: all or none. Raises as `take`."""
        files = tuple(files)
        if len(files) > MOST_PICTURES:
            raise UserError(
                f"{len(files)} pictures came with one question, at most {MOST_PICTURES} may; ask"
                " about fewer",
                code="bad_picture",
            )
        taken: list[ImagePart] = []
        try:
            for name, data, private in files:
                part = await self.take(data, name=name, private=private, deadline_s=deadline_s)
                taken.append(part)
        except BaseException:
            self.forget(taken)
            raise
        return tuple(taken)

    async def make_safe(self, pictures: Sequence[ImagePart], *, deadline_s: float) -> None:
        """See `Reach.make_safe`. Raises EdgewiseError; nothing is safe then."""
        for part in pictures:
            held = self._held.get(part.sha256)
            if held is None:
                raise _forgotten(part)
            if held.safe is not None:
                continue
            boxes = await asyncio.to_thread(personal_boxes, held.read.lines, self._names())
            try:
                hidden = await self.eyes.hide(
                    held.picture, also=boxes, written=held.read.written, deadline_s=deadline_s
                )
            except EdgewiseError as error:
                raise TrustError(
                    f"faces and plates on the picture could not be hidden ({error}); it stays here",
                    code="not_hidden",
                ) from error
            picture = hidden.picture
            told = LeftPicture(
                picture.sha256,
                picture.media_type,
                picture.width,
                picture.height,
                len(picture.data),
                hidden.faces,
                hidden.others,
            )
            held.safe = (told, picture)

    def safe(self, part: ImagePart) -> LeftPicture:
        """The picture that stands for `part` outside. Raises TrustError where it was not made."""
        held = self._held.get(part.sha256)
        if held is None or held.safe is None:
            raise _forgotten(part)
        told, picture = held.safe
        self._sent[told.sha256] = picture
        self._sent.move_to_end(told.sha256)
        while sum(len(one.data) for one in self._sent.values()) > MOST_SENT_BYTES:
            self._sent.popitem(last=False)
        return told

    def sent(self, sha256: str) -> Picture | None:
        """A picture that left or was about to, exactly, while it is remembered."""
        return self._sent.get(sha256)

    def forget(self, pictures: Iterable[ImagePart]) -> None:
        """Let go of the pictures of a turn that is over."""
        for part in pictures:
            held = self._held.get(part.sha256)
            if held is not None:
                held.turns -= 1
                if held.turns <= 0:
                    del self._held[part.sha256]

    def forget_sent(self) -> None:
        """Forget what left (rule P10)."""
        self._sent.clear()

    async def close(self) -> None:
        """Forget all, and end the eyes."""
        self._held.clear()
        self._sent.clear()
        await self.eyes.close()

    def _names(self) -> Names:
        names = self.names()
        return Names(Known(people=names.get("contact", ()), places=names.get("place", ())))

    def _label(self, text: str, name: str, *, private: bool) -> Label:
        """Untrusted, personal at least, for one purpose, and never out of its region: it may show
        what is outside the car (P7)."""
        told = sensitivity_of(text, self._names())
        return Label(
            (Origin(OriginKind.IMAGE, name),),
            residency=Residency.DEVICE if private else Residency.REGION,
            sensitivity=max(Sensitivity.PERSONAL, told),
            purposes=(PURPOSE,),
        )


def _turned_off() -> UserError:
    return UserError(NO_PICTURES, code="sees_nothing")


def personal_boxes(lines: Sequence[Line], names: Names) -> tuple[Box, ...]:
    """Where lines stand that hold personal data, or are number plates by their look. What is found
    only across two lines hides both."""
    hidden = {place for place, line in enumerate(lines) if _tells(line.text, names)}
    starts: list[int] = []
    text = ""
    for line in lines:
        starts.append(len(text))
        text += line.text + "\n"
    for found in recognise(text, names):
        hidden |= {
            place
            for place, (start, line) in enumerate(zip(starts, lines, strict=True))
            if start < found.end and found.start < start + len(line.text)
        }
    return tuple(lines[place].box for place in sorted(hidden))


def counted(pictures: Iterable[LeftPicture]) -> Counter[str]:
    """How many faces and other places were hidden on all of them."""
    total = Counter[str]()
    for one in pictures:
        total.update(faces=one.faces, others=one.others)
    return total


def _tells(text: str, names: Names) -> bool:
    return is_plate_like(text) or bool(recognise(text, names))


def is_plate_like(text: str) -> bool:
    """Whether a line could be a number plate by its look."""
    bare = text.strip()
    signs = sum(one.isalnum() for one in bare)
    return signs in _PLATE_SIGNS and _PLATE_LIKE.fullmatch(bare) is not None


def _forgotten(part: ImagePart) -> TrustError:
    return TrustError(
        f"the picture {part.sha256[:12]} is not ready to leave; it stays here, show it again",
        code="not_hidden",
    )
