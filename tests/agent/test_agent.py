"""The agent keeps turns in order, ends what must end, and survives what fails."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from edgewise.agent.agent import MAX_WAITING, Agent
from edgewise.agent.sessions import MOST_OF_PERSONS
from edgewise.core.event import Answered, CallStarted, Event, NeedsApproval, Stopped, TextDelta
from edgewise.core.message import Request, Speaker
from edgewise.core.part import TextPart
from edgewise.device.vehicle.faults import Swallowed
from edgewise.errors import ModelError, UserError
from tests.agent.conftest import AIR, FAN, TRUNK, WINDOW, House, request

LIMIT_S = 5.0


async def collect(house: House, text: str, session: str = "s") -> list[Event]:
    return await asyncio.wait_for(house.ask(text, session=session), LIMIT_S)


async def test_turns_of_one_session_run_one_after_another(house: House) -> None:
    first = asyncio.create_task(collect(house, "wait please"))
    await asyncio.wait_for(house.mind.waiting.wait(), LIMIT_S)
    second = asyncio.create_task(collect(house, "air on"))
    await asyncio.sleep(0)
    assert house.state(AIR) is False
    house.mind.gate.set()
    done = await asyncio.gather(first, second)
    assert done[0][-1].at <= done[1][0].at
    assert house.state(AIR) is True


async def test_another_session_does_not_wait(house: House) -> None:
    first = asyncio.create_task(collect(house, "wait please", "a"))
    await asyncio.wait_for(house.mind.waiting.wait(), LIMIT_S)
    events = await collect(house, "air on", "b")
    assert isinstance(events[-1], Answered)
    assert not first.done()
    house.mind.gate.set()
    await first


async def test_stop_does_not_queue_behind_the_turn_it_stops(house: House) -> None:
    first = asyncio.create_task(collect(house, "wait please"))
    await asyncio.wait_for(house.mind.waiting.wait(), LIMIT_S)
    stop = await collect(house, "stop")
    ended = await first
    assert isinstance(ended[-1], Stopped)
    assert ended[-1].code == "cancelled"
    assert isinstance(stop[-1], Answered)


@pytest.mark.rule(29)
async def test_a_stop_that_was_overheard_stops_nobody_s_turn(house: House) -> None:
    first = asyncio.create_task(collect(house, "wait please"))
    await asyncio.wait_for(house.mind.waiting.wait(), LIMIT_S)
    overheard = Request((TextPart("stop"),), "s", Speaker(), addressed=False)
    said = asyncio.create_task(anext(house.agent.run(overheard)))
    await asyncio.sleep(0.05)
    assert not first.done()
    house.mind.gate.set()
    assert isinstance((await first)[-1], Answered)
    await said


async def test_a_turn_that_is_stopped_before_its_first_step_ends_too(house: House) -> None:
    """Found by a search over two sessions: its caller waited for ever."""
    first = asyncio.create_task(collect(house, "air on"))
    await asyncio.sleep(0)  # it has asked for its turn, which has not begun
    stop = await collect(house, "stop")
    (ended,) = await first
    assert isinstance(ended, Stopped)
    assert ended.code == "cancelled"
    assert isinstance(stop[-1], Answered)
    assert house.state(AIR) is False


async def test_a_cancelled_turn_ends_with_a_reason(house: House) -> None:
    events: list[Event] = []

    async def follow() -> None:
        async for event in house.agent.run(request("wait please")):
            events.append(event)

    task = asyncio.create_task(follow())
    await asyncio.wait_for(house.mind.waiting.wait(), LIMIT_S)
    assert await house.agent.cancel(events[0].turn) is True
    await asyncio.wait_for(task, LIMIT_S)
    assert isinstance(events[-1], Stopped)
    assert await house.agent.cancel(events[0].turn) is False


async def test_leaving_the_stream_ends_the_turn(house: House) -> None:
    stream = house.agent.run(request("wait please"))
    first = await anext(stream)
    await asyncio.wait_for(house.mind.waiting.wait(), LIMIT_S)
    await stream.aclose()  # type: ignore[attr-defined]
    recorded = await house.agent.trail(first.turn)
    assert recorded is not None
    assert isinstance(recorded[-1], Stopped)


@pytest.mark.parametrize(
    ("failure", "code"),
    [(ModelError("gone"), "model_failed"), (RuntimeError("a fault of ours"), "internal")],
)
async def test_a_step_that_fails_ends_the_turn_with_a_reason(
    house: House, failure: Exception, code: str
) -> None:
    house.mind.failure = failure
    events = await collect(house, "air on")
    assert isinstance(events[-1], Stopped)
    assert events[-1].code == code
    house.mind.failure = None
    assert isinstance((await collect(house, "air on"))[-1], Answered)


async def test_a_turn_over_its_deadline_is_stopped(house: House) -> None:
    hasty = Agent(house.agent.home, house.agent._trail, deadline_s=0.02)
    events = [event async for event in hasty.run(request("wait please"))]
    assert isinstance(events[-1], Stopped)
    assert events[-1].code == "timed_out"


async def test_too_many_waiting_turns_are_refused(house: House) -> None:
    tasks = [asyncio.create_task(collect(house, "wait please")) for _ in range(MAX_WAITING)]
    await asyncio.wait_for(house.mind.waiting.wait(), LIMIT_S)
    with pytest.raises(UserError, match="limit is"):
        await collect(house, "air on")
    house.mind.gate.set()
    await asyncio.gather(*tasks)


async def test_two_windows_do_not_wait_for_each_other_but_the_same_window_does(
    house: House,
) -> None:
    house.mind.script["twice"] = [("window.set", {"percent": 50}), ("window.set", {"percent": 20})]
    events = await collect(house, "twice")
    assert events[-1].changed == {WINDOW: 20}


async def test_what_is_urgent_does_not_wait_for_the_turn_before_it(house: House) -> None:
    house.mind.script["urgent"] = [("air.set", {"on": True})]
    first = asyncio.create_task(collect(house, "wait please"))
    await asyncio.wait_for(house.mind.waiting.wait(), LIMIT_S)
    events = await collect(house, "urgent")
    assert isinstance(events[-1], Answered)
    assert house.state(AIR) is True
    assert not first.done()
    house.mind.gate.set()
    await first


async def test_stop_is_never_refused_for_a_full_queue(house: House) -> None:
    tasks = [asyncio.create_task(collect(house, "wait please")) for _ in range(MAX_WAITING)]
    await asyncio.wait_for(house.mind.waiting.wait(), LIMIT_S)
    assert isinstance((await collect(house, "stop"))[-1], Answered)
    ended = await asyncio.gather(*tasks)
    assert {type(events[-1]) for events in ended} == {Stopped}


async def test_what_is_urgent_acts_even_when_the_trail_can_not_be_written(house: House) -> None:
    house.mind.script["urgent"] = [("air.set", {"on": True})]
    for descriptor in house.agent._trail._files.values():
        os.close(descriptor)
    house.agent._trail._files.clear()
    house.agent._trail.folder = Path("/proc/nowhere")
    assert isinstance((await collect(house, "urgent"))[-1], Answered)
    assert house.state(AIR) is True
    refused = await collect(house, "window half")
    assert isinstance(refused[-1], Stopped)
    assert house.state(WINDOW) == 0


async def test_a_reader_that_does_not_read_still_finds_the_end(house: House) -> None:
    house.mind.pieces = ["x"] * 3000
    stream = house.agent.run(request("how are you"))
    await anext(stream)
    await asyncio.wait([running.task for running in house.agent._running.values()])
    events = [event async for event in stream]
    assert isinstance(events[-1], Answered)


async def test_a_person_s_open_question_outlives_any_number_of_sessions(house: House) -> None:
    asked = (await collect(house, "trunk", "mine"))[-1]
    assert isinstance(asked, NeedsApproval)
    for number in range(MOST_OF_PERSONS + 5):
        await collect(house, "no", f"other{number}")
    assert (await collect(house, "yes", "mine"))[-1].changed == {TRUNK: True}


async def test_after_a_turn_that_was_cut_off_nothing_older_is_undone(house: House) -> None:
    house.mind.script["fan"] = [("fan.set", {"percent": 40})]
    await collect(house, "fan")
    house.car.inject(Swallowed(WINDOW))
    stream = house.agent.run(request("window half"))
    async for event in stream:
        if isinstance(event, CallStarted):
            await house.agent.cancel(event.turn)
    events = await collect(house, "undo")
    assert events[-1].changed == {}
    assert house.state(FAN) == 40


async def test_a_reader_that_is_cancelled_while_its_turn_ends_stays_cancelled(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending, gate = asyncio.Event(), asyncio.Event()

    async def slow_to_end(*_: object, **__: object) -> AsyncIterator[str]:
        try:
            yield "Hello"
            await asyncio.Event().wait()
        finally:
            ending.set()
            await gate.wait()

    monkeypatch.setattr(house.mind, "converse", slow_to_end)

    async def reads() -> None:
        async with aclosing(house.agent.run(request("hello"))) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    break

    reader = asyncio.create_task(reads())
    await asyncio.wait_for(ending.wait(), LIMIT_S)
    reader.cancel()
    await asyncio.wait([reader], timeout=LIMIT_S)
    gate.set()
    assert reader.cancelled()


async def test_a_question_that_nobody_was_shown_is_not_there_for_a_yes(house: House) -> None:
    """Found by a search: its reader had left when the turn came to ask, and a later yes did it."""
    stream = house.agent.run(request("trunk"))
    await anext(stream)
    await asyncio.sleep(0.2)  # the turn runs on to its question, which stays unread
    await stream.aclose()  # type: ignore[attr-defined]
    events = await collect(house, "yes")
    assert not [event for event in events if isinstance(event, CallStarted)]
