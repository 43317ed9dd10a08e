"""The process of the eyes: opens pictures, reads them, hides faces on them.

Each model is loaded when it is first needed: a file that is no picture is told without any.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from edgewise.engine.serving import serve
from edgewise.errors import ModelError
from edgewise.perceive.eyes_wire import Hide, Look, Open, encode, orders
from edgewise.perceive.hiding import hide_boxes
from edgewise.perceive.picture import open_picture, pixels_of

if TYPE_CHECKING:
    from edgewise.perceive.faces import Faces
    from edgewise.perceive.reading import Reading


class EyesHandler:
    """Answers orders of `eyes_wire.py`."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._reading: Reading | None = None
        self._faces: Faces | None = None

    def answer(self, order: bytes, is_cancelled: Callable[[], bool]) -> Iterator[bytes]:
        """One report an order."""
        try:
            yield self._answered(order, is_cancelled)
        except ImportError as error:
            told = f"{error}; install edgewise[see]"
            raise ModelError(told, code="model_missing") from error

    def _answered(self, order: bytes, is_cancelled: Callable[[], bool]) -> bytes:
        match orders.decode(order):
            case Open(data):
                return encode(open_picture(data))
            case Look(picture):
                return encode(self._read_model().read(pixels_of(picture), is_cancelled))
            case Hide(picture, also, written):
                image = pixels_of(picture)
                faces = self._face_model().find(image, is_cancelled, written)
                return encode(hide_boxes(image, faces, also, picture.media_type))

    def _read_model(self) -> "Reading":
        if self._reading is None:
            from edgewise.perceive.reading import Reading

            self._reading = Reading(self._threads)
        return self._reading

    def _face_model(self) -> "Faces":
        if self._faces is None:
            from edgewise.perceive.faces import Faces

            self._faces = Faces()
        return self._faces


def main() -> int:
    """Run it; the exit status."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, default=0)
    parser.add_argument("--memory-limit-bytes", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    return serve(
        lambda: EyesHandler(given.threads),
        extra="see",
        parent=given.parent,
        memory_limit_bytes=given.memory_limit_bytes,
    )


if __name__ == "__main__":
    sys.exit(main())
