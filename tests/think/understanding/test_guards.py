"""What must not be carried out as it was taken is dropped, and said so."""

import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.capability import Risk
from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context, Thought
from edgewise.perceive.perceive import language_of
from edgewise.think.fixed import fixed
from edgewise.think.understanding.words import NO_ORDER, NOT_LATER
from tests.each_row import each_row
from tests.safety.test_four_ways import thinking

CAPABILITIES = {c.name: c for c in builtin_catalogue().capabilities}


def understood(text: str) -> Thought:
    context = Context(
        language_of(text), label=label_of(OriginKind.TYPED), turn="t", now="2026-11-23T10:00:00"
    )
    return thinking().understand(text, context)


@each_row(
    "text",
    ["I'm not cold anymore", "I'm not hot", "it's no longer too loud", "it isn't that dark in here",
     "我不冷了", "我已经不热了", "声音不算太小", "现在不吵了", "open the "],
)  # fmt: skip
def test_who_needs_nothing_gets_nothing(text: str) -> None:
    assert understood(text).calls == ()


@each_row(
    "text",
    ["not cold enough", "it's not warm enough in here", "我有点冷", "太热了", "声音不够大"],
)
def test_too_little_is_a_need(text: str) -> None:
    assert understood(text).calls


@each_row(
    "text",
    ["it's not warm in here", "it is not bright in here", "the music isn't loud", "声音不大"],
)
def test_what_is_pleasant_and_missing_is_not_called_enough(text: str) -> None:
    assert understood(text).question != NO_ORDER


@pytest.mark.rule(4)
@each_row(
    ("text", "name"),
    [
        ("turn on the hazard lights in front of my house", "light.exterior.set"),
        ("turn on the headlights at the office garage", "light.exterior.set"),
        ("lock the car in my garden", "door.lock"),
        ("把办公室门口的双闪打开", "light.exterior.set"),
        ("close the window on my roof rack side", "window.set"),
    ],
)
def test_where_the_car_stands_hinders_nothing_that_makes_it_safer(text: str, name: str) -> None:
    assert [call.capability for call in understood(text).calls] == [name]


@each_row(
    "text",
    ["call Lisa at noon", "call mom at seven", "text Tom at noon that I am late",
     "中午给妈妈打电话", "明天早上给小李发消息说我到了"],
)  # fmt: skip
def test_nobody_is_called_or_written_to_at_a_time_to_come(text: str) -> None:
    thought = understood(text)
    assert thought.calls == ()
    assert thought.question == NOT_LATER


@each_row("text", ["text mom I am home at noon", "tell Tom tomorrow is fine", "告诉妈妈我明天到"])
def test_a_time_in_the_words_to_be_told_stays_there(text: str) -> None:
    assert [call.capability for call in understood(text).calls] == ["message.send"]


@each_row(
    ("text", "names"),
    [("the window is open, close it", ["window.set"]),
     ("the reading light is still on, turn it off", ["light.interior.set"])],
)  # fmt: skip
def test_the_reason_of_an_order_is_not_complained_about(text: str, names: list[str]) -> None:
    thought = understood(text)
    assert [call.capability for call in thought.calls] == names
    assert thought.question is None


@each_row(
    "text",
    ["open the window of my house", "open the fridge window", "open all the windows in the house",
     "turn off the lights in the kitchen", "open the window on the roof rack",
     "把房子的窗户打开", "打开家里的空调"],
)  # fmt: skip
def test_what_is_not_of_this_car_stays_as_it_is(text: str) -> None:
    calls = understood(text).calls
    assert all(call.capability.startswith("home.") for call in calls)


@each_row(
    "text",
    [
        "I wonder whether the hazard lights are on",
        "I forgot whether I turned on the seat heating",
        "good that the sunroof is open",
        "我记得我把天窗打开了",
        "幸好我打开了座椅通风",
        "我以为我关了空调",
        "到家以后打开所有车窗",
        "十分钟后打开空调",
        "in five minutes turn on the AC",
        "turn on the AC in ten minutes",
        "明天早上打开天窗",
        "每天早上七点打开座椅加热",
        "下雨的话就关窗",
        "open the windows at 6 pm",
        "除了大灯其他灯都关掉",
        "关掉除了副驾以外的座椅加热",
        "打开第五排车窗",
    ],
)
def test_no_call_on_the_car_comes_of_it(text: str) -> None:
    thought = understood(text)
    assert [call.capability for call in thought.calls] == []


@each_row(
    "text", ["I wonder whether the AC is on", "I can't remember whether I opened the sunroof"]
)
def test_what_is_wondered_about_is_looked_up_and_nothing_else(text: str) -> None:
    risks = [CAPABILITIES[call.capability].risk for call in understood(text).calls]
    assert risks == [Risk.READ]


@each_row(
    ("text", "count"),
    [
        ("打开空调，明天早上七点叫我起床", 2),
        ("open the window and remind me in ten minutes to close it", 2),
        ("我觉得有点冷", 1),
        ("close all the windows", 1),
        ("打开空调和座椅加热", 2),
    ],
)
def test_orders_for_now_and_reminders_for_later_stay(text: str, count: int) -> None:
    assert len(understood(text).calls) == count


@each_row("text", ["yes?", "ok?", "确认？"])
def test_a_yes_with_a_question_mark_is_none(text: str) -> None:
    context = Context(language_of(text), label=label_of(OriginKind.TYPED))
    assert fixed(text, context) is None


@each_row(
    "text",
    [
        "bedroom lamp maximum brightness", "turn all the lights in living room on",
        "activate party mode in the kitchen", "lock the kitchen door and unlock the hallway door",
        "打开厨房的门锁", "把廚房所有門解鎖", "把臥室的燈關掉",
    ],
)  # fmt: skip
def test_the_rooms_of_a_house_are_no_part_of_the_car(text: str) -> None:
    changed = [call.capability for call in understood(text).calls if not reads(call.capability)]
    assert [name for name in changed if not name.startswith("home.")] == []


def reads(name: str) -> bool:
    return CAPABILITIES[name].risk is Risk.READ


@each_row(
    "text",
    ["前窗开后窗关", "左边窗关右边开", "前排窗户全开后排关上", "雾灯留着远光关掉",
     "空调留着音乐关掉", "driver window open passenger window closed", "大灯就那样开着好了",
     "我把窗户打开了", "我把车门解锁了", "请不要打开窗户外面下雨了", "请不要关大灯天太黑了",
     "open the window oh wait no", "解锁车门算了不要了", "打开后备箱等等不用了"],
)  # fmt: skip
def test_what_is_told_left_or_named_in_two_states_moves_nothing(text: str) -> None:
    assert [c.capability for c in understood(text).calls if not reads(c.capability)] == []


@each_row(
    ("text", "windows"),
    [
        ("close the left window I mean the right one", ["passenger", "row2_right"]),
        ("把左后窗关上不对是右后", ["row2_right"]),
        ("打开主驾车窗不对副驾", ["passenger"]),
    ],
)
def test_what_was_meant_takes_the_place_of_what_was_said(text: str, windows: list[str]) -> None:
    assert [call.arguments["windows"] for call in understood(text).calls] == [windows]


def test_rain_is_the_reason_to_shut_the_windows_and_no_order_for_the_wipers() -> None:
    calls = understood("close all windows, it's starting to rain").calls
    assert [call.capability for call in calls] == ["window.set"]
