"""One Wyoming satellite (a microphone and a loudspeaker elsewhere) as the ears of a conversation.

The device connects to the satellite, as Home Assistant does, tells it to run, and again with
growing pauses when it is away. A satellite's pipeline decides what is heard: from its start at
`wake` only what follows the wake word, from `asr` on (its own wake word, or a button) all; without
`restart_on_end` one turn of it. While it plays an answer its sound is not heard, unless it is known
to cancel its own echo (`cancels_echo`); a new pipeline or a wake word of its own ends the answer.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace
from wyoming.asr import Transcript
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import Describe, Info
from wyoming.ping import Ping, Pong
from wyoming.pipeline import PipelineStage, RunPipeline
from wyoming.satellite import PauseSatellite, RunSatellite
from wyoming.tts import Synthesize
from wyoming.vad import VoiceStarted, VoiceStopped
from wyoming.wake import Detection

from edgewise.core.clock import Clock
from edgewise.errors import EdgewiseError, LinkError
from edgewise.talk.events import (
    Committed,
    Ended,
    Failed,
    NotTranscribed,
    ReplyEnded,
    ReplySound,
    SpeechStarted,
    SpeechStopped,
    TalkEvent,
    Transcribed,
    Truncated,
)
from edgewise.talk.talk import Talk
from edgewise.talk.together import until_one_ends
from edgewise.talk.wyoming_playing import Playing
from edgewise.talk.wyoming_sound import Incoming
from edgewise.talk.wyoming_wire import Bounds, Wire

_log = logging.getLogger("edgewise.talk")

CONNECT_S = 10.0
PING_S = 20.0
"""A satellite from which nothing came for so long is asked whether it is there."""
LEAST_PAUSE_S, MOST_PAUSE_S = 1.0, 60.0
"""Between attempts to connect; doubled each time."""
SETTLED_S = 30.0
"""A connection that lasted so long was good: the pauses begin anew."""


class Place(Struct, frozen=True):
    """Where a satellite is, and whether it takes its own loudspeaker out of what it hears."""

    host: str
    port: int
    cancels_echo: bool = False


class Satellite:
    """Keeps one satellite connected until it is closed. `opens` begins a conversation for each
    connection; `wait` pauses between attempts."""

    def __init__(
        self,
        place: Place,
        opens: Callable[[], Awaitable[Talk]],
        clock: Clock,
        *,
        bounds: Bounds | None = None,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._place = place
        self._opens = opens
        self._clock = clock
        self._bounds = bounds or Bounds(idle_s=3 * PING_S)
        self._wait = wait
        self.is_connected = False

    async def run(self) -> None:
        """Connect, serve, and connect again, for ever. Cancelling it ends all."""
        pause_s = LEAST_PAUSE_S
        while True:
            begun_s = self._clock.monotonic()
            try:
                await self._once()
            except EdgewiseError as error:
                _log.warning("satellite %s: %s; tried again", self._name, error)
            except Exception:  # noqa: BLE001 - the outermost loop of a satellite
                _log.exception("satellite %s: a fault in Edgewise", self._name)
            if self._clock.monotonic() - begun_s >= SETTLED_S:
                pause_s = LEAST_PAUSE_S
            await self._wait(pause_s)
            pause_s = min(MOST_PAUSE_S, 2 * pause_s)

    @property
    def _name(self) -> str:
        return f"{self._place.host}:{self._place.port}"

    async def _once(self) -> None:
        wire = await self._connected()
        try:
            talk = await self._opens()
            try:
                await Link(wire, talk, self._clock, self._place, self._mark).serve()
            finally:
                self.is_connected = False
                await talk.close()
        finally:
            wire.cut()

    def _mark(self, info: Info) -> None:
        self.is_connected = True
        named = info.satellite.name if info.satellite is not None else "without a name"
        _log.info("satellite %s (%s) is connected", self._name, str(named)[:80])

    async def _connected(self) -> Wire:
        place = self._place
        try:
            async with asyncio.timeout(CONNECT_S):
                reader, writer = await asyncio.open_connection(
                    place.host, place.port, limit=self._bounds.line_bytes
                )
        except (OSError, TimeoutError) as error:
            told = f"it can not be reached ({error or 'no answer'}); is it on, is the port right"
            raise LinkError(told, code="link_failed") from error
        return Wire(reader, writer, self._bounds)


class Link:
    """One connection to a satellite, and the conversation it carries."""

    def __init__(
        self,
        wire: Wire,
        talk: Talk,
        clock: Clock,
        place: Place,
        known: Callable[[Info], None] = lambda info: None,
    ) -> None:
        self._wire = wire
        self._talk = talk
        self._place = place
        self._known = known
        self._incoming = Incoming()
        self._playing = Playing(wire, clock)
        self._hears = False
        self._once = False
        self._wakes = False
        self._speaks = False
        self._says = ""

    async def serve(self) -> None:
        """Until the satellite ends, or is lost. Raises LinkError, ModelError."""
        await self._wire.write(Describe())
        await self._wire.write(RunSatellite())
        parts = (self._read(), self._tell(), self._playing.run(), self._ping())
        try:
            await until_one_ends(parts)
        finally:
            with suppress(LinkError):
                await self._wire.write(PauseSatellite())

    # From the satellite

    async def _read(self) -> None:
        while (event := await self._wire.read()) is not None:
            try:
                await self._take(event)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                told = f"{event.type} is not as in the protocol: {error!r}"
                raise LinkError(told, code="bad_event") from error
        raise LinkError("the satellite ended the connection", code="link_lost")

    async def _take(self, event: Event) -> None:
        match event.type:
            case "audio-chunk":
                self._hear(self._incoming.feed(event))
            case "audio-start":
                self._incoming = Incoming()
            case "audio-stop" | "streaming-stopped":
                self._hear(self._incoming.end())
                if self._speaks:
                    self._talk.commit()
            case "run-pipeline":
                await self._run(RunPipeline.from_event(event))
            case "detection":
                self._interrupt()
            case "played":
                self._playing.is_played()
            case "info":
                self._known(Info.from_event(event))
            case "ping":
                await self._wire.write(Pong(Ping.from_event(event).text))
            case _:
                pass

    async def _run(self, asked: RunPipeline) -> None:
        if asked.start_stage not in (PipelineStage.WAKE, PipelineStage.ASR):
            told = f"a pipeline that starts at {asked.start_stage.value}; this device hears"
            await self._wire.write(Error(told, "not_offered"))
            return
        self._interrupt()
        self._wakes = asked.start_stage is PipelineStage.WAKE
        self._once = not asked.restart_on_end
        self._talk.clear()
        self._talk.configure(replace(self._talk.settings, wake=self._wakes))
        self._hears = self._talk.settings.wake == self._wakes  # else all would be taken as meant

    def _hear(self, data: bytes) -> None:
        may = self._place.cancels_echo or not self._playing.is_heard
        if data and self._hears and may:
            self._talk.hear(data)

    def _interrupt(self) -> None:
        """Somebody calls: what is said at the moment ends."""
        if self._playing.is_heard:
            self._playing.stop()
            self._talk.cancel()

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(PING_S)
            await self._wire.write(Ping())

    # From the conversation

    async def _tell(self) -> None:
        async for event in self._talk.events():
            await self._say(event)
        raise LinkError("the conversation ended", code="link_lost")

    async def _say(self, event: TalkEvent) -> None:
        match event:
            case SpeechStarted() | SpeechStopped() | Committed():
                await self._spoke(event)
            case Transcribed():
                await self._said(event)
            case NotTranscribed():
                await self._wire.write(Error(event.message, event.code))
            case ReplySound():
                self._says += event.says
                self._playing.add(event.data)
            case ReplyEnded():
                await self._ended(event)
            case Truncated():
                self._playing.stop()
            case Failed() if event.code not in _USUAL:
                await self._wire.write(Error(event.message, event.code))
            case _:
                pass

    async def _spoke(self, event: SpeechStarted | SpeechStopped | Committed) -> None:
        """Behind a wake word it is known only at the end that it was for the device."""
        self._speaks = isinstance(event, SpeechStarted)
        if isinstance(event, Committed):
            if self._wakes:
                await self._wire.write(Detection())
        elif not self._wakes:
            kind = VoiceStarted if self._speaks else VoiceStopped
            await self._wire.write(kind(event.at_ms))

    async def _said(self, said: Transcribed) -> None:
        if said.text:
            self._hears = self._hears and not self._once
            await self._wire.write(Transcript(said.text, language=said.language.value))

    async def _ended(self, ended: ReplyEnded) -> None:
        says, self._says = self._says.strip(), ""
        if ended.ended in (Ended.COMPLETED, Ended.INCOMPLETE):
            if says:  # without what is only shown on the device (rule 43)
                await self._wire.write(Synthesize(says))
            self._playing.end()
            return
        self._playing.stop()
        if ended.ended is Ended.FAILED:
            await self._wire.write(Error(ended.message, ended.code))


_USUAL = frozenset({"no_active_reply", "nothing_heard"})
"""What a satellite's stop may meet: the answer or the speech was over already."""
