"""Sums in a text are found and worked out again, by a parser that runs nothing."""

import pytest

from edgewise.route.arithmetic import numbers_in, sums_in, value_of


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("2 + 3 * 4", 14), ("(2 + 3) * 4", 20), ("10 / 4", 2.5), ("-3 + 5", 2), ("2(3 + 4)", 14),
        ("50% * 8", 4), ("1,000 × 2", 2000), ("$8 x 5", 40), ("8 ÷ 2", 4), ("--2", 2),
    ],
)  # fmt: skip
def test_an_expression_is_worked_out(expression: str, value: float) -> None:
    assert value_of(expression) == pytest.approx(value)


@pytest.mark.parametrize(
    "expression",
    ["", "1 / 0", "2 +", "(2", "2)", "a + 1", "__import__('os')", "9**9**9", "(" * 50 + "1"],
)
def test_what_is_no_sum_has_no_value(expression: str) -> None:
    assert value_of(expression) is None


def test_a_wrong_sum_does_not_hold() -> None:
    found = sums_in("She has 16 - 3 = 13 eggs, then 13 - 4 = $<<13-4=8>>8.")
    assert [each.holds for each in found] == [True, False]


def test_rounding_is_allowed() -> None:
    assert sums_in("10 / 3 = 3.33")[0].holds


def test_numbers_are_read_with_commas_and_points() -> None:
    assert numbers_in("1,234 and -2.5 and 60%") == [1234, -2.5, 60]


def test_a_long_text_is_read_in_time() -> None:
    assert len(sums_in("1+1=2 " * 2_000)) == 2_000
    assert sums_in("=" * 5_000 + "(" * 5_000) == []
