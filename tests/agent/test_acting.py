"""Calls are resolved, decided and performed in order, and the ledger holds what really happened."""

import asyncio
import math
from collections.abc import AsyncIterator, Sequence

import msgspec

from edgewise.act.driver import Drivers
from edgewise.act.function import Catalogue, Function
from edgewise.agent.acting import Acting
from edgewise.agent.home import Home
from edgewise.agent.marker import Marker
from edgewise.core.call import Ask, Call, Deny, Effect, Status
from edgewise.core.event import (
    CallDecided,
    CallFinished,
    CallResolved,
    CallStarted,
    Event,
    PendingCall,
)
from edgewise.core.label import OriginKind, label_of
from edgewise.core.message import Speaker
from edgewise.core.signal import Reading
from edgewise.device.vehicle.faults import Swallowed
from edgewise.device.vehicle.simulated import SimulatedVehicle
from tests.agent.conftest import AIR, FAN, SWITCH, TRUNK, WINDOW, House

TYPED = label_of(OriginKind.TYPED, "driver")


def call(number: int, name: str, house: House, **arguments: object) -> Call:
    return Call(f"t.{number}", name, dict(arguments), TYPED, asked_at=house.clock.monotonic())


def acting(
    house: House,
    agreed: dict[str, PendingCall] | None = None,
    extra: dict[str, Reading] | None = None,
    until: float = math.inf,
) -> Acting:
    mark = Marker("t", house.clock)
    return Acting(house.agent.home, Speaker(), mark, agreed or {}, extra or {}, until)


async def carried_out(made: Acting, calls: Sequence[Call]) -> list[Event]:
    return [event async for event in to_the_end(made, calls)]


async def to_the_end(made: Acting, calls: Sequence[Call]) -> AsyncIterator[Event]:
    async for event in made.carry_out(calls):
        yield event
    async for event in made.read_back():
        yield event


def statuses(made: Acting) -> dict[str, Status]:
    return {result.call: result.status for result in made.ledger.results}


async def test_each_call_is_resolved_before_decided_before_started(house: House) -> None:
    made = acting(house)
    events = await carried_out(made, [call(1, "air.set", house, on=True)])
    assert [type(event) for event in events] == [
        CallResolved,
        CallDecided,
        CallStarted,
        CallFinished,
    ]
    assert made.ledger.changed == {AIR: True}


async def test_the_record_of_a_call_holds_what_was_looked_at_and_no_more(house: House) -> None:
    events = await carried_out(acting(house), [call(1, "air.set", house, on=True)])
    state = events[0].state
    assert "Vehicle.Speed" in state
    assert len(state) < 100


async def test_an_unknown_capability_is_impossible_and_the_next_call_runs(house: House) -> None:
    made = acting(house)
    await carried_out(made, [call(1, "no.such", house), call(2, "air.set", house, on=True)])
    assert statuses(made) == {"t.1": Status.IMPOSSIBLE, "t.2": Status.DONE}


async def test_a_lacking_argument_is_asked_for_and_kept(house: House) -> None:
    made = acting(house)
    await carried_out(made, [call(1, "air.set", house)])
    ((waiting, missing),) = made.ledger.missing
    assert (waiting.id, missing.argument) == ("t.1", "on")
    assert statuses(made) == {"t.1": Status.MISSING}


async def test_what_was_asked_for_twice_is_let_go(house: House) -> None:
    made = acting(house)
    asked = msgspec.structs.replace(call(1, "air.set", house), asked=("on", "on"))
    await carried_out(made, [asked])
    assert made.ledger.missing == []
    assert statuses(made) == {"t.1": Status.IMPOSSIBLE}


async def test_a_denied_call_says_which_rules_forbade_it(house: House) -> None:
    house.car.drive(gear="D", speed_km_h=100)
    made = acting(house)
    events = await carried_out(made, [call(1, "light.set", house, state="OFF")])
    (result,) = made.ledger.results
    decision = next(event.decision for event in events if isinstance(event, CallDecided))
    assert isinstance(decision, Deny)
    assert (result.status, result.rules) == (Status.DENIED, decision.rules)
    assert result.code == decision.rules[0].id
    assert house.state(SWITCH) != "OFF"


async def test_an_asked_call_waits_with_its_exact_effects(house: House) -> None:
    made = acting(house)
    events = await carried_out(made, [call(1, "trunk.set", house, open=True)])
    (waiting,) = made.ledger.pending
    assert waiting.effects == (Effect(TRUNK, True),)
    assert isinstance(events[1].decision, Ask)
    assert house.state(TRUNK) is False


async def test_a_yes_counts_for_the_effects_that_were_shown_only(house: House) -> None:
    asked = acting(house)
    await carried_out(asked, [call(1, "trunk.set", house, open=True)])
    (waiting,) = asked.ledger.pending
    shown = acting(house, {"t.1": waiting})
    await carried_out(shown, [call(1, "trunk.set", house, open=True)])
    assert statuses(shown) == {"t.1": Status.DONE}
    house.car.set_sensor(TRUNK, False)
    for agreed in ((Effect(TRUNK, False),), (Effect(TRUNK, True), Effect(AIR, True)), ()):
        other = acting(house, {"t.1": msgspec.structs.replace(waiting, effects=agreed)})
        await carried_out(other, [call(1, "trunk.set", house, open=True)])
        assert statuses(other) == {"t.1": Status.ASKED}
    assert house.state(TRUNK) is False


async def test_what_untrusted_content_proposes_is_denied(house: House) -> None:
    made = acting(house)
    foreign = msgspec.structs.replace(
        call(1, "air.set", house, on=True), label=label_of(OriginKind.MESSAGE, "Eve")
    )
    await carried_out(made, [foreign])
    assert statuses(made) == {"t.1": Status.DENIED}
    assert house.state(AIR) is False


