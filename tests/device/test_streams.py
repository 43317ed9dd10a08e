"""What the API streams besides turns, for whom."""

import asyncio
from contextlib import aclosing

from edgewise.act.driver import Drivers
from edgewise.core.call import Effect
from edgewise.core.event import TurnStarted
from edgewise.core.message import Speaker
from edgewise.device.callers import Caller
from edgewise.device.streams import board_frames, state_changes
from edgewise.device.vehicle.simulated import SimulatedVehicle
from edgewise.hosting.board import Board

AIR = "Vehicle.Cabin.HVAC.IsAirConditioningActive"


def started(turn: str, session: str) -> TurnStarted:
    return TurnStarted(
        seq=1,
        at=1.0,
        turn=turn,
        session=session,
        speaker=Speaker(),
        policy_hash="",
        catalogue_hash="",
    )


async def test_a_program_sees_the_turns_of_its_own_sessions_only() -> None:
    board = Board()
    frames = board_frames(board, Caller.PROGRAM)
    async with aclosing(frames):
        await anext(frames)
        following = asyncio.ensure_future(anext(frames))
        await asyncio.sleep(0)
        board.post(started("t1", "default"))
        board.post(started("t2", "program.mine"))
        assert b"program.mine" in await asyncio.wait_for(following, 2)


async def test_the_state_comes_whole_and_then_as_it_changes() -> None:
    car = SimulatedVehicle()
    changes = state_changes(Drivers([car]), ["Vehicle"])
    async with aclosing(changes):  # type: ignore[type-var]
        first = await anext(changes)
        assert first[AIR] is False
        await car.write([Effect(AIR, True)])
        assert (await asyncio.wait_for(anext(changes), 2))[AIR] is True
