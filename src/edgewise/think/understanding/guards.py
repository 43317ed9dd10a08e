"""Last look at the parts of a sentence: what must not be carried out as it was taken.

A thought told ("I wonder whether the AC is on"), a time to come ("in five minutes", 到家以后), an
exception ("all but mine"), a row that no car has: the call is dropped and the person is told. The
rules here only ever take calls away.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from edgewise.core.call import Call
from edgewise.core.capability import Capability, Kind, Risk
from edgewise.core.regex import regex
from edgewise.core.thought import MessageKind
from edgewise.core.words import Words
from edgewise.think.understanding import words as say
from edgewise.think.understanding.exceptions import WHOSE, without_exception
from edgewise.think.understanding.join import Part
from edgewise.think.understanding.measured import find_measured
from edgewise.think.understanding.normalise import ENDS, normalise
from edgewise.think.understanding.remark import is_remark
from edgewise.think.understanding.verbs import VERB_EN
from edgewise.think.understanding.zones import find_places

_NO_SUCH_ROW = regex(
    r"第[四五六七八九十4-9]排|\b(?:fourth|fifth|sixth|seventh|4th|5th|6th|7th) row\b"
    r"|\brow (?:four|five|six|seven|[4-9])\b"
)
_ROOMS = r"(?:living|dining|guest|laundry|utility|kids'?|children'?s|sitting) ?room|bed ?room|bath ?room|kitchen|hallway|corridor|basement|cellar|attic|balcony|porch|patio|upstairs|downstairs|staircase|(?:ground|first|second|third|top|upper|lower) floor"
_ROOMS_ZH = r"客厅|卧室|睡房|厨房|浴室|卫生间|洗手间|厕所|书房|阳台|走廊|玄关|地下室|阁楼|楼上|楼下|[一二三]楼|儿童房|客房"
_NOT_THIS_CAR = regex(
    rf"\b(?:{_ROOMS})\b|{_ROOMS_ZH}|\bat home\b"
    r"|\b(?:in|at|(?<!front )of|on|from) (?:my|our|the|his|her|their|your) (?:house|apartment|flat|office|garden|fridge|roof rack(?! side)|neighbou?r\w*|other car)\b|\bof (?:my|our|the|his|her) (?:other|neighbou?r'?s?|friend'?s?|second) (?:car|one)\b"
    r"|\b(?:house|apartment|office|garden|garage|fridge|neighbou?r)(?:'?s)? (?:windows?|doors?|lights?|fans?|heating|thermostat|temperature)\b"
    r"|(?:房子|家里|我家|屋里|屋子|办公室|冰箱|邻居家?)(?:里|上)?的?(?:窗|门(?!口|前|外)|灯|空调|暖气|风扇)"
)
"""Windows, doors and lights of something else."""
_TWO_STATES = regex(
    r"(?:窗户?|门|灯|空调|排|边|侧|驾)(?:都|全)?[开关](?!着)[^,;]{1,8}(?:都|全)?(?:打开|关[上掉闭]?|开)$|留着|(?:别关|别开)$(?<=.{5})"
    r"|^(?!.*\b(?:but|except|keep|leave|and)\b)(?:.*\b(?:open|on|down)\b [^,;]{4,40}\b(?:closed|shut|off|up)|.*\b(?:closed|shut|off|up)\b [^,;]{4,40}\b(?:open|on|down))$|"
    r"\b(?:open|half(?: open)?|up|on)\b[^,;]* and [^,;]*\b(?:closed|shut|off)\b(?! the)|\b(?:closed|shut|off)\b[^,;]* and [^,;]*\b(?:half open|open|on)$"
)
"""One clause that wants two things of two states."""
_NO_NEED = regex(
    r"(?:well |ok(?:ay)? |but |now )*(?:i|we|it|the (?:car|cabin|air|music|volume|sound|sun))(?:'m|'s|'re| am| is| are)(?: (?:just|really|actually))? ?(?:not|no longer)(?: (?:really|actually|that|so|very|too|all that|at all|feeling))*"
    r" (?:cold|chilly|freezing|hot|sweaty|noisy|dark|stuffy|sunny|dim|(?:too|very|that|so) \w+)(?: (?:any ?more|any longer|now|here|in here|inside|at all|thanks?|thank you))*"
    r"|(?:it|the (?:music|volume|sound|air)) (?:isn'?t|is not) (?:(?:(?:that|so|very|too|really) )?(?:cold|hot|noisy|dark|stuffy)|(?:that|so|very|too) (?:loud|warm|bright))(?: (?:any ?more|now|in here|at all))*"
    r"|(?:it|i|we)(?:'m|'s|'re| am| is| are)(?: no longer| not) (?:too )?(?:warm|loud|quiet|bright)(?: in here)? any ?(?:more|longer)"
    r"|(?:我们?|现在|已经|这里|车里|里面|后排|外面|觉得|感觉|声音|音乐|音量|光线|阳光|空气|也|都|一点儿?|其实|并)*(?:不再|不算|不太|不怎么|不是很|不那么|没那么|不)(?:太|很|特别)?(?:冷|热|吵|黑|闷|晒|刺眼)了?(?:啊|呀|呢|的)?"
    r"|(?:我们?|现在|已经|这里|车里|里面|声音|音乐|音量|光线|也|都|其实|并)*(?:(?:不再|不算|没那么)(?:太|很|特别)?(?:大|小|响|暗|亮|凉|暖)|不(?:太|很|怎么|是很|那么)(?:大|响))了?(?:啊|呀|呢|的)?"
)
"""How it is and shall stay: "I'm not cold any more"."""
_TOLD = regex(
    r"^(?:(?:i|we)(?:'m| am| are|'re| was| were)? (?:just )?(?:wonder(?:ing)?(?! if you (?:could|can|would))|forgot|forget|can(?:'t|not| not) remember|do(?:n't| not) (?:remember|know)|think(?! it'?s time)|thought|believe|guess|hope|not sure|unsure)\b"
    r"|not sure\b|(?:it's )?good (?:that|thing)\b|glad\b|luckily\b)"
    r"|^我们?(?:还)?(?:记得|忘了|忘记|不记得|不确定|不知道|以为|怀疑|好像)|^(?:幸好|还好|好在|幸亏)"
    r"|^(?!(?:(?:please|hey|ok|okay|car|now|also|just|and|then|so) |(?:can|could|will|would|should|you) (?:you )?(?:should )?|i (?:want|need) (?:you )?to )*(?:make sure|be sure|ensure|see to it)\b)(?:the |my |our |all |both )*[a-z' ]+ (?:is|are|was|were) (?:still |already |now |all )*(?:open|closed|shut|on|off|up|down|locked|unlocked)$|(?<!让)[开关锁亮]着(?:呢|的)?$"
)
_LATER = regex(
    r"(?<!until )(?<!see you )\blater(?: on)?$|\bin a (?:bit|while|moment|minute)$|^(?:等(?:一?会儿?|一?下)(?:再|(?=[打开关锁把将]))|待会儿?|一会儿?(?=再?[打开关锁把将])|过一?会儿?|晚一?[点些]儿?|稍后|回头|改天|迟点)(?!提醒|叫)"
    r"|^(?:after|before(?! (?:we|i) (?:go|leave|start|drive|set off|get going)\b)) (?:the|we|i|you|it|next|my|our|lunch|dinner|breakfast|work|school|\w+ing)\b"
    r"|\b(?:in|after) (?:an? |\w+ |\w+[ -]\w+ )(?:seconds?|minutes?|mins?|hours?)\b|\btomorrow\b|\btonight\b|\bevery (?:day|morning|evening|night|week)\b"
    r"|\bat (?:noon|midnight|(?:half|a? ?quarter) past \w+|(?:\d{1,2}(?::\d\d)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?: thirty| fifteen| forty[ -]five)? ?(?:a\.?m\b|p\.?m\b|o'?clock))|\b(?:when|once|after|as soon as) (?:i|we) (?:get|arrive|come|leave|park)\b"
    r"|(?:秒钟?|分钟|小时|钟头|刻钟)(?:之?后|以后)|(?:睡觉|出发|到家|下车|停车|上车|天黑|下雨|进隧道|出门|回家|到站|到达)(?:之|以)?前|(?:[下上过出进停完][^,]{1,4}|好|完)(?:之后|以后|后)(?=,?(?:再|就)?(?:把|将)?[打开关锁调升降切启停])|(?:晚点|晚些|待会儿?|一会儿?|稍后|回头)再(?=[打开关锁升降])|^出(?:了)?隧道|明[天早晚]|后天|今晚|每[天晚早]|(?:到家|到了|到达|回家|下车|上车|停车|出发)(?:之?后|以后|的时候|时)|(?:早上|上午|中午|下午|晚上).{0,4}点|(?:下雨|下雪|天黑|太热|太冷)(?:的话|了?就)"
)
_KEPT_ASIDE = (
    r"(?:[关开]|关[上掉闭]|打开)(?:了|上)?,?(?:只|就|单)?留(?:着|下)?(?!言)[^,]{1,8}$|(?:我|主驾|副驾|前排|后排|左边|右边)[^,]{0,3}(?:不动|不变|别动)$"
    r"|\band (?:keep|leave) (?:mine|my side|ours|his|hers|the (?:rest|others?))(?: .*)?$"
)
"""What shall stay as it is, named behind the order: 灯都关了只留阅读灯."""
_EXCEPT_EN = r"\bexcept\b|\bbut not (?:all the way|fully|completely|entirely)\b|\b(?:all|every\w*|both)\b.*\bbut\b|\bapart from\b|\bother than\b"
_EXCEPT = regex(rf"{_EXCEPT_EN}|{_KEPT_ASIDE}|除了|除.{{1,8}}(?:以外|之外)")

_FOR_A_TIME = regex(
    r"\bfor (?:an?|half an?|(?:the next )?[\w -]{1,20}?) (?:seconds?|secs?|minutes?|mins?|hours?)\b"
    r"|(?<!等)[\d一二两三四五六七八九十半]+(?:个半?|来)?(?:秒钟?|分钟|小时|钟头|刻钟)(?:吧|就好|就行)?$"
)
"""How long something shall last: "for ten minutes", 开三秒."""
_TELLS = frozenset(
    {"dialog", "memory", "list", "alarm", "calendar", "message", "email", "nav", "order", "info",
     "file", "contact", "media.library_edit", "device.find"}
)  # fmt: skip
"""What is asked for by telling: "I love this song", "tell mom I opened it"."""


SCENE = "scene.run"
"""Moves parts of the car by the name of a scene."""
_DEGREES = "climate.set_temperature"
_SENT = frozenset({"call.dial", "message.send"})
_AT_ONE = regex(
    r"\bat (?:\d{1,2}(?::\d\d)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?: thirty)?$|中午|午夜|傍晚|(?:[0-9零一二两三四五六七八九十半])[点时](?:钟|整|半)?(?=给|打|发)"
)
"""A time at which something shall be sent; of a car's parts the same words are a level."""


