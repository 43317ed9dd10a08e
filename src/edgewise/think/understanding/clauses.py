"""One sentence -> its clauses, each of which asks for one thing.

It splits at connecting words, at commas, and where a verb starts again with nothing between
("关闭空调关闭所有车窗关闭大灯"). Words that are carried along ("and the passenger's too") are joined
again by `leaning`, which knows the functions. Free text (a message's body, a song's name) is not
split: `_FREE` marks clauses that swallow the rest.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from collections.abc import Sequence

from edgewise.core.regex import regex
from edgewise.think.understanding.adjacent import (
    adjacent_orders,
    followed_by_another,
)
from edgewise.think.understanding.choice import begins_choice, offers_choice
from edgewise.think.understanding.exceptions import leads, trails
from edgewise.think.understanding.normalise import Normal, is_chinese
from edgewise.think.understanding.pairs import pairs
from edgewise.think.understanding.restarts import behind, restarted
from edgewise.think.understanding.several_times import times_apart
from edgewise.think.understanding.things import apart
from edgewise.think.understanding.verbatim import dictated_from, titles
from edgewise.think.understanding.verbs import VERB_EN, VERB_ZH
from edgewise.think.understanding.zones import find_places

MAX_CLAUSES = 20

_JOIN_ZH = (
    r"然后再?|接着|随后|再(?=把|将|打开|开|关|帮|给|来|放|播|设|导|发|查|调[到成高低大小]|锁|打)|顺便再?|顺带|"
    r"并且|并(?=把|将|打开|开|关|播|导|调|设|锁|发|收|折|展|升|降|解|启|停|取|切)|还有(?!多|几|没|什么|哪|别的|其他|其它)|另外|同时|而且|但是?(?=把|将|打开|开|关|调|锁)|不过|最后|之后再|完了再|也(?=把|将|打开|开启|关)"
)
_JOIN_EN = r"(?:,? ?(?:and|then|also|plus|but)\b(?: (?:and|then|also|after that|please|finally))*|,? after that,?|,? finally,?)"

# A clause that starts like this takes the rest of the sentence: it holds free text.
_FREE = regex(
    r"^(?:please )?(?:text|message|email|mail|wechat|reply|tell(?! me\b| us\b)|remind|write|remember|note|memo|say|translate|post|tweet|send)\b"
    r"|^(?:add|put|remove|delete|take|tick|check|cross)\b[^;.]*\b(?:list|to-?dos?)\b|^(?:请|帮我|把|将|往|在)*[^;.]{0,30}?(?:清单|购物单|待办)(?:里|上|中)?(?:再)?[加添删去记写]|^(?:请|帮我)?[把将][^;.]{1,30}(?:加|添|放|写|记)[到进入](?:我的?)?(?:购物|待办|采购)"
    r"|^(?:请|帮我)?(?:发(?:个|条|一条|一封|封)?(?:短信|消息|微信|邮件|信息)|给(?:(?!电话).){1,10}?发(?:个|条|一条|一封|封|短信|消息|微信|邮件|信息)|"
    r"告诉(?!我)|回复|提醒|跟.{1,8}?说|记住|记一下|记下|翻译|备忘|和.{1,8}?说|转告)"
)
_STRONG = regex(
    r"(?:(?<!\bdr)(?<!\bmr)(?<!\bms)(?<!\bmrs)(?<!\bst)(?<!\b[a-z])\.(?=\s|$|[\u4e00-\u9fff])|[;!?])+|,(?!\d{3}\b)|(?<=[\u4e00-\u9fff]{4}) (?=[\u4e00-\u9fff]*(?:打开|开启|关闭|关掉|关上|调高|调低|调大|调小|锁上|解锁|播放|把|将))"
)
_FREE_END = regex(
    rf"(?:[,.;!] ?(?:and |then |and then )?(?:also )?(?=(?:{VERB_EN})\b)|,? then (?=(?:{VERB_EN})\b)"
    rf"|[,.;!] ?(?:然后|再|顺便|并且|同时)|,? ?(?:然后|顺便)(?=(?:再|把|将)?(?:{VERB_ZH}))"
    rf"|,? and (?=(?:turn|switch|open|close|lock|navigate|play|set) ))"
)


Spans = Sequence[tuple[int, int]]


def split_clauses(normal: Normal, begins: Sequence[int] = (), names: Spans = ()) -> list[Normal]:
    """The clauses of a sentence in order, at most `MAX_CLAUSES` and one more holding the rest.
    `begins` are places in its `plain` where the command model saw another order begin; inside the
    spans `names` nothing is cut."""
    found: list[Normal] = []
    for part in _sentences(normal, names):
        if len(found) > MAX_CLAUSES:
            break
        at = normal.plain.find(part.plain)
        inside = [b - at for b in begins if at < b < at + len(part.plain)] if at >= 0 else []
        own = [(a - at, b - at) for a, b in names] if at >= 0 else []
        for piece in _split_part(part, inside, own):
            whole = holds_free_text(piece.plain) or offers_choice(piece.plain)
            found.extend([piece] if whole else times_apart(piece) or apart(piece))
    return found[: MAX_CLAUSES + 1]


def holds_free_text(plain: str) -> bool:
    """Whether a sentence opens with words behind which somebody's own words stand."""
    return _FREE.match(_opening(plain, 0)) is not None


