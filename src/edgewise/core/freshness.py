"""How old a reading may be, and what a target holds once a batch of effects has landed.

A reading that stands still looks like a world that stands still; its age is all there is to tell
them apart. Older than its limit it is unknown, and unknown is unsafe. Why which limit:
docs/decisions/0003-policy-engine.md.
"""

from collections.abc import Iterable

from edgewise.core.call import Effect
from edgewise.core.signal import JsonValue, Snapshot

FRESH_S = 1.0
"""Rule 1: an older speed or gear is no speed or gear. As short for the ignition (rule 21: who
turns it off leaves the car) and for where a motor stands (an older place may be any place)."""
SEATED_S = 1.0
"""Rule 22: a child's hand is at stake, and too old a word only asks. A longer limit would spare no
question on a bus that tells changes alone: people sit for hours."""
WEATHER_S = 10.0
"""Rule 8: a shower begins within a minute; too old a word only asks."""
ALERT_S = 10.0
"""Rule 41: an older word on the driver and the take-over request is none."""
SETTLED_S = 60.0
"""Lamps, air conditioning, windows, roof, shade, charge: a bus repeats them, if seldom
(`device/vehicle/cycles.py`), and what it has not repeated for this long is frozen."""


def settled(target: str, snapshot: Snapshot) -> JsonValue:
    """The value at `target` if it is not older than `SETTLED_S`, else None."""
    return snapshot.fresh(target, within_s=SETTLED_S)


def after(target: str, effects: Iterable[Effect], snapshot: Snapshot) -> JsonValue:
    """The value of `target` once the whole batch has landed; None if it is unknown."""
    for effect in effects:
        if effect.target == target:
            return effect.value
    return settled(target, snapshot)


def named(value: JsonValue) -> str:
    """A truth value as policies read it: `on`, `off`, else `unknown`."""
    return ("on" if value else "off") if isinstance(value, bool) else "unknown"
