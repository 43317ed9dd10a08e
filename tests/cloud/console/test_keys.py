"""Keys over the management API: made, shown once, scoped, changed, revoked."""

import time

import pytest

from edgewise.cloud.config import Config
from edgewise.cloud.roles import Role
from tests.cloud.console.visitor import Visitor, first_project, member_of
from tests.cloud.running import Running

pytestmark = pytest.mark.slow

CHAT = {"model": "fake", "messages": [{"role": "user", "content": "hello"}], "max_tokens": 5}


async def made_key(visitor: Visitor, running: Running, **scope: object) -> dict[str, str]:
    body = {"project": first_project(running), "name": "mine", "scope": scope}
    made = await visitor.made("POST", "/keys", body)
    return {"secret": made["secret"], "id": made["key"]["key"]["id"]}


async def test_a_key_works_as_scoped_until_it_is_revoked(running: Running, owner: Visitor):
    key = await made_key(owner, running, endpoints=["models"])
    async with running.stranger(key["secret"]) as client:
        assert (await client.get("/v1/models")).status_code == 200
        assert (await client.post("/v1/chat/completions", json=CHAT)).status_code == 403
        await owner.made("PATCH", f"/keys/{key['id']}", {"scope": {"endpoints": ["chat"]}})
        assert (await client.post("/v1/chat/completions", json=CHAT)).status_code == 200
        await owner.made("POST", f"/keys/{key['id']}/revoke")
        assert (await client.post("/v1/chat/completions", json=CHAT)).status_code == 401
    states = {row["key"]["id"]: row["state"] for row in (await owner.got("/keys"))["keys"]}
    assert states[key["id"]] == "revoked"
    name = {"name": "again"}
    assert await owner.refused("PATCH", f"/keys/{key['id']}", name) == (409, "revoked")


async def test_the_secret_is_told_once(running: Running, owner: Visitor):
    key = await made_key(owner, running)
    listed = (await owner.ask("GET", "/keys")).text
    assert key["secret"] not in listed
    assert key["secret"][:10] in listed
    assert key["secret"][10:30] not in listed


async def test_a_key_that_would_end_in_the_past_is_refused(running: Running, owner: Visitor):
    scope = {"expires_at": time.time() - 1}
    body = {"project": first_project(running), "name": "x", "scope": scope}
    assert await owner.refused("POST", "/keys", body) == (400, "bad_scope")
    body["scope"] = {"endpoints": ["nothing"]}
    assert (await owner.refused("POST", "/keys", body))[0] == 400


async def test_a_member_manages_their_own_keys_alone(running: Running, owner: Visitor):
    member = member_of(running, Role.MEMBER)
    own, other = await made_key(member, running), await made_key(owner, running)
    assert await member.refused("POST", f"/keys/{other['id']}/revoke") == (403, "forbidden")
    assert await member.refused("PATCH", f"/keys/{other['id']}", {"name": "x"}) == (
        403,
        "forbidden",
    )
    await member.made("PATCH", f"/keys/{own['id']}", {"name": "y"})
    await owner.made("POST", f"/keys/{own['id']}/revoke")


async def test_a_member_stays_within_the_platforms_limits(running: Running, owner: Visitor):
    member = member_of(running, Role.MEMBER)
    bound = Config().defaults.requests_a_minute
    full = {"tokens_a_minute": 1, "requests_at_once": 1, "streams_at_once": 1}
    body = {"project": first_project(running), "name": "x"}
    for wanted in (0, bound + 1):
        limits = {"requests_a_minute": wanted, **full}
        refused = await member.refused("POST", "/keys", {**body, "scope": {"limits": limits}})
        assert refused == (403, "forbidden")
        await owner.made("POST", "/keys", {**body, "scope": {"limits": limits}})
    limits = {"requests_a_minute": bound, **full}
    await member.made("POST", "/keys", {**body, "scope": {"limits": limits}})


async def test_a_devices_credential_takes_an_administrator(running: Running, owner: Visitor):
    member = member_of(running, Role.MEMBER)
    project = first_project(running)
    device = await owner.made("POST", "/devices", {"project": project, "name": "Car"})
    body = {"project": project, "name": "Car", "device": device["id"]}
    assert await member.refused("POST", "/keys", body) == (403, "forbidden")
    made = await owner.made("POST", "/keys", body)
    assert made["secret"].startswith("dk-ew-")
    assert made["key"]["key"]["kind"] == "device"


async def test_a_key_ends_with_the_membership_of_who_made_it(running: Running, owner: Visitor):
    member = member_of(running, Role.MEMBER)
    key = await made_key(member, running)
    async with running.stranger(key["secret"]) as client:
        assert (await client.get("/v1/models")).status_code == 200
        await owner.made("DELETE", f"/members/{member.account}")
        assert (await client.get("/v1/models")).status_code == 401


async def test_a_key_is_not_live_while_what_it_belongs_to_is_shut(running: Running, owner: Visitor):
    member = member_of(running, Role.MEMBER)
    own = await made_key(member, running)
    body = {"project": first_project(running), "name": "car"}
    car = await owner.made("POST", "/devices", body)
    made = await owner.made("POST", "/keys", {**body, "device": car["id"]})
    credential = made["key"]["key"]["id"]

    async def state(key: str) -> str:
        return {row["key"]["id"]: row["state"] for row in (await owner.got("/keys"))["keys"]}[key]

    assert {await state(own["id"]), await state(credential)} == {"live"}
    place = f"/platform/accounts/{member.account}"
    await owner.client.post(f"{place}/disable")
    assert await state(own["id"]) == "account disabled"
    await owner.client.post(f"{place}/enable")
    assert await state(own["id"]) == "live"
    await owner.made("DELETE", f"/members/{member.account}")
    assert await state(own["id"]) == "member removed"
    await owner.made("POST", f"/devices/{car['id']}/archive")
    assert await state(credential) == "device revoked"
    await owner.made("POST", f"/projects/{first_project(running)}/archive")
    assert await state(credential) == "project archived"
