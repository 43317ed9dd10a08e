"""A FLAC's frames are told by their heads; what only looks like one counts for nothing."""

import random

import pytest

from edgewise.cloud.flac_frames import frames_ms

OF_RFC = bytes.fromhex("fff869180000bf")  # RFC 9639, appendix D.1: one sample at 44.1 kHz


def length(data: bytes, rate_hz: int = 8_000) -> float:
    return frames_ms(data, 0, rate_hz, lambda: None)


def test_the_frame_of_the_specifications_example_is_one_sample():
    assert length(OF_RFC + bytes(9)) == pytest.approx(1 / 44.1)


@pytest.mark.parametrize("bit", range(56))
def test_a_head_with_a_wrong_bit_is_none(bit: int):
    wrong = (int.from_bytes(OF_RFC) ^ 1 << bit).to_bytes(7)
    assert length(wrong + bytes(9)) == 0


def test_what_is_there_by_chance_is_nearly_nothing():
    assert length(random.Random(1).randbytes(2**22)) < 1_000


def test_a_head_that_is_cut_off_is_none():
    assert all(length(OF_RFC[:size]) == 0 for size in range(7))
