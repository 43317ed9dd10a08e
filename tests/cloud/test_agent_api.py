"""The doors of the device Agent API over a real server: order, bounds, and to whom they open."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from edgewise.cloud.agent_api import CLOSE_CODES, AgentApi
from edgewise.cloud.caller import Caller, Endpoint, KeyKind
from edgewise.core.call import Status
from edgewise.core.exchange import (
    Ack,
    Bounds,
    Cancel,
    CloudFrame,
    DeviceMessage,
    Ended,
    Fault,
    FromCloud,
    FromDevice,
    How,
    Opened,
    Opening,
    Outcome,
    Proposed,
    Report,
    Say,
    Started,
    Text,
    Welcome,
    cloud_frame,
)
from edgewise.core.label import OriginKind, label_of
from edgewise.core.part import TextPart
from tests.agent.conftest import FUNCTIONS
from tests.cloud.scripted_gateway import Keys, ScriptedGateway, device, served, tools, words

OPENING = Opening(tuple(f.capability for f in FUNCTIONS), "0" * 64, "1" * 64)
WITHIN_S = 10


def say(turn: str = "t1", text: str = "turn on the air") -> Say:
    return Say(turn, (TextPart(text, label_of(OriginKind.TYPED)),))


class Stage:
    """A served API with keys and a scripted model."""

    def __init__(self, gateway: ScriptedGateway, bounds: Bounds | None = None) -> None:
        self.gateway, self.keys = gateway, Keys()
        self.api = AgentApi(
            gateway,
            self.keys.find,
            model="m",
            bounds=bounds,
            most_of_owner=2,
            most=5,
            check_s=0.05,
        )
        self.address = ""

    async def http(
        self, method: str, path: str, *, key: str = "secret", **sent: Any
    ) -> httpx.Response:
        async with httpx.AsyncClient(trust_env=False) as client:
            headers = {"Authorization": f"Bearer {key}", **sent.pop("headers", {})}
            return await client.request(method, self.address + path, headers=headers, **sent)

    async def open(self, key: str = "secret", **headers: str) -> Opened:
        body = msgspec.json.encode(OPENING)
        reply = await self.http(
            "POST", "/v1/agent/sessions", key=key, content=body, headers=headers
        )
        assert reply.status_code == 201, reply.text
        return msgspec.json.decode(reply.content, type=Opened)

    def channel(self, opened: Opened, *, key: str = "secret", after: object = 0) -> connect:
        url = f"ws{self.address[4:]}{opened.channel}?resume_after={after}"
        return connect(url, additional_headers={"Authorization": f"Bearer {key}"}, proxy=None)


@asynccontextmanager
async def stage(
    *steps: Any, bounds: Bounds | None = None, gate: Any = None
) -> AsyncGenerator[Stage]:
    made = Stage(ScriptedGateway(steps, gate), bounds)
    async with served(made.api) as made.address:
        yield made


class Line:
    """A device's end of a channel, frame by frame."""

    def __init__(self, socket: ClientConnection, seq: int = 0, had: int = 0) -> None:
        self.socket, self.seq, self.had = socket, seq, had

    async def frame(self) -> CloudFrame:
        return cloud_frame(await asyncio.wait_for(self.socket.recv(), WITHIN_S))

    async def send(self, message: DeviceMessage) -> None:
        self.seq += 1
        frame = FromDevice(self.seq, self.had, message)
        await self.socket.send(msgspec.json.encode(frame).decode())

    async def message(self) -> Any:
        while True:
            frame = await self.frame()
            if isinstance(frame, FromCloud):
                assert frame.seq == self.had + 1
                self.had = frame.seq
                return frame.message
            assert isinstance(frame, Ack | Welcome), frame

    async def until(self, kind: type) -> list[Any]:
        found = [await self.message()]
        while not isinstance(found[-1], kind):
            found.append(await self.message())
        return found

    async def fault(self) -> tuple[str, int]:
        """The fault that ends it, and the close code."""
        code = ""
        try:
            while True:
                frame = await self.frame()
                code = frame.code if isinstance(frame, Fault) else code
        except ConnectionClosed as closed:
            return code, closed.rcvd.code if closed.rcvd else 0


