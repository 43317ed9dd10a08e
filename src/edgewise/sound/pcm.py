"""Sound as samples: mono, 16 bits, little endian, at a rate. What every part here speaks."""

from array import array
from collections.abc import Sequence

from msgspec import Struct

BYTES_PER_SAMPLE = 2
LISTENING_HZ = 16_000
"""The rate that recognisers, wake words and voice activity take."""
SPEAKING_HZ = 24_000
"""The rate that the voice gives, and the realtime API's own."""


class Pcm(Struct, frozen=True):
    """Samples (int16, little endian, one channel) at `rate_hz`."""

    data: bytes
    rate_hz: int = LISTENING_HZ

    @property
    def samples(self) -> int:
        """How many samples."""
        return len(self.data) // BYTES_PER_SAMPLE

    @property
    def length_s(self) -> float:
        """How long it lasts."""
        return self.samples / self.rate_hz

    def cut(self, begin_s: float, end_s: float | None = None) -> "Pcm":
        """The part from `begin_s` to `end_s`, in whole samples within what is there."""
        begin = max(0, round(begin_s * self.rate_hz)) * BYTES_PER_SAMPLE
        if end_s is None:
            return Pcm(self.data[begin:], self.rate_hz)
        return Pcm(self.data[begin : round(end_s * self.rate_hz) * BYTES_PER_SAMPLE], self.rate_hz)


def silence(length_s: float, rate_hz: int = LISTENING_HZ) -> Pcm:
    """Nothing, for that long."""
    return Pcm(bytes(round(length_s * rate_hz) * BYTES_PER_SAMPLE), rate_hz)


def interleaved(sounds: Sequence[Pcm]) -> bytes:
    """The samples of several sounds in turn, as of one with so many channels; as long as the
    longest."""
    if len(sounds) == 1:
        return sounds[0].data
    mixed = array(
        "h", bytes(BYTES_PER_SAMPLE * max(sound.samples for sound in sounds)) * len(sounds)
    )
    for number, sound in enumerate(sounds):
        samples = array("h", sound.data[: sound.samples * BYTES_PER_SAMPLE])
        mixed[number : len(samples) * len(sounds) : len(sounds)] = samples
    return mixed.tobytes()
