"""Clauses that lean on what came before: "a bit more", 再低一点, "the passenger's too", answers.

Only plain cases: a change of the same thing again, the same for another place, or the value that
the device asked for. Anything else is read by itself.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re

from edgewise.core.call import Call
from edgewise.core.capability import Argument, Kind
from edgewise.core.signal import JsonValue
from edgewise.core.thought import Context
from edgewise.think.understanding.declared import Declared
from edgewise.think.understanding.direction import direction_of
from edgewise.think.understanding.fill import fill
from edgewise.think.understanding.normalise import Normal
from edgewise.think.understanding.numbers import find_numbers
from edgewise.think.understanding.polarity import read_polarity
from edgewise.think.understanding.zones import find_places, many_zones, one_zone

_MORE = re.compile(
    r"(?:and |then |now |just )*(?:(?:a )?(?:bit|little|tiny bit|touch|notch)(?: (?:more|less|higher|lower|warmer|cooler|louder|quieter|further))?|even (?:more|less)|(?:some )?more|again|less|once more|"
    r"(?:even |still )?(?:higher|lower|warmer|cooler|louder|quieter|brighter|dimmer|softer|colder|hotter)(?: (?:still|again|please))?|(?:a bit |a little )(?:higher|lower|warmer|cooler|louder|quieter|brighter|dimmer)|"
    r"(?:up|down) (?:a bit|a little|again|more|another \w+(?: degrees?| percent)?)|not (?:so|that) (?:much|high|loud)|too much|still too \w+|more please|one more|two more(?: degrees)?|another (?:one|two|\w+ degrees?))"
    r"|(?:再|还要|还是|稍微|还)?(?:再)?(?:来)?(?:多|少|高|低|大|小|亮|暗|热|冷|暖|凉快?|快|慢|响|轻|暖和|升|降|调高|调低|开大|关小|加|减|调大|调小)(?:一?点儿?|一些|些|[一两二三四五]?(?:度|档|挡|格)|一下)?|再来(?:一?点|一次)|还(?:不够|是太.{1,2})|再(?:高|低|大|小)|多了|少了"
)
_SIGN_AGAIN = re.compile(
    r"^(?:and |then |just )*(?:a (?:bit|little) more|(?:some )?more|again|once more|even more|one more|more please|another .*)$|^再来(?:一?点|一次)$|^还不够$|^再(?:来)?一?点$"
)
_SIGN_LESS = re.compile(r"\bless\b|too much|not (?:so|that)|多了")
_ALSO_PLACE = re.compile(
    r"(?:and |also |now |then )*(?:(?:do )?the same (?:for|on|in)|for|on|also|and|in)? ?(?:the )?(?P<p>.+?)(?:'s)?(?: (?:one|side|seat|window|door|too|also|as well|please))*"
)
_ALSO_ZH = re.compile(
    r"(?:还有|也|再|那)?(?P<p>.{2,6}?)(?:的|那边|这边|那个)?(?:也|也是|也要|也一样|也打开|也关上|也开|也关|呢)?(?:一样|打开|关上|开|关)?(?:吧|了)?"
)


_BARE = re.compile(
    r"再?(?:稍微|再)?[高低大小多少加减](?:一?点儿?|一些|些)(?:了|吧)?|(?:a (?:bit|little) )?(?:more|less|higher|lower)"
)


def is_bare_change(plain: str) -> bool:
    """Whether a clause says only "more" or "less": of what, only what came before can tell."""
    bare = plain.strip(" ,.!?")
    return _BARE.fullmatch(bare) is not None or _SIGN_AGAIN.fullmatch(bare) is not None


def repeat_for(
    declared: Declared, last: Call, bare: Normal, names: tuple[str, ...], context: Context
) -> dict[str, JsonValue] | None:
    """The arguments of `last` changed as the clause says; `None` when it does not lean on it."""
    plain = bare.plain.strip(" ,.!?")
    if len(plain) > 40:
        return None
    if declared.relative is not None and _MORE.fullmatch(plain):
        return _again(declared, last, plain)
    return _elsewhere(declared, last, plain, context)


def _again(declared: Declared, last: Call, plain: str) -> dict[str, JsonValue] | None:
    relative, absolute = declared.relative, declared.absolute
    assert relative is not None
    before = last.arguments.get(relative.name)
    sign = direction_of(declared.capability.name, plain, read_polarity(plain))
    if _SIGN_AGAIN.fullmatch(plain) or (sign == 0 and not _SIGN_LESS.search(plain)):
        sign = -1 if isinstance(before, int | float) and before < 0 else 1
    elif _SIGN_LESS.search(plain) and sign == 0:
        sign = 1 if isinstance(before, int | float) and before < 0 else -1
    numbers = find_numbers(plain)
    step = abs(numbers[0].value) if numbers else declared.step
    kept = {
        name: value for name, value in last.arguments.items()
        if name not in (relative.name, absolute.name if absolute else "", "on", "color")
    }  # fmt: skip
    value = sign * step
    kept[relative.name] = int(value) if value == int(value) else value
    return kept


def _elsewhere(
    declared: Declared, last: Call, plain: str, context: Context
) -> dict[str, JsonValue] | None:
    """The same for another place, if the clause says nothing but a place."""
    zone = next(
        (a for a in declared.capability.arguments if a.kind in (Kind.ZONE, Kind.ZONES)), None
    )
    if zone is None:
        return None
    places = find_places(plain, context.speaker.zone)
    if not places or not (_ALSO_PLACE.fullmatch(plain) or _ALSO_ZH.fullmatch(plain)):
        return None
    rest = plain
    for place in reversed(places):
        rest = rest[: place.start] + " " + rest[place.end :]
    if re.sub(
        r"\b(?:and|also|for|on|in|too|the|same|do|as well|one|side|seat|window|door|please|now|then|that|it|what about|how about|'s)\b|"
        r"[ ,.'’?]|还有|也是?|再|那个?|的|呢|吧|一样|这边|那边|边|和|(?:打开|关上|开|关)(?=吧|了|$)", "", rest,
    ):  # fmt: skip
        return None
    if len(plain) < 2:
        return None
    value: JsonValue
    if zone.kind is Kind.ZONE:
        one = one_zone(places)
        value = one.value if one else None
    else:
        value = [z.value for z in many_zones(places)]
    return {**last.arguments, zone.name: value} if value else None


def complete(
    declared: Declared, awaiting: Call, bare: Normal, names: tuple[str, ...], context: Context
) -> dict[str, JsonValue] | None:
    """`awaiting`'s arguments with the one that the answer gives; `None` when it gives none."""
    missing = _missing(declared, awaiting)
    if not missing:
        return None
    filled = fill(declared, bare, names, context.now, context.speaker.zone).arguments
    for argument in missing:
        if argument.kind is Kind.TEXT:
            value: JsonValue = filled.get(argument.name) or bare.text.strip(" .!?,")
        else:
            value = filled.get(argument.name)
            if value is None and argument.kind in (Kind.NUMBER, Kind.INTEGER):
                numbers = find_numbers(bare.plain)
                value = numbers[0].plain if numbers else None
            if value is None and argument.choices and argument.name in declared.words:
                word = declared.words[argument.name].best(bare.plain)
                value = word.value if word else None
        if value is not None and value != "":
            return {**awaiting.arguments, argument.name: value}
    return None


def _missing(declared: Declared, awaiting: Call) -> list[Argument]:
    """Arguments that the answer may give: required ones, then those of open groups, then texts."""
    capability, given = declared.capability, awaiting.arguments
    open_groups = {
        name for group in capability.one_of if not any(n in given for n in group) for name in group
    }
    first = [a for a in capability.arguments if a.required and a.name not in given]
    second = [a for a in capability.arguments if a.name in open_groups]
    third = [
        a for a in capability.arguments
        if a.name not in given and a not in first and a not in second and a.kind is Kind.TEXT
    ]  # fmt: skip
    named = [a for a in capability.arguments if a.kind is Kind.TEXT and a.name in given]
    return first or second or [*third, *named]
