"""Words that stop a motion: "stop!", "stop the window", 停住, 别关了, "don't close it", and 夹到手了.

A motor that is told to stop must never be taken for one that is told to close, and must not wait
for its own end. So these are fixed words (`fixed.py`): string rules only, no model. Stopping what
stands still does nothing.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

from edgewise.core.regex import regex

_BEFORE_EN = r"(?:(?:hey|no+|wait|oh|ok(?:ay)?|please|just|quick(?:ly)?|now|car|edgewise|i said|can you|could you|and|then|but|will you)[ ,.!]+)*"
_AFTER_EN = r"(?:[ ,.!]+(?:now|please|it|that|this|there|here|right|halfway|at once|immediately|moving|doing that|any ?more|any further|will you|stop|halt|wait|no))*"
_THING_EN = (
    r"(?:(?:the|that|this|my|your|his|her|both|all|every|any|of|driver'?s?|passenger'?s?|kids?'?s?|front|rear|back|left|right|side|car|door)[ ]+)*"
    r"(?:windows?|sun ?roof|moon ?roof|roof|sun ?shades?|shades?|blinds?|trunk|boot|tailgate|liftgate|hatch|hood|frunk|bonnet|seats?|seat ?backs?|backrest|mirrors?|doors?)"
)
_MOVE_EN = r"(?:clos(?:e|ing)|shut(?:ting)?|open(?:ing)?|mov(?:e|ing)|rais(?:e|ing)|lower(?:ing)?|roll(?:ing)?|wind(?:ing)?|slid(?:e|ing)|fold(?:ing)?|tilt(?:ing)?)(?: (?:up|down|back|in|out))?"
_IT_EN = rf"(?:it|that|this|them|{_THING_EN})"
_STOP_EN = r"(?:stop|halt|freeze|cancel)"
_BEFORE_ZH = r"(?:喂|哎|等等|等一下|快点?|赶紧|马上|立刻|给我|帮我|请|先|不|别|然后|再|[ ,!])*"
_AFTER_ZH = r"(?:下来?|住|止|一?下|一停|吧|啊|呀|了|[ ,!])*"
_THING_ZH = (
    r"(?:把|让|将)?(?:主驾|副驾|驾驶位?|左|右|前|后|排|侧|边|的|我|这|那|个|扇|所有|全部|车上|电动)*"
    r"(?:车窗户?|窗户|窗|天窗|遮阳帘|遮阳板|窗帘|后备[箱厢]|尾门|后尾门|前备箱|引擎盖|座椅|靠背|后视镜|车门|门)"
)
_MOVE_ZH = r"(?:关闭?|开|打开|升起?|降下?|移动?|动|调|折叠)"
_DENIED_ZH = (
    rf"{_BEFORE_ZH}(?:{_THING_ZH})?(?:先|快)?(?:别|不要|不许)(?:再)?{_MOVE_ZH}(?:{_THING_ZH}|它)?"
)

_HALT = regex(
    rf"{_BEFORE_EN}(?:"
    rf"(?:stop|halt|freeze)(?:[ ,.!]+(?:stop|halt|freeze))*"
    rf"|make {_IT_EN} stop"
    rf"|(?:stop|halt|freeze) {_IT_EN}(?: (?:from )?{_MOVE_EN})?"
    rf"|cancel (?:{_MOVE_EN} )?{_THING_EN}"
    rf"|{_STOP_EN} {_MOVE_EN}(?: {_IT_EN})?(?: (?:up|down))?"
    rf"|hold {_THING_EN}"
    rf"|{_THING_EN}[ ,]+stop"
    rf"){_AFTER_EN}"
    rf"|(?:{_BEFORE_ZH}停{_AFTER_ZH})+"
    rf"|{_BEFORE_ZH}停(?:止|住|下|一下)?(?:{_MOVE_ZH})?{_THING_ZH}(?:{_MOVE_ZH})?{_AFTER_ZH}"
    rf"|{_BEFORE_ZH}{_THING_ZH}(?:先|快|给我|赶紧|别动)*停{_AFTER_ZH}"
    rf"|{_DENIED_ZH}了{_AFTER_ZH}"
    rf"|{_DENIED_ZH}{_AFTER_ZH}停{_AFTER_ZH}"
)
_DENIED_MOVE = regex(
    rf"{_BEFORE_EN}(?:do not|don'?t)(?: you)? {_MOVE_EN} {_IT_EN}(?: (?:up|down))?{_AFTER_EN}|{_DENIED_ZH}{_AFTER_ZH}"
)
_LIMB_EN = r"(?:fingers?|thumbs?|hands?|arms?|elbow|wrist|head|neck|hair|f(?:oo|ee)t|legs?|toes?)"
_BODY_EN = rf"(?:(?:my|his|her|the|our|a|your|child'?s|kid'?s|baby'?s|son'?s|daughter'?s)[ ]+)*(?:{_LIMB_EN}|child|kid|baby|son|daughter|girl|boy|dog|cat|sleeve|scarf|coat|jacket|dress)"
_CAUGHT_EN = r"(?:stuck|caught|trapped|jammed|pinched|squeezed|crushed)"
_CRY_EN = r"(?:[ ,.!]+(?:stop|halt|stop it|help|help me|ouch|ow|quick|quickly|now|please|it hurts|hurry|hurry up))*"
_BODY_ZH = r"(?:我的?|孩子的?|小孩的?|宝宝的?|儿子的?|女儿的?|他的?|她的?)*(?:手指头?|手|胳膊|手臂|头发?|脑袋|脚|腿|脖子|衣服|裙子|围巾|孩子|小孩|宝宝|人|狗狗?|猫)"
_CRY_ZH = r"(?:了|啦|啊|呀|救命|快|停下?|疼|好疼|[ ,!])*"
_TRAPPED = regex(
    rf"(?:(?:ow|ouch|help|ah+|oh no|stop|halt)[ ,.!]+)*{_BEFORE_EN}(?:"
    rf"{_BODY_EN}(?:'s| is| are| got| gets| was|'re)?(?: still| being)? {_CAUGHT_EN}(?: (?:in|by|under|between|inside) {_THING_EN})?"
    rf"|(?:(?:my|his|her|the|our|your|child'?s|kid'?s|baby'?s)[ ]+)*{_LIMB_EN}(?:'s| is| are)(?: still)? (?:in|between|inside) {_THING_EN}"
    rf"|(?:it|you|{_THING_EN})(?:'s| is|'re| are| has|'s got)? ?(?:just )?(?:caught|trapped|pinch(?:ed|ing)|squeez(?:ed|ing)|crush(?:ed|ing)|closing on|shutting on) {_BODY_EN}"
    rf"){_CRY_EN}"
    rf"|(?:停下?[ ,!]*)*{_BEFORE_ZH}(?:{_BODY_ZH}(?:被|给)?(?:{_THING_ZH})?(?:夹|卡|压|挤)(?:到|住|着|伤|在{_THING_ZH}(?:里|上|缝)?)|{_BODY_ZH}(?:还)?在{_THING_ZH}(?:里|上|缝里)"
    rf"|(?:{_THING_ZH})?(?:夹|压|挤)(?:到|住|着|伤)?(?:{_BODY_ZH})(?=了|啊|[ ,!]|$)|(?:{_THING_ZH})?夹(?:到|住|着)(?=了)){_CRY_ZH}"
)
"""A hand in a window is no order, but nothing else may be meant by it than that the motor stops."""
_STOPPING = regex(r"\b(?:stop|halt|cancel)(?:ped|ping|s)?\b|停(?!车)|取消")
_STOPS_A_THING = regex(
    rf"^[^,.!?;]*\b(?:stop|halt)\b {_THING_EN}(?=$| (?:from|going|moving|clos|open|now|please|right|before|where|at|in))|停(?!车)(?:止|住|下)?{_THING_ZH}$"
)
_LONGEST = 80
_CLAUSE = regex(r"[,.!?;]+|\b(?:and|then|but)\b|然后|再|并且|和")


def is_halt(plain: str) -> bool:
    """Whether a clause tells a motion to stop."""
    bare = plain.strip(" ,.!?;")
    if len(bare) > _LONGEST:
        return False
    if is_trapped(bare):
        return True
    return _HALT.fullmatch(bare) is not None or _STOPS_A_THING.search(bare) is not None


def is_trapped(plain: str) -> bool:
    """Whether it says that a hand, a child or the like is caught in something that moves."""
    bare = plain.strip(" ,.!?;")
    return len(bare) <= _LONGEST and _TRAPPED.fullmatch(bare) is not None


def denies_motion(plain: str) -> bool:
    """Whether a clause says that something shall not move: of what stands still that is no order,
    while it moves it stops it."""
    bare = plain.strip(" ,.!?;")
    return len(bare) <= _LONGEST and _DENIED_MOVE.fullmatch(bare) is not None


def speaks_of_stopping(plain: str) -> bool:
    """Whether a clause about a motor has a word of stopping, which is none of shutting."""
    return _STOPPING.search(plain) is not None


def has_halt(plain: str) -> bool:
    """Whether a clause of a sentence stops or denies a motion: it does not wait for the turn that
    moves the thing."""
    return any(is_halt(part) or denies_motion(part) for part in (plain, *_CLAUSE.split(plain)))
