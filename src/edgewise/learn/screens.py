"""Made screens of telephones and cars with what stands on them, for measuring how text is read.

Drawn by Pillow with the fonts of the machine (Noto Sans CJK), from a seed: the same seed and fonts
give the same pixels. They are clean: no photo of a screen, no glare, no perspective.
"""

import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from edgewise.errors import UserError
from edgewise.learn import screen_words as words

if TYPE_CHECKING:
    from PIL import ImageFont

FONTS = ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc")
FOLDERS = ("/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk", "/usr/share/fonts/noto")
PHONES = ((1080, 2340), (1170, 2532), (720, 1600), (1440, 3200))
CARS = ((1920, 720), (1280, 480), (2560, 1080), (1920, 1080))
VARIANTS = ("full", "half", "half JPEG q35")
_SIMPLIFIED = 2
"""Index of the face for simplified Chinese in the collections."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One picture of a screen: its file, what stands on it, and which kind, theme and variant."""

    name: str
    kind: str
    theme: str
    variant: str
    data: bytes
    strings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of a screen."""

    name: str
    ground: str
    card: str
    text: str
    faint: str
    accent: str


THEMES = (
    Theme("light", "#f4f5f7", "#ffffff", "#1a1c1e", "#5c6570", "#0b6bcb"),
    Theme("dark", "#0e1013", "#1c2026", "#f2f4f7", "#9aa4b0", "#5bb0ff"),
)


@dataclass
class Sheet:
    """A screen that is being drawn; `unit` is a 360th of its shorter side."""

    width: int
    height: int
    theme: Theme
    chance: random.Random
    strings: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        from PIL import Image, ImageDraw

        self.image = Image.new("RGB", (self.width, self.height), self.theme.ground)
        self._draw = ImageDraw.Draw(self.image)
        self.unit = min(self.width, self.height) / 360

    def write(
        self, text: str, left: float, top: float, size: float, *, bold: bool = False,
        colour: str = "", right: bool = False,
    ) -> float:  # fmt: skip
        """Write a line, its upper left (or right) at that place; gives its width."""
        font = _font(bold, max(10, round(size * self.unit)))
        wide = font.getlength(text)
        if right:
            left -= wide
        self._draw.text((left, top), text, fill=colour or self.theme.text, font=font)
        self.strings.append(text)
        return wide

    def width_of(self, text: str, size: float) -> float:
        """How wide it would be."""
        return _font(False, max(10, round(size * self.unit))).getlength(text)

    def card(self, left: float, top: float, right: float, bottom: float, colour: str = "") -> None:
        """A rounded box."""
        box = (left, top, right, bottom)
        self._draw.rounded_rectangle(box, 10 * self.unit, fill=colour or self.theme.card)

    def line(self, points: list[tuple[float, float]], width: float, colour: str) -> None:
        """A road."""
        self._draw.line(points, fill=colour, width=round(width * self.unit), joint="curve")

    def one_of(self, many: tuple[str, ...]) -> str:
        """Any of them."""
        return self.chance.choice(many)


def make_screens(count: int, seed: int = 20261130) -> Iterator[Screen]:
    """`count` screens of all kinds in turn, each in every variant. Raises UserError where the fonts
    are not here."""
    chance = random.Random(seed)
    kinds = list(KINDS.items())
    for number in range(count):
        kind, draw = kinds[number % len(kinds)]
        size = chance.choice(CARS if kind in OF_CARS else PHONES)
        sheet = Sheet(*size, THEMES[number // len(kinds) % 2], chance)
        draw(sheet)
        for variant in VARIANTS:
            data, ending = _encoded(sheet, variant)
            name = f"{number:03} {kind} {variant}.{ending}"
            strings = tuple(sheet.strings)
            yield Screen(name, kind, sheet.theme.name, variant, data, strings)


def _status(sheet: Sheet) -> None:
    u = sheet.unit
    hour, minute = sheet.chance.randint(0, 23), sheet.chance.randint(0, 59)
    sheet.write(f"{hour}:{minute:02}", 16 * u, 6 * u, 13, bold=True)
    sheet.write(f"{sheet.chance.randint(5, 100)}%", sheet.width - 16 * u, 6 * u, 12, right=True)


def _settings(sheet: Sheet) -> None:
    u = sheet.unit
    _status(sheet)
    sheet.write(sheet.one_of(("Settings", "设置")), 18 * u, 38 * u, 24, bold=True)
    names = sheet.chance.sample(words.SETTINGS, 10)
    for row, name in enumerate(names):
        top = (88 + row * 62) * u
        sheet.card(12 * u, top, sheet.width - 12 * u, top + 54 * u)
        sheet.write(name, 60 * u, top + 8 * u, 15)
        sheet.write(sheet.one_of(words.VALUES), 60 * u, top + 29 * u, 12, colour=sheet.theme.faint)


def _chat(sheet: Sheet) -> None:
    u = sheet.unit
    _status(sheet)
    sheet.write(sheet.one_of(words.PEOPLE), 52 * u, 34 * u, 18, bold=True)
    top = 80 * u
    for row, said in enumerate(sheet.chance.sample(words.MESSAGES, 9)):
        wide = sheet.width_of(said, 15) + 24 * u
        own = row % 2 == 1
        left = sheet.width - wide - 14 * u if own else 14 * u
        sheet.card(left, top, left + wide, top + 40 * u, sheet.theme.accent if own else "")
        ink = ("#ffffff" if sheet.theme.name == "light" else "#08121c") if own else ""
        sheet.write(said, left + 12 * u, top + 9 * u, 15, colour=ink)
        top += 64 * u


def _map(sheet: Sheet) -> None:
    u, chance = sheet.unit, sheet.chance
    for _ in range(7):
        points = [(chance.uniform(0, sheet.width), chance.uniform(0, sheet.height))
                  for _ in range(3)]  # fmt: skip
        sheet.line(points, chance.uniform(3, 9), sheet.theme.card)
    for row, place in enumerate(chance.sample(words.PLACES, 7)):
        left = chance.uniform(20, 170) * u
        sheet.write(place, left, (150 + row * 62) * u, chance.choice((12, 13, 14)))
    sheet.card(10 * u, 10 * u, sheet.width - 10 * u, 100 * u, sheet.theme.accent)
    ink = "#ffffff" if sheet.theme.name == "light" else "#08121c"
    sheet.write(sheet.one_of(words.TURNS), 26 * u, 22 * u, 19, bold=True, colour=ink)
    sheet.write(sheet.one_of(words.PLACES), 26 * u, 62 * u, 14, colour=ink)
    sheet.write(f"{chance.randint(3, 58)} min", 20 * u, sheet.height - 60 * u, 20, bold=True)
    far = f"{chance.uniform(1, 40):.1f} km"
    sheet.write(far, sheet.width - 20 * u, sheet.height - 56 * u, 15, right=True)


def _notices(sheet: Sheet) -> None:
    u = sheet.unit
    clock = f"{sheet.chance.randint(0, 23):02}:{sheet.chance.randint(0, 59):02}"
    sheet.write(clock, 110 * u, 60 * u, 52, bold=True)
    date = sheet.one_of(("Monday, 30 November", "11月30日 星期一", "Fri, Dec 4", "12月4日 星期五"))
    sheet.write(date, 110 * u, 130 * u, 15, colour=sheet.theme.faint)
    for row, (app, told) in enumerate(sheet.chance.sample(words.NOTICES, 5)):
        top = (190 + row * 92) * u
        sheet.card(12 * u, top, sheet.width - 12 * u, top + 80 * u)
        sheet.write(app, 26 * u, top + 10 * u, 12, colour=sheet.theme.faint)
        sheet.write(told, 26 * u, top + 36 * u, 15)


def _dialogue(sheet: Sheet) -> None:
    u = sheet.unit
    _status(sheet)
    for row, (song, singer) in enumerate(sheet.chance.sample(words.SONGS, 4)):
        top = (60 + row * 70) * u
        sheet.write(song, 76 * u, top, 16, bold=True)
        sheet.write(singer, 76 * u, top + 26 * u, 13, colour=sheet.theme.faint)
    middle = 430 * u
    sheet.card(24 * u, middle, sheet.width - 24 * u, middle + 150 * u)
    sheet.write(sheet.one_of(words.MESSAGES), 44 * u, middle + 24 * u, 16, bold=True)
    for place, button in zip((60, 200), sheet.chance.sample(words.BUTTONS, 2), strict=True):
        sheet.write(button, place * u, middle + 100 * u, 16, colour=sheet.theme.accent)
    for place, tab in zip((24, 110, 196, 282), sheet.chance.sample(words.TABS, 4), strict=True):
        sheet.write(tab, place * u, sheet.height - 40 * u, 12, colour=sheet.theme.faint)


def _dashboard(sheet: Sheet) -> None:
    u, wide = sheet.unit, sheet.width
    sheet.write(str(sheet.chance.randint(0, 130)), wide * 0.44, 90 * u, 90, bold=True)
    sheet.write("km/h", wide * 0.46, 205 * u, 18, colour=sheet.theme.faint)
    sheet.write(sheet.one_of(("P", "R", "N", "D")), wide * 0.47, 250 * u, 30, bold=True)
    for row, (name, value) in enumerate(sheet.chance.sample(words.GAUGES, 4)):
        left = wide * (0.04 if row < 2 else 0.72)
        top = (90 + row % 2 * 90) * u
        sheet.write(name, left, top, 16, colour=sheet.theme.faint)
        sheet.write(value, left, top + 24 * u, 26, bold=True)
    sheet.write(sheet.one_of(words.WARNINGS), wide * 0.38, 320 * u, 17, colour="#d8482c")


def _car_home(sheet: Sheet) -> None:
    u, wide = sheet.unit, sheet.width
    sheet.card(wide * 0.02, 50 * u, wide * 0.48, 300 * u)
    sheet.write(sheet.one_of(words.TURNS), wide * 0.04, 64 * u, 24, bold=True)
    for row, place in enumerate(sheet.chance.sample(words.PLACES, 4)):
        sheet.write(place, wide * 0.04, (120 + row * 40) * u, 18)
    song, singer = sheet.chance.choice(words.SONGS)
    sheet.card(wide * 0.52, 50 * u, wide * 0.98, 170 * u)
    sheet.write(song, wide * 0.54, 70 * u, 24, bold=True)
    sheet.write(singer, wide * 0.54, 110 * u, 18, colour=sheet.theme.faint)
    for row, (name, value) in enumerate(sheet.chance.sample(words.GAUGES, 2)):
        sheet.write(name, wide * (0.54 + row * 0.2), 200 * u, 16, colour=sheet.theme.faint)
        sheet.write(value, wide * (0.54 + row * 0.2), 228 * u, 24, bold=True)
    clock = f"{sheet.chance.randint(0, 23):02}:{sheet.chance.randint(0, 59):02}"
    sheet.write(clock, wide * 0.03, 12 * u, 18, bold=True)
    sheet.write(f"{sheet.chance.uniform(16, 28):.1f}°C", wide * 0.9, 12 * u, 18)


KINDS: dict[str, Callable[[Sheet], None]] = {
    "settings": _settings,
    "chat": _chat,
    "map": _map,
    "notices": _notices,
    "dialogue": _dialogue,
    "dashboard": _dashboard,
    "car home": _car_home,
}
OF_CARS = frozenset({"dashboard", "car home"})


def _encoded(sheet: Sheet, variant: str) -> tuple[bytes, str]:
    from PIL import Image

    image, file = sheet.image, io.BytesIO()
    if variant != "full":
        half = (sheet.width // 2, sheet.height // 2)
        image = image.resize(half, Image.Resampling.LANCZOS)
    if variant.endswith("q35"):
        image.save(file, "JPEG", quality=35)
        return file.getvalue(), "jpg"
    image.save(file, "PNG", compress_level=1)
    return file.getvalue(), "png"


_fonts: dict[tuple[bool, int], "ImageFont.FreeTypeFont"] = {}


def _font(bold: bool, size: int) -> "ImageFont.FreeTypeFont":
    """Kept, as opening a collection takes longer than drawing."""
    from PIL import ImageFont

    if (bold, size) not in _fonts:
        path = font_path(FONTS[bold])
        _fonts[bold, size] = ImageFont.truetype(str(path), size, index=_SIMPLIFIED)
    return _fonts[bold, size]


def font_path(name: str) -> Path:
    """Where a font is. Raises UserError where it is not."""
    found = next((Path(one) / name for one in FOLDERS if (Path(one) / name).is_file()), None)
    if found is None:
        raise UserError(
            f"the font {name} is not here; screens are drawn with Noto Sans CJK (on Debian: the"
            " package fonts-noto-cjk)",
            code="missing_font",
        )
    return found
