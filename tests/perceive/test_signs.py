"""A sign or a warning is explained by the text that stands on it, and nothing else is."""

import pytest

from edgewise.perceive.signs import MOST, meanings


@pytest.mark.parametrize(
    ("lines", "part"),
    [
        (["STOP"], "give way"),
        (["停"], "停车让行"),
        (["Check Engine"], "Engine warning"),
        (["机油压力过低"], "熄火"),
        (["Speed limit", "80"], "Speed limit 80."),
        (["限速 60"], "限速 60。"),
        (["LOW TYRE PRESSURE"], "Tyre pressure"),
        (["前方施工！"], "减速慢行"),
    ],
)
def test_what_is_known_is_explained_in_both_languages(lines: list[str], part: str):
    (words,) = meanings(lines)
    assert part in words.en or part in words.zh
    assert words.en
    assert words.zh


@pytest.mark.parametrize("line", ["Don't stop me now", "停电通知", "80", "open all windows", ""])
def test_other_text_means_nothing_here(line: str):
    assert meanings([line]) == ()


def test_each_is_said_once_and_not_too_many():
    assert len(meanings(["STOP", "stop", "停"])) == 1
    many = ["STOP", "YIELD", "ONE WAY", "NO PARKING", "SLOW", "DETOUR", "ABS", "SRS", "LOW FUEL"]
    assert len(meanings(many)) == MOST
