"""The rear trunk and the front one, opened and closed by their motors (rule 23)."""

from edgewise.act.catalogue.cabin import settle
from edgewise.act.catalogue.rows import say
from edgewise.act.catalogue.words import example as e
from edgewise.act.catalogue.words import words_of
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Resolution
from edgewise.core.capability import Argument, Capability, Choice, Kind, Risk
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words

TRUNKS = (
    Choice(
        "rear",
        Words("trunk", "后备箱"),
        ("trunk", "boot", "tailgate", "rear trunk", "liftgate"),
        ("后备箱", "后备厢", "尾门", "行李箱", "后箱"),
    ),
    Choice(
        "front",
        Words("front trunk", "前备箱"),
        ("front trunk", "frunk"),
        ("前备箱", "前备厢", "前行李箱"),
    ),
)


def set_trunk(call: Call, snapshot: Snapshot) -> Resolution:
    """Open or close a trunk."""
    which, opened = str(call.arguments["which"]), bool(call.arguments["open"])
    words = words_of(TRUNKS, which)
    data = {
        "which": say(snapshot, words.en.capitalize(), words.zh),
        "state": say(snapshot, "open" if opened else "closed", "已打开" if opened else "已关上"),
    }
    path = f"Vehicle.Body.Trunk.{which.capitalize()}.IsOpen"
    return settle(snapshot, (Effect(path, opened),), data=data)


TRUNK_EN = (
    e("open the trunk", which="rear", open=True),
    e("close the trunk", which="rear", open=False),
    e("pop the boot please", which="rear", open=True),
    e("shut the boot", which="rear", open=False),
    e("open the tailgate", which="rear", open=True),
    e("close the tailgate for me", which="rear", open=False),
    e("open the frunk", which="front", open=True),
    e("close the front trunk", which="front", open=False),
    e("I need to load my bags, open the trunk", which="rear", open=True),
)
TRUNK_ZH = (
    e("打开后备箱", which="rear", open=True),
    e("关闭后备箱", which="rear", open=False),
    e("把尾门打开", which="rear", open=True),
    e("尾门关一下", which="rear", open=False),
    e("开下行李箱", which="rear", open=True),
    e("后备厢关上", which="rear", open=False),
    e("打开前备箱", which="front", open=True),
    e("前备箱关上", which="front", open=False),
    e("我要放行李，开一下后备箱", which="rear", open=True),
)

FUNCTIONS: tuple[Function, ...] = (
    Function(
        Capability(
            "trunk.set",
            Words("open or close the trunk", "开关后备箱"),
            Risk.SAFETY_CRITICAL,
            arguments=(
                Argument(
                    "which",
                    Kind.CHOICE,
                    Words("trunk", "后备箱"),
                    choices=TRUNKS,
                    default="rear",
                ),
                Argument("open", Kind.BOOLEAN, Words("open", "打开"), required=True),
            ),
            actuators=("Vehicle.Body.Trunk.Rear.IsOpen", "Vehicle.Body.Trunk.Front.IsOpen"),
            undoable=True,
            time_to_live_s=2.0,
            readback_s=8.0,
            rules=(23, 28),
            en=TRUNK_EN,
            zh=TRUNK_ZH,
            done=Words("{data.which} {data.state}.", "{data.which}{data.state}。"),
        ),
        set_trunk,
    ),
)
