"""How loud sound is, and making it quieter for a while (ducking) without a click.

0 dBFS is the loudest square wave that 16 bits hold; a sine at full scale has -3.
"""

import math
from typing import TYPE_CHECKING

from edgewise.sound.pcm import BYTES_PER_SAMPLE, SPEAKING_HZ

if TYPE_CHECKING:
    import numpy as np

SILENT_DBFS = -100.0
"""Told of sound without any level; 16 bits reach down to -90."""
_FULL_SCALE = 32_768


def level_dbfs(data: bytes) -> float:
    """The mean level of samples (int16, little endian); SILENT_DBFS for none."""
    import numpy as np

    samples = _samples(data)
    if not samples.size:
        return SILENT_DBFS
    power = float(np.mean(np.square(samples.astype(np.float64))))
    if power == 0:
        return SILENT_DBFS
    return max(SILENT_DBFS, 10 * math.log10(power / _FULL_SCALE**2))


def amplify(data: bytes, gain_db: float) -> bytes:
    """The samples that much louder (or quieter), held within 16 bits."""
    import numpy as np

    return _as_bytes(_samples(data).astype(np.float32) * np.float32(10 ** (gain_db / 20)))


class Ducking:
    """Lowers sound that is being played while somebody speaks, and brings it back.

    The gain moves evenly in decibels, `ramp_ms` from full to `by_db`, so that nothing clicks; a
    change in the middle of a move begins from where the gain is.
    """

    def __init__(
        self, by_db: float = -18.0, *, ramp_ms: int = 60, rate_hz: int = SPEAKING_HZ
    ) -> None:
        if by_db >= 0 or ramp_ms <= 0:
            raise ValueError(f"by_db is {by_db}, ramp_ms {ramp_ms}; give by_db < 0, ramp_ms > 0")
        self._by_db = by_db
        self._step_db = -by_db / (ramp_ms * rate_hz / 1000)
        self._gain_db = self._aim_db = 0.0

    @property
    def gain_db(self) -> float:
        """What the next sample gets."""
        return self._gain_db

    def lower(self) -> None:
        """From the next sample on, go down."""
        self._aim_db = self._by_db

    def restore(self) -> None:
        """From the next sample on, go back up."""
        self._aim_db = 0.0

    def apply(self, data: bytes) -> bytes:
        """The samples as they are to be played."""
        if self._gain_db == self._aim_db == 0.0:
            return data
        import numpy as np

        samples = _samples(data)
        moves = np.arange(1, samples.size + 1) * self._step_db
        if self._aim_db < self._gain_db:
            gains = np.maximum(self._gain_db - moves, self._aim_db)
        else:
            gains = np.minimum(self._gain_db + moves, self._aim_db)
        if samples.size:
            self._gain_db = float(gains[-1])
        return _as_bytes(samples * 10 ** (gains / 20))


def _samples(data: bytes) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    import numpy as np

    whole = len(data) - len(data) % BYTES_PER_SAMPLE
    return np.frombuffer(data[:whole], dtype="<i2")


def _as_bytes(samples: "np.ndarray[tuple[int], np.dtype[np.floating]]") -> bytes:
    import numpy as np

    return np.clip(np.rint(samples), -_FULL_SCALE, _FULL_SCALE - 1).astype("<i2").tobytes()
