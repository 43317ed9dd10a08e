"""What may be written at all, and what writing a value there does: one table, target by target.

The allow-list of rule 24: an effect whose target stands in no row of `EXPOSED` is never performed.
Each row names what a write does as a *class* (`window.close`, `light.exterior.darken`), read from
the target, the value and the value it has now, never from the words or the capability that led to
it. Policies speak of classes only. It does not know who asks or how fast the car goes.

Positions are percent open. A value that the row does not understand becomes `unclassified`, which
is forbidden. Source: VSS 6.0 marks dangerous things as actuators too, hence an allow-list.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from edgewise.core.capability import Risk
from edgewise.core.signal import JsonValue

UNCLASSIFIED = "unclassified"
STOPS = "motion.stop"
"""A motor told to stay where it is."""

EMERGENCY_NUMBERS = frozenset({"110", "119", "120", "122", "112", "911", "999"})
"""Police, fire, ambulance, traffic police (China); the general ones of Europe, America, Britain."""

Classify = Callable[[JsonValue, JsonValue], tuple[str, ...]]
"""From the value to be written and the value now (None: unknown) to classes."""


@dataclass(frozen=True, slots=True)
class Row:
    """Targets (`*` is one or more name parts), what a write there does, and whether it may be."""

    pattern: str
    classify: Classify
    exposed: bool = True


def row_of(target: str) -> Row | None:
    """The first row that covers `target`; None: nobody has exposed or named it."""
    return _row_of(target)


def classes_of(target: str, value: JsonValue, present: JsonValue) -> tuple[str, ...]:
    """What writing `value` to `target` does while it is `present` (None: unknown, or too old to
    be relied on); empty for an unknown target."""
    row = row_of(target)
    return () if row is None else row.classify(value, present)


def is_exposed(target: str) -> bool:
    """Whether `target` may be written at all (rule 24)."""
    row = row_of(target)
    return row is not None and row.exposed


def matches(pattern: str, target: str) -> bool:
    """Whether `target` is covered by `pattern`, in which `*` is one or more name parts."""
    return _compiled(pattern).fullmatch(target) is not None


def _always(*classes: str) -> Classify:
    return lambda _value, _present: classes


def _on_off(on: str, off: str) -> Classify:
    """True does `on`; anything else but False is not understood and counts as both."""

    def classify(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
        if value is True:
            return (on,)
        return (off,) if value is False else (off, UNCLASSIFIED)

    return classify


def _position(opens: str, closes: str) -> Classify:
    """Compared with where it stands; from an unknown place it may go either way, but to an end of
    its way only towards that end. Being told to go where it is stops it."""

    def classify(value: JsonValue, present: JsonValue) -> tuple[str, ...]:
        wanted, now = number(value), number(present)
        if wanted is None:
            return (opens, closes, UNCLASSIFIED)
        if now is None:
            return (opens,) if wanted >= 100 else (closes,) if wanted <= 0 else (opens, closes)
        if wanted == now:
            return (STOPS,)
        return (opens,) if wanted > now else (closes,)

    return classify


def _moves(name: str) -> Classify:
    """Any value moves it, but for the one it has."""

    def classify(value: JsonValue, present: JsonValue) -> tuple[str, ...]:
        wanted, now = number(value), number(present)
        return (STOPS,) if wanted is not None and wanted == now else (name,)

    return classify


def _switch(opens: str, closes: str) -> Classify:
    classes = {
        "OPEN": (opens,),
        "ONE_SHOT_OPEN": (opens,),
        "TILT_UP": (opens,),
        "CLOSE": (closes,),
        "ONE_SHOT_CLOSE": (closes,),
        "TILT_DOWN": (closes,),
        "INACTIVE": (STOPS,),
    }

    def classify(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
        known = classes.get(value) if isinstance(value, str) else None
        return known or (opens, closes, UNCLASSIFIED)

    return classify


def _light_switch(value: JsonValue, present: JsonValue) -> tuple[str, ...]:
    brightness = {"POSITION": 1, "DAYTIME_RUNNING_LIGHTS": 1, "AUTO": 2, "BEAM": 2}
    wanted = brightness.get(value, 0) if isinstance(value, str) else 0
    if wanted == 2:
        return ("light.exterior.lighten",)
    # Daytime lights have no tail lights, so neither of the two middle places replaces the other.
    if wanted == 1 and present in ("OFF", value):
        return ("light.exterior.lighten",)
    return ("light.exterior.darken",)


def _wiper(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
    if value in ("SLOW", "MEDIUM", "FAST", "INTERVAL", "RAIN_SENSOR"):
        return ("wiper.on",)
    return ("wiper.off",) if value == "OFF" else ("wiper.off", UNCLASSIFIED)


def _media(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
    row = fields(value)
    kinds = (row.get("kind"), row.get("uri")) if row is not None else (value,)
    return ("media.set", "video") if any(_is_video(kind) for kind in kinds) else ("media.set",)


def _is_video(text: JsonValue) -> bool:
    """A web address is taken for moving pictures unless its path ends like sound alone."""
    if not isinstance(text, str):
        return False
    plain = text.strip().casefold()
    path = re.split(r"[?#]", plain, maxsplit=1)[0]
    if plain.startswith(("http:", "https:", "rtsp:")):
        return not path.endswith(_SOUND_ENDS)
    return plain in _VIDEO_WORDS or path.endswith(_VIDEO_ENDS) or plain.startswith("video:")


def _removal(writes: str, removes: str) -> Classify:
    """A store's row: `None` removes it."""
    return lambda value, _present: (removes,) if value is None else (writes,)


