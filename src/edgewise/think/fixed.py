"""Fixed words: what must work with no model at all (rules 4, 42 and 44).

Stop, cancel, confirm, deny, undo, repeat, the emergency call and its end, and the safe direction of lights,
hazard lights, defrost and locks, in Chinese and English. Only a whole utterance counts, politeness
and fillers apart: a phrase inside a longer sentence is left to understanding, and a denied one
("don't lock") matches nothing. No embeddings, no numbers, no network: string rules only.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re

import msgspec

from edgewise.core.call import Call
from edgewise.core.emergency import EMERGENCY_NUMBERS, Service, number_for
from edgewise.core.regex import regex
from edgewise.core.thought import Context, MessageKind, Thought
from edgewise.core.words import Words
from edgewise.think.accident import offer, tells_accident, without_report
from edgewise.think.halt import denies_motion, is_halt, is_trapped
from edgewise.think.understanding.courtesy import strip_courtesy
from edgewise.think.understanding.normalise import normalise

LONGEST = 60
"""Fixed words are short; a longer text is not looked at."""


def fixed(text: str, context: Context) -> Thought | None:
    """The thought that a fixed utterance means, with one call; `None` for everything else."""
    if not text or len(text) > 4 * LONGEST:
        return None
    whole = normalise(text)
    if not whole.plain or len(whole.plain) > LONGEST:
        return None
    if text.rstrip().endswith(("?", "？")):
        return None  # "yes?" asks; only a plain word is a yes or an order
    if is_halt(whole.plain) or (context.interrupts and denies_motion(whole.plain)):
        thought = _thought("stop", "dialog.control", _control("stop"), context, whole.text)
        free = _FREE if is_trapped(whole.plain) else None
        return msgspec.structs.replace(thought, question=free)
    if _DENIED.search(whole.plain):
        return None
    bare = strip_courtesy(whole).plain
    for plain in dict.fromkeys((_tidy(whole.plain), _tidy(bare))):
        for kind, pattern, capability, arguments in _ENTRIES:
            if pattern.fullmatch(plain):
                return _thought(kind, capability, arguments, context, whole.text)
        number = _emergency_number(plain, context)
        number = number or _emergency_number(_tidy(without_report(whole.plain)), context)
        if number:
            return _thought("emergency", "call.dial", {"number": number}, context, whole.text)
    if tells_accident(whole.plain):
        return Thought(MessageKind.CHAT, confidence=1.0, question=offer(context), fixed="accident")
    return None


def without_understanding(text: str, context: Context) -> Thought | None:
    """`fixed`, and the safe one of two meanings where nothing is there to tell them apart: with
    "turn on the lights" the road is lit too (rule 44)."""
    thought = fixed(text, context)
    if thought is None and len(text) <= LONGEST:
        whole = normalise(text)
        if _ANY_LIGHTS.fullmatch(_tidy(strip_courtesy(whole).plain)):
            light = _light("low_beam")
            return _thought("safe", "light.exterior.set", light, context, whole.text)
    return thought


def _tidy(plain: str) -> str:
    return _MARKS.sub(" ", plain).rstrip(".,!?;~ ").lstrip()


_MARKS = regex(r"[,!. ]+")


def _thought(
    kind: str, capability: str, arguments: dict[str, object], context: Context, text: str
) -> Thought:
    call = Call(
        id=f"{context.turn}.1",
        capability=capability,
        arguments=dict(arguments),
        label=context.label,
        clause=text,
        asked_at=context.asked_at,
    )
    return Thought(MessageKind.COMMAND, (call,), confidence=1.0, fixed=kind)


_DENIED = regex(
    r"\b(?:don'?t|do not|never(?! ?mind)|not)\b(?! stop| do (?:it|that)| now| yet|$| that| really)|(?<![分特级区个])别(?!了|这样|做|动|$)|不要(?!了|$|这样|停|紧)|不许|不准|不用(?!了|$)|不必"
)

_THE = r"(?:the |my |all |all the |all of the |both |every |car'?s? |car )*"
_TURN_ON = r"(?:turn|switch|put|flip)"


def _control(action: str) -> dict[str, object]:
    return {"action": action}


def _light(kind: str) -> dict[str, object]:
    return {"kind": kind, "state": "on"}


_OPEN_ZH = r"(?:(?:给我|帮我)?(?:快)?(?:打开|开启|开|点亮|开一下|开下|启动|亮起))"
_LIGHTS = r"(?:head ?lights?|headlamps?|low beams?|dipped (?:beams?|lights?)|main lights)"
_LIGHTS_ZH = r"(?:大灯|车大灯|前大灯|前照灯|近光灯?|车头灯|头灯)"
_POSITION = (
    r"(?:position (?:lights?|lamps?)|parking (?:lights?|lamps?)|side ?lights?|marker lights?)"
)
_POSITION_ZH = r"(?:示廓灯|示宽灯|小灯|位置灯|轮廓灯)"
_FOG = r"fog ?(?:lights?|lamps?)"
_WIPERS = r"(?:windshield |windscreen |front )?wipers?"
_WIPERS_ZH = r"(?:前)?(?:雨刮器?|雨刷器?)"
_HAZARD = r"(?:hazards?|hazard (?:lights?|flashers?|warning lights?)|warning (?:lights?|flashers?)|emergency (?:lights?|flashers?)|four ways|flashers?)"
_HAZARD_ZH = r"(?:双闪灯?|危险报警灯|危险警示灯|警示灯|双跳灯?|应急灯)"
_DEFROST = (
    r"(?:front (?:window |windshield |windscreen )?)?(?:defrost(?:er)?|demist(?:er)?|defog(?:ger)?)"
)

# What is only a sound (嗯, "hmm", "uh") is no yes: see `assent.py`.
_YES_EN = (
    r"(?:yes|yep|yeah|yup|sure|confirm(?:ed)?|correct|that'?s right|that is right|affirmative|go ahead|do it|ok(?:ay)?|fine|"
    r"of course|absolutely|definitely|please do|yes please|go for it|sounds good|exactly|proceed|allow(?: it)?|i confirm|"
    r"i'?m sure|sure thing|agreed?)"
)

_ROWS: tuple[tuple[str, str, str, dict[str, object]], ...] = (
    ("stop", r"stop(?: it| that| everything| now| talking| right there| doing that)?|halt|freeze|shut up|be quiet|quiet please|"
     r"enough|that'?s enough|hold it|whoa|"
     r"停|停下来?|停止|停一停|停一下|别动|住手|别说了|闭嘴|安静|别做了|打住|停停停|停停",
     "dialog.control", _control("stop")),
    ("cancel", r"cancel(?: it| that| this)?|never ?mind|forget it|forget about it|forget that|leave it|scrap that|drop it|"
     r"算了|取消|取消吧|不要了|不用了|不用|不需要了|作罢|别了|没事了?|当我没说|撤了吧|先不了|还是算了",
     "dialog.control", _control("cancel")),
    ("confirm", rf"{_YES_EN}(?: {_YES_EN})*(?: please)?|"
     r"(?:好|好的|好啊|好呀|好滴|好哒|好吧|行|行的|行吧|可以|可以的|没问题|是|是的|是啊|对|对的|对啊|没错|确认|确定|同意|要|要的|当然|当然可以|必须的?|肯定|"
     r"ok|执行|继续执行|就这样|就这么办|发吧|打吧|做吧|允许|好的 ?确认|是的 ?确认|对 ?就是这样|好 ?就这样)",
     "dialog.control", _control("confirm")),
    ("deny", r"no|nope|nah|no way|no thanks|no thank you|negative|do not|don'?t|don'?t do (?:it|that)|do not do (?:it|that)|please don'?t|"
     r"not now|not yet|rather not|i'?d rather not|absolutely not|no don'?t|that'?s wrong|wrong|"
     r"不|不行|不要|不是|不对|不可以|不好|否|不同意|别|拒绝|不确认|不了|错了|不是的|不 ?谢谢|不必|不必了|先不要|别这样",
     "dialog.control", _control("deny")),
    ("undo", r"undo(?: it| that| this| the last (?:one|action|change))?|take (?:it|that) back|revert(?: it| that)?|reverse that|put it back|"
     r"change it back|(?:go|set it) back(?: to how it was)?|as it was before|roll (?:it|that) back|undo (?:the )?last(?: (?:action|step|command))?|"
     r"撤销|撤回|撤消|恢复原样|还原|改回去|调回去|恢复刚才的|撤销刚才的操作|撤销上一步|回到刚才|撤销操作|复原|恢复原状|变回去|调回来|改回来|把刚才的撤销",
     "dialog.control", _control("undo")),
    ("repeat", r"repeat(?: that| it| please)?|say (?:that|it) again|say again|again please|come again|pardon(?: me)?|what did you say|one more time|"
     r"i didn'?t (?:hear|catch|get) (?:that|you)|can you repeat (?:that|it)|repeat what you (?:just )?said|what was that|"
     r"再说一[遍次]|重复一[遍次下]|重复|再讲一遍|你说什么|你刚才说什么|刚才说什么|没听清楚?|没听见|我没听清楚?|没听到|什么 ?再说一遍|再说一下|再来一遍|请重复",
     "dialog.control", _control("repeat")),
    ("hang_up", r"hang ?up(?: now)?|hang up the (?:call|phone)|end (?:the|this) call|挂断(?:电话|通话)?|挂电话|挂掉电话|把?电话挂(?:断|掉|了)|结束通话",
     "call.control", {"action": "hang_up"}),
    ("safe", rf"{_TURN_ON} on {_THE}{_LIGHTS}|{_TURN_ON} {_THE}{_LIGHTS} on|{_THE}{_LIGHTS} on|lights on|"
     rf"{_TURN_ON} on {_THE}(?:driving|car) lights|{_OPEN_ZH}{_LIGHTS_ZH}|把?{_LIGHTS_ZH}(?:给我)?(?:打开|开开|开|开启|点亮|亮起来)|开车灯|打开车灯|亮灯",
     "light.exterior.set", _light("low_beam")),
    ("safe", rf"{_TURN_ON} on {_THE}{_HAZARD}|{_TURN_ON} {_THE}{_HAZARD} on|{_THE}{_HAZARD}(?: on)?|"
     rf"{_OPEN_ZH}{_HAZARD_ZH}|打双闪|打个双闪|双闪|把?{_HAZARD_ZH}(?:打开|开开|开启|开|打上)",
     "light.exterior.set", _light("hazard")),
    ("safe", rf"{_TURN_ON} on {_THE}{_POSITION}|{_TURN_ON} {_THE}{_POSITION} on|{_THE}{_POSITION} on|{_OPEN_ZH}{_POSITION_ZH}|把?{_POSITION_ZH}(?:打开|开开|开启)",
     "light.exterior.set", _light("position")),
    ("safe", rf"{_TURN_ON} on {_THE}{_FOG}|{_TURN_ON} {_THE}{_FOG} on|{_THE}{_FOG} on|{_OPEN_ZH}雾灯|把?雾灯(?:打开|开开|开启)",
     "light.exterior.set", _light("fog")),
    ("safe", rf"(?:{_TURN_ON}|start) on {_THE}{_WIPERS}|start {_THE}{_WIPERS}|{_TURN_ON} {_THE}{_WIPERS} on|{_THE}{_WIPERS}(?: on)?|wipe {_THE}(?:windshield|windscreen)|"
     rf"{_OPEN_ZH}{_WIPERS_ZH}|把?{_WIPERS_ZH}(?:打开|开开|开启)|{_WIPERS_ZH}",
     "wiper.set", {"mode": "on"}),
    ("safe", rf"{_TURN_ON} on {_THE}{_DEFROST}|{_TURN_ON} {_THE}{_DEFROST} on|{_THE}{_DEFROST} on|"
     rf"(?:defrost|demist|defog|clear) {_THE}(?:front )?(?:windshield|windscreen|window|glass)|defrost|"
     rf"{_OPEN_ZH}(?:前(?:挡|窗|挡风玻璃|风挡)?)?(?:除霜|除雾)(?:功能|模式)?|(?:前挡?)?(?:除霜|除雾)(?:打开|开启|开)|前挡(?:风玻璃)?(?:除霜|除雾)|(?:挡风玻璃)?(?:除霜|除雾)",
     "climate.set_defrost", {"target": "front", "on": True}),
    ("safe", rf"{_TURN_ON} on {_THE}(?:rear|back) (?:window |windshield |windscreen )?(?:defrost(?:er)?|demist(?:er)?|defog(?:ger)?)|"
     rf"{_TURN_ON} {_THE}(?:rear|back) (?:window )?(?:defrost(?:er)?|demist(?:er)?|defog(?:ger)?) on|(?:rear|back) (?:window )?(?:defrost(?:er)?|demist(?:er)?|defog(?:ger)?) on|"
     rf"{_OPEN_ZH}后(?:挡|窗|挡风玻璃|风挡|玻璃)?(?:除霜|除雾|加热)(?:功能)?|后(?:挡|窗)?(?:除霜|除雾)(?:打开|开启|开)?",
     "climate.set_defrost", {"target": "rear", "on": True}),
    ("safe", rf"lock(?: up)? {_THE}(?:doors?|car|vehicle)|lock(?: it| up)?|lock {_THE}doors? (?:up|now)|doors? lock|"
     r"(?:锁车|锁门|锁上车门|锁好车门|上锁|锁上|落锁|锁定车门|锁上门|关锁|锁车门|锁上所有车门|锁住车门|车门上锁|车门锁上|给车门?上锁|把(?:所有)?(?:车|车门|门)(?:都)?(?:锁上|锁好|锁了|锁住|锁起来|上锁|锁))",
     "door.lock", {"locked": True}),
)  # fmt: skip

_ENTRIES = tuple((kind, regex(pattern), name, args) for kind, pattern, name, args in _ROWS)

_ANY_LIGHTS = regex(
    rf"{_TURN_ON} on {_THE}lights?|{_TURN_ON} {_THE}lights? on|{_THE}lights? on|{_OPEN_ZH}(?:车|所有的?|全部)?灯|把?(?:车|所有的?)?灯(?:都|全)?(?:打开|开开|开启)"
)

_CALL_EN = r"(?:call|dial|phone|ring|get me|connect me to|i need|we need|get)(?: an| the| for)*"
_CALL_ZH = r"(?:(?:快|赶紧|马上)?(?:拨打|拨|打|呼叫|叫|打电话给|打电话叫|打个?电话给|联系|接通)(?:一?辆|个)?)"
_SPELT = str.maketrans("零一二三四五六七八九幺", "01234567891")
_NUMBER = regex(
    rf"(?:(?:{_CALL_EN} |{_CALL_ZH} ?)(?P<n>[\d零一二三四五六七八九幺 -]+)(?:电话|急救电话)?|(?P<m>112|911|999|110|119|120|122))"
)
_NINE_ONE_ONE = regex(rf"{_CALL_EN} (?:nine one one|nine-one-one|9-1-1|9 1 1)")
_SERVICES: tuple[tuple[str, Service], ...] = (
    (rf"(?:{_CALL_EN}|(?:call|get|send) (?:me|us|him|her) (?:an?|the)) (?:ambulance|paramedics?|medical help|a doctor fast)|ambulance|{_CALL_ZH}(?:救护车|急救车|急救|急救中心)|救护车|急救", Service.AMBULANCE),
    (rf"{_CALL_EN} (?:police|cops)|police|{_CALL_ZH}(?:警察|公安)|报警|我要报警|打报警电话|帮我报警|拨打报警电话", Service.POLICE),
    (rf"{_CALL_EN} (?:fire (?:brigade|department|service|fighters?)|firefighters?)|{_CALL_ZH}(?:消防车|消防队?|消防员|火警)|火警", Service.FIRE),
    (rf"{_CALL_EN} (?:emergency(?: services?| number| line)?|help|sos)|emergency(?: call)?|sos|(?:make|place) an emergency call|"
     rf"(?:start|trigger|activate) (?:an )?e-?call|e-?call|紧急呼叫|紧急求助|紧急救援|{_CALL_ZH}(?:紧急电话|急救电话|紧急救援|求救电话)|打紧急电话|救命|一键救援|sos求救", Service.ANY),
)  # fmt: skip
_SERVICE = tuple((regex(pattern), service) for pattern, service in _SERVICES)


_FREE = Words(
    "To free what is caught, say “open the window”, or name the door, trunk or roof; its switch "
    "works too. For help say “call an ambulance”.",
    "要松开，请说“打开车窗”（或车门、后备箱、天窗），也可以按它的开关。需要救护请说“叫救护车”。",
)


_IN_NEED = r"(?:heart attack|stroke|breath\w*|bleeding|unconscious|collapsed|fainted|choking|dying|badly hurt|injured|crash\w*|accident|on fire|burning|been shot|stabbed|robbed|attack\w*|overdose|seizure|drowning|following (?:me|us)|broke(?:n)? in)"
_NO_NEED = r"(?:never ?mind|cancel|don'?t|no need|kidding|joking|mistake|said|says|told|asked|yelled|i mean|take it|fine|not|song|movie|pretend)"
_IN_NEED_ZH = r"(?:晕|昏|流血|出血|着火|起火|心脏|心梗|喘不|没呼吸|抢劫|跟踪|撞|快死|要死|受伤|中风|抽搐|溺水|车祸|持刀|破水)"
_NO_NEED_ZH = r"(?:不(?!行了|动|上气)|没(?!呼吸|气)|别|谁|为什么|怎么|吗|多少|已经|刚才|刚刚|昨天|取消|算了|告诉|转告|通知|发|提醒|记|写|翻译|放|导航|说|讲|问|听|如果|要是|歌|梦|看见|医生|邻居)"
_NUMBER_AND_REASON = regex(
    rf"(?:(?:please|quick|quickly|hurry|help) )*(?:call|dial|phone|ring) (?P<n>\d{{3}})(?: right)?(?: now)? (?!.*\b{_NO_NEED}\b)(?=.*\b{_IN_NEED}\b)"
    rf"|(?:快|赶紧|马上|帮我|给我|请|救命)*(?:打|拨打?|呼叫)(?P<m>\d{{3}})(?!\d)(?!.*{_NO_NEED_ZH})(?=.*{_IN_NEED_ZH})"
    rf"|(?!.*{_NO_NEED_ZH})(?=.*{_IN_NEED_ZH}).{{2,30}}(?:快|赶紧|马上|帮我|给我)(?:打|拨打?|呼叫)(?P<k>\d{{3}})(?:吧|啊|呀)?$"
)
"""A number to call beside a reason that tells of danger. A call for help is dialled at once, so that
whatever else such words may mean is left to understanding."""


def _emergency_number(plain: str, context: Context) -> str:
    if _NINE_ONE_ONE.fullmatch(plain):
        return "911"
    said = _NUMBER_AND_REASON.match(plain)
    number = next((each for each in said.groups() if each), "") if said else ""
    if number in EMERGENCY_NUMBERS:
        return number
    match = _NUMBER.fullmatch(plain)
    if match is not None:
        digits = re.sub(r"[^\d]", "", (match["n"] or match["m"]).translate(_SPELT))
        return digits if digits in EMERGENCY_NUMBERS else ""
    for pattern, service in _SERVICE:
        if pattern.fullmatch(plain):
            return number_for(service, context.region, context.language)
    return ""
