"""The dialogue: undo puts back in reverse order, repeat says the last answer."""

import pytest

from edgewise.act.catalogue import dialog
from edgewise.core.call import Call, Impossible, hold
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import Reading, Snapshot

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


CALLING = {"phone.call": [{"id": "current", "number": "120", "state": "dialling"}]}


@pytest.mark.rule(42)
@pytest.mark.parametrize("action", ["stop", "cancel", "deny"])
def test_stop_and_cancel_say_that_an_emergency_call_goes_on_and_how_to_end_it(meaning, action):
    """Found: 取消 after an emergency call was answered as if that had ended it."""
    resolved = meaning("dialog.control", {"action": action}, CALLING)
    assert resolved.effects == ()
    (note,) = resolved.notes
    assert "120 goes on" in note.words.en
    assert "挂断" in note.words.zh


def test_a_running_conversation_is_not_mentioned(meaning):
    talking = {"phone.call": [{"id": "current", "number": "13800000001", "state": "active"}]}
    assert meaning("dialog.control", {"action": "cancel"}, talking).notes == ()


WINDOW = "Vehicle.Cabin.Door.Row2.PassengerSide.Window.Position"
ROOF = "Vehicle.Cabin.Sunroof"


def control(action, readings):
    call = Call("t.1", "dialog.control", {"action": action}, label_of(OriginKind.VOICE))
    return dialog.control(call, Snapshot(readings, 100.0, 0.0))


@pytest.mark.rule(4)
@pytest.mark.parametrize("taken_at", [99.9, 0.0])
def test_stop_holds_what_moves_and_writes_no_place_however_old_the_reading(taken_at):
    moving = {WINDOW: Reading(63, taken_at, 0), f"{ROOF}.Position": Reading(5, taken_at, 99)}
    now = control("stop", moving | {f"{ROOF}.Shade.Position": Reading(50, taken_at)})
    assert now.effects == (hold(WINDOW), hold(f"{ROOF}.Position"))
    assert now.notes == ()


@pytest.mark.rule(4)
def test_stop_holds_what_only_a_switch_shows_to_be_moving():
    state = {f"{ROOF}.Switch": Reading("ONE_SHOT_CLOSE", 99.0), f"{ROOF}.Position": Reading(5, 99)}
    assert control("stop", state).effects == (hold(f"{ROOF}.Position"),)
    state[f"{ROOF}.Switch"] = Reading("INACTIVE", 99.0)
    assert control("stop", state).effects == ()


@pytest.mark.rule(4)
def test_a_lid_is_held_once_and_what_has_no_motor_is_told():
    lid = "Vehicle.Body.Trunk.Rear"
    moving = {f"{lid}.IsOpen": Reading(False, 99, True), f"{lid}.Position": Reading(5, 99, 100)}
    assert control("stop", moving).effects == (hold(f"{lid}.Position"),)
    other = control("stop", {"Vehicle.Cabin.HVAC.Station.X": Reading(1, 99, 2)})
    assert other.effects == ()
    assert "could not stop everything" in other.notes[0].words.en


@pytest.mark.rule(35)
def test_what_is_said_again_keeps_its_label():
    private = label_of(OriginKind.MESSAGE, "Eve", readers=("owner",))
    told = control("repeat", {"session.last_answer": Reading("code 42", 100.0, label=private)})
    assert told.label == private
