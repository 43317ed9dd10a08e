"""`serve_cloud` serves until it is told to end, and leaves nothing open."""

import asyncio
import socket
from pathlib import Path

import httpx
import pytest

from edgewise.cloud.serve import MOST_CONNECTIONS, serve_cloud
from edgewise.cloud.service import Cloud
from edgewise.errors import UserError


async def test_it_serves_until_the_event_and_then_lets_the_folder_go(tmp_path: Path):
    for _ in range(2):  # a second start finds the folder free
        ended = asyncio.Event()
        seen: list[int] = []

        async def look(address: str, ended: asyncio.Event, seen: list[int]) -> None:
            async with httpx.AsyncClient() as client:
                seen.append((await client.get(f"{address}/health")).status_code)
            ended.set()

        looking: list[asyncio.Task[None]] = []

        def ready(
            address: str,
            _: Cloud,
            looking: list[asyncio.Task[None]] = looking,
            ended: asyncio.Event = ended,
            seen: list[int] = seen,
        ) -> None:
            looking.append(asyncio.create_task(look(address, ended, seen)))

        await asyncio.wait_for(serve_cloud(tmp_path, 0, ready, ended=ended), 20)
        assert seen == [200]
    assert MOST_CONNECTIONS >= 10_000


async def test_a_taken_port_is_told(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=f"port {port}"):
            await serve_cloud(tmp_path, port, lambda *_: None)


async def test_a_folder_in_use_is_told(tmp_path: Path):
    ended = asyncio.Event()
    refused: list[str] = []

    async def second() -> None:
        try:
            await serve_cloud(tmp_path, 0, lambda *_: None, ended=ended)
        except UserError as error:
            refused.append(error.code)
        ended.set()

    tasks: list[asyncio.Task[None]] = []
    first = serve_cloud(
        tmp_path, 0, lambda *_: tasks.append(asyncio.create_task(second())), ended=ended
    )
    await asyncio.wait_for(first, 20)
    assert refused == ["folder_in_use"]
