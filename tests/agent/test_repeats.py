"""A question that is asked again soon is known as such, and a new one is not taken for one."""

import pytest

from edgewise.agent.repeats import SOON_S, Earlier, is_asked_again, repeats


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("what is the capital of peru", "what is the capital of peru"),
        ("what is the capital of peru", "no, tell me the capital city of Peru!"),
        ("how do i tie a bowline knot", "how do you tie the bowline"),
        ("秘鲁的首都是哪里", "我问的是秘鲁的首都是哪里"),
        ("why", "why"),
    ],
)
def test_the_same_again_in_other_words_is_a_repeat(before: str, text: str) -> None:
    assert is_asked_again(before, text)


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("what is the capital of peru", "what is the capital of chile"),
        ("秘鲁的首都是哪里", "智利的首都是哪里"),
        ("why is the sky blue", "and at night"),
        ("why", "who"),
    ],
)
def test_a_question_about_something_else_is_none(before: str, text: str) -> None:
    assert not is_asked_again(before, text)


def test_the_newest_one_counts_and_only_for_a_while() -> None:
    asked = [Earlier("t1", "why is the sky blue", 0.0), Earlier("t2", "why is the sky blue", 90.0)]
    assert repeats("why is the sky so blue", asked, 100.0) == "t2"
    assert repeats("why is the sky so blue", asked[:1], SOON_S) == "t1"
    assert repeats("why is the sky so blue", asked[:1], SOON_S + 1) == ""
