"""Talking to the device by OpenAI's own realtime client, and by StepFun's documented events."""

import asyncio
import base64
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import openai
import pytest
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from edgewise.core.clock import Clock
from edgewise.core.zone import Zone
from edgewise.device.api import create_app
from edgewise.device.callers import Caller
from edgewise.device.doorkeeper import Doorkeeper
from edgewise.device.limits import Allowance, Limits
from edgewise.device.realtime_door import RealtimeDoor
from edgewise.talk.mind import Acted, Answer, Counted, Say
from edgewise.talk.realtime.pictures import Pictures
from edgewise.talk.realtime.session import Offer
from edgewise.talk.settings import Settings
from edgewise.talk.talk import Talk
from edgewise.web.connection import PromptConnection
from tests.device.conftest import PROGRAM_TOKEN, TOKEN, listen
from tests.device.fake_agent import FakeAgent
from tests.talk.fakes import FakeMind
from tests.talk.realtime.loud import LoudVoice, conversation, silent, spoken

LIMIT_S = 10.0
SENTENCES = ("open the window", "stop")
OPENED = (
    Say("The window "),
    Acted("c1", "window.set", {"percent": 100}, '{"status":"done"}', True),
    Say("is open."),
    Counted(11, 4),
)


@dataclass
class Opens:
    """Conversations over fakes; who asked for them is noted."""

    offer: Offer = field(
        default_factory=lambda: Offer("edgewise", tools=False, no_tools="own ones", instructs=False)
    )
    scripts: list[tuple[Answer, ...]] = field(default_factory=list[tuple[Answer, ...]])
    asked: list[tuple[Caller, Zone | None, str]] = field(
        default_factory=list[tuple[Caller, Zone | None, str]]
    )
    typed: list[Zone | None] = field(default_factory=list[Zone | None])
    listens: list[tuple[bool | None, bool]] = field(default_factory=list[tuple[bool | None, bool]])
    voice: LoudVoice = field(default_factory=LoudVoice)
    sees: bool = False

    async def open(
        self,
        caller: Caller,
        zone: Zone | None,
        session: str,
        typed: Zone | None = None,
        *,
        wake: bool | None = None,
        echo: bool = False,
        pictures: Pictures | None = None,
    ) -> Talk:
        self.asked.append((caller, zone, session))
        self.typed.append(typed)
        self.listens.append((wake, echo))
        mind = FakeMind(*self.scripts)
        return conversation(mind, *SENTENCES, voice=self.voice, settings=Settings(zone=zone))


@dataclass
class Spoken:
    """Where it listens, and whom it talks with."""

    address: str
    opens: Opens
    doorkeeper: Doorkeeper

    @property
    def socket(self) -> str:
        return self.address.replace("http", "ws") + "/v1/realtime"

    def sdk(self, key: str = TOKEN) -> openai.AsyncOpenAI:
        return openai.AsyncOpenAI(base_url=f"{self.address}/v1", api_key=key, max_retries=0)


@pytest.fixture
async def device() -> AsyncIterator[Spoken]:
    async with served() as device:
        yield device


@asynccontextmanager
async def served(
    connection: type[PromptConnection] = PromptConnection, clock: Clock | None = None
) -> AsyncGenerator[Spoken]:
    opens, doorkeeper = Opens(), Doorkeeper(TOKEN, PROGRAM_TOKEN, clock)
    limits = Limits(dict.fromkeys(Caller, Allowance(2, 1000, 2, conversations=2)))
    app = create_app(FakeAgent(), doorkeeper=doorkeeper, limits=limits, conversations=opens)
    async with listen(app, connection) as address:
        yield Spoken(address, opens, doorkeeper)


def sound(data: bytes) -> str:
    return base64.b64encode(data).decode()


