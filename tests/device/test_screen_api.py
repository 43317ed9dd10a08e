"""The screen over HTTP: told, drawn, and one step, which is a call like any other."""

from collections.abc import AsyncIterator

import httpx
import pytest

from edgewise.act.screen import Element, Role, Seen
from edgewise.act.screen_step import Action, Step, place_of
from edgewise.core.label import OriginKind
from edgewise.core.zone import Zone
from edgewise.device.api import create_app
from edgewise.device.doorkeeper import Doorkeeper
from edgewise.device.screen.driver import ScreenDriver
from edgewise.testing.clock import ManualClock
from edgewise.testing.screen import Page, ScriptedScreen
from tests.device.conftest import PROGRAM_TOKEN, TOKEN
from tests.device.fake_agent import FakeAgent

BUY = Element("Buy", (100, 200, 900, 300), Role.BUTTON)


def scripted() -> ScriptedScreen:
    return ScriptedScreen(
        {"shop": Page("Shop", "Tea", (BUY,)), "other": Page("Shop", "Other")},
        "shop",
        headless=True,
    )


def asked(
    token: str, agent: FakeAgent | None = None, screen: ScriptedScreen | None = None
) -> httpx.AsyncClient:
    app = create_app(
        agent or FakeAgent(),
        doorkeeper=Doorkeeper(TOKEN, PROGRAM_TOKEN),
        screen=ScreenDriver(screen, ManualClock()) if screen is not None else None,
    )
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://127.0.0.1",
        headers={"Authorization": f"Bearer {token}"},
    )


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with asked(TOKEN, screen=scripted()) as made:
        yield made


async def test_it_tells_what_is_on_the_screen_and_nobody_keeps_it(client: httpx.AsyncClient):
    reply = await client.get("/v1/screen")
    told = reply.json()
    assert (told["app"], told["title"], told["headless"]) == ("Shop", "Tea", True)
    assert told["elements"][0]["text"] == "Buy"
    assert told["elements"][0]["box"] == [100, 200, 900, 300]
    picture = await client.get("/v1/screen.png")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    for one in (reply, picture):
        assert one.headers["cache-control"] == "no-store"


async def test_a_line_of_a_gui_model_is_a_call_that_a_model_made():
    agent = FakeAgent()
    async with asked(TOKEN, agent, scripted()) as client:
        line = "<THINK> buy it </THINK>\nexplain:buy\taction:CLICK\tpoint:500,250\tsummary:x"
        reply = await client.post("/v1/screen/step", json={"line": line, "session": "s"})
    assert reply.status_code == 200
    assert "data:" in reply.text
    ((name, arguments, session, speaker),) = agent.calls
    assert (name, session) == ("gui.act", "s")
    assert arguments == {"action": "tap", "point": "500,250"}
    assert speaker.zone is Zone.DRIVER
    assert agent.labels[0] is not None
    assert [origin.kind for origin in agent.labels[0].origins] == [OriginKind.MODEL]


async def test_an_action_is_the_persons_own():
    agent = FakeAgent()
    async with asked(TOKEN, agent, scripted()) as client:
        await client.post("/v1/screen/step", json={"action": "tap", "target": "Buy", "zone": None})
    ((_, arguments, _, speaker),) = agent.calls
    assert arguments == {"action": "tap", "target": "Buy"}
    assert speaker.zone is None
    assert agent.labels == [None]


async def test_a_step_on_a_look_carries_what_it_was_decided_on():
    agent, screen = FakeAgent(), scripted()
    async with asked(TOKEN, agent, screen) as client:
        seen = (await client.get("/v1/screen")).json()["seen"]
        screen.show("other")
        tap = {"action": "tap", "point": "500,250", "seen": seen}
        await client.post("/v1/screen/step", json=tap)
        line = {"line": "action:CLICK\tpoint:500,250", "seen": seen}
        await client.post("/v1/screen/step", json=line)
    places = [arguments.pop("seen") for _, arguments, _, _ in agent.calls]
    expected = place_of(Step(Action.TAP, 500, 250), Seen("Shop", "Tea", 720, 1280, (BUY,), True))
    assert places == [expected] * 2
    assert [arguments for _, arguments, _, _ in agent.calls] == [
        {"action": "tap", "point": "500,250"}
    ] * 2


async def test_a_step_on_a_look_that_is_not_remembered_is_refused_before_its_turn():
    agent = FakeAgent()
    async with asked(TOKEN, agent, scripted()) as client:
        tap = {"action": "tap", "point": "500,250", "seen": "0123"}
        reply = await client.post("/v1/screen/step", json=tap)
    assert reply.status_code == 409
    assert reply.json()["error"]["code"] == "look_forgotten"
    assert "GET /v1/screen" in reply.json()["error"]["remedy"]
    assert agent.calls == []


@pytest.mark.parametrize(("body", "tag"), [({}, "en"), ({"language": "zh"}, "zh")])
async def test_a_step_is_answered_in_the_language_that_is_asked_for(
    client: httpx.AsyncClient, body: dict[str, str], tag: str
):
    step = {"action": "tap", "target": "Buy"} | body
    reply = await client.post("/v1/screen/step", json=step)
    assert f'"language":"{tag}"' in reply.text


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "line"),
        ({"line": "action:CLICK\tpoint:1,1", "action": "tap"}, "line"),
        ({"line": "action:FLY"}, "FLY"),
        ({"line": "action:CLICK\tpoint:5000,1"}, "point"),
        ({"line": "action:COMPLETE\treturn:done"}, "COMPLETE"),
        ({"line": "action:WAIT\tvalue:5"}, "WAIT"),
        ({"line": "action:DOUBLE_CLICK\tpoint:1,1"}, "DOUBLE_CLICK"),
        ({"action": "tap", "seat": "x"}, "seat"),
    ],
)
async def test_what_is_no_step_is_refused_by_its_name(
    client: httpx.AsyncClient, body: dict[str, str], told: str
):
    reply = await client.post("/v1/screen/step", json=body)
    assert reply.status_code == 400
    assert told in reply.json()["error"]["message"]


async def test_a_screen_that_is_away_is_told():
    screen = scripted()
    screen.away = True
    async with asked(TOKEN, screen=screen) as client:
        for path in ("/v1/screen", "/v1/screen.png"):
            reply = await client.get(path)
            assert reply.status_code >= 500
            assert reply.json()["error"]["code"] == "no_provider"


async def test_a_device_without_a_screen_says_how_to_set_one_up():
    async with asked(TOKEN) as client:
        for method, path in (("GET", ""), ("GET", ".png"), ("POST", "/step")):
            body = {"line": "action:CLICK\tpoint:1,1"} if method == "POST" else None
            reply = await client.request(method, f"/v1/screen{path}", json=body)
            assert reply.status_code == 409
            assert "[screen]" in reply.json()["error"]["remedy"]


async def test_what_is_on_it_is_no_programs_matter():
    async with asked(PROGRAM_TOKEN, screen=scripted()) as client:
        for path in ("/v1/screen", "/v1/screen.png"):
            assert (await client.get(path)).status_code == 403
        reply = await client.post("/v1/screen/step", json={"action": "tap"})
        assert reply.status_code == 403