async def test_a_turn_goes_from_words_to_a_proposal_to_its_result_to_an_answer() -> None:
    steps = (tools(("air_set", {"on": True})), words("The air is", " on."))
    async with stage(*steps) as on:
        opened = await on.open()
        async with on.channel(opened) as socket:
            line = Line(socket)
            assert await line.frame() == Welcome(opened.session, 0)
            await line.send(say())
            started, proposed = await line.until(Proposed)
            assert started == Started("t1", "m")
            assert (proposed.capability, proposed.arguments) == ("air.set", {"on": True})
            assert {origin.kind for origin in proposed.label.origins} == {OriginKind.MODEL}
            await line.send(Report("t1", proposed.call, Outcome(Status.DONE)))
            *said, ended = await line.until(Ended)
            assert said == [Text("t1", "The air is"), Text("t1", " on.")]
            assert ended == Ended("t1", How.ANSWERED, input_tokens=20, output_tokens=7)
        assert on.gateway.told(1) == [{"status": "done"}]
        shown = (await on.http("GET", f"/v1/agent/sessions/{opened.session}")).json()
        assert shown["turns"][0]["calls"] == [
            {"call": proposed.call, "capability": "air.set", "status": "done"}
        ]


async def test_a_lost_connection_in_the_middle_loses_nothing_and_doubles_nothing() -> None:
    steps = (tools(("air_set", {"on": True})), words("Done."))
    async with stage(*steps) as on:
        opened = await on.open()
        async with on.channel(opened) as socket:
            line = Line(socket)
            await line.send(say())
            _, proposed = await line.until(Proposed)
            socket.transport.abort()  # no goodbye
        async with on.channel(opened, after=line.had) as socket:
            again = Line(socket, line.seq, line.had)
            assert await again.frame() == Welcome(opened.session, 1)
            await again.send(Report("t1", proposed.call, Outcome(Status.DONE)))
            assert await again.until(Ended) == [
                Text("t1", "Done."),
                Ended("t1", How.ANSWERED, input_tokens=20, output_tokens=7),
            ]
        async with on.channel(opened, after=line.had) as socket:
            replayed = Line(socket, 2, line.had)
            assert await replayed.until(Ended) == [
                Text("t1", "Done."),
                Ended("t1", How.ANSWERED, input_tokens=20, output_tokens=7),
            ]
        assert len(on.gateway.bodies) == 2


async def test_a_turn_that_is_said_again_under_its_name_is_thought_about_once() -> None:
    async with stage(words("Hello.")) as on:
        opened = await on.open()
        async with on.channel(opened) as socket:
            line = Line(socket)
            await line.send(say())
            first = await line.until(Ended)
            await line.send(say())
            second = await line.until(Ended)
        assert second == [Started("t1", "m", again=True), *first[1:]]
        assert len(on.gateway.bodies) == 1


async def test_an_opening_that_is_sent_again_opens_one_session() -> None:
    async with stage() as on:
        first = await on.open(**{"Idempotency-Key": "once"})
        assert await on.open(**{"Idempotency-Key": "once"}) == first
        other = msgspec.json.encode(msgspec.structs.replace(OPENING, policy_hash="2" * 64))
        reply = await on.http(
            "POST", "/v1/agent/sessions", content=other, headers={"Idempotency-Key": "once"}
        )
        assert (reply.status_code, reply.json()["error"]["code"]) == (409, "key_reused")
        assert len(on.api.sessions) == 1


async def test_the_device_cancels_and_the_model_is_stopped() -> None:
    gate = asyncio.Event()
    async with stage(words("A long", " story"), gate=gate) as on:
        opened = await on.open()
        async with on.channel(opened) as socket:
            line = Line(socket)
            await line.send(say())
            await line.until(Text)
            await line.send(Cancel("t1"))
            ended = (await line.until(Ended))[-1]
            assert (ended.how, ended.code) == (How.CANCELLED, "cancelled")
        assert on.gateway.closed == 1


async def test_another_connection_takes_the_session_over() -> None:
    async with stage() as on:
        opened = await on.open()
        async with on.channel(opened) as first, on.channel(opened) as second:
            assert isinstance(await Line(second).frame(), Welcome)
            assert await Line(first).fault() == ("replaced", 4409)


async def test_the_end_of_a_session_ends_its_channel_and_its_turns() -> None:
    async with stage(words("never", " said"), gate=asyncio.Event()) as on:
        opened = await on.open()
        async with on.channel(opened) as socket:
            line = Line(socket)
            await line.send(say())
            await line.until(Text)
            reply = await on.http("DELETE", f"/v1/agent/sessions/{opened.session}")
            assert reply.status_code == 204
            assert await line.fault() == ("session_ended", 4404)
        assert on.gateway.closed == 1
        with pytest.raises(InvalidStatus) as refused:
            await on.channel(opened)
        assert refused.value.response.status_code == 404


MALFORMED = [
    ("not json", "bad_frame"),
    ("[" * 60_000, "bad_frame"),
    ('{"frame":"message","seq":0,"ack":0,"message":{"type":"cancel","turn":"t"}}', "bad_frame"),
    ('{"frame":"message","seq":1,"ack":0,"message":{"type":"approve","call":"c1"}}', "bad_frame"),
    ('{"frame":"message","seq":2,"ack":0,"message":{"type":"cancel","turn":"t"}}', "out_of_order"),
    ('{"frame":"ack","ack":7}', "wrong_ack"),
    (b"\xff\xfe", "bad_frame"),
    ('{"frame":"ack","ack":0,"x":"' + "y" * 65_600 + '"}', "too_large"),
]


