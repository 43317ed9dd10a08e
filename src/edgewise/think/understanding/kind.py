"""Is it asked to do something, asked to know something, or only said?

Questions are read, never executed ("is the light on?" once turned it on in other systems), while a
polite request has a question's form ("could you open the window?", 能把窗户打开吗) and is a command.
What others said ("he said open the door") and conditions ("if it rains") are no commands.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re

from edgewise.core.regex import regex

_GENERIC = regex(
    r"^(?:(?:hey|hi|ok|okay|so|and|then|assistant|car)[ ,]+)*(?:(?:can|could) (?:you|u)|are you able to|do you)(?: (?:also|even|actually|really))? "
    r"(?:open|close|shut|lock|unlock|turn (?:on|off|up|down)|switch (?:on|off)|fold|unfold|raise|lower|heat|cool|dim|move|adjust|control|operate) "
    r"(?:car )?(?:windows|doors|sunroofs|roofs|trunks|boots|mirrors|seats|lights|lamps|cars|shades|blinds|wipers|things|everything|stuff)(?: (?:on|off|up|down))?[ ?.!]*$"
    r"|^can (?:it|this|this car|the car|the system|this thing|they) (?:also |even |really )?(?:open|close|shut|lock|unlock|turn|switch|fold|unfold|raise|lower|heat|cool|dim|move|adjust) "
    r"|^(?:你|您|它|这车|这辆车|车子)(?:也|还)?会(?:不会)?(?:自动|自己)?(?:打开|关闭|关上|锁上|解锁|开|关|锁|调)[^,]{1,6}(?:吗|么)?[?!.]*$"
)
"""Asks what can be done: the thing is a bare plural that no "the" or "my", place, amount or "please"
makes a certain one ("can you open windows?"), or not the listener is to do it ("can it open ...").
Things that a car has only as a set (headlights, hazards) are certain without a word before them."""
_ABLE_ZH = regex(
    r"^(?:你|您|它|这车|这辆车|车子)(?:也|还)?会(?:不会)?(?:自动|自己)?(?=[打开关锁解调])"
)
_POLITE = regex(
    r"^(?:(?:hey|hi|ok|okay|um|so|please|and|then|assistant|car)[ ,]+)*(?:(?:could|would|will|may|might) you|can (?:you|u)|(?:could|can|would|may|might) (?:we|i)(?! (?:still |already |now )?(?:open|close|shut|turn|switch|use|fold|lower|raise|unlock|lock|activate|engage|recline)\b(?!.*\bplease\b))|would you mind|do you mind|is it possible to|are you able to|"
    r"i(?:'m| am| was)? (?:just )?wonder(?:ing)? if (?:you|we) (?:could|can|would|might)|why don'?t you|how about|what about (?:turning|opening|closing|playing)|shall we|can (?:the|it)(?!.*\bbe [a-z]+ed\b)|(?:for|in|on|onto|from|at|to|with|by) [a-z' ]{2,40} (?:can|could|would|will) you (?:please )?(?=(?:add|play|put|find|book|get|show|set)\b))\b"
    r"(?! (?:(?:drive|ride|travel) with |(?:leave|wash) the car |sleep |smoke |tell me (?:if|whether|how|what|when)|dance|dream|feel|think|speak|hear|see|understand|be|drive|still|help(?! me (?:to )?(?:write|send|open|close|turn|find|set|play|call|book|add|make|order)\b)))"
)
_POLITE_ZH = regex(
    r"(?:^|[,，])(?:请问|那|那个|嗯)?(?:你|您)?(?:能不能|可不可以|可否|能否|可以|能|能够|方便)(?:请|麻烦|帮|帮忙|给|把|将|替|为|打|开|关|调|放|播|导|设|带|发|说|再|稍|让|叫|切|降|升|锁|查|换)"
    r"|(?:能不能|可不可以|能否|可否)(?:请|再|给我?|帮我?|替我|把|将|往[上下])*(?:[调升降加减增提]|打?开(?!着)|关|[高低大小暖凉亮暗](?:一?[点些]|[一二两三四五六七八九十半\d]+度))"
    r"|(?:好吗|行吗|可以吗|好不好|行不行|可不可以|成吗|怎么样啊)[?,.!]*$"
)
_ASK = regex(
    r"^(?:(?:hey|hi|ok|okay|um|so|please|and|then|well|tell me|do you know|can you tell me|could you tell me|i want to know|i wonder|show me|let me know|any idea|check)[ ,]+)*(?:if |whether )?"
    r"(?:is|are|was|were|am|do(?! not\b| (?:please )?(?:open|close|shut|lock|unlock|turn|switch|play|call|send|add|remove|delete|cancel|set|make|tell|remind|start|stop)(?: (?:on|off|up|down))? (?:the|my|all|it|me|us|that|this|both|an?|some|next)\b)|does|did|has|have(?! (?:the |my |a |an )?(?:vacuum(?: cleaner)?|robot|cleaner|taxi|cab|uber|roomba) (?!been|gone|left|got|already|ever|just)[a-z]+)|had|will|should|(?:would|could|might) (?:it|that|this|there)|(?:can|could|may|might|should) (?:i|we|you) (?:still |already |now )?(?:(?:drive|ride|travel) with|(?:leave|wash) the car|sleep|smoke)\b|(?:can|could|may|might) (?:i|we) (?:still |already |now )?(?:open|close|shut|turn|switch|use|fold|lower|raise|unlock|lock|activate|engage|recline)|what|what's|whats|where|where's|(?<=know )when|(?<=me )when|(?<=check )when|when(?! (?:i|we|he|she|they|it|it's|you|i'm|we're|the|my|someone|somebody|somebody's)\b(?!.*\?))|when's|which|who|who's|whose|whom|why|how|how's|isn't|aren't|any)\b"
    r"|^can (?:the|it|they)\b.*\bbe [a-z]+ed\b"
    r"|\b(?:tell me|check|let me know|see|find out|know) (?:if|whether)\b|^(?:is|are) there\b"
    r"|^(?!(?:turn|switch|open|close|shut|lock|unlock|set|put|play|call|let|make|give|roll|please)\b).*\b(?:is|are|was|were|do|does|did|has|have|can|will)n'?t (?:it|they|you|we|i|he|she)\W*$"
    r"|^(?!(?:turn|switch|open|close|shut|lock|unlock|set|put)\b)(?:the |my |all )*[a-z ]+ (?:open|closed|shut|locked|unlocked|on|off|up|down|folded) (?:yet|or (?:on|off|not|open|closed|shut|locked|unlocked|up|down))\b"
)
_ASK_ZH = regex(
    r"(?:吗|么|没有|没|呢|来着)[?.!, ]*$|^(?![把将帮请给打开关]).*(?:(?:[好紧严实住]|上去?|下来?|起来?)了吧|没[开关锁][着好上]?吧|[对是]吧)[?.!, ]*$|(?<!看)什么(?!都)|多少(?!有点)|几(?:度|点|档|挡|号|格|个|首|条|级|公里|分钟|小时)(?!$.{9})|哪(?:里|儿|个|些|位|首|家|条|天|一)?|是否|有没有|是不是|"
    r"怎么(?!都|也)|怎样|为什么|为何|如何|谁|多久|多大|多远|多长|多高|多快|多重|[开关锁堵冷热下好要会能]不[开关锁堵冷热下好要会能]|[开关锁]没[开关锁]|几时|何时"
)
_DECLARED = regex(r"[?？]\s*$")
_NOT_ASK_ZH = regex(r"^(?:打开|关闭|播放|来点|放点|随便|导航|设|调|把|将|给我放)")
_INDIRECT = regex(
    r"^(?:\w+ ){0,3}?\b(?:he|she|they|it|someone|somebody|mom|dad|the (?:man|woman|radio|kids?|driver|guy)|my (?:wife|husband|boss|friend|son|daughter|mom|dad|mother|father)|[a-z]+) "
    r"(?:just )?(?:said|says|told (?:me|us|him|her|them|(?!you\b)(?:my )?\w+ (?:to|that|not)\b)|asked (?:me|us|him|her)|wrote|shouted|was saying|yelled|mentioned|wants me|claims|keeps saying)(?<!until said)\b"
    r"|\b(?:the (?:sign|message|text|email|article|book|song|manual|note) (?:says|said|reads)|according to|quote|i (?:heard|read|dreamt|dreamed|think|thought|remember|was told) (?:that )?(?:someone|he|she|they|you)?)\b"
    r"|^.{0,6}?(?:他们?|她们?|我?(?:妈妈?|爸爸?|老婆|老公|朋友|老板|同事|儿子|女儿)|有人|别人|小[\u4e00-\u9fff]|[\u4e00-\u9fff]{2,3})(?:刚才|昨天|刚刚|以前|又)?(?:说(?!唱|话[声音])过?|喊|叫道|问|(?<!能)(?<!以)(?<!请)(?<!否)告诉我|让我(?!听(?:听|一?下|一?遍)?吧?$)|写道|讲)(?![一个点下笑故].{0,3}$)[:,]?"
    r"|(?:上面|(?<![发条个封])短信里?|邮件里?|书上|新闻里?|广播里?|标语|歌词)(?:写着|说|写的是|里说|[让叫]大家|提醒大家)"
)
_ASKED_BY = regex(
    r"(?:他们?|她们?|有人|别人|我?(?:妈妈?|爸爸?|老婆|老公|朋友|老板|同事|儿子|女儿)|小(?!艺|度|爱|助)[\u4e00-\u9fff])(?:刚才|刚刚|昨天)?问"
)
"""What somebody asked is told, however polite: 小王问你能不能开天窗."""
_WHO = regex(r"(?:who|whose|which|when|where|why|how)\b|谁")
"""A question for who said it tells nothing: "who wrote the last message"."""
_INSISTS = regex(r"i (?:just |already )?said (?!that\b|yes\b|no\b)")
"""Who cites himself says it again: "I said close the trunk"."""
_TELLING = regex(
    r"^(?:请|帮我|麻烦你?|顺便|然后|再|并且?|快)*(?:告诉|跟|和|给|转告|通知|对|回复|提醒|记住|发|播放|放一?首|点播)|^(?:please )?(?:play|put on(?= \x22)|queue|watch|listen to|tell|text|message|email|remind|remember|let)\b"
)
_NAMES = regex(
    r"^(?:请|帮我|麻烦你?)*(?:导航|带我去|搜索?|查找?|翻译)|^(?:please )?(?:navigate|take me|drive|search|find|look up|translate|add|call)\b"
)
"""Orders whose quoted words are the name of what they are about."""
_OTHERS = regex(
    r"^the (?:previous|last|former|old) (?:owner|driver|tenant)\b|^(?:you|we|i|he|she|they) (?:could|should|would|might)(?:n'?t)? have \w+|\bon page \w+|\b(?:kept|keeps|was|were|started|began) (?:screaming|yelling|shouting|crying|begging|asking|saying|telling)\b|^(?:you|they|people) (?:should|must|always|usually|often|sometimes)\b|^(?:he|she|they|my \w+|the kids?) (?:always|usually|often|(?:wants?|likes?|prefers?)(?= (?:me |us |you )?(?:to|it) |.*\b(?:open|shut|closed|on|off|locked)\b))\b"
    r"|^(?!ac\b|volume\b|music\b|windows?\b|doors?\b|sunroof\b|trunk\b|lights?\b|everything\b|all\b|please\b)[a-z]+ (?:just |already )?(?:closed|opened|unlocked|locked|turned|switched|rolled|folded|started|stopped) (?:the|all|my|our|his|her|every|it|them|up|down|on|off|both|one)\b"
    r"|^(?!马上|小[度爱艺灯窗门])(?:小[明红刚强华芳丽军王李张陈刘]|[赵钱孙李周吴郑王冯陈张刘杨黄林徐何郭马罗梁宋唐许韩邓曹彭曾][\u4e00-\u9fff]{1,2}?)(?:刚刚?|刚才|已经|又)?(?:把|将|给|打开|关|锁|开).*了$"
    r"|^我(?:刚刚?|刚才|已经|又|都)*(?:把|将|给)[^,]{1,8}(?:打开|解锁|锁|开|关|调|收|降|升)[^,了]{0,3}了[.!]*$"
    r"|^(?:我?的?(?:老婆|老公|妻子|丈夫|爸爸?|妈妈?|儿子|女儿|孩子们?|朋友|同事|老板)|孩子们?|有人|别人|他们?|她们?|司机|乘客|我(?=刚|已经))(?:刚刚?|刚才|已经|又|总是?|经常)*(?:把|将|给|打开|关|锁|开)(?!我|点).*了$"
)
"""What others do, did or like is told, not ordered."""
_QUOTED = regex(r'^[^"]*"[^"]{3,}"[^"]*$')
_PAST = regex(
    r"^(?!(?:do|does|did|have|has|is|are|was|were|will|can|could|what|when|where|how|which|why) )(?:\w+ )?\b(?:i|he|she|they|we|you|it|someone|somebody|(?:my|our) \w+|the (?:kids?|children|boy|girl|driver|passenger|man|woman|dog|guy|baby)) (?:have |has |had )?(?:already |just )*(?:opened|closed|turned|locked|unlocked|switched|played|called|sent|set|had|was|were|went|bought|booked|reserved|cancell?ed|forgot to)\b|^(?!(?:what|how|when|where|did|was|were|is|has|have)\b).*\byesterday\b(?!.*\?)|"
    r"(?:昨天|刚才|上次|以前|之前|小时候)(?!.*(?:撤销|恢复|取消|吗|播放|放|继续|那首|那个|的设置|的操作)).*(?:了|过)"
)
_IF = regex(
    r"^(?:if(?! (?:possible|you (?:can|could|would|don'?t mind|like|please)))|when(?! (?:you (?:can|get a|have a)|will|is|are|do|does|did|can|should|was|am))|whenever|once|unless|as soon as|in case)\b|^(?:如果|假如|假设|假使|倘若|若是|设想|要是|等|一旦|只要)|的时候(?!提醒|叫|听|放|看|用|的)|^当"
)
_IF_LATER = regex(
    r"(?<=[a-z]) (?:if|unless|in case|whenever|as soon as|once) (?:i|i'm|it|it's|he|she|they|we|we're|there|the|my|someone|somebody|anyone|traffic)\b"
    r"|(?<=[a-z]) when (?:i|it|it's|he|she|they|we|we're|the|my|someone)\b|(?:的话|的时候|之后|以后|(?<=[了完好])后)(?:再)?$"
)
_DENIED_AND = regex(
    r"(?:\bdon'?t|\bdo not|\bnever|别|不要|不许|不准)[^,.;!?]*(?:\b(?:and|or)|和|或者?|跟|与|及) ?$"
)
_WISH_NOT = regex(
    r"\bi (?:didn'?t|did not) (?:say|mean|ask)\b|我(?:可|又|并|都)?没(?:说|让|叫)|不是(?:让|叫)你|^(?:imagine|suppose|pretend)\b|我(?:曾|也|还|是)?(?:考虑|想)过|^(?:总?有一天|将来|以后)我|(?:牌子|纸条?|条子|告示|标签|标志|贴纸|说明书|手册|按钮|屏幕)[^,]{0,8}(?:写|贴|印|标)着|上面?(?:写|贴|印|标)着|^昨[天晚夜]|(?:讲|说|提|念叨)过|(?<!像)(?<!和)昨晚"
)


_SEEKS = regex(
    r"有没有[^,]{1,14}的?(?:歌|曲|音乐|电影|电视剧|节目|故事|相声|小说)$|(?:i am |i'm |am )?looking for [a-z]|how (?:do|can|would|could) (?:i|we) (?:get|drive) to (?!know\b|sleep\b|(?:the |my )?(?:[a-z]+ )?(?:settings?|menu|page|screen|tab|app)\b)"
)
"""An order in other words: "looking for a book called North", "how do I get to the station"."""


def is_question(plain: str) -> bool:
    """Whether a clause wants to know something; a polite request does not."""
    if asks_ability(plain):
        return True
    if is_polite(plain) or _SEEKS.match(plain) or re.match(r"(?:告诉|转告)(?!我)", plain):
        return False
    if _ASK.search(plain):
        return True
    return (_ASK_ZH.search(plain) is not None and not _NOT_ASK_ZH.match(plain)) or (
        _DECLARED.search(plain) is not None and not _starts_with_verb(plain)
    )


def is_reported(plain: str) -> bool:
    """Whether a clause tells what was said, written, or done."""
    if _TELLING.match(plain) or "怎么说" in plain:
        return False
    if _ASKED_BY.match(plain):
        return True
    if is_polite(plain) and '"' not in plain:
        return False
    if _WHO.match(plain) or _INSISTS.match(plain):
        return False
    return is_quoted(plain) or any(
        pattern.search(plain) is not None for pattern in (_INDIRECT, _PAST, _WISH_NOT, _OTHERS)
    )


def is_conditional(plain: str) -> bool:
    """Whether a clause is, or ends with, a condition that may come true later."""
    if _TELLING.match(plain) or "提醒" in plain or re.match(r"(?:please )?(?:wake|remind)", plain):
        return False
    if _NOT_YET.search(plain):
        return False
    return _IF.search(plain) is not None or _IF_LATER.search(plain) is not None


_NOT_YET = regex(
    r"\blist\b.* (?:if|unless) (?:i|i've|it|it's|they|they're|we)\b.*\b(?:already|on (?:there|it|the list))\b"
)
"""A condition that adding to a list fulfils by itself: "unless it is on it"."""


def is_quoted(plain: str) -> bool:
    """Whether a sentence only cites words in quotation marks."""
    named = _TELLING.match(plain) or _NAMES.match(plain)
    return _QUOTED.search(plain) is not None and named is None


def under_denial(whole: str, clause: str) -> bool:
    """Whether a clause stands under the "don't" of the one before: "don't open it and lock it"."""
    at = whole.find(clause)
    return at > 0 and _DENIED_AND.search(whole, 0, at) is not None


def asks_ability(plain: str) -> bool:
    """Whether a clause asks what the device is able to do at all: "can you open windows?"."""
    return _GENERIC.match(plain) is not None


def deed_of(plain: str) -> str:
    """A clause without who is asked to be able to do it: 你会开窗 is about 开窗."""
    deed = _ABLE_ZH.sub("", plain)
    if deed == plain:
        deed = _POLITE_BEGIN.sub("", plain)
    return plain if deed == plain else re.sub(r"[吗么?？]+$", "", deed)


_POLITE_BEGIN = regex(
    r"^(?:请问|那个?|嗯)?[你您]?(?:能不能|可不可以|可否|能否|可以|能够?)(?:请|麻烦)?(?:帮我|给我)?(?=[把将打开关调放播导设])"
)


def is_polite(plain: str) -> bool:
    """Whether a clause asks by its form ("could you") and orders by its meaning."""
    if asks_ability(plain):
        return False
    if _POLITE.match(plain):
        return True
    return _POLITE_ZH.search(plain) is not None and not re.search(
        r"(?:了|着|没有?|没)(?:吗|么)|多少|几[度点号]|什么|哪|怎么(?!样啊)", plain
    )


def _starts_with_verb(plain: str) -> bool:
    return (
        re.match(
            r"(?:please )?(?:turn|open|close|set|play|call|lock|unlock|navigate|raise|lower|stop|start|switch)\b"
            r"|打开|关闭|关上|播放|导航|调|把|将|锁",
            plain,
        )
        is not None
    )
