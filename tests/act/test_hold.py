"""Holding a motor is allowed to anyone at any time, and nothing else comes through by that way."""

import asyncio
from itertools import product
from pathlib import Path

import msgspec
import pytest

from edgewise.act.classify import HOLDS
from edgewise.act.decide import decide
from edgewise.act.exposure import EXPOSED, hold_classes
from edgewise.act.facts import gather
from edgewise.act.policy import builtin_policy
from edgewise.core.call import Allow, Call, Decision, Deny, Effect, Resolved, hold, payload_hash
from edgewise.core.label import Label, OriginKind, label_of
from edgewise.core.message import Channel, Request, Speaker
from edgewise.core.part import TextPart
from edgewise.core.signal import Snapshot
from edgewise.core.zone import Zone
from edgewise.device.runtime import start_device
from edgewise.device.vehicle.faults import SlowBus
from edgewise.testing.clock import ManualClock
from tests.each_row import each_row
from tests.safety.situation import (
    ANYTHING,
    DRIVER_WINDOW,
    GEAR,
    IDLING,
    MOVING,
    PARKED,
    REAR_WINDOW,
    ROOF,
    snapshot,
)

SEAT = "Vehicle.Cabin.Seat.Row1.DriverSide.Position"
MOTORS = (DRIVER_WINDOW, REAR_WINDOW, ROOF + "Position", ROOF + "Shade.Position", SEAT,
          "Vehicle.Body.Trunk.Rear.Position", "Vehicle.Body.Mirrors.DriverSide.Pan")  # fmt: skip
USERS = (label_of(OriginKind.VOICE, "row2_left"), label_of(OriginKind.CLIENT, "mcp"))


def decided(
    *effects: Effect,
    state: Snapshot | None = None,
    speaker: Speaker | None = None,
    label: Label = USERS[0],
    inferred: bool = False,
) -> Decision:
    call = Call("1", "test.anything", {}, label, inferred=inferred)
    facts = gather(call, ANYTHING, Resolved(effects), state or snapshot(), speaker or Speaker())
    return decide(builtin_policy(), facts)


@pytest.mark.rule(4)
@pytest.mark.parametrize("state", [PARKED, IDLING, MOVING], ids=["parked", "idling", "moving"])
def test_anyone_may_hold_any_motor_in_any_state(state: dict[str, object]) -> None:
    everyone = product((None, *Zone), Channel, USERS, (False, True))
    for zone, channel, label, inferred in everyone:
        for now in (snapshot(state), Snapshot({}, 1_000.0, 0.0)):
            decision = decided(
                *map(hold, MOTORS),
                state=now,
                speaker=Speaker(zone, channel),
                label=label,
                inferred=inferred,
            )
            assert decision == Allow(), (zone, channel, label, inferred)


@pytest.mark.rule(4, 24)
@each_row(
    "effect",
    [
        msgspec.structs.replace(hold(REAR_WINDOW), value=0),
        hold("Vehicle.Body.Lights.Beam.Low.IsOn"),
        hold("Vehicle.Cabin.Door.Row1.DriverSide.IsLocked"),
        hold("Vehicle.Chassis.SteeringWheel.Angle"),
        hold(GEAR),
        hold("Vehicle.MotionManagement.Brake.VehicleForceMaximum"),
        hold("phone.contacts.1"),
        hold("phone.messages.1"),
        hold("mcp.tool"),
        hold("Vehicle.Nobody.Knows"),
    ],
)
def test_nothing_but_a_motor_can_be_held_and_never_with_a_value(effect: Effect) -> None:
    assert isinstance(decided(effect), Deny)


@pytest.mark.rule(7, 22)
def test_a_hold_takes_nothing_else_along() -> None:
    seated = snapshot({"Vehicle.Cabin.Seat.Row2.PassengerSide.OccupancyStatus": "OCCUPIED",
                       REAR_WINDOW: 80})  # fmt: skip
    for effect in (Effect(REAR_WINDOW, 0), Effect(ROOF + "Switch", "OPEN")):
        assert decided(effect, state=seated) != Allow()
        assert decided(hold(SEAT), effect, state=seated) == decided(effect, state=seated)
    assert isinstance(decided(hold(REAR_WINDOW), Effect(REAR_WINDOW, 0)), Deny)


@pytest.mark.rule(34)
def test_content_does_not_even_hold() -> None:
    assert isinstance(decided(hold(SEAT), label=label_of(OriginKind.MESSAGE, "Eve")), Deny)


@pytest.mark.rule(4, 22)
def test_a_place_written_back_is_no_hold_and_in_nobody_s_safe_direction() -> None:
    call = Call("1", "test.anything", {}, USERS[0])
    now = snapshot({REAR_WINDOW: 40})
    written = gather(call, ANYTHING, Resolved((Effect(REAR_WINDOW, 40),)), now, Speaker())
    held = gather(call, ANYTHING, Resolved((hold(REAR_WINDOW),)), now, Speaker())
    assert (written["action"], held["action"]) == ("reversible", "protect")


def test_every_motor_of_the_allow_list_can_be_held() -> None:
    for row in EXPOSED:
        target = row.pattern.replace("*", "X")
        assert (hold_classes(target) == (HOLDS,)) is (row.motor and row.exposed), target


@pytest.mark.rule(31)
def test_a_yes_to_a_hold_is_no_yes_to_a_removal() -> None:
    call = Call("1", "test.anything", {}, USERS[0])
    hashes = {
        payload_hash([(call, [e], ())]) for e in (hold("phone.x.1"), Effect("phone.x.1", None))
    }
    assert len(hashes) == 2


@pytest.mark.rule(4)
@pytest.mark.parametrize("text", ["停", "stop"])
async def test_said_on_a_slow_bus_stop_turns_no_window_round(text: str, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('chat_model = ""\n')
    clock = ManualClock()
    device = await start_device(tmp_path, clock=clock)
    car = device.vehicle
    assert car is not None
    await car.write([Effect(DRIVER_WINDOW, 100)])
    clock.advance(1.0)
    car.inject(SlowBus(0.4))
    places: list[float] = []

    async def say() -> object:
        request = Request((TextPart(text),), "s", Speaker())
        return [event async for event in device.agent.run(request)][-1]

    turn = asyncio.create_task(say())
    while not turn.done():
        clock.advance(0.02)
        places.append(car.export_state()[DRIVER_WINDOW])
        await asyncio.sleep(0)
    clock.advance(10.0)
    places.append(car.export_state()[DRIVER_WINDOW])
    await device.close()
    assert places == sorted(places)
    assert places[-1] < 100
    assert turn.result().changed == {DRIVER_WINDOW: places[-1]}  # type: ignore[attr-defined]
