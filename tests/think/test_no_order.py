"""Denied, told, quoted, supposed, asked, offered and taken back: the words of an order that are none.

None of these may lead to a call that changes anything; a call that reads is allowed. More of them
are in `remarks.txt`; `plain_orders.tsv` holds orders in like words, each of which must act still.
"""
# ruff: noqa: E501  (a table of sentences is read by rows; broken rows cannot be compared)

from pathlib import Path

import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.capability import Risk
from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context, MessageKind
from edgewise.core.words import Language
from edgewise.think.fixed import fixed
from edgewise.think.understand import Understander, load_understander
from tests.each_row import each_row

CAPABILITIES = {c.name: c for c in builtin_catalogue().capabilities}
CONTEXT = Context(
    Language.ENGLISH, label=label_of(OriginKind.VOICE, "driver"), turn="t", now="2026-11-23T09:00"
)
DENIED = (
    "don't open the window", "do not unlock the doors", "never open the trunk", "please don't turn off the headlights",
    "don't you dare open the sunroof", "you must not unlock the car", "no need to turn on the ac", "i don't want you to open the window",
    "i'd rather not close the sunroof", "don't open the window and close the sunroof", "don't fold the mirrors or lock the doors",
    "i didn't say open the window", "i never asked you to lock the doors", "you shouldn't turn off the lights", "stop, don't open the trunk",
    "i'd rather you didn't open the trunk", "i wish you wouldn't unlock the doors",
    "别开窗", "不要解锁车门", "先别关大灯", "千万不要打开后备箱", "别把空调关了", "不用打开天窗", "我没让你开窗", "不许解锁",
    "不要打开车窗和天窗", "别开空调也别开座椅加热", "我不想让你打开天窗", "我没说要关灯", "不是让你开后备箱", "不必锁车门", "你别动后视镜",
)  # fmt: skip
TOLD = (
    "he said open the window", "my wife told me to unlock the doors", "the sign says turn off your headlights", "mom said close the trunk",
    "she asked me to turn on the heating yesterday", "i opened the window yesterday", "they locked the car and left", "i already turned off the ac",
    "somebody said unlock the car", "the manual says press and hold to open the trunk", "i heard him say open the sunroof", "we closed the windows before we left",
    'the message reads "unlock the car"', 'he wrote "open the trunk now"', "my boss wants me to lock the doors", "i was told to turn on the hazards",
    "他说打开车窗", "妈妈说把空调关了", "我朋友让我解锁车门", "昨天我把天窗打开了", "刚才他把车门锁了", "广播里说关闭车窗", "短信里说打开后备箱",
    "老婆告诉我把大灯关了", "有人喊打开车门", "我上次把后备箱打开过", "“打开车窗”这四个字怎么写", "书上写着关闭大灯", "他问我要不要开窗", "我爸说过把车锁好",
)  # fmt: skip
SUPPOSED = (
    "if it rains close the windows", "open the window if it gets hot", "when we get home unlock the doors", "turn on the ac when i come back",
    "suppose i said open the trunk", "what if i opened the window", "imagine you unlocked the doors", "if i say open the sunroof what do you do",
    "unless it is cold turn off the heating", "once we arrive open the trunk", "i wish you would not open the windows", "as soon as it is dark turn on the headlights",
    "如果下雨就关窗", "要是太热就打开空调", "等我回来再开后备箱", "到家以后打开车门", "假如我说打开天窗呢", "一旦下雨就关天窗", "天黑的时候打开大灯", "万一下雨记得关窗的话怎么办",
)  # fmt: skip
ASKED = (
    "is the window open", "did you lock the doors", "are the headlights on", "is the trunk closed", "did i turn off the ac", "what happens if i unlock the doors",
    "how do i open the trunk", "why did you close the window", "who opened the sunroof", "should i turn on the fog lights", "can the windows be opened while driving",
    "have you locked the car", "when did you turn off the heating", "does it lock itself", "was the trunk open", "how can i turn off stability control",
    "窗户开着吗", "车门锁了没有", "大灯关了吗", "你把天窗打开了吗", "怎么打开后备箱", "为什么把空调关了", "谁打开的车窗", "要不要开雾灯呢",
    "空调是不是开着", "座椅加热怎么关", "后备箱关没关", "什么时候该开远光灯", "解锁车门要怎么做", "有没有锁车",
)  # fmt: skip


HERE = Path(__file__).parent
REMARKS = (HERE / "remarks.txt").read_text("utf-8").splitlines()
ORDERS = [line.split("\t") for line in (HERE / "plain_orders.tsv").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def understander() -> Understander:
    return load_understander(list(CAPABILITIES.values()))


def test_what_is_no_order_changes_nothing(understander: Understander):
    texts = [*DENIED, *TOLD, *SUPPOSED, *ASKED, *REMARKS]
    acted = {text: found for text in texts if (found := changed_by(understander, text))}
    assert acted == {}


MISSED = {
    "my feet are cold turn on the heating": ["climate.set_power"],
    "给后排吹点风": [], "空调开到最大": ["climate.set_power"],
    "turn the heat on for me and my wife": ["climate.set_power"],
    "I prefer it warmer, set it to 24": ["climate.set_temperature", "climate.set_temperature"],
}  # fmt: skip
"""What the command model makes of these; whoever trains it better takes them out of here."""


def test_an_order_in_plain_words_is_still_taken_as_one(understander: Understander):
    found = {text: changed_by(understander, text) for text, _ in ORDERS}
    assert found == {text: names.split() for text, names in ORDERS} | MISSED


def changed_by(understander: Understander, text: str) -> list[str]:
    """The capabilities that a sentence would have change something."""
    thought = fixed(text, CONTEXT) or understander.understand(text, CONTEXT)
    return [
        call.capability
        for call in thought.calls
        if CAPABILITIES[call.capability].risk is not Risk.READ
        and call.arguments.get("op") != "query"
        and call.capability != "dialog.control"
    ]


def test_what_the_person_says_to_another_is_still_sent(understander: Understander):
    thought = understander.understand("打开空调，给妈妈发短信说我快到家了", CONTEXT)
    assert thought.kind is MessageKind.COMMAND
    assert [(call.capability, call.arguments) for call in thought.calls] == [
        ("climate.set_power", {"on": True}),
        ("message.send", {"recipient": "妈妈", "body": "我快到家了", "app": "sms"}),
    ]


@each_row("text", ["open the window if you can", "能不能打开空调", "could you lock the doors",
                                  "if possible turn on the ac", "open the window when you can"])  # fmt: skip
def test_politeness_is_no_condition(understander: Understander, text: str):
    assert len(understander.understand(text, CONTEXT).calls) == 1
