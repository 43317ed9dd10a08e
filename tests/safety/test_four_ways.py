"""Every rule of the table, said four ways to the whole device, and its twin that must go through.

Chinese, another wording in English, a part of a longer sentence, a program's call over the API and
over MCP: the same end, and the forbidden effect on none of them. The understanding, the policy and
the drivers are the ones a device runs with; only the car's motors are faster.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.act.driver import Drivers
from edgewise.act.policy import builtin_policy
from edgewise.agent.agent import Agent
from edgewise.agent.home import Home
from edgewise.agent.trail import Trail
from edgewise.core.call import Effect, Result, Status
from edgewise.core.clock import SystemClock
from edgewise.core.event import CallFinished, CallStarted, Event
from edgewise.core.message import Channel, Proposal, Request, Speaker
from edgewise.core.part import TextPart
from edgewise.device.mind import load_thinking
from edgewise.device.names import Names
from edgewise.device.phone.sample import load_sample
from edgewise.device.phone.store import DocumentStore
from edgewise.device.vehicle.simulated import SimulatedVehicle
from edgewise.think.think import Thinking
from tests.safety.cases import CASES, Case, Expected, Twin
from tests.safety.situation import ROOF

ENDS = {
    Expected.DONE: {Status.DONE},
    Expected.ASKED: {Status.ASKED},
    Expected.DENIED: {Status.DENIED},
    Expected.REFUSED: {Status.DENIED, Status.IMPOSSIBLE, Status.MISSING},
}


@cache
def thinking() -> Thinking:
    return load_thinking(builtin_catalogue().capabilities)


class Car:
    """A device in a given state."""

    def __init__(self, agent: Agent, vehicle: SimulatedVehicle) -> None:
        self.agent = agent
        self.vehicle = vehicle

    async def run(self, request: Request) -> list[Event]:
        return [event async for event in self.agent.run(request)]


async def car(folder: Path, state: Mapping[str, Any], *, pace: float = 1000.0) -> Car:
    clock = SystemClock()
    signals = {path: value for path, value in state.items() if path.startswith("Vehicle.")}
    vehicle = SimulatedVehicle.from_state(signals, clock, pace=pace)
    store = DocumentStore(":memory:", clock)
    await load_sample(store, clock.now())
    rows = [Effect(t, v) for t, v in state.items() if not t.startswith("Vehicle.")]
    if rows:
        await store.write(rows)
    drivers = Drivers([vehicle, *store.drivers])
    names = Names(drivers)
    await names.follow()
    await names.close()
    home = Home(
        builtin_catalogue(), builtin_policy(), drivers, thinking(), clock, names=names.current
    )
    return Car(Agent(home, Trail(folder, None)), vehicle)


def said(text: str, speaker: Speaker, *, addressed: bool = True) -> Request:
    return Request((TextPart(text),), "s", speaker, addressed=addressed)


def called(case: Case | Twin, channel: Channel) -> Request:
    proposal = Proposal(case.capability, dict(case.arguments))
    zone = case.speaker.zone if channel is Channel.API else None
    return Request((), "s", Speaker(zone, channel), proposal=proposal)


def results_of(events: list[Event]) -> list[Result]:
    return [event.result for event in events if isinstance(event, CallFinished)]


def written(events: list[Event]) -> dict[str, Any]:
    return {
        effect.target: effect.value
        for event in events
        if isinstance(event, CallStarted)
        for effect in event.effects
    }


def assert_never(case: Case, tested: Car, before: Mapping[str, Any], events: list[Event]) -> None:
    """No forbidden effect: neither handed to a driver nor seen in the car."""
    wrote = written(events)
    for target, value in case.never.items():
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


ALL = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.en}")


@ALL
@pytest.mark.parametrize("way", ["zh", "en", "several"])
async def test_said_in_words_it_ends_as_the_table_says(
    case: Case, way: str, tmp_path: Path
) -> None:
    tested = await car(tmp_path, case.state)
    before = tested.vehicle.export_state()
    text = getattr(case, way)
    events = await tested.run(said(text, case.speaker, addressed=case.addressed))
    assert_never(case, tested, before, events)
    assert_end(case, events)


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.capability],
    ids=lambda case: f"{case.rule}-{case.en}",
)
@pytest.mark.parametrize("channel", [Channel.API, Channel.MCP, Channel.CLOUD])
async def test_called_by_a_program_it_is_never_easier(
    case: Case, channel: Channel, tmp_path: Path
) -> None:
    tested = await car(tmp_path, case.state)
    before = tested.vehicle.export_state()
    events = await tested.run(called(case, channel))
    assert_never(case, tested, before, events)
    statuses = {result.status for result in results_of(events)}
    if case.expected is not Expected.DONE:
        assert Status.DONE not in statuses


@ALL
@pytest.mark.parametrize("way", ["zh", "en", "call"])
async def test_the_twin_is_not_blocked(case: Case, way: str, tmp_path: Path) -> None:
    twin = case.twin
    tested = await car(tmp_path, twin.state)
    request = called(twin, Channel.API) if way == "call" else said(getattr(twin, way), twin.speaker)
    ends = [(r.status, r.code) for r in results_of(await tested.run(request))]
    dialled = way == "call" and case.rule == 42  # a program's emergency call is asked about
    expected = Expected.ASKED if dialled else twin.expected
    assert any(status in ENDS[expected] for status, _ in ends), ends


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
