"""Speech for the voice benchmark begins and ends where it is loud."""

import array
import math
from collections.abc import AsyncGenerator
from pathlib import Path

from benchmarks.voice_clips import STEP_MS, Command, edges, make_clips
from edgewise.answer.speak import Spoken
from edgewise.core.words import Language
from edgewise.sound.pcm import LISTENING_HZ, Pcm, silence


def tone(length_s: float, peak: int) -> bytes:
    samples = round(length_s * LISTENING_HZ)
    return array.array(
        "h", (round(peak * math.sin(0.3 * number)) for number in range(samples))
    ).tobytes()


def test_edges_are_those_of_what_is_loud():
    data = silence(0.25).data + tone(0.5, 8000) + silence(0.4).data
    begins_ms, ends_ms = edges(Pcm(data))
    assert abs(begins_ms - 250) <= STEP_MS
    assert abs(ends_ms - 750) <= STEP_MS


def test_a_pause_within_speech_and_a_hiss_behind_it_are_no_end():
    data = tone(0.2, 8000) + silence(0.3).data + tone(0.2, 8000) + tone(0.5, 20)
    assert abs(edges(Pcm(data))[1] - 700) <= STEP_MS


class OneWord:
    """Says everything alike, and counts."""

    def __init__(self) -> None:
        self.said = 0

    async def speak(
        self,
        text: str,
        language: Language,
        *,
        voice: str = "",
        speed: float = 1.0,
        deadline_s: float = 60.0,
    ) -> AsyncGenerator[Spoken, None]:
        self.said += 1
        yield Spoken(text, Pcm(tone(0.5, 8000), LISTENING_HZ))

    async def warm(self, language: Language) -> None:
        raise AssertionError("not asked for")

    async def close(self) -> None:
        raise AssertionError("not asked for")


async def test_a_clip_is_made_once(tmp_path: Path):
    voice = OneWord()
    commands = [Command("open", "a", "x"), Command("open", "b", "x")]
    first = await make_clips(voice, commands, Language.ENGLISH, tmp_path)
    assert await make_clips(voice, commands, Language.ENGLISH, tmp_path) == first
    assert voice.said == 2