def guarded(
    parts: Sequence[Part], capabilities: Mapping[str, Capability], whole: str
) -> list[Part]:
    """The parts of the text `whole`, with calls that change something dropped where the words ask
    for none, and calls that act on the car where the words forbid carrying them out now."""
    if for_another(whole):
        parts = [_dropped(p, say.NO_ORDER) if _does(p, capabilities) else p for p in parts]
    parts = [
        p if not _only_said(p, capabilities)
        else _REASON if _spelt_out(p, parts[i + 1 :])
        else _dropped(p, say.NO_ORDER)
        for i, p in enumerate(parts)
    ]  # fmt: skip
    kept: list[Part] = []
    later = False
    parts = [_without_guess_at_words(part) for part in parts]
    for i, part in enumerate(parts):
        clause = normalise(part.clause).plain
        says_later = _LATER.search(clause) is not None
        if part.call is not None and part.call.capability.startswith(_AT_ONCE):
            kept.append(_dropped(part, say.NOT_LATER) if later or says_later else part)
            continue
        if part.call is not None and part.call.capability == SCENE and _NOT_THIS_CAR.search(clause):
            kept.append(_dropped(part, say.NOT_THIS_CAR))
            continue
        if part.call is None or not acts_on_car(capabilities[part.call.capability]):
            later = later or (says_later and part.call is None)
            kept.append(part)
            continue
        later = later or says_later
        words = _against(part, clause, capabilities[part.call.capability], later=later)
        if words is say.NO_ORDER and _spelt_out(part, parts[i + 1 :]):
            kept.append(_REASON)
            continue
        kept.append(part if words is None else _dropped(part, words))
        if words is None and _FOR_A_TIME.search(clause) and _never_ends(capabilities, part):
            kept[-1] = replace(part, question=part.question or say.NO_END)
    return kept


