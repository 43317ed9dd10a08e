"""Everything the policy is told about one call: plain facts from targets, values and readings.

`gather` is pure. What a call does is read from its resolved effects alone (`act/exposure.py`), so
no wording, no capability's name and no caller's claim can make it look harmless; what a function
adds in `Resolved.facts` can only give reasons to refuse. Facts about the state hold *after* the
whole batch, so the order of effects does not matter. A fact that does not bear on the effects is
left out; policies treat an absent fact like an unknown one: as unsafe.

Rule 1: driving is `moving` unless a speed of 0 not older than 1 s says otherwise. Every other
reading has a limit of age as well; why which: docs/decisions/0003-policy-engine.md.
"""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from edgewise.act.exposure import (
    SAFE_DIRECTION,
    SERVES_DEFROST,
    UNCLASSIFIED,
    classes_of,
    fields,
    is_exposed,
    number,
    risk_of,
)
from edgewise.act.resolve import may_touch
from edgewise.core.call import Call, Effect, Resolved
from edgewise.core.capability import Capability, Risk
from edgewise.core.label import OriginKind
from edgewise.core.message import Channel, Speaker
from edgewise.core.signal import JsonValue, Snapshot
from edgewise.core.zone import Zone

FRESH_S = 1.0
"""Rule 1: an older speed or gear is no speed or gear. As short for the ignition (rule 21: who
turns it off leaves the car) and for where a motor stands (an older place may be any place)."""
SEATED_S = 1.0
"""Rule 22: a child's hand is at stake, and too old a word only asks. A longer limit would spare no
question on a bus that tells changes alone: people sit for hours."""
WEATHER_S = 60.0
"""Rule 8: a shower begins within a minute; too old a word only asks."""
ALERT_S = 60.0
"""Rule 41: an older word on the driver and the take-over request is none."""
SETTLED_S = 600.0
"""Lamps, air conditioning, windows, roof, shade, charge: slow, or told when changed."""
GEAR_PARK = 126
"""VSS 6.0, Powertrain.Transmission.SelectedGear."""
TIRED_PERCENT = 60.0
"""Rule 41: from this `Driver.FatigueLevel` on the driver is not spoken to unasked."""
UPDATE_CHARGE_PERCENT = 30.0
"""Rule 39: least charge of the traction battery for an update when it is not being charged."""

SHOWN = {
    "video": "video", "game": "game", "drawing": "drawing", "screen.keyboard": "keyboard",
    "screen.dialpad": "dialpad", "screen.setup": "setup", "screen.text": "text",
    "screen.overlay": "overlay",
}  # fmt: skip
"""Facts of a function, or classes of an effect, that put something on a screen (rules 14-20)."""

_LIGHTS = "Vehicle.Body.Lights."
_ROOF = "Vehicle.Cabin.Sunroof."
_DOORS = tuple(
    f"Vehicle.Cabin.Door.Row{row}.{side}"
    for row in (1, 2)
    for side in ("DriverSide", "PassengerSide")
)
_SWITCHED = {"OPEN": 100.0, "ONE_SHOT_OPEN": 100.0, "CLOSE": 0.0, "ONE_SHOT_CLOSE": 0.0,
             "TILT_UP": 0.0, "TILT_DOWN": 0.0}  # fmt: skip
_BEHIND = frozenset({Zone.ROW2_LEFT, Zone.ROW2_RIGHT, Zone.ROW3, Zone.REAR})
_PROGRAMS = frozenset({Channel.MCP, Channel.CLOUD})
_RESCUED_BY = _PROGRAMS | {Channel.API}
_TO_OTHERS = frozenset({"message.send", "calendar.invite"})
_EASED_WHEN_PARKED = frozenset({"wiper.off", "defrost.off"})
_DRIVERS = ("Vehicle.Body.Mirrors.", "Vehicle.Chassis.SteeringWheel.",
            "Vehicle.Cabin.RearviewMirror.", "Vehicle.Edgewise.HeadUpDisplay.",
            "Vehicle.Powertrain.Transmission.PerformanceMode")  # fmt: skip


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
        "program": _is_program(call, speaker, _RESCUED_BY if action == "rescue" else _PROGRAMS),
        "effects": sorted(classes),
        "facts": sorted(claimed),
        "exposed": all(is_exposed(effect.target) for effect in effects),
        "declared": all(may_touch(capability, effect.target) for effect in effects),
        "driver_zone": any(_is_drivers(effect.target, driver_on_left) for effect in effects),
        "inferred": call.inferred,
    }
    facts |= _provenance(call, capability, resolved)
    facts |= _lights(classes, effects, snapshot)
    facts |= _openings(classes, effects, snapshot)
    facts |= _screens(call, classes | claimed, claimed, snapshot)
    facts |= _outward(classes, claimed, effects, snapshot)
    facts |= _upkeep(call, classes, snapshot)
    return facts


