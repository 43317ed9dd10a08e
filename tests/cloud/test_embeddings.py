"""Embeddings by the official SDK, against an upstream that keeps the truth."""

import asyncio
import base64
import json
import struct
from pathlib import Path
from typing import Any

import msgspec
import openai
import pytest

from edgewise.cloud.caller import Endpoint
from edgewise.cloud.config import BackendConfig, Config, ModelConfig, ModelKind, Route, built_in
from edgewise.cloud.counts import MOST_TOKENS
from edgewise.cloud.embeddings import MOST_INPUTS, embed, read_embeddings
from edgewise.cloud.keys import Scope
from edgewise.cloud.ledger import Entry, Outcome
from edgewise.cloud.refusal import Refused
from edgewise.testing.upstream.directive import Directive
from edgewise.testing.upstream.server import started_upstream
from tests.cloud.running import Running, running_cloud, serving
from tests.cloud.strange_upstream import reply, strange_upstream
from tests.cloud.waiting import until

pytestmark = pytest.mark.slow

MODELS = (
    ModelConfig("fake", (Route("up"),)),
    ModelConfig("vectors", (Route("up", "fake"),), kind=ModelKind.EMBEDDING, context_tokens=100),
)


def sdk(running: Running, key: str = "") -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(
        base_url=f"{running.address}/v1", api_key=key or running.key, max_retries=0
    )


async def posted(running: Running, **body: Any) -> Any:
    reply = await running.client.post("/v1/embeddings", json={"model": "vectors", **body})
    return reply.status_code, reply.json()


async def entry_of(running: Running) -> Entry:
    await running.wait_until_idle()
    return running.cloud.ledger.recent[-1]


@pytest.mark.parametrize(
    ("given", "count"),
    [("one text", 1), (["one", "two three"], 2), ([1, 2, 3], 1), ([[1, 2], [3]], 2)],
    ids=str,
)
async def test_each_form_of_input_is_answered_and_metered_as_the_upstream_counts(
    tmp_path: Path, given: Any, count: int
):
    async with running_cloud(tmp_path, model=MODELS) as running, sdk(running) as client:
        made = await client.embeddings.create(model="vectors", input=given)
        entry = await entry_of(running)
        produced = running.upstream.produced.requests[entry.facts.id]
    assert len(made.data) == (
        2 if isinstance(given[0], list) or given == ["one", "two three"] else 1
    )
    assert made.model == "vectors"
    assert entry.usage.input_tokens == produced.input_tokens == made.usage.prompt_tokens > 0
    assert (entry.outcome, entry.estimated) == (Outcome.DONE, False)
    assert entry.facts.endpoint == "embeddings"


async def test_base64_holds_the_same_numbers_as_floats(tmp_path: Path):
    async with running_cloud(tmp_path, model=MODELS) as running:
        _, floats = await posted(running, input="hello", dimensions=4)
        _, packed = await posted(running, input="hello", dimensions=4, encoding_format="base64")
    raw = base64.b64decode(packed["data"][0]["embedding"])
    assert struct.unpack("<4f", raw) == pytest.approx(floats["data"][0]["embedding"])


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"input": []}, "input"),
        ({"input": ""}, "input[0]"),
        ({"input": ["a", ""]}, "input[1]"),
        ({"input": [[]]}, "input[0]"),
        ({"input": ["a"] * (MOST_INPUTS + 1)}, "input"),
        ({"input": ["a", 1]}, "input"),
        ({"input": [1.5]}, "input[0]"),
        ({"input": [-1]}, "input[0]"),
        ({"input": "a", "encoding_format": "hex"}, "encoding_format"),
        ({"input": "a", "dimensions": 0}, "dimensions"),
        ({"input": list(range(101))}, "input[0]"),
        ({}, "input"),
    ],
)
async def test_a_wrong_body_is_refused_by_the_name_of_its_field(
    tmp_path: Path, body: dict[str, Any], param: str
):
    async with running_cloud(tmp_path, model=MODELS) as running:
        status, told = await posted(running, **body)
        assert running.upstream.produced.totals.attempts == 0
    assert status == 400
    assert told["error"]["param"].startswith(param.split("[", maxsplit=1)[0])
    assert told["error"]["type"] == "invalid_request_error"


