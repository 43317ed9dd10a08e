"""Where the motors behind a databroker are going: kuksa.val.v2 tells where they are, not that.

An aim comes from what was written to a position, or from a switch that shows a command; it ends
when the position shows it, or when the position has been quiet for too long to be on its way.
Pure: the time is passed in (`Clock.monotonic`). It does not know motors that somebody moves without
a switch or an aim that the broker shows.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from edgewise.core.signal import JsonValue
from edgewise.device.vehicle.motors import STALL_S, motion_of
from edgewise.device.vehicle.signals import Signal

SETTLE_S = 0.5
"""A motor told to stop stands when its position has not changed for this long; positions of a
moving window change five to twenty-five times a second, those of a seat fifteen times."""


class _Aim(Struct):
    target: float
    quiet_s: float
    changed_at: float


Earlier = tuple[str, _Aim | None]
"""A motor's position and where it was going."""


class Aims:
    """What is moving where, by position."""

    def __init__(self, signals: Mapping[str, Signal]) -> None:
        self._signals = signals
        self._aims: dict[str, _Aim] = {}

    def sent(
        self, path: str, value: JsonValue, places: Mapping[str, JsonValue], now: float
    ) -> Earlier | None:
        """Somebody writes `value` to `path`, which may be a position or its switch; `places` is
        where positions are. Returns what was known before of the motor that it moves."""
        if value is None or path not in self._signals:
            return None
        positions = {p: float(v) for p, v in places.items() if self.is_motor(p)}
        motion = motion_of(path, value, self._signals, positions)
        if motion is None:
            return None
        before = motion.position, self._aims.get(motion.position)
        if motion.target is None:
            self.held(motion.position, now)
        else:
            self._aims[motion.position] = _Aim(motion.target, STALL_S, now)
        return before

    def put_back(self, earlier: Iterable[Earlier | None]) -> None:
        """What was `sent` did not happen."""
        for position, aim in filter(None, earlier):
            if aim is None:
                self._aims.pop(position, None)
            else:
                self._aims[position] = aim

    def held(self, position: str, now: float) -> None:
        """The motor was told to stop: it is on its way until it is quiet."""
        aim = self._aims.get(position)
        if aim is not None:
            self._aims[position] = _Aim(aim.target, SETTLE_S, now)

    def changed(self, position: str, now: float) -> None:
        """The position shows another value than before."""
        aim = self._aims.get(position)
        if aim is not None:
            aim.changed_at = now

    def target_of(self, position: str, value: JsonValue, now: float) -> JsonValue:
        """Where the motor is going, or `None` when it stands at `value`."""
        aim = self._aims.get(position)
        if aim is None:
            return None
        if value == aim.target or now - aim.changed_at >= aim.quiet_s:
            del self._aims[position]
            return None
        whole = self._signals[position].datatype not in ("float", "double")
        return round(aim.target) if whole else aim.target

    def quiet_in_s(self, now: float) -> float | None:
        """After how long the next motor will count as standing; `None` when none moves."""
        lefts = [aim.changed_at + aim.quiet_s - now for aim in self._aims.values()]
        return max(0.0, min(lefts)) if lefts else None

    def is_motor(self, path: str) -> bool:
        """Whether `path` is the position of a motor."""
        signal = self._signals.get(path)
        return signal is not None and signal.rate_per_s > 0

    def forget(self) -> None:
        """Nothing is known any more."""
        self._aims.clear()
