"""One connection of a voice device as the ears and the mouth of a conversation.

What the device sends is heard by how it listens (`Mode`); what happens in the conversation becomes
its messages and sound. Sound outside of listening is kept a moment: a device sends the sound of a
wake word before it tells that it heard one, and may begin to listen late. It knows no socket, no
key and no agent; tools are another's (`tools.py`), whose answers it passes on.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol

from msgspec.structs import replace

from edgewise.core.clock import Clock
from edgewise.errors import LinkError
from edgewise.sound.opus import OpusDecoder
from edgewise.sound.pcm import BYTES_PER_SAMPLE, LISTENING_HZ
from edgewise.talk.events import (
    Ended,
    Failed,
    NotTranscribed,
    ReplyActed,
    ReplyEnded,
    ReplyPaused,
    ReplyResumed,
    ReplySound,
    ReplyStarted,
    TalkEvent,
    Transcribed,
    Truncated,
    Who,
)
from edgewise.talk.item import Item
from edgewise.talk.remembering import new_id
from edgewise.talk.settings import TurnEnd, Turns
from edgewise.talk.talk import Talk
from edgewise.talk.together import until_one_ends
from edgewise.talk.xiaozhi import messages
from edgewise.talk.xiaozhi.allowance import Allowance, Bounds
from edgewise.talk.xiaozhi.framing import unpacked
from edgewise.talk.xiaozhi.messages import Abort, FromDevice, Goodbye, Hello, Listen, Mcp, Mode
from edgewise.talk.xiaozhi.playing import Playing
from edgewise.talk.xiaozhi.tools import Tools
from edgewise.talk.xiaozhi.waking import is_wake_word


class Line(Protocol):
    """The socket of a device. `receive` gives None when it left; both raise LinkError."""

    async def receive(self) -> str | bytes | None: ...
    async def send(self, message: str | bytes) -> None: ...


Refused = Callable[[str], None]
"""Counts what was refused, by its code."""


async def greeted(
    line: Line,
    session: str,
    bounds: Bounds,
    *,
    hz: int,
    packet_ms: int,
    refused: Refused = lambda code: None,
) -> Hello:
    """A device's hello, answered. What it sends before is dropped, for a while. Raises LinkError
    (`no_hello`)."""
    try:
        async with asyncio.timeout(bounds.hello_s):
            for _ in range(bounds.burst):
                message = await line.receive()
                if message is None:
                    break
                said = _early(message, refused)
                if isinstance(said, Hello):
                    told = messages.hello(session, sample_rate=hz, frame_duration_ms=packet_ms)
                    await line.send(told)
                    return said
    except TimeoutError as error:
        raise LinkError(f"no hello came within {bounds.hello_s:g} s", code="no_hello") from error
    raise LinkError("no hello came", code="no_hello")


def _early(message: str | bytes, refused: Refused) -> FromDevice | None:
    """What came before a hello; None for sound, and for what is as nothing in the protocol."""
    try:
        if isinstance(message, str):
            return messages.read(message)
        unpacked(message, 1)
    except LinkError as error:
        refused(error.code)
    return None


class Link:
    """One connection behind its hello, and the conversation it carries."""

    def __init__(
        self,
        line: Line,
        talk: Talk,
        hello: Hello,
        clock: Clock,
        *,
        session: str,
        version: int = 1,
        tools: Tools | None = None,
        bounds: Bounds | None = None,
        refused: Refused = lambda code: None,
        opening: Item | None = None,
    ) -> None:
        """`opening` is answered when the device listens for the first time. Raises ModelError where
        there is no Opus."""
        self._line = line
        self._talk = talk
        self._clock = clock
        self._session = session
        self._version = version
        self._tools = tools
        self._bounds = bounds or Bounds()
        self._refused = refused
        self._opening = opening
        self._decoder = OpusDecoder(LISTENING_HZ)
        self._playing = Playing(line.send, clock, session, version)
        self._mode: Mode | None = None
        self._before: deque[bytes] = deque(maxlen=max(1, round(self._bounds.before_s / 0.06)))
        self._before_s = float("-inf")
        self._replies: set[str] = set()
        self._broken = 0
        self._allowance = Allowance(self._bounds, clock)
        self._spoke_s = clock.monotonic()
        self.words_s: float | None = None
        """When words were said last (monotonic)."""

    @property
    def is_listening(self) -> bool:
        """Whether the device's microphone is open."""
        return self._mode is not None

    @property
    def is_thinking(self) -> bool:
        """Whether an answer is on its way."""
        return bool(self._replies)

    @property
    def is_speaking(self) -> bool:
        """Whether the device speaks, or is about to."""
        return self._playing.is_busy

    async def serve(self) -> None:
        """Until the device leaves, or is quiet for long. Raises LinkError for what ends it."""
        await until_one_ends((self._read(), self._tell(), self._playing.run(), self._watch()))

    # From the device

    async def _read(self) -> None:
        while (message := await self._line.receive()) is not None:
            try:
                if isinstance(message, bytes):
                    self._hear(message)
                    continue
                self._allowance.message()
                said = messages.read(message)
            except LinkError as error:
                self._break(error)
                continue
            if isinstance(said, Goodbye):
                return
            await self._take(said)

    async def _take(self, message: FromDevice | None) -> None:
        match message:
            case Listen():
                self._spoke_s = self._clock.monotonic()
                await self._listen(message)
            case Abort():
                self._spoke_s = self._clock.monotonic()
                if not self._silence():
                    await self._line.send(messages.tts(self._session, "stop"))
            case Mcp() if self._tools is not None:
                self._tools.take(message.payload)
            case _:
                pass

    async def _listen(self, message: Listen) -> None:
        match message.state:
            case "start":
                self._begin(message.mode)
            case "stop":
                if self._mode is Mode.MANUAL:
                    self._talk.commit()
                self._mode = None
            case "detect":
                await self._detect(message.text.strip())
            case _:
                self._refused("bad_message")

    def _begin(self, mode: Mode) -> None:
        """Listen, from the sound that came just before on; whatever is said ends."""
        self._silence()
        self._talk.clear()
        self._talk.configure(replace(self._talk.settings, turns=_TURNS[mode]))
        self._mode = mode
        before = self._just_before()
        while before:
            self._talk.hear(before.popleft())
        if (opening := self._opening) is not None:
            self._opening = None
            self._talk.add(opening)
            self._talk.reply()

    async def _detect(self, text: str) -> None:
        """A wake word was heard: the sound before it was that. Other words are what the person
        says, written or recognised by the device itself."""
        is_woken = bool(self._just_before()) or is_wake_word(text)
        self._before.clear()
        self._silence()
        if text and not is_woken:
            self.words_s = self._clock.monotonic()
            self._talk.add(Item(new_id("item"), Who.PERSON, text))
            await self._line.send(messages.stt(self._session, text))
            self._talk.reply()

    def _hear(self, frame: bytes) -> None:
        packet = unpacked(frame, self._version)
        if not packet:
            self._allowance.message()
            return
        samples = self._decoder.decode(packet)
        self._allowance.sound(len(samples) / BYTES_PER_SAMPLE / LISTENING_HZ)
        if self._mode is None:
            self._just_before().append(samples)
            self._before_s = self._clock.monotonic()
        elif self._mode is Mode.REALTIME or not self._playing.is_busy:
            self._talk.hear(samples)

    def _just_before(self) -> deque[bytes]:
        """The sound outside of listening, without what came too long ago to belong to what comes
        now: a device may send some still behind its `stop`."""
        if self._clock.monotonic() - self._before_s > self._bounds.before_s:
            self._before.clear()
        return self._before

    def _silence(self) -> bool:
        """End what is said and what is thought; whether the device was told so by it."""
        unsent = self._playing.unsent
        heard = self._playing.stop()
        if self._replies:
            self._talk.cancel()
        elif heard is not None and heard.item:
            self._talk.truncate(heard.item, heard.ms)
        for item in unsent:
            if heard is None or item != heard.item:
                self._talk.truncate(item, 0)
        return heard is not None

    def _break(self, error: LinkError) -> None:
        """Go on behind what could not be read, for a while. Raises LinkError."""
        self._refused(error.code)
        self._broken += 1
        if error.code == "too_fast" or self._broken > self._bounds.broken:
            raise error

    # From the conversation

    async def _tell(self) -> None:
        async for event in self._talk.events():
            await self._told(event)
        raise LinkError("the conversation ended", code="link_lost")

    async def _told(self, event: TalkEvent) -> None:
        match event:
            case Transcribed() if event.text:
                self._spoke_s = self.words_s = self._clock.monotonic()
                await self._line.send(messages.stt(self._session, event.text))
            case ReplyStarted():
                self._replies.add(event.reply)
                await self._face(_THINKING)
            case ReplySound():
                self._playing.say(event.item, event.says, event.data)
            case ReplyActed():
                await self._face(_DONE if event.done else _NOT_DONE)
            case ReplyPaused():
                self._playing.hold()
            case ReplyResumed():
                self._playing.resume()
            case Truncated():
                self._playing.stop()
            case ReplyEnded():
                await self._ended(event)
            case NotTranscribed():
                await self._warn(event.message)
            case Failed() if event.code not in _USUAL:
                await self._warn(event.message)
            case _:
                pass

    async def _ended(self, ended: ReplyEnded) -> None:
        self._spoke_s = self._clock.monotonic()
        self._replies.discard(ended.reply)
        if ended.ended in (Ended.COMPLETED, Ended.INCOMPLETE):
            self._playing.end()
            return
        self._playing.stop()
        if ended.ended is Ended.FAILED:
            await self._warn(ended.message)

    async def _face(self, face: tuple[str, str]) -> None:
        await self._line.send(messages.emotion(self._session, *face))

    async def _warn(self, told: str) -> None:
        await self._line.send(messages.alert(self._session, "Edgewise", told[:200], "sad"))

    async def _watch(self) -> None:
        """Keep the line awake; end it when nobody has said anything for long."""
        while True:
            await asyncio.sleep(min(self._bounds.ping_s, self._bounds.quiet_s))
            if self._clock.monotonic() - self._spoke_s >= self._bounds.quiet_s:
                return
            await self._line.send(messages.still_here(self._session))


_TURNS = {
    Mode.AUTO: Turns(interrupts=False),
    Mode.MANUAL: Turns(TurnEnd.CLIENT),
    Mode.REALTIME: Turns(pauses=True),
}
_THINKING, _DONE, _NOT_DONE = ("thinking", "🤔"), ("happy", "😊"), ("confused", "😕")
_USUAL = frozenset({"no_active_reply", "nothing_heard", "reply_active", "unknown_item"})
"""What a device's stop or start may meet: the answer or the speech was over already."""
