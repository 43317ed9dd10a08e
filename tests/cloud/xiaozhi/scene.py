"""The door of voice devices over a served platform with fake ears; devices over real sockets."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from starlette.applications import Starlette
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from edgewise.act.board_tools import board_of
from edgewise.act.driver import Driver
from edgewise.act.function import Function
from edgewise.answer.speak import Spoken, Voice
from edgewise.cloud.caller import Caller, Endpoint
from edgewise.cloud.config import BackendConfig, ModelConfig, ModelKind, Route
from edgewise.cloud.keys import Scope
from edgewise.cloud.refusal import wrong_key
from edgewise.cloud.senses import Senses
from edgewise.cloud.serve import server_config
from edgewise.cloud.xiaozhi.adviser import PlatformAdviser
from edgewise.cloud.xiaozhi.chat import GatewayChat
from edgewise.cloud.xiaozhi.door import VoiceDoor
from edgewise.cloud.xiaozhi.hosts import Calls, Hosts
from edgewise.cloud.xiaozhi.presence import Live
from edgewise.core.clock import SystemClock
from edgewise.core.words import Language
from edgewise.hosting.standing import Standing
from edgewise.sound.pcm import SPEAKING_HZ, Pcm
from edgewise.talk.xiaozhi.link import Bounds
from edgewise.talk.xiaozhi.tools import BoardTool
from edgewise.testing.upstream.server import started_upstream
from edgewise.web.connection import listen
from edgewise.web.server import Server
from tests.cloud.running import Running, config_over, serving
from tests.talk.realtime.loud import LoudActivity, LoudEars, LoudVoice, spoken
from tests.talk.xiaozhi.board import Board

EARS = ModelConfig("ears", (Route("here"),), kind=ModelKind.TRANSCRIPTION)
VOICE = ModelConfig("voice", (Route("here"),), kind=ModelKind.SPEECH)


class Own(LoudEars):
    """The platform's: it may close them."""

    async def close(self) -> None:
        return


class OwnVoice(LoudVoice):
    async def close(self) -> None:
        return


class BriefVoice(OwnVoice):
    """Says whatever it is in an eighth of a second."""

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
        yield Spoken(text, Pcm(spoken(1, 120), SPEAKING_HZ))


@dataclass(frozen=True)
class Known:
    """A device that may connect."""

    caller: Caller | None
    device: str
    code: str = ""
    language: str = ""


@dataclass
class FakeDevices:
    """Who is who, by token."""

    known: dict[str, Known] = field(default_factory=dict[str, Known])
    counted: Counter[str] = field(default_factory=Counter[str])
    connected: list[str] = field(default_factory=list[str])
    live: dict[str, Live] = field(default_factory=dict[str, Live])
    public_url: str = "http://platform"

    def admit(self, token: str, mac: str, client: str) -> Known:
        if token not in self.known or not mac or not client:
            self.refused("wrong_token")
            raise wrong_key()
        return self.known[token]

    def enter(self, standing: Any, live: Live) -> Callable[[], None]:
        self.connected.append(standing.device)
        self.live[standing.device] = live
        return lambda: self.connected.remove(standing.device)

    def refused(self, code: str) -> None:
        self.counted[code] += 1

    def camera_token(self, device: str) -> str:
        return f"camera of {device}"


class NoHands:
    """A device without tools."""

    def __init__(self, tools: Sequence[BoardTool]) -> None:
        self.functions: Sequence[Function] = tuple(board_of(()).functions)
        self.sayable = tuple(function.capability for function in self.functions)
        self.drivers: Sequence[Driver] = (Standing(SystemClock()),)
        self.tools = tools
        self.calls: Calls | None = None

    def connect(self, calls: Calls) -> None:
        self.calls = calls

    def disconnect(self, calls: Calls) -> None:
        if self.calls is calls:
            self.calls = None


