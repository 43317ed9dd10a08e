"""Where a Chinese verb starts another order with nothing between: 开空调|关窗户, 车窗打开|空调关闭."""

# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re

from edgewise.core.regex import regex
from edgewise.think.understanding.polarity import read_polarity
from edgewise.think.understanding.verbs import VERB_ZH

_NEXT_ZH = regex(
    r"(?<=[大小高低]点)(?=(?:下|上)一?[首曲个]|暂停|静音)|(?<=电话)(?=给[^,]{1,6}?(?:发(?:个|条|一条|短信|消息|微信|邮件)|打电话))"
    r"|(?<=[窗灯乐])(?=[大小]声点)|(?<=[大小]声点)(?=[开关])|(?<=[窗灯门调闪])(?=回家|去公司|去上班|给[^,]{1,8}?打电话)|(?<=[蓝牙窗灯门调])(?=连接?(?:wi-?fi|热点))"
)
_FULL = regex(r"[开关锁]|[大小高低]点|给[^,]{1,6}打电话")
_TOLD = regex(r"正|刚|已经|昨天|没")
"""Where the next order brings no verb of the table, or the same one: 声音大点|下一首. Only behind a
full order that nothing denies and nobody tells."""


def restarted(plain: str) -> list[tuple[int, int]]:
    """Places where a verb starts again with nothing between."""
    starts = [
        match.start() for match in re.finditer(rf"(?:{VERB_ZH})", plain)
        if match.start() > 1 and _restarts(plain, match.start())
    ]  # fmt: skip
    starts += [match.start() for match in _SHORT.finditer(plain)]
    starts += [m.start() for m in _NEXT_ZH.finditer(plain) if _is_full(plain[: m.start()])]
    return [(start, start) for start in starts]


def _is_full(before: str) -> bool:
    told = _TOLD.search(before) or read_polarity(before).negated
    return _FULL.search(before) is not None and not told


_THING = (
    r"(?:空调|车窗|窗户|天窗|大灯|雾灯|灯|音乐|座椅加热|座椅通风|加热|通风|车门|门|后备箱|后视镜|遮阳帘|导航|"
    r"蓝牙|除霜|除雾|内循环|外循环|双闪|香氛|按摩|窗)"
)
_SHORT = regex(
    rf"(?<=[调窗户灯乐热风门箱镜帘航牙霜雾环闪氛摩家])(?:[开关锁](?=(?:主驾|副驾|后排|左|右|所有|全部)?的?{_THING})|放(?=点|一?首|些)|听(?=[个点首些]|一[个首]|歌|音乐)|锁(?=车|门))"
)
"""One-character verbs between things: 开空调|关窗户|放点音乐."""


_ENDS_IN_VERB = regex(
    r"(?:打开|开启|关闭|关掉|关上|锁上|解锁|调高|调低|调大|调小)(?:一点|一下|了|吧)?$"
)
_INNER_VERB = regex(
    r"(?<=..)(?:打开|开启|关闭|关掉|关上|锁上|解锁|调高一?点?|调低一?点?|调大一?点?|调小一?点?)(?=..)"
)


def behind(plain: str) -> list[tuple[int, int]]:
    """Cuts behind verbs that follow their objects: 车窗打开|空调关闭."""
    if not _ENDS_IN_VERB.search(plain) or re.match(rf"(?:{VERB_ZH})", plain):
        return []
    return [(m.end(), m.end()) for m in _INNER_VERB.finditer(plain) if m.end() < len(plain) - 3]


_BEFORE_VERB = regex(
    r"(?:帮我|给我|请|麻烦|我要|我想|想要|需要|可以|能不能|能|可不可以|不要|别|不用|不|没|把.{1,12}|将.{1,12}|已经?|"
    r"自动|随机|(?<![内外])循环|顺序|一键|全部|都|也|再|先|就|去|来|想|要|会|是否|有没有|如何|怎么|怎样|为什么|时候|记得|提醒我.*|如果.*|座椅|方向盘|后视镜|"
    r"给我|为我|替我|叫我|让.{1,4}|[前后]挡风?|挡风|风挡|玻璃|[前后]窗|和|,| )$"
)


def _restarts(plain: str, at: int) -> bool:
    """Whether a verb at `at` opens a new clause: something complete stands before it."""
    before = plain[:at]
    verb = re.match(VERB_ZH, plain[at:])
    word = verb.group() if verb else ""
    if _BEFORE_VERB.search(before) or len(before) < 2:
        return False
    if word in _NOUNS_TOO:
        return (
            len(before) >= 4
            and re.search(rf"(?:{VERB_ZH})|开|关|(?<!空)调|放", before) is not None
            and (not re.search(r"(?:打开|开启|关闭|关掉|取消|停止|暂停|退出|开|关|的)$", before))
        )
    if re.search(r"(?:的|是|在|到|给|对|叫|为|成|导航(?:声音?|音量|播报|语音|提示音)?)$", before):
        return False
    if len(plain) - at - len(word) <= 2 and not re.search(rf"^(?:{VERB_ZH}|[开关锁])", before):
        return False  # "车窗打开空调关闭": cut behind the first verb instead, see `behind`
    if word in _AFTER_OBJECT:
        came = _VERB_CAME.search(before) is not None
        return came and re.search(r"(?:把|将)[^打关开调设]{1,12}$", before) is None
    return True


_NOUNS_TOO = frozenset(
    ("加热", "静音", "温度调", "音量调", "风量调", "风速调", "播放", "导航", "设置", "取消", "启动", "解锁",
     "提醒我", "查询", "把", "将")
)  # fmt: skip
"""Nouns as well as verbs: they open a clause only after a finished verb phrase of at least four
characters."""
_AFTER_OBJECT = frozenset(
    ("调高", "调低", "调大", "调小", "调到", "调成", "设为", "设成", "升高", "降低", "锁上", "升起", "降下",
     "折叠", "展开", "关上", "关掉", "打开", "关闭", "开启", "增大", "减小", "切换")
)  # fmt: skip
"""Verbs that follow their object ("音量调大", "车窗打开"), unless a verb came already."""
_VERB_CAME = regex(
    rf"(?:{VERB_ZH}|关|开(?!车)|[调降升设][到成为]|[\d一二三四五六七八九十半]度|[\d一二三四五六七八九十][档挡]|首歌)"
)
