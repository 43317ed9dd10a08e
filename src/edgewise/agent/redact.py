"""What the trail keeps of a turn when the owner has not opted in to keeping texts.

Free text is replaced by its length and a keyed digest, a number by a digest alone, so equal values
can be seen to be equal on this device and nothing can be guessed back. What stays is what explains
a decision: signals of the car (but not where it is), choices, zones, targets, rules, times. The
rules that hide are by field of `core.event`; what is not listed here holds nothing of a person.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from edgewise.act.function import Catalogue
from edgewise.core.capability import Argument, Capability, Kind
from edgewise.core.event import NOTHING, OTHER, Recorded
from edgewise.core.label import TRUSTED_KINDS
from edgewise.core.signal import JsonValue, as_list, as_object
from edgewise.core.zone import Zone

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ][\d:.]{1,15}(?:Z|[+-][\d:]{2,6})?)?")
_HIDDEN = re.compile(r"‹(?:\d+|#):[0-9a-f]{12}›")
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,63}")
_PLAIN = ("session.language", "session.zone")
_PLAIN_SESSIONS = ("default", "cli", "chat", "cockpit", "alarms", "mcp.client")
_CAR = "Vehicle."
_MEDIA = "Vehicle.Cabin.Infotainment."
_PLACES = ("Vehicle.CurrentLocation", "Vehicle.Cabin.Infotainment.Navigation.DestinationSet")
_COORDINATES = ("Latitude", "Longitude")
_NUMBERS = frozenset({Kind.NUMBER, Kind.INTEGER, Kind.DURATION})


class Redactor:
    """Hides the free text of events; `key` is secret to the device."""

    def __init__(self, key: bytes, catalogue: Catalogue) -> None:
        self._key = key
        self._catalogue = catalogue

    def redact(self, event: Recorded) -> Recorded:
        """The same event without free text; it decodes as the same type."""
        plain: dict[str, Any] = msgspec.to_builtins(event)
        self._event(plain)
        return msgspec.convert(plain, type(event))

    def hide(self, value: Any, *, numbers: bool = True) -> Any:
        """`value` with every text, and unless told otherwise every number, replaced.

        Structure stays, with keys that look like names of fields, yes and no, and what is empty.
        """
        match value:
            case str():
                return f"‹{len(value)}:{self._digest(value)}›" if value else value
            case bool() | None:
                return value
            case int() | float():
                return f"‹#:{self._digest(repr(value))}›" if numbers else value
            case list() | tuple():
                return [self.hide(item, numbers=numbers) for item in as_list(value)]
            case dict():
                return {
                    key if _FIELD.fullmatch(key) else self.hide(key): self.hide(
                        item, numbers=numbers
                    )
                    for key, item in as_object(value).items()
                }
            case _:
                return value

    def session(self, name: str) -> str:
        """The name of a session as the trail keeps it."""
        return name if name in _PLAIN_SESSIONS else str(self.hide(name))

    def _digest(self, text: str) -> str:
        data = text.encode("utf-8", "replace")
        return hmac.new(self._key, data, hashlib.sha256).hexdigest()[:12]

    def _event(self, event: dict[str, Any]) -> None:
        handlers: dict[str, Callable[[dict[str, Any]], None]] = {
            "turn_started": self._started,
            "perceived": self._perceived,
            "understood": self._understood,
            "call_resolved": self._resolved,
            "call_started": lambda started: self._effects(started["effects"]),
            "call_finished": lambda finished: self._result(finished["result"]),
            "needs_approval": self._waiting,
            "stopped": lambda stopped: self._texts(stopped, "words"),
            "corrected": self._corrected,
        }
        handle = handlers.get(event["event"])
        if handle is not None:
            handle(event)
        if event["event"] != "corrected":
            self._texts(event, "text")
        if "changed" in event:
            event["changed"] = self._values(event["changed"])

    def _started(self, event: dict[str, Any]) -> None:
        event["session"] = self.session(event["session"])

    def _perceived(self, event: dict[str, Any]) -> None:
        self._texts(event["message"], "text")
        self._label(event["message"]["label"])
        for part in event["message"]["parts"]:
            self._texts(part, "text", "name")
            self._label(part["label"])

    def _understood(self, event: dict[str, Any]) -> None:
        for call in event["thought"]["calls"]:
            self._call(call)
        for other in event["thought"]["alternatives"]:
            self._capability(other)
        for mention in event["thought"]["mentions"]:
            self._texts(mention, "words")
        self._texts(event["thought"], "question")

    def _resolved(self, event: dict[str, Any]) -> None:
        self._call(event["call"])
        self._resolution(event["resolution"])
        event["state"] = self._values(event["state"])

    def _waiting(self, event: dict[str, Any]) -> None:
        for waiting in event["calls"]:
            self._call(waiting["call"])
            self._effects(waiting["effects"])

    def _corrected(self, event: dict[str, Any]) -> None:
        """Its words come from the trail: what was hidden there already stays as it is, so that it
        can be seen to be the same."""
        if not is_hidden(event["text"]):
            self._texts(event, "text")
            self._label(event["label"])
        for one in event["understood"]:
            self._capability(one)
        if event["meant"] not in (OTHER, NOTHING) and self._catalogue.get(event["meant"]) is None:
            self._texts(event, "meant")

    def _texts(self, holder: dict[str, Any], *names: str) -> None:
        for name in names:
            if name in holder:
                holder[name] = self.hide(holder[name])

    def _call(self, call: dict[str, Any]) -> None:
        self._texts(call, "clause")
        for label in (call["label"], *call["labels"].values()):
            self._label(label)
        function = self._catalogue.get(call["capability"])
        capability = function.capability if function else None
        self._capability(call)
        arguments: dict[str, Any] = {}
        for name, value in call["arguments"].items():
            argument = capability.argument(name) if capability else None
            if capability is None or argument is None:
                arguments[self.hide(name)] = self.hide(value)
            elif not _is_plain(capability, argument, value):
                arguments[name] = self.hide(value)
            else:
                arguments[name] = value
        call["arguments"] = arguments
        call["labels"] = {
            name if capability and capability.argument(name) else self.hide(name): label
            for name, label in call["labels"].items()
        }

    def _capability(self, holder: dict[str, Any]) -> None:
        """A name that no declaration knows is whatever somebody wrote there."""
        if self._catalogue.get(holder["capability"]) is None:
            holder["capability"] = self.hide(holder["capability"])

    def _resolution(self, resolution: dict[str, Any]) -> None:
        if "effects" in resolution:
            self._effects(resolution["effects"])
            self._texts(resolution, "data")
            self._label(resolution["label"])
            self._notes(resolution["notes"])
        self._texts(resolution, "choices", "question", "words")

    def _label(self, label: dict[str, Any] | None) -> None:
        """Hide who wrote foreign content (a sender, a page); the person's own zone stays."""
        for origin in label["origins"] if label is not None else ():
            if origin["kind"] not in TRUSTED_KINDS:
                self._texts(origin, "detail")

    def _notes(self, notes: list[dict[str, Any]]) -> None:
        for note in notes:
            self._texts(note, "words")

    def _effects(self, effects: list[dict[str, Any]]) -> None:
        for effect in effects:
            effect["value"] = self._values({effect["target"]: effect["value"]})[effect["target"]]

    def _values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {target: self._value(target, value) for target, value in values.items()}

    def _value(self, target: str, value: Any) -> Any:
        if target in _PLAIN:
            return value
        if not target.startswith(_CAR) or _is_place(target):
            return self.hide(value)
        return self.hide(value, numbers=False) if target.startswith(_MEDIA) else value

    def _result(self, result: dict[str, Any]) -> None:
        self._capability(result)
        result["changed"] = self._values(result["changed"])
        result["before"] = self._values(result["before"])
        self._texts(result, "data")
        self._label(result["label"])
        if result["words"] and not result["rules"]:
            result["words"] = self.hide(result["words"])
        self._notes(result["notes"])


def is_hidden(text: str) -> bool:
    """Whether `text` is what stands for a hidden one."""
    return _HIDDEN.fullmatch(text) is not None


def _is_place(target: str) -> bool:
    return target.startswith(_PLACES) or target.endswith(_COORDINATES)


def _is_plain(capability: Capability, argument: Argument, value: JsonValue) -> bool:
    """Whether a declared argument's value is one of a known few, or a setting of the car."""
    if argument.private:
        return False
    if isinstance(value, bool) or value is None:
        return True
    values = [str(item) for item in as_list(value)] or [str(value)]
    match argument.kind:
        case Kind.CHOICE | Kind.CHOICES:
            return {choice.value for choice in argument.choices}.issuperset(values)
        case Kind.ZONE | Kind.ZONES:
            return {zone.value for zone in Zone}.issuperset(values)
        case Kind.MOMENT:
            return all(_MOMENT.fullmatch(item) for item in values)
        case kind if kind in _NUMBERS:
            of_the_car = bool(capability.actuators) and all(
                target.startswith(_CAR) for target in capability.actuators
            )
            return of_the_car and isinstance(value, int | float)
        case _:
            return False
