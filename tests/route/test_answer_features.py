"""What an answer's text betrays: sums, its end, numbers from nowhere, unsure tokens, samples."""

import pytest

from edgewise.route.answer_features import SHAPE, Given, answer_features, final_of

QUESTION = "Ann has 16 eggs and eats 3. How many are left?"
GOOD = "She has 16 - 3 = 13 eggs left.\n#### 13"


def test_every_shape_has_a_value() -> None:
    for answer in ("", "?", GOOD, "你好", "#### " * 99, "=" * 99):
        assert tuple(answer_features(QUESTION, answer)) == SHAPE


def test_a_sound_answer_shows() -> None:
    found = answer_features(QUESTION, GOOD)
    assert (found["sums_hold"], found["sums_fail"], found["last_sum_is_final"]) == (1, 0, 1)
    assert (found["marked"], found["cut_off"], found["from_nowhere"]) == (1, 0, 0)
    assert found["reused"] == 1


def test_a_wrong_sum_a_stranger_and_a_broken_end_show() -> None:
    found = answer_features(QUESTION, "She sells 17 - 3 = 15 eggs and then")
    assert (found["sums_fail"], found["from_nowhere"], found["cut_off"]) == (1, 1, 1)
    assert found["unused"] == 1


def test_unsure_tokens_lower_the_quantiles() -> None:
    sure = answer_features("q", "a", Given(logprobs=(-0.01,) * 10))
    unsure = answer_features("q", "a", Given(logprobs=(-0.01,) * 5 + (-3.0,) * 5))
    assert unsure["token_10"] < sure["token_10"]
    assert unsure["token_unsure"] == 0.5


def test_samples_agree_by_their_final_answers() -> None:
    samples = ("So it is 13.\n#### 13", "#### 13.0", "#### 12")
    found = answer_features(QUESTION, GOOD, Given(samples=samples))
    assert found["agree"] == pytest.approx(2 / 3)
    assert found["answers"] == pytest.approx(2 / 3)


def test_broken_form_is_told() -> None:
    given = Given(json_wanted=True, schema_ok=False, tools_ok=True)
    found = answer_features("q", '{"a": ', given)
    assert (found["json_broken"], found["schema_broken"], found["tools_broken"]) == (1, 1, 0)
    assert answer_features("q", '{"a": 1}', given)["json_broken"] == 0


def test_the_final_answer_is_found() -> None:
    assert final_of("The answer is 1,200.") == "1200"
    assert final_of("\\boxed{B}") == "b"
    assert final_of("It weighs 3 or 4") == "4"
    assert final_of("  Paris ") == "paris"
