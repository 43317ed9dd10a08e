"""The agent keeps turns in order, ends what must end, and survives what fails."""

import asyncio

import pytest

from edgewise.agent.agent import MAX_WAITING, Agent
from edgewise.core.event import Answered, Event, Stopped
from edgewise.errors import ModelError, UserError
from tests.agent.conftest import AIR, WINDOW, House, request

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
