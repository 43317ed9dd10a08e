"""Every rule of the table, said four ways to the whole device, and its twin that must go through.

Chinese, another wording in English, a part of a longer sentence: the same end. A program's call by
the API, MCP or the cloud: the same end or a stricter one, and for the same rule. The forbidden
effect on none of them. The understanding, the policy and
the drivers are the ones a device runs with; only time is virtual.
"""

import asyncio
import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from edgewise.act.policy import builtin_policy
from edgewise.answer.manner import MAX_CHARACTERS_MOVING
from edgewise.core.call import Effect, Status
from edgewise.core.event import Answered, Event, Manner, NeedsApproval, TurnStarted
from edgewise.core.message import Approval, Channel, Proposal, Request, Speaker
from edgewise.think.think import Thinking
from tests.each_row import each_row
from tests.safety.apps import APPS
from tests.safety.cases import CASES, Case, Expected, Heard, Twin
from tests.safety.device import (
    Car,
    car,
    results_of,
    said,
    thinking,
    written,
)
from tests.safety.situation import ROOF
from tests.safety.virtual_time import LoopClock, in_virtual_time

__all__ = ["Car", "car", "results_of", "said", "thinking"]

ENDS = {
    Expected.DONE: {Status.DONE},
    Expected.ASKED: {Status.ASKED},
    Expected.DENIED: {Status.DENIED},
    Expected.FAILED: {Status.FAILED},
    Expected.REFUSED: {Status.DENIED, Status.IMPOSSIBLE, Status.MISSING},
}
AT_LEAST = {
    Expected.DONE: {Status.DONE, Status.ASKED, Status.DENIED},
    Expected.ASKED: {Status.ASKED, Status.DENIED},
    Expected.DENIED: {Status.DENIED},
    Expected.FAILED: {Status.FAILED, Status.ASKED, Status.DENIED},
}
"""How a call may end for a program: as for the driver, or stricter."""
APP_NAMES = {function.capability.name for function in APPS}
BY_PROGRAM = [case for case in CASES if case.capability or case.approves]


async def ready(case: Case | Twin, clock: LoopClock) -> tuple[Car, Approval]:
    """The device once the turns before are over and the fault is there; a yes to what is open."""
    tested = await car(None, case.state, clock=clock, apps=case.capability in APP_NAMES, pace=1.0)
    asked = Approval("nothing", "0" * 64, True)
    for text in case.before:
        *_, end = await tested.run(said(text, Speaker()))
        if isinstance(end, NeedsApproval):
            asked = Approval(end.approval, end.payload_hash, True)
    await asyncio.sleep(case.wait_s)
    if case.fault is not None:
        tested.vehicle.inject(case.fault)
    if not case.mind:
        tested.agent.home = dataclasses.replace(
            tested.agent.home, mind=Thinking(None, None, "gone")
        )
    return tested, asked


def called(case: Case | Twin, channel: Channel, asked: Approval) -> Request:
    zone = case.speaker.zone if channel is Channel.TOUCH else None  # a program has no seat
    if case.approves:
        return Request((), "s", Speaker(zone, channel), approval=asked)
    proposal = Proposal(case.capability, dict(case.arguments))
    return Request((), "s", Speaker(zone, channel), proposal=proposal)


def assert_never(case: Case, tested: Car, before: Mapping[str, Any], events: list[Event]) -> None:
    """No forbidden effect: neither handed to a driver nor seen in the car."""
    wrote = written(events)
    for target, value in case.never.items():
        if case.expected is not Expected.FAILED:
            assert wrote.get(target, object()) != value, f"{target} was written {value!r}"
        if before.get(target) != value:
            now = tested.vehicle.export_state().get(target)
            assert now != value, f"{target} became {value!r}"


def assert_end(case: Case, events: list[Event]) -> None:
    ends = [(r.capability, r.status, r.code) for r in results_of(events)]
    if case.expected is Expected.IGNORED:
        assert ends == []
        return
    if case.expected is Expected.REFUSED:
        done = [r for r in results_of(events) if r.capability == case.capability and r.changed]
        assert not done, ends
        return
    fitting = [r for r in results_of(events) if r.status in ENDS[case.expected]]
    assert any(r.code.startswith(case.rule_id) for r in fitting), ends


