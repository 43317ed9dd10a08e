"""What a program can do at the real device's doors: ask, and nothing that is the person's.

The whole way: web server, guard, agent, policy, simulated car. A program that holds its token once
drove the car, said yes to itself and made itself a page key; each step of that is here, refused.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from edgewise.core.event import CallStarted
from edgewise.core.message import Request, Speaker
from edgewise.core.part import TextPart
from edgewise.core.words import Language
from edgewise.device.api import create_app
from edgewise.device.doorkeeper import Doorkeeper
from edgewise.device.runtime import Device, start_device
from tests.device.conftest import PROGRAM_TOKEN, TOKEN, client_of, listen
from tests.device.test_api import events_of, problem_of
from tests.safety.cases import CASES, Case

LOCK = "Vehicle.Cabin.Door.Row1.DriverSide.IsLocked"
TRUNK = "Vehicle.Body.Trunk.Rear.IsOpen"
WINDOW = "Vehicle.Cabin.Door.Row1.PassengerSide.Window.Position"
PERSONAL: dict[str, tuple[dict[str, Any], str]] = {
    "message.read": ({}, "read my messages"),
    "contact.find": ({"name": "Alice"}, "what is Alice's number"),
    "calendar.query": ({}, "what is on my calendar today"),
    "memory.recall": ({"query": "parking"}, "what do you remember about parking"),
}
"""What reads the person's things: as a call, and in words."""
UNLOCK = {"doors": ["all"], "locked": False}
ASKED_OR_DENIED = ("light.exterior.set", "trunk.set", "door.lock", "message.send", "seat.move")
RULES = [
    case
    for case in CASES
    if case.capability in ASKED_OR_DENIED and case.expected in ("asked", "denied")
]


@dataclass(frozen=True)
class Doors:
    """The device, and a client for each who may knock."""

    device: Device
    owner: httpx.AsyncClient
    page: httpx.AsyncClient
    program: httpx.AsyncClient

    async def value(self, path: str) -> Any:
        return (await self.device.agent.drivers.read((path,)))[path].value

    def put(self, path: str, value: Any) -> None:
        assert self.device.vehicle is not None
        self.device.vehicle.set_sensor(path, value)

    async def tool(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """What a program is told that calls an MCP tool."""
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call",
                "params": {"name": name, "arguments": arguments}}  # fmt: skip
        headers = {"Accept": "application/json, text/event-stream"}
        reply = await self.program.post("/mcp", json=body, headers=headers)
        assert reply.status_code == 200, reply.text
        return reply.json()["result"]["structuredContent"]

    async def question_of(self, turn: str) -> dict[str, Any]:
        """The body of a yes to what `turn` asks, as the person's page puts it together."""
        events = (await self.page.get(f"/v1/agent/turns/{turn}")).json()["events"]
        asked = events[-1]
        assert asked["event"] == "needs_approval"
        return {
            "approval": asked["approval"],
            "payload_hash": asked["payload_hash"],
            "approved": True,
        }


@pytest.fixture
async def doors(tmp_path: Path) -> AsyncIterator[Doors]:
    (tmp_path / "config.toml").write_text('chat_model = ""\n')
    device = await start_device(tmp_path, pace=1000.0)
    doorkeeper = Doorkeeper(TOKEN, PROGRAM_TOKEN)
    app = create_app(device.agent, doorkeeper=doorkeeper, vehicle=device.vehicle)
    key = doorkeeper.redeem(doorkeeper.launch_code())
    assert key is not None
    try:
        async with (
            listen(app) as address,
            client_of(address, TOKEN) as owner,
            client_of(address, key[0]) as page,
            client_of(address, PROGRAM_TOKEN) as program,
        ):
            yield Doors(device, owner, page, program)
    finally:
        await device.close()


async def test_a_program_can_not_say_yes_to_what_it_asked_itself(doors: Doors):
    doors.put(LOCK, True)
    asked = await doors.tool("door.lock", UNLOCK)
    assert asked["status"] == "asked"
    turn = asked["turn"]
    assert problem_of(await doors.program.get(f"/v1/agent/turns/{turn}"), 404)
    yes = await doors.question_of(turn)  # even if it guessed both values
    reply = await doors.program.post(f"/v1/agent/turns/{turn}/approval", json=yes)
    assert problem_of(reply, 403)["code"] == "not_for_programs"
    assert await doors.value(LOCK) is True


async def test_a_program_can_not_say_yes_in_words(doors: Doors):
    doors.put(LOCK, True)
    call = {"capability": "door.lock", "arguments": UNLOCK, "session": "x"}
    asked = events_of(await doors.program.post("/v1/agent/calls", json=call))[-1]
    assert asked["event"] == "needs_approval"
    for words in ("yes", "确认"):
        body = {"text": words, "session": "x"}
        events = events_of(await doors.program.post("/v1/agent/turns", json=body))
        assert not [event for event in events if event["event"] == "call_started"]
    assert await doors.value(LOCK) is True


