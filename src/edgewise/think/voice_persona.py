"""What a voice device says of itself: short enough to be spoken, and of its own tools alone.

It stands on a shelf, so nothing of a car is spoken of. What it can do is made of its capabilities:
the standard ones by what they change, its other tools by name as people say them. Whether it sees
is known by its tools. What a tool says of itself is a stranger's text and is not read.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from edgewise.core.capability import Capability
from edgewise.core.regex import regex
from edgewise.core.words import Language, Words
from edgewise.think.persona import Persona
from edgewise.think.understanding import words as say

TOOLS = "board"
"""The provider of a device's own tools."""
LOOK = "board.look"
MOST_NAMED = 4
"""Tools named in one answer: more would not be listened to."""


def voice_persona(capabilities: Sequence[Capability], talks: Sequence[Language]) -> Persona:
    """Of a device with these `capabilities`; in the languages `talks` a language model answers its
    questions."""
    able = {one.name: one for one in capabilities if one.available}
    abilities = _abilities(able, talks)
    return Persona(
        agent=_AGENT,
        program=_AGENT,
        unknown=_UNKNOWN,
        fault=_FAULT,
        sorry=_SORRY,
        tired=_TIRED,
        system=_SYSTEM,
        no_model=_NO_MODEL,
        other_language=_OTHER_LANGUAGE,
        abilities=abilities,
        answers=((_ASKS_ABILITIES, abilities), (_BY_OWNER, _OWNERS), *_sight(able), *_ANSWERS),
        instead=_INSTEAD,
    )


def _abilities(able: Mapping[str, Capability], talks: Sequence[Language]) -> Words:
    """One or two sentences: the standard abilities, then its own tools by name."""
    tools = [one.words for one in able.values() if one.provider == TOOLS and one.name != LOOK]
    own = _by_thing(tools)
    named = [*_standard(able), *own[:MOST_NAMED]]
    more = len(own) - len(own[:MOST_NAMED])
    en = [words.en for words in named] + ([f"{more} more things of its own"] if more else [])
    zh = "、".join(words.zh for words in named) + (f"，另外还有{more}项自带功能" if more else "")
    ask_en = f" {_ASK.en}" if Language.ENGLISH in talks else ""
    ask_zh = _ASK.zh if Language.CHINESE in talks else ""
    return Words(f"I can {_listed(en)}.{ask_en}", f"我可以{zh}。{ask_zh}")


def _by_thing(tools: Sequence[Words]) -> list[Words]:
    """The tools as people speak of them: what switches one thing, and tells of it, is the thing."""
    found = [(words, _SWITCHES.fullmatch(words.en)) for words in tools]
    counted = Counter(match["thing"] for _, match in found if match)
    named: list[Words] = []
    for words, match in found:
        if match and counted[match["thing"]] > 1:
            chinese = _SWITCHES_ZH.sub("", words.zh)
            named.append(Words(f"switch the {match['thing']}", f"控制{chinese}"))
        else:
            named.append(words)
    return list({words.en: words for words in reversed(named)}.values())[::-1]


def _standard(able: Mapping[str, Capability]) -> list[Words]:
    """What every device is asked in the same words, as far as this one has it."""
    settings = able["device.set_setting"].actuators if "device.set_setting" in able else ()
    has = (
        ("media.set_volume" in able, Words("set the volume", "调音量")),
        (_one_ends(settings, ".brightness"), Words("set the screen brightness", "调屏幕亮度")),
        (
            _one_ends(settings, ".dark_mode"),
            Words("switch between dark and light", "切换深色和浅色主题"),
        ),
        ("vehicle.get_status" in able, Words("tell my own state", "查询自己的状态")),
        (LOOK in able, Words("look through my camera", "用摄像头看")),
        (True, Words("tell the time", "报时间")),
    )
    return [words for is_there, words in has if is_there]


def _one_ends(targets: Sequence[str], end: str) -> bool:
    return any(target.endswith(end) for target in targets)


def _listed(parts: Sequence[str]) -> str:
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def _sight(able: Mapping[str, Capability]) -> tuple[tuple[re.Pattern[str], Words], ...]:
    """What it says when it is asked to see; with eyes only whether it has them. A tool that may be
    a camera's of another kind is left to speak for itself."""
    if LOOK in able:
        return ((_HAS_CAMERA, _CAMERA),)
    if any(name.startswith(TOOLS) and _CAMERA_NAME.search(name) for name in able):
        return ()
    return ((_HAS_CAMERA, _NO_CAMERA), (_SEES, _NO_CAMERA))


