"""A KUKSA server in a process of its own, so that a test can kill it and bring it back.

Run as `python kuksa_process.py PORT`: it serves a new car until it is killed
and prints its port once it listens.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from edgewise.device.vehicle.kuksa_server import KuksaServer
from edgewise.device.vehicle.simulated import SimulatedVehicle


class Broker:
    """The process and the port that it has, also the next time."""

    def __init__(self) -> None:
        self.port = 0
        self._process: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> str:
        """Where it listens, or listened."""
        return f"127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Returns when it listens."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, __file__, str(self.port), stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), 30)
        self.port = int(line)

    async def kill(self) -> None:
        """As a crash ends it: by its process id, without a word to anybody."""
        if self._process is not None and self._process.returncode is None:
            os.kill(self._process.pid, signal.SIGKILL)
            await self._process.wait()


@asynccontextmanager
async def broker() -> AsyncIterator[Broker]:
    """A broker that listens; it is gone when the block ends."""
    made = Broker()
    await made.start()
    try:
        yield made
    finally:
        await made.kill()


async def _serve(port: int) -> None:
    async with KuksaServer(SimulatedVehicle(pace=20.0), port=port) as server:
        sys.stdout.write(f"{server.port}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
