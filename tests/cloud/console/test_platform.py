"""What the platform's operator sees of backends and accounts, and nobody else."""

import asyncio
import time

import pytest

from edgewise.cloud.accounts import create_account, create_organisation
from edgewise.cloud.backend import Away, Cause
from edgewise.cloud.console import live
from edgewise.cloud.operators import make_operator
from edgewise.cloud.pool import FAILURES
from edgewise.cloud.roles import Role
from tests.cloud.console.test_live import events
from tests.cloud.console.visitor import (
    Visitor,
    first_project,
    member_of,
    owner_of,
    stranger_to,
)
from tests.cloud.running import Running

pytestmark = pytest.mark.slow

CHAT = {"model": "fake", "messages": [{"role": "user", "content": "hello"}], "max_tokens": 5}


def platform_paths(account: str) -> list[tuple[str, str]]:
    return [
        ("GET", "/platform/backends"),
        ("GET", "/platform/accounts"),
        ("POST", f"/platform/accounts/{account}/disable"),
        ("POST", f"/platform/accounts/{account}/enable"),
    ]


async def test_owners_of_organisations_who_are_no_operators_get_none_of_it(
    running: Running, owner: Visitor
):
    """Owners and administrators of the first organisation and of another: all are refused."""
    people = [member_of(running, role) for role in Role] + [stranger_to(running)]
    for visitor in people:
        for method, path in platform_paths(owner.account):
            reply = await visitor.client.request(method, path)
            assert (reply.status_code, reply.json()["error"]["code"]) == (403, "forbidden")
            assert "127.0.0.1" not in reply.text
        assert not (await visitor.client.get("/me")).json()["operator"]
    assert (await owner.client.get("/me")).json()["operator"]


async def test_the_operator_sees_why_a_backend_rests(running: Running, owner: Visitor):
    assert (await running.client.post("/v1/chat/completions", json=CHAT)).status_code == 200
    began = time.time()
    health = running.cloud.pool.health["up"]
    for _ in range(FAILURES):
        health.fail(running.cloud.clock.monotonic(), Away("10.0.0.7 answered 503", 503))
    [seen] = (await owner.client.get("/platform/backends")).json()["backends"]
    assert (seen["name"], seen["state"], seen["models"]) == ("up", "resting", ["fake"])
    assert seen["said"] == "10.0.0.7 answered 503"
    assert (seen["failures"], seen["failed"], seen["answered"], seen["running"]) == (3, 3, 1, 0)
    assert began - 1 <= seen["rests_since"] <= seen["rests_until"] <= began + 60
    assert began - 1 <= seen["said_at"] <= time.time() + 1
    assert seen["address"] == running.cloud.config.backend[0].url


async def test_what_was_said_stays_after_the_backend_is_back(running: Running, owner: Visitor):
    health = running.cloud.pool.health["up"]
    health.fail(running.cloud.clock.monotonic(), Away("it answered 503", 503))
    await running.client.post("/v1/chat/completions", json=CHAT)
    [seen] = (await owner.client.get("/platform/backends")).json()["backends"]
    assert (seen["state"], seen["said"]) == ("ready", "it answered 503")
    assert (seen["rests_since"], seen["rests_until"], seen["failures"]) == (0, 0, 0)


async def test_an_account_is_shut_out_at_once_and_let_in_again(running: Running, owner: Visitor):
    member = member_of(running, Role.MEMBER)
    made = await member.made("POST", "/keys", {"project": first_project(running), "name": "own"})
    watching = events(member)
    await anext(watching)
    place = f"/platform/accounts/{member.account}"
    async with running.stranger(made["secret"]) as client:
        assert (await client.get("/v1/models")).status_code == 200
        shown = (await owner.client.post(f"{place}/disable")).json()
        assert (shown["email"], shown["organisations"]) == (
            "member@example.org",
            ["First organisation"],
        )
        assert shown["disabled_at"] is not None
        assert (await member.client.get("/me")).status_code == 401
        assert (await client.get("/v1/models")).status_code == 401
        async with asyncio.timeout(live.LOOK_S * live.CHECK_LOOKS + 5):
            assert [event async for event in watching] == []
        assert (await owner.client.post(f"{place}/enable")).json()["disabled_at"] is None
        assert (await client.get("/v1/models")).status_code == 200
    assert (await member.client.get("/me")).status_code == 401, "its sessions stay ended"


async def test_the_accounts_of_all_organisations_are_found(running: Running, owner: Visitor):
    other, member = stranger_to(running), member_of(running, Role.MEMBER)

    async def found(text: str) -> set[str]:
        listed = (await owner.client.get("/platform/accounts", params={"text": text})).json()
        return {account["id"] for account in listed["accounts"]}

    assert await found("") == {owner.account, other.account, member.account}
    assert await found(" OTHER@ ") == {other.account}
    assert await found(member.account) == {member.account}
    assert await found("nobody") == set()


async def test_an_account_named_like_an_id_is_not_taken_for_it(running: Running, owner: Visitor):
    victim = member_of(running, Role.MEMBER)
    with running.cloud.database.begin() as connection:
        create_account(connection, "a@example.org", victim.account, now_s=1.0)
    shown = (await owner.client.post(f"/platform/accounts/{victim.account}/disable")).json()
    assert shown["id"] == victim.account
    reply = await owner.client.post("/platform/accounts/acc_none/disable")
    assert (reply.status_code, reply.json()["error"]["code"]) == (404, "not_found")


async def test_nobody_shuts_out_themselves_but_another_operator_does(
    running: Running, owner: Visitor
):
    own = await owner.client.post(f"/platform/accounts/{owner.account}/disable")
    assert (own.status_code, own.json()["error"]["code"]) == (409, "own_account")
    with running.cloud.database.begin() as connection:
        second = create_account(connection, "ops@example.org", "Ops", now_s=1.0)
        place = create_organisation(connection, "Ops", owner=second.id, now_s=1.0)
        make_operator(connection, second.id, now_s=1.0)
    operator = Visitor(running, second.id, place.id)
    reply = await operator.client.post(f"/platform/accounts/{owner.account}/disable")
    assert reply.status_code == 200
    assert (await owner.client.get("/me")).status_code == 401
    assert (await owner_of(running).client.get("/platform/backends")).status_code == 401


async def test_an_operator_opens_nothing_of_an_organisation(running: Running, owner: Visitor):
    other = stranger_to(running)
    for path in ("/keys", "/members", "/usage", "/models", "/traces"):
        reply = await owner.client.get(f"/organisations/{other.organisation}{path}")
        assert (reply.status_code, reply.json()["error"]["code"]) == (404, "not_found")


async def test_checks_that_fail_are_counted_apart_from_requests(running: Running, owner: Visitor):
    health = running.cloud.pool.health["up"]
    health.fail(running.cloud.clock.monotonic(), Away("it answered 503", 503))
    silent = Away("silent", cause=Cause.CHECK)
    health.look(running.cloud.clock.monotonic(), silent)
    [seen] = (await owner.client.get("/platform/backends")).json()["backends"]
    assert (seen["failed"], seen["failed_checks"], seen["failures"]) == (1, 1, 2)
    assert seen["cause"] == "check"
