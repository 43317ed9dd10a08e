"""The voice's benchmark measures what it says, on a voice of which the answer is known."""

import asyncio
import os
import time
from collections.abc import AsyncGenerator
from typing import cast

from benchmarks.bench_speak import KINDS, measure_interruption, processor_s, time_text
from edgewise.answer.speak import Spoken
from edgewise.answer.voice import LocalVoice
from edgewise.core.words import Language
from edgewise.sound.pcm import silence


class SlowVoice:
    """Two clauses, each of a second of sound, made in 20 ms; busy for 50 ms after it is left."""

    process_id: int | None = None

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def speak(
        self, text: str, language: Language, *, deadline_s: float
    ) -> AsyncGenerator[Spoken, None]:
        self.texts.append(text)
        for part in ("first ", "second"):
            await asyncio.sleep(60 if "goes on" in text else 0.02)
            yield Spoken(part, silence(1.0, 24_000))

    async def warm(self, language: Language) -> None:
        await asyncio.sleep(0.05)


async def test_the_first_clause_and_the_whole_are_told_apart():
    timing = await time_text(cast("LocalVoice", SlowVoice()), "text", Language.ENGLISH)
    assert 0.02 <= timing.first_s < timing.whole_s
    assert timing.sound_s == 2.0
    assert timing.real_time_factor == timing.whole_s / 2.0


async def test_an_interruption_lasts_until_the_voice_is_free():
    result = await measure_interruption(cast("LocalVoice", SlowVoice()), rounds=1)
    assert 50 <= result.value < 2000


def test_no_clause_comes_again():
    assert all("{n}" in text for _, _, text in KINDS)


def test_the_processor_time_is_that_of_the_voices_process():
    voice = SlowVoice()
    assert processor_s(cast("LocalVoice", voice)) == 0
    voice.process_id = os.getpid()
    own_s = time.process_time()
    assert abs(processor_s(cast("LocalVoice", voice)) - own_s) < 0.5
