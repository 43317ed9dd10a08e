"""Spans and metrics reach an OTLP receiver whole, and a bad receiver changes nothing for anyone."""

import asyncio
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from opentelemetry.proto.metrics.v1.metrics_pb2 import AGGREGATION_TEMPORALITY_CUMULATIVE
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from edgewise.cloud.ledger import Entry, Outcome
from edgewise.cloud.metrics import CLOSE_S
from tests.cloud.otlp_receiver import OtlpReceiver, attributes_of, otlp_receiver
from tests.cloud.processes import processes
from tests.cloud.running import Running, running_cloud
from tests.cloud.waiting import until

CANARY = "the canary sings at dawn"
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
FAILING = '{"test": {"fail_after": 2, "tokens": 9}}'
SLACK_S = 2.0
"""For all that ends beside the telemetry, on a busy machine."""


@dataclass(frozen=True)
class Told:
    """What a receiver was told of four requests, and what the ledger entered for them."""

    receiver: OtlpReceiver
    entries: list[Entry]
    key: str
    answers: list[str]

    def span(self, number: int) -> Span:
        """The span of the request of that number."""
        wanted = self.entries[number].facts.id
        (found,) = [
            span
            for span in self.receiver.spans()
            if attributes_of(span.attributes)["edgewise.request.id"] == wanted
        ]
        return found


async def asked(running: Running, text: str = CANARY, flags: str = "", **fields: object) -> str:
    """The reply to one chat; with `flags`, it is part of the caller's trace."""
    body = {"model": "fake", "messages": [{"role": "user", "content": text}], **fields}
    headers = {"traceparent": f"00-{TRACE}-{PARENT}-{flags}"} if flags else {}
    answer = await running.client.post("/v1/chat/completions", json=body, headers=headers)
    await running.wait_until_idle()
    return answer.text


async def four_requests(folder: Path) -> Told:
    async with otlp_receiver() as receiver:
        async with running_cloud(folder, otlp_endpoint=receiver.address) as running:
            answers = [
                await asked(running),
                await asked(running, stream=True),
                await asked(running, f"{CANARY} {FAILING}"),
                await asked(running, stream=True, flags="01"),
            ]
            entries = list(running.cloud.ledger.recent)
            key = running.key
        return Told(receiver, entries, key, answers)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return asyncio.run(four_requests(tmp_path_factory.mktemp("otlp")))


WHOLE, STREAM, FAILED, TRACED = range(4)


def test_each_request_is_one_span_of_the_platform(told: Told):
    spans = told.receiver.spans()
    assert len(spans) == len(told.entries) == 4
    assert {span.name for span in spans} == {"chat fake"}
    assert {span.kind for span in spans} == {Span.SPAN_KIND_SERVER}
    for resource in told.receiver.resources():
        assert attributes_of(resource.attributes)["service.name"] == "edgewise-cloud"
    for span, entry in zip(spans, told.entries, strict=True):
        took_ms = (span.end_time_unix_nano - span.start_time_unix_nano) / 1e6
        assert took_ms == pytest.approx(entry.took_ms, abs=50)


@pytest.mark.parametrize("number", [WHOLE, STREAM, FAILED, TRACED])
def test_a_span_has_the_names_and_the_counts_of_the_ledger(told: Told, number: int):
    entry = told.entries[number]
    found = attributes_of(told.span(number).attributes)
    error = {"error.type": "upstream_broken"} if number == FAILED else {}
    assert found == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "edgewise",
        "gen_ai.request.model": "fake",
        "gen_ai.response.model": "fake",
        "gen_ai.usage.input_tokens": entry.usage.input_tokens,
        "gen_ai.usage.output_tokens": entry.usage.output_tokens,
        "gen_ai.usage.cache_read.input_tokens": entry.usage.cached_tokens,
        "gen_ai.usage.reasoning.output_tokens": entry.usage.reasoning_tokens,
        "edgewise.request.id": entry.facts.id,
        "edgewise.project.id": entry.facts.project,
        "edgewise.key.id": entry.facts.key,
        "edgewise.backend": "up",
        "edgewise.outcome": entry.outcome.value,
        **error,
    }
    assert entry.usage.input_tokens > 0
    assert entry.usage.output_tokens > 0


def test_a_failed_request_alone_has_the_status_of_an_error(told: Told):
    failed = [told.span(number).status.code == Status.STATUS_CODE_ERROR for number in range(4)]
    assert failed == [False, False, True, False]
    assert told.entries[FAILED].outcome is Outcome.FAILED


def test_a_callers_trace_goes_on_and_others_begin_their_own(told: Told):
    traced = told.span(TRACED)
    assert (traced.trace_id.hex(), traced.parent_span_id.hex()) == (TRACE, PARENT)
    others = [told.span(number) for number in (WHOLE, STREAM, FAILED)]
    assert not any(span.parent_span_id for span in others)
    assert len({span.trace_id for span in [traced, *others]}) == 4
    assert len({span.span_id for span in [traced, *others]}) == 4


