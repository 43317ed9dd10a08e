"""A client of calls by aiortc: a microphone that says what it is told, events, what it hears."""

import array
import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from fractions import Fraction
from typing import Any

from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame

from edgewise.talk.realtime.peer import listen_at

LIMIT_S = 20.0
RATE_HZ = 24_000
FRAME_S = 0.02
LOUD = 600
"""Heights below that are the codec's."""
_BYTES = int(RATE_HZ * FRAME_S) * 2
Answered = Callable[[str], Awaitable[str]]


class Microphone(MediaStreamTrack):
    """Says what is put in, at the speed it was spoken; else it is silent."""

    kind = "audio"

    def __init__(self, speed: float = 1.0) -> None:
        super().__init__()
        self.speed = speed
        self.said_at = 0.0
        self._waits = bytearray()
        self._samples = 0
        self._began: float | None = None

    def say(self, samples: bytes) -> None:
        self._waits += samples

    @property
    def is_silent(self) -> bool:
        return not self._waits

    async def recv(self) -> AudioFrame:
        if self.readyState != "live":
            raise MediaStreamError
        now = asyncio.get_running_loop().time()
        self._began = now if self._began is None else self._began
        await asyncio.sleep(self._began + self._samples / RATE_HZ / self.speed - now)
        piece = bytes(self._waits[:_BYTES])
        del self._waits[:_BYTES]
        if any(piece):
            self.said_at = asyncio.get_running_loop().time()
        samples = array.array("h", piece.ljust(_BYTES, b"\0"))
        both = array.array("h", bytes(2 * _BYTES))
        both[::2] = both[1::2] = samples
        frame = AudioFrame(format="s16", layout="stereo", samples=_BYTES // 2)
        frame.planes[0].update(both.tobytes())
        frame.sample_rate, frame.pts = RATE_HZ, self._samples
        frame.time_base = Fraction(1, RATE_HZ)
        self._samples += _BYTES // 2
        return frame


class Caller:
    """One call as its client sees it. `heard` are the times and heights of what is played."""

    def __init__(self, microphone: Microphone | None, *, channel: str = "oai-events") -> None:
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.microphone = microphone
        self.came: list[dict[str, Any]] = []
        self.at: list[float] = []
        self.heard: list[tuple[float, int]] = []
        self.closed = asyncio.Event()
        self.opened = asyncio.Event()
        self._more = asyncio.Event()
        self._sounds = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        if microphone is None:
            self.peer.addTransceiver("audio", "recvonly")
        else:
            self.peer.addTrack(microphone)
        self.channel = self.peer.createDataChannel(channel) if channel else None
        if self.channel is not None:
            self.channel.on("message", self._told)
            self.channel.on("open", self.opened.set)
            self.channel.on("close", self.closed.set)
        self.peer.on("track", self._hears)
        self.peer.on("connectionstatechange", self._changed)

    async def offer(self) -> str:
        listen_at(self.peer, ["127.0.0.1"])
        await self.peer.setLocalDescription(await self.peer.createOffer())
        return self.peer.localDescription.sdp

    async def take(self, answer: str) -> None:
        await self.peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    def send(self, type: str, **fields: Any) -> None:
        assert self.channel is not None
        self.channel.send(json.dumps({"type": type, **fields}))

    def ask(self, text: str) -> None:
        content = [{"type": "input_text", "text": text}]
        item = {"type": "message", "role": "user", "content": content}
        self.send("conversation.item.create", item=item)
        self.send("response.create")

    async def until(self, kind: str, count: int = 1) -> dict[str, Any]:
        """The event of that kind, when so many have come."""
        async with asyncio.timeout(LIMIT_S):
            while len(found := self.of(kind)) < count:
                self._more.clear()
                await self._more.wait()
        return found[count - 1]

    async def until_heard(self, after: float = 0.0) -> float:
        """When something loud was first heard, after that time."""
        async with asyncio.timeout(LIMIT_S):
            while not (times := [at for at in self.loud() if at > after]):
                self._sounds.clear()
                await self._sounds.wait()
        return times[0]

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.came if event["type"] == kind]

    def when(self, kind: str) -> float:
        return next(
            at for at, event in zip(self.at, self.came, strict=True) if event["type"] == kind
        )

    @property
    def kinds(self) -> list[str]:
        return [event["type"] for event in self.came]

    def loud(self) -> list[float]:
        return [at for at, height in self.heard if height > LOUD]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.peer.close()

    def _told(self, message: str | bytes) -> None:
        self.came.append(json.loads(message))
        self.at.append(asyncio.get_running_loop().time())
        self._more.set()

    def _changed(self) -> None:
        if self.peer.connectionState in ("closed", "failed"):
            self.closed.set()

    def _hears(self, track: MediaStreamTrack) -> None:
        self._tasks.append(asyncio.create_task(self._listen(track)))

    async def _listen(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame: Any = await track.recv()
            except MediaStreamError:
                return
            samples = array.array("h", bytes(frame.planes[0]))
            height = max(*samples, -min(samples))
            self.heard.append((asyncio.get_running_loop().time(), height))
            self._sounds.set()


@asynccontextmanager
async def calling(
    answered: Answered, microphone: Microphone | None = None, *, channel: str = "oai-events"
) -> AsyncGenerator[Caller]:
    """A call that is up, its channel open."""
    caller = Caller(microphone, channel=channel)
    try:
        await caller.take(await answered(await caller.offer()))
        if channel:
            async with asyncio.timeout(LIMIT_S):
                await caller.opened.wait()
        yield caller
    finally:
        await caller.close()
