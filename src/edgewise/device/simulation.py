"""Routes that move the simulated world: drive, set sensors, put in faults.

They exist only when the vehicle is simulated; they are the hand on the wheel, a hand at each switch
(`sensor` sets an actuator's value too) and the weather, so no policy judges them. The agent has no
way to them, nor has a program: they are for the page and the owner (`callers.py`).
"""

from collections.abc import Sequence
from typing import Protocol

from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from edgewise.core.signal import JsonValue
from edgewise.device import wire
from edgewise.device.document import route_document
from edgewise.device.vehicle.faults import Fault
from edgewise.device.wire import read_body, reply


class Simulation(Protocol):
    """The simulated vehicle's controls (`vehicle/simulated.py`)."""

    def drive(self, *, speed_km_h: float | None = None, gear: str | None = None) -> None: ...
    def set_sensor(self, path: str, value: JsonValue) -> None: ...
    def inject(self, fault: Fault) -> None: ...
    def heal(self) -> None: ...
    @property
    def faults(self) -> Sequence[Fault]: ...


def simulation_routes(vehicle: Simulation) -> APIRouter:
    """The routes below `/v1/simulation` for `vehicle`."""
    routes = APIRouter()

    @routes.post(
        "/v1/simulation/drive", **route_document("Drive the car", wire.Done, wire.DriveBody)
    )
    async def drive(request: HttpRequest) -> Response:
        body = await read_body(request, wire.DriveBody)
        vehicle.drive(speed_km_h=body.speed_km_h, gear=body.gear)
        return reply(wire.Done())

    @routes.post(
        "/v1/simulation/sensor", **route_document("Set a sensor", wire.Done, wire.SensorBody)
    )
    async def sensor(request: HttpRequest) -> Response:
        body = await read_body(request, wire.SensorBody)
        vehicle.set_sensor(body.path, body.value)
        return reply(wire.Done())

    @routes.post(
        "/v1/simulation/fault", **route_document("Put in a fault", wire.Done, wire.FaultBody)
    )
    async def inject(request: HttpRequest) -> Response:
        vehicle.inject(wire.fault_of(await read_body(request, wire.FaultBody)))
        return reply(wire.Done())

    @routes.get("/v1/simulation/fault", **route_document("What is broken", wire.Faults))
    async def faults() -> Response:
        return reply(wire.Faults([repr(fault) for fault in vehicle.faults]))

    @routes.delete("/v1/simulation/fault", **route_document("Take all faults out", wire.Done))
    async def heal() -> Response:
        vehicle.heal()
        return reply(wire.Done())

    return routes
