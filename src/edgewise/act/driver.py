"""Where effects land: the one small protocol that every device behind Edgewise speaks.

The simulated vehicle, a KUKSA databroker, the phone's stores, D-Bus, and MCP servers are drivers.
Targets start with the driver's prefix (`Vehicle.Speed`, `phone.contacts`).
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from edgewise.core.call import Effect
from edgewise.core.signal import JsonValue, Reading
from edgewise.errors import DeviceError


class Driver(Protocol):
    """A device or store that can be read, written and watched.

    `read` takes targets; a target that names an inner node returns everything below it (the prefix
    alone returns all). A target that the driver does not know is left out of the answer.

    `write` takes effects that belong together and hands them to the device; it returns before an
    actuator has moved. It returns receipts by target for targets that answer at once (a tool's
    output) and an empty mapping otherwise. It raises DeviceError with one of the codes
    `unknown_target`, `not_writable`, `wrong_type`, `out_of_range`, `no_provider`, `refused`,
    `timed_out`, and then nothing of the batch was written.

    `watch` yields the current readings of its targets first and then each change.

    `receipts_only` names the targets (by prefix) that have no state to read back: their receipt is
    the only evidence of success.
    """

    @property
    def prefix(self) -> str: ...

    @property
    def receipts_only(self) -> tuple[str, ...]: ...

    async def read(self, targets: Sequence[str]) -> dict[str, Reading]: ...

    async def write(self, effects: Sequence[Effect]) -> dict[str, JsonValue]: ...

    def watch(self, targets: Sequence[str]) -> AsyncIterator[dict[str, Reading]]: ...


class Drivers:
    """All drivers of a device as one: each target goes to the driver whose prefix it starts with.

    A batch of effects for several drivers is written driver by driver in order of appearance; it
    is all-or-nothing within one driver only.
    """

    prefix = ""

    def __init__(self, drivers: Sequence[Driver]) -> None:
        self._by_prefix: dict[str, Driver] = {driver.prefix: driver for driver in drivers}

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The prefixes that have a driver."""
        return tuple(self._by_prefix)

    @property
    def receipts_only(self) -> tuple[str, ...]:
        """The targets of all drivers that cannot be read back."""
        return tuple(name for d in self._by_prefix.values() for name in d.receipts_only)

    def has_readback(self, target: str) -> bool:
        """Whether a write to `target` can be checked by reading it."""
        return not any(target == n or target.startswith(n + ".") for n in self.receipts_only)

    async def read(self, targets: Sequence[str]) -> dict[str, Reading]:
        """Readings of `targets`; those without a driver are left out."""
        readings: dict[str, Reading] = {}
        for driver, wanted in self._split(targets).items():
            readings |= await driver.read(wanted)
        return readings

    async def write(self, effects: Sequence[Effect]) -> dict[str, JsonValue]:
        """Hand each driver its effects. Raises DeviceError (`no_provider` without a driver)."""
        for effect in effects:
            if _prefix(effect.target) not in self._by_prefix:
                raise DeviceError(f"no device provides {effect.target}", code="no_provider")
        receipts: dict[str, JsonValue] = {}
        batches: dict[str, list[Effect]] = {}
        for effect in effects:
            batches.setdefault(_prefix(effect.target), []).append(effect)
        for prefix, batch in batches.items():
            receipts |= await self._by_prefix[prefix].write(batch)
        return receipts

    async def watch(self, targets: Sequence[str]) -> AsyncIterator[dict[str, Reading]]:
        """Current readings of `targets`, then changes, from all their drivers merged.

        It ends when every driver's own watch has ended, at once where there is none, and raises
        what a driver's watch raises.
        """
        parts = list(self._split(targets).items())
        if len(parts) == 1:
            driver, wanted = parts[0]
            async with _ended(driver.watch(wanted)) as changes:
                async for change in changes:
                    yield change
            return
        queue: asyncio.Queue[dict[str, Reading]] = asyncio.Queue(maxsize=1024)

        async def pump(driver: Driver, wanted: Sequence[str]) -> None:
            async with _ended(driver.watch(wanted)) as changes:
                async for change in changes:
                    await queue.put(change)

        pumps = {asyncio.create_task(pump(driver, wanted)) for driver, wanted in parts}
        arrival = asyncio.create_task(queue.get())
        try:
            while pumps or not queue.empty() or arrival.done():
                await asyncio.wait({arrival, *pumps}, return_when=asyncio.FIRST_COMPLETED)
                if arrival.done():
                    yield arrival.result()
                    arrival = asyncio.create_task(queue.get())
                    continue
                over = {task for task in pumps if task.done()}
                for task in over:
                    task.result()
                pumps -= over
        finally:
            for task in (arrival, *pumps):
                task.cancel()
            await asyncio.gather(arrival, *pumps, return_exceptions=True)

    def _split(self, targets: Sequence[str]) -> dict[Driver, list[str]]:
        split: dict[Driver, list[str]] = {}
        for target in targets:
            driver = self._by_prefix.get(_prefix(target))
            if driver is not None:
                split.setdefault(driver, []).append(target)
        return split


def _prefix(target: str) -> str:
    return target.partition(".")[0]


@asynccontextmanager
async def _ended(
    changes: AsyncIterator[dict[str, Reading]],
) -> AsyncGenerator[AsyncIterator[dict[str, Reading]], None]:
    """Ends a driver's watch with the block, not whenever it is collected as garbage."""
    try:
        yield changes
    finally:
        if isinstance(changes, AsyncGenerator):
            await changes.aclose()
