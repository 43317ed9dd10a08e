"""The dialogue: undo puts back in reverse order, repeat says the last answer."""

import pytest

from edgewise.core.call import Impossible

UNDO = {
    "session.undo": {
        "capability": "roof.set",
        "before": {"Vehicle.Cabin.Sunroof.Shade.Position": 0, "phone.alarms.1": None},
    }
}


def test_undo_writes_what_was_before_the_last_change_last_first(meaning):
    resolved = meaning("dialog.control", {"action": "undo"}, UNDO)
    assert [(e.target, e.value) for e in resolved.effects] == [
        ("phone.alarms.1", None),
        ("Vehicle.Cabin.Sunroof.Shade.Position", 0),
    ]


def test_undo_without_a_change_says_so(meaning):
    refused = meaning("dialog.control", {"action": "undo"})
    assert isinstance(refused, Impossible)
    assert refused.code == "nothing_to_undo"


def test_repeat_says_the_last_answer(meaning):
    told = meaning("dialog.control", {"action": "repeat"}, {"session.last_answer": "Window open."})
    assert told.data["said"] == "Window open."
    assert isinstance(meaning("dialog.control", {"action": "repeat"}), Impossible)


@pytest.mark.parametrize("action", ["confirm", "deny"])
def test_a_yes_to_nothing_does_nothing(meaning, action):
    assert isinstance(meaning("dialog.control", {"action": action}), Impossible)


@pytest.mark.parametrize("action", ["stop", "cancel"])
def test_stop_and_cancel_change_nothing_here(meaning, action):
    assert meaning("dialog.control", {"action": action}).effects == ()
