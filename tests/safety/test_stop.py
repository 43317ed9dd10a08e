"""A motor that is told to stop stops where it is, whatever the words, and turns round for none."""

import asyncio

import pytest

from edgewise.core.message import Speaker
from tests.each_row import each_row
from tests.safety.device import car, results_of, said
from tests.safety.situation import DRIVER_WINDOW, PARKED, ROOF
from tests.safety.virtual_time import LoopClock, in_virtual_time

WORDS = (
    "stop the window", "stop closing the window", "停止关窗", "车窗停下", "先别关窗，停",
    "stop stop stop", "别关了", "stop the window and lock the doors",
    "could you stop the rear window from going up",
)  # fmt: skip


DENIALS = ("don't close it", "don't move the window", "别关窗", "车窗别动")


def play_stop(text: str, start: int, first: str) -> tuple[float, float, float]:
    """Where the window is when `text` is said 1 s after `first`, half a second later, and in the
    end."""

    async def play(clock: LoopClock) -> tuple[float, float, float]:
        tested = await car(None, {**PARKED, DRIVER_WINDOW: start}, clock=clock, pace=1.0)
        before = asyncio.create_task(tested.run(said(first, Speaker()))) if first else None
        await asyncio.sleep(1.0)
        then = tested.vehicle.export_state()[DRIVER_WINDOW]
        stopping = asyncio.create_task(tested.run(said(text, Speaker())))
        await asyncio.sleep(0.5)
        soon = tested.vehicle.export_state()[DRIVER_WINDOW]
        await stopping
        if before is not None:
            await before
        await asyncio.sleep(20.0)
        return then, soon, tested.vehicle.export_state()[DRIVER_WINDOW]

    return in_virtual_time(play)


@pytest.mark.rule(4, 21)
@each_row("text", [*WORDS, *DENIALS])
def test_a_closing_window_is_held_where_it_is(text: str) -> None:
    then, soon, end = play_stop(text, 80, "close the driver window")
    assert 0 < then < 80
    assert soon == end
    assert 0 < end <= then


@pytest.mark.rule(4, 21)
@each_row("text", WORDS)
def test_an_opening_window_is_not_turned_round(text: str) -> None:
    then, soon, end = play_stop(text, 20, "open the driver window")
    assert 20 < then < 100
    assert soon == end
    assert then <= end < 100


@pytest.mark.rule(4, 21)
@each_row("text", [*WORDS, *DENIALS, "cancel the window", "停住车窗"])
def test_a_window_at_rest_stays_where_it_is(text: str) -> None:
    assert play_stop(text, 60, "") == (60, 60, 60)


@pytest.mark.rule(4, 21)
@pytest.mark.parametrize("text", ["stop the sunroof", "天窗停下", "stop the roof from closing"])
def test_a_roof_at_rest_stays_where_it_is(text: str) -> None:
    async def play(clock: LoopClock) -> tuple[float, list[str]]:
        state = {**PARKED, ROOF + "Position": 50, ROOF + "Shade.Position": 100}
        tested = await car(None, state, clock=clock, pace=1.0)
        results = results_of(await tested.run(said(text, Speaker())))
        await asyncio.sleep(20.0)
        end = tested.vehicle.export_state()[ROOF + "Position"]
        return end, [result.capability for result in results]

    assert in_virtual_time(play) == (50, ["dialog.control"])
