"""A device behind its doors: the HTTP API with the cockpit, or MCP over standard streams."""

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack, contextmanager
from pathlib import Path

from edgewise.core.clock import SystemClock
from edgewise.device.api import create_app
from edgewise.device.cloud_desk import CloudDesk
from edgewise.device.config import Config, data_folder, load_config
from edgewise.device.conversations import Conversations
from edgewise.device.doorkeeper import load_doorkeeper
from edgewise.device.erase import erase_of
from edgewise.device.folder import Held, held, prepare
from edgewise.device.limits import Limits
from edgewise.device.presence import Presence, announce, find, withdraw
from edgewise.device.runtime import begin_drives, ring_alarms, send_waiting, start_device
from edgewise.device.satellites import Satellites
from edgewise.device.senses import senses_of
from edgewise.device.server import server_config
from edgewise.errors import UserError
from edgewise.hosting.board import Board
from edgewise.web.connection import listen
from edgewise.web.server import Server

_log = logging.getLogger("edgewise.device")


async def serve_device(port: int, ready: Callable[[str, str], None]) -> None:
    """Serve until SIGINT or SIGTERM. `port` -1 takes the configured one, 0 any free one.

    `ready` is told the address and the cockpit's page. Raises UserError when the port is taken, or
    another device runs from the same data folder.
    """
    folder = data_folder()
    config = load_config(folder)
    with _own(folder, "edgewise run", _RUN_REMEDY):
        listening = listen(config.port if port < 0 else port)
        with listening:
            await _serve(folder, config, listening, ready)


async def serve_mcp() -> None:
    """Serve MCP over standard input and output until the client closes them.

    Raises UserError when a device runs from the same data folder: one that serves HTTP serves MCP
    there too.
    """
    from edgewise.device.mcp_server import serve_stdio

    folder = data_folder()
    with _own(folder, "edgewise serve mcp", _MCP_REMEDY):
        device = await start_device(folder)
        begin_drives(device, folder)
        _tell((*device.notices, *device.news))
        send_waiting(device)
        try:
            await serve_stdio(device.agent)
        finally:
            await device.close()


async def _serve(
    folder: Path, config: Config, listening: socket.socket, ready: Callable[[str, str], None]
) -> None:
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    device = await start_device(folder)
    begin_drives(device, folder)
    _tell((*device.notices, *device.news))
    doorkeeper = load_doorkeeper(folder)
    board, limits = Board(), Limits()
    senses = senses_of(device, config.senses, folder)
    conversations = Conversations(device.agent, board, limits, senses, sight=device.sight)
    satellites = Satellites(config.wyoming, conversations, senses)
    app = create_app(
        device.agent,
        vehicle=device.vehicle,
        doorkeeper=doorkeeper,
        language=config.language,
        clouds=CloudDesk(folder, config, SystemClock(), device.reach),
        limits=limits,
        board=board,
        erase=erase_of(device, folder),
        conversations=conversations,
        senses=config.senses,
        hub_folder=folder / "models",
        sight=device.sight,
        screen=device.screen,
    )
    ring_alarms(device)
    send_waiting(device, board.post, board.note)
    await asyncio.to_thread(device.agent.home.mind.warm)
    server = Server(server_config(app))
    rest = asyncio.create_task(asyncio.to_thread(device.agent.home.mind.prepare))
    try:
        _tell(words.said_in(config.spoken) for words in await satellites.start())
        with server.ended_by_signals():
            announce(folder, Presence(address, os.getpid()))
            ready(address, f"{address}/#{doorkeeper.launch_code()}")
            await server.serve(sockets=[listening])
    finally:
        withdraw(folder)
        try:
            await asyncio.gather(rest, return_exceptions=True)
            await satellites.close()
            await senses.close()
        finally:
            await device.close()


@contextmanager
def _own(folder: Path, command: str, remedy: str) -> Generator[None, None, None]:
    """Make the folder ready and hold it. `remedy` says what to do when another device does; it may
    name the `{address}` of that one, if it has one."""
    _tell(warning.said_in(load_config(folder).spoken) for warning in prepare(folder))
    with ExitStack() as stack:
        try:
            stack.enter_context(held(folder, command))
        except Held as error:
            running = find(folder)
            if running is not None:
                told = f"{error} at {running.address}; "
                told += remedy.format(address=running.address, folder=folder)
            else:
                told = f"{error}; {_WITHOUT_ADDRESS}"
            raise UserError(told, code=error.code) from error
        yield


def _tell(notices: Iterable[str]) -> None:
    """Say on standard error what the start has to say; standard output may carry a protocol."""
    for notice in notices:
        _log.warning("%s", notice)


_RUN_REMEDY = "`edgewise cockpit` opens its page; end it, or name another folder with EDGEWISE_HOME"
_MCP_REMEDY = (
    "let the client use its MCP endpoint {address}/mcp with the token in {folder}/program-token"
    " (header Authorization: Bearer), or name another folder with EDGEWISE_HOME"
)
_WITHOUT_ADDRESS = (
    "end it, or name another folder with EDGEWISE_HOME; several MCP clients share one device by"
    " `edgewise run`, which serves MCP over HTTP"
)