@pytest.mark.parametrize(("sent", "code"), MALFORMED, ids=range(len(MALFORMED)))
async def test_what_is_no_frame_ends_the_connection_with_a_reason_and_not_the_session(
    sent: str | bytes, code: str
) -> None:
    async with stage(words("Hello.")) as on:
        opened = await on.open()
        async with on.channel(opened) as socket:
            await socket.send(sent)
            assert await Line(socket).fault() == (code, CLOSE_CODES[code])
        async with on.channel(opened) as socket:
            line = Line(socket)
            await line.send(say())
            assert (await line.until(Ended))[-1].how is How.ANSWERED


async def test_a_message_of_a_gigabyte_is_refused_when_it_begins() -> None:
    """The server reads no further than its limit, whatever length a frame's head tells."""
    async with stage() as on:
        opened = await on.open()
        async with on.channel(opened) as socket:
            await Line(socket).frame()
            head = bytes([0x81, 0xFF]) + (2**30).to_bytes(8, "big") + b"mask"
            socket.transport.write(head)
            assert (await Line(socket).fault())[1] == 1009


async def test_a_device_that_takes_nothing_is_cut_off_when_the_buffer_is_full() -> None:
    bounds = Bounds(unacknowledged=2, turns_at_once=1, text_bytes=4_000)
    async with stage(bounds=bounds) as on:
        opened = await on.open()
        async with on.channel(opened) as socket:
            line = Line(socket)
            for _ in range(30):
                await line.send(Cancel("nowhere"))
                line.had = 0
            assert await line.fault() == ("unacknowledged", 4429)
        async with on.channel(opened) as socket:
            welcome = await Line(socket).frame()
            assert isinstance(welcome, Welcome)
            assert 0 < welcome.ack < 30


async def test_200_messages_are_slowed_down_to_the_rate_and_none_is_lost() -> None:
    bounds = Bounds(messages_a_second=400, burst=40)
    async with stage(bounds=bounds) as on:
        opened = await on.open()
        began = asyncio.get_running_loop().time()
        async with on.channel(opened) as socket:
            line = Line(socket)

            window, answers = asyncio.Semaphore(32), list[Any]()

            async def flood() -> None:
                for _ in range(200):
                    await window.acquire()
                    await line.send(Cancel("nowhere"))

            sending = asyncio.create_task(flood())
            while len(answers) < 200:
                answers.append(await line.message())
                window.release()
            await sending
        took_s = asyncio.get_running_loop().time() - began
        assert {answer.code for answer in answers} == {"no_such_turn"}
        assert took_s >= (200 - 40) / 400 - 0.02  # a turn of the clock


async def test_a_revoked_key_ends_the_channel_at_its_next_message() -> None:
    async with stage(words("Hello.")) as on:
        opened = await on.open()
        async with on.channel(opened) as socket:
            line = Line(socket)
            await line.send(say())
            await line.until(Ended)
            del on.keys.known["secret"]
            await line.send(say("t2"))
            assert await line.fault() == ("invalid_api_key", 4401)
        assert len(on.gateway.bodies) == 1


async def test_a_revoked_key_ends_an_idle_channel() -> None:
    async with stage() as on:
        opened = await on.open()
        async with on.channel(opened) as socket:
            line = Line(socket)
            assert isinstance(await line.frame(), Welcome)
            del on.keys.known["secret"]
            assert await line.fault() == ("invalid_api_key", 4401)


async def test_a_revoked_key_ends_a_channel_that_only_acknowledges() -> None:
    async with stage() as on:
        on.api._check_s = 3600  # pyright: ignore[reportPrivateUsage]
        opened = await on.open()
        async with on.channel(opened) as socket:
            line = Line(socket)
            assert isinstance(await line.frame(), Welcome)
            del on.keys.known["secret"]
            await socket.send(msgspec.json.encode(Ack(0)).decode())
            assert await line.fault() == ("invalid_api_key", 4401)


@pytest.mark.parametrize("connected", [True, False])
async def test_a_revoked_key_stops_the_model_in_the_middle_of_a_turn(connected: bool) -> None:
    async with stage(words("A long", " story"), gate=asyncio.Event()) as on:
        opened = await on.open()
        async with on.channel(opened) as socket:
            line = Line(socket)
            await line.send(say())
            await line.until(Text)
            if connected:
                del on.keys.known["secret"]
                assert await line.fault() == ("invalid_api_key", 4401)
        on.keys.known.pop("secret", None)
        async with asyncio.timeout(WITHIN_S):
            await on.gateway.stopped.wait()
        (host,) = on.api.sessions.hosts()
        end = host.session.turns["t1"].end
        assert end is not None
        assert (end.how, end.code) == (How.FAILED, "invalid_api_key")


