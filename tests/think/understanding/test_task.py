"""A task is what takes several steps and was not understood; all else is none."""

import json
from importlib import resources

import pytest

from tests.each_row import each_row
from tests.think.understanding.test_guards import understood


@each_row(
    "text",
    ["plan my evening and set everything up for it",
     "plan a romantic evening in the car and set everything up",  # docs/guide/device-agent.md
     "could you plan a trip for us",
     "set the mood for a party", "帮我准备好孩子们上车", "如果明天下雨就把闹钟提前半小时"],
)  # fmt: skip
def test_an_open_order_of_several_steps_is_a_task(text: str) -> None:
    thought = understood(text)
    assert (thought.task, thought.calls) == (True, ())


@each_row(
    ("text", "understood_here"),
    [
        ("plan the evening: dim the lights, play something calm and tell me the weather on the way",
         ["light.interior.set", "media.play"]),
        ("dim the lights and plan a romantic evening in the car",  # docs/guide/device-agent.md
         ["light.interior.set"]),
        ("look at tomorrow's weather and pick a temperature for the morning", ["info.weather"]),
    ],
)  # fmt: skip
def test_what_was_understood_of_a_task_stays_calls_of_the_device(
    text: str, understood_here: list[str]
) -> None:
    thought = understood(text)
    assert thought.task
    assert [call.capability for call in thought.calls] == understood_here


@each_row(
    "text",
    ["open the window", "dim the lights and play something calm", "打开车窗", "stop", "yes",
     "what is the capital of France", "why is the sky blue", "write a poem about autumn",
     "讲个笑话", "I am sad", "don't open the window", "he said open the window", "blorp the fnord",
     "open the window and then blorp the fnord", "make it so", "press the brake",
     "my son wants some air, open the rear left window", "锁上锁上 有人过来了"],
)  # fmt: skip
def test_a_command_a_question_talk_a_refusal_and_noise_are_none(text: str) -> None:
    assert not understood(text).task


@each_row(
    "text",
    ["if it rains close the windows", "when we arrive open the trunk", "要是能打开天窗就好了",
     "open the trunk if nobody is behind", "如果下雨就把车窗关上"],
)  # fmt: skip
def test_what_would_have_to_be_waited_for_is_none(text: str) -> None:
    assert not understood(text).task


@pytest.mark.slow
def test_of_a_thousand_other_sentences_hardly_any_is_taken_for_one() -> None:
    rows = resources.files("edgewise.learn").joinpath("safety_set.jsonl").read_text("utf-8")
    texts = [json.loads(row)["text"] for row in rows.splitlines()]
    taken = [text for text in texts if understood(text).task]
    assert len(texts) > 900
    assert len(taken) <= len(texts) * 0.005, taken
