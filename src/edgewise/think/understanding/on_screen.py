"""Orders to type or tap on a screen, read from their first words: "type I am here, open the sunroof
in the message field", 在搜索框输入“你好”然后点击发送.

What follows an order to type is text to its last word, and never another command; with quotation
marks the text is what they hold, and only what stands behind the closing one may be another clause.
A field is named at the end ("in the X field", "into X") or before (在X中输入). It knows no screen.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from dataclasses import dataclass

from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue
from edgewise.think.understanding.normalise import Normal

_POLITE = r"(?:(?:please|now|then|next|first|and|just|hey|hi|ok|okay|so|well|um|uh|also|can you|could you|would you|will you|go ahead and|go and|help me|let me|let'?s|try to|(?:i want|i need|i'd like|i would like)(?: you)? to)[,]? |(?:请你?|麻烦你?|帮我|帮忙|给我|然后|接着|再|先|你|我想要?|我要|那就?|嗯|好的?|可以|能不能|可不可以|能|直接|手动|用键盘)[,]? ?)*"
_FIELD_EN = r"(?:the |my |this |that )?(?:[\w'’-]+ ){0,4}?(?:field|box|bar|input|textbox|text area|textarea)"
_FIELD_ZH = r"[^,.;!?\"' ]{0,14}?(?:框|栏)"
_VERB_ZH = r"(?:输入|键入|填写|填入|填上|打字|打上|写上|写入)(?!法|设备)(?:文字|内容)?"
_TYPE = regex(
    rf"{_POLITE}(?:"
    rf"(?:type|enter|write|input|put|key in|fill in)(?: in)? ?(?:in|into|to)? (?P<f1>(?<=in |to )(?:{_FIELD_EN}))(?: with)?(?:[:,] ?| )"
    rf"|(?:fill|fill in) (?P<f2>{_FIELD_EN}) with(?:: ?| )"
    rf"|(?:in|into) (?P<f3>{_FIELD_EN}),? (?:type|enter|write|put|input)(?: in)?(?:[:,] ?| )"
    r"|(?:in|into|on|at) (?P<f6>(?:[\w'-]+ ){0,3}[\w'-]+),? (?:type(?! of\b)|enter)(?: in)?(?:[:,] ?| )"
    rf"|(?:在|往|向|到)(?!哪|什么|(?:导航|地图)[^,.;]*$)(?P<f4>[^,.;!?\"']{{1,16}}?)(?:里面?|中|内|上面?)?{_VERB_ZH}[:,]? ?"
    rf"|(?:打开|点开|点击?|在|往|向|到|给)?(?P<f5>{_FIELD_ZH})(?:里面?|中|内|上面?)?(?:{_VERB_ZH}|写|填|打(?!开))[:,]? ?"
    rf"|(?P<bare>(?!type of\b)type(?: in)?(?:[:,] ?| |$)|{_VERB_ZH}[:,]? ?)"
    rf"|(?P<named>(?:enter|write|input|put|key in|fill in) )"
    rf")"
)
"""How an order to type begins. `named`: it is one only where a field is named at the end."""
_BEHIND = regex(
    rf" ?(?:,? ?(?:in|into|in to|on)(?:to)? (?P<en>{_FIELD_EN})|(?:输入|填|写|打)?(?:到|进|在)(?P<zh>{_FIELD_ZH})(?:里面?|中|内)?)"
)
_AT_END = regex(
    rf"(?P<text>.+) (?:in|into|in to)(?:to)? (?P<en>{_FIELD_EN})(?: please)?[ .!]*$"
    rf"|(?P<text2>.+) into (?P<into>(?:the |my )?(?:[\w-]+ ){{0,2}}[\w-]+)[ .!]*$"
    rf"|(?P<text3>.+?)(?:到|进)(?P<zh>{_FIELD_ZH})(?:里面?|中|内)?[ .!]*$"
)
_AND_THEN = regex(
    r"(?:,| and| then)(?: and| then)* (?:tap|click|press|hit|submit) |(?:然后|接着|再|并|,)(?:再)?(?:点击|点一下|按一下|按下|按|点(?=发送|确[定认]|搜索|提交|登[录陆]|下一步)|回车)"
)
"""A step behind words without marks: which of them are to be typed is not known."""
_CLOSING = {'"': '"', "“": "”", "”": "”", "「": "」", "『": "』", "'": "'", "‘": "’", "’": "’"}
_NEXT = regex(
    r"[ .!。！]*$|[ ,.;!]*(?:please|thanks|thank you|谢谢)[ .!]*$|[ ,.;]*(?:and then|and|then|然后|接着|再|并且?)[ ,]*|[ ]*[,.;][ ]*"
)
"""What may stand behind a closing mark: nothing, or what leads to another clause."""
_TAP = regex(
    rf"{_POLITE}(?:"
    r"(?P<free>(?:tap|click)(?: on)?(?: |$)|(?:点击|单击|轻点|点按|点一下)(?:一下)?(?:上面的|那个|这个)? ?)"
    r"|(?P<marked>(?:press|touch|hit)(?: on)? (?=[\"'])|(?:点|按|按下|按一下) ?(?=[\"'])|(?:点|按|按下|按一下) ?(?=(?:发送|确[定认]|取消|登[录陆]|提交|搜索|返回|下一步|上一步|完成|保存|删除|分享|刷新|关闭|同意|跳过|继续|回车键?|[^,.;\"' ]{1,10}(?:按钮|图标|链接|选项))$))"
    r")(?:the |this |that )?"
)
_TO = regex(r"[^,;\"]+?(?=[ .!?]*$)")
_SEVERAL = regex(r" (?:and|then) |然后|接着|再|并且?|[吧吗]$")
_PLAIN_STEPS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        regex(
            rf"{_POLITE}(?:(?:go|return|get)(?: back)? to the home ?screen|(?:回到|返回|回|去)(?:手机)?(?:主屏幕|主屏|桌面))(?:吧|去)?[ .!]*$"
        ),
        "home",
    ),
    (
        regex(
            rf"{_POLITE}(?:press|hit) (?:the )?(?:enter|return)(?: key)?[ .!]*$|{_POLITE}(?:按|敲|按下|按一下)回车键?[ .!]*$"
        ),
        "enter",
    ),
)
_SCROLL = regex(
    rf"{_POLITE}(?:(?:页面|屏幕)?(?:往|向)?(?P<zh>[上下左右])(?:面|边)?(?:滚动|滚|翻页|翻|滑动|划动)(?:一下|一点|一些|一屏|一页|页面|屏幕)?|(?:滚动|滑动)(?:一下)?(?:页面|屏幕)?(?:到|向|往)?(?P<zh2>[上下左右])?(?:面|边)?)(?:吧)?[ .!]*$"
)


@dataclass(frozen=True, slots=True)
class ScreenOrder:
    """The arguments of `gui.act`, and what is still to be read behind it."""

    arguments: dict[str, JsonValue]
    rest: Normal


def screen_order(said: Normal) -> ScreenOrder | None:
    """What `said` orders on a screen if it begins with such an order."""
    return _typed(said) or _plain_step(said) or _tapped(said)


def begins_on_screen(said: Normal) -> bool:
    """Whether `said` begins as an order to type or tap, whatever comes of it: it is no question for
    a language model."""
    begin = _TYPE.match(said.plain)
    return _TAP.match(said.plain) is not None or (begin is not None and not begin["named"])


def typing_within(said: Normal) -> tuple[int, int] | None:
    """Where a clause ends behind which an order to type begins, and where that begins; what stands
    from there is read by `screen_order`."""
    for link in _LINKS.finditer(said.plain):
        rest = said.cut(link.end(), len(said.plain))
        if _HEADS.match(rest.plain) and _typed(rest) is not None:
            return link.span()
    return None


_LINKS = regex(
    r"[,.;!?] ?(?:and |then |然后|再)*| (?:and|then|and then) |然后|接着|再(?=在|输入|填)|并(?=在|输入|填)"
)
_HEADS = regex(
    r"(?:please |then |请)*(?:type |enter |write |fill |in(?:to)? the |在|往|输入|填写|键入)"
)


def _typed(said: Normal) -> ScreenOrder | None:
    begin = _TYPE.match(said.plain)
    if begin is None:
        return _put_into(said)
    field = next(
        (
            said.text[slice(*begin.span(name))]
            for name in ("f1", "f2", "f3", "f4", "f5", "f6")
            if begin[name]
        ),
        "",
    )
    start = begin.end()
    found = _marked(said, start)
    if found is not None:
        text, target, rest = found
        if begin["named"] and not target:
            return None
        return ScreenOrder(_type(text, target or field), rest)
    text = said.text[start:].strip(_SPACES)
    at_end = None if field else _AT_END.match(said.plain, start)
    if at_end is not None:
        name = next(n for n in ("text", "text2", "text3") if at_end[n])
        of = next(n for n in ("en", "into", "zh") if at_end[n])
        field = said.text[slice(*at_end.span(of))]
        text = said.text[slice(*at_end.span(name))].strip(_SPACES)
    if begin["named"] and not field:
        return None
    several = _AND_THEN.search(said.plain, start) is not None
    if several and at_end is None:
        return ScreenOrder({"action": "enter", "text": text}, _NOTHING)
    return ScreenOrder(_type(text, field), _NOTHING)


def _put_into(said: Normal) -> ScreenOrder | None:
    match = _PUT.match(said.plain)
    if match is None:
        return None
    text = said.text[slice(*match.span("text"))].strip(_SPACES + "".join(_CLOSING))
    return ScreenOrder(_type(text, said.text[slice(*match.span("field"))]), _NOTHING)


_PUT = regex(
    rf"{_POLITE}[把将](?P<text>.+?)(?:输入|填写?|写|打)(?:到|进|在)(?P<field>{_FIELD_ZH})(?:里面?|中|内)?[ .!]*$"
)


def _marked(said: Normal, start: int) -> tuple[str, str, Normal] | None:
    """The text in quotation marks from `start`, the field named behind it, and what follows."""
    closing = _CLOSING.get(said.text[start : start + 1])
    if closing is None:
        return None
    kinds = closing if closing != "”" else '”“"'
    for at in range(start + 1, len(said.text)):
        if said.text[at] not in kinds:
            continue
        behind = at + 1
        field = _BEHIND.match(said.plain, behind)
        target = ""
        if field is not None:
            target = said.text[slice(*field.span("en" if field["en"] else "zh"))]
            behind = field.end()
        after = _NEXT.match(said.plain, behind)
        if after is not None:
            rest = said.cut(after.end(), len(said.plain))
            return said.text[start + 1 : at], target, rest
    return None


def _type(text: str, target: str) -> dict[str, JsonValue]:
    said: dict[str, JsonValue] = {"action": "type"}
    if target:
        said["target"] = _named(target)
    if text:
        said["text"] = text
    return said


def _named(words: str) -> str:
    return re.sub(r"^(?:the|my|this|that) ", "", words.strip(_SPACES), flags=re.IGNORECASE)


def _plain_step(said: Normal) -> ScreenOrder | None:
    for pattern, action in _PLAIN_STEPS:
        if pattern.match(said.plain):
            return ScreenOrder({"action": action}, _NOTHING)
    scroll = _SCROLL.match(said.plain)
    if scroll is None:
        return None
    way = scroll["zh"] or scroll["zh2"] or "下"
    return ScreenOrder({"action": "scroll", "target": way}, _NOTHING)


def _tapped(said: Normal) -> ScreenOrder | None:
    begin = _TAP.match(said.plain)
    if begin is None:
        return None
    start = begin.end()
    marked = _marked(said, start)
    if marked is not None:
        return ScreenOrder({"action": "tap", "target": marked[0]}, marked[2])
    to = _TO.match(said.plain, start)
    if to is None:
        return None if said.plain[start:].strip() else ScreenOrder({"action": "tap"}, _NOTHING)
    if _SEVERAL.search(to[0]):
        return None
    return ScreenOrder({"action": "tap", "target": said.text[to.start() : to.end()]}, _NOTHING)


_NOTHING = Normal("", "")
_SPACES = " ,.;:，。；："
