"""What counts is the state at the moment of the write, not that of the decision before it.

Found: on a bus that takes 0.2 s for each step, a car that drove off between the decision on an
approved "open the trunk" and its write opened the trunk on the road.
"""

import asyncio

import pytest

from edgewise.core.call import Status
from edgewise.core.event import NeedsApproval
from edgewise.core.message import Approval, Proposal, Request, Speaker
from edgewise.core.zone import Zone
from edgewise.device.vehicle.faults import SlowBus
from tests.safety.cases_car import TRUNK
from tests.safety.device import car, results_of
from tests.safety.virtual_time import LoopClock, in_virtual_time

OPEN = Request((), "s", Speaker(), proposal=Proposal("trunk.set", {"which": "rear", "open": True}))


def approved_while_driving_off(bus_s: float, off_after_s: float | None) -> tuple[bool, Status, str]:
    """Whether the trunk opened after the yes, and how the call ended."""

    async def play(clock: LoopClock) -> tuple[bool, Status, str]:
        tested = await car(None, {"Vehicle.Speed": 0}, clock=clock, pace=1.0)
        *_, asked = await tested.run(OPEN)
        assert isinstance(asked, NeedsApproval)
        tested.vehicle.inject(SlowBus(bus_s))
        yes = Approval(asked.approval, asked.payload_hash, True)
        turn = asyncio.create_task(
            tested.run(Request((), "s", Speaker(asked.zone or Zone.DRIVER), approval=yes))
        )
        if off_after_s is not None:
            await asyncio.sleep(off_after_s)
            tested.vehicle.drive(speed_km_h=30, gear="D")
        (result,) = results_of(await turn)
        return tested.vehicle.export_state()[TRUNK] is True, result.status, result.code

    return in_virtual_time(play)


@pytest.mark.rule(23, 31)
@pytest.mark.parametrize("bus_s", [0.15, 0.2, 0.3, 0.45])
@pytest.mark.parametrize("part", [1.1, 1.5, 1.9, 2.5])
def test_who_drives_off_between_decision_and_write_keeps_the_trunk_shut(
    bus_s: float, part: float
) -> None:
    opened, status, code = approved_while_driving_off(bus_s, bus_s * part)
    assert not opened
    assert status is Status.DENIED
    assert code.startswith("R23")


@pytest.mark.rule(23)
@pytest.mark.parametrize("bus_s", [0.01, 0.2, 0.4])
def test_on_a_slow_bus_a_parked_car_still_opens_its_trunk(bus_s: float) -> None:
    assert approved_while_driving_off(bus_s, None) == (True, Status.DONE, "")


@pytest.mark.rule(36)
def test_a_bus_too_slow_to_look_again_in_time_opens_nothing() -> None:
    opened, status, _ = approved_while_driving_off(0.9, 1.0)
    assert (opened, status) == (False, Status.FAILED)
