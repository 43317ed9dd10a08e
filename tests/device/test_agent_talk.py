"""A whole device gives a task to a cloud's agent: what leaves is redacted, what comes back acts by
the device's own policy, and a link that breaks doubles nothing."""

import asyncio
import json
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from edgewise.act.function import Function
from edgewise.agent.reach import Outgoing
from edgewise.cloud.agent_api import AgentApi
from edgewise.core.call import Resolved, Status
from edgewise.core.capability import Capability, Risk
from edgewise.core.clock import SystemClock
from edgewise.core.endpoint import Endpoint
from edgewise.core.event import (
    Answered,
    CallFinished,
    CallResolved,
    CallStarted,
    Came,
    Left,
    NeedsApproval,
    Weighed,
)
from edgewise.core.exchange import Outcome
from edgewise.core.label import Label, OriginKind, label_of
from edgewise.core.message import Request, Speaker
from edgewise.core.part import TextPart
from edgewise.core.place import Mode, Way
from edgewise.core.words import Words
from edgewise.device.agent_talk import AgentTalk
from edgewise.device.spending import Spending
from edgewise.route.payload import Payload
from edgewise.route.pseudonym import Pseudonyms
from edgewise.route.question import Question
from edgewise.route.recognise import Known, Names
from edgewise.web.connection import listen
from tests.cloud.cut_line import cut_line
from tests.cloud.scripted_gateway import Keys, ScriptedGateway, Step, served, tools, words
from tests.device.agent_scene import LAMP, MAIL, PARTLY, TASK, ask, device_of, of, scene


async def test_a_task_is_done_by_what_the_clouds_agent_proposes(tmp_path: Path):
    async with scene(tmp_path, tools(LAMP), words("The lamp ", "is on.")) as on:
        events = await on.ask()
        end = events[-1]
        assert isinstance(end, Answered)
        assert end.source == "home"
        assert "The lamp is on." in end.text
        assert end.changed
        assert [one.result.status for one in of(CallFinished, events)] == ["done"]
        (weighed,) = of(Weighed, events)
        assert weighed.routing.way is Way.AGENT
        (came,) = of(Came, events)
        assert (came.failed, came.input_tokens, came.output_tokens) == ("", 20, 7)
        assert came.cost > 0
        assert [one.purpose for one in of(Left, events)] == ["tools", "tools"]
        assert on.gateway.told(1)[0]["status"] == "done"


def standin_in(body: dict[str, Any]) -> str:
    said = json.dumps(body["messages"])
    return f"<EMAIL_{said.partition('<EMAIL_')[2][:4]}>"


async def test_what_is_personal_leaves_as_a_stand_in_and_is_put_back_here(tmp_path: Path):
    def look_up(body: dict[str, Any]) -> Step:
        return tools(("memory_save", {"fact": f"evening with {standin_in(body)}"}))

    def answer(body: dict[str, Any]) -> Step:
        said = standin_in(body)
        return words("I noted ", said[:5], said[5:], ".")

    async with scene(tmp_path, look_up, answer) as on:
        events = await on.ask()
        assert MAIL not in on.sent
        (resolved,) = of(CallResolved, events)
        assert resolved.call.arguments == {"fact": f"evening with {MAIL}"}
        assert f"I noted {MAIL}." in events[-1].text
        assert of(Left, events)[0].replaced == {"email": 1}


async def test_what_left_can_be_shown(tmp_path: Path):
    async with scene(tmp_path, tools(LAMP), words("ok")) as on:
        events = await on.ask()
        assert on.device.reach is not None
        first, result = (on.device.reach.shown(one.digest) for one in of(Left, events))
        assert first is not None
        assert [turn.role for turn in first.turns] == ["tools", "user"]
        assert "light.interior.set" in first.turns[0].text
        assert result is not None
        assert json.loads(result.turns[0].text)["changed"]


async def test_what_the_device_reads_is_told_redacted(tmp_path: Path):
    data = {"who": MAIL, "phone": 13812345678, "said": "nothing"}
    capability = Capability("desk.read", Words("read the desk", "看桌面"), Risk.READ)
    own = label_of(OriginKind.SYSTEM, "desk")
    function = Function(capability, lambda call, snapshot: Resolved(data=data, label=own))
    async with scene(tmp_path, tools(("desk_read", {})), words("ok")) as on:
        on.device.agent.catalogue.add((function,))
        events = await on.ask()
        (told,) = on.gateway.told(1)
        assert told["status"] == "done"
        assert "nothing" in str(told)
        assert MAIL not in on.sent
        assert "13812345678" not in on.sent
        assert of(Left, events)[1].replaced == {"email": 1, "phone": 1}


async def test_content_that_was_read_is_withheld_where_it_is_private(tmp_path: Path):
    async with scene(tmp_path, tools(("message_read", {})), words("ok")) as on:
        await on.ask()
        (told,) = on.gateway.told(1)
        assert "data" not in told
        assert "untrusted_content" not in told


async def test_without_the_consent_for_it_nothing_leaves_and_the_person_is_told(tmp_path: Path):
    async with scene(tmp_path, words("x"), purposes=("assist",)) as on:
        events = await on.ask()
        assert on.gateway.bodies == []
        assert not of(Left, events)
        assert "edgewise consent grant home --purpose tools" in events[-1].text


async def test_a_consent_for_tools_is_none_for_questions(tmp_path: Path):
    async with scene(tmp_path, words("x"), purposes=("tools",)) as on:
        events = await on.ask("why is the sky blue")
        assert on.gateway.bodies == []
        assert not of(Left, events)


