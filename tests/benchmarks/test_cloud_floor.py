import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import uvicorn

from benchmarks.cloud_floor import Floor
from edgewise.testing.upstream.server import started_upstream
from edgewise.web.connection import listen
from edgewise.web.server import Server

ASKED = {"model": "fake", "messages": [{"role": "user", "content": "hi"}]}
RIGHT = {"authorization": "Bearer sk-1"}


@asynccontextmanager
async def served_floor() -> AsyncIterator[tuple[Floor, str]]:
    async with started_upstream(fixed=True) as upstream:
        floor = Floor(upstream.address, "sk-1")
        config = uvicorn.Config(floor, lifespan="off", log_level="error")
        server = Server(config)
        with listen(0) as listening:
            serving = asyncio.create_task(server.serve(sockets=[listening]))
            yield floor, f"http://127.0.0.1:{listening.getsockname()[1]}/v1/chat/completions"
            server.should_exit = True
            await serving
        await floor.close()


async def test_the_floor_passes_whole_replies_and_streams_through_and_checks_the_key():
    async with served_floor() as (floor, url), aiohttp.ClientSession() as session:
        async with session.post(url, json=ASKED, headers=RIGHT) as reply:
            assert (await reply.json())["usage"]["total_tokens"] == 22
        async with session.post(url, json=ASKED | {"stream": True}, headers=RIGHT) as reply:
            assert (await reply.read()).count(b"data: ") == 23
        async with session.post(url, json=ASKED) as reply:
            assert reply.status == 401
            assert (await reply.json())["error"]["code"] == "invalid_api_key"
        assert floor.usage == {"requests": 2, "tokens": 22}
