"""Ears and a voice for conversations over real sockets: what is said is how loud it is.

Sound crosses resamplers and codings on its way here, so a sentence is told by the height of its
waves, to a thousand, and speech from silence by whether there are any.
"""

import array
import asyncio
import math
from collections.abc import AsyncGenerator, Sequence

from edgewise.answer.speak import Spoken
from edgewise.core.clock import SystemClock
from edgewise.core.words import Language
from edgewise.perceive.hear import NO_WORDS, Heard, Vocabulary
from edgewise.sound.pcm import SPEAKING_HZ, Pcm
from edgewise.talk.conversation import Conversation
from edgewise.talk.microphones import Channel
from edgewise.talk.mind import Mind
from edgewise.talk.settings import Settings

STEP = 2000
_FRAME_BYTES = 1024
_QUIET = 400


def spoken(sentence: int, length_ms: int = 600, rate_hz: int = SPEAKING_HZ) -> bytes:
    """A tone as high as the number of the sentence (1, 2, ...)."""
    count = rate_hz * length_ms // 1000
    turn = 2 * math.pi * 300 / rate_hz
    wave = (round(sentence * STEP * math.sin(turn * at)) for at in range(count))
    return array.array("h", wave).tobytes()


def silent(length_ms: int, rate_hz: int = SPEAKING_HZ) -> bytes:
    return bytes(2 * (rate_hz * length_ms // 1000))


def _height(data: bytes) -> int:
    samples = array.array("h", data[: len(data) // 2 * 2])
    return max(max(samples, default=0), -min(samples, default=0))


class LoudActivity:
    """Speech is what is not quiet."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[float]:
        data = self._rest + data
        whole = len(data) // _FRAME_BYTES * _FRAME_BYTES
        self._rest = data[whole:]
        frames = [data[at : at + _FRAME_BYTES] for at in range(0, whole, _FRAME_BYTES)]
        return [1.0 if _height(frame) > _QUIET else 0.0 for frame in frames]


class LoudEars:
    """Hears the sentence of that number."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self._sentences = ("", *sentences)
        self.heard_s = 0.0

    async def transcribe(
        self,
        sound: Pcm,
        *,
        language: Language | None = None,
        vocabulary: Vocabulary = NO_WORDS,
        is_final: bool = True,
        expected: Language | None = None,
        deadline_s: float = 20.0,
    ) -> Heard:
        del vocabulary, deadline_s
        number = round(_height(sound.data) / STEP)
        if is_final:
            self.heard_s += sound.length_s
        return Heard(self._sentences[number], language or Language.ENGLISH, 0.9, 1.0, "loud")

    async def finished(self, sound: Pcm, *, deadline_s: float = 2.0) -> float:
        del sound, deadline_s
        return 1.0

    async def warm(self, language: Language) -> None:
        del language

    async def close(self) -> None:
        raise AssertionError("a conversation does not own its ears")


class LoudVoice:
    """Fifty milliseconds of a tone for each character; `gate` holds all but the first clause."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.gate.set()
        self.closed = asyncio.Event()

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
        half = len(text) // 2
        try:
            for number, part in enumerate((text[:half], text[half:])):
                if number:
                    await self.gate.wait()
                if part:
                    yield Spoken(part, Pcm(spoken(1, 50 * len(part)), SPEAKING_HZ))
        finally:
            self.closed.set()

    async def warm(self, language: Language) -> None:
        del language

    async def close(self) -> None:
        raise AssertionError("a conversation does not own its voice")


def conversation(
    mind: Mind, *sentences: str, voice: LoudVoice | None = None, settings: Settings | None = None
) -> Conversation:
    """A conversation in which `sentences` can be heard."""
    return Conversation(
        LoudEars(sentences),
        voice or LoudVoice(),
        mind,
        SystemClock(),
        settings or Settings(),
        channels=(Channel(LoudActivity()),),
    )
