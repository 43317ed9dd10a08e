"""What the device itself plays is no command: whether a microphone hears the device or a person.

`Echo` compares, in six bands of 200 Hz to 6 kHz and every 10 ms, what is played with what is
heard. From where both go up and down together it learns the delay (up to 400 ms), how long the room
rings, and for each band how much of the loudspeaker arrives; sound beyond that is somebody else's.
Nothing is taken out of the sound: it decides, it does not clean.

Limits: until it has learnt, it takes all that is heard while something is played for its own. A
person quieter than the echo may be missed (at 6 dB below it one in ten was), and a change of volume
or room is learnt within some seconds. A device with a canceller of its own should use that.
"""

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from edgewise.sound.pcm import BYTES_PER_SAMPLE, LISTENING_HZ

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.floating]]

FRAME_MS = 10
LOOK_MS = 120
"""How much of what was heard last is judged: with it no echo alone was taken for a person."""
_FRAME = LISTENING_HZ * FRAME_MS // 1_000
_EDGES_HZ = (200, 450, 800, 1_300, 2_000, 3_300, 6_000)
_RINGING_DB = (8.0, 4.0, 2.5, 1.7, 1.2, 0.8)
"""How fast a room may die away, in dB for 10 ms: from a reverberation of 75 ms to 750 ms."""
_MEMORY = 300
_MOST_DELAY = 40
_LEARN_EVERY = 25
_LEAST_PLAYED = 120
_LEAST_FRAMES = 15
_REST = 20
"""Frames after the last sound played in which the room still rings."""
_QUIET_DB = -75.0
_AUDIBLE_DB = -55.0
_BEYOND_DB = 6.0
_BEYOND_BANDS = 2
_ALIKE = 0.7
_FORGETTING = 0.02
"""Of how alike they were when it learnt last, each time that it could learn anew."""


class Likeness(Struct, frozen=True):
    """How what is heard relates to what is played. `own`: it is the device's sound alone.

    `correlation` (0 to 1) is that of their loudness at `delay_ms`, when it learnt; `beyond` (0 to
    1) the share of the time judged that was louder than the echo can be.
    """

    own: bool
    correlation: float = 0.0
    delay_ms: int = 0
    beyond: float = 0.0


class _Path(Struct, frozen=True):
    """The way from loudspeaker to microphone, as it was learnt; `gain_db` for each band."""

    correlation: float
    delay: int
    ringing: int
    gain_db: Any


