"""Exterior lights.

There are two ways to darkness, the switch (`LightSwitch`) and the lamps themselves; a light is
turned off by both and lit by both, so a read-back shows what is really so. The switch is written
before lamps because it carries some of them along (which: `act/light_switch.py`), and never lights
one lamp at another's cost. The high beam goes off for the low beam, not for darkness. Indicators
and brake lights are not here.

Rule 3: "all lights" means the lights inside; outside must be named. Rule 5: fog lights bring the
low beam and drop the high beam. Whether darkness is allowed is the policy's business (rule 2).
"""

import re

from edgewise.act.catalogue.cabin import aim, sentence, settle
from edgewise.act.catalogue.rows import impossible, say
from edgewise.act.catalogue.words import ON_OFF, words_of
from edgewise.act.catalogue.words import example as e
from edgewise.act.function import Function
from edgewise.act.light_switch import FOG as FOG_LAMPS
from edgewise.act.light_switch import (
    HIGH,
    LIGHTS,
    LOW,
    PARKING,
    RUNNING,
    SWITCH,
    low_beam_in,
    puts_out,
)
from edgewise.core.call import Call, Effect, Missing, Resolution
from edgewise.core.capability import Argument, Capability, Choice, Kind, Risk
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words

HIGH_SWITCH = f"{LIGHTS}IsHighBeamSwitchOn"
FOG = dict(zip(("fog_front", "fog_rear"), FOG_LAMPS, strict=True))
HAZARD = f"{LIGHTS}Hazard.IsSignaling"

KINDS = (
    Choice(
        "low_beam",
        Words("headlights", "大灯"),
        ("headlights", "headlight", "low beam", "low beams", "dipped beam", "lamps"),
        ("大灯", "近光灯", "近光", "车大灯", "前大灯", "前照灯"),
    ),
    Choice(
        "high_beam",
        Words("high beam", "远光灯"),
        ("high beam", "high beams", "full beam", "main beam", "brights"),
        ("远光灯", "远光"),
    ),
    Choice(
        "fog",
        Words("fog lights", "雾灯"),
        ("fog lights", "fog lamps", "fog light"),
        ("雾灯", "前后雾灯"),
    ),
    Choice(
        "fog_front",
        Words("front fog lights", "前雾灯"),
        ("front fog lights", "front fog lamps"),
        ("前雾灯",),
    ),
    Choice(
        "fog_rear",
        Words("rear fog light", "后雾灯"),
        ("rear fog light", "rear fog lights", "rear fog lamp"),
        ("后雾灯",),
    ),
    Choice(
        "position",
        Words("position lights", "示廓灯"),
        ("position lights", "parking lights", "side lights", "sidelights", "marker lights"),
        ("示廓灯", "示宽灯", "位置灯", "小灯"),
    ),
    Choice(
        "daytime",
        Words("daytime running lights", "日间行车灯"),
        ("daytime running lights", "daytime lights", "DRL"),
        ("日间行车灯", "日行灯"),
    ),
    Choice(
        "hazard",
        Words("hazard lights", "双闪"),
        ("hazard lights", "hazards", "hazard warning", "emergency flashers", "four-way flashers"),
        ("双闪", "危险报警灯", "应急灯", "双跳灯", "警示灯"),
    ),
    Choice(
        "auto",
        Words("automatic lights", "自动大灯"),
        ("automatic lights", "auto lights", "auto headlights"),
        ("自动大灯", "自动灯光", "灯光自动"),
    ),
    Choice(
        "all",
        Words("exterior lights", "车外灯"),
        ("all exterior lights", "exterior lights", "outside lights", "lights outside"),
        ("车外灯", "外部灯光", "所有车外灯", "全部外灯"),
    ),
)
STATES = (
    *ON_OFF,
    Choice("auto", Words("automatic", "自动"), ("auto", "automatic"), ("自动", "自动模式")),
)
_NAMES_OUTSIDE = re.compile(
    r"exterior|outside|outer|external|head ?l|beam|fog|hazard|position|parking l|daytime|running"
    r"|车外|外部|外面|外灯|大灯|近光|远光|雾灯|示廓|示宽|位置灯|小灯|日行|日间|双闪|车头|尾灯",
    re.IGNORECASE,
)


