"""The car of a device that is in none: it stands, in park, and knows of nobody aboard.

Rules that ask for the state of a car take what is unknown as moving (rule 1), so a loudspeaker on a
shelf would be told to wait for the driver's attention. This driver says what is true of a shelf and
nothing more: whatever else is asked stays unknown, or is for the driver `beside` it, by which a
device has the few signals that people call by a car's names (its volume).
"""

import asyncio
from collections.abc import AsyncIterator, Sequence

from edgewise.act.driver import Driver, Remote
from edgewise.core.call import Effect
from edgewise.core.clock import Clock
from edgewise.core.signal import JsonValue, Reading
from edgewise.core.words import Words
from edgewise.errors import DeviceError

STANDS: dict[str, JsonValue] = {
    "Vehicle.Speed": 0.0,
    "Vehicle.Powertrain.Transmission.SelectedGear": 126,
}
"""VSS 6.0: km/h; 126 is park. What every turn reads (`Home.always_read`)."""


class Standing:
    """`act.driver.Driver` for `Vehicle`."""

    prefix = "Vehicle"

    def __init__(self, clock: Clock, beside: Driver | None = None) -> None:
        self._clock = clock
        self._beside = beside

    @property
    def receipts_only(self) -> tuple[str, ...]:
        """Those of the driver beside."""
        return () if self._beside is None else self._beside.receipts_only

    @property
    def away(self) -> Words | None:
        """What is wrong with the driver beside."""
        return self._beside.away if isinstance(self._beside, Remote) else None

    async def read(self, targets: Sequence[str]) -> dict[str, Reading]:
        """What of `targets`, or below them, is true of what stands, or known beside. Raises as
        the driver beside."""
        now = self._clock.monotonic()
        found = {
            name: Reading(value, now)
            for name, value in STANDS.items()
            if any(name == target or name.startswith(target + ".") for target in targets)
        }
        others = [target for target in targets if target not in STANDS]
        if self._beside is not None and others:
            found = await self._beside.read(others) | found
        return found

    async def write(self, effects: Sequence[Effect]) -> dict[str, JsonValue]:
        """By the driver beside, never what stands. Raises DeviceError (`not_writable`, its own)."""
        own = next((one.target for one in effects if one.target in STANDS), None)
        if self._beside is None or own is not None:
            told = f"{own or effects[0].target}: there is no car here"
            raise DeviceError(told, code="not_writable")
        return await self._beside.write(effects)

    async def watch(self, targets: Sequence[str]) -> AsyncIterator[dict[str, Reading]]:
        """What stands never changes; the rest as the driver beside tells."""
        others = [target for target in targets if target not in STANDS]
        if self._beside is not None and others:
            async for change in self._beside.watch(others):
                yield change
            return
        yield await self.read(targets)
        await asyncio.Event().wait()
