"""What an undo would write, as a person says it: "driver's window 0%", 后备箱关上.

The values are the very ones that a yes is for (rule 31); rows of the stores are told by
`entries.py`. A target that has no words is told by the last names of its path: shown plainly rather
than left out.
"""

import re
from collections.abc import Mapping, Sequence

from edgewise.answer.entries import entry_said
from edgewise.core.call import Effect
from edgewise.core.signal import JsonValue
from edgewise.core.words import Language, Words

_THINGS: tuple[tuple[str, Words], ...] = (
    (r"\.Window\.", Words("window", "车窗")),
    (r"\.Door\..*IsLocked", Words("door", "车门")),
    (r"\.Trunk\.Rear\.", Words("trunk", "后备箱")),
    (r"\.Trunk\.Front\.", Words("front trunk", "前备箱")),
    (r"\.Sunroof\.Shade", Words("roof shade", "遮阳帘")),
    (r"\.Sunroof\.", Words("sunroof", "天窗")),
    (r"\.HVAC\.Station\..*Temperature", Words("temperature", "温度")),
    (r"\.HVAC\.Station\..*FanSpeed", Words("fan", "风量")),
    (r"\.IsAirConditioningActive", Words("air conditioning", "空调")),
    (r"\.Beam\.High|HighBeam", Words("high beam", "远光灯")),
    (r"\.Beam\.Low", Words("headlights", "大灯")),
    (r"\.Fog\.", Words("fog lights", "雾灯")),
    (r"\.Hazard\.", Words("hazard lights", "双闪")),
    (r"\.AmbientLight\.", Words("ambient light", "氛围灯")),
    (r"\.Spotlight\.", Words("reading light", "阅读灯")),
    (r"\.Mirrors\.", Words("mirror", "后视镜")),
    (r"\.Seat\..*HeatingCooling", Words("seat heating", "座椅加热")),
    (r"\.Seat\.", Words("seat", "座椅")),
)
_PLACES: tuple[tuple[str, Words], ...] = (
    (r"Row1\.Driver", Words("driver's ", "主驾")),
    (r"Row1\.Passenger", Words("front passenger's ", "副驾")),
    (r"Row2\.Driver", Words("rear driver-side ", "主驾后方")),
    (r"Row2\.Passenger", Words("rear passenger-side ", "副驾后方")),
)
_STATES: dict[str, tuple[Words, Words]] = {
    "IsOpen": (Words("open", "打开"), Words("closed", "关上")),
    "IsLocked": (Words("locked", "上锁"), Words("unlocked", "解锁")),
    "IsFolded": (Words("folded", "折叠"), Words("unfolded", "展开")),
}
_ON_OFF = (Words("on", "打开"), Words("off", "关闭"))


def put_back(
    effects: Sequence[Effect], language: Language, before: Mapping[str, JsonValue] | None = None
) -> list[str]:
    """Each effect in words, in order, each only once; `before` names the rows that are removed."""
    held = before or {}
    said = [
        entry_said(effect.target, effect.value, held.get(effect.target), language)
        or _said(effect.target, effect.value, language)
        for effect in effects
    ]
    return list(dict.fromkeys(said))


def _said(target: str, value: JsonValue, language: Language) -> str:
    thing = next((words for pattern, words in _THINGS if re.search(pattern, target)), None)
    if thing is None:
        return f"{'.'.join(target.split('.')[-2:])}: {_value(target, value, language)}"
    place = next((words for pattern, words in _PLACES if re.search(pattern, target)), None)
    where = place.said_in(language) if place is not None else ""
    gap = "" if language is Language.CHINESE else " "
    return f"{where}{thing.said_in(language)}{gap}{_value(target, value, language)}"


def _value(target: str, value: JsonValue, language: Language) -> str:
    leaf = target.rpartition(".")[2]
    if isinstance(value, bool):
        yes, no = _STATES.get(leaf, _ON_OFF)
        return (yes if value else no).said_in(language)
    if isinstance(value, float):
        value = int(value) if value.is_integer() else round(value, 2)
    return f"{value}%" if leaf == "Position" else str(value)
