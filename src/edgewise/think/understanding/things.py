"""Several things after one verb: "turn on the seat heating and the fan", 打开左后车窗和空调.

A clause that names two different things with "and" between them asks for both; it is taken apart
into one clause for each, with the words around them. The same for places with values of their own
("driver to 21 and passenger to 24"). Things of the device only: names, songs and messages are left
alone. What it does not know stays one clause.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from edgewise.core.regex import regex
from edgewise.think.understanding.normalise import Normal
from edgewise.think.understanding.numbers import find_numbers
from edgewise.think.understanding.zones import find_places, one_zone


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing of the device named at `start`..`end` of a clause."""

    name: str
    start: int
    end: int


_THINGS: tuple[tuple[str, str], ...] = (
    ("wheel", r"steering wheel heat(?:ing|er)?|heated steering wheel|方向盘加热"),
    ("seat_heat", r"heated seats?|seats? heat(?:ing|ers?)?|seat warmers?|座[椅位]的?加热|heating(?= and )"),
    ("seat_vent", r"(?:ventilated|cooled) seats?|seat (?:ventilation|cooling|fans?)|座[椅位]的?通风"),
    ("massage", r"(?:seat |back )?massage|(?:座椅)?按摩"),
    ("child_lock", r"child (?:safety )?locks?|儿童(?:安全)?锁|童锁"),
    ("shade", r"sun ?shades?|rear shade|roof shade|blinds?|遮阳[帘板]?"),
    ("roof", r"sun ?roof|moon ?roof|天窗"),
    ("defrost", r"(?:(?:front|rear|back|windshield|window) )*(?:defrost(?:er)?|demist(?:er)?|defog(?:ger)?)|[前后]?[挡窗]?风?除[霜雾]"),
    ("window", r"windows?|车窗(?:玻璃)?|窗户|(?<![天车])窗(?!帘|户)"),
    ("trunk", r"trunk|boot|tailgate|后备[箱厢]|尾门|行李箱"), ("frunk", r"frunk|hood|bonnet|前备箱"),
    ("mirror", r"(?:side |wing |door )?mirrors?|后视镜|倒车镜"),
    ("door", r"doors?|车门|门锁"),
    ("recirculation", r"recirculation|内循环|外循环"), ("fan", r"fan(?: speed)?|blower|风量|风速|风扇"),
    ("temperature", r"temperature|temp|温度"),
    ("climate", r"air con(?:ditioning|ditioner)?|a/?c|climate(?: control)?|heater|空调|冷气|暖风"),
    ("head", r"head ?lights?|headlamps?|low beams?|(?:前?大|近光|车头)灯"), ("high", r"high beams?|远光灯?"),
    ("fog", r"(?:(?:front|rear) )?fog (?:lights?|lamps?)|[前后]?雾灯"), ("hazard", r"hazards?(?: lights?)?|双闪灯?|警示灯"),
    ("position", r"(?:parking|position|side) lights?|示[廓宽]灯|位置灯"), ("daytime", r"daytime (?:running )?lights?|日(?:间)?行(?:车)?灯"),
    ("reading", r"reading (?:lights?|lamps?)|阅读灯"), ("ambient", r"(?:ambient|mood) light(?:s|ing)?|[氛气][围氛]灯"),
    ("dome", r"(?:dome|ceiling) lights?|车?顶灯"), ("lights", r"(?:interior |inside |cabin )?lights?|车?内?灯"),
    ("wiper", r"(?:rear )?wipers?|[前后]?雨刮器?|[前后]?雨刷器?"), ("volume", r"volume|音量|声音"),
    ("music", r"music|radio|音乐|收音机"), ("fragrance", r"fragrance|香氛"), ("fridge", r"fridge|冰箱"),
    ("wifi", r"wi-?fi|无线网"), ("bluetooth", r"bluetooth|蓝牙"), ("hotspot", r"hotspot|热点"),
    ("data", r"mobile data|移动数据|流量"), ("dark", r"dark mode|深色模式"),
)  # fmt: skip
_ANY = "|".join(rf"(?P<{name}>{p})" for name, p in _THINGS)
_PATTERN = regex(rf"(?<![a-z])(?:{_ANY})(?![a-z])")
_OF_EN = r"(?:(?:also|please|the|my|our|all|both|every|of|driver'?s?|passenger'?s?|rear|front|back|left|right|side|row) )*"
PLACES_ZH = r"主驾驶?|副驾驶?|驾驶员|前排|后排|后座|左后|右后|左前|右前|左边|右边|左侧|右侧|左|右|所有|全部|全车|四个"
"""Places that stand before a thing."""
_OF_ZH = rf"(?:也|把|{PLACES_ZH}|我|车|的)*"
_WAY = r"up|down|on|off|open|shut|closed|out|in|(?:to |by |at )?\d+ ?(?:%|percent|degrees?)?|(?:to )?(?:max|min|half)|halfway|half|fully|a (?:bit|little)"
_PLACE = r"(?:on|for|in|at) (?:(?:the|my|our|your|driver'?s?|passenger'?s?|left|right|rear|front|back|own|other) )*(?:side|seats?|row|front|back|rear|left|right|me|us|everyone|both of us)"
_AND = regex(
    rf"(?: (?P<place>{_PLACE}))?(?: (?P<way>{_WAY}))?(?:,? ?(?:(?:and|plus|as well as|&)(?= ?[a-z]|\b)|、|和|跟|与|及|以及|还有|,)+ ?)(?P<np>{_OF_EN}|{_OF_ZH})"
)
_LISTED = regex(r"(?P<place>(?!))?(?P<way>(?!))? (?P<np>(?:the|my) )")
"""The first things of a list without commas: "the ac the radio and the lights"."""
_BEFORE = regex(rf"(?:(?<![a-z]){_OF_EN}|{_OF_ZH})$")
_VERB = regex(
    r"\b(?:turn|switch|open|close|shut|lock|unlock|raise|lower|start|stop|enable|disable|activate|deactivate|fold|unfold|put|kill|set|roll)\b|[开关]|启|停|升|降|[调收锁解]"
)


