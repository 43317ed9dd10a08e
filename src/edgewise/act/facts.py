"""Everything the policy is told about one call: plain facts from targets, values and readings.

`gather` is pure. What a call does is read from its resolved effects alone (`act/exposure.py`), so
no wording, no capability's name and no caller's claim can make it look harmless; what a function
adds in `Resolved.facts` can only give reasons to refuse. Facts about the state hold *after* the
whole batch, so the order of effects does not matter. A fact that does not bear on the effects is
left out; policies treat an absent fact like an unknown one: as unsafe.

Rule 1: driving is `moving` unless a speed of 0 not older than 1 s says otherwise. Every other
reading has a limit of age as well; why which: docs/decisions/0003-policy-engine.md.
"""

from typing import Any, cast

from edgewise.act.classify import UNCLASSIFIED, fields, number
from edgewise.act.defrost_after import defrost_classes
from edgewise.act.exposure import classes_of, hold_classes, is_exposed
from edgewise.act.lights_after import lamp_classes, lamp_facts
from edgewise.act.openings_after import opening_facts
from edgewise.act.outside import weather
from edgewise.act.provenance import is_program, label_facts, recipient_facts
from edgewise.act.resolve import may_touch
from edgewise.act.risk import SAFE_DIRECTION, SERVES_DEFROST, risk_of
from edgewise.act.shown import played_on
from edgewise.core.attention import is_needed, is_reversing, is_tired
from edgewise.core.call import Call, Effect, EffectKind, Resolved
from edgewise.core.capability import HOUSE, Capability, Risk
from edgewise.core.freshness import FRESH_S, settled
from edgewise.core.label import OriginKind
from edgewise.core.message import Speaker
from edgewise.core.signal import JsonValue, Snapshot

GEAR_PARK = 126
"""VSS 6.0, Powertrain.Transmission.SelectedGear."""
GEAR_NEUTRAL = 0
"""VSS 6.0, CurrentGear, which knows no park: what is engaged in park."""
_ALARMS = "phone.alarms."
"""One alarm is set again as it was; who loses several may not know which they were."""
UPDATE_CHARGE_PERCENT = 30.0
"""Rule 39: least charge of the traction battery for an update when it is not being charged."""
SHOWN = {
    "video": "video", "game": "game", "drawing": "drawing", "screen.keyboard": "keyboard",
    "screen.dialpad": "dialpad", "screen.setup": "setup", "screen.text": "text",
    "screen.overlay": "overlay",
}  # fmt: skip
"""Facts of a function, or classes of an effect, that put something on a screen (rules 14-20)."""
_TRANSMISSION = "Vehicle.Powertrain.Transmission."
_BEHIND = (".Row2.", ".Row3.")
_AT_A_WINDOW = ("window.open", "window.close")
_WEATHERED = frozenset({"roof.open", "light.fog.on", "window.open"})
_EASED_WHEN_PARKED = frozenset({"wiper.off", "defrost.off"})
_DRIVERS = ("Vehicle.Body.Mirrors.", "Vehicle.Chassis.SteeringWheel.",
            "Vehicle.Cabin.RearviewMirror.", "Vehicle.Edgewise.HeadUpDisplay.",
            "Vehicle.Powertrain.Transmission.PerformanceMode",
            "Vehicle.Body.Lights.", "Vehicle.Body.Windshield.", "Vehicle.ADAS.")  # fmt: skip
"""Rule 28: also what the driver sees by and is warned by, whatever its risk."""


