"""Usage is whole numbers, summed unit by unit."""

from edgewise.cloud.usage import NOTHING, UNITS, Usage


def test_sums_are_made_unit_by_unit():
    one = Usage(*range(1, len(UNITS) + 1))
    assert one.plus(one) == Usage(*range(2, 2 * len(UNITS) + 1, 2))
    assert one.plus(NOTHING) == one


def test_tokens_are_input_and_output_and_no_part_twice():
    assert Usage(input_tokens=10, cached_tokens=8, output_tokens=5, reasoning_tokens=3).tokens == 15