@pytest.mark.parametrize(
    ("caller", "status"),
    [
        (None, 401),
        (Caller("k", KeyKind.DEVELOPER, "o", "p", endpoints=frozenset({Endpoint.CHAT})), 403),
        (device("car-2"), 404),
        (device("car-1", "another project"), 404),
        (Caller("k", KeyKind.DEVICE, "another", "p", "car-1"), 404),
        (Caller("k", KeyKind.DEVELOPER, "o", "p"), 404),
        (Caller("k", KeyKind.DEVELOPER, "o", "p", "car-1"), 404),
    ],
)
async def test_nobody_else_sees_joins_or_ends_a_session(caller: Caller | None, status: int) -> None:
    async with stage() as on:
        opened = await on.open()
        if caller is not None:
            on.keys.known["other"] = caller
        path = f"/v1/agent/sessions/{opened.session}"
        for method in ("GET", "DELETE"):
            assert (await on.http(method, path, key="other")).status_code == status
        with pytest.raises(InvalidStatus) as refused:
            await on.channel(opened, key="other")
        assert refused.value.response.status_code == status
        assert (await on.http("GET", path)).status_code == 200


async def test_another_key_of_the_same_device_joins_its_session() -> None:
    async with stage() as on:
        opened = await on.open()
        on.keys.known = {"rotated": device(key="new")}
        async with on.channel(opened, key="rotated") as socket:
            assert isinstance(await Line(socket).frame(), Welcome)


async def test_sessions_of_a_device_and_of_the_server_are_bounded() -> None:
    async with stage() as on:
        for name in ("a", "b", "c"):
            on.keys.known[name] = device(name)
        for key in ("a", "a", "b", "b", "c"):
            await on.open(key)
        body = msgspec.json.encode(OPENING)
        for key, whose in (("a", "this device"), ("c", "this server")):
            reply = await on.http("POST", "/v1/agent/sessions", key=key, content=body)
            assert (reply.status_code, reply.headers["retry-after"]) == (429, "30")
            assert whose in reply.json()["error"]["message"]


BAD_OPENINGS = [
    (b"{", 400, "invalid_json"),
    (b"[" * 100_000, 400, "invalid_value"),
    (b'{"capabilities":' + b"[" * 100_000, 400, "invalid_value"),
    (b"{}", 400, "invalid_value"),
    (msgspec.json.encode({"capabilities": [], "catalogue_hash": "x", "policy_hash": "y"}), 400,
     "invalid_value"),
    (msgspec.json.encode(msgspec.structs.replace(
        OPENING, capabilities=OPENING.capabilities[:1] * 2)), 400, "invalid_value"),
    (msgspec.json.encode(msgspec.structs.replace(
        OPENING, capabilities=OPENING.capabilities[:1] * 300)), 400, "invalid_value"),
    (b" " * 1_100_000, 413, "request_too_large"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "status", "code"), BAD_OPENINGS, ids=range(len(BAD_OPENINGS)))
async def test_a_bad_opening_is_refused_with_what_is_wrong(
    body: bytes, status: int, code: str
) -> None:
    async with stage() as on:
        reply = await on.http("POST", "/v1/agent/sessions", content=body)
        assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)
        assert len(on.api.sessions) == 0


@pytest.mark.parametrize("after", ["-1", "x", "9" * 30, "5"])
async def test_a_resume_that_can_not_be_is_refused(after: str) -> None:
    async with stage() as on:
        opened = await on.open()
        if after == "5":
            async with on.channel(opened, after=after) as socket:
                assert await Line(socket).fault() == ("resume_gone", 4410)
        else:
            with pytest.raises(InvalidStatus) as refused:
                await on.channel(opened, after=after)
            assert refused.value.response.status_code == 400


async def test_the_document_of_the_channel_is_served_without_a_key() -> None:
    async with stage() as on:
        reply = await on.http("GET", "/v1/agent/asyncapi.json", key="unknown")
        assert reply.json()["asyncapi"] == "3.0.0"


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200) | st.text(max_size=200))
def test_no_bytes_bring_the_server_down(sent: str | bytes) -> None:
    async def check() -> None:
        async with stage(words("Hello.")) as on:
            opened = await on.open()
            async with on.channel(opened) as socket:
                await socket.send(sent)
                code, _ = await Line(socket).fault()
                assert code == "bad_frame"

    if isinstance(sent, str):
        sent = sent.encode("utf-8", "replace").decode()
    asyncio.run(check())
