"""Checking of arguments: each kind, its limits, and what is asked or refused."""

import math
from typing import Any

from edgewise.act.arguments import check_arguments, check_value
from edgewise.core.call import Impossible, Missing
from edgewise.core.capability import Argument, Capability, Choice, Kind, Risk
from edgewise.core.words import Words
from tests.each_row import each_row

SIZE = Words("size", "大小")
ENDS = (Choice("min", Words("lowest", "最低")), Choice("max", Words("highest", "最高")))


def argument(kind: Kind, **given: Any) -> Argument:
    return Argument("size", kind, SIZE, **given)


def capability(*arguments: Argument, **given: Any) -> Capability:
    return Capability("test.set", Words("test", "测试"), Risk.REVERSIBLE, arguments, **given)


@each_row("value", [math.nan, math.inf, -math.inf, 1e300, 10**400])
@each_row("kind", [Kind.NUMBER, Kind.INTEGER, Kind.DURATION])
def test_numbers_that_are_none_or_too_large_are_refused(kind: Kind, value: float):
    checked = check_value(argument(kind), value)
    assert isinstance(checked, Impossible)
    assert checked.code == "out_of_range"


@each_row(
    ("kind", "value"),
    [
        (Kind.NUMBER, True),
        (Kind.NUMBER, "22"),
        (Kind.NUMBER, [22]),
        (Kind.INTEGER, 2.5),
        (Kind.INTEGER, False),
        (Kind.BOOLEAN, 1),
        (Kind.BOOLEAN, "on"),
        (Kind.TEXT, 5),
        (Kind.OBJECT, [1]),
    ],
)
def test_a_value_of_another_type_is_refused(kind: Kind, value: Any):
    checked = check_value(argument(kind), value)
    assert isinstance(checked, Impossible)
    assert checked.code == "wrong_type"


def test_a_whole_float_is_an_integer():
    assert check_value(argument(Kind.INTEGER), 3.0) == 3
    assert isinstance(check_value(argument(Kind.INTEGER), 3.0), int)


def test_a_value_out_of_range_is_told_with_value_and_limits():
    checked = check_value(argument(Kind.NUMBER, minimum=16, maximum=30, unit="°C"), 40)
    assert isinstance(checked, Impossible)
    assert checked.words.en == "The size can be 16 to 30 °C, not 40."
    assert checked.words.zh == "大小只能在16到30 °C之间，不能是40。"


def test_named_ends_become_the_limits():
    declared = argument(Kind.INTEGER, minimum=0, maximum=10, choices=ENDS)
    assert check_value(declared, "max") == 10
    assert check_value(declared, "最低") == 0


def test_a_choice_is_found_by_value_and_by_word_whatever_its_case():
    choices = (Choice("red", Words("red", "红色"), ("crimson",), ("红",)),)
    declared = argument(Kind.CHOICE, choices=choices)
    assert check_value(declared, "RED") == "red"
    assert check_value(declared, " crimson ") == "red"
    assert check_value(declared, "红") == "red"
    refused = check_value(declared, "green")
    assert isinstance(refused, Impossible)
    assert "green" in refused.words.zh


def test_zones_are_taken_from_words_and_each_once():
    assert check_value(argument(Kind.ZONES), ["driver", "DRIVER", "rear"]) == ["driver", "rear"]
    assert check_value(argument(Kind.ZONE), "passenger") == "passenger"
    assert isinstance(check_value(argument(Kind.ZONE), "roof"), Impossible)


@each_row("value", ["2026-11-24", "2026-11-24T07:00", "2026-11-24T07:00:00", "07:30"])
def test_a_local_moment_is_accepted(value: str):
    assert check_value(argument(Kind.MOMENT), value) == value


@each_row("value", ["tomorrow", "2026-13-40", "2026-11-24T07:00:00Z", 7, "25:00"])
def test_another_moment_is_refused(value: Any):
    assert isinstance(check_value(argument(Kind.MOMENT), value), Impossible)


def test_a_text_is_trimmed_and_limited():
    assert check_value(argument(Kind.TEXT), "  hello ") == "hello"
    long = check_value(argument(Kind.TEXT, maximum=5), "abcdef")
    assert isinstance(long, Impossible)
    assert long.code == "too_long"
    assert isinstance(check_value(argument(Kind.TEXT), "x" * 5000), Impossible)


def test_a_huge_object_is_refused():
    assert isinstance(check_value(argument(Kind.OBJECT), {"x": "y" * 70_000}), Impossible)
    deep: dict[str, Any] = {}
    for _ in range(5000):
        deep = {"x": deep}
    assert isinstance(check_value(argument(Kind.OBJECT), deep), Impossible)


def test_an_unknown_argument_is_refused_and_the_known_ones_are_named():
    checked = check_arguments(capability(argument(Kind.NUMBER)), {"colour": 1})
    assert isinstance(checked, Impossible)
    assert checked.code == "unknown_argument"
    assert "size" in checked.words.en


def test_a_missing_argument_is_asked_for_in_both_languages():
    checked = check_arguments(capability(argument(Kind.NUMBER, required=True)), {"size": None})
    assert checked == Missing("size", Words("What size would you like?", "大小要多少？"), ())


def test_empty_values_count_as_missing():
    declared = capability(argument(Kind.TEXT, required=True))
    assert isinstance(check_arguments(declared, {"size": "  "}), Missing)


def test_a_default_fills_what_was_not_said():
    assert check_arguments(capability(argument(Kind.TEXT, default="big")), {}) == {"size": "big"}


def test_exactly_one_of_a_group_must_be_given():
    both = capability(
        Argument("value", Kind.NUMBER, Words("value", "数值")),
        Argument("delta", Kind.NUMBER, Words("change", "变化")),
        one_of=(("value", "delta"),),
    )
    assert isinstance(check_arguments(both, {}), Missing)
    conflict = check_arguments(both, {"value": 1, "delta": 2})
    assert isinstance(conflict, Impossible)
    assert conflict.code == "conflicting_arguments"
    assert check_arguments(both, {"delta": 2}) == {"delta": 2}


def test_fahrenheit_becomes_celsius_before_the_range_is_checked():
    declared = capability(
        argument(Kind.NUMBER, minimum=16, maximum=30, unit="°C"),
        Argument("unit", Kind.CHOICE, Words("unit", "单位"), choices=(
            Choice("celsius", Words("C", "C")), Choice("fahrenheit", Words("F", "F")))),
    )  # fmt: skip
    assert check_arguments(declared, {"size": 72, "unit": "fahrenheit"}) == {
        "size": 22.0,
        "unit": "celsius",
    }
    assert isinstance(check_arguments(declared, {"size": 120, "unit": "fahrenheit"}), Impossible)
