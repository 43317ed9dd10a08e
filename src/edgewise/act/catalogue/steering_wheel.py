"""Heating of the steering wheel, in levels 0 to 3. Nothing else of the wheel can be reached."""

from edgewise.act.catalogue.cabin import number_at, settle
from edgewise.act.catalogue.rows import say
from edgewise.act.catalogue.seat import STRONGEST, USUAL_LEVEL, level_of, percent_of
from edgewise.act.catalogue.words import example as e
from edgewise.act.catalogue.words import level_argument
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Resolution
from edgewise.core.capability import Argument, Capability, Kind, Risk
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words

WHEEL = "Vehicle.Chassis.SteeringWheel.HeatingCooling"


def heat(call: Call, snapshot: Snapshot) -> Resolution:
    """Heat at a level, one step more or less, or at the usual level when just switched on."""
    present = level_of(number_at(snapshot, WHEEL) or 0)
    if "delta" in call.arguments:
        level = min(max(present + int(call.arguments["delta"]), 0), STRONGEST)
    else:
        level = int(call.arguments.get("level", present or USUAL_LEVEL))
    state = (
        say(snapshot, f"at level {level}", f"已开到{level}挡")
        if level
        else say(snapshot, "off", "已关闭")
    )
    return settle(snapshot, (Effect(WHEEL, percent_of(level)),), data={"state": state})


HEAT_EN = (
    e("turn on the steering wheel heating"),
    e("turn off the heated steering wheel", level=0),
    e("heat the steering wheel please"),
    e("steering wheel heating to level three", level=3),
    e("steering wheel heat on low", level=1),
    e("stop heating the wheel", level=0),
    e("turn the wheel heating up", delta=1),
    e("steering wheel a bit less warm", delta=-1),
    e("my hands are freezing, warm the steering wheel"),
    e("wheel heating to maximum", level="max"),
)
HEAT_ZH = (
    e("打开方向盘加热"),
    e("关闭方向盘加热", level=0),
    e("方向盘热一下"),
    e("方向盘加热调到三挡", level=3),
    e("方向盘加热开一档", level=1),
    e("方向盘不用加热了", level=0),
    e("方向盘加热高一点", delta=1),
    e("方向盘加热低一挡", delta=-1),
    e("手好冷，把方向盘加热打开"),
    e("方向盘加热开到最大", level="max"),
)

FUNCTIONS: tuple[Function, ...] = (
    Function(
        Capability(
            "steering_wheel.heat",
            Words("heat the steering wheel", "方向盘加热"),
            Risk.REVERSIBLE,
            arguments=(
                level_argument(Words("level", "挡位"), maximum=STRONGEST),
                Argument(
                    "delta",
                    Kind.INTEGER,
                    Words("level change", "挡位变化"),
                    minimum=-STRONGEST,
                    maximum=STRONGEST,
                    relative=True,
                ),
            ),
            actuators=(WHEEL,),
            undoable=True,
            time_to_live_s=2.0,
            en=HEAT_EN,
            zh=HEAT_ZH,
            done=Words("Steering wheel heating {data.state}.", "方向盘加热{data.state}。"),
        ),
        heat,
    ),
)
