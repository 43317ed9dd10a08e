"""What is personal is not spoken with others aboard, whichever way it comes back (rule 43)."""

import asyncio
from pathlib import Path

import pytest

from edgewise.core.event import Answered, Manner
from edgewise.core.message import Channel, Speaker
from edgewise.core.zone import Zone
from edgewise.device.vehicle.faults import Stale
from tests.safety.cases_car import ALONE
from tests.safety.device import Car, car, said
from tests.safety.virtual_time import LoopClock, in_virtual_time

PASSENGER = "Vehicle.Cabin.Seat.Row1.PassengerSide.OccupancyStatus"
DRIVER = Speaker(Zone.DRIVER, Channel.VOICE)


async def manner_of(house: Car, text: str, speaker: Speaker = DRIVER) -> Manner:
    end = (await house.run(said(text, speaker)))[-1]
    assert isinstance(end, Answered), end
    return end.manner


@pytest.mark.rule(43)
@pytest.mark.parametrize("speaker", [DRIVER, Speaker(Zone.PASSENGER, Channel.VOICE)])
@pytest.mark.parametrize(
    ("first", "again"), [("read my messages", "repeat"), ("记住我怕冷", "再说一遍")]
)
async def test_what_was_personal_is_personal_when_it_is_said_again(
    tmp_path: Path, first: str, again: str, speaker: Speaker
) -> None:
    aboard = await car(tmp_path, {**ALONE, PASSENGER: "OCCUPIED"})
    assert await manner_of(aboard, first) is Manner.QUIET
    assert await manner_of(aboard, again, speaker) is Manner.QUIET
    assert await manner_of(aboard, again, speaker) is Manner.QUIET


@pytest.mark.rule(43)
async def test_alone_a_personal_answer_is_said_again_aloud(tmp_path: Path) -> None:
    alone = await car(tmp_path, ALONE)
    assert await manner_of(alone, "read my messages") is Manner.ALOUD
    assert await manner_of(alone, "repeat") is Manner.ALOUD


@pytest.mark.rule(43)
def test_seats_that_have_gone_silent_count_as_taken() -> None:
    async def play(clock: LoopClock) -> Manner:
        alone = await car(None, ALONE, clock=clock)
        alone.vehicle.inject(Stale("Vehicle.Cabin.Seat"))
        await asyncio.sleep(2.2)
        return await manner_of(alone, "read my messages")

    assert in_virtual_time(play) is Manner.QUIET