@pytest.mark.parametrize("who", ["page", "owner"])
async def test_the_person_can_say_yes_to_what_a_program_asked(doors: Doors, who: str):
    doors.put(LOCK, True)
    turn = (await doors.tool("door.lock", UNLOCK))["turn"]
    yes = await doors.question_of(turn)
    person: httpx.AsyncClient = getattr(doors, who)
    events = events_of(await person.post(f"/v1/agent/turns/{turn}/approval", json=yes))
    assert events[0]["resumes"] == turn
    assert events[-1]["event"] == "answered"
    assert await doors.value(LOCK) is False


async def test_a_program_reads_the_car_and_nothing_of_the_persons(doors: Doors):
    whole = (await doors.page.get("/v1/agent/state")).json()
    assert any(target.startswith("phone.messages") for target in whole)
    seen = (await doors.program.get("/v1/agent/state")).json()
    assert seen["Vehicle.Speed"] == 0
    assert {target.partition(".")[0] for target in seen} == {"Vehicle"}
    async with doors.program.stream("GET", "/v1/agent/state/stream") as stream:
        first = await anext(line async for line in stream.aiter_lines() if "data: " in line)
    assert '"Vehicle.Speed"' in first
    assert "phone." not in first


@pytest.mark.rule(35)
@pytest.mark.parametrize("capability", PERSONAL)
async def test_what_is_personal_a_program_reads_by_no_door_unasked(doors: Doors, capability: str):
    arguments, words = PERSONAL[capability]
    told = await doors.tool(capability, dict(arguments))
    assert (told["status"], told.get("data")) == ("asked", None)
    for route, said in (
        ("calls", {"capability": capability, "arguments": arguments, "session": "calls"}),
        ("turns", {"text": words, "session": "words"}),
    ):
        events = events_of(await doors.program.post(f"/v1/agent/{route}", json=said))
        results = [event["result"] for event in events if event["event"] == "call_finished"]
        assert [(r["capability"], r["status"], r["data"]) for r in results] == [
            (capability, "asked", None)
        ], route
        assert events[-1]["event"] == "needs_approval", route


@pytest.mark.rule(32, 35)
@pytest.mark.parametrize("zone", ["passenger", "row2_left", "row3", None])
async def test_only_the_driver_answers_what_a_program_asked(doors: Doors, zone: str | None):
    """Found: a yes from the rear seat read all messages out to an MCP client."""
    asked = await doors.tool("message.read", {})
    yes = await doors.question_of(asked["turn"])
    route = f"/v1/agent/turns/{asked['turn']}/approval"
    events = events_of(await doors.page.post(route, json={**yes, "zone": zone}))
    assert not [event for event in events if event["event"] == "call_finished"]
    events = events_of(await doors.page.post(route, json={**yes, "zone": "driver"}))
    assert [e["result"]["status"] for e in events if e["event"] == "call_finished"] == ["done"]


@pytest.mark.rule(21)
async def test_a_program_moves_no_window_or_seat_unasked_by_any_door(doors: Doors):
    doors.put(WINDOW, 60)
    for capability, arguments, ends in (
        ("window.set", {"windows": ["passenger"], "percent": 100}, {"asked"}),
        ("window.set", {"windows": ["row2_left"], "percent": 50}, {"asked"}),
        ("window.set", {"windows": ["passenger"], "percent": 0}, {"denied"}),
        ("seat.move", {"seat": "passenger", "axis": "backrest", "delta": 10}, {"asked"}),
    ):
        told = await doors.tool(capability, arguments)
        body = {"capability": capability, "arguments": arguments}
        events = events_of(await doors.program.post("/v1/agent/calls", json=body))
        status = [e["result"]["status"] for e in events if e["event"] == "call_finished"]
        assert {told["status"], *status} == ends, (capability, told, events)
    assert await doors.value(WINDOW) == 60


@pytest.mark.rule(33)
async def test_a_scene_that_a_program_wrote_asks_before_it_moves_anything(doors: Doors):
    """Found: saved unasked over HTTP, then "run the home scene" opened all windows."""
    step = {"capability": "window.set", "arguments": {"windows": ["all"], "percent": 50}}
    save = {"capability": "scene.save", "arguments": {"name": "home", "steps": {"steps": [step]}}}
    saved = events_of(await doors.program.post("/v1/agent/calls", json=save))[-1]
    assert saved["event"] == "needs_approval"
    yes = await doors.question_of(saved["turn"])
    await doors.page.post(f"/v1/agent/turns/{saved['turn']}/approval", json=yes)
    run = {"text": "run the home scene", "session": "cockpit"}
    events = events_of(await doors.page.post("/v1/agent/turns", json=run))
    assert events[-1]["event"] == "needs_approval", events[-1]
    rules = [rule["id"] for call in events[-1]["calls"] for rule in call["rules"]]
    assert "R00-program-asks" in rules
    assert await doors.value(WINDOW) == 0


