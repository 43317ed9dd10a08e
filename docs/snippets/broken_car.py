"""A window motor that jams: the car takes the write, and the read-back tells the truth."""

import asyncio
from pathlib import Path

from edgewise.core.event import Answered
from edgewise.core.message import Speaker
from edgewise.device.runtime import start_device
from edgewise.device.vehicle.faults import Stuck

WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"


async def open_a_jammed_window(folder: Path) -> Answered:
    """What the person is told when the motor jams at 20 percent."""
    device = await start_device(folder, pace=20.0)
    try:
        assert device.vehicle is not None
        device.vehicle.inject(Stuck(WINDOW, at=20))
        call = {"windows": ["driver"], "percent": 50}
        events = device.agent.run_call("window.set", call, "example", Speaker())
        *_, end = [event async for event in events]
        assert isinstance(end, Answered)
        return end
    finally:
        await device.close()


if __name__ == "__main__":
    print(asyncio.run(open_a_jammed_window(Path("example-data"))).text)
