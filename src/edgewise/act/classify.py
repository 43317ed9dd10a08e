"""What writing a value to a target does, as *classes* (`window.close`, `light.exterior.darken`).

Each function here makes or is a `Classify`: from the value to be written and the value now to the
classes of the write. Only what is recognised exactly is believed; the rest is `UNCLASSIFIED`, which
is forbidden, beside the worst that it might be. Which target is read by which: `act/exposure.py`.
"""

from collections.abc import Callable
from typing import Any, cast

from edgewise.core.signal import JsonValue, number

UNCLASSIFIED = "unclassified"
STOPS = "motion.stop"
"""A motor told to go where it is, or a switch let go: next to nothing, but a write of a value."""
HOLDS = "motion.hold"
"""A motor stopped where it is, without a value that could move it (`core.call.hold`)."""
EMERGENCY_NUMBERS = frozenset({"110", "119", "120", "122", "112", "911", "999"})
"""Police, fire, ambulance, traffic police (China); the general ones of Europe, America, Britain."""
LEAST_BRIGHTNESS_PERCENT = 10
"""Our choice: dim enough for any night."""
WIPER_SPEEDS = ("INTERVAL", "SLOW", "MEDIUM", "FAST")
"""VSS 6.0, Wiping.Mode, from less to more."""
Classify = Callable[[JsonValue, JsonValue], tuple[str, ...]]
"""From the value to be written and the value now (None: unknown) to classes."""


def always(*classes: str) -> Classify:
    return lambda _value, _present: classes


