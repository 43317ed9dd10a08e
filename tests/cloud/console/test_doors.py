"""The console answers its own page alone, in its own names, and bodies that hold."""

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from edgewise.cloud.console.doors import is_own_host
from tests.cloud.console.visitor import Visitor
from tests.cloud.running import Running
from tests.each_row import each_row

pytestmark = pytest.mark.slow

PUBLIC = "https://console.example.org"


OURS = ("127.0.0.1:8475", "localhost:8475", "[::1]:8475", "192.0.2.4", "console.example.org")
FOREIGN_HOSTS = (
    "evil.example",
    "evil.example:8475",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "[::1",
    "",
)


@each_row("host", OURS)
def test_numbers_localhost_and_the_public_name_are_ours(host: str):
    assert is_own_host(host, PUBLIC)


@each_row("host", FOREIGN_HOSTS)
def test_a_name_that_could_lead_here_by_rebinding_is_not_ours(host: str):
    assert not is_own_host(host, PUBLIC)


async def test_a_rebound_name_gets_neither_page_nor_api(running: Running):
    async with running.stranger() as client:
        for path in ("/console/", "/console/api/sign-in"):
            reply = await client.get(path, headers={"Host": "evil.example"})
            assert (reply.status_code, reply.json()["error"]["code"]) == (403, "foreign_host")


FOREIGN = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},  # another program's page on this machine
    {"Sec-Fetch-Site": "cross-site"},
)


@pytest.mark.parametrize("headers", FOREIGN)
async def test_a_request_from_another_page_is_refused_even_with_the_token(
    owner: Visitor, headers: dict[str, str]
):
    reply = await owner.ask("POST", "/projects", {"name": "forged"}, headers=headers)
    assert (reply.status_code, reply.json()["error"]["code"]) == (403, "foreign_origin")
    assert "forged" not in str(await owner.got("/projects"))


async def test_no_cookie_is_ever_set_or_read(running: Running, owner: Visitor):
    async with running.stranger() as client:
        client.cookies.set("session", owner.token)
        client.cookies.set("Authorization", f"Bearer {owner.token}")
        reply = await client.get("/console/api/me")
        assert reply.status_code == 401
        made = running.cloud.first_start
        assert made is not None
        body = {"email": made.account.email, "password": made.password}
        assert "set-cookie" not in (await client.post("/console/api/sign-in", json=body)).headers


async def test_a_form_of_another_page_cannot_send_what_is_taken(owner: Visitor):
    address = f"/organisations/{owner.organisation}/projects"
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        reply = await owner.client.post(
            address, content=b'{"name": "x"}', headers={"Content-Type": kind}
        )
        assert reply.status_code == 415


async def test_an_api_key_opens_nothing_here_and_a_session_nothing_there(
    running: Running, owner: Visitor
):
    assert (await running.client.get("/v1/models")).status_code == 200
    reply = await running.client.get("/console/api/me")
    assert (reply.status_code, reply.json()["error"]["code"]) == (401, "signed_out")
    headers = {"Authorization": f"Bearer {owner.token}"}
    assert (await running.client.get("/v1/models", headers=headers)).status_code == 401


async def test_a_wrong_body_is_told_by_its_field(owner: Visitor):
    reply = await owner.ask("POST", "/projects", {"name": 7})
    assert reply.status_code == 400
    assert reply.json()["error"]["param"] == "name"
    reply = await owner.ask("POST", "/projects", {"name": "a", "colour": "red"})
    assert "colour" in reply.json()["error"]["message"]


async def test_a_huge_body_is_refused_before_it_is_read(owner: Visitor):
    reply = await owner.ask("POST", "/projects", {"name": "x" * 100_000})
    assert reply.status_code == 413


@pytest.mark.parametrize("path", ["/console/", "/console/main.js", "/console/api/me"])
async def test_every_reply_has_the_headers_of_a_page(running: Running, path: str):
    async with running.stranger() as client:
        headers = (await client.get(path)).headers
    assert "require-trusted-types-for 'script'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] in ("no-store", "no-cache")


async def test_an_unknown_route_is_told_as_one(running: Running):
    async with running.stranger() as client:
        reply: httpx.Response = await client.get("/console/api/nothing")
    assert (reply.status_code, reply.json()["error"]["code"]) == (404, "no_such_route")


async def test_a_web_socket_is_turned_away(running: Running):
    address = running.address.replace("http://", "ws://")
    with pytest.raises(InvalidStatus) as caught:
        async with connect(f"{address}/console/api/me"):
            pass
    assert caught.value.response.status_code == 403
