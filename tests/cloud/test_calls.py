"""Calling the platform over WebRTC: answered, billed, bounded and ended as its WebSocket is."""

import asyncio
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from edgewise.cloud.caller import Endpoint
from edgewise.cloud.calls import PATH, addresses_of
from edgewise.cloud.config import Config, SensesConfig
from edgewise.cloud.keys import Scope, list_keys, revoke_key
from edgewise.testing.upstream.directive import Directive
from tests.cloud.running import Running
from tests.cloud.test_realtime import entries, plainly, running, sdk
from tests.device.conftest import NO_CERTIFICATES
from tests.talk.realtime.loud import silent, spoken
from tests.talk.realtime.rtc import LIMIT_S, Caller, Microphone, calling

pytestmark = pytest.mark.slow

SDP = {"Content-Type": "application/sdp"}


def http(platform: Running, key: str = "") -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {key or platform.key}"}
    return httpx.AsyncClient(
        base_url=platform.address, headers=headers, verify=NO_CERTIFICATES, timeout=LIMIT_S
    )


def call(
    platform: Running,
    microphone: Microphone | None = None,
    key: str = "",
    query: str = "?model=fake",
) -> AbstractAsyncContextManager[Caller]:
    async def answered(offer: str) -> str:
        async with http(platform, key) as client:
            reply = await client.post(PATH + query, content=offer, headers=SDP)
        assert reply.status_code == 201, reply.text
        assert reply.headers["location"].startswith(f"{PATH}/rtc_")
        return reply.text

    return calling(answered, microphone)


async def test_what_is_said_is_heard_answered_aloud_and_billed_once(tmp_path: Path):
    microphone = Microphone()
    async with running(tmp_path) as platform, call(platform, microphone) as caller:
        await caller.until("session.created")
        session = {"type": "realtime", "audio": {"input": {"transcription": {}}}}
        caller.send("session.update", session=session)
        microphone.say(silent(200) + spoken(1, 800))
        heard = await caller.until("conversation.item.input_audio_transcription.completed")
        await caller.until_heard()
        await caller.until("output_audio_buffer.stopped")
        billed = await entries(platform)
    assert heard["transcript"] == "what is the weather"
    said = caller.of("response.output_audio_transcript.done")[0]["transcript"]
    assert billed["fake"].facts.endpoint == billed["ears"].facts.endpoint == "realtime"
    assert billed["voice"].usage.characters == len(said)
    assert len(platform.cloud.ledger.recent) == 3


async def test_a_client_secret_calls_with_its_session_and_its_key_hangs_up(tmp_path: Path):
    async with running(tmp_path) as platform:
        async with sdk(platform) as client:
            made = await client.realtime.client_secrets.create(
                session={"type": "realtime", "model": "fake", "instructions": "Be brief."}
            )
        caller = Caller(None)
        async with sdk(platform, made.value) as client:
            reply = await client.realtime.calls.with_raw_response.create(
                sdp=await caller.offer(),
                session={"type": "realtime", "output_modalities": ["text"]},
            )
        await caller.take(reply.text)
        created = await caller.until("session.created")
        assert created["session"]["instructions"] == "Be brief."
        assert created["session"]["output_modalities"] == ["text"]
        other = platform.make_key()
        async with http(platform, other) as client:
            assert (await client.post(reply.headers["location"] + "/hangup")).status_code == 404
        async with http(platform) as client:
            assert (await client.post(reply.headers["location"] + "/hangup")).status_code == 200
        async with asyncio.timeout(LIMIT_S):
            await caller.closed.wait()
        await caller.close()


async def test_the_model_may_stand_in_the_session(tmp_path: Path):
    async with running(tmp_path) as platform, sdk(platform) as client:
        caller = Caller(None)
        reply = await client.realtime.calls.with_raw_response.create(
            sdp=await caller.offer(), session={"type": "realtime", "model": "fake"}
        )
        await caller.take(reply.text)
        created = await caller.until("session.created")
        assert created["session"]["model"] == "fake"
        await caller.close()


async def test_a_revoked_key_ends_its_calls_at_once(tmp_path: Path):
    async with running(tmp_path) as platform, call(platform) as caller:
        await caller.until("session.created")
        made = platform.cloud.first_start
        assert made is not None
        with platform.cloud.database.begin() as connection:
            (key,) = list_keys(connection, made.organisation.id)
            revoke_key(connection, made.organisation.id, key.id, now_s=1.0)
        error = await caller.until("error")
        assert error["error"]["code"] == "key_revoked"
        async with asyncio.timeout(LIMIT_S):
            await caller.closed.wait()


