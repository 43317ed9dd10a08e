"""Our calls as Home Assistant's test set tells them: one intent and its slots, in one form.

`INTENTS` and `ARGUMENTS` are the mapping, with the reason of each; `heard` tells a thought so, and
`alike` brings the slots of both sides to the form in which they are compared.
"""

from collections.abc import Mapping
from typing import cast

from edgewise.core.call import Call
from edgewise.core.thought import MessageKind, Thought
from edgewise.core.words import Language

Slots = dict[str, object]
LikeSlots = dict[str, tuple[object, ...]]
"""Slots brought to one form: for each all values that would be right."""

INTENTS: dict[tuple[str, str], tuple[str, str]] = {
    ("home.control", "on"): ("HassTurnOn", "on, as it is said of lamps, scenes, scripts"),
    ("home.control", "open"): ("HassTurnOn", "the set opens covers and valves by turning on"),
    ("home.control", "lock"): ("HassTurnOn", "the set locks by turning on"),
    ("home.control", "off"): ("HassTurnOff", "off"),
    ("home.control", "close"): ("HassTurnOff", "the set closes covers and valves by turning off"),
    ("home.control", "unlock"): ("HassTurnOff", "the set unlocks by turning off"),
    ("home.control", "set brightness"): ("HassLightSet", "a lamp's value"),
    ("home.control", "set color"): ("HassLightSet", "a lamp's value"),
    ("home.control", "set position"): ("HassSetPosition", "how far a cover or valve is open"),
    ("home.control", "set speed"): ("HassFanSetSpeed", "how fast a fan turns"),
    ("home.control", "set temperature"): ("HassClimateSetTemperature", "a thermostat's value"),
    ("home.control", "on vacuum"): ("HassVacuumStart", "a vacuum cleans once it is on"),
    ("home.control", "dock"): ("HassVacuumReturnToBase", "only vacuums have a base"),
    ("home.control", "announce"): ("HassBroadcast", "said on all speakers"),
    ("home.get_state", ""): ("HassGetState", "any state"),
    ("home.get_state", "temperature"): ("HassClimateGetTemperature", "a room's or thermostat's"),
    ("media.play", ""): ("HassMediaSearchAndPlay", "play by name"),
    ("media.control", "next"): ("HassMediaNext", "one forward"),
    ("media.control", "previous"): ("HassMediaPrevious", "one back"),
    ("media.control", "pause"): ("HassMediaPause", "hold"),
    ("media.control", "play"): ("HassMediaUnpause", "go on"),
    ("media.set_volume", ""): ("HassSetVolume", "a level"),
    ("alarm.manage", "set"): ("HassStartTimer", "a new timer"),
    ("alarm.manage", "cancel"): ("HassCancelTimer", "one timer"),
    ("alarm.manage", "stop"): ("HassCancelTimer", "the set has one word for both"),
    ("alarm.manage", "cancel all"): ("HassCancelAllTimers", "every timer"),
    ("alarm.manage", "extend"): ("HassIncreaseTimer", "longer"),
    ("alarm.manage", "shorten"): ("HassDecreaseTimer", "shorter"),
    ("alarm.manage", "pause"): ("HassPauseTimer", "hold"),
    ("alarm.manage", "resume"): ("HassUnpauseTimer", "go on"),
    ("alarm.manage", "query"): ("HassTimerStatus", "what is left"),
    ("list.manage", "add"): ("HassListAddItem", "a list by name"),
    ("list.manage", "complete"): ("HassListCompleteItem", "done"),
    ("list.manage", "remove"): ("HassListCompleteItem", "the set ticks off what is taken away"),
    ("list.manage", "add shopping"): ("HassShoppingListAddItem", "the shopping list"),
    ("list.manage", "complete shopping"): ("HassShoppingListCompleteItem", "done"),
    ("list.manage", "remove shopping"): ("HassShoppingListCompleteItem", "as above"),
    ("info.weather", ""): ("HassGetWeather", "the weather"),
    ("info.compute", "time"): ("HassGetCurrentTime", "the clock"),
    ("info.compute", "date"): ("HassGetCurrentDate", "the calendar"),
    ("dialog.control", ""): ("HassNevermind", "what is called off"),
    ("", ""): ("HassRespond", "talk is answered with words and no call"),
}
"""Our call and its deed -> the set's intent, and why."""

ARGUMENTS: dict[str, dict[str, str]] = {
    "home.control": {"brightness": "brightness", "color": "color", "position": "position",
                     "temperature": "temperature", "speed": "percentage", "message": "message"},
    "home.get_state": {"state": "state"},
    "media.play": {"query": "search_query", "kind": "media_class", "player": "name"},
    "media.control": {"player": "name"},
    "media.set_volume": {"level": "volume_level", "player": "name"},
    "alarm.manage": {"duration": "duration_s", "length": "length_s", "label": "name"},
    "list.manage": {"item": "item", "list": "name"},
    "info.weather": {"place": "name"},
}  # fmt: skip
"""Arguments that are slots under another or the same name, beside `PLACED`."""
PLACED = ("name", "area", "floor", "domain", "device_class")
MEDIA_CLASSES = {"song": "track", "feature_film": "movie"}
"""Kinds of ours that the set calls otherwise."""
BINARY = {"open": "on", "closed": "off", "locked": "off", "unlocked": "on"}
"""The set tells a yes-or-no sensor's state as on or off; on of a lock sensor is unlocked."""
IMPLIED = frozenset(
    {"HassLightSet", "HassClimateSetTemperature", "HassClimateGetTemperature", "HassSetVolume",
     "HassMediaNext", "HassMediaPrevious", "HassMediaPause", "HassMediaUnpause", "HassVacuumStart",
     "HassVacuumReturnToBase"}
)  # fmt: skip
"""Intents that go to one domain, which the set does not repeat."""
ONE_WORD_ZH = {"blind": "curtain", "shade": "curtain"}
"""窗簾 is all of these; the set calls it blind in Taiwan and curtain in Hong Kong."""