def _message(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
    row = fields(value)
    if value is None:
        return ("phone.delete",)
    if row is not None and set(row) <= {"id", "read", "seen", "starred"}:
        return ("message.mark",)
    return ("message.send",)


def _phone_call(value: JsonValue, present: JsonValue) -> tuple[str, ...]:
    """Only the call that there is now can be answered, held or ended; a row with another number,
    whatever state it claims, is a call to that number."""
    row, now = fields(value), fields(present)
    if value is None:
        return ("call.control",)
    if row is None:
        return (UNCLASSIFIED,)
    same = now is not None and bool(now.get("number")) and row.get("number") == now.get("number")
    if same and row.get("state") in ("active", "held", "ended", "rejected", "muted"):
        return ("call.control",)
    return ("call.emergency",) if _is_emergency(row) else ("call.dial",)


def _call_log(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
    row = fields(value)
    if row is None:
        return ("phone.delete",) if value is None else (UNCLASSIFIED,)
    return ("call.emergency",) if _is_emergency(row) else ("call.log",)


def _is_emergency(row: dict[str, Any]) -> bool:
    """By the number alone; a row that says more than a call does is not taken for one."""
    number_called = row.get("number")
    known = set(row) <= {"id", "name", "number", "direction", "state"}
    return known and isinstance(number_called, str) and number_called in EMERGENCY_NUMBERS


def _calendar(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
    row = fields(value)
    if row is None:
        return ("phone.delete",) if value is None else (UNCLASSIFIED,)
    beyond = [key for key, held in row.items() if held and key not in _OWN_EVENT]
    return ("calendar.invite",) if beyond else ("calendar.write",)


def _payment(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
    row = fields(value)
    road = row is not None and row.get("purpose") in ("toll", "charging")
    return ("money.road",) if road else ("money",)


def _cutting(cuts: bool) -> Classify:
    """A setting that cuts a person off when it is `cuts`: a radio off, do-not-disturb on."""

    def classify(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
        if not isinstance(value, bool):
            return ("device.cut_off", UNCLASSIFIED)
        return ("device.cut_off" if value is cuts else "device.setting",)

    return classify


def _screen(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
    row = fields(value)
    kind = str(row.get("kind") or "").strip().casefold() if row is not None else ""
    return ("app.open", kind) if kind in ("video", "game") else ("app.open",)


def _one_of(name: str, *known: JsonValue) -> Classify:
    """Any other value is not understood."""
    return lambda value, _present: (name,) if value in known else (name, UNCLASSIFIED)


def _percent(name: str) -> Classify:
    def classify(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
        wanted = number(value)
        return (name,) if wanted is not None and 0 <= wanted <= 100 else (name, UNCLASSIFIED)

    return classify


def _notification(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
    """`None` closes it."""
    understood = value is None or fields(value) is not None
    return ("notify",) if understood else ("notify", UNCLASSIFIED)


def _route(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
    return ("nav.clear",) if value is None else ("nav.route",)


_VIDEO_WORDS = frozenset({"tv", "dvd", "video", "movie", "film", "series"})
_VIDEO_ENDS = (".mp4", ".m4v", ".mkv", ".mov", ".avi", ".webm", ".m3u8", ".mpd", ".flv", ".ts")
_SOUND_ENDS = (".mp3", ".m4a", ".aac", ".flac", ".ogg", ".oga", ".opus", ".wav", ".pls", ".m3u")
_OWN_EVENT = frozenset(
    {"id", "title", "start", "end", "all_day", "place", "organiser", "notes", "at"}
)
"""What an event says that reaches nobody else; whatever else it holds may invite somebody."""

_LIGHTS = "Vehicle.Body.Lights."
_LAMP = _on_off("light.exterior.lighten", "light.exterior.darken")
_DOOR = "Vehicle.Cabin.Door.*."
_SEAT = "Vehicle.Cabin.Seat.*."
_NEVER = _always("forbidden_actuator")
_MOVES_SEAT = ("Position", "Height", "Tilt", "Backrest.Recline", "Headrest.Height",
               "Headrest.Angle", "Seating.Length")  # fmt: skip
_SIDES = ("DriverSide", "Left", "Driver")

# Order matters: the first row that covers a target counts.
EXPOSED: tuple[Row, ...] = (
    # Named so that a refusal can say which rule it is; not exposed (rules 24, 25, 26).
    Row("Vehicle.ADAS.DMS.*", _on_off("dms.on", "dms.off"), exposed=False),
    Row("Vehicle.ADAS.CruiseControl.*", _always("adas.activate"), exposed=False),
    Row("Vehicle.ADAS.ActiveAutonomyLevel", _always("adas.activate"), exposed=False),
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
    Row("Vehicle.Edgewise.InstrumentCluster.*", _on_off("cluster.set", "cluster.off"),
        exposed=False),
    # Lights outside
    Row(_LIGHTS + "LightSwitch", _light_switch),
    *(Row(_LIGHTS + lamp + ".IsOn", _LAMP)
      for lamp in ("Beam.Low", "Parking", "Running", "LicensePlate")),
    Row(_LIGHTS + "Beam.High.IsOn", _on_off("light.high_beam.on", "light.high_beam.off")),
    Row(_LIGHTS + "IsHighBeamSwitchOn", _on_off("light.high_beam.on", "light.high_beam.off")),
    Row(_LIGHTS + "Fog.*.IsOn", _on_off("light.fog.on", "light.fog.off")),
    Row(_LIGHTS + "Hazard.IsSignaling", _on_off("light.hazard.on", "light.hazard.off")),
    # Lights inside
    Row("Vehicle.Cabin.Light.*", _always("light.interior")),
    Row("Vehicle.Body.Trunk.*.IsLightOn", _always("light.interior")),
    # Windows, roof, shades
    Row(_DOOR + "Window.Position", _position("window.open", "window.close")),
    Row(_DOOR + "Window.Switch", _switch("window.open", "window.close")),
    Row("Vehicle.Cabin.Sunroof.Switch", _switch("roof.open", "roof.close")),
    Row("Vehicle.Cabin.Sunroof.Shade.Position", _position("shade.open", "shade.close")),
    Row("Vehicle.Cabin.Sunroof.Shade.Switch", _switch("shade.open", "shade.close")),
    Row("Vehicle.Cabin.RearShade.Position", _position("blind.open", "blind.close")),
    Row("Vehicle.Cabin.RearShade.Switch", _switch("blind.open", "blind.close")),
    Row(_DOOR + "Shade.Position", _position("blind.open", "blind.close")),
    Row(_DOOR + "Shade.Switch", _switch("blind.open", "blind.close")),
    # Doors and lids
    Row(_DOOR + "IsLocked", _on_off("door.lock", "door.unlock")),
    Row(_DOOR + "IsOpen", _on_off("door.open", "door.close")),
    Row("Vehicle.Body.Trunk.*.IsLocked", _on_off("door.lock", "door.unlock")),
    Row("Vehicle.Body.Trunk.*.IsOpen", _on_off("trunk.open", "trunk.close")),
    Row("Vehicle.Body.Trunk.*.Position", _position("trunk.open", "trunk.close")),
    Row("Vehicle.Body.Trunk.*.Switch", _switch("trunk.open", "trunk.close")),
    Row("Vehicle.Cabin.IsWindowChildLockEngaged", _on_off("child_lock.on", "child_lock.off")),
    # Seeing through the glass
    Row("Vehicle.Cabin.HVAC.IsFrontDefrosterActive", _on_off("defrost.on", "defrost.off")),
    Row("Vehicle.Cabin.HVAC.IsRearDefrosterActive", _on_off("defrost.on", "defrost.off")),
    Row("Vehicle.Body.Windshield.*.IsHeatingOn", _on_off("defrost.on", "defrost.off")),
    Row("Vehicle.Body.Windshield.*.Wiping.Mode", _wiper),
    # Climate
    Row("Vehicle.Cabin.HVAC.IsAirConditioningActive", _on_off("climate.ac.on", "climate.ac.off")),
    Row("Vehicle.Cabin.HVAC.IsRecirculationActive", _always("climate.set")),
    Row("Vehicle.Cabin.HVAC.Station.*", _always("climate.set")),
    # What the driver sits on, holds and looks at
    *(Row(f"Vehicle.Cabin.Seat.Row1.{side}.{part}", _moves("driver_seat.move"))
      for side in _SIDES for part in _MOVES_SEAT),
    *(Row(_SEAT + part, _moves("seat.move")) for part in _MOVES_SEAT),
    Row(_SEAT + "Backrest.*", _always("seat.comfort")),
    Row(_SEAT + "HeatingCooling", _always("seat.comfort")),
    Row(_SEAT + "Massage.*", _always("seat.comfort")),
    Row(_SEAT + "NeckScarf.*", _always("seat.comfort")),
    Row("Vehicle.Body.Mirrors.*.IsHeatingOn", _always("mirror.heat")),
    *(Row(f"Vehicle.Body.Mirrors.*.{part}", _moves("mirror.move"))
      for part in ("IsFolded", "Pan", "Tilt", "Yaw")),
    Row("Vehicle.Cabin.RearviewMirror.DimmingLevel", _always("mirror.heat")),
    Row("Vehicle.Chassis.SteeringWheel.HeatingCooling", _always("wheel.heat")),
    Row("Vehicle.Chassis.SteeringWheel.Tilt", _moves("steering_column.move")),
    Row("Vehicle.Chassis.SteeringWheel.Extension", _moves("steering_column.move")),
    Row("Vehicle.Edgewise.HeadUpDisplay.*", _on_off("cluster.set", "cluster.off")),
    Row("Vehicle.Edgewise.Fragrance.*", _always("cabin.comfort")),
    Row("Vehicle.Edgewise.Fridge.*", _always("cabin.comfort")),
    # Driving and energy
    Row("Vehicle.Powertrain.Transmission.PerformanceMode", _always("drive_mode")),
    Row("Vehicle.ADAS.LaneDepartureDetection.IsEnabled", _on_off("adas.warning.on", "adas.off")),
    Row("Vehicle.ADAS.ObstacleDetection.*.IsEnabled", _on_off("adas.warning.on", "adas.off")),
    Row("Vehicle.Powertrain.TractionBattery.Charging.ChargingPort.*.IsFlapOpen",
        _on_off("flap.open", "flap.close")),
    Row("Vehicle.Powertrain.TractionBattery.Charging.*", _always("charging")),
    # Screen and sound
    Row("Vehicle.Cabin.Infotainment.Media.*", _media),
    Row("Vehicle.Edgewise.Media.*", _always("media.set")),
    Row("Vehicle.Edgewise.Volume.*", _always("media.set")),
    Row("Vehicle.Cabin.Infotainment.Navigation.DestinationSet.*", _always("nav.route")),
    Row("Vehicle.Cabin.Infotainment.Navigation.*", _always("nav.view")),
    Row("Vehicle.Cabin.Infotainment.HMI.*", _always("screen.set")),
    # Phone
    Row("phone.messages.*", _message),
    Row("phone.emails.*", _message),
    Row("phone.call.current", _phone_call),
    Row("phone.calls.*", _call_log),
    Row("phone.contacts.*", _removal("contact.write", "phone.delete")),
    Row("phone.calendar.*", _calendar),
    Row("phone.alarms.*", _always("alarm")),
    Row("phone.timers.*", _always("alarm")),
    Row("phone.lists.*", _always("list")),
    Row("phone.library.*", _always("media.library")),
    Row("phone.player.*", _media),
    *(Row(f"phone.settings.{name}", _cutting(False))
      for name in ("wifi", "bluetooth", "mobile_data", "hotspot")),
    *(Row(f"phone.settings.{name}", _cutting(True)) for name in ("airplane_mode",
                                                                 "do_not_disturb")),
    Row("phone.settings.*", _always("device.setting")),
    Row("phone.screen", _screen),
    Row("phone.finder", _always("device.finder")),
    Row("phone.files.*", _always("file.change")),
    Row("phone.payments.*", _payment),
    Row("phone.orders.*", _always("order")),
    Row("phone.bookings.*", _always("order")),
    # Stores of the agent
    Row("nav.route", _route),
    Row("nav.*", _always("nav.view")),
    Row("memory.*", _removal("memory.write", "memory.forget")),
    Row("scene.*", _removal("scene.write", "scene.delete")),
    # Beyond the car and the phone
    Row("desktop.files.*", _always("file.change")),
    Row("desktop.media.players.*.status", _one_of("media.set", "playing", "paused", "stopped")),
    Row("desktop.media.players.*.volume", _percent("media.set")),
    # None: a skip that is taken back, which the driver refuses in words.
    Row("desktop.media.skip.*", _one_of("media.set", "next", "previous", None)),
    Row("desktop.notifications.*", _notification),
    Row("home.lock.*", _always("home.security")),
    Row("home.cover.*", _always("home.security")),
    Row("home.alarm_control_panel.*", _always("home.security")),
    Row("home.*", _always("home.control")),
    Row("gui.headless.*", _always("gui.act")),
    Row("gui.*", _always("gui.act", "drawing")),
    Row("mcp.*", _always("tool")),
    Row("plugin.*", _always("tool")),
    Row("cloud.payments.*", _payment),
    Row("cloud.orders.*", _always("order")),
    Row("cloud.*", _always("outward")),
    Row("software.*", _always("software.update")),
)  # fmt: skip

RISK_OF: dict[str, Risk] = {
    "door.unlock": Risk.SAFETY_CRITICAL,
    **dict.fromkeys(
        ("light.exterior.darken", "door.open", "door.close", "trunk.open", "trunk.close",
         "flap.open", "child_lock.off", "adas.off", "home.security"),
        Risk.SAFETY_CRITICAL,
    ),
    **dict.fromkeys(
        ("light.hazard.off", "light.fog.on", "light.high_beam.on", "window.open", "window.close",
         "roof.open", "roof.close", "shade.open", "shade.close", "driver_seat.move", "seat.move",
         "steering_column.move", "cluster.off", "drive_mode", "charging", "nav.route",
         "call.control", "device.cut_off", "gui.act", "scene.delete", "scene.write",
         "contact.write"),
        Risk.DISRUPTIVE,
    ),
    **dict.fromkeys(
        ("message.send", "call.dial", "phone.delete", "calendar.invite", "memory.forget",
         "file.change", "money", "money.road", "order", "outward",
         "software.update"),
        Risk.IRREVERSIBLE,
    ),
}  # fmt: skip
"""The least risk of a class; classes not named here are reversible."""

SAFE_DIRECTION = frozenset(
    {"light.exterior.lighten", "light.hazard.on", "defrost.on", "wiper.on", "door.lock",
     STOPS}
)  # fmt: skip
"""Rule 4. Fog lights and high beam are not among them: they blind others (rules 5, 6, 8)."""

SERVES_DEFROST = frozenset({"climate.set", "climate.ac.on"})
"""What rule 9 adds to a front defrost; it stays in the safe direction together with it."""


def risk_of(classes: Iterable[str]) -> Risk:
    """The highest risk among `classes`; READ for none."""
    order = tuple(Risk)
    return max(
        (RISK_OF.get(name, Risk.REVERSIBLE) for name in classes),
        key=order.index,
        default=Risk.READ,
    )


def number(value: JsonValue) -> float | None:
    """A finite number, or None for anything else (a bool is no number)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if value == value and abs(value) != float("inf") else None  # noqa: PLR0124


def fields(value: JsonValue) -> dict[str, Any] | None:
    """A row as a dict, or None."""
    return cast(dict[str, Any], value) if isinstance(value, dict) else None


@lru_cache(maxsize=4096)
def _row_of(target: str) -> Row | None:
    return next((row for row in EXPOSED if _compiled(row.pattern).fullmatch(target)), None)


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    part = r"[^.\s]+(?:\.[^.\s]+)*"
    return re.compile(part.join(re.escape(piece) for piece in pattern.split("*")))