_Row = tuple[int, int, str]
"""Start and end of a noun phrase, and the direction behind it."""
_TOGETHER = frozenset({"seat_heat", "seat_vent", "massage", "wheel"})
"""Things that are named side by side without a word between: 座椅按摩座椅通风."""


@lru_cache(maxsize=64)
def find_things(plain: str) -> tuple[Thing, ...]:
    """The things that a normalised clause names, in order, without overlap."""
    found = _PATTERN.finditer(plain)
    return tuple(Thing(m.lastgroup or "", m.start(), m.end()) for m in found)


def apart(clause: Normal) -> list[Normal]:
    """One clause for each thing or each place with its own value; the clause itself otherwise."""
    if len(clause.plain) > 120:
        return [clause]
    return _things_apart(clause) or _places_apart(clause) or _seats_apart(clause) or [clause]


def _rows(clause: Normal, things: Sequence[Thing]) -> tuple[list[_Row], "_Piece | None"]:
    """The noun phrases that stand together, each with its own direction behind it; the place that
    all of them share where it stands behind the first."""
    plain = clause.plain
    rows: list[_Row] = []
    place: _Piece | None = None
    for left, right in pairwise(things):
        if left.end == right.start and {left.name, right.name} <= _TOGETHER and not rows:
            rows = [(left.start, left.end, ""), (right.start, right.end, "")]
            continue
        between = _AND.fullmatch(plain[left.end : right.start])
        if between is None and " and " in plain[right.end :]:
            between = _LISTED.fullmatch(plain[left.end : right.start])
        if between is None or left.name == right.name:
            if rows:
                break
            continue
        if not rows:
            head = _BEFORE.search(plain, 0, left.start)
            rows.append((head.start() if head else left.start, left.end, ""))
        rows[-1] = (*rows[-1][:2], between["way"] or "")
        if between["place"]:
            place = _Piece(clause, left.end, left.end + between.end("place"))
        rows.append((left.end + between.start("np"), right.end, ""))
    return rows, place


