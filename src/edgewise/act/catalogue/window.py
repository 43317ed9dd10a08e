"""Windows: how far they are open, and the lock that keeps children from opening them.

Positions are percent open. A full run takes 4 s at the motor's 25 % a second.
"""

from edgewise.act.catalogue.cabin import (
    at_end,
    doors,
    place,
    settle,
    singles,
    speaker_zone,
    stepped,
    unknown_state,
)
from edgewise.act.catalogue.rows import impossible, say
from edgewise.act.catalogue.words import example as e
from edgewise.act.catalogue.words import zone_argument
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Note, Resolution
from edgewise.core.capability import Argument, Capability, Kind, Risk
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words
from edgewise.core.zone import Zone

CHILD_LOCK = "Vehicle.Cabin.IsWindowChildLockEngaged"
WINDOW = Words("window", "车窗")


def set_window(call: Call, snapshot: Snapshot) -> Resolution:
    """Windows to a percentage open, or by one; without names the speaker's own window."""
    named = call.arguments.get("windows")
    zones = [Zone(z) for z in named] if named else [speaker_zone(snapshot) or Zone.DRIVER]
    paths = [f"{door}.Window.Position" for door in doors(zones, snapshot)]
    if not paths:
        return impossible("no_such_place", "There is no such window.", "没有这扇车窗。")
    wanted: dict[str, int] = {}
    notes: list[Note] = []
    for path in paths:
        if "percent" in call.arguments:
            wanted[path] = int(call.arguments["percent"])
            continue
        delta = int(call.arguments["delta"])
        step = stepped(snapshot, path, delta, minimum=0, maximum=100)
        if step is None:
            return unknown_state(Words("window position", "车窗位置"))
        wanted[path] = round(step[0])
        if step[1]:
            notes = [at_end(delta, f"{wanted[path]}%")]
    several = len(singles(zones)) > 1
    data = {
        "place": place(snapshot, zones, WINDOW, plural="windows"),
        "state": opened_words(snapshot, next(iter(wanted.values())), several=several),
        "percent": next(iter(wanted.values())),
    }
    return settle(snapshot, (Effect(p, v) for p, v in wanted.items()), data=data, notes=notes)


def set_child_lock(call: Call, snapshot: Snapshot) -> Resolution:
    """The lock of the rear windows' own switches."""
    on = bool(call.arguments["on"])
    state = say(snapshot, "on" if on else "off", "已打开" if on else "已关闭")
    return settle(snapshot, (Effect(CHILD_LOCK, on),), data={"state": state})


def opened_words(snapshot: Snapshot, percent: int, *, several: bool = False) -> str:
    """How an opening is said after it was done."""
    if percent == 0:
        return say(snapshot, "closed", "都已关上" if several else "已关上")
    if percent == 100:
        return say(snapshot, "open", "都已打开" if several else "已打开")
    return say(snapshot, f"opened to {percent}%", f"已开到{percent}%")