@dataclass
class Scene:
    """The served door."""

    platform: Running
    devices: FakeDevices
    hosts: Hosts
    address: str

    def add(self, token: str) -> Known:
        """A device that is somebody's, with a key of its own."""
        secret = self.platform.make_key(Scope(endpoints=(Endpoint.VOICE,)))
        self.platform.cloud.directory.refresh()
        caller = self.platform.cloud.find(secret)
        assert caller is not None
        made = self.devices.known[token] = Known(caller, f"dev_{token}")
        return made

    @asynccontextmanager
    async def board(
        self,
        token: str,
        *,
        version: int = 1,
        mac: str = "02:00:00:00:00:01",
        as_made: Callable[[Board], None] = lambda board: None,
    ) -> AsyncGenerator[tuple[Board, ClientConnection]]:
        """A device that is connected and has said hello."""
        headers = {
            "Authorization": f"Bearer {token}",
            "Protocol-Version": str(version),
            "Device-Id": mac,
            "Client-Id": "client",
        }
        board = Board(version)
        as_made(board)
        async with on_the_line(board, self.address, headers) as socket:
            board.hello()
            yield board, socket


@asynccontextmanager
async def on_the_line(
    board: Board, address: str, headers: dict[str, str]
) -> AsyncGenerator[ClientConnection]:
    """A device that is connected and has said nothing yet."""
    place = address.replace("http", "ws") + "/xiaozhi/v1/"
    async with connect(place, additional_headers=headers) as socket:
        pumps = [
            asyncio.create_task(_up(board, socket)),
            asyncio.create_task(_down(board, socket)),
        ]
        try:
            yield socket
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)


async def _up(board: Board, socket: ClientConnection) -> None:
    while (message := await board.receive()) is not None:
        await socket.send(message)
    await socket.close()


async def _down(board: Board, socket: ClientConnection) -> None:
    try:
        async for message in socket:
            await board.send(message)
    except ConnectionClosed:
        return


@asynccontextmanager
async def scene(
    folder: Path,
    sentences: Sequence[str] = ("what is the weather",),
    *,
    hands: Callable[[Sequence[BoardTool]], Any] = NoHands,
    bounds: Bounds | None = None,
    most: int = 256,
    voice: Callable[[], Voice] = BriefVoice,
) -> AsyncGenerator[Scene]:
    """A platform over a scripted upstream, and the door beside it."""
    async with started_upstream() as upstream:
        config = config_over(upstream.address)
        config = replace(
            config,
            backend=(*config.backend, BackendConfig("here", embedded=True)),
            model=(*config.model, EARS, VOICE),
        )
        senses = Senses(lambda: Own(sentences), voice, LoudActivity)
        async with serving(folder, config, senses) as (address, cloud):
            platform = Running(address, cloud, upstream)
            devices = FakeDevices()
            clock = SystemClock()

            def ask(device: str) -> Callable[[], Caller]:
                caller = next(k.caller for k in devices.known.values() if k.device == device)
                assert caller is not None
                return lambda: caller

            def chat(device: str) -> GatewayChat:
                languages = (Language.ENGLISH, Language.CHINESE)
                return GatewayChat(cloud.gateway, ask(device), "fake", languages)

            def adviser(device: str) -> PlatformAdviser:
                return PlatformAdviser(cloud.gateway, ask(device), "fake")

            hosts = Hosts(
                folder / "voice", clock, hands, chat, adviser=adviser, language=Language.ENGLISH
            )
            door = VoiceDoor(
                config, cloud.gateway, cloud.directory, senses, devices, hosts, clock,
                language=Language.ENGLISH, most=most, bounds=bounds,
            )  # fmt: skip
            app: Any = Starlette(routes=door.routes())
            server = Server(server_config(app, config.write_s))
            with listen(0) as listening:
                serving_task = asyncio.create_task(server.serve(sockets=[listening]))
                try:
                    port = listening.getsockname()[1]
                    yield Scene(platform, devices, hosts, f"http://127.0.0.1:{port}")
                finally:
                    door.end_soon()
                    server.should_exit = server.force_exit = True
                    await serving_task
                    await hosts.close()
