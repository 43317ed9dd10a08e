"""The sunroof, its shade and the shade of the rear window.

VSS 6.0 moves the sunroof by a switch, not to a place: open, close, tilt. Rule 7: the shade opens
with the sunroof, before it and together with it.
"""

from edgewise.act.catalogue.cabin import number_at, settle, under_way
from edgewise.act.catalogue.rows import impossible, say
from edgewise.act.catalogue.window import opened_words
from edgewise.act.catalogue.words import example as e
from edgewise.act.catalogue.words import words_of
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Choice, Kind, Risk
from edgewise.core.signal import JsonValue, Snapshot
from edgewise.core.words import Words

ROOF_SWITCH = "Vehicle.Cabin.Sunroof.Switch"
ROOF_POSITION = "Vehicle.Cabin.Sunroof.Position"
ROOF_SHADE = "Vehicle.Cabin.Sunroof.Shade.Position"
REAR_SHADE = "Vehicle.Cabin.RearShade.Position"

TARGETS = (
    Choice(
        "roof",
        Words("sunroof", "天窗"),
        ("sunroof", "roof", "roof window", "moonroof", "skylight"),
        ("天窗", "车顶窗"),
    ),
    Choice(
        "shade",
        Words("sunshade", "遮阳帘"),
        ("shade", "sunshade", "roof shade", "sun blind", "roof blind"),
        ("遮阳帘", "天幕", "天窗帘", "顶部遮阳帘"),
    ),
    Choice(
        "rear_shade",
        Words("rear sunshade", "后遮阳帘"),
        ("rear shade", "rear sunshade", "rear blind", "back window shade"),
        ("后遮阳帘", "后窗帘", "后挡遮阳帘", "后窗遮阳帘"),
    ),
)


def set_roof(call: Call, snapshot: Snapshot) -> Resolution:
    """Sunroof open, shut or tilted; a shade to a percentage open."""
    target = str(call.arguments["target"])
    if target == "roof":
        return _sunroof(call.arguments, snapshot)
    if "tilt" in call.arguments:
        return impossible("not_tiltable", "Only the sunroof can be tilted.", "只有天窗能翘起。")
    percent = int(call.arguments["percent"])
    path = ROOF_SHADE if target == "shade" else REAR_SHADE
    return settle(
        snapshot,
        (Effect(path, percent),),
        data=_data(snapshot, target, opened_words(snapshot, percent)),
    )


def _sunroof(arguments: dict[str, JsonValue], snapshot: Snapshot) -> Resolution:
    position = number_at(snapshot, ROOF_POSITION)
    if (moving := _already_moving(arguments, position, snapshot)) is not None:
        return Resolved(data=_data(snapshot, "roof", say(snapshot, moving.en, moving.zh)))
    if "tilt" in arguments:
        up = bool(arguments["tilt"])
        there = position is not None and (position < 0 if up else position == 0)
        moving = ("tilting up", "正在翘起") if up else ("tilting shut", "正在落下")
        said = say(
            snapshot, *((("tilted", "翘着") if up else ("closed", "关着")) if there else moving)
        )
        switch = "TILT_UP" if up else "TILT_DOWN"
        effects = () if there else (Effect(ROOF_SWITCH, switch),)
        return settle(snapshot, effects, data=_data(snapshot, "roof", said))
    percent = int(arguments["percent"])
    if percent == 0:
        effects = () if position == 0 else (Effect(ROOF_SWITCH, "ONE_SHOT_CLOSE"),)
        said = say(snapshot, *(("closing", "正在关闭") if effects else ("closed", "关着")))
        return settle(snapshot, effects, data=_data(snapshot, "roof", said))
    if percent == 100:
        shade = Effect(ROOF_SHADE, 100, because=7)
        switch = () if position == 100 else (Effect(ROOF_SWITCH, "ONE_SHOT_OPEN"),)
        effects = (shade, *switch)
        said = say(snapshot, *(("opening", "正在打开") if switch else ("open", "开着")))
        return settle(snapshot, effects, data=_data(snapshot, "roof", said), atomic=True)
    return impossible(
        "only_ends",
        f"The sunroof can be opened, closed or tilted, but not stopped at {percent}%.",
        f"天窗只能打开、关闭或翘起，不能停在{percent}%。",
    )


