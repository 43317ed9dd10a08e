"""A device behind its doors: the HTTP API with the cockpit, or MCP over standard streams."""

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn

from edgewise.device.api import create_app
from edgewise.device.config import data_folder, load_config
from edgewise.device.doorkeeper import load_doorkeeper
from edgewise.device.mcp_server import serve_stdio
from edgewise.device.presence import Presence, announce, find, withdraw
from edgewise.device.runtime import ring_alarms, start_device
from edgewise.errors import UserError


async def serve_device(port: int, ready: Callable[[str, str], None]) -> None:
    """Serve until SIGINT or SIGTERM. `port` -1 takes the configured one, 0 any free one.

    `ready` is told the address and the cockpit's page. Raises UserError when the port is taken, or
    another device runs from the same data folder.
    """
    folder = data_folder()
    _refuse_a_second(folder, "end it, or name another folder with EDGEWISE_HOME")
    listening = _listen(load_config(folder).port if port < 0 else port)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    device = await start_device(folder)
    doorkeeper = load_doorkeeper(folder)
    app = create_app(device.agent, vehicle=device.vehicle, doorkeeper=doorkeeper)
    ring_alarms(device)
    await asyncio.to_thread(device.agent.home.mind.warm)
    server = _Server(
        uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2, ws="none")
    )
    try:
        with server.ended_by_signals():
            announce(folder, Presence(address, os.getpid()))
            ready(address, f"{address}/#{doorkeeper.launch_code()}")
            await server.serve(sockets=[listening])
    finally:
        withdraw(folder)
        await device.close()


async def serve_mcp() -> None:
    """Serve MCP over standard input and output until the client closes them.

    Raises UserError when a device runs from the same data folder: it serves MCP itself.
    """
    folder = data_folder()
    _refuse_a_second(
        folder,
        "let the client use its MCP endpoint {address}/mcp with the token in {folder}/program-token"
        " (header Authorization: Bearer), or name another folder with EDGEWISE_HOME",
    )
    device = await start_device(folder)
    try:
        await serve_stdio(device.agent)
    finally:
        await device.close()


class _Server(uvicorn.Server):
    """A server that leaves signals to `ended_by_signals`: uvicorn's own handling raises the signal
    again when it is done, which would end the process before the device is closed."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    @contextmanager
    def ended_by_signals(self) -> Generator[None, None, None]:
        """Let SIGINT and SIGTERM end the server; a second SIGINT does not wait for its requests."""
        loop = asyncio.get_running_loop()
        caught = (signal.SIGINT, signal.SIGTERM)
        for number in caught:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in caught:
                loop.remove_signal_handler(number)


def _refuse_a_second(folder: Path, remedy: str) -> None:
    """Raise UserError when another device runs from `folder`: they would share its stores."""
    running = find(folder)
    if running is None:
        return
    address = urlsplit(running.address)
    with suppress(OSError), socket.create_connection((address.hostname, address.port), timeout=1):
        raise UserError(
            f"a device already runs from {folder} at {running.address} (process"
            f" {running.process}); {remedy.format(address=running.address, folder=folder)}",
            code="already_running",
        )


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        listening.close()
        why = error.strerror if isinstance(error, OSError) else "ports are 0 to 65535"
        raise UserError(
            f"port {port} on loopback can not be used ({why}); end what uses it, or"
            " start with --port 0",
            code="port_taken",
        ) from error
    listening.listen(128)
    return listening