def driving_state(snapshot: Snapshot) -> str:
    """`moving`, `idling` or `parked` (rule 1); whatever is missing, stale or odd is moving.

    A gear lever known to be out of park counts more than a park lock that says otherwise.
    """
    speed = number(snapshot.fresh("Vehicle.Speed", within_s=FRESH_S))
    if speed != 0 or snapshot.fresh("Vehicle.IsMoving", within_s=FRESH_S) is True:
        return "moving"
    transmission = "Vehicle.Powertrain.Transmission."
    gear = number(snapshot.fresh(transmission + "SelectedGear", within_s=FRESH_S))
    lock = snapshot.fresh(transmission + "IsParkLockEngaged", within_s=FRESH_S)
    if gear == GEAR_PARK or (gear is None and lock is True):
        return "parked"
    return "moving" if gear is None else "idling"


def _classes(
    effects: tuple[Effect, ...], snapshot: Snapshot, driver_on_left: bool
) -> frozenset[str]:
    """What the batch does. Writing one target twice is not understood (rule 13: nor is it safe to
    edit a route twice in one go)."""
    found: set[str] = set()
    for effect in effects:
        now = _present(effect.target, snapshot)
        classes = classes_of(effect.target, effect.value, now)
        found.update(classes)
        if "window.close" in classes and ".Row1." not in effect.target:
            found.add("window.close.rear")
        if "seat.move" in classes and _is_drivers(effect.target, driver_on_left):
            found.add("driver_seat.move")
    if len({effect.target for effect in effects}) != len(effects):
        found.add(UNCLASSIFIED)
    if "light.high_beam.off" in found and not _stays_lit(effects, snapshot):
        found.add("light.exterior.darken")
    return frozenset(found)


def _present(target: str, snapshot: Snapshot) -> JsonValue:
    """What is at `target` now as far as that can be relied on, of a store's row too if only the
    whole collection was read."""
    if target.startswith("Vehicle."):
        within_s = SETTLED_S if target.startswith(_LIGHTS) else FRESH_S
        return snapshot.fresh(target, within_s=within_s)
    if target in snapshot.readings:
        return snapshot.get(target)
    collection, _, identity = target.rpartition(".")
    rows = snapshot.get(collection)
    held = [fields(row) or {} for row in cast(list[Any], rows)] if isinstance(rows, list) else []
    return next((row for row in held if row.get("id") == identity), None)


def _is_program(call: Call, speaker: Speaker, channels: frozenset[Channel]) -> bool:
    """Whether a program behind one of `channels` asks, or had a hand in the call: who replays its
    words (a scene, an answer to a question) does not make them a person's."""
    labels = (call.label, *call.labels.values())
    details = {
        origin.detail
        for label in labels
        for origin in label.origins
        if origin.kind is OriginKind.CLIENT
    }
    return speaker.channel in channels or bool(details & channels)


def _stays_lit(effects: tuple[Effect, ...], snapshot: Snapshot) -> bool:
    """Whether the road stays lit (or the car sees to it) once the high beam is off."""
    switch = _after(_LIGHTS + "LightSwitch", effects, snapshot)
    return switch in ("AUTO", "BEAM") or _low_beam_after(effects, snapshot) == "on"


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
    own = capability.provider == "edgewise" and all(
        e.target.startswith("Vehicle.") for e in effects
    )
    if own and capability.risk is Risk.SAFETY_CRITICAL:
        return by_effects.value
    return max(by_effects, capability.risk, key=tuple(Risk).index).value


def _is_drivers(target: str, driver_on_left: bool) -> bool:
    """Whether `target` acts on the driver's own place (older VSS says Left and Right)."""
    side = "Left" if driver_on_left else "Right"
    return target.startswith(_DRIVERS) or any(
        f".Row1.{name}." in target for name in ("DriverSide", "Driver", side)
    )