def _already_moving(
    arguments: dict[str, JsonValue], aim: float | None, snapshot: Snapshot
) -> Words | None:
    """What the roof does that is on its way to just where it shall go; None if it stands or goes
    elsewhere."""
    tilt = arguments.get("tilt")
    there = aim is not None and (aim < 0 if tilt else aim == (arguments.get("percent") or 0))
    return under_way(snapshot, (ROOF_POSITION,)) if there and (aim or 0) >= 0 else None


def _data(snapshot: Snapshot, target: str, state: str) -> dict[str, JsonValue]:
    words = words_of(TARGETS, target)
    return {"target": say(snapshot, words.en.capitalize(), words.zh), "state": state}


ROOF_EN = (
    e("open the sunroof", target="roof", percent=100),
    e("close the sunroof", target="roof", percent=0),
    e("tilt the sunroof", target="roof", tilt=True),
    e("shut the roof please", target="roof", percent=0),
    e("open the sunshade", target="shade", percent=100),
    e("close the sunshade", target="shade", percent=0),
    e("open the roof shade halfway", target="shade", percent=50),
    e("pull the rear blind closed", target="rear_shade", percent=0),
    e("open the rear shade", target="rear_shade", percent=100),
    e("vent the sunroof", target="roof", tilt=True),
    e("put the tilted sunroof back down", target="roof", tilt=False),
    e("slide the moonroof open", target="roof", percent=100),
    e("the sun is in my eyes, close the roof blind", target="shade", percent=0),
)
ROOF_ZH = (
    e("打开天窗", target="roof", percent=100),
    e("关闭天窗", target="roof", percent=0),
    e("天窗翘起来", target="roof", tilt=True),
    e("把天窗关上", target="roof", percent=0),
    e("打开遮阳帘", target="shade", percent=100),
    e("关闭遮阳帘", target="shade", percent=0),
    e("遮阳帘开一半", target="shade", percent=50),
    e("后遮阳帘拉上", target="rear_shade", percent=0),
    e("打开后窗遮阳帘", target="rear_shade", percent=100),
    e("天窗起翘通风", target="roof", tilt=True),
    e("天窗落下来别翘着", target="roof", tilt=False),
    e("帮我开下天窗", target="roof", percent=100),
    e("太晒了，把遮阳帘关上", target="shade", percent=0),
)

FUNCTIONS: tuple[Function, ...] = (
    Function(
        Capability(
            "roof.set",
            Words("open or close the sunroof and the shades", "开关天窗和遮阳帘"),
            Risk.DISRUPTIVE,
            arguments=(
                Argument(
                    "target",
                    Kind.CHOICE,
                    Words("sunroof or shade", "天窗还是遮阳帘"),
                    choices=TARGETS,
                    default="roof",
                ),
                Argument(
                    "percent",
                    Kind.INTEGER,
                    Words("opening", "开度"),
                    minimum=0,
                    maximum=100,
                    unit="%",
                ),
                Argument("tilt", Kind.BOOLEAN, Words("tilt", "翘起")),
            ),
            one_of=(("percent", "tilt"),),
            actuators=(ROOF_SWITCH, ROOF_SHADE, REAR_SHADE),
            undoable=False,
            time_to_live_s=2.0,
            readback_s=8.0,
            rules=(7, 8, 21),
            en=ROOF_EN,
            zh=ROOF_ZH,
            done=Words("{data.target} {data.state}.", "{data.target}{data.state}。"),
        ),
        set_roof,
    ),
)
