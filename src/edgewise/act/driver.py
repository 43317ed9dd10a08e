"""Where effects land: the one small protocol that every device behind Edgewise speaks.

The simulated vehicle, a KUKSA databroker, the phone's stores, D-Bus, and MCP servers are drivers.
Targets start with the driver's prefix (`Vehicle.Speed`, `phone.contacts`).
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Protocol, runtime_checkable

from edgewise.core.call import Effect, EffectKind
from edgewise.core.signal import JsonValue, Reading
from edgewise.core.words import Words
from edgewise.errors import DeviceError


class Driver(Protocol):
    """A device or store that can be read, written and watched; one with motors is `Holding` too.

    `read` takes targets; a target that names an inner node returns everything below it (the prefix
    alone returns all). A target that the driver does not know is left out of the answer.

    `write` takes effects that belong together and hands them to the device; it returns before an
    actuator has moved. It returns receipts by target for targets that answer at once (a tool's
    output) and an empty mapping otherwise. It raises DeviceError with one of the codes
    `unknown_target`, `not_writable`, `wrong_type`, `out_of_range`, `no_provider`, `refused`,
    `timed_out`, and then nothing of the batch was written. A HOLD never comes to `write`.

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


@runtime_checkable
class Holding(Protocol):
    """A driver that can also stop motors where they are.

    `hold` stops those of `targets` (positions) that it can, and then raises DeviceError for the
    rest (`unknown_target`, `not_writable` for what has no motor, and the codes of `write`). It must
    not make a motor turn round. That a motor stands is read back: its reading has no other target
    than its value. A motor that a `write` may have set going has a target from the moment that the
    write is sent, also when nobody waits for its answer any more: "stop" must find it.
    """

    async def hold(self, targets: Sequence[str]) -> None: ...


@runtime_checkable
class Remote(Protocol):
    """A driver whose device may be away, now or from the start.

    `away` says so to the person, with what is wrong; while it is not `None`, `read` gives nothing
    and `write` raises.
    """

    @property
    def away(self) -> Words | None: ...


@runtime_checkable
class Stepwise(Protocol):
    """A driver of targets that are worked step by step: what comes next in a sentence builds on
    what the step before it left there, and is not done without it (`agent/stepwise.py`)."""

    @property
    def stepwise(self) -> tuple[str, ...]: ...


@runtime_checkable
class Slow(Protocol):
    """A driver whose readings take longer than those of others; `read_s` seconds at most."""

    @property
    def read_s(self) -> float: ...


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

    def stepwise(self, targets: Iterable[str]) -> frozenset[str]:
        """Those of `targets` that are worked step by step."""
        drivers = self._by_prefix.values()
        steps = {name for d in drivers if isinstance(d, Stepwise) for name in d.stepwise}
        return frozenset(steps.intersection(targets))

    def away(self, targets: Iterable[str]) -> dict[str, Words]:
        """What is wrong with the devices behind `targets` that are away, by prefix."""
        wrong: dict[str, Words] = {}
        for prefix in dict.fromkeys(map(_prefix, targets)):
            driver = self._by_prefix.get(prefix)
            if isinstance(driver, Remote) and driver.away is not None:
                wrong[prefix] = driver.away
        return wrong

    def patience_s(self, targets: Iterable[str], usual_s: float) -> float:
        """How long a reading of `targets` is worth waiting for: `usual_s`, or what the slowest of
        their drivers needs."""
        drivers = [self._by_prefix.get(_prefix(target)) for target in targets]
        return max([usual_s, *(driver.read_s for driver in drivers if isinstance(driver, Slow))])

    def by_device(self, targets: Sequence[str]) -> list[list[str]]:
        """`targets` by the driver that has them; those without a driver are left out."""
        return list(self._split(targets).values())

    async def read(self, targets: Sequence[str]) -> dict[str, Reading]:
        """Readings of `targets`; those without a driver are left out."""
        readings: dict[str, Reading] = {}
        for driver, wanted in self._split(targets).items():
            readings |= await driver.read(wanted)
        return readings

    def batches(self, effects: Sequence[Effect]) -> list[list[Effect]]:
        """`effects` by the driver that writes them, in order of appearance.

        Raises DeviceError (`no_provider` without a driver, `not_writable` for a hold by a driver
        that has no motors): then nothing need be written.
        """
        batches: dict[str, list[Effect]] = {}
        for effect in effects:
            driver = self._by_prefix.get(_prefix(effect.target))
            if driver is None:
                raise DeviceError(f"no device provides {effect.target}", code="no_provider")
            if effect.kind is EffectKind.HOLD and not isinstance(driver, Holding):
                raise DeviceError(f"{effect.target} has nothing to stop", code="not_writable")
            batches.setdefault(_prefix(effect.target), []).append(effect)
        return list(batches.values())

    async def write(self, effects: Sequence[Effect]) -> dict[str, JsonValue]:
        """Hand each driver its effects, what it shall hold first. Raises as `batches` does."""
        receipts: dict[str, JsonValue] = {}
        for batch in self.batches(effects):
            receipts |= await _hand_over(batch, self._by_prefix[_prefix(batch[0].target)])
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


async def _hand_over(batch: Sequence[Effect], driver: Driver) -> dict[str, JsonValue]:
    held = [effect.target for effect in batch if effect.kind is EffectKind.HOLD]
    if held and isinstance(driver, Holding):
        await driver.hold(held)
    written = [effect for effect in batch if effect.kind is EffectKind.SET]
    return await driver.write(written) if written else {}


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
