"""Which words only wake a device."""

import pytest

from edgewise.talk.xiaozhi.waking import is_wake_word


@pytest.mark.parametrize(
    "text", ["你好小智", "你好，小智", "Hi,ESP", "hi 乐鑫", "Jarvis!", "小爱同学"]
)
def test_a_wake_word_is_one_however_it_is_written(text: str):
    assert is_wake_word(text)


@pytest.mark.parametrize("text", ["你好小智，打开灯", "hi", "computer says no", "", "打开窗户"])
def test_a_request_is_none(text: str):
    assert not is_wake_word(text)
