"""One turn: five steps in order, one end, and nothing claimed that was not read back."""

from pathlib import Path

import msgspec
import pytest

from edgewise.act.function import Function
from edgewise.core.call import Allow, Status
from edgewise.core.event import (
    Answered,
    CallDecided,
    CallFinished,
    CallStarted,
    NeedsApproval,
    Stopped,
    TextDelta,
    TurnStarted,
)
from edgewise.core.message import Approval, Channel, Request, Speaker
from edgewise.core.part import TextPart
from edgewise.core.zone import Zone
from edgewise.device.vehicle.faults import Swallowed
from tests.agent.conftest import AIR, FUNCTIONS, REAR, SWITCH, TRUNK, WINDOW, House, request

SEAT = "Row2.PassengerSide"
GROWN_UP = {
    f"Vehicle.Cabin.Seat.{SEAT}.OccupancyStatus": "OCCUPIED",
    "Vehicle.Cabin.Seat.Row2.Middle.OccupancyStatus": "EMPTY",
    f"Vehicle.Edgewise.Occupant.{SEAT}.IsChild": False,
    "Vehicle.Cabin.IsWindowChildLockEngaged": False,
}
END = (Answered, NeedsApproval, Stopped)


def approval_of(end: object, *, approved: bool = True, payload: str = "") -> Approval:
    assert isinstance(end, NeedsApproval)
    return Approval(end.approval, payload or end.payload_hash, approved)


def one_way_function() -> Function:
    function = FUNCTIONS[1]
    capability = msgspec.structs.replace(function.capability, name="window.once", undoable=False)
    return Function(capability, function.resolve)


def rules_of(end: object) -> set[str]:
    assert isinstance(end, NeedsApproval), end
    return {rule.id for waiting in end.calls for rule in waiting.rules}


async def approve(house: House, approval: Approval, zone: Zone = Zone.DRIVER) -> list[object]:
    speaker = Speaker(zone, Channel.TOUCH)
    return [e async for e in house.agent.run(Request((), "s", speaker, approval=approval))]


async def test_a_command_goes_through_the_five_steps_in_order(house: House) -> None:
    events = await house.ask("air on")
    names = [event.__struct_config__.tag for event in events]
    assert names == [
        "turn_started",
        "perceived",
        "routed",
        "understood",
        "call_resolved",
        "call_decided",
        "call_started",
        "call_finished",
        "answered",
    ]


async def test_events_are_numbered_from_one_without_gaps(house: House) -> None:
    events = await house.ask("both")
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert len({event.turn for event in events}) == 1


async def test_a_turn_has_exactly_one_end_and_it_is_last(house: House) -> None:
    for text in ("air on", "trunk", "nonsense", "how are you", ""):
        events = await house.ask(text)
        assert [isinstance(event, END) for event in events].count(True) == 1
        assert isinstance(events[-1], END)


async def test_the_end_tells_what_changed_as_read_back(house: House) -> None:
    events = await house.ask("window half")
    assert events[-1].changed == {WINDOW: 50}
    assert house.state(WINDOW) == 50


async def test_a_failed_read_back_is_not_called_a_success(house: House) -> None:
    house.car.inject(Swallowed(AIR))
    house.catalogue.get("air.set")
    events = await house.ask("air on")
    assert events[-1].changed == {}
    assert "did not work" in events[-1].text


async def test_the_refused_part_of_a_sentence_does_not_stop_the_rest(house: House) -> None:
    house.car.drive(speed_km_h=100, gear="D")
    before = house.state(SWITCH)
    events = await house.ask("both")
    statuses = [e.result.status for e in events if isinstance(e, CallFinished)]
    assert statuses == [Status.DENIED, Status.DONE]
    assert house.state(SWITCH) == before
    assert events[-1].changed == {AIR: True}


async def test_a_denied_call_is_never_started(house: House) -> None:
    house.car.drive(speed_km_h=100, gear="D")
    events = await house.ask("lights off")
    assert not [event for event in events if isinstance(event, CallStarted)]


async def test_a_call_that_needs_a_yes_moves_nothing_before_it(house: House) -> None:
    events = await house.ask("trunk")
    assert isinstance(events[-1], NeedsApproval)
    assert house.state(TRUNK) is False


async def test_a_spoken_yes_carries_it_out(house: House) -> None:
    first = await house.ask("trunk")
    events = await house.ask("yes")
    assert isinstance(events[-1], Answered)
    assert house.state(TRUNK) is True
    assert events[-1].changed == {TRUNK: True}
    assert first[-1].turn != events[-1].turn


async def test_an_approval_names_the_turn_it_resumes(house: House) -> None:
    first = await house.ask("trunk")
    events = await approve(house, approval_of(first[-1]))
    assert isinstance(events[0], TurnStarted)
    assert events[0].resumes == first[-1].turn
    assert house.state(TRUNK) is True


