"""Courtesy is answered without a model, in the language it was said in."""

import pytest

from edgewise.core.words import Language
from edgewise.think.small_talk import small_talk


@pytest.mark.parametrize(
    "text", ["谢谢", "Thanks!", "你好。", "hello", "再见", "who are you?", "你是谁"]
)
def test_courtesy_is_answered_and_calls_nothing(text: str) -> None:
    thought = small_talk(text)
    assert thought is not None
    assert thought.calls == ()
    assert thought.question is not None
    assert thought.question.said_in(Language.CHINESE)


@pytest.mark.parametrize("text", ["谢谢你打开车窗", "hello world program", "open the window", ""])
def test_anything_longer_is_thought_about(text: str) -> None:
    assert small_talk(text) is None
