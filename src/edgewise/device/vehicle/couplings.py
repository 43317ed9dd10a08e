"""What else changes in a car when one signal does: lamps follow the light switch, gear the speed.

Pure: the path that changed and all values in, further changes out; `None` makes a signal missing.
The simulated car applies them and their own consequences until nothing changes.
"""

from collections.abc import Callable, Mapping

from edgewise.core.signal import JsonValue

Values = Mapping[str, JsonValue]
Changes = dict[str, JsonValue]

SPEED = "Vehicle.Speed"
SELECTED_GEAR = "Vehicle.Powertrain.Transmission.SelectedGear"
CURRENT_GEAR = "Vehicle.Powertrain.Transmission.CurrentGear"
PARK_LOCK = "Vehicle.Powertrain.Transmission.IsParkLockEngaged"
PARKING_BRAKE = "Vehicle.Chassis.ParkingBrake.IsEngaged"
PARK, DRIVE, NEUTRAL, REVERSE = 126, 127, 0, -1
"""VSS 6.0: SelectedGear 126 is park, 127 is drive."""

LIGHTS = "Vehicle.Body.Lights"
LIGHT_SWITCH = f"{LIGHTS}.LightSwitch"
DAYLIGHT = "Vehicle.Exterior.LightIntensity"
DARK_BELOW_PERCENT = 30.0
"""Daylight below which the switch in AUTO turns the low beam on."""
CHARGING = "Vehicle.Powertrain.TractionBattery.Charging"
CABLE = f"{CHARGING}.ChargingPort.AnyPosition.IsChargingCableConnected"
POWER = "Vehicle.LowVoltageSystemState"

_LAMPS = ("Beam.Low", "Parking", "LicensePlate", "Running")
_LIT: Mapping[str, tuple[str, ...]] = {
    "OFF": (),
    "POSITION": ("Parking", "LicensePlate"),
    "DAYTIME_RUNNING_LIGHTS": ("Running",),
    "BEAM": ("Beam.Low", "Parking", "LicensePlate"),
}
_NEED_LOW_BEAM = ("Beam.High", "Fog.Front", "Fog.Rear")


def consequences(path: str, values: Values) -> Changes:
    """The changes that follow when `path` has taken the value it has in `values`."""
    follow = _BY_PATH.get(path)
    if follow is None and (last := _BY_LAST_PARTS.get(".".join(path.rsplit(".", 2)[1:]))):
        return last(path, values)
    return follow(path, values) if follow is not None else {}


def lamps_of(switch: JsonValue, values: Values) -> Changes:
    """The lamps that a position of the light switch turns on and off.

    BEAM leaves high beam and fog lights as they are; every other position without the low beam
    turns them off with it.
    """
    if switch == "AUTO":
        switch = _auto(values)
    lit = _LIT.get(str(switch))
    if lit is None:
        return {}
    changes: Changes = {f"{LIGHTS}.{lamp}.IsOn": lamp in lit for lamp in _LAMPS}
    if "Beam.Low" not in lit:
        changes |= {f"{LIGHTS}.{lamp}.IsOn": False for lamp in _NEED_LOW_BEAM}
    return changes


def _auto(values: Values) -> str:
    if values.get(POWER) in ("LOCK", "OFF"):
        return "OFF"
    daylight = values.get(DAYLIGHT)
    # a light sensor that says nothing counts as night
    dark = daylight is None or daylight < DARK_BELOW_PERCENT
    return "BEAM" if dark else "DAYTIME_RUNNING_LIGHTS"


def _light_switch(path: str, values: Values) -> Changes:
    return lamps_of(values.get(path), values)


def _light_sensor(path: str, values: Values) -> Changes:
    return lamps_of("AUTO", values) if values.get(LIGHT_SWITCH) == "AUTO" else {}


def _hazard(path: str, values: Values) -> Changes:
    on = bool(values.get(path))
    return {f"{LIGHTS}.DirectionIndicator.{side}.IsSignaling": on for side in ("Left", "Right")}


def _indicator(path: str, values: Values) -> Changes:
    """The stalk signals one side at a time; only the hazard light signals both."""
    if not values.get(path) or values.get(f"{LIGHTS}.Hazard.IsSignaling"):
        return {}
    left, right = (f"{LIGHTS}.DirectionIndicator.{s}.IsSignaling" for s in ("Left", "Right"))
    return {right if path == left else left: False}


def _high_beam_switch(path: str, values: Values) -> Changes:
    return {f"{LIGHTS}.Beam.High.IsOn": bool(values.get(path))}


def _high_beam(path: str, values: Values) -> Changes:
    return {f"{LIGHTS}.IsHighBeamSwitchOn": bool(values.get(path))}


def _speed(path: str, values: Values) -> Changes:
    speed = values.get(path)
    if speed is None:
        return {"Vehicle.IsMoving": None}
    changes: Changes = {"Vehicle.IsMoving": speed != 0}
    if speed != 0 and values.get(SELECTED_GEAR) == PARK:
        changes[SELECTED_GEAR] = DRIVE if speed > 0 else REVERSE
    if speed != 0 and values.get(POWER) in ("LOCK", "OFF", "ACC"):
        changes[POWER] = "ON"
    return changes


