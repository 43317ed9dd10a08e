"""Speech as recognisers and hurried fingers write it -> the same sentence, plainly.

Fillers inside a sentence go, frequent words taken for others of the same sound are put right,
English nouns in a Chinese sentence become Chinese, and one wrong letter in a frequent command word
is mended when no other word could be meant. Free text is left as it was said: nobody's message is
rewritten. The tables hold sure cases only.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from collections.abc import Callable
from functools import lru_cache

from edgewise.core.regex import regex
from edgewise.think.understanding.normalise import Normal, is_chinese

_FREE = regex(
    r"\b(?:text|message|email|mail|tell|remind|remember|note|memo|say|write|translate|search|google|send|call|dial|play|named?|called)\b|\""
    r"|发.{0,4}(?:短信|消息|微信|邮件|信息)|告诉|转告|提醒|[跟和给对].{1,6}?说|记住|记一?下|翻译|搜|播放|[点放]一?首|听|打电话|拨打"
)
_FILLER = regex(
    r"(?<![a-z'])(?:u+m+|u+h+|e+r+m*|hm+)(?![a-z'])[ ,]*|(?<=[a-z])(?<!'d)(?<!would)(?<!\bi)(?<!\bwe) like (?=(?:turn|open|close|shut|set|switch|put|lock|unlock|make|uh|um|a|the)\b)"
    r"|(?<![a-z])(?:(?:you know|sort of|kind of),? (?=(?:turn|open|close|shut|set|switch|put|lock|unlock|make|the)\b)|(?<![a-z] )(?<![a-z], )i mean,? (?=(?:turn|open|close|shut|set|switch|put|lock|unlock|make)\b))"
    r"|[嗯呃額额]+(?:那个)?[, ]*|那个(?=呃|嗯)|(?<=把)那个(?=[\u4e00-\u9fff]{2})(?!关|开|打)"
)
_SOUNDS: dict[str, str] = {
    "座以": "座椅", "坐椅": "座椅", "做椅": "座椅", "坐以": "座椅", "空条": "空调", "空挑": "空调", "天床": "天窗", "车床": "车窗",
    "车创": "车窗", "后背箱": "后备箱", "后备相": "后备箱", "氛围等": "氛围灯", "阅读等": "阅读灯", "打开大等": "打开大灯", "音亮": "音量",
    "阴量": "音量", "倒行到": "导航到", "导行到": "导航到", "后试镜": "后视镜", "后市镜": "后视镜", "雨挂": "雨刮", "香芬": "香氛",
    "付驾": "副驾", "负驾": "副驾", "主架": "主驾", "副架": "副驾", "后牌": "后排", "风亮": "风量", "关必": "关闭",
}  # fmt: skip
_SOUND = regex("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_MIXED: tuple[tuple[str, str], ...] = (
    (r"seat heat(?:ing|er)|heated seat", "座椅加热"), (r"air con(?:ditioning|ditioner)?|a/?c", "空调"), (r"sun ?roof", "天窗"), (r"windows?", "车窗"),
    (r"trunk", "后备箱"), (r"volume", "音量"), (r"music", "音乐"), (r"temperature|temp", "温度"), (r"fan", "风量"), (r"navigation", "导航"),
    (r"head ?lights?", "大灯"), (r"lights?", "灯"), (r"doors?", "车门"), (r"mirrors?", "后视镜"), (r"turn on|open|switch on", "打开"),
    (r"turn off|close|switch off", "关闭"), (r"unlock", "解锁"), (r"lock", "锁上"), (r"navigate to", "导航到"), (r"mute", "静音"),
)  # fmt: skip
_MIX = regex(
    "|".join(rf"(?P<m{i}>(?<![a-z])(?:{p})(?![a-z])) ?" for i, (p, _) in enumerate(_MIXED))
)
_NAVIGATED = regex(
    r"(导航|navigate|带我去?|去) ?to (?=[\u4e00-\u9fff])|(导航|navigate)to(?=[\u4e00-\u9fff])"
)
_WORDS = [
    "window",
    "windows",
    "temperature",
    "sunroof",
    "trunk",
    "volume",
    "headlights",
    "headlight",
    "lights",
    "heating",
    "conditioning",
    "conditioner",
    "passenger",
    "driver",
    "mirror",
    "mirrors",
    "wipers",
    "wiper",
    "massage",
    "defrost",
    "defroster",
    "navigate",
    "navigation",
    "ambient",
    "reading",
    "music",
    "bluetooth",
    "recirculation",
    "close",
    "open",
    "unlock",
    "lower",
    "raise",
    "switch",
    "turn",
    "increase",
    "decrease",
    "degrees",
    "percent",
    "fold",
    "unfold",
    "seat",
    "heated",
    "ventilation",
]
_COMMON = frozenset(
    ["widow", "widows", "winner", "wind", "trunks", "drunk", "mirrored", "ripe", "wiped", "wider", "later", "latest", "light", "fights", "nights", "rights", "sights", "tights", "drive", "drives", "divers", "diver", "river", "driven", "rivers", "clothes", "those", "chose", "lose", "nose", "rose", "loses", "closed", "closer", "closet", "opens", "opener", "oven", "omen", "lover", "power", "tower", "slower", "flower", "glower", "loser", "raised", "raises", "praise", "rise", "mass", "message", "messages", "masses", "reaching", "leading", "heading", "breading", "dreading", "trading", "readings", "seats", "beat", "neat", "heat", "meat", "feat", "sea", "set", "sets", "eat", "east", "sent", "meet", "cat", "sat", "burn", "tuna", "tune", "tunes", "turf", "torn", "tern", "runt", "turns", "turned", "stitch", "witch", "swatch", "twitch", "unlocked", "unlocks", "block", "fold", "folds", "gold", "hold", "cold", "told", "sold", "bold", "folk", "food", "ford", "fond", "unfolds", "mold", "foldable", "heater", "seated", "treated", "hearted", "heating", "beating", "eating", "heaping", "muses", "musical", "magic", "monsoon", "roofs", "locks", "locked", "lowered", "blower", "towed", "love", "lovers", "driving", "ten", "tone", "tune", "hears", "hearing", "rearing", "rending", "degree", "percents", "present", "recent", "passengers", "messenger", "navigates", "navigating", "navigator", "volumes", "column", "hefting", "floating", "close", "clone", "clove", "cosy", "nope", "pen", "rope", "hope", "cope", "dope", "mope"]
)  # fmt: skip
_TOKEN = regex(r"(?<![a-z'])[a-z]{4,14}(?![a-z'])")


def plainly(normal: Normal) -> Normal:
    """The sentence without fillers and slips; itself when it holds somebody's own words."""
    if len(normal.plain) > 160 or _FREE.search(normal.plain):
        return _navigated(normal)
    normal = _replace(normal, _FILLER, lambda m: " " if m.group()[:1] == " " else "")
    if is_chinese(normal.plain):
        normal = _replace(normal, _SOUND, lambda m: _SOUNDS[m.group()])
        normal = _navigated(normal)
        return _replace(normal, _MIX, lambda m: _MIXED[int((m.lastgroup or "m0")[1:])][1])
    normal = _replace(normal, _TURN_OF, lambda m: "turn off")
    normal = _replace(normal, _DISMISSED, lambda m: "")
    return _replace(normal, _TOKEN, lambda m: mended(m.group()))