async def test_calls_and_sockets_of_a_key_share_its_bound_and_its_budget(tmp_path: Path):
    bound = SensesConfig(most_of_key=2)
    async with running(tmp_path, own_bounds=bound) as platform:
        async with plainly(platform), call(platform):
            caller = Caller(None)
            async with http(platform) as client:
                offer = await caller.offer()
                full = await client.post(f"{PATH}?model=fake", content=offer, headers=SDP)
            await caller.close()
            assert (full.status_code, full.json()["error"]["code"]) == (429, "too_many_sessions")
            assert full.headers["retry-after"]
        async with asyncio.timeout(LIMIT_S):
            while len(platform.cloud.calls.calls):  # noqa: ASYNC110 - the peer must be missed
                await asyncio.sleep(0.02)
        async with call(platform) as again:
            await again.until("session.created")


async def test_who_speaks_interrupts_and_the_model_is_told_what_was_heard(tmp_path: Path):
    microphone = Microphone()
    async with running(tmp_path) as platform, call(platform, microphone) as caller:
        await caller.until("session.created")
        platform.upstream.directive = Directive(tokens=100)
        caller.ask("tell me a story")
        await caller.until_heard()
        await asyncio.sleep(0.5)
        microphone.say(spoken(1, 800))
        cut = await caller.until("conversation.item.truncated")
        caller.send("conversation.item.retrieve", item_id=cut["item_id"])
        kept = await caller.until("conversation.item.retrieved")
    whole = caller.of("response.output_audio_transcript.done")[0]["transcript"]
    words = kept["item"]["content"][0]["transcript"]
    assert len(words) < len(whole)
    assert whole.startswith(words)


async def test_pages_of_other_origins_may_call_since_no_cookie_opens_it(tmp_path: Path):
    async with running(tmp_path) as platform, http(platform) as client:
        origin = {"Origin": "https://shop.example"}
        asked = await client.options(PATH, headers=origin)
        assert asked.status_code == 204
        assert "authorization" in asked.headers["access-control-allow-headers"]
        refused = await client.post(PATH, content="v=0", headers={**SDP, **origin})
        for reply in (asked, refused):
            assert reply.headers["access-control-allow-origin"] == "*"
            assert "access-control-allow-credentials" not in reply.headers


@pytest.mark.parametrize(
    ("scope", "query", "kind", "status", "code"),
    [
        (Scope(endpoints=(Endpoint.CHAT,)), "?model=fake", "application/sdp", 403, "key_scope"),
        (Scope(models=("ears",)), "?model=fake", "application/sdp", 404, "model_not_found"),
        (Scope(), "?model=nobody", "application/sdp", 404, "model_not_found"),
        (Scope(), "", "application/sdp", 400, "invalid_value"),
        (Scope(), "?model=fake", "application/sdp", 400, "invalid_sdp"),
        (Scope(), "?model=fake", "application/json", 415, "wrong_content_type"),
    ],
)
async def test_who_may_not_and_what_is_no_offer_is_refused(
    tmp_path: Path, scope: Scope, query: str, kind: str, status: int, code: str
):
    async with running(tmp_path) as platform, http(platform, platform.make_key(scope)) as client:
        refused = await client.post(PATH + query, content="v=0", headers={"Content-Type": kind})
        assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)
        stranger = {**SDP, "Authorization": "Bearer no"}
        assert (await client.post(PATH, content="v=0", headers=stranger)).status_code == 401
        assert (await client.post(PATH, content="x" * 200_000, headers=SDP)).status_code in (
            413,
            403,
        )


@pytest.mark.parametrize(
    ("host", "given", "found"),
    [
        ("127.0.0.1", (), ("127.0.0.1",)),
        ("localhost", (), ("127.0.0.1",)),
        ("0.0.0.0", (), None),
        ("::", (), None),
        ("192.0.2.7", (), ("192.0.2.7",)),
        ("127.0.0.1", ("192.0.2.7",), ("192.0.2.7",)),
    ],
)
def test_a_call_is_reached_where_the_platform_is(
    host: str, given: tuple[str, ...], found: tuple[str, ...] | None
):
    config = replace(Config(), host=host, senses=SensesConfig(call_addresses=given))
    assert addresses_of(config) == found
