"""The batches API by the official SDK over a real server."""

import json
from pathlib import Path
from typing import Any

import openai
import pytest

from edgewise.cloud.batches import MOST_UNFINISHED
from edgewise.cloud.caller import Endpoint
from edgewise.cloud.config import ModelConfig, ModelKind, Route
from edgewise.cloud.keys import Scope
from edgewise.testing.upstream.directive import Directive
from tests.cloud.batch_inputs import CHAT, as_input, batch_of, chat_line, make_batch, results_of
from tests.cloud.running import Running, running_cloud

pytestmark = pytest.mark.slow

MODELS = (
    ModelConfig("fake", (Route("up"),)),
    ModelConfig("vectors", (Route("up", "fake"),), kind=ModelKind.EMBEDDING),
)


def sdk(running: Running) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=f"{running.address}/v1", api_key=running.key, max_retries=0)


async def test_a_batch_of_completions_by_the_sdk_from_upload_to_results(
    tmp_path: Path, database_url: str
):
    lines = [chat_line("one"), chat_line("two"), chat_line("wrong")]
    lines[2]["body"]["temperature"] = 9
    async with running_cloud(tmp_path, database=database_url) as running, sdk(running) as client:
        file = await client.files.create(file=("in.jsonl", as_input(lines)), purpose="batch")
        made = await client.batches.create(
            input_file_id=file.id,
            endpoint=CHAT,
            completion_window="24h",
            metadata={"night": "1"},
            output_expires_after={"anchor": "created_at", "seconds": 7200},
        )
        assert (made.status, made.object, made.metadata) == ("validating", "batch", {"night": "1"})
        assert (made.expires_at or 0) - made.created_at == 24 * 3600
        await running.cloud.batches.idle()
        done = await client.batches.retrieve(made.id)
        assert done.status == "completed"
        counts = done.request_counts
        assert counts is not None
        assert (counts.total, counts.completed, counts.failed) == (3, 2, 1)
        assert None not in (done.in_progress_at, done.finalizing_at, done.completed_at)
        assert (done.model, done.errors) == ("fake", None)
        assert done.output_file_id
        output = await client.files.retrieve(done.output_file_id)
        assert output.purpose == "batch_output"
        assert (output.expires_at or 0) - output.created_at in (7200, 7201)
        answers = await results_of(running.client, done.output_file_id)
        errors = await results_of(running.client, done.error_file_id)
        assert sorted(answers) == ["one", "two"]
        response = answers["one"]["response"]
        assert response["status_code"] == 200
        assert response["body"]["object"] == "chat.completion"
        assert errors["wrong"]["response"]["body"]["error"]["param"] == "temperature"
        await running.wait_until_idle()
        entries = [entry for entry in running.cloud.ledger.recent]
        produced = running.upstream.produced.totals
        assert {entry.facts.id for entry in entries} == {
            answers[id]["response"]["request_id"] for id in answers
        }
        assert {entry.facts.endpoint for entry in entries} == {"batches"}
        assert sum(entry.usage.output_tokens for entry in entries) == produced.output_tokens
        assert done.usage is not None
        assert done.usage.output_tokens == produced.output_tokens
        assert done.usage.input_tokens == produced.input_tokens
        assert [batch.id async for batch in client.batches.list(limit=1)] == [made.id]
        assert list((tmp_path / "batches").iterdir()) == []


async def test_batches_of_embeddings_and_responses_run_as_their_endpoints_do(tmp_path: Path):
    vectors = {"custom_id": "v", "method": "POST", "url": "/v1/embeddings"}
    vectors["body"] = {"model": "vectors", "input": ["a", "b"]}  # type: ignore[assignment]
    response = {"custom_id": "r", "method": "POST", "url": "/v1/responses"}
    response["body"] = {"model": "fake", "input": "hi there"}  # type: ignore[assignment]
    hidden = {"custom_id": "h", "method": "POST", "url": "/v1/responses"}
    hidden["body"] = {"model": "fake", "input": "x", "background": True}  # type: ignore[assignment]
    async with running_cloud(tmp_path, model=MODELS) as running:
        first = await make_batch(running.client, [vectors], "/v1/embeddings")
        second = await make_batch(running.client, [response, hidden], "/v1/responses")
        await running.cloud.batches.idle()
        one = await batch_of(running.client, first["id"])
        two = await batch_of(running.client, second["id"])
        embedded = await results_of(running.client, one["output_file_id"])
        responded = await results_of(running.client, two["output_file_id"])
        refused = await results_of(running.client, two["error_file_id"])
    assert len(embedded["v"]["response"]["body"]["data"]) == 2
    assert responded["r"]["response"]["body"]["status"] == "completed"
    assert refused["h"]["response"]["body"]["error"]["param"] == "background"
    assert two["usage"]["output_tokens"] > 0


