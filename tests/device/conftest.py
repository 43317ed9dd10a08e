"""A device served on loopback: the real web server and API over the replaying agent."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from edgewise.core.clock import SystemClock
from edgewise.device.api import create_app
from edgewise.device.callers import Caller
from edgewise.device.cloud_desk import CloudDesk
from edgewise.device.config import Config
from edgewise.device.doorkeeper import Doorkeeper
from edgewise.device.limits import Allowance, Limits
from edgewise.device.server import server_config
from edgewise.device.sight import Sight
from edgewise.web import connection as connection_module
from edgewise.web.connection import PromptConnection
from tests.device.fake_agent import FakeAgent
from tests.device.fake_eyes import FakeEyes

TOKEN = "test-token-test-token-test-token-test-token"
PROGRAM_TOKEN = "program-token-program-token-program-token"
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody: the address is plain HTTP, and reading the system's certificates takes 15 ms."""
FEW = Allowance(turns_at_once=2, turns_a_minute=1000, streams=2)


@dataclass
class Served:
    """Where it listens, the agent behind it, and a client that holds the owner's token."""

    base_url: str
    agent: FakeAgent
    doorkeeper: Doorkeeper
    client: httpx.AsyncClient

    def stranger(self, **headers: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self.base_url, headers=headers, timeout=10, verify=NO_CERTIFICATES
        )

    def program(self) -> httpx.AsyncClient:
        """A client that holds the program's token."""
        return self.stranger(Authorization=f"Bearer {PROGRAM_TOKEN}")


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    agent = FakeAgent()
    doorkeeper = Doorkeeper(TOKEN, PROGRAM_TOKEN)
    app = create_app(
        agent,
        doorkeeper=doorkeeper,
        vehicle=agent.car,
        limits=Limits(dict.fromkeys(Caller, FEW)),
        keep_alive_s=0.1,
        clouds=CloudDesk(tmp_path, Config(), SystemClock()),
        sight=Sight(FakeEyes({b"a sign": ("STOP",)})),
    )
    async with listen(app) as base_url, client_of(base_url, TOKEN) as client:
        yield Served(base_url, agent, doorkeeper, client)


def client_of(base_url: str, secret: str) -> httpx.AsyncClient:
    """A client that holds `secret`."""
    headers = {"Authorization": f"Bearer {secret}"}
    return httpx.AsyncClient(
        base_url=base_url, headers=headers, timeout=30, trust_env=False, verify=NO_CERTIFICATES
    )


@asynccontextmanager
async def listen(
    app: FastAPI, connection: type[PromptConnection] = PromptConnection
) -> AsyncGenerator[str]:
    """The application behind the real web server on a free port of loopback: its address."""
    listening = connection_module.listen(0)
    config = server_config(app, connection)
    config.timeout_graceful_shutdown = 1
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[listening])  # without its main loop, which ticks slowly
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        await asyncio.wait_for(end(server), 5)


async def end(server: uvicorn.Server) -> None:
    """What the server does at its end, without its pauses of a tenth of a second."""
    for accepting in server.servers:
        accepting.close()
    for connection in list(server.server_state.connections):
        connection.shutdown()
    if server.server_state.tasks:
        _, left = await asyncio.wait(server.server_state.tasks, timeout=1)
        for task in left:
            task.cancel()
    await server.lifespan.shutdown()
