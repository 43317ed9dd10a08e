"""A picture cut as Step-3 sees it: crops that show it large, and one small view of the whole.

`ImagePatcher.cut` decides by the size alone, `prepare` then makes the pixels. The rules are those
of the published `ImagePatcher`, which vLLM (`step3_vl.py`) runs and the model was trained with,
down to their arithmetic in floating point, so that a picture has as many tokens here as there:

    a short side below 32 and more than four times as long   padded to a square
    longer than 3024                                         scaled down to 3024
    window: at most 728 long       the short side where longer than 1.5 times, else no crops
            longer                 504, or the short side where it is less and four times as long
    each side in windows           what is left over 0.2 of a window makes one more

A side below one window keeps its length and is padded; padding is black, at the right and below.
"""

from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from edgewise.errors import UserError

CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)

MOST_PIXELS = 64_000_000
"""Of a picture, after padding: the largest photos of ordinary telephones have 50 million."""
MOST_CROPS = 128
"""A square has 36 and a strip within 3024 pixels 95; these are 10,624 tokens and 390 MB."""
_DEEP = ("I", "I;16", "I;16L", "I;16B", "I;16N")
_SEE_THROUGH = ("RGBA", "LA", "PA", "RGBa")
_PLAIN = ("RGB", "1", "L", "P", "RGBX", "CMYK", "YCbCr", "HSV")


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a picture of one size is cut; sizes are (width, height) in pixels."""

    padded: tuple[int, int]
    scaled: tuple[int, int]
    """What the view of the whole is made of."""
    stretched: tuple[int, int]
    """What the crops are cut from, laid into the upper left of the grid of windows."""
    window_px: int
    """Side of a crop before it is resized; 0 where there are none."""
    columns: int
    rows: int

    @property
    def crops(self) -> int:
        return self.columns * self.rows

    @property
    def boxes(self) -> list[tuple[int, int, int, int]]:
        """The crops row by row, each (left, upper, right, lower)."""
        side = self.window_px
        return [
            (column * side, row * side, (column + 1) * side, (row + 1) * side)
            for row in range(self.rows)
            for column in range(self.columns)
        ]


@dataclass(frozen=True, slots=True)
class ImagePatcher:
    """The lengths of the rules; Step-3's own unless a smaller model of its kind has others."""

    view_px: int = 728
    crop_px: int = 504
    longest_px: int = 3024
    shortest_px: int = 32

    def cut(self, width: int, height: int) -> Cut:
        """How a picture of that size is cut. Raises UserError (`bad_picture`) for one that is
        empty, too large, or so long a strip that more than `MOST_CROPS` crops would show it."""
        padded = self._padded(width, height)
        scaled = self._scaled(*padded)
        if min(scaled) < 1:
            raise _strip(width, height)
        window = self._window(max(scaled), min(scaled))
        if not window:
            return Cut(padded, scaled, scaled, 0, 0, 0)
        columns, rows = (_windows(side, window) for side in scaled)
        if columns * rows > MOST_CROPS:
            raise _strip(width, height)
        wide, high = (
            side if side < window else count * window
            for side, count in zip(scaled, (columns, rows), strict=True)
        )
        return Cut(padded, scaled, (wide, high), window, columns, rows)

    def _padded(self, width: int, height: int) -> tuple[int, int]:
        if min(width, height) < 1:
            raise _refused(f"it is {width} x {height} pixels", "give one with something on it")
        ratio = width / height
        if min(width, height) < self.shortest_px and (ratio > 4 or ratio < 1 / 4):
            width = height = max(width, height)
        if width * height > MOST_PIXELS:
            raise _refused(
                f"it is {width:,} x {height:,} pixels, strips padded to a square; the limit is"
                f" {MOST_PIXELS:,} in all",
                "make it smaller before",
            )
        return width, height

    def _scaled(self, width: int, height: int) -> tuple[int, int]:
        longest = max(width, height)
        if longest <= self.longest_px:
            return width, height
        scale = self.longest_px / longest
        return int(width * scale), int(height * scale)  # 4236 becomes 3023, as in the source

    def _window(self, long: int, short: int) -> int:
        if long <= self.view_px:
            return short if long / short > 1.5 else 0
        return min(short, self.crop_px) if long / short > 4 else self.crop_px


@dataclass(frozen=True, slots=True)
class PicturePixels:
    """One picture as the tower takes it, normalised, in fp32."""

    crops: Tensor
    """(columns * rows, 3, 504, 504), row by row; of length 0 where there are none."""
    view: Tensor
    """(1, 3, 728, 728)"""
    columns: int
    rows: int


def prepare(picture: Image.Image, patcher: ImagePatcher | None = None) -> PicturePixels:
    """Cuts an upright picture and makes its pixels; of any depth and colours, what is see-through
    lies on white. Raises UserError (`bad_picture`)."""
    patcher = patcher or ImagePatcher()
    cut = patcher.cut(*picture.size)
    whole = _resized(_onto_black(in_rgb(picture), cut.padded), cut.scaled)
    view = to_pixels(whole, patcher.view_px)
    if not cut.crops:
        return PicturePixels(view.new_empty(0, 3, patcher.crop_px, patcher.crop_px), view, 0, 0)
    canvas = _resized(whole, cut.stretched)
    crops = [to_pixels(canvas.crop(box), patcher.crop_px) for box in cut.boxes]
    return PicturePixels(torch.cat(crops), view, cut.columns, cut.rows)


def to_pixels(picture: Image.Image, side_px: int) -> Tensor:
    """An RGB picture as (1, 3, side, side), normalised first and then stretched to a square."""
    values = torch.from_numpy(np.array(picture, dtype=np.float32)) / 255  # (height, width, 3)
    values = (values - torch.tensor(CLIP_MEAN)) / torch.tensor(CLIP_STD)
    values = values.permute(2, 0, 1).unsqueeze(0)  # (1, 3, height, width)
    return F.interpolate(values, (side_px, side_px), mode="bilinear", antialias=True)


def _windows(side: int, window: int) -> int:
    """How many windows show a side.

    In floating point as in the source: 352 over 160 leaves 0.2000000000000002, hence one more."""
    if side < window:
        return 1
    left_over = side / window - side // window
    return side // window + (1 if left_over > 0.2 else 0)


def _resized(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    if picture.size == size:
        return picture
    return picture.resize(size, Image.Resampling.BILINEAR)


def _onto_black(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    if picture.size == size:
        return picture
    ground = Image.new("RGB", size)
    ground.paste(picture)
    return ground


def in_rgb(picture: Image.Image) -> Image.Image:
    """Decoded; greys of 16 bits, which Pillow would cut off at 255, by their upper eight."""
    try:
        picture.load()
    except (OSError, SyntaxError, ValueError) as error:
        raise _refused(f"it can not be decoded ({error})", "give the whole file again") from error
    if picture.mode in _DEEP:
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    elif picture.mode in _SEE_THROUGH or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        picture = Image.new("RGB", seen.size, "white")
        picture.paste(seen, mask=seen.getchannel("A"))
    elif picture.mode not in _PLAIN:
        raise _refused(f"its pixels are of mode {picture.mode}", "save it as RGB before")
    return picture.convert("RGB")


def _strip(width: int, height: int) -> UserError:
    return _refused(
        f"it is a strip of {width:,} x {height:,} pixels, to be cut into more than {MOST_CROPS}",
        "cut it into several pictures",
    )


def _refused(what: str, remedy: str) -> UserError:
    return UserError(f"the picture: {what}; {remedy}", code="bad_picture")
