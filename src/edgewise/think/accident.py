"""Words that tell of an accident: help is offered, and a call for it in the same breath is dialled.

String rules only, no model (rules 42 and 44). Nobody is called on a mere report: it may be about
somebody else's, and the person who needs help has one word to say.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

from edgewise.core.emergency import Service, number_for
from edgewise.core.regex import regex
from edgewise.core.thought import Context
from edgewise.core.words import Words

_WHO = r"(?:i|we|somebody|someone|he|she|my (?:wife|husband|child|son|daughter|passenger))"
_EN = (
    rf"(?:(?:oh|help|please|god|my god|oh no|i think|i believe|we think)[ ,.!]+)*(?:{_WHO}(?:'ve| have| has|'s)?(?: just)?(?: had| been in| got into| were in| was in) (?:an?|a car|a bad|a traffic) ?(?:car |road |traffic )?(?:accident|crash|collision)"
    rf"|{_WHO}(?:'ve| have| has)?(?: just)? crashed(?: the car| my car)?|(?:we|i)(?: were| was|'ve been| have been| just got| got)? (?:hit|rear-ended)(?: by (?:a|another) (?:car|truck|vehicle))?"
    rf"|there(?:'s| has|'s just| has just) been an? (?:car )?(?:accident|crash)|{_WHO}(?: is|'s| am|'m| are|'re| has been| got)(?: badly)? (?:hurt|injured|bleeding|unconscious|not breathing)|(?:an? )?(?:car )?(?:accident|crash)"
    r"|(?:the |my |our )?(?:car|engine|battery|bonnet|hood|dashboard)(?: is|'s)(?: on fire| burning| smoking)|(?:there(?:'s| is) )?(?:a )?(?:fire|smoke)(?: is)?(?: coming)?(?: in| from| out of| under) (?:the |my )?(?:car|engine|bonnet|hood|dashboard|cabin)|(?:i (?:can )?smell )(?:smoke|burning|something burning|gas|petrol|fuel))"
)
_ZH = (
    r"(?:救命|天哪|不好了?|快|好像|我们?|这里|这边|刚才?|刚刚|[ ,!])*(?:(?:出|发生)了?(?:一?起|个)?(?:车祸|交通事故|事故)了?|撞车了|撞上了|追尾了|被(?:车)?撞了|被追尾了|撞到?人了|翻车了"
    r"|(?:有人|孩子|他|她|我|乘客)(?:受伤|流血|昏迷|晕倒|没呼吸)了?|(?:车里?|车内|车子|发动机|引擎|电池|前机盖|仪表台)(?:着火|起火|冒烟|烧起来)了?|(?:车里|车内)?有(?:烟味|焦味|糊味|烧焦味|汽油味)(?:了)?)"
)
_GAP = r"[ ,.!;~]*(?:(?:and|so|quick(?:ly)?|please|now|快|赶紧|马上)[ ,.!;]*)*"
_REPORT = regex(rf"[ ,.!;]*(?:{_EN}|{_ZH})[ ,.!;]*")
_BEFORE = regex(rf"[ ,.!;]*(?:{_EN}|{_ZH}){_GAP}")
_AFTER = regex(rf"{_GAP}(?:because )?(?:{_EN}|{_ZH})[ ,.!;]*$")


def tells_accident(plain: str) -> bool:
    """Whether the whole of it tells of an accident or of somebody who is hurt."""
    return _REPORT.fullmatch(plain) is not None


def without_report(plain: str) -> str:
    """`plain` without a report of an accident before or after it: what is asked for then."""
    before = _BEFORE.match(plain)
    rest = plain[before.end() :] if before is not None else plain
    return _AFTER.sub("", rest).strip()


def offer(context: Context) -> Words:
    """What help can be had by one word, with the numbers of where the device is."""
    ambulance, police = (
        number_for(service, context.region, context.language)
        for service in (Service.AMBULANCE, Service.POLICE)
    )
    return Words(
        f"Is anybody hurt? Say “call an ambulance” ({ambulance}) or “call the police” ({police}) and "
        "I dial at once; “hazard lights” warns the others.",
        f"有人受伤吗？说“叫救护车”（{ambulance}）或“报警”（{police}），我马上拨打；说“打开双闪”提醒后车。",
    )
