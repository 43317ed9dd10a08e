"""Ellipsis and corrections over two turns of the whole device, with a real car behind them."""

from pathlib import Path

import pytest

from edgewise.core.message import Speaker
from edgewise.core.zone import Zone
from tests.safety.situation import CALM
from tests.safety.test_four_ways import car, results_of, said

DRIVER = Speaker(Zone.DRIVER)


@pytest.mark.parametrize(
    ("first", "then", "capability"),
    [
        ("turn on the ac", "turn it off again", "climate.set_power"),
        ("打开主驾座椅加热", "副驾也要", "seat.set_heat_vent"),
        ("open the rear right window", "no, the left one", "window.set"),
        ("把温度调到二十二度", "再高一点", "climate.set_temperature"),
    ],
)
async def test_the_second_turn_acts_on_the_thing_of_the_first(
    tmp_path: Path, first: str, then: str, capability: str
):
    state = {path: value for path, value in CALM.items() if path.startswith("Vehicle.")}
    tested = await car(tmp_path, state)
    before = results_of(await tested.run(said(first, DRIVER)))
    after = results_of(await tested.run(said(then, DRIVER)))
    assert [result.capability for result in (*before, *after)] == [capability, capability]
