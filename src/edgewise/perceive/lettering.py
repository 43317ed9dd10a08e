"""Whether what was taken for a face is lettering: weakly found, drawn in two tones, on sure text.

All three must hold, since each alone is true of some real face: a small or turned one is found
weakly, a copy in black and white has two tones, a portrait within a line is where text was read.
What is not lettering stays a face and is hidden; bar codes and signs do. Figures: docs/guide/
senses.md.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from edgewise.perceive.see import Box

if TYPE_CHECKING:
    from PIL import Image

WEAK = 0.75
"""Probability below which a find is doubted."""
COVERED = 0.4
"""Of the box, by lines that are read for sure: rows of a receipt leave more than half between."""
GROUND, TONES = 0.4, 0.6
"""Share of the pixels that have the most frequent colour, and that have one of the two."""
NEAR = 12
"""Steps of 256 in each channel that are one colour: paper is lit a little unevenly."""
_COARSE = 16


def is_lettering(image: "Image.Image", box: Box, sure: float, written: Sequence[Box]) -> bool:
    """Whether `box` of `image` (RGB), found with probability `sure`, holds letters; `written` is
    where text was read for sure."""
    if sure >= WEAK or _covered(box, written) < COVERED:
        return False
    ground, tones = _shares(image, box)
    return ground >= GROUND and tones >= TONES


def _covered(box: Box, written: Sequence[Box]) -> float:
    """Share of the box that lies in boxes of `written`."""
    import numpy as np

    wide, high = box.right - box.left, box.bottom - box.top
    if wide <= 0 or high <= 0:
        return 0.0
    inside = np.zeros((high, wide), bool)  # (row, column)
    for one in written:
        rows = slice(max(0, one.top - box.top), max(0, one.bottom - box.top))
        inside[rows, max(0, one.left - box.left) : max(0, one.right - box.left)] = True
    return float(inside.mean())


def _shares(image: "Image.Image", box: Box) -> tuple[float, float]:
    """Of the pixels, those of the most frequent colour, and those of the two most frequent."""
    import numpy as np

    place = (
        max(0, box.left), max(0, box.top),
        min(image.width, box.right), min(image.height, box.bottom),
    )  # fmt: skip
    pixels = np.asarray(image.crop(place), np.int16).reshape(-1, 3)  # (n, RGB)
    first = _of_one_colour(pixels)
    second = _of_one_colour(pixels[~first])
    return float(first.mean()), float((first.sum() + second.sum()) / len(pixels))


def _of_one_colour(pixels: Any) -> Any:
    """Which of `pixels` (n, RGB) have their most frequent colour, nearly."""
    import numpy as np

    if not len(pixels):
        return np.zeros(0, bool)
    coarse = (pixels // _COARSE) @ (1, _COARSE, _COARSE * _COARSE)
    kinds, counts = np.unique(coarse, return_counts=True)
    colour = np.median(pixels[coarse == kinds[counts.argmax()]], axis=0)
    return np.abs(pixels - colour).max(axis=1) <= NEAR
