"""Climate: power, temperature, fan, airflow, recirculated air, defrosting, and what they are now.

Temperatures are 16 to 30 °C (VSS gives no range, this is ours); fan levels 0 to 10 are VSS fan
speeds 0 to 100. Rules 9, 10 and 12 are enforced here: front defrost brings fan, airflow and
cooling with it; cooling closes wide-open windows and lets some air move; zones far apart are told.
"""

from edgewise.act.catalogue.cabin import (
    HVAC,
    aim,
    at_end,
    no_such_place,
    number_at,
    open_windows,
    place,
    sentence,
    settle,
    stations,
    stepped,
    unknown_state,
    zone_in,
)
from edgewise.act.catalogue.climate_examples import (
    AIRFLOW_EN,
    AIRFLOW_ZH,
    DEFROST_EN,
    DEFROST_ZH,
    FAN_EN,
    FAN_ZH,
    POWER_EN,
    POWER_ZH,
    READ_EN,
    READ_ZH,
    RECIRCULATION_EN,
    RECIRCULATION_ZH,
    TEMPERATURE_EN,
    TEMPERATURE_ZH,
)
from edgewise.act.catalogue.rows import impossible, say
from edgewise.act.catalogue.words import ENDS, level_argument, words_of, zone_argument
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Note, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Choice, Kind, Risk
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words
from edgewise.core.zone import SINGLE_ZONES, Zone

LOWEST_C, HIGHEST_C = 16.0, 30.0
FAR_APART_K = 3.0
"""Rule 12."""

FAN_PERCENT_A_LEVEL = 10
DEFROST_FAN_PERCENT = 20
"""Rule 9 asks for fan level 2."""

AIR_CONDITIONING = f"{HVAC}.IsAirConditioningActive"
FRONT_DEFROST = f"{HVAC}.IsFrontDefrosterActive"
REAR_DEFROST = f"{HVAC}.IsRearDefrosterActive"
RECIRCULATION = f"{HVAC}.IsRecirculationActive"
FAN_SPEEDS = f"{HVAC}.Station.*.FanSpeed"
TEMPERATURE_WORDS = Words("temperature", "温度")
FAN_WORDS = Words("fan", "风量")

DIRECTIONS = (
    Choice(
        "windshield",
        Words("the windshield", "前挡风"),
        ("windshield", "windscreen", "glass", "window", "up"),
        ("吹窗", "前挡", "挡风玻璃", "吹玻璃", "玻璃", "上方"),
    ),
    Choice(
        "face",
        Words("the face", "面部"),
        ("face", "chest", "upper body", "head", "middle"),
        ("吹脸", "吹面", "脸", "面部", "上身", "头"),
    ),
    Choice(
        "feet",
        Words("the feet", "脚部"),
        ("feet", "foot", "legs", "footwell", "floor", "down"),
        ("吹脚", "脚", "脚部", "腿", "下方"),
    ),
)
DISTRIBUTION = {"windshield": "UP", "face": "MIDDLE", "feet": "DOWN"}
AIR_MODES = (
    Choice(
        "recirculate",
        Words("recirculated air", "内循环"),
        ("recirculate", "recirculation", "recirculated air", "inside air", "closed loop"),
        ("内循环", "车内循环"),
    ),
    Choice(
        "fresh",
        Words("fresh air", "外循环"),
        ("fresh", "fresh air", "outside air", "outdoor air"),
        ("外循环", "新风", "外面的空气"),
    ),
)
DEFROST_TARGETS = (
    Choice(
        "front",
        Words("front defrost", "前挡除霜"),
        ("front", "windshield", "windscreen", "front window"),
        ("前", "前挡", "前挡风", "前风挡"),
    ),
    Choice(
        "rear",
        Words("rear defrost", "后挡除霜"),
        ("rear", "back", "rear window", "back window"),
        ("后", "后挡", "后挡风", "后风挡", "后窗"),
    ),
    Choice(
        "all", Words("front and rear defrost", "前后除霜"), ("all", "both"), ("全部", "前后", "都")
    ),
)
UNITS = (
    Choice(
        "celsius", Words("degrees Celsius", "摄氏度"), ("celsius", "c", "°c"), ("摄氏", "摄氏度")
    ),
    Choice(
        "fahrenheit",
        Words("degrees Fahrenheit", "华氏度"),
        ("fahrenheit", "f", "°f"),
        ("华氏", "华氏度"),
    ),
)


