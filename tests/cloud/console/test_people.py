"""Members of an organisation: who is taken in, by whom, and how they go."""

import pytest

from edgewise.cloud.roles import Role
from tests.cloud.console.visitor import Visitor, member_of, stranger_to
from tests.cloud.running import Running

pytestmark = pytest.mark.slow


async def test_who_is_signed_in_learns_what_they_may(running: Running, owner: Visitor):
    me = (await owner.client.get("/me")).json()
    assert me["currency"] == running.cloud.config.currency
    assert "manage the organisation" in me["organisations"][0]["actions"]
    member = member_of(running, Role.MEMBER)
    me = (await member.client.get("/me")).json()
    assert me["organisations"][0]["actions"] == ["read", "manage own keys"]


async def test_a_new_address_gets_an_account_and_its_password_is_told_once(
    running: Running, owner: Visitor
):
    body = {"email": "Bo@Example.org", "name": "Bo", "role": "member", "password": True}
    made = await owner.made("POST", "/members", body)
    assert made["member"]["account"]["email"] == "bo@example.org"
    async with running.stranger() as client:
        given = {"email": "bo@example.org", "password": made["password"]}
        assert (await client.post("/console/api/sign-in", json=given)).status_code == 200
    assert made["password"] not in str(await owner.got("/members"))
    invited = await owner.made("POST", "/members", {"email": "ann@example.org", "role": "admin"})
    assert invited["password"] is None


async def test_an_account_that_is_there_is_taken_in_by_its_id_alone(
    running: Running, owner: Visitor
):
    other = stranger_to(running)
    body = {"email": "other@example.org", "role": "member"}
    assert await owner.refused("POST", "/members", body) == (409, "conflict")
    await owner.made("POST", "/members", {"account": other.account, "role": "member"})
    assert len((await other.client.get("/me")).json()["organisations"]) == 2


async def test_roles_are_given_by_who_may_give_them(running: Running, owner: Visitor):
    admin, member = member_of(running, Role.ADMIN), member_of(running, Role.MEMBER)
    place = f"/members/{member.account}"
    assert await member.refused("PATCH", place, {"role": "admin"}) == (403, "forbidden")
    assert await admin.refused("PATCH", place, {"role": "owner"}) == (403, "forbidden")
    new_owner = {"email": "x@example.org", "role": "owner"}
    assert await admin.refused("POST", "/members", new_owner) == (403, "forbidden")
    assert await admin.refused("DELETE", f"/members/{owner.account}") == (403, "forbidden")
    await admin.made("PATCH", place, {"role": "admin"})
    await owner.made("PATCH", place, {"role": "owner"})
    assert await admin.refused("PATCH", place, {"role": "member"}) == (403, "forbidden")


async def test_everybody_may_leave_but_the_last_owner(running: Running, owner: Visitor):
    member = member_of(running, Role.MEMBER)
    assert await member.refused("DELETE", f"/members/{owner.account}") == (403, "forbidden")
    await member.made("DELETE", f"/members/{member.account}")
    assert await member.refused("GET", "/members") == (404, "not_found")
    assert await owner.refused("DELETE", f"/members/{owner.account}") == (409, "last_owner")


async def test_the_organisation_is_renamed_by_its_owner_alone(running: Running, owner: Visitor):
    admin = member_of(running, Role.ADMIN)
    assert await admin.refused("PATCH", "", {"name": "Ours"}) == (403, "forbidden")
    assert (await owner.made("PATCH", "", {"name": "Ours"}))["name"] == "Ours"
