"""Speech by the official SDK: sound comes as it was made, and each character is billed once."""

import io
import json
import wave
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.cloud.caller import Endpoint
from edgewise.cloud.config import ModelConfig, ModelKind, Route
from edgewise.cloud.keys import Scope
from edgewise.cloud.ledger import Entry, Outcome
from edgewise.cloud.prices import Price
from edgewise.cloud.refusal import Refused
from edgewise.cloud.speech import MOST_CHARACTERS, read_speech
from edgewise.testing.upstream.audio import CHARACTER_MS, RATE_HZ, tone
from tests.cloud.running import Running, running_cloud
from tests.cloud.waiting import until

pytestmark = pytest.mark.slow

MODELS = (
    ModelConfig("fake", (Route("up"),)),
    ModelConfig("voice", (Route("up", "fake"),), kind=ModelKind.SPEECH),
)
PRICE = Price("voice", date(2020, 1, 1), characters=Decimal(100))


def sdk(running: Running, key: str = "") -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(
        base_url=f"{running.address}/v1", api_key=key or running.key, max_retries=0
    )


async def entry_of(running: Running) -> Entry:
    await running.wait_until_idle()
    return running.cloud.ledger.recent[-1]


async def test_the_sound_comes_whole_and_each_character_is_billed(tmp_path: Path):
    text = "你好, 世界 🙂 hi"
    async with (
        running_cloud(tmp_path, model=MODELS, price=(PRICE,)) as running,
        sdk(running) as client,
    ):
        made = await client.audio.speech.create(
            model="voice", voice="alloy", input=text, response_format="wav"
        )
        entry = await entry_of(running)
        produced = running.upstream.produced.requests[entry.facts.id]
    with wave.open(io.BytesIO(made.content)) as heard:
        assert heard.getnframes() == len(text) * CHARACTER_MS * RATE_HZ // 1000
        assert heard.readframes(480) == tone(CHARACTER_MS)
    assert made.response.headers["content-type"] == "audio/wav"
    assert made.response.headers["x-request-id"] == entry.facts.id
    assert entry.usage.characters == produced.characters == len(text) == 11
    assert entry.cost_nano == len(text) * 100_000
    assert (entry.outcome, entry.estimated) == (Outcome.DONE, False)
    assert (entry.facts.endpoint, entry.facts.backend_model) == ("speech", "fake")


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_characters_are_code_points_of_the_input(text: str):
    raw = json.dumps({"model": "m", "input": text, "voice": "v"}).encode()
    assert read_speech(raw)[1].usage.characters == len(text)


def test_what_is_not_known_goes_on_as_it_came():
    raw = msgspec.json.encode({"model": "m", "input": "a", "voice": {"id": "v"}, "x": [1.50]})
    sent = json.loads(read_speech(raw)[1].body("theirs"))
    assert sent == {"model": "theirs", "input": "a", "voice": {"id": "v"}, "x": [1.5]}


@pytest.mark.parametrize(
    ("changed", "param"),
    [
        ({"input": ""}, "input"),
        ({"input": "a" * (MOST_CHARACTERS + 1)}, "input"),
        ({"input": ["a"]}, "input"),
        ({"input": None}, "input"),
        ({"voice": None}, "voice"),
        ({"response_format": "midi"}, "response_format"),
        ({"speed": 9}, "speed"),
        ({"model": ""}, "model"),
    ],
)
def test_a_wrong_body_is_refused_by_the_name_of_its_field(changed: dict[str, Any], param: str):
    body = {"model": "m", "input": "a", "voice": "v"} | changed
    with pytest.raises(Refused) as refused:
        read_speech(msgspec.json.encode(body))
    assert (refused.value.status, refused.value.problem.param) == (400, param)


async def test_a_model_of_another_kind_and_a_key_of_another_scope_are_refused(tmp_path: Path):
    said: dict[str, Any] = {"voice": "alloy", "input": "a"}
    async with running_cloud(tmp_path, model=MODELS) as running:
        async with sdk(running) as client:
            with pytest.raises(openai.BadRequestError, match="is for chat, this asks for speech"):
                await client.audio.speech.create(model="fake", **said)
        key = running.make_key(Scope(endpoints=(Endpoint.CHAT,)))
        async with sdk(running, key) as client:
            with pytest.raises(openai.PermissionDeniedError):
                await client.audio.speech.create(model="voice", **said)
        assert running.upstream.produced.totals.attempts == 0


async def test_what_the_upstream_refuses_is_told_and_costs_nothing(tmp_path: Path):
    async with running_cloud(tmp_path, model=MODELS) as running, sdk(running) as client:
        with pytest.raises(openai.BadRequestError, match="'mp3' is not made here"):
            await client.audio.speech.create(model="voice", voice="alloy", input="a")
        entry = await entry_of(running)
    assert (entry.outcome, entry.usage.characters) == (Outcome.FAILED, 0)


async def test_sound_comes_while_it_is_made_and_who_leaves_stops_it(tmp_path: Path):
    said = json.dumps({"test": {"hang_after": 2}}) + " some words"
    async with running_cloud(tmp_path, model=MODELS) as running, sdk(running) as client:
        async with client.audio.speech.with_streaming_response.create(
            model="voice", voice="alloy", input=said, response_format="pcm"
        ) as reply:
            got = b""
            async for data in reply.iter_bytes():
                got += data
                if len(got) == 2 * len(tone(CHARACTER_MS)):
                    break
        await until(lambda: running.cloud.ledger.recent)
        entry = await entry_of(running)
        record = await running.upstream.produced.ended(entry.facts.id)
    assert (entry.outcome, entry.usage.characters) == (Outcome.DISCONNECTED, len(said))
    assert (record.outcome, record.sound_ms) == ("left", 2 * CHARACTER_MS)
