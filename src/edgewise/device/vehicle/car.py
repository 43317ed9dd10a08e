"""The simulated car itself: all values, motors that take time, cabin and battery.

It has no clock and no bus: time is handed to `advance`, commands are already checked. The driver
(`simulated.py`) adds the clock, the protocol and the faults of a bus.
"""

import math
from collections.abc import Mapping

from edgewise.core.signal import JsonValue
from edgewise.device.vehicle import battery, cabin
from edgewise.device.vehicle.couplings import consequences
from edgewise.device.vehicle.motors import STALL_S, SWITCH_HELD_S, Motion, motion_of, moved
from edgewise.device.vehicle.signals import Signal

CABIN = "Vehicle.Cabin.HVAC.AmbientAirTemperature"
DISTANCES = ("Vehicle.TraveledDistance", "Vehicle.TraveledDistanceSinceStart")
CHARGES = (battery.CHARGE, "Vehicle.Powertrain.TractionBattery.StateOfCharge.Current")
IS_CHARGING = "Vehicle.Powertrain.TractionBattery.Charging.IsCharging"
TIME_TO_COMPLETE = "Vehicle.Powertrain.TractionBattery.Charging.TimeToComplete"
RANGE = "Vehicle.Powertrain.Range"

FAST_TICK_S = 0.1
SLOW_TICK_S = 1.0


