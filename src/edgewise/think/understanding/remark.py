"""Is a clause an order by its form, or is something only said: 这首歌叫打开车窗, "I could open it"?

Decided by what stands before the first word for doing something, its lead. An order's lead is
empty, names the thing (车窗打开), gives a reason ("it's dark, ..."), or asks ("I want", 我要). A lead
with a subject of its own, a naming or a telling word makes the rest a remark, and so does a
predicate behind the deed ("opening it wastes power", 打开空调很费电). What nobody does here ("open the
window or the sunroof?", "open it? no") is told apart in `choice` and `correction`.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

from edgewise.core.regex import regex
from edgewise.think.understanding.courtesy import strip_courtesy
from edgewise.think.understanding.kind import is_polite
from edgewise.think.understanding.normalise import is_chinese, normalise

_VERBS = (
    "open|close|shut|lock|unlock|turn|switch|start|stop|raise|roll|fold|unfold|pop|put|set|enable|disable|activate|deactivate|"
    "dim|brighten|tilt|slide|recline|defrost|increase|decrease|crank|play|call|dial|pause|skip|mute|run|make|let|give|bring|keep|leave|get|adjust|change"
)
_DEED = regex(
    rf"\b(?:(?P<base>(?:{_VERBS})(?! to\b(?! \d)|-| (?:asking|telling|saying|suggesting|reminding)\b)|lower(?= (?:the|my|both|all|it|our|rear|front)\b))"
    r"|(?P<third>(?:open|close|lock|unlock|turn|switch|start|stop|raise|roll|fold|lower|call|play|make|keep|shut)s|switches)"
    r"|(?P<ing>opening|closing|shutting|locking|unlocking|turning|switching|starting|raising|lowering|rolling|folding|putting|setting(?= (?:the|my|it|all|up|an?)\b)|playing|calling|stopping)"
    r"|(?P<done>opened|closed|locked|unlocked|turned|switched|raised|lowered|rolled|folded))\b"
)
_RELATIVE = regex(r"(?<=[a-z] )(?:that|which|who)(?:'s| is| are)\b")
_SUBJECT = regex(
    r"\b(?:i|we|he|she|they|it|you|there|nobody|no one|someone|somebody|anyone|anybody|everyone|everybody|people)(?:'(?:s|m|re|ve|ll|d))?\b"
    r"|\b(?:is|are|was|were|am|has|have|had|does|do|did|can|could|may|might|will|would|should|must|isn't|aren't|doesn't|don't|didn't|won't|can't|couldn't|wouldn't|shouldn't|hasn't)\b"
    r"|(?<=[a-z] )(?<!as )(?:always|often|usually|sometimes|rarely|seldom|normally|typically|generally)\b|\b(?:that|this)(?:'s| is)\b"
)
"""A subject of its own or a finite verb: what makes a sentence of a lead."""
_ASKS = regex(
    r"\b(?:i|we)(?:'d| would| do| really| just| still| also| only)* (?:want|need|require|wanna|like(?= (?:it |you |for |to |the |my |all |both ))|love(?= (?:it if|you to|for))|prefer(?= )|appreciate|wish you would|have to|gotta|got to|must|should(?! have)|ought to)\b(?! (?:my|him|her|them|our|the) \w+ to\b| (?:him|her|them) to\b)"
    r"|\bi(?:'m| am)? (?:just |already |only )*(?:said|say|told you|asked you|asking you|telling you|meant?)\b|\bi'll (?:have|take)\b"
    r"|\b(?:please|so|can you|could you|would you|will you|why don't you)\b|\btime to $|\bif you (?:(?:could|can|would)\b|$)"
    r"|^do $|^you (?:(?:need|have) to|must|should|can|may|could)\b(?!'|n't| not| never)|^(?:don'?t forget|feel free|be sure|make sure|remember to|try|go ahead)\b"
    r"|\b(?:needs?|should|must|ha(?:s|ve)|ought)(?: to)? (?:be |get )?$|\bcan be $"
)
"""Who speaks wants it done, or the thing "needs to be closed"."""
_REASON = regex(
    r"^[a-z' ]*?\b(?:is|are|am|feels?|can'?t|cannot|won't|doesn't)\b|^[a-z]+'(?:s|m|re)\b"
)
_GOVERNS = regex(
    r"\b(?:is|are|am|was|were|be|been|can|could|may|might|will|would|should|must|do|does|did|not|never|always|often|usually|sometimes|rarely|just|even|only|still|also|really|mostly|"
    r"i|we|he|she|they|it|people|nobody|someone|somebody|everyone|everybody|anyone|who|which|(?:when|that|if|how|because|what) you|the|a|an|my|your|his|her|our|their|and|or|"
    r"love|hate|like|prefer|have|enjoy|about)(?:n't)? $|(?:'s|'m|'re|'d|'ll|n't) $|\b(?:saw|sees?|lets?|made|makes?|helps?|helped|heard|watch(?:ed)?) [a-z]"
)
"""What a deed behind it belongs to; behind anything else a new order begins, said without a pause:
"it is dark turn on the headlights"."""
_MENTIONS = regex(
    r"\b(?:called|titled|named|entitled|translate|spell|pronounce|means?|meaning|define|explain|describe|discuss|imagine|pretend|search(?:ing)? for|look(?:ing)? up|google|type|write|repeat after me|read (?:out|aloud)|ask(?:s|ed|ing)?|t(?:ell|ells|old|elling)|says?|said|saying|recommend\w*|suggest\w*|advis\w+|refus\w+|forbid\w*|forbidden|how to|how)\b"
    r"|\b(?:words?|phrase|sentence|expression|title|lyrics?|song|album|movie|film|book|goes|of|about|like|than|is|are|was|were|without|instead of|thanks for|thank you for) $"
)
"""Words of telling and naming, after which a deed is mentioned and not asked for."""
_MAY_ING = regex(
    r"^(?:\w+ )?(?:try|mind|consider|(?:how|what) about) |\b(?:feel like|needs?|want|wants) (?:the |my )?(?:\w+ )?$|^(?:please|now|and|also) $"
)
"""What asks for a deed in its -ing form: "try opening it", "it needs closing"."""
_MENTIONS_NOT = regex(
    r"^(?:call|dial|text|message|remind|tell (?!me about|me how|us)|play|put|turn|set|make)\b"
)
_TO = regex(r"\bto $")
_MAY_TO = regex(
    r"\b(?:want|need|like|love|have|got|ought|needs|has|you|time|sure|try|remember|forget|free|ahead|ready|able|arrange|help|me|mind|prefer|wish|(?:can|could|would) (?:you|we|i)) to $"
)
_PREDICATE = regex(
    rf"^(?:{_VERBS})(?: up| down| on| off| in| out)?(?: (?:the|my|your|a|an|all|both))*(?: (?!that|which|what|who|it|i|the|my|this|so|if|because|until|whether|when|where|as|how|he|she|we|they|there|and|whatever|whichever|sure|everything)[a-z']+){{1,3}} (?:is|are|was|were|takes|wastes|costs|means|sounds|looks)\b"
)
_ALONE = regex(
    r"\b(?:automatically|by (?:it|them)sel(?:f|ves)|on (?:its|their) own|myself|by hand|with my hands?)\b"
)
_UNREAL = regex(
    r"(?:'d|\b(?:would|should|could|might|must|wouldn't|shouldn't|couldn't)(?: not)?)(?: \w+)? have $|\b(?:often|always|usually|sometimes|people|drivers) forget to $"
)
"""What was not done: "I should have closed it"."""
_TOLD = regex(
    r"\b(?:was|were)\b|(?:'s|\b(?:is|are|be|been|it|they|i|we)) (?:called|titled|entitled)\b|\b(?:doesn't|does not|won't|don't|do not|isn't|aren't|can't) (?:go|move|work|respond|react)(?:ing)?\b"
)
"""Without a deed: something past, a title, a fault."""

_DEED_ZH = regex(
    r"打开|开启|启动|启用|关闭|关掉|关上|关好|锁上|锁好|解锁|上锁|锁车|锁门|升起|降下|摇下|摇上|调[高低大小亮暗到成]|"
    r"(?<![打离公展召避拨盛分敞揭散])开(?!车(?![窗门灯锁])|[会关心走发票始朗玩])|(?<![开有海相])关(?!于|注|系|键|心|怀|爱|节)|锁(?!着)"
)
_PERSON = (
    r"(?:他们?|她们?|人家|别人|有人|没有?人|大家|谁|司机|乘客|孩子们?|小孩|小朋友|(?:我|我们|你|他|她)?(?:家)?(?:的)?(?:老婆|老公|妻子|丈夫|爸爸|妈妈|爸|妈|儿子|女儿|孩子们?|宝宝|朋友|同事|老板|爷爷|奶奶|哥哥|姐姐|弟弟|妹妹)|"
    r"[老小](?:王|李|张|刘|陈|杨|赵|黄|周|吴|徐|孙|胡|朱|林|何|郭|马|罗))"
)
_PERSON_DOES = regex(
    rf"^(?:今天|现在|刚才|昨天|每次|平时|有时候?)?{_PERSON}(?!的|那|这|座|旁|边|身|窗|门|灯|车)"
)
_STATE_ZH = regex(r"了|[热冷闷晕困睡晒吵饿哭累]|难受|不舒服|[下上]车|看书|感冒|生病")
_SAID_ZH = regex(
    r"^(?:咱们?|我们?)(?:自己|其实|有时候?|也|就|都|还)*(?:会|可以|能|可能|也许|差点|险些|本来|原本|原来|正|刚|已经|曾|讨厌|最?喜欢|最?爱|怕|担心|总|老是|经常|常常?|一般|平时|通常|从来|以前|不(?!想)|没|忘|来(?=[开关锁打])|去(?=[开关锁打])|自己|打算|拒绝|学会|习惯|受不了)"
    r"|(?:讨厌|喜欢|受不了|习惯|(?<!最)爱|害怕)(?!的)|(?:差点|险些|打算|正想|正要|刚想|刚要)|^(?:本来|原本|原来(?!的))"
    r"|^(?:以前|小时候|那时候?|当年|去年|前年|过去|曾经|从前|当时|有一次)(?!的|那|一样)"
    r"|(?:一般|通常|往往|总是?|经常|常常|从来|每次|平时|大多|都会|一直都?)(?:[^,的把]{0,4}(?:把[^,的]{1,4})?)$|会(?:自动|自己|突然|被)?(?:把.{1,6}|将.{1,6})?$"
    r"|(?:叫做?|名叫|名为|名字[是叫]|歌名|书名|片名|题目|标题|网名|昵称|外号)(?:是|叫|:)?《?$"
    r"|(?:按钮|按键|键|开关|遥控器?|手机|软件|这车|那车|的车|这辆车|那辆车|车子|功能|系统|有些车)(?:可?是|可以|能|会|用来|用于)"
    r"|(?<!别)(?<!不要)(?<!把)忘(?:了|记)|^早知道|一[^,]{1,5}就(?:把.{1,6})?$|^(?:这|那|他|她|我的)[^,]{1,6}(?<![还但可只])是|(?:干嘛|为啥|凭啥|何必|干吗)"
    r"|(?<![要何了])不$|^(?:请|帮我)*(?:念|朗读|跟我[念说读]|打字|输入|键入|搜索?|百度|查(?:一下|查)?|写(?!.*[把将]))(?:一遍|一下|出来?|下)*|(?:建议|推荐|提倡|要求|规定|禁止|允许|据说|听说|传说)"
)
_REPROACH_ZH = regex(r"^(?:你|您|它|他|她|谁)[^,]{1,10}(?:干嘛|干什么|干吗|做什么|干啥|作甚)[?!]*$")
"""Asks why something was done: 你把窗户关上干嘛."""
_BY_ITSELF = regex(r"(?:自己|自动|突然|莫名其妙地?)$")
_ASKS_ZH = regex(
    r"(?:快|赶紧|赶快|马上|立刻|立即)(?:点|给我|帮我|把|将)*$|^我们?(?:叫你|让你|说|是说|要你|请你|叫)(?=.*$)|^(?:叫|让)(?:你|它)"
)
_FELT_ZH = r"(?:闷|热|冷|暖|凉|吵|晒|暗|黑|亮|困|臭|干|潮|大|小|响|刺眼|难受|难闻|晕|味)"
_PLAYS_ZH = regex(r"(?:播放|点播|放|听|来一?首|搜|找|唱)")
"""A title may hold a deed: 放一首叫打开天窗的歌."""
_PREDICATE_ZH = regex(
    r"^[^,把将]*?(?:打开|开启|关闭|关掉|关上|上锁|解锁|[开关锁升降])[^,]{1,8}?"
    rf"(?:(?:很|非常|特别|比较|挺|真|太|最|(?<!变)更|好像|有点)(?!{_FELT_ZH}|亮|快|慢|前|后|高|低|多)|(?<!不)会(?:不会)?(?!儿|议|话)|是(?!否|空调)|费(?:电|油|钱|劲)|需要|容易|可能|有助于|有利于|没用|有用|危险|安全|违法|舒服|麻烦|浪费)"
    r"|(?:打开|关闭|关上|[开关锁])(?:[^,]{0,6}?)(?:得|的(?:声音|速度|时候|感觉|按钮|按键|方法|办法|人|过程|好处|坏处|原因|时间|方式))"
    r"|[打开关锁升降合]不[开上了下起来]|着(?:窗|空调|灯|门|天窗)[^,]{1,6}会"
    r"|[开关锁][^,]{1,8}(?:才(?:能|会|可)|这[种件类](?:事|问题|话|说法))|一(?:[打开关锁上下停按]|到)[^,]{0,5}就(?!行|好|可以)"
)


def is_remark(clause: str) -> bool:
    """Whether a clause that names a deed only speaks of it. Polite requests are none."""
    said = normalise(clause)
    if is_polite(said.plain):
        return False
    plain = strip_courtesy(said).plain
    return _is_remark_zh(plain, said.plain) if is_chinese(plain) else _is_remark_en(plain)


_STATES = regex(
    r"^(?:locked|unlocked|open|opened|closed|shut|tinted) \w+ (?:is|are|feels?|looks?) "
    r"|^(?:i'm|i am|we're|we are|he's|he is|she's|she is|they're|they are) (?:currently |just |still )?(?:reading|writing|watching|hearing|singing|playing|learning|thinking)\b"
    r"|^(?:the|that|this) (?:car|truck|van|bus|guy|driver|lorry|taxi) (?:next to|behind|in front|ahead|beside|over there)\b"
    r"|^(?:keeping|leaving|having|driving with) .*\b(?:saves?|is|are|helps?|costs?|wastes?|makes?|keeps?)\b"
)
"""What is said of a state: "locked doors are safer"."""


def _is_remark_en(plain: str) -> bool:
    if _STATES.match(plain):
        return True
    deed = _DEED.search(plain)
    if deed is None:
        return _TOLD.search(plain) is not None
    lead = _RELATIVE.sub("", plain[: deed.start()])
    if not lead:
        return deed["ing"] is not None or _PREDICATE.match(plain) is not None
    if deed["ing"]:
        return _MAY_ING.search(lead) is None
    if _MENTIONS.search(lead) and not _MENTIONS_NOT.match(lead):
        return _ASKS.search(lead) is None
    if _UNREAL.search(lead):
        return True
    if _TO.search(lead):
        return _MAY_TO.search(lead) is None
    if deed["third"] or (deed["base"] and _ALONE.search(plain, deed.end())):
        return True
    if _SUBJECT.search(lead) is None:
        return False
    return _ASKS.search(lead) is None and not (
        deed["base"] and _REASON.search(lead) and not _GOVERNS.search(lead)
    )


def _is_remark_zh(plain: str, whole: str) -> bool:
    if _PREDICATE_ZH.search(plain) or _REPROACH_ZH.match(whole):
        return True
    deed = _DEED_ZH.search(plain)
    if deed is None:
        return False
    lead = plain[: deed.start()]
    if _PLAYS_ZH.match(lead):
        return False
    if _ASKS_ZH.search(lead):
        return False
    if _BY_ITSELF.search(lead) and plain.endswith("了"):
        return True
    if _PERSON_DOES.match(whole) and not _STATE_ZH.search(lead):
        return True
    return _SAID_ZH.search(lead) is not None
