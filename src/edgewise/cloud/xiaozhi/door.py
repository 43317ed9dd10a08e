"""The WebSocket of voice devices: who connects, the conversation it carries, and how it ends.

A device's token says whose it is (`Devices`); one that is nobody's yet is told its code and nothing
else. Ears, voice and the metering of both are those of `/v1/realtime`; who answers is the device's
own agent in this process (`hosts.py`). Whether its key is in force is asked again while it is
connected. It knows no bootstrap and no console.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from edgewise.cloud.caller import Caller, Endpoint
from edgewise.cloud.config import Config
from edgewise.cloud.directory import Directory
from edgewise.cloud.gateway import Gateway
from edgewise.cloud.realtime_offer import NO_EARS, senses_models
from edgewise.cloud.refusal import Refused, reply_to, server_stopping
from edgewise.cloud.senses import Senses
from edgewise.cloud.talk_meter import MeteredTalk
from edgewise.cloud.xiaozhi.connected import (
    Admitted,
    Connected,
    Devices,
    SocketLine,
    address_of,
    version_of,
)
from edgewise.cloud.xiaozhi.hosting import Hosting
from edgewise.cloud.xiaozhi.hosts import Hosts
from edgewise.cloud.xiaozhi.minds import ActivationMind, ComingMind
from edgewise.cloud.xiaozhi.presence import Doing, Live
from edgewise.core.clock import Clock
from edgewise.core.words import Language
from edgewise.errors import EdgewiseError, LinkError, ModelError
from edgewise.sound.opus import check_opus
from edgewise.sound.pcm import SPEAKING_HZ
from edgewise.talk.conversation import Conversation
from edgewise.talk.events import Who
from edgewise.talk.item import Item
from edgewise.talk.microphones import Channel
from edgewise.talk.remembering import new_id
from edgewise.talk.settings import Settings
from edgewise.talk.talk import Talk
from edgewise.talk.written import NoActivity, NoEars
from edgewise.talk.xiaozhi import messages
from edgewise.talk.xiaozhi.link import Bounds, Link, greeted
from edgewise.talk.xiaozhi.playing import PACKET_MS
from edgewise.talk.xiaozhi.tools import Tools
from edgewise.web import websocket

_log = logging.getLogger("edgewise.cloud.xiaozhi")

PATH = "/xiaozhi/v1/"
CHECK_S = 1.0
MOST_UNBOUND = 16
UNBOUND_S = 180.0
UNBOUND_BURST = 20
UNBOUND_A_SECOND = 0.5
"""Messages of a device that is nobody's: each may have the code said again, and no key pays."""
_FOR_PERSONS = (
    "Voice devices connect here by WebSocket; there is no page to see. Type the address that the"
    " console shows under Voice devices into the device.\n"
    "语音设备通过 WebSocket 连接此地址，此处没有网页。请把控制台“语音设备”中的地址填入设备。\n"
)