def begins_with_verb(plain: str) -> bool:
    """Whether a clause opens with a verb that orders something."""
    return re.match(rf"(?:{VERB_EN})\b|(?:{VERB_ZH}|[开关锁放听])", plain) is not None


def _sentences(normal: Normal, names: Spans) -> list[Normal]:
    """Parts between commas and full stops, but the rest in one piece after a free-text opening."""
    plain, start, parts = normal.plain, 0, list[Normal]()
    while start < len(plain):
        while start < len(plain) and plain[start] in " ,.;!?":
            start += 1
        if _FREE.match(_opening(plain, start)):
            dictated = dictated_from(plain[start:]) is not None
            end = None if dictated else _FREE_END.search(plain, start)
            stop, after = (end.start(), end.end()) if end else (len(plain), len(plain))
        else:
            end = _outside_titles(_STRONG, plain, start, names)
            stop, after = (end.start(), end.end()) if end else (len(plain), len(plain))
        piece = normal.cut(start, stop + (end is not None and plain[stop : stop + 1] == "?"))
        if piece.plain:
            parts.append(piece)
        start = max(after, start + 1)
    return _rejoin(parts)


def _outside_titles(
    pattern: re.Pattern[str], plain: str, start: int, names: Spans
) -> re.Match[str] | None:
    named = [*titles(plain), *names]
    return next(
        (m for m in pattern.finditer(plain, start)
         if not any(a <= m.start() < b for a, b in named)),
        None,
    )  # fmt: skip


def _opening(plain: str, start: int) -> str:
    return _BEFORE_OPENING.sub("", plain[start : start + 90])


_BEFORE_OPENING = regex(r"^(?:please |can you |could you |and |then |请你?|麻烦你?|帮我|再|然后)+")


def _rejoin(parts: list[Normal]) -> list[Normal]:
    """A part without anything to do ("please", "明天早上八点") goes with its neighbour."""
    joined: list[Normal] = []
    for part in parts:
        if joined and _belongs(joined[-1].plain, part.plain):
            last = joined.pop()
            joined.append(Normal(f"{last.text}, {part.text}", f"{last.plain}, {part.plain}"))
        else:
            joined.append(part)
    return joined


def _belongs(before: str, plain: str) -> bool:
    """Whether a part says nothing without the one before it, or that one without this."""
    if (
        _TAIL.search(plain) or _HEAD.search(before) or _OPEN_ENDED.search(before)
        or begins_choice(plain)
    ):  # fmt: skip
        return True
    return not holds_free_text(before) and (leads(before) or trails(before, plain))


_TAIL = regex(
    r"^(?:please|please search|thanks|thank you|ok|okay|right|will you|would you|can you|could you|谢谢你?|好吗|好不好|行吗|可以吗|拜托)\W*$"
    r"|^(?:at|for|in|on|to|by|from|with|until) (?!.*\b(?:turn|open|close|set|play)\b)|^(?:called|named|saying|内容是|主题是|名字叫|标题是|时间是|号码是)"
)
_OPEN_ENDED = regex(
    r"\b(?:find(?: me)?|locate|look(?:ing)? (?:up|for)|search for|show me|titled|with the title)$"
)
"""A verb whose thing is still to come: "please help me find, The Long Way Home"."""
_HEAD = regex(
    r"^(?:please|hey|ok|okay|hi|hello|well|so|um|uh|你好|喂|嗨|嘿|那个|嗯|请|麻烦|麻烦你|小助手|hey car|excuse me|(?:on)?to (?:[a-z0-9'&-]+ ){0,8}[a-z0-9'&-]+|"
    r"(?:明天|后天|今天|今晚|明早)?(?:早上|上午|中午|下午|晚上)?(?:\d|[一二三四五六七八九十])*点?半?|tomorrow(?: morning| evening)?|tonight)$"
)


