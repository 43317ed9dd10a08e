"""A Driver over kuksa.val.v2: a real car (or our `kuksa_server`) behind a KUKSA databroker.

A subscription keeps current values in memory, so that reading costs no round trip; each reading is
as old as the broker's own timestamp says, so a silent sensor goes stale by itself. Writes go out
as Actuate or BatchActuate, which only forwards: whether the car moved is seen by reading back.

What this car's table closes stays closed here too, and an actuator that the table does not know is
not on the allow-list. Source: kuksa.val.v2 `val.proto` (Eclipse KUKSA, Apache-2.0).
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from types import TracebackType
from typing import Any, NoReturn, Self

from msgspec.structs import replace

from edgewise.core.call import Effect
from edgewise.core.clock import Clock, SystemClock
from edgewise.core.signal import JsonValue, Reading
from edgewise.device.vehicle.kuksa_values import (
    LENGTH_LIMIT_BYTES,
    Stubs,
    fill_value,
    load_stubs,
    plain_value,
    signal_of,
)
from edgewise.device.vehicle.signals import Signal, SignalKind, check_write, load_signals
from edgewise.errors import DeviceError, LinkError, UserError

log = logging.getLogger(__name__)

FIRST_RETRY_S, LONGEST_RETRY_S = 0.2, 5.0

_CODES: Mapping[str, str] = {
    "NOT_FOUND": "unknown_target",
    "UNAVAILABLE": "no_provider",
    "DEADLINE_EXCEEDED": "timed_out",
    "INVALID_ARGUMENT": "out_of_range",
    "PERMISSION_DENIED": "refused",
    "UNAUTHENTICATED": "refused",
    "FAILED_PRECONDITION": "refused",
}
_OWN_CODES = ("not_writable", "wrong_type", "out_of_range", "refused", "no_provider")


async def connect(address: str, *, token: str | None = None) -> "KuksaDriver":
    """A started driver for the databroker at `host:port`.

    Raises UserError for an address without a port or a missing extra, LinkError when nobody answers
    there.
    """
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise UserError(
            f"a databroker's address is host:port, such as 127.0.0.1:55555, not {address!r}"
        )
    driver = KuksaDriver(address, token=token)
    await driver.start()
    return driver


class KuksaDriver:
    """`async with KuksaDriver("127.0.0.1:55555", token=...) as vehicle:` (`act.driver.Driver`)."""

    prefix = "Vehicle"
    receipts_only: tuple[str, ...] = ()

    def __init__(
        self,
        address: str,
        *,
        token: str | None = None,
        root_certificates: bytes | None = None,
        clock: Clock | None = None,
        timeout_s: float = 2.0,
    ) -> None:
        """`root_certificates` (PEM) makes the connection TLS; without it, loopback only is wise."""
        self.signals: Mapping[str, Signal] = {}
        self._address = address
        self._metadata = (("authorization", f"Bearer {token}"),) if token else ()
        self._certificates = root_certificates
        self._clock: Clock = clock or SystemClock()
        self._timeout_s = timeout_s
        self._stubs: Stubs | None = None
        self._channel: Any = None
        self._service: Any = None
        self._keeper: asyncio.Task[None] | None = None
        self._values: dict[str, Reading] = {}
        self._watchers: set[asyncio.Event] = set()
        self._filled = asyncio.Event()

    async def start(self) -> None:
        """Connect, list what the car has, and read all of it once.

        Raises LinkError when the broker does not answer in time or does not let us in.
        """
        self._stubs = load_stubs()
        options = [
            ("grpc.max_receive_message_length", LENGTH_LIMIT_BYTES),
            # a broker that comes back is found again within seconds; one that vanished is noticed
            ("grpc.max_reconnect_backoff_ms", 1_000),
            ("grpc.keepalive_time_ms", 10_000),
        ]
        if self._certificates is None:
            self._channel = self._stubs.aio.insecure_channel(self._address, options)
        else:
            credentials = self._stubs.grpc.ssl_channel_credentials(self._certificates)
            self._channel = self._stubs.aio.secure_channel(self._address, credentials, options)
        self._service = self._stubs.rpc.VALStub(self._channel)
        try:
            await self._list(self._stubs)
            self._keeper = asyncio.create_task(self._keep(self._stubs))
            async with asyncio.timeout(self._timeout_s):
                await self._filled.wait()
        except (self._stubs.aio.AioRpcError, TimeoutError) as error:
            await self.close()
            raise LinkError(f"the databroker at {self._address} {_why(error)}") from error

    async def close(self) -> None:
        """End the subscription and the connection."""
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None
        if self._channel is not None:
            await self._channel.close()
            self._channel = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def read(self, targets: Sequence[str]) -> dict[str, Reading]:
        """The latest readings received; their age is the broker's."""
        return self._pick(targets)

    async def write(self, effects: Sequence[Effect]) -> dict[str, JsonValue]:
        """Forward all or nothing. Raises DeviceError with the codes of `act.driver.Driver`."""
        checked = [(effect.target, self._checked(effect)) for effect in effects]
        if not checked:
            return {}
        stubs = self._connected()
        requests = [self._request(stubs, path, value) for path, value in checked]
        try:
            if len(requests) == 1:
                await self._service.Actuate(requests[0], **self._call())
            else:
                batch = stubs.val.BatchActuateRequest(actuate_requests=requests)
                await self._service.BatchActuate(batch, **self._call())
        except stubs.aio.AioRpcError as error:
            _raise_for(error)
        return {}

    async def watch(self, targets: Sequence[str]) -> AsyncIterator[dict[str, Reading]]:
        """Current readings first, then each change of a value."""
        wake = asyncio.Event()
        self._watchers.add(wake)
        try:
            sent = self._pick(targets)
            yield dict(sent)
            while True:
                await wake.wait()
                wake.clear()
                current = self._pick(targets)
                changes = {
                    path: reading
                    for path, reading in current.items()
                    if path not in sent or sent[path].value != reading.value
                }
                gone = {
                    path: Reading(None, self._clock.monotonic()) for path in sent.keys() - current
                }
                sent = current
                if changes or gone:
                    yield changes | gone
        finally:
            self._watchers.discard(wake)

    def _pick(self, targets: Sequence[str]) -> dict[str, Reading]:
        if self.prefix in targets:
            return dict(self._values)
        return {
            path: reading
            for path, reading in self._values.items()
            if any(path == target or path.startswith(target + ".") for target in targets)
        }

    def _checked(self, effect: Effect) -> JsonValue:
        signal = self.signals.get(effect.target)
        if signal is None:
            raise DeviceError(f"this car has no signal {effect.target}", code="unknown_target")
        return check_write(signal, effect.value)

    def _request(self, stubs: Stubs, path: str, value: JsonValue) -> Any:
        request = stubs.val.ActuateRequest(signal_id=stubs.types.SignalID(path=path))
        if value is not None:
            fill_value(request.value, self.signals[path].datatype, value)
        return request

    def _call(self) -> dict[str, Any]:
        return {"timeout": self._timeout_s, "metadata": self._metadata}

    def _connected(self) -> Stubs:
        if self._stubs is None or self._channel is None:
            raise DeviceError(f"not connected to {self._address}", code="no_provider")
        return self._stubs

    async def _list(self, stubs: Stubs) -> None:
        request = stubs.val.ListMetadataRequest(root=self.prefix)
        answer = await self._service.ListMetadata(request, **self._call())
        rows = (signal_of(metadata, stubs) for metadata in answer.metadata)
        ours = load_signals()
        self.signals = {row.path: _guarded(row, ours.get(row.path)) for row in rows if row}

    async def _keep(self, stubs: Stubs) -> None:
        """Hold the subscription; after a loss try again, slower each time."""
        retry_s = FIRST_RETRY_S
        while True:
            try:
                request = stubs.val.SubscribeRequest(signal_paths=list(self.signals))
                stream = self._service.Subscribe(request, metadata=self._metadata)
                async for answer in stream:
                    retry_s = FIRST_RETRY_S
                    self._take(answer.entries)
            except stubs.aio.AioRpcError as error:
                log.warning("databroker at %s: %s", self._address, _why(error))
            await asyncio.sleep(retry_s)
            retry_s = min(LONGEST_RETRY_S, retry_s * 2)
            with contextlib.suppress(stubs.aio.AioRpcError):
                await self._list(stubs)

    def _take(self, entries: Mapping[str, Any]) -> None:
        now, wall = self._clock.monotonic(), self._clock.now()
        for path, point in entries.items():
            value = plain_value(point.value)
            if value is None:
                self._values.pop(path, None)
                continue
            # a clock ahead of ours never makes a value younger than now
            taken = point.timestamp.ToNanoseconds() / 1e9
            self._values[path] = Reading(value, now - max(0.0, wall - taken))
        self._filled.set()
        for wake in self._watchers:
            wake.set()


def _guarded(row: Signal, ours: Signal | None) -> Signal:
    """The car's own row, closed where our table closes it or does not know it."""
    if row.kind is not SignalKind.ACTUATOR:
        return row
    if ours is None or ours.kind is not SignalKind.ACTUATOR:
        return replace(row, kind=SignalKind.CLOSED)
    return replace(row, only=ours.only, pattern=ours.pattern, optional=ours.optional)


def _raise_for(error: Any) -> NoReturn:
    details = error.details() or ""
    own, colon, text = details.partition(": ")
    if colon and own in _OWN_CODES:
        raise DeviceError(text, code=own) from error
    code = _CODES.get(error.code().name, "refused")
    raise DeviceError(details or error.code().name, code=code) from error


def _why(error: Any) -> str:
    if isinstance(error, TimeoutError):
        return "sent no values in time"
    return f"answered {error.code().name}: {error.details()}"