async def test_a_wrong_input_fails_the_batch_with_its_lines_and_runs_nothing(tmp_path: Path):
    lines = [chat_line("a"), chat_line("a"), {"custom_id": "c"}]
    async with running_cloud(tmp_path) as running:
        made = await make_batch(running.client, lines)
        await running.cloud.batches.idle()
        failed = await batch_of(running.client, made["id"])
        assert running.upstream.produced.totals.attempts == 0
    assert failed["status"] == "failed"
    assert failed["errors"]["object"] == "list"
    assert [error["line"] for error in failed["errors"]["data"]] == [2, 3]
    assert failed["output_file_id"] is None


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"endpoint": "/v1/images/generations"}, "endpoint"),
        ({"completion_window": "1h"}, "completion_window"),
        ({"metadata": {"a": 1}}, "metadata"),
        ({"metadata": {str(number): "" for number in range(17)}}, "metadata"),
        ({"metadata": {"x" * 65: ""}}, "metadata"),
        ({"output_expires_after": {"anchor": "created_at", "seconds": 1}}, "output_expires_after"),
        ({"input_file_id": "file_none"}, "input_file_id"),
        ({"surprise": 1}, None),
    ],
)
async def test_a_wrong_creation_is_a_400_that_names_the_field(
    tmp_path: Path, changes: dict[str, Any], param: str | None
):
    async with running_cloud(tmp_path) as running:
        form = {"file": as_input([chat_line("a")])}
        file = await running.client.post("/v1/files", data={"purpose": "batch"}, files=form)
        body = {"input_file_id": file.json()["id"], "endpoint": CHAT, "completion_window": "24h"}
        reply = await running.client.post("/v1/batches", json=body | changes)
        assert list((tmp_path / "batches").glob("*")) == []
    assert reply.status_code == 400
    told = reply.json()["error"]["param"]
    assert told is param is None or told.partition(".")[0].partition("[")[0] == param


async def test_a_file_for_another_purpose_is_refused(tmp_path: Path):
    async with running_cloud(tmp_path) as running, sdk(running) as client:
        file = await client.files.create(file=b"{}", purpose="user_data")
        with pytest.raises(openai.BadRequestError, match="upload it with 'batch'"):
            await client.batches.create(
                input_file_id=file.id, endpoint=CHAT, completion_window="24h"
            )


async def test_a_key_makes_batches_only_for_endpoints_that_it_is_for(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        key = running.make_key(Scope(endpoints=(Endpoint.BATCHES, Endpoint.FILES)))
        async with running.stranger(key) as client:
            form = {"file": as_input([chat_line("a")])}
            file = await client.post("/v1/files", data={"purpose": "batch"}, files=form)
            body = {"input_file_id": file.json()["id"], "endpoint": CHAT}
            reply = await client.post("/v1/batches", json={**body, "completion_window": "24h"})
    assert reply.status_code == 403


async def test_a_cancelled_batch_ends_what_runs_and_begins_no_more(tmp_path: Path):
    async with running_cloud(tmp_path) as running, sdk(running) as client:
        running.upstream.directive = Directive(tokens=10, delay_ms=30)
        made = await make_batch(running.client, [chat_line(str(n)) for n in range(200)])
        while (await client.batches.retrieve(made["id"])).status == "validating":
            pass
        asked = await client.batches.cancel(made["id"])
        assert asked.status == "cancelling"
        await running.cloud.batches.idle()
        done = await client.batches.retrieve(made["id"])
        answers = await results_of(running.client, done.output_file_id)
        again = await client.batches.cancel(made["id"])
    assert done.status == again.status == "cancelled"
    assert None not in (done.cancelling_at, done.cancelled_at)
    assert done.request_counts is not None
    assert len(answers) == done.request_counts.completed < 200
    assert len(running.upstream.produced.requests) == len(answers)


async def test_a_batch_that_has_ended_is_not_cancelled(tmp_path: Path):
    async with running_cloud(tmp_path) as running, sdk(running) as client:
        made = await make_batch(running.client, [chat_line("a")])
        await running.cloud.batches.idle()
        with pytest.raises(openai.ConflictError, match="completed already"):
            await client.batches.cancel(made["id"])


async def test_the_input_may_be_deleted_while_the_batch_runs(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        running.upstream.directive = Directive(tokens=5, delay_ms=20)
        made = await make_batch(running.client, [chat_line(str(n)) for n in range(40)])
        await running.client.delete(f"/v1/files/{made['input_file_id']}")
        await running.cloud.batches.idle()
        done = await batch_of(running.client, made["id"])
    assert done["request_counts"] == {"total": 40, "completed": 40, "failed": 0}


async def test_a_project_has_so_many_unfinished_batches_and_no_more(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        running.upstream.directive = Directive(first_ms=60_000)
        form = {"file": as_input([chat_line("a")])}
        file = await running.client.post("/v1/files", data={"purpose": "batch"}, files=form)
        body = {"input_file_id": file.json()["id"], "endpoint": CHAT, "completion_window": "24h"}
        for _ in range(MOST_UNFINISHED):
            assert (await running.client.post("/v1/batches", json=body)).status_code == 200
        reply = await running.client.post("/v1/batches", json=body)
        assert (reply.status_code, reply.json()["error"]["code"]) == (429, "too_many_batches")
        assert len(list((tmp_path / "batches").iterdir())) == MOST_UNFINISHED
        for batch in (await running.client.get("/v1/batches?limit=100")).json()["data"]:
            running.cloud.batches.cancel(batch["id"])


@pytest.mark.parametrize("id", ["batch_none", "%00", "..%2f..%2fetc", "é"])
async def test_a_batch_that_is_not_there_is_a_404(tmp_path: Path, id: str):
    async with running_cloud(tmp_path) as running:
        for reply in (
            await running.client.get(f"/v1/batches/{id}"),
            await running.client.post(f"/v1/batches/{id}/cancel"),
        ):
            assert reply.status_code == 404
            assert json.loads(reply.text)["error"]["type"] == "invalid_request_error"
