"""Who may talk to the device, and what a browser's other pages can not do."""

import asyncio
import json

import httpx
import pytest

from edgewise.device.security import TURN_LIMIT_BYTES
from tests.device.conftest import TOKEN, Served

JSON = {"content-type": "application/json"}
TURN = json.dumps({"text": "open"}).encode()


async def post(served: Served, body: bytes = TURN, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with served.stranger(**(JSON | named)) as stranger:
        return await stranger.post("/v1/agent/turns", content=body)


def bearer(secret: str) -> str:
    return f"Bearer {secret}"


async def test_without_the_token_nothing_is_done(served: Served, subtests: pytest.Subtests):
    for authorization in (
        "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x",
        "Bearer page.99999999999.00", "Bearer page.x.y", "Bearer page.²³.aa",
    ):  # fmt: skip
        headers = {"Authorization": authorization.encode()} if authorization else {}
        with subtests.test(authorization=authorization):
            async with served.stranger() as stranger:
                sent = [*JSON.items(), *headers.items()]
                reply = await stranger.post("/v1/agent/turns", content=TURN, headers=dict(sent))
            assert reply.status_code == 401
            assert reply.headers["www-authenticate"] == "Bearer"
            assert served.agent.requests == []


async def test_every_door_but_the_page_and_health_needs_the_token(
    served: Served, subtests: pytest.Subtests
):
    for method, path in (
        ("GET", "/v1/agent/state"),
        ("GET", "/v1/agent/state/stream"),
        ("GET", "/v1/agent/turns"),
        ("GET", "/v1/agent/turns/stream"),
        ("GET", "/v1/agent/turns/t1"),
        ("DELETE", "/v1/agent/turns/t1"),
        ("GET", "/v1/agent/capabilities"),
        ("GET", "/v1/agent/rules"),
        ("POST", "/v1/agent/calls"),
        ("POST", "/v1/simulation/drive"),
        ("POST", "/v1/simulation/fault"),
        ("POST", "/v1/launch"),
        ("POST", "/mcp"),
        ("GET", "/openapi.json"),
    ):
        with subtests.test(method=method, path=path):
            content = b"{}" if method == "POST" else None
            async with served.stranger(**JSON) as stranger:
                reply = await stranger.request(method, path, content=content)
            assert reply.status_code == 401


async def test_a_name_that_was_rebound_to_this_machine_is_refused(
    served: Served, subtests: pytest.Subtests
):
    for host in (
        "evil.example", "evil.example:8474", "127.0.0.1.evil.example", "localhost.evil:80",
        "169.254.169.254", "", "[::1].evil", "127.0.0.1@evil.example",
    ):  # fmt: skip
        with subtests.test(host=host):
            reply = await post(served, authorization=bearer(TOKEN), host=host)
            # The web server itself refuses an empty or odd name.
            assert reply.status_code in (400, 421)
            assert served.agent.requests == []


async def test_loopback_names_are_served(served: Served, subtests: pytest.Subtests):
    port = served.base_url.rpartition(":")[2]
    for host in ("localhost", "127.0.0.1", "[::1]"):
        with subtests.test(host=host):
            reply = await post(served, authorization=bearer(TOKEN), host=f"{host}:{port}")
            assert reply.status_code == 200


async def test_a_request_that_another_origins_page_caused_is_refused(
    served: Served, subtests: pytest.Subtests
):
    for origin in ("http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1"):
        with subtests.test(origin=origin):
            reply = await post(served, authorization=bearer(TOKEN), origin=origin)
            assert reply.status_code == 403
            assert served.agent.requests == []


async def test_a_browser_that_says_it_comes_from_elsewhere_is_refused(
    served: Served, subtests: pytest.Subtests
):
    for site in ("cross-site", "same-site", "none"):
        with subtests.test(site=site):
            reply = await post(served, authorization=bearer(TOKEN), sec_fetch_site=site)
            assert reply.status_code == 403


async def test_the_devices_own_page_is_served(served: Served):
    reply = await post(
        served,
        authorization=bearer(TOKEN),
        origin=served.base_url,
        sec_fetch_site="same-origin",
    )
    assert reply.status_code == 200


async def test_a_body_that_a_form_could_send_is_refused(served: Served, subtests: pytest.Subtests):
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        with subtests.test(kind=kind):
            reply = await post(served, authorization=bearer(TOKEN), content_type=kind)
            assert reply.status_code == 415
            assert served.agent.requests == []


async def test_only_the_offer_of_a_call_may_come_as_a_form(
    served: Served, subtests: pytest.Subtests
):
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    for path in ("/v1/agent/turns", "/v1/realtime/calls/x/hangup", "/v1/realtime/callsx"):
        with subtests.test(path=path):
            reply = await served.client.post(path, content=b"--b--", headers=kind)
            assert (reply.status_code, reply.json()["error"]["code"]) == (415, "wrong_content_type")


async def test_no_reply_lets_another_origin_read_it(served: Served):
    async with served.stranger(Origin="http://evil.example") as stranger:
        preflight = await stranger.options(
            "/v1/agent/turns", headers={"Access-Control-Request-Method": "POST"}
        )
    assert preflight.status_code == 403
    assert not [name for name in preflight.headers if name.startswith("access-control")]


async def test_a_body_over_the_limit_is_refused_before_it_is_read_whole(served: Served):
    reply = await post(served, b" " * (TURN_LIMIT_BYTES + 1), authorization=bearer(TOKEN))
    assert reply.status_code == 413
    assert str(TURN_LIMIT_BYTES) in reply.json()["error"]["message"]


async def test_a_body_of_unknown_length_is_held_to_the_limit_too(served: Served):
    async def endless():
        for _ in range(600):
            yield b" " * 65_536

    async with served.stranger(**JSON, Authorization=bearer(TOKEN)) as stranger:
        reply = await stranger.post("/v1/agent/turns", content=endless())
    assert reply.status_code == 413


async def test_a_header_that_decides_may_not_come_twice(served: Served):
    headers = [("Authorization", "Bearer wrong"), ("Authorization", bearer(TOKEN))]
    async with served.stranger() as stranger:
        reply = await stranger.get("/v1/agent/state", headers=headers)
    assert reply.status_code == 400


async def test_every_reply_forbids_foreign_scripts_frames_and_guesses(
    served: Served, subtests: pytest.Subtests
):
    for path in ("/", "/main.js", "/v1/health", "/v1/agent/state", "/nowhere"):
        with subtests.test(path=path):
            reply = await served.client.get(path)
            policy = reply.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert reply.headers["x-content-type-options"] == "nosniff"
            assert reply.headers["referrer-policy"] == "no-referrer"


async def test_a_web_socket_is_not_accepted(served: Served):
    headers = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
               "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}  # fmt: skip
    reply = await served.client.get("/v1/agent/state", headers=headers)
    assert reply.status_code != 101


async def test_a_launch_code_opens_one_page_once(served: Served):
    code = served.doorkeeper.launch_code()
    async with served.stranger() as page:
        first = await page.post("/v1/launch/redeem", json={"code": code})
        again = await page.post("/v1/launch/redeem", json={"code": code})
        assert again.status_code == 401
        headers = {"Authorization": bearer(first.json()["key"])}
        assert (await page.get("/v1/agent/state", headers=headers)).status_code == 200


async def test_of_many_who_race_for_one_code_one_wins(served: Served):
    code = served.doorkeeper.launch_code()
    async with served.stranger() as page:
        replies = await asyncio.gather(
            *(page.post("/v1/launch/redeem", json={"code": code}) for _ in range(8))
        )
    assert sorted(reply.status_code for reply in replies) == [200] + [401] * 7