_REASON = Part(MessageKind.CHAT, confidence=0.9, idle=True)
"""A remark that nobody need answer."""


def _does(part: Part, capabilities: Mapping[str, Capability]) -> bool:
    """Whether a part changes anything but what is heard; to stop something is never refused."""
    capability = capabilities[part.call.capability] if part.call else None
    if capability is None or capability.risk is Risk.READ:
        return False
    given = part.call.arguments if part.call else {}
    stops = "stop" in (given.get("action"), given.get("op"))
    return capability.family != "media" and not stops


_OTHER_ASSISTANT = regex(
    r"(?:^|[,.;:!?] ?|\b(?:hey|ok|okay|hi|hello|please|you|so|and|then|now|um|uh|car)[ ,]{1,2})"
    rf"(?:siri|alexa|cortana|bixby)\b(?=\W*$|[ ,]+(?:(?:please|can you|could you|would you) )*(?:{VERB_EN})\b)"
    r"|\b(?:hey|ok|okay|hi)[ ,]{1,2}google\b|^(?:喂|嗨|嘿|那个|[ ,])*(?:小爱同学|天猫精灵|小度小度|小艺小艺|小布小布)"
)
"""Names of others who listen, where somebody is addressed."""


def for_another(plain: str) -> bool:
    """Whether a text addresses another assistant: it then changes nothing but what is heard."""
    return _OTHER_ASSISTANT.search(plain) is not None


