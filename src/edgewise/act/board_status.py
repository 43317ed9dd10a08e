"""What a voice device tells of itself: the text of its status tool as readings.

The text is JSON of the firmware's shape, and may be JSON within JSON or hold numbers as text: a
client in Python encodes a tool's answer once more. What is missing or odd has no reading, which is
never taken for a state. Pure. Source: `Board::GetDeviceStatusJson` of the firmware.
"""

from typing import cast

import msgspec

from edgewise.act.catalogue.device import SETTINGS
from edgewise.act.catalogue.media_capabilities import VOLUMES
from edgewise.core.signal import JsonValue, as_object, number

VOLUME = VOLUMES["media"]
BRIGHTNESS = f"{SETTINGS}.brightness"
DARK_MODE = f"{SETTINGS}.dark_mode"
STATUS = "board.status"
BATTERY = f"{STATUS}.battery"
CHARGING = f"{STATUS}.charging"
TOLD = (VOLUME, BRIGHTNESS, DARK_MODE, BATTERY, CHARGING)
"""Every target that a status may tell."""

MOST_SPOKEN = 600
"""Characters of a tool's answer that are said: about forty seconds."""
_DEEPEST = 3
_MOST_FIELDS = 12


def states_in(text: str) -> dict[str, JsonValue]:
    """What the status tells, by target; nothing for a text that is no status."""
    told = as_object(decoded(text))
    speaker, screen = as_object(told.get("audio_speaker")), as_object(told.get("screen"))
    battery = as_object(told.get("battery"))
    found: dict[str, JsonValue] = {
        VOLUME: _percent(speaker.get("volume")),
        BRIGHTNESS: _percent(screen.get("brightness")),
        DARK_MODE: _THEMES.get(str(screen.get("theme")).casefold()),
        BATTERY: _percent(battery.get("level")),
        CHARGING: _THEMES.get(str(battery.get("charging")).casefold()),
    }
    return {target: value for target, value in found.items() if value is not None}


def decoded(text: str) -> JsonValue:
    """`text` as the JSON it holds, also where that was encoded again; else the text itself."""
    value: JsonValue = text
    for _ in range(_DEEPEST):
        if not isinstance(value, str):
            break
        try:
            value = msgspec.json.decode(value)
        except (msgspec.DecodeError, RecursionError):
            break
    return value


def says_no(text: str) -> bool:
    """Whether a tool's answer means that it did not do it."""
    value = decoded(text)
    if isinstance(value, dict):
        told = as_object(cast(JsonValue, value))
        return told.get("success") is False or bool(told.get("error"))
    return value is False or (isinstance(value, str) and value.strip().casefold() == "false")


def spoken(text: str) -> str:
    """A tool's answer as it can be said: plain text, or the fields of an object, shortened."""
    value = decoded(text)
    if isinstance(value, dict):
        told = as_object(cast(JsonValue, value))
        only = next((told[key] for key in _SAID if isinstance(told.get(key), str)), None)
        said = only if only is not None else ", ".join(_fields(told))
    else:
        said = value if isinstance(value, str) else text
    said = " ".join(str(said).split())
    return said if len(said) <= MOST_SPOKEN else said[: MOST_SPOKEN - 1] + "…"


def _fields(told: dict[str, JsonValue]) -> list[str]:
    plain = {k: v for k, v in told.items() if isinstance(v, str | int | float | bool)}
    return [f"{k.replace('_', ' ')}: {_word(v)}" for k, v in list(plain.items())[:_MOST_FIELDS]]


def _word(value: JsonValue) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _percent(value: JsonValue) -> int | None:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    found = number(value)
    return round(found) if found is not None and 0 <= found <= 100 else None


_THEMES = {"dark": True, "light": False, "true": True, "false": False}
_SAID = ("text", "answer", "message", "result")
