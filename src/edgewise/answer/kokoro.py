"""Kokoro-82M: sounds (its phonetic alphabet) to sound, in this process.

    from edgewise.answer.kokoro import Kokoro
    from edgewise.answer.sounds import Sounds
    sound = Kokoro().make(Sounds().of("The window is open.", Language.ENGLISH), "af_heart")

That makes speech for tests too; only a model's process does it on a device (`voice_process.py`).
It does not know words. Source: the model card of hexgrad/Kokoro-82M, its ONNX export of
kokoro-onnx: `tokens` framed by zeros, `style` the voice's row for that many tokens, 24 kHz out.
"""

import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edgewise.answer.voices import checked
from edgewise.engine.packages import find_file
from edgewise.errors import ModelError
from edgewise.sound.pcm import SPEAKING_HZ, Pcm

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

MOST_TOKENS = 100
"""In one run, of 509 that the model takes; these are six seconds of usual words."""
FEWEST_TOKENS = 20
"""A run that fails is tried again in halves down to this: rare sounds can last very long."""
STYLE_SIZE = 256
FRAME = SPEAKING_HZ // 100
SILENT = 0.02
"""Below this part of the loudest frame is silence: -34 dB; Kokoro begins with 0.3 s of it."""
KEPT_BEFORE = 3
"""Frames of 10 ms before the first loud one: an h or an s begins quietly."""
KEPT_AFTER = 5
LOUDEST = 0.95
LOOKS_S = 0.02
SLOWEST, FASTEST = 0.5, 2.0


class Kokoro:
    """The loaded model. One call at a time; 93 MB of file, 185 MB loaded, 220 MB while it makes two
    seconds of sound, 330 MB for six (measured, resident)."""

    def __init__(self, *, threads: int = 1, cache_folder: Path | None = None) -> None:
        """Load it. Raises ModelError (`model_missing`), TrustError (`wrong_hash`)."""
        import onnxruntime  # pyright: ignore[reportMissingTypeStubs]

        self._cache_folder = cache_folder
        options: Any = onnxruntime.SessionOptions()  # pyright: ignore
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # The C library's heap falls apart over some 1,500 aligned blocks of up to 30 MB a run: it
        # took up to 1.3 GB for six seconds of sound, and a fifth of the time went to new pages.
        options.enable_cpu_mem_arena = True
        options.enable_mem_pattern = False
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # pyright: ignore
        options.log_severity_level = 3
        table = find_file("kokoro-82m", "vocab.json", cache_folder).read_bytes()
        self._tokens: dict[str, int] = json.loads(table)["vocab"]
        self._session: Any = onnxruntime.InferenceSession(
            str(find_file("kokoro-82m", "kokoro.onnx", cache_folder)),
            options,
            providers=["CPUExecutionProvider"],
        )
        self._style = lru_cache(maxsize=4)(self._read_style)

    def make(
        self,
        sounds: str,
        voice: str,
        speed: float = 1.0,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Pcm:
        """`sounds` as sound, without silence at its ends; signs that Kokoro has not are dropped.

        Once `is_cancelled` it stops in the midst and gives what there is. Raises UserError
        (`unknown_voice`).
        """
        import numpy as np

        style = self._style(voice)
        known = [self._tokens[sign] for sign in sounds if sign in self._tokens]
        parts: list[Samples] = []
        speed = min(max(speed, SLOWEST), FASTEST)
        most = int(MOST_TOKENS * min(speed, 1.0))
        waiting = parted(known, most, self._tokens[" "])
        with _stopping(is_cancelled) as options:
            while waiting and not is_cancelled():
                tokens = waiting.pop(0)
                try:
                    parts.append(trim(self._run(tokens, style, speed, options)))
                except ModelError:
                    if len(tokens) < 2 * FEWEST_TOKENS:
                        raise
                    waiting = parted(tokens, len(tokens) // 2, self._tokens[" "]) + waiting
        samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        return Pcm((samples * 32767).astype("<i2").tobytes(), SPEAKING_HZ)

    def _run(self, tokens: list[int], style: "Samples", speed: float, options: Any) -> "Samples":
        import numpy as np

        given = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": style[len(tokens) - 1][None],
            "speed": np.array([speed], np.float32),
        }
        try:
            made = np.asarray(self._session.run(None, given, options)[0], np.float32)
        except Exception as error:  # onnxruntime's own kinds are bare Exceptions
            if options.terminate:
                return np.zeros(0, np.float32)
            told = f"speech synthesis failed for {len(tokens)} sounds: {str(error)[:200]}"
            raise ModelError(told, code="model_failed") from error
        return np.clip(made.reshape(-1), -LOUDEST, LOUDEST)

    def _read_style(self, voice: str) -> "Samples":
        import numpy as np

        path = find_file("kokoro-voices", f"{checked(voice)}.bin", self._cache_folder)
        return np.fromfile(path, np.float32).reshape(-1, STYLE_SIZE)


def parted(tokens: list[int], most: int, space: int) -> list[list[int]]:
    """The tokens in parts of at most `most`, cut at spaces where there are any."""
    parts: list[list[int]] = []
    while len(tokens) > most:
        spaces = [place for place in range(most // 2, most) if tokens[place] == space]
        cut = spaces[-1] + 1 if spaces else most
        parts.append(tokens[:cut])
        tokens = tokens[cut:]
    return [*parts, tokens] if tokens else parts


@contextmanager
def _stopping(is_cancelled: Callable[[], bool]) -> Generator[Any]:
    """Options of a run that ends soon after `is_cancelled`: another thread looks."""
    import onnxruntime  # pyright: ignore[reportMissingTypeStubs]

    options: Any = onnxruntime.RunOptions()  # pyright: ignore
    # When it is done, what it took is given back.
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")  # pyright: ignore
    over = threading.Event()

    def look() -> None:
        while not over.wait(LOOKS_S):
            if is_cancelled():
                options.terminate = True
                return

    watch = threading.Thread(target=look, name="cancelled", daemon=True)
    watch.start()
    try:
        yield options
    finally:
        over.set()
        watch.join()


def trim(samples: "Samples") -> "Samples":
    """The samples between the first and the last loud frame, with soft ends."""
    import numpy as np

    count = len(samples) // FRAME
    if count == 0:
        return samples
    frames = samples[: count * FRAME].reshape(count, FRAME)
    level = np.sqrt(np.mean(np.square(frames), axis=1))
    loud = np.flatnonzero(level > max(SILENT * float(level.max()), 1e-4))
    if not len(loud):
        return samples[:0]
    begin = max(0, int(loud[0]) - KEPT_BEFORE) * FRAME
    end = min(count, int(loud[-1]) + 1 + KEPT_AFTER) * FRAME
    cut = samples[begin:end].copy()
    ramp = np.linspace(0, 1, FRAME, dtype=np.float32)
    cut[:FRAME] *= ramp
    cut[-FRAME:] *= ramp[::-1]
    return cut
