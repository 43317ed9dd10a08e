"""A small kuksa.val.v2 server over a vehicle of ours: any KUKSA client can read and move it.

It implements reading, subscribing, actuating, listing and publishing; it is not a databroker: no
registration, no provider streams (our vehicle is the one provider), no signed tokens. The three
v1 calls that the official client still makes (Get, Set, GetServerInfo) are in
`kuksa_server_v1.py`. Source: kuksa.val.v2 `val.proto` (Eclipse KUKSA, Apache-2.0).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from edgewise.core.clock import Clock, SystemClock
from edgewise.core.signal import JsonValue, Reading
from edgewise.device.vehicle.cycles import due, periods
from edgewise.device.vehicle.kuksa_access import PublishableVehicle, VehicleAccess
from edgewise.device.vehicle.kuksa_server_v1 import ServiceV1
from edgewise.device.vehicle.kuksa_values import (
    LENGTH_LIMIT_BYTES,
    load_stubs,
    metadata_of,
    plain_value,
)
from edgewise.errors import UserError


class KuksaServer:
    """`async with KuksaServer(vehicle) as server:` serves on `server.address` (loopback).

    `tokens` as in `kuksa_access.VehicleAccess`. As a bus does, it sends again though unchanged what
    safety looks at the age of (`cycles.py`), `hurry` times as often as a bus must.
    """

    def __init__(
        self,
        vehicle: PublishableVehicle,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tokens: Mapping[str, Collection[str]] | None = None,
        clock: Clock | None = None,
        hurry: float = 1.0,
    ) -> None:
        self._access = VehicleAccess(vehicle, load_stubs(), tokens, clock or SystemClock())
        self._host, self._port = host, port
        self._hurry = hurry
        self._server: Any = None

    async def start(self) -> None:
        """Bind and serve. Raises UserError when the address can not be bound."""
        stubs = self._access.stubs
        options = [
            ("grpc.max_receive_message_length", LENGTH_LIMIT_BYTES),
            ("grpc.so_reuseport", 0),
        ]
        server: Any = stubs.aio.server(options=options)
        stubs.rpc.add_VALServicer_to_server(_Service(self._access, self._hurry), server)
        stubs.rpc_v1.add_VALServicer_to_server(ServiceV1(self._access), server)
        wanted = f"{self._host}:{self._port}"
        try:
            self._port = server.add_insecure_port(wanted)
        except RuntimeError as error:
            raise UserError(f"can not listen on {wanted}: {error}; choose another port") from error
        await server.start()
        self._server = server

    async def stop(self) -> None:
        """End all calls at once and free the port."""
        if self._server is not None:
            await self._server.stop(grace=None)
            self._server = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    @property
    def address(self) -> str:
        """Where it listens: `127.0.0.1:41234`."""
        return f"{self._host}:{self._port}"

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._port


class _Service:
    """The calls of kuksa.val.v2; their names are the protocol's."""

    def __init__(self, access: VehicleAccess, hurry: float) -> None:
        self._access = access
        self._val = access.stubs.val
        self._hurry = hurry

    async def GetValue(self, request: Any, context: Any) -> Any:
        await self._access.check_scope(context, "read")
        path = await self._access.path_of(context, request.signal_id)
        readings = await self._access.vehicle.read([path])
        return self._val.GetValueResponse(
            data_point=self._access.datapoint(path, readings.get(path))
        )

    async def GetValues(self, request: Any, context: Any) -> Any:
        await self._access.check_scope(context, "read")
        paths = [await self._access.path_of(context, one) for one in request.signal_ids]
        readings = await self._access.vehicle.read(paths)
        points = [self._access.datapoint(path, readings.get(path)) for path in paths]
        return self._val.GetValuesResponse(data_points=points)

    async def Subscribe(self, request: Any, context: Any) -> Any:
        await self._access.check_scope(context, "read")
        for path in request.signal_paths:
            if path not in self._access.ids:
                await self._access.abort(context, "NOT_FOUND", f"no signal {path!r}")
        paths = list(request.signal_paths)
        async for answer in self._stream(paths, self._val.SubscribeResponse, str):
            yield answer

    async def SubscribeById(self, request: Any, context: Any) -> Any:
        await self._access.check_scope(context, "read")
        ids = [self._access.stubs.types.SignalID(id=number) for number in request.signal_ids]
        paths = [await self._access.path_of(context, one) for one in ids]
        answers = self._stream(paths, self._val.SubscribeByIdResponse, self._access.ids.__getitem__)
        async for answer in answers:
            yield answer

    async def Actuate(self, request: Any, context: Any) -> Any:
        await self._access.actuate(context, [request])
        return self._val.ActuateResponse()

    async def ActuateStream(self, requests: Any, context: Any) -> Any:
        async for request in requests:
            await self._access.actuate(context, [request])
        return self._val.ActuateResponse()

    async def BatchActuate(self, request: Any, context: Any) -> Any:
        await self._access.actuate(context, request.actuate_requests)
        return self._val.BatchActuateResponse()

    async def ListMetadata(self, request: Any, context: Any) -> Any:
        await self._access.check_scope(context, "read")
        root = request.root.removesuffix(".*").removesuffix(".**")
        signals = [
            signal
            for path, signal in self._access.vehicle.signals.items()
            if not root or path == root or path.startswith(root + ".")
        ]
        if not signals:
            await self._access.abort(context, "NOT_FOUND", f"no signal at or below {root!r}")
        rows = [metadata_of(one, self._access.ids[one.path], self._access.stubs) for one in signals]
        return self._val.ListMetadataResponse(metadata=rows)

    async def PublishValue(self, request: Any, context: Any) -> Any:
        path = await self._access.path_of(context, request.signal_id)
        await self._access.publish(context, path, plain_value(request.data_point.value))
        return self._val.PublishValueResponse()

    async def GetServerInfo(self, request: Any, context: Any) -> Any:
        from edgewise import __version__

        return self._val.GetServerInfoResponse(name="edgewise", version=__version__)

    async def OpenProviderStream(self, requests: Any, context: Any) -> None:
        await self._access.abort(context, "UNIMPLEMENTED", "this vehicle is its own provider")

    async def _stream(
        self, paths: Sequence[str], response: Any, key: Callable[[str], JsonValue]
    ) -> AsyncIterator[Any]:
        async for change in _changes(self._access.vehicle, paths, self._hurry):
            points = {key(path): self._access.datapoint(path, r) for path, r in change.items()}
            yield response(entries=points)


async def _changes(
    vehicle: PublishableVehicle, paths: Sequence[str], hurry: float
) -> AsyncIterator[dict[str, Reading]]:
    """Current readings, then changes, with what is due repeated."""
    every_s = {path: period / hurry for path, period in periods().items() if path in paths}
    look_every_s = min(every_s.values(), default=0.0)
    loop = asyncio.get_running_loop()
    look_at = loop.time() + look_every_s
    sent_at: dict[str, float] = {}
    watching = vehicle.watch(paths)
    waiting: asyncio.Future[dict[str, Reading]] | None = None
    try:
        while True:
            if waiting is None:
                waiting = asyncio.ensure_future(anext(watching))
            left_s = max(0.0, look_at - loop.time()) if every_s else None
            await asyncio.wait((waiting,), timeout=left_s)
            change: dict[str, Reading] = {}
            if waiting.done():
                change = waiting.result()
                waiting = None
            if every_s and loop.time() >= look_at:
                change = await vehicle.read(due(every_s, sent_at, loop.time())) | change
                look_at = loop.time() + look_every_s
            if change:
                sent_at |= dict.fromkeys(change, loop.time())
                yield change
    finally:
        if waiting is not None:
            waiting.cancel()