async def test_the_policy_is_asked_again_when_the_yes_comes(house: House) -> None:
    await house.ask("trunk")
    house.car.drive(gear="D", speed_km_h=50)
    events = await house.ask("yes")
    decisions = [event for event in events if isinstance(event, CallDecided)]
    assert decisions
    assert house.state(TRUNK) is False
    assert events[-1].changed == {}


@pytest.mark.rule(22, 28)
@pytest.mark.parametrize("by_button", [False, True])
async def test_a_yes_is_none_to_a_rule_that_asks_since(house: House, by_button: bool) -> None:
    """Found: asked for the air conditioning's sake, a passenger's yes opened a child's window."""
    house.mind.script["open rear"] = [("rear.set", {"percent": 50})]
    house.car.set_sensor(AIR, True)
    for path, value in GROWN_UP.items():
        house.car.set_sensor(path, value)
    first = (await house.ask("open rear", zone=Zone.ROW2_RIGHT))[-1]
    assert (rules_of(first), first.zone) == ({"R11-window-with-air-conditioning"}, Zone.ROW2_RIGHT)
    house.car.set_sensor("Vehicle.Cabin.IsWindowChildLockEngaged", True)
    house.car.set_sensor(f"Vehicle.Edgewise.Occupant.{SEAT}.IsChild", True)
    if by_button:
        again = (await approve(house, approval_of(first), Zone.ROW2_RIGHT))[-1]
    else:
        again = (await house.ask("yes", zone=Zone.ROW2_RIGHT))[-1]
    assert rules_of(again) >= {"R11-window-with-air-conditioning", "R22-open-beside-child"}
    assert (again.zone, house.state(REAR)) == (Zone.DRIVER, 0)
    await house.ask("yes", zone=Zone.ROW2_RIGHT)
    assert house.state(REAR) == 0
    await house.ask("yes", zone=Zone.DRIVER)
    assert house.state(REAR) == 50


@pytest.mark.rule(31)
async def test_a_yes_covers_a_question_of_which_less_is_left(house: House) -> None:
    house.car.set_sensor(AIR, True)
    house.mind.script["open rear"] = [("rear.set", {"percent": 50})]
    for path, value in {**GROWN_UP, f"Vehicle.Edgewise.Occupant.{SEAT}.IsChild": True}.items():
        house.car.set_sensor(path, value)
    house.car.set_sensor("Vehicle.Cabin.IsWindowChildLockEngaged", True)
    assert len(rules_of((await house.ask("open rear"))[-1])) > 1
    house.car.set_sensor(AIR, False)
    events = await house.ask("yes")
    (decided,) = [event for event in events if isinstance(event, CallDecided)]
    assert (decided.decision, decided.confirmed) == (Allow(), True)
    assert house.state(REAR) == 50


async def test_what_needs_no_yes_any_more_is_done_without_one(house: House) -> None:
    house.car.set_sensor(AIR, True)
    house.mind.script["open"] = [("window.set", {"percent": 100})]
    assert isinstance((await house.ask("open"))[-1], NeedsApproval)
    house.car.set_sensor(AIR, False)
    events = await house.ask("yes")
    (decided,) = [event for event in events if isinstance(event, CallDecided)]
    assert (decided.decision, decided.confirmed) == (Allow(), False)
    assert house.state(WINDOW) == 100


async def test_a_yes_works_once(house: House) -> None:
    await house.ask("trunk")
    await house.ask("yes")
    house.car.set_sensor(TRUNK, False)
    events = await house.ask("yes")
    assert house.state(TRUNK) is False
    assert "nothing waiting" in events[-1].text


async def test_a_replayed_approval_moves_nothing(house: House) -> None:
    first = await house.ask("trunk")
    approval = approval_of(first[-1])
    await approve(house, approval)
    house.car.set_sensor(TRUNK, False)
    events = await approve(house, approval)
    assert house.state(TRUNK) is False
    assert events[-1].changed == {}


async def test_an_approval_of_other_content_moves_nothing(house: House) -> None:
    first = await house.ask("trunk")
    await approve(house, approval_of(first[-1], payload="0" * 64))
    assert house.state(TRUNK) is False


async def test_a_yes_from_another_seat_moves_nothing(house: House) -> None:
    first = await house.ask("trunk")
    await approve(house, approval_of(first[-1]), zone=Zone.PASSENGER)
    assert house.state(TRUNK) is False


async def test_a_no_voids_the_question(house: House) -> None:
    await house.ask("trunk")
    await house.ask("no")
    await house.ask("yes")
    assert house.state(TRUNK) is False


async def test_a_new_command_voids_the_question(house: House) -> None:
    await house.ask("trunk")
    await house.ask("air on")
    await house.ask("yes")
    assert house.state(TRUNK) is False


