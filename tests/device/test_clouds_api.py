"""The person's hand on the clouds over HTTP: counts at once, is kept, and is no program's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from edgewise.core.place import Mode
from edgewise.device.api import create_app
from edgewise.device.chosen_mode import choose_mode
from edgewise.device.cloud_desk import CloudDesk
from edgewise.device.config import load_config
from edgewise.device.doorkeeper import Doorkeeper
from edgewise.device.runtime import Device
from edgewise.device.tunnel import in_tunnel, set_tunnel
from tests.cloud.strange_upstream import StrangeUpstream
from tests.device.conftest import PROGRAM_TOKEN, TOKEN, Served, client_of, listen
from tests.device.test_api import events_of, problem_of
from tests.device.test_reach import ASKED, MAIL, connected


@dataclass
class Desk:
    """A real device with one real cloud behind its real doors."""

    device: Device
    cloud: StrangeUpstream
    owner: httpx.AsyncClient
    program: httpx.AsyncClient

    async def told(self) -> Any:
        return (await self.owner.get("/v1/clouds")).json()

    async def ask(self, text: str = ASKED) -> list[dict[str, Any]]:
        body = {"text": text, "session": "s"}
        return events_of(await self.owner.post("/v1/agent/turns", json=body))


@asynccontextmanager
async def desk_in(
    folder: Path, mode: str = "prefer_cloud", *, consent: bool = True
) -> AsyncIterator[Desk]:
    async with connected(folder, mode, consent=consent) as (device, cloud):
        clock = device.agent.home.clock
        desk = CloudDesk(folder, load_config(folder), clock, device.reach)
        app = create_app(device.agent, doorkeeper=Doorkeeper(TOKEN, PROGRAM_TOKEN), clouds=desk)
        async with (
            listen(app) as url,
            client_of(url, TOKEN) as owner,
            client_of(url, PROGRAM_TOKEN) as program,
        ):
            yield Desk(device, cloud, owner, program)


async def test_a_mode_chosen_on_the_page_counts_for_the_next_question(tmp_path: Path):
    async with desk_in(tmp_path) as desk:
        assert (await desk.ask())[-1]["source"] == "step"
        chosen = await desk.owner.put("/v1/mode", json={"mode": "device_only"})
        assert chosen.json()["mode"] == "device_only"
        assert (await desk.ask())[-1]["source"] == ""
        choose_mode(tmp_path, Mode.PREFER_CLOUD)  # as the command line does
        assert (await desk.told())["mode"] == "prefer_cloud"
        assert (await desk.ask())[-1]["source"] == "step"
    assert len(desk.cloud.bodies) == 2


async def test_a_tunnel_is_entered_and_left_on_the_page_and_on_the_command_line(tmp_path: Path):
    async with desk_in(tmp_path) as desk:
        told = (await desk.owner.put("/v1/network", json={"online": False})).json()
        assert (told["online"], told["clouds"][0]["state"]) == (False, "away")
        assert in_tunnel(tmp_path)
        assert (await desk.ask())[-1]["source"] == ""
        assert desk.cloud.bodies == []
        set_tunnel(tmp_path, on=False)
        assert (await desk.told())["clouds"][0]["state"] == "ready"
        assert (await desk.ask())[-1]["source"] == "step"


async def test_a_consent_is_given_listed_and_taken_back(tmp_path: Path):
    async with desk_in(tmp_path, consent=False) as desk:
        assert (await desk.owner.get("/v1/consents")).json() == {"consents": []}
        given = (await desk.owner.post("/v1/consents", json={"cloud": "step"})).json()
        assert (given["recipient"], given["purpose"], given["in_force"]) == ("step", "assist", True)
        assert (await desk.told())["clouds"][0]["consents"] == [given["id"]]
        assert (await desk.ask())[-1]["source"] == "step"
        ended = (await desk.owner.delete(f"/v1/consents/{given['id']}")).json()
        assert not ended["in_force"]
        assert (await desk.owner.get("/v1/consents")).json()["consents"] == [ended]
        assert (await desk.ask())[-1].get("source", "") == ""
    assert len(desk.cloud.bodies) == 1


async def test_what_left_is_told_as_it_left_and_what_it_cost(tmp_path: Path):
    async with desk_in(tmp_path) as desk:
        turn = (await desk.ask())[-1]["turn"]
        told = (await desk.owner.get(f"/v1/agent/turns/{turn}/left")).json()
        (left,) = told["left"]
        assert (left["endpoint"], left["replaced"]) == ("step", {"email": 1})
        said = left["payload"][-1]["text"]
        assert MAIL not in str(told)
        assert said.encode() in desk.cloud.bodies[0]
        assert told["cost"] == 20 / 1_000_000
        today = (await desk.told())["today"]
        assert (today["money"], today["turns"]) == (told["cost"], 1)
        assert today["bytes"] >= len(desk.cloud.bodies[0])
        assert desk.device.reach is not None
        desk.device.reach.forget()
        told = (await desk.owner.get(f"/v1/agent/turns/{turn}/left")).json()
        assert told["left"] == [left | {"payload": None}]


async def test_the_page_sees_what_would_leave_and_says_yes_to_it(tmp_path: Path):
    async with desk_in(tmp_path, consent=False) as desk:
        asked = (await desk.ask())[-1]
        turn = asked["turn"]
        told = (await desk.owner.get(f"/v1/agent/turns/{turn}/left")).json()
        assert told["left"] == []
        assert told["asks"]["digest"] == asked["leaving"]["digest"]
        assert "<EMAIL_" in told["asks"]["payload"][-1]["text"]
        yes = {name: asked[name] for name in ("approval", "payload_hash")} | {"approved": True}
        path = f"/v1/agent/turns/{turn}/approval"
        refused = await desk.program.post(path, json=yes)
        assert problem_of(refused, 403)["code"] == "not_for_programs"
        assert desk.cloud.bodies == []
        answered = events_of(await desk.owner.post(path, json=yes))
        assert (answered[0]["resumes"], answered[-1]["source"]) == (turn, "step")
        (once,) = (await desk.owner.get("/v1/consents")).json()["consents"]
        assert (once["once"], once["in_force"]) == (True, True)
        assert (await desk.told())["clouds"][0]["consents"] == []


async def test_a_program_sees_and_changes_nothing_of_it(tmp_path: Path):
    async with desk_in(tmp_path) as desk:
        turn = (await desk.ask())[-1]["turn"]
        for method, path, body in (
            ("GET", "/v1/clouds", None),
            ("PUT", "/v1/mode", {"mode": "cloud_only"}),
            ("PUT", "/v1/network", {"online": False}),
            ("GET", "/v1/consents", None),
            ("POST", "/v1/consents", {"cloud": "step"}),
            ("DELETE", "/v1/consents/x", None),
            ("GET", f"/v1/agent/turns/{turn}/left", None),
        ):
            refused = await desk.program.request(method, path, json=body)
            assert problem_of(refused, 403)["code"] == "not_for_programs"
        assert (await desk.told())["online"]
    assert not (tmp_path / "mode").exists()


async def test_mistakes_are_refused_with_what_to_do(served: Served):
    grant, client = "/v1/consents", served.client
    refused = problem_of(await client.post(grant, json={"cloud": "step"}), 400)
    assert (refused["code"], "GET /v1/clouds" in refused["message"]) == ("unknown_cloud", True)
    assert "x" in problem_of(await client.delete(f"{grant}/x"), 400)["message"]
    for body in ({}, {"mode": "cloud"}, {"mode": "ask", "more": 1}):
        assert problem_of(await client.put("/v1/mode", json=body), 400)["code"] == "invalid_field"
    assert problem_of(await client.put("/v1/network", json={"online": 1}), 400)
    assert problem_of(await client.get("/v1/agent/turns/t0/left"), 404)["code"] == "unknown_turn"
    foreign = {"Origin": "http://evil.example"}
    reply = await client.put("/v1/mode", json={"mode": "ask"}, headers=foreign)
    assert problem_of(reply, 403)["code"] == "foreign_origin"