async def test_a_slow_call_does_not_hold_up_the_next(house: House) -> None:
    house.car.inject(Swallowed(WINDOW))
    made = acting(house)
    calls = [call(1, "window.set", house, percent=10), call(2, "fan.set", house, percent=40)]
    events = await carried_out(made, calls)
    finished = [event.result.call for event in events if isinstance(event, CallFinished)]
    assert finished == ["t.2", "t.1"]
    assert statuses(made) == {"t.1": Status.FAILED, "t.2": Status.DONE}
    assert made.ledger.changed == {FAN: 40}


async def test_two_calls_for_one_target_run_one_after_another(house: House) -> None:
    house.car.inject(Swallowed(WINDOW))
    made = acting(house)
    calls = [call(1, "window.set", house, percent=80), call(2, "window.set", house, percent=20)]
    order: list[type[Event]] = []
    async for event in to_the_end(made, calls):
        if isinstance(event, CallStarted | CallFinished):
            order.append(type(event))
        if isinstance(event, CallFinished):
            house.car.heal()
    assert order == [CallStarted, CallFinished, CallStarted, CallFinished]
    assert statuses(made) == {"t.1": Status.FAILED, "t.2": Status.DONE}
    assert house.state(WINDOW) == 20


async def test_past_the_deadline_no_write_begins_and_what_has_begun_is_read_back(
    house: House,
) -> None:
    house.car.inject(Swallowed(WINDOW))
    made = acting(house, until=house.clock.monotonic() + 0.1)
    calls = [call(1, "window.set", house, percent=80), call(2, "window.set", house, percent=20)]
    events = await carried_out(made, calls)
    assert [event.call for event in events if isinstance(event, CallStarted)] == ["t.1"]
    assert statuses(made) == {"t.1": Status.FAILED, "t.2": Status.EXPIRED}
    assert made.ledger.results[0].code == "no_readback"


async def test_a_decision_that_looks_at_a_moving_target_waits_for_it(house: House) -> None:
    house.car.inject(Swallowed(WINDOW))
    made = acting(house)
    calls = [call(1, "window.set", house, percent=90), call(2, "air.set", house, on=True)]
    events = await carried_out(made, calls)
    names = [type(event) for event in events]
    assert names.index(CallFinished) < len(names) - 1 - names[::-1].index(CallResolved)
    resolved = {e.call.id: e.state for e in events if isinstance(e, CallResolved)}
    assert resolved["t.2"][WINDOW] == 0, "a write that failed must not count as done"
    assert statuses(made) == {"t.1": Status.FAILED, "t.2": Status.DONE}


async def test_session_readings_reach_the_function_that_needs_them(house: House) -> None:
    undo = Reading({"capability": "air.set", "before": {AIR: True}}, 0.0)
    made = acting(house, extra={"session.undo": undo})
    await carried_out(made, [call(1, "dialog.control", house)])
    assert made.ledger.changed == {AIR: True}


async def test_a_turn_that_is_left_early_ends_what_it_waits_for(house: House) -> None:
    house.car.inject(Swallowed(WINDOW))
    made = acting(house)
    calls = [call(1, "window.set", house, percent=10), call(2, "fan.set", house, percent=40)]
    events = made.carry_out(calls)
    async for event in events:
        if isinstance(event, CallResolved) and event.call.id == "t.2":
            break
    (waiting,) = made.ledger.moving
    made.close()
    await asyncio.wait([waiting], timeout=5.0)
    assert waiting.cancelled()


async def test_a_question_that_the_rest_of_the_sentence_settles_is_not_asked(house: House) -> None:
    house.car.set_sensor(WINDOW, 60)
    made = acting(house)
    calls = [call(1, "air.set", house, on=True), call(2, "window.set", house, percent=0)]
    await carried_out(made, calls)
    assert statuses(made) == {"t.1": Status.DONE, "t.2": Status.DONE}
    assert made.ledger.pending == []


async def test_a_question_that_stays_open_is_asked_once_after_the_rest(house: House) -> None:
    house.car.set_sensor(WINDOW, 60)
    made = acting(house)
    calls = [call(1, "air.set", house, on=True), call(2, "fan.set", house, percent=30)]
    events = await carried_out(made, calls)
    decided = [event.call for event in events if isinstance(event, CallDecided)]
    assert decided == ["t.2", "t.1"]
    assert [waiting.call.id for waiting in made.ledger.pending] == ["t.1"]
    assert house.state(AIR) is False


async def test_a_question_whose_target_got_another_last_word_stays_a_question(
    house: House,
) -> None:
    house.car.set_sensor(AIR, True)
    made = acting(house)
    calls = [
        call(1, "window.set", house, percent=100),
        call(2, "air.set", house, on=False),
        call(3, "window.set", house, percent=20),
    ]
    await carried_out(made, calls)
    assert statuses(made)["t.1"] is Status.ASKED
    assert house.state(WINDOW) == 20


async def test_waiting_for_ones_own_sentence_does_not_make_a_call_too_old(house: House) -> None:
    short = [
        Function(
            msgspec.structs.replace(f.capability, time_to_live_s=0.45, readback_s=1.0), f.resolve
        )
        for f in house.catalogue
    ]
    car = SimulatedVehicle.from_state({WINDOW: 50}, house.clock, pace=3.0)  # 0.7 s to close
    home = Home(Catalogue(short), house.agent.home.policy, Drivers([car]), house.mind, house.clock)
    made = Acting(home, Speaker(), Marker("t", house.clock), {}, {})
    calls = [call(1, "window.set", house, percent=0), call(2, "air.set", house, on=True)]
    await carried_out(made, calls)
    assert statuses(made) == {"t.1": Status.DONE, "t.2": Status.DONE}
