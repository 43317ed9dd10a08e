"""A key among subprotocols is found, and only there; the beta's dialect is asked for by name."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect

from edgewise.web import websocket
from edgewise.web.connection import FastConnection, PromptConnection
from edgewise.web.websocket import asks_beta, secret_in
from tests.on_loopback import on_loopback


@pytest.mark.parametrize(
    ("offered", "secret"),
    [
        (["realtime", "openai-insecure-api-key.page.1.ab"], "page.1.ab"),
        (["realtime"], ""),
        ([], ""),
        (["openai-insecure-api-key.a", "openai-insecure-api-key.b"], ""),  # which one?
        (["x.openai-insecure-api-key.a"], ""),
    ],
)
def test_a_key_among_subprotocols(offered: list[str], secret: str):
    assert secret_in(offered) == secret


def test_the_beta_is_asked_for_by_header_or_subprotocol():
    assert asks_beta({"openai-beta": "realtime=v1"}, [])
    assert asks_beta({"openai-beta": "assistants=v2, realtime = v1"}, [])
    assert asks_beta({}, ["realtime", "openai-beta.realtime-v1"])
    assert not asks_beta({"openai-beta": "responses=v1"}, ["realtime"])


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Says back what comes, until the client leaves."""
    socket = WebSocket(scope, receive, send)
    await websocket.accept(socket)
    while (message := await websocket.receive(socket)) is not None:
        await websocket.send(socket, message if isinstance(message, str) else message.decode())
    with pytest.raises(ConnectionError):
        await websocket.send(socket, "to nobody")
    await websocket.close(socket, 1000, "it is closed already")


@asynccontextmanager
async def served(connection: type[Any]) -> AsyncGenerator[str]:
    config = uvicorn.Config(
        echo, http=connection, ws="websockets-sansio", lifespan="off", log_config=None
    )
    async with on_loopback(config, grace_s=5) as address:
        yield address.replace("http:", "ws:")


@pytest.mark.parametrize("base", [PromptConnection, FastConnection])
async def test_a_socket_outlives_the_time_that_a_request_has(base: type[Any]):
    class Hasty(base):
        request_s = 0.1

    async with served(Hasty) as address, connect(address) as client:
        await asyncio.wait({asyncio.create_task(client.wait_closed())}, timeout=0.3)
        await client.send("still there?")
        assert await client.recv() == "still there?"
        await client.send(b"bytes too")
        assert await client.recv() == "bytes too"


async def test_the_protocol_that_was_offered_is_taken_and_the_key_not_sent_back():
    async with served(PromptConnection) as address:
        offered: Any = ["openai-insecure-api-key.k", "realtime"]
        async with connect(address, subprotocols=offered) as client:
            assert client.subprotocol == "realtime"
        async with connect(address) as client:
            assert client.subprotocol is None
