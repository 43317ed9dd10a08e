"""What the family of climate declares: arguments, ranges, words. What they mean: `climate.py`."""

from edgewise.act.catalogue.cabin import HVAC
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
from edgewise.act.catalogue.words import ENDS, level_argument, zone_argument
from edgewise.act.defrost_after import AIR_CONDITIONING, FRONT_DEFROST
from edgewise.core.capability import Argument, Capability, Choice, Kind, Risk
from edgewise.core.words import Words

LOWEST_C, HIGHEST_C = 16.0, 30.0
"""VSS gives no range; this one is ours."""

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

_ZONE = zone_argument()

_DELTA_FAN = Argument(
    "delta", Kind.INTEGER, Words("fan change", "风量变化"), minimum=-10, maximum=10, relative=True
)

SET_POWER = Capability(
    "climate.set_power",
    Words("switch the air conditioning on or off", "开关空调"),
    Risk.REVERSIBLE,
    arguments=(
        _ZONE,
        Argument("on", Kind.BOOLEAN, Words("on or off", "开关"), required=True),
    ),
    actuators=(AIR_CONDITIONING, FAN_SPEEDS),
    undoable=True,
    time_to_live_s=2.0,
    readback_s=8.0,
    rules=(9, 10),
    en=POWER_EN,
    zh=POWER_ZH,
    done=Words("{data.place} {data.state}.", "{data.place}{data.state}。"),
)

SET_TEMPERATURE = Capability(
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
)

SET_FAN = Capability(
    "climate.set_fan",
    Words("set the fan level", "调节风量"),
    Risk.REVERSIBLE,
    arguments=(_ZONE, level_argument(Words("fan level", "风量"), maximum=10), _DELTA_FAN),
    one_of=(("level", "delta"),),
    actuators=(FAN_SPEEDS,),
    undoable=True,
    time_to_live_s=2.0,
    rules=(9,),
    en=FAN_EN,
    zh=FAN_ZH,
    done=Words("{data.place} fan at level {data.level}.", "{data.place}风量{data.level}挡。"),
)

SET_AIRFLOW = Capability(
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
    rules=(9,),
    en=AIRFLOW_EN,
    zh=AIRFLOW_ZH,
    done=Words(
        "{data.place}: air goes to {data.direction}.",
        "{data.place}已改为吹{data.direction}。",
    ),
)

SET_RECIRCULATION = Capability(
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
)

SET_DEFROST = Capability(
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
)

READ = Capability(
    "climate.read",
    Words("tell the temperature and climate settings", "查询温度和空调状态"),
    Risk.READ,
    arguments=(_ZONE,),
    en=READ_EN,
    zh=READ_ZH,
    tells=Words("{data.said}", "{data.said}"),
)
