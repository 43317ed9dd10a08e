"""An OTLP/HTTP receiver on loopback: keeps what it is sent, and decodes it by OpenTelemetry's own
protocol. `answers` and `status` say how it behaves: at once, never, or with an error."""

from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import asynccontextmanager

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.metrics.v1.metrics_pb2 import HistogramDataPoint, Metric, ResourceMetrics
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span

from tests.cloud.strange_upstream import StrangeUpstream, reply, strange_upstream

TRACES, METRICS = b"POST /v1/traces ", b"POST /v1/metrics "
PROTOBUF = "application/x-protobuf"


class OtlpReceiver:
    """What came to one receiver."""

    def __init__(self, door: StrangeUpstream) -> None:
        self.door = door

    @property
    def address(self) -> str:
        return self.door.address

    @property
    def raw(self) -> bytes:
        """Every byte that came."""
        return b"\n".join([*self.door.heads, *self.door.bodies])

    def resources(self) -> list[Resource]:
        """Who sent the spans and the metrics."""
        return [part.resource for part in [*self._traces(), *self._metrics()]]

    def spans(self) -> list[Span]:
        """All spans, in the order in which they began."""
        found = [
            span for part in self._traces() for scope in part.scope_spans for span in scope.spans
        ]
        return sorted(found, key=lambda span: span.start_time_unix_nano)

    def metrics(self) -> dict[str, Metric]:
        """The newest of each metric by its name; they are sums since the start."""
        return {
            metric.name: metric
            for part in self._metrics()
            for scope in part.scope_metrics
            for metric in scope.metrics
        }

    def points(self, name: str) -> list[HistogramDataPoint]:
        """The newest points of a histogram."""
        return list(self.metrics()[name].histogram.data_points)

    def _traces(self) -> list[ResourceSpans]:
        return [
            part
            for body in self._sent(TRACES)
            for part in ExportTraceServiceRequest.FromString(body).resource_spans
        ]

    def _metrics(self) -> list[ResourceMetrics]:
        return [
            part
            for body in self._sent(METRICS)
            for part in ExportMetricsServiceRequest.FromString(body).resource_metrics
        ]

    def _sent(self, start: bytes) -> Iterator[bytes]:
        for head, body in zip(self.door.heads, self.door.bodies, strict=True):
            if head.startswith(start):
                assert PROTOBUF.encode() in head.lower()
                yield body


def attributes_of(holder: Iterable[KeyValue]) -> dict[str, str | int]:
    """Attributes as they were set: texts and whole numbers, nothing else is sent."""
    found: dict[str, str | int] = {}
    for pair in holder:
        kind = pair.value.WhichOneof("value")
        assert kind in ("string_value", "int_value"), pair
        found[pair.key] = getattr(pair.value, kind)
    return found


@asynccontextmanager
async def otlp_receiver(status: str = "200 OK") -> AsyncGenerator[OtlpReceiver]:
    """A receiver that answers with `status`, unless `door.answers` is cleared."""
    answer = reply(b"", kind=PROTOBUF, status=status)
    async with strange_upstream(lambda *_: answer) as door:
        try:
            yield OtlpReceiver(door)
        finally:
            door.answers.set()
