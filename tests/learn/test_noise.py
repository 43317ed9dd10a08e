"""Noise has the level that is asked for, and clips without words are what they are called."""

import numpy as np
import pytest

from edgewise.learn.noise import noisy, wordless
from edgewise.sound.level import level_dbfs
from edgewise.sound.pcm import Pcm


def speech() -> Pcm:
    time = np.arange(32_000) / 16_000
    return Pcm((np.sin(2 * np.pi * 300 * time) * 6000).astype("<i2").tobytes())


@pytest.mark.parametrize("ratio_db", [20, 10, 5])
def test_the_noise_is_so_far_below_the_speech(ratio_db: int):
    clean, mixed = (np.frombuffer(one.data, "<i2").astype(float)
                    for one in (speech(), noisy(speech(), ratio_db, 1)))  # fmt: skip
    found = 10 * np.log10(np.mean(clean**2) / np.mean((mixed - clean) ** 2))
    assert found == pytest.approx(ratio_db, abs=0.7)


def test_the_same_seed_gives_the_same_noise():
    assert noisy(speech(), 10, 1) == noisy(speech(), 10, 1) != noisy(speech(), 10, 2)


def test_silence_is_silent_and_the_others_are_not():
    clips = wordless(1.0)
    assert set(clips) == {"silence", "noise", "music"}
    assert all(level_dbfs(one.data) < -60 for one in clips["silence"])
    assert all(level_dbfs(one.data) > -50 for one in clips["noise"] + clips["music"])
    assert all(one.length_s == 1.0 for kind in clips.values() for one in kind)
