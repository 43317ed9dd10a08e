"""Whether who speaks has finished, by sense and melody: smart-turn v3.2 (BSD-2) on onnxruntime.

It hears the last 8 seconds up to a pause. 25 ms on one core. Runs in the ears' process.
"""

import importlib
from typing import Any

import numpy as np

from edgewise.engine.packages import find_file
from edgewise.perceive.mel import COLUMNS_PER_S, HOP, Samples, level, log_mel

NAME = "smart-turn"
COLUMNS = 8 * COLUMNS_PER_S


class SmartTurn:
    """The loaded model."""

    def __init__(self) -> None:
        """Raises ModelError (`model_missing`), TrustError; ImportError without onnxruntime."""
        runtime: Any = importlib.import_module("onnxruntime")
        options: Any = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        path = find_file(NAME, "smart-turn-v3.2-cpu.onnx")
        self._model: Any = runtime.InferenceSession(str(path), options)

    def finished(self, samples: Samples) -> float:
        """How likely, 0 to 1."""
        length = COLUMNS * HOP
        heard = samples[-length:]
        heard = np.pad(heard, (length - len(heard), 0))
        picture = log_mel(level(heard), COLUMNS)
        told = self._model.run(None, {"input_features": picture[None]})[0]
        return float(np.clip(np.ravel(told)[0], 0.0, 1.0))
