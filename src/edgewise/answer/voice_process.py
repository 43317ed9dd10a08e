"""The process that speaks: Kokoro and the dictionaries, behind the engine's frames.

Started by `voice.py`. An order that nobody wants any more stops within the model's next operation.
"""

import argparse
import ctypes
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from edgewise.answer.voice_wire import Clause, Made, clauses, encode
from edgewise.core.words import Language
from edgewise.engine.serving import serve


def main(arguments: list[str] | None = None) -> int:
    """Serve until the input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, default=0)
    parser.add_argument("--memory-limit-bytes", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--cache-folder", type=Path, default=None)
    given = parser.parse_args(arguments)
    return serve(
        lambda: Speaking(given.threads, given.cache_folder),
        extra="speak",
        parent=given.parent,
        memory_limit_bytes=given.memory_limit_bytes,
    )


class Speaking:
    """The loaded voice; the Chinese dictionaries are loaded by the first Chinese clause, be it
    empty."""

    def __init__(self, threads: int = 1, cache_folder: Path | None = None) -> None:
        from edgewise.answer.kokoro import Kokoro
        from edgewise.answer.sounds import Sounds

        self._kokoro = Kokoro(threads=threads, cache_folder=cache_folder)
        self._sounds = Sounds(cache_folder)
        self._sounds.load(Language.ENGLISH)

    def answer(self, order: bytes, is_cancelled: Callable[[], bool]) -> Iterable[bytes]:
        """The sound of one clause."""
        try:
            yield encode(self._made(clauses.decode(order), is_cancelled))
        finally:
            give_back_memory()

    def _made(self, clause: Clause, is_cancelled: Callable[[], bool]) -> Made:
        from edgewise.answer.sounds import unspoken

        self._sounds.load(clause.language)
        sounds = self._sounds.of(clause.text, clause.language, tells=clause.tells)
        sound = self._kokoro.make(sounds, clause.voice, clause.speed, is_cancelled)
        return Made(sound.data, sound.rate_hz, unspoken(clause.text))


def give_back_memory() -> None:
    """Hand what the last clause took back to the system, also when it failed: 260 MB become 190.
    Only the C library of Linux has to be told."""
    if sys.platform.startswith("linux"):
        trim: Any = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


if __name__ == "__main__":
    sys.exit(main())
