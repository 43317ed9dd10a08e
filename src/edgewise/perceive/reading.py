"""Text on a picture by PP-OCRv6 small, Chinese and English: lines, where they stand, in what order.

The models come inside the package `rapidocr`, an ordinary library of the extra `see`; its files are
compared with their hashes and named by path, so that it has nothing to fetch. Runs in the process
of the eyes alone. Figures of the limits: docs/guide/senses.md.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edgewise.engine.packages import verify
from edgewise.errors import ModelError
from edgewise.perceive.see import LONGEST_PIXELS, Box, Line, Read

if TYPE_CHECKING:
    from PIL import Image

DETECTOR = "PP-OCRv6_det_small.onnx"
RECOGNISER = "PP-OCRv6_rec_small.onnx"
HASHES = {
    DETECTOR: "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    RECOGNISER: "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
}
"""Of rapidocr 3.10.0 (Apache-2.0)."""
DETECT_PIXELS = 1280
"""Of the longer side, where text is looked for; it is read from the whole picture. At 1152 thin
signs at a line's end are lost; at the library's own setting (736 of the shorter side) a screen
takes 2.5 times as long and half as much memory again, for no more right strings."""
LINES_AT_ONCE = 1
"""Longer batches fill short lines up to the longest: more time and memory for the same text."""
LEAST_SURE = 0.5
MOST_LINES = 600
SAME_ROW = 0.5
"""How much of the smaller height two lines share that stand in one row."""


class Reading:
    """The loaded models. Raises ModelError (`model_missing`) without the library, TrustError for
    files that are not genuine."""

    def __init__(self, threads: int = 1) -> None:
        folder = models_folder()
        for name, sha256 in HASHES.items():
            verify(folder / name, sha256=sha256)
        from rapidocr import RapidOCR

        self._model: Any = RapidOCR(
            params={
                "Global.log_level": "error",
                "Global.use_cls": False,  # pictures are upright here
                "Global.max_side_len": LONGEST_PIXELS,
                "Global.text_score": LEAST_SURE,
                "Det.model_path": str(folder / DETECTOR),
                "Det.limit_type": "max",
                "Det.limit_side_len": DETECT_PIXELS,
                "Rec.model_path": str(folder / RECOGNISER),
                "Rec.rec_batch_num": LINES_AT_ONCE,
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
            }
        )

    def read(self, image: "Image.Image", is_cancelled: Callable[[], bool] = bool) -> Read:
        """All text on `image` (RGB), in reading order; what was read when it is cancelled."""
        import numpy as np

        began = time.perf_counter()
        pixels = np.asarray(image)[:, :, ::-1]  # (height, width, BGR)
        found = self._model(np.ascontiguousarray(pixels))
        lines = list(_lines(found, image.size)) if not is_cancelled() else []
        took_ms = (time.perf_counter() - began) * 1000
        return Read(in_order(lines[:MOST_LINES]), round(took_ms, 1))


def models_folder() -> Path:
    """Where the library keeps its models. Raises ModelError where it is not installed."""
    from importlib.util import find_spec

    spec = None
    with suppress(ImportError, ValueError):
        spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        told = "reading pictures: rapidocr is not here; install edgewise[see]"
        raise ModelError(told, code="model_missing")
    return Path(spec.origin).parent / "models"


def in_order(lines: Sequence[Line]) -> tuple[Line, ...]:
    """From top to bottom, and within a row from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: (one.box.top, one.box.left)):
        row = next((one for one in rows[-3:] if _is_beside(line.box, one[0].box)), None)
        if row is None:
            rows.append([line])
        else:
            row.append(line)
    return tuple(line for row in rows for line in sorted(row, key=lambda one: one.box.left))


def _is_beside(one: Box, other: Box) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    lower = min(one.bottom - one.top, other.bottom - other.top)
    return shared > SAME_ROW * lower


def _lines(found: Any, size: tuple[int, int]) -> Iterator[Line]:
    if found.boxes is None or found.txts is None:
        return
    for corners, text, sure in zip(found.boxes, found.txts, found.scores, strict=True):
        across, down = corners[:, 0], corners[:, 1]
        box = Box(
            max(0, int(across.min())),
            max(0, int(down.min())),
            min(size[0], -int(-across.max() // 1)),
            min(size[1], -int(-down.max() // 1)),
        )
        if text.strip():
            yield Line(_mended(text.strip()), box, round(float(sure), 3))


def _mended(text: str) -> str:
    """The model has "℃" as one sign and may write its circle twice."""
    return text.replace("°℃", "℃")
