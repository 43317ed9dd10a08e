"""What may be written at all: one table, target by target.

The allow-list of rule 24: an effect whose target stands in no row of `EXPOSED` is never performed.
Each row names what a write does as a *class*, read from the target, the value and the value it has
now (`act/classify.py`), never from the words or the capability that led to it. Policies speak of
classes only. It does not know who asks or how fast the car goes.

Positions are percent open. A value that the row does not understand becomes `unclassified`, which
is forbidden. Source: VSS 6.0 marks dangerous things as actuators too, hence an allow-list.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from edgewise.act.classify import (
    HOLDS,
    UNCLASSIFIED,
    Classify,
    always,
    brightness,
    calendar,
    call_log,
    cutting,
    light_switch,
    message,
    moves,
    notification,
    on_off,
    one_of,
    payment,
    percent,
    phone_call,
    position,
    removal,
    route,
    switch,
    wiper,
)
from edgewise.act.screen import SCREEN
from edgewise.act.screen_step import screen_step
from edgewise.act.shown import address, player, screen, source
from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue


@dataclass(frozen=True, slots=True)
class Row:
    """Targets (`*` is one or more name parts), what a write there does, and whether it may be.
    A `motor` can be held."""

    pattern: str
    classify: Classify
    exposed: bool = True
    motor: bool = False


def row_of(target: str) -> Row | None:
    """The first row that covers `target`; None: nobody has exposed or named it."""
    return _row_of(target)


def classes_of(target: str, value: JsonValue, present: JsonValue) -> tuple[str, ...]:
    """What writing `value` to `target` does while it is `present` (None: unknown, or too old to
    be relied on); empty for an unknown target."""
    row = row_of(target)
    return () if row is None else row.classify(value, present)


def hold_classes(target: str) -> tuple[str, ...]:
    """What holding `target` does; what has no motor cannot be held."""
    row = row_of(target)
    return (HOLDS,) if row is not None and row.exposed and row.motor else (UNCLASSIFIED,)


def is_exposed(target: str) -> bool:
    """Whether `target` may be written at all (rule 24)."""
    row = row_of(target)
    return row is not None and row.exposed


def matches(pattern: str, target: str) -> bool:
    """Whether `target` is covered by `pattern`, in which `*` is one or more name parts."""
    return _compiled(pattern).fullmatch(target) is not None


@lru_cache(maxsize=4096)
def _row_of(target: str) -> Row | None:
    return next((row for row in EXPOSED if _compiled(row.pattern).fullmatch(target)), None)


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    part = r"[^.\s]+(?:\.[^.\s]+)*"
    return regex(part.join(re.escape(piece) for piece in pattern.split("*")))


_LIGHTS = "Vehicle.Body.Lights."
_LAMP = on_off("light.exterior.lighten", "light.exterior.darken")
_DOOR = "Vehicle.Cabin.Door.*."
_SEAT = "Vehicle.Cabin.Seat.*."
_MEDIA = "Vehicle.Cabin.Infotainment.Media."
_NEVER = always("forbidden_actuator")
_MOVES_SEAT = ("Position", "Height", "Tilt", "Backrest.Recline", "Headrest.Height",
               "Headrest.Angle", "Seating.Length")  # fmt: skip
# By name: beside these are switches (`Backrest.IsReclineBackwardSwitchEngaged`) that move the seat.
_COMFORTS = ("Backrest.LumbarSupport", "Backrest.BottomLumbarSupport", "Backrest.MidLumbarSupport",
             "Backrest.TopLumbarSupport", "Backrest.LumbarHeight", "Backrest.SideBolsterSupport",
             "Backrest.SideBolsterSupportLeft", "Backrest.SideBolsterSupportRight",
             "Backrest.UpperShoulderSupport", "HeatingCooling", "Massage.Level",
             "Massage.TypeActive", "NeckScarf.FanSpeed")  # fmt: skip
_HMI = "Vehicle.Cabin.Infotainment.HMI."
_DISPLAY_FORMS = ("DateFormat", "DayNightMode", "DistanceUnit", "EVEconomyUnits", "EVEnergyUnits",
                  "FontSize", "FuelEconomyUnits", "FuelVolumeUnit", "IsScreenAlwaysOn", "SpeedUnit",
                  "TemperatureUnit", "TimeFormat", "TirePressureUnit")  # fmt: skip
_HARMLESS_AT_HOME = ("light", "fan", "climate", "humidifier", "media_player", "vacuum")
_SIDES = ("DriverSide", "Left", "Driver")
# Order matters: the first row that covers a target counts.
EXPOSED: tuple[Row, ...] = (
    # Named so that a refusal can say which rule it is; not exposed (rules 24, 25, 26).
    Row("Vehicle.ADAS.DMS.*", on_off("dms.on", "dms.off"), exposed=False),
    Row("Vehicle.ADAS.CruiseControl.*", always("adas.activate"), exposed=False),
    Row("Vehicle.ADAS.ActiveAutonomyLevel", always("adas.activate"), exposed=False),
    *(Row(f"Vehicle.ADAS.{name}.*", _NEVER, exposed=False)
      for name in ("ABS", "ESC", "EBA", "EBD", "TCS")),
    Row("Vehicle.MotionManagement.*", _NEVER, exposed=False),
    Row("Vehicle.Chassis.ParkingBrake.*", _NEVER, exposed=False),
    Row("Vehicle.Chassis.SteeringWheel.Angle", _NEVER, exposed=False),
    Row("Vehicle.Powertrain.Transmission.SelectedGear", _NEVER, exposed=False),
    Row("Vehicle.Powertrain.Transmission.IsParkLockEngaged", _NEVER, exposed=False),
    Row("Vehicle.Powertrain.Transmission.IsElectricalPowertrainEngaged", _NEVER, exposed=False),
    Row("Vehicle.Body.Horn.*", _NEVER, exposed=False),
    Row("Vehicle.Body.Lights.Brake.*", _NEVER, exposed=False),
    Row("Vehicle.Edgewise.InstrumentCluster.*", on_off("cluster.set", "cluster.off"),
        exposed=False),
    # Lights outside
    Row(_LIGHTS + "LightSwitch", light_switch),
    *(Row(_LIGHTS + lamp + ".IsOn", _LAMP)
      for lamp in ("Beam.Low", "Parking", "Running", "LicensePlate")),
    Row(_LIGHTS + "Beam.High.IsOn", on_off("light.high_beam.on", "light.high_beam.off")),
    Row(_LIGHTS + "IsHighBeamSwitchOn", on_off("light.high_beam.on", "light.high_beam.off")),
    Row(_LIGHTS + "Fog.*.IsOn", on_off("light.fog.on", "light.fog.off")),
    Row(_LIGHTS + "Hazard.IsSignaling", on_off("light.hazard.on", "light.hazard.off")),
    # Lights inside
    Row("Vehicle.Cabin.Light.*", always("light.interior")),
    Row("Vehicle.Body.Trunk.*.IsLightOn", always("light.interior")),
    # Windows, roof, shades
    Row(_DOOR + "Window.Position", position("window.open", "window.close"), motor=True),
    Row(_DOOR + "Window.Switch", switch("window.open", "window.close")),
    Row("Vehicle.Cabin.Sunroof.Switch", switch("roof.open", "roof.close")),
    # A sensor, never written, but it is where the roof's motor shows, so it can be held.
    Row("Vehicle.Cabin.Sunroof.Position", always("roof.open", "roof.close", UNCLASSIFIED),
        motor=True),
    Row("Vehicle.Cabin.Sunroof.Shade.Position", position("shade.open", "shade.close"), motor=True),
    Row("Vehicle.Cabin.Sunroof.Shade.Switch", switch("shade.open", "shade.close")),
    Row("Vehicle.Cabin.RearShade.Position", position("blind.open", "blind.close"), motor=True),
    Row("Vehicle.Cabin.RearShade.Switch", switch("blind.open", "blind.close")),
    Row(_DOOR + "Shade.Position", position("blind.open", "blind.close"), motor=True),
    Row(_DOOR + "Shade.Switch", switch("blind.open", "blind.close")),
    # Doors and lids
    Row(_DOOR + "IsLocked", on_off("door.lock", "door.unlock")),
    Row(_DOOR + "IsOpen", on_off("door.open", "door.close")),
    Row("Vehicle.Body.Trunk.*.IsLocked", on_off("door.lock", "door.unlock")),
    Row("Vehicle.Body.Trunk.*.IsOpen", on_off("trunk.open", "trunk.close")),
    Row("Vehicle.Body.Trunk.*.Position", position("trunk.open", "trunk.close"), motor=True),
    Row("Vehicle.Body.Trunk.*.Switch", switch("trunk.open", "trunk.close")),
    Row("Vehicle.Cabin.IsWindowChildLockEngaged", on_off("child_lock.on", "child_lock.off")),
    # Seeing through the glass
    Row("Vehicle.Cabin.HVAC.IsFrontDefrosterActive", on_off("defrost.on", "defrost.off")),
    Row("Vehicle.Cabin.HVAC.IsRearDefrosterActive", on_off("defrost.on", "defrost.off")),
    Row("Vehicle.Body.Windshield.*.IsHeatingOn", on_off("defrost.on", "defrost.off")),
    Row("Vehicle.Body.Windshield.*.Wiping.Mode", wiper),
    # Climate
    Row("Vehicle.Cabin.HVAC.IsAirConditioningActive", on_off("climate.ac.on", "climate.ac.off")),
    Row("Vehicle.Cabin.HVAC.IsRecirculationActive", always("climate.set")),
    *(Row(f"Vehicle.Cabin.HVAC.Station.*.{part}", always("climate.set"))
      for part in ("Temperature", "FanSpeed", "AirDistribution")),
    # What the driver sits on, holds and looks at
    *(Row(f"Vehicle.Cabin.Seat.Row1.{side}.{part}", moves("driver_seat.move"), motor=True)
      for side in _SIDES for part in _MOVES_SEAT),
    *(Row(_SEAT + part, moves("seat.move"), motor=True) for part in _MOVES_SEAT),
    *(Row(_SEAT + part, always("seat.comfort")) for part in _COMFORTS),
    Row("Vehicle.Body.Mirrors.*.IsHeatingOn", always("mirror.heat")),
    *(Row(f"Vehicle.Body.Mirrors.*.{part}", moves("mirror.move"), motor=True)
      for part in ("IsFolded", "Pan", "Tilt", "Yaw")),
    Row("Vehicle.Cabin.RearviewMirror.DimmingLevel", always("mirror.heat")),
    Row("Vehicle.Chassis.SteeringWheel.HeatingCooling", always("wheel.heat")),
    Row("Vehicle.Chassis.SteeringWheel.Tilt", moves("steering_column.move")),
    Row("Vehicle.Chassis.SteeringWheel.Extension", moves("steering_column.move")),
    Row("Vehicle.Edgewise.HeadUpDisplay.*", on_off("cluster.set", "cluster.off")),
    Row("Vehicle.Edgewise.Fragrance.*", always("cabin.comfort")),
    Row("Vehicle.Edgewise.Fridge.*", always("cabin.comfort")),
    # Driving and energy
    Row("Vehicle.Powertrain.Transmission.PerformanceMode", always("drive_mode")),
    Row("Vehicle.ADAS.LaneDepartureDetection.IsEnabled", on_off("adas.warning.on", "adas.off")),
    Row("Vehicle.ADAS.ObstacleDetection.*.IsEnabled", on_off("adas.warning.on", "adas.off")),
    Row("Vehicle.Powertrain.TractionBattery.Charging.ChargingPort.*.IsFlapOpen",
        on_off("flap.open", "flap.close")),
    *(Row(f"Vehicle.Powertrain.TractionBattery.Charging.{part}", always("charging"))
      for part in ("StartStopCharging", "ChargeLimit", "Timer.Mode", "Timer.Time")),
    # Screen and sound
    Row(_MEDIA + "Action", one_of("media.set", "UNKNOWN", "STOP", "PLAY", "FAST_FORWARD",
                                  "FAST_BACKWARD", "SKIP_FORWARD", "SKIP_BACKWARD")),
    Row(_MEDIA + "Volume", percent("media.set")),
    Row(_MEDIA + "Played.PlaybackRate", always("media.set")),
    Row(_MEDIA + "Played.Source", source),
    Row(_MEDIA + "*", address),
    Row("Vehicle.Edgewise.Media.*", always("media.set")),
    Row("Vehicle.Edgewise.Volume.*", always("media.set")),
    Row("Vehicle.Cabin.Infotainment.Navigation.DestinationSet.*", always("nav.route")),
    *(Row(f"Vehicle.Cabin.Infotainment.Navigation.{part}", always("nav.view"))
      for part in ("GuidanceVoice", "Map.IsAutoScaleModeUsed", "Mute", "Volume")),
    Row(_HMI + "Brightness", brightness),
    *(Row(_HMI + part, always("screen.set")) for part in _DISPLAY_FORMS),
    # Phone
    Row("phone.messages.*", message),
    Row("phone.emails.*", message),
    Row("phone.call.current", phone_call),
    Row("phone.calls.*", call_log),
    Row("phone.contacts.*", removal("contact.write", "phone.delete")),
    Row("phone.calendar.*", calendar),
    Row("phone.alarms.*", always("alarm")),
    Row("phone.timers.*", always("alarm")),
    Row("phone.lists.*", always("list")),
    Row("phone.library.*", always("media.library")),
    Row("phone.player.*", player),
    *(Row(f"phone.settings.{name}", cutting(False))
      for name in ("wifi", "bluetooth", "mobile_data", "hotspot")),
    *(Row(f"phone.settings.{name}", cutting(True)) for name in ("airplane_mode",
                                                                 "do_not_disturb")),
    Row("phone.settings.*", always("device.setting")),
    Row("phone.screen", screen),
    Row("phone.finder", always("device.finder")),
    Row("phone.files.*", always("file.change")),
    Row("phone.payments.*", payment),
    Row("phone.orders.*", always("order")),
    Row("phone.bookings.*", always("order")),
    # Stores of the agent
    Row("nav.route", route),
    Row("nav.*", always("nav.view")),
    Row("memory.*", removal("memory.write", "memory.forget")),
    Row("scene.*", removal("scene.write", "scene.delete")),
    # Beyond the car and the phone
    Row("desktop.files.*", always("file.change")),
    Row("desktop.media.players.*.status", one_of("media.set", "playing", "paused", "stopped")),
    Row("desktop.media.players.*.volume", percent("media.set")),
    # None: a skip that is taken back, which the driver refuses in words.
    Row("desktop.media.skip.*", one_of("media.set", "next", "previous", None)),
    Row("desktop.notifications.*", notification),
    # Home Assistant's domains; one that is not known to be harmless may open a gate or a valve.
    *(Row(f"home.{domain}.*", always("home.control")) for domain in _HARMLESS_AT_HOME),
    Row("home.*", always("home.security")),
    Row(SCREEN, screen_step),
    Row("gui.headless.*", always("gui.act")),
    Row("gui.*", always("gui.act", "drawing")),
    Row("mcp.*", always("tool")),
    Row("plugin.*", always("tool")),
    # The own tools of a voice device (act/board_tools.py): one that nobody knows asks.
    Row("board.stop.*", always("board.stop")),
    *(Row(f"board.{sort}.*", always("tool")) for sort in ("read", "look")),
    Row("board.final.*", always("tool", "board.final")),
    Row("board.act.*", always("tool", "board.act")),
    Row("cloud.payments.*", payment),
    Row("cloud.orders.*", always("order")),
    Row("cloud.*", always("outward")),
    Row("software.*", always("software.update")),
)  # fmt: skip
