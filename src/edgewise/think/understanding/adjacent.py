"""Where an order ends and the next thing begins with nothing between: 温度最低|风速最大.

Whoever speaks Mandarin in a car puts no word between two orders. A value that was just said ends
one (三挡, 二十度, 一点, 最大), and so does a thing that has had its verb when the next thing brings a
verb or a value of its own (关闭车窗|空调开一挡). In words without marks a blank may end an order too,
before its reason or before the next one ("don't open the window open the sunroof").
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

from itertools import pairwise

from edgewise.core.regex import regex
from edgewise.think.understanding.polarity import read_polarity
from edgewise.think.understanding.things import Thing, find_things
from edgewise.think.understanding.verbs import VERB_ZH

_VALUE_END = regex(
    r"(?:[一二两三四五六七八九十百半\d]+(?:点[一二三四五六七八九\d])?(?:挡位?|档位?|度|格|级)|最[大小高低](?:挡位?|档位?|一?[挡档]|值)?|[大小高低](?:一?点|些)儿?|[开关](?:一点|一半|一些)|百分之[一二三四五六七八九十百\d]+|\d+%)(?:吧|了)?$"
)
_OWN = regex(
    r"[^,]{0,6}?(?:[一二两三四五六七八九十百半\d]+(?:挡|档|度|格|级)|最[大小高低]|[大小高低](?:一?点|些)|百分之|打?开|关|调|设|升|降|加|减)"
)
"""What a thing of the next order brings along: a value or a verb."""
_LEAD = regex(
    r"(?:打开|开启|关闭|关掉|关上|改成|改为|换成|切到|切成|切换到|切换成|开|关)?(?:一下)?(?:主驾驶?|副驾驶?|主副驾|前排|后排|二排|左边|右边|左侧|右侧|所有|全部|全车|空调|车内|座椅)?的?$"
)
_VERB_BEFORE = regex(r"(?:打开|开启|关闭|关掉|关上|降下|升起|开|关)[^,开关调]{0,6}$")
_VERB_AFTER = regex(r"(?:打开|关闭|关上|[开关](?!始|着)|调|设|最[大小高低]|温度|风)")
_FAST = regex(r"(?<=[窗调灯门箱享式])快速(?:制冷|制热|降温|升温)")


def adjacent_orders(plain: str) -> list[int]:
    """The places in a normalised Chinese clause at which another order begins."""
    things = find_things(plain)
    found = [match.start() for match in _FAST.finditer(plain)]
    for left, right in pairwise(things):
        lead = _LEAD.search(plain, left.end, right.start)
        start = lead.start() if lead else right.start
        if start > left.end and _VALUE_END.search(plain, 0, start) and _own(plain, start, right):
            found.append(start)
        elif (
            left.end == right.start
            and left.name != right.name
            and left.name not in _WHOLES
            and _VERB_BEFORE.search(plain, 0, left.start)
            and _VERB_AFTER.match(plain, right.end)
        ):
            found.append(right.start)
    return found


_WHOLES = frozenset({"climate", "music", "seat", "navigation", "screen"})
"""What the next thing may be a part of: 打开空调温度."""


def _own(plain: str, start: int, right: Thing) -> bool:
    """Whether what begins there says by itself what shall be done."""
    verb = start < right.start and _VERB_AFTER.match(plain, start) is not None
    return verb or right.name == "recirculation" or _OWN.match(plain, right.end) is not None


_DEED = (
    r"(?:open|close|shut|lock|unlock|turn|switch|mute|unmute|stop|pause|play|start|set|raise|lower|dim"
    r"|roll|fold)"
)
_ANY_DEED = regex(rf"\b{_DEED}\b")
_DENIED = regex(
    rf"(?:please )?(?:don'?t|do not) {_DEED} (?:it|them|(?:the|my|all)(?: (?!or\b|and\b|to\b|then\b|but\b)"
    rf"[a-z]+){{1,3}})(?P<at> )(?:just |only )?(?={_DEED}\b)"
    r"|(?:先)?(?:别|不要)[\u4e00-\u9fff]{1,6}(?P<zh> )(?=[\u4e00-\u9fff]{2})"
)
"""A denial with an order of its own behind it: "don't open the window open the sunroof"."""
_BECAUSE = regex(
    rf"(?:{_DEED} [a-z' ]*|[a-z' ]* (?:on|off|up|down))(?P<at> )"
    r"(?=(?:it's|it is|i'm|i can'?t|we're|they're|he's|she's|there's|i (?:love|like|hate)) )"
)
"""An order with its reason behind it: "fragrance off it's giving me a headache"."""
_ORDERS_ZH = regex(
    rf"(?:请|帮我|再|然后|给我|顺便)*(?:{VERB_ZH}|[开关锁放调听]|把|小点|大点|空调|音量|温度)"
)
_ENDED_ZH = regex(r"(?:[关开停锁]了|[别不].{0,4}[着了])(?P<at> )(?=[\u4e00-\u9fff])")
"""Chinese without marks, where a blank stands for a comma: 香氛关了 太冲了."""


_NEXT_EN = regex(
    r" (?=(?:open|close|shut|turn|switch|lock|unlock|raise|lower|dim|mute|navigate)(?: (?:on|off|up|down))? (?:the|my|all|both|it)\b)"
)
_VERB_EN_FIRST = regex(
    r"(?:please )?(?:turn|switch|open|close|shut|lock|unlock|raise|lower|dim|mute|pause|set)\b"
)
_THEN_NEXT = regex(
    r"(?:(?<=up)|(?<=down)) (?:and )?(?=(?:next|previous|skip|last) (?:song|track|one))"
)


def _things_end(plain: str) -> list[tuple[int, int]]:
    """Blanks in English without marks at which an order that has its thing ends and another begins:
    "turn off the radio|open the sunroof"."""
    if not _VERB_EN_FIRST.match(plain):
        return []
    ends = {thing.end for thing in find_things(plain)}
    return [match.span() for match in _NEXT_EN.finditer(plain) if match.start() in ends]


def followed_by_another(plain: str) -> list[tuple[int, int]]:
    """Blanks at which a sentence without marks ends and another begins; a reason that holds no
    order of its own is cut off whole."""
    found = _things_end(plain)
    then = _THEN_NEXT.search(plain)
    if then is not None and not read_polarity(plain[: then.start()]).negated:
        found.append(then.span())
    if (denied := _DENIED.match(plain)) and (denied["at"] or _ORDERS_ZH.match(plain, denied.end())):
        found.append(denied.span("at" if denied["at"] else "zh"))
    if reason := _BECAUSE.match(plain):
        start, end = reason.span("at")
        found.append((start, end if _ANY_DEED.search(plain, end) else len(plain)))
    if ended := _ENDED_ZH.search(plain):
        start, end = ended.span("at")
        found.append((start, end if _ORDERS_ZH.match(plain, end) else len(plain)))
    return found
