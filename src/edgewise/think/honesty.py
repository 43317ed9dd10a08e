"""What a model that only talks may say: never that it did something.

A small language model asked to open a window likes to answer "I have opened it". Nothing was
opened, so such a sentence must not reach a person, whatever the prompt was: `claims_action` finds
it by rule. The rules lean to the safe side; a harmless sentence that sounds like a claim ("I made
a mistake") is lost as well. They know English and Chinese, and nothing of what was really done.
"""

from edgewise.core.regex import regex
from edgewise.core.words import Language, Words

SYSTEM = Words(
    en=(
        "You are a small language model that answers questions briefly, in one or two sentences. "
        "You may be wrong about facts. You only answer questions; you cannot do anything in the "
        "car or on the phone, so never claim that you did."
    ),
    zh=(
        "你是一个小型语言模型，用一两句话简短地回答问题。你说的事实可能有误。"
        "你只回答问题，不能在车上或手机上做任何事，所以绝不要说你做了什么。"
    ),
)

# A model of 135 million parameters answered "Is it dangerous to drive tired?" with "No, it is
# completely safe" under three prompts out of three, so no prompt is relied on for what follows.
NOT_BY_GUESS = Words(
    en=(
        "That touches someone's safety or health. I am only a small model and often wrong, so I "
        "will not guess; please ask a person or a source you can rely on. In an emergency, say "
        "“emergency call”."
    ),
    zh=(
        "这关系到人的安全或健康。我只是一个小模型,经常出错,所以不乱猜;请咨询可靠的人或资料。"
        "紧急情况请说“紧急呼叫”。"
    ),
)
ONLY_WORDS = Words(
    en=(
        "I can only talk about that: this answer has changed nothing on the device. "
        "To have it done, please say it as a command."
    ),
    zh="这件事我只能说说:这句回答没有改变设备上的任何东西。要我去做,请直接说出指令。",
)


def claims_action(text: str) -> bool:
    """Whether a text says that something was, is being, or will be done by whoever wrote it."""
    plain = _plain(text)
    return any(pattern.search(plain) for pattern in _CLAIMS)


def can_do_harm(question: str) -> bool:
    """Whether a wrong answer to a question could hurt somebody: driving, health, emergencies.

    It looks for words, so it also finds harmless questions; a model that may be wrong loses them.
    """
    return _HARM.search(_plain(question)) is not None


def is_acknowledgement(sentence: str) -> bool:
    """Whether a sentence only agrees ("Sure!"), so that its meaning hangs on the next one."""
    return _ACKNOWLEDGEMENT.fullmatch(_plain(sentence)) is not None


def only_words(language: Language) -> str:
    """What is said in place of a claim."""
    return ONLY_WORDS.said_in(language)


def _plain(text: str) -> str:
    """Lower case, straight apostrophes, no emphasis marks, single spaces."""
    text = text.translate(_STRAIGHT).casefold()
    return " ".join(text.split()).strip(" -•>\"'“”‘’")


_STRAIGHT = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "*": None, "_": " ", "`": None, "，": ",", "！": "!"}
)