class Car:
    """Values by path (missing ones are absent), and what is moving where.

    `values` and `targets` are for reading; they change through the methods only. `pace` makes the
    motors faster.
    """

    def __init__(self, signals: Mapping[str, Signal], *, pace: float = 1.0) -> None:
        self._signals = signals
        self._pace = pace
        self.values: dict[str, JsonValue] = {
            path: signal.initial for path, signal in signals.items() if signal.initial is not None
        }
        self.targets: dict[str, JsonValue] = {}
        self._positions: dict[str, float] = {
            path: float(signal.initial) for path, signal in signals.items() if signal.rate_per_s
        }
        self._moving: dict[str, float] = {}
        self._stalled_s: dict[str, float] = {}
        self._jams: dict[str, float] = {}
        self._held_s: dict[str, float] = {}
        self._cabin_c = float(self.values[CABIN])
        self._charge_percent = float(self.values[battery.CHARGE])
        self._m_per_percent = battery.M_PER_PERCENT
        self._distances_m = {path: float(self.values[path]) for path in DISTANCES}
        self._climate: cabin.Climate | None = None

    def command(self, path: str, value: JsonValue) -> None:
        """Carry out a checked write: start a motor, or take the value at once."""
        motion = None if value is None else motion_of(path, value, self._signals, self._positions)
        if motion is None:
            self._take(path, value, always=True)
        else:
            self._start(path, value, motion)

    def hold(self, position: str) -> None:
        """Stop the motor of a position where it is."""
        self._halt(position)
        switch = position.removesuffix("Position") + "Switch"
        self._held_s.pop(switch, None)
        self._show(switch, "INACTIVE")

    def put(self, path: str, value: JsonValue) -> None:
        """A hand, a pedal or the world sets a value; `None` makes it missing."""
        self._halt(path)
        self._take(path, value)
        self._remember(path, value)
        position = path.removesuffix("IsOpen") + "Position"
        opened = self._positions.get(position, 0.0) > 0
        if position in self._positions and value is not None and value != opened:
            self.put(position, 100 if value else 0)

    def force(self, path: str, value: JsonValue) -> None:
        """Set a value and nothing that would follow from it."""
        self._halt(path)
        self._set(path, value)
        self._remember(path, value)

    def jam(self, path: str, at: float | None) -> None:
        """The motor of a position moves no further than `at`, or not at all."""
        self._jams[path] = self._positions[path] if at is None else at

    def unjam(self) -> None:
        """All motors are free again; one that has given up stays where it is."""
        self._jams.clear()
        self._stalled_s.clear()

    def advance(self, elapsed_s: float, wall: float) -> None:
        """Let time pass. `wall` is the wall clock when it began to."""
        left = elapsed_s
        while left > 0:
            step = min(left, max(self._next_event_s(wall), 1e-3))
            self._step(step, wall)
            wall += step
            left -= step

    def tick_s(self, wall: float) -> float | None:
        """After how long a watcher should look again; `None` while nothing changes by itself."""
        if self._moving or self._held_s:
            return max(0.01, min(FAST_TICK_S, self._next_event_s(wall)))
        if not cabin.is_settled(self._cabin_c, self._climate_now()) or self._speed():
            return SLOW_TICK_S
        starts = battery.starts_in_s(self.values, self._charge_percent, wall)
        return None if starts is None else max(SLOW_TICK_S, starts)

    def settle(self, wall: float) -> None:
        """Bring what follows from the battery's state up to date after a change."""
        starts = battery.starts_in_s(self.values, self._charge_percent, wall)
        charging = starts == 0
        needed = battery.needed_s(self.values, self._charge_percent) if charging else 0.0
        self._show(IS_CHARGING, charging)
        self._show(TIME_TO_COMPLETE, math.ceil(needed))
        self._show(RANGE, int(self._charge_percent * self._m_per_percent))

    def _start(self, path: str, value: JsonValue, motion: Motion) -> None:
        position, target = motion.position, motion.target
        self._halt(position)
        switch = path if path.endswith(".Switch") else position.removesuffix("Position") + "Switch"
        self._held_s.pop(switch, None)
        here = self._positions[position]
        jammed = self._jams.get(position) == here and target != here
        if path == switch:
            # a switch shows what the thing is doing, so a jammed one shows nothing
            idle = target is None or jammed
            self._set(path, "INACTIVE" if idle else value)
            if not idle:
                self._held_s[switch] = SWITCH_HELD_S
        elif switch in self.values:
            self._set(switch, "INACTIVE")
        if target is None or target == here:
            return
        self._moving[position] = target
        self._show_target(position, target)
        if path.endswith(".IsOpen"):
            self.targets[path] = value

    def _halt(self, path: str) -> None:
        self._moving.pop(path, None)
        self._stalled_s.pop(path, None)
        self.targets.pop(path, None)
        self.targets.pop(path.removesuffix("Position") + "IsOpen", None)

    def _show_target(self, position: str, target: float) -> None:
        whole = self._signals[position].datatype not in ("float", "double")
        self.targets[position] = round(target) if whole else target

    def _take(self, path: str, value: JsonValue, *, always: bool = False) -> None:
        if not self._set(path, value) and not always:
            return
        for follower, follows in consequences(path, self.values).items():
            if follower in self._signals:
                self._take(follower, follows)

    def _set(self, path: str, value: JsonValue) -> bool:
        if self.values.get(path) == value:
            return False
        if value is None:
            del self.values[path]
        else:
            self.values[path] = value
        self._climate = None
        return True

    def _show(self, path: str, value: JsonValue) -> None:
        """A sensor shows its new value, unless it is missing."""
        if path in self.values:
            self._set(path, value)

    def _remember(self, path: str, value: JsonValue) -> None:
        """Exact figures behind rounded values start from what was set."""
        if value is None:
            return
        if path in self._positions:
            self._positions[path] = float(value)
        elif path == CABIN:
            self._cabin_c = float(value)
        elif path in CHARGES:
            self._charge_percent = float(value)
        elif path == RANGE and self._charge_percent > 0:
            self._m_per_percent = value / self._charge_percent
        elif path in self._distances_m:
            self._distances_m[path] = float(value)

    def _next_event_s(self, wall: float) -> float:
        """Seconds until something begins or ends, so that a step never runs past it."""
        soonest = battery.starts_in_s(self.values, self._charge_percent, wall) or math.inf
        for position, target in self._moving.items():
            here = self._positions[position]
            end = moved(here, target, math.inf, self._jams.get(position))
            rate = self._signals[position].rate_per_s * self._pace
            stalls = STALL_S - self._stalled_s.get(position, 0.0)
            soonest = min(soonest, abs(end - here) / rate if end != here else stalls)
        return min((soonest, *self._held_s.values()))

    def _step(self, step_s: float, wall: float) -> None:
        self._step_cabin(step_s)
        self._step_battery(step_s, wall)
        for position in list(self._moving):
            self._step_motor(position, step_s)
        for switch in list(self._held_s):
            self._held_s[switch] -= step_s
            moving = switch.removesuffix("Switch") + "Position" in self._moving
            if self._held_s[switch] <= 0 and moving:
                self._held_s[switch] = FAST_TICK_S
            elif self._held_s[switch] <= 0:
                del self._held_s[switch]
                self._set(switch, "INACTIVE")

    def _step_motor(self, position: str, step_s: float) -> None:
        here, target = self._positions[position], self._moving[position]
        signal = self._signals[position]
        there = moved(
            here, target, signal.rate_per_s * self._pace * step_s, self._jams.get(position)
        )
        if there == here:
            self._stalled_s[position] = self._stalled_s.get(position, 0.0) + step_s
            if self._stalled_s[position] >= STALL_S:
                self._halt(position)
            return
        self._positions[position] = there
        whole = signal.datatype not in ("float", "double")
        self._take(position, round(there) if whole else round(there, 2))
        if there == target:
            self._halt(position)

    def _step_cabin(self, step_s: float) -> None:
        climate = self._climate_now()
        self._cabin_c = cabin.cabin_after(self._cabin_c, climate, step_s)
        if CABIN in self.values:
            self.values[CABIN] = round(self._cabin_c, 1)

    def _step_battery(self, step_s: float, wall: float) -> None:
        speed = self._speed()
        if speed:
            driven_m = abs(speed) / 3.6 * step_s
            for path in self._distances_m:
                self._distances_m[path] += driven_m
                self._show(path, int(self._distances_m[path]))
            spent = driven_m / (self._m_per_percent or battery.M_PER_PERCENT)
            self._charge_percent = max(0.0, self._charge_percent - spent)
        elif battery.starts_in_s(self.values, self._charge_percent, wall) == 0:
            gained = battery.charge_rate_per_s(self.values) * step_s
            limit = float(self.values.get(battery.LIMIT, 100))
            self._charge_percent = min(limit, self._charge_percent + gained)
        else:
            return
        for charge in CHARGES:
            self._show(charge, round(self._charge_percent, 2))
        self.settle(wall + step_s)

    def _climate_now(self) -> cabin.Climate:
        if self._climate is None:
            self._climate = cabin.climate_of(self.values)
        return self._climate

    def _speed(self) -> float:
        return float(self.values.get(battery.SPEED) or 0.0)
