"""Projects and devices over the management API."""

import pytest

from edgewise.cloud.roles import Role
from tests.cloud.console.visitor import Visitor, first_project, member_of
from tests.cloud.running import Running

pytestmark = pytest.mark.slow


async def test_a_project_is_made_changed_and_archived(running: Running, owner: Visitor):
    limits = {"requests_a_minute": 5}
    made = await owner.made("POST", "/projects", {"name": "Car", "limits": limits})
    assert made["content_opt_in"] is False
    place = f"/projects/{made['id']}"
    changed = await owner.made("PATCH", place, {"content_opt_in": True})
    assert (changed["name"], changed["content_opt_in"]) == ("Car", True)
    assert changed["limits"]["requests_a_minute"] == 5
    await owner.made("POST", f"{place}/archive")
    assert made["id"] not in str(await owner.got("/projects"))
    assert made["id"] in str(await owner.got("/projects?archived=true"))


async def test_an_archived_projects_keys_are_refused_at_once(running: Running, owner: Visitor):
    assert (await running.client.get("/v1/models")).status_code == 200
    await owner.made("POST", f"/projects/{first_project(running)}/archive")
    assert (await running.client.get("/v1/models")).status_code == 401


async def test_an_archived_devices_credential_is_refused_at_once(running: Running, owner: Visitor):
    project = first_project(running)
    device = await owner.made("POST", "/devices", {"project": project, "name": "Car 7"})
    body = {"project": project, "device": device["id"], "name": "Car 7"}
    secret = (await owner.made("POST", "/keys", body))["secret"]
    async with running.stranger(secret) as client:
        assert (await client.get("/v1/models")).status_code == 200
        await owner.made("PATCH", f"/devices/{device['id']}", {"name": "Car 8"})
        await owner.made("POST", f"/devices/{device['id']}/archive")
        assert (await client.get("/v1/models")).status_code == 401
    [shown] = (await owner.got("/devices?archived=true"))["devices"]
    assert shown["name"] == "Car 8"
    assert (await owner.got("/devices"))["devices"] == []


async def test_members_look_and_do_not_touch(running: Running):
    member = member_of(running, Role.MEMBER)
    assert len((await member.got("/projects"))["projects"]) == 1
    project = first_project(running)
    for method, path, body in (
        ("POST", "/projects", {"name": "x"}),
        ("PATCH", f"/projects/{project}", {"name": "x"}),
        ("POST", f"/projects/{project}/archive", None),
        ("POST", "/devices", {"project": project, "name": "x"}),
    ):
        assert await member.refused(method, path, body) == (403, "forbidden")


async def test_limits_that_do_not_hold_are_refused(owner: Visitor):
    body = {"name": "x", "limits": {"requests_a_minute": -1}}
    assert await owner.refused("POST", "/projects", body) == (400, "bad_limits")