def gather(
    call: Call,
    capability: Capability,
    resolved: Resolved,
    snapshot: Snapshot,
    speaker: Speaker,
    driver_on_left: bool = True,
) -> dict[str, JsonValue]:
    """The facts on one resolved call, as JSON values; `action`, `capability` and `speaker_zone`
    become Cedar's action, resource and principal, the rest its context."""
    effects = resolved.effects
    driving = driving_state(snapshot)
    classes = _classes(effects, snapshot, driver_on_left)
    claimed = frozenset(resolved.facts)
    action = _action(classes, effects, capability, driving)
    facts: dict[str, JsonValue] = {
        "action": action,
        "capability": capability.name,
        "speaker_zone": speaker.zone.value if speaker.zone is not None else "unknown",
        "confirmed": False,
        "driving": driving,
        "channel": speaker.channel.value,
        "program": is_program(call, speaker),
        "effects": sorted(classes),
        "facts": sorted(claimed),
        "exposed": all(is_exposed(effect.target) for effect in effects),
        "declared": all(may_touch(capability, effect.target) for effect in effects),
        "driver_zone": any(_is_drivers(effect.target, driver_on_left) for effect in effects),
        "inferred": call.inferred,
    }
    facts |= label_facts(call, capability, resolved)
    facts |= lamp_facts(classes, effects, snapshot)
    facts |= opening_facts(classes, effects, snapshot, driver_on_left)
    facts |= {"weather": weather(snapshot)} if classes & _WEATHERED else {}
    facts |= _screens(effects, classes | claimed, claimed, snapshot)
    facts |= recipient_facts(classes, claimed, effects, snapshot)
    facts |= _upkeep(call, classes, snapshot)
    return facts


def driving_state(snapshot: Snapshot) -> str:
    """`moving`, `idling` or `parked` (rule 1); whatever is missing, stale or odd is moving.

    Parked is a lever in park that nothing contradicts: neither a park lock that is open nor a gear
    that is engaged. No other signal stands in for the lever.
    """
    speed = number(snapshot.fresh("Vehicle.Speed", within_s=FRESH_S))
    if speed != 0 or snapshot.fresh("Vehicle.IsMoving", within_s=FRESH_S) is True:
        return "moving"
    gear = number(snapshot.fresh(_TRANSMISSION + "SelectedGear", within_s=FRESH_S))
    if gear is None:
        return "moving"
    lock = snapshot.fresh(_TRANSMISSION + "IsParkLockEngaged", within_s=FRESH_S)
    engaged = snapshot.fresh(_TRANSMISSION + "CurrentGear", within_s=FRESH_S)
    borne_out = lock in (True, None) and engaged in (GEAR_PARK, GEAR_NEUTRAL, None)
    return "parked" if gear == GEAR_PARK and borne_out else "idling"


def _classes(
    effects: tuple[Effect, ...], snapshot: Snapshot, driver_on_left: bool
) -> frozenset[str]:
    """What the batch does. Writing one target twice, or one motor by position and by switch, is not
    understood (rule 13: nor is it safe to edit a route twice in one go)."""
    found: set[str] = set()
    for effect in effects:
        if effect.kind is EffectKind.HOLD:
            found.update(hold_classes(effect.target) if effect.value is None else (UNCLASSIFIED,))
            continue
        now = _present(effect.target, snapshot)
        classes = classes_of(effect.target, effect.value, now)
        found.update(classes)
        if ".Row1." not in effect.target:
            found.update(f"{name}.rear" for name in classes if name in _AT_A_WINDOW)
        if "seat.move" in classes and _is_drivers(effect.target, driver_on_left):
            found.add("driver_seat.move")
    if sum(e.value is None and e.target.startswith(_ALARMS) for e in effects) > 1:
        found.add("phone.delete")
    if len({_moved(effect.target) for effect in effects}) != len(effects):
        found.add(UNCLASSIFIED)
    each = frozenset(found)
    each |= played_on(effects, snapshot)
    return each | lamp_classes(each, effects, snapshot) | defrost_classes(effects, snapshot)


def _moved(target: str) -> str:
    """What `target` moves: a motor's position and its switch are one thing."""
    thing, _, name = target.rpartition(".")
    return thing if name in ("Position", "Switch") else target


def _present(target: str, snapshot: Snapshot) -> JsonValue:
    """What is at `target` now as far as that can be relied on, of a store's row too if only the
    whole collection was read."""
    if target.startswith("Vehicle."):
        reading = snapshot.readings.get(target)
        if reading is not None and reading.target not in (None, reading.value):
            return None  # on its way: by now it is somewhere else
        return snapshot.fresh(target, within_s=FRESH_S)
    if target in snapshot.readings:
        return snapshot.get(target)
    collection, _, identity = target.rpartition(".")
    rows = snapshot.get(collection)
    held = [fields(row) or {} for row in cast(list[Any], rows)] if isinstance(rows, list) else []
    return next((row for row in held if row.get("id") == identity), None)