def set_power(call: Call, snapshot: Snapshot) -> Resolution:
    """On: cooling, with rule 10; off: the whole car's cooling and fans, or one zone's fan."""
    on = bool(call.arguments["on"])
    zone = Zone(call.arguments.get("zone", Zone.ALL))
    paths = stations(zone, snapshot)
    if not paths:
        return no_such_place(zone, Words("climate zone", "空调"))
    fans = [f"{path}.FanSpeed" for path in paths]
    data = {"place": _place(snapshot, zone), "state": _on_off(snapshot, on)}
    if not on:
        still = tuple(Effect(fan, 0) for fan in fans)
        cooling = (Effect(AIR_CONDITIONING, False),) if zone is Zone.ALL else ()
        return settle(snapshot, (*cooling, *still), data=data, atomic=True)
    windows = open_windows(snapshot)
    effects = (
        Effect(AIR_CONDITIONING, True),
        *(Effect(fan, FAN_PERCENT_A_LEVEL, because=10) for fan in fans if not aim(snapshot, fan)),
        *windows,
    )
    return settle(snapshot, effects, data=data, notes=(_WINDOWS_CLOSED,) if windows else ())


def set_temperature(call: Call, snapshot: Snapshot) -> Resolution:
    """The wanted temperature of a zone, absolute or stepped, with rule 12's note."""
    zone = zone_in(call, snapshot, otherwise=Zone.ALL)
    paths = [f"{path}.Temperature" for path in stations(zone, snapshot)]
    if not paths:
        return no_such_place(zone, Words("climate zone", "空调"))
    wanted: dict[str, float] = {}
    notes: list[Note] = []
    for path in paths:
        if "value" in call.arguments:
            wanted[path] = float(call.arguments["value"])
            continue
        delta = float(call.arguments["delta"])
        step = stepped(snapshot, path, delta, minimum=LOWEST_C, maximum=HIGHEST_C)
        if step is None:
            return unknown_state(TEMPERATURE_WORDS)
        wanted[path], cut = step
        if cut:
            notes = [at_end(delta, f"{wanted[path]:g} °C")]
    notes += _far_apart(snapshot, wanted)
    data = {"place": _place(snapshot, zone), "temperature": f"{next(iter(wanted.values())):g}"}
    effects = (Effect(path, value) for path, value in wanted.items())
    return settle(snapshot, effects, data=data, notes=notes)


