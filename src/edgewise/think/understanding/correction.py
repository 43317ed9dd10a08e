"""What a person takes back within a sentence: "open mine, no wait, the passenger's", 打开，不对，关掉.

What stands behind such words takes the place of the last call before them. When it is not
understood, that call is dropped all the same: nobody wants done what was taken back. A sentence
that ends in "never mind", "just kidding", 算了 or, after a question mark, "no" is taken back whole.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import msgspec

from edgewise.core.call import Call
from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue
from edgewise.core.thought import MessageKind
from edgewise.think.understanding import words as say
from edgewise.think.understanding.clauses import holds_free_text
from edgewise.think.understanding.declared import Declared
from edgewise.think.understanding.join import Part
from edgewise.think.understanding.lean import VALUES
from edgewise.think.understanding.normalise import Normal
from edgewise.think.understanding.polarity import read_polarity

_MARK = regex(
    r"[,.;!?]+ ?(?:(?:oh|uh|um|ah|哦|啊|呃) ?,? ?)?"
    r"(?:never ?mind|forget it|no,? wait|wait,? no|no,? no|no,? sorry|no(?=,| not\b| just\b| only\b| make\b| the\b| i\b)|sorry|i mean(?:t)?|actually(?!,? and\b)|scratch that|correction|wait|or rather|"
    r"算了|不用了|不对|不是|(?:我)?说错了|弄错了|错了|等等|不(?=,)|不不|[哦噢喔]?不(?:,? ?(?:我是说|我的意思是))|我是说|我的意思是|是(?=(?:调[高低大小]|[左右主副前后][^,]{0,4}(?:的|那个|边)?$)))(?![a-z'])[ ,.!]*(?=.)"
)
_BROKEN_OFF = regex(r"[,.;!]+ ?(?:no,? wait|wait,? no|wait|no,? no|不对|不不|等等|等一下)[ ,.!]*$")
"""Nothing but the taking back: "unlock the car, no wait"."""
_MARK_WITHIN = regex(
    r"(?<=[\u4e00-\u9fff\da-z])(?:[啊哦呃]不(?=[\d零一二两三四五六七八九十])|(?<=[十百\d度档挡])不(?=[\d零一二两三四五六七八九十])|算了(?:还是)?(?=(?:打?开|关|锁|升|降)[上掉闭好]?(?:吧|了)?$)|(?:哦|啊|呃)*不对(?:是)?|哦不(?:是)?|我?说错了(?:是)?|应该是)(?=.)"
    r"|(?<=[a-z]) (?:oh |uh |no |sorry )*(?:i mean|no wait|wait no|make that|or rather|actually no) (?=[a-z0-9])|(?<=[a-z]) no (?=(?:lock|unlock|open|close|shut|turn|switch) (?:it|them|that|the)\b)|(?<=[a-z]) no (?:make it )?(?=(?:\d|one\b|two\b|three\b|four\b|five\b|six\b|seven|eight|nine|ten\b|(?:twen|thir|for|fif|six)ty)[a-z0-9 %]*$)"
)
"""The same said without a pause: 关左窗不对是右窗, "close the left window I mean the right one"."""
_PAUSE = regex(r"[,.;!?\"]+")
_COURTESY = regex(r"(?:thanks|thank you|then|sorry|please|haha+|lol|谢谢你?|多谢|哈+|吧)")
_CALLED_OFF = regex(
    r"(?:(?:oh|uh|um|ah|ha(?:ha)+|lol|well|wait|please|actually|sorry|just|no) )*[哦啊呃哎呀唉哈嗯额那不 ]*"
    r"(?:never ?mind|(?:forget|cancel|scrap|scratch|drop|skip) (?:it|that|about it)|leave it(?: (?:be|alone))?|no|no thanks|no thank you|nah|nope|"
    r"(?:i'?m |i was )?(?:just |only )?(?:kidding|joking)(?: you)?|jk|psych|not really|as if|i (?:have )?changed my mind|i don'?t think so|"
    r"on second thoughts?(?: (?:no|don'?t|leave it|never ?mind|forget it|not))?|(?:don'?t|do not)(?: (?:bother|do (?:it|that)|open it|close it))?|that'?s (?:how|what|why|when|where) .*|"
    r"(?:还是)?(?:先)?(?:算了吧?|不用了?|不要了?|不必了?|不了|别了?|不开了|不关了)|不|(?:我)?(?:跟你|和你)?开(?:个)?玩笑(?:的|呢|啦)?|(?:我)?逗你(?:玩)?(?:的|呢)?|骗你的|(?:我)?(?:说着|闹着)玩(?:的|呢)?|当我没说|没事了?|我改主意了|我不想了)"
    r"(?: (?:thanks|then|please)|[吧啊啦哈了谢])*"
)
_CALLED_OFF_AT_ONCE = regex(
    r"^(?:请|帮我|给我|麻烦)*打开(?!的|着)[^,的]{1,8}(?:不用了|不必了|不要了)$|(?<=.)(?:算了别[开关弄](?:了|它)?|(?<=[\u4e00-\u9fff]{4})啊(?:是不是|会不会)(?:太|很|有点)?(?:不安全|危险|违法)|\b(?:never ?mind|just (?:kidding|joking)|(?:oh |uh |no )*(?:wait no|no wait|wait|hold on|scratch that|forget it|no no)(?: no)*)|(?<=.{3})(?<![了掉])算了|(?:算了|等等|等一下|哦|啊)不[用要]了|等等?算了|(?:还是)?(?:算了吧|不用了吧)|算了不用了|还是(?:不用了|算了|别了)|我?开玩笑的|逗你玩的|当我没说)[吧啊啦哈]*$"
)
"""Said without a pause, only what can mean nothing else: 关了算了 is an order."""
_SPOKEN_OF = regex(
    r"(?!i\b)[a-z]+(?: [a-z]+)? (?:said|shouted|cried|yelled|whispered|asked|sang)|(?:said|shouted|cried|yelled|whispered|asked|sang) (?!i\b)[a-z]+(?: [a-z]+)?"
    r"|(?:他们?|她们?|有人|老师|老板|爸爸?|妈妈?|朋友|[老小][\u4e00-\u9fff])(?:说|喊|叫|问|写|唱)(?:的|道)?|[\u4e00-\u9fff]{1,4}(?:喊|叫|说|问)道"
    r"|(?:会不会|会不|是否会).+|(?:is|isn't|would) (?:it|that) (?:be )?(?:too|safe|dangerous|bad|legal|allowed|illegal)\b.*"
)
"""Who said the words before, or a doubt about the deed they name."""
_TAKEN_BACK = regex(
    r"(?:don'?t|do not|cancel|forget|leave|never ?mind|skip)\b|算了|不用|不要|别|取消"
)
_ONLY = regex(r"^(?:just|only|make (?:it|that)|只|就|应该)(?:是)? ?")

Reader = Callable[[Normal, Sequence[Part]], list[Part]]


def pieces(whole: Normal) -> list[Normal]:
    """A sentence and, after it, each thing that corrects what stands before it."""
    if holds_free_text(whole.plain):
        return [whole]
    found: list[Normal] = []
    start = 0
    marks = [*_MARK.finditer(whole.plain), *_MARK_WITHIN.finditer(whole.plain)]
    for mark in sorted(marks, key=lambda mark: mark.start()):
        if mark.start() > start:
            found.append(whole.cut(start, mark.start()))
            start = mark.end()
    end = _BROKEN_OFF.search(whole.plain, start)
    last = whole.cut(start, end.start() if end else len(whole.plain))
    return [*found, last, Normal("", "")] if end else [*found, last]


def called_off(whole: Normal) -> bool:
    """Whether a sentence ends by taking back all that it asked for, or by saying whose words they
    were."""
    if holds_free_text(whole.plain):
        return False
    pieces = [piece for text in _PAUSE.split(whole.plain) if (piece := text.strip())]
    while len(pieces) > 1 and _COURTESY.fullmatch(pieces[-1]):
        pieces.pop()
    if not pieces:
        return False
    if len(pieces) > 1 and any(p.fullmatch(pieces[-1]) for p in (_CALLED_OFF, _SPOKEN_OF)):
        return True
    return _CALLED_OFF_AT_ONCE.search(pieces[-1]) is not None


def corrected_parts(parts: Sequence[Part], correction: Normal, read: Reader) -> list[Part]:
    """`parts` with their last call replaced by what `correction` says, or without it."""
    at = next((i for i in reversed(range(len(parts))) if parts[i].call is not None), None)
    if at is None:
        return [*parts, *read(correction, parts)] if correction.plain else list(parts)
    kept, wrong = list(parts[:at]), parts[at]
    if (
        not correction.plain
        or _TAKEN_BACK.match(correction.plain)
        or read_polarity(correction.plain).negated
    ):
        return [*kept, replace(wrong, kind=MessageKind.CHAT, call=None, question=say.NEGATED)]
    only = _ONLY.match(correction.plain)
    said = correction.cut(only.end(), len(correction.plain)) if only else correction
    first, *others = read(said, parts) or [Part(MessageKind.UNKNOWN, question=say.UNCLEAR)]
    return [*kept, _with_the_change_meant(first, wrong), *others]


def with_number_meant(part: Part, wrong: Call, declared: Declared | None) -> Part:
    """After "two degrees cooler", "no, I meant three" says how much cooler, not to which value.

    The change of `wrong` was made in the turn before, so only the difference is asked for.
    """
    relative = declared.relative if declared else None
    absolute = declared.absolute if declared else None
    if part.call is None or relative is None or absolute is None:
        return part
    said, before = part.call.arguments.get(absolute.name), wrong.arguments.get(relative.name)
    if part.call.capability != wrong.capability or not isinstance(said, int | float):
        return part
    if not isinstance(before, int | float) or not before or re.search(r"\bto\b|到|成", part.clause):
        return part
    if relative.maximum is not None and said > relative.maximum:
        return part
    change = (said if before > 0 else -said) - before
    kept = {n: v for n, v in part.call.arguments.items() if n != absolute.name}
    call = msgspec.structs.replace(part.call, arguments=kept | {relative.name: change})
    return replace(part, call=call)


def _with_the_change_meant(part: Part, wrong: Part) -> Part:
    """ "Just the reading lights" says which, and means the change of the call it corrects."""
    if part.call is None and part.question is None:
        return replace(part, kind=MessageKind.UNKNOWN, question=say.UNCLEAR, idle=False)
    if part.call is None or wrong.call is None or part.call.capability != wrong.call.capability:
        return part
    arguments = part.call.arguments
    if any(name in VALUES for name in arguments):
        return part
    changes: dict[str, JsonValue] = {n: v for n, v in wrong.call.arguments.items() if n in VALUES}
    labels = wrong.call.labels | part.call.labels
    return replace(
        part, call=msgspec.structs.replace(part.call, arguments=arguments | changes, labels=labels)
    )
