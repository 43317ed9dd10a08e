"""The real process speaks both languages, survives any text, and stops within a moment."""

import asyncio
import contextlib
import dataclasses
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edgewise.answer.voice import LocalVoice, VoiceSettings, engine_settings
from edgewise.core.words import Language
from edgewise.engine.engine import Engine
from edgewise.engine.packages import find_file
from edgewise.errors import ModelError

EN, ZH = Language.ENGLISH, Language.CHINESE
pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
NASTY = (
    "\x00\x1b[31m\u202e🙂👩‍👩‍👧‍👦",
    "مرحبا بالعالم",
    "a" * 300,
    "!" * 300,
    "12:99 2026-99-99 1e999 ½ ⅷ",
    "\ud800 lone",
    "<speak><break time='9999s'/></speak>",
)


@pytest.fixture
async def voice(tmp_path: Path) -> AsyncIterator[LocalVoice]:
    try:
        find_file("kokoro-82m", "kokoro.onnx")
        find_file("misaki-en", "us_gold.json")
    except ModelError as error:
        pytest.skip(f"the model is not installed: {error}")
    made = LocalVoice(VoiceSettings(cache_folder=tmp_path))
    yield made
    await made.close()


async def test_both_languages_are_spoken(voice: LocalVoice):
    for text, language in (("The window is open.", EN), ("车窗已打开。", ZH)):
        spoken = [each async for each in voice.speak(text, language, deadline_s=90)]
        assert "".join(each.text for each in spoken) == text
        assert 0.7 < sum(each.sound.length_s for each in spoken) < 3.5


async def test_no_text_breaks_the_process(voice: LocalVoice):
    for text in NASTY:
        shown = "".join([each.text async for each in voice.speak(text, EN, deadline_s=90)])
        assert shown == text
    spoken = [each async for each in voice.speak("Still here.", EN, deadline_s=90)]
    assert spoken[0].sound.data


async def test_who_is_interrupted_holds_nobody_up(voice: LocalVoice):
    long = "This sentence is long, and nobody wants to hear all of it to its very end, does one? "
    [_ async for _ in voice.speak("Loaded.", EN, deadline_s=90)]
    stream = voice.speak(long * 20, EN, deadline_s=90)
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.wait([waiting], timeout=0.1)
    began = time.perf_counter()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await stream.aclose()
    assert time.perf_counter() - began < 0.5
    assert [each.text async for each in voice.speak("Loaded.", EN)] == ["Loaded."]


LONG_ZH = "请把主驾驶座椅加热调到三挡副驾驶座椅通风调到二挡"
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells memory")


@linux
async def test_a_long_clause_takes_a_bounded_memory_and_gives_it_back(voice: LocalVoice):
    spoken = [each async for each in voice.speak(LONG_ZH, ZH, speed=0.8, deadline_s=90)]
    assert sum(each.sound.length_s for each in spoken) > 5
    [_ async for _ in voice.speak("好。", ZH, deadline_s=90)]  # the memory was given back before it
    assert resident_mb(voice, "VmHWM:") < 450
    assert resident_mb(voice, "VmRSS:") < 300


@linux
async def test_too_little_memory_costs_a_clause_at_most_and_never_the_process(
    voice: LocalVoice, tmp_path: Path
):
    settings = VoiceSettings(cache_folder=tmp_path)
    tight = dataclasses.replace(engine_settings(settings), memory_limit_bytes=TIGHT_BYTES)
    small = LocalVoice(settings, Engine(tight))
    try:
        [_ async for _ in small.speak("好。", ZH, deadline_s=90)]
        process_id = small.process_id
        for speed in (0.5, 0.6):
            with contextlib.suppress(ModelError):
                [_ async for _ in small.speak(LONG_ZH, ZH, speed=speed, deadline_s=90)]
            spoken = [each async for each in small.speak(f"{speed}号。", ZH, deadline_s=90)]
            assert spoken[0].sound.length_s > 0.3
        assert small.process_id == process_id
    finally:
        await small.close()


TIGHT_BYTES = 420 << 20
"""With both dictionaries 320 MB are in use before anything is said."""


def resident_mb(voice: LocalVoice, name: str) -> float:
    status = Path(f"/proc/{voice.process_id}/status").read_text("ascii")
    return int(status.split(name)[1].split()[0]) / 1024
