"""Figures with a prefix and tables that are folded, not cut."""

import pytest

from edgewise.cli.plan_columns import count, print_table, say, scaled, three_digits
from edgewise.core.words import Language, Words
from tests.cli.test_lists import fits
from tests.each_row import each_row


@each_row(
    "amount, told",
    [
        (None, "-"), (0.5, "0.50 B"), (999.6, "1.00 kB"), (255852544, "256 MB"),
        (1.98e15, "1.98 PB"), (34.1e9, "34.1 GB"), (0, "0.00 B"),
    ],
)  # fmt: skip
def test_three_digits_and_a_prefix(amount: float | None, told: str) -> None:
    assert scaled(amount, "B") == told


@each_row("amount, told", [(9.994, "9.99"), (9.996, "10.0"), (99.96, "100"), (1234, "1234")])
def test_three_digits(amount: float, told: str) -> None:
    assert three_digits(amount) == told


def test_a_count_has_a_digit_after_the_point_or_none() -> None:
    assert count(316.3e9) == "316.3 B"
    assert count(17032, 0) == "17032"
    assert count(12) == "12"


def test_a_long_first_column_is_folded_and_no_cell_is_cut(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    name = "a-very-long-name-" * 6
    print_table(
        (Words("model", "模型"), Words("size", "大小")), [(name, "9" * 20)], Language.ENGLISH
    )
    out = capsys.readouterr().out
    assert fits(out)
    assert "9" * 20 in out
    assert name in "".join(line.partition(" ")[0] for line in out.splitlines()[1:])


def test_what_is_said_is_folded_and_brackets_stay(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    say(Words("A [x]", "甲"), Words("word " * 40, "字"), Language.ENGLISH)
    out = capsys.readouterr().out
    assert out.startswith("A [x]: word")
    assert fits(out)
    assert out.count("word") == 40