WINDOW_EN = (
    e("open the window", percent=100),
    e("close the window", percent=0),
    e("open my window halfway", percent=50),
    e("crack the window a little", percent=10),
    e("roll down the driver's window", percent=100, windows=["driver"]),
    e("roll up the driver's window", percent=0, windows=["driver"]),
    e("open all the windows", percent=100, windows=["all"]),
    e("close all windows please", percent=0, windows=["all"]),
    e("shut the passenger window", percent=0, windows=["passenger"]),
    e("put the passenger window down", percent=100, windows=["passenger"]),
    e("open the rear windows to 30 percent", percent=30, windows=["rear"]),
    e("wind up the back windows", percent=0, windows=["rear"]),
    e("open the left rear window", percent=100, windows=["row2_left"]),
    e("close the right rear window", percent=0, windows=["row2_right"]),
    e("front windows down to 20 percent", percent=20, windows=["front"]),
    e("lower the window a bit more", delta=10),
    e("raise the window a bit", delta=-10),
    e("close the window by 20 percent", delta=-20),
    e("open the driver and rear right windows", percent=100, windows=["driver", "row2_right"]),
    e("could you let the window down three quarters", percent=75),
)
WINDOW_ZH = (
    e("打开车窗", percent=100),
    e("关闭车窗", percent=0),
    e("车窗开一半", percent=50),
    e("窗户开条缝", percent=10),
    e("打开主驾车窗", percent=100, windows=["driver"]),
    e("把主驾窗户关上", percent=0, windows=["driver"]),
    e("打开所有车窗", percent=100, windows=["all"]),
    e("把车窗全部关上", percent=0, windows=["all"]),
    e("副驾车窗关一下", percent=0, windows=["passenger"]),
    e("降下副驾的窗户", percent=100, windows=["passenger"]),
    e("后排车窗开到百分之三十", percent=30, windows=["rear"]),
    e("升起后排车窗", percent=0, windows=["rear"]),
    e("左后车窗打开", percent=100, windows=["row2_left"]),
    e("右后窗关上", percent=0, windows=["row2_right"]),
    e("前排车窗开到20%", percent=20, windows=["front"]),
    e("车窗再开大一点", delta=10),
    e("窗户关小一点", delta=-10),
    e("车窗再升百分之二十", delta=-20),
    e("主驾和右后的车窗打开", percent=100, windows=["driver", "row2_right"]),
    e("帮我开下窗透透气", percent=100),
)
CHILD_LOCK_EN = (
    e("turn on the window child lock", on=True),
    e("turn off the child lock", on=False),
    e("lock the rear window switches", on=True),
    e("unlock the rear window switches", on=False),
    e("child lock on please", on=True),
    e("let the kids use their windows again", on=False),
    e("disable the child safety lock", on=False),
    e("enable the child safety lock", on=True),
)
CHILD_LOCK_ZH = (
    e("打开儿童锁", on=True),
    e("关闭儿童锁", on=False),
    e("车窗童锁打开", on=True),
    e("把童锁解除", on=False),
    e("后排车窗锁上不让孩子开", on=True),
    e("后排车窗解锁", on=False),
    e("儿童安全锁开一下", on=True),
    e("儿童锁关了吧", on=False),
)

FUNCTIONS: tuple[Function, ...] = (
    Function(
        Capability(
            "window.set",
            Words("open or close windows", "开关车窗"),
            Risk.DISRUPTIVE,
            arguments=(
                zone_argument(
                    "windows", words=Words("window", "车窗"), several=True, third_row=False
                ),
                Argument(
                    "percent",
                    Kind.INTEGER,
                    Words("opening", "开度"),
                    minimum=0,
                    maximum=100,
                    unit="%",
                ),
                Argument(
                    "delta",
                    Kind.INTEGER,
                    Words("opening change", "开度变化"),
                    minimum=-100,
                    maximum=100,
                    unit="%",
                    relative=True,
                ),
            ),
            one_of=(("percent", "delta"),),
            actuators=("Vehicle.Cabin.Door.*.Window.Position",),
            undoable=True,
            time_to_live_s=2.0,
            readback_s=6.0,
            rules=(11, 21, 22, 28),
            en=WINDOW_EN,
            zh=WINDOW_ZH,
            done=Words("{data.place} {data.state}.", "{data.place}{data.state}。"),
        ),
        set_window,
    ),
    Function(
        Capability(
            "window.set_child_lock",
            Words("lock the rear windows for children", "车窗儿童锁"),
            Risk.SAFETY_CRITICAL,
            arguments=(Argument("on", Kind.BOOLEAN, Words("on or off", "开关"), required=True),),
            actuators=(CHILD_LOCK,),
            undoable=True,
            time_to_live_s=2.0,
            rules=(23, 28),
            en=CHILD_LOCK_EN,
            zh=CHILD_LOCK_ZH,
            done=Words("Window child lock {data.state}.", "车窗儿童锁{data.state}。"),
        ),
        set_child_lock,
    ),
)
