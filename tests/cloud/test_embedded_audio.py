"""This machine's voice and ears by OpenAI's own client, metered as any other model's are."""

import io
import wave
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import openai
import pytest

from edgewise.cloud.caller import Endpoint
from edgewise.cloud.embedded_audio import LOOK_S, PART_S, parts_of
from edgewise.cloud.keys import Scope
from edgewise.sound.pcm import Pcm, silence
from edgewise.sound.read import read_sound
from edgewise.sound.write import write_wav
from tests.cloud.running import Running
from tests.cloud.test_realtime import running, sdk
from tests.talk.realtime.loud import spoken

pytestmark = pytest.mark.slow


@asynccontextmanager
async def client_of(folder: Path) -> AsyncGenerator[tuple[Running, openai.AsyncOpenAI]]:
    async with running(folder) as platform, sdk(platform) as client:
        yield platform, client


def recording(sentence: int, length_ms: int = 2000) -> bytes:
    return write_wav(Pcm(spoken(sentence, length_ms, 16_000), 16_000))


async def test_a_text_is_said_as_wav_and_its_characters_are_billed(tmp_path: Path):
    async with client_of(tmp_path) as (platform, client):
        made = await client.audio.speech.create(
            model="voice", voice="alloy", input="Hello there.", response_format="wav"
        )
        await platform.wait_until_idle()
        entry = platform.cloud.ledger.recent[-1]
    assert made.response.headers["content-type"] == "audio/wav"
    with wave.open(io.BytesIO(made.content)) as heard:
        assert heard.getframerate() == 24_000
        assert len(heard.readframes(1 << 30)) == 12 * 50 * 48
    assert (entry.usage.characters, entry.facts.model) == (12, "voice")


@pytest.mark.parametrize("kind", ["mp3", "flac", "opus"])
async def test_packed_formats_hold_the_same_sound(tmp_path: Path, kind: str):
    async with client_of(tmp_path) as (_, client):
        made = await client.audio.speech.create(
            model="voice", voice="marin", input="Hello there.", response_format=kind
        )
    heard = read_sound(made.content, longest_s=10)
    assert heard.length_s == pytest.approx(0.6, abs=0.15)


@pytest.mark.parametrize(
    ("changed", "param"),
    [({"response_format": "aac"}, "response_format"), ({"speed": 3.0}, "speed")],
)
async def test_what_the_voice_can_not_do_is_refused_and_not_billed(
    tmp_path: Path, changed: dict[str, object], param: str
):
    async with client_of(tmp_path) as (platform, client):
        with pytest.raises(openai.BadRequestError) as refused:
            await client.audio.speech.create(
                **{"model": "voice", "voice": "alloy", "input": "Hello.", **changed}
            )
        await platform.wait_until_idle()
        assert platform.cloud.ledger.recent[-1].usage.characters == 0
    assert refused.value.param == param


@pytest.mark.parametrize("kind", ["json", "text", "verbose_json", "srt", "vtt"])
async def test_a_recording_is_written_down_in_every_format(tmp_path: Path, kind: str):
    async with client_of(tmp_path) as (platform, client):
        made = await client.audio.transcriptions.create(
            model="ears", file=("said.wav", recording(1)), response_format=kind, language="en"
        )
        await platform.wait_until_idle()
        entry = platform.cloud.ledger.recent[-1]
    text = made if isinstance(made, str) else made.text
    assert "what is the weather" in text
    if kind == "srt":
        assert text.startswith("1\n00:00:00,000 --> 00:00:02,000\n")
    if kind == "verbose_json":
        assert (made.segments[0].start, made.segments[0].end) == (0.0, 2.0)
    assert (entry.usage.audio_input_ms, entry.facts.endpoint) == (2000, "transcriptions")


@pytest.mark.parametrize(
    ("data", "language"), [(recording(1), "fr"), (recording(1)[:-999], ""), (b"RIFF", "")]
)
async def test_a_language_or_a_file_that_can_not_be_heard_is_refused(
    tmp_path: Path, data: bytes, language: str
):
    async with client_of(tmp_path) as (platform, client):
        with pytest.raises(openai.BadRequestError):
            await client.audio.transcriptions.create(
                model="ears",
                file=("said.wav", data),
                **({"language": language} if language else {}),
            )
        made = await client.audio.transcriptions.create(model="ears", file=("a.wav", recording(2)))
        assert made.text == "stop"
        assert not platform.cloud.ledger.running


async def test_a_key_of_another_scope_is_refused(tmp_path: Path):
    async with running(tmp_path) as platform:
        key = platform.make_key(Scope(endpoints=(Endpoint.REALTIME,)))
        async with sdk(platform, key) as client:
            with pytest.raises(openai.PermissionDeniedError):
                await client.audio.transcriptions.create(
                    model="ears", file=("said.wav", recording(1))
                )


def test_a_long_sound_is_cut_where_it_is_quiet_however_it_comes():
    loud = spoken(3, 24_000, 16_000)
    sound = loud + silence(0.5).data + loud + silence(0.5).data + loud
    pieces = [sound[at : at + 8_190] for at in range(0, len(sound), 8_190)]
    parts = list(parts_of(pieces))
    assert parts == list(parts_of([sound]))
    assert b"".join(part.data for part in parts) == sound
    assert all(0 < part.length_s <= PART_S for part in parts)
    assert 24.0 <= parts[0].length_s <= 24.5
    assert parts[0].length_s >= PART_S - LOOK_S


def test_a_short_sound_stays_whole():
    assert list(parts_of([silence(3.0).data])) == [silence(3.0)]
    assert list(parts_of([silence(0.01).data])) == [silence(0.01)]