def heard(thought: Thought, language: Language) -> tuple[str, LikeSlots]:
    """A thought as the set tells it: one intent and its slots; several calls are no intent."""
    if not thought.calls:
        talk = thought.kind in (MessageKind.CHAT, MessageKind.QUESTION)
        return ("HassRespond" if talk else "", {})
    call, *more = thought.calls
    if more:
        return "+".join(each.capability for each in thought.calls), {}
    found = INTENTS.get((call.capability, _deed(call)))
    intent = found[0] if found is not None else f"{call.capability} {_deed(call)}".strip()
    return intent, alike(_slots(call, intent), intent, language)


def _deed(call: Call) -> str:
    """What distinguishes the intents of one capability."""
    given = call.arguments
    match call.capability:
        case "home.control" if given.get("action") == "set":
            values = ("brightness", "color", "position", "temperature", "speed")
            return f"set {next((name for name in values if name in given), '')}"
        case "home.control" if given.get("action") == "on" and given.get("domain") == "vacuum":
            return "on vacuum"
        case "home.control" | "media.control":
            return str(given.get("action", ""))
        case "home.get_state":
            room = given.get("device_class") == "temperature" and not given.get("domain")
            return "temperature" if room or given.get("domain") == "climate" else ""
        case "alarm.manage":
            every = given.get("op") == "cancel" and given.get("all") is True
            return "cancel all" if every else str(given.get("op", ""))
        case "list.manage":
            return f"{given.get('op', '')}{' shopping' if _is_shopping(given) else ''}"
        case "info.compute":
            return str(given.get("part", ""))
        case _:
            return ""


def _is_shopping(given: Mapping[str, object]) -> bool:
    return str(given.get("list", "shopping")).casefold() in ("shopping", "购物清单", "list", "")


def _slots(call: Call, intent: str) -> Slots:
    names = ARGUMENTS.get(call.capability, {})
    slots: Slots = {slot: call.arguments[name] for name, slot in names.items()
                    if name in call.arguments}  # fmt: skip
    slots |= {name: call.arguments[name] for name in PLACED if name in call.arguments}
    if call.capability == "alarm.manage" and "area" in call.arguments:
        slots["area"] = call.arguments["area"]
    if call.capability == "list.manage" and _is_shopping(call.arguments):
        slots.pop("name", None)
    if call.capability == "home.get_state" and intent == "HassClimateGetTemperature":
        slots.pop("device_class", None)
    return slots


def alike(slots: Mapping[str, object], intent: str, language: Language) -> LikeSlots:
    """Slots in the form in which both sides are compared.

    Text without case, apostrophes (a list's name has one or none) and outer blanks. "All" as a
    name says no more than no name. What follows from the rest goes: the domain of a named thing
    (and its class, unless it is a sensor's, which tells what is asked), the domain of an intent
    that has but one.
    """
    found = {name: _values(value) for name, value in slots.items()}
    if found.get("name") == ("all",):
        del found["name"]
    domain = next(iter(found.get("domain", ())), "")
    senses = domain in ("binary_sensor", "sensor")
    if domain == "binary_sensor" and "state" in found:
        found["state"] = tuple(BINARY.get(str(state), state) for state in found["state"])
    if language is Language.CHINESE and "device_class" in found:
        found["device_class"] = tuple(ONE_WORD_ZH.get(str(c), c) for c in found["device_class"])
    if "media_class" in found:
        found["media_class"] = tuple(MEDIA_CLASSES.get(str(c), c) for c in found["media_class"])
    if "name" in found or intent in IMPLIED:
        found.pop("domain", None)
        if not senses:
            found.pop("device_class", None)
    return {name: values for name, values in found.items() if values and values != ("",)}


def _values(value: object) -> tuple[object, ...]:
    many = cast("list[object]", value) if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(
        float(each) if isinstance(each, int | float) and not isinstance(each, bool)
        else str(each).strip().casefold().replace("'", "") for each in many
    ))  # fmt: skip


def same(wanted: LikeSlots, got: LikeSlots) -> bool:
    """Whether the slots are the same, each with a value that would be right."""
    return wanted.keys() == got.keys() and all(got[name][0] in wanted[name] for name in wanted)


def shown(slots: LikeSlots) -> str:
    """Slots in one line."""
    return " ".join(f"{name}={values[0]}" for name, values in sorted(slots.items()))