def set_fan(call: Call, snapshot: Snapshot) -> Resolution:
    """The fan level of a zone, absolute or stepped."""
    zone = zone_in(call, snapshot, otherwise=Zone.ALL)
    paths = [f"{path}.FanSpeed" for path in stations(zone, snapshot)]
    if not paths:
        return no_such_place(zone, Words("fan", "风量"))
    speeds: dict[str, int] = {}
    notes: list[Note] = []
    for path in paths:
        if "level" in call.arguments:
            speeds[path] = int(call.arguments["level"]) * FAN_PERCENT_A_LEVEL
            continue
        delta = int(call.arguments["delta"])
        step = stepped(snapshot, path, delta * FAN_PERCENT_A_LEVEL, minimum=0, maximum=100)
        if step is None:
            return unknown_state(FAN_WORDS)
        speeds[path] = round(step[0])
        if step[1]:
            notes = [at_end(delta, str(speeds[path] // FAN_PERCENT_A_LEVEL))]
    level = next(iter(speeds.values())) // FAN_PERCENT_A_LEVEL
    data = {"place": _place(snapshot, zone), "level": level}
    return settle(snapshot, (Effect(p, s) for p, s in speeds.items()), data=data, notes=notes)


def set_airflow(call: Call, snapshot: Snapshot) -> Resolution:
    """Where the air blows; VSS 6.0 has one direction at a time."""
    directions: list[str] = call.arguments["directions"]
    if len(directions) > 1:
        return impossible(
            "one_direction",
            "The air can blow one way at a time: the windshield, the face or the feet.",
            "出风方向一次只能选一个：前挡风、面部或脚部。",
        )
    zone = zone_in(call, snapshot, otherwise=Zone.ALL)
    paths = stations(zone, snapshot)
    if not paths:
        return no_such_place(zone, Words("vent", "出风口"))
    words = words_of(DIRECTIONS, directions[0])
    data = {"place": _place(snapshot, zone), "direction": say(snapshot, words.en, words.zh)}
    value = DISTRIBUTION[directions[0]]
    return settle(snapshot, (Effect(f"{p}.AirDistribution", value) for p in paths), data=data)


def set_recirculation(call: Call, snapshot: Snapshot) -> Resolution:
    """Air from inside or from outside."""
    mode = str(call.arguments["mode"])
    words = words_of(AIR_MODES, mode)
    return settle(
        snapshot,
        (Effect(RECIRCULATION, mode == "recirculate"),),
        data={"mode": sentence(say(snapshot, words.en, words.zh))},
    )


def set_defrost(call: Call, snapshot: Snapshot) -> Resolution:
    """Defrost on or off; in front with all that rule 9 asks for.

    The windows of rule 10 stay as they are here: a question about a child at a window must never
    hold up a clear view.
    """
    target, on = str(call.arguments["target"]), bool(call.arguments["on"])
    effects: list[Effect] = []
    if target in ("front", "all"):
        effects.append(Effect(FRONT_DEFROST, on))
        effects += _clears_windshield(snapshot) if on else ()
    if target in ("rear", "all"):
        effects.append(Effect(REAR_DEFROST, on))
    words = words_of(DEFROST_TARGETS, target)
    data = {
        "target": sentence(say(snapshot, words.en, words.zh)),
        "state": _on_off(snapshot, on),
    }
    return settle(snapshot, effects, data=data, atomic=True)


def read(call: Call, snapshot: Snapshot) -> Resolution:
    """What the climate is set to and how warm it is, unknown said as unknown."""
    zone = zone_in(call, snapshot, otherwise=Zone.DRIVER)
    paths = stations(zone, snapshot)
    if not paths:
        return no_such_place(zone, Words("climate zone", "空调"))
    cabin_c = number_at(snapshot, f"{HVAC}.AmbientAirTemperature")
    outside_c = number_at(snapshot, "Vehicle.Exterior.AirTemperature")
    set_c = number_at(snapshot, f"{paths[0]}.Temperature")
    fan = number_at(snapshot, f"{paths[0]}.FanSpeed")
    cooling = aim(snapshot, AIR_CONDITIONING)
    level = None if fan is None else round(fan / FAN_PERCENT_A_LEVEL)
    state_en = {True: "on", False: "off"}.get(cooling, "in an unknown state")
    state_zh = {True: "开着", False: "关着"}.get(cooling, "状态未知")
    en = (
        f"It is {_degrees_en(cabin_c)} inside and {_degrees_en(outside_c)} outside. "
        f"{_place(snapshot, zone)} is set to {_degrees_en(set_c)}, "
        f"fan {'unknown' if level is None else level}; the air conditioning is {state_en}."
    )
    zh = (
        f"车内{_degrees_zh(cabin_c)}，车外{_degrees_zh(outside_c)}。"
        f"{_place(snapshot, zone)}设定{_degrees_zh(set_c)}，"
        f"风量{'未知' if level is None else f'{level}挡'}，空调{state_zh}。"
    )
    data = {
        "zone": zone.value,
        "cabin_c": cabin_c,
        "outside_c": outside_c,
        "temperature_c": set_c,
        "fan_level": level,
        "air_conditioning": cooling,
        "said": say(snapshot, en, zh),
    }
    return Resolved(data=data)


def _clears_windshield(snapshot: Snapshot) -> tuple[Effect, ...]:
    front = stations(Zone.FRONT, snapshot)
    weak = [p for p in front if (number_at(snapshot, f"{p}.FanSpeed") or 0) < DEFROST_FAN_PERCENT]
    return (
        *(Effect(f"{path}.FanSpeed", DEFROST_FAN_PERCENT, because=9) for path in weak),
        *(Effect(f"{path}.AirDistribution", "UP", because=9) for path in front),
        Effect(AIR_CONDITIONING, True, because=9),
    )


def _far_apart(snapshot: Snapshot, wanted: dict[str, float]) -> list[Note]:
    """Rule 12: tell when the zones end more than 3 K apart."""
    every = [f"{stations(zone, snapshot)[0]}.Temperature" for zone in SINGLE_ZONES]
    ends = {path: wanted.get(path, number_at(snapshot, path)) for path in every}
    known = [value for value in ends.values() if value is not None]
    known += [value for path, value in wanted.items() if path not in ends]
    if not known or max(known) - min(known) <= FAR_APART_K:
        return []
    return [
        Note(
            Words(
                f"The zones are now up to {max(known) - min(known):g} degrees apart.",
                f"各区温度现在最多相差{max(known) - min(known):g}度。",
            ),
            rule=12,
        )
    ]


def _place(snapshot: Snapshot, zone: Zone) -> str:
    if zone is Zone.ALL:
        return say(snapshot, "Climate", "空调")
    return place(snapshot, (zone,), Words("climate", "空调"))


def _on_off(snapshot: Snapshot, on: bool) -> str:
    return say(snapshot, "on" if on else "off", "已打开" if on else "已关闭")


def _degrees_en(value: float | None) -> str:
    return "an unknown temperature" if value is None else f"{value:g} °C"


def _degrees_zh(value: float | None) -> str:
    return "温度未知" if value is None else f"{value:g}度"


_WINDOWS_CLOSED = Note(
    Words(
        "I am closing the open windows so that the cooling can work.",
        "为了制冷，正在关上开着的车窗。",
    ),
    rule=10,
)
_ZONE = zone_argument()
_DELTA_FAN = Argument(
    "delta", Kind.INTEGER, Words("fan change", "风量变化"), minimum=-10, maximum=10, relative=True
)

FUNCTIONS: tuple[Function, ...] = (
    Function(
        Capability(
            "climate.set_power",
            Words("switch the air conditioning on or off", "开关空调"),
            Risk.REVERSIBLE,
            arguments=(
                _ZONE,
                Argument("on", Kind.BOOLEAN, Words("on or off", "开关"), required=True),
            ),
            actuators=(AIR_CONDITIONING, FAN_SPEEDS, "Vehicle.Cabin.Door.*.Window.Position"),
            undoable=True,
            time_to_live_s=2.0,
            readback_s=8.0,
            rules=(10,),
            en=POWER_EN,
            zh=POWER_ZH,
            done=Words("{data.place} {data.state}.", "{data.place}{data.state}。"),
        ),
        set_power,
    ),
    Function(
        Capability(
            "climate.set_temperature",
            Words("set the temperature", "调节温度"),
            Risk.REVERSIBLE,
            arguments=(
                _ZONE,
                Argument(
                    "value",
                    Kind.NUMBER,
                    TEMPERATURE_WORDS,
                    choices=ENDS,
                    minimum=LOWEST_C,
                    maximum=HIGHEST_C,
                    unit="°C",
                ),
                Argument(
                    "delta",
                    Kind.NUMBER,
                    Words("temperature change", "温度变化"),
                    minimum=-14,
                    maximum=14,
                    unit="°C",
                    relative=True,
                ),
                Argument("unit", Kind.CHOICE, Words("unit", "单位"), choices=UNITS),
            ),
            one_of=(("value", "delta"),),
            actuators=(f"{HVAC}.Station.*.Temperature",),
            undoable=True,
            time_to_live_s=2.0,
            rules=(12,),
            en=TEMPERATURE_EN,
            zh=TEMPERATURE_ZH,
            done=Words(
                "{data.place} set to {data.temperature} degrees.",
                "{data.place}已调到{data.temperature}度。",
            ),
        ),
        set_temperature,
    ),
    Function(
        Capability(
            "climate.set_fan",
            Words("set the fan level", "调节风量"),
            Risk.REVERSIBLE,
            arguments=(_ZONE, level_argument(Words("fan level", "风量"), maximum=10), _DELTA_FAN),
            one_of=(("level", "delta"),),
            actuators=(FAN_SPEEDS,),
            undoable=True,
            time_to_live_s=2.0,
            en=FAN_EN,
            zh=FAN_ZH,
            done=Words(
                "{data.place} fan at level {data.level}.", "{data.place}风量{data.level}挡。"
            ),
        ),
        set_fan,
    ),
    Function(
        Capability(
            "climate.set_airflow",
            Words("choose where the air blows", "调节出风方向"),
            Risk.REVERSIBLE,
            arguments=(
                _ZONE,
                Argument(
                    "directions",
                    Kind.CHOICES,
                    Words("air direction", "出风方向"),
                    required=True,
                    choices=DIRECTIONS,
                ),
            ),
            actuators=(f"{HVAC}.Station.*.AirDistribution",),
            undoable=True,
            time_to_live_s=2.0,
            en=AIRFLOW_EN,
            zh=AIRFLOW_ZH,
            done=Words(
                "{data.place}: air goes to {data.direction}.",
                "{data.place}已改为吹{data.direction}。",
            ),
        ),
        set_airflow,
    ),
    Function(
        Capability(
            "climate.set_recirculation",
            Words("choose inside or outside air", "切换内外循环"),
            Risk.REVERSIBLE,
            arguments=(
                Argument(
                    "mode",
                    Kind.CHOICE,
                    Words("air mode", "循环模式"),
                    required=True,
                    choices=AIR_MODES,
                ),
            ),
            actuators=(RECIRCULATION,),
            undoable=True,
            time_to_live_s=2.0,
            en=RECIRCULATION_EN,
            zh=RECIRCULATION_ZH,
            done=Words("{data.mode} on.", "已切换到{data.mode}。"),
        ),
        set_recirculation,
    ),
    Function(
        Capability(
            "climate.set_defrost",
            Words("defrost or demist a window", "除霜除雾"),
            Risk.REVERSIBLE,
            arguments=(
                Argument(
                    "target",
                    Kind.CHOICE,
                    Words("window to defrost", "除霜位置"),
                    choices=DEFROST_TARGETS,
                    default="front",
                ),
                Argument("on", Kind.BOOLEAN, Words("on or off", "开关"), required=True),
            ),
            actuators=(
                FRONT_DEFROST,
                REAR_DEFROST,
                AIR_CONDITIONING,
                FAN_SPEEDS,
                f"{HVAC}.Station.*.AirDistribution",
            ),
            undoable=True,
            time_to_live_s=2.0,
            rules=(4, 9),
            en=DEFROST_EN,
            zh=DEFROST_ZH,
            done=Words("{data.target} {data.state}.", "{data.target}{data.state}。"),
        ),
        set_defrost,
    ),
    Function(
        Capability(
            "climate.read",
            Words("tell the temperature and climate settings", "查询温度和空调状态"),
            Risk.READ,
            arguments=(_ZONE,),
            en=READ_EN,
            zh=READ_ZH,
            tells=Words("{data.said}", "{data.said}"),
        ),
        read,
    ),
)
