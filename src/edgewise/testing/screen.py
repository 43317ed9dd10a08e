"""A screen that shows pages out of a script, and keeps what was done to it.

For tests of what stands around a screen. A tap on an element leads to the page that the script
names for it, a field takes the focus and what is typed. It draws nothing: its picture is blank.
"""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from edgewise.act.screen import Element, Key, Point, Role, Seen
from edgewise.errors import DeviceError

SECRET = "•"
"""What stands for each letter of a secret field."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an app. `leads` maps the text of an element, the value of a `Key`, or "swipe" to
    the name of the page that comes then; without an entry nothing happens."""

    app: str
    title: str
    elements: tuple[Element, ...] = ()
    leads: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Touch:
    """Something that was done to the screen, and on which page."""

    what: str
    page: str
    point: Point | None = None
    end: Point | None = None
    text: str = ""
    length_s: float = 0.0


class ScriptedScreen:
    """A `Screen` over `pages` by name, of which `at` shows first; `done` is what was done to it.

    `apps` maps the name of an app to the page it opens with; `home` is the page of the home key.
    With `away` every method raises DeviceError (`no_provider`).
    """

    def __init__(
        self,
        pages: Mapping[str, Page],
        at: str,
        *,
        apps: Mapping[str, str] | None = None,
        home: str = "",
        width: int = 720,
        height: int = 1280,
        headless: bool = False,
    ) -> None:
        self.done: list[Touch] = []
        self.away = False
        self.closed = False
        self.headless = headless
        self._pages = pages
        self._at = at
        self._apps = dict(apps or {})
        self._home = home or at
        self._size = (width, height)
        self._earlier: list[str] = []
        self._focus: int | None = None
        self._typed: dict[tuple[str, int], str] = {}

    @property
    def apps(self) -> tuple[str, ...]:
        """The names that it opens."""
        return tuple(self._apps)

    @property
    def at(self) -> str:
        """The name of the page that shows."""
        return self._at

    def show(self, page: str) -> None:
        """Go to a page, as an app does by itself. Raises AssertionError for one that the script
        does not have."""
        assert page in self._pages, f"the script has no page {page!r}"
        if page != self._at:
            self._earlier.append(self._at)
        self._at, self._focus = page, None

    async def look(self) -> Seen:
        self._there()
        page = self._pages[self._at]
        elements = tuple(self._shown(number, e) for number, e in enumerate(page.elements))
        return Seen(page.app, page.title, *self._size, elements, self.headless)

    async def screenshot(self) -> bytes:
        """A blank picture of the screen's size."""
        self._there()
        width, height = self._size
        rows = zlib.compress((b"\0" + b"\xff" * width) * height)
        header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
        parts = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)

    async def tap(self, point: Point, *, hold_s: float = 0.0) -> None:
        self._do(Touch("tap", self._at, point, length_s=hold_s))
        page = self._pages[self._at]
        met = [(e.area, number) for number, e in enumerate(page.elements) if e.covers(point)]
        if not met:
            return
        _, number = min(met)
        element = page.elements[number]
        if element.role is Role.FIELD:
            self._focus = number
        self._follow(element.text)

    async def swipe(self, start: Point, end: Point, *, length_s: float = 0.3) -> None:
        self._do(Touch("swipe", self._at, start, end, length_s=length_s))
        self._follow("swipe")

    async def type(self, text: str) -> None:
        """What the field held is replaced; an empty one shows its own words. Raises DeviceError
        (`refused`) while no field has the focus."""
        self._there()
        number = self._focused()
        if number is None:
            raise DeviceError("no field has the focus; tap one first", code="refused")
        self._do(Touch("type", self._at, text=text))
        self._typed[self._at, number] = text

    async def press(self, key: Key) -> None:
        self._do(Touch(key.value, self._at))
        if key.value in self._pages[self._at].leads:
            self._follow(key.value)
        elif key is Key.HOME:
            self.show(self._home)
        elif key is Key.BACK and self._earlier:
            self._at, self._focus = self._earlier.pop(), None

    async def open(self, app: str) -> None:
        self._there()
        if app not in self._apps:
            raise DeviceError(f"there is no app {app!r} on this screen", code="unknown_target")
        self._do(Touch("open", self._at, text=app))
        self.show(self._apps[app])

    async def close(self) -> None:
        self.closed = True

    def _there(self) -> None:
        if self.away:
            raise DeviceError("the screen is away", code="no_provider")

    def _do(self, touch: Touch) -> None:
        self._there()
        self.done.append(touch)

    def _follow(self, lead: str) -> None:
        page = self._pages[self._at].leads.get(lead)
        if page is not None:
            self.show(page)

    def _focused(self) -> int | None:
        if self._focus is not None:
            return self._focus
        elements = self._pages[self._at].elements
        return next((number for number, e in enumerate(elements) if e.focused), None)

    def _shown(self, number: int, element: Element) -> Element:
        typed = self._typed.get((self._at, number))
        if typed:
            element = replace(element, text=SECRET * len(typed) if element.secret else typed)
        return replace(element, focused=number == self._focused())


def _chunk(name: bytes, data: bytes) -> bytes:
    checked = name + data
    return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))
