"""A table that is gone through in one test: no row is left out, each failure is told."""

from collections.abc import Generator
from contextlib import contextmanager
from inspect import signature
from typing import Any

import pytest

from tests.each_row import each_row


class Told:
    """Stands in for pytest's subtests: keeps which rows failed and why."""

    def __init__(self) -> None:
        self.failed: list[tuple[dict[str, Any], str]] = []

    @contextmanager
    def test(self, **row: Any) -> Generator[None]:
        try:
            yield
        except (ValueError, pytest.fail.Exception) as failure:
            self.failed.append((row, str(failure)))


def test_each_failed_row_is_told_and_the_others_are_gone_through():
    seen = list[int]()

    @each_row(("number", "limit"), [(1, 1), (3, 2), (2, 2), (5, 4)])
    def small(number: int, limit: int):
        seen.append(number)
        if number > limit:
            raise ValueError(f"{number} is too large")

    small(told := Told())
    assert seen == [1, 3, 2, 5]
    assert told.failed == [
        ({"number": 3, "limit": 2}, "3 is too large"),
        ({"number": 5, "limit": 4}, "5 is too large"),
    ]


def test_stacked_tables_are_all_combinations_and_fixtures_are_handed_on():
    @each_row("a", [1, 2])
    @pytest.mark.slow
    @each_row("b", [[3], [4]])
    def failing(a: int, b: list[int], fixture: str):
        pytest.fail(fixture)

    assert list(signature(failing).parameters) == ["subtests", "fixture"]
    assert [mark.name for mark in failing.pytestmark] == ["slow"]
    failing(told := Told(), fixture="why")
    rows = [(row["a"], *row["b"]) for row, _ in told.failed]
    assert sorted(rows) == [(1, 3), (1, 4), (2, 3), (2, 4)]
    assert {why for _, why in told.failed} == {"why"}


def test_a_table_without_rows_is_refused():
    with pytest.raises(AssertionError):
        each_row("a", [])


def test_an_async_test_is_refused_as_nobody_would_await_it():
    async def test(number: int) -> None:
        del number

    with pytest.raises(AssertionError, match="never be awaited"):
        each_row("number", [1])(test)  # pyright: ignore[reportArgumentType]
