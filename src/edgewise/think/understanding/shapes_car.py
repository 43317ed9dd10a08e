"""Functions of the car whose arguments hang together in their own way: mirrors, seats, lamps, roof.

Each takes the arguments as the general filler found them and the clause, and returns them in order.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from collections.abc import Callable

from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue
from edgewise.think.understanding.polarity import read_polarity

Arguments = dict[str, JsonValue]


def _status(arguments: Arguments, plain: str) -> Arguments:
    if arguments.get("zone") in ("all", "driver") and not re.search(
        r"driver|主驾|司机|驾驶", plain
    ):
        arguments.pop("zone", None)
    return arguments


_HEAT = regex(r"heat|defrost|fog|demist|warm|加热|除霜|除雾|雾|霜")


def _mirror(arguments: Arguments, plain: str) -> Arguments:
    dropped = ("fold", "direction") if _HEAT.search(plain) else ("heat",)
    if "direction" in arguments and "fold" in arguments:
        dropped = (*dropped, "fold")
    return {name: value for name, value in arguments.items() if name not in dropped}


_ENDS = (
    (regex(r"\bflat\b|all the way back|放平|躺平|最后面?$|最靠后"), 100),
    (regex(r"all the way (?:forward|up(?:right)?)|最靠前|最前"), 0),
    (regex(r"^(?!.*\b(?:more|bit|little)\b)(?!.*一?点).*(?:\bupright\b|调直|立直|立起来)"), 0),
)


def _seat(arguments: Arguments, plain: str) -> Arguments:
    for pattern, value in _ENDS:
        if pattern.search(plain):
            arguments.pop("delta", None)
            arguments["value"] = value
            break
    if (
        "axis" not in arguments
        and re.search(r"座椅|座位|seat", plain)
        and arguments.get("value") is None
    ):
        arguments["axis"] = "position"
    return arguments


_SWITCH = regex(r"打开|开启|关|turn(?:ed)? o|switch o|\bon\b|\boff\b|^开")


def _lamp(arguments: Arguments, plain: str) -> Arguments:
    if {"color", "brightness", "delta"} & set(arguments) and not _SWITCH.search(plain):
        arguments.pop("on", None)
    return arguments


_SHADE_IN = regex(r"收[起回进]|拉开|\bretract|\bdraw (?:back|in)\b|\broll(?:ed)? (?:back|in)\b")
_SLIT = regex(
    r"\bcrack\b|\ba (?:bit|little|crack|tad|touch)\b|\bslightly\b|缝|一点|一小?点|点儿|一些|一条缝"
)


def _roof(arguments: Arguments, plain: str) -> Arguments:
    """A slit of the sunroof is its tilt: it cannot stop in between. A shade that is drawn in opens
    the view."""
    roof = arguments.get("target", "roof") == "roof"
    if not roof and arguments.get("percent") == 0 and _SHADE_IN.search(plain):
        arguments["percent"] = 100
    opening = arguments.get("percent") not in (None, 0) or "percent" not in arguments
    if roof and opening and _SLIT.search(plain) and read_polarity(plain).on is not False:
        arguments.pop("percent", None)
        arguments["tilt"] = True
    return arguments


_LID_DOWN = regex(
    r"放下|落下|降下|放[^,]{0,3}下来|[盖扣合压]上|盖[^,]{0,2}下|\b(?:bring|put|let|pull)\b.* down\b"
)


def _trunk(arguments: Arguments, plain: str) -> Arguments:
    """To lock a lid is to shut it; to unlock it is not to open it, so that is asked about. A lid
    that comes down shuts, other than a window."""
    if _LID_DOWN.search(plain) and not re.search(r"\bopen|打开", plain):
        arguments["open"] = False
    lock = read_polarity(plain).lock
    if lock is True:
        arguments["open"] = False
    elif lock is False and not re.search(r"\bopen|打开(?!.*锁)|\bpop\b", plain):
        arguments.pop("open", None)
    return arguments


SLIT = 10
"""How far a window stands open that is closed but for a slit."""
_LEAVE_A_SLIT = regex(
    r"留[^,]{0,4}缝|\b(?:but|except) (?:for )?a (?:crack|slit|gap)|\bleave a (?:crack|slit|gap)"
)
_PLURAL = regex(r"\bwindows\b")


def _window(arguments: Arguments, plain: str) -> Arguments:
    """ "The windows" are all of them; 车窗 has no plural and is the speaker's own."""
    if arguments.get("percent") == 0 and _LEAVE_A_SLIT.search(plain):
        arguments["percent"] = SLIT
    if arguments and _PLURAL.search(plain):
        arguments.setdefault("windows", ["all"])
    return arguments


FAN_ON = 3
"""The level that "turn on the fan" means: a light breeze of ten levels."""
_MUCH = regex(r"^(?:please )?(?:crank|blast)\b(?! down)|全力|猛吹")


def _fan(arguments: Arguments, plain: str) -> Arguments:
    if _MUCH.search(plain) and "level" not in arguments:
        arguments.pop("delta", None)
        arguments["level"] = "max"
    if not {"level", "delta"} & set(arguments) and read_polarity(plain).on:
        arguments["level"] = FAN_ON
    return arguments


_COOL_SEAT = regex(r"\bcool\b.*\bdown\b|\bcool\b(?! air| wind|er\b)")


def _heat_vent(arguments: Arguments, plain: str) -> Arguments:
    """To cool a seat down is to ventilate it, not to ventilate it less."""
    delta = arguments.get("delta")
    less = isinstance(delta, (int, float)) and delta < 0
    if arguments.get("mode") == "vent" and less and _COOL_SEAT.search(plain):
        del arguments["delta"]
    return arguments


_MODE_TO = regex(r"[到成为]|\bto\b|\binto\b|\binstead\b")


def _drive(arguments: Arguments, plain: str) -> Arguments:
    """To leave a mode names no other one: that is asked for."""
    if read_polarity(plain).on is False and not _MODE_TO.search(plain):
        arguments.pop("mode", None)
    return arguments


_FRESH = regex(
    r"(?:换|改|切|变|调)(?:换)?[到成为]+外|外循环(?!.{0,3}(?:换|改|切|变|调))(?!.{0,4}内)"
    r"|\bno re-?circulat|(?:fresh|outside) air|\b(?:instead of|rather than|not|without|stop) (?:the )?re-?circulat"
)
_INSIDE = regex(
    r"(?:换|改|切|变|调)(?:换)?[到成为]+内|\b(?:no|stop|without|instead of|rather than|don'?t|do not|keep|shut|block) (?:\w+ ){0,3}(?:fresh|outside)(?: air)?"
)


def _recirculation(arguments: Arguments, plain: str) -> Arguments:
    """Of two sources of air the one that is changed to, or that is not denied."""
    if _INSIDE.search(plain):
        return {**arguments, "mode": "recirculate"}
    if _FRESH.search(plain):
        return {**arguments, "mode": "fresh"}
    return arguments


CAR_SHAPES: dict[str, Callable[[Arguments, str], Arguments]] = {
    "vehicle.get_status": _status, "mirror.set": _mirror, "seat.move": _seat,
    "light.interior.set": _lamp, "roof.set": _roof, "trunk.set": _trunk, "climate.set_fan": _fan,
    "window.set": _window, "seat.set_heat_vent": _heat_vent, "drive.set_mode": _drive,
    "climate.set_recirculation": _recirculation,
}  # fmt: skip
