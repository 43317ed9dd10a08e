"""The platform behind its doors: `edgewise serve cloud`."""

import asyncio
import gc
import logging
import socket
from collections.abc import Callable
from pathlib import Path

import msgspec
import uvicorn
import uvloop

from edgewise.cloud.app import CloudApp
from edgewise.cloud.config import CONFIG, doubtful, load_config
from edgewise.cloud.service import Cloud, start_cloud
from edgewise.cloud.stopping import END_S, GRACE_S
from edgewise.cloud.xiaozhi.doctor import told_lacking
from edgewise.errors import UserError
from edgewise.talk.realtime.socket import MESSAGE_BYTES
from edgewise.web.connection import FastConnection, listen
from edgewise.web.server import Server

_log = logging.getLogger("edgewise.cloud")

MOST_CONNECTIONS = 16_384
_ANOTHER_PORT = "choose another one (--port, or port in cloud.toml)"


def run_cloud(
    folder: Path, port: int | None, ready: Callable[[str, Cloud], None], host: str = ""
) -> None:
    """Serve in this process on an event loop of its own; see `serve_cloud`."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve_cloud(folder, port, ready, host))


async def serve_cloud(
    folder: Path,
    port: int | None,
    ready: Callable[[str, Cloud], None],
    host: str = "",
    ended: asyncio.Event | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM, or until `ended` is set where another part of the process
    waits for the signals. `port` overrides the configured one, 0 takes any free one.

    `ready` is told the address. Raises UserError for settings that do not hold, a port that is
    taken or a folder in use.
    """
    _prepare(folder)
    config = load_config(folder / CONFIG)
    for doubt in doubtful(config):
        _log.warning("%s: %s", folder / CONFIG, doubt)
    if lacking := told_lacking(config):
        _log.warning("voice devices can not be talked with: %s", lacking)
    if port is not None:
        config = msgspec.structs.replace(config, port=port)
    if host:
        config = msgspec.structs.replace(config, host=host)
    with listen(config.port, config.host, otherwise=_ANOTHER_PORT) as listening:
        config = msgspec.structs.replace(config, port=listening.getsockname()[1])
        cloud = await start_cloud(config, folder)
        try:
            server = Server(server_config(CloudApp(cloud), config.write_s), cloud.end_soon)
            _settle_memory()
            ready(address_of(config.host, listening.getsockname()[1]), cloud)
            if ended is None:
                with server.ended_by_signals():
                    await server.serve(sockets=[listening])
            else:
                await _serve_until(server, listening, ended)
        finally:
            await cloud.close()


def _prepare(folder: Path) -> None:
    """Make the folder. Raises UserError when it can not be made or is none."""
    try:
        make_private(folder)
    except OSError as error:
        raise UserError(
            f"{folder} can not be the platform's folder ({error.strerror}); name another one with"
            " --folder",
            code="bad_folder",
        ) from error


def address_of(host: str, port: int) -> str:
    """Where this machine's own programs reach what listens on a host."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def make_private(folder: Path) -> None:
    """Make a folder and those above it that are missing, all for their owner alone."""
    for missing in [one for one in (*reversed(folder.parents), folder) if not one.exists()]:
        missing.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def _settle_memory() -> None:
    """What is there at the start stays: the collector need not look at it again with each request,
    and looks for cycles after ten thousand new objects in place of seven hundred."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


async def _serve_until(server: Server, listening: socket.socket, ended: asyncio.Event) -> None:
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    waiting = asyncio.create_task(ended.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    server.should_exit = True
    await serving


def server_config(app: CloudApp, write_s: float) -> uvicorn.Config:
    """HTTP/1.1 with llhttp and uvloop, WebSockets for the device Agent API and the realtime API,
    everything bounded."""

    class Connection(FastConnection):
        pass

    Connection.write_s = write_s
    return uvicorn.Config(
        app,  # pyright: ignore[reportArgumentType]
        http=Connection,
        ws="websockets-sansio",
        ws_max_size=MESSAGE_BYTES,
        ws_max_queue=16,
        lifespan="off",
        log_level="warning",
        access_log=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=int(GRACE_S + END_S),  # see `stopping.py`
        proxy_headers=False,
        server_header=False,
        date_header=False,
    )
