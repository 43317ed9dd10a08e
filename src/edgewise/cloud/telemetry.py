"""Traces and metrics of requests by the GenAI conventions of OpenTelemetry.

Names are those of `open-telemetry/semantic-conventions-genai`, all still in development; they stand
in this file alone. No prompt and no answer is in any of them, and no key: a caller is told by the
ids of its project and key. Spans go to an OTLP endpoint when one is configured, and the newest are
kept for the console; metrics can be read at `/metrics` and go the same way. How a request ended is
noted in the log of requests too (`request_log.py`).
"""

from collections import deque
from typing import Any

from msgspec import Struct
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

import edgewise
from edgewise.cloud.exchange import Admission
from edgewise.cloud.ledger import Entry, Outcome
from edgewise.cloud.metrics import Metrics
from edgewise.cloud.request_log import RequestLog

KEPT_SPANS = 500
OPERATION = {
    "chat": "chat",
    "responses": "chat",
    "messages": "chat",
    "batches": "chat",
    "agent": "invoke_agent",
    "embeddings": "embeddings",
}
_nowhere = Context()


class Trace(Struct, frozen=True):
    """One kept span: ids in hex, times in wall seconds and milliseconds."""

    trace_id: str
    span_id: str
    name: str
    started: float
    took_ms: float
    ok: bool
    attributes: dict[str, Any]


class _Kept(SpanProcessor):
    """Keeps the newest spans in memory."""

    def __init__(self) -> None:
        self.spans: deque[ReadableSpan] = deque(maxlen=KEPT_SPANS)

    def on_end(self, span: ReadableSpan) -> None:
        self.spans.append(span)


class Telemetry:
    """The watcher of a gateway (see `gateway.Watcher`)."""

    def __init__(self, otlp_endpoint: str = "", log: RequestLog | None = None) -> None:
        resource = Resource.create(
            {"service.name": "edgewise-cloud", "service.version": edgewise.__version__}
        )
        self._kept = _Kept()
        self._tracing = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._tracing.add_span_processor(self._kept)
        if otlp_endpoint:
            self._tracing.add_span_processor(BatchSpanProcessor(_span_exporter(otlp_endpoint)))
        self._tracer = self._tracing.get_tracer("edgewise.cloud")
        self._metrics = Metrics(resource, otlp_endpoint)
        self._log = log
        self._propagator = TraceContextTextMapPropagator()

    def begin(self, admission: Admission) -> None:
        """A request was let in: its span begins."""
        facts = admission.flight.facts
        operation = OPERATION.get(facts.endpoint, facts.endpoint)
        parent = _nowhere
        if facts.trace:
            parent = self._propagator.extract({"traceparent": facts.trace}, _nowhere)
        span = self._tracer.start_span(
            f"{operation} {facts.model}",
            parent,
            SpanKind.SERVER,
            {
                "gen_ai.operation.name": operation,
                "gen_ai.provider.name": "edgewise",
                "gen_ai.request.model": facts.model,
                "edgewise.request.id": facts.id,
                "edgewise.project.id": facts.project,
                "edgewise.key.id": facts.key,
            },
        )

        def end(entry: Entry) -> None:
            _end(span, entry)
            self._metrics.record(operation, entry, admission.first_ms)
            if self._log is not None:
                self._log.note(entry, admission.first_ms, admission.content)

        admission.on_end = end

    def exposition(self) -> bytes:
        """The metrics as Prometheus reads them."""
        return self._metrics.exposition()

    def traces(self) -> list[Trace]:
        """The newest spans, newest first."""
        return [_trace_of(span) for span in reversed(self._kept.spans)]

    def close(self) -> None:
        """Send what is left."""
        self._tracing.shutdown()
        self._metrics.close()


def _end(span: Span, entry: Entry) -> None:
    """The span ends with what the request used and how it went."""
    usage = entry.usage
    span.set_attributes(
        {
            "gen_ai.response.model": entry.facts.backend_model,
            "gen_ai.usage.input_tokens": usage.input_tokens,
            "gen_ai.usage.output_tokens": usage.output_tokens,
            "gen_ai.usage.cache_read.input_tokens": usage.cached_tokens,
            "gen_ai.usage.reasoning.output_tokens": usage.reasoning_tokens,
            "edgewise.backend": entry.facts.backend,
            "edgewise.outcome": entry.outcome.value,
        }
    )
    if entry.outcome is not Outcome.DONE:
        span.set_attribute("error.type", entry.detail or entry.outcome.value)
        span.set_status(Status(StatusCode.ERROR))
    span.end()


def _trace_of(span: ReadableSpan) -> Trace:
    context = span.get_span_context()
    started, ended = span.start_time or 0, span.end_time or 0
    return Trace(
        f"{context.trace_id:032x}" if context else "",
        f"{context.span_id:016x}" if context else "",
        span.name,
        started / 1e9,
        round((ended - started) / 1e6, 3),
        span.status.status_code is not StatusCode.ERROR,
        dict(span.attributes or {}),
    )


def _span_exporter(endpoint: str) -> Any:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
