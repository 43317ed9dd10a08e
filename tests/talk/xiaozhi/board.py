"""A voice device as its firmware behaves, written from the protocol's description, over a line of
two queues: what it plays, and what it would fall over. Nothing of the server's own protocol is used
for it, so that both must agree with the description."""

import asyncio
import struct
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from edgewise.core.clock import SystemClock
from edgewise.sound.opus import OpusDecoder, OpusEncoder
from edgewise.sound.pcm import LISTENING_HZ, SPEAKING_HZ
from edgewise.talk.conversation import Conversation
from edgewise.talk.microphones import Channel
from edgewise.talk.mind import Mind
from edgewise.talk.settings import Settings
from edgewise.talk.xiaozhi.link import Bounds, Link, greeted
from edgewise.talk.xiaozhi.tools import Tools
from tests.talk.realtime.loud import LoudActivity, LoudEars, LoudVoice

LIMIT_S = 10.0
PACKET_MS = 60
QUEUE = 40
"""Packets that the firmware keeps for its loudspeaker."""
PAGE_BYTES = 8_000
"""Of a list of tools; the next page begins at the first tool that did not fit."""
USER_ONLY = ("self.get_system_info", "self.reboot", "self.upgrade_firmware")


def frame_of(packet: bytes, version: int, at_ms: int = 0) -> bytes:
    """A binary frame: 1 the packet; 2 version, type, reserved, timestamp_ms and size before it; 3
    type, 0 and size. All big-endian; type 0 is sound."""
    if version == 2:
        return struct.pack("!HHLLL", 2, 0, 0, at_ms, len(packet)) + packet
    return struct.pack("!BBH", 0, 0, len(packet)) + packet if version == 3 else packet


def packet_in(frame: bytes, version: int) -> bytes:
    """The packet of a frame that the server sent; the firmware does not check it, so each byte of
    the header must be right."""
    if version == 1:
        return frame
    head = 16 if version == 2 else 4
    packet = frame[head:]
    at_ms = int.from_bytes(frame[8:12], "big") if version == 2 else 0
    assert frame == frame_of(packet, version, at_ms), f"a wrong header: {frame[:head].hex(' ')}"
    return packet


