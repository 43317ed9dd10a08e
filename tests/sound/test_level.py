"""Loudness in dBFS, and ducking without a click."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.sound.level import SILENT_DBFS, Ducking, amplify, level_dbfs


def constant(value: int, samples: int = 2_400) -> bytes:
    return np.full(samples, value, "<i2").tobytes()


def test_full_scale_is_0_and_half_of_it_6_less():
    assert abs(level_dbfs(constant(-32_768))) < 0.01
    assert abs(level_dbfs(constant(16_384)) + 6.02) < 0.01


@pytest.mark.parametrize("data", [b"", b"\1", constant(0)])
def test_silence_has_the_level_of_silence(data: bytes):
    assert level_dbfs(data) == SILENT_DBFS


def test_amplified_sound_is_held_within_16_bits():
    assert level_dbfs(amplify(constant(1_000), 20)) == pytest.approx(-10.3, abs=0.05)
    assert np.frombuffer(amplify(constant(20_000), 20), "<i2").max() == 32_767


def test_ducking_reaches_its_level_in_its_time_and_comes_back():
    ducking = Ducking(-18, ramp_ms=60, rate_hz=24_000)
    assert ducking.apply(constant(10_000)) == constant(10_000)
    ducking.lower()
    ducking.apply(constant(10_000, 24 * 60))
    assert ducking.gain_db == pytest.approx(-18)
    assert level_dbfs(ducking.apply(constant(10_000))) == pytest.approx(
        level_dbfs(constant(10_000)) - 18, abs=0.05
    )
    ducking.restore()
    ducking.apply(constant(10_000, 24 * 61))
    assert ducking.gain_db == 0.0


@given(st.lists(st.tuples(st.integers(0, 400), st.booleans()), max_size=20))
def test_ducking_never_jumps_whenever_it_is_turned_around(moves: list[tuple[int, bool]]):
    ducking, heard = Ducking(-18, ramp_ms=20, rate_hz=24_000), [10_000]
    for samples, lower in moves:
        if lower:
            ducking.lower()
        else:
            ducking.restore()
        heard += np.frombuffer(ducking.apply(constant(10_000, samples)), "<i2").tolist()
    steps = np.abs(np.diff(heard))
    # 18 dB in 480 samples is 0.43 % a sample
    assert steps.size == 0 or steps.max() <= 10_000 * 0.0045 + 1


@pytest.mark.parametrize(("by_db", "ramp_ms"), [(0, 60), (3, 60), (-18, 0)])
def test_ducking_that_would_not_lower_is_refused(by_db: float, ramp_ms: int):
    with pytest.raises(ValueError, match="give by_db < 0"):
        Ducking(by_db, ramp_ms=ramp_ms)
