import io
import wave

import aiohttp
import pytest

from edgewise.testing.upstream.audio import CHARACTER_MS, RATE_HZ, tone
from tests.testing.upstream.conftest import Asking

SAY = {"model": "fake", "input": "hello", "voice": "v", "response_format": "wav"}


async def said(asking: Asking, body: dict[str, str]) -> tuple[int, str, bytes]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(asking.upstream.url + "/audio/speech", json=body) as reply,
    ):
        return reply.status, reply.content_type, await reply.read()


async def heard(asking: Asking, sound: bytes, **fields: str) -> tuple[int, str]:
    form = aiohttp.FormData({"model": "fake", **fields})
    form.add_field("file", sound, filename="a.wav")
    async with (
        aiohttp.ClientSession() as session,
        session.post(asking.upstream.url + "/audio/transcriptions", data=form) as reply,
    ):
        return reply.status, await reply.text()


async def test_a_text_is_said_as_a_real_wav_of_its_length(asking: Asking):
    status, kind, sound = await said(asking, SAY)
    with wave.open(io.BytesIO(sound)) as made:
        assert made.getnframes() == 5 * CHARACTER_MS * RATE_HZ // 1000
        assert made.readframes(10**6) == tone(CHARACTER_MS) * 5
    assert (status, kind) == (200, "audio/wav")
    assert asking.upstream.produced.totals.characters == 5
    assert asking.upstream.produced.totals.sound_ms == 5 * CHARACTER_MS


async def test_what_was_said_is_heard_at_its_length(asking: Asking):
    _, _, sound = await said(asking, SAY)
    before = asking.upstream.produced.totals.sound_ms
    assert await heard(asking, sound, response_format="text") == (200, "a sound of 300 ms\n")
    assert asking.upstream.produced.totals.sound_ms == before + 300
    status, told = await heard(asking, sound, response_format="verbose_json")
    assert status == 200
    assert '"duration":0.3' in told


@pytest.mark.parametrize("changed", [{"input": ""}, {"voice": ""}, {"response_format": "mp3"}])
async def test_what_can_not_be_said_is_refused(asking: Asking, changed: dict[str, str]):
    status, _, _ = await said(asking, SAY | changed)
    assert status == 400
    assert asking.upstream.produced.totals.characters == 0


async def test_what_can_not_be_heard_is_refused(asking: Asking):
    assert (await heard(asking, b"no wav"))[0] == 400
    assert (await heard(asking, b"no wav", volume="11"))[0] == 400
    assert asking.upstream.produced.totals.sound_ms == 0
