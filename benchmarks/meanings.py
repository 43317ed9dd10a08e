"""What Edgewise calls for an intent of Home Assistant: the functions that both have.

Home Assistant names the direction in the intent (turn on, turn off), Edgewise in an argument. So
that neither is asked for less, a call counts as right only when its direction is right as well.
"""

from dataclasses import dataclass

from edgewise.core.call import Call
from edgewise.core.capability import Capability, Risk


@dataclass(frozen=True, slots=True)
class Meaning:
    """A function, and where an argument tells the direction the values that are right."""

    capability: str
    argument: str = ""
    values: tuple[object, ...] = ()

    def fits(self, call: Call) -> bool:
        """Whether the call is this function, in this direction."""
        if call.capability != self.capability:
            return False
        return not self.argument or call.arguments.get(self.argument) in self.values


def _op(capability: str, *values: str) -> tuple[Meaning, ...]:
    return (Meaning(capability, "op", values),)


def _action(*values: str) -> tuple[Meaning, ...]:
    return (Meaning("media.control", "action", values),)


OF_INTENT: dict[str, tuple[Meaning, ...]] = {
    "HassClimateGetTemperature": (Meaning("climate.read"),),
    "HassClimateSetTemperature": (Meaning("climate.set_temperature"),),
    "HassMediaSearchAndPlay": (Meaning("media.play"),),
    "HassMediaNext": _action("next"),
    "HassMediaPrevious": _action("previous"),
    "HassMediaPause": _action("pause", "stop"),
    "HassMediaUnpause": _action("play"),
    "HassSetVolume": (Meaning("media.set_volume"),),
    "HassStartTimer": _op("alarm.manage", "set"),
    "HassCancelTimer": _op("alarm.manage", "cancel", "stop"),
    "HassCancelAllTimers": _op("alarm.manage", "cancel", "stop"),
    "HassPauseTimer": _op("alarm.manage", "pause"),
    "HassUnpauseTimer": _op("alarm.manage", "resume"),
    "HassIncreaseTimer": _op("alarm.manage", "extend"),
    "HassDecreaseTimer": _op("alarm.manage", "shorten"),
    "HassTimerStatus": _op("alarm.manage", "query"),
    "HassListAddItem": _op("list.manage", "add"),
    "HassShoppingListAddItem": _op("list.manage", "add"),
    "HassListCompleteItem": _op("list.manage", "complete", "remove"),
    "HassShoppingListCompleteItem": _op("list.manage", "complete", "remove"),
    "HassGetWeather": (Meaning("info.weather"),),
    "HassGetCurrentTime": (Meaning("info.compute", "kind", ("datetime",)),),
    "HassGetCurrentDate": (Meaning("info.compute", "kind", ("datetime",)),),
    "HassNevermind": (Meaning("dialog.control", "action", ("cancel", "stop", "deny")),),
}
"""Those of Home Assistant's intents that a device without a house can be asked for. The others
(its switches, covers, sensors, vacuum cleaners) it does not have."""

HOUSE_ONLY = frozenset({"HassVacuumStart", "HassVacuumReturnToBase"})
"""Intents that Edgewise has no function for, whatever is named."""
_ON = {"light.interior.set": "on", "climate.set_power": "on", "door.lock": "locked"}
"""Functions whose argument says what turn on and turn off say there; locked counts as on there."""


def is_right(call: Call, capability: str, intents: tuple[str, ...]) -> bool:
    """Whether a call is the function wanted, in a direction that one of the intents has."""
    if call.capability != capability:
        return False
    known = [m for name in intents for m in OF_INTENT.get(name, ()) if m.capability == capability]
    if known:
        return any(meaning.fits(call) for meaning in known)
    if capability in _ON and not {"HassTurnOn", "HassTurnOff"} <= set(intents):
        value = call.arguments.get(_ON[capability])
        return value is False if "HassTurnOff" in intents else value in (True, None)
    return True


def changes(call: Call, capabilities: dict[str, Capability]) -> bool:
    """Whether a call would move or keep something: no question, no word of the dialogue."""
    capability = capabilities[call.capability]
    if capability.risk is Risk.READ or call.capability == "dialog.control":
        return False
    return capability.available and call.arguments.get("op") != "query"
