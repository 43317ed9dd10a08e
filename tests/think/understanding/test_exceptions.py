"""What an order excepts never moves, nor does all of it: the others do, or it is asked."""

import pytest

from edgewise.think.understanding import words as say
from edgewise.think.understanding.exceptions import trails, without_exception
from edgewise.think.understanding.normalise import normalise
from tests.each_row import each_row
from tests.think.understanding.test_guards import understood

ALL_BUT_DRIVER = ["passenger", "row2_left", "row2_right"]
ALL_BUT_PASSENGER = ["driver", "row2_left", "row2_right"]


@each_row(
    ("text", "windows", "percent"),
    [
        ("关上除主驾外的所有窗户", ALL_BUT_DRIVER, 0),
        ("打开所有车窗，除了副驾", ALL_BUT_PASSENGER, 100),
        ("所有窗户都关上，但别关副驾的", ALL_BUT_PASSENGER, 0),
        ("所有车窗打开一半，副驾除外", ALL_BUT_PASSENGER, 50),
        ("打开后排窗户，但左边的不要", ["row2_right"], 100),
        ("close all the windows but mine", ALL_BUT_DRIVER, 0),
        ("open all the windows except mine", ALL_BUT_DRIVER, 100),
        ("close all windows, not mine", ALL_BUT_DRIVER, 0),
        ("open all windows but keep mine closed", ALL_BUT_DRIVER, 100),
        ("except for the driver's window, close all the windows", ALL_BUT_DRIVER, 0),
        ("open the rear windows but not the left one", ["row2_right"], 100),
        ("close all windows other than the rear ones", ["front"], 0),
    ],
)
def test_the_others_move_and_not_the_excepted(text: str, windows: list[str], percent: int) -> None:
    calls = understood(text).calls
    assert [call.arguments for call in calls] == [{"windows": windows, "percent": percent}]


@each_row(
    "text",
    [
        "除了驾驶座，其他座椅加热都打开",
        "除了我的，窗户都关上",
        "除副驾以外的座椅加热都关掉",
        "turn on all seat heating except the passenger's",
        "除了大灯其他灯都关掉",
        "open everything except the trunk",
        "close all the windows but the sunroof",
        "fold the mirrors but not the right one",
        "put all the windows down but one",
        "除了副驾，司机的座椅加热也打开",
    ],
)
def test_what_cannot_be_left_out_is_asked_about_and_nothing_moves(text: str) -> None:
    thought = understood(text)
    assert thought.calls == ()
    assert thought.question == say.NO_EXCEPTIONS


def test_an_exception_holds_for_its_own_order_only() -> None:
    calls = understood("打开空调，关上所有车窗，除了副驾，再打开大灯").calls
    assert [call.arguments.get("windows") for call in calls] == [None, ALL_BUT_PASSENGER, None]


@pytest.mark.parametrize(
    "text", ["turn on the AC but keep the rear windows closed", "开空调，别开窗"]
)
def test_a_limit_on_another_thing_is_no_exception(text: str) -> None:
    assert [call.arguments for call in understood(text).calls] == [{"on": True}]


def test_an_exception_in_a_message_belongs_to_the_message() -> None:
    (call,) = understood("tell mom I like everything except fish").calls
    assert call.arguments["body"] == "I like everything except fish"


def test_demisting_is_no_exception() -> None:
    clause = normalise("打开除雾和外循环")
    assert without_exception(clause) == (clause, "")
    assert not trails("turn on the ac", "keep the windows closed")
