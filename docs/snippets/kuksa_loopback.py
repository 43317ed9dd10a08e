"""The simulated car behind kuksa.val.v2, and the driver for a databroker in front of it."""

import asyncio

from edgewise.core.call import Effect
from edgewise.device.vehicle.kuksa_driver import KuksaDriver
from edgewise.device.vehicle.kuksa_server import KuksaServer
from edgewise.device.vehicle.simulated import SimulatedVehicle

LIGHT = "Vehicle.Cabin.Light.Spotlight.Row1.DriverSide.IsLightOn"


async def switch_a_light_over_grpc() -> bool:
    """Write over gRPC; what the car then has."""
    car = SimulatedVehicle()
    async with KuksaServer(car) as server, KuksaDriver(server.address) as vehicle:
        await vehicle.write([Effect(LIGHT, True)])
        async for change in vehicle.watch([LIGHT]):
            if change.get(LIGHT) is not None and change[LIGHT].value is True:
                return True
    return False


if __name__ == "__main__":
    print(asyncio.run(switch_a_light_over_grpc()))