_SWITCHES = regex(
    r"(?:(?:turn|switch|power) (?:on|off)|toggle|get|read|check) the (?P<thing>.+?)(?: (?:state|status))?"
)
_SWITCHES_ZH = regex(r"^(?:打开|关闭|关掉|开启|切换|查询|读取|检查)|的?状态$")
_BY_OWNER = regex(
    r"^(?:please |can you |could you |will you |now )*(?:(?:restart|reboot|reset|power[- ]cycle|upgrade|update|factory[- ]reset)(?: (?:the|this|your|my|device|system|speaker|robot|firmware|software|settings|yourself|it|now|again|please|to the latest version))*|(?:do|start|perform|run) (?:an?|the) (?:restart|reboot|factory reset|(?:firmware |software |system )?(?:upgrade|update)))[ ,.!?]*(?:please)?[.!?]*$"
    r"|^(?:请|麻烦|帮我|给我|你|您|现在|把|将|这台|系统|设备|机器|固件|自己|软件)*(?:重启|重新启动|重新开机|升级|更新|恢复出厂|重置)(?:一下|一次|下|这台|设备|机器|系统|固件|软件|你自己|自己|出厂设置|设置|到最新版本?|吧|了|吗|好吗)*[，。！!？? ]*$"
)
_OWNERS = Words(
    "Restarting, resetting and updating the device are for its owner's own hand, on the device"
    " itself; I can not do that by words.",
    "重启、重置和升级设备要由主人在设备上亲手操作，不能用语音执行。",
)
_ASK = Words("You can also just ask me something.", "也可以直接问我问题。")
_AGENT = Words(
    "I am Edgewise, the assistant on this voice device. Ask what I can do.",
    "我是 Edgewise，这台语音设备上的助手。可以问我“你能做什么”。",
)
_UNKNOWN = Words(
    "That I do not know: about this device I only tell what I can read.",
    "这个我不知道：关于这台设备，我只说能读到的状态。",
)
_FAULT = Words(
    "I can not tell what is wrong there, and I changed nothing.",
    "我判断不了是什么问题，也没有做任何操作。",
)
_SORRY = Words("I'm sorry to hear that. I am here if you like to talk.", "辛苦了，想聊聊的话我在。")
_TIRED = Words("Then do take a rest.", "那就好好休息一下吧。")
_SYSTEM = Words(
    "You answer questions for somebody who talks to a small voice device, briefly, in one or two"
    " sentences that can be spoken: plain text, no lists. You may be wrong about facts. You only"
    " answer questions; you cannot do anything on the device, so never claim that you did.",
    "你为与一台小型语音设备说话的人回答问题，用一两句能念出来的话简短回答，不用列表和符号。你说的事实可能有误。"
    "你只回答问题，不能在设备上做任何事，所以绝不要说你做了什么。",
)
_NO_MODEL = Words(
    "I can not answer open questions: the platform has no language model for me.",
    "我还不能回答开放性问题：平台没有为我配置语言模型。",
)
_OTHER_LANGUAGE = Words(
    "I can not answer open questions in this language: the platform's model, {model}, does not know"
    " it.",
    "这个问题我答不了：平台的模型 {model} 不懂中文。这台设备自己的功能不受影响。",
)
_NO_CAMERA = Words(
    "I have no camera, so I can not see. You can ask what I can do.",
    "我没有摄像头，看不到。可以问我“你能做什么”。",
)
_CAMERA = Words(
    "Yes, I have one. Ask, for example, “what do you see”.", "有。可以问我“你看到了什么”。"
)
_CAMERA_NAME = regex(r"camera|photo|picture|拍照|摄像")
_ASKS_ABILITIES = regex(
    r"\b(?:tell|show) me what you (?:can do|do)\b|\bwhat can (?:this|the|it|my) ?(?:device|thing|speaker|robot|box|toy)? (?:all )?do\b|\bhow (?:do|can|should) i (?:use|talk to|work with) (?:you|this|it)\b|\bwhat (?:do you know how to do|are you (?:for|good for))\b"
    r"|^[你您](?:都|还)?(?:会|能|可以)(?:帮我|为我|给我)?(?:做|干|帮)?(?:些)?(?:什么|啥|嘛|吗|哪些事)(?:事情?|呢|呀|啊)?[?？。!！ ]*$|^(?:[你您这])?(?:台?设备|个?机器|玩意)?(?:都)?有(?:什么|哪些|啥)(?:功能|本领|技能|用)[?？。!！ ]*$|^(?:教我|告诉我|请问)?怎么(?:用|使用|操作)(?:[你您]|这个|它)?[?？。!！ ]*$|^功能(?:介绍|列表|说明)[。!！ ]*$|^[你您]是(?:干|做)(?:什么|啥|嘛)(?:用)?的[?？。!！ ]*$|^(?:这台?设备|这个?东西|它)(?:会|能|可以)(?:做|干)(?:什么|啥|嘛)[?？。!！ ]*$"
)
_HAS_CAMERA = regex(
    r"\b(?:do you have|have you(?: got)?|is there|are there|where is)\b.{0,16}\b(?:cameras?|eyes)\b|\bdoes .{0,12}have a camera\b"
    r"|(?:有没?有|有).{0,4}(?:摄像头|相机|镜头|眼睛)(?:吗|么|没有?)?[?？。 ]*$|(?:摄像头|相机)在哪"
)
_SEES = regex(
    r"\bwhat(?: all)? (?:do|can|did) you (?:see|look at)\b|\b(?:who|what|anything|something) .{0,12}you see\b|\b(?:watch|film|record)ing (?:me|us)\b|^(?:can|do|could) you (?:even )?see\b(?! (?:why|how|what i mean|that\b.*\b(?:is|are)\b))"
    r"|^(?:please |can you |could you )*(?:look (?:around|at (?:this|that|me|it|what)|here)|have a look|take a look)\b|\bwhat am i (?:holding|wearing|showing)\b|^what(?: is|'s) (?:this|that)[?!. ]*$"
    r"|\bdescribe what (?:you|i) (?:can )?see\b|^(?:please |can you |could you )*(?:take|snap|make|shoot) (?:me )?(?:a |an |my )?(?:photo|picture|selfie)\b"
    r"|[你您](?:现在|都)?(?:能不能|能|可以|会)?(?:看(?:到|见|得到|得见)|瞧见)(?:了|过)?(?:些|到)?(?:什么|啥|谁|我|东西)|^[你您]?(?:能不能|能|可以)看(?:见|到|得见|得到)(?:东西)?(?:吗|么)?[?？。 ]*$"
    r"|^(?:请|帮我|你)?(?:看看|看一?下|看一看|瞧瞧)(?:这|那|周围|四周|我|前面|外面)|^(?:这|那)个?是(?:什么|啥)(?:东西)?[?？。 ]*$|我(?:手[里上中])?(?:拿|穿|戴)(?:的|着)?的?(?:是)?(?:什么|啥)|(?:拍|照)(?:一?张|个|一下)?(?:照片?|相片?)(?![馆亮])|描述.{0,4}看到"
)
_ANSWERS: tuple[tuple[re.Pattern[str], Words], ...] = (
    (
        regex(
            r"^(?:hey |hello )?(?:can|do|could) you hear (?:me|us)\b.{0,12}$|听(?:得|不)?(?:到|见)我?(?:说话|的声音)?(?:吗|么|不)?[?？。 ]*$"
        ),
        Words("Yes, I hear you.", "听得到。"),
    ),
    (
        regex(
            r"^are you (?:a|in a|in the) (?:car|vehicle)[?. ]*$|^[你您](?:是(?:不是)?)?(?:一?[辆台]|在)?车[里上]?(?:吗|么)?[?？。 ]*$"
        ),
        Words("No, I am a voice device, and no car.", "不是，我是一台语音设备，不是车。"),
    ),
)
_CANNOT = Words("This device cannot do that.", "这台设备做不到。")
_AT_ITS_TIME = Words(
    "I can not do that later by myself, so I did nothing. Please say it when the time comes.",
    "我不能到时候自动执行，所以没有操作。到时候请再说一次。",
)
_INSTEAD = {
    **dict.fromkeys((say.NO_SEAT_MEMORY, say.UNEXPOSED, say.NO_SUCH_ROW, say.NO_DOORS, say.NOT_THIS_CAR, say.WHOSE), _CANNOT),
    **dict.fromkeys((say.CONDITION, say.NOT_LATER), _AT_ITS_TIME),
}  # fmt: skip
