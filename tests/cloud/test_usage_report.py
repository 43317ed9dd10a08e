"""A report's days and parts are what was asked, or refused by name."""

import pytest

from edgewise.cloud.refusal import Refused
from edgewise.cloud.usage_report import By, days_of, parts_of

NOW = 1_767_225_600.0  # 2026-01-01


def test_the_last_thirty_days_unless_told_otherwise():
    assert days_of("", "", NOW) == ("2025-12-03", "2026-01-01")
    assert days_of("2025-12-31", "", NOW) == ("2025-12-31", "2026-01-01")
    with pytest.raises(Refused, match="longer"):
        days_of("2020-01-01", "2026-01-01", NOW)


def test_parts_are_words_with_commas():
    assert parts_of("day,model") == {By.DAY, By.MODEL}
    assert parts_of("") == frozenset()
