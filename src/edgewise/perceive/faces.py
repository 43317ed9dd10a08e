"""Where faces are in a picture: BlazeFace, whole and in tiles, so that small ones are found too.

The nets give offsets from fixed points (anchors) that are computed here from the published
parameters of MediaPipe's graphs (`face_detection_short_range`, `face_detection_full_range`). It is
tuned to miss few: what is taken for a face wrongly is hidden, too, unless it is surely lettering
(`lettering.py`). It knows nobody.
Source: BlazeFace (arXiv 1907.05047); mediapipe v0.10.21, modules/face_detection (Apache-2.0).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edgewise.engine.packages import find_file
from edgewise.errors import ModelError
from edgewise.perceive.lettering import is_lettering
from edgewise.perceive.see import Box

if TYPE_CHECKING:
    from PIL import Image

PACKAGE = "blazeface"
TILES = (1024, 512, 256)
"""Sides of the tiles, beside the whole picture: a face must be some tenth of a tile."""
OVERLAP = 0.3
"""Of a tile's side: a face that is cut by one tile stands whole in the next."""
SAME = 0.3
"""Share of the union of two boxes from which on they are one face."""


@dataclass(frozen=True, slots=True)
class Net:
    """One of the two nets: pixels of its input's side, and its anchors as pairs of stride and how
    many of them a cell has. `least`: from which probability on it is a face."""

    file: str
    side: int
    strides: tuple[tuple[int, int], ...]
    least: float


NEAR = Net("face_detection_short_range.tflite", 128, ((8, 2), (16, 6)), 0.6)
FAR = Net("face_detection_full_range_sparse.tflite", 192, ((4, 1),), 0.5)


class Faces:
    """The loaded nets. Raises ModelError (`model_missing`), TrustError."""

    def __init__(self, find: Callable[[str, str], Path] = find_file) -> None:
        try:
            from ai_edge_litert.interpreter import (  # pyright: ignore[reportMissingTypeStubs]
                Interpreter,
            )
        except ImportError as error:
            told = f"finding faces: {error}; install edgewise[see]"
            raise ModelError(told, code="model_missing") from error
        self._nets: list[tuple[Net, Any, Any]] = []
        for net in (NEAR, FAR):
            running = Interpreter(str(find(PACKAGE, net.file)), num_threads=1)
            running.allocate_tensors()
            self._nets.append((net, running, anchors(net)))

    def find(
        self,
        image: "Image.Image",
        is_cancelled: Callable[[], bool] = bool,
        written: Sequence[Box] = (),
    ) -> list[Box]:
        """Boxes of faces in `image` (RGB), most probable first; `written` is where text was read
        for sure. A cancelled search raises ModelError: half of the faces are not all."""
        found: list[tuple[float, Box]] = []
        for left, top, side in tiles_of(*image.size):
            if is_cancelled():
                raise ModelError("finding faces was given up", code="model_failed")
            piece = image.crop((left, top, left + side, top + side))
            for net, running, points in self._nets:
                found += _look(net, running, points, piece, (left, top))
        found.sort(key=lambda one: -one[0])
        return merged([b for sure, b in found if not is_lettering(image, b, sure, written)])


def anchors(net: Net) -> Any:
    """Centres of the net's anchors, shares of its input's side: (n, 2)."""
    import numpy as np

    points: list[tuple[float, float]] = []
    for stride, many in net.strides:
        cells = net.side // stride
        for row in range(cells):
            for column in range(cells):
                points += [((column + 0.5) / cells, (row + 0.5) / cells)] * many
    return np.array(points, np.float32)


def tiles_of(width: int, height: int) -> Iterator[tuple[int, int, int]]:
    """Left, top and side of the squares that are looked at: the whole picture, then tiles."""
    longest = max(width, height)
    yield 0, 0, longest
    for side in TILES:
        if side < longest * 0.9:
            for top in _starts(height, side):
                for left in _starts(width, side):
                    yield left, top, side


def merged(boxes: Sequence[Box]) -> list[Box]:
    """Without those that an earlier one stands for."""
    kept: list[Box] = []
    for box in boxes:
        if all(_shared(box, other) < SAME for other in kept):
            kept.append(box)
    return kept


def _starts(length: int, side: int) -> list[int]:
    if length <= side:
        return [0]
    many = -(-(length - side) // int(side * (1 - OVERLAP)))
    return [round(number * (length - side) / many) for number in range(many + 1)]


def _look(
    net: Net, running: Any, points: Any, piece: "Image.Image", at: tuple[int, int]
) -> Iterator[tuple[float, Box]]:
    """What one net finds in a square, in pixels of the picture."""
    import numpy as np

    small = piece.resize((net.side, net.side))
    pixels = np.asarray(small, np.float32)[None] / 127.5 - 1.0  # (1, side, side, RGB), -1 to 1
    running.set_tensor(running.get_input_details()[0]["index"], pixels)
    running.invoke()
    given = [running.get_tensor(one["index"])[0] for one in running.get_output_details()]
    offsets, scores = sorted(given, key=lambda one: -one.shape[-1])
    sure = 1.0 / (1.0 + np.exp(-np.clip(scores[:, 0], -80.0, 80.0)))
    share = piece.width  # both sides
    for place in np.flatnonzero(sure >= net.least):
        across, down, wide, high = offsets[place, :4] / net.side
        middle = (points[place, 0] + across, points[place, 1] + down)
        yield (
            float(sure[place]),
            Box(
                at[0] + int((middle[0] - wide / 2) * share),
                at[1] + int((middle[1] - high / 2) * share),
                at[0] + int((middle[0] + wide / 2) * share),
                at[1] + int((middle[1] + high / 2) * share),
            ),
        )


def _shared(one: Box, other: Box) -> float:
    """Of the union of both boxes, how much they share."""
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    if wide <= 0 or high <= 0:
        return 0.0
    both = _area(one) + _area(other) - wide * high
    return wide * high / both if both > 0 else 0.0


def _area(box: Box) -> int:
    return max(0, box.right - box.left) * max(0, box.bottom - box.top)
