"""Sound as several microphones in one car would give it, made of recordings."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from edgewise.sound.pcm import LISTENING_HZ, Pcm

Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Voice:
    """Somebody at the microphone of that number, who begins at `at_s`, `gain_db` louder."""

    sound: Pcm
    channel: int
    at_s: float = 0.5
    gain_db: float = 0.0


@dataclass(frozen=True)
class Cabin:
    """The way to every other microphone: `gain_db` and `delay_ms`, and how long it rings (the time
    to fall by 60 dB). Each has noise of its own (root mean square, of int16)."""

    gain_db: float = -12.0
    delay_ms: float = 2.0
    rings_s: float = 0.0
    noise: float = 20.0
    channels: int = 2

    def heard(self, *voices: Voice, after_s: float = 1.0, seed: int = 0) -> bytes:
        """Interleaved samples (int16)."""
        random = np.random.default_rng(seed)
        ends_s = max(voice.at_s + voice.sound.length_s for voice in voices) + after_s
        count = round(ends_s * LISTENING_HZ)
        mixed: Array = random.normal(0, self.noise, (count, self.channels))
        for voice in voices:
            said = np.zeros(count)
            begin = round(voice.at_s * LISTENING_HZ)
            samples = np.frombuffer(voice.sound.data, dtype="<i2") * _factor(voice.gain_db)
            said[begin : begin + samples.size] = samples
            for channel in range(self.channels):
                mixed[:, channel] += self._arrives(said, random, own=channel == voice.channel)
        return np.clip(np.rint(mixed), -32_768, 32_767).astype("<i2").tobytes()

    def _arrives(self, said: Array, random: np.random.Generator, *, own: bool) -> Array:
        late = 0 if own else round(self.delay_ms * LISTENING_HZ / 1000)
        direct: Array = np.concatenate((np.zeros(late), said))[: said.size]
        arrives = direct if own else direct * _factor(self.gain_db)
        if self.rings_s:
            length = round(self.rings_s * LISTENING_HZ)
            tail: Array = random.normal(0, 1, length) * 10 ** (-3 * np.arange(length) / length)
            tail *= 0.25 / np.sqrt(np.sum(np.square(tail)))
            rung: Any = np.convolve(said, tail)
            arrives = arrives + rung[: said.size]
        return arrives


def _factor(gain_db: float) -> float:
    return 10 ** (gain_db / 20)
