"""Where words are found, by example: the order of the stages, and what each says."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from edgewise.core.endpoint import Allowance, Condition, Consent, Health, Service
from edgewise.core.label import Residency, Sensitivity
from edgewise.core.place import Mode, Routing, Way
from edgewise.route.lines import lines_of
from edgewise.route.policy import RoutePolicy
from edgewise.route.question import Following, Need, Question, Score
from edgewise.route.route import decide, decide_after
from tests.route.questions import EASY, FAR, HARD, MIDDLING, NEAR, POLICY, READY, YES, question

OFFLINE = replace(READY, online=False)
NO_MODEL = Condition(online=True)


def routed(policy: RoutePolicy = POLICY, **changes: Any) -> Routing:
    return decide(question(**changes), policy)


def ways(*cases: dict[str, Any]) -> list[Way]:
    return [routed(**case).way for case in cases]


def test_the_score_decides_between_a_device_and_a_cloud_that_both_can():
    easy, middling, hard = (routed(score=score) for score in (EASY, MIDDLING, HARD))
    assert (easy.way, easy.check, easy.model) == (Way.DEVICE, False, "small")
    assert (middling.way, middling.check, middling.runner_up) == (Way.DEVICE, True, "near")
    assert (hard.way, hard.endpoint, hard.model) == (Way.CLOUD, "near", "big")
    assert (hard.runner_up, hard.margin) == ("device", 0.3)


def test_every_stage_writes_its_line_up_to_the_one_that_settles():
    told = [line.en.partition(":")[0] for line in lines_of(routed(score=HARD).stages)]
    assert told == ["rules", "ability", "score"]
    stage = routed(score=HARD).stages[-1]
    assert (stage.threshold, stage.values["wrong"]) == (0.6, 0.9)
    assert stage.otherwise is not None
    assert stage.otherwise.en == "it would have been the device below 0.6"


def test_a_decision_names_the_policy_that_it_was_made_by():
    assert routed().policy == f"1 {POLICY.hash}"


def test_device_only_ends_with_the_rules_and_says_what_would_change_it():
    routing = routed(mode=Mode.DEVICE_ONLY, score=HARD)
    assert (routing.way, routing.allowed) == (Way.DEVICE, ())
    assert routing.stages[0].values["allowed"] == 0
    assert routing.stages[0].otherwise is not None
    kept = routed(mode=Mode.DEVICE_ONLY, residency=Residency.DEVICE)
    assert kept.stages[0].otherwise is None


def test_a_preferred_cloud_is_taken_when_it_is_there_and_the_device_when_not():
    online, offline = {"mode": Mode.PREFER_CLOUD}, {"mode": Mode.PREFER_CLOUD, "condition": OFFLINE}
    assert ways(online, offline) == [Way.CLOUD, Way.DEVICE]


def test_cloud_only_without_a_network_waits_or_says_no():
    later = routed(mode=Mode.CLOUD_ONLY, condition=OFFLINE, queueable=True)
    assert (later.way, later.endpoint) == (Way.QUEUE, "near")
    assert "no network" in later.stages[-1].words.en
    refused = routed(mode=Mode.CLOUD_ONLY, condition=OFFLINE)
    assert refused.way is Way.REFUSE
    assert refused.stages[-1].words.zh == "能力：无法回答：当前模式为仅云端；没有网络"


def test_a_device_without_a_model_asks_the_cloud_and_says_why():
    routing = routed(condition=NO_MODEL, score=EASY)
    assert (routing.way, routing.runner_up) == (Way.CLOUD, "")
    assert "no language model" in routing.stages[-1].words.en


def test_a_strained_device_leaves_it_to_the_cloud_but_answers_where_there_is_none():
    low = replace(READY, battery=0.05)
    assert routed(condition=low, score=EASY).way is Way.CLOUD
    alone = routed(condition=replace(low, online=False))
    assert alone.way is Way.DEVICE
    assert "though the battery is at 5%" in alone.stages[-1].words.en
    assert "电量只剩 5%" in alone.stages[-1].words.zh


@pytest.mark.parametrize("score", [None, replace(EASY, likeness=0.2), replace(HARD, likeness=0.2)])
def test_what_nothing_is_known_of_goes_to_the_device_and_is_checked(score: Score | None):
    """Never to the cheapest way unchecked; reference note, complaint 8."""
    routing = routed(score=score)
    assert (routing.way, routing.check, routing.runner_up) == (Way.DEVICE, True, "near")
    assert routed(score=replace(EASY, likeness=0.35)).check is False


@pytest.mark.parametrize("wrong", [float("nan"), -0.1, 1.1, float("inf")])
def test_a_score_that_is_no_probability_is_not_believed(wrong: float):
    assert routed(score=Score(wrong, 0.0)).check is True


def test_a_session_stays_where_it_was_unless_it_is_well_past_the_threshold():
    close, past = Score(0.62, 0.0), Score(0.66, 0.0)
    assert ways({"score": close}, {"score": close, "last": "device"}) == [Way.CLOUD, Way.DEVICE]
    assert ways({"score": past, "last": "device"}) == [Way.CLOUD]
    under = Score(0.57, 0.0)
    assert ways({"score": under}, {"score": under, "last": "cloud"}) == [Way.DEVICE, Way.CLOUD]
    assert ways({"score": under, "last": "delegate"}) == [Way.CLOUD]
    assert ways({"score": under, "last": "refuse"}) == [Way.DEVICE]


def test_staying_never_keeps_an_answer_that_is_wrong_for_certain():
    assert routed(RoutePolicy(pre_threshold=1.0), score=Score(1.0, 0.0), last="device").way is (
        Way.CLOUD
    )


def test_a_dear_or_slow_cloud_must_be_worth_it():
    hard = Score(0.65, 0.0)
    dear = replace(NEAR, input_price=1_000.0)
    need = Need(input_tokens=100)
    assert routed(score=hard, need=need, endpoints=(dear,)).way is Way.DEVICE
    fast = replace(READY, tokens_a_second=256.0)
    slow = (Health("near", p50_s=11.0),)
    assert routed(score=hard, condition=fast, health=slow).way is Way.DEVICE
    assert routed(score=hard, condition=fast).way is Way.CLOUD


def test_a_time_that_is_not_known_is_neither_a_price_nor_a_gain():
    slow_device = replace(READY, tokens_a_second=5.0)
    assert routed(condition=slow_device).stages[-1].threshold == POLICY.pre_threshold
    assert routed(health=(Health("near", p50_s=9.0),)).stages[-1].threshold == POLICY.pre_threshold


def test_of_two_clouds_the_cheaper_is_taken_and_the_other_comes_next():
    dear = replace(NEAR, name="dear", output_price=50.0)
    yes = replace(YES, recipient="dear")
    routing = routed(score=HARD, endpoints=(dear, NEAR), consents=(YES, yes))
    assert (routing.endpoint, routing.runner_up) == ("near", "dear")


def test_without_time_for_an_answer_and_another_the_cloud_is_asked_at_once():
    times = {
        "condition": replace(READY, tokens_a_second=51.2),
        "health": (Health("near", p50_s=2.0),),
        "deadline_s": 6.0,
    }
    routing = routed(score=MIDDLING, **times)
    assert (routing.way, routing.stages[-1].threshold) == (Way.CLOUD, POLICY.sure)
    assert "no time" in routing.stages[-1].words.en
    assert routed(score=EASY, **times).way is Way.DEVICE
    assert routed(score=None, **times).way is Way.CLOUD
    assert routed(score=MIDDLING, **times | {"deadline_s": 7.5}).way is Way.DEVICE


def test_a_long_document_too_large_for_either_is_still_delegated():
    need = Need(input_tokens=60_000, document_tokens=59_000)
    routing = routed(need=need, score=HARD)
    assert (routing.way, routing.endpoint) == (Way.DELEGATE, "near")


def test_tools_of_a_platform_are_its_agents():
    platform = replace(NEAR, service=Service.PLATFORM)
    assert routed(need=Need(tools=True), endpoints=(platform,), score=HARD).way is Way.AGENT


def test_what_may_be_spent_today_keeps_it_here():
    assert routed(score=HARD, allowance=Allowance(size_bytes=0), need=Need(input_tokens=1)).way is (
        Way.DEVICE
    )


def test_in_mode_ask_the_person_is_asked_for_a_cloud_and_not_for_the_device():
    asked = routed(mode=Mode.ASK, score=HARD)
    assert (asked.way, asked.endpoint) == (Way.ASK, "near")
    agreed = {"mode": Mode.ASK, "score": HARD, "agreed": True}
    assert ways({"mode": Mode.ASK, "score": EASY}, agreed) == [Way.DEVICE, Way.CLOUD]


def test_a_consent_is_asked_for_only_where_it_would_help():
    lacking = {"consents": (), "condition": NO_MODEL}
    asked = routed(**lacking)
    assert (asked.way, asked.endpoint, asked.runner_up) == (Way.ASK, "near", "")
    assert asked.stages[0].otherwise is not None
    assert "edgewise consent grant near" in asked.stages[0].otherwise.zh
    offline = replace(NO_MODEL, online=False)
    assert ways(
        {"consents": ()},  # the device answers
        lacking | {"mode": Mode.DEVICE_ONLY},
        lacking | {"residency": Residency.DEVICE},
        lacking | {"sensitivity": Sensitivity.SECRET},
        lacking | {"condition": offline},
        lacking | {"agreed": True},
    ) == [Way.DEVICE, *[Way.REFUSE] * 5]


def test_a_consent_for_one_cloud_is_asked_for_when_the_allowed_one_can_not():
    sees = replace(FAR, images=True)
    routing = routed(need=Need(images=True), endpoints=(NEAR, sees))
    assert (routing.way, routing.endpoint) == (Way.ASK, "far")


def test_a_sample_goes_the_other_way_and_records_how_likely_that_was():
    policy = RoutePolicy(sample=0.05)
    drawn = routed(policy, score=EASY, chance=0.04)
    assert (drawn.way, drawn.probability) == (Way.CLOUD, 0.05)
    spared = routed(policy, score=EASY, chance=0.05)
    assert (spared.way, spared.probability) == (Way.DEVICE, 0.95)
    undrawn = routed(policy, score=EASY)
    assert (undrawn.way, undrawn.probability) == (Way.DEVICE, 1.0)
    tried = routed(policy, score=HARD, chance=0.0)
    assert (tried.way, tried.check) == (Way.DEVICE, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"sensitivity": Sensitivity.PERSONAL},
        {"residency": Residency.REGION},
        {"mode": Mode.ASK},
        {"mode": Mode.ASK, "agreed": True},
    ],
)
def test_nothing_personal_is_a_sample_and_nobody_is_asked_for_one(changes: dict[str, Any]):
    routing = routed(RoutePolicy(sample=1.0), score=EASY, chance=0.0, **changes)
    assert (routing.way, routing.probability) == (Way.DEVICE, 1.0)


def test_a_doubted_answer_is_replaced_and_one_that_holds_is_kept():
    routing = routed()
    doubted = decide_after(routing, Score(0.5, 0.0), question(), POLICY)
    assert (doubted.way, doubted.endpoint, doubted.runner_up) == (Way.CLOUD, "near", "device")
    held = decide_after(routing, Score(0.4999, 0.0), question(), POLICY)
    assert (held.way, held.check, held.margin) == (Way.DEVICE, False, 0.0001)
    assert held.stages[:-1] == routing.stages


def test_a_doubted_answer_stays_when_the_world_has_changed_meanwhile():
    gone = replace(YES, revoked_at=500.0)
    for changes in (
        {"consents": (gone,)},
        {"condition": OFFLINE},
        {"mode": Mode.DEVICE_ONLY},
        {"residency": Residency.DEVICE},
        {"deadline_s": 0.0},
        {"health": (Health("near", open=True),)},
    ):
        after = decide_after(routed(), HARD, question(**changes), POLICY)
        assert (after.way, after.endpoint) == (Way.DEVICE, "")
        assert "no cloud can be asked" in after.stages[-1].words.en


def test_a_doubted_answer_of_mode_ask_is_asked_about():
    asking = question(mode=Mode.ASK)
    after = decide_after(decide(asking, POLICY), HARD, asking, POLICY)
    assert (after.way, after.endpoint) == (Way.ASK, "near")


def test_a_check_of_what_the_device_did_not_answer_changes_nothing():
    routing = routed(score=HARD)
    assert decide_after(routing, EASY, question(), POLICY) == routing


def test_another_policy_can_be_asked_what_it_would_have_done():
    asked = question(score=HARD)
    assert decide(asked, POLICY).way is Way.CLOUD
    assert decide(asked, RoutePolicy(pre_threshold=0.95, version="2")).way is Way.DEVICE


def test_a_consent_of_this_drive_is_none_in_the_next():
    yes = Consent("c", "near", "assist", 1.0, drive="d1")
    assert routed(consents=(yes,), drive="d1", score=HARD).way is Way.CLOUD
    assert routed(consents=(yes,), drive="d2", score=HARD).way is Way.DEVICE


THIRD = RoutePolicy(cloud_share=0.3)
FROM_TWO = Following(0.3, threshold=2.0, count=100)


def test_a_share_that_is_asked_for_holds_the_raw_score_against_the_followed_threshold():
    below = routed(THIRD, score=Score(0.9, 1.99), following=FROM_TWO)
    past = routed(THIRD, score=Score(0.05, 2.0), following=FROM_TWO)
    assert (below.way, past.way) == (Way.DEVICE, Way.CLOUD)
    stage = past.stages[-1]
    assert (stage.threshold, stage.values["raw"], stage.values["share"]) == (2.0, 2.0, 0.3)
    assert (stage.values["recent"], stage.values["wrong"], past.margin) == (100, 0.05, 0.0)
    assert "of which a share was asked for" in stage.words.en
    assert below.check  # it is in doubt all the same


@pytest.mark.parametrize(
    "changes",
    [
        {"sensitivity": Sensitivity.SENSITIVE},
        {"residency": Residency.REGION},
        {"following": None},
        {"following": replace(FROM_TWO, share=0.5)},
    ],
)
def test_what_is_private_or_of_another_share_goes_by_its_probability(changes: dict[str, Any]):
    given = {"score": Score(0.05, 9.0), "following": FROM_TWO} | changes
    assert routed(THIRD, **given).way is Way.DEVICE
    assert routed(THIRD, **given).stages[-1].threshold == 0.6


def test_without_a_share_in_the_policy_nothing_is_followed():
    assert routed(score=Score(0.05, 9.0), following=FROM_TWO).way is Way.DEVICE


def test_a_question_of_an_older_record_is_decided_as_it_was():
    asked = question(score=HARD)
    old = msgspec.to_builtins(asked)
    del old["following"], old["score"]["scorer"]
    assert decide(msgspec.convert(old, Question), POLICY) == decide(asked, POLICY)
