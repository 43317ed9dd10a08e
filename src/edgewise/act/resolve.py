"""Turn a proposed call into what it means on this device now: effects, data, or why not.

Pure: catalogue, call and snapshot in, a `Resolution` out. The checks of arguments are in
`act/arguments.py`; what a capability means is in its family's file; whether the effects may happen
is decided afterwards by `act/decide.py`, on these effects and not on words.
"""

from collections.abc import Sequence

import msgspec

from edgewise.act.arguments import check_arguments
from edgewise.act.exposure import matches
from edgewise.act.function import Catalogue
from edgewise.act.question import with_choices
from edgewise.core.call import Call, Impossible, Missing, Resolution, Resolved
from edgewise.core.capability import Capability
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words
from edgewise.errors import TrustError


def resolve(call: Call, catalogue: Catalogue, snapshot: Snapshot) -> Resolution:
    """What `call` means now.

    Arguments reach the function checked, in declared units, with defaults filled in. Raises
    TrustError (`outside_actuators`) when a function's effect is not among the actuators that its
    declaration names: then the function is broken, and nothing of it may be used.
    """
    function = catalogue.get(call.capability)
    if function is None:
        return _unknown(call.capability)
    capability = function.capability
    if not capability.available:
        return Impossible("unavailable", capability.unavailable or _UNAVAILABLE)
    checked = check_arguments(capability, call.arguments)
    if not isinstance(checked, dict):
        return checked
    resolution = function.resolve(msgspec.structs.replace(call, arguments=checked), snapshot)
    if isinstance(resolution, Resolved):
        _hold_within(capability, resolution)
    if isinstance(resolution, Missing):
        return with_choices(resolution, capability.argument(resolution.argument))
    return resolution


def may_touch(capability: Capability, target: str) -> bool:
    """Whether `target` is among the actuators that the declaration names."""
    return any(matches(actuator, target) for actuator in capability.actuators)


def _hold_within(capability: Capability, resolved: Resolved) -> None:
    outside: Sequence[str] = [
        effect.target for effect in resolved.effects if not may_touch(capability, effect.target)
    ]
    if outside:
        raise TrustError(
            f"{capability.name} of {capability.provider} tried to write {', '.join(outside)}, "
            f"which its declaration does not name; add it to `actuators` or do not write it",
            code="outside_actuators",
        )


def _unknown(name: str) -> Impossible:
    shown = name if len(name) <= 60 else name[:59] + "…"
    return Impossible(
        "unknown_capability",
        Words(f"This device has no function {shown}.", f"这台设备没有“{shown}”这个功能。"),
    )


_UNAVAILABLE = Words("This device cannot do that yet.", "这台设备还做不到。")
