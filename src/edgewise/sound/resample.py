"""Sound at another rate: as it comes, or all at once. By soxr (LGPL, linked as a library).

Its medium quality (16 bits, 18 ms of delay at 16 kHz) is what speech needs. In small pieces or in
one the samples that come out are the same, but for the noise of one bit that hides rounding.
"""

from typing import Any

from edgewise.errors import UserError
from edgewise.sound.missing import missing_package
from edgewise.sound.pcm import BYTES_PER_SAMPLE, Pcm

RATES_HZ = range(8_000, 192_001)
"""What is taken: a telephone's to a studio's."""
_QUALITY = "MQ"


class Resampler:
    """Turns samples of one rate into another's, piece by piece. One stream, one thread at a time.

    What went in and is not out yet is at most 40 ms; `last` brings it out.
    """

    def __init__(self, from_hz: int, to_hz: int) -> None:
        """Raises UserError (`bad_sound`) for a rate that is not taken."""
        for rate_hz in (from_hz, to_hz):
            check_rate(rate_hz)
        self.from_hz, self.to_hz = from_hz, to_hz
        self._stream: Any = None
        self._half = b""
        if from_hz != to_hz:
            try:
                import soxr  # pyright: ignore[reportMissingTypeStubs]
            except ImportError as error:
                raise missing_package(error, what="sound at another rate", extra="hear") from error
            self._stream = soxr.ResampleStream(from_hz, to_hz, 1, dtype="int16", quality=_QUALITY)

    def feed(self, data: bytes, last: bool = False) -> bytes:
        """What can be said of the sound up to here; a piece may end within a sample. After the
        `last` piece a new sound may begin."""
        data = self._half + data
        whole = len(data) - len(data) % BYTES_PER_SAMPLE
        data, self._half = data[:whole], b"" if last else data[whole:]
        if self._stream is None:
            return data
        import numpy as np

        made: Any = self._stream.resample_chunk(np.frombuffer(data, dtype="<i2"), last=last)
        if last:
            self._stream.clear()
        return made.astype("<i2", copy=False).tobytes()


def resample(sound: Pcm, rate_hz: int) -> Pcm:
    """`sound` at that rate. Raises UserError (`bad_sound`) for a rate that is not taken."""
    return Pcm(Resampler(sound.rate_hz, rate_hz).feed(sound.data, last=True), rate_hz)


def check_rate(rate_hz: int) -> None:
    """Raises UserError (`bad_sound`) for a rate that is not taken."""
    if rate_hz not in RATES_HZ:
        raise UserError(
            f"the sound has {rate_hz:,} samples a second, taken are {RATES_HZ.start:,} to "
            f"{RATES_HZ.stop - 1:,}; send it at {16_000:,}",
            code="bad_sound",
        )