def set_exterior(call: Call, snapshot: Snapshot) -> Resolution:
    """One kind of exterior light, or all of them, on, off or left to the car."""
    kind, state = str(call.arguments["kind"]), str(call.arguments["state"])
    if kind == "all" and state == "off" and call.clause and not _NAMES_OUTSIDE.search(call.clause):
        return _WHICH_LIGHTS
    if kind == "auto" and state == "on":
        state = "auto"
    if state == "auto":
        if kind in ("hazard", "fog", "fog_front", "fog_rear"):
            words = words_of(KINDS, kind)
            return impossible(
                "not_automatic",
                f"The {words.en} cannot be automatic, only on or off.",
                f"{words.zh}没有自动模式，只能开或关。",
            )
        return settle(snapshot, (Effect(SWITCH, "AUTO"),), data=_data(snapshot, "auto", "on"))
    effects = _lit(kind, snapshot) if state == "on" else _dark(kind, snapshot)
    return settle(snapshot, effects, data=_data(snapshot, kind, state), atomic=True)


def _lit(kind: str, snapshot: Snapshot) -> tuple[Effect, ...]:
    match kind:
        case "high_beam":
            return (*_low_beam(snapshot), Effect(HIGH, True))
        case "fog" | "fog_front" | "fog_rear":
            lamps = FOG.values() if kind == "fog" else (FOG[kind],)
            return (
                *_low_beam(snapshot, because=5),
                *_high_beam_off(snapshot, because=5),
                *(Effect(lamp, True) for lamp in lamps),
            )
        case "position":
            return (*_raised("POSITION", snapshot), Effect(PARKING, True))
        case "daytime":
            return (*_raised("DAYTIME_RUNNING_LIGHTS", snapshot), Effect(RUNNING, True))
        case "hazard":
            return (Effect(HAZARD, True),)
        case "all":
            return (Effect(SWITCH, "BEAM"), Effect(LOW, True), Effect(PARKING, True))
        case _:
            return _low_beam(snapshot)


def _raised(position: str, snapshot: Snapshot) -> tuple[Effect, ...]:
    """The switch up from OFF, if that puts out no other lamp; the lamp alone shines as well."""
    off = aim(snapshot, SWITCH) == "OFF"
    return (Effect(SWITCH, position),) if off and not puts_out(position, snapshot) else ()


def _low_beam(snapshot: Snapshot, *, because: int = 0) -> tuple[Effect, ...]:
    switch = aim(snapshot, SWITCH)
    if aim(snapshot, LOW) is True and switch is not None and low_beam_in(switch) != "off":
        return ()
    return (Effect(SWITCH, "BEAM", because), Effect(LOW, True, because))


def _high_beam_off(snapshot: Snapshot, *, because: int = 0) -> tuple[Effect, ...]:
    """The lamp and, where it is raised, the switch that would light it again."""
    raised = snapshot.get(HIGH_SWITCH) is True
    lever = (Effect(HIGH_SWITCH, False, because),) if raised else ()
    return (*lever, Effect(HIGH, False, because))


def _dark(kind: str, snapshot: Snapshot) -> tuple[Effect, ...]:
    switch = aim(snapshot, SWITCH)
    match kind:
        case "high_beam":
            lit = aim(snapshot, HIGH) is not False
            return (*(_low_beam(snapshot, because=2) if lit else ()), *_high_beam_off(snapshot))
        case "fog":
            return tuple(Effect(lamp, False) for lamp in FOG.values())
        case "fog_front" | "fog_rear":
            return (Effect(FOG[kind], False),)
        case "position":
            turned = (Effect(SWITCH, "OFF"),) if switch == "POSITION" else ()
            return (*turned, Effect(PARKING, False))
        case "daytime":
            turned = (Effect(SWITCH, "OFF"),) if switch == "DAYTIME_RUNNING_LIGHTS" else ()
            return (*turned, Effect(RUNNING, False))
        case "hazard":
            return (Effect(HAZARD, False),)
        case "auto":
            # What is lit now stays lit.
            lit = aim(snapshot, LOW) is not False
            manual = "BEAM" if lit else "OFF"
            return (Effect(SWITCH, manual),) if switch in ("AUTO", None) else ()
        case "low_beam":
            lit = aim(snapshot, LOW) is not False or switch == "BEAM"
            turned = (Effect(SWITCH, "OFF"),) if lit else ()
            return (*turned, Effect(LOW, False), Effect(HIGH, False))
        case _:
            return (
                Effect(SWITCH, "OFF"),
                Effect(LOW, False),
                Effect(HIGH, False),
                *(Effect(lamp, False) for lamp in FOG.values()),
                Effect(PARKING, False),
                Effect(RUNNING, False),
            )