async def test_what_the_device_did_of_it_is_neither_offered_nor_done_again(tmp_path: Path):
    async with scene(tmp_path, words("It will be clear.")) as on:
        events = await on.ask(PARTLY)
        assert [e.result.capability for e in of(CallFinished, events)] == ["light.interior.set"]
        (body,) = on.gateway.bodies
        names = [tool["function"]["name"] for tool in body["tools"]]
        assert "light_interior_set" not in names
        assert "climate_set_temperature" in names
        assert "Done by the device already" in on.sent
        assert "It will be clear." in events[-1].text


async def test_what_needs_a_yes_is_asked_here_and_the_model_does_not_wait(tmp_path: Path):
    unlock = ("trunk_set", {"which": "rear", "open": True})
    async with scene(tmp_path, tools(unlock), words("It asks you.")) as on:
        events = await asyncio.wait_for(on.ask(), 15)
        (told,) = on.gateway.told(1)
        assert told["status"] == "asked"
        assert isinstance(events[-1], NeedsApproval)
        assert not of(CallStarted, events)


async def test_a_cancelled_turn_ends_in_the_cloud_too(tmp_path: Path):
    gate = asyncio.Event()
    async with scene(tmp_path, tools(LAMP), words("late"), gate=gate) as on:
        request = Request((TextPart(TASK),), "s", Speaker())
        async with aclosing(on.device.agent.run(request)) as events:
            async for event in events:
                if isinstance(event, Left):
                    await asyncio.wait_for(on.gateway.asked.wait(), 10)
                    break
        await asyncio.wait_for(on.gateway.stopped.wait(), 10)
        gate.set()
        assert len(on.gateway.bodies) == 1


async def test_a_cloud_that_is_away_leaves_the_devices_own_words(tmp_path: Path):
    with listen(0) as nobody:
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    async with device_of(tmp_path, address) as device:
        events = await ask(device)
    (came,) = of(Came, events)
    assert (came.failed, came.cost) == ("unreachable", 0.0)
    assert Spending(tmp_path, SystemClock()).today().size_bytes == 0
    assert "The cloud's agent could not help." in events[-1].text


@pytest.mark.parametrize("budget", [600, 1_500, 3_000])
async def test_a_link_that_breaks_is_resumed_and_nothing_is_done_twice(tmp_path: Path, budget: int):
    """The first connection opens the session; the second breaks after `budget` bytes."""
    gateway = ScriptedGateway([tools(LAMP), words("The lamp is on.")])
    async with (
        served(AgentApi(gateway, Keys().find, model="m")) as address,
        cut_line(address, 10**9, budget) as (_, broken),
        device_of(tmp_path, broken) as device,
    ):
        events = await ask(device)
    assert "The lamp is on." in events[-1].text
    assert len(of(CallStarted, events)) == 1
    assert [told["status"] for told in gateway.told(1)] == ["done"]


async def test_a_link_that_stays_broken_ends_in_the_devices_own_words(tmp_path: Path):
    gateway = ScriptedGateway([tools(LAMP), words("late")])
    async with (
        served(AgentApi(gateway, Keys().find, model="m")) as address,
        cut_line(address, 10**9, *[300] * 8) as (_, broken),
        device_of(tmp_path, broken) as device,
    ):
        events = await asyncio.wait_for(ask(device), 15)
    (came,) = of(Came, events)
    assert came.failed == "link_lost"
    own = ("I did not understand", "I am not sure what you want", "Do you mean")
    assert any(words in events[-1].text for words in own)


async def test_what_it_costs_is_counted(tmp_path: Path):
    async with scene(tmp_path, tools(LAMP), words("ok")) as on:
        await on.ask()
    spent = Spending(tmp_path, SystemClock()).today()
    assert spent.money == pytest.approx((20 * 1.0 + 7 * 2.0) / 1e6)
    assert spent.size_bytes > 10_000
    assert spent.turns == 1


async def test_an_add_on_that_names_somebody_is_not_offered(tmp_path: Path):
    async with scene(tmp_path, words("ok")) as on:
        catalogue = on.device.agent.catalogue
        for name, says in (("tide.read", "tell the tide"), ("pet.feed", f"feed {MAIL}'s cat")):
            capability = Capability(name, Words(says, says), Risk.READ, provider="tide")
            catalogue.add((Function(capability, lambda call, snapshot: Resolved(data=1)),))
        await on.ask()
        names = [tool["function"]["name"] for tool in on.gateway.bodies[0]["tools"]]
        assert "tide_read" in names
        assert "pet_feed" not in names


def test_a_word_behind_a_lines_end_or_a_tab_is_found_in_a_result(tmp_path: Path):
    left: list[Payload] = []

    def leaving(payload: Payload, _: Question) -> Outgoing:
        left.append(payload)
        return Outgoing("home", "CN", "tools", b"", payload.digest)

    question = Question("", Mode.PREFER_CLOUD, 0.0, purpose="tools")
    names, clock = Names(Known(people=("Anna",))), SystemClock()
    talk = AgentTalk(
        "t", question, Endpoint("home", "https://a/v1", "m", "CN"), lambda: "k",
        Pseudonyms(b"k" * 32, "s"), lambda: names, clock, leaving, Spending(tmp_path, clock), set(),
    )  # fmt: skip
    said = 'Call\nAnna\t13800138000\x0b13800138001 "a\\nb"'
    talk.outcome(Outcome(Status.DONE, data={"said": said}), Label())
    ((turn,),) = [payload.turns for payload in left]
    told = json.loads(turn.text)["data"]["said"]
    assert not any(one in told for one in ("Anna", "138"))
    assert told.startswith("Call\n ")
    assert told.endswith('"a\\nb"'), "a stroke that was said stays one"
