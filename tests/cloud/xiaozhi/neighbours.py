"""Voice devices of two organisations on one served platform, behind all of its real doors. Each has
a word, a value, a tool and a tone that are its alone, so that what is another's is seen at once."""

import array
import asyncio
import math
import re
import statistics
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import msgspec
from msgspec.structs import replace
from websockets.asyncio.client import ClientConnection

from edgewise.answer.speak import Spoken
from edgewise.cloud.config import BackendConfig, XiaozhiConfig
from edgewise.cloud.senses import Senses
from edgewise.cloud.xiaozhi.voice_devices import VoiceDevices
from edgewise.core.words import Language
from edgewise.sound.pcm import SPEAKING_HZ, Pcm
from edgewise.testing.upstream.server import started_upstream
from tests.cloud.console.visitor import Visitor, first_project, owner_of, stranger_to
from tests.cloud.running import Running, config_over, serving
from tests.cloud.xiaozhi.scene import EARS, VOICE, Own, on_the_line
from tests.cloud.xiaozhi.test_camera import FakeEyes
from tests.cloud.xiaozhi.test_ota import refused_in_all
from tests.talk.realtime.loud import LoudActivity, silent, spoken
from tests.talk.xiaozhi.board import PACKET_MS, Board

WORDS = ("zebra", "violin", "cactus", "walrus")
VALUES = (31, 47, 58, 83)
TONES_HZ = (300, 500, 800, 1200)
LIMIT_S = 20.0
HZ = 16_000
_ANY_WORD = re.compile("|".join(WORDS), re.IGNORECASE)
_ANY_VALUE = re.compile(rf"\b({'|'.join(map(str, VALUES))})\b")
_LEVEL = {
    "type": "object",
    "properties": {"volume": {"type": "integer", "minimum": 0, "maximum": 100}},
    "required": ["volume"],
}

_QUESTION = {
    "type": "object",
    "properties": {"question": {"type": "string"}},
    "required": ["question"],
}


class Tones:
    """A voice that says each text by the tone of the word in it, and in silence one without."""

    async def speak(
        self,
        text: str,
        language: Language,
        *,
        voice: str = "",
        speed: float = 1.0,
        deadline_s: float = 60.0,
    ) -> AsyncGenerator[Spoken, None]:
        del language, voice, speed, deadline_s
        found = _ANY_WORD.search(text)
        sound = silent(PACKET_MS) if found is None else _tone(WORDS.index(found[0].lower()))
        yield Spoken(text, Pcm(sound, SPEAKING_HZ))

    async def warm(self, language: Language) -> None:
        del language

    async def close(self) -> None:
        return


def _tone(at: int, length_ms: int = 4 * PACKET_MS) -> bytes:
    turn = 2 * math.pi * TONES_HZ[at] / SPEAKING_HZ
    count = SPEAKING_HZ * length_ms // 1000
    return array.array("h", (round(12_000 * math.sin(turn * n)) for n in range(count))).tobytes()


def tones_in(sound: bytes) -> set[int]:
    """Whose tones are in what a device has played: those that two packets running have."""
    size = 2 * SPEAKING_HZ * PACKET_MS // 1000
    heard = [_tone_in(sound[begin : begin + size]) for begin in range(0, len(sound), size)]
    return {a for a, b in pairwise(heard) if a == b and a is not None}


def _tone_in(packet: bytes) -> int | None:
    """By the distances of its waves; None for a packet that is not all of one tone."""
    part = array.array("h", packet)
    rises = [n for n in range(1, len(part)) if part[n - 1] < 0 <= part[n]]
    if max(part) < 6_000 or len(rises) < 8:
        return None
    apart = [b - a for a, b in pairwise(rises)]
    usual = statistics.median(apart)
    if sum(abs(one - usual) < 0.15 * usual for one in apart) < 0.9 * len(apart):
        return None
    return min(range(len(TONES_HZ)), key=lambda at: abs(TONES_HZ[at] - SPEAKING_HZ / usual))


