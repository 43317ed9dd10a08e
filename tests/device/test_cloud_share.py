"""The threshold follows what this device is asked, so that the share that was asked for goes."""

import random
from pathlib import Path

import pytest

from edgewise.core.label import Sensitivity
from edgewise.core.place import Way
from edgewise.device.cloud_share import FEWEST, FILE, WINDOW, RecentScores
from edgewise.route.policy import RoutePolicy
from edgewise.route.question import Score
from edgewise.route.route import decide, decide_after
from tests.route.questions import question

SCORER = "abc"


def share_of(recent: RecentScores, policy: RoutePolicy, raws: list[float], doubt: float) -> float:
    """The share that goes to the cloud when questions of these scores are asked in turn; a part
    `doubt` of the checked answers is doubted."""
    assert policy.cloud_share is not None
    draws, went = random.Random(5), 0
    for raw in raws:
        following = recent.following(policy.cloud_share)
        asked = question(score=Score(0.3, raw, scorer=SCORER), following=following)
        weighed = decide(asked, policy)
        after = Score(0.9 if draws.random() < doubt else 0.1, 0.0)
        final = decide_after(weighed, after, asked, policy) if weighed.check else weighed
        recent.add(asked, weighed, final)
        went += final.way is Way.CLOUD
    return went / len(raws)


@pytest.mark.parametrize("asked_for", [0.2, 0.5])
@pytest.mark.parametrize("doubt", [0.0, 0.1])
def test_the_share_is_met_on_questions_unlike_those_of_the_scorer(
    tmp_path: Path, asked_for: float, doubt: float
) -> None:
    """By far harder ones: a threshold fixed at the usual scores would send all of them. What checks
    send is part of the share."""
    draws = random.Random(3)
    usual = [draws.gauss(0, 1) for _ in range(20)]
    harder = [draws.gauss(6, 2) for _ in range(1_200)]
    recent, policy = RecentScores(tmp_path, SCORER, usual), RoutePolicy(cloud_share=asked_for)
    share_of(recent, policy, harder[:WINDOW], doubt)  # until the window is of this device alone
    went = share_of(recent, policy, harder[WINDOW:], doubt)
    assert went == pytest.approx(asked_for, abs=0.02)


@pytest.mark.parametrize(("asked_for", "went"), [(0.0, 0.0), (1.0, 1.0)])
def test_none_and_all_are_exact(tmp_path: Path, asked_for: float, went: float) -> None:
    recent = RecentScores(tmp_path, SCORER, [0.0] * FEWEST)
    raws = [random.Random(3).gauss(0, 9) for _ in range(50)]
    assert share_of(recent, RoutePolicy(cloud_share=asked_for), raws, 0.0) == went


def test_too_few_scores_give_no_threshold(tmp_path: Path) -> None:
    recent = RecentScores(tmp_path, SCORER)
    asked = question(score=Score(0.3, 1.0, scorer=SCORER))
    weighed = decide(asked, RoutePolicy(cloud_share=0.3))
    for _ in range(FEWEST):
        assert recent.following(0.3) is None
        recent.add(asked, weighed, weighed)
    assert recent.following(0.3) is not None


def test_a_private_question_and_one_without_a_score_leave_nothing(tmp_path: Path) -> None:
    recent, policy = RecentScores(tmp_path, SCORER), RoutePolicy(cloud_share=0.3)
    for changes in (
        {"sensitivity": Sensitivity.SENSITIVE},
        {"score": None},
        {"score": Score(0.3, 1.0, likeness=0.0, scorer=SCORER)},
    ):
        asked = question(**({"score": Score(0.3, 1.0, scorer=SCORER)} | changes))
        weighed = decide(asked, policy)
        recent.add(asked, weighed, weighed)
    assert not (tmp_path / FILE).exists()


def test_it_goes_on_after_a_start_but_not_with_another_scorers_scores(tmp_path: Path) -> None:
    recent, policy = RecentScores(tmp_path, SCORER), RoutePolicy(cloud_share=0.3)
    share_of(recent, policy, [float(i) for i in range(FEWEST)], 0.0)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    again = RecentScores(tmp_path, SCORER)
    assert again.following(0.3) == recent.following(0.3)
    assert RecentScores(tmp_path, "other").following(0.3) is None
    (tmp_path / FILE).write_bytes(b"{")
    assert RecentScores(tmp_path, SCORER).following(0.3) is None
