"""Which way a call goes, and whether two of them go opposite ways.

A direction is a set of plain words taken from the arguments: a window at 0 % is `off` and `down`,
one step less is `less` and `down`, a trunk is `open` or `close`. Two calls are opposed when a word
of one stands against a word of the other. How much is no direction: half open and fully open are
the same way. Nothing here knows a sentence.
"""

from collections.abc import Mapping

from edgewise.core.capability import Capability
from edgewise.core.signal import JsonValue, number

_SWITCHES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "on": (frozenset({"on"}), frozenset({"off", "down"})),
    "mute": (frozenset({"off", "down"}), frozenset({"on"})),
    "open": (frozenset({"open"}), frozenset({"close"})),
    "locked": (frozenset({"lock"}), frozenset({"unlock"})),
    "fold": (frozenset({"fold"}), frozenset({"unfold"})),
}
"""Words for true and for false; the other switches go by those of `on`."""
_LIKE_ON = ("enabled", "heat", "tilt", "voice")
_AMOUNTS = ("level", "percent", "brightness", "value", "temperature")
_CHOICES = ("state", "action", "op", "direction", "view", "mode")

_MEANS = {
    ("state", "off"): frozenset({"off", "down"}),
    ("action", "off"): frozenset({"off", "down"}),
    ("mode", "off"): frozenset({"off", "down"}),
    ("mode", "interval"): frozenset({"on"}),
    ("mode", "medium"): frozenset({"on"}),
    ("mode", "auto"): frozenset({"on"}),
    ("mode", "slow"): frozenset({"level", "down"}),
    ("mode", "fast"): frozenset({"level", "up"}),
}
"""Choices that say more than their own name; `mode` is that of the wipers here."""

_AGAINST = frozenset(
    frozenset(pair.split())
    for pair in (
        "on off", "on less", "level off", "up down", "open close", "lock unlock", "fold unfold",
        "left right", "recirculate fresh", "start stop", "open_port close_port", "answer hang_up",
        "answer reject", "play pause", "play stop", "next previous", "forward rewind",
        "shuffle_on shuffle_off", "repeat_one repeat_off", "repeat_all repeat_off",
        "zoom_in zoom_out", "2d 3d", "like unlike", "add remove", "add_stop remove_stop",
        "pause resume", "set cancel", "set stop", "confirm deny",
    )
)  # fmt: skip
_MORE, _LESS = frozenset({"on", "level", "up"}), frozenset({"off", "less", "down"})

_ON_WHEN_BARE = ("seat.set_heat_vent", "seat.set_massage", "steering_wheel.heat")
"""Without a level these turn on."""


def direction(capability: Capability, arguments: Mapping[str, JsonValue]) -> frozenset[str]:
    """The words for where `arguments` take what `capability` moves; none when they tell no way."""
    words: set[str] = set()
    for name, value in arguments.items():
        if tells_way(capability, name):
            words |= _words(capability, name, value)
    if "less" in words:
        words.discard("on")
    if not words and capability.name in _ON_WHEN_BARE:
        words.add("on")
    if "color" in arguments and "off" not in words:
        words.add("on")
    return frozenset(words)


def tells_way(capability: Capability, name: str) -> bool:
    """Whether an argument says which way, not where or what: heating or ventilating a seat is
    what."""
    if name == "mode" and capability.family == "seat":
        return False
    return (
        name in (*_SWITCHES, *_LIKE_ON, *_AMOUNTS, *_CHOICES)
        or name == "delta"
        or (name == "color" and capability.family == "light.interior")
    )


def opposed(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether some word of `one` stands against some word of `other`."""
    return any(frozenset((a, b)) in _AGAINST for a in one for b in other)


def agree(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two directions are surely the same one: not opposed, and with something in common."""
    if opposed(one, other):
        return False
    same = one & other or any(one & side and other & side for side in (_MORE, _LESS))
    return bool(same) or not one or not other


def _words(capability: Capability, name: str, value: JsonValue) -> frozenset[str]:
    if isinstance(value, bool):
        for_true, for_false = _SWITCHES.get(name, _SWITCHES["on"])
        return for_true if value else for_false
    if name == "delta":
        step = number(value) or 0
        return frozenset({"up"} if step > 0 else {"down", "less"} if step < 0 else ())
    if name in _AMOUNTS:
        return _amount(capability, name, value)
    return _MEANS.get((name, str(value)), frozenset({str(value)}))


def _amount(capability: Capability, name: str, value: JsonValue) -> frozenset[str]:
    """A range that begins at nothing is `off` there; its ends are also `down` and `up`."""
    argument = capability.argument(name)
    low, high = (argument.minimum, argument.maximum) if argument else (None, None)
    amount = {"min": low, "max": high}.get(value) if isinstance(value, str) else number(value)
    words = {"off" if amount == low == 0 else "level"}
    if amount is not None and low is not None and amount <= low:
        words.add("down")
    if amount is not None and high is not None and amount >= high:
        words.add("up")
    return frozenset(words)