# Past form, -ing form and plain form of what a device does for a person.
_VERBS = (
    "open:opened:opening close:closed:closing shut:shut:shutting turn:turned:turning "
    "switch:switched:switching set:set:setting adjust:adjusted:adjusting change:changed:changing "
    "increase:increased:increasing decrease:decreased:decreasing raise:raised:raising "
    "lower:lowered:lowering dim:dimmed:dimming brighten:brightened:brightening lock:locked:locking "
    "unlock:unlocked:unlocking start:started:starting stop:stopped:stopping pause:paused:pausing "
    "resume:resumed:resuming play:played:playing call:called:calling dial:dialed:dialing "
    "ring:rang:ringing send:sent:sending text:texted:texting email:emailed:emailing "
    "message:messaged:messaging forward:forwarded:forwarding reply:replied:replying "
    "schedule:scheduled:scheduling book:booked:booking reserve:reserved:reserving "
    "order:ordered:ordering pay:paid:paying buy:bought:buying add:added:adding "
    "remove:removed:removing delete:deleted:deleting save:saved:saving create:created:creating "
    "cancel:cancelled:cancelling cancel:canceled:canceling activate:activated:activating "
    "deactivate:deactivated:deactivating enable:enabled:enabling disable:disabled:disabling "
    "mute:muted:muting unmute:unmuted:unmuting navigate:navigated:navigating "
    "route:routed:routing update:updated:updating move:moved:moving heat:heated:heating "
    "cool:cooled:cooling warm:warmed:warming roll:rolled:rolling connect:connected:connecting "
    "disconnect:disconnected:disconnecting complete:completed:completing "
    "finish:finished:finishing notify:notified:notifying remind:reminded:reminding "
    "record:recorded:recording check:checked:checking search:searched:searching "
    "look:looked:looking fold:folded:folding put:put:putting make:made:making do:did:doing "
    "take:took:taking place:placed:placing arrange:arranged:arranging"
)
_FORMS = [verb.split(":") for verb in _VERBS.split()]
_PLAIN = "(?:" + "|".join(sorted({form[0] for form in _FORMS})) + ")"
_PAST = "(?:" + "|".join(sorted({form[1] for form in _FORMS} | {"done", "taken", "dialled"})) + ")"
_ING = "(?:" + "|".join(sorted({form[2] for form in _FORMS})) + ")"
_SOON = (
    r"(?:(?:just|already|now|also|then|successfully|gladly|happily|immediately|right away|"
    r"gone ahead and|went ahead and|go ahead and|help you|be)\s+)*"
)
_THINGS = (
    r"(?:windows?|doors?|trunk|boot|tailgate|sunroof|shades?|blinds?|(?:head|fog|reading )?lights?|"
    r"lamps?|temperature|heat(?:ing|er)?|air[ -]?condition(?:ing|er)|a/?c|climate|fan|"
    r"defrost(?:er)?|"
    r"(?:\w+ )?seats?|volume|music|songs?|playlist|radio|podcast|messages?|texts?|e-?mails?|"
    r"(?:phone )?calls?|alarms?|timers?|reminders?|appointments?|meetings?|events?|route|"
    r"navigation|destination|order|booking|reservation|payment|wipers?|mirrors?|locks?|"
    r"wi-?fi|bluetooth|screen|brightness|settings?|photos?|notes?|lists?|request|command|task|engine)"
)
_ZH_DO = (
    r"(?:打开|开启|开好|关闭|关上|关掉|关好|调到|调高|调低|调整|调节|调好|设置|设为|设定|设好|发送|发出|发给|"
    r"拨打|拨通|呼叫|打电话|播放|暂停|停止|启动|锁上|锁好|锁定|解锁|导航|规划|取消|预订|预定|预约|订好|下单|"
    r"支付|付款|删除|添加|保存|记下|创建|升起|升高|降下|降低|切换|连接|断开|提醒|通知|完成|处理|办好|搞定|执行)"
)
_ZH_WHEN = r"(?:已经|已|刚刚|刚才|刚|正在|马上|立即|立刻|这就|现在就|现在|会|将|来)"
_AGREED = r"(?:(?:sure|ok|okay|yes|of course|alright|certainly|all)\W+)*"
_CLAIMS = tuple(
    regex(pattern)
    for pattern in (
        # I have opened, I've just sent, I opened, we turned
        rf"\b(?:i|we)(?:'ve| have|'d)?\s+{_SOON}{_PAST}\b",
        # I'm opening, I am now calling; not "I'm doing well"
        rf"\b(?:i|we)(?:'m| am|'re| are)\s+{_SOON}(?!doing (?:well|fine|great|good|ok))"
        rf"(?:going to {_PLAIN}|{_ING})\b",
        # I'll open, I will go ahead and call, let me turn
        rf"\b(?:i|we)(?:'ll| will| shall)\s+{_SOON}{_PLAIN}\b",
        rf"\blet me\s+{_SOON}(?!(?:do my best|make (?:it|this|that) (?:clear|simple)))"
        rf"(?:get that|take care|{_PLAIN})\b",
        # the window is now open, your message has been sent, the lights are being dimmed
        rf"\b{_THINGS}\s+(?:is|are|has|have|was|were)\s+(?:(?:now|already|just|all|successfully)\s+)+",
        rf"\b(?:the|your|all|both|that|this|it|they)\s+(?:[\w']+\s+){{0,2}}{_THINGS}\s+"
        rf"(?:has|have)\s+(?:\w+ly\s+)?been\s+{_SOON}{_PAST}\b",
        rf"\byour\s+(?:\w+\s+){{0,2}}(?:has|have|was|were|is|are)\s+(?:\w+ly\s+)?"
        rf"(?:(?:been|being)\s+)*{_PAST}\b",
        rf"\b{_THINGS}\s+(?:is|are)\s+being\s+{_PAST}\b",
        r"\b(?:it|that|this|everything|all)(?:'s| is| has been| are)\s+"
        r"(?:(?:now|been|all|already)\s+)*(?:done|complete[d]?|taken care of|set|ready to go)\b",
        # Done. Consider it done. Window opened. Temperature set to 22. Calling mom now.
        rf"^{_AGREED}done\b(?!\s+(?:is|by|with|in|at|when|for)\b)",
        r"\b(?:consider it done|mission accomplished|task (?:is )?complete|right away|will do)\b",
        rf"^{_AGREED}(?:the |your |all )?(?:\w+ )?{_THINGS}"
        rf" (?:\w+ly )?{_PAST}(?:\s+(?:to|at|for|on|off|up|down|now)\b|\W*$)",
        rf"^{_AGREED}{_ING}\b.*(?:\bnow|\bfor you|\bright away|\.\.\.|…)\W*$",
        # Chinese: 我已经打开了, 已为您关闭, 好的,正在拨打, 车窗已打开, 搞定了
        rf"(?:我|我们){_ZH_WHEN}*(?:为|帮|给|替|把|将)?(?:您|你)?.{{0,12}}?{_ZH_DO}.{{0,6}}?了",
        rf"(?:我|我们){_ZH_WHEN}+(?:为|帮|给|替|把|将)?(?:您|你)?.{{0,12}}?{_ZH_DO}",
        rf"{_ZH_WHEN}(?:为|帮|给|替)(?:您|你)",
        rf"(?:^|[,。!])\s*(?:已经|已|正在|马上|这就)(?:把|将)?.{{0,12}}?{_ZH_DO}",
        rf"(?:车窗|窗户|车门|后备箱|天窗|灯|空调|温度|座椅|音量|音乐|歌曲|消息|短信|邮件|电话|闹钟|日程|导航|"
        rf"订单|雨刷|蓝牙|屏幕)(?:都)?(?:已经|已|正在)(?:被|为您|为你)?.{{0,6}}?(?:{_ZH_DO}|好)",
        r"^(?:(?:好的|好|当然|没问题|收到)[,。!\s]*)*(?:搞定|办好|弄好|完成|已完成|做好|设好|好了)(?:了|啦)?\W*$",
    )
)
_ACKNOWLEDGEMENT = regex(
    r"(?:sure(?: thing)?|ok(?:ay)?|yes|yeah|of course|certainly|absolutely|alright|all right|"
    r"got it|understood|no problem|great|好的|好|当然|没问题|收到|明白|可以|行)\W*"
)
_HARM = regex(
    r"\b(?:danger\w*|(?:un)?safe(?:ly|ty)?|risk\w*|harm\w*|hurt\w*|injur\w*|emergenc\w*|"
    r"first aid|cpr|"
    r"drunk|alcohol|beers?|wine|drinks? and driv\w*|drugs?|weed|tired|sleepy|drows\w*|asleep|"
    r"medic\w+|pills?|dos(?:e|es|age)|tablets?|aspirin|ibuprofen|paracetamol|insulin|overdos\w*|"
    r"pregnan\w*|pain|bleed\w*|blood|poison\w*|toxic|suicid\w*|kill\w*|die|dying|seizures?|stroke|"
    r"heart|choking|unconscious|faint\w*|dizzy|fever|allerg\w*|symptoms?|diagnos\w*|disease|cancer|"
    r"doctor|hospital|bab(?:y|ies)|child(?:ren)?|infant|car seat|airbags?|"
    r"seat ?belts?|brak(?:e|es|ing)|"
    r"skid\w*|aquaplan\w*|hydroplan\w*|tow(?:ing)?|jack|flat tires?|flat tyres?|crash\w*|"
    r"accident|smoke|"
    r"fire|burn\w*|fumes|carbon monoxide|exhaust|warning light|overheat\w*|jump[ -]?start|voltage|"
    r"speed limit|legal\w*|illegal|laws?|overtak\w*|right of way|firearm|guns?|bombs?|weapons?)\b"
    r"|危险|安全|风险|伤害|受伤|紧急|急救|酒|毒|药|剂量|怀孕|孕|疼|痛|流血|出血|自杀|死|抽搐|中风|心脏|"
    r"窒息|昏迷|头晕|发烧|过敏|症状|疾病|癌|医生|医院|婴儿|孩子|儿童|气囊|安全带|刹车|制动|打滑|爆胎|换胎|拖车|"
    r"车祸|事故|冒烟|着火|起火|烧|尾气|一氧化碳|故障灯|警告灯|过热|搭电|限速|合法|违法|法律|超车|疲劳|犯困|困了|枪|炸弹"
)