def on_off(on: str, off: str) -> Classify:
    """True does `on`; anything else but False is not understood and counts as both."""

    def classify(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
        if value is True:
            return (on,)
        return (off,) if value is False else (off, UNCLASSIFIED)

    return classify


def position(opens: str, closes: str) -> Classify:
    """Compared with where it stands; from an unknown place it may go either way, but to an end of
    its way only towards that end. Being told to go where it is stops it."""

    def classify(value: JsonValue, present: JsonValue) -> tuple[str, ...]:
        wanted, now = number(value), number(present)
        if wanted is None:
            return (opens, closes, UNCLASSIFIED)
        if now is None:
            return (opens,) if wanted >= 100 else (closes,) if wanted <= 0 else (opens, closes)
        if wanted == now:
            return (STOPS,)
        return (opens,) if wanted > now else (closes,)

    return classify


def moves(name: str) -> Classify:
    """Any value moves it, but for the one it has."""

    def classify(value: JsonValue, present: JsonValue) -> tuple[str, ...]:
        wanted, now = number(value), number(present)
        return (STOPS,) if wanted is not None and wanted == now else (name,)

    return classify


def switch(opens: str, closes: str) -> Classify:
    classes = {
        "OPEN": (opens,),
        "ONE_SHOT_OPEN": (opens,),
        "TILT_UP": (opens,),
        "CLOSE": (closes,),
        "ONE_SHOT_CLOSE": (closes,),
        "TILT_DOWN": (closes,),
        "INACTIVE": (STOPS,),
    }

    def classify(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
        known = classes.get(value) if isinstance(value, str) else None
        return known or (opens, closes, UNCLASSIFIED)

    return classify


def light_switch(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
    """What it lights; what it puts out at that, `act/light_switch.py` reads from the lamps."""
    lights = value in ("POSITION", "DAYTIME_RUNNING_LIGHTS", "AUTO", "BEAM")
    return ("light.exterior.lighten",) if lights else ("light.exterior.darken",)


def wiper(value: JsonValue, present: JsonValue) -> tuple[str, ...]:
    """More wiping than now is on, less is off: to slow down in the rain blinds as stopping does.

    From a mode that is unknown, or the sensor's, only the fastest is surely not less; and what the
    sensor will do is less than any speed, but more than nothing.
    """
    if value == "OFF":
        return ("wiper.off",)
    if value not in (*WIPER_SPEEDS, "RAIN_SENSOR"):
        return ("wiper.off", UNCLASSIFIED)
    if present == "OFF" or value in (present, WIPER_SPEEDS[-1]):
        return ("wiper.on",)
    speeds = [WIPER_SPEEDS.index(mode) for mode in (present, value) if mode in WIPER_SPEEDS]
    faster = len(speeds) == 2 and speeds[1] > speeds[0]
    return ("wiper.on",) if faster else ("wiper.off",)


def removal(writes: str, removes: str) -> Classify:
    """A store's row: `None` removes it."""
    return lambda value, _present: (removes,) if value is None else (writes,)


def message(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
    row = fields(value)
    if value is None:
        return ("phone.delete",)
    if row is not None and set(row) <= {"id", "read", "seen", "starred"}:
        return ("message.mark",)
    return ("message.send",)


def phone_call(value: JsonValue, present: JsonValue) -> tuple[str, ...]:
    """Only the call that there is now can be answered, held or ended; a row with another number,
    whatever state it claims, is a call to that number."""
    row, now = fields(value), fields(present)
    if value is None:
        return ("call.control",)
    if row is None:
        return (UNCLASSIFIED,)
    same = now is not None and bool(now.get("number")) and row.get("number") == now.get("number")
    if same and row.get("state") in ("active", "held", "ended", "rejected", "muted"):
        return ("call.control",)
    return ("call.emergency",) if _is_emergency(row) else ("call.dial",)


def call_log(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
    row = fields(value)
    if row is None:
        return ("phone.delete",) if value is None else (UNCLASSIFIED,)
    return ("call.emergency",) if _is_emergency(row) else ("call.log",)


def _is_emergency(row: dict[str, Any]) -> bool:
    """By the number alone; a row that says more than a call does is not taken for one."""
    number_called = row.get("number")
    known = set(row) <= {"id", "name", "number", "direction", "state"}
    return known and isinstance(number_called, str) and number_called in EMERGENCY_NUMBERS


def calendar(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
    row = fields(value)
    if row is None:
        return ("phone.delete",) if value is None else (UNCLASSIFIED,)
    beyond = [key for key, held in row.items() if held and key not in _OWN_EVENT]
    return ("calendar.invite",) if beyond else ("calendar.write",)


def payment(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
    row = fields(value)
    road = row is not None and row.get("purpose") in ("toll", "charging")
    return ("money.road",) if road else ("money",)


def cutting(cuts: bool) -> Classify:
    """A setting that cuts a person off when it is `cuts`: a radio off, do-not-disturb on."""

    def classify(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
        if not isinstance(value, bool):
            return ("device.cut_off", UNCLASSIFIED)
        return ("device.cut_off" if value is cuts else "device.setting",)

    return classify


def one_of(name: str, *known: JsonValue) -> Classify:
    """Any other value is not understood."""
    return lambda value, _present: (name,) if value in known else (name, UNCLASSIFIED)


def percent(name: str) -> Classify:
    def classify(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
        wanted = number(value)
        return (name,) if wanted is not None and 0 <= wanted <= 100 else (name, UNCLASSIFIED)

    return classify


def brightness(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
    """A screen too dim to be read is off: in many cars it is the cluster and the rear image."""
    wanted = number(value)
    if wanted is None or not 0 <= wanted <= 100:
        return ("cluster.off", UNCLASSIFIED)
    return ("cluster.off",) if wanted < LEAST_BRIGHTNESS_PERCENT else ("screen.set",)


def notification(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
    """`None` closes it."""
    understood = value is None or fields(value) is not None
    return ("notify",) if understood else ("notify", UNCLASSIFIED)


def route(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
    return ("nav.clear",) if value is None else ("nav.route",)


def fields(value: JsonValue) -> dict[str, Any] | None:
    """A row as a dict, or None."""
    return cast(dict[str, Any], value) if isinstance(value, dict) else None


_OWN_EVENT = frozenset(
    {"id", "title", "start", "end", "all_day", "place", "organiser", "notes", "at"}
)
"""What an event says that reaches nobody else; whatever else it holds may invite somebody."""