async def until(socket: Any, kind: str) -> tuple[Any, list[Any]]:
    """The next event of that kind, and all that came before it."""
    before: list[Any] = []
    async with asyncio.timeout(LIMIT_S):
        async for event in socket:
            if event.type == kind:
                return event, before
            assert event.type != "error", event
            before.append(event)
    raise AssertionError(f"no {kind}; came: {[one.type for one in before]}")


class Plain:
    """A WebSocket client that knows JSON alone, as StepFun's demo is one."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def send(self, type: str, **fields: Any) -> None:
        await self.socket.send(json.dumps({"event_id": f"c_{type}", "type": type, **fields}))

    async def until(self, kind: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        before: list[dict[str, Any]] = []
        async with asyncio.timeout(LIMIT_S):
            while (event := json.loads(await self.socket.recv()))["type"] != kind:
                before.append(event)
        return event, before


@asynccontextmanager
async def plainly(
    device: Spoken, key: str = TOKEN, query: str = "", **headers: str
) -> AsyncGenerator[Plain]:
    given = {"Authorization": f"Bearer {key}", **headers}
    async with connect(device.socket + query, additional_headers=given) as socket:
        yield Plain(socket)


async def test_openais_client_speaks_and_is_answered_by_sound(device: Spoken):
    device.opens.scripts = [OPENED]
    async with device.sdk() as client, client.realtime.connect(model="edgewise") as socket:
        await until(socket, "session.created")
        await socket.session.update(
            session={"type": "realtime", "audio": {"input": {"transcription": {}}}}
        )
        await until(socket, "session.updated")
        await socket.input_audio_buffer.append(audio=sound(spoken(1) + silent(900)))
        done, before = await until(socket, "response.done")
    kinds = [event.type for event in before]
    for kind in (
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.input_audio_transcription.completed",
        "response.created",
        "response.mcp_call.completed",
    ):
        assert kind in kinds, kinds
    heard = next(one for one in before if one.type.endswith("transcription.completed"))
    assert heard.transcript == "open the window"
    said = "".join(
        one.delta for one in before if one.type == "response.output_audio_transcript.delta"
    )
    assert said == "The window is open."
    samples = sum(
        len(base64.b64decode(one.delta)) // 2
        for one in before
        if one.type == "response.output_audio.delta"
    )
    assert samples == len(said) * 50 * 24
    assert done.response.status == "completed"
    assert done.response.usage.total_tokens == 15
    assert device.opens.asked[0][:2] == (Caller.OWNER, None)
    assert device.opens.typed == [Zone.DRIVER]


async def test_openais_client_writes_and_is_answered_in_writing(device: Spoken):
    device.opens.scripts = [(Say("Hello."),)]
    async with device.sdk() as client, client.realtime.connect(model="edgewise") as socket:
        await socket.session.update(session={"type": "realtime", "output_modalities": ["text"]})
        await socket.conversation.item.create(
            item={
                "type": "message",
                "role": "user",
                "content": [{"type": "input_text", "text": "hi"}],
            }
        )
        await socket.response.create()
        done, before = await until(socket, "response.done")
    assert done.response.output[0].content[0].text == "Hello."
    assert not [event for event in before if "audio" in event.type]


async def test_stepfuns_events_with_its_server_vad(device: Spoken):
    device.opens.scripts = [OPENED]
    async with plainly(device, query="?model=edgewise") as client:
        await client.until("session.created")
        await client.send(
            "session.update",
            session={
                "modalities": ["text", "audio"],
                "instructions": "你是实时语音助手。",
                "voice": "jingdiannvsheng",
                "input_audio_format": "pcm16",
                "output_audio_format": "pcm16",
                "turn_detection": {
                    "type": "server_vad",
                    "prefix_padding_ms": 500,
                    "silence_duration_ms": 100,
                    "energy_awakeness_threshold": 2500,
                },
            },
        )
        updated, _ = await client.until("session.updated")
        assert updated["session"]["instructions"] == ""  # the device's agent has its own
        for _ in range(30):
            await client.send("input_audio_buffer.append", audio=sound(spoken(1, 20)))
        await client.send("input_audio_buffer.append", audio=sound(silent(600)))
        done, before = await client.until("response.done")
    kinds = {event["type"] for event in before}
    assert {
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "conversation.item.created",
        "conversation.item.input_audio_transcription.completed",
        "response.audio.delta",
        "response.audio.done",
        "response.audio_transcript.done",
    } <= kinds
    assert not [kind for kind in kinds if "output_" in kind and "output_item" not in kind]
    assert done["response"]["status"] == "completed"


async def test_stepfuns_header_and_a_turn_that_the_client_ends(device: Spoken):
    device.opens.scripts = [(Say("Hm."),)]
    headers = {"OpenAI-Beta": "realtime=v1"}
    async with plainly(device, **headers) as client:
        created, _ = await client.until("session.created")
        assert created["session"]["turn_detection"] is None
        await client.send("input_audio_buffer.append", audio=sound(spoken(1)))
        await client.send("input_audio_buffer.commit")
        await client.until("input_audio_buffer.committed")
        await client.send("response.create")
        done, _ = await client.until("response.done")
        assert done["response"]["status"] == "completed"


async def test_cancelling_ends_the_sound_and_truncating_beyond_it_silences_nothing(device: Spoken):
    device.opens.scripts = [(Say("A long answer that goes on."),), (Say("Still here."),)]
    device.opens.voice.gate.clear()
    async with device.sdk() as client, client.realtime.connect(model="edgewise") as socket:
        await socket.conversation.item.create(
            item={"type": "message", "role": "user",
                  "content": [{"type": "input_text", "text": "tell me"}]},
        )  # fmt: skip
        await socket.response.create()
        delta, _ = await until(socket, "response.output_audio.delta")
        await socket.response.cancel()
        done, _ = await until(socket, "response.done")
        assert done.response.status == "cancelled"
        await asyncio.wait_for(device.opens.voice.closed.wait(), LIMIT_S)
        await socket.conversation.item.truncate(
            item_id=delta.item_id, content_index=0, audio_end_ms=3_600_000
        )
        truncated, _ = await until(socket, "conversation.item.truncated")
        assert truncated.audio_end_ms < 60_000
        device.opens.voice.gate.set()
        await socket.response.create()
        done, before = await until(socket, "response.done")
    assert done.response.status == "completed"
    assert [event for event in before if event.type == "response.output_audio.delta"]


async def test_a_person_who_speaks_ends_the_answer(device: Spoken):
    device.opens.scripts = [(Say("A long answer that goes on."),), (Say("Stopped."),)]
    device.opens.voice.gate.clear()
    async with device.sdk() as client, client.realtime.connect(model="edgewise") as socket:
        await socket.input_audio_buffer.append(audio=sound(spoken(1) + silent(900)))
        await until(socket, "response.output_audio.delta")
        await socket.input_audio_buffer.append(audio=sound(spoken(2, 400)))
        done, before = await until(socket, "response.done")
        assert "input_audio_buffer.speech_started" in [event.type for event in before]
        assert done.response.status == "cancelled"
        assert done.response.status_details.reason == "turn_detected"


async def test_two_conversations_at_once_and_a_third_is_too_many(device: Spoken):
    device.opens.scripts = [(Say("Yes."),)]
    async with device.sdk() as client:
        async with (
            client.realtime.connect(model="edgewise") as one,
            client.realtime.connect(model="edgewise") as two,
        ):
            await until(one, "session.created")
            await until(two, "session.created")
            with pytest.raises(InvalidStatus) as refused:
                async with plainly(device):
                    pass
            assert refused.value.response.status_code == 429
            for socket in (two, one):
                await socket.input_audio_buffer.append(audio=sound(spoken(1) + silent(900)))
            for socket in (one, two):
                done, _ = await until(socket, "response.done")
                assert done.response.status == "completed"
        async with client.realtime.connect(model="edgewise") as again:
            await until(again, "session.created")
    names = [session for _, _, session in device.opens.asked]
    assert len(set(names)) == 3


async def test_an_error_names_its_event_and_the_connection_goes_on(device: Spoken):
    async with plainly(device) as client:
        for message in ("{", '{"type":"x"}', "\x00", b"\xff\xfe\x00", "[" * 5000):
            await client.socket.send(message)
            error, _ = await client.until("error")
            assert error["error"]["code"] in ("invalid_json", "unknown_event")
        await client.send("input_audio_buffer.append", audio="%%%")
        error, _ = await client.until("error")
        assert error["error"]["event_id"] == "c_input_audio_buffer.append"
        await client.send("session.update", session={"type": "realtime"})
        await client.until("session.updated")


async def test_a_device_without_eyes_says_so_to_who_shows_a_picture(device: Spoken):
    shown = {"type": "input_image", "image_url": "data:image/png;base64,AA=="}
    async with plainly(device) as client:
        item = {"type": "message", "role": "user", "content": [shown]}
        await client.send("conversation.item.create", item=item)
        error, _ = await client.until("error")
    assert error["error"]["code"] == "unsupported_value"
    assert "looks at no pictures; describe it" in error["error"]["message"]


async def test_a_message_over_the_limit_closes_and_the_service_lives(device: Spoken):
    async with plainly(device) as client:
        await client.until("session.created")
        with suppress(ConnectionClosed):
            await client.socket.send("x" * (5 * 1024 * 1024))
        with pytest.raises(ConnectionClosed) as closed:
            await client.socket.recv()
        assert closed.value.rcvd is None or closed.value.rcvd.code == 1009
    async with plainly(device) as client:
        await client.until("session.created")


async def test_a_browsers_page_brings_its_key_as_a_subprotocol(device: Spoken):
    redeemed = device.doorkeeper.redeem(device.doorkeeper.launch_code())
    assert redeemed is not None
    offered = [Subprotocol("realtime"), Subprotocol(f"openai-insecure-api-key.{redeemed[0]}")]
    origin = device.address
    async with connect(
        device.socket + "?zone=row2_left", subprotocols=offered, origin=origin
    ) as socket:
        assert socket.subprotocol == "realtime"
        assert json.loads(await socket.recv())["type"] == "session.created"
    assert device.opens.asked[0][:2] == (Caller.PAGE, Zone.ROW2_LEFT)


async def test_a_program_talks_without_a_seat_in_sessions_of_its_own(device: Spoken):
    async with plainly(device, PROGRAM_TOKEN, "?session=mine") as client:
        await client.until("session.created")
    assert device.opens.asked == [(Caller.PROGRAM, None, "program.mine")]


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        ("", {"Authorization": "Bearer wrong"}, 401),
        ("", {"Authorization": ""}, 401),
        ("", {"Origin": "https://evil.example"}, 403),
        ("", {"Origin": "http://127.0.0.1:1"}, 403),
        ("", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("", {"Host": "evil.example"}, 421),
        ("?model=gpt-realtime", {}, 404),
        ("?zone=roof", {}, 400),
        ("?session=" + "x" * 65, {}, 400),
        ("?session=program.x", {}, 400),
        ("?zone=driver", {"Authorization": f"Bearer {PROGRAM_TOKEN}"}, 403),
    ],
)
async def test_who_may_not_is_refused_before_there_is_a_socket(
    device: Spoken, query: str, headers: dict[str, str], status: int
):
    given = {"Authorization": f"Bearer {TOKEN}", **headers}
    host = given.pop("Host", None)
    with pytest.raises(InvalidStatus) as refused:
        async with connect(
            (device.socket if host is None else device.socket.replace("127.0.0.1", host, 1))
            + query,
            additional_headers={name: value for name, value in given.items() if value},
            host="127.0.0.1",
        ):
            pass
    assert refused.value.response.status_code == status
    assert json.loads(refused.value.response.body)["error"]["message"]
    assert device.opens.asked == []


async def test_another_path_takes_no_socket(device: Spoken):
    with pytest.raises(InvalidStatus) as refused:
        async with connect(device.socket.replace("realtime", "agent/turns")):
            pass
    assert refused.value.response.status_code == 404


async def test_a_conversation_outlives_the_time_that_a_request_has():
    class Hasty(PromptConnection):
        request_s = 0.2

    async with served(Hasty) as device, plainly(device) as client:
        await client.until("session.created")
        await asyncio.wait({asyncio.create_task(client.socket.wait_closed())}, timeout=0.6)
        await client.send("session.update", session={"type": "realtime"})
        await client.until("session.updated")


@pytest.mark.parametrize(
    ("query", "zone", "typed"),
    [
        ("", None, Zone.DRIVER),
        ("?zone=driver", Zone.DRIVER, Zone.DRIVER),
        ("?zone=row2_left", Zone.ROW2_LEFT, Zone.ROW2_LEFT),
        ("?zone=unknown", None, None),
    ],
)
async def test_a_microphone_that_no_seat_is_named_for_is_of_no_known_seat(
    device: Spoken, query: str, zone: Zone | None, typed: Zone | None
):
    async with connect(
        device.socket + query, additional_headers={"Authorization": f"Bearer {TOKEN}"}
    ) as socket:
        await socket.recv()
    assert (device.opens.asked[0][1], device.opens.typed[0]) == (zone, typed)


def client(sent: list[dict[str, Any]], *, leaves: bool = False, **scope: Any) -> WebSocket:
    """A connection that asks to be one; `leaves`: it is gone before it is accepted."""

    coming = [{"type": "websocket.connect"}]

    async def receive() -> dict[str, Any]:
        if not coming:
            await asyncio.Event().wait()
        return coming.pop()

    async def send(message: Any) -> None:
        if leaves and message["type"] == "websocket.accept":
            raise OSError("the client is gone")
        sent.append(message)

    at = {"type": "websocket", "path": "/v1/realtime", "headers": [], "query_string": b""}
    more = {"subprotocols": [], "extensions": {"websocket.http.response": {}}}
    return WebSocket({**at, **more, "caller": Caller.PAGE, **scope}, receive, send)


class Fails(Opens):
    async def open(
        self,
        caller: Caller,
        zone: Zone | None,
        session: str,
        typed: Zone | None = None,
        *,
        wake: bool | None = None,
        echo: bool = False,
        pictures: Pictures | None = None,
    ) -> Talk:
        raise RuntimeError("no memory")


async def test_a_conversation_that_does_not_open_keeps_no_place():
    limits = Limits(dict.fromkeys(Caller, Allowance(1, 1, 1, conversations=1)))
    endpoint = RealtimeDoor(Fails(), limits).route.endpoint
    for _ in range(2):
        with pytest.raises(RuntimeError, match="no memory"):
            await endpoint(client([]))
    limits.enter_conversation(Caller.PAGE)()


async def test_a_client_that_left_before_it_was_accepted_leaves_no_conversation():
    opens = Opens()
    before = asyncio.all_tasks()
    with pytest.raises(OSError, match="gone"):
        await RealtimeDoor(opens, Limits()).route.endpoint(client([], leaves=True))
    assert opens.asked
    assert asyncio.all_tasks() == before


async def test_a_conversation_ends_with_its_key():
    sent: list[dict[str, Any]] = []
    socket = client(sent, holds=lambda: False)
    async with asyncio.timeout(LIMIT_S):
        await RealtimeDoor(Opens(), Limits()).route.endpoint(socket)
    assert any("key_ended" in message.get("text", "") for message in sent)
    assert (sent[-1]["type"], sent[-1]["code"]) == ("websocket.close", 1008)
