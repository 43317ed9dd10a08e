"""Lights inside: reading lamps, ambient light, dome light.

Rule 3: "all lights" without naming those outside are these. VSS 6.0 calls a reading lamp
`Spotlight`; colours are `#RRGGBB`, brightness is 1 to 100 %.
"""

from edgewise.act.catalogue.cabin import (
    lamps,
    no_such_place,
    place,
    sentence,
    settle,
    speaker_zone,
    stepped,
    unknown_state,
)
from edgewise.act.catalogue.rows import say
from edgewise.act.catalogue.words import COLOUR_CODES, COLOURS, ENDS, words_of, zone_argument
from edgewise.act.catalogue.words import example as e
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Impossible, Missing, Resolution
from edgewise.core.capability import Argument, Capability, Choice, Kind, Risk
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words
from edgewise.core.zone import Zone

DOME = "Vehicle.Cabin.Light.IsDomeOn"
BRANCH = {"reading": ("Spotlight",), "ambient": ("AmbientLight",), "dome": ()}
EVERY = ("Spotlight", "AmbientLight")

KINDS = (
    Choice(
        "reading",
        Words("reading light", "阅读灯"),
        ("reading light", "reading lights", "reading lamp", "map light", "spotlight"),
        ("阅读灯", "看书灯", "射灯"),
    ),
    Choice(
        "ambient",
        Words("ambient light", "氛围灯"),
        ("ambient light", "ambient lights", "ambient lighting", "mood light", "mood lighting"),
        ("氛围灯", "情调灯", "气氛灯", "内饰灯"),
    ),
    Choice(
        "dome",
        Words("dome light", "顶灯"),
        ("dome light", "ceiling light", "roof light", "overhead light"),
        ("顶灯", "室内顶灯", "车顶灯", "天花板灯"),
    ),
    Choice(
        "all",
        Words("interior lights", "车内灯"),
        ("interior lights", "inside lights", "cabin lights", "all lights", "lights", "light"),
        ("车内灯", "所有灯", "全部灯", "灯", "车里的灯", "里面的灯"),
    ),
)


def set_interior(call: Call, snapshot: Snapshot) -> Resolution:
    """Switch, dim or colour lamps inside; a brightness or colour alone turns them on, those that
    can be dimmed."""
    given = call.arguments
    if not {"on", "brightness", "delta", "color"} & set(given):
        return _WHAT
    kind = str(given["kind"])
    dimmed = bool({"brightness", "delta", "color"} & set(given))
    if kind == "dome" and dimmed and given.get("on", True):
        return _ONLY_ON_OFF
    zone = _zone(call, kind, snapshot)
    paths = [path for branch in BRANCH.get(kind, EVERY) for path in lamps(branch, zone, snapshot)]
    if not paths and kind != "dome":
        return no_such_place(zone, words_of(KINDS, kind))
    on = bool(given.get("on", True))
    effects = [Effect(f"{path}.IsLightOn", on) for path in paths]
    if kind == "dome" or (kind == "all" and zone is Zone.ALL and not (on and dimmed)):
        effects.append(Effect(DOME, on))
    for path in paths if on else ():
        if "brightness" in given:
            effects.append(Effect(f"{path}.Intensity", int(given["brightness"])))
        elif "delta" in given:
            step = stepped(
                snapshot, f"{path}.Intensity", int(given["delta"]), minimum=1, maximum=100
            )
            if step is None:
                return unknown_state(Words("brightness", "亮度"))
            effects.append(Effect(f"{path}.Intensity", round(step[0])))
        if "color" in given:
            effects.append(Effect(f"{path}.Color", COLOUR_CODES[given["color"]]))
    return settle(snapshot, effects, data=_data(call, kind, zone, effects, snapshot))


def _zone(call: Call, kind: str, snapshot: Snapshot) -> Zone:
    """One's own reading lamp; every other kind lights the whole car."""
    if "zone" in call.arguments:
        return Zone(call.arguments["zone"])
    if kind == "reading" and call.arguments.get("on", True):
        return speaker_zone(snapshot) or Zone.ALL
    return Zone.ALL


def _data(
    call: Call, kind: str, zone: Zone, effects: list[Effect], snapshot: Snapshot
) -> dict[str, str]:
    words = words_of(KINDS, kind)
    whole = kind == "dome" or zone is Zone.ALL
    named = (
        sentence(say(snapshot, words.en, words.zh)) if whole else place(snapshot, (zone,), words)
    )
    given = call.arguments
    if not given.get("on", True):
        return {"place": named, "state": say(snapshot, "off", "已关闭")}
    en, zh = ["on"], ["已打开"]
    bright = [effect.value for effect in effects if effect.target.endswith(".Intensity")]
    if bright:
        en, zh = [f"at {bright[0]}%"], [f"亮度{bright[0]}%"]
    if "color" in given:
        colour = words_of(COLOURS, given["color"])
        en, zh = ([*en, colour.en], [*zh, colour.zh]) if bright else ([colour.en], [colour.zh])
    return {"place": named, "state": say(snapshot, ", ".join(en), "，".join(zh))}


