"""A sentence cut into the names and words of a home.

A home's areas, floors and things are found however they are written: any case, with or without
articles, plural, possessive, spaces between characters, traditional or simplified. The cut with the
fewest pieces wins, so "garage door" is one thing and no door in the garage. What is no word of a
home stays as a piece without tags; who reads the pieces declines then.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from edgewise.core.home import Home
from edgewise.core.regex import regex
from edgewise.think.understanding import home_senses as senses
from edgewise.think.understanding import home_words as words
from edgewise.think.understanding.normalise import normalise
from edgewise.think.understanding.numbers import find_numbers

Tags = dict[str, tuple[str, ...]]
Phrases = dict[tuple[str, ...], Tags]

_TOKEN = regex(r"[a-z]+[a-z0-9]*(?:\.\d+)?|\d+(?:\.\d+)?|[\u3400-\u9fff]|[^\s\w,.!;:'’-]|\w")
_COSTS, _LITTLE_COSTS, _UNKNOWN_COSTS = 10, 11, 100
"""Of a piece, of one that means little (so that 门|锁咗 is cut and no 门锁|咗), of none."""
_LITTLE = frozenset({"fill", "asking"})
_MORE_TRADITIONAL = (
    "戶頭節態沒櫥鍋鏡鈴鈕縮繩蘋衛辦寫鑰隨順頁舊興藥術憶壺籃桿臺讓樣與樑檸檬氫淺灑瀏灶煩牆璃監紙級線綁縫纖聯臉莊葉蓮蘭襯規觀訂訪詢誤護"
    "臥檯枱檻廚櫃爐簾濾偵煙霧潔掃塵遙燒烤紗閘簷庫籬欄飾動寵餵餅乾罐購腳貓係邊嘢慳掣廁盞設塊嗎運狀況遊戲區隱鬧鐘調暫停緊關數剩還計開時氣電視聲臺壞溫濕"
)
_MORE_SIMPLIFIED = (
    "户头节态没橱锅镜铃钮缩绳苹卫办写钥随顺页旧兴药术忆壶篮杆台让样与梁柠檬氢浅洒浏灶烦墙璃监纸级线绑缝纤联脸庄叶莲兰衬规观订访询误护"
    "卧台台槛厨柜炉帘滤侦烟雾洁扫尘遥烧烤纱闸檐库篱栏饰动宠喂饼干罐购脚猫系边嘢悭掣厕盏设块吗运状况游戏区隐闹钟调暂停紧关数剩还计开时气电视声台坏温湿"
)
_FOLDED = {
    ord(a): b for a, b in zip(_MORE_TRADITIONAL, _MORE_SIMPLIFIED, strict=True) if a != b
} | {ord("閂"): "闩", ord("啲"): "些", ord("係"): "系", ord("綫"): "线", ord("偵"): "侦", ord("執"): "执",
     ord("腳"): "脚", ord("環"): "环", ord("腦"): "脑", ord("測"): "测", ord("範"): "范", ord("佔"): "占",
     ord("熱"): "热", ord("凍"): "冻", ord("裝"): "装", ord("淨"): "净", ord("幾"): "几", ord("無"): "无",
     ord("來"): "来", ord("緑"): "绿", ord("圍"): "围", ord("恆"): "恒", ord("轉"): "转", ord("換"): "换", ord("著"): "着", ord("雞"): "鸡"}  # fmt: skip
"""Characters of houses that `normalise` leaves as they are."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A name or word at its place among a sentence's tokens, with all that it may mean."""

    text: str
    tags: Tags
    start: int = 0
    number: float | None = None
    unit: str = ""

    def has(self, *kinds: str) -> bool:
        """Whether it may be of one of these kinds."""
        return any(kind in self.tags for kind in kinds)

    def value(self, kind: str) -> str:
        """Its first meaning of a kind, empty when it has none."""
        return self.tags.get(kind, ("",))[0]


def fold(text: str) -> str:
    """Text as names are compared: normal form, small, simplified. The length stays the same."""
    return normalise(text).plain.translate(_FOLDED)


def tokens_of(folded: str) -> list[re.Match[str]]:
    """Words, numbers, single Han characters and marks that mean something, in order."""
    return list(_TOKEN.finditer(folded))


def cut(plain: str, home: Home) -> list[Piece]:
    """The pieces of a normalised sentence, in order. Costs some tenths of a millisecond."""
    folded = plain.translate(_FOLDED)
    tokens = tokens_of(folded)
    texts = [token.group() for token in tokens]
    names, common = _home_phrases(home), _common_phrases()
    numbers = _number_pieces(folded, tokens)
    best: list[tuple[int, int, Piece | None]] = [(0, 0, None)] * (len(texts) + 1)
    for i in range(len(texts) - 1, -1, -1):
        best[i] = _best_from(i, texts, best, names, common, numbers.get(i, ()))
    pieces: list[Piece] = []
    at = 0
    while at < len(texts):
        _, width, piece = best[at]
        assert piece is not None
        pieces.append(piece)
        at += width
    return pieces


