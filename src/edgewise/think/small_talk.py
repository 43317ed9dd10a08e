"""Thanks, greetings, and how somebody feels, answered in few words without a model.

Courtesies are whole utterances only; feelings are looked for once nothing else was understood.
"""
# ruff: noqa: E501  (a table of words is read by rows; broken rows cannot be compared)

import re

from edgewise.core.regex import regex
from edgewise.core.thought import MessageKind, Thought
from edgewise.core.words import Words
from edgewise.think.persona import IN_CAR, Persona
from edgewise.think.understanding.unnamed import is_social

_WELCOME = Words("You're welcome.", "不客气。")
_HELLO = Words("Hello. What can I do?", "您好，需要我做什么？")
_GOODBYE = Words("Goodbye.", "再见。")
_ANSWERS: dict[str, Words | None] = {
    word: words
    for words, said in (
        (_WELCOME, "thanks|thank you|thank you very much|thanks a lot|many thanks|谢谢|谢谢你|谢谢您|多谢|谢了|谢啦|辛苦了"),
        (_HELLO, "hello|hi|hey|good morning|good evening|hello there|hi there|你好|您好|嗨|哈喽|早上好|晚上好|下午好|在吗"),
        (_GOODBYE, "bye|goodbye|bye bye|see you|good night|再见|拜拜|晚安|回头见"),
        (None, "who are you|what are you|what is your name|what's your name|你是谁|你叫什么|你叫什么名字|您是谁"),
    )
    for word in said.split("|")
}  # fmt: skip
"""`None`: who speaks tells it (`Persona.agent`)."""


_GLAD = Words("That is good news, congratulations!", "太好了，恭喜您！")
_FEELINGS = (
    ("tired", r"\b(?:i'm|i am|feeling|feel) (?:so |very |really |a bit |quite )*(?:tired|sleepy|exhausted|worn out)\b|^我?.{0,4}(?:好|很|太|有点|真)(?:累|困)了?[啊呀啦。!！ ]*$"),
    ("sorry", r"\b(?:i'm|i am|feeling|feel) (?:so |very |really |a bit |quite )*(?:sad|lonely|bored|stressed|upset|down|miserable)\b|\b(?:terrible|awful|horrible|rough|hard|bad|long) (?:day|week|night)\b|^我?.{0,4}(?:好|很|太|有点|真)(?:难过|无聊|烦|伤心|郁闷|孤独|不开心|压力大)"),
    ("glad", r"\bi(?:'ve| have)? (?:just )?(?:got (?:a |the |my )?(?:promotion|promoted|job|married|engaged|raise|degree)|passed|won|graduated)\b|^我.{0,6}(?:升职|升学|考上|考过|通过了考试|结婚|订婚|毕业|中奖|涨工资|加薪).{0,4}了"),
)  # fmt: skip
_LONGEST_FEELING = 60
_THANKS = regex(r"\b(?:thank|thx|ty|cheers|appreciat)|谢|辛苦")
_BYE = regex(
    r"\b(?:bye|goodbye|see (?:you|ya)|good ?night|later|tomorrow)\b|再见|拜|回见|回头见|明天见|晚安"
)
_HI = regex(
    r"\b(?:hello|hi|hey|good (?:morning|evening|afternoon|day))\b|[你您早]好|[早晚上中下午]+[上午]?好|嗨|哈喽|喂|早安"
)
_FINE = Words("All right.", "好的。")


def feeling(text: str, persona: Persona = IN_CAR) -> Thought | None:
    """A few kind words to a courtesy in any words, or to a short sentence about how somebody is;
    `None` for anything else."""
    plain = text.replace("’", "'").casefold().strip()
    if is_social(plain):
        said = ((_THANKS, _WELCOME), (_BYE, _GOODBYE), (_HI, _HELLO))
        words = next((words for pattern, words in said if pattern.search(plain)), _FINE)
        return Thought(MessageKind.CHAT, confidence=0.8, question=words)
    if len(plain) > _LONGEST_FEELING or "?" in plain or "？" in plain:
        return None
    for felt, pattern in _FEELINGS:
        if re.search(pattern, plain):
            words = {"tired": persona.tired, "sorry": persona.sorry, "glad": _GLAD}[felt]
            return Thought(MessageKind.CHAT, confidence=0.8, question=words)
    return None


def small_talk(text: str, persona: Persona = IN_CAR) -> Thought | None:
    """The answer to a whole utterance of courtesy, or `None`."""
    asked = text.strip(" .,!?。，！？~～").casefold()
    if asked not in _ANSWERS:
        return None
    words = _ANSWERS[asked] or persona.agent
    return Thought(MessageKind.CHAT, confidence=1.0, question=words)