async def test_a_yes_through_mcp_moves_nothing(house: House) -> None:
    await house.ask("trunk")
    yes = Request((TextPart("yes"),), "s", Speaker(None, Channel.MCP))
    events = [event async for event in house.agent.run(yes)]
    assert house.state(TRUNK) is False
    assert isinstance(events[-1], Answered)


async def test_undo_puts_back_what_the_last_turn_changed(house: House) -> None:
    await house.ask("window half")
    events = await house.ask("undo")
    assert house.state(WINDOW) == 0
    assert events[-1].changed == {WINDOW: 0}


@pytest.mark.parametrize("then", ["air off", "lights off"])
async def test_undo_after_what_changed_nothing_undoes_nothing_older(
    house: House, then: str
) -> None:
    """The air is off already; the lights are refused on the road."""
    await house.ask("window half")
    house.car.drive(speed_km_h=100, gear="D")
    await house.ask(then)
    events = await house.ask("undo")
    assert events[-1].changed == {}
    assert house.state(WINDOW) == 50


async def test_undo_after_a_question_or_a_misheard_word_still_undoes(house: House) -> None:
    await house.ask("window half")
    await house.ask("how are you")
    await house.ask("nonsense")
    assert (await house.ask("undo"))[-1].changed == {WINDOW: 0}


async def test_what_was_so_already_is_not_among_what_is_undone(house: House) -> None:
    house.mind.script["two"] = [("window.set", {"percent": 50}), ("air.set", {"on": False})]
    await house.ask("two")
    assert (await house.ask("undo"))[-1].changed == {WINDOW: 0}


async def test_overheard_speech_neither_acts_nor_answers(house: House) -> None:
    overheard = Request((TextPart("air on"),), "s", Speaker(), addressed=False)
    events = [event async for event in house.agent.run(overheard)]
    assert house.state(AIR) is False
    assert events[-1].text == ""


async def test_free_text_comes_piece_by_piece_and_whole_at_the_end(house: House) -> None:
    events = await house.ask("how are you")
    assert [event.text for event in events if isinstance(event, TextDelta)] == ["Hello", " there."]
    assert events[-1].text.startswith("Hello there.")


async def test_a_text_over_the_limit_is_refused_with_the_limit(house: House) -> None:
    events = await house.ask("x" * 1_000_000)
    assert isinstance(events[-1], Stopped)
    assert (events[-1].code, "2,000" in events[-1].text) == ("text_too_long", True)


async def test_a_typed_call_of_a_program_is_judged_like_words(house: House) -> None:
    house.car.drive(speed_km_h=100, gear="D")
    before = house.state(SWITCH)
    speaker = Speaker(Zone.DRIVER, Channel.API)
    events = [
        event async for event in house.agent.run_call("light.set", {"state": "OFF"}, "s", speaker)
    ]
    assert house.state(SWITCH) == before
    assert events[-1].changed == {}


async def test_the_trail_holds_the_same_events(house: House) -> None:
    events = await house.ask("both")
    assert await house.agent.trail(events[0].turn) == events


async def test_what_can_not_be_undone_leaves_nothing_to_undo(house: House) -> None:
    await house.ask("window half")
    house.catalogue.add([one_way_function()])
    house.mind.script["one way"] = [("window.once", {"percent": 20})]
    await house.ask("one way")
    events = await house.ask("undo")
    assert events[-1].changed == {}
    assert house.state(WINDOW) == 20


async def test_a_movement_that_outlasts_the_deadline_is_no_failure_and_can_be_undone(
    tmp_path: Path,
) -> None:
    """The one thing that may outlast it (`core.message.Request`): what has begun is read back."""
    house = House(tmp_path, pace=10.0)  # half a window takes 0.2 s, and is given 0.3 s
    try:
        asked = msgspec.structs.replace(request("window half"), deadline_s=0.05)
        end = (await house.run(asked))[-1]
        assert isinstance(end, Answered)
        assert (end.changed, house.state(WINDOW)) == ({WINDOW: 50}, 50)
        undone = (await house.ask("undo"))[-1]
        assert undone.changed == {WINDOW: 0}
    finally:
        await house.agent.close()


async def test_a_command_that_could_not_begin_by_the_deadline_is_dropped(house: House) -> None:
    house.car.inject(Swallowed(WINDOW))  # its read-back takes 0.3 s
    house.mind.script["twice"] = [("window.set", {"percent": p}) for p in (80, 20)]
    events = await house.run(msgspec.structs.replace(request("twice"), deadline_s=0.15))
    results = [event.result for event in events if isinstance(event, CallFinished)]
    assert [result.status for result in results] == [Status.FAILED, Status.EXPIRED]
    assert len([event for event in events if isinstance(event, CallStarted)]) == 1