async def test_a_model_for_chat_or_none_is_refused_clearly(tmp_path: Path):
    async with running_cloud(tmp_path, model=MODELS) as running, sdk(running) as client:
        with pytest.raises(openai.BadRequestError, match="is for chat"):
            await client.embeddings.create(model="fake", input="a")
        with pytest.raises(openai.NotFoundError, match="does not exist"):
            await client.embeddings.create(model="other", input="a")


async def test_the_built_in_settings_have_no_model_for_embeddings(tmp_path: Path):
    async with serving(tmp_path, built_in()) as (address, cloud):
        running = Running(address, cloud, None)  # pyright: ignore[reportArgumentType]
        async with sdk(running, running.make_key()) as client:
            with pytest.raises(openai.BadRequestError, match="is for chat, this asks for embed"):
                await client.embeddings.create(model="edgewise-small", input="a")


async def test_a_key_of_another_scope_is_refused(tmp_path: Path):
    async with running_cloud(tmp_path, model=MODELS) as running:
        key = running.make_key(Scope(endpoints=(Endpoint.CHAT,)))
        async with sdk(running, key) as client:
            with pytest.raises(openai.PermissionDeniedError):
                await client.embeddings.create(model="vectors", input="a")


async def test_an_upstream_that_fails_before_its_answer_is_asked_once_and_nothing_is_billed(
    tmp_path: Path,
):
    async with running_cloud(tmp_path, model=MODELS) as running:
        running.upstream.directive = Directive(fail_status=500)
        status, told = await posted(running, input="hello")
        entry = await entry_of(running)
    assert (status, told["error"]["code"]) == (503, "upstream_unavailable")
    assert (entry.outcome, entry.usage.tokens) == (Outcome.FAILED, 0)


async def test_another_backend_of_the_class_answers_when_one_fails(tmp_path: Path):
    async with started_upstream() as second, running_cloud(tmp_path / "a") as first:
        first.upstream.directive = Directive(fail_status=500)
        config = Config(
            backend=(
                BackendConfig("one", first.upstream.url),
                BackendConfig("two", second.url),
            ),
            model=(
                ModelConfig(
                    "vectors",
                    (Route("one", "fake", weight=1_000_000), Route("two", "fake", weight=1)),
                    kind=ModelKind.EMBEDDING,
                ),
            ),
        )
        async with serving(tmp_path / "b", config) as (address, cloud):
            running = Running(address, cloud, second)
            async with running.stranger(running.make_key()) as client:
                reply = await client.post(
                    "/v1/embeddings", json={"model": "vectors", "input": "hi"}
                )
            entry = await entry_of(running)
    assert reply.status_code == 200
    assert entry.facts.backend == "two"


@pytest.mark.parametrize("first_ms", [0, 1, 20, 400])
async def test_what_a_client_left_behind_is_billed_as_the_upstream_produced_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, first_ms: int
):
    async with running_cloud(tmp_path, model=MODELS) as running:
        said = json.dumps({"test": {"first_ms": first_ms}}) + " three more words"
        body = {"model": "vectors", "input": said}
        asking = asyncio.create_task(running.client.post("/v1/embeddings", json=body))
        await until(lambda: running.upstream.produced.totals.attempts == 1)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await until(lambda: running.cloud.ledger.recent)
        entry = await entry_of(running)
        produced = running.upstream.produced.requests[entry.facts.id]
    if first_ms == 400:  # cut while it was read: the upstream counts nothing, the input is likely
        assert (entry.outcome, entry.estimated) == (Outcome.DISCONNECTED, True)
        assert entry.usage.input_tokens == sum(read_embeddings(msgspec.json.encode(body)).likely)
    elif not entry.estimated:
        assert entry.usage.input_tokens == produced.input_tokens
    assert "fault" not in caplog.text


