"""Small words that take no turn."""

import pytest

from edgewise.talk.backchannel import is_backchannel


@pytest.mark.parametrize("text", ["Mhm.", "uh, huh", "嗯。", "嗯，哦", "Oh!"])
def test_small_words_take_no_turn(text: str):
    assert is_backchannel(text)


@pytest.mark.parametrize(
    "text", ["yes", "no", "好的", "对", "stop", "Oh, the window", "嗯，打开车窗"]
)
def test_what_answers_or_asks_does(text: str):
    assert not is_backchannel(text)