def _provenance(call: Call, capability: Capability, resolved: Resolved) -> dict[str, JsonValue]:
    """Whose idea the call and its arguments are, and whether private words would leave (33-35)."""
    effects = resolved.effects
    private = capability.private or (resolved.label is not None and resolved.label.private)
    kinds: set[str] = set()
    arguments: list[str] = []
    for name in sorted({*call.arguments, *call.labels}):
        label = call.label_of(name)
        if not label.trusted:
            arguments.append(name)
            kinds.update(o.kind.value for o in label.untrusted_origins())
            kinds.update(() if label.origins else ("unknown",))
    return {
        "proposer_trusted": call.label.trusted,
        "tainted": sorted(kinds),
        "tainted_arguments": arguments,
        "private_out": bool(effects) and _leaks(call, capability, effects),
        "private_read": private and not effects,
    }


def _leaks(call: Call, capability: Capability, effects: tuple[Effect, ...]) -> bool:
    """Whether a private value flows to somebody who may not read it and whom the user did not
    choose. A tool or a service without declared sinks is taken to send all of its arguments."""
    outside = any(e.target.startswith(("mcp.", "plugin.", "cloud.")) for e in effects)
    declared = {sink.argument for sink in capability.sinks}
    flows = [(sink.argument, sink.to) for sink in capability.sinks]
    flows += [(name, "") for name in call.arguments if outside and name not in declared]
    return any(
        call.label_of(argument).private and not _may_receive(call, argument, to)
        for argument, to in flows
        if argument in call.arguments
    )


def _may_receive(call: Call, argument: str, to: str) -> bool:
    recipient = call.arguments.get(to)
    readers = call.label_of(argument).readers or ()
    chosen = recipient is not None and to != argument and call.label_of(to).trusted
    return chosen or to in readers or (isinstance(recipient, str) and recipient in readers)


def _lights(
    classes: frozenset[str], effects: tuple[Effect, ...], snapshot: Snapshot
) -> dict[str, JsonValue]:
    if not any(name.startswith(("light.fog", "light.high_beam")) for name in classes):
        return {}
    high = (_LIGHTS + "Beam.High.IsOn",)
    fog = (_LIGHTS + "Fog.Front.IsOn", _LIGHTS + "Fog.Rear.IsOn")
    raised = _after(_LIGHTS + "IsHighBeamSwitchOn", effects, snapshot) is True
    return {
        "low_beam_after": _low_beam_after(effects, snapshot),
        "high_beam_after": "on" if raised else _lamps_after(high, effects, snapshot),
        "fog_after": _lamps_after(fog, effects, snapshot),
        **_weather(classes, snapshot),
    }


def _low_beam_after(effects: tuple[Effect, ...], snapshot: Snapshot) -> str:
    lamp = _LIGHTS + "Beam.Low.IsOn"
    written = {effect.target: effect.value for effect in effects}
    if lamp not in written and written.get(_LIGHTS + "LightSwitch") == "BEAM":
        return "on"
    return _lamps_after((lamp,), effects, snapshot)


def _lamps_after(lamps: tuple[str, ...], effects: tuple[Effect, ...], snapshot: Snapshot) -> str:
    """`on` if any is on, `off` if all are known to be off, else `unknown`."""
    values = [_after(lamp, effects, snapshot) for lamp in lamps]
    if any(value is True for value in values):
        return "on"
    return "off" if all(value is False for value in values) else "unknown"


def _weather(classes: frozenset[str], snapshot: Snapshot) -> dict[str, JsonValue]:
    if not classes & {"roof.open", "light.fog.on"}:
        return {}
    rain = number(snapshot.fresh("Vehicle.Body.Raindetection.Intensity", within_s=WEATHER_S))
    air_c = number(snapshot.fresh("Vehicle.Exterior.AirTemperature", within_s=WEATHER_S))
    if (rain is not None and rain > 0) or (air_c is not None and air_c < 0):
        return {"weather": "adverse"}
    return {"weather": "unknown" if rain is None or air_c is None else "good"}


