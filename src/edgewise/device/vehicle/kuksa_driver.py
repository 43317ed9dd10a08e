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
from edgewise.core.words import Words
from edgewise.device.vehicle.kuksa_aims import Aims
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
KNOWN_S = 1.0
"""A moving motor's position that the car told longer ago may be anywhere by now."""

_CODES: Mapping[str, str] = {
    "NOT_FOUND": "unknown_target",
    "UNAVAILABLE": "no_provider",
    "DEADLINE_EXCEEDED": "timed_out",
    "INVALID_ARGUMENT": "out_of_range",
    "PERMISSION_DENIED": "refused",
    "UNAUTHENTICATED": "refused",
    "FAILED_PRECONDITION": "refused",
}
_REFUSALS = frozenset(
    {"NOT_FOUND", "INVALID_ARGUMENT", "PERMISSION_DENIED", "UNAUTHENTICATED", "FAILED_PRECONDITION"}
)
"""Answers that say that nothing was written; after any other a motor may be moving."""
_OWN_CODES = ("not_writable", "wrong_type", "out_of_range", "refused", "no_provider")


async def connect(address: str, *, token: str | None = None) -> "KuksaDriver":
    """A driver for the databroker at `host:port`, whether it answers yet or not (`away`).

    Raises UserError for an address without a port or a missing extra.
    """
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise UserError(
            f"a databroker's address is host:port, such as 127.0.0.1:55555, not {address!r}"
        )
    driver = KuksaDriver(address, token=token)
    await driver.begin()
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
        self._aims = Aims(load_signals())
        self._settling: asyncio.TimerHandle | None = None
        self._why_away = "was not asked yet"
        self._told = asyncio.Event()

    @property
    def away(self) -> Words | None:
        """What is wrong while the broker does not tell us the car's values."""
        if not self._why_away:
            return None
        where, why = self._address, self._why_away
        return Words(
            f"The car does not answer: the databroker at {where} {why}.",
            f"车辆没有响应：位于 {where} 的数据代理不可用（{why}）。",
        )

    async def start(self) -> None:
        """Connect, list what the car has, and read all of it once.

        Raises LinkError when the broker does not answer in time or does not let us in.
        """
        await self.begin()
        if why := self._why_away:
            await self.close()
            raise LinkError(f"the databroker at {self._address} {why}")

    async def begin(self) -> None:
        """Connect now or, when the broker is away, as soon as it is there; `away` says which."""
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
        self._why_away = "sent no values in time"
        self._keeper = asyncio.create_task(self._keep(self._stubs))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._timeout_s):
                await self._told.wait()

    async def close(self) -> None:
        """End the subscription and the connection. Who is cancelled meanwhile stays so."""
        if self._settling is not None:
            self._settling.cancel()
        keeper, self._keeper = self._keeper, None
        channel, self._channel = self._channel, None
        try:
            if keeper is not None:
                keeper.cancel()
                await asyncio.wait([keeper])
        finally:
            if channel is not None:
                await channel.close()

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
        """The latest readings received; their age is the broker's. None while it is away."""
        return self._pick(targets)

    async def write(self, effects: Sequence[Effect]) -> dict[str, JsonValue]:
        """Forward all or nothing. Raises DeviceError with the codes of `act.driver.Driver`."""
        stubs = self._connected()
        checked = [(effect.target, self._checked(effect)) for effect in effects]
        if not checked:
            return {}
        requests = [self._request(stubs, path, value) for path, value in checked]
        # Noted first: who is cut off while he waits for the answer may have set a motor going.
        places, now = self._places(), self._clock.monotonic()
        before = [self._aims.sent(path, value, places, now) for path, value in checked]
        try:
            if len(requests) == 1:
                await self._service.Actuate(requests[0], **self._call())
            else:
                batch = stubs.val.BatchActuateRequest(actuate_requests=requests)
                await self._service.BatchActuate(batch, **self._call())
        except stubs.aio.AioRpcError as error:
            if error.code().name in _REFUSALS:
                self._aims.put_back(reversed(before))
            _raise_for(error)
        finally:
            self._wake()
        return {}

    async def hold(self, targets: Sequence[str]) -> None:
        """Stop the motors of `targets` (`act.driver.Holding`).

        kuksa.val has no hold. Where the car has a switch beside the position, it is let go
        (INACTIVE); elsewhere the position that the broker tells at this moment is written, which
        may be a step behind, and never one that is older than `KNOWN_S`.
        """
        stubs = self._connected()
        ends = await asyncio.gather(
            *(self._hold(stubs, path) for path in targets), return_exceptions=True
        )
        self._wake()
        for end in ends:
            if isinstance(end, BaseException):
                raise end

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
                    if path not in sent or not _same(sent[path], reading)
                }
                gone = {
                    path: Reading(None, self._clock.monotonic()) for path in sent.keys() - current
                }
                sent = current
                if changes or gone:
                    yield changes | gone
        finally:
            self._watchers.discard(wake)

    async def _hold(self, stubs: Stubs, path: str) -> None:
        if path not in self.signals:
            raise DeviceError(f"this car has no signal {path}", code="unknown_target")
        if not self._aims.is_motor(path):
            raise DeviceError(f"{path} has no motor to stop", code="not_writable")
        switch = self.signals.get(path.removesuffix("Position") + "Switch")
        if switch and switch.kind is SignalKind.ACTUATOR and "INACTIVE" in switch.allowed:
            effect = Effect(switch.path, "INACTIVE")
        else:
            effect = Effect(path, await self._place_now(stubs, path))
        request = self._request(stubs, effect.target, self._checked(effect))
        try:
            await self._service.Actuate(request, **self._call())
        except stubs.aio.AioRpcError as error:
            _raise_for(error)
        self._aims.held(path, self._clock.monotonic())

    async def _place_now(self, stubs: Stubs, path: str) -> JsonValue:
        """Where the motor is, asked for now. Raises DeviceError when the car itself last told it
        too long ago: written, it would move the motor."""
        request = stubs.val.GetValueRequest(signal_id=stubs.types.SignalID(path=path))
        try:
            point = (await self._service.GetValue(request, **self._call())).data_point
        except stubs.aio.AioRpcError as error:
            _raise_for(error)
        age_s = self._clock.now() - point.timestamp.ToNanoseconds() / 1e9
        value = plain_value(point.value)
        if value is None or age_s > KNOWN_S:
            raise DeviceError(f"where {path} stands is not known now", code="refused")
        return value

    def _pick(self, targets: Sequence[str]) -> dict[str, Reading]:
        now = self._clock.monotonic()
        return {path: self._with_aim(path, reading, now) for path, reading in self._under(targets)}

    def _with_aim(self, path: str, reading: Reading, now: float) -> Reading:
        aim = self._aims.target_of(path, reading.value, now)
        return reading if aim is None else replace(reading, target=aim)

    def _under(self, targets: Sequence[str]) -> list[tuple[str, Reading]]:
        if self.prefix in targets:
            return list(self._values.items())
        return [
            (path, reading)
            for path, reading in self._values.items()
            if any(path == target or path.startswith(target + ".") for target in targets)
        ]

    def _places(self) -> dict[str, JsonValue]:
        return {path: reading.value for path, reading in self._values.items()}

    def _wake(self) -> None:
        """Watchers look again, now and when a motor that was under way has become quiet."""
        for wake in self._watchers:
            wake.set()
        if self._settling is not None:
            self._settling.cancel()
        quiet_s = self._aims.quiet_in_s(self._clock.monotonic())
        loop = asyncio.get_running_loop()
        later = None if quiet_s is None else loop.call_later(quiet_s + 0.02, self._wake)
        self._settling = later

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
        if self.away is not None:
            raise DeviceError(self.away.en, code="no_provider")
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
            why = "ended the subscription"
            try:
                await self._list(stubs)
                request = stubs.val.SubscribeRequest(signal_paths=list(self.signals))
                stream = self._service.Subscribe(request, metadata=self._metadata)
                async for answer in stream:
                    retry_s = FIRST_RETRY_S
                    self._take(answer.entries)
            except stubs.aio.AioRpcError as error:
                why = f"answered {error.code().name}: {error.details()}"
            self._lose(why)
            await asyncio.sleep(retry_s)
            retry_s = min(LONGEST_RETRY_S, retry_s * 2)

    def _lose(self, why: str) -> None:
        """What the car told before says nothing about it now."""
        if why != self._why_away:
            log.warning("databroker at %s: %s", self._address, why)
        self._why_away = why
        self._values.clear()
        self._aims.forget()
        self._told.set()
        self._wake()

    def _take(self, entries: Mapping[str, Any]) -> None:
        now, wall = self._clock.monotonic(), self._clock.now()
        before = self._places()
        for path, point in entries.items():
            value = plain_value(point.value)
            if value is None:
                self._values.pop(path, None)
                continue
            # a clock ahead of ours never makes a value younger than now
            taken = point.timestamp.ToNanoseconds() / 1e9
            self._values[path] = Reading(value, now - max(0.0, wall - taken))
            if value != before.get(path):
                self._aims.changed(path, now)
                if path.endswith(".Switch"):
                    self._aims.sent(path, value, before, now)
        self._why_away = ""
        self._told.set()
        self._wake()


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


def _same(one: Reading, other: Reading) -> bool:
    return one.value == other.value and one.target == other.target
