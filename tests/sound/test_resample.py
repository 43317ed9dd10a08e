"""Sound at another rate: the tone stays the tone, in pieces as in one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgewise.errors import UserError
from edgewise.sound.pcm import Pcm
from edgewise.sound.resample import Resampler, resample
from tests.each_row import each_row


def tone(hertz: float, rate_hz: int, length_s: float = 1.0) -> Pcm:
    times = np.arange(round(rate_hz * length_s)) / rate_hz
    return Pcm((np.sin(2 * np.pi * hertz * times) * 10_000).astype("<i2").tobytes(), rate_hz)


def loudest_hertz(sound: Pcm) -> float:
    samples = np.frombuffer(sound.data, "<i2")
    return float(np.argmax(np.abs(np.fft.rfft(samples)))) * sound.rate_hz / samples.size


def differ(one: bytes, other: bytes) -> int:
    assert len(one) == len(other)
    apart = np.frombuffer(one, "<i2").astype(int) - np.frombuffer(other, "<i2")
    return int(np.abs(apart).max())


@each_row(
    ("from_hz", "to_hz"),
    [(8_000, 16_000), (44_100, 16_000), (48_000, 16_000), (24_000, 48_000), (192_000, 8_000)],
)
def test_a_tone_keeps_its_height_its_loudness_and_its_length(from_hz: int, to_hz: int):
    sound = resample(tone(440, from_hz), to_hz)
    assert sound.rate_hz == to_hz
    assert abs(sound.length_s - 1) < 0.001
    assert abs(loudest_hertz(sound) - 440) < 2
    assert abs(np.abs(np.frombuffer(sound.data, "<i2")).max() - 10_000) < 300


def test_what_the_new_rate_cannot_hold_is_taken_out_and_not_folded_down():
    folded = np.frombuffer(resample(tone(12_000, 48_000), 16_000).data, "<i2").astype(float)
    assert np.sqrt(np.mean(folded[1_000:-1_000] ** 2)) < 5


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 5_001), max_size=12), st.sampled_from([8_000, 44_100, 48_000]))
def test_sound_in_pieces_of_any_size_comes_out_as_in_one(sizes: list[int], from_hz: int):
    sound = tone(300, from_hz, 0.3)
    resampler, made, place = Resampler(from_hz, 16_000), b"", 0
    for size in sizes:
        made += resampler.feed(sound.data[place : place + size])
        place += size
    made += resampler.feed(sound.data[place:], last=True)
    assert differ(made, resample(sound, 16_000).data) <= 2


def test_after_the_last_piece_a_new_sound_begins_with_nothing_of_the_old():
    resampler = Resampler(48_000, 16_000)
    first = resampler.feed(tone(300, 48_000).data, last=True)
    assert differ(resampler.feed(tone(300, 48_000).data, last=True), first) <= 2


def test_what_waits_inside_is_less_than_40_ms():
    made = Resampler(48_000, 16_000).feed(tone(300, 48_000).data)
    assert len(made) / 2 >= 16_000 - 640


def test_sound_that_has_the_rate_already_passes_unchanged():
    resampler = Resampler(16_000, 16_000)
    assert resampler.feed(b"\1\2\3") + resampler.feed(b"\4") == b"\1\2\3\4"


@pytest.mark.parametrize(("from_hz", "to_hz"), [(7_999, 16_000), (16_000, 0), (192_001, 16_000)])
def test_a_rate_that_no_device_has_is_refused_with_the_limits(from_hz: int, to_hz: int):
    with pytest.raises(UserError, match=r"taken are 8,000 to 192,000") as refused:
        Resampler(from_hz, to_hz)
    assert refused.value.code == "bad_sound"
