"""Seats: heating and ventilation, massage, and moving them.

Levels 0 to 3 are thirds of VSS percentages; ventilation is negative there. Movements are percent of
the travel in this file, whose ends are this car's (`Backrest.Recline` may also lean forward, which
is not offered).
"""

from edgewise.act.catalogue.cabin import (
    aim,
    at_end,
    no_such_place,
    number_at,
    place,
    seats,
    settle,
    stepped,
    unknown_state,
    zone_in,
)
from edgewise.act.catalogue.rows import say
from edgewise.act.catalogue.seat_examples import (
    HEAT_VENT_EN,
    HEAT_VENT_ZH,
    MASSAGE_EN,
    MASSAGE_ZH,
    MOVE_EN,
    MOVE_ZH,
)
from edgewise.act.catalogue.words import level_argument, words_of, zone_argument
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Note, Resolution
from edgewise.core.capability import Argument, Capability, Choice, Kind, Risk
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words
from edgewise.core.zone import Zone

STRONGEST = 3
USUAL_LEVEL = 2
SEAT = Words("seat", "座椅")

MODES = (
    Choice(
        "heat",
        Words("heating", "加热"),
        ("heat", "heating", "heater", "warm", "warmer"),
        ("加热", "制热", "取暖", "暖"),
    ),
    Choice(
        "vent",
        Words("ventilation", "通风"),
        ("vent", "ventilation", "cooling", "cool", "ventilate", "cooler"),
        ("通风", "吹风", "制冷", "透气"),
    ),
)
MASSAGES = (
    Choice("WAVE", Words("wave", "波浪"), ("wave", "waves"), ("波浪", "波浪式")),
    Choice("PULSE", Words("pulse", "脉冲"), ("pulse", "pulsing"), ("脉冲", "敲打")),
    Choice(
        "STRETCH", Words("stretch", "舒展"), ("stretch", "stretching"), ("舒展", "拉伸", "伸展")
    ),
    Choice("SHOULDER", Words("shoulder", "肩部"), ("shoulder", "shoulders"), ("肩部", "肩膀")),
    Choice("BACK", Words("back", "背部"), ("back", "spine"), ("背部", "脊柱", "后背")),
    Choice("LUMBAR", Words("lumbar", "腰部"), ("lumbar", "lower back", "waist"), ("腰部", "腰")),
)
AXES = (
    Choice(
        "position",
        Words("position", "前后位置"),
        ("position", "seat", "forward", "backward", "back", "closer", "legroom"),
        ("前后", "往前", "往后", "靠前", "靠后", "座椅位置"),
    ),
    Choice(
        "height",
        Words("height", "高度"),
        ("height", "higher", "lower", "up", "down"),
        ("高度", "高", "低", "升高", "降低"),
    ),
    Choice(
        "backrest",
        Words("backrest", "靠背"),
        ("backrest", "recline", "lean", "upright", "seat back"),
        ("靠背", "椅背", "躺", "放倒", "坐直"),
    ),
    Choice(
        "lumbar",
        Words("lumbar support", "腰托"),
        ("lumbar", "lumbar support"),
        ("腰托", "腰靠", "腰撑"),
    ),
)
# Signal below the seat, its value at 0 % and at 100 % of the travel.
TRAVEL = {
    "position": ("Position", 0.0, 250.0),
    "height": ("Height", 0.0, 80.0),
    "backrest": ("Backrest.Recline", 0.0, 70.0),
    "lumbar": ("Backrest.LumbarSupport", 0.0, 100.0),
}
_WHOLE_MM = frozenset({"position", "height"})


def set_heat_vent(call: Call, snapshot: Snapshot) -> Resolution:
    """Heating or ventilation at a level, stepped, or at the usual level when just switched on."""
    mode = str(call.arguments["mode"])
    zone = zone_in(call, snapshot, otherwise=Zone.DRIVER, argument="seat")
    paths = [f"{path}.HeatingCooling" for path in seats(zone, snapshot)]
    if not paths:
        return no_such_place(zone, SEAT)
    sign = 1 if mode == "heat" else -1
    levels: dict[str, int] = {}
    notes: list[Note] = []
    for path in paths:
        present = level_of((number_at(snapshot, path) or 0) * sign)
        if "delta" in call.arguments:
            delta = int(call.arguments["delta"])
            levels[path] = min(max(present + delta, 0), STRONGEST)
            if levels[path] != present + delta:
                notes = [at_end(delta, str(levels[path]))]
        else:
            levels[path] = int(call.arguments.get("level", present or USUAL_LEVEL))
    # Switching one of the two off must not stop the other.
    effects = [
        Effect(path, sign * percent_of(level))
        for path, level in levels.items()
        if level or (number_at(snapshot, path) or 0) * sign > 0 or aim(snapshot, path) is None
    ]
    words = words_of(MODES, mode)
    data = {
        "place": place(snapshot, (zone,), Words("seat " + words.en, "座椅" + words.zh)),
        "state": _level_words(snapshot, next(iter(levels.values()))),
    }
    return settle(snapshot, effects, data=data, notes=notes)


def set_massage(call: Call, snapshot: Snapshot) -> Resolution:
    """Massage at a level, of a kind."""
    zone = zone_in(call, snapshot, otherwise=Zone.DRIVER, argument="seat")
    paths = seats(zone, snapshot)
    if not paths:
        return no_such_place(zone, SEAT)
    effects: list[Effect] = []
    level = USUAL_LEVEL
    for path in paths:
        present = level_of(number_at(snapshot, f"{path}.Massage.Level") or 0)
        if "delta" in call.arguments:
            level = min(max(present + int(call.arguments["delta"]), 0), STRONGEST)
        else:
            level = int(call.arguments.get("level", present or USUAL_LEVEL))
        if "mode" in call.arguments and level:
            effects.append(Effect(f"{path}.Massage.TypeActive", call.arguments["mode"]))
        effects.append(Effect(f"{path}.Massage.Level", percent_of(level)))
    data = {
        "place": place(snapshot, (zone,), Words("seat massage", "座椅按摩")),
        "state": _level_words(snapshot, level),
    }
    return settle(snapshot, effects, data=data)


