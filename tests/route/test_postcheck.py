"""The check of an answer doubts what is broken, and believes what is sound."""

import pytest

from edgewise.route.answer_features import Given
from edgewise.route.postcheck import BY_HAND, postcheck

QUESTION = "Ann has 16 eggs and eats 3. How many are left?"
GOOD = "She has 16 - 3 = 13 eggs left.\n#### 13"


def wrong(answer: str, given: Given | None = None) -> float:
    return postcheck(BY_HAND, QUESTION, answer, given).wrong


def test_a_sound_answer_is_believed_by_the_default_policy() -> None:
    assert wrong(GOOD) < 0.5


@pytest.mark.parametrize(
    "answer",
    [
        "She has 16 - 3 = 14 eggs left.\n#### 14",
        "She has 16 - 3 = 13 eggs and then",
        "It is unclear.",
    ],
)
def test_a_broken_answer_is_doubted_more(answer: str) -> None:
    assert wrong(answer) > wrong(GOOD) + 0.1


def test_samples_that_disagree_and_unsure_tokens_raise_doubt() -> None:
    agreed = Given(samples=("#### 13",) * 4)
    apart = Given(samples=("#### 1", "#### 2", "#### 3", "#### 13"))
    assert wrong(GOOD, agreed) < wrong(GOOD, apart)
    assert wrong(GOOD, Given(logprobs=(-0.01,) * 9)) < wrong(GOOD, Given(logprobs=(-2.0,) * 9))


def test_a_form_that_is_not_kept_is_doubted() -> None:
    assert wrong(GOOD, Given(tools_ok=False)) > 0.5
    assert wrong(GOOD, Given(json_wanted=True)) > 0.5


def test_no_answer_is_wrong() -> None:
    score = postcheck(BY_HAND, QUESTION, "  ")
    assert (score.wrong, score.features) == (1.0, {"empty": 1.0})
