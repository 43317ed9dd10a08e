"""A question about a task has a purpose of its own, is for agents alone, and is never kept."""

import pytest
from msgspec.structs import replace

from edgewise.core.endpoint import Consent, Service
from edgewise.core.place import Mode, Way
from edgewise.route.question import Question
from edgewise.route.route import decide
from edgewise.route.task import PURPOSE, as_task
from tests.route.questions import HARD, NEAR, POLICY, YES, question

PLATFORM = replace(NEAR, service=Service.PLATFORM)
AGREED = Consent("t", "near", PURPOSE, 1.0)


def task(**changes: object) -> Question:
    given = {"endpoints": (PLATFORM,), "consents": (AGREED,), "score": HARD} | changes
    return as_task(question(**given), 1_000)  # type: ignore[arg-type]


def test_it_needs_tools_for_its_own_purpose_and_is_not_kept_for_later():
    made = task(queueable=True, chance=0.01)
    assert (made.purpose, made.need.tools, made.queueable) == ("tools", True, False)
    assert (made.score, made.chance) == (None, 1.0)
    assert made.need.input_tokens == question().need.input_tokens + 1_000


def test_it_goes_to_the_agent_of_a_platform():
    assert decide(task(), POLICY).way is Way.AGENT


@pytest.mark.parametrize("mode", list(Mode))
def test_the_device_is_never_its_way_and_another_cloud_neither(mode: Mode):
    way = decide(task(mode=mode, endpoints=(NEAR,)), POLICY).way
    assert way is Way.REFUSE


def test_a_consent_for_questions_is_none_for_it_and_the_other_way_round():
    assert decide(task(consents=(YES,)), POLICY).way is Way.ASK
    words = question(endpoints=(PLATFORM,), consents=(AGREED,), score=HARD)
    assert decide(words, POLICY).way is Way.DEVICE


def test_offline_it_is_refused_also_where_questions_are_kept():
    made = task(queueable=True)
    away = replace(made, condition=replace(made.condition, online=False))
    assert decide(away, POLICY).way is Way.REFUSE


def test_in_mode_ask_it_asks_and_on_the_device_alone_it_stays():
    assert decide(task(mode=Mode.ASK), POLICY).way is Way.ASK
    assert decide(task(mode=Mode.DEVICE_ONLY), POLICY).way is Way.REFUSE
