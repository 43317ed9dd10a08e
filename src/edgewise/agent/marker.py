"""Stamps a turn's events: sequence number, time, turn id, and how long each step took."""

from typing import Any, TypeVar

from edgewise.core.clock import Clock
from edgewise.core.event import Event

E = TypeVar("E", bound=Event)


class Marker:
    """Makes the events of one turn, numbered from 1 in the order made."""

    def __init__(self, turn: str, clock: Clock) -> None:
        self.turn = turn
        self._clock = clock
        self._seq = 0
        self.arrived = self._started = self._lap = clock.monotonic()

    def __call__(self, kind: type[E], **fields: Any) -> E:
        self._seq += 1
        return kind(seq=self._seq, at=self._clock.now(), turn=self.turn, **fields)

    def restart(self) -> None:
        """Start the turn's time now: waiting for an earlier turn is not part of it. `arrived`
        stays: a command grows old while it waits (rule 36)."""
        self._started = self._lap = self._clock.monotonic()

    def lap_ms(self) -> float:
        """Milliseconds since the last lap, or since the turn started."""
        now = self._clock.monotonic()
        took, self._lap = now - self._lap, now
        return round(took * 1000, 3)

    def total_ms(self) -> float:
        """Milliseconds since the turn started."""
        return round((self._clock.monotonic() - self._started) * 1000, 3)