def test_the_token_histogram_sums_what_the_ledger_entered(told: Told):
    metric = told.receiver.metrics()["gen_ai.client.token.usage"]
    assert metric.unit == "{token}"
    assert metric.histogram.aggregation_temporality == AGGREGATION_TEMPORALITY_CUMULATIVE
    sums: dict[object, float] = {}
    for point in metric.histogram.data_points:
        of = attributes_of(point.attributes)
        sums[of.pop("gen_ai.token.type")] = point.sum
        assert of == {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "edgewise",
            "gen_ai.request.model": "fake",
        }
        assert point.count == 4
        assert list(point.explicit_bounds) == [4**power for power in range(14)]
    usages = [entry.usage for entry in told.entries]
    assert sums == {
        "input": sum(usage.input_tokens for usage in usages),
        "output": sum(usage.output_tokens for usage in usages),
    }


def test_the_duration_histogram_tells_failures_apart(told: Told):
    name = "gen_ai.server.request.duration"
    assert told.receiver.metrics()[name].unit == "s"
    counts: dict[object, int] = {}
    for point in told.receiver.points(name):
        of = attributes_of(point.attributes)
        counts[of.pop("error.type", "")] = point.count
        assert of["gen_ai.provider.name"] == "edgewise"
        assert point.explicit_bounds[0] == 0.01
        assert point.explicit_bounds[-1] == 81.92
    assert counts == {"": 3, "failed": 1}
    whole_s = sum(point.sum for point in told.receiver.points(name))
    assert whole_s == pytest.approx(sum(entry.took_ms for entry in told.entries) / 1000)


def test_the_first_token_has_the_buckets_of_the_conventions(told: Told):
    name = "gen_ai.server.time_to_first_token"
    assert told.receiver.metrics()[name].unit == "s"
    (point,) = told.receiver.points(name)
    assert point.count == 4
    assert 0 < point.sum <= sum(entry.took_ms for entry in told.entries) / 1000
    bounds = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1]
    assert list(point.explicit_bounds) == [*bounds, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0]


def test_nothing_that_was_said_and_no_key_is_in_the_bytes_sent(told: Told):
    assert all(word in told.answers[STREAM] for word in CANARY.split())
    raw = told.receiver.raw
    assert told.entries[WHOLE].facts.key.encode() in raw
    hidden = [told.key, CANARY, *(word for word in CANARY.split() if len(word) > 3)]
    assert not [one for one in hidden if one.encode() in raw]


async def test_a_caller_that_does_not_sample_is_counted_but_not_traced(tmp_path: Path):
    async with otlp_receiver() as receiver:
        async with running_cloud(tmp_path, otlp_endpoint=receiver.address) as running:
            await asked(running, flags="00")
        assert receiver.spans() == []
        assert [point.count for point in receiver.points("gen_ai.server.request.duration")] == [1]


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sends while requests run, by OpenTelemetry's own settings; else every 5 and 60 s."""
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "10")
    monkeypatch.setenv("OTEL_METRIC_EXPORT_INTERVAL", "10")


def slow(kind: str) -> object:
    return pytest.param(kind, marks=pytest.mark.slow)  # each waits for CLOSE_S


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("kind", [slow("away"), slow("busy"), "silent"])
async def test_a_bad_receiver_costs_requests_nothing_and_the_end_little(tmp_path: Path, kind: str):
    async with otlp_receiver("503 Service Unavailable") as receiver:
        endpoint = f"http://127.0.0.1:{free_port()}" if kind == "away" else receiver.address
        if kind == "silent":
            receiver.door.answers.clear()
        async with running_cloud(tmp_path, otlp_endpoint=endpoint) as running:
            await asked(running)
            if kind != "away":
                await until(lambda: len(receiver.door.bodies) >= 2)  # of spans and of metrics
            await asked(running, stream=True)
            entries = list(running.cloud.ledger.recent)
            began = time.monotonic()
        assert time.monotonic() - began < CLOSE_S + SLACK_S
    assert [entry.outcome for entry in entries] == [Outcome.DONE, Outcome.DONE]
    assert max(entry.took_ms for entry in entries) < 1000


SETTINGS = """\
otlp_endpoint = "{receiver}"
[[backend]]
name = "up"
url = "{upstream}/v1"
[[model]]
name = "fake"
[[model.routes]]
backend = "up"
"""


@pytest.mark.slow
async def test_a_platform_ends_at_once_though_its_receiver_is_silent(tmp_path: Path):
    async with otlp_receiver() as receiver:
        receiver.door.answers.clear()
        with processes(tmp_path) as started:
            upstream = await started.upstream()
            settings = SETTINGS.format(receiver=receiver.address, upstream=upstream.address)
            (tmp_path / "cloud.toml").write_text(settings, "utf-8")
            platform = await started.platform(tmp_path)
            body = {"model": "fake", "messages": [{"role": "user", "content": CANARY}]}
            headers = {"Authorization": f"Bearer {platform.first['key']}"}
            async with httpx.AsyncClient(base_url=platform.address, trust_env=False) as client:
                said = await client.post("/v1/chat/completions", json=body, headers=headers)
            assert said.status_code == 200
            began = time.monotonic()
            assert await platform.end(signal.SIGTERM) == 0, platform.log.read_text()
            assert time.monotonic() - began < CLOSE_S + SLACK_S
        assert receiver.door.bodies


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]
