"""What a media player tells of itself over MPRIS, as a row of `desktop.media.players`.

A player is any program on the session bus and its titles are anybody's words: values of a wrong
type, not-a-number volumes and overlong texts become unknown or short, never an error.
Source: MPRIS D-Bus Interface Specification 2.2, interface org.mpris.MediaPlayer2.Player.
"""

import math
from collections.abc import Mapping
from typing import Any

from edgewise.core.signal import JsonValue, as_list, as_object

LONGEST_TEXT = 1000
_STATES = ("playing", "paused", "stopped")
_ABILITIES = {
    "play": "CanPlay",
    "pause": "CanPause",
    "next": "CanGoNext",
    "previous": "CanGoPrevious",
}
_VIDEO = (".mp4", ".mkv", ".mov", ".avi", ".webm", ".m3u8", ".m4v", ".mpg", ".mpeg", ".wmv")


def row_of(identity: str, properties: Mapping[str, Any]) -> dict[str, JsonValue]:
    """The row of the player `identity` (its bus name without `org.mpris.MediaPlayer2.`).

    `properties` are plain values, `Metadata` among them. `status` is `playing`, `paused`,
    `stopped` or None; `volume` percent or None; `cannot` lists what the player says it can not
    do now; `video` tells that its address ends like a film's.
    """
    given = as_object(properties.get("Metadata"))
    status = _text(properties.get("PlaybackStatus")).casefold()
    volume = _percent(properties.get("Volume"))
    return {
        "id": identity,
        "status": status if status in _STATES else None,
        "volume": volume,
        "title": _text(given.get("xesam:title")),
        "artist": _joined(given.get("xesam:artist")),
        "album": _text(given.get("xesam:album")),
        "video": _text(given.get("xesam:url")).casefold().endswith(_VIDEO),
        "cannot": _cannot(properties, volume),
    }


def _cannot(properties: Mapping[str, Any], volume: int | None) -> list[str]:
    """Abilities that are not told count as there: the call itself will show."""
    if properties.get("CanControl") is False:
        return [*_ABILITIES, "stop", "volume"]
    lacking = [name for name, told in _ABILITIES.items() if properties.get(told) is False]
    return lacking if volume is not None else [*lacking, "volume"]


def _percent(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return round(100 * min(max(float(value), 0.0), 10.0))


def _text(value: Any) -> str:
    return value[:LONGEST_TEXT] if isinstance(value, str) else ""


def _joined(value: Any) -> str:
    """Artists are a list of texts; some players give one text."""
    texts = [value] if isinstance(value, str) else as_list(value)
    return ", ".join(text for text in texts if isinstance(text, str))[:LONGEST_TEXT]
