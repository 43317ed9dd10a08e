"""Samples are drawn of what is nobody's business, and their odds are those that really hold."""

from collections import Counter

import pytest
from msgspec.structs import replace

from edgewise.core.label import Residency, Sensitivity
from edgewise.core.place import Mode, Way
from edgewise.route.policy import RoutePolicy
from edgewise.route.question import Score
from edgewise.route.route import decide, decide_after
from edgewise.route.sample import Odds, is_compared, is_permitted_sample, is_public, odds_of
from tests.route.questions import HARD, question

POLICY = RoutePolicy(sample=0.05)
DRAWS = 4_000


@pytest.mark.parametrize(
    "changes",
    [
        {"residency": Residency.REGION},
        {"sensitivity": Sensitivity.SENSITIVE},
        {"mode": Mode.ASK},
        {"chance": 1.0},
    ],
)
def test_what_is_no_sample(changes: dict[str, object]) -> None:
    assert is_permitted_sample(question(chance=0.01))
    assert not is_permitted_sample(question(**({"chance": 0.01} | changes)))


def test_a_private_question_is_compared_by_no_chance() -> None:
    plain = question(score=HARD, chance=0.0)
    routing = replace(decide(plain, POLICY), way=Way.CLOUD)
    private = replace(plain, sensitivity=Sensitivity.SENSITIVE)
    assert is_compared(plain, routing, POLICY, held=False)
    assert not is_public(private)
    assert not is_compared(private, routing, POLICY, held=False)
    assert not is_compared(private, routing, POLICY, held=True)


def test_an_answer_by_the_device_is_compared_with_nothing() -> None:
    asked = question(score=Score(0.2, 0.0), chance=0.5)
    assert not is_compared(asked, decide(asked, POLICY), POLICY, held=True)


@pytest.mark.parametrize("wrong", [0.05, 0.3, 0.9])
@pytest.mark.parametrize("after", [0.1, 0.9])
def test_the_logged_odds_are_what_happens_over_many_draws(wrong: float, after: float) -> None:
    """Each way that a question of this score and answer may take, over all chances evenly."""
    happened, logged = Counter[str](), set[Odds]()
    score = Score(after, 0.0)
    for draw in range(DRAWS):
        asked = question(score=Score(wrong, 0.0), chance=(draw + 0.5) / DRAWS)
        weighed = decide(asked, POLICY)
        checks = weighed.way is Way.DEVICE and weighed.check
        final = decide_after(weighed, score, asked, POLICY) if checks else weighed
        if is_compared(asked, final, POLICY, held=checks):
            happened["compared"] += 1
            logged.add(odds_of(asked, weighed, POLICY, score, held=checks))
        happened["kept"] += final.way is Way.DEVICE
    for odds in logged:
        assert odds.compared == pytest.approx(happened["compared"] / DRAWS, abs=0.002)
        assert odds.kept == pytest.approx(happened["kept"] / DRAWS, abs=0.002)
    assert logged
