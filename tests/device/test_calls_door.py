"""Calling the device over WebRTC by aiortc: asked, heard, interrupted, hung up, refused."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from edgewise.core.zone import Zone
from edgewise.device.callers import Caller as Who
from edgewise.talk.mind import Say
from edgewise.testing.clock import ManualClock
from tests.device.conftest import NO_CERTIFICATES, PROGRAM_TOKEN, TOKEN
from tests.device.test_realtime_door import OPENED, Spoken, served
from tests.talk.realtime.loud import silent, spoken
from tests.talk.realtime.rtc import LIMIT_S, Caller, Microphone, calling

PATH = "/v1/realtime/calls"
SDP = {"Content-Type": "application/sdp"}
LONG = (Say("This is a long answer which goes on and on for many seconds until it ends one day."),)


@pytest.fixture
async def device() -> AsyncIterator[Spoken]:
    async with served() as device:
        yield device


@asynccontextmanager
async def client(device: Spoken, key: str = TOKEN) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=device.address,
        headers={"Authorization": f"Bearer {key}"},
        verify=NO_CERTIFICATES,
        timeout=LIMIT_S,
    ) as http:
        yield http


async def posted(device: Spoken, offer: str, query: str = "", key: str = TOKEN) -> httpx.Response:
    async with client(device, key) as http:
        return await http.post(PATH + query, content=offer, headers=SDP)


async def answered(device: Spoken, offer: str, query: str = "", key: str = TOKEN) -> str:
    reply = await posted(device, offer, query, key)
    assert reply.status_code == 201, reply.text
    assert reply.headers["content-type"].startswith("application/sdp")
    return reply.text


async def test_a_question_in_writing_is_answered_aloud_on_the_track(device: Spoken):
    device.opens.scripts = [OPENED]
    async with calling(lambda offer: answered(device, offer, "?zone=driver")) as caller:
        created = await caller.until("session.created")
        assert created["session"]["model"] == "edgewise"
        caller.ask("open the window")
        await caller.until("response.done")
        await caller.until_heard()
        await caller.until("output_audio_buffer.stopped")
    assert "response.output_audio.delta" not in caller.kinds
    said = caller.of("response.output_audio_transcript.done")
    assert "".join(one["transcript"] for one in said) == "The window is open."
    started = caller.of("output_audio_buffer.started")
    done = caller.of("response.done")
    assert [one["response_id"] for one in started] == [done[0]["response"]["id"]]
    assert "response.mcp_call.completed" in caller.kinds
    played_s = caller.loud()[-1] - caller.loud()[0]
    assert played_s == pytest.approx(len("The window is open.") * 0.05, abs=0.3)
    assert device.opens.asked[0][:2] == (Who.OWNER, Zone.DRIVER)


async def test_what_is_said_is_heard_written_down_and_answered(device: Spoken):
    device.opens.scripts = [OPENED]
    microphone = Microphone()
    async with calling(lambda offer: answered(device, offer), microphone) as caller:
        await caller.until("session.created")
        session = {"type": "realtime", "audio": {"input": {"transcription": {}}}}
        caller.send("session.update", session=session)
        await caller.until("session.updated")
        microphone.say(silent(200) + spoken(1))
        heard = await caller.until("conversation.item.input_audio_transcription.completed")
        await caller.until("output_audio_buffer.stopped")
    assert heard["transcript"] == "open the window"
    kinds = caller.kinds
    order = ["input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped"]
    order += ["response.created", "output_audio_buffer.started", "output_audio_buffer.stopped"]
    assert sorted(order, key=kinds.index) == order


@pytest.mark.parametrize("is_done", [True, False])
async def test_who_speaks_silences_the_answer_at_once_and_it_keeps_only_what_was_heard(
    device: Spoken, is_done: bool
):
    device.opens.scripts = [LONG, OPENED]
    if not is_done:  # its second half is not made yet
        device.opens.voice.gate.clear()
    microphone = Microphone()
    async with calling(lambda offer: answered(device, offer), microphone) as caller:
        await caller.until("session.created")
        caller.ask("tell me something")
        begun_at = await caller.until_heard()
        await asyncio.sleep(0.5)
        microphone.say(spoken(2, 800))
        cleared = await caller.until("output_audio_buffer.cleared")
        cut = await caller.until("conversation.item.truncated")
        await asyncio.sleep(0.5)
        spoke_at = caller.when("input_audio_buffer.speech_started")
        last = max(at for at in caller.loud() if at < spoke_at + 1.0)
        item = cut["item_id"]
        caller.send("conversation.item.retrieve", item_id=item)
        kept = await caller.until("conversation.item.retrieved")
    assert last - spoke_at <= 0.5, "the answer goes on"
    done = caller.of("response.done")[0]["response"]
    assert cleared["response_id"] == done["id"]
    assert cut["audio_end_ms"] == pytest.approx((last - begun_at) * 1000, abs=500)
    words = kept["item"]["content"][0]["transcript"]
    assert words
    assert LONG[0].text.startswith(words)
    assert len(words) * 50 <= cut["audio_end_ms"]


@pytest.mark.slow
async def test_silence_comes_within_150_ms_on_the_clients_side(device: Spoken):
    took: list[float] = []
    for _ in range(5):  # what is measured is also how busy this machine is: the least counts
        device.opens.scripts = [LONG, OPENED]
        microphone = Microphone()
        async with calling(lambda offer: answered(device, offer), microphone) as caller:
            await caller.until("session.created")
            caller.ask("tell me something")
            await caller.until_heard()
            microphone.say(silent(300) + spoken(2, 800))
            await caller.until("output_audio_buffer.cleared")
            await asyncio.sleep(0.5)
            spoke_at = caller.when("input_audio_buffer.speech_started")
            took.append(max(at for at in caller.loud() if at < spoke_at + 0.6) - spoke_at)
    assert min(took) <= 0.15, took


async def test_the_clients_own_clear_stops_what_is_played(device: Spoken):
    device.opens.scripts = [LONG]
    async with calling(lambda offer: answered(device, offer)) as caller:
        await caller.until("session.created")
        caller.ask("tell me something")
        await caller.until_heard()
        caller.send("output_audio_buffer.clear")
        await caller.until("output_audio_buffer.cleared")
        cleared_at = caller.when("output_audio_buffer.cleared")
        await asyncio.sleep(0.5)
        assert [at for at in caller.loud() if at > cleared_at + 0.15] == []
        caller.send("input_audio_buffer.append", audio="AAAA")
        refused = await caller.until("error")
    assert refused["error"]["code"] == "unsupported_value"


async def test_openais_own_client_begins_a_call_with_a_session_and_hangs_up(device: Spoken):
    caller = Caller(None)
    async with device.sdk() as sdk:
        reply = await sdk.realtime.calls.with_raw_response.create(
            sdp=await caller.offer(),
            session={"type": "realtime", "model": "edgewise", "output_modalities": ["text"]},
        )
        await caller.take(reply.text)
        created = await caller.until("session.created")
        assert created["session"]["output_modalities"] == ["text"]
        call = reply.headers["location"].rpartition("/")[2]
        await sdk.realtime.calls.hangup(call)
        async with asyncio.timeout(LIMIT_S):
            await caller.closed.wait()
    async with client(device) as http:
        again = await http.post(f"{PATH}/{call}/hangup")
    assert (again.status_code, again.json()["error"]["code"]) == (404, "no_such_call")
    await caller.close()


async def test_a_program_calls_in_a_session_of_its_own_and_hangs_up_no_persons_call(
    device: Spoken,
):
    calls: list[str] = []

    async def noted(offer: str) -> str:
        reply = await posted(device, offer)
        calls.append(reply.headers["location"])
        return reply.text

    async with calling(noted):
        (persons,) = calls
        async with client(device, PROGRAM_TOKEN) as http:
            assert (await http.post(f"{persons}/hangup")).status_code == 404
        async with calling(
            lambda offer: answered(device, offer, "?session=car", PROGRAM_TOKEN)
        ) as caller:
            await caller.until("session.created")
        assert device.opens.asked[-1] == (Who.PROGRAM, None, "program.car")
        assert device.opens.typed[-1] is None
        refused = await posted(device, "v=0", "?zone=driver", PROGRAM_TOKEN)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "no_seat")
        async with client(device) as http:
            assert (await http.post(f"{persons}/hangup")).status_code == 200


@pytest.mark.parametrize(
    ("key", "headers", "body", "query", "status", "code"),
    [
        ("wrong", SDP, "v=0", "", 401, "not_authorized"),
        (TOKEN, {**SDP, "Origin": "http://evil.example"}, "v=0", "", 403, "foreign_origin"),
        (TOKEN, {"Content-Type": "text/plain"}, "v=0", "", 415, "wrong_content_type"),
        (TOKEN, SDP, "v=0", "?model=other", 404, "model_not_found"),
        (TOKEN, SDP, "v=0", "?zone=boot", 400, "invalid_field"),
        (TOKEN, SDP, "v=0", "?session=program.x", 400, "reserved_session"),
        (TOKEN, SDP, "v=0", "", 400, "invalid_sdp"),
        (TOKEN, SDP, "x" * 70_000, "", 413, "body_too_large"),
    ],
)
async def test_what_is_no_call_is_refused_with_the_remedy(
    device: Spoken,
    key: str,
    headers: dict[str, str],
    body: str,
    query: str,
    status: int,
    code: str,
):
    async with client(device, key) as http:
        refused = await http.post(PATH + query, content=body, headers=headers)
    assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)
    assert refused.json()["error"]["remedy"]


async def test_a_session_that_can_not_be_refuses_the_call_and_leaves_its_place(device: Spoken):
    caller = Caller(None)
    fields = {"sdp": await caller.offer(), "session": json.dumps({"type": "realtime", "x": 1})}
    async with client(device) as http:
        for _ in range(4):
            refused = await http.post(PATH, files={n: (None, v) for n, v in fields.items()})
            assert (refused.status_code, refused.json()["error"]["code"]) == (
                400,
                "unknown_parameter",
            )
    await caller.close()


async def test_calls_and_sockets_share_the_places_of_a_caller(device: Spoken):
    async with (
        device.sdk() as sdk,
        sdk.realtime.connect(model="edgewise"),
        calling(lambda offer: answered(device, offer)),
    ):
        caller = Caller(None)
        full = await posted(device, await caller.offer())
        await caller.close()
    assert (full.status_code, full.json()["error"]["code"]) == (429, "too_many_conversations")


async def test_a_page_whose_key_runs_out_is_told_and_let_go():
    clock = ManualClock()
    async with served(clock=clock) as device:
        redeemed = device.doorkeeper.redeem(device.doorkeeper.launch_code())
        assert redeemed is not None
        async with calling(lambda offer: answered(device, offer, key=redeemed[0])) as caller:
            await caller.until("session.created")
            clock.advance(redeemed[1] - clock.now() + 1)
            error = await caller.until("error")
            async with asyncio.timeout(LIMIT_S):
                await caller.closed.wait()
    assert error["error"]["code"] == "key_ended"


async def test_a_device_that_ends_ends_its_calls():
    async with served() as other:
        caller = Caller(None)
        await caller.take(await answered(other, await caller.offer()))
        await caller.until("session.created")
    async with asyncio.timeout(LIMIT_S):
        await caller.closed.wait()
    await caller.close()


async def test_without_the_extra_the_device_says_what_to_install(
    device: Spoken, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "aiortc", None)
    monkeypatch.delitem(sys.modules, "edgewise.talk.realtime.peer", raising=False)
    refused = await posted(device, "v=0")
    assert (refused.status_code, refused.json()["error"]["code"]) == (501, "missing_package")
    assert "pip install 'edgewise[webrtc]'" in refused.json()["error"]["message"]