class Board:
    """The device's side; implements `Line` for the server's."""

    def __init__(self, version: int = 1) -> None:
        self.version = version
        self.refused: list[str] = []
        self.told: list[dict[str, Any]] = []
        self.sound = b""
        self.dropped = 0
        self.sent_after_abort = 0
        self.waiting_s: list[float] = []
        self.tools: dict[str, Callable[[dict[str, Any]], str]] = {}
        self.schemas: dict[str, dict[str, Any]] = {}
        self.called: list[tuple[str, dict[str, Any]]] = []
        self.is_mute = False
        self.mute: set[str] = set()
        """Methods that it never answers."""
        self.fails: set[str] = set()
        """Methods that it answers with an error, which has no code."""
        self.hides = True
        """It lists what is for its user only where asked for; other firmware lists all."""
        self.holds = False
        """Its answers are kept in `held` until somebody says them."""
        self.held: list[dict[str, Any]] = []
        self.asked: list[dict[str, Any]] = []
        self.frames: list[bytes] = []
        self.session = ""
        self._up: asyncio.Queue[str | bytes | None] = asyncio.Queue()
        self._news = asyncio.Event()
        self._encoder = OpusEncoder(LISTENING_HZ, PACKET_MS)
        self._decoder = OpusDecoder(SPEAKING_HZ)
        self._speaking = False
        self._plays_until_s = 0.0
        self._aborted_s: float | None = None

    # As the server's line

    async def receive(self) -> str | bytes | None:
        return await self._up.get()

    async def send(self, message: str | bytes) -> None:
        await asyncio.sleep(0)
        if isinstance(message, bytes):
            self.frames.append(message)
            self._play(packet_in(message, self.version))
        else:
            said = msgspec.json.decode(message)
            self.told.append(said)
            if said["type"] == "hello":
                assert said["transport"] == "websocket", "the firmware falls over its absence"
                self.session = said["session_id"]
            if said["type"] == "mcp" and not self.is_mute:
                self._answer(said["payload"])
            if said["type"] == "tts" and said["state"] != "sentence_start":
                self._speaking = said["state"] == "start"
        self._news.set()

    def _play(self, packet: bytes) -> None:
        if self._aborted_s is not None:
            self.sent_after_abort += 1
        if not self._speaking:
            self.dropped += 1
            return
        now = asyncio.get_running_loop().time()
        self._plays_until_s = max(now, self._plays_until_s) + PACKET_MS / 1000
        ahead = (self._plays_until_s - now) / (PACKET_MS / 1000)
        assert ahead <= QUEUE, "the device's queue is full"
        self.waiting_s.append(self._plays_until_s - now)
        self.sound += self._decoder.decode(packet)

    def _answer(self, asked: dict[str, Any]) -> None:
        """As the firmware's own server of tools: errors have no code, unknown ids no answer."""
        self.asked.append(asked)
        if not isinstance(asked.get("id"), int) or asked["jsonrpc"] != "2.0":
            return
        reply: dict[str, Any] = {"jsonrpc": "2.0", "id": asked["id"]}
        match asked["method"]:
            case method if method in self.mute:
                return
            case method if method in self.fails:
                reply["error"] = {"message": f"{method} failed"}
            case "initialize":
                reply["result"] = {"protocolVersion": "2024-11-05", "serverInfo": {"name": "board"}}
            case "tools/list":
                reply["result"] = self._page(asked["params"])
            case _:
                name, arguments = asked["params"]["name"], asked["params"]["arguments"]
                self.called.append((name, arguments))
                if name not in self.tools:
                    reply["error"] = {"message": f"Unknown tool: {name}"}
                else:
                    text = self.tools[name](arguments)
                    reply["result"] = {
                        "content": [{"type": "text", "text": text}], "isError": False,
                    }  # fmt: skip
        if self.holds:
            self.held.append(reply)
        else:
            self.say(type="mcp", session_id=self.session, payload=reply)

    def _page(self, params: dict[str, Any]) -> dict[str, Any]:
        """Tools from the cursor on, as many as fit; those of its user only where asked for."""
        none: dict[str, Any] = {"type": "object", "properties": {}}
        all_of_them = params.get("withUserTools") or not self.hides
        shown = [name for name in self.tools if all_of_them or name not in USER_ONLY]
        begin = shown.index(params["cursor"]) if params.get("cursor") else 0
        page: list[dict[str, Any]] = []
        size = 0
        for name in shown[begin:]:
            schema = self.schemas.get(name, none)
            page.append({"name": name, "description": "d", "inputSchema": schema})
            size += len(msgspec.json.encode(page[-1])) + 1
            if size > PAGE_BYTES and len(page) > 1:
                page.pop()
                return {"tools": page, "nextCursor": name}
        return {"tools": page}

    # What the person and the firmware do

    def say(self, **message: Any) -> None:
        self._up.put_nowait(msgspec.json.encode(message).decode())

    def send_raw(self, message: str | bytes) -> None:
        self._up.put_nowait(message)

    def hello(self, **more: Any) -> None:
        self.say(
            type="hello", version=self.version, transport="websocket", features={"mcp": True},
            audio_params={
                "format": "opus", "sample_rate": 16000, "channels": 1, "frame_duration": 60,
            },
            **more,
        )  # fmt: skip

    def listen(self, state: str, **more: Any) -> None:
        self.say(session_id=self.session, type="listen", state=state, **more)

    def abort(self) -> None:
        self._aborted_s = asyncio.get_running_loop().time()
        self.say(session_id=self.session, type="abort", reason="wake_word_detected")

    def hear(self, samples: bytes) -> None:
        """Send what the microphone hears."""
        size = self._encoder.packet_bytes
        for begin in range(0, len(samples), size):
            piece = samples[begin : begin + size].ljust(size, b"\0")
            self._up.put_nowait(frame_of(self._encoder.encode(piece), self.version))

    def leave(self) -> None:
        self._up.put_nowait(None)

    async def until(self, kind: str, state: str = "", count: int = 1) -> dict[str, Any]:
        """The `count`th message of that kind from the start."""
        async with asyncio.timeout(LIMIT_S):
            while True:
                found = [
                    m for m in self.told
                    if m["type"] == kind and (not state or m.get("state") == state)
                ]  # fmt: skip
                if len(found) >= count:
                    return found[count - 1]
                self._news.clear()
                await self._news.wait()

    async def until_says(self, words: str) -> None:
        """Until the words of what it plays hold these."""
        async with asyncio.timeout(LIMIT_S):
            while words not in " ".join(m.get("text", "") for m in self.of("tts")):
                self._news.clear()
                await self._news.wait()

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.told if message["type"] == kind]


@asynccontextmanager
async def linked(
    mind: Mind,
    sentences: Sequence[str] = (),
    *,
    board: Board | None = None,
    bounds: Bounds | None = None,
    tools: bool = False,
) -> AsyncGenerator[tuple[Board, "asyncio.Task[None]"]]:
    """A device that has said hello, and the task of its link."""
    board = board or Board()
    clock = SystemClock()
    bounds = bounds or Bounds()
    talk = Conversation(
        LoudEars(sentences), LoudVoice(), mind, clock, Settings(),
        channels=(Channel(LoudActivity()),),
    )  # fmt: skip
    board.hello()
    hello = await greeted(board, "s", bounds, hz=SPEAKING_HZ, packet_ms=PACKET_MS)
    link = Link(
        board, talk, hello, clock, session="s", version=board.version, bounds=bounds,
        tools=Tools(_nobody) if tools else None, refused=board.refused.append,
    )  # fmt: skip
    serving = asyncio.create_task(link.serve())
    try:
        yield board, serving
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        await talk.close()


async def _nobody(message: dict[str, Any]) -> None:
    del message
