"""Where in the car: words -> zones. Left and right are the car's own; which of them is the driver's
is a fact of the car (left by default, as in `core/zone.py`).
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from edgewise.core.regex import regex
from edgewise.core.zone import Zone


@dataclass(frozen=True, slots=True)
class Place:
    """Zones named at `start`..`end`; `group` is the one zone that stands for them all, if any."""

    zones: tuple[Zone, ...]
    start: int
    end: int
    group: Zone | None


_D, _P, _L, _R = Zone.DRIVER, Zone.PASSENGER, Zone.ROW2_LEFT, Zone.ROW2_RIGHT
_SEAT = r"(?:座位|座椅|座|位置|位|侧|边|排)?"

# Longer and more exact ones first: the first match at a place wins.
_BOTH = r"(?:left and (?:the )?right|right and (?:the )?left)"
_BESIDE = r"(?<![\d一二三四五六七八九十百两半几度档挡%点级格个成多])左右"
"""Left and right; behind an amount it means "about"."""
_TABLE: tuple[tuple[str, tuple[Zone, ...], Zone | None], ...] = (
    (rf"(?:on )?(?:the )?(?:rear|back) {_BOTH}|(?:on )?(?:the )?{_BOTH} (?:rear|back)\b|(?:后排|后座|二排|第二排)的?左右(?:两[侧边])?|左右后|左后(?:和|、|跟)?右后", (_L, _R), Zone.REAR),
    (rf"(?:on )?(?:the )?front {_BOTH}|(?:on )?(?:the )?{_BOTH} front\b|前排的?左右(?:两[侧边])?|左右前|左前(?:和|、|跟)?右前", (_D, _P), Zone.FRONT),
    (rf"(?:on )?(?:the )?{_BOTH}(?: sides?)?\b|{_BESIDE}(?:两[侧边]|(?=.))|前后排?(?=的?(?:车?窗|座|车?门))|两[侧边]", (_D, _P, _L, _R), Zone.ALL),
    (r"(?:后排|后座|二排|第二排)的?左(?:侧|边|座|面)?|左后(?:排|座|侧|方|边|面)?|左边后排|左侧后排"
     r"|(?:the )?(?:rear|back)[ -]left(?: passenger)?|(?:on )?(?:the )?left[ -](?:rear|back)\b|(?:second|2nd) row left"
     r"|behind the driver|(?:主驾|驾驶员|司机)(?:后面|后方|身后)", (_L,), _L),
    (r"(?:后排|后座|二排|第二排)的?右(?:侧|边|座|面)?|右后(?:排|座|侧|方|边|面)?|右边后排|右侧后排"
     r"|(?:the )?(?:rear|back)[ -]right(?: passenger)?|(?:on )?(?:the )?right[ -](?:rear|back)\b|(?:second|2nd) row right"
     r"|behind the (?:front )?passenger|副驾(?:驶)?(?:后面|后方|身后)", (_R,), _R),
    (r"第三排|三排|后备箱前排|third row|3rd row|row three|row 3|the very back row", (Zone.ROW3,), Zone.ROW3),
    (r"主副驾(?:驶)?|前排两(?:侧|边|个)|both front|前排" + _SEAT +
     r"|(?:the )?front (?:ones?|row|seats?|passengers|windows?(?! ?defrost)|doors?|two|of the car)|"
     r"(?:in|at|for|up) (?:the )?front\b|(?<!to )(?<!way )\bthe front(?= (?:a (?:bit|little|touch)|(?:much |slightly )?(?:warmer|cooler|colder|hotter)|to|at|by|too|also|as well|ones)\b|$)|\bfront(?= to \d)|\bfront(?= (?:seat|window|door|zone|climate|temperature|temp|ac\b|air con|fan|heat))"
     r"|前门(?!口)|前车门|前面(?:的)?(?=车窗|窗|座|空调|门|两)|前车窗|前窗(?!除|玻)|前座(?:椅)?", (_D, _P), Zone.FRONT),
    (r"主驾驶员?" + _SEAT + r"|主驾" + _SEAT + r"|驾驶员" + _SEAT + r"|驾驶(?:座位|座椅|座|位|侧)|司机" + _SEAT +
     r"|左前" + _SEAT + r"|(?:the )?(?:front )?driver(?:'?s)?(?: side)?|front[ -]left|left[ -]front", (_D,), _D),
    (r"副驾驶?(?:员)?" + _SEAT + r"|副座|右前" + _SEAT + r"|front[ -]right|right[ -]front"
     r"|(?:the )?(?:front[ -])?passenger(?:'?s)?(?: side)?(?!s)|co-?driver(?:'?s)?|shotgun", (_P,), _P),
    (r"后门(?!口)|后车门|后排" + _SEAT + r"|后座(?:椅)?|第二排" + _SEAT + r"|二排" + _SEAT + r"|后面(?:的)?(?=车窗|窗|座|空调|门|两|乘客|有点|太|很|好[冷热闷]|也|的?人|[冷热闷])|后车窗|后窗(?!除|玻|遮|帘)"
     r"|(?:the )?(?:rear|back) (?:row|seats?|passengers?|windows?(?! ?(?:defrost|defog|demist|heat))|doors?|of the car)"
     r"|(?:in|at|for) the (?:back|rear)\b(?![ -](?:left|right))|\bin back\b|\b(?:rear|back) ones?\b|second row|2nd row|\bthe rear\b(?! (?:window (?:de|heat)|windshield|camera|wiper|shade|blind|fog))|\brear(?= to \d)|\brear\b(?= ?(?:zone|climate|temperature|temp|ac\b|air con|fan|vent|seat|window|door|passenger|read|light|$))"
     r"|\bback(?= (?:zone|climate|temperature|ac\b))|(?<!to )(?<!way )\bthe back(?= (?:a (?:bit|little|touch)|(?:much |slightly )?(?:warmer|cooler|colder|hotter)|to|at|by|too|also|as well|one|ones|is|feels|gets)\b|$)|the kids", (_L, _R), Zone.REAR),
    (r"左(?:侧|边|面)(?:的)?|左(?=车窗|窗|门|座)|(?:the |my )?\bleft(?: side|-hand| (?=window|door|seat|mirror|zone|reading|one))|on the left\b|\bthe left$", (_D, _L), None),
    (r"右(?:侧|边|面)(?:的)?|右(?=车窗|窗|门|座)|(?:the |my )?\bright(?: side|-hand| (?=window|door|seat|mirror|zone|reading|one))|on the right\b|\bthe right$", (_P, _R), None),
    (r"全车|整车|车内所有|所有人|所有位置|全部座位|所有座位|四个|四扇|四座|每个|各个|所有|全部|(?<=[窗户])全(?=[开关打])|都(?!不|没|行|可以|好)"
     r"|(?<!at )(?<!after )\ball\b(?! (?:the way|right\b(?! windows)|day|night))(?: of)?(?: the| four| my)?|every(?:one|body|where)?|both sides|the whole (?:car|cabin)|whole cabin"
     r"|throughout the (?:car|cabin)|entire (?:car|cabin)", (_D, _P, _L, _R), Zone.ALL),
    (r"我(?=(?:和|跟|与)(?:主驾|副驾|后排|左后|右后|我))|我(?:的?(?:这|那)?[边侧]|这里)|自己(?:这|那)?[边侧]|我(?:的)?(?=(?:车窗|窗户|窗|座椅|座位|车门|阅读灯))|\bmy (?:own )?side|\bmy (?:own )?(?=(?:window|door|seat|zone)\b)|\bmine\b", (), None),
    (r"\bbehind me\b|我(?:的)?(?:后面|身后|后方|后边)", (), None),
)  # fmt: skip
_ANY = "|".join(f"(?P<z{i}>{row[0]})" for i, row in enumerate(_TABLE))
_PATTERN = regex(rf"(?<![a-z](?=[a-z]))(?:{_ANY})")
"""No place begins inside an English word."""
_MINE, _BEHIND_ME = len(_TABLE) - 2, len(_TABLE) - 1


@lru_cache(maxsize=256)
def find_places(plain: str, speaker: Zone | None = Zone.DRIVER) -> tuple[Place, ...]:
    """All places of a normalised text in order; "my side" is the speaker's, the driver's if
    unknown, and "behind me" the seat behind that."""
    found: list[Place] = []
    for match in _PATTERN.finditer(plain):
        index = int((match.lastgroup or "z0")[1:])
        _, zones, group = _TABLE[index]
        if index == _MINE:
            zone = speaker or Zone.DRIVER
            zones, group = (zone,), zone
        elif index == _BEHIND_ME:
            zone = _L if speaker in (None, Zone.DRIVER) else _R
            zones, group = (zone,), zone
        found.append(Place(zones, match.start(), match.end(), group))
    return tuple(found)


def one_zone(places: Sequence[Place]) -> Zone | None:
    """The single zone (or group) that the places mean together; the front one of a side."""
    exact = _exact(places)
    if not exact:
        return None
    if len(exact) == 1:
        return exact[0].group or exact[0].zones[0]
    together = {zone for place in exact for zone in place.zones}
    for zone, members in (
        (Zone.ALL, {_D, _P, _L, _R}), (Zone.FRONT, {_D, _P}), (Zone.REAR, {_L, _R}),
    ):  # fmt: skip
        if together == members:
            return zone
    return exact[0].group or exact[0].zones[0]


def many_zones(places: Sequence[Place]) -> list[Zone]:
    """All single zones that the places mean, front row first; a group stays a group when alone."""
    exact = _exact(places)
    if len(exact) == 1 and exact[0].group is not None:
        return [exact[0].group]
    together = {zone for place in exact for zone in place.zones}
    return [zone for zone in Zone if zone in together]


def _exact(places: Sequence[Place]) -> list[Place]:
    """Places without repetition; "all" counts only when nothing else is named."""
    distinct = list({place.zones: place for place in places}.values())
    return [place for place in distinct if place.group is not Zone.ALL] or distinct
