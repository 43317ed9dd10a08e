"""What the trail keeps of a turn when the owner has not opted in to keeping texts.

Free text is replaced by its length and a keyed digest, so equal texts can be seen to be equal on
this device and nothing can be guessed back. Numbers, choices, zones, targets, rules and times stay:
they are what explains a decision. The rules that hide are by field of `core.event`; what is not
listed here holds no free text.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from edgewise.act.function import Catalogue
from edgewise.core.capability import Argument, Kind
from edgewise.core.event import Event
from edgewise.core.label import TRUSTED_KINDS
from edgewise.core.signal import JsonValue, as_list, as_object
from edgewise.core.zone import Zone

_MOMENT = re.compile(r"[0-9T:.+-]+")
_PLAIN = ("session.language", "session.zone", "session.touched")
_PLAIN_TARGETS = "Vehicle."
_MEDIA_TARGETS = "Vehicle.Cabin.Infotainment."


class Redactor:
    """Hides the free text of events; `key` is secret to the device."""

    def __init__(self, key: bytes, catalogue: Catalogue) -> None:
        self._key = key
        self._catalogue = catalogue

    def redact(self, event: Event) -> Event:
        """The same event without free text; it decodes as the same type."""
        plain: dict[str, Any] = msgspec.to_builtins(event)
        self._event(plain)
        return msgspec.convert(plain, type(event))

    def hide(self, value: Any) -> Any:
        """`value` with every string in it replaced, keys and structure kept."""
        if isinstance(value, str):
            if not value:
                return value
            digest = hmac.new(self._key, value.encode("utf-8", "replace"), hashlib.sha256)
            return f"‹{len(value)}:{digest.hexdigest()[:12]}›"
        if isinstance(value, list):
            return [self.hide(item) for item in as_list(value)]
        if isinstance(value, dict):
            return {key: self.hide(item) for key, item in as_object(value).items()}
        return value

    def _event(self, event: dict[str, Any]) -> None:
        handlers: dict[str, Callable[[dict[str, Any]], None]] = {
            "perceived": self._perceived,
            "understood": self._understood,
            "call_resolved": self._resolved,
            "call_started": lambda started: self._effects(started["effects"]),
            "call_finished": lambda finished: self._result(finished["result"]),
            "needs_approval": self._waiting,
        }
        handle = handlers.get(event["event"])
        if handle is not None:
            handle(event)
        self._texts(event, "text")
        if "changed" in event:
            event["changed"] = self._values(event["changed"])

    def _perceived(self, event: dict[str, Any]) -> None:
        self._texts(event["message"], "text")
        self._label(event["message"]["label"])
        for part in event["message"]["parts"]:
            self._texts(part, "text")
            self._label(part["label"])

    def _understood(self, event: dict[str, Any]) -> None:
        for call in event["thought"]["calls"]:
            self._call(call)
        self._texts(event["thought"], "question")

    def _resolved(self, event: dict[str, Any]) -> None:
        self._call(event["call"])
        self._resolution(event["resolution"])
        event["state"] = self._values(event["state"])

    def _waiting(self, event: dict[str, Any]) -> None:
        for waiting in event["calls"]:
            self._call(waiting["call"])
            self._effects(waiting["effects"])

    def _texts(self, holder: dict[str, Any], *names: str) -> None:
        for name in names:
            if name in holder:
                holder[name] = self.hide(holder[name])

    def _call(self, call: dict[str, Any]) -> None:
        self._texts(call, "clause")
        for label in (call["label"], *call["labels"].values()):
            self._label(label)
        function = self._catalogue.get(call["capability"])
        for name, value in call["arguments"].items():
            argument = function.capability.argument(name) if function else None
            if argument is None or not _is_plain(argument, value):
                call["arguments"][name] = self.hide(value)

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
        return {
            target: value
            if target in _PLAIN
            or (target.startswith(_PLAIN_TARGETS) and not target.startswith(_MEDIA_TARGETS))
            else self.hide(value)
            for target, value in values.items()
        }

    def _result(self, result: dict[str, Any]) -> None:
        result["changed"] = self._values(result["changed"])
        result["before"] = self._values(result["before"])
        self._texts(result, "data")
        self._label(result["label"])
        if result["words"] and not result["rules"]:
            result["words"] = self.hide(result["words"])
        self._notes(result["notes"])


def _is_plain(argument: Argument, value: JsonValue) -> bool:
    """Whether a declared argument's value is one of a known few, so that it gives nothing away."""
    if argument.private:
        return False
    values = [str(item) for item in as_list(value)] or [str(value)]
    match argument.kind:
        case Kind.CHOICE | Kind.CHOICES:
            return {choice.value for choice in argument.choices}.issuperset(values)
        case Kind.ZONE | Kind.ZONES:
            return {zone.value for zone in Zone}.issuperset(values)
        case Kind.MOMENT:
            return all(_MOMENT.fullmatch(item) for item in values)
        case _:
            return False
