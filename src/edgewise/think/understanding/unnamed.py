"""A clause that names no function: talk, an open question, an order nobody here can carry out, noise.

Only talk and open questions are for a language model. An order without a function is declined
honestly, and noise is asked about: a small model would make something up for both.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from enum import StrEnum

from edgewise.core.regex import regex
from edgewise.think.understanding.normalise import is_chinese


class Unnamed(StrEnum):
    """What a clause without a function is."""

    SOCIAL = "social"
    TALK = "talk"
    ORDER = "order"
    NOISE = "noise"


_SOCIAL = regex(
    r"(?:(?:thanks?|thank you|thx|ty|cheers|much appreciated|bye|goodbye|bye bye|see (?:you|ya)|good (?:morning|night|evening|afternoon|day|bye|job)|hello|hi|hey|"
    r"well done|nice|great|cool|awesome|perfect|wonderful|good|sorry|excuse me|you're welcome|how are you|what's up|nice to meet you|that's (?:great|nice|all|it|good)|"
    r"(?:so|very) much|a lot|later|tomorrow|there|again|everyone|my friend|for (?:that|the help|your help|everything)|today|doing|i'm (?:fine|good|home|back)|so|very|car|and you)\b[ ,.!?]*)+"
    r"|(?:谢谢|多谢|感谢|谢了|谢啦|再见|拜拜|回见|晚安|早安|早上好|上午好|中午好|下午好|晚上好|你好|您好|嗨|哈喽|喂|辛苦了?|真棒|太好了|太棒了|厉害|干得好|做得好|"
    r"不客气|没关系|对不起|抱歉|不好意思|我回来了|我到家了|明天见|回头见|你真好|你|您|啊|哦|呀|啦|了|哈|吧|呢|大家|小车|真是|非常|很|太|,|!|\.| )+"
)
_TALK_ORDER = regex(
    r"(?:please |can you |could you )*(?:tell|sing|say|talk|chat|explain|describe|recite|teach|joke|guess|imagine|entertain|cheer|discuss|compare|recommend|suggest|write|give me (?:a|some|an) (?:joke|advice|idea|tip|fact|quote|recipe|story|riddle|poem)|let'?s (?:talk|chat|play a game)|help me (?:understand|decide|learn|write))\b"
    r"|(?:请|帮我|给我|你|能不能|可以|来)*(?:讲|说|唱|聊|背|念|猜|编|写|解释|介绍|推荐|教|安慰|夸|陪我|想象|比较|分析|评价|告诉我|出个)"
)
_NOT_VERB = frozenset(
    [
        "i",
        "you",
        "he",
        "she",
        "it",
        "we",
        "they",
        "this",
        "that",
        "these",
        "those",
        "my",
        "your",
        "his",
        "her",
        "our",
        "their",
        "the",
        "a",
        "an",
        "what",
        "who",
        "where",
        "when",
        "why",
        "how",
        "which",
        "whose",
        "is",
        "are",
        "was",
        "were",
        "am",
        "do",
        "does",
        "did",
        "has",
        "have",
        "had",
        "will",
        "would",
        "can",
        "could",
        "should",
        "may",
        "might",
        "must",
        "there",
        "here",
        "if",
        "because",
        "although",
        "while",
        "so",
        "but",
        "and",
        "or",
        "not",
        "no",
        "yes",
        "maybe",
        "perhaps",
        "nobody",
        "everybody",
        "someone",
        "somebody",
        "everyone",
        "everything",
        "nothing",
        "something",
        "today",
        "tomorrow",
        "yesterday",
        "tonight",
        "last",
        "next",
        "some",
        "any",
        "many",
        "much",
        "more",
        "most",
        "all",
        "every",
        "each",
        "both",
        "one",
        "two",
        "three",
        "such",
        "like",
        "with",
        "without",
        "for",
        "in",
        "on",
        "at",
        "to",
        "of",
        "from",
        "about",
        "by",
        "as",
        "than",
        "then",
        "happy",
        "sad",
        "nice",
        "good",
        "great",
        "bad",
        "wow",
        "oh",
        "ah",
        "well",
        "too",
        "very",
        "really",
        "just",
        "only",
        "even",
        "still",
        "already",
        "never",
        "always",
        "sometimes",
        "often",
        "dogs",
        "cats",
        "people",
        "kids",
    ]
)
_AFTER_VERB = regex(
    r"^([a-z]+)(?: (?:up|down|out|off|on|over|away|in|back|to|for|with|at))? (?:the|a|an|my|our|your|his|her|their|me|us|some|it|him|them|this|these|all|\d+|one|two)\b"
)
_VERBS_EN = regex(
    r"^(?:wash|clean|fix|repair|build|cook|bake|fry|brew|feed|walk|iron|vacuum|mow|paint|sweep|dance|jump|fly|swim|run|drive|bring|fetch|carry|lift|draw|print|scan|hack|launch|destroy|hire|fire|sell|invest|"
    r"transfer|download|upload|install|uninstall|charge|pay|do|make|get|grab|pour|pack|wrap|hold|kiss|hug|marry|kill|fight|beat|catch|throw|kick|push|pull|cut|chop|mix|stir|boil|freeze|melt|water|plant|dig|"
    r"change|replace|refill|fill|empty|pump|inflate|tow|park|wait|follow|chase|ignore|skip|approve|deny|reject|submit|sign|turn|switch|set|open|close|shut|lock|unlock|raise|lower|put|start|stop)\b(?! (?:is|are|was|were)\b)"
)
_ORDER_ZH = regex(
    r"^(?:请|麻烦|快|赶紧|你)*(?:帮我?|给我?|替我|为我|去|来|把|将|让)(?![是的了])(?=.{2,})"
    r"|^(?:洗|做|煮|炒|买|修|倒|拿|擦|扫|拖|搬|喂|遛|浇|剪|画|打扫|打印|打包|清理|收拾|整理|购买|下载|安装|卸载|更换|换|加满|充满|飞|跳|起飞|变|造|盖|打|开|关|锁|调|设)(?!心|始|来|于|系|很|得|了我|得很|不)(?=.)"
)
_FORM_EN = regex(
    r"\b(?:i|i'm|i've|i'll|i'd|you|you're|he|she|it|it's|we|we're|they|is|are|was|were|am|do|does|did|have|has|had|will|would|can|can't|could|should|my|your|the|a|an|this|that|there|not|to|of|in|for|with|and|"
    r"but|so|because|what|who|where|when|why|how|which|never|always|really|very|too|today|yesterday|nice|good|great|bad|happy|sad|tired|bored|lonely|funny|love|hate|like|want|need|think|know|feel)\b"
)
_FORM_ZH = regex(
    r"我|你|您|他|她|它|咱|们|的|了|是|在|有|没|不|很|太|真|好|吗|呢|吧|什么|怎么|为什么|谁|哪|几|多|这|那|今天|明天|昨天|想|要|会|能|可以|觉得|知道|喜欢|因为|所以|和|都|也|就|还|人|天气|大家"
)
_SOUNDS_ZH = frozenset(
    "呜噗噜啦咕嘟哔叽呱哩唧吧嗒喵汪哞咩噢哟嘎哐咚乒乓叮啵呲嘚咔啪嘭咣哗嘶嗖咻嘻嘿哈呵哼咦喔嗷嘤嗡咯嗝哒"
)
_BLAH = regex(
    r"(?:\b(?:bla+h*|foo|bar|baz|lorem|ipsum|asdf\w*|qwer\w*|zxcv\w*|hjkl\w*|test(?:ing)?|lol|xyz|abc)\b[ ,.!?]*)+"
)


def unnamed(plain: str, *, known_share: float) -> Unnamed:
    """What a clause without a function is. `known_share`: how much of its English is known words."""
    bare = plain.strip(" ,.!?~;")
    if not bare or _BLAH.fullmatch(bare):
        return Unnamed.NOISE
    if is_social(bare):
        return Unnamed.SOCIAL
    return _chinese(bare) if is_chinese(bare) else _english(bare, known_share)


def is_social(plain: str) -> bool:
    """Whether a clause is only a greeting, thanks, praise or a farewell."""
    bare = plain.strip(" ,.!?~;")
    return _SOCIAL.fullmatch(bare) is not None and not _only_particles(bare)


def _only_particles(bare: str) -> bool:
    return re.fullmatch(r"[你您啊哦呀啦了哈吧呢大家很太非常真是, !.]+", bare) is not None


def _chinese(bare: str) -> Unnamed:
    han = [char for char in bare if "\u3400" <= char <= "\u9fff"]
    sounds = sum(char in _SOUNDS_ZH for char in han)
    if 2 * sounds >= len(han) and len(han) >= 2 and not re.fullmatch(r"[哈嘿呵嘻]+", bare):
        return Unnamed.NOISE
    if _TALK_ORDER.match(bare):
        return Unnamed.TALK
    if _ORDER_ZH.match(bare):
        return Unnamed.ORDER
    return Unnamed.TALK if _FORM_ZH.search(bare) else Unnamed.NOISE


def _english(bare: str, known_share: float) -> Unnamed:
    if _TALK_ORDER.match(bare):
        return Unnamed.TALK
    if known_share < 0.5:
        return Unnamed.NOISE
    first = _AFTER_VERB.match(bare)
    if (first and first[1] not in _NOT_VERB) or _VERBS_EN.match(bare):
        return Unnamed.ORDER
    return Unnamed.TALK if _FORM_EN.search(bare) else Unnamed.NOISE
