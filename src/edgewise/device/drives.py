"""When a drive begins, so that what was agreed to for one drive ends with it (rule P6).

A drive begins when the device starts, since nobody knows what was before, and whenever the car is
switched on; a car that does not tell its power begins one whenever it leaves park. What is unknown
counts as off: a drive more ends a consent early, a drive less would let something out.
"""

import asyncio
from collections.abc import Callable

from edgewise.act.driver import Drivers
from edgewise.core.signal import JsonValue
from edgewise.errors import DeviceError

POWER = "Vehicle.LowVoltageSystemState"
GEAR = "Vehicle.Powertrain.Transmission.SelectedGear"
PARK = 126
"""VSS 6.0, Powertrain.Transmission.SelectedGear."""
RETRY_S = 1.0
_ON = ("ON", "START")


class Ignition:
    """Whether the car is on, as its signals tell it one after another."""

    def __init__(self) -> None:
        self._power: JsonValue = None
        self._gear: JsonValue = None
        self.is_on = False

    def turned_on(self, changed: dict[str, JsonValue]) -> bool:
        """Take the newest values; whether the car was off before and is on now."""
        self._power = changed.get(POWER, self._power)
        self._gear = changed.get(GEAR, self._gear)
        before = self.is_on
        if self._power is not None:
            self.is_on = self._power in _ON
        else:
            self.is_on = self._gear is not None and self._gear != PARK
        return self.is_on and not before


async def follow_drives(
    drivers: Drivers, begin: Callable[[], object], *, retry_s: float = RETRY_S
) -> None:
    """Call `begin` for each drive from now on, the one at the start excepted. A `begin` that raises
    DeviceError is tried again until it does not. Runs until it is cancelled."""
    ignition, is_first = Ignition(), True
    async for changes in drivers.watch((POWER, GEAR)):
        begins = ignition.turned_on({name: one.value for name, one in changes.items()})
        if begins and not is_first:
            await _begun(begin, retry_s)
        is_first = False


async def _begun(begin: Callable[[], object], retry_s: float) -> None:
    while True:
        try:
            begin()
        except DeviceError:
            await asyncio.sleep(retry_s)
        else:
            return
