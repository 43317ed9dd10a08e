"""A device's hands: its tools' functions and drivers, and the connection that moves them now."""

from typing import Any

import pytest

from edgewise.cloud.xiaozhi.hands import BoardHands
from edgewise.core.call import Effect
from edgewise.errors import DeviceError
from edgewise.talk.xiaozhi.tools import BoardTool
from edgewise.testing.clock import ManualClock

LAMP = BoardTool("self.lamp.turn_on", "d", {"type": "object", "properties": {}})


class Connection:
    def __init__(self) -> None:
        self.called: list[str] = []

    async def call(self, name: str, arguments: dict[str, Any]) -> str:
        self.called.append(name)
        return "true"


async def write(hands: BoardHands) -> None:
    [driver] = [one for one in hands.drivers if one.prefix == "board"]
    [function] = [one for one in hands.functions if one.capability.name.startswith("board.")]
    await driver.write([Effect(function.capability.actuators[0], {})])


async def test_the_newest_connection_moves_them_and_an_old_end_takes_nothing():
    hands, old, new = BoardHands([LAMP], ManualClock()), Connection(), Connection()
    hands.connect(old)
    await write(hands)
    hands.connect(new)
    hands.disconnect(old)
    await write(hands)
    assert (old.called, new.called) == (["self.lamp.turn_on"], ["self.lamp.turn_on"])


async def test_without_a_connection_nothing_is_moved():
    hands, connection = BoardHands([LAMP], ManualClock()), Connection()
    hands.connect(connection)
    hands.disconnect(connection)
    with pytest.raises(DeviceError) as told:
        await write(hands)
    assert told.value.code == "no_provider"
    assert connection.called == []


async def test_it_stands_whatever_its_tools():
    for tools in ([], [LAMP]):
        drivers = {one.prefix: one for one in BoardHands(tools, ManualClock()).drivers}
        read = await drivers["Vehicle"].read(["Vehicle.Speed"])
        assert read["Vehicle.Speed"].value == 0.0