def _data(snapshot: Snapshot, kind: str, state: str) -> dict[str, str]:
    words = words_of(KINDS, kind)
    on = state == "on"
    return {
        "kind": sentence(say(snapshot, words.en, words.zh)),
        "state": say(snapshot, "on" if on else "off", "已打开" if on else "已关闭"),
    }


_WHICH_LIGHTS = Missing(
    "kind",
    Words(
        "Do you mean the lights inside? To turn off lights outside, name them.",
        "您是指车内灯吗？要关车外灯，请说出是哪种灯。",
    ),
    tuple(str(choice.value) for choice in KINDS if choice.value != "all"),
)

EXTERIOR_EN = (
    e("turn on the headlights", kind="low_beam", state="on"),
    e("turn off the headlights", kind="low_beam", state="off"),
    e("headlights on please", kind="low_beam", state="on"),
    e("switch the headlights to auto", kind="low_beam", state="auto"),
    e("high beams on", kind="high_beam", state="on"),
    e("turn the high beam off", kind="high_beam", state="off"),
    e("turn on the fog lights", kind="fog", state="on"),
    e("fog lights off", kind="fog", state="off"),
    e("switch on the front fog lights", kind="fog_front", state="on"),
    e("front fog lights off", kind="fog_front", state="off"),
    e("rear fog light on", kind="fog_rear", state="on"),
    e("turn off the rear fog lamp", kind="fog_rear", state="off"),
    e("turn on the hazard lights", kind="hazard", state="on"),
    e("hazards off", kind="hazard", state="off"),
    e("put the parking lights on", kind="position", state="on"),
    e("switch off the side lights", kind="position", state="off"),
    e("daytime running lights on", kind="daytime", state="on"),
    e("turn off the daytime running lights", kind="daytime", state="off"),
    e("turn off all exterior lights", kind="all", state="off"),
    e("turn on all the outside lights", kind="all", state="on"),
    e("set the exterior lights to automatic", kind="all", state="auto"),
    e("activate auto headlights", kind="auto", state="on"),
    e("disable the automatic lights", kind="auto", state="off"),
    e("it's getting dark, put the headlights on", kind="low_beam", state="on"),
)
EXTERIOR_ZH = (
    e("打开大灯", kind="low_beam", state="on"),
    e("关闭大灯", kind="low_beam", state="off"),
    e("把近光灯打开", kind="low_beam", state="on"),
    e("大灯关了", kind="low_beam", state="off"),
    e("大灯调成自动", kind="low_beam", state="auto"),
    e("开远光", kind="high_beam", state="on"),
    e("远光灯关掉", kind="high_beam", state="off"),
    e("打开雾灯", kind="fog", state="on"),
    e("雾灯关一下", kind="fog", state="off"),
    e("前雾灯打开", kind="fog_front", state="on"),
    e("关闭前雾灯", kind="fog_front", state="off"),
    e("后雾灯开一下", kind="fog_rear", state="on"),
    e("把后雾灯关了", kind="fog_rear", state="off"),
    e("打开双闪", kind="hazard", state="on"),
    e("关闭双闪", kind="hazard", state="off"),
    e("开示廓灯", kind="position", state="on"),
    e("示宽灯关掉", kind="position", state="off"),
    e("打开日行灯", kind="daytime", state="on"),
    e("关闭日间行车灯", kind="daytime", state="off"),
    e("关闭所有车外灯", kind="all", state="off"),
    e("把车外的灯都打开", kind="all", state="on"),
    e("车外灯改为自动", kind="all", state="auto"),
    e("打开自动大灯", kind="auto", state="on"),
    e("自动大灯关掉", kind="auto", state="off"),
    e("天黑了开一下大灯", kind="low_beam", state="on"),
)

FUNCTIONS: tuple[Function, ...] = (
    Function(
        Capability(
            "light.exterior.set",
            Words("switch exterior lights", "开关车外灯"),
            Risk.SAFETY_CRITICAL,
            arguments=(
                Argument(
                    "kind", Kind.CHOICE, Words("light", "车外灯"), required=True, choices=KINDS
                ),
                Argument(
                    "state", Kind.CHOICE, Words("state", "状态"), required=True, choices=STATES
                ),
            ),
            actuators=(SWITCH, LOW, HIGH, HIGH_SWITCH, *FOG.values(), PARKING, RUNNING, HAZARD),
            undoable=True,
            time_to_live_s=2.0,
            rules=(2, 3, 4, 5, 6, 8, 28),
            en=EXTERIOR_EN,
            zh=EXTERIOR_ZH,
            done=Words("{data.kind} {data.state}.", "{data.kind}{data.state}。"),
        ),
        set_exterior,
    ),
)