def _split_part(part: Normal, begins: Sequence[int], names: Spans) -> list[Normal]:
    plain = part.plain
    if _FREE.match(_opening(plain, 0)) or offers_choice(plain):
        return [part]
    if each := pairs(part):
        return each
    found = sorted((*_joined(plain), *restarted(plain), *followed_by_another(plain)))
    cuts = [
        (start, end) for start, end in found[: 3 * MAX_CLAUSES]
        if not trails(plain[:start], plain[end:])
        and not _BARE_VERB.fullmatch(_opening(f"{plain[:end]}|{plain[end:]}", 0))
        and not any(a < start < b for a, b in (*titles(plain), *names))
    ]  # fmt: skip
    cuts = _with_adjacent(plain, cuts) or behind(plain)
    return _cut_at(part, sorted([*cuts, *_learnt(plain, begins, cuts)]))


def _with_adjacent(plain: str, cuts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The cuts with those between a finished order and the next thing; the verb of that thing
    opens no clause of its own."""
    begins = adjacent_orders(plain) if is_chinese(plain) else []
    kept = [(a, b) for a, b in cuts if not any(begin < a <= begin + _NAME for begin in begins)]
    return kept + [(at, at) for at in begins if all(abs(at - a) > 1 for a, _ in kept)]


_BARE_VERB = regex(
    r"(?:find|find me|look up|search|search for|locate|choose|pick|shuffle) ?and ?\|(?:play|queue|book|add|make|find me|show)\b.*|(?:go|come|try) ?and ?\|.*"
)
"""A verb that has its thing in common with the next one: "find and|queue all songs by ..."."""
_NAME = 8
"""Characters of the longest thing with its place."""
_LINK = regex(
    r"[ ,.;]*(?:and then|and also|and|then|also|plus|然后再?|接着再?|顺便再?|并且|还有|另外|同时|再|和)?[ ,]*"
)


def _learnt(
    plain: str, begins: Sequence[int], cuts: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Cuts where the model saw an order begin and no rule saw one; no cut inside a title."""
    if _EXCEPT.search(plain) or _OF_WORDS.search(plain):
        return []
    named = titles(plain)
    found: list[tuple[int, int]] = []
    for begin in begins:
        link = _LINK.match(plain, begin)
        after = link.end() if link else begin
        if (
            min(begin, len(plain) - after) >= _SHORTEST
            and (_DOES.search(plain, after) or _goes_on(plain[begin:after], plain[after:]))
            and not plain.startswith(("还是", "算了"), begin)
            and not _only_places(plain[:begin])
            and not _OPEN_ENDED.search(plain[:begin].rstrip(" ,"))
            and all(abs(left - begin) > _NEAR for left, _ in cuts)
            and not any(a < begin < b for a, b in named)
        ):
            found.append((begin, after))
    return found


_VERB_ONLY = regex(
    rf"^(?:我?(?:想要?|需?要)|顺手|顺便|麻烦你?|再|请|帮我|给我|把|将|{VERB_ZH}|[开关]|了|一下|[ ,])*"
)


def _only_places(before: str) -> bool:
    """Whether nothing but places, or nothing at all, follows a verb: 打开主驾|和副驾的座椅加热 is
    one order, and so is 我想关了|副驾的座椅通风."""
    bare = _VERB_ONLY.sub("", before).rstrip(" 和与跟及、")
    covered = sum(place.end - place.start for place in find_places(bare))
    return covered >= len(bare)


_OF_WORDS = regex(r"这(?:句话?|几个字|个词|句子)|\bthis (?:sentence|phrase|word)\b")
_EXCEPT = regex(r"\b(?:except|apart from|but not|other than|besides)\b|除了|除开|除去|以外|之外")
_DOES = regex(
    rf"\b(?:{VERB_EN}|i|we|need|want|please|could|would|will|can|stream|rate|purchase|locate|look|get|forward|use|try)\b"
    rf"|{VERB_ZH}|(?<!空)调|[开关听看去放走找搜查订唱]|加热|通风|按摩|[档挡度]$|百分之|太|有点|一[点些]|[最很][大小高低]|[吗呢]|怎么|多少|几"
)
"""What an order or question of its own has and a thing alone has not: 和空调, "and the fan"."""
_SHORTEST, _NEAR = 2, 6
"""Characters that an order has at the least; how near two cuts are one and the same."""


def _goes_on(link: str, rest: str) -> bool:
    """Whether an English joining word opens an order in whatever words ("and then mark it as read")
    or so many follow it that they are no second thing ("and overcast in Pawling on Friday")."""
    if not rest.isascii():
        return False
    words = len(rest.split())
    again = re.search("then|also|plus", link) is not None
    thing = rest.startswith(("the ", "my ", "all ", "both "))
    return words > 1 and (again or ("and" in link and words > _THING_WORDS and not thing))


_THING_WORDS = 5
"""Words of the longest thing that is named with its place: "the fan on my side"."""


def _joined(plain: str) -> list[tuple[int, int]]:
    """Connecting words with an order behind them."""
    found = [
        match for match in re.finditer(_JOIN_ZH, plain)
        if not (match.group() in "也再" and _no_verb_at_ends(plain, match))
    ]  # fmt: skip
    for pattern in (_AND_VERB, _UNKNOWN_VERB, _AND_VERB_ZH, _BUT_NOT):
        found += pattern.finditer(plain)
    return [match.span() for match in found if match.start() > 0]


_AND_VERB = regex(
    rf" ?(?<![a-z]){_JOIN_EN} (?=(?:{VERB_EN})\b|(?:another|an?) (?:[a-z]+ ){{0,2}}(?:alarm|timer|reminder)\b)"
)
_AND_VERB_ZH = regex(
    rf"(?:和|与|跟|及)(?=(?:{VERB_ZH}))|(?:和|跟|以及)(?=再?一个[^,]{{0,8}}(?:闹钟|计时器?|倒计时|提醒)$)"
)


_BUT_NOT = regex(
    r",? (?:but|and) (?:please )?(?=(?:do not|don'?t|never) )|(?:但是?|不过|可是|而且)(?=别|不要|不许|不准)"
    r"|(?<![别要])(?<=[吹开关调锁放].)(?=别[吹开关调锁放])|(?<![别要])(?<=[吹开关调锁放]..)(?=别[吹开关调锁放])"
)
"""A denial of its own behind an order voids nothing but itself: 吹脸|别吹脚."""


def _no_verb_at_ends(plain: str, also: re.Match[str]) -> bool:
    """Whether what stands before 也 is no finished order: 副驾的也打开, 车窗再关小一点."""
    before = plain[: also.start()]
    begins = re.match(rf"(?:帮我|请|给我|先)*(?![把将])(?:{VERB_ZH}|[开关锁])", before) is not None
    return not begins and re.search(rf"(?:{VERB_ZH}|[开关点度档挡些])(?:了|好)?$", before) is None


_UNKNOWN_VERB = regex(
    r",? and (?:then )?(?=(?!(?:in|at|on|for|to|with|of|from|by|the|all|half|both|not|even|over|under|behind|near|also|only|what|how|is|so|that|this|my|his|her|its|our|your)\b)[a-z]{2,12}"
    r" (?:up |down |on |off |in |out )?(?:the|my|a|an|some|me|us|it|them|our)\b)|,? and (?=[\u4e00-\u9fff])"
)
"""An order whose verb no list knows ("and wash the car"): a clause of its own, to be named."""


def _cut_at(part: Normal, cuts: list[tuple[int, int]]) -> list[Normal]:
    pieces: list[Normal] = []
    start = 0
    for left, right in cuts:
        if left < start:
            continue
        piece = part.cut(start, left)
        if piece.plain.strip(" ,"):
            pieces.append(piece)
            start = right
    last = part.cut(start, len(part.plain))
    if last.plain.strip(" ,.!"):
        pieces.append(last)
    return pieces