def move(call: Call, snapshot: Snapshot) -> Resolution:
    """One axis of a seat, to a share of its travel or by one."""
    axis = str(call.arguments["axis"])
    name, low, high = TRAVEL[axis]
    zone = zone_in(call, snapshot, otherwise=Zone.DRIVER, argument="seat")
    paths = [f"{path}.{name}" for path in seats(zone, snapshot)]
    if not paths:
        return no_such_place(zone, SEAT)
    effects: list[Effect] = []
    notes: list[Note] = []
    share = 0
    for path in paths:
        if "value" in call.arguments:
            wanted = low + (high - low) * float(call.arguments["value"]) / 100
        else:
            delta = float(call.arguments["delta"])
            step = stepped(snapshot, path, (high - low) * delta / 100, minimum=low, maximum=high)
            if step is None:
                return unknown_state(Words("seat " + words_of(AXES, axis).en, "座椅位置"))
            wanted = step[0]
            if step[1]:
                notes = [_AT_THE_STOP]
        share = round((wanted - low) / (high - low) * 100)
        effects.append(Effect(path, round(wanted) if axis in _WHOLE_MM else round(wanted, 1)))
    words = words_of(AXES, axis)
    data = {
        "place": place(snapshot, (zone,), Words("seat " + words.en, "座椅" + words.zh)),
        "percent": share,
    }
    return settle(snapshot, effects, data=data, notes=notes)


def level_of(percent: float) -> int:
    """The level 0 to 3 of a VSS percentage; none below zero."""
    return round(max(percent, 0) * STRONGEST / 100)


def percent_of(level: int) -> int:
    """The VSS percentage of a level 0 to 3."""
    return round(level * 100 / STRONGEST)


def _level_words(snapshot: Snapshot, level: int) -> str:
    if level == 0:
        return say(snapshot, "off", "已关闭")
    return say(snapshot, f"at level {level}", f"已开到{level}挡")


_AT_THE_STOP = Note(Words("That is as far as it goes.", "已经到头了。"))
_SEAT_ARGUMENT = zone_argument("seat", words=SEAT, third_row=False)


def _delta(words: Words, most: int, unit: str = "") -> Argument:
    kind = Kind.NUMBER if unit else Kind.INTEGER
    return Argument("delta", kind, words, minimum=-most, maximum=most, unit=unit, relative=True)


FUNCTIONS: tuple[Function, ...] = (
    Function(
        Capability(
            "seat.set_heat_vent",
            Words("heat or ventilate a seat", "座椅加热或通风"),
            Risk.REVERSIBLE,
            arguments=(
                _SEAT_ARGUMENT,
                Argument(
                    "mode",
                    Kind.CHOICE,
                    Words("heating or ventilation", "加热还是通风"),
                    required=True,
                    choices=MODES,
                ),
                level_argument(Words("level", "挡位"), maximum=STRONGEST),
                _delta(Words("level change", "挡位变化"), STRONGEST),
            ),
            actuators=("Vehicle.Cabin.Seat.*.HeatingCooling",),
            undoable=True,
            time_to_live_s=2.0,
            en=HEAT_VENT_EN,
            zh=HEAT_VENT_ZH,
            done=Words("{data.place} {data.state}.", "{data.place}{data.state}。"),
        ),
        set_heat_vent,
    ),
    Function(
        Capability(
            "seat.set_massage",
            Words("massage in a seat", "座椅按摩"),
            Risk.REVERSIBLE,
            arguments=(
                _SEAT_ARGUMENT,
                level_argument(Words("strength", "力度"), maximum=STRONGEST),
                _delta(Words("strength change", "力度变化"), STRONGEST),
                Argument("mode", Kind.CHOICE, Words("massage", "按摩模式"), choices=MASSAGES),
            ),
            actuators=(
                "Vehicle.Cabin.Seat.*.Massage.Level",
                "Vehicle.Cabin.Seat.*.Massage.TypeActive",
            ),
            undoable=True,
            time_to_live_s=2.0,
            en=MASSAGE_EN,
            zh=MASSAGE_ZH,
            done=Words("{data.place} {data.state}.", "{data.place}{data.state}。"),
        ),
        set_massage,
    ),
    Function(
        Capability(
            "seat.move",
            Words("move a seat", "调节座椅"),
            Risk.DISRUPTIVE,
            arguments=(
                _SEAT_ARGUMENT,
                Argument(
                    "axis",
                    Kind.CHOICE,
                    Words("seat part", "座椅部位"),
                    required=True,
                    choices=AXES,
                ),
                Argument(
                    "value",
                    Kind.NUMBER,
                    Words("share of the travel", "行程百分比"),
                    minimum=0,
                    maximum=100,
                    unit="%",
                ),
                _delta(Words("movement", "移动量"), 100, "%"),
            ),
            one_of=(("value", "delta"),),
            actuators=tuple(f"Vehicle.Cabin.Seat.*.{name}" for name, _, _ in TRAVEL.values()),
            undoable=True,
            time_to_live_s=2.0,
            readback_s=10.0,
            rules=(27,),
            en=MOVE_EN,
            zh=MOVE_ZH,
            done=Words("{data.place} at {data.percent}%.", "{data.place}已调到{data.percent}%。"),
        ),
        move,
    ),
)
