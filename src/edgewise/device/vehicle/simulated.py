"""The simulated vehicle: a Driver with VSS 6.0 names, a clock, and faults on demand.

Time-dependent values are computed when somebody looks; a timer runs only while somebody watches
and something moves. It decides nothing about safety (that is the policy's work), yet it refuses by
itself what software must never move (`signals.toml`, [closed]).
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from functools import cache

from edgewise.core.call import Effect
from edgewise.core.clock import Clock, SystemClock
from edgewise.core.signal import JsonValue, Reading
from edgewise.device.vehicle import battery
from edgewise.device.vehicle.alarm import Cancel, call_at, wait_until
from edgewise.device.vehicle.car import Car
from edgewise.device.vehicle.couplings import (
    DRIVE,
    NEUTRAL,
    PARK,
    REVERSE,
    SELECTED_GEAR,
    SPEED,
)
from edgewise.device.vehicle.faults import (
    Fault,
    MissingValue,
    ProviderGone,
    SlowBus,
    Stale,
    Stuck,
    Swallowed,
    covers,
)
from edgewise.device.vehicle.signals import Signal, check_write, load_signals
from edgewise.device.vehicle.state import check_setting, check_state
from edgewise.errors import DeviceError, UserError

GEARS: Mapping[str, int] = {"P": PARK, "R": REVERSE, "N": NEUTRAL, "D": DRIVE}
"""Letters of the lever and the numbers VSS 6.0 has for them."""


class SimulatedVehicle:
    """A car that can be read, written, watched, driven and broken (`act.driver.Driver`)."""

    prefix = "Vehicle"
    receipts_only: tuple[str, ...] = ()

    def __init__(self, clock: Clock | None = None, *, pace: float = 1.0) -> None:
        """A new car, parked. `pace` makes its motors that many times faster."""
        if not pace > 0:
            raise UserError(f"pace must be above 0, not {pace}")
        self._clock: Clock = clock or SystemClock()
        self.signals: Mapping[str, Signal] = load_signals()
        self._car = Car(self.signals, pace=pace)
        self._at = self._clock.monotonic()
        self._faults: dict[Fault, dict[str, Reading | None]] = {}
        self._watchers: set[asyncio.Event] = set()
        self._cancel_tick: Cancel | None = None

    @classmethod
    def from_state(
        cls,
        state: Mapping[str, JsonValue],
        clock: Clock | None = None,
        *,
        pace: float = 1.0,
    ) -> "SimulatedVehicle":
        """A car in a given state: path -> value, `None` for a signal that is missing.

        What follows from a value is set with it (a speed above 0 shifts out of park) unless the
        state says otherwise. Raises UserError that names path, value and what is allowed.
        """
        vehicle = cls(clock, pace=pace)
        checked = check_state(state, vehicle.signals)
        for path, value in checked.items():
            vehicle._car.put(path, value)
        for path, value in checked.items():
            vehicle._car.force(path, value)
        vehicle._car.settle(vehicle._clock.now())
        for path, value in checked.items():
            vehicle._car.force(path, value)
        return vehicle

    def export_state(self) -> dict[str, JsonValue]:
        """All values now, and `None` for signals that are missing: food for `from_state`."""
        self._advance()
        return {path: self._car.values.get(path) for path in self.signals}

    async def read(self, targets: Sequence[str]) -> dict[str, Reading]:
        """Current readings; an inner node gives all below it, unknown names are left out."""
        await self._delay()
        return self._sample(targets)

    async def write(self, effects: Sequence[Effect]) -> dict[str, JsonValue]:
        """Check all effects, then start them in order. Raises DeviceError (`act.driver.Driver`)."""
        await self._delay()
        self._advance()
        checked = [(effect.target, self._checked(effect)) for effect in effects]
        for path, value in checked:
            if not self._is_swallowed(path):
                self._car.command(path, value)
        self._changed()
        return {}

    async def hold(self, targets: Sequence[str]) -> None:
        """Stop the motors of `targets` where they are (`act.driver.Holding`)."""
        await self._delay()
        self._advance()
        failures: list[DeviceError] = []
        for path in targets:
            try:
                self._check_motor(path)
            except DeviceError as error:
                failures.append(error)
            else:
                if not self._is_swallowed(path):
                    self._car.hold(path)
        self._changed()
        if failures:
            raise failures[0]

    async def watch(self, targets: Sequence[str]) -> AsyncIterator[dict[str, Reading]]:
        """Current readings first, then each change; changes close together come as one."""
        wake = asyncio.Event()
        self._watchers.add(wake)
        try:
            sent = self._sample(targets)
            self._arm()
            yield dict(sent)
            while True:
                await wake.wait()
                wake.clear()
                await self._delay()
                current = self._sample(targets)
                changes = _differences(sent, current, self._clock.monotonic())
                if changes:
                    sent = current
                    yield changes
        finally:
            self._watchers.discard(wake)
            self._arm()

    def drive(self, *, speed_km_h: float | None = None, gear: str | int | None = None) -> None:
        """A person drives: set speed, gear (`P`, `R`, `N`, `D` or a VSS number), or both.

        Raises UserError for a car that would roll in park, or values beyond the table.
        """
        self._advance()
        number = GEARS.get(gear.upper()) if isinstance(gear, str) else gear
        if gear is not None and number is None:
            raise UserError(f"there is no gear {gear!r}; use one of {', '.join(GEARS)}")
        if number is not None:
            number = check_setting(SELECTED_GEAR, number, self.signals)
        speed = check_setting(SPEED, speed_km_h, self.signals)
        rolls = (self._car.values.get(SPEED) if speed is None else speed) not in (0, None)
        if number == PARK and rolls:
            raise UserError(
                "the car can not be in park (P) while it rolls; stop it first (speed_km_h=0)"
            )
        if number is not None:
            self._car.put(SELECTED_GEAR, number)
        if speed is not None:
            self._car.put(SPEED, speed)
        self._changed()

    def set_sensor(self, path: str, value: JsonValue) -> None:
        """A hand, a pedal or the world sets any signal at once; `None` makes it missing.

        Raises UserError that names path, value and what is allowed.
        """
        checked = check_setting(path, value, self.signals)
        self._advance()
        self._car.put(path, checked)
        self._changed()

    def inject(self, fault: Fault) -> None:
        """Break something, until it is healed. Raises UserError for a target without signals."""
        self._advance()
        paths = () if isinstance(fault, SlowBus) else self._paths_of_fault(fault.target)
        frozen: dict[str, Reading | None] = {}
        match fault:
            case Stuck(at=at):
                for path in paths:
                    if self.signals[path].rate_per_s:
                        self._car.jam(path, at)
            case Stale() | ProviderGone():
                now = self._sample(paths)
                frozen = {path: now.get(path) for path in paths}
            case MissingValue():
                frozen = dict.fromkeys(paths)
            case SlowBus() | Swallowed():
                pass
        self._faults[fault] = frozen
        self._changed()

    def heal(self, fault: Fault | None = None) -> None:
        """Repair one fault, or all of them."""
        self._advance()
        if fault is None:
            self._faults.clear()
        else:
            self._faults.pop(fault, None)
        self._car.unjam()
        for stuck in self._faults:
            if isinstance(stuck, Stuck):
                for path in self._paths_of_fault(stuck.target):
                    if self.signals[path].rate_per_s:
                        self._car.jam(path, stuck.at)
        self._changed()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is broken now."""
        return tuple(self._faults)

    def _checked(self, effect: Effect) -> JsonValue:
        signal = self._provided(effect.target)
        value = check_write(signal, effect.value)
        starts = effect.target == battery.COMMAND and value == "START"
        if starts and not self._car.values.get(battery.CABLE):
            raise DeviceError("no charging cable is connected", code="refused")
        return value

    def _check_motor(self, path: str) -> None:
        if not self._provided(path).rate_per_s:
            raise DeviceError(f"{path} has no motor to stop", code="not_writable")

    def _provided(self, path: str) -> Signal:
        signal = self.signals.get(path)
        if signal is None:
            raise DeviceError(f"this car has no signal {path}", code="unknown_target")
        for fault in self._faults:
            if isinstance(fault, ProviderGone) and covers(fault.target, path):
                raise DeviceError(f"nobody provides {path} now", code="no_provider")
        return signal

    def _is_swallowed(self, path: str) -> bool:
        return any(isinstance(f, Swallowed) and covers(f.target, path) for f in self._faults)

    async def _delay(self) -> None:
        for fault in tuple(self._faults):
            if isinstance(fault, SlowBus):
                await wait_until(self._clock, self._clock.monotonic() + fault.delay_s)

    def _sample(self, targets: Iterable[str]) -> dict[str, Reading]:
        self._advance()
        now = self._at
        values = self._car.values
        readings: dict[str, Reading] = {}
        for target in targets:
            if target == self.prefix:
                readings = {path: Reading(value, now) for path, value in values.items()}
                break
            for path in _below(target):
                if path in values:
                    readings[path] = Reading(values[path], now)
        for path, goal in self._car.targets.items():
            if path in readings:
                readings[path] = Reading(values[path], now, goal)
        for frozen in self._faults.values():
            for path, reading in frozen.items():
                if reading is None:
                    readings.pop(path, None)
                elif path in readings:
                    readings[path] = reading
        return readings

    def _advance(self) -> None:
        now = self._clock.monotonic()
        elapsed_s = now - self._at
        if elapsed_s > 0:
            self._car.advance(elapsed_s, self._clock.now() - elapsed_s)
            self._at = now

    def _changed(self) -> None:
        self._car.settle(self._clock.now())
        for wake in self._watchers:
            wake.set()
        self._arm()

    def _arm(self) -> None:
        """Run the timer exactly while somebody watches and something moves."""
        if self._cancel_tick is not None:
            self._cancel_tick()
            self._cancel_tick = None
        tick_s = self._car.tick_s(self._clock.now()) if self._watchers else None
        if tick_s is not None:
            self._cancel_tick = call_at(self._clock, self._at + tick_s, self._tick)

    def _tick(self) -> None:
        self._cancel_tick = None
        self._advance()
        self._changed()

    def _paths_of_fault(self, target: str) -> tuple[str, ...]:
        paths = _below(target)
        if not paths:
            check_setting(target, None, self.signals)  # says what was likely meant
        return paths


def _differences(
    before: Mapping[str, Reading], after: Mapping[str, Reading], now: float
) -> dict[str, Reading]:
    changes = {
        path: reading
        for path, reading in after.items()
        if (old := before.get(path)) is None
        or old.value != reading.value
        or old.target != reading.target
    }
    for path in before:
        if path not in after:
            changes[path] = Reading(None, now)
    return changes


@cache
def _tree() -> Mapping[str, tuple[str, ...]]:
    """Each signal and inner node, with the signals below it."""
    tree: dict[str, list[str]] = {}
    for path in load_signals():
        node = path
        while node:
            tree.setdefault(node, []).append(path)
            node = node.rpartition(".")[0]
    return {node: tuple(paths) for node, paths in tree.items()}


def _below(target: str) -> tuple[str, ...]:
    return _tree().get(target, ())
