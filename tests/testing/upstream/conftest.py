"""An upstream that is served, and a client that is not: plain requests over aiohttp."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from edgewise.testing.upstream.application import Upstream
from edgewise.testing.upstream.server import started_upstream


class Asking:
    """Asks one upstream."""

    def __init__(self, upstream: Upstream, session: aiohttp.ClientSession) -> None:
        self.upstream = upstream
        self._session = session

    async def post(
        self, body: dict[str, Any], *, path: str = "/v1/chat/completions", **headers: str
    ) -> tuple[int, dict[str, Any]]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        url = self.upstream.address + path
        async with self._session.post(url, json=body, headers=named) as reply:
            return reply.status, await reply.json()

    async def get(self, path: str) -> tuple[int, dict[str, Any]]:
        async with self._session.get(self.upstream.address + path) as reply:
            return reply.status, await reply.json()

    async def chunks(self, body: dict[str, Any], **headers: str) -> list[dict[str, Any]]:
        """All chunks of a stream that ends in [DONE]."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        url = f"{self.upstream.url}/chat/completions"
        async with self._session.post(url, json=body | {"stream": True}, headers=named) as reply:
            assert reply.status == 200, await reply.text()
            events = (await reply.text()).removesuffix("\n\n").split("\n\n")
        assert events[-1] == "data: [DONE]"
        return [json.loads(event.removeprefix("data: ")) for event in events[:-1]]


@pytest.fixture
async def asking() -> AsyncIterator[Asking]:
    async with started_upstream() as upstream, aiohttp.ClientSession() as session:
        yield Asking(upstream, session)
