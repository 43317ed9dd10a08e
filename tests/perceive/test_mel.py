"""The picture of a sound: its size, its scale, and that silence costs nothing and says nothing."""

import numpy as np
import pytest

from edgewise.perceive.mel import HOP, level, log_mel, samples_of


def tone(hertz: float, length_s: float = 1.0) -> np.ndarray:
    return np.sin(2 * np.pi * hertz * np.arange(int(16_000 * length_s)) / 16_000).astype(np.float32)


def test_sixteen_bits_become_numbers_up_to_one():
    assert samples_of(b"\x00\x80\x00\x40").tolist() == [-1.0, 0.5]


def test_the_picture_has_the_size_that_is_asked_for_whatever_the_length():
    for length_s in (0.1, 1.0, 9.0):
        assert log_mel(tone(440, length_s), 300).shape == (80, 300)
    assert log_mel(tone(440), 100, 128).shape == (128, 100)


def test_a_high_tone_lies_in_a_higher_band_than_a_low_one():
    low, high = (int(log_mel(tone(hertz), 100)[:, 50].argmax()) for hertz in (200, 3000))
    assert low < 10
    assert high > 50


def test_columns_behind_the_sound_are_as_if_they_had_been_transformed():
    sound = np.random.default_rng(0).standard_normal(16_000).astype(np.float32) * 0.1
    padded = np.pad(sound, (0, 300 * HOP - len(sound)))
    assert np.allclose(log_mel(sound, 300), log_mel(padded, 300), atol=1e-5)


def test_the_scale_is_that_of_whisper():
    picture = log_mel(tone(1000), 100)
    assert picture.max() == pytest.approx(1.5901667, abs=1e-4)  # of the transformers' extractor
    assert picture.max() - picture.min() <= 2.0 + 1e-6  # eight decades, by four
    silent = log_mel(np.zeros(16_000, np.float32), 100)
    assert silent.max() == silent.min() == pytest.approx(-1.5)


def test_levelled_sound_has_no_mean_and_the_variance_one():
    sound = level(tone(440) * 0.01 + 0.2)
    assert abs(sound.mean()) < 1e-3
    assert sound.var() == pytest.approx(1.0, abs=0.01)