async def test_a_program_has_no_hand_on_the_wheel_or_at_a_switch(doors: Doors):
    bodies = {
        "drive": {"gear": "D", "speed_km_h": 100},
        "sensor": {"path": TRUNK, "value": True},
        "fault": {"kind": "stale", "target": "Vehicle.Body.Trunk"},
    }
    for route, body in bodies.items():
        reply = await doors.program.post(f"/v1/simulation/{route}", json=body)
        assert problem_of(reply, 403)["code"] == "not_for_programs"
    assert (await doors.value("Vehicle.Speed"), await doors.value(TRUNK)) == (0, False)
    assert (await doors.owner.post("/v1/simulation/drive", json=bodies["drive"])).json()["done"]
    assert await doors.value("Vehicle.Speed") == 100
    denied = await doors.tool("trunk.set", {"which": "rear", "open": True})
    assert (denied["status"], denied["changed"]) == ("denied", {})


@pytest.mark.rule(31)
async def test_a_program_s_question_that_asks_anew_is_still_no_question_for_a_bare_yes(
    doors: Doors,
):
    wide = {"windows": ["passenger"], "percent": 100}
    asked = await doors.tool("window.set", wide)
    doors.put("Vehicle.Cabin.HVAC.IsAirConditioningActive", True)
    yes = await doors.question_of(asked["turn"])
    route = "/v1/agent/turns/{}/approval"
    again = events_of(await doors.page.post(route.format(asked["turn"]), json=yes))[-1]
    assert again["event"] == "needs_approval"
    assert again["zone"] == "driver"
    assert await doors.value(WINDOW) == 0
    agent = doors.device.agent
    bare = Request((TextPart("yes"),), "mcp.client", Speaker(), Language.ENGLISH)
    assert not [e async for e in agent.run(bare) if isinstance(e, CallStarted)]
    yes = await doors.question_of(again["turn"])
    done = events_of(await doors.page.post(route.format(again["turn"]), json=yes))[-1]
    assert done["changed"] == {WINDOW: 100}


async def test_a_question_whose_session_is_not_known_any_more_is_refused(doors: Doors):
    """Found: it was answered in the session `default`, whose own open question that made void."""
    said = {"text": "open the trunk", "session": "default"}
    asked = events_of(await doors.page.post("/v1/agent/turns", json=said))[-1]
    mine = await doors.question_of(asked["turn"])
    old = await doors.tool("message.read", {})
    yes = await doors.question_of(old["turn"])
    route = "/v1/agent/turns/{}/approval"
    anew = create_app(doors.device.agent, doorkeeper=Doorkeeper(TOKEN, PROGRAM_TOKEN))
    async with listen(anew) as address, client_of(address, TOKEN) as owner:  # nothing on its board
        refused = problem_of(await owner.post(route.format(old["turn"]), json=yes), 409)
    assert refused["code"] == "nothing_to_approve"
    events = events_of(await doors.page.post(route.format(asked["turn"]), json=mine))
    assert events[-1]["changed"] == {TRUNK: True}


async def test_a_program_makes_itself_no_page_key(doors: Doors):
    assert problem_of(await doors.program.post("/v1/launch", json={}), 403)
    code = (await doors.owner.post("/v1/launch", json={})).json()["code"]
    assert problem_of(await doors.program.post("/v1/launch/redeem", json={"code": code}), 403)


async def test_a_program_does_not_hear_or_undo_what_the_person_did(doors: Doors):
    said = {"text": "打开空调", "session": "cockpit"}
    done = events_of(await doors.page.post("/v1/agent/turns", json=said))[-1]
    assert done["changed"]
    for words in ("undo that", "repeat that"):
        body = {"text": words, "session": "cockpit"}
        events = events_of(await doors.program.post("/v1/agent/turns", json=body))
        assert events[0]["session"] == "program.cockpit"
        assert done["text"] not in events[-1]["text"]
    for target, value in done["changed"].items():
        assert await doors.value(target) == value


@pytest.mark.parametrize("case", RULES, ids=lambda case: f"{case.rule}-{case.en}")
async def test_what_a_rule_guards_is_asked_or_denied_for_a_program(doors: Doors, case: Case):
    for path, value in case.state.items():
        doors.put(path, value)
    told = await doors.tool(case.capability, dict(case.arguments))
    assert told["status"] in ("asked", "denied"), told
    assert told["changed"] == {}
    if told["status"] == "asked":
        route = f"/v1/agent/turns/{told['turn']}/approval"
        yes = await doors.question_of(told["turn"])
        assert problem_of(await doors.program.post(route, json=yes), 403)
    for path, value in case.never.items():
        assert await doors.value(path) != value
