# ruff: noqa: E501  (a table of sentences is read by rows)
import pytest

from edgewise.core.thought import Context, Urgency
from edgewise.core.words import Language
from edgewise.think.fixed import fixed
from edgewise.think.halt import denies_motion, has_halt, is_halt
from edgewise.think.think import Thinking
from edgewise.think.understanding.normalise import normalise
from tests.each_row import each_row

STOPS = (
    "stop", "Stop!", "stop stop stop", "hey, stop!", "no, stop it now", "make it stop", "STOP MOVING", "wait, stop",
    "stop the window", "stop closing the window", "stop the sunroof please", "stop the trunk", "stop rolling up the rear left window",
    "the window, stop!", "cancel the window", "hold the tailgate", "could you stop the rear window from going up",
    "停", "停！停！", "快停", "停下来", "停停停", "停住", "先停一下",
    "停住车窗", "停止关窗", "车窗停下", "先别关窗，停", "别关了", "别开天窗了", "停止关闭后备箱", "把车窗停住", "左后车窗别动了",
)  # fmt: skip
DENIALS = (
    "don't close it",
    "don't close the window",
    "please don't open the trunk",
    "do not move the seat any further",
    "no, don't open it",
    "别关窗",
    "不要打开后备箱",
    "先别开天窗",
    "别打开车窗",
    "车窗别关",
)
TRAPPED = (
    "my finger is stuck in the window!", "my hand is in the window! stop!", "the window caught my hand", "her hair is caught in the door", "stop, my arm is stuck",
    "ouch, my finger is stuck", "the window is closing on my hand", "夹到手了！", "孩子的手夹住了", "手被车窗夹住了", "我的手在窗户里！", "车窗夹到孩子了", "手卡在车门里了",
)  # fmt: skip
NO_STOPS = (
    "the window is stuck", "my son is stuck in traffic", "the child lock is stuck", "my phone is in the door", "车窗卡住了", "导航卡住了", "孩子在后排", "my hands are cold",
    "put my hair dryer on the list", "人在车里", "夹子在哪",
    "stop the music", "stop navigation", "stop the timer", "stop the massage", "cancel the alarm", "cancel the trip", "stop at the next gas station",
    "close the window", "open the sunroof", "don't stop the music", "don't unlock the doors", "bus stop", "stop heating the rear seats", "stop the seat massage", "is the window stopped",
    "停止播放", "停车场在哪", "停车", "关窗", "关闭车窗", "别关空调", "别放音乐了", "取消闹钟", "停止导航", "别开灯",
)  # fmt: skip


@pytest.mark.rule(4, 21)
@each_row("text", STOPS)
def test_a_motion_told_to_stop_is_stopped_at_once_and_by_a_fixed_word(text: str):
    thought = fixed(text, Context(Language.ENGLISH))
    assert thought is not None
    assert [(call.capability, call.arguments) for call in thought.calls] == [
        ("dialog.control", {"action": "stop"})
    ]
    assert Thinking(None, None).urgency(text) is Urgency.STOPS


@pytest.mark.rule(4, 21)
@each_row("text", DENIALS)
def test_a_denied_motion_is_stopped_while_it_lasts_and_else_is_no_order(text: str):
    assert Thinking(None, None).urgency(text) is Urgency.STOPS
    thought = fixed(text, Context(Language.ENGLISH, interrupts=True))
    assert thought is not None
    assert thought.fixed == "stop"
    assert fixed(text, Context(Language.ENGLISH)) is None


@pytest.mark.rule(4, 21)
@each_row("text", TRAPPED)
def test_a_trapped_hand_stops_what_moves_and_is_told_how_to_get_free(text: str):
    thought = fixed(text, Context(Language.ENGLISH))
    assert thought is not None
    assert thought.calls[0].arguments == {"action": "stop"}
    assert thought.question is not None
    assert "open the window" in thought.question.en
    assert Thinking(None, None).urgency(text) is Urgency.STOPS


@each_row("text", NO_STOPS)
def test_what_stops_no_motion_is_left_to_understanding(text: str):
    plain = normalise(text).plain
    assert not is_halt(plain)
    assert not denies_motion(plain)


@pytest.mark.parametrize(
    "text",
    ["stop the window and play music", "关灯，车窗停下", "turn off the ac, stop closing the roof"],
)
def test_a_stop_inside_a_sentence_does_not_wait_either(text: str):
    assert has_halt(normalise(text).plain)
    assert Thinking(None, None).urgency(text) is Urgency.STOPS
