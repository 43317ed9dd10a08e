"""A session at work: deadlines, approvals that come late, faults, and room."""

import asyncio
from typing import Any

import pytest

from edgewise.cloud.agent_host import Host
from edgewise.cloud.agent_session import AgentSession
from edgewise.cloud.caller import Caller
from edgewise.cloud.refusal import Refused, wrong_key
from edgewise.core.call import Status
from edgewise.core.exchange import (
    Ack,
    Bounds,
    DeviceMessage,
    Ended,
    FromCloud,
    FromDevice,
    How,
    Opening,
    Outcome,
    Proposed,
    Report,
    Say,
    cloud_frame,
)
from edgewise.core.label import OriginKind, label_of
from edgewise.core.part import TextPart
from edgewise.testing.clock import ManualClock
from tests.agent.conftest import FUNCTIONS
from tests.cloud.scripted_gateway import ScriptedGateway, device, tools, words

OPENING = Opening(tuple(f.capability for f in FUNCTIONS), "0" * 64, "1" * 64)
AIR = tools(("air_set", {"on": True}))


class Driven:
    """A host and a device that talks to it without a network."""

    def __init__(self, *steps: Any, gate: asyncio.Event | None = None, **bounds: Any) -> None:
        self.gateway = ScriptedGateway(steps, gate)
        session = AgentSession("as_1", OPENING, "m", Bounds(**bounds), 0.0)
        self.host = Host(session, self.gateway, ManualClock())
        _, self.connection = self.host.connect(0, device)
        self.seq = self.had = 0
        self.messages: list[Any] = []

    def send(self, message: DeviceMessage) -> None:
        self.seq += 1
        self.host.receive(FromDevice(self.seq, self.had, message), device)

    def say(self, turn: str = "t", deadline_s: float = 60.0) -> None:
        parts = (TextPart("hello", label_of(OriginKind.TYPED)),)
        self.send(Say(turn, parts, deadline_s=deadline_s))

    async def until(self, kind: type) -> Any:
        async with asyncio.timeout(10):
            while True:
                while self.messages:
                    message = self.messages.pop(0)
                    if isinstance(message, kind):
                        return message
                for raw in await self.host.due(self.connection):
                    frame = cloud_frame(raw)
                    if isinstance(frame, FromCloud):
                        self.had = frame.seq
                        self.messages.append(frame.message)
                self.host.receive(Ack(self.had), device)


async def test_a_turn_that_takes_too_long_is_ended_and_its_model_stopped() -> None:
    driven = Driven(words("never"), gate=asyncio.Event())
    driven.say(deadline_s=0.05)
    ended = await driven.until(Ended)
    assert (ended.how, ended.code) == (How.TIMED_OUT, "timed_out")
    assert driven.gateway.closed == 1


async def test_the_clouds_own_deadline_bounds_what_a_device_asks_for() -> None:
    driven = Driven(words("never"), gate=asyncio.Event(), deadline_s=0.05)
    driven.say(deadline_s=600)
    assert (await driven.until(Ended)).how is How.TIMED_OUT


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (Refused(402, "insufficient_quota", "no budget is left"), "insufficient_quota"),
        (RuntimeError("a fault"), "internal"),
    ],
)
async def test_whatever_fails_the_device_is_told_one_end(failure: Exception, code: str) -> None:
    driven = Driven(failure)
    driven.say()
    ended = await driven.until(Ended)
    assert (ended.how, ended.code) == (How.FAILED, code)
    assert "a fault" not in ended.message


async def test_the_model_waits_for_the_persons_answer_and_learns_it() -> None:
    driven = Driven(AIR, words("ok"))
    driven.say()
    call = (await driven.until(Proposed)).call
    driven.send(Report("t", call, Outcome(Status.ASKED)))
    driven.send(Report("t", call, Outcome(Status.DENIED, "declined")))
    await driven.until(Ended)
    assert driven.gateway.told(1) == [{"status": "denied", "code": "declined"}]


async def test_an_answer_that_takes_long_is_told_as_asked_and_then_in_the_next_turn() -> None:
    driven = Driven(AIR, words("I have asked."), words("ok"), approval_s=0.01)
    driven.say()
    call = (await driven.until(Proposed)).call
    driven.send(Report("t", call, Outcome(Status.ASKED)))
    assert (await driven.until(Ended)).how is How.ANSWERED
    assert driven.gateway.told(1) == [{"status": "asked"}]
    driven.send(Report("t", call, Outcome(Status.DONE)))
    driven.say("t2")
    await driven.until(Ended)
    assert 'air.set: {"status":"done"}' in driven.gateway.bodies[2]["messages"][-1]["content"]


async def test_a_model_that_writes_faster_than_the_device_takes_waits() -> None:
    pieces = [f"{number} " for number in range(50)]
    driven = Driven(words(*pieces), unacknowledged=4, text_bytes=4_096)
    driven.say()
    turn = driven.host.session.turns["t"]
    for _ in range(100):
        await asyncio.sleep(0)
    assert turn.answer == "0 1 2 "  # with the turn's start as many as may wait
    await driven.until(Ended)
    assert turn.answer == "".join(pieces)


async def test_each_step_asks_whose_the_key_is() -> None:
    driven = Driven(AIR)
    driven.say()
    call = (await driven.until(Proposed)).call

    def revoked() -> Caller:
        raise wrong_key()

    driven.host._asks["t"] = revoked  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(Refused):
        driven.host.receive(FromDevice(2, 0, Report("t", call, Outcome(Status.DONE))), revoked)
    ended = await driven.until(Ended)
    assert (ended.how, ended.code) == (How.FAILED, "invalid_api_key")
    assert len(driven.gateway.bodies) == 1


async def test_the_end_of_a_session_ends_its_turns() -> None:
    driven = Driven(words("never"), gate=asyncio.Event())
    driven.say()
    await driven.gateway.asked.wait()
    await driven.host.close()
    assert driven.host.session.turns["t"].end is not None
    assert await driven.host.due(driven.connection) == []


async def test_what_the_person_is_asked_after_the_turn_is_not_waited_for() -> None:
    driven = Driven(AIR, words("It asks you."), approval_s=60.0)
    driven.say()
    proposed = await driven.until(Proposed)
    driven.send(Report("t", proposed.call, Outcome(Status.ASKED, later=True)))
    async with asyncio.timeout(5):
        ended = await driven.until(Ended)
    assert ended.how is How.ANSWERED
    assert driven.gateway.told(1)[0]["status"] == "asked"
