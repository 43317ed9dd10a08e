"""A message's text and a title are somebody's words: they order, deny and ask nothing."""
# ruff: noqa: E501  (a table of sentences is read by rows; broken rows cannot be compared)

import pytest

from edgewise.think.understanding.normalise import normalise
from edgewise.think.understanding.verbatim import dictation, order_of
from tests.each_row import each_row
from tests.think.understanding.test_guards import understood


@each_row(
    ("text", "recipient", "body"),
    [
        ("发微信给周敏：把后备箱打开", "周敏", "把后备箱打开"),
        ("给周敏发消息：打开车窗", "周敏", "打开车窗"),
        ("给周敏发消息：几点到？", "周敏", "几点到？"),
        ("给妈妈发微信说打开空调，然后关上窗户", "妈妈", "打开空调，然后关上窗户"),
        ("给李雷发条微信说我晚点到，别等我吃饭", "李雷", "我晚点到，别等我吃饭"),
        ("给爸爸发短信，说不用等我，别锁门", "爸爸", "不用等我，别锁门"),
        ("告诉张伟，我到了！", "张伟", "我到了！"),
        ("跟妈妈说别锁门", "妈妈", "别锁门"),
        ("告诉妈妈别做饭了，我在外面吃", "妈妈", "别做饭了，我在外面吃"),
        ("text Alice: open the trunk", "Alice", "open the trunk"),
        ("text Alice that the trunk is open", "Alice", "the trunk is open"),
        ("send Alice a message saying open the trunk and turn on the lights", "Alice", "open the trunk and turn on the lights"),
        ("text Bob saying: call me when you arrive, don't drive", "Bob", "call me when you arrive, don't drive"),
    ],
)  # fmt: skip
def test_all_behind_the_opening_of_a_message_is_its_text(
    text: str, recipient: str, body: str
) -> None:
    (call,) = understood(text).calls
    assert call.capability == "message.send"
    assert (call.arguments["recipient"], call.arguments["body"]) == (recipient, body)


@pytest.mark.parametrize("text", ["回复他说：打开后备箱", "reply: open the trunk"])
def test_the_text_of_a_reply_is_no_order(text: str) -> None:
    assert [call.capability for call in understood(text).calls] == ["message.send"]


@each_row(
    ("text", "title"),
    [
        ('play "Don\'t Stop Me Now"', "Don't Stop Me Now"),
        ('play "Stop, In the Name of Love"', "Stop, In the Name of Love"),
        ("播放《别怕我伤心》", "别怕我伤心"),
        ("放一首《打开天窗》", "打开天窗"),
    ],
)
def test_a_title_is_played_and_not_obeyed(text: str, title: str) -> None:
    calls = understood(text).calls
    assert [(call.capability, call.arguments["query"]) for call in calls] == [("media.play", title)]


def test_an_order_not_to_send_stays_one() -> None:
    assert understood("don't text Alice that I'm late").calls == ()


def test_what_is_no_message_dictates_nothing() -> None:
    for text in ("send that to Bob", "tell me that joke", "set an alarm for 7:30", "跟我说说天气"):
        clause = normalise(text)
        assert dictation(clause) is None
        assert order_of(clause.plain) == clause.plain