class VoiceDoor:
    """The route, and who is connected."""

    def __init__(
        self,
        config: Config,
        gateway: Gateway,
        directory: Directory,
        senses: Senses | None,
        devices: Devices,
        hosts: Hosts,
        clock: Clock,
        *,
        language: Language | None = None,
        most: int = 256,
        most_of_project: int = 64,
        bounds: Bounds | None = None,
    ) -> None:
        self._config = config
        self._gateway = gateway
        self._directory = directory
        self._senses = senses
        self._devices = devices
        self._hosts = hosts
        self._clock = clock
        self._language = language
        self._most = most
        self._bounds = bounds or Bounds()
        self._most_of_project = most_of_project
        self._open: Counter[str] = Counter()
        self._is_closing = False
        self._deaf = ""
        try:
            check_opus()
        except ModelError as error:
            self._deaf = str(error)
            _log.warning("voice devices are refused: %s", error)
        self._ended: dict[str, asyncio.Event] = {}

    def routes(self) -> list[BaseRoute]:
        """What to mount at the root of the application."""
        paths = (PATH, PATH.rstrip("/"))
        return [
            *(WebSocketRoute(path, self._serve) for path in paths),
            *(Route(path, _tell, methods=["GET"]) for path in paths),
        ]

    def check_soon(self) -> None:
        """Ask whose each connection's key is, now: some were revoked."""
        for ended in self._ended.values():
            ended.set()

    def end_soon(self) -> None:
        """The platform ends."""
        self._is_closing = True
        self.check_soon()

    async def _serve(self, socket: WebSocket) -> None:
        try:
            admitted = self._admit(socket)
        except Refused as refused:
            await socket.send_denial_response(reply_to(refused))
            return
        project = _project(admitted)
        self._open[project] += 1
        live = Live(self._clock.now())
        leave = self._devices.enter(admitted, live)
        try:
            await socket.accept()
            code, why = await self._connection(socket, admitted, live)
            await websocket.close(socket, code, why)
        finally:
            leave()
            self._open -= Counter({project: 1})

    def _admit(self, socket: WebSocket) -> Admitted:
        """Who connects. Raises Refused."""
        if self._is_closing:
            raise server_stopping()
        if self._deaf:
            self._devices.refused("no_opus")
            raise Refused(503, "no_opus", self._deaf)
        given = socket.headers
        scheme, _, rest = given.get("authorization", "").strip().partition(" ")
        token = rest.strip() if scheme.lower() == "bearer" else scheme
        admitted = self._devices.admit(
            token, given.get("device-id", ""), given.get("client-id", "")
        )
        if admitted.caller is not None:
            admitted.caller.check_endpoint(Endpoint.VOICE)
        most = MOST_UNBOUND if admitted.caller is None else self._most_of_project
        if self._open.total() >= self._most or self._open[_project(admitted)] >= most:
            self._devices.refused("too_many_devices")
            said = "as many voice devices are connected as may be; try again in a moment"
            raise Refused(503, "too_many_devices", said, headers={"Retry-After": "10"})
        return admitted

    async def _connection(
        self, socket: WebSocket, admitted: Admitted, live: Live
    ) -> tuple[int, str]:
        """Serve it; how it is to be closed."""
        session, line = new_id("sess"), SocketLine(socket)
        try:
            version = version_of(socket)
            hello = await greeted(
                line, session, self._bounds, hz=SPEAKING_HZ, packet_ms=PACKET_MS,
                refused=self._devices.refused,
            )  # fmt: skip
            address = self._devices.public_url.rstrip("/") or address_of(socket)
            one = Connected(admitted, line, hello, session, version, address, live)
            await (self._bound(one) if admitted.caller is not None else self._nobodys(one))
        except LinkError as error:
            if error.code != "link_lost":  # who left was not refused
                self._devices.refused(error.code)
            return (1009 if error.code == "bad_frame" else 1008), error.code
        except Refused as refused:
            return 1008, refused.problem.code or "refused"
        except EdgewiseError as error:
            _log.warning("a voice device is not served: %s", error)
            with suppress(LinkError):
                await line.send(messages.alert(session, "Edgewise", str(error)[:200], "sad"))
            return 1011, error.code
        return 1000, ""

    # A device that is somebody's

    async def _bound(self, one: Connected) -> None:
        """Raises LinkError, Refused, ModelError, DeviceError."""
        device, ask = one.admitted.device, self._ask(one.admitted.caller)
        mind, ended = ComingMind(), self._take_over(device)
        talk = await self._conversation(mind, ask, ended)
        tools = Tools(lambda payload: one.line.send(messages.mcp(one.session, payload)))
        link = self._link(one, talk, self._bounds, tools)
        agent = Hosting(one, self._devices, self._hosts, tools, mind, talk, self._language)
        hosting = asyncio.create_task(agent.run())
        tasks = [
            asyncio.create_task(link.serve()),
            asyncio.create_task(self._watch(one, link, ask, ended)),
        ]
        try:
            done, _ = await asyncio.wait({*tasks, hosting}, return_when=asyncio.FIRST_COMPLETED)
            if done == {hosting}:
                hosting.result()
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (*tasks, hosting):
                task.cancel()
            await asyncio.gather(*tasks, hosting, return_exceptions=True)
            await talk.close()
            await agent.leave()
            if self._ended.get(device) is ended:
                del self._ended[device]

    def _link(
        self,
        one: Connected,
        talk: Talk,
        bounds: Bounds,
        tools: Tools | None = None,
        opening: Item | None = None,
    ) -> Link:
        """Raises ModelError where there is no Opus."""
        return Link(
            one.line, talk, one.hello, self._clock, session=one.session, version=one.version,
            tools=tools, bounds=bounds, refused=self._devices.refused, opening=opening,
        )  # fmt: skip

    def _take_over(self, device: str) -> asyncio.Event:
        """What ends this connection of the device; the one before ends now: a device that connects
        again has lost it, whether its end has come here or not."""
        if (before := self._ended.get(device)) is not None:
            before.set()
        ended = self._ended[device] = asyncio.Event()
        return ended

    async def _conversation(
        self, mind: ComingMind, ask: Callable[[], Caller], ended: asyncio.Event
    ) -> Talk:
        """Heard and spoken by this machine's senses, metered as the device's. Raises ModelError."""
        ears, voice = senses_models(self._config, self._gateway, ask(), self._senses)
        senses = self._senses
        activity = await senses.activity() if senses is not None and ears else NoActivity()
        talk = Conversation(
            senses.ears if senses is not None and ears is not None else NoEars(NO_EARS),
            senses.voice if senses is not None and voice is not None else None,
            mind,
            self._clock,
            Settings(self._language),
            channels=(Channel(activity),),
        )
        return MeteredTalk(talk, self._gateway, ask, ears, voice, ended.set, Endpoint.VOICE)

    def _ask(self, caller: Caller | None) -> Callable[[], Caller]:
        assert caller is not None
        key = caller.key

        def ask() -> Caller:
            found = self._directory.held(key, self._clock.now())
            found.check_endpoint(Endpoint.VOICE)
            return found

        return ask

    async def _watch(
        self, one: Connected, link: Link, ask: Callable[[], Caller], ended: asyncio.Event
    ) -> None:
        """Until the key is in force no more, the device has connected anew, or the platform ends;
        what it does is noted meanwhile. Raises Refused, LinkError."""
        while True:
            if self._is_closing:
                raise server_stopping()
            ask()
            if self._ended.get(one.admitted.device) is not ended:
                raise LinkError("the device has connected anew", code="replaced")
            one.live.doing = _doing(link)
            if link.words_s is not None:
                past_s = self._clock.monotonic() - link.words_s
                one.live.words_at = self._clock.now() - past_s
            ended.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(CHECK_S):
                    await ended.wait()

    # A device that is nobody's yet

    async def _nobodys(self, one: Connected) -> None:
        """It is told its code, as often as it asks, for a while. Raises LinkError, ModelError."""
        code, senses = one.admitted.code, self._senses
        is_english = one.admitted.language.lower().startswith("en")
        spoken = Language.ENGLISH if is_english else Language.CHINESE
        language = self._language or spoken
        talk = Conversation(
            NoEars(NO_EARS),
            senses.voice if senses is not None else None,
            ActivationMind(code, language),
            self._clock,
            Settings(language),
            channels=(Channel(NoActivity()),),
        )
        bounds = replace(self._bounds, burst=UNBOUND_BURST, messages_a_second=UNBOUND_A_SECOND)
        opening = Item(new_id("item"), Who.SYSTEM, code)
        link = self._link(one, talk, bounds, opening=opening)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(UNBOUND_S):
                    await link.serve()
        finally:
            await talk.close()


async def _tell(request: Request) -> Response:
    """To a browser, which comes without an upgrade."""
    del request
    headers = {"Upgrade": "websocket", "Connection": "Upgrade", "Cache-Control": "no-store"}
    return PlainTextResponse(_FOR_PERSONS, 426, headers)


def _project(admitted: Admitted) -> str:
    """Among whose devices it counts; those of nobody are counted together."""
    return admitted.caller.project if admitted.caller is not None else ""


def _doing(link: Link) -> Doing:
    if link.is_speaking:
        return Doing.SPEAKING
    if link.is_thinking:
        return Doing.THINKING
    return Doing.LISTENING if link.is_listening else Doing.IDLE
