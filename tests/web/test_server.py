"""A server that a signal ends gives its caller the time to close what is behind it."""

import asyncio
import os
import signal

import uvicorn

from edgewise.web.connection import listen
from edgewise.web.server import Server


async def nothing(scope, receive, send) -> None:
    pass


async def test_a_signal_ends_the_server_and_not_the_process():
    server = Server(uvicorn.Config(nothing, log_level="warning", lifespan="off"))
    with listen(0) as listening, server.ended_by_signals():
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        asyncio.get_running_loop().call_later(0.2, os.kill, os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(serving, 5)
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


async def test_a_reply_without_end_is_told_that_the_server_ends():
    ending = asyncio.Event()
    begun = asyncio.Event()

    async def endless(scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        begun.set()
        await ending.wait()
        await send({"type": "http.response.body", "body": b"over"})

    config = uvicorn.Config(endless, log_level="warning", lifespan="off")
    server = Server(config, ending.set)
    with listen(0) as listening:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        writer.write(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        await asyncio.wait_for(begun.wait(), 5)
        server.should_exit = True
        await asyncio.wait_for(serving, 5)
        assert b"over" in await reader.read()
        writer.close()