def _spelt_out(remark: Part, rest: Sequence[Part]) -> bool:
    """Whether an order of the same sentence follows a remark: "the window is open, close it"."""
    name = remark.call.capability if remark.call else ""
    return any(part.call is not None and part.call.capability == name for part in rest)


def _without_guess_at_words(part: Part) -> Part:
    """The part, or a question where its words are to be sent later, leave out what a row of the
    telephone cannot tell apart, or hold a second thought."""
    if part.call is None:
        return part
    if _to_be_sent_later(part):
        return _dropped(part, say.NOT_LATER)
    op, holds_words = part.call.arguments.get("op"), _holds_words(part.call)
    ends = part.call.capability == "calendar.delete" or op in ("cancel", "remove", "clear")
    if not ends and not holds_words:
        return part
    plain = normalise(part.clause).plain
    if ends and _ROWS_EXCEPT.search(plain):
        return _dropped(part, say.NO_EXCEPTIONS)
    if holds_words and _SECOND_THOUGHT.search(plain):
        return _dropped(part, say.MIND_CHANGED)
    return part


_ROWS_EXCEPT = regex(
    rf"{_EXCEPT_EN}|(?<![删解免排去清消扫开])除了?.{{1,10}}(?:以外|之外|其他|其它|的?所有|的?全部)"
)
_SECOND_THOUGHT = regex(
    r"[,.;!] ?(?:no,? wait|wait,? no|scratch that|correction|oh no|no,? sorry)\b|[,.;!] ?(?:i mean|make that|no,) |[,.;!] ?(?:不对|不是|说错了|错了)[,.;! ]"
)


def _holds_words(call: Call) -> bool:
    """Whether it sends or keeps a person's own words."""
    return call.capability in _SENT or bool({"body", "label", "title", "fact"} & {*call.arguments})


def _to_be_sent_later(part: Part) -> bool:
    """Whether somebody is to be called or written to at a time to come: "call Lisa at noon"."""
    if part.call is None or part.call.capability not in _SENT:
        return False
    clause = part.clause.lower()
    told = [str(v).lower() for n in ("body", "subject") if (v := part.call.arguments.get(n))]
    for text in told:
        if text not in clause:
            return False
        clause = clause.replace(text, " ")
    clause = clause.strip(ENDS + " ")
    return _LATER.search(clause) is not None or _AT_ONE.search(clause) is not None


def _never_ends(capabilities: Mapping[str, Capability], part: Part) -> bool:
    capability = capabilities[part.call.capability] if part.call else None
    return (
        capability is not None
        and capability.family != "media"
        and not any(argument.kind is Kind.DURATION for argument in capability.arguments)
    )


