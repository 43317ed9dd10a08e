"""A voice device for the benchmark: says what it is given in real time, and notes when it was told
what. It answers for its tools as the firmware does."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks.devices_server import mac_of
from benchmarks.voice_clips import Clip
from edgewise.sound.opus import OpusEncoder
from edgewise.sound.pcm import LISTENING_HZ

PACKET_MS = 60
LIMIT_S = 60.0
_LEVEL = {"type": "integer", "minimum": 0, "maximum": 100}
_NONE: dict[str, Any] = {"type": "object", "properties": {}}
_TOOLS = [
    {"name": "self.get_device_status", "description": "", "inputSchema": _NONE},
    {
        "name": "self.audio_speaker.set_volume",
        "description": "",
        "inputSchema": {
            "type": "object", "properties": {"volume": _LEVEL}, "required": ["volume"],
        },
    },
]  # fmt: skip


class VoiceBoard:
    """One connection of the device of that number."""

    def __init__(self, number: int, socket: ClientConnection) -> None:
        self.number = number
        self.volume = 70
        self.heard = ""
        self.answers = 0
        self._socket = socket
        self._encoder = OpusEncoder(LISTENING_HZ, PACKET_MS)
        self._sounded = asyncio.Event()
        self._sounded_at = 0.0
        self._last_at = 0.0
        self._stopped = asyncio.Event()
        self._stopped_at = 0.0
        self._ready = asyncio.Event()

    async def begin(self, mode: str = "auto") -> None:
        """Say hello, and listen, once the server has asked for the tools."""
        params = {"format": "opus", "sample_rate": 16_000, "channels": 1, "frame_duration": 60}
        await self._say(type="hello", version=1, transport="websocket", features={"mcp": True},
                        audio_params=params)  # fmt: skip
        async with asyncio.timeout(LIMIT_S):
            await self._ready.wait()
        await self._say(type="listen", state="start", mode=mode)

    async def write(self, text: str) -> float:
        """Ask in writing; how long until the first sound, when all of it was played."""
        self._forget()
        began = time.monotonic()
        await self._say(type="listen", state="detect", text=text)
        async with asyncio.timeout(LIMIT_S):
            await self._sounded.wait()
            await self._stopped.wait()
        return self._sounded_at - began

    async def say(self, clip: Clip) -> float:
        """Say it, as a microphone gives it; how long after its end the first sound came."""
        self._forget()
        await self._say(type="listen", state="start", mode="auto")
        size = self._encoder.packet_bytes
        sound = clip.sound.data + bytes(LISTENING_HZ * 2 * 2)
        began = time.monotonic()
        for number, at in enumerate(range(0, len(sound), size)):
            due = began + (number + 1) * PACKET_MS / 1000
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if self._sounded.is_set():
                break  # it listens no more while it speaks
            await self._socket.send(self._encoder.encode(sound[at : at + size].ljust(size, b"\0")))
        async with asyncio.timeout(LIMIT_S):
            await self._sounded.wait()
            await self._stopped.wait()
        return self._sounded_at - (began + clip.ends_ms / 1000)

    async def abort(self, text: str, after_s: float) -> float:
        """Ask for a long answer and end it; how long until the last sound or the word of its end,
        whichever is later."""
        self._forget()
        await self._say(type="listen", state="detect", text=text)
        async with asyncio.timeout(LIMIT_S):
            await self._sounded.wait()
        await asyncio.sleep(after_s)
        began = time.monotonic()
        await self._say(type="abort")
        async with asyncio.timeout(LIMIT_S):
            await self._stopped.wait()
        await asyncio.sleep(0.3)
        return max(self._stopped_at, self._last_at) - began

    def _forget(self) -> None:
        self._sounded.clear()
        self._stopped.clear()
        self.heard = ""

    async def _say(self, **message: Any) -> None:
        await self._socket.send(json.dumps({"session_id": "", **message}))

    async def read(self) -> None:
        """Take what comes, until the connection ends."""
        try:
            async for message in self._socket:
                if isinstance(message, bytes):
                    self._last_at = time.monotonic()
                    if not self._sounded.is_set():
                        self._sounded_at = self._last_at
                        self._sounded.set()
                    continue
                told = json.loads(message)
                match told["type"]:
                    case "mcp":
                        await self._answer(told["payload"])
                    case "stt":
                        self.heard = told["text"]
                    case "tts" if told["state"] == "stop":
                        self.answers += 1
                        self._stopped_at = time.monotonic()
                        self._stopped.set()
                    case _:
                        pass
        except ConnectionClosed:
            return

    async def _answer(self, asked: dict[str, Any]) -> None:
        if "id" not in asked:
            return
        result: dict[str, Any]
        match asked["method"]:
            case "initialize":
                result = {"protocolVersion": "2024-11-05", "serverInfo": {"name": "bench"}}
            case "tools/list":
                result = {"tools": _TOOLS}
            case _:
                text = self._called(asked["params"])
                result = {"content": [{"type": "text", "text": text}], "isError": False}
        payload = {"jsonrpc": "2.0", "id": asked["id"], "result": result}
        await self._say(type="mcp", payload=payload)
        if asked["method"] == "tools/list":
            self._ready.set()

    def _called(self, params: dict[str, Any]) -> str:
        if params["name"] == "self.audio_speaker.set_volume":
            self.volume = int(params["arguments"]["volume"])
            return "true"
        return json.dumps({"audio_speaker": {"volume": self.volume}})


@asynccontextmanager
async def connected(address: str, number: int, token: str) -> AsyncGenerator[VoiceBoard]:
    """The device of that number, until the block ends."""
    headers = {
        "Authorization": f"Bearer {token}",
        "Protocol-Version": "1",
        "Device-Id": mac_of(number),
        "Client-Id": f"client-{number}",
    }
    url = address.replace("http", "ws") + "/xiaozhi/v1/"
    async with connect(url, additional_headers=headers) as socket:
        board = VoiceBoard(number, socket)
        reading = asyncio.create_task(board.read())
        try:
            yield board
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
