"""What nobody said is dropped."""

import pytest

from edgewise.core.words import Language
from edgewise.perceive.recognise import Guess, is_invented, mean_probability, repeats_itself


def guess(text: str, confidence: float = 0.9) -> Guess:
    return Guess(text, Language.ENGLISH, confidence)


@pytest.mark.parametrize(
    ("text", "length_s"),
    [("open the window", 1.2), ("打开车窗", 0.8), ("stop", 0.3), ("go go go", 1.0)],
)
def test_what_can_be_said_in_that_time_is_kept(text: str, length_s: float):
    assert not is_invented(guess(text), length_s)


@pytest.mark.parametrize(
    ("text", "length_s", "confidence"),
    [
        ("", 2.0, 0.9),
        (" ... ", 2.0, 0.9),
        ("thank you for watching this video and please subscribe", 0.5, 0.9),
        ("请不吝点赞订阅转发打赏支持明镜与点点栏目", 1.0, 0.9),
        ("open the window", 2.0, 0.1),
        ("no no no no no no no no no no no no no no no no no no no no no no", 30.0, 0.9),
    ],
)
def test_what_nobody_can_have_said_is_dropped(text: str, length_s: float, confidence: float):
    assert is_invented(guess(text, confidence), length_s)


def test_a_loop_is_told_from_speech():
    assert repeats_itself("嗯嗯" * 40)
    assert not repeats_itself("It was the best of times, it was the worst of times, it was the age")


def test_one_unlikely_token_lowers_the_mean_of_all():
    assert mean_probability([0.9, 0.9, 0.9]) == pytest.approx(0.9)
    assert mean_probability([1.0, 0.25]) == pytest.approx(0.5)
    assert mean_probability([1.0, 0.0]) < 0.001
    assert mean_probability([]) == 0.0
