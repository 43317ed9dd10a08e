"""Robustness is measured on real slips, and time on a decision that runs through every stage."""

import numpy as np

from edgewise.core.place import Way
from edgewise.learn.route_eval import GENERAL
from edgewise.learn.route_fit import fit
from edgewise.learn.route_robust import latency, mistyped, question_of, robustness
from edgewise.learn.route_sets import before_answer
from edgewise.route.policy import DEFAULT
from edgewise.route.question import Score
from edgewise.route.route import decide
from tests.learn.test_route_fit import ROWS, SAMPLE


def test_a_slip_changes_letters_and_never_numbers() -> None:
    random = np.random.default_rng(1)
    text = "What is the capital of France in the year 1984, and why was it moved there before?"
    slipped = [mistyped(text, random) for _ in range(20)]
    assert all(each != text and abs(len(each) - len(text)) <= 1 for each in slipped)
    assert all("1984" in each for each in slipped)
    assert mistyped("12 + 7", random) == "12 + 7"


def test_the_same_route_is_told_of_each_change_and_a_system_prompt_changes_none() -> None:
    found = {
        result.metric: result
        for result in robustness({"mmlu": ROWS}, {"mmlu": SAMPLE}, ["mmlu"], GENERAL)
    }
    assert found["mmlu | same route | system prompt"].value == 100
    assert 0 <= found["mmlu | same route | typing mistakes"].value <= 100
    assert len(found) == 5


def test_the_decision_that_is_timed_comes_to_the_score() -> None:
    routing = decide(question_of("a question", Score(wrong=0.99, raw=3.0)), DEFAULT)
    assert [stage.name for stage in routing.stages] == ["rules", "ability", "score"]
    assert routing.way is Way.CLOUD
    assert len(routing.allowed) == 3


def test_time_is_that_of_each_question() -> None:
    middle, most = latency(ROWS[:20], fit(before_answer(ROWS), GENERAL))
    assert 0 < middle.value <= most.value
    assert most.goal == "<= 3"
