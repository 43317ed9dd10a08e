"""Linking the identity of a real OpenID provider on loopback to an account with a password."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from edgewise.cloud.accounts import create_account
from edgewise.cloud.config import OidcConfig
from edgewise.cloud.console.oidc import oidc_client
from edgewise.cloud.roles import Role
from tests.cloud.console.oidc_provider import CLIENT, Provider, started_provider
from tests.cloud.console.visitor import Visitor, member_of, owner_of
from tests.cloud.running import Running, running_cloud

pytestmark = pytest.mark.slow

FINISH = "/me/identity/finish"


@dataclass
class World:
    """A platform with a sign-in service, and its administrator."""

    running: Running
    provider: Provider
    owner: Visitor

    @property
    def password(self) -> dict[str, str]:
        made = self.running.cloud.first_start
        assert made is not None
        return {"password": made.password}

    async def signed_in(self) -> httpx.Response:
        """Who is let in by the service now: the reply to the code that it gives."""
        async with self.running.stranger() as client:
            begun = (await client.post("/console/api/sign-in/oidc")).json()
            body = await brought_back(begun)
            return await client.post("/console/api/sign-in/oidc/finish", json=body)

    async def link(self) -> httpx.Response:
        reply = await self.owner.client.post("/me/identity", json=self.password)
        assert reply.status_code == 200, reply.text
        return await self.owner.client.post(FINISH, json=await brought_back(reply.json()))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with started_provider() as provider:
        settings = OidcConfig(provider.address, CLIENT, name="Example")
        async with running_cloud(tmp_path, oidc=settings) as running:
            yield World(running, provider, owner_of(running))


async def brought_back(begun: dict[str, str]) -> dict[str, str]:
    """What the browser brings back from the service."""
    async with oidc_client() as browser:
        back = (await browser.get(begun["address"])).headers["location"]
    code = parse_qs(urlsplit(back).query)["code"][0]
    return {"code": code, "state": begun["state"], "secret": begun["secret"]}


def code_of(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["error"]["code"]


async def test_a_linked_identity_signs_in_and_one_that_was_taken_off_does_not(world: World):
    assert code_of(await world.signed_in()) == (403, "no_account")
    reply = await world.link()
    assert (reply.status_code, reply.json()) == (
        200,
        {"password": True, "issuer": world.provider.address},
    )
    token = (await world.signed_in()).json()["token"]
    async with world.running.stranger(token) as client:
        me = (await client.get("/console/api/me")).json()
        assert me["account"]["id"] == world.owner.account
        assert me["ways_in"] == {"password": True, "issuer": world.provider.address}
        gone = await client.post("/console/api/me/identity/unlink", json=world.password)
    assert gone.status_code == 200
    assert code_of(await world.signed_in()) == (403, "no_account")
    for ended in (token, world.owner.token):
        async with world.running.stranger(ended) as client:
            assert (await client.get("/console/api/me")).status_code == 401
    async with world.running.stranger(gone.json()["token"]) as client:
        assert (await client.get("/console/api/me")).json()["ways_in"]["issuer"] == ""


async def test_a_session_without_the_password_neither_links_nor_takes_off(world: World):
    wrong = {"password": "wrong wrong wrong"}
    for path in ("/me/identity", "/me/identity/unlink"):
        assert code_of(await world.owner.client.post(path, json=wrong)) == (401, "wrong_password")
    assert (await world.owner.client.get("/me")).status_code == 200, "the session holds"


async def test_guessing_the_password_here_is_slowed_down_as_at_the_sign_in(world: World):
    wrong = {"password": "wrong wrong wrong"}
    replies = [await world.owner.client.post("/me/identity", json=wrong) for _ in range(7)]
    assert [reply.status_code for reply in replies] == [401] * 6 + [429]


async def test_a_code_of_a_sign_in_links_nothing(world: World):
    async with world.running.stranger() as client:
        begun = (await client.post("/console/api/sign-in/oidc")).json()
    reply = await world.owner.client.post(FINISH, json=await brought_back(begun))
    assert code_of(reply) == (400, "stale_sign_in")
    assert code_of(await world.signed_in()) == (403, "no_account")


async def test_a_flow_that_links_neither_signs_in_nor_links_to_somebody_else(world: World):
    begun = (await world.owner.client.post("/me/identity", json=world.password)).json()
    body = await brought_back(begun)
    async with world.running.stranger() as client:
        reply = await client.post("/console/api/sign-in/oidc/finish", json=body)
        assert code_of(reply) == (400, "stale_sign_in")
    begun = (await world.owner.client.post("/me/identity", json=world.password)).json()
    member = member_of(world.running, Role.MEMBER)
    reply = await member.client.post(FINISH, json=await brought_back(begun))
    assert code_of(reply) == (400, "stale_sign_in")
    assert (await member.client.get("/me")).json()["ways_in"]["issuer"] == ""


async def test_an_identity_of_somebody_else_is_refused(world: World):
    with world.running.cloud.database.begin() as connection:
        create_account(connection, world.provider.email, "Bo", now_s=1.0)
    assert (await world.signed_in()).status_code == 200
    assert code_of(await world.link()) == (409, "identity_taken")
    assert (await world.owner.client.get("/me")).json()["ways_in"]["issuer"] == ""


async def test_the_only_way_in_is_not_taken_off(world: World):
    with world.running.cloud.database.begin() as connection:
        create_account(connection, world.provider.email, "Bo", now_s=1.0)
    token = (await world.signed_in()).json()["token"]
    async with world.running.stranger(token) as client:
        reply = await client.post("/console/api/me/identity/unlink", json={"password": "x"})
    assert code_of(reply) == (409, "no_password")
    assert (await world.signed_in()).status_code == 200


async def test_without_a_service_there_is_nothing_to_link(running: Running, owner: Visitor):
    made = running.cloud.first_start
    assert made is not None
    reply = await owner.client.post("/me/identity", json={"password": made.password})
    assert code_of(reply) == (404, "no_oidc")
