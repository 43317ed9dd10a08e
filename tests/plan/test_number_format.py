"""Bits of formats."""

from edgewise.plan.number_format import BITS, NumberFormat, bytes_each


def test_every_format_has_its_bits():
    assert set(BITS) == set(NumberFormat)
    assert all(0 < bits <= 32 for bits in BITS.values())


def test_scales_are_part_of_a_number():
    """llama.cpp: 32 weights of Q4_0 are 16 bytes and a scale of 2; 256 of Q6_K are 210 bytes."""
    assert bytes_each(NumberFormat.Q4_0) * 32 == 18
    assert bytes_each(NumberFormat.Q6_K) * 256 == 210
    assert bytes_each(NumberFormat.FP8) == 1
