import pytest

from edgewise.think.understanding.kind import is_question, is_reported


@pytest.mark.parametrize(
    "text",
    ["is the light on?", "车窗关了吗", "how much range is left", "现在几度", "did i lock the car",
     "大灯是不是开着", "还能跑多远", "tell me if the door is open", "which song is this"],
)  # fmt: skip
def test_questions_are_seen(text: str):
    assert is_question(text)


@pytest.mark.parametrize(
    "text",
    ["could you open the window?", "能把窗户打开吗", "可以打开空调吗", "would you turn it up",
     "打开车窗", "turn on the ac", "播放什么都行"],
)  # fmt: skip
def test_polite_requests_and_orders_are_no_questions(text: str):
    assert not is_question(text)


@pytest.mark.parametrize(
    "text",
    ["he said open the window", "他说把车门打开", "i closed the window yesterday",
     'the sign says "open the door"', "如果下雨就关窗", "if it rains close the window"],
)  # fmt: skip
def test_what_others_said_or_conditions_are_no_orders(text: str):
    assert is_reported(text)


@pytest.mark.parametrize("text", ["tell john i will be late", "告诉李娜我晚点到", "打开车窗"])
def test_sending_words_to_somebody_is_an_order(text: str):
    assert not is_reported(text)
