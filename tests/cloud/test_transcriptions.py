"""Transcriptions by the official SDK: answers pass, and the sound is billed to the millisecond."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_multipart.multipart import parse_options_header

from edgewise.cloud.caller import Endpoint
from edgewise.cloud.config import ModelConfig, ModelKind, Route
from edgewise.cloud.keys import Scope
from edgewise.cloud.ledger import Entry, Outcome
from edgewise.cloud.prices import Price
from edgewise.cloud.transcriptions import wanted_of
from edgewise.cloud.upload import Form
from edgewise.testing.upstream.audio import read_form
from tests.cloud.running import Running, running_cloud
from tests.cloud.sounds import mp3, wav

pytestmark = pytest.mark.slow

MODELS = (
    ModelConfig("fake", (Route("up"),)),
    ModelConfig("ear", (Route("up", "fake"),), kind=ModelKind.TRANSCRIPTION),
)
PRICE = Price("ear", date(2020, 1, 1), audio_input=Decimal("0.06"))


def sdk(running: Running, key: str = "") -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(
        base_url=f"{running.address}/v1", api_key=key or running.key, max_retries=0
    )


async def entry_of(running: Running) -> Entry:
    await running.wait_until_idle()
    return running.cloud.ledger.recent[-1]


async def test_each_form_of_answer_passes_and_the_sound_is_billed(tmp_path: Path):
    async with (
        running_cloud(tmp_path, model=MODELS, price=(PRICE,)) as running,
        sdk(running) as client,
    ):
        hear = client.audio.transcriptions.create
        sound = ("speech.wav", wav(1_234))
        whole = await hear(model="ear", file=sound, language="en")
        text = await hear(model="ear", file=sound, response_format="text")
        more = await hear(model="ear", file=sound, response_format="verbose_json")
        entry = await entry_of(running)
        produced = running.upstream.produced.requests[entry.facts.id]
    assert whole.text == "a sound of 1234 ms"
    assert text == "a sound of 1234 ms\n"
    assert more.duration == 1.234
    assert entry.usage.audio_input_ms == produced.sound_ms == 1_234
    assert entry.cost_nano == 1_234_000
    assert (entry.outcome, entry.estimated) == (Outcome.DONE, False)
    assert (entry.facts.endpoint, entry.facts.backend_model) == ("transcriptions", "fake")


@pytest.mark.parametrize("length_ms", [0, 1, 999, 1_000, 61_003])
async def test_what_is_billed_is_what_the_upstream_heard(tmp_path: Path, length_ms: int):
    async with running_cloud(tmp_path, model=MODELS) as running:
        sent = {"file": ("a.wav", wav(length_ms, 16_000))}
        reply = await running.client.post(
            "/v1/audio/transcriptions", files=sent, data={"model": "ear"}
        )
        entry = await entry_of(running)
        produced = running.upstream.produced.requests[entry.facts.id]
    assert reply.json()["usage"]["seconds"] == -(-length_ms // 1000)
    assert entry.usage.audio_input_ms == produced.sound_ms == length_ms


@given(
    st.dictionaries(st.text("abc[]_", min_size=1), st.text(max_size=40), max_size=5),
    st.binary(max_size=300),
    st.text(max_size=150),
)
async def test_a_form_goes_on_as_it_came_with_the_name_of_the_backend(
    fields: dict[str, str], sound: bytes, name: str
):
    form = Form(name, len(sound), {**fields, "model": "ours"})
    wanted = wanted_of(form, sound, 1)
    kind, _ = parse_options_header(wanted.content_type)
    assert (kind, wanted.usage.audio_input_ms) == (b"multipart/form-data", 1)
    headers = [(b"content-type", wanted.content_type.encode())]
    scope = {"type": "http", "method": "POST", "headers": headers}
    got = await read_form(scope, wanted.body("theirs"))
    expected = {name: text.encode("utf-8", "replace").decode() for name, text in fields.items()}
    assert got == {**expected, "model": "theirs", "file": sound}


@pytest.mark.parametrize(
    ("sound", "fields", "param"),
    [
        (b"no sound", {"model": "ear"}, "file"),
        (b"", {"model": "ear"}, "file"),
        (wav(10), {}, "model"),
        (wav(10), {"model": "ear", "response_format": "midi"}, "response_format"),
        (wav(10), {"model": "ear", "stream": "true"}, "stream"),
        (wav(10), {"model": "fake"}, "model"),
    ],
)
async def test_a_wrong_form_is_refused_by_the_name_of_its_field(
    tmp_path: Path, sound: bytes, fields: dict[str, Any], param: str
):
    async with running_cloud(tmp_path, model=MODELS) as running:
        reply = await running.client.post(
            "/v1/audio/transcriptions", files={"file": ("a.wav", sound)}, data=fields
        )
        assert running.upstream.produced.totals.attempts == 0
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, param)


async def test_json_is_refused_and_so_is_a_key_of_another_scope(tmp_path: Path):
    async with running_cloud(tmp_path, model=MODELS) as running:
        reply = await running.client.post("/v1/audio/transcriptions", json={"model": "ear"})
        assert reply.json()["error"]["code"] == "unsupported_media_type"
        key = running.make_key(Scope(endpoints=(Endpoint.SPEECH,)))
        async with sdk(running, key) as client:
            with pytest.raises(openai.PermissionDeniedError):
                await client.audio.transcriptions.create(model="ear", file=("a.wav", wav(1)))


async def test_what_the_upstream_can_not_hear_is_told_and_costs_nothing(tmp_path: Path):
    async with running_cloud(tmp_path, model=MODELS) as running, sdk(running) as client:
        with pytest.raises(openai.BadRequestError, match="the file is no WAV"):
            await client.audio.transcriptions.create(model="ear", file=("a.mp3", mp3(10)))
        entry = await entry_of(running)
    assert (entry.outcome, entry.usage.audio_input_ms) == (Outcome.FAILED, 0)
