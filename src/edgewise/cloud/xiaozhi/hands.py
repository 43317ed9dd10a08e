"""What a voice device's tools let its agent do, and by which connection it does it now."""

from collections.abc import Sequence

from edgewise.act.board_driver import BoardDevice
from edgewise.act.board_tools import board_of
from edgewise.act.driver import Driver
from edgewise.act.function import Function
from edgewise.cloud.xiaozhi.hosts import Calls
from edgewise.core.capability import Capability
from edgewise.core.clock import Clock
from edgewise.hosting.standing import Standing
from edgewise.talk.xiaozhi.tools import BoardTool


class BoardHands:
    """Implements `hosts.Hands` for a device with these tools."""

    def __init__(self, tools: Sequence[BoardTool], clock: Clock) -> None:
        self._board = board_of(tools)
        self._device = BoardDevice(self._board, clock)
        self._clock = clock

    @property
    def functions(self) -> Sequence[Function]:
        """See `Hands`."""
        return self._board.functions

    @property
    def sayable(self) -> Sequence[Capability]:
        """See `Hands`."""
        return self._board.sayable

    @property
    def drivers(self) -> Sequence[Driver]:
        """See `Hands`: its own, and the car that it is not in."""
        own = {driver.prefix: driver for driver in self._device.drivers}
        standing = Standing(self._clock, own.pop(Standing.prefix, None))
        return (standing, *own.values())

    def connect(self, calls: Calls) -> None:
        """See `Hands`."""
        self._device.link = calls

    def disconnect(self, calls: Calls) -> None:
        """See `Hands`."""
        if self._device.link is calls:
            self._device.link = None
