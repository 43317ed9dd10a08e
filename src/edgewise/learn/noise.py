"""Sounds that make hearing hard, made from numbers: noise of a drive, and clips without a word.

The music is made here too (chords, melody, drums): it has no singer, and says so in every report.
All of it is the same at each run.
"""

import numpy as np
from numpy.typing import NDArray

from edgewise.sound.pcm import LISTENING_HZ, Pcm

Sound = NDArray[np.float64]


def noisy(sound: Pcm, ratio_db: float, seed: int) -> Pcm:
    """The sound at LISTENING_HZ with the noise of a drive, so many decibels below the speech."""
    speech = np.frombuffer(sound.data, "<i2").astype(np.float64)
    noise = drive(len(speech), seed)
    loud = np.abs(speech) > 0.02 * max(1.0, float(np.abs(speech).max(initial=0.0)))
    power = float(np.mean(speech[loud] ** 2)) if loud.any() else 0.0
    gain = np.sqrt(power / 10 ** (ratio_db / 10) / max(float(np.mean(noise**2)), 1e-12))
    return _pcm(speech + gain * noise)


def drive(samples: int, seed: int) -> Sound:
    """Tyres and wind: noise that falls by 6 dB an octave from 200 Hz on, with some hiss."""
    white = np.random.default_rng(seed).standard_normal(samples)
    spectrum = np.fft.rfft(white)
    hertz = np.fft.rfftfreq(samples, 1 / LISTENING_HZ)
    shape = 1 / np.maximum(1.0, hertz / 200) + 0.03
    noise = np.fft.irfft(spectrum * shape, samples)
    return noise / max(float(np.std(noise)), 1e-12)


def wordless(length_s: float = 6.0) -> dict[str, list[Pcm]]:
    """Clips in which nobody says anything, by kind."""
    count = int(length_s * LISTENING_HZ)
    silent = [np.random.default_rng(n).standard_normal(count) * n for n in range(10)]
    noise = [drive(count, 40 + n) * 300 * (n + 1) for n in range(10)]
    hiss = [np.random.default_rng(60 + n).standard_normal(count) * 150 * (n + 1) for n in range(10)]
    return {
        "silence": [_pcm(one) for one in silent],
        "noise": [_pcm(one) for one in noise + hiss],
        "music": [_pcm(_music(count, n)) for n in range(20)],
    }


def _music(count: int, seed: int) -> Sound:
    """A chord, a melody and a drum in a beat of their own."""
    random = np.random.default_rng(100 + seed)
    time = np.arange(count) / LISTENING_HZ
    beat_s = random.uniform(0.35, 0.7)
    root = 110 * 2 ** (random.integers(0, 12) / 12)
    chord = sum(np.sin(2 * np.pi * root * 2 ** (step / 12) * time) for step in (0, 4, 7, 12))
    steps = random.choice([0, 2, 4, 5, 7, 9, 11, 12], size=int(time[-1] / beat_s) + 1)
    at = (time / beat_s).astype(int)
    phase = 2 * np.pi * np.cumsum(2 * root * 2 ** (steps[at] / 12)) / LISTENING_HZ
    fade = np.exp(-3 * (time / beat_s - at))
    overtones = sum(np.sin(n * phase) / n for n in range(1, 6))
    drum = random.standard_normal(count) * np.exp(-25 * (time % beat_s))
    mixed = 0.5 * chord + 1.5 * fade * overtones + 0.7 * drum
    return mixed * random.uniform(2000, 9000) / np.abs(mixed).max()


def _pcm(samples: Sound) -> Pcm:
    return Pcm(np.clip(samples, -32768, 32767).astype("<i2").tobytes())
