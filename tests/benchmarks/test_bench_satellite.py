"""What the satellite benchmark makes of what it saw, and the satellite it speaks by."""

import asyncio

import pytest
from wyoming.audio import AudioChunk, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.satellite import RunSatellite

from benchmarks.bench_satellite import Speaker, results_of
from benchmarks.bench_voice import Times
from benchmarks.voice_clips import Clip, Command
from edgewise.core.words import Language
from edgewise.sound.pcm import silence


def test_the_satellite_is_held_to_the_same_run_without_one():
    near = Times([0.5, 0.6, 0.7])
    for far, met in (([0.6, 0.7, 0.8], True), ([0.9, 0.9, 0.9], False)):
        results = {one.metric: one for one in results_of(Language.ENGLISH, near, far, 3)}
        more = results["en: end of speech to first sound, more by a satellite, p50"]
        assert more.met is met
        assert more.value == pytest.approx((far[1] - 0.6) * 1000)


def test_nothing_measured_is_no_figure():
    with pytest.raises(ValueError, match="nothing was measured"):
        results_of(Language.CHINESE, Times([1.0]), [], 0)


async def test_it_counts_from_the_end_of_speech_to_the_first_sound_it_reads():
    speaker = Speaker()
    server = await asyncio.start_server(speaker.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        async with asyncio.timeout(10), AsyncTcpClient("127.0.0.1", port) as device:
            await device.write_event(RunSatellite().event())
            await speaker.ready.wait()
            clip = Clip(Command("hello", "a", ""), silence(0.2), 20, 100)
            saying = asyncio.create_task(speaker.say(clip))
            kinds: list[str] = []
            while not saying.done() and len(kinds) < 20:
                event = await device.read_event()
                assert event is not None
                kinds.append(event.type)
            await device.write_event(AudioChunk(24_000, 2, 1, bytes(480)).event())
            await device.write_event(AudioStop().event())
            after_s = await saying
    finally:
        server.close()
    assert kinds[:2] == ["run-pipeline", "audio-start"]
    assert set(kinds[2:]) == {"audio-chunk"}
    assert after_s is not None
    assert 0.08 <= after_s < 5
