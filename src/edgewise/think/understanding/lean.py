"""Clauses that lean on the call before them: "close it", 再高一点, "no, the left one", "and to 24".

A clause leans when nothing is left of it but pronouns, places, values and directions. It then means
the same function, with what it says itself in the place of what was said before. It leans on the
call before it in the sentence, or on the last one of the exchange before; never on one that
somebody else's content proposed.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from edgewise.core.call import Call
from edgewise.core.capability import Argument, Kind
from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue
from edgewise.core.thought import Context
from edgewise.core.zone import Zone
from edgewise.think.understanding.declared import Declared
from edgewise.think.understanding.direction import direction_of
from edgewise.think.understanding.fill import fill
from edgewise.think.understanding.normalise import Normal
from edgewise.think.understanding.numbers import find_numbers
from edgewise.think.understanding.polarity import Polarity, read_polarity
from edgewise.think.understanding.zones import Place, find_places, many_zones, one_zone

_LONGEST = 48
VALUES = frozenset(
    {"on", "state", "level", "percent", "delta", "value", "enabled", "open", "locked", "fold", "mute",
     "tilt", "brightness", "unit", "color", "temperature", "direction", "amount", "heat"}
)  # fmt: skip
"""Arguments that say what shall become of a thing; the others say which thing."""

_CORRECTED = regex(
    r"^(?:(?:no|nope|not that|not (?:the|my) [a-z ]{2,16}?(?: one)?|wrong|wrong one|sorry|oops|wait|i meant?|i said|actually|rather|make that|(?:never ?mind|on second thoughts?)(?=[ ]*[,.!]+ ?(?:open|close|shut|turn|lock|unlock|put|leave|set|make)\b)|"
    r"不对|不是的?|算了(?=[ ]*[,.!]+(?:还是)?(?:打?开|关|锁|解锁|调))|错了|弄错了|搞错了|我是说|我说的是|我指的是|应该是|等等|不是[\u4e00-\u9fff]{1,5}?(?=[, ]*是|,))(?![a-z'])[ ,.!]*)+(?:是|我说的?是|应该是)?(?=.)"
    r"|^(?:不[, ]+是?|是)(?=.{2,})"
)
_LITTLE = regex(
    r"\b(?:and|also|then|now|just|again|back|please|to|at|for|on|in|the|a|an|bit|little|slightly|more|less|too|as well|well|only|instead|of|up|down|off|by|about|same|do|one|ones|other|both|"
    r"it|them|that|this|those|these|all|side|seat|window|door|zone|mine|turn|switch|put|set|make|open|close|shut|lock|unlock|leave|keep|get|want|have|needs?|should be|be|is|raise|lower|roll|"
    r"fully|completely|all the way|half(?:way)?|degrees?|percent|level|notch(?:es)?|steps?|max(?:imum)?|min(?:imum)?|high|low|higher|lower|warmer|cooler|colder|hotter|louder|quieter|brighter|dimmer|"
    r"faster|slower|stronger|softer|what about|how about|likewise|fold|unfold|enable|disable|again|still|not|enough|'s|s|person)\b|['’]s?"
    r"|它们?|那个|这个|那边|这边|那扇|这扇|再|还|也|又|都|要|同样|一样|一下|一点儿?|一些|点儿?|些|打开|开启|关闭|关掉|关上|关一下|打开一下|升起|降下|升|降|开|关|锁上|解锁|上锁|锁|"
    r"调到|调成|调高|调低|调大|调小|调|设为|设成|设置|改成|改为|换成|到|成|为|至|高|低|大|小|热|冷|暖|凉|快|慢|亮|暗|响|轻|吧|了|的|呢|把|给|来|是|就|档位|[档挡度级格]|百分之|一半|全部?|回去|回来|回|起来|上|和|"
    r"应该|只|另一边|另外一?[个边扇]|[ ,.!?]"
)
_MORE = regex(
    r"(?:and |then |now |just )*(?:(?:a )?(?:bit|little|tiny bit|touch|notch)(?: (?:more|less|higher|lower|warmer|cooler|louder|quieter|further))?|even (?:more|less)|(?:some )?more|again|less|once more|"
    r"(?:even |still )?(?:higher|lower|warmer|cooler|louder|quieter|brighter|dimmer|softer|colder|hotter)(?: (?:still|again|please))?|(?:a bit |a little )(?:higher|lower|warmer|cooler|louder|quieter|brighter|dimmer)|"
    r"(?:up|down) (?:a bit|a little|again|more|another \w+(?: degrees?| percent)?)|not (?:so|that) (?:much|high|loud)|too much|still too \w+|more please|one more|two more(?: degrees)?|another (?:one|two|\w+ degrees?))"
    r"|(?:再|还要|还是|稍微|还)?(?:再)?(?:来)?(?:多|少|高|低|大|小|亮|暗|热|冷|暖|凉快?|快|慢|响|轻|暖和|升|降|调高|调低|开大|关小|加|减|调大|调小)(?:一?点儿?|一些|些|[一两二三四五]?(?:度|档|挡|格)|一下)?了?|再来(?:一?点|一次)|还(?:不够|是太.{1,2})|再(?:高|低|大|小)|多了|少了"
)
_TOO = regex(
    r"(?:(?:that'?s|it'?s|this is|now it'?s|still|a bit|way) )*too (?P<en>hot|warm|cold|cool|loud|quiet|noisy|bright|dim|dark|high|low|strong|weak|fast|slow|much)(?: now)?"
    r"|(?:现在|还是?|又|有点|好像|这)*太(?P<zh>[热冷响吵亮暗大小高低强弱快慢多少])了?(?:点|一点)?"
)
"""Too much of what came before, which asks for less of it."""
_OF = {
    "hot": "climate", "warm": "climate", "cold": "climate", "cool": "climate", "热": "climate", "冷": "climate",
    "loud": "media", "quiet": "media", "noisy": "media", "响": "media", "吵": "media",
    "bright": "light device", "dim": "light device", "dark": "light device", "亮": "light device", "暗": "light device",
}  # fmt: skip
_TOO_LITTLE = frozenset(["cold", "cool", "quiet", "dim", "dark", "low", "weak", "slow", "冷", "暗", "小", "低", "弱", "慢", "少"])  # fmt: skip
_SIGN_AGAIN = regex(
    r"^(?:and |then |just )*(?:a (?:bit|little) more|(?:some )?more|again|once more|even more|one more|more please|another .*)$|^再来(?:一?点|一次)$|^还不够$|^再(?:来)?一?点$"
)
_SIGN_LESS = regex(r"\bless\b|too much|not (?:so|that)|多了")
_BARE = regex(
    r"再?(?:稍微|再)?[高低大小多少加减](?:一?点儿?|一些|些)(?:了|吧)?|(?:a (?:bit|little) )?(?:more|less|higher|lower)"
)
_NOTHING_NAMED = regex(
    r"(?:please |just |now )*(?:turn|switch|shut|put|open|close|start|enable|disable|activate|deactivate|kill)(?: (?:on|off|up|down))?"
    r"(?: (?:it|this|that|them|these|those|everything|every thing|all|all of (?:it|them|this|that)|it all|them all|the (?:whole )?(?:thing|lot)|things?|something|anything|one|both))?(?: (?:on|off|up|down|again|back on|back off))?(?: (?:please|now))*"
    r"|(?:请|帮我|给我|麻烦)*(?:把|将)?(?:它们?|这[个些]?|那[个些]?|所有的?|全部|一切|东西|设备|的|统统|通通|都|全)*(?:给我)?(?:打开|开启|启动|关闭|关掉|关上|关了|开|关)(?:它们?|这个|那个|所有的?|全部|一切|东西|一下|起来|吧|了)*"
)
"""An order to switch, open or close that names no thing: "turn everything off", 打开它."""
_NOUN = regex(r"\b(window|seat|door)s?\b(?!['’])")
_POINTS = regex(
    r"\b(?:it|them|that|those|mine|one|ones|too|as well|also|again|instead|same)\b|它|那[个边扇]|这[个边扇]|再|也|还要|另"
)
_TURNED = regex(r"\bturn (?:it|that|this|them)? ?(?:up|down)\b")
_OFF_TWIN: dict[str, tuple[str, dict[str, JsonValue]]] = {
    "media.play": ("media.control", {"action": "stop"}), "nav.set_destination": ("nav.cancel", {}),
}  # fmt: skip
"""What ends that which a function began, where it has no switch of its own."""


_NUMBER_TWIN = {"climate.set_power": "climate.set_temperature", "media.play": "media.set_volume"}
"""What a bare value or "more" means after a function that takes none."""


@dataclass(frozen=True, slots=True)
class Leaning:
    """What a leaning clause means; `kept` are the arguments that the call before gave."""

    capability: str
    arguments: dict[str, JsonValue]
    kept: frozenset[str]


def is_bare_change(plain: str) -> bool:
    """Whether a clause says only "more" or "less": of what, only what came before can tell."""
    bare = plain.strip(" ,.!?")
    return _BARE.fullmatch(bare) is not None or _SIGN_AGAIN.fullmatch(bare) is not None


def names_nothing(plain: str) -> bool:
    """Whether an order says what shall happen and to no thing: without a call to lean on, anything
    it could be taken for would move what nobody named."""
    return _NOTHING_NAMED.fullmatch(plain.strip(" ,.!?")) is not None


def corrected(plain: str) -> int:
    """Where the correction ends that a sentence starts with ("no, ", 不对，是); 0 without one."""
    match = _CORRECTED.match(plain)
    return match.end() if match else 0


def twin_of(capability: str, plain: str) -> str:
    """The function that a bare value after `capability` sets: "turn on the ac and set it to 22"."""
    twin = _NUMBER_TWIN.get(capability)
    changed = find_numbers(plain) or _MORE.fullmatch(plain.strip(" ,.!?"))
    return twin if twin and changed else capability


def lean_on(
    declared: Declared, last: Call, clause: Normal, names: tuple[str, ...], context: Context,
    *, same_sentence: bool,
) -> Leaning | None:  # fmt: skip
    """What the clause means after `last`; `None` when it stands by itself."""
    plain = clause.plain.strip(" ,.!?")
    if not plain or len(plain) > _LONGEST or (not same_sentence and not last.label.trusted):
        return None
    if declared.relative is not None:
        too = _TOO.fullmatch(plain)
        if too is not None and _is_said_of(declared, too):
            return _changed_by(declared, last, _sign_of(too) * declared.step)
        if _MORE.fullmatch(plain):
            return _again(declared, last, plain)
    places = find_places(plain, context.speaker.zone)
    for_me = _FOR_ME.fullmatch(plain)
    if for_me is not None:
        mine = context.speaker.zone or Zone.DRIVER
        places = [Place((mine,), for_me.start("me"), for_me.end("me"), mine)]
    if not _leans(declared, plain, places) or _names_another(plain, last.capability):
        return None
    polarity = read_polarity(plain)
    if _contradicts(declared, plain, polarity):
        return None
    if declared.capability.name != last.capability:
        last = Call(last.id, declared.capability.name, _zone_only(last), last.label, last.labels)
    twin = _OFF_TWIN.get(last.capability)
    if twin is not None and polarity.on is False:
        return Leaning(twin[0], dict(twin[1]), frozenset())
    said = fill(declared, _without_pronoun(clause), names, context.now, context.speaker.zone)
    new = {name: value for name, value in said.arguments.items() if name in VALUES}
    new = _same_switch(last, new, polarity)
    where = _where(declared, last, places)
    if not _heard(plain, new):
        return None
    pointed = same_sentence or _POINTS.search(plain) is not None
    if said.doubt or (not new and not where) or (not where and not pointed and not _whole(plain)):
        return None
    kept = {
        n: v for n, v in last.arguments.items() if n not in where and (not new or n not in VALUES)
    }
    return Leaning(last.capability, kept | new | where, frozenset(kept))


def _contradicts(declared: Declared, plain: str, polarity: Polarity) -> bool:
    """Whether the direction of the clause is none that the function before could take: a "not",
    "lock it" of what has no lock, "turn it down" of a window."""
    if declared.capability.name == "window.set" and _TURNED.search(plain):
        return True
    if polarity.negated or polarity.conflict:
        return True
    return polarity.lock is not None and declared.capability.argument("locked") is None


def _heard(plain: str, new: dict[str, JsonValue]) -> bool:
    """Whether a number that was said is among the new values: one that is not means another
    thing ("to 20 degrees" after the seat heating)."""
    said = {n.value for n in find_numbers(plain) if plain[n.start : n.end] != "one"}
    taken = {abs(value) for value in new.values() if isinstance(value, int | float)}
    return not said or bool(said & taken)


def _names_another(plain: str, capability: str) -> bool:
    """Whether the clause names a window, seat or door while the call before was about another
    kind of thing: "open the rear left window" stands by itself after the seat heating."""
    return any(noun[1] != capability.partition(".")[0] for noun in _NOUN.finditer(plain))


def _same_switch(last: Call, new: dict[str, JsonValue], polarity: Polarity) -> dict[str, JsonValue]:
    """On and off of the very switch that was worked before: heated mirrors are not folded."""
    switches = [n for n, v in last.arguments.items() if n in VALUES and isinstance(v, bool)]
    if not new or len(switches) != 1 or switches[0] in new or polarity.on is None:
        return new
    if "fold" not in new and "tilt" not in new:
        return new
    return {switches[0]: polarity.on}


def _zone_only(call: Call) -> dict[str, JsonValue]:
    return {name: value for name, value in call.arguments.items() if name == "zone"}


def _leans(declared: Declared, plain: str, places: Sequence[Place]) -> bool:
    rest = plain
    spans = [(p.start, p.end) for p in places] + [
        (n.start, n.end) for n in find_numbers(plain) if plain[n.start : n.end] != "one"
    ]
    finders = [finder for name, finder in declared.words.items() if name in VALUES]
    spans += [(word.start, word.end) for finder in finders for word in finder.find(plain)]
    for start, end in sorted(spans, reverse=True):
        rest = rest[:start] + " " + rest[end:]
    return not re.sub(r"\W", "", _LITTLE.sub(" ", rest))


_FOR_ME = regex(r"(?:and |but )?(?:on|off|up|down|open|closed|shut|\w+) (?P<me>for (?:me|myself))")
"""Beside another's seat one's own is meant; elsewhere "for me" is only polite."""
_PRONOUN_ONE = regex(r"\b(?:other )?ones?\b")


def _without_pronoun(clause: Normal) -> Normal:
    """ "The left one" holds no number."""
    plain = _PRONOUN_ONE.sub(lambda m: " " * len(m.group()), clause.plain)
    return Normal(clause.text, plain)


def _whole(plain: str) -> bool:
    """Whether a few words alone say a change: 关上吧, "make it 23", 二十四度."""
    return len(re.findall(r"[a-z0-9']+|[\u4e00-\u9fff]", plain)) <= 8


def _where(declared: Declared, last: Call, places: Sequence[Place]) -> dict[str, JsonValue]:
    """The place argument as the clause says it; "left" alone is in the row of the place before."""
    argument = next(
        (a for a in declared.capability.arguments if a.kind in (Kind.ZONE, Kind.ZONES)), None
    )
    side = declared.capability.argument("side")
    if not places:
        return {}
    if argument is None:
        return _side(side, places)
    before = last.arguments.get(argument.name)
    zone = _same_row(places, _single(before))
    if zone is not None:
        return {argument.name: zone if argument.kind is Kind.ZONE else [zone]}
    if argument.kind is Kind.ZONE:
        one = one_zone(places)
        return {argument.name: one.value} if one else {}
    many: list[JsonValue] = [z.value for z in many_zones(places)]
    return {argument.name: many} if many else {}


def _single(value: JsonValue) -> JsonValue:
    """The only entry of a list of one; anything else as it is."""
    if isinstance(value, list):
        entries = cast("list[JsonValue]", value)
        return entries[0] if len(entries) == 1 else None
    return value


def _side(side: Argument | None, places: Sequence[Place]) -> dict[str, JsonValue]:
    if side is None or len(places) != 1:
        return {}
    lefts = {Zone.DRIVER, Zone.ROW2_LEFT}
    return {"side": "left" if set(places[0].zones) <= lefts else "right"}


def _same_row(places: Sequence[Place], before: JsonValue) -> str | None:
    if len(places) != 1 or places[0].group is not None or not isinstance(before, str):
        return None
    front = {Zone.DRIVER.value, Zone.PASSENGER.value, Zone.FRONT.value}
    rear = {Zone.ROW2_LEFT.value, Zone.ROW2_RIGHT.value, Zone.REAR.value}
    row = front if before in front else rear if before in rear else frozenset[str]()
    return next((zone.value for zone in places[0].zones if zone.value in row), None)


def _again(declared: Declared, last: Call, plain: str) -> Leaning:
    relative = declared.relative
    assert relative is not None
    before = last.arguments.get(relative.name)
    sign = direction_of(declared.capability.name, plain, read_polarity(plain))
    if _SIGN_AGAIN.fullmatch(plain) or (sign == 0 and not _SIGN_LESS.search(plain)):
        sign = -1 if isinstance(before, int | float) and before < 0 else 1
    elif _SIGN_LESS.search(plain) and sign == 0:
        sign = 1 if isinstance(before, int | float) and before < 0 else -1
    numbers = find_numbers(plain)
    step = abs(numbers[0].value) if numbers else declared.step
    return _changed_by(declared, last, sign * step)


def _is_said_of(declared: Declared, too: re.Match[str]) -> bool:
    """Whether it can be the thing before that is too loud, too hot, too bright."""
    families = _OF.get(too["en"] or too["zh"])
    return families is None or declared.capability.name.partition(".")[0] in families.split()


def _sign_of(too: re.Match[str]) -> int:
    return 1 if (too["en"] or too["zh"]) in _TOO_LITTLE else -1


def _changed_by(declared: Declared, last: Call, value: float) -> Leaning:
    """The call before as a change by `value` of the same thing at the same place."""
    relative, absolute = declared.relative, declared.absolute
    assert relative is not None
    kept = {
        name: held for name, held in last.arguments.items()
        if name not in (relative.name, absolute.name if absolute else "", "on", "color")
    }  # fmt: skip
    whole: JsonValue = int(value) if value == int(value) else value
    return Leaning(last.capability, kept | {relative.name: whole}, frozenset(kept))
