"""Signing in and out over HTTP: by password and by the provider."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from edgewise.cloud.accounts import create_account
from edgewise.cloud.config import OidcConfig
from edgewise.cloud.console.oidc import oidc_client
from tests.cloud.console.oidc_provider import CLIENT, started_provider
from tests.cloud.console.visitor import Visitor
from tests.cloud.running import Running, running_cloud

pytestmark = pytest.mark.slow

API = "/console/api"


def credentials(running: Running) -> dict[str, str]:
    made = running.cloud.first_start
    assert made is not None
    return {"email": made.account.email, "password": made.password}


async def who(running: Running, token: str) -> httpx.Response:
    async with running.stranger(token) as client:
        return await client.get(f"{API}/me")


async def test_the_first_password_opens_the_console_and_signing_out_closes_it(running: Running):
    async with running.stranger() as client:
        reply = await client.post(f"{API}/sign-in", json=credentials(running))
    token = reply.json()["token"]
    me = (await who(running, token)).json()
    assert me["account"]["email"] == "admin@localhost"
    assert [held["role"] for held in me["organisations"]] == ["owner"]
    assert me["ways_in"] == {"password": True, "issuer": ""}
    for secret in (credentials(running)["password"], "hash", "argon2"):
        assert secret not in str(me)
    async with running.stranger(token) as client:
        assert (await client.post(f"{API}/sign-out")).status_code == 200
    assert (await who(running, token)).status_code == 401


async def test_wrong_password_unknown_and_invited_addresses_are_one_answer(running: Running):
    with running.cloud.database.begin() as connection:
        create_account(connection, "invited@example.org", "Bo", now_s=1.0)
    answers = set()
    async with running.stranger() as client:
        for email in ("admin@localhost", "nobody@example.org", "invited@example.org"):
            body = {"email": email, "password": "wrong wrong wrong"}
            reply = await client.post(f"{API}/sign-in", json=body)
            answers.add((reply.status_code, reply.text))
    assert len(answers) == 1
    assert "wrong_password" in answers.pop()[1]


async def test_guessing_is_slowed_down_and_says_for_how_long(running: Running):
    body = {**credentials(running), "password": "wrong wrong wrong"}
    async with running.stranger() as client:
        statuses = [(await client.post(f"{API}/sign-in", json=body)).status_code for _ in range(7)]
        last = await client.post(f"{API}/sign-in", json=credentials(running))
    assert statuses == [401] * 6 + [429]
    assert last.status_code == 429
    assert 0 < int(last.headers["retry-after"]) <= 10


async def test_another_password_ends_the_other_sessions(running: Running, owner: Visitor):
    old = credentials(running)["password"]
    body = {"old": "wrong wrong wrong", "new": "another long password"}
    assert (await owner.client.post("/me/password", json=body)).status_code == 401
    reply = await owner.client.post("/me/password", json={**body, "old": old})
    assert reply.status_code == 200
    assert (await who(running, owner.token)).status_code == 401
    assert (await who(running, reply.json()["token"])).status_code == 200
    async with running.stranger() as client:
        reply = await client.post(f"{API}/sign-in", json=credentials(running))
        assert reply.status_code == 401
        reply = await client.post(
            f"{API}/sign-in", json={"email": "admin@localhost", "password": body["new"]}
        )
        assert reply.status_code == 200


async def test_a_short_password_is_refused(running: Running, owner: Visitor):
    body = {"old": credentials(running)["password"], "new": "short"}
    reply = await owner.client.post("/me/password", json=body)
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "bad_password")


async def test_all_sessions_of_an_account_end_together(running: Running, owner: Visitor):
    async with running.stranger() as client:
        other = (await client.post(f"{API}/sign-in", json=credentials(running))).json()["token"]
    assert (await owner.client.delete("/me/sessions")).json() == {"ended": 2}
    assert (await who(running, other)).status_code == 401


async def test_no_secret_of_a_sign_in_is_in_the_logs(
    running: Running, owner: Visitor, caplog: object
):
    async with running.stranger() as client:
        token = (await client.post(f"{API}/sign-in", json=credentials(running))).json()["token"]
    await running.cloud.ledger.flush()
    seen = getattr(caplog, "text", "")
    assert token not in seen
    assert credentials(running)["password"] not in seen


async def test_an_invited_person_signs_in_by_the_service(tmp_path: Path):
    async with started_provider() as provider:
        settings = OidcConfig(provider.address, CLIENT, name="Example")
        async with running_cloud(tmp_path, oidc=settings) as running:
            async with running.stranger() as client, oidc_client() as browser:
                ways = (await client.get(f"{API}/sign-in")).json()
                assert ways == {"password": True, "oidc": "Example"}

                async def attempt() -> httpx.Response:
                    begun = (await client.post(f"{API}/sign-in/oidc")).json()
                    back = (await browser.get(begun["address"])).headers["location"]
                    assert back.startswith(f"{running.address}/console/?")
                    code = parse_qs(urlsplit(back).query)["code"][0]
                    body = {"code": code, "state": begun["state"], "secret": begun["secret"]}
                    return await client.post(f"{API}/sign-in/oidc/finish", json=body)

                refused = await attempt()
                assert (refused.status_code, refused.json()["error"]["code"]) == (403, "no_account")
                with running.cloud.database.begin() as connection:
                    create_account(connection, provider.email, "Bo", now_s=1.0)
                token = (await attempt()).json()["token"]
            assert (await who(running, token)).json()["account"]["email"] == provider.email


async def test_without_a_service_the_way_is_not_there(running: Running):
    async with running.stranger() as client:
        assert (await client.get(f"{API}/sign-in")).json()["oidc"] is None
        reply = await client.post(f"{API}/sign-in/oidc")
    assert (reply.status_code, reply.json()["error"]["code"]) == (404, "no_oidc")