def _things_apart(clause: Normal) -> list[Normal]:
    plain = clause.plain
    things = find_things(plain)
    if len(things) < 2:
        return []
    rows, place = _rows(clause, things)
    if not rows:
        return []
    before, after = (0, rows[0][0]), (rows[-1][1], len(plain))
    verb, suffix = plain[: before[1]].strip(), plain[after[0] :]
    own = any(way for *_, way in rows)
    if not _VERB.search(verb + suffix) and not own and not re.search(rf"\b(?:{_WAY})\b", suffix):
        return []
    shared = _Piece(clause, *after)
    if _VERB.search(verb) and re.search(r"\d|[一二三四五六七八九十]", suffix):
        shared = _Piece(clause, 0, 0)  # "... and the seat heating to 2": the last one's value
    if place is not None and not shared.plain.strip():
        shared = place  # "the seat heating on my side and the fan": both are on that side
        after = (place.start, place.end)
    made: list[Normal] = []
    for number, (start, end, way) in enumerate(rows):
        last = number == len(rows) - 1
        behind = (
            _Piece(clause, *after)
            if last
            else _Piece(clause, end, end + len(way) + 1)
            if way
            else shared
        )
        made.append(_glue(clause, before, (start, end), behind))
    return made


@dataclass(frozen=True, slots=True)
class _Piece:
    whole: Normal
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.whole.text[self.start : self.end]

    @property
    def plain(self) -> str:
        return self.whole.plain[self.start : self.end]


def _glue(
    clause: Normal, before: tuple[int, int], thing: tuple[int, int], behind: _Piece
) -> Normal:
    start, end = thing
    if not before[1] and clause.plain[start:end].startswith("也"):
        start += 1
    skipped = 1 if re.match(r"都", behind.plain) else 0  # 都 means these things, not every seat
    text = clause.text[before[0] : before[1]] + clause.text[start:end] + behind.text[skipped:]
    plain = clause.plain[before[0] : before[1]] + clause.plain[start:end] + behind.plain[skipped:]
    return Normal(text, plain).cut(0, len(plain))


_SEAT_AND = regex(r",? ?(?:and|&|和|跟|与|、|以及)(?: ?the)? ?")
_OF_SEATS = regex(r"\bseats?\b|座椅|座位|按摩|通风|加热")


def _seats_apart(clause: Normal) -> list[Normal]:
    """One clause for each of two seats that no row holds together: 打开主驾和左后的座椅通风."""
    if not _OF_SEATS.search(clause.plain):
        return []
    places = find_places(clause.plain)
    if len(places) != 2 or one_zone(places) is not one_zone(places[:1]):
        return []
    first, second = places
    between = clause.plain[first.end : second.start]
    if first.zones == second.zones or not _SEAT_AND.fullmatch(between):
        return []
    before, after = (0, first.start), _Piece(clause, second.end, len(clause.plain))
    return [_glue(clause, before, (place.start, place.end), after) for place in places]


_PLACE_JOIN = regex(r"[ ,、]*(?:and|then|和|、|然后)?[ ,]*(?:the |for (?:the )?|把|将)*$")


def _places_apart(clause: Normal) -> list[Normal]:
    """Cuts before each place that follows the value of another: place, number, place, number."""
    numbers = [n for n in find_numbers(clause.plain) if n.unit != "count"]
    places = find_places(clause.plain)
    if len(numbers) < 2 or len(places) < 2:
        return []
    cuts: list[tuple[int, int]] = []
    for place in places[1:]:
        valued = any(places[0].end <= n.start and n.end <= place.start for n in numbers)
        later = any(n.start >= place.end for n in numbers)
        if valued and later:
            join = _PLACE_JOIN.search(clause.plain, 0, place.start)
            cuts.append((join.start() if join else place.start, place.start))
    if not cuts:
        return []
    made: list[Normal] = []
    start = 0
    for left, right in [*cuts, (len(clause.plain), len(clause.plain))]:
        piece = clause.cut(start, left)
        if piece.plain.strip(" ,"):
            made.append(piece)
        start = right
    return made if len(made) > 1 else []