def _action(
    classes: frozenset[str], effects: tuple[Effect, ...], capability: Capability, driving: str
) -> str:
    """Cedar's action: `protect` (rule 4), `rescue` (rule 42), or how bad it is to do it wrongly.

    The house knows its own signals better than one risk for a whole capability can say (locking
    is harmless, unlocking is not); a declaration of anybody else can only raise the risk.
    """
    if not effects:
        return Risk.READ.value
    if classes == frozenset({"call.emergency"}):
        return "rescue"
    served = SERVES_DEFROST if "defrost.on" in classes else frozenset[str]()
    if classes & SAFE_DIRECTION and classes <= SAFE_DIRECTION | served:
        return "protect"
    by_effects = risk_of(classes)
    if driving != "parked" and classes & _EASED_WHEN_PARKED:
        by_effects = Risk.SAFETY_CRITICAL
    own = capability.provider == HOUSE and all(e.target.startswith("Vehicle.") for e in effects)
    if own and capability.risk is Risk.SAFETY_CRITICAL:
        return by_effects.value
    return max(by_effects, capability.risk, key=tuple(Risk).index).value


def _is_drivers(target: str, driver_on_left: bool) -> bool:
    """Whether `target` acts on the driver's own place (older VSS says Left and Right)."""
    side = "Left" if driver_on_left else "Right"
    return target.startswith(_DRIVERS) or any(
        f".Row1.{name}." in target for name in ("DriverSide", "Driver", side)
    )


def _screens(
    effects: tuple[Effect, ...],
    named: frozenset[str],
    claimed: frozenset[str],
    snapshot: Snapshot,
) -> dict[str, JsonValue]:
    """What would appear on a screen, and who sees it (rules 14-20): the driver, unless every target
    is one behind. What a call says of its place does not count."""
    steps = [fact.partition("=")[2] for fact in claimed if fact.startswith("visual_steps=")]
    shows = sorted({SHOWN[name] for name in named if name in SHOWN})
    facts: dict[str, JsonValue] = {"shows": shows}
    if steps:
        facts["visual_steps"] = max(
            int(s) if s.isascii() and s.isdigit() and len(s) < 3 else 99 for s in steps
        )
    if shows:
        behind = [any(row in effect.target for row in _BEHIND) for effect in effects]
        facts["seen_by_driver"] = not behind or not all(behind)
        facts["reverse"] = _reverse(snapshot)
    return facts


def _reverse(snapshot: Snapshot) -> str:
    reversing = is_reversing(snapshot)
    return "unknown" if reversing is None else "yes" if reversing else "no"


def _upkeep(call: Call, classes: frozenset[str], snapshot: Snapshot) -> dict[str, JsonValue]:
    """What proactive turns (rule 41) and updates (rule 39) depend on."""
    facts: dict[str, JsonValue] = {}
    origins = call.label.origins
    if origins and all(origin.kind is OriginKind.SYSTEM for origin in origins):
        facts["proactive"] = True
        facts["alert"] = _alert(snapshot)
    if "software.update" in classes:
        update = fields(snapshot.get("session.update")) or {}
        battery = "Vehicle.Powertrain.TractionBattery."
        charge = number(settled(battery + "StateOfCharge.Displayed", snapshot))
        charging = settled(battery + "Charging.IsCharging", snapshot) is True
        facts["update_signed"] = update.get("signed") is True
        facts["update_reversible"] = update.get("rollback") is True
        enough = charge is not None and charge >= UPDATE_CHARGE_PERCENT
        facts["power_sufficient"] = enough or charging
    return facts


def _alert(snapshot: Snapshot) -> str:
    """`yes` while the car needs all of the driver, `no` when that is known not to be so."""
    either = (is_needed(snapshot), is_tired(snapshot))
    return "yes" if True in either else "unknown" if None in either else "no"
