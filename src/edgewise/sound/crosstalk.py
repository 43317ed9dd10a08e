"""Several microphones, one for each seat: what one hears of another's speaker is silenced.

Frame by frame the microphones are compared. One that is at least QUIETER_DB below the loudest, or
that carries the same sound (ALIKE, at any delay within MOST_DELAY_MS) and has been the quieter one
of late, hears somebody else's speaker: its frame becomes silence, so that no word of one seat is
taken for another's. Two who speak at once are each loudest at their own microphone, and alike in
nothing, so both pass; of the one who begins second, or is much the softer, the first moments may be
lost, and so may words that a noise at another microphone is louder than: `lost` tells where.
Nothing is taken out of a sound that passes.

It does not know what speech is, nor where the microphones hang. Rooms that ring long make what
arrives at two microphones less alike: there the level alone decides.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from edgewise.sound.pcm import BYTES_PER_SAMPLE, LISTENING_HZ

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float64]]

FRAME_MS = 32
QUIETER_DB = 6.0
"""Below the loudest: a microphone at another seat hears a speaker 6 to 15 dB less."""
ALIKE = 0.5
"""Of two microphones' sound, as its correlation: one speaker at both is near 1, two speakers who
are heard 6 dB apart at each are below 0.4."""
MOST_DELAY_MS = 8
"""Between two microphones in one car: nearly three metres."""
CLEARLY_DB = 2.0
OWN_FRAMES = 5
"""After its own speaker was the loudest a microphone still passes: voices that overlap are louder
in turns, and a gap in words costs more than a moment of another's."""
HOLD_FRAMES = 2
"""A microphone stays silenced that much longer, unless it becomes the loudest: rooms ring."""
LOST_DB = 10.0
"""A silenced frame that is no more than that below its own speaker's loudness may hold their words,
or those of another who is as loud there."""
_FRAME = LISTENING_HZ * FRAME_MS // 1000
_LATELY = 0.15
"""Of a new frame in how loud a microphone was of late: about 200 ms."""
_KEPT = 0.999
"""Of a speaker's loudness in each frame that is softer: halved in 22 s, so that gusts do not count
for speech."""
_SILENT = 30.0**2
"""Mean power of a frame of samples (int16) that is taken for silence: -60 dBFS."""


class Crosstalk:
    """The sound of `count` microphones on its way to who listens to each. One stream."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._rest = b""
        self._before: Array | None = None
        self._lately = [0.0] * count
        self._states = [0] * count
        """Of each: frames that still pass (above 0), or are still silenced (below)."""
        self._own = [0.0] * count
        """How loud the speaker of each is, where it was clearly the loudest."""
        self.lost: list[list[bool]] = []
        """Of each frame that `feed` gave last: whether each microphone may have lost words."""

    def feed(self, data: bytes) -> list[bytes]:
        """Interleaved samples (int16, at LISTENING_HZ), any length; what each microphone's listener
        is given now, in whole frames: all are of one length."""
        data = self._rest + data
        size = _FRAME * BYTES_PER_SAMPLE * self._count
        whole = len(data) - len(data) % size
        self._rest = data[whole:]
        self.lost = []
        given = [bytearray() for _ in range(self._count)]
        for begin in range(0, whole, size):
            self._frame(memoryview(data)[begin : begin + size], given)
        return [bytes(one) for one in given]

    def _frame(self, data: memoryview, given: list[bytearray]) -> None:
        import numpy as np

        frames = np.frombuffer(data, dtype="<i2").reshape(_FRAME, self._count)
        now = frames.T.astype(np.float64)
        before = self._before if self._before is not None else np.zeros_like(now)
        self._before = now
        passes = self._passes(np.concatenate((before, now), axis=1))
        nothing = bytes(_FRAME * BYTES_PER_SAMPLE)
        for channel, is_open in enumerate(passes):
            given[channel] += frames[:, channel].tobytes() if is_open else nothing

    def _passes(self, window: "Array") -> list[bool]:
        """Whether each microphone hears its own speaker, by the last two frames of all."""
        import numpy as np

        sharp: Array = np.diff(window, axis=1, prepend=0.0)
        power = [_power(sharp[channel]) for channel in range(self._count)]
        self._lately = [
            old + _LATELY * (new - old) for old, new in zip(self._lately, power, strict=True)
        ]
        loudest = max(range(self._count), key=power.__getitem__)
        if _power(window[loudest]) < _SILENT:
            self._states = [0] * self._count
            self.lost.append([False] * self._count)
            return [True] * self._count
        least = power[loudest] / 10 ** (QUIETER_DB / 10)
        second = max(one for channel, one in enumerate(power) if channel != loudest)
        is_clear = power[loudest] >= second * 10 ** (CLEARLY_DB / 10)
        for channel, state in enumerate(self._states):
            if power[channel] < least or self._is_echoed(channel, sharp):
                self._states[channel] = state - 1 if state > 0 else -HOLD_FRAMES
            elif channel == loudest:
                self._states[channel] = OWN_FRAMES if is_clear else max(0, state)
                if is_clear:
                    own = self._own[channel]
                    risen = own + _LATELY * (power[channel] - own)
                    self._own[channel] = max(own * _KEPT, risen)
            elif state < 0:
                self._states[channel] = state + 1
        self.lost.append(self._may_lose(power))
        return [state >= 0 for state in self._states]

    def _may_lose(self, power: Sequence[float]) -> list[bool]:
        least = 10 ** (-LOST_DB / 10)
        return [
            state < 0 and new >= own * least > 0.0
            for state, new, own in zip(self._states, power, self._own, strict=True)
        ]

    def _is_echoed(self, channel: int, sharp: "Array") -> bool:
        """Whether another microphone, louder of late (of two as loud: the first), carries the same
        sound."""
        own = self._lately[channel], -channel
        return any(
            (self._lately[other], -other) > own and _alike(sharp[channel], sharp[other])
            for other in range(self._count)
        )


def _power(line: "Array") -> float:
    import numpy as np

    return float(np.mean(np.square(line)))


def _alike(one: "Array", other: "Array") -> bool:
    import numpy as np

    size = 2 * one.size
    spectrum = np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size))
    crossed = np.abs(np.fft.irfft(spectrum, size))
    most = LISTENING_HZ * MOST_DELAY_MS // 1000
    peak = max(float(crossed[: most + 1].max()), float(crossed[-most:].max()))
    strength = float(np.sqrt(np.sum(np.square(one)) * np.sum(np.square(other))))
    return peak >= ALIKE * strength > 0
