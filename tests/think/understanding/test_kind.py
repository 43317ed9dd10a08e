# ruff: noqa: E501  (a table of sentences is read by rows; broken rows cannot be compared)

import pytest

from edgewise.think.understanding.kind import (
    asks_ability,
    is_conditional,
    is_question,
    is_reported,
    under_denial,
)
from tests.each_row import each_row


@each_row(
    "text",
    ["is the light on?", "车窗关了吗", "how much range is left", "现在几度", "did i lock the car",
     "大灯是不是开着", "还能跑多远", "tell me if the door is open", "which song is this",
     "have the car doors been locked", "have you locked it", "have the robots been here"],
)  # fmt: skip
def test_questions_are_seen(text: str):
    assert is_question(text)


@each_row(
    "text",
    ["could you open the window?", "能把窗户打开吗", "可以打开空调吗", "would you turn it up",
     "打开车窗", "turn on the ac", "播放什么都行", "have the vacuum clean the room",
     "have a taxi pick me up", "looking for a book called Is It True",
     "how do i get to the station"],
)  # fmt: skip
def test_polite_requests_and_orders_are_no_questions(text: str):
    assert not is_question(text)


@each_row(
    "text",
    ["he said open the window", "we opened it yesterday", "他说把车门打开", "i closed the window yesterday",
     'the sign says "open the door"'],
)  # fmt: skip
def test_what_others_said_is_no_order(text: str):
    assert is_reported(text)


@each_row(
    ("text", "wanted"),
    [("如果下雨就关窗", True), ("if it rains close the window", True), ("open it when i get home", True),
     ("open the window if you can", False), ("remind me to lock it when i leave", False),
     ("到家以后提醒我关窗", False)],
)  # fmt: skip
def test_what_waits_for_something_is_told_from_politeness(text: str, wanted: bool):
    assert is_conditional(text) is wanted


def test_a_denial_reaches_over_and_but_not_over_but():
    assert under_denial("don't open it and lock the door", "lock the door")
    assert not under_denial("don't open it but lock the door", "lock the door")


@pytest.mark.parametrize("text", ["tell john i will be late", "告诉李娜我晚点到", "打开车窗"])
def test_sending_words_to_somebody_is_an_order(text: str):
    assert not is_reported(text)


@each_row(
    "text",
    [
        "can you open windows?",
        "are you able to fold mirrors",
        "can it open the trunk",
        "你会开窗吗",
    ],
)
def test_what_the_device_is_able_to_do_is_asked(text: str):
    assert asks_ability(text)
    assert is_question(text)


@each_row(
    "text",
    ["can you open the windows", "can you open windows please", "can you open rear windows", "can you turn on headlights",
     "can you open my window", "can it be warmer in here", "能开窗吗", "你可以打开车窗吗"],
)  # fmt: skip
def test_a_certain_thing_or_a_please_makes_it_an_order(text: str):
    assert not asks_ability(text)


@each_row(
    "text",
    ["set mute until said otherwise", "what was the weather yesterday", "did i set an alarm"],
)
def test_a_question_about_the_past_and_until_said_otherwise_report_nothing(text: str):
    assert not is_reported(text)


@each_row(
    "text",
    ["add eggs to my shopping list unless i already did", "来一首适合跑步的时候听的音乐",
     "put milk on the list if it isn't on there yet"],
)  # fmt: skip
def test_what_fulfils_itself_or_names_a_song_waits_for_nothing(text: str):
    assert not is_conditional(text)