def _best_from(
    i: int, texts: list[str], best: list[tuple[int, int, Piece | None]],
    names: "_Known", common: "_Known", numbers: Iterable[tuple[int, float, str]],
) -> tuple[int, int, Piece | None]:  # fmt: skip
    """The cheapest cut from token `i` on: its cost, the width of its first piece, the piece."""
    found: tuple[int, int, Piece | None] = (
        best[i + 1][0] + _UNKNOWN_COSTS, 1, Piece(texts[i], {}, i)
    )  # fmt: skip
    for width, value, unit in numbers:
        cost = best[i + width][0] + _COSTS
        if cost <= found[0]:
            tags: Tags = {"number": ("",)}
            found = (cost, width, Piece(" ".join(texts[i : i + width]), tags, i, value, unit))
    longest = max(names.longest.get(texts[i], 0), common.longest.get(texts[i], 0))
    for width in range(1, min(longest, len(texts) - i) + 1):
        key = tuple(texts[i : i + width])
        own, shared = names.phrases.get(key), common.phrases.get(key)
        if own is None and shared is None:
            continue
        tags = {**(shared or {}), **(own or {})}
        cost = best[i + width][0] + (_LITTLE_COSTS if _LITTLE.issuperset(tags) else _COSTS)
        if cost <= found[0]:
            found = (cost, width, Piece(" ".join(key), tags, i, None, ""))
    return found


def _number_pieces(
    folded: str, tokens: list[re.Match[str]]
) -> dict[int, list[tuple[int, float, str]]]:
    """By first token: how many tokens a number takes, its value and unit."""
    found: dict[int, list[tuple[int, float, str]]] = {}
    starts = {token.start(): i for i, token in enumerate(tokens)}
    ends = {token.end(): i + 1 for i, token in enumerate(tokens)}
    for number in find_numbers(folded):
        first, last = starts.get(number.start), ends.get(number.end)
        if first is not None and last is not None:
            found.setdefault(first, []).append((last - first, number.value, number.unit))
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """Phrases, and by first token the width of the longest."""

    phrases: Phrases
    longest: dict[str, int]


def _known(pairs: Iterable[tuple[str, str, str]]) -> _Known:
    """From (phrase, kind, meaning)."""
    phrases: Phrases = {}
    longest: dict[str, int] = {}
    for phrase, kind, meaning in pairs:
        key = tuple(token.group() for token in tokens_of(fold(phrase)))
        if not key:
            continue
        tags = phrases.setdefault(key, {})
        if meaning not in tags.get(kind, ()):
            tags[kind] = (*tags.get(kind, ()), meaning)
        longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return _Known(phrases, longest)


@cache
def _common_phrases() -> _Known:
    """The words that every home shares."""
    tables: Mapping[str, words.Table] = {
        "thing": words.THINGS, "doing": words.DOINGS, "particle": words.PARTICLES,
        "place": words.PLACES, "all": words.ALL, "color": words.COLORS,
        "extreme": words.EXTREMES, "property": words.PROPERTIES, "unit": words.UNITS,
        "base": words.BASES, "state": words.STATES, "sensed": senses.SENSED,
        "sign": senses.SIGNS, "measure": senses.MEASURES,
    }  # fmt: skip
    lists = {
        "room": words.ROOMS, "fill": words.FILL, "asking": words.ASKING, "asks": words.ASKS,
        "people": words.PEOPLE, "negation": words.NEGATIONS, "warmth": senses.WARMTH,
        "weather": words.WEATHER, "media": words.MEDIA,
    }  # fmt: skip
    pairs = [
        (phrase, kind, meaning)
        for kind, table in tables.items()
        for meaning, phrases in table.items()
        for phrase in phrases.split("|")
    ]
    pairs += [(phrase, kind, "") for kind, each in lists.items() for phrase in each.split("|")]
    return _known(pairs)


@lru_cache(maxsize=16)
def _home_phrases(home: Home) -> _Known:
    """The names of one home in all the ways they are written."""
    pairs = [(way, "area", area) for area in home.areas for way in _ways(area)]
    pairs += [(way, "floor", floor) for floor in home.floors for way in _ways(floor)]
    pairs += [
        (way, "entity", str(number))
        for number, entity in enumerate(home.entities)
        for way in _ways(entity.name)
    ]
    return _known(pairs)


def _ways(name: str) -> set[str]:
    """A name as it is written and said: optional letters, article, plural, apostrophe."""
    plain = fold(name).strip()
    ways = {re.sub(r"\[[^\]]*\]", "", plain), re.sub(r"[\[\]]", "", plain)}
    ways |= {re.sub(r"^(?:the|my|our) ", "", way) for way in ways}
    ways |= {way.replace("'", "").replace("’", "") for way in ways}
    for way in list(ways):
        if re.search(r"[a-z]{3}$", way):
            ways.add(way.removesuffix("s") if way.endswith("s") else way + "s")
    return ways
