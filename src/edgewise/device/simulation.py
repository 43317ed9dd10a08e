"""Routes that move the simulated world: drive, set sensors, put in faults.

They exist only when the vehicle is simulated; they are the hand on the wheel and the weather, so no
policy judges them. They set no actuator: that is for the agent to decide. The agent has no way to
them, nor has a program: they are for the page and the owner (`callers.py`).
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
from edgewise.device.vehicle.signals import SignalKind, load_signals
from edgewise.device.wire import ApiError, read_body, reply


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
        _check_sensor(body.path)
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


def _check_sensor(path: str) -> None:
    signal = load_signals().get(path)
    if signal is not None and signal.kind is SignalKind.ACTUATOR:
        raise ApiError(
            403,
            "not_a_sensor",
            f"{path} is an actuator; nothing moves it but the agent, after the policy",
            "ask the agent for it: POST /v1/agent/turns",
        )
