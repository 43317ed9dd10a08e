"""Metrics of requests: for Prometheus at `/metrics`, and by OpenTelemetry where one listens.

The same four histograms both ways, with the names and buckets of the GenAI conventions. Prometheus'
own client records in a tenth of the time, so OpenTelemetry's is asked only when an OTLP endpoint is
configured.
"""

from dataclasses import dataclass
from typing import Any

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from edgewise.cloud.ledger import Entry, Outcome

TOKENS = "gen_ai.client.token.usage"
DURATION = "gen_ai.server.request.duration"
VOICE_REFUSED = "edgewise_voice_refused"
FIRST_TOKEN = "gen_ai.server.time_to_first_token"
OPERATION, MODEL = "gen_ai.operation.name", "gen_ai.request.model"
TOKEN_TYPE, ERROR = "gen_ai.token.type", "error.type"
PROVIDER = "gen_ai.provider.name"
TOKEN_BUCKETS = tuple(4**power for power in range(14))
SECOND_BUCKETS = tuple(0.01 * 2**power for power in range(14))
FIRST_BUCKETS = (
    *(0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1),
    *(0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0),
)
CLOSE_S = 2.0
"""How long the end waits for a receiver; OpenTelemetry's own 30 s outlast a service's stop."""


class Metrics:
    """Records settled requests."""

    def __init__(self, resource: Resource, otlp_endpoint: str = "") -> None:
        self._registry = CollectorRegistry()
        self._tokens = self._histogram(TOKENS, TOKEN_BUCKETS, OPERATION, MODEL, TOKEN_TYPE)
        self._duration = self._histogram(DURATION, SECOND_BUCKETS, OPERATION, MODEL, ERROR)
        self._first = self._histogram(FIRST_TOKEN, FIRST_BUCKETS, OPERATION, MODEL)
        self._voice_refused = Counter(
            VOICE_REFUSED, "voice devices refused", ["code"], registry=self._registry
        )
        self._sent = _Sent(resource, otlp_endpoint) if otlp_endpoint else None
        self._of: dict[tuple[str, str], _Series] = {}

    def record(self, operation: str, entry: Entry, first_ms: float) -> None:
        """Record one request."""
        usage, model = entry.usage, entry.facts.model
        failed = "" if entry.outcome is Outcome.DONE else entry.outcome.value
        series = self._of.get((operation, model)) or self._series(operation, model)
        series.input.observe(usage.input_tokens)
        series.output.observe(usage.output_tokens)
        duration = self._duration.labels(operation, model, failed) if failed else series.duration
        duration.observe(entry.took_ms / 1000)
        if first_ms:
            series.first.observe(first_ms / 1000)
        if self._sent is not None:
            self._sent.record(operation, entry, failed, first_ms)

    def refuse_voice(self, code: str) -> None:
        """Count a voice device that was refused, by why: one of few codes of ours."""
        self._voice_refused.labels(code).inc()

    def exposition(self) -> bytes:
        """The metrics as Prometheus reads them."""
        return generate_latest(self._registry)

    def close(self) -> None:
        """Send what is left, within CLOSE_S."""
        if self._sent is not None:
            self._sent.close()

    def _series(self, operation: str, model: str) -> "_Series":
        """Looked up once: finding a series by its labels takes longer than counting in it."""
        made = self._of[operation, model] = _Series(
            self._tokens.labels(operation, model, "input"),
            self._tokens.labels(operation, model, "output"),
            self._duration.labels(operation, model, ""),
            self._first.labels(operation, model),
        )
        return made

    def _histogram(self, name: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        names = [label.replace(".", "_") for label in labels]
        plain = name.replace(".", "_")
        return Histogram(
            plain, f"{name} of settled requests", names, buckets=buckets, registry=self._registry
        )


@dataclass(frozen=True, slots=True)
class _Series:
    """The series of what one model did in one operation."""

    input: Histogram
    output: Histogram
    duration: Histogram
    first: Histogram


class _Sent:
    """The same by OpenTelemetry, sent to an endpoint."""

    def __init__(self, resource: Resource, endpoint: str) -> None:
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter

        exporter = OTLPMetricExporter(endpoint=f"{endpoint.rstrip('/')}/v1/metrics")
        reader = PeriodicExportingMetricReader(exporter)
        self._provider = MeterProvider([reader], resource, shutdown_on_exit=False)
        meter = self._provider.get_meter("edgewise.cloud")
        self._tokens = _made(meter, TOKENS, "{token}", TOKEN_BUCKETS)
        self._duration = _made(meter, DURATION, "s", SECOND_BUCKETS)
        self._first = _made(meter, FIRST_TOKEN, "s", FIRST_BUCKETS)

    def record(self, operation: str, entry: Entry, failed: str, first_ms: float) -> None:
        of = {OPERATION: operation, PROVIDER: "edgewise", MODEL: entry.facts.model}
        self._tokens.record(entry.usage.input_tokens, {**of, TOKEN_TYPE: "input"})
        self._tokens.record(entry.usage.output_tokens, {**of, TOKEN_TYPE: "output"})
        self._duration.record(entry.took_ms / 1000, {**of, ERROR: failed} if failed else of)
        if first_ms:
            self._first.record(first_ms / 1000, of)

    def close(self) -> None:
        self._provider.shutdown(CLOSE_S * 1000)


def _made(meter: Any, name: str, unit: str, buckets: tuple[float, ...]) -> Any:
    return meter.create_histogram(
        name, unit=unit, explicit_bucket_boundaries_advisory=list(buckets)
    )