def _selected_gear(path: str, values: Values) -> Changes:
    gear = values.get(path)
    if gear is None:
        return {CURRENT_GEAR: None, PARK_LOCK: None}
    return {
        CURRENT_GEAR: _turning(gear),
        PARK_LOCK: gear == PARK,
        PARKING_BRAKE: gear == PARK,
        f"{LIGHTS}.Backup.IsOn": gear == REVERSE,
    }


def _current_gear(path: str, values: Values) -> Changes:
    """A known current gear tells the selected one, as far as VSS can (it knows no park)."""
    current, selected = values.get(path), values.get(SELECTED_GEAR)
    if current is None or _turning(selected) == current:
        return {}
    return {SELECTED_GEAR: DRIVE if current > 0 else current}


def _turning(selected: JsonValue) -> JsonValue:
    """The current gear of an electric car for a selected one: one forward gear, none in park."""
    return {PARK: 0, DRIVE: 1}[selected] if selected in (PARK, DRIVE) else selected


def _charge(path: str, values: Values) -> Changes:
    """Two names of one charge."""
    other = {"Displayed": "Current", "Current": "Displayed"}
    branch, _, name = path.rpartition(".")
    return {f"{branch}.{other[name]}": values.get(path)}


def _charging_command(path: str, values: Values) -> Changes:
    """A direct order stands above a timer."""
    return {f"{CHARGING}.Timer.Mode": "INACTIVE"}


def _cable(path: str, values: Values) -> Changes:
    return {} if values.get(path) else {f"{CHARGING}.StartStopCharging": "STOP"}


def _is_charging(path: str, values: Values) -> Changes:
    """A car that is said to charge has its cable in and was told to; told not to, it was not."""
    if not values.get(path):
        return {f"{CHARGING}.StartStopCharging": "STOP"}
    return {CABLE: True, f"{CHARGING}.StartStopCharging": "START"}


def _selected_uri(path: str, values: Values) -> Changes:
    played = "Vehicle.Cabin.Infotainment.Media.Played"
    return {f"{played}.URI": values.get(path)} | {
        f"{played}.{name}": "" for name in ("Track", "Artist", "Album")
    }


def _massage(path: str, values: Values) -> Changes:
    level = values.get(path)
    return {path.removesuffix("Level") + "Status": "ON" if level else "OFF"}


def _occupancy(path: str, values: Values) -> Changes:
    if values.get(path) != "EMPTY":
        return {}
    return {path.removesuffix("OccupancyStatus") + "IsBelted": False}


def _tyre(path: str, values: Values) -> Changes:
    pressure = values.get(path)
    low = None if pressure is None else pressure < 200
    return {path.removesuffix("Pressure") + "IsPressureLow": low}


def _washer(path: str, values: Values) -> Changes:
    level = values.get(path)
    return {path.removesuffix("Level") + "IsLevelLow": None if level is None else level < 10}


def _service(path: str, values: Values) -> Changes:
    distance = values.get(path)
    return {"Vehicle.Service.IsServiceDue": None if distance is None else distance <= 0}


def _opening(path: str, values: Values) -> Changes:
    """A lid or window is open as soon as its position says so; a lid that opens is not locked."""
    position = values.get(path)
    opened = None if position is None else position > 0
    changes: Changes = {path.removesuffix("Position") + "IsOpen": opened}
    if opened and ".Trunk." in path:
        changes[path.removesuffix("Position") + "IsLocked"] = False
    return changes


_Follow = Callable[[str, Values], Changes]

_BY_PATH: Mapping[str, _Follow] = {
    LIGHT_SWITCH: _light_switch,
    DAYLIGHT: _light_sensor,
    POWER: _light_sensor,
    f"{LIGHTS}.Hazard.IsSignaling": _hazard,
    f"{LIGHTS}.DirectionIndicator.Left.IsSignaling": _indicator,
    f"{LIGHTS}.DirectionIndicator.Right.IsSignaling": _indicator,
    f"{LIGHTS}.IsHighBeamSwitchOn": _high_beam_switch,
    f"{LIGHTS}.Beam.High.IsOn": _high_beam,
    SPEED: _speed,
    SELECTED_GEAR: _selected_gear,
    CURRENT_GEAR: _current_gear,
    f"{CHARGING}.StartStopCharging": _charging_command,
    f"{CHARGING}.IsCharging": _is_charging,
    CABLE: _cable,
    "Vehicle.Cabin.Infotainment.Media.SelectedURI": _selected_uri,
    "Vehicle.Service.DistanceToService": _service,
}
_BY_LAST_PARTS: Mapping[str, _Follow] = {
    "Massage.Level": _massage,
    "StateOfCharge.Displayed": _charge,
    "StateOfCharge.Current": _charge,
    "Tire.Pressure": _tyre,
    "WasherFluid.Level": _washer,
    "Window.Position": _opening,
    "Front.Position": _opening,
    "Rear.Position": _opening,
    "DriverSide.OccupancyStatus": _occupancy,
    "PassengerSide.OccupancyStatus": _occupancy,
    "Middle.OccupancyStatus": _occupancy,
}
