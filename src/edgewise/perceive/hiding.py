"""Makes parts of a picture unrecognisable for good: each becomes a box of one colour (rule P7).

Nothing of the pixels remains but their mean, coarsely: what a blur or a mosaic leaves can be
guessed back. Where faces are finds `faces.py`; other boxes are given by who knows why (number
plates and what is personal in the text, `device/sight.py`). Fails closed: without the nets there is
no picture to give.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from edgewise.perceive.picture import picture_of
from edgewise.perceive.see import Box, Hidden

if TYPE_CHECKING:
    from PIL import Image

WIDER = 0.35
"""Of a face's width and height, on each side: hair, ears and chin tell somebody, too."""
TEXT_WIDER = 0.15
"""Of a text's height, on each side."""
SHADES = 32
"""Steps that a mean is rounded to."""


def hide_boxes(
    image: "Image.Image", faces: Sequence[Box], others: Sequence[Box], media_type: str
) -> Hidden:
    """`image` with those boxes, enlarged, filled; as the picture was kept."""
    covered = image.copy()
    for box in faces:
        wide = int((box.right - box.left) * WIDER) + 1
        high = int((box.bottom - box.top) * WIDER) + 1
        _fill(image, covered, _larger(box, wide, high, image.size))
    for box in others:
        more = int((box.bottom - box.top) * TEXT_WIDER) + 2
        _fill(image, covered, _larger(box, more, more, image.size))
    picture = picture_of(covered, "JPEG" if media_type == "image/jpeg" else "PNG")
    return Hidden(picture, len(faces), len(others))


def _larger(box: Box, wide: int, high: int, size: tuple[int, int]) -> Box:
    """The box, larger on each side, as far as it lies in the picture."""
    return Box(
        max(0, box.left - wide),
        max(0, box.top - high),
        min(size[0], box.right + wide),
        min(size[1], box.bottom + high),
    )


def _fill(image: "Image.Image", covered: "Image.Image", box: Box) -> None:
    from PIL import ImageStat

    if box.right <= box.left or box.bottom <= box.top:
        return
    place = (box.left, box.top, box.right, box.bottom)
    mean = ImageStat.Stat(image.crop(place)).mean
    colour = tuple(min(255, round(one / SHADES) * SHADES) for one in mean)
    covered.paste(colour, place)