_ONLY_ON_OFF = Impossible(
    "only_on_off",
    Words(
        "The dome light can only be on or off; its brightness and colour are fixed.",
        "顶灯只能打开或关闭，亮度和颜色不能调。",
    ),
)
_WHAT = Missing("on", Words("Should it be on or off?", "要打开还是关闭？"), ("true", "false"))

INTERIOR_EN = (
    e("turn on the reading light", kind="reading", on=True),
    e("turn off the reading light", kind="reading", on=False),
    e("turn off all reading lights", kind="reading", on=False, zone="all"),
    e("switch on the passenger's reading lamp", kind="reading", on=True, zone="passenger"),
    e("rear left reading light off", kind="reading", on=False, zone="row2_left"),
    e("reading light in the back please", kind="reading", on=True, zone="rear"),
    e("turn on the ambient lighting", kind="ambient", on=True),
    e("ambient light off", kind="ambient", on=False),
    e("make the ambient light blue", kind="ambient", color="blue"),
    e("mood lighting to red", kind="ambient", color="red"),
    e("set the ambient light to 40 percent", kind="ambient", brightness=40),
    e("dim the ambient light", kind="ambient", delta=-20),
    e("brighten the ambient lights a bit", kind="ambient", delta=20),
    e("purple ambient light at 60 percent", kind="ambient", color="purple", brightness=60),
    e("ambient light as bright as possible", kind="ambient", brightness="max"),
    e("turn on the dome light", kind="dome", on=True),
    e("ceiling light off", kind="dome", on=False),
    e("turn off all the lights", kind="all", on=False),
    e("lights off", kind="all", on=False),
    e("turn on the interior lights", kind="all", on=True),
    e("switch off the cabin lights", kind="all", on=False),
    e("some light please", kind="all", on=True),
)
INTERIOR_ZH = (
    e("打开阅读灯", kind="reading", on=True),
    e("关闭阅读灯", kind="reading", on=False),
    e("关闭所有阅读灯", kind="reading", on=False, zone="all"),
    e("副驾的阅读灯打开", kind="reading", on=True, zone="passenger"),
    e("左后阅读灯关掉", kind="reading", on=False, zone="row2_left"),
    e("后排阅读灯开一下", kind="reading", on=True, zone="rear"),
    e("打开氛围灯", kind="ambient", on=True),
    e("关闭氛围灯", kind="ambient", on=False),
    e("氛围灯调成蓝色", kind="ambient", color="blue"),
    e("把氛围灯换成红色", kind="ambient", color="red"),
    e("氛围灯亮度调到百分之四十", kind="ambient", brightness=40),
    e("氛围灯暗一点", kind="ambient", delta=-20),
    e("氛围灯再亮一点", kind="ambient", delta=20),
    e("氛围灯紫色亮度六十", kind="ambient", color="purple", brightness=60),
    e("氛围灯调到最亮", kind="ambient", brightness="max"),
    e("打开顶灯", kind="dome", on=True),
    e("车顶灯关了", kind="dome", on=False),
    e("关闭所有灯", kind="all", on=False),
    e("把灯都关了", kind="all", on=False),
    e("打开车内灯", kind="all", on=True),
    e("车里的灯关一下", kind="all", on=False),
    e("太黑了开下车内灯", kind="all", on=True),
)

FUNCTIONS: tuple[Function, ...] = (
    Function(
        Capability(
            "light.interior.set",
            Words("switch, dim or colour the lights inside", "车内灯的开关、亮度和颜色"),
            Risk.REVERSIBLE,
            arguments=(
                Argument(
                    "kind", Kind.CHOICE, Words("light", "车内灯"), choices=KINDS, default="all"
                ),
                zone_argument(),
                Argument("on", Kind.BOOLEAN, Words("on or off", "开关")),
                Argument(
                    "brightness",
                    Kind.INTEGER,
                    Words("brightness", "亮度"),
                    choices=ENDS,
                    minimum=1,
                    maximum=100,
                    unit="%",
                ),
                Argument(
                    "delta",
                    Kind.INTEGER,
                    Words("brightness change", "亮度变化"),
                    minimum=-100,
                    maximum=100,
                    unit="%",
                    relative=True,
                ),
                Argument("color", Kind.CHOICE, Words("colour", "颜色"), choices=COLOURS),
            ),
            actuators=(
                DOME,
                *(
                    f"Vehicle.Cabin.Light.{branch}.*.{name}"
                    for branch in EVERY
                    for name in ("IsLightOn", "Intensity", "Color")
                ),
            ),
            undoable=True,
            time_to_live_s=2.0,
            rules=(3,),
            en=INTERIOR_EN,
            zh=INTERIOR_ZH,
            done=Words("{data.place} {data.state}.", "{data.place}{data.state}。"),
        ),
        set_interior,
    ),
)