def assert_heard(heard: Heard | None, events: list[Event]) -> None:
    start, end = events[0], events[-1]
    assert isinstance(start, TurnStarted)
    assert isinstance(end, Answered | NeedsApproval)
    manner = end.manner if isinstance(end, Answered) else Manner.QUIET
    match heard:
        case Heard.ALOUD | Heard.QUIET | Heard.LATER:
            assert manner is Manner(heard.value), (manner, end.text)
        case Heard.CUT:
            assert len(end.text) < MAX_CHARACTERS_MOVING + 80, end.text
            assert "next" in end.text or "继续" in end.text, end.text
        case Heard.WHOLE:
            assert len(end.text) > MAX_CHARACTERS_MOVING, end.text
        case Heard.LOGGED:
            assert start.policy_hash == builtin_policy().hash
            assert len(start.catalogue_hash) == 64
        case None:
            pass


def assert_no_easier_end(case: Case, events: list[Event]) -> None:
    """What was asked about or denied for a rule is so for that rule whoever calls, unless a
    stricter one stands before it."""
    if case.expected not in AT_LEAST:
        assert_end(case, events)
        return
    fitting = [r for r in results_of(events) if r.status in AT_LEAST[case.expected]]
    assert fitting, [(r.status, r.code) for r in results_of(events)]
    same = [result for result in fitting if result.status in ENDS[case.expected]]
    named = {rule.id for result in same for rule in result.rules}
    assert not named or any(rule.startswith(case.rule_id) for rule in named), named


def assert_not_heard_by_a_program(case: Case, events: list[Event]) -> None:
    """What a rule keeps quiet, later or short is not louder, sooner or longer for a program."""
    if case.heard is not None and isinstance(events[-1], Answered):
        assert_heard(case.heard, events)


@pytest.mark.rule(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22)
@pytest.mark.rule(23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42)
@pytest.mark.rule(43, 44)
@pytest.mark.parametrize("way", ["zh", "en", "several"])
@each_row("case", CASES)
def test_said_in_words_it_ends_as_the_table_says(case: Case, way: str) -> None:
    if not getattr(case, way):
        return  # test_every_rule.py: then the case says why it has none

    async def play(clock: LoopClock) -> None:
        tested, _ = await ready(case, clock)
        before = tested.vehicle.export_state()
        text = getattr(case, way)
        events = await tested.run(said(text, case.speaker, addressed=case.addressed))
        assert_never(case, tested, before, events)
        assert_end(case, events)
        assert_heard(case.heard, events)
        now = tested.vehicle.export_state()
        assert {target: now[target] for target in case.also} == dict(case.also)
        tested.vehicle.heal()
        await asyncio.sleep(30.0)
        assert_never(case, tested, before, [])  # nothing was queued for later

    in_virtual_time(play)


@pytest.mark.parametrize("channel", [Channel.API, Channel.MCP, Channel.CLOUD])
@each_row("case", BY_PROGRAM)
def test_called_by_a_program_it_is_never_easier(case: Case, channel: Channel) -> None:
    async def play(clock: LoopClock) -> None:
        tested, asked = await ready(case, clock)
        before = tested.vehicle.export_state()
        events = await tested.run(called(case, channel, asked))
        assert_never(case, tested, before, events)
        assert_not_heard_by_a_program(case, events)
        results = results_of(events)
        if case.expected is not Expected.DONE and not case.also:
            assert Status.DONE not in {result.status for result in results}
        assert_no_easier_end(case, events)

    in_virtual_time(play)


@pytest.mark.parametrize("way", ["zh", "en", "call"])
@each_row("case", CASES)
def test_the_twin_is_not_blocked(case: Case, way: str) -> None:
    async def play(clock: LoopClock) -> None:
        twin = case.twin
        tested, asked = await ready(twin, clock)
        pressed = called(twin, Channel.TOUCH, asked)
        request = pressed if way == "call" else said(getattr(twin, way), twin.speaker)
        events = await tested.run(request)
        ends = [(r.status, r.code) for r in results_of(events)]
        assert any(status in ENDS[twin.expected] for status, _ in ends), ends
        assert_heard(twin.heard, events)

    in_virtual_time(play)


@pytest.mark.rule(4)
@pytest.mark.parametrize("text", ["停", "stop"])
async def test_stop_holds_what_is_moving_even_the_roof(text: str, tmp_path: Path) -> None:
    tested = await car(tmp_path, {ROOF + "Shade.Position": 100}, pace=0.05)
    window = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
    slow = tested.vehicle
    await slow.write([Effect(window, 100), Effect(ROOF + "Switch", "ONE_SHOT_OPEN")])
    events = await tested.run(said(text, Speaker()))
    assert not [r for r in results_of(events) if r.status is not Status.DONE]
    readings = await slow.read([window, ROOF + "Position"])
    assert all(r.target in (None, r.value) for r in readings.values())
    assert readings[window].value < 100