def _only_said(part: Part, capabilities: Mapping[str, Capability]) -> bool:
    if part.call is None:
        return False
    if _NO_NEED.fullmatch(part.clause.lower().strip(ENDS)):
        return True
    if _only_measured(part.call, part.clause):
        return True
    if part.call.inferred:
        return False
    said = _without_own_words(part.call, part.clause)
    capability = capabilities[part.call.capability]
    told = capability.family in _TELLS or capability.name in _TELLS
    sound = capability.name in _SOUND
    if part.call.capability == "media.library_edit":
        liked = _LIKED.search(part.clause.lower()) is not None
        if not liked or part.call.confidence >= _SURE_SOUND:
            return not liked and is_remark(said)
    if _THERE_IS.match(part.clause.lower()):
        return capability.risk is not Risk.READ
    if part.call.confidence >= (_SURE_SOUND if sound else _SURE) and (
        sound or not acts_on_car(capability)
    ):
        return False
    return capability.risk is not Risk.READ and not told and is_remark(said)


def _only_measured(call: Call, clause: str) -> bool:
    """Whether degrees were told and no temperature was wanted."""
    wanted = {"value", "delta"} & {*call.arguments}
    return (
        call.capability == _DEGREES and not wanted and bool(find_measured(normalise(clause).plain))
    )


def _without_own_words(call: Call, clause: str) -> str:
    """A clause without the names that it gives ("please search for Switched"), if any more is
    said."""
    for name in _NAMED:
        value = call.arguments.get(name)
        if isinstance(value, str) and len(value) < len(clause) / 2:
            clause = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "", clause)
    return clause


_NAMED = ("query", "item", "list")
_LIKED = regex(r"\b(?:like|love|enjoy|favou?rite|adore|hate|dislike|great|best|amazing|awesome)\b")
"""Taste told is taste kept: "my favourite band is the one from Leeds"."""
_THERE_IS = regex(
    r".*\bis (?:an?|the|my) (?:album|song|track|movie|film|band|book|show)\b|my fav\w* \w+ is |there(?:'s| is| are| was| were) (?:a|an|the|some|this) "
)
_AT_ONCE = ("home.control", "board.")
"""What is outside the car and has no clock of its own."""
_SOUND = frozenset({"media.play", "media.library_edit"})
_SURE, _SURE_SOUND = 0.8, 0.95
"""From here the command model is believed that a clause orders something, where no part of the car
would move; the second for what is heard."""


def _against(part: Part, clause: str, capability: Capability, *, later: bool) -> Words | None:
    if part.call is not None and not part.call.inferred and _TOLD.search(clause):
        return say.NO_ORDER
    if later:
        return say.NOT_LATER
    if _EXCEPT.search(without_exception(normalise(clause))[0].plain):
        return say.NO_EXCEPTIONS
    if _TWO_STATES.search(clause):
        return say.TWO_STATES
    if WHOSE.search(clause) and not find_places(clause):
        return say.WHOSE
    if _NOT_THIS_CAR.search(clause) and not _makes_safer(part):
        return say.NOT_THIS_CAR
    kinds = {argument.kind for argument in capability.arguments}
    if kinds & {Kind.ZONE, Kind.ZONES} and _NO_SUCH_ROW.search(clause):
        return say.NO_SUCH_ROW
    return None


def _makes_safer(part: Part) -> bool:
    """Lamps on, a lock shut (rule 4): where the car stands when that is asked for is no reason."""
    if part.call is None:
        return False
    given = part.call.arguments
    lamps_on = part.call.capability == "light.exterior.set" and given.get("state") != "off"
    return lamps_on or given.get("locked") is True


def _dropped(part: Part, words: Words) -> Part:
    return replace(part, kind=MessageKind.UNKNOWN, call=None, question=words)


def acts_on_car(capability: Capability) -> bool:
    """Whether a call changes something on the car itself and at once."""
    on_car = any(target.startswith("Vehicle.") for target in capability.actuators)
    timed = any(argument.kind is Kind.MOMENT for argument in capability.arguments)
    own = capability.family in ("dialog", "vehicle", "scene", "nav")
    return on_car and capability.risk is not Risk.READ and not timed and not own
