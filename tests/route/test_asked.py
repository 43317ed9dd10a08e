"""A yes is for one cloud and settles what lacked; a no leaves the device, or nobody."""

import pytest
from msgspec.structs import replace

from edgewise.core.endpoint import Condition, Endpoint
from edgewise.core.label import Residency, Sensitivity
from edgewise.core.place import Mode, Routing, Way
from edgewise.route.asked import declined, lacks_consent, supposing
from edgewise.route.policy import DEFAULT
from edgewise.route.question import Question, Score
from edgewise.route.route import decide
from edgewise.route.rules import forbidding

STEP = Endpoint("step", "https://step.example/v1", "m", "CN")
FAR = Endpoint("far", "https://far.example/v1", "m", "US", crossing="scc", assessment="a1")
SMALL = Condition(online=True, model="small", languages=("en",), context_tokens=2_048)
ASKED = Question(
    "d", Mode.ASK, 100.0, region="CN", endpoints=(STEP,), condition=SMALL, score=Score(0.9, 0.9)
)


def routed(question: Question) -> Routing:
    return decide(question, DEFAULT)


def test_a_lacking_consent_is_asked_for_and_a_yes_stands_for_it():
    assert routed(ASKED).way is Way.ASK
    assert lacks_consent(ASKED, STEP)
    agreed = routed(supposing(ASKED, STEP))
    assert (agreed.way, agreed.endpoint) == (Way.CLOUD, "step")


def test_what_stands_for_a_consent_covers_just_what_lacked():
    plain = supposing(ASKED, STEP).consents[-1]
    assert (plain.sensitive, plain.crossing) == (False, False)
    grave = replace(ASKED, sensitivity=Sensitivity.SENSITIVE, endpoints=(FAR,))
    given = supposing(grave, FAR)
    assert (given.consents[-1].sensitive, given.consents[-1].crossing) == (True, True)
    assert forbidding(given, FAR) == ()
    held = replace(ASKED, consents=(replace(plain, id="c1"),))
    assert supposing(held, STEP).consents == held.consents


def test_no_yes_lets_out_what_a_yes_can_not_mend():
    kept = replace(ASKED, residency=Residency.DEVICE)
    assert not lacks_consent(kept, STEP)
    assert routed(supposing(kept, STEP)).way is Way.DEVICE


def test_a_yes_overrules_a_score_but_no_cloud_that_is_away():
    easy = replace(ASKED, score=Score(0.0, 0.0))
    agreed = routed(supposing(easy, STEP))
    assert (agreed.way, agreed.stages[-1].name) == (Way.CLOUD, "asked")
    offline = replace(easy, condition=replace(SMALL, online=False))
    assert routed(supposing(offline, STEP)).way is Way.DEVICE


def test_a_yes_to_one_cloud_is_none_to_another():
    both = replace(ASKED, endpoints=(STEP, replace(FAR, region="CN")))
    given = supposing(both, STEP)
    able = replace(given, consents=(*given.consents, replace(given.consents[-1], recipient="far")))
    assert routed(able).endpoint == "step"
    elsewhere = routed(replace(able, agreed_to="gone"))
    assert (elsewhere.way, elsewhere.endpoint in ("step", "far")) == (Way.ASK, True)


def test_the_cloud_that_was_agreed_to_is_taken_though_another_is_cheaper():
    dear = replace(STEP, output_price=9.0)
    both = replace(ASKED, endpoints=(dear, replace(FAR, region="CN")))
    given = supposing(both, dear)
    able = replace(given, consents=(*given.consents, replace(given.consents[-1], recipient="far")))
    assert routed(able).endpoint == "step"


@pytest.mark.parametrize("mode", Mode)
def test_after_a_no_nothing_leaves_in_any_mode(mode: Mode):
    agreed = supposing(replace(ASKED, mode=mode), STEP)
    routing = routed(declined(agreed))
    assert routing.way is (Way.REFUSE if mode is Mode.CLOUD_ONLY else Way.DEVICE)
    assert (routing.endpoint, routing.allowed, routing.check) == ("", (), False)


def test_after_a_no_a_device_that_can_not_answer_says_why():
    routing = routed(declined(replace(ASKED, condition=Condition(online=True))))
    assert routing.way is Way.REFUSE
    assert "you said no to sending it, and no language model" in routing.stages[-1].words.en
    assert "没有安装语言模型" in routing.stages[-1].words.zh
