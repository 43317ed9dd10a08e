"""Sound as a picture of its pitches over time: the 80 log-mel bands that Whisper and its kin read.

Bands, window and scaling are those of OpenAI's Whisper (arXiv 2212.04356, section 2.2; Slaney's mel
scale), in numpy alone. It does not know what reads it.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from edgewise.sound.pcm import LISTENING_HZ

Samples = NDArray[np.float32]
"""From -1 to 1, at `LISTENING_HZ`."""

BANDS = 80
HOP = 160
"""Samples from one column to the next: 10 ms."""
COLUMNS_PER_S = LISTENING_HZ // HOP
_WINDOW = 400
_FLOOR = 1e-10
_RANGE = 8.0
"""Of log10 below the loudest that is kept."""


def samples_of(data: bytes) -> Samples:
    """16-bit samples as numbers from -1 to 1."""
    return np.frombuffer(data, "<i2").astype(np.float32) / np.float32(32768)


def log_mel(samples: Samples, columns: int, bands: int = BANDS) -> NDArray[np.float32]:
    """The picture, (bands, columns): silence behind `samples`, or their end cut off, to fit."""
    length = columns * HOP
    sound = samples[:length]
    # Behind the end of the sound stands silence; its columns are all floor and need no transform.
    heard = min(columns, -(-(len(sound) + _WINDOW // 2) // HOP))
    around = np.zeros(heard * HOP + 2 * _WINDOW, np.float32)
    around[_WINDOW // 2 :][: len(sound)] = sound
    _mirror(around, sound, length)
    windows = np.lib.stride_tricks.sliding_window_view(around, _WINDOW)[::HOP][:heard]
    power = np.abs(np.fft.rfft(windows * _hann(), axis=1)) ** 2
    picture = np.full((bands, columns), np.log10(_FLOOR), np.float32)
    picture[:, :heard] = np.log10(np.maximum(_bands(bands) @ power.T, _FLOOR))
    picture = np.maximum(picture, picture.max() - _RANGE)
    return ((picture + 4.0) / 4.0).astype(np.float32)


def level(samples: Samples) -> Samples:
    """Samples with mean 0 and variance 1, as smart-turn takes them."""
    return ((samples - samples.mean()) / np.sqrt(samples.var() + 1e-7)).astype(np.float32)


def _mirror(around: Samples, sound: Samples, length: int) -> None:
    """Before its begin (and behind its end, where it fills the picture) the sound is reflected."""
    half = _WINDOW // 2
    before = sound[1 : half + 1][::-1]
    around[half - len(before) : half] = before
    if len(sound) == length > half:
        around[half + length :][:half] = sound[-half - 1 : -1][::-1]


@cache
def _hann() -> NDArray[np.float32]:
    return np.hanning(_WINDOW + 1)[:-1].astype(np.float32)


@cache
def _bands(bands: int) -> NDArray[np.float32]:
    """How much of each frequency belongs to each band, (bands, 201): triangles of equal area."""
    edges = _hertz(np.linspace(_mel(0.0), _mel(LISTENING_HZ / 2), bands + 2))
    frequencies = np.linspace(0, LISTENING_HZ / 2, _WINDOW // 2 + 1)
    slopes = edges[:, None] - frequencies[None, :]
    widths = np.diff(edges)[:, None]
    rising, falling = -slopes[:-2] / widths[:-1], slopes[2:] / widths[1:]
    triangles = np.maximum(0, np.minimum(rising, falling))
    return (triangles * (2.0 / (edges[2:] - edges[:-2]))[:, None]).astype(np.float32)


_LINEAR_HZ = 200.0 / 3
_BREAK_HZ = 1000.0
_BREAK_MEL = _BREAK_HZ / _LINEAR_HZ
_STEP = np.log(6.4) / 27.0
"""Slaney's scale: straight below 1 kHz, logarithmic above."""


def _mel(hertz: float) -> float:
    if hertz < _BREAK_HZ:
        return hertz / _LINEAR_HZ
    return float(_BREAK_MEL + np.log(hertz / _BREAK_HZ) / _STEP)


def _hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    high = _BREAK_HZ * np.exp(_STEP * (mels - _BREAK_MEL))
    return np.where(mels < _BREAK_MEL, mels * _LINEAR_HZ, high)
