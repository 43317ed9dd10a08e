"""An application behind the real web server on loopback, without that server's pauses.

Its main loop looks each tenth of a second whether it is to end, and then waits for another tenth.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import uvicorn

from edgewise.web import connection


@asynccontextmanager
async def on_loopback(
    config: uvicorn.Config, port: int = 0, *, grace_s: float = 0.1
) -> AsyncGenerator[str]:
    """Serve until the block ends: `http://127.0.0.1:` and the port. Replies that are open then
    have `grace_s` to end, and are left to their application after it."""
    with connection.listen(port) as listening:
        config.load()
        server = uvicorn.Server(config)
        server.lifespan = config.lifespan_class(config)
        await server.startup(sockets=[listening])
        await server.on_tick(0)  # the date, which it has from its main loop
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            for accepting in server.servers:
                accepting.close()
            for open_one in list(server.server_state.connections):
                open_one.shutdown()
            if tasks := server.server_state.tasks:
                await asyncio.wait(tasks, timeout=grace_s)
            await server.lifespan.shutdown()
