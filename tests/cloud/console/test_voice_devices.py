"""Voice devices over the management API: added by their code, seen live, taken away."""

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from edgewise.cloud.roles import Role
from edgewise.cloud.xiaozhi.presence import Doing, Live
from edgewise.cloud.xiaozhi.voice_devices import VoiceDevices
from tests.cloud.console.visitor import Visitor, first_project, member_of, stranger_to
from tests.cloud.running import Running

pytestmark = pytest.mark.slow

MAC = "02:00:00:00:00:01"
PLACE = "/voice-devices"


def voice_of(running: Running) -> VoiceDevices:
    assert running.cloud.voice is not None
    return running.cloud.voice


async def asked(running: Running, client: str = "client") -> Any:
    """What a device is told."""
    headers = {"Device-Id": MAC, "Client-Id": client}
    body = {"board": {"name": "Bread"}, "application": {"version": "2.4.0"}}
    reply = await running.stranger().post("/xiaozhi/ota/", headers=headers, json=body)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def body_for(running: Running, client: str = "client") -> dict[str, str]:
    code = (await asked(running, client))["activation"]["code"]
    return {"code": code, "project": first_project(running), "name": "Kitchen"}


async def events(visitor: Visitor) -> AsyncGenerator[Any]:
    address = f"/organisations/{visitor.organisation}{PLACE}/live"
    async with visitor.client.stream("GET", address) as reply:
        assert reply.status_code == 200, await reply.aread()
        async for line in reply.aiter_lines():
            if line.startswith("data: "):
                yield json.loads(line.removeprefix("data: "))["devices"]


async def test_a_device_is_added_renamed_and_removed(running: Running, owner: Visitor):
    made = await owner.made("POST", PLACE, await body_for(running))
    assert (made["name"], made["board"], made["firmware"]) == ("Kitchen", "Bread", "2.4.0")
    token = (await asked(running))["websocket"]["token"]
    assert voice_of(running).admit(token, MAC, "client").device == made["device"]

    place = f"{PLACE}/{made['device']}"
    assert (await owner.made("PATCH", place, {"name": "Hall"}))["name"] == "Hall"
    assert voice_of(running).admit(token, MAC, "client").name == "Hall"
    offer = await owner.got(PLACE)
    assert offer["enabled"] is True
    assert offer["address"] == f"{running.address}/xiaozhi/ota/"
    assert [one["name"] for one in offer["devices"]] == ["Hall"]
    assert token not in json.dumps(offer)

    await owner.made("POST", f"{place}/remove")
    assert (await owner.got(PLACE))["devices"] == []
    assert "activation" in await asked(running)
    [key] = [one for one in (await owner.got("/keys"))["keys"] if one["key"]["device"]]
    assert key["state"] == "revoked"


async def test_a_member_sees_the_devices_and_changes_none(running: Running, owner: Visitor):
    body = await body_for(running)
    member = member_of(running, Role.MEMBER)
    assert await member.refused("POST", PLACE, body) == (403, "forbidden")
    made = await owner.made("POST", PLACE, body)
    assert len((await member.got(PLACE))["devices"]) == 1
    place = f"{PLACE}/{made['device']}"
    assert await member.refused("PATCH", place, {"name": "x"}) == (403, "forbidden")
    assert await member.refused("POST", f"{place}/remove") == (403, "forbidden")


async def test_wrong_codes_are_counted_and_stopped(running: Running, owner: Visitor):
    body = await body_for(running)
    for shape in ("no code", "12345", "1234567", "12345a"):
        shaped = {**body, "code": shape}
        assert await owner.refused("POST", PLACE, shaped) == (400, "bad_code")
    right = str(body["code"])
    wrong = {**body, "code": f"{(int(right) + 1) % 1_000_000:06}"}
    for _ in range(10):
        assert await owner.refused("POST", PLACE, wrong) == (404, "no_such_code")
    assert await owner.refused("POST", PLACE, body) == (429, "too_many_codes")
    told = running.cloud.telemetry.exposition().decode()
    assert 'edgewise_voice_refused_total{code="no_such_code"} 10.0' in told
    assert 'edgewise_voice_refused_total{code="too_many_codes"} 1.0' in told


async def test_another_organisation_cannot_take_a_device(running: Running, owner: Visitor):
    made = await owner.made("POST", PLACE, await body_for(running))
    stranger = stranger_to(running)
    project = (await stranger.made("POST", "/projects", {"name": "Own"}))["id"]
    body = {**await body_for(running, "another"), "project": project}
    assert await stranger.refused("POST", PLACE, body) == (409, "voice_device_taken")
    assert (await stranger.got(PLACE))["devices"] == []
    place = f"{PLACE}/{made['device']}"
    assert await stranger.refused("POST", f"{place}/remove") == (404, "not_found")
    assert len((await owner.got(PLACE))["devices"]) == 1


async def test_a_device_is_seen_to_come_and_go(running: Running, owner: Visitor):
    stream = events(owner)
    async with asyncio.timeout(15):
        assert await anext(stream) == []
        made = await owner.made("POST", PLACE, await body_for(running))
        [shown] = await anext(stream)
        assert (shown["device"], shown["connected"]) == (made["device"], 0)
        standing = voice_of(running).admit(
            (await asked(running))["websocket"]["token"], MAC, "client"
        )
        live = Live(running.cloud.clock.now())
        leave = voice_of(running).enter(standing, live)
        while not shown["connected"]:
            [shown] = await anext(stream)
        live.doing = Doing.SPEAKING
        while shown["doing"] != "speaking":
            [shown] = await anext(stream)
        leave()
        while shown["connected"]:
            [shown] = await anext(stream)
    await stream.aclose()


async def test_the_address_is_looked_at_from_outside(running: Running, owner: Visitor):
    assert (await owner.got(PLACE))["verdict"] is None
    found = await owner.made("POST", f"{PLACE}/check")
    assert found["address"] == running.address
    assert found["ok"] is False
    assert found["code"] in ("loopback", "no_upgrade")
    assert (await owner.got(PLACE))["verdict"] == found


async def test_nobody_is_asked_whom_only_a_header_names(running: Running, owner: Visitor):
    """A Host in numbers is let through by the console, and must not lead this platform there."""
    owner.client.headers["Host"] = "203.0.113.5:8475"
    found = await owner.made("POST", f"{PLACE}/check")
    assert found["address"] == running.address


async def test_a_platform_without_voice_devices_says_how_to_have_them(
    running: Running, owner: Visitor
):
    voice, running.cloud.voice = running.cloud.voice, None
    try:
        assert (await owner.got(PLACE))["enabled"] is False
        body = {"code": "1", "project": first_project(running), "name": "x"}
        assert await owner.refused("POST", PLACE, body) == (409, "voice_devices_off")
        assert await owner.refused("POST", f"{PLACE}/check") == (409, "voice_devices_off")
    finally:
        running.cloud.voice = voice
