"""The stage of the score alone; that no rule is passed by it is `test_route_properties.py`'s."""

import pytest
from msgspec.structs import replace

from edgewise.core.endpoint import Health
from edgewise.core.label import Sensitivity
from edgewise.core.place import Way
from edgewise.route.by_score import by_score, follows
from edgewise.route.choice import choice_of
from edgewise.route.question import Following, Score
from tests.route.questions import EASY, HARD, MIDDLING, POLICY, READY, question

SHARE = replace(POLICY, cloud_share=0.3)
FOLLOWING = Following(0.3, 1.0, 100)


@pytest.mark.parametrize(
    ("score", "way", "checks"),
    [
        (EASY, Way.DEVICE, False),
        (MIDDLING, Way.DEVICE, True),
        (HARD, Way.CLOUD, False),
        (None, Way.DEVICE, True),
        (replace(HARD, likeness=0.0), Way.DEVICE, True),
    ],
)
def test_what_is_likely_wrong_goes_and_what_is_not_sure_is_checked(
    score: Score | None, way: Way, checks: bool
):
    routing = by_score(choice_of(question(score=score), POLICY))
    assert (routing.way, routing.check) == (way, checks)
    assert routing.stages[-1].name == "score"


def test_where_there_is_no_time_for_both_what_would_be_checked_goes_at_once():
    slow = question(
        score=MIDDLING,
        condition=replace(READY, p50_s=5.0),
        health=(Health("near", p50_s=1.0),),
        deadline_s=5.5,
    )
    patient = replace(slow, deadline_s=60.0)
    assert by_score(choice_of(patient, POLICY)).way is Way.DEVICE
    assert by_score(choice_of(slow, POLICY)).way is Way.CLOUD


def test_a_share_that_was_asked_for_holds_the_raw_score_against_its_threshold():
    asked = question(score=Score(0.05, 1.5), following=FOLLOWING)
    assert by_score(choice_of(asked, POLICY)).way is Way.DEVICE
    routing = by_score(choice_of(asked, SHARE))
    assert (routing.way, routing.margin) == (Way.CLOUD, 0.5)


def test_a_share_does_not_count_for_what_a_label_keeps_or_for_another_share():
    assert follows(question(following=FOLLOWING), SHARE) == FOLLOWING
    private = question(following=FOLLOWING, sensitivity=Sensitivity.PERSONAL)
    assert follows(private, SHARE) is None
    assert follows(question(following=replace(FOLLOWING, share=0.5)), SHARE) is None
    assert follows(question(following=FOLLOWING), POLICY) is None
