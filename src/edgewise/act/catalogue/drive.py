"""Drive modes, as VSS 6.0 knows them. Gear, brake and steering can not be reached (rule 24)."""

from edgewise.act.catalogue.cabin import settle
from edgewise.act.catalogue.rows import say
from edgewise.act.catalogue.words import example as e
from edgewise.act.catalogue.words import words_of
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Resolution
from edgewise.core.capability import Argument, Capability, Choice, Kind, Risk
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words

MODE = "Vehicle.Powertrain.Transmission.PerformanceMode"
MODES = (
    Choice(
        "normal",
        Words("normal", "标准"),
        ("normal", "standard", "comfort", "regular"),
        ("标准", "普通", "舒适", "正常"),
    ),
    Choice(
        "sport", Words("sport", "运动"), ("sport", "sports", "sporty"), ("运动", "竞速", "激烈")
    ),
    Choice(
        "economy",
        Words("economy", "经济"),
        ("economy", "eco", "energy saving", "efficient"),
        ("经济", "节能", "省电", "省油"),
    ),
    Choice("snow", Words("snow", "雪地"), ("snow", "winter", "slippery"), ("雪地", "冰雪", "湿滑")),
    Choice("rain", Words("rain", "雨天"), ("rain", "wet"), ("雨天", "下雨", "雨雪")),
)


def set_mode(call: Call, snapshot: Snapshot) -> Resolution:
    """Switch the drive mode."""
    mode = str(call.arguments["mode"])
    words = words_of(MODES, mode)
    data = {"mode": say(snapshot, words.en.capitalize(), words.zh)}
    return settle(snapshot, (Effect(MODE, mode.upper()),), data=data)


MODE_EN = (
    e("switch to sport mode", mode="sport"),
    e("eco mode please", mode="economy"),
    e("go back to normal mode", mode="normal"),
    e("snow mode on", mode="snow"),
    e("set the drive mode to rain", mode="rain"),
    e("drive in comfort mode", mode="normal"),
    e("put the car in sports mode", mode="sport"),
    e("I want to save energy, use eco", mode="economy"),
    e("the road is icy, use winter mode", mode="snow"),
)
MODE_ZH = (
    e("切换到运动模式", mode="sport"),
    e("打开经济模式", mode="economy"),
    e("换回标准模式", mode="normal"),
    e("雪地模式打开", mode="snow"),
    e("驾驶模式改成雨天", mode="rain"),
    e("用舒适模式开", mode="normal"),
    e("开运动模式", mode="sport"),
    e("省点电，用节能模式", mode="economy"),
    e("路上结冰了，换冰雪模式", mode="snow"),
)

FUNCTIONS: tuple[Function, ...] = (
    Function(
        Capability(
            "drive.set_mode",
            Words("choose the drive mode", "切换驾驶模式"),
            Risk.DISRUPTIVE,
            arguments=(
                Argument(
                    "mode",
                    Kind.CHOICE,
                    Words("drive mode", "驾驶模式"),
                    required=True,
                    choices=MODES,
                ),
            ),
            actuators=(MODE,),
            undoable=True,
            time_to_live_s=2.0,
            rules=(28,),
            en=MODE_EN,
            zh=MODE_ZH,
            done=Words("{data.mode} mode on.", "已切换到{data.mode}模式。"),
        ),
        set_mode,
    ),
)
