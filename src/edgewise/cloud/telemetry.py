"""Traces and metrics of requests by the GenAI conventions of OpenTelemetry.

Names are those of `open-telemetry/semantic-conventions-genai`, all still in development; they stand
in this file alone. No prompt and no answer is in any of them, and no key: a caller is told by the
ids of its project and key. Spans go to an OTLP endpoint when one is configured, and the newest are
kept for the console; metrics can be read at `/metrics` and go the same way. How a request ended is
noted in the log of requests too (`request_log.py`).
"""

import random
import time
from collections import deque
from threading import Thread
from typing import Any

from msgspec import Struct
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

import edgewise
from edgewise.cloud.exchange import Admission
from edgewise.cloud.ledger import Entry, Outcome
from edgewise.cloud.metrics import CLOSE_S, Metrics
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


class Trace(Struct, frozen=True):
    """One kept span: ids in hex, times in wall seconds and milliseconds."""

    trace_id: str
    span_id: str
    name: str
    started: float
    took_ms: float
    ok: bool
    attributes: dict[str, Any]


class Telemetry:
    """The watcher of a gateway (see `gateway.Watcher`). A request is noted when it has ended; what
    its span says is written out when somebody asks, or sends it."""

    def __init__(self, otlp_endpoint: str = "", log: RequestLog | None = None) -> None:
        resource = Resource.create(
            {"service.name": "edgewise-cloud", "service.version": edgewise.__version__}
        )
        self._kept: deque[tuple[Entry, str, str]] = deque(maxlen=KEPT_SPANS)
        self._sender = _Sender(resource, otlp_endpoint) if otlp_endpoint else None
        self._metrics = Metrics(resource, otlp_endpoint)
        self._log = log

    def begin(self, admission: Admission) -> None:
        """A request was let in."""
        admission.on_end = self._end

    def refuse_voice(self, code: str) -> None:
        """A voice device was refused."""
        self._metrics.refuse_voice(code)

    def exposition(self) -> bytes:
        """The metrics as Prometheus reads them."""
        return self._metrics.exposition()

    def traces(self) -> list[Trace]:
        """The newest spans, newest first."""
        return [_trace_of(*kept) for kept in reversed(self._kept)]

    def close(self) -> None:
        """Send what is left; what a receiver does not take within CLOSE_S is lost."""
        ends = time.monotonic() + CLOSE_S
        sending = None
        if self._sender is not None:  # no limit can be told to it
            sending = Thread(target=self._sender.close, daemon=True)
            sending.start()
        self._metrics.close()
        if sending is not None:
            sending.join(max(0.0, ends - time.monotonic()))

    def _end(self, admission: Admission, entry: Entry) -> None:
        if self._sender is not None:
            ids = self._sender.send(entry)
        else:  # random as the W3C's trace context wants ids, in the form that it writes them
            trace = entry.facts.trace[3:35] or f"{random.getrandbits(128):032x}"
            ids = trace, f"{random.getrandbits(64):016x}"
        self._kept.append((entry, *ids))
        self._metrics.record(operation_of(entry), entry, admission.first_ms)
        if self._log is not None:
            self._log.note(entry, admission.first_ms, admission.content)


class _Sender:
    """Sends spans to an OTLP endpoint by OpenTelemetry's own means."""

    def __init__(self, resource: Resource, endpoint: str) -> None:
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(_span_exporter(endpoint)))
        self._tracer = self._provider.get_tracer("edgewise.cloud")
        self._propagator = TraceContextTextMapPropagator()

    def send(self, entry: Entry) -> tuple[str, str]:
        """Send the span of a request that has ended; its ids."""
        parent = Context()
        if entry.facts.trace:
            parent = self._propagator.extract({"traceparent": entry.facts.trace}, parent)
        began_ns = int(entry.facts.started * 1e9)
        span = self._tracer.start_span(
            _name_of(entry), parent, SpanKind.SERVER, _attributes_of(entry), start_time=began_ns
        )
        if entry.outcome is not Outcome.DONE:
            span.set_status(Status(StatusCode.ERROR))
        span.end(began_ns + int(entry.took_ms * 1e6))
        context = span.get_span_context()
        return f"{context.trace_id:032x}", f"{context.span_id:016x}"

    def close(self) -> None:
        self._provider.shutdown()


def operation_of(entry: Entry) -> str:
    """The convention's name of what was asked for."""
    return OPERATION.get(entry.facts.endpoint, entry.facts.endpoint)


def _name_of(entry: Entry) -> str:
    return f"{operation_of(entry)} {entry.facts.model}"


def _attributes_of(entry: Entry) -> dict[str, str | int]:
    facts, usage = entry.facts, entry.usage
    found: dict[str, str | int] = {
        "gen_ai.operation.name": operation_of(entry),
        "gen_ai.provider.name": "edgewise",
        "gen_ai.request.model": facts.model,
        "gen_ai.response.model": facts.backend_model,
        "gen_ai.usage.input_tokens": usage.input_tokens,
        "gen_ai.usage.output_tokens": usage.output_tokens,
        "gen_ai.usage.cache_read.input_tokens": usage.cached_tokens,
        "gen_ai.usage.reasoning.output_tokens": usage.reasoning_tokens,
        "edgewise.request.id": facts.id,
        "edgewise.project.id": facts.project,
        "edgewise.key.id": facts.key,
        "edgewise.backend": facts.backend,
        "edgewise.outcome": entry.outcome.value,
    }
    if entry.outcome is not Outcome.DONE:
        found["error.type"] = entry.detail or entry.outcome.value
    return found


def _trace_of(entry: Entry, trace_id: str, span_id: str) -> Trace:
    return Trace(
        trace_id,
        span_id,
        _name_of(entry),
        entry.facts.started,
        entry.took_ms,
        entry.outcome is Outcome.DONE,
        _attributes_of(entry),
    )


def _span_exporter(endpoint: str) -> Any:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
