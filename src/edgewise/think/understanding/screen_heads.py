"""How an order to a screen begins: the one table of its words, in English and Chinese.

Whoever must know one reads it here: what follows an order to type or tap (`on_screen`), whether an
answer is a new order (`carry`), what a sentence names beyond doubt (`cues`). It knows no screen.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re

from edgewise.core.regex import regex

SCREEN = "gui.act"
"""What touches a screen."""
PAGES = (SCREEN, "gui.observe", "app.open")
"""What takes a step on a screen or looks at what a step left there."""
POLITE = r"(?:(?:please|now|then|next|first|and|just|hey|hi|ok|okay|so|well|um|uh|also|can you|could you|would you|will you|go ahead and|go and|help me|let me|let'?s|try to|(?:i want|i need|i'd like|i would like)(?: you)? to)[,]? |(?:请你?|麻烦你?|帮我|帮忙|给我|然后|接着|再|先|你|我想要?|我要|那就?|嗯|好的?|可以|能不能|可不可以|能|直接|手动|用键盘)[,]? ?)*"
FIELD_EN = r"(?:the |my |this |that )?(?:[\w'’-]+ ){0,4}?(?:field|box|bar|input|textbox|text area|textarea)"
FIELD_ZH = r"[^,.;!?\"' ]{0,14}?(?:框|栏)"
WRITE_ZH = r"(?:输入|键入|填写|填入|填上|打字|打上|写上|写入)(?!法|设备)(?:文字|内容)?"
_TAP_EN, _TAP_ZH = (
    r"(?:tap|click)(?! water\b| danc)(?: on)?",
    r"(?:点击|单击|轻点|点按|点一下)(?:一下)?",
)
_HOLD_EN, _HOLD_ZH = r"(?:long[- ]press|press and hold|tap and hold)(?: on)?", r"(?:长按|按住)"
_ENTER = (
    r"(?:press|hit) (?:the )?(?:enter|return)(?: key)?",
    r"(?:按|敲|按下|按一下)(?:一下)?回车键?",
)
_SHOWN_ZH = r"(?:发送|发布|确[定认]|取消|登[录陆]|提交|搜索|返回|下一步|上一步|完成|保存|删除|分享|刷新|关闭|同意|跳过|继续|设置|回车键?|[^,.;\"' ]{1,10}(?:按钮|图标|链接|选项))"
"""What 点 and 按 are said of on a screen; of other things they are said in a shop or a car."""
_BEHIND_ZH = r"(?=$|[ ,.;!]|然后|接着|再|并)"
_ORDERED_EN = r"(?:kfc|mc ?donald|burger|pizza|starbucks|subway|luckin|latte|mocha|cappuccino|americano|espresso|coffee|tea|coke|cola|pepsi|sushi)"
"""What is ordered to eat or drink with 点, though it is written in Latin letters."""
LATIN = rf"(?!{_ORDERED_EN})[a-z0-9 ]*[a-z][a-z0-9 '’&.+/-]*(?=$|[,.;!?]|然后|接着|再|并|按钮|图标|链接|选项)"
"""A name on a page as it stands behind 点: 点About us."""
_BUTTON = (
    r"close|exit|quit|cancel|ok|okay|save|send|submit|done|confirm|continue|next|previous|accept|agree|share|post|delete|search|refresh|reload|skip|finish|log ?in|log ?out|sign in|sign out|menu"
    r"|关闭|退出|取消|确[定认]|保存|发送|提交|完成|继续|下一步|上一步|同意|分享|发布|删除|搜索|刷新|跳过|登[录陆]"
)

TYPE = regex(
    rf"{POLITE}(?:"
    rf"(?:type|enter|write|input|put|key in|fill in)(?: in)? ?(?:in|into|to)? (?P<f1>(?<=in |to )(?:{FIELD_EN}))(?: with)?(?:[:,] ?| )"
    rf"|(?:fill|fill in) (?P<f2>{FIELD_EN}) with(?:: ?| )"
    rf"|(?:in|into) (?P<f3>{FIELD_EN}),? (?:type|enter|write|put|input)(?: in)?(?:[:,] ?| )"
    r"|(?:in|into|on|at) (?P<f6>(?:[\w'-]+ ){0,3}[\w'-]+),? (?:type(?! of\b)|enter)(?: in)?(?:[:,] ?| )"
    rf"|(?:在|往|向|到)(?!哪|什么|(?:导航|地图)[^,.;]*$)(?P<f4>[^,.;!?\"']{{1,16}}?)(?:里面?|中|内|上面?)?{WRITE_ZH}[:,]? ?"
    rf"|(?:打开|点开|点击?|在|往|向|到|给)?(?P<f5>{FIELD_ZH})(?:里面?|中|内|上面?)?(?:{WRITE_ZH}|写|填|打(?!开))[:,]? ?"
    rf"|(?P<bare>(?!type of\b)type(?: in)?(?: the (?:words?|following)(?! of\b)(?=[:,]? ?\S))?(?:[:,] ?| |$)|{WRITE_ZH}[:,]? ?)"
    rf"|(?P<named>(?:enter|write|input|put|key in|fill in) )"
    rf")"
)
"""How an order to type begins. `named`: it is one only where a field is named at the end."""
TAP = regex(
    rf"{POLITE}(?:"
    rf"(?P<hold>{_HOLD_EN}(?: |$)|{_HOLD_ZH})"
    rf"|(?P<free>{_TAP_EN}(?: |$)|{_TAP_ZH}(?:上面的|那个|这个)? ?)"
    rf"|(?P<marked>(?:press|touch|hit)(?: on)? (?=[\"'])|(?:点|按|按下|按一下) ?(?=[\"'])|(?:点|按|按下|按一下) ?(?={_SHOWN_ZH}{_BEHIND_ZH})|点 ?(?={LATIN}))"
    r")(?:the |this |that )?"
)
"""How an order to tap or to press for a while begins."""
BACK = regex(
    rf"{POLITE}(?:go back(?: (?:one|a) (?:page|screen|step)| to the (?:previous|last) (?:page|screen))?|back"
    r"|退回去|(?:返回|后退|回退|退回)(?:到?上一(?:页|级|层|个页面|步))?|(?:退|回)到上一(?:页|级|层|个页面))(?:吧|一下)?(?: please)?"
)
"""Said of a page; "go back to 20 degrees" goes on and is none."""
PLAIN_STEPS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        regex(
            rf"{POLITE}(?:(?:go|return|get)(?: back)? to the home ?screen|(?:回到|返回|回|去)(?:手机)?(?:主屏幕|主屏|桌面))(?:吧|去)?"
        ),
        "home",
    ),
    (regex(rf"{POLITE}(?:{_ENTER[0]}|{_ENTER[1]})"), "enter"),
    (BACK, "back"),
)
"""Steps that are said whole."""
SCROLL = regex(
    rf"{POLITE}(?:(?:scroll|swipe)(?: (?:the )?(?:page|screen))?(?: to the)? (?P<en>up|down|left|right|top|bottom|end)(?: (?:the page|the screen|a (?:bit|little)|some|more|further|once|again|please))*"
    r"|(?:页面|屏幕)?(?:往|向)?(?P<zh>[上下左右])(?:面|边)?(?:滚动|滚|翻页|翻|滑动|划动|滑)(?:一下|一点|一些|一屏|一页|页面|屏幕)?|(?:滚动|滑动|滑)(?:一下)?(?:页面|屏幕)?(?:到|向|往)(?P<zh3>[底顶])(?:部|端)?|(?:滚动|滑动)(?:一下)?(?:页面|屏幕)?(?:到|向|往)?(?P<zh2>[上下左右])?(?:面|边)?)(?:吧)?"
)
_ALL_EN = r"(?:everything|all(?: the| of the)? (?:text|words)|all|the (?:text|words)|what(?:'s| is)(?: written)?)"
_EMPTY_ZH = r"(?:清空|清除|清掉|清一下|擦掉|擦除|抹掉|删掉|删除|删光|删了|清了)"
CLEAR = regex(
    rf"{POLITE}(?:(?:clear|empty|erase|wipe|delete|remove)(?: out)? (?:{_ALL_EN} (?:in|from|of) )?(?!.*\b(?:glove|tool|lunch|mail|post|letter|fuse|juke|fridge|ice) ?box\b)(?P<en>{FIELD_EN})"
    r"|(?:clear|erase|delete|remove) (?:what|everything|all|the (?:text|words))(?: that)? (?:(?:i|you|we)(?: have|'ve)?|was|is|has been)(?: just)? (?:typed|written|wrote|entered|put in|put there)"
    r"|(?:clear|erase) (?:all )?the text|(?:clear|erase|delete|remove) (?:the |my )(?:typed text|typing|input text|entered text)"
    rf"|{_EMPTY_ZH}(?:掉)?(?P<zh>{FIELD_ZH})(?:里面?|中|内)?(?:的)?(?:所有的?|全部的?)?(?:文字|内容|字|东西)?"
    rf"|[把将](?P<zh2>{FIELD_ZH})(?:里面?|中|内)?(?:的)?(?:文字|内容|字|东西)?(?:全部|全|都)?{_EMPTY_ZH}(?:掉)?"
    rf"|{_EMPTY_ZH}(?:掉)?我?(?:刚才|刚刚|刚)?(?:输入|打|填|写)(?:进去|上去|好)?的(?:文字|内容|字|东西)?"
    rf"|[把将]我?(?:刚才|刚刚|刚)?(?:输入|打|填|写)(?:进去|上去|好)?的(?:文字|内容|字|东西)?(?:全部|全|都)?{_EMPTY_ZH}(?:掉)?)(?: please)?(?:吧|一下)?"
)
"""How a field is told to be emptied; a list, a basket or a box of things is none."""
BUTTON = regex(rf"(?:the )?(?P<name>{_BUTTON})(?: it| button)?[ .!]*$")
"""A name that stands for a tap behind another step: "tap the picture and close"."""

TOUCH = regex(
    rf"^(?:{_TAP_EN} (?=[a-z0-9])|{_HOLD_EN} (?=[a-z0-9])|double[- ](?:tap|click)(?: on)? (?=[a-z0-9])|type (?=[a-z0-9])"
    rf"|(?:点击|长按)(?=.)|{_ENTER[0]}$|{_ENTER[1]}$)"
)
"""A sentence that begins so names a touch, whatever else its words may be."""
STEP = regex(
    rf"(?:{_TAP_EN}|{_HOLD_EN}|double[- ](?:tap|click)|press|scroll|swipe|go back$|type(?= .* in(?:to)? ))(?![\w'-])"
    rf"|{_TAP_ZH}|{_HOLD_ZH}|按一下|滑动|返回上一页|[往向][上下左右][滑翻]|在.{{1,20}}(?:里|中|内)?(?:输入|填入|填写)"
)
"""A sentence that begins so is no name."""
