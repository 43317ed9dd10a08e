"""The three calls of kuksa.val.v1 that the official client of v2 still makes.

kuksa-client 0.6 greets a server, asks types and sets targets through v1. All else of v1 stays
unimplemented; new code should speak v2. Source: kuksa.val.v1 `val.proto` (Eclipse KUKSA).
"""

from typing import Any

from edgewise.core.call import Effect
from edgewise.device.vehicle.kuksa_access import VehicleAccess
from edgewise.device.vehicle.kuksa_values import fill_value, metadata_of, plain_value
from edgewise.errors import DeviceError


class ServiceV1:
    """The calls of v1 over the same vehicle, tokens and scopes as v2."""

    def __init__(self, access: VehicleAccess) -> None:
        self._access = access
        self._val = access.stubs.val_v1

    async def GetServerInfo(self, request: Any, context: Any) -> Any:
        from edgewise import __version__

        return self._val.GetServerInfoResponse(name="edgewise", version=__version__)

    async def Get(self, request: Any, context: Any) -> Any:
        await self._access.check_scope(context, "read")
        paths = [entry.path for entry in request.entries]
        unknown = [path for path in paths if path not in self._access.ids]
        if unknown:
            errors = [
                _error(self._access, path, 404, "not_found", "no such signal") for path in unknown
            ]
            return self._val.GetResponse(errors=errors, error=errors[0].error)
        readings = await self._access.vehicle.read(paths)
        return self._val.GetResponse(
            entries=[_entry(self._access, p, readings.get(p)) for p in paths]
        )

    async def Set(self, request: Any, context: Any) -> Any:
        effects: list[Effect] = []
        for update in request.updates:
            entry = update.entry
            if entry.path not in self._access.ids:
                return _refusal(self._access, entry.path, 404, "not_found", "no such signal")
            if entry.HasField("actuator_target"):
                effects.append(Effect(entry.path, plain_value(entry.actuator_target)))
            if entry.HasField("value"):
                await self._access.publish(context, entry.path, plain_value(entry.value))
        await self._access.check_scope(context, "actuate" if effects else "read")
        try:
            await self._access.vehicle.write(effects)
        except DeviceError as error:
            return _refusal(self._access, effects[0].target, 400, error.code, str(error))
        return self._val.SetResponse()

    async def Subscribe(self, request: Any, context: Any) -> None:
        await self._access.abort(context, "UNIMPLEMENTED", "use kuksa.val.v2 to subscribe")

    async def StreamedUpdate(self, requests: Any, context: Any) -> None:
        await self._access.abort(context, "UNIMPLEMENTED", "use kuksa.val.v2 to publish")


def _entry(access: VehicleAccess, path: str, reading: Any) -> Any:
    signal = access.vehicle.signals[path]
    entry = access.stubs.types_v1.DataEntry(path=path)
    if reading is not None and reading.value is not None:
        fill_value(entry.value, signal.datatype, reading.value)
        entry.value.timestamp.CopyFrom(access.datapoint(path, reading).timestamp)
    if reading is not None and reading.target is not None:
        fill_value(entry.actuator_target, signal.datatype, reading.target)
    # the numbers of data and entry types are the same in v1 and v2
    metadata = metadata_of(signal, access.ids[path], access.stubs)
    entry.metadata.data_type = metadata.data_type
    entry.metadata.entry_type = metadata.entry_type
    entry.metadata.unit = signal.unit
    return entry


def _refusal(access: VehicleAccess, path: str, code: int, reason: str, message: str) -> Any:
    error = _error(access, path, code, reason, message)
    return access.stubs.val_v1.SetResponse(errors=[error], error=error.error)


def _error(access: VehicleAccess, path: str, code: int, reason: str, message: str) -> Any:
    types = access.stubs.types_v1
    return types.DataEntryError(
        path=path, error=types.Error(code=code, reason=reason, message=message)
    )
