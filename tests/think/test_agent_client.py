"""The device's end of a session over a real server: nothing lost, nothing doubled, all bounded."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest

from edgewise.cloud.agent_api import AgentApi
from edgewise.core.call import Status
from edgewise.core.exchange import (
    Bounds,
    CloudMessage,
    Ended,
    How,
    Opening,
    Outcome,
    Proposed,
    Started,
    Text,
)
from edgewise.core.label import OriginKind, label_of
from edgewise.core.part import TextPart
from edgewise.errors import LinkError, UserError
from edgewise.testing.clock import ManualClock
from edgewise.think.agent_client import AgentClient
from tests.agent.conftest import FUNCTIONS
from tests.cloud.cut_line import CutLine, cut_line
from tests.cloud.scripted_gateway import Keys, ScriptedGateway, device, served, tools, words

OPENING = Opening(tuple(f.capability for f in FUNCTIONS), "0" * 64, "1" * 64)
HELLO = (TextPart("hello", label_of(OriginKind.TYPED)),)


class Stage:
    """A served API, a line to it that can break, and a client at its end."""

    def __init__(self, gateway: ScriptedGateway, bounds: Bounds | None) -> None:
        self.gateway, self.keys = gateway, Keys()
        self.api = AgentApi(gateway, self.keys.find, model="m", bounds=bounds)
        self.clock = ManualClock()
        self.line: CutLine
        self.client: AgentClient

    async def talk(self, turn: str = "", outcome: Outcome | None = None) -> list[CloudMessage]:
        """A turn to its end; every proposal is reported done."""
        messages: list[CloudMessage] = []
        async for message in self.client.say(HELLO, turn=turn):
            messages.append(message)
            if isinstance(message, Proposed):
                told = outcome or Outcome(Status.DONE)
                await self.client.report(message.turn, message.call, told)
        return messages


@asynccontextmanager
async def stage(
    steps: Sequence[Any],
    *budgets: int,
    bounds: Bounds | None = None,
    gate: asyncio.Event | None = None,
) -> AsyncGenerator[Stage]:
    made = Stage(ScriptedGateway(steps, gate), bounds)
    async with (
        asyncio.timeout(30),
        served(made.api) as address,
        cut_line(address, *budgets) as (made.line, broken),
    ):
        client = AgentClient(broken, "secret", OPENING, clock=made.clock, jitter=lambda: 0.0)
        async with client as made.client:
            yield made


def text_of(messages: Sequence[CloudMessage]) -> str:
    return "".join(m.text for m in messages if isinstance(m, Text))


async def test_a_turn_yields_text_proposals_and_its_end() -> None:
    async with stage([tools(("air_set", {"on": True})), words("It", " is on.")]) as on:
        messages = await on.talk()
    assert [type(m) for m in messages] == [Started, Proposed, Text, Text, Ended]
    assert text_of(messages) == "It is on."
    assert on.gateway.told(1) == [{"status": "done"}]
    assert len(on.api.sessions) == 0  # ended with the context


@pytest.mark.parametrize("budget", [150, 250, 400, 700, 1_100])
async def test_whatever_breaks_when_each_message_arrives_once_in_order(budget: int) -> None:
    """The first connection is for opening; the following ones break after some bytes each."""
    calls = [("air_set", {"on": True}), ("fan_set", {"percent": 10})]
    steps = [tools(*calls), tools(*calls), words(*(f"{n} " for n in range(30)))]
    async with stage(steps, 10_000, *range(budget, budget + 300, 75)) as on:
        messages = await on.talk()
    assert text_of(messages) == "".join(f"{n} " for n in range(30))
    proposed = [m for m in messages if isinstance(m, Proposed)]
    assert [p.call for p in proposed] == ["c1", "c2", "c3", "c4"]
    assert isinstance(messages[-1], Ended)
    assert len(on.gateway.bodies) == 3
    assert on.line.connections >= 3


async def test_an_outcome_told_while_the_line_is_down_arrives_when_it_is_up() -> None:
    async with stage([tools(("air_set", {"on": True})), words("ok")]) as on:
        messages: list[CloudMessage] = []
        async for message in on.client.say(HELLO):
            messages.append(message)
            if isinstance(message, Proposed):
                on.line.dead = True
                on.line.cut()
                await on.client.report(message.turn, message.call, Outcome(Status.DONE))
                on.line.dead = False
    assert isinstance(messages[-1], Ended)
    assert on.gateway.told(1) == [{"status": "done"}]


async def test_the_same_turn_said_again_is_not_thought_about_again() -> None:
    async with stage([words("Once.")]) as on:
        first = await on.talk("mine")
        again = await on.talk("mine")
    assert first[1:] == again[1:]
    assert again[0] == Started("mine", "m", again=True)
    assert len(on.gateway.bodies) == 1


async def test_leaving_a_turn_early_cancels_it_in_the_cloud() -> None:
    async with stage([words("A long", " story")], gate=asyncio.Event()) as on:
        async with aclosing(on.client.say(HELLO, turn="t")) as messages:
            async for message in messages:
                if isinstance(message, Text):
                    break
        (held,) = on.api.sessions._held.values()  # pyright: ignore[reportPrivateUsage]
        turn = held.host.session.turns["t"]
        await held.host.until(lambda: turn.end is not None)
        assert turn.end is not None
        assert turn.end.how is How.CANCELLED


async def test_a_session_that_the_cloud_has_lost_is_told_and_not_waited_for() -> None:
    async with stage([words("never")], gate=asyncio.Event()) as on:
        turn = asyncio.create_task(on.talk())
        await on.gateway.asked.wait()
        await on.api.close()
        with pytest.raises(LinkError) as lost:
            await turn
        assert lost.value.code in ("session_ended", "session_lost")
        with pytest.raises(LinkError):
            await on.talk()


async def test_a_revoked_key_ends_the_session() -> None:
    async with stage([words("never")]) as on:
        on.keys.known.clear()
        with pytest.raises(LinkError) as revoked:
            await on.talk()
        assert revoked.value.code in ("invalid_api_key", "session_lost")


async def test_more_turns_than_the_cloud_takes_are_refused_by_name() -> None:
    gate = asyncio.Event()
    async with stage([words("a"), words("b")], bounds=Bounds(turns_at_once=1), gate=gate) as on:
        first = asyncio.create_task(on.talk())
        await on.gateway.asked.wait()
        with pytest.raises(LinkError) as many:
            await on.talk()
        assert many.value.code == "too_many_turns"
        gate.set()
        assert isinstance((await first)[-1], Ended)


async def test_a_message_that_is_too_long_is_not_sent() -> None:
    async with stage([]) as on:
        with pytest.raises(UserError) as long:
            async for _ in on.client.say((TextPart("x" * 70_000),)):
                pass
        assert long.value.code == "too_large"


async def test_a_proposal_held_up_on_its_way_is_old_by_the_devices_own_clock() -> None:
    """The cloud names the newest pulse it had; the device remembers when it sent that one."""
    async with stage([tools(("air_set", {"on": True})), words("ok")]) as on:
        async for message in on.client.say(HELLO, turn="t"):
            if isinstance(message, Proposed):
                fresh = on.client.age_s(message)
                on.clock.advance(7.0)
                assert on.client.age_s(message) == fresh + 7.0
                lie = Proposed("t", "c9", "air.set", {}, message.label, pulse=10_000)
                assert on.client.age_s(lie) >= 7.0
                await on.client.report("t", message.call, Outcome(Status.DONE))


async def test_a_pulse_that_was_not_sent_yet_can_not_be_named() -> None:
    """A cloud that held a proposal up would else name a later pulse, and it would look fresh."""
    async with stage([tools(("air_set", {"on": True})), words("ok")]) as on:
        async for message in on.client.say(HELLO, turn="t"):
            if isinstance(message, Proposed):
                pulses = on.client._pulses  # pyright: ignore[reportPrivateUsage]
                named = pulses[-1][0] if pulses else 0
                before = len(pulses)
                on.clock.advance(7.0)
                async with asyncio.timeout(10):
                    while len(pulses) == before:  # noqa: ASYNC110  the next pulse
                        await asyncio.sleep(0.01)
                for guess in range(named + 1, named + 100):
                    lie = Proposed("t", "c9", "air.set", {}, message.label, pulse=guess)
                    assert on.client.age_s(lie) >= 7.0
                await on.client.report("t", message.call, Outcome(Status.DONE))


@pytest.mark.parametrize(
    "address", ["http://cloud.example", "cloud.example", "ftp://127.0.0.1", "https://"]
)
def test_a_key_is_never_sent_in_the_clear(address: str) -> None:
    with pytest.raises(UserError):
        AgentClient(address, "secret", OPENING)


async def test_what_the_cloud_refuses_at_the_opening_keeps_its_code() -> None:
    api = AgentApi(ScriptedGateway([]), Keys({"secret": device()}).find, model="m")
    async with served(api) as address:
        with pytest.raises(LinkError) as refused:
            async with AgentClient(address, "wrong", OPENING):
                pass
    assert refused.value.code == "invalid_api_key"


async def test_a_cloud_that_is_not_there_is_told_so() -> None:
    with pytest.raises(LinkError) as away:
        async with AgentClient("http://127.0.0.1:9", "secret", OPENING, jitter=lambda: 0.0):
            pass
    assert away.value.code == "unreachable"


async def test_after_so_many_connections_that_brought_nothing_the_session_is_lost() -> None:
    gateway = ScriptedGateway([words("late")])
    async with (
        asyncio.timeout(20),
        served(AgentApi(gateway, Keys().find, model="m")) as address,
        cut_line(address, 10**9, 40, 40, 40, 40) as (line, broken),
        AgentClient(broken, "secret", OPENING, jitter=lambda: 0.0, most_failures=2) as client,
    ):
        with pytest.raises(LinkError) as lost:
            async for _ in client.say(HELLO):
                pass
    assert lost.value.code == "link_lost"
    assert line.connections == 4, "one to open, two that failed, one to end"


async def test_no_connection_is_made_again_once_it_may_not_be() -> None:
    may = iter([True, False])
    async with (
        asyncio.timeout(20),
        served(AgentApi(ScriptedGateway([words("late")]), Keys().find, model="m")) as address,
        cut_line(address, 10**9, 40, 40, 40) as (line, broken),
        AgentClient(
            broken, "secret", OPENING, jitter=lambda: 0.0, may_connect=lambda: next(may)
        ) as client,
    ):
        with pytest.raises(LinkError) as lost:
            async for _ in client.say(HELLO):
                pass
    assert lost.value.code == "consent_withdrawn"
    assert line.connections == 3, "one to open, one that broke, one to end"
