"""Situations for the policy's tests: states of the car, calls, and what the policy makes of them.

Facts always come from `gather`, so a test speaks of targets, values and readings only.
"""

from collections.abc import Mapping, Sequence

from edgewise.act.decide import decide
from edgewise.act.facts import gather
from edgewise.act.policy import builtin_policy
from edgewise.core.call import Allow, Ask, Call, Decision, Effect, Resolved, hold
from edgewise.core.capability import Capability, Risk, Sink
from edgewise.core.label import Label, OriginKind, label_of
from edgewise.core.message import Channel, Speaker
from edgewise.core.signal import JsonValue, Reading, Snapshot
from edgewise.core.words import Words
from edgewise.core.zone import Zone

NOW = 1_000.0
GEAR = "Vehicle.Powertrain.Transmission.SelectedGear"
LIGHTS = "Vehicle.Body.Lights."
ROOF = "Vehicle.Cabin.Sunroof."
DRIVER_WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
REAR_WINDOW = "Vehicle.Cabin.Door.Row2.PassengerSide.Window.Position"
AIR = "Vehicle.Cabin.HVAC.IsAirConditioningActive"

CALM: dict[str, JsonValue] = {
    "Vehicle.Speed": 0.0,
    "Vehicle.IsMoving": False,
    GEAR: 126,
    "Vehicle.Powertrain.Transmission.IsParkLockEngaged": True,
    "Vehicle.LowVoltageSystemState": "ON",
    "Vehicle.Body.Raindetection.Intensity": 0,
    "Vehicle.Exterior.AirTemperature": 20.0,
    "Vehicle.Exterior.LightIntensity": 80.0,
    "Vehicle.Body.Windshield.Front.Wiping.Mode": "OFF",
    "Vehicle.Cabin.IsWindowChildLockEngaged": False,
    "Vehicle.Cabin.Seat.Row1.PassengerSide.OccupancyStatus": "EMPTY",
    LIGHTS + "LightSwitch": "BEAM",
    LIGHTS + "Beam.Low.IsOn": True,
    LIGHTS + "Beam.High.IsOn": False,
    LIGHTS + "IsHighBeamSwitchOn": False,
    LIGHTS + "Fog.Front.IsOn": False,
    LIGHTS + "Fog.Rear.IsOn": False,
    LIGHTS + "Parking.IsOn": True,
    LIGHTS + "Running.IsOn": True,
    ROOF + "Position": 0,
    ROOF + "Shade.Position": 0,
    AIR: False,
    "Vehicle.Cabin.HVAC.IsFrontDefrosterActive": False,
    **{
        f"Vehicle.Cabin.Door.Row{row}.{side}.Window.Position": 0
        for row in (1, 2)
        for side in ("DriverSide", "PassengerSide")
    },
    **{
        f"Vehicle.Cabin.Seat.Row2.{side}.OccupancyStatus": "EMPTY"
        for side in ("DriverSide", "Middle", "PassengerSide")
    },
    "Vehicle.Driver.FatigueLevel": 10.0,
    "Vehicle.Edgewise.IsTakeOverRequested": False,
    "Vehicle.ADAS.EBA.IsEngaged": False,
    "Vehicle.ADAS.DMS.IsWarning": False,
    "Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed": 80.0,
    "phone.contacts": [{"id": "1", "name": "妈妈", "number": "13800001111"}],
}
"""A parked car by day in which nothing is unknown."""

PARKED: dict[str, JsonValue] = {}
IDLING: dict[str, JsonValue] = {
    GEAR: 127,
    "Vehicle.Powertrain.Transmission.IsParkLockEngaged": False,
}
MOVING: dict[str, JsonValue] = {**IDLING, "Vehicle.Speed": 100.0, "Vehicle.IsMoving": True}

USER = label_of(OriginKind.VOICE, "driver")
ANYTHING = Capability("test.anything", Words("anything", "任何"), Risk.REVERSIBLE, actuators=("*",))


def snapshot(*changes: Mapping[str, JsonValue], without: Sequence[str] = ()) -> Snapshot:
    """The calm car with `changes`, all read just now; `without` are missing."""
    values = dict(CALM)
    for change in changes:
        values |= change
    readings = {k: Reading(v, NOW) for k, v in values.items() if k not in without}
    return Snapshot(readings, NOW, 0.0)


HELD = object()
"""Stands for a value: the motor of the target is held."""


def effects_of(*pairs: tuple[str, JsonValue]) -> tuple[Effect, ...]:
    return tuple(
        hold(target) if value is HELD else Effect(target, value) for target, value in pairs
    )


def facts_of(
    effects: Sequence[tuple[str, JsonValue]],
    state: Snapshot,
    *,
    capability: Capability = ANYTHING,
    risk: Risk | None = None,
    sinks: tuple[Sink, ...] | None = None,
    arguments: Mapping[str, JsonValue] | None = None,
    label: Label = USER,
    labels: Mapping[str, Label] | None = None,
    inferred: bool = False,
    claims: tuple[str, ...] = (),
    zone: Zone | None = Zone.DRIVER,
    channel: Channel = Channel.VOICE,
) -> dict[str, JsonValue]:
    """What the policy is told of a call with these effects."""
    declared = Capability(
        capability.name,
        capability.words,
        risk or capability.risk,
        actuators=capability.actuators,
        sinks=capability.sinks if sinks is None else sinks,
        provider=capability.provider,
    )
    call = Call(
        "t.1", declared.name, dict(arguments or {}), label, dict(labels or {}), inferred=inferred
    )
    resolved = Resolved(effects_of(*effects), facts=claims)
    return gather(call, declared, resolved, state, Speaker(zone, channel))


def judge(facts: Mapping[str, JsonValue], *, confirmed: bool = False) -> str:
    """`allow`, or `ask` or `deny` with the id of the first rule: `deny R02-darken-driving`."""
    return outcome(decide(builtin_policy(), facts, confirmed=confirmed))


def outcome(decision: Decision) -> str:
    match decision:
        case Allow():
            return "allow"
        case Ask(rules):
            return f"ask {rules[0].id}"
        case _:
            return f"deny {decision.rules[0].id}"


def strictness(facts: Mapping[str, JsonValue]) -> int:
    """0 for Allow, 1 for Ask, 2 for Deny."""
    return ("allow", "ask", "deny").index(judge(facts).partition(" ")[0])
