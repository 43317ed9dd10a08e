"""Traces and metrics tell who used how much, by the conventions, and nothing that was said."""

import logging
from pathlib import Path

import pytest

from tests.cloud.running import Running, running_cloud

CANARY = "the canary sings at dawn"


async def asked(running: Running, **fields: object) -> None:
    say = {"model": "fake", "messages": [{"role": "user", "content": CANARY}], **fields}
    await running.client.post("/v1/chat/completions", json=say)
    await running.wait_until_idle()


async def test_a_request_is_a_span_with_the_names_of_the_conventions(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        await asked(running)
        (trace,) = running.cloud.telemetry.traces()
        entry = running.cloud.ledger.recent[-1]
        assert trace.name == "chat fake"
        assert trace.ok
        assert trace.attributes["gen_ai.operation.name"] == "chat"
        assert trace.attributes["gen_ai.usage.output_tokens"] == entry.usage.output_tokens > 0
        assert trace.attributes["edgewise.request.id"] == entry.facts.id


async def test_a_callers_trace_is_gone_on_with(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        running.client.headers["traceparent"] = parent
        await asked(running)
        assert running.cloud.telemetry.traces()[0].trace_id == parent.split("-")[1]


async def test_a_failed_request_is_an_error_with_its_kind(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        failing = '{"test": {"fail_after": 2, "tokens": 9}}'
        await asked(running, messages=[{"role": "user", "content": failing}])
        (trace,) = running.cloud.telemetry.traces()
        assert not trace.ok
        assert trace.attributes["error.type"] == "upstream_broken"


async def test_nothing_that_was_said_and_no_key_is_in_any_of_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    async with running_cloud(tmp_path) as running:
        await asked(running)
        told = str(running.cloud.telemetry.traces()) + running.cloud.telemetry.exposition().decode()
        assert "proj_" in told
        for hidden in (CANARY, running.key):
            assert hidden not in told
            assert hidden not in caplog.text
