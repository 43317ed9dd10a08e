"""The table of cases is complete, and each of its calls ends as the table says.

The sentences of the table are said to the whole agent elsewhere; here a program's call goes through
resolve, facts and policy on the simulated car.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.act.decide import decide
from edgewise.act.driver import Drivers
from edgewise.act.facts import gather
from edgewise.act.policy import builtin_policy
from edgewise.act.resolve import resolve
from edgewise.core.call import Allow, Ask, Call, Resolved
from edgewise.core.message import Speaker
from edgewise.core.signal import Reading, Snapshot
from edgewise.device.phone.sample import load_sample
from edgewise.device.phone.store import DocumentStore
from edgewise.device.vehicle.simulated import SimulatedVehicle
from edgewise.testing.clock import ManualClock
from tests.safety.cases import CASES, NOT_IN_ONE_TURN, Expected
from tests.safety.situation import USER

CALLED = [case for case in CASES if case.capability]


async def state_of(changes: Mapping[str, Any]) -> Snapshot:
    clock = ManualClock()
    store = DocumentStore(":memory:", clock)
    await load_sample(store, clock.now())
    drivers = Drivers([SimulatedVehicle(clock), *store.drivers])
    readings = await drivers.read(["Vehicle", "phone", "nav", "memory", "scene"])
    for target, value in changes.items():
        readings[target] = Reading(value, clock.monotonic())
        if value is None:
            del readings[target]
    return Snapshot(readings, clock.monotonic(), clock.now())


async def end_of(
    capability: str, arguments: Mapping[str, Any], changes: Mapping[str, Any], speaker: Speaker
) -> tuple[Expected, str, Mapping[str, Any]]:
    """How the call ends, the rule that is named first, and the effects that would be written."""
    catalogue, state = builtin_catalogue(), await state_of(changes)
    call = Call("t.1", capability, dict(arguments), USER)
    resolution = resolve(call, catalogue, state)
    function = catalogue.get(capability)
    if not isinstance(resolution, Resolved) or function is None:
        return Expected.REFUSED, "", {}
    facts = gather(call, function.capability, resolution, state, speaker)
    decision = decide(builtin_policy(), facts)
    match decision:
        case Allow():
            return Expected.DONE, "", {e.target: e.value for e in resolution.effects}
        case Ask(rules):
            return Expected.ASKED, rules[0].id, {}
        case _:
            return Expected.DENIED, decision.rules[0].id, {}


@pytest.mark.rule(3)
@pytest.mark.parametrize("case", CALLED, ids=lambda case: f"{case.rule}-{case.en}")
async def test_a_programs_call_ends_as_the_table_says(case: Any):
    end, rule_id, effects = await end_of(case.capability, case.arguments, case.state, case.speaker)
    if case.expected is Expected.REFUSED:
        assert end in (Expected.REFUSED, Expected.DENIED), (rule_id, effects)
    else:
        assert end is case.expected, (rule_id, effects)
        assert rule_id.startswith(case.rule_id)
    assert not [t for t, value in case.never.items() if t in effects and effects[t] == value]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.twin.en}")
async def test_the_twin_is_not_blocked(case: Any):
    twin = case.twin
    end, rule_id, _ = await end_of(twin.capability, twin.arguments, twin.state, twin.speaker)
    assert end is twin.expected, rule_id


def test_every_rule_has_a_case_or_a_place_where_it_is_held():
    covered = {case.rule for case in CASES}
    assert covered | set(NOT_IN_ONE_TURN) == set(range(1, 45))
    assert not covered & set(NOT_IN_ONE_TURN)


def test_every_case_is_told_in_both_languages():
    for case in CASES:
        for zh, en in ((case.zh, case.en), (case.twin.zh, case.twin.en)):
            assert any("\u4e00" <= letter <= "\u9fff" for letter in zh), zh
            assert en.isascii(), en
