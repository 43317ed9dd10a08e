"""Outside mirrors: fold, heat, adjust.

VSS 6.0: Pan is 100 fully to the left, Tilt is 100 fully upward. A mirror is adjusted in steps;
which one must be said, because both never need the same.
"""

from edgewise.act.catalogue.cabin import (
    driver_on_left,
    sentence,
    settle,
    stepped,
    unknown_state,
)
from edgewise.act.catalogue.rows import say
from edgewise.act.catalogue.words import example as e
from edgewise.act.catalogue.words import words_of
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Missing, Resolution
from edgewise.core.capability import Argument, Capability, Choice, Kind, Risk
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words

STEP_PERCENT = 10
SIDES = (
    Choice(
        "left",
        Words("left mirror", "左后视镜"),
        ("left", "left mirror", "left wing mirror"),
        ("左", "左边", "左侧", "左后视镜"),
    ),
    Choice(
        "right",
        Words("right mirror", "右后视镜"),
        ("right", "right mirror", "right wing mirror"),
        ("右", "右边", "右侧", "右后视镜"),
    ),
    Choice(
        "both",
        Words("mirrors", "后视镜"),
        ("both", "mirrors", "wing mirrors", "side mirrors"),
        ("两边", "两侧", "左右", "都"),
    ),
)
DIRECTIONS = (
    Choice("up", Words("up", "上"), ("up", "upward", "higher"), ("上", "往上", "向上", "高")),
    Choice(
        "down", Words("down", "下"), ("down", "downward", "lower"), ("下", "往下", "向下", "低")
    ),
    Choice("left", Words("left", "左"), ("to the left",), ("往左", "向左")),
    Choice("right", Words("right", "右"), ("to the right",), ("往右", "向右")),
)
_AXIS = {"up": ("Tilt", 1), "down": ("Tilt", -1), "left": ("Pan", 1), "right": ("Pan", -1)}


def set_mirror(call: Call, snapshot: Snapshot) -> Resolution:
    """Fold or unfold, heat or not, or turn one mirror by a step."""
    side = str(call.arguments["side"])
    words = words_of(SIDES, side)
    named = sentence(say(snapshot, words.en, words.zh))
    paths = [f"Vehicle.Body.Mirrors.{name}" for name in _sides(side, snapshot)]
    if "direction" in call.arguments:
        if len(paths) != 1:
            return _WHICH
        return _adjust(call, snapshot, paths[0], named)
    if "fold" in call.arguments:
        name, on = "IsFolded", bool(call.arguments["fold"])
        state = say(snapshot, "folded" if on else "unfolded", "已折叠" if on else "已展开")
    else:
        name, on = "IsHeatingOn", bool(call.arguments["heat"])
        state = say(
            snapshot, f"heating {'on' if on else 'off'}", "加热已打开" if on else "加热已关闭"
        )
    data = {"side": named, "state": state}
    return settle(snapshot, (Effect(f"{path}.{name}", on) for path in paths), data=data)


def _adjust(call: Call, snapshot: Snapshot, path: str, named: str) -> Resolution:
    direction = str(call.arguments["direction"])
    axis, sign = _AXIS[direction]
    amount = int(call.arguments.get("amount", STEP_PERCENT))
    step = stepped(snapshot, f"{path}.{axis}", sign * amount, minimum=-100, maximum=100)
    if step is None:
        return unknown_state(Words("mirror position", "后视镜位置"))
    words = words_of(DIRECTIONS, direction)
    state = say(snapshot, f"turned {words.en}", f"已向{words.zh}调")
    data = {"side": named, "state": state}
    return settle(snapshot, (Effect(f"{path}.{axis}", round(step[0])),), data=data)


def _sides(side: str, snapshot: Snapshot) -> tuple[str, ...]:
    left, right = ("DriverSide", "PassengerSide")
    if not driver_on_left(snapshot):
        left, right = right, left
    return {"left": (left,), "right": (right,)}.get(side, (left, right))


_WHICH = Missing(
    "side",
    Words("Which mirror, the left or the right one?", "要调哪边的后视镜，左边还是右边？"),
    ("left", "right"),
)

MIRROR_EN = (
    e("fold the mirrors", side="both", fold=True),
    e("unfold the mirrors", side="both", fold=False),
    e("fold in the wing mirrors please", side="both", fold=True),
    e("open the mirrors again", side="both", fold=False),
    e("fold the left mirror", side="left", fold=True),
    e("turn on the mirror heating", side="both", heat=True),
    e("mirror heating off", side="both", heat=False),
    e("heat the right mirror", side="right", heat=True),
    e("tilt the left mirror down", side="left", direction="down"),
    e("move the right mirror up a bit", side="right", direction="up"),
    e("turn the left mirror to the left", side="left", direction="left"),
    e("right mirror further to the right", side="right", direction="right"),
    e("the mirrors are fogged, defrost them", side="both", heat=True),
)
MIRROR_ZH = (
    e("折叠后视镜", side="both", fold=True),
    e("展开后视镜", side="both", fold=False),
    e("把后视镜收起来", side="both", fold=True),
    e("后视镜打开", side="both", fold=False),
    e("左后视镜折叠", side="left", fold=True),
    e("打开后视镜加热", side="both", heat=True),
    e("关闭后视镜加热", side="both", heat=False),
    e("右边后视镜加热一下", side="right", heat=True),
    e("左后视镜往下调", side="left", direction="down"),
    e("右后视镜往上一点", side="right", direction="up"),
    e("左边的后视镜向左转一点", side="left", direction="left"),
    e("右后视镜再往右", side="right", direction="right"),
    e("后视镜有雾，除一下霜", side="both", heat=True),
)

FUNCTIONS: tuple[Function, ...] = (
    Function(
        Capability(
            "mirror.set",
            Words("fold, heat or adjust the mirrors", "折叠、加热或调节后视镜"),
            Risk.REVERSIBLE,
            arguments=(
                Argument(
                    "side", Kind.CHOICE, Words("mirror", "后视镜"), choices=SIDES, default="both"
                ),
                Argument("fold", Kind.BOOLEAN, Words("fold", "折叠")),
                Argument("heat", Kind.BOOLEAN, Words("heat", "加热")),
                Argument("direction", Kind.CHOICE, Words("direction", "方向"), choices=DIRECTIONS),
                Argument(
                    "amount",
                    Kind.INTEGER,
                    Words("step", "幅度"),
                    minimum=1,
                    maximum=100,
                    unit="%",
                ),
            ),
            one_of=(("fold", "heat", "direction"),),
            actuators=tuple(
                f"Vehicle.Body.Mirrors.*.{name}"
                for name in ("IsFolded", "IsHeatingOn", "Pan", "Tilt")
            ),
            undoable=True,
            time_to_live_s=2.0,
            readback_s=6.0,
            rules=(27,),
            en=MIRROR_EN,
            zh=MIRROR_ZH,
            done=Words("{data.side} {data.state}.", "{data.side}{data.state}。"),
        ),
        set_mirror,
    ),
)