async def test_an_answer_that_was_written_when_the_client_left_is_billed(tmp_path: Path):
    async with running_cloud(tmp_path, model=MODELS) as running:
        caller = running.cloud.find(running.key)
        assert caller is not None
        raw = msgspec.json.encode({"model": "vectors", "input": "a few words"})
        gateway = running.cloud.gateway
        asking = asyncio.create_task(embed(gateway, caller, raw, Endpoint.EMBEDDINGS))
        await until(lambda: running.upstream.produced.totals.input_tokens, every_s=0)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await until(lambda: running.cloud.ledger.recent)
        entry = await entry_of(running)
        produced = running.upstream.produced.requests[entry.facts.id]
    assert entry.usage.input_tokens == produced.input_tokens > 0


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ({"prompt_tokens": 10**20}, (MOST_TOKENS, 0, False)),
        (
            {"prompt_tokens": 8, "prompt_tokens_details": {"cached_tokens": 5}},
            (8, 5, False),
        ),
        ({"prompt_tokens": -4}, (2, 0, True)),
        ({"prompt_tokens": "many"}, (2, 0, True)),
        ([], (2, 0, True)),
        (None, (2, 0, True)),
    ],
)
async def test_whatever_an_upstream_counts_the_request_is_settled(
    tmp_path: Path, told: Any, counted: tuple[int, int, bool]
):
    vectors = [{"index": 0, "embedding": [0.5]}]
    answer = reply(json.dumps({"data": vectors, "usage": told}).encode())
    async with strange_upstream(lambda *_: answer) as strange:
        backend = BackendConfig("up", f"{strange.address}/v1")
        async with running_cloud(tmp_path, model=MODELS, backend=(backend,)) as running:
            status, _ = await posted(running, input="abcd")
            entry = await entry_of(running)
    assert status == 200
    usage = entry.usage
    assert (usage.input_tokens, usage.cached_tokens, entry.estimated) == counted


@pytest.mark.parametrize(
    ("vector", "form"),
    [("null", "base64"), ('{"a": 1}', "base64"), ("[1e300]", "base64"), ('"!!"', "float")],
)
async def test_what_is_no_vector_is_the_backends_fault_and_is_not_billed(
    tmp_path: Path, vector: str, form: str
):
    answer = reply(f'{{"data": [{{"index": 0, "embedding": {vector}}}]}}'.encode())
    async with strange_upstream(lambda *_: answer) as strange:
        backend = BackendConfig("up", f"{strange.address}/v1")
        async with running_cloud(tmp_path, model=MODELS, backend=(backend,)) as running:
            status, told = await posted(running, input="abcd", encoding_format=form)
            entry = await entry_of(running)
    assert (status, told["error"]["code"]) == (503, "upstream_unavailable")
    assert (entry.outcome, entry.usage.tokens) == (Outcome.FAILED, 0)


def test_tokens_count_as_they_are_and_text_by_its_bytes():
    wanted = read_embeddings(msgspec.json.encode({"model": "m", "input": [[1, 2, 3], [4]]}))
    assert (wanted.likely, wanted.most) == ([3, 1], [3, 1])
    wanted = read_embeddings(msgspec.json.encode({"model": "m", "input": "abcdefgh"}))
    assert (wanted.likely, wanted.most) == ([3], [8])


@pytest.mark.parametrize("raw", [b"", b"[]", b"\xff", b'{"model":1}', b"{" * 5000])
def test_what_is_no_request_is_a_400(raw: bytes):
    with pytest.raises(Refused) as refused:
        read_embeddings(raw)
    assert refused.value.status == 400
