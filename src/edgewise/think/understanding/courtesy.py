"""What people say around a request without asking for anything by it: politeness, fillers, names
of the assistant. Stripped from both ends; what is in the middle stays.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

from functools import lru_cache

from edgewise.core.regex import regex
from edgewise.think.understanding.normalise import Normal

_HEAD = regex(
    r"^(?:(?:(?:hey|ok|okay) google|alexa|siri|cortana|bixby|please|pls|plz|kindly|hey|hi|hello|ok(?:ay)?|um+|uh+|er+|well|so|now|and|then|also|just|alright|excuse me|"
    r"i(?:'m| am| was)? (?:just )?wonder(?:ing)? if (?:you|we) (?:could|can|would|might)|could you|can you|would you|will you|can i|could i|could we|can we|may i|would you mind|do you mind|do me a favou?r and|"
    r"i want you to|i'd like you to|i would like you to|i need you to|i want to|i wanna|i'd like to|i would like to|i need to|"
    r"i'd love to|let's|lets|let us|go ahead and|(?:if|when) you can|be so kind (?:as )?to|car|assistant|edgewise|"
    r"is it possible to|(?:be )?able to|maybe|actually|quickly|immediately|right now|help me(?: to)?|you can|you could)"
    r"(?![a-z'-])[ ,]*"
    r"|(?:请问|请你?|麻烦你?(?:一下)?|劳驾|帮我|帮忙|帮|替我|给我(?!发|打)|为我|我要你|我想让你|我需要你?|你?能不能|你?可不可以|可以(?=帮|把|给|开|关|打|调)|"
    r"能(?=帮|把|给|打|开|关|调)|你好|您好|喂|嗨|嘿|嗯+|呃+|额|那个|那么|那|这个|就|然后|再(?=把|帮|给|来|打|开|关)|快(?:点|(?=把|给|帮|打|关|开|放))|赶紧|赶快|马上|立刻|立即|现在|"
    r"小助手|小车|小艺|我想要?(?=把|打|开|关|调|听|看|去)|我要(?=把|打开|开|关|调)|你(?=帮|给|把)|去(?=把)|来(?=把)|还有|顺便|我希望你?|想要?(?=打开|关|把))[ ,]*)+"
)
_TAIL = regex(
    r"(?:[ ,.!?~]*(?:please|pls|plz|thanks|thank you(?: very much)?|for me|right now|now|will you|would you|can you|could you|"
    r"if you (?:can|could|would|don't mind)|immediately|right away|(?<![a-z])ok(?:ay)?|(?<=\w )instead|"
    r"谢谢你?|多谢|拜托了?|好吗|好不好|行吗|行不行|可以吗|可不可以|好么|吧|呗|啊|呀|哦|喔|啦|嘛|哈|咯|呢|一下子|辛苦了|麻烦了)[ ,.!?~]*$"
    r"|[ ,.!?~;]+$)"
)


@lru_cache(maxsize=256)
def strip_courtesy(normal: Normal, *, tail: bool = True) -> Normal:
    """The request without politeness around it; the text itself when nothing else would be left.

    Without `tail` its end stays as it was said: it may belong to somebody's message.
    """
    start, end = 0, len(normal.plain)
    head = _HEAD.match(normal.plain)
    if head:
        start = head.end()
    while tail and (end_of := _TAIL.search(normal.plain, start, end)) and end_of.start() > start:
        end = end_of.start()
    bare = normal.cut(start, end)
    return bare if bare.plain else normal
