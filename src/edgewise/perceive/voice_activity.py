"""Whether somebody speaks, 31 times a second: silero's model, in this process (75 us a frame).

It tells speech from noise and music; not who speaks, nor to whom. Source: github.com/snakers4/
silero-vad (MIT); the model wants each frame behind the last 64 samples of the one before.
"""

import functools
from typing import Any

from edgewise.engine.packages import find_file
from edgewise.sound.missing import missing_package
from edgewise.sound.pcm import BYTES_PER_SAMPLE, LISTENING_HZ

FRAME_SAMPLES = 512
_CONTEXT = 64
_FULL_SCALE = 32_768


class VoiceActivity:
    """One stream of sound. Not for two threads at a time."""

    def __init__(self) -> None:
        """Raises ModelError (`model_missing`, `missing_package`), TrustError (`wrong_hash`)."""
        import numpy as np

        self._session = load_voice_activity()
        self._rate = np.array(LISTENING_HZ, dtype=np.int64)
        self._input = np.zeros((1, _CONTEXT + FRAME_SAMPLES), dtype=np.float32)
        self.reset()

    def reset(self) -> None:
        """A new stream begins: forget what was heard."""
        import numpy as np

        self._waiting = b""
        self._state: Any = np.zeros((2, 1, 128), dtype=np.float32)
        self._input[:] = 0

    def feed(self, data: bytes) -> list[float]:
        """The probability of speech in each frame that `data` (at LISTENING_HZ) completes."""
        import numpy as np

        size = FRAME_SAMPLES * BYTES_PER_SAMPLE
        data = self._waiting + data
        frames, self._waiting = len(data) // size, data[len(data) - len(data) % size :]
        samples = np.frombuffer(data, dtype="<i2", count=frames * FRAME_SAMPLES)
        return [self._look(frame) for frame in samples.reshape(frames, FRAME_SAMPLES)]

    def _look(self, frame: Any) -> float:
        sound = self._input
        sound[0, :_CONTEXT] = sound[0, FRAME_SAMPLES:]
        sound[0, _CONTEXT:] = frame
        sound[0, _CONTEXT:] /= _FULL_SCALE
        probability, self._state = self._session.run(
            None, {"input": sound, "state": self._state, "sr": self._rate}
        )
        return float(probability[0, 0])


@functools.cache
def load_voice_activity() -> Any:
    """The model, once a process: it holds no state of a stream. Reading it blocks for 30 ms."""
    try:
        import onnxruntime  # pyright: ignore[reportMissingTypeStubs]
    except ImportError as error:
        raise missing_package(error, what="voice activity", extra="hear") from error
    options: Any = onnxruntime.SessionOptions()  # pyright: ignore
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        str(find_file("silero-vad", "silero_vad.onnx")),
        options,
        providers=["CPUExecutionProvider"],
    )
