"""A long document is read here, tools are an agent's, and only what would leave is counted."""

from typing import Any

import pytest
from msgspec.structs import replace

from edgewise.core.endpoint import Health, Service
from edgewise.core.label import Residency
from edgewise.core.place import Mode, Way
from edgewise.route.question import Need
from edgewise.route.route import decide
from edgewise.route.ways import as_sent, asked_first, stands_in, way_to
from tests.route.questions import EASY, HARD, NEAR, POLICY, READY, question

LONG = Need(input_tokens=10_100, document_tokens=10_000)
PLATFORM = replace(NEAR, service=Service.PLATFORM)


def test_a_whole_turn_goes_to_a_cloud_and_tools_to_an_agent_of_a_platform():
    assert way_to(NEAR, question(), POLICY) is Way.CLOUD
    with_tools = question(need=Need(tools=True))
    assert way_to(NEAR, with_tools, POLICY) is Way.CLOUD
    assert way_to(PLATFORM, with_tools, POLICY) is Way.AGENT


def test_of_a_long_document_that_the_device_can_read_a_share_leaves():
    long = question(need=LONG)
    assert way_to(NEAR, long, POLICY) is Way.DELEGATE
    assert as_sent(long, NEAR, POLICY).need.input_tokens == 100 + 1_800
    short = question(need=Need(input_tokens=1_500, document_tokens=1_499))
    assert as_sent(short, NEAR, POLICY) == short


def test_a_device_that_can_not_read_or_had_better_not_delegates_nothing():
    for changes in (
        {"condition": replace(READY, model="")},
        {"condition": replace(READY, battery=0.05)},
        {"mode": Mode.CLOUD_ONLY},
    ):
        assert way_to(NEAR, question(need=LONG, **changes), POLICY) is Way.CLOUD


def test_mode_ask_asks_before_anything_leaves_also_later():
    asking, agreed = question(mode=Mode.ASK), question(mode=Mode.ASK, agreed=True)
    for way in (Way.CLOUD, Way.DELEGATE, Way.AGENT, Way.QUEUE):
        assert asked_first(asking, way) is Way.ASK
        assert asked_first(agreed, way) is way
        assert asked_first(question(), way) is way
    assert asked_first(asking, Way.DEVICE) is Way.DEVICE


AWAY = {"health": (Health("near", open=True),)}


@pytest.mark.parametrize(
    ("changes", "stands"),
    [
        ({"mode": Mode.PREFER_CLOUD} | AWAY, True),
        ({"score": HARD} | AWAY, True),
        ({"score": EASY} | AWAY, False),
        ({"score": replace(HARD, likeness=0.0)} | AWAY, False),
        ({"score": None} | AWAY, False),
        ({"score": EASY}, False),
        ({"mode": Mode.PREFER_CLOUD}, False),
        ({"mode": Mode.PREFER_CLOUD, "residency": Residency.DEVICE}, False),
        ({"mode": Mode.DEVICE_ONLY, "score": HARD}, False),
    ],
)
def test_the_device_stands_in_where_a_cloud_would_have_been_asked_and_is_away(
    changes: dict[str, Any], stands: bool
):
    asked = question(**changes)
    assert stands_in(decide(asked, POLICY), asked, POLICY) is stands


def test_a_document_that_stays_is_delegated_whoever_could_read_it():
    stays = replace(LONG, document_tokens=40, stays=True)
    for changes in ({}, {"condition": replace(READY, model="")}, {"mode": Mode.CLOUD_ONLY}):
        assert way_to(NEAR, question(need=stays, **changes), POLICY) is Way.DELEGATE
