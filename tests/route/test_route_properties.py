"""What holds for every question and every policy, not only for the examples."""

import msgspec
import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from edgewise.core.label import Residency
from edgewise.core.place import Mode, Site, Way
from edgewise.route.ability import device_lacks
from edgewise.route.policy import RoutePolicy
from edgewise.route.question import Question, Score
from edgewise.route.route import decide, decide_after
from edgewise.route.rules import forbidding
from tests.route.questions import anything, contested, policies, scores, shares

OUT = (Way.CLOUD, Way.DELEGATE, Way.AGENT)
LEAVES = (*OUT, Way.QUEUE)
pytestmark = pytest.mark.slow
many = settings(max_examples=200, deadline=None)


@many
@given(anything, policies)
def test_every_question_has_one_way_and_the_same_again_from_its_record(
    question: Question, policy: RoutePolicy
):
    routing = decide(question, policy)
    recorded = msgspec.json.decode(msgspec.json.encode(question), type=Question)
    assert decide(recorded, policy) == routing
    assert routing.stages[-1].settled
    assert not any(stage.settled for stage in routing.stages[:-1])
    assert msgspec.json.decode(msgspec.json.encode(routing), type=type(routing)) == routing


@many
@given(anything, policies, scores)
def test_what_may_not_leave_the_device_is_answered_here_or_not_at_all(
    question: Question, policy: RoutePolicy, score: Score
):
    kept = replace(question, residency=Residency.DEVICE)
    routing = decide(kept, policy)
    assert routing.way in (Way.DEVICE, Way.REFUSE)
    assert (routing.endpoint, routing.allowed, routing.runner_up in ("", "device")) == (
        "",
        (),
        True,
    )
    assert decide_after(routing, score, kept, policy).way is routing.way


@many
@given(anything, policies)
def test_device_only_never_leaves_and_never_asks_to(question: Question, policy: RoutePolicy):
    routing = decide(replace(question, mode=Mode.DEVICE_ONLY), policy)
    assert routing.way in (Way.DEVICE, Way.REFUSE)


@many
@given(anything, policies)
def test_cloud_only_never_answers_on_the_device(question: Question, policy: RoutePolicy):
    routing = decide(replace(question, mode=Mode.CLOUD_ONLY), policy)
    assert routing.way is not Way.DEVICE
    assert routing.runner_up != "device" or any(e.name == "device" for e in question.endpoints)


@many
@given(anything, policies)
def test_what_leaves_goes_to_a_cloud_that_no_rule_forbids(question: Question, policy: RoutePolicy):
    routing = decide(question, policy)
    assert (routing.way in LEAVES) <= bool(routing.endpoint)
    if routing.way in LEAVES:
        named = [one for one in question.endpoints if one.name == routing.endpoint]
        assert named
        assert not any(forbidding(question, one) for one in named)


@many
@given(anything, policies)
def test_without_a_network_nothing_goes_to_a_cloud(question: Question, policy: RoutePolicy):
    offline = replace(question, condition=replace(question.condition, online=False))
    assert decide(offline, policy).way not in OUT


@many
@given(anything, policies, scores)
def test_in_mode_ask_nothing_leaves_without_a_yes(
    question: Question, policy: RoutePolicy, score: Score
):
    asking = replace(question, mode=Mode.ASK, agreed=False)
    routing = decide(asking, policy)
    assert routing.way not in LEAVES
    assert decide_after(routing, score, asking, policy).way not in LEAVES


@many
@given(anything, policies, scores)
def test_a_doubted_answer_goes_only_where_the_rules_let_it_now(
    question: Question, policy: RoutePolicy, score: Score
):
    routing = decide(question, policy)
    now = replace(question, consents=(), agreed=False)
    after = decide_after(routing, score, now, policy)
    assert after.way is routing.way
    after = decide_after(routing, score, question, policy)
    if after.way in OUT and routing.way is Way.DEVICE:
        named = [one for one in question.endpoints if one.name == after.endpoint]
        assert not any(forbidding(question, one) for one in named)
    assert after.check is (routing.check and routing.way is not Way.DEVICE)


@many
@given(anything, policies)
def test_a_device_that_can_answer_is_never_left_without_a_way(
    question: Question, policy: RoutePolicy
):
    """However hot, low or busy it is; only the owner's `cloud_only` lets it refuse."""
    if device_lacks(question) is None and question.mode is not Mode.CLOUD_ONLY:
        assert decide(question, policy).way is not Way.REFUSE


@many
@given(contested, policies, shares, shares)
def test_what_a_score_stage_says_would_have_changed_it_does(
    question: Question, policy: RoutePolicy, wrong: float, likeness: float
):
    score = Score(wrong, 0.0, likeness)
    routing = decide(replace(question, score=score), policy)
    stage = routing.stages[-1]
    assert stage.otherwise is not None
    assert stage.threshold is not None
    at = stage.threshold
    if "likeness" in stage.otherwise.en:
        other = replace(score, likeness=at)
        believed = decide(replace(question, score=other), policy).stages[-1]
        assert "likeness" not in (believed.otherwise.en if believed.otherwise else "")
        return
    if "without the sample" in stage.otherwise.en:
        unsampled = decide(replace(question, score=score, chance=1.0), policy)
        assert (unsampled.way is Way.DEVICE) == ("device" in stage.otherwise.en)
        return
    past = at if "from" in stage.otherwise.en else at - 0.0001
    if past >= 0:
        changed = {"raw": past} if "share" in stage.values else {"wrong": past}
        other = decide(replace(question, score=replace(score, **changed)), policy)
        assert (other.way is Way.DEVICE) is not (routing.way is Way.DEVICE)


@many
@given(contested, policies, scores)
def test_what_a_check_says_would_have_changed_it_does(
    question: Question, policy: RoutePolicy, score: Score
):
    before = decide(question, policy)
    after = decide_after(before, score, question, policy)
    stage = after.stages[-1]
    if before.way is not Way.DEVICE:
        return
    assert stage.otherwise is not None
    assert stage.threshold is not None
    past = stage.threshold if "from" in stage.otherwise.en else stage.threshold - 0.0001
    other = decide_after(before, replace(score, wrong=past), question, policy)
    assert (other.way is Way.DEVICE) is not (after.way is Way.DEVICE)
    assert (other.way is Way.ASK) is ("asked" in stage.otherwise.en) or other.way is not Way.ASK


@many
@given(anything, policies)
def test_no_site_but_the_device_is_named_for_what_stays(question: Question, policy: RoutePolicy):
    routing = decide(question, policy)
    assert (routing.way.site is Site.CLOUD) is (routing.way in OUT)
    assert 0.0 <= routing.probability <= 1.0
