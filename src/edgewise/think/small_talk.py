"""Thanks, greetings and goodbyes, answered in few words without a model, in either language.

Whole utterances only; anything longer is thought about.
"""
# ruff: noqa: E501  (a table of words is read by rows; broken rows cannot be compared)

from edgewise.core.thought import MessageKind, Thought
from edgewise.core.words import Words

_WELCOME = Words("You're welcome.", "不客气。")
_HELLO = Words("Hello. What can I do?", "您好，需要我做什么？")
_GOODBYE = Words("Goodbye.", "再见。")
_SELF = Words(
    "I am Edgewise, the agent on this device: I act in the car and on the phone when you ask, and"
    " rules decide what is safe.",
    "我是 Edgewise，运行在这台设备上的助手：您吩咐，我来操作车和手机，是否安全由规则决定。",
)
_ANSWERS = {
    word: words
    for words, said in (
        (_WELCOME, "thanks|thank you|thank you very much|thanks a lot|many thanks|谢谢|谢谢你|谢谢您|多谢|谢了|谢啦|辛苦了"),
        (_HELLO, "hello|hi|hey|good morning|good evening|hello there|hi there|你好|您好|嗨|哈喽|早上好|晚上好|下午好|在吗"),
        (_GOODBYE, "bye|goodbye|bye bye|see you|good night|再见|拜拜|晚安|回头见"),
        (_SELF, "who are you|what are you|what is your name|what's your name|你是谁|你叫什么|你叫什么名字|您是谁"),
    )
    for word in said.split("|")
}  # fmt: skip


def small_talk(text: str) -> Thought | None:
    """The answer to a whole utterance of courtesy, or `None`."""
    words = _ANSWERS.get(text.strip(" .,!?。，！？~～").casefold())
    return None if words is None else Thought(MessageKind.CHAT, confidence=1.0, question=words)
