"""A conversation at this machine's own microphone and loudspeaker, until the sound ends.

What is played follows the conversation: held when somebody may have begun to speak, lowered while
they are heard, stopped when they do speak. It shows nothing itself; `show` is told each event.
"""

import asyncio
from collections.abc import AsyncIterator, Callable

from edgewise.device.loudspeaker import Playing
from edgewise.errors import DeviceError
from edgewise.talk.events import (
    Committed,
    Ended,
    NotTranscribed,
    Overheard,
    ReplyEnded,
    ReplyPaused,
    ReplyResumed,
    ReplySound,
    ReplyStarted,
    SpeechStarted,
    SpeechStopped,
    TalkEvent,
    Transcribed,
    Truncated,
)
from edgewise.talk.talk import Talk

LIMIT_S = 120.0
"""How long what was said last may take to be answered, once the sound has ended."""
SETTLE_S = 0.5
"""Behind the words of a turn, until its answer begins."""


async def converse(
    talk: Talk,
    sound: AsyncIterator[bytes],
    playing: Playing | None,
    show: Callable[[TalkEvent], None],
) -> None:
    """Hear `sound`, play the answers (None: nothing plays them); returns when it has ended and all
    of it is answered. Raises DeviceError: `too_slow` when that takes too long, `talk_ended`."""
    state = Progress(playing, show)
    following = asyncio.create_task(_follow(talk, state))
    hearing = asyncio.create_task(_hear(talk, sound))
    try:
        await asyncio.wait({following, hearing}, return_when=asyncio.FIRST_COMPLETED)
        if following.done():
            following.result()
            raise DeviceError(
                "the conversation ended by itself; the log has why", code="talk_ended"
            )
        hearing.result()
        async with asyncio.timeout(LIMIT_S):
            await state.settled()
            if playing is not None:
                await asyncio.sleep(playing.left_s)
    except TimeoutError as error:
        told = f"no answer within {LIMIT_S:g} s; see `edgewise doctor`"
        raise DeviceError(told, code="too_slow") from error
    finally:
        for task in (following, hearing):
            task.cancel()
        await asyncio.gather(following, hearing, return_exceptions=True)


class Progress:
    """Turns events into what is played, and knows whether anything is still to come."""

    def __init__(self, playing: Playing | None, show: Callable[[TalkEvent], None]) -> None:
        self._playing = playing
        self._show = show
        self._unheard: set[str] = set()
        self._replies: set[str] = set()
        self._changed = asyncio.Event()

    async def settled(self) -> None:
        """Returns when every turn is written down and every answer has ended."""
        while True:
            self._changed.clear()
            is_busy = bool(self._unheard or self._replies)
            try:
                async with asyncio.timeout(None if is_busy else SETTLE_S):
                    await self._changed.wait()
            except TimeoutError:
                return

    def take(self, event: TalkEvent) -> None:
        """Do what `event` asks of who plays, and show it."""
        if self._playing is not None:
            play(event, self._playing)
        self._count(event)
        self._changed.set()
        self._show(event)

    def _count(self, event: TalkEvent) -> None:
        match event:
            case Committed():
                self._unheard.add(event.item)
            case Transcribed() | NotTranscribed() | Overheard():
                self._unheard.discard(event.item)
            case ReplyStarted():
                self._replies.add(event.reply)
            case ReplyEnded():
                self._replies.discard(event.reply)
            case _:
                pass


def play(event: TalkEvent, playing: Playing) -> None:
    """What an event asks of who plays the answers."""
    match event:
        case ReplySound():
            playing.add(event.data)
        case SpeechStarted():
            playing.lower()
        case SpeechStopped() | Overheard():
            playing.restore()
        case ReplyPaused():
            playing.hold()
        case ReplyResumed():
            playing.resume()
        case ReplyEnded() if event.ended in (Ended.CANCELLED, Ended.INTERRUPTED):
            playing.stop()
        case Truncated():
            playing.stop()
        case _:
            pass


async def _follow(talk: Talk, state: Progress) -> None:
    async for event in talk.events():
        state.take(event)


async def _hear(talk: Talk, sound: AsyncIterator[bytes]) -> None:
    async for piece in sound:
        talk.hear(piece)
