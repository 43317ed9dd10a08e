"""Making organisations in the console: the operator always, others as far as the settings allow."""

import asyncio
from pathlib import Path

import pytest

from edgewise.cloud.roles import Role
from tests.cloud.console.visitor import Visitor, member_of, owner_of
from tests.cloud.running import Running, running_cloud

pytestmark = pytest.mark.slow


async def found(visitor: Visitor, name: str = "Second") -> int:
    return (await visitor.client.post("/organisations", json={"name": name})).status_code


async def names(visitor: Visitor) -> list[str]:
    return [held["name"] for held in (await visitor.client.get("/me")).json()["organisations"]]


async def test_the_operator_makes_one_owns_it_and_begins_with_a_project(owner: Visitor):
    assert (await owner.client.get("/me")).json()["may_found"]
    reply = await owner.client.post("/organisations", json={"name": " Second "})
    assert reply.status_code == 201
    assert await names(owner) == ["First organisation", "Second"]
    owner.organisation = reply.json()["id"]
    [project] = (await owner.got("/projects"))["projects"]
    made = await owner.made("POST", "/keys", {"project": project["id"], "name": "first"})
    assert made["secret"].startswith("sk-ew-")
    [member] = (await owner.got("/members"))["members"]
    assert (member["account"]["id"], member["role"]) == (owner.account, "owner")


async def test_nobody_else_makes_one_unless_the_settings_allow_it(running: Running):
    admin = member_of(running, Role.ADMIN)
    assert not (await admin.client.get("/me")).json()["may_found"]
    assert await found(admin) == 403
    assert await names(admin) == ["First organisation"]


async def test_so_many_as_the_settings_allow_are_made_at_once_too(tmp_path: Path):
    async with running_cloud(tmp_path, organisations_a_person=2) as running:
        member = member_of(running, Role.MEMBER)
        statuses = await asyncio.gather(*(found(member, f"No. {n}") for n in range(5)))
        assert sorted(statuses) == [201, 201, 403, 403, 403]
        assert len(await names(member)) == 3
        assert not (await member.client.get("/me")).json()["may_found"]
        assert await names(owner_of(running)) == ["First organisation"]


async def test_a_name_that_does_not_hold_makes_nothing(owner: Visitor):
    for name in (" ", "x" * 81, "a\nb"):
        assert await found(owner, name) == 400
    assert await names(owner) == ["First organisation"]
