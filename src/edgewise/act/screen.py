"""A screen with apps on it: what is seen there, where a point is, and what a hand could do.

Values and the one small protocol that a browser, a phone over ADB and the scripted double speak.
It does not know what a tap would mean (`act/screen_words.py`) nor whether it may be
(`act/exposure.py`). Coordinates are GELab-Zero's: thousandths of width and height, origin top left.
"""

from enum import StrEnum
from typing import Protocol

import msgspec
from msgspec import Struct

from edgewise.core.signal import JsonValue

SCREEN = "gui.screen"
"""The one target: reading it gives a `Seen` as builtins, writing it is one step."""
SCREEN_APPS = "gui.apps"
"""The apps that the owner has listed for the screen, rows of a `name`; it can only be read."""
SCALE = 1000


class Point(Struct, frozen=True):
    """A place on a screen in thousandths of its width and height. Raises ValueError outside 0 to
    1000."""

    x: int
    y: int

    def __post_init__(self) -> None:
        if not (0 <= self.x <= SCALE and 0 <= self.y <= SCALE):
            raise ValueError(f"point {self.x},{self.y} is not within 0 to {SCALE}")


class Role(StrEnum):
    """What an element is to a hand."""

    BUTTON = "button"
    FIELD = "field"
    SWITCH = "switch"
    LINK = "link"
    TEXT = "text"
    IMAGE = "image"
    OTHER = "other"


class Key(StrEnum):
    """Keys that a screen has without showing them."""

    BACK = "back"
    HOME = "home"
    ENTER = "enter"


class Element(Struct, frozen=True):
    """Something on a screen: its words, its box (x0, y0, x1, y1 in thousandths, x0 <= x1 and
    y0 <= y1) and its role. `secret`: a field for a password, a PIN or a one-time code; `focused`:
    what is typed goes there; `heading`: a text that the page calls a heading."""

    text: str
    box: tuple[int, int, int, int]
    role: Role = Role.OTHER
    secret: bool = False
    focused: bool = False
    heading: bool = False

    @property
    def centre(self) -> Point:
        """The middle of the box, within the screen."""
        x0, y0, x1, y1 = self.box
        return Point(_within((x0 + x1) // 2), _within((y0 + y1) // 2))

    def covers(self, point: Point) -> bool:
        """Whether `point` is in the box, its edges included."""
        x0, y0, x1, y1 = self.box
        return x0 <= point.x <= x1 and y0 <= point.y <= y1

    @property
    def area(self) -> int:
        """The size of the box in millionths of the screen."""
        x0, y0, x1, y1 = self.box
        return (x1 - x0) * (y1 - y0)


class Seen(Struct, frozen=True):
    """One look at a screen: the app in front, its page, the size in pixels, and what is on it.

    `headless`: nobody in the car sees it.
    """

    app: str
    title: str
    width: int
    height: int
    elements: tuple[Element, ...] = ()
    headless: bool = False

    def under(self, point: Point) -> tuple[Element, ...]:
        """All elements under `point`, the smallest first: that is the one a hand means."""
        return tuple(sorted((e for e in self.elements if e.covers(point)), key=lambda e: e.area))

    @property
    def focus(self) -> Element | None:
        """The element that has the focus."""
        return next((element for element in self.elements if element.focused), None)


def seen_of(value: JsonValue) -> Seen | None:
    """A reading of `gui.screen` as what it is; None for anything else."""
    if isinstance(value, Seen):
        return value
    try:
        return msgspec.convert(value, Seen)
    except msgspec.ValidationError:
        return None


class Screen(Protocol):
    """A screen that can be looked at and touched.

    Every method raises DeviceError: `no_provider` while the screen is away, `timed_out`, `refused`
    for what the screen does not do, `unknown_target` for an app that is not there.
    """

    async def look(self) -> Seen:
        """What is on the screen now."""
        ...

    async def screenshot(self) -> bytes:
        """A picture of it, as PNG."""
        ...

    async def tap(self, point: Point, *, hold_s: float = 0.0) -> None:
        """Touch at `point`, for `hold_s` seconds."""
        ...

    async def swipe(self, start: Point, end: Point, *, length_s: float = 0.3) -> None:
        """Draw a finger from `start` to `end`."""
        ...

    async def type(self, text: str) -> None:
        """Put `text` in the place of what the field that has the focus holds; no text clears it.
        Raises DeviceError (`refused`) too where the field does not hold it afterwards."""
        ...

    async def press(self, key: Key) -> None:
        """Press a key."""
        ...

    async def open(self, app: str) -> None:
        """Bring an app to the front, by its name."""
        ...

    async def close(self) -> None:
        """Let go of the screen until its next use; it may be called twice."""
        ...


def _within(value: int) -> int:
    return max(0, min(SCALE, value))
