"""Which way: on or off, open or shut, lock or unlock, up or down, and whether it is denied at all.

Opposites are the worst error a command parser makes ("lock the car" -> unlock), so the direction
is read by rule from the words and never from a trained model. What is not clear stays `None`, and
the device asks. Source: measurements in docs/decisions/0004-command-understanding.md.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from dataclasses import dataclass
from functools import lru_cache

from edgewise.core.regex import regex


@dataclass(frozen=True, slots=True)
class Polarity:
    """The directions that words of a clause give.

    `on`: on/open/enable (True), off/shut/disable (False). `up`: more (True), less (False). `lock`:
    lock (True), unlock (False). `negated`: it shall not be done. `conflict`: both of a pair.
    """

    on: bool | None = None
    up: bool | None = None
    lock: bool | None = None
    negated: bool = False
    conflict: bool = False


_NEGATED = regex(
    r"\b(?:do not|don'?t|dont|never|please not|must not|shouldn'?t|should not|no need to|not to|"
    r"rather not|prefer not|(?:did|would|should|must|need)(?:n'?t| not)(?! you\b)|without (?:turning|opening|closing|locking|calling|sending))\b(?! (?:disturb|answer|forget|want to (?:hear|listen)|you(?! dare| ever| touch)))"
    r"|\bnot (?:open|close|turn|lock|unlock|start|call|send|play)\b|\bskip(?:ping)? (?:the )?\w+ing\b|\b(?:does|do|did)(?:n'?t| not) (?:need|have) (?:to|\w+ing)\b|\bneed(?:n'?t| not)\b"
    r"|\b(?:under no|in no|on no|at no|by no) (?:circumstances?|conditions?|case|account|time|means|point)\b|\bno way\b|\bspare (?:me|us)\b|\bno (?:more|further|other) stops?\b|\b(?:hate|forbid|refuse|object|opposed?|against)\b(?: \w+){0,3} (?:for you to|you to|to (?:you )?(?:open|unlock|turn|start|close|lock|switch)\w*|\w+ing)\b|\b(?:nobody|no one|no-one|none of you) (?:should|must|may|can|is to|gets to)\b"
    r"|(?:千万)?(?:(?:(?<![吻告送离惜分特])|(?<=[\d一二三四五六七八九十半]分)|(?<=特)(?=别再?(?:打?开|关|锁|升|降|解)))别(?!忘|克|墅|人|的|名|称)|不要(?!了|忘)|不用(?!了|谢)|甭|不许|不准|(?<!能)不能(?!.*吗)|不必|无需|没必要|用不着|不需要|禁止|严禁|请勿|切勿|切莫|休想|(?<!务)勿(?![略论忘扰])|(?<!可)不可以(?!.*[吗嘛?])|不可(?![以能思])|不得(?![不了已])|反对|不允许|不希望|不愿意?|不着急|不急着?)"
    r"|(?<![行可成])不(?:行|可以|允许|成)的?[.!]*$"
    r"|没(?:让|叫)你|不方便|先不(?=[打开关锁降升停])|不想(?!听|再听|忘)(?:要|让|你)?"
)
_LIMITED = regex(r"(?:打开|开|降下?|摇下|放下)[^,]{0,10}(?:不要|别)超过")
"""An order with a limit, which is how far it goes."""
_ON_A_SIDE = regex(r"(?<=\boff) on (?:the|my|his|her|our|both) .*$")
"""Where something is off: "child lock off on the left"."""
_WHOSE_LOCK = (
    r"(?:左|右|前|后|主驾|副驾|驾驶?|员|侧|排|边|座|的|所有|全部|全车|每个|四个|车|门|中控)*"
)
_UNLOCK = regex(
    rf"\bunlock\w*|\b(?:undo|release|open|disengage|disable|deactivate) (?:all )?(?:of )?(?:the )?(?:(?:car|door|central|front|rear|back|side|left|right) )*locks?\b|解锁|解开|开锁|(?:^|[只请把我帮])开{_WHOSE_LOCK}锁(?![上好住着])|(?:打开|开启|解除)(?:一下)?{_WHOSE_LOCK}锁(?![上好住])|"
    r"锁(?:给我|都|全)?(?:打开|开开?)(?:了|吧|一下|来)*$|取消(?:车门|中控)?(?:上锁|锁定|锁车)"
)
_LOCK = regex(
    r"\block\w*|\bsecure\b|(?:上|锁好|锁上|锁住|锁定|落|反|中控|关)锁|锁[上好住定死了车门]|(?:车|门|给)锁|把.*锁(?:了|上|好)?$|^锁"
)
_LOCKS_TOO = regex(r"\block (?:the|it|them|all|my|both|everything|up)\b")
_SHUT_LOCK = regex(rf"关(?:闭|掉)?{_WHOSE_LOCK}(?<!关)锁(?![上好住了])")
"""To shut a lock, or to switch it off: one locks and the other unlocks."""
_ON = regex(
    r"\b(?:turn|turned|turning|switch|switched|put|power|flip|bring)\b(?: \S+){0,6}? on\b(?! (?:to|in|my|hold|the (?:left|right|passenger|driver|front|rear|back)))"
    r"|\b(?:turn|switch|put|power) on\b|\b(?:open|opened|opening|enable|activate|start|engage|light up|unfold|fold out|pop|deploy|extend|unroll|crack|roll down|wind down|let down|flick on|uncover)\b"
    r"|\blift (?:up )?the (?:tail ?gate|trunk|boot|hatch|hood)|\bput (?:the |my )?(?:phone|device|car) (?:in|into|on) [a-z ]*mode\b|\bgoing again\b|\b(?:roof|shade|blind)\b.* back\b|\b(?:slide|pull|draw) (?:the |my )?(?:sun ?roof|sun ?shade|shade|blind) (?:back|open)\b|(?:门|盖|箱)(?:给我)?(?:抬|掀|翘)起|(?:双闪|远光|近光|大灯|车灯|雾灯)(?:打|亮)|打个?(?:远光|双闪|近光)|整上"
    r"|\bon$|\bon (?:please|now)$|\b(?:lights?|ac|heat(?:ing|er)?|air con|massage|wipers?|wifi|wi-fi|bluetooth|hotspot|lamps?|beams?|hazards?|flashers?|(?:de|rear )?(?:froster|fogger)|demister|warmers?|heaters|cooler|cooling|ventilation|fan|blower|radio|music|torch|flashlight|shuffle) on\b(?! (?:the|my) (?:left|right|passenger|driver|front|rear|back|list))"
    r"|打开|开启|启动|启用|激活|开一下|开下|开开|点亮|亮起|开到|开成|开个|开着|开上|敞开|展开|放出来|开大|开灯|"
    r"(?<![关离打公召分展盛拨避散])开(?![会车关心走发票始]|机(?!器)|(?:慢|快)|到.{1,8}(?:路|去))|使用|用上|接通|拉开|来点(?:暖|冷|风)|降下|摇下|放下|落下|降(?:一?点)?窗"
)
_OFF = regex(
    r"\b(?:turn|turned|turning|switch|switched|put|power|shut|flip)\b(?: \S+){0,6}? (?:off|out|down all the way)\b"
    r"|\b(?:turn|switch|shut|power|put) off\b|\b(?:close|closed|closing|shut|disable|deactivate|kill|stop|end|fold(?! out)|fold in|retract|cancel|disengage|roll up|wind up|dim out|cut|quit|douse|leave (?=airplane|silent|dark|do not))\b"
    r"|\bdraw the (?:sun ?)?(?:shade|blind)(?! (?:back|open))|别.{0,3}着了"
    r"|\boff$|\boff (?:please|now)$|\b(?:lights?|ac|heat(?:ing|er)?|air con|massage|wipers?|wifi|wi-fi|bluetooth|hotspot|lamps?|beams?|hazards?|flashers?|(?:de|rear )?(?:froster|fogger)|demister|warmers?|heaters|cooler|cooling|ventilation|fan|blower|radio|music|torch|flashlight|shuffle) off\b|\b(?:exit|get (?:me |us |it )?out of)\b|\b(?:that'?s|that is|had) enough\b|\b(?:i'?m|i am|we'?re|we are) (?:done|finished|through) with\b|^enough (?:of |with )|\blights? out\b|\bno more\b|\bget rid of\b"
    r"|关(?!于|注|系|键|心|怀|羽|山|爱)|熄|停(?!车|到|在|止线)|停止|停用|禁用|退出|收起|收回|合上|闭上|灭|取消|结束|断开|不要了|不用了|不用.{1,6}了|不需要.{0,8}了|别.{1,6}了|拉上|解除|解锁|\bdon'?t need\b|\bno longer\b"
    r"|升起|升上|摇上|升(?:一?点)?窗"
)
_ENDED = regex(
    r"不用.{0,6}了|不需要.{0,8}了|(?:别|不要).{1,6}了(?:吧|啊)?$|\bdon'?t need .*(?:any ?more|now)?$|\bno longer (?:need|want|require)\b"
)
_UP = regex(
    r"\b(?:up|raise|increase|higher|(?<!no )more|warmer|hotter|louder|brighter|faster|stronger|boost|bigger|harder|stronger|amplify|heat up|lift|brighten)\b"
    r"|\b(?:too|so|really|very|a bit|bit) (?:cold|chilly|quiet|dark|dim|low|weak)\b|\bcan'?t hear\b"
    r"|调高|升高|提高|亮(?=百分|\d)|[高大](?=[一二两三四五六七八九十半\d]+(?:度|档|挡|格|级))|高一|高点|高些|调大|增大|加大|大一|大点|大些|开大|加(?!热|油|入|上|到|个|一?个|微|拿)|增加|增强|强一|强点|热一点|热点儿|暖和?一?点|暖点|"
    r"亮一|亮点|调亮|响一|响点|快一点|快点|多一点|多点|往上|向上|上调|升(?!级|起|上|窗)|再高|再大|再热|再亮|再快|太冷|有点冷|好冷|太暗|太小|太低|听不[见清到]|大声|大点声|再猛|猛一|使劲|往前|向前|前移"
)
_DOWN = regex(
    r"\b(?:down|lower(?! back)|decrease|reduce|less|cooler|colder|quieter|softer|gentler|milder|dim|dimmer|slower|weaker|drop|soften|smaller|turn it down)\b"
    r"|\b(?:too|so|really|very|a bit|bit) (?:hot|warm|loud|bright|high|strong|noisy|windy)\b"
    r"|调低|降低|暗(?=百分|\d)|[低小](?=[一二两三四五六七八九十半\d]+(?:度|档|挡|格|级))|低一|低点|低些|调小|减小|小一|小点|小些|关小|减(?!速|肥)|减少|减弱|弱一|弱点|冷一点|冷点|凉快?一?点|凉点|凉快|"
    r"暗一|暗点|调暗|轻一|轻点|慢一点|慢点|少一点|少点|往下|向下|下调|降(?!雨|水|雪|下|窗|噪)|再低|再小|再冷|再暗|再慢|太热|有点热|好热|太亮|太大|太高|太响|太吵|小声|小点声|轻声|往后|向后|后移|后仰"
)


@lru_cache(maxsize=256)
def read_polarity(plain: str) -> Polarity:
    """The directions in a normalised clause; negation is looked for first and masks nothing else."""
    negated = _NEGATED.search(plain) is not None and _LIMITED.search(plain) is None
    unlock = _UNLOCK.search(plain) is not None
    unclear = _SHUT_LOCK.search(plain) is not None or (unlock and bool(_LOCKS_TOO.search(plain)))
    lock = not unlock and not unclear and _LOCK.search(plain) is not None
    plain = _ON_A_SIDE.sub("", plain)
    on, off = _ON.search(plain) is not None, _OFF.search(plain) is not None
    if _ENDED.search(plain):
        on, off = False, True
    elif on and off:
        on, off = _last_of(plain)
    up, down = _UP.search(plain) is not None, _DOWN.search(plain) is not None
    return Polarity(
        on=True if on and not off else False if off and not on else None,
        up=True if up and not down else False if down and not up else None,
        lock=False if unlock and not unclear else True if lock else None,
        negated=negated,
        conflict=(on and off) or (up and down) or unclear,
    )


def _last_of(plain: str) -> tuple[bool, bool]:
    """When both are found: an overlap ("关闭" inside "打开关闭") is a conflict, "turn off ... on the
    left" is not: only verbs count then."""
    verbs_on = re.search(
        r"\b(?:turn|switch|put)(?: it| them)? on\b|\b(?:open|enable|activate)\b|打开|开启|启动",
        plain,
    )
    verbs_off = re.search(
        r"\b(?:turn|switch|shut|put)(?: it| them)? off\b|\b(?:close|shut|disable|stop)\b|关闭|关掉|关上|停止|取消|退出|关(?!于|注)|收起",
        plain,
    )
    return verbs_on is not None, verbs_off is not None