class Neighbour:
    """One device, over all its connections."""

    def __init__(self, house: "Neighbours", at: int, owner: Visitor, project: str) -> None:
        self.house = house
        self.at = at
        self.word, self.value = WORDS[at], VALUES[at]
        self.owner, self.project = owner, project
        self.mac, self.client = f"02:00:00:00:00:{at + 1:02x}", f"client-{at}"
        self.devices: list[str] = []
        self.token = self.vision = ""
        self.boards: list[Board] = []
        self.called: list[str] = []
        self.socket: ClientConnection | None = None
        self._line = AsyncExitStack()

    @property
    def board(self) -> Board:
        """Of the newest connection."""
        return self.boards[-1]

    @property
    def device(self) -> str:
        return self.devices[-1]

    async def ask(self) -> Any:
        """Its bootstrap."""
        headers = {"Device-Id": self.mac, "Client-Id": self.client}
        reply = await self.house.web.post("/xiaozhi/ota/", headers=headers, json={})
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def join(self) -> None:
        """Ask, have its code typed by its owner, and ask again for the token."""
        told = (await self.ask())["activation"]
        body = {"code": told["code"], "project": self.project, "name": f"{self.word} name"}
        made = await self.owner.made("POST", "/voice-devices", body)
        self.devices.append(made["device"])
        self.token = (await self.ask())["websocket"]["token"]

    async def connect(self, *, version: int = 1) -> None:
        """Connect anew and say hello; the connection before is left open, to be ended."""
        board = Board(version)
        self._equip(board)
        line = await AsyncExitStack().__aenter__()
        self.socket = await line.enter_async_context(
            on_the_line(board, self.house.running.address, self.headers())
        )
        self._line.push_async_callback(line.aclose)
        self.boards.append(board)
        board.hello()
        await board.until("hello")
        begun = await board.until("mcp")
        self.vision = begun["payload"]["params"]["capabilities"]["vision"]["token"]

    def headers(self, token: str = "", mac: str = "") -> dict[str, str]:
        """Its own, but for what is given."""
        return {
            "Authorization": f"Bearer {token or self.token}",
            "Device-Id": mac or self.mac,
            "Client-Id": self.client,
            "Protocol-Version": "1",
        }

    async def picture(self, token: str = "", mac: str = "") -> httpx.Response:
        """Bring a picture with its own word on it."""
        headers = self.headers(token or self.vision, mac)
        files = {"file": ("camera.jpg", b"JPEG" + self.word.encode(), "image/jpeg")}
        data = {"question": "what is this"}
        return await self.house.web.post("/xiaozhi/vision", headers=headers, data=data, files=files)

    @property
    def status(self) -> str:
        """What it tells of itself."""
        told = {"audio_speaker": {"volume": self.value}, "battery": {"level": self.value}}
        return msgspec.json.encode(told).decode()

    def question(self) -> bytes:
        """ "Tell me about" its word, as it is spoken."""
        return spoken(self.at + 1, 300, rate_hz=HZ) + silent(500, rate_hz=HZ)

    @property
    def is_connected(self) -> bool:
        return self.socket is not None and self.socket.close_code is None

    async def is_answered(self) -> None:
        """It asks, and is told its own word by sound and by text."""
        board = self.board
        board.abort()
        before = len(board.of("tts"))
        board.listen("start", mode="auto")
        board.hear(self.question())
        async with asyncio.timeout(LIMIT_S):
            while not any(self.word in m.get("text", "") for m in board.of("tts")[before:]):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    def check(self) -> None:
        """What it was told, said and asked for is its own alone."""
        for board in self.boards:
            told = [m for m in board.told if m["type"] != "hello"]
            assert set(_ANY_WORD.findall(str(told).lower())) <= {self.word}, (self.word, told)
            texts = " ".join(str(m.get("text", m.get("message", ""))) for m in told)
            assert set(_ANY_VALUE.findall(texts)) <= {str(self.value)}, (self.word, texts)
            assert {m["session_id"] for m in told} <= {board.session}
            assert tones_in(board.sound) <= {self.at}, self.word
        own = {
            "self.get_device_status",
            "self.audio_speaker.set_volume",
            f"self.{self.word}.turn_on",
        }
        assert set(self.called) <= own | {"self.camera.take_photo"}, (self.word, self.called)
        assert self.vision.startswith(f"ewc-{self.device}.") or not self.vision

    async def leave(self) -> None:
        await self._line.aclose()

    def _equip(self, board: Board) -> None:
        def noted(name: str, text: str) -> Any:
            def tool(arguments: dict[str, Any]) -> str:
                del arguments
                self.called.append(name)
                return text

            return tool

        texts = {
            "self.get_device_status": self.status,
            "self.audio_speaker.set_volume": "true",
            f"self.{self.word}.turn_on": f"the {self.word} is on",
            "self.camera.take_photo": f'{{"success":true,"result":"{self.word}"}}',
        }
        board.schemas["self.audio_speaker.set_volume"] = _LEVEL
        board.schemas["self.camera.take_photo"] = _QUESTION
        board.tools = {name: noted(name, text) for name, text in texts.items()}


class Neighbours:
    """Four devices of two organisations; the first two are the first one's."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.web = running.stranger()
        self.owners = (owner_of(running), stranger_to(running))
        self.all: list[Neighbour] = []

    async def begin(self, count: int) -> None:
        projects = [first_project(self.running)]
        projects.append((await self.owners[1].made("POST", "/projects", {"name": "Own"}))["id"])
        for at in range(count):
            of = at % 4 // 2 if count > 2 else at
            self.all.append(Neighbour(self, at, self.owners[of], projects[of]))
            await self.all[-1].join()
            await self.all[-1].connect()

    @property
    def voice(self) -> VoiceDevices:
        assert self.running.cloud.voice is not None
        return self.running.cloud.voice

    async def refused(self) -> dict[str, float]:
        """How many were refused, by why, as the metrics tell."""
        return await refused_in_all(self.running)


@asynccontextmanager
async def neighbours(
    folder: Path, monkeypatch: Any, count: int = 2, words: Sequence[str] = WORDS
) -> AsyncGenerator[Neighbours]:
    """So many devices, added and connected."""
    monkeypatch.setattr("edgewise.perceive.eyes.LocalEyes", FakeEyes)
    asked = [f"tell me about the {word}" for word in words]
    async with started_upstream() as upstream:
        config = config_over(
            upstream.address, xiaozhi=XiaozhiConfig(enabled=True, model="fake", language="en")
        )
        config = replace(
            config,
            backend=(*config.backend, BackendConfig("here", embedded=True)),
            model=(*config.model, EARS, VOICE),
        )
        senses = Senses(lambda: Own(asked), Tones, LoudActivity)
        async with serving(folder, config, senses) as (address, cloud):
            running = Running(address, cloud, upstream)
            running.client = running.stranger()
            made = Neighbours(running)
            try:
                await made.begin(count)
                yield made
            finally:
                for one in made.all:
                    await one.leave()
                for client in (*running.strangers, *(owner.client for owner in made.owners)):
                    await client.aclose()
