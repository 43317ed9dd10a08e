"""What a caller of our kuksa.val server may do with the vehicle: scopes, names, refusals.

Shared by both versions of the protocol. Tokens are compared as they are; signed tokens (JWT) are a
databroker's work.
"""

import hmac
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NoReturn, Protocol

from edgewise.act.driver import Driver
from edgewise.core.call import Effect
from edgewise.core.clock import Clock
from edgewise.core.signal import JsonValue, Reading
from edgewise.device.vehicle.kuksa_values import Stubs, fill_value, plain_value
from edgewise.device.vehicle.signals import Signal
from edgewise.errors import DeviceError, EdgewiseError, UserError

_STATUS: Mapping[str, str] = {
    "unknown_target": "NOT_FOUND",
    "unknown_signal": "NOT_FOUND",
    "not_writable": "INVALID_ARGUMENT",
    "wrong_type": "INVALID_ARGUMENT",
    "out_of_range": "INVALID_ARGUMENT",
    "bad_state": "INVALID_ARGUMENT",
    "no_provider": "UNAVAILABLE",
    "refused": "FAILED_PRECONDITION",
    "timed_out": "DEADLINE_EXCEEDED",
}


class PublishableVehicle(Driver, Protocol):
    """A driver that has a table of signals and lets sensors be set, as SimulatedVehicle does."""

    @property
    def signals(self) -> Mapping[str, Signal]: ...

    def set_sensor(self, path: str, value: JsonValue) -> None: ...


class VehicleAccess:
    """The vehicle as callers reach it; a call that may not go on is ended with its status.

    `tokens` maps bearer tokens to their scopes (`read`, `actuate`, `provide`); without it every
    caller may read and actuate, and nobody may publish.
    """

    def __init__(
        self,
        vehicle: PublishableVehicle,
        stubs: Stubs,
        tokens: Mapping[str, Collection[str]] | None,
        clock: Clock,
    ) -> None:
        self.vehicle = vehicle
        self.stubs = stubs
        self.ids = {path: number for number, path in enumerate(vehicle.signals, start=1)}
        self._paths = {number: path for path, number in self.ids.items()}
        self._tokens = tokens
        self._clock = clock

    async def check_scope(self, context: Any, scope: str) -> None:
        """End the call unless its token has the scope."""
        if self._tokens is None:
            if scope == "provide":
                await self.abort(context, "PERMISSION_DENIED", "publishing needs a token")
            return
        headers: dict[str, str] = dict(context.invocation_metadata() or ())
        given = headers.get("authorization", "")
        token = given.removeprefix("Bearer ").encode()
        for known, scopes in self._tokens.items():
            if hmac.compare_digest(token, known.encode()):
                if scope not in scopes:
                    await self.abort(context, "PERMISSION_DENIED", f"the token lacks {scope!r}")
                return
        await self.abort(context, "UNAUTHENTICATED", "no valid bearer token")

    async def path_of(self, context: Any, signal_id: Any) -> str:
        """The path that a SignalID names; ends the call when there is none."""
        kind = signal_id.WhichOneof("signal")
        path = self._paths.get(signal_id.id) if kind == "id" else signal_id.path
        if path not in self.ids:
            named = signal_id.id if kind == "id" else repr(signal_id.path)
            await self.abort(context, "NOT_FOUND", f"no signal {named}")
        return str(path)

    async def actuate(self, context: Any, requests: Sequence[Any]) -> None:
        """Write all or nothing; ends the call with the status that fits the driver's refusal."""
        await self.check_scope(context, "actuate")
        effects = [
            Effect(await self.path_of(context, one.signal_id), plain_value(one.value))
            for one in requests
        ]
        try:
            await self.vehicle.write(effects)
        except DeviceError as error:
            await self.abort_for(context, error)

    async def publish(self, context: Any, path: str, value: JsonValue) -> None:
        """Set a value as its provider; ends the call when it does not fit."""
        await self.check_scope(context, "provide")
        try:
            self.vehicle.set_sensor(path, value)
        except UserError as error:
            await self.abort_for(context, error)

    async def abort_for(self, context: Any, error: EdgewiseError) -> NoReturn:
        """End the call; the details begin with the driver's own code."""
        await self.abort(context, _STATUS.get(error.code, "ABORTED"), f"{error.code}: {error}")

    async def abort(self, context: Any, status: str, details: str) -> NoReturn:
        """End the call with a status."""
        await context.abort(getattr(self.stubs.grpc.StatusCode, status), details)
        raise AssertionError("abort does not return")

    def datapoint(self, path: str, reading: Reading | None) -> Any:
        """A v2 `Datapoint` with the wall time of the reading; empty for a missing value."""
        point = self.stubs.types.Datapoint()
        if reading is not None and reading.value is not None:
            fill_value(point.value, self.vehicle.signals[path].datatype, reading.value)
            taken = self._clock.now() - (self._clock.monotonic() - reading.at)
            point.timestamp.FromNanoseconds(int(taken * 1e9))
        return point
