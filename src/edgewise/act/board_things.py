"""Whether words name the thing of a tool: a yes to a question about another thing would move it.

Words are matched to tools by likeness, and "open the front door" is alike to opening anything. A
call of a device's own tool that was read from words stands only if they name what the tool is
about, and not its contrary. Pure; a tool's name is all that is known of it.
"""

import re

from edgewise.act.board_deeds import BODIES, DEEDS
from edgewise.act.board_words import (
    ALSO_ZH,
    BODY,
    PLACES,
    QUALITIES,
    SYNONYMS,
    THINGS,
    VERBS,
    Named,
)


def speaks_of(text: str, tool: Named) -> bool:
    """Whether `text` may mean this tool: it names its thing, or refers to what was spoken of. A
    tool that is named by nothing is spoken of by any."""
    said = text.casefold()
    if not (tool.things or tool.doing or tool.chinese):
        return True
    if _is_contrary(said, tool):
        return False
    words = own_words(tool)
    if tool.is_deed:
        return _tells_deed(said, tool) and not _names_other(said, words)
    if any(_has(said, word) for word in words):
        return not _is_elsewhere(said, tool)
    return _REFERS.search(said) is not None and not _names_other(said, words)


def own_words(tool: Named) -> frozenset[str]:
    """What the tool's thing is called, in both languages; of several words the last, which is the
    thing that the others tell of."""
    if tool.chinese:
        return frozenset(filter(None, [_VERBS_ZH.sub("", tool.chinese)]))
    body = [name for name in BODIES.get(tool.body, ()) if name]
    about = [word for word in (*tool.things, *_rest(tool)) if not word.isdigit()]
    things = [word for word in about if word not in QUALITIES] or about
    if not things:
        return frozenset(body)
    head = things[-1]
    named = {head, SYNONYMS.get(head, head)}
    if head in SYNONYMS:
        named |= {word for word, other in SYNONYMS.items() if other in named}
    chinese = {zh for word in named for zh in (THINGS.get(word, ""), *ALSO_ZH.get(word, ())) if zh}
    return frozenset({*named, *chinese, *(QUALITIES.get(word, word) for word in things[-1:])})


def _rest(tool: Named) -> tuple[str, ...]:
    """The words of the doing that are no verb."""
    doing = tool.doing
    for length in (2, 1):
        if doing[:length] in VERBS:
            return doing[length:]
        if len(doing) > length and doing[-length:] in VERBS:
            return doing[:-length]
    return doing


def _has(said: str, word: str) -> bool:
    """A Chinese word anywhere, another one as a word, also of several things."""
    if not word.isascii():
        return word in said
    return re.search(rf"(?<![a-z]){re.escape(word)}(?:e?s)?(?![a-z])", said) is not None


def _names_other(said: str, words: frozenset[str]) -> bool:
    known = [word for pair in THINGS.items() for word in pair if word not in words]
    return any(_has(said, word) for word in known)


def _is_elsewhere(said: str, tool: Named) -> bool:
    """Whether it speaks of a place, and the tool is of another."""
    own = " ".join(tool.things)
    of = [place for place in PLACES if _has(own, place)]
    told = [
        place for place, zh in PLACES.items() if _has(said, place) or (len(zh) > 1 and zh in said)
    ]
    return bool(of and told) and not set(of) & set(told)


def _tells_deed(said: str, tool: Named) -> bool:
    """Whether the deed is told of the body, or of nobody: not that a box shall sit down."""
    names = {*tool.things, *(name for names in BODIES.values() for name in names), *_BODY_ZH}
    deeds = [deed[at : at + 2] for deed in DEEDS[tool.doing] for at in range(len(deed) - 1)]
    at = min((said.find(deed) for deed in deeds if deed in said), default=-1)
    if at >= 0:
        who = _FILLER_ZH.sub("", said[:at])
        return not who or any(name in who for name in names)
    found = re.search(rf"(?:{_SOMEBODY}([a-z ]+?) (?:to )?)?\b{re.escape(tool.doing[0])}", said)
    if found is None:
        return False
    return not found[1] or found[1].split()[-1] in BODY | names


def _is_contrary(said: str, tool: Named) -> bool:
    """Whether it speaks of the other way round: off where the tool switches on, left for right."""
    for one, other in _CONTRARY:
        here, there = one.search(" ".join(tool.doing)), other.search(" ".join(tool.doing))
        if bool(here) == bool(there):
            continue
        own, against = (one, other) if here else (other, one)
        if against.search(said) and not own.search(said):
            return True
    return False


_CONTRARY = tuple(
    (re.compile(one), re.compile(other))
    for one, other in (
        (r"\b(?:on|open|enable)\b|开|亮", r"\b(?:off|out|kill|close|shut|disable)\b|关|熄|灭"),
        (r"\bforwards?\b|前", r"\bback(?:wards?)?\b|后"),
        (r"\bleft\b|左", r"\bright\b|右"),
    )
)
_SOMEBODY = r"\b(?:the|my|our|your|that|this|an?) "
_BODY_ZH = ("机器人", "小车", "你", "您", "它", "宠物")
_FILLER_ZH = re.compile(
    r"[请让叫使令快就再先一下点往向朝个给我帮吧，,。！ ]|马上|现在|立刻|可以|能不能"
)
_REFERS = re.compile(r"\b(?:it|them|again)\b|它|再来|再一次|再做")
_VERBS_ZH = re.compile(
    r"打开|关闭|关掉|关上|开启|启动|停止|开关|切换|查询|设置|播放|[开关停]$|^[开关停]"
)
