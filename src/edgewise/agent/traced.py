"""A snapshot that knows which of its readings were looked at.

The trail keeps just those, so a turn can be replayed from its record without storing the state of
the whole car for every call.
"""

from collections.abc import ItemsView

from edgewise.core.signal import JsonValue, Reading, Snapshot


class TracedReadings(dict[str, Reading]):
    """Readings that note each key asked for, also the missing ones."""

    def __init__(self, readings: dict[str, Reading]) -> None:
        super().__init__(readings)
        self.seen: set[str] = set()

    def get(self, key: str, default: Reading | None = None) -> Reading | None:  # type: ignore[override]
        self.seen.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> Reading:
        self.seen.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        if isinstance(key, str):
            self.seen.add(key)
        return super().__contains__(key)

    def items(self) -> ItemsView[str, Reading]:  # type: ignore[override]
        """All readings. Who goes through them all looks for what moves: just that is noted."""
        self.seen.update(key for key, reading in super().items() if reading.target is not None)
        return super().items()


def traced(snapshot: Snapshot) -> tuple[Snapshot, TracedReadings]:
    """The same snapshot over readings that note what is looked at."""
    readings = TracedReadings(snapshot.readings)
    return Snapshot(readings, snapshot.now, snapshot.wall), readings


def seen_state(readings: TracedReadings) -> dict[str, JsonValue]:
    """Target and value of everything that was looked at; `None` for what was missing."""
    plain = dict(readings)
    return {t: plain[t].value if t in plain else None for t in sorted(readings.seen)}


def seen_aims(readings: TracedReadings) -> dict[str, JsonValue]:
    """Where everything goes that was looked at and moves, by its target's name."""
    plain = dict(readings)
    moving = (t for t in sorted(readings.seen) if t in plain and plain[t].target is not None)
    return {t: plain[t].target for t in moving}