def _openings(
    classes: frozenset[str], effects: tuple[Effect, ...], snapshot: Snapshot
) -> dict[str, JsonValue]:
    """Windows, roof and shades after the batch, who sits there, and what holds a motor back."""
    facts = _weather(classes, snapshot)
    if classes & {"roof.open", "roof.close", "shade.close", "shade.open"}:
        facts["roof_after"] = round(_roof_after(effects, snapshot))
        facts["shade_after"] = round(_shade_after(effects, snapshot))
    if classes & {"window.open", "climate.ac.on"}:
        opened = [door for door in _DOORS if any(e.target.startswith(door + ".") for e in effects)]
        facts["widest_window_after"] = _widest(_DOORS, effects, snapshot)
        facts["opened_window_after"] = _widest(opened, effects, snapshot)
        air = _after("Vehicle.Cabin.HVAC.IsAirConditioningActive", effects, snapshot)
        facts["ac_after"] = _named(air)
    if classes & {"window.close", "roof.close"}:
        power = snapshot.fresh("Vehicle.LowVoltageSystemState", within_s=FRESH_S)
        known = power in ("LOCK", "OFF", "ACC", "ON", "START")
        facts["power"] = power if known else "unknown"
        facts["anti_pinch"] = snapshot.get("Vehicle.Edgewise.Window.HasAntiPinch") is True
    if "window.close.rear" in classes:
        facts["rear_occupants"] = _rear_occupants(effects, snapshot)
    return facts


def _roof_after(effects: tuple[Effect, ...], snapshot: Snapshot) -> float:
    switched = _switched(_ROOF + "Switch", effects)
    if switched is not None:
        return switched
    reading = snapshot.readings.get(_ROOF + "Position")
    position = number(_settled(_ROOF + "Position", snapshot))
    if reading is None or position is None:
        return 100.0
    return max(position, number(reading.target) or 0.0, 0.0)


def _shade_after(effects: tuple[Effect, ...], snapshot: Snapshot) -> float:
    switched = _switched(_ROOF + "Shade.Switch", effects)
    if switched is not None:
        return switched
    return _aimed(_ROOF + "Shade.Position", effects, snapshot, unknown=0.0)


def _widest(doors: Iterable[str], effects: tuple[Effect, ...], snapshot: Snapshot) -> int:
    return round(max((_window_after(door, effects, snapshot) for door in doors), default=0.0))


def _window_after(door: str, effects: tuple[Effect, ...], snapshot: Snapshot) -> float:
    switched = _switched(door + ".Window.Switch", effects)
    if switched is not None:
        return switched
    return _aimed(door + ".Window.Position", effects, snapshot, unknown=100.0)


def _aimed(
    target: str, effects: tuple[Effect, ...], snapshot: Snapshot, *, unknown: float
) -> float:
    """Where `target` will stand: as written, else where it is moving to, else where it is."""
    for effect in effects:
        if effect.target == target:
            wanted = number(effect.value)
            return unknown if wanted is None else wanted
    reading = snapshot.readings.get(target)
    position = number(_settled(target, snapshot))
    moving_to = None if reading is None else number(reading.target)
    if position is None:
        return unknown
    return position if moving_to is None else moving_to


def _switched(target: str, effects: tuple[Effect, ...]) -> float | None:
    for effect in effects:
        if effect.target == target and isinstance(effect.value, str):
            return _SWITCHED.get(effect.value)
    return None


def _rear_occupants(effects: tuple[Effect, ...], snapshot: Snapshot) -> str:
    """The most delicate occupant beside a rear window that closes; the middle seat is beside both.

    VSS 6.0 tells an occupied seat from an empty one; whether it is a child is a vendor signal.
    """
    seats = {"Vehicle.Cabin.Seat.Row2.Middle"}
    for effect in effects:
        if effect.target.startswith("Vehicle.Cabin.Door.") and ".Row1." not in effect.target:
            door = effect.target.partition(".Window.")[0]
            seats.add(door.replace(".Door.", ".Seat."))
    found = {_occupant(seat, snapshot) for seat in seats}
    return next(name for name in ("child", "unknown", "adult", "empty") if name in found)


def _occupant(seat: str, snapshot: Snapshot) -> str:
    status = snapshot.fresh(seat + ".OccupancyStatus", within_s=SEATED_S)
    if status == "EMPTY":
        return "empty"
    if status != "OCCUPIED":
        return "unknown"
    occupant = seat.replace(".Cabin.Seat.", ".Edgewise.Occupant.")
    child = snapshot.fresh(occupant + ".IsChild", within_s=SEATED_S)
    return {True: "child", False: "adult"}.get(child, "unknown") if _is_bool(child) else "unknown"


