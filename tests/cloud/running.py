"""A platform served on loopback by the real web server, over the upstream that keeps the truth."""

import asyncio
import ssl
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import httpx
import msgspec

from edgewise.cloud.accounts import FirstStart, first_start
from edgewise.cloud.app import CloudApp
from edgewise.cloud.config import DATABASE, BackendConfig, Config, ModelConfig, Route, UsageReport
from edgewise.cloud.database import Database
from edgewise.cloud.keys import EVERYTHING, Scope, make_key
from edgewise.cloud.senses import Senses
from edgewise.cloud.serve import server_config
from edgewise.cloud.service import Cloud, start_cloud
from edgewise.testing.upstream.application import Upstream
from edgewise.testing.upstream.server import started_upstream
from tests.on_loopback import on_loopback

NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody: the address is plain HTTP, and reading the system's certificates takes 15 ms."""


@dataclass
class Running:
    """A served platform, its upstream, and a client that holds a key."""

    address: str
    cloud: Cloud
    upstream: Upstream
    key: str = ""
    client: httpx.AsyncClient = field(init=False)
    strangers: list[httpx.AsyncClient] = field(default_factory=list[httpx.AsyncClient])

    def make_key(self, scope: Scope = EVERYTHING, *, device: str | None = None) -> str:
        """A further key of the first project."""
        made = self.cloud.first_start
        assert made is not None
        with self.cloud.database.begin() as connection:
            new = make_key(
                connection,
                made.organisation.id,
                made.project.id,
                "test",
                now_s=time.time(),
                device=device,
                scope=scope,
            )
        return new.secret

    def stranger(self, key: str = "") -> httpx.AsyncClient:
        """A client with another key, or none."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        client = httpx.AsyncClient(
            base_url=self.address,
            headers=headers,
            timeout=20,
            trust_env=False,
            verify=NO_CERTIFICATES,
        )
        self.strangers.append(client)
        return client

    async def wait_until_idle(self, limit_s: float = 5.0) -> None:
        """Until every request is settled and in the database."""
        until = time.monotonic() + limit_s
        while self.cloud.ledger.running:
            assert time.monotonic() < until, f"still running: {self.cloud.ledger.running}"
            await asyncio.sleep(0.01)
        await self.cloud.ledger.flush()


def config_over(address: str, **changes: object) -> Config:
    """Settings with one model `fake` over one upstream."""
    config = Config(
        backend=(BackendConfig("up", f"{address}/v1", usage=UsageReport.CONTINUOUS),),
        model=(ModelConfig("fake", (Route("up"),)),),
    )
    return msgspec.structs.replace(config, **changes)


@asynccontextmanager
async def running_cloud(folder: Path, **changes: object) -> AsyncGenerator[Running]:
    """A platform over a fresh upstream; `changes` are fields of its settings."""
    async with AsyncExitStack() as stack:
        upstream = await stack.enter_async_context(started_upstream())
        config = config_over(upstream.address, **changes)
        address, cloud = await stack.enter_async_context(serving(folder, config))
        running = Running(address, cloud, upstream)
        running.key = running.make_key()
        running.client = running.stranger(running.key)
        try:
            yield running
        finally:
            for client in running.strangers:
                await client.aclose()


@asynccontextmanager
async def serving(
    folder: Path, config: Config, senses: Senses | None = None
) -> AsyncGenerator[tuple[str, Cloud]]:
    """A platform over `folder`, served until the block ends; a new one has had its first start."""
    first = None if config.database else lay_first_start(folder)
    cloud = await start_cloud(config, folder, senses=senses)
    cloud.first_start = cloud.first_start or first
    try:
        async with on_loopback(server_config(CloudApp(cloud), config.write_s)) as address:
            yield address, cloud
    finally:
        await cloud.close()


def lay_first_start(folder: Path) -> FirstStart | None:
    """The database that a first start makes, laid into a folder that has none: to migrate one and
    to hash its password takes a third of a second, and `test_service.py` does both."""
    file = folder / DATABASE
    if file.exists():
        return None
    raw, made = _first_start_of_this_process()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.write_bytes(raw)
    return made


@cache
def _first_start_of_this_process() -> tuple[bytes, FirstStart]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / DATABASE
        database = Database(f"sqlite:///{file}")
        made = first_start(database, now_s=time.time())
        database.close()
        assert made is not None
        assert [path.name for path in Path(folder).iterdir()] == [DATABASE]  # nothing beside it
        return file.read_bytes(), made
