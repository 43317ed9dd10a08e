"""Windows: whose, how far, and the child lock."""

import pytest

from edgewise.core.call import Impossible, Missing
from tests.each_row import each_row


def window(place: str) -> str:
    return f"Vehicle.Cabin.Door.{place}.Window.Position"


@each_row(
    ("zone", "place"),
    [
        ("driver", "Row1.DriverSide"),
        ("passenger", "Row1.PassengerSide"),
        ("row2_left", "Row2.DriverSide"),
        ("row2_right", "Row2.PassengerSide"),
    ],
)
def test_the_window_is_the_speakers_own_and_each_can_be_named(writes, zone, place):
    assert writes("window.set", {"percent": 100}, zone=zone) == {window(place): 100}
    assert writes("window.set", {"percent": 50, "windows": [zone]}) == {window(place): 50}


def test_groups_and_lists_stand_for_their_windows_once(writes):
    assert len(writes("window.set", {"percent": 100, "windows": ["all"]})) == 4
    assert list(writes("window.set", {"percent": 100, "windows": ["front", "driver"]})) == [
        window("Row1.DriverSide"),
        window("Row1.PassengerSide"),
    ]


def test_a_step_is_added_and_clamped(meaning):
    place = window("Row1.DriverSide")
    resolved = meaning("window.set", {"delta": 30}, {place: 80})
    assert [effect.value for effect in resolved.effects] == [100]
    assert "100%" in resolved.notes[0].words.en


def test_closing_a_closed_window_writes_nothing(meaning):
    resolved = meaning("window.set", {"percent": 0})
    assert resolved.effects == ()
    assert resolved.notes


def test_only_windows_that_differ_are_moved(writes):
    changes = {window("Row2.DriverSide"): 100}
    assert writes("window.set", {"percent": 0, "windows": ["all"]}, changes) == {
        window("Row2.DriverSide"): 0
    }


@pytest.mark.parametrize("percent", [-1, 101, 50.5])
def test_an_impossible_opening_is_refused(meaning, percent):
    assert isinstance(meaning("window.set", {"percent": percent}), Impossible)


def test_how_far_is_asked_for(meaning):
    assert isinstance(meaning("window.set", {}), Missing)


def test_the_answer_names_place_and_state_in_the_language_of_the_session(meaning):
    assert meaning("window.set", {"percent": 50}, language="zh").data["place"] == "主驾车窗"
    assert meaning("window.set", {"percent": 50}, language="zh").data["state"] == "已开到50%"
    assert meaning("window.set", {"percent": 0, "windows": ["rear"]}).data["place"] == (
        "Rear windows"
    )


def test_the_child_lock_is_one_signal(writes):
    lock = "Vehicle.Cabin.IsWindowChildLockEngaged"
    assert writes("window.set_child_lock", {"on": True}) == {lock: True}
    assert writes("window.set_child_lock", {"on": False}, {lock: True}) == {lock: False}