def _navigated(normal: Normal) -> Normal:
    return _replace(normal, _NAVIGATED, lambda m: "导航到")


def _replace(
    normal: Normal, pattern: re.Pattern[str], by: Callable[[re.Match[str]], str]
) -> Normal:
    """Both forms with every match replaced; the form as written keeps its capitals elsewhere."""
    text: list[str] = []
    plain: list[str] = []
    start = 0
    for match in pattern.finditer(normal.plain):
        made = by(match)
        if made == match.group():
            continue
        for parts, whole in ((text, normal.text), (plain, normal.plain)):
            parts += [whole[start : match.start()], made]
        start = match.end()
    if not start:
        return normal
    written, read = "".join(text) + normal.text[start:], "".join(plain) + normal.plain[start:]
    made_of = Normal(written, read).cut(0, len(read))
    return made_of if made_of.plain.strip(" ,.!?") else normal


@lru_cache(maxsize=2048)
def mended(word: str) -> str:
    """The frequent command word that `word` is one letter away from, if exactly one is."""
    if word in _MISSPELT:
        return _MISSPELT[word]
    inflected = word[:-1] in _KNOWN and word[-1] in "sd"
    if word in _KNOWN or inflected or word in _COMMON or word.removesuffix("s") in _COMMON:
        return word
    near = [known for known in _WORDS if len(known) > 3 and _one_slip(word, known)]
    if len(near) > 1:
        near = [known for known in near if sorted(known) == sorted(word)] or near
    return near[0] if len(near) == 1 else word


_DISMISSED = regex(
    r"^(?:forget|skip|never ?mind|instead of|no need for)(?: about)? (?:the |my )?(?!to\b)[a-z]+(?: [a-z]+)? (?:and )?(?:just |rather )?(?=(?:open|close|shut|turn|switch|lock|unlock|play|set|put) (?:the|my|a|an|all|some|it|on|off|up|down)\b)"
)
"""What shall not be done, before what shall: "forget the ac open the windows instead"."""
_TURN_OF = regex(
    r"(?:^|(?<=please )|(?<=and )|(?<=then )|(?<=you )|(?<=, ))turn of"
    r"(?= (?:the (?!month|year|century|day|tide|events)|my |all |it\b|this |that |both ))"
)
_KNOWN = frozenset(_WORDS)
_MISSPELT = {"tempature": "temperature", "temprature": "temperature", "tempreture": "temperature", "vollume": "volume",
             "conditoning": "conditioning", "condishioning": "conditioning", "windsheild": "windshield"}  # fmt: skip


def _one_slip(said: str, known: str) -> bool:
    """One letter left out, put in, exchanged, or two neighbours swapped; short words: swaps only."""
    if abs(len(said) - len(known)) > 1 or (said[0] != known[0] and sorted(said) != sorted(known)):
        return False
    if len(said) == len(known):
        wrong = [i for i, (a, b) in enumerate(zip(said, known, strict=True)) if a != b]
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1 and sorted(said) == sorted(known)
        return swapped or (len(wrong) == 1 and len(known) > 5)
    longer, shorter = (said, known) if len(said) > len(known) else (known, said)
    if len(known) < 6:
        return False
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))
