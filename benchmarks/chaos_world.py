"""A device, a platform and its upstream, each a process of its own, the chaos proxy in between.

Device and platform can be killed and started anew; a platform comes back to its port, a device to
its folder. Who asks while there is no device waits until there is one.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import msgspec

from benchmarks.chaos_device import LINE_BYTES, Asked, Told
from benchmarks.edgewise_cloud import start_edgewise, write_settings
from benchmarks.processes import Cores, end, first_line, share_cores, start
from edgewise.core.clock import SystemClock
from edgewise.core.endpoint import Endpoint
from edgewise.device.consents import Consents
from edgewise.route.policy import RoutePolicy
from edgewise.testing.chaos import ChaosProxy

MODEL = "fake"
DIRECTIVE = '{"tokens": 12, "delay_ms": 2}'
START_S = 60.0
SETTINGS = """
region = "CN"
chat_model = ""
mode = "prefer_cloud"
money_a_day = 1_000_000.0
bytes_a_day = 1_000_000_000_000
[[cloud]]
name = "far"
address = "{address}/v1"
model = "{model}"
region = "CN"
service = "platform"
key_file = "far.key"
input_price = 1.35
output_price = 5.4
"""


class Gone(Exception):
    """The device went away before it had answered."""


class DeviceProcess:
    """A device over `folder`."""

    def __init__(self, folder: Path) -> None:
        self._command = [sys.executable, "-m", "benchmarks.chaos_device", str(folder)]
        self._errors = folder / "errors.txt"
        self._process: asyncio.subprocess.Process | None = None
        self._ready = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None
        self._waiting: dict[int, asyncio.Future[Told]] = {}
        self._count = 0

    async def begin(self) -> None:
        """Start it, and wait until it answers."""
        with self._errors.open("ab") as errors:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                limit=LINE_BYTES,
            )
        self._reading = asyncio.create_task(self._read(self._process))
        async with asyncio.timeout(START_S):
            await self._ready.wait()

    async def ask(self, text: str, session: str, deadline_s: float, *, stays: bool) -> Told:
        """A turn. Raises Gone when the device goes away first."""
        await self._ready.wait()
        self._count += 1
        asked = Asked(self._count, text, session, deadline_s, stays)
        told = self._waiting[asked.id] = asyncio.get_running_loop().create_future()
        assert self._process is not None
        assert self._process.stdin is not None
        with suppress(ConnectionError):
            self._process.stdin.write(msgspec.json.encode(asked) + b"\n")
        try:
            return await told
        finally:
            self._waiting.pop(asked.id, None)

    async def kill(self) -> None:
        """End it as a power cut does."""
        assert self._process is not None
        assert self._reading is not None
        self._ready.clear()
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()
        await self._reading

    async def close(self) -> None:
        """Let it end by itself."""
        if self._process is not None and self._process.returncode is None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            try:
                async with asyncio.timeout(15):
                    await self._process.wait()
            except TimeoutError:
                await self.kill()

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            told = msgspec.json.decode(line, type=Told)
            if not told.id:
                self._ready.set()
            elif (waiting := self._waiting.get(told.id)) is not None and not waiting.done():
                waiting.set_result(told)
        self._ready.clear()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(Gone("the device went away"))


class World:
    """All of it. `device` asks over `proxy`."""

    def __init__(self, folder: Path, cores: Cores) -> None:
        self._folder, self._cores = folder, cores
        self.address = self.key = ""
        self._platform: subprocess.Popen[str] | None = None

    def begin_platform(self) -> None:
        """Start the platform, on the port it had before if it had one."""
        port = int(self.address.rpartition(":")[2]) if self.address else 0
        self.address, key, self._platform = start_edgewise(self._folder, self._cores.servers, port)
        self.key = self.key or key

    def kill_platform(self) -> None:
        """End it as a power cut does."""
        assert self._platform is not None
        os.kill(self._platform.pid, signal.SIGKILL)
        self._platform.wait()

    def end_platform(self) -> None:
        """Let it end by itself."""
        if self._platform is not None:
            end(self._platform)


@asynccontextmanager
async def world_of(folder: Path, canaries: list[str]) -> AsyncGenerator[tuple[World, ChaosProxy]]:
    """Upstream, platform and proxy, until the block ends."""
    async with AsyncExitStack() as running:
        cores = share_cores()
        command = [sys.executable, "-m", "edgewise.testing.upstream", "--directive", DIRECTIVE]
        upstream = start(command, cores=cores.load)
        running.callback(end, upstream)
        address = msgspec.json.decode(first_line(upstream, START_S))["address"]
        (folder / "cloud").mkdir()
        write_settings(folder / "cloud", address, [MODEL])
        world = World(folder / "cloud", cores)
        running.callback(world.end_platform)
        world.begin_platform()
        proxy = await running.enter_async_context(ChaosProxy(world.address, canaries=canaries))
        yield world, proxy


@asynccontextmanager
async def device_of(
    folder: Path, world: World, proxy: ChaosProxy, policy: RoutePolicy
) -> AsyncGenerator[DeviceProcess]:
    """A device that knows the platform behind the proxy, and may use it; until the block ends."""
    _prepare(folder, world.key, proxy.address, policy)
    device = DeviceProcess(folder)
    try:
        await device.begin()
        yield device
    finally:
        await device.close()


def _prepare(folder: Path, key: str, address: str, policy: RoutePolicy) -> None:
    """The folder of a device: its settings, its key, and a person's yes."""
    folder.mkdir()
    settings = SETTINGS.format(address=address, model=MODEL)
    (folder / "config.toml").write_text(settings)
    (folder / "route_policy.json").write_bytes(msgspec.json.encode(policy))
    file = folder / "far.key"
    file.touch(mode=0o600)
    file.write_text(key)
    endpoint = Endpoint("far", f"{address}/v1", MODEL, "CN")
    Consents(folder, SystemClock()).grant(endpoint, "assist")
