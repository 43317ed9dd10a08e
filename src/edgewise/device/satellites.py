"""The device at the edges of the Wyoming protocol: its server, and the satellites that it hears.

Off unless `[wyoming]` of config.toml says otherwise. What can not be begun is told and left out;
the device runs without it.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from edgewise import __version__
from edgewise.core.clock import Clock, SystemClock
from edgewise.core.words import Words
from edgewise.device.callers import Caller, session_of
from edgewise.device.conversations import Conversations
from edgewise.device.senses import Senses
from edgewise.device.wyoming_config import SatelliteConfig, WyomingConfig, place_of, zone_of
from edgewise.errors import EdgewiseError, UserError
from edgewise.sound.missing import missing_package
from edgewise.talk.mind import Mind
from edgewise.talk.talk import Talk
from edgewise.web.connection import listen

if TYPE_CHECKING:
    from edgewise.talk.waking import Spotter
    from edgewise.talk.wyoming_peer import House
    from edgewise.talk.wyoming_server import WyomingServer


class Satellites:
    """All of it for one device. For one event loop; close it in the end, before the senses."""

    def __init__(
        self,
        config: WyomingConfig,
        conversations: Conversations,
        senses: Senses,
        clock: Clock | None = None,
    ) -> None:
        self._config = config
        self._conversations = conversations
        self._senses = senses
        self._clock = clock or SystemClock()
        self._server: WyomingServer | None = None
        self._running: list[asyncio.Task[None]] = []

    async def start(self) -> tuple[Words, ...]:
        """Begin what is set; what the person should know of it."""
        if not self._config.is_on:
            return ()
        notices: list[Words] = []
        try:
            await self._begin()
            if self._server is not None:
                port, host = self._server.port, self._config.place[0]
                told = f"{host}:{port}"
                notices.append(
                    Words(f"Wyoming is served on {told}", f"Wyoming 服务已在 {told} 就绪")
                )
        except EdgewiseError as error:
            notices.append(Words(f"Wyoming is left out: {error}", f"Wyoming 未启动：{error}"))
        return tuple(notices)

    async def close(self) -> None:
        """End all of it."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self._running.clear()
        if self._server is not None:
            await self._server.close()

    async def _begin(self) -> None:
        try:
            from edgewise.talk.wyoming_satellite import Place, Satellite
            from edgewise.talk.wyoming_server import WyomingServer
        except ImportError as error:
            raise missing_package(error, what="the Wyoming protocol", extra="hear") from error
        for satellite in self._config.satellite:
            host, port = place_of(satellite.address)
            place = Place(host, port, satellite.cancels_echo)
            link = Satellite(place, self._opening(satellite), self._clock)
            self._running.append(asyncio.create_task(link.run()))
        if self._config.listen:
            host, port = self._config.place
            listening = _listening(host, port)
            self._server = WyomingServer(self._house(), listening, allow=self._config.networks)
            await self._server.start()

    def _opening(self, satellite: SatelliteConfig) -> Callable[[], Any]:
        """How a conversation with a satellite begins. Its person's is one over all connections."""
        zone = zone_of(satellite.zone)
        caller = _caller(zone)

        async def begun() -> Talk:
            from edgewise.perceive.wake import DEFAULT_WAKE_WORDS

            waking = await asyncio.to_thread(self._senses.waking, DEFAULT_WAKE_WORDS[0])
            session = session_of(caller, f"satellite-{_digest(satellite.address)}")
            return await self._conversations.open(caller, zone, session, wake=False, waking=waking)

        return begun

    def _house(self) -> "House":
        from edgewise.talk.wyoming_offer import Offer
        from edgewise.talk.wyoming_peer import House

        senses = self._senses
        wakes = self._wakes()
        offer = Offer(
            hears=senses.ears is not None,
            voices=tuple(sorted(senses.voices)),
            wakes=wakes,
            handles=True,
            version=__version__,
        )
        return House(
            offer,
            senses.ears,
            senses.voice,
            _spotter if wakes else None,
            self._mind,
            senses.vocabulary,
            senses.language,
            zone_of(self._config.zone),
        )

    def _mind(self, named: str) -> Mind:
        """A client's own conversation; without a name each request is alone."""
        zone = zone_of(self._config.zone)
        caller = _caller(zone)
        name = f"wyoming-{_digest(named or secrets.token_hex(16))}"
        return self._conversations.mind(caller, session_of(caller, name), zone)

    def _wakes(self) -> tuple[str, ...]:
        from edgewise.perceive.wake import WAKE_WORDS

        return tuple(n for n in WAKE_WORDS if n != "alexa") if self._senses.ears else ()


def _listening(host: str, port: int) -> Any:
    try:
        return listen(port, host)
    except UserError as error:
        told = f"{host}:{port} can not be listened on; end what uses it, or set `listen`"
        raise UserError(f"{told} under [wyoming] in config.toml", code=error.code) from error


def _spotter(names: Sequence[str]) -> "Spotter":
    """Raises UserError (`unknown_wake_word`)."""
    from edgewise.perceive.wake import DEFAULT_WAKE_WORDS, WakeWord

    return WakeWord(tuple(names) or DEFAULT_WAKE_WORDS)


def _caller(zone: object) -> Caller:
    return Caller.PROGRAM if zone is None else Caller.OWNER


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]
