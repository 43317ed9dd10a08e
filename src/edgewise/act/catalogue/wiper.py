"""Wipers. Wiping is the safe direction; stopping or slowing them while driving is not (rule 4).

Plain "on" wipes for certain, which the rain sensor may not, and never less than now: slowly from
rest, else as it is; where the mode is unknown or the sensor's, fast, the only speed that is surely
not slower. So "wipers on" is done at once whatever can be read.
"""

from edgewise.act.catalogue.cabin import aim, sentence, settle, unknown_state
from edgewise.act.catalogue.rows import say
from edgewise.act.catalogue.words import example as e
from edgewise.act.catalogue.words import words_of
from edgewise.act.classify import WIPER_SPEEDS
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Resolution
from edgewise.core.capability import Argument, Capability, Choice, Kind, Risk
from edgewise.core.freshness import FRESH_S
from edgewise.core.signal import JsonValue, Snapshot
from edgewise.core.words import Words

MODES = (
    Choice("off", Words("off", "关闭"), ("off", "stop"), ("关闭", "关", "停")),
    Choice(
        "interval",
        Words("intermittent", "间歇"),
        ("interval", "intermittent"),
        ("间歇", "间歇挡", "间隔"),
    ),
    Choice("on", Words("on", "打开"), ("on",), ("打开",)),
    Choice("slow", Words("slow", "慢速"), ("slow", "low"), ("慢速", "慢", "低速")),
    Choice("medium", Words("medium", "中速"), ("medium", "normal"), ("中速", "中挡")),
    Choice("fast", Words("fast", "快速"), ("fast", "high", "full speed"), ("快速", "快", "高速")),
    Choice(
        "auto",
        Words("automatic", "自动"),
        ("auto", "automatic", "rain sensor"),
        ("自动", "雨量感应", "自动感应"),
    ),
)
WINDOWS = (
    Choice("front", Words("wipers", "雨刮"), ("front", "windshield", "windscreen"), ("前", "前挡")),
    Choice("rear", Words("rear wiper", "后雨刮"), ("rear", "back"), ("后", "后窗", "后挡")),
)
SIGNAL_MODE = {
    "off": "OFF",
    "interval": "INTERVAL",
    "slow": "SLOW",
    "medium": "MEDIUM",
    "fast": "FAST",
    "auto": "RAIN_SENSOR",
}
_MODE = {signal: name for name, signal in SIGNAL_MODE.items()}


def set_wiper(call: Call, snapshot: Snapshot) -> Resolution:
    """A mode of the wipers, or one step slower or faster; a step never stops them."""
    which = str(call.arguments["which"])
    path = f"Vehicle.Body.Windshield.{which.capitalize()}.Wiping.Mode"
    mode = call.arguments.get("mode")
    if mode is None:
        present = aim(snapshot, path)
        if present is None:
            return unknown_state(Words("wiper speed", "雨刮速度"))
        mode = _stepped_mode(str(present), int(call.arguments["delta"]))
    elif mode == "on":
        mode = _wiping(snapshot.fresh(path, within_s=FRESH_S))
    words, window = words_of(MODES, mode), words_of(WINDOWS, which)
    data = {
        "window": sentence(say(snapshot, window.en, window.zh)),
        "mode": say(snapshot, words.en, "已关闭" if mode == "off" else f"已调到{words.zh}"),
    }
    return settle(snapshot, (Effect(path, SIGNAL_MODE[mode]),), data=data)


def _stepped_mode(present: str, delta: int) -> str:
    # From off or automatic a step up starts slow wiping, a step down the interval.
    known = present in WIPER_SPEEDS
    at = WIPER_SPEEDS.index(present) + delta if known else (1 if delta > 0 else 0)
    return _MODE[WIPER_SPEEDS[min(max(at, 0), len(WIPER_SPEEDS) - 1)]]


def _wiping(present: JsonValue) -> str:
    """The mode that "on" means: that of now if it wipes all the time, slow from less."""
    if present in ("OFF", "INTERVAL"):
        return "slow"
    return _MODE[present] if present in WIPER_SPEEDS else "fast"


WIPER_EN = (
    e("turn on the wipers", mode="on"),
    e("turn off the wipers", mode="off"),
    e("wipers on automatic", mode="auto"),
    e("wipers to fast please", mode="fast"),
    e("set the wipers to intermittent", mode="interval"),
    e("medium wiper speed", mode="medium"),
    e("wipe faster", delta=1),
    e("slow the wipers down", delta=-1),
    e("rear wiper on", which="rear", mode="on"),
    e("stop the rear wiper", which="rear", mode="off"),
    e("it's raining, start the wipers", mode="on"),
    e("stop wiping", mode="off"),
)
WIPER_ZH = (
    e("打开雨刮", mode="on"),
    e("关闭雨刮", mode="off"),
    e("雨刮器调成自动", mode="auto"),
    e("雨刮开到快速", mode="fast"),
    e("雨刮间歇一下", mode="interval"),
    e("雨刮中速", mode="medium"),
    e("雨刮快一点", delta=1),
    e("雨刮慢一点", delta=-1),
    e("打开后雨刮", which="rear", mode="on"),
    e("后雨刮关掉", which="rear", mode="off"),
    e("下雨了开下雨刷", mode="on"),
    e("雨刷停了吧", mode="off"),
)

FUNCTIONS: tuple[Function, ...] = (
    Function(
        Capability(
            "wiper.set",
            Words("switch the wipers", "控制雨刮"),
            Risk.SAFETY_CRITICAL,
            arguments=(
                Argument(
                    "which", Kind.CHOICE, Words("window", "玻璃"), choices=WINDOWS, default="front"
                ),
                Argument("mode", Kind.CHOICE, Words("wiper speed", "雨刮挡位"), choices=MODES),
                Argument(
                    "delta",
                    Kind.INTEGER,
                    Words("speed change", "速度变化"),
                    minimum=-3,
                    maximum=3,
                    relative=True,
                ),
            ),
            one_of=(("mode", "delta"),),
            actuators=("Vehicle.Body.Windshield.*.Wiping.Mode",),
            undoable=True,
            time_to_live_s=2.0,
            rules=(4, 28),
            en=WIPER_EN,
            zh=WIPER_ZH,
            done=Words("{data.window} {data.mode}.", "{data.window}{data.mode}。"),
        ),
        set_wiper,
    ),
)
