"""Whatever is said, called, approved or replayed in whatever order: no forbidden effect.

`Monitor` knows nothing of Cedar, facts or capabilities; it stands between the agent and the drivers
and looks at each write as it happens, in the state it happens in. Random sequences of typed calls
(all channels and seats), sentences, content out of saved scenes, yes and no, replayed and forged
approvals, turns given up at any await, two sessions at a time, a person who drives on, weather,
broken parts and time that passes must never make it speak. All of it in virtual time.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edgewise.act.cedar import Policy, load_policy
from edgewise.act.driver import Drivers
from edgewise.act.policy import builtin_texts
from edgewise.core.message import Channel, Request, Speaker
from edgewise.core.part import TextPart
from edgewise.core.zone import Zone
from tests.each_row import each_row
from tests.safety.device import car
from tests.safety.monitor import KINDS, Asked, Monitor, Watched, asking, payload_of
from tests.safety.play import Step, play
from tests.safety.steps import STATES, STEPS
from tests.safety.virtual_time import LoopClock, in_virtual_time
from tests.safety.witnesses import AT_THE_DOOR, BY_ASKING

slow_is_fine = [HealthCheck.too_slow, HealthCheck.data_too_large]
Example = tuple[dict[str, Any], list[Step]]


def check(state: dict[str, Any], *lanes: list[Step]) -> None:
    stage = play(state, *lanes)
    assert stage.monitor.spoken == []
    assert stage.false_claims == []


@settings(max_examples=60, suppress_health_check=slow_is_fine)
@given(STATES, STEPS)
def test_no_short_search_finds_a_forbidden_effect(state: dict[str, Any], steps: list[Step]) -> None:
    check(state, steps)


@pytest.mark.slow
@pytest.mark.timeout(600)
@settings(max_examples=4000, suppress_health_check=slow_is_fine)
@given(STATES, STEPS)
def test_no_sequence_brings_about_a_forbidden_effect(
    state: dict[str, Any], steps: list[Step]
) -> None:
    check(state, steps)


@pytest.mark.slow
@pytest.mark.timeout(600)
@settings(max_examples=4000, suppress_health_check=slow_is_fine)
@given(STATES, STEPS, STEPS)
def test_no_two_sessions_bring_about_a_forbidden_effect(
    state: dict[str, Any], one: list[Step], other: list[Step]
) -> None:
    check(state, one, other)


def lawless() -> Policy:
    """A policy that allows everything."""
    texts = {name: text for name, text in builtin_texts().items() if name.endswith("schema")}
    texts["open.cedar"] = (
        '@id("R00-all") @rule("0") @source("test") @says("All.") @says_zh("全部。")\n'
        "permit (principal, action, resource);"
    )
    return load_policy(texts)


def kinds(spoken: Sequence[str]) -> set[str]:
    return {line.partition(": ")[0] for line in spoken}


def test_every_kind_of_forbidden_effect_has_a_witness() -> None:
    assert set(KINDS) == set(BY_ASKING) | set(AT_THE_DOOR)


@pytest.mark.parametrize("kind", BY_ASKING)
def test_the_rules_are_what_keeps_the_monitor_silent(kind: str) -> None:
    state, steps = BY_ASKING[kind]
    assert kind in kinds(play(state, steps, policy=lawless()).monitor.spoken)
    assert play(state, steps).monitor.spoken == []


@each_row("kind", AT_THE_DOOR)
def test_the_monitor_speaks_of_what_nobody_can_even_ask_for(kind: str) -> None:
    state, effect = AT_THE_DOOR[kind]

    async def write(clock: LoopClock) -> list[str]:
        tested = await car(None, state, clock=clock)
        monitor = Monitor(clock)
        inner: Drivers = tested.agent.home.drivers
        drivers = Watched(inner, monitor)
        asking.set(Asked(Zone.DRIVER, Channel.TOUCH, clock.monotonic(), addressed="29" not in kind))
        await drivers.read(["Vehicle"])
        await asyncio.sleep(100.0 if "36" in kind else 0.0)
        monitor.look([effect])
        return monitor.spoken

    assert kind in kinds(in_virtual_time(write))


def test_a_yes_counts_for_one_write_of_the_very_payload() -> None:
    """The monitor's own account of a yes, without which it could not tell a replay."""

    async def write(clock: LoopClock) -> list[int]:
        monitor = Monitor(clock)
        _, effect = AT_THE_DOOR["31 files changed without a yes"]
        asking.set(Asked(Zone.DRIVER, Channel.TOUCH, clock.monotonic()))
        asking.get().yes.append(payload_of(effect.target, effect.value))
        found: list[int] = []
        for value in (effect.value, effect.value, {"name": "y"}):
            monitor.look([type(effect)(effect.target, value)])
            found.append(len(monitor.spoken))
        return found

    assert in_virtual_time(write) == [0, 1, 2]


@pytest.mark.slow
def test_without_the_rules_the_search_finds_most_kinds_by_itself() -> None:
    found: set[str] = set()
    policy = lawless()

    @settings(max_examples=600, database=None, suppress_health_check=slow_is_fine)
    @given(st.tuples(STATES, STEPS))
    def search(example: Example) -> None:
        found.update(kinds(play(*example, policy=policy).monitor.spoken))

    search()
    assert len(found) >= len(KINDS) // 3, sorted(found)


@pytest.mark.parametrize("loops", range(12))
def test_a_question_whose_reader_had_left_is_not_answered_by_a_later_yes(loops: int) -> None:
    """Found by the search: the turn came to its question while nobody read it any more."""
    state = {
        "Vehicle.Speed": 0,
        "Vehicle.LowVoltageSystemState": "ON",
        "Vehicle.Cabin.Door.Row2.PassengerSide.Window.Position": 60,
        "Vehicle.Cabin.HVAC.IsAirConditioningActive": False,
    }

    def said(text: str) -> Request:
        return Request((TextPart(text),), "a", Speaker(Zone.DRIVER, Channel.TYPED))

    check(state, [("cancel", (said("打开空调"), loops)), ("ask", said("确认"))])