class Echo:
    """One loudspeaker and one microphone. What was learnt holds for later sounds too."""

    def __init__(self) -> None:
        import numpy as np

        hertz = np.arange(257) * LISTENING_HZ / 512
        bounds = itertools.pairwise(_EDGES_HZ)
        self._masks = np.stack([(hertz >= low) & (hertz < high) for low, high in bounds], 1)
        self._window = np.hanning(2 * _FRAME).astype("float32")
        self._scale = float((self._window**2).sum()) * 256 * 32_768.0**2
        self._decays = (10 ** (-np.array(_RINGING_DB) / 10))[:, None]
        self._waiting = [b"", b""]
        bands = len(_EDGES_HZ) - 1
        self._ringing = np.zeros((len(_RINGING_DB), bands))
        self._heard: Array = np.full((0, bands), _QUIET_DB)
        self._played: Array = np.full((0, len(_RINGING_DB), bands), _QUIET_DB)
        self._path: _Path | None = None
        self._until_learning = _LEARN_EVERY

    def feed(self, heard: bytes, played: bytes) -> None:
        """The same stretch of time at the microphone and at the loudspeaker, as samples at
        LISTENING_HZ; a shorter `played` is filled up with silence."""
        import numpy as np

        played = played[: len(heard)]
        sounds = (heard, played + bytes(len(heard) - len(played)))
        pair = [waiting + more for waiting, more in zip(self._waiting, sounds, strict=True)]
        step = _FRAME * BYTES_PER_SAMPLE
        frames = max(0, len(pair[0]) // step - 1)
        self._waiting = [data[frames * step :] for data in pair]
        if not frames:
            return
        powers = [self._powers(data, frames) for data in pair]
        ringing: list[Array] = []
        for power in powers[1]:
            self._ringing = power + self._decays * self._ringing
            ringing.append(_in_db(self._ringing))
        keep = _MEMORY + _MOST_DELAY
        self._heard = np.concatenate([self._heard, _in_db(powers[0])])[-keep:]
        self._played = np.concatenate([self._played, np.stack(ringing)])[-keep:]
        self._until_learning -= frames
        if self._until_learning <= 0:
            self._until_learning = _LEARN_EVERY
            self._learn()

    def judge(self, length_ms: int = LOOK_MS) -> Likeness:
        """Whether what was heard in the last `length_ms` is what the device plays."""
        import numpy as np

        frames, path = min(length_ms // FRAME_MS, len(self._heard)), self._path
        delay = _MOST_DELAY if path is None else path.delay
        recent = self._played[-(frames + delay + _REST) :, 0]
        is_playing = bool((recent > _AUDIBLE_DB).any())
        if path is None:
            return Likeness(own=is_playing)
        end = len(self._played) - delay
        echo = self._played[max(0, end - frames) : max(0, end), path.ringing] + path.gain_db
        heard = self._heard[len(self._heard) - len(echo) :]
        most = np.logaddexp2(echo / 3.0103, self._floor() / 3.0103) * 3.0103
        louder = (heard > most + _BEYOND_DB).sum(axis=1) >= _BEYOND_BANDS
        beyond = float(louder.mean()) if len(echo) else 0.0
        return Likeness(is_playing and beyond < 0.5, path.correlation, delay * FRAME_MS, beyond)

    def _powers(self, data: bytes, frames: int) -> "Array":
        """The power of each frame (10 ms on, 20 ms long) in each band, of full scale."""
        import numpy as np

        samples = np.frombuffer(data, "<i2", count=(frames + 1) * _FRAME).astype("float32")
        pieces = samples.reshape(frames + 1, _FRAME)
        windows = np.concatenate([pieces[:-1], pieces[1:]], axis=1) * self._window
        spectra = np.fft.rfft(windows, 512, axis=1)
        return (spectra.real**2 + spectra.imag**2) @ self._masks / self._scale

    def _floor(self) -> "Array":
        """What is heard when nothing is: the quiet moments of the last seconds."""
        import numpy as np

        return np.percentile(self._heard, 5, axis=0) + 3

    def _learn(self) -> None:
        """Learn the path anew where enough was played and heard, and the two are alike."""
        import numpy as np

        played = self._played
        if int((played[:, 0] > _AUDIBLE_DB).any(axis=1).sum()) < _LEAST_PLAYED:
            return
        floor = self._floor()
        heard: Array = np.maximum(self._heard, floor)
        middle = len(_RINGING_DB) // 2
        _, near, _ = _most_alike(played, heard, range(_MOST_DELAY + 1), [middle])
        around = range(max(0, near - 4), min(_MOST_DELAY, near + 4) + 1)
        correlation, delay, ringing = _most_alike(played, heard, around, range(len(_RINGING_DB)))
        if self._path is not None and correlation < max(_ALIKE, self._path.correlation - 0.1):
            faded = max(_ALIKE, self._path.correlation - _FORGETTING)
            self._path = structs.replace(self._path, correlation=faded)
        elif correlation >= _ALIKE:
            echo = played[: len(played) - delay, ringing]
            gain_db = _gain_of(heard[delay:], echo, floor)
            if gain_db is not None:
                self._path = _Path(correlation, delay, ringing, gain_db)


def _most_alike(
    played: "Array", heard: "Array", delays: Sequence[int], ringings: Sequence[int]
) -> tuple[float, int, int]:
    """The greatest correlation over these delays and ringings, with where it was."""
    import numpy as np

    best = (-1.0, 0, ringings[0])
    for ringing in ringings:
        for delay in delays:
            if delay >= len(played):
                break
            early, late = played[: len(played) - delay, ringing], heard[delay:]
            one, other = early - early.mean(axis=0), late - late.mean(axis=0)
            size = float(np.sqrt((one * one).sum() * (other * other).sum()))
            best = max(best, (float((one * other).sum()) / (size + 1e-9), delay, ringing))
    return best


def _gain_of(heard: "Array", echo: "Array", floor: "Array") -> "Array | None":
    """How much louder than played it arrives, for each band; that of the others where a band had
    too little sound, None where all had."""
    import numpy as np

    loud = (echo > _AUDIBLE_DB) & (heard > floor + 6)
    known = loud.sum(axis=0) >= _LEAST_FRAMES
    if not known.any():
        return None
    gains = [
        float(np.median((heard - echo)[loud[:, n], n])) if k else 0 for n, k in enumerate(known)
    ]
    return np.where(known, gains, np.median(np.array(gains)[known]))


def _in_db(power: "Array") -> "Array":
    import numpy as np

    return 10 * np.log10(power + 10 ** (_QUIET_DB / 10))