def _screens(
    call: Call, named: frozenset[str], claimed: frozenset[str], snapshot: Snapshot
) -> dict[str, JsonValue]:
    """What would appear on a screen, and who sees it (rules 14-20)."""
    steps = [fact.partition("=")[2] for fact in claimed if fact.startswith("visual_steps=")]
    shows = sorted({SHOWN[name] for name in named if name in SHOWN})
    facts: dict[str, JsonValue] = {"shows": shows}
    if steps:
        facts["visual_steps"] = max(int(s) if s.isascii() and s.isdigit() else 99 for s in steps)
    if shows:
        zone = call.arguments.get("zone")
        facts["seen_by_driver"] = not (isinstance(zone, str) and zone in _BEHIND)
        facts["reverse"] = _reverse(snapshot)
    return facts


def _reverse(snapshot: Snapshot) -> str:
    gear = number(snapshot.fresh("Vehicle.Powertrain.Transmission.SelectedGear", within_s=FRESH_S))
    return "unknown" if gear is None else "yes" if gear < 0 else "no"


def _outward(
    classes: frozenset[str],
    claimed: frozenset[str],
    effects: tuple[Effect, ...],
    snapshot: Snapshot,
) -> dict[str, JsonValue]:
    """Who would get it, whether the payer has proved who they are, whether there is a route."""
    facts: dict[str, JsonValue] = {}
    if classes & _TO_OTHERS:
        known = _reached_before(snapshot)
        rows = [fields(e.value) for e in effects if e.value is not None]
        strangers = any(row is None or not _addresses(row) & known for row in rows)
        facts["new_recipient"] = "new_recipient" in claimed or strangers
    if classes & {"money", "money.road"}:
        facts["authenticated"] = snapshot.get("session.authenticated") is True
    if classes & {"nav.route", "nav.clear"}:
        facts["route_active"] = bool(snapshot.get("nav.route"))
    return facts


def _reached_before(snapshot: Snapshot) -> frozenset[str]:
    rows = snapshot.get("phone.contacts")
    found: set[str] = set()
    if isinstance(rows, list):
        for row in cast(list[Any], rows):
            found |= _addresses(fields(row) or {})
    return frozenset(found)


def _addresses(row: Mapping[str, Any]) -> set[str]:
    """Numbers (digits only) and mail addresses of a row; a name proves nobody's address."""
    values = [row.get(key) for key in ("number", "email", "address")]
    texts = [str(value).strip().casefold() for value in values if value]
    return {text if "@" in text else _digits(text) for text in texts} - {""}


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


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
        charge = number(_settled(battery + "StateOfCharge.Displayed", snapshot))
        charging = _settled(battery + "Charging.IsCharging", snapshot) is True
        facts["update_signed"] = update.get("signed") is True
        facts["update_reversible"] = update.get("rollback") is True
        enough = charge is not None and charge >= UPDATE_CHARGE_PERCENT
        facts["power_sufficient"] = enough or charging
    return facts


def _alert(snapshot: Snapshot) -> str:
    """`yes` while the car needs all of the driver, `no` when that is known not to be so."""
    flags = [
        snapshot.fresh(name, within_s=ALERT_S)
        for name in ("Vehicle.Edgewise.IsTakeOverRequested", "Vehicle.ADAS.EBA.IsEngaged",
                     "Vehicle.ADAS.DMS.IsWarning")
    ]  # fmt: skip
    tired = number(snapshot.fresh("Vehicle.Driver.FatigueLevel", within_s=ALERT_S))
    if any(flag is True for flag in flags) or (tired is not None and tired >= TIRED_PERCENT):
        return "yes"
    return "no" if tired is not None and all(flag is False for flag in flags) else "unknown"


def _after(target: str, effects: Iterable[Effect], snapshot: Snapshot) -> JsonValue:
    """The value of `target` once the whole batch has landed; None if it is unknown."""
    for effect in effects:
        if effect.target == target:
            return effect.value
    return _settled(target, snapshot)


def _settled(target: str, snapshot: Snapshot) -> JsonValue:
    return snapshot.fresh(target, within_s=SETTLED_S)


def _named(value: JsonValue) -> str:
    return ("on" if value else "off") if _is_bool(value) else "unknown"


def _is_bool(value: JsonValue) -> bool:
    return isinstance(value, bool)
