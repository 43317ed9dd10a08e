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
_PAIRS = (
    "閂闩 啲些 綫线 執执 環环 腦脑 範范 凍冻 裝装 緑绿 恆恒 著着 雞鸡 戶户 頭头 節节 態态 沒没 "
    "櫥橱 鍋锅 鏡镜 鈴铃 鈕钮 縮缩 繩绳 蘋苹 衛卫 辦办 鑰钥 隨随 順顺 頁页 舊旧 興兴 藥药 壺壶 "
    "籃篮 桿杆 讓让 與与 樑梁 檸柠 氫氢 淺浅 灑洒 瀏浏 煩烦 牆墙 監监 紙纸 綁绑 縫缝 纖纤 聯联 "
    "臉脸 莊庄 蓮莲 蘭兰 襯衬 規规 觀观 訂订 訪访 詢询 誤误 護护 臥卧 檯台 枱台 檻槛 廚厨 櫃柜 "
    "爐炉 簾帘 濾滤 偵侦 煙烟 潔洁 掃扫 塵尘 遙遥 燒烧 紗纱 閘闸 簷檐 籬篱 欄栏 飾饰 寵宠 餵喂 "
    "乾干 購购 腳脚 係系 慳悭 盞盏 塊块 狀状 況况 遊游 戲戏 隱隐 緊紧 壞坏 書书 筆笔 魚鱼 龜龟 "
    "麗丽 齒齿 齡龄 見见 覺觉 語语 詞词 譯译 識识 負负 財财 貨货 費费 貼贴 貴贵 賽赛 贊赞 趕赶 "
    "跡迹 踐践 軌轨 軍军 輕轻 載载 輔辅 輛辆 輝辉 農农 遞递 遷迁 郵邮 鄉乡 醜丑 醬酱 釀酿 釋释 "
    "針针 釘钉 鈉钠 鉛铅 鉤钩 銅铜 鋁铝 鋼钢 錯错 鍵键 鎮镇 鏈链 長长 閃闪 閒闲 闊阔 險险 隊队 "
    "難难 靈灵 領领 願愿 飼饲 飽饱 騎骑 騰腾 驅驱 驚惊 髒脏 髮发 鴨鸭 鵝鹅 鷹鹰 鹽盐 黨党 齊齐 "
    "亂乱 亞亚 優优 傢家 傘伞 傷伤 償偿 僅仅 冊册 凱凯 劇剧 劍剑 勁劲 勝胜 勞劳 勢势 勵励 協协 "
    "卻却 厭厌 參参 叢丛 嚴严 嚐尝 團团 圓圆 堅坚 塗涂 墊垫 墻墙 壽寿 夢梦 夾夹 奪夺 婦妇 宮宫 "
    "寧宁 寬宽 寶宝 屬属 崗岗 島岛 嶺岭 幣币 帳帐 廄厩 廠厂 廢废 彈弹 彎弯 彙汇 徑径 徹彻 恥耻 "
    "惡恶 惱恼 慶庆 慮虑 慣惯 懶懒 懷怀 戀恋 戰战 掛挂 採采 揚扬 揮挥 損损 搖摇 擊击 擔担 擠挤 "
    "擬拟 擺摆 擾扰 攔拦 攝摄 攪搅 敗败 敵敌 於于 晝昼 暈晕 曬晒 朧胧 極极 構构 槍枪 樹树 橢椭 "
    "權权 歐欧 歷历 歸归 殘残 殺杀 殼壳 毀毁 決决 洩泄 涼凉 淚泪 渦涡 準准 溝沟 滅灭 滾滚 漁渔 "
    "漢汉 漲涨 漸渐 澤泽 澆浇 濃浓 濟济 濤涛 濱滨 灘滩 災灾 烏乌 煉炼 燙烫 營营 爛烂 爭争 獎奖 "
    "獨独 獲获 瑪玛 瓏珑 產产 畢毕 異异 療疗 癢痒 皺皱 盜盗 盤盘 眾众 矚瞩 硯砚 磚砖 礎础 礦矿 "
    "禮礼 稱称 積积 穩稳 窩窝 窮穷 竈灶 競竞 築筑 簽签 籠笼 粵粤 糧粮 紋纹 納纳 純纯 紛纷 細细 "
    "終终 組组 絕绝 絨绒 統统 絲丝 經经 維维 練练 績绩 織织 繞绕 繪绘 罰罚 聖圣 聞闻 聰聪 職职 "
    "肅肃 脈脉 腎肾 腸肠 膠胶 膚肤 臨临 舉举 艙舱 艦舰 蒼苍 蔥葱 薑姜 薦荐 薩萨 藝艺 蘿萝 虛虚 "
    "蛻蜕 蝦虾 螞蚂 蟲虫 蠟蜡 蠶蚕 衝冲 補补 製制 複复 褲裤 襪袜 羈羁 "
)
_FOLDED = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}
"""Traditional characters of houses and of their names that `normalise` leaves as they are."""


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
