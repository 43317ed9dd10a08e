"""The least that a pass-through can do in Python, for comparison: no gateway does less.

Raw ASGI on uvicorn (httptools, uvloop). It looks up the SHA-256 of the key, parses and writes the
JSON anew, asks upstream through one aiohttp session, relays a stream as its bytes come, or parses
the reply, adds its tokens to a counter and writes it anew. No model look-up, limits, ledger or
telemetry, and a stream's tokens are not counted.

    python -m benchmarks.cloud_floor --upstream http://127.0.0.1:PORT --key KEY

Its first line is `{"address": ...}`.
"""

import argparse
import asyncio
import json
from hashlib import sha256
from typing import Any

import aiohttp
import uvicorn
import uvloop

from edgewise.web.connection import listen
from edgewise.web.server import Server

JSON = [(b"content-type", b"application/json")]
EVENTS = [(b"content-type", b"text/event-stream")]
WRONG_KEY = {
    "error": {
        "message": "Incorrect API key provided.",
        "type": "invalid_request_error",
        "param": None,
        "code": "invalid_api_key",
    }
}


class Floor:
    """The pass-through: `usage` is its whole bookkeeping."""

    def __init__(self, upstream: str, key: str) -> None:
        self._url = f"{upstream}/v1/chat/completions"
        self.usage = {"requests": 0, "tokens": 0}
        self._keys = {sha256(key.encode()).digest(): self.usage}
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass one request through."""
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        secret = dict(scope["headers"]).get(b"authorization", b"").removeprefix(b"Bearer ")
        usage = self._keys.get(sha256(secret).digest())
        if usage is None:
            await _whole(send, 401, json.dumps(WRONG_KEY).encode())
            return
        asked = json.loads(body)
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        async with self._session.post(
            self._url, data=json.dumps(asked).encode(), headers={"content-type": "application/json"}
        ) as reply:
            usage["requests"] += 1
            if asked.get("stream"):
                await _stream(send, reply)
                return
            told = json.loads(await reply.read())
            usage["tokens"] += told["usage"]["total_tokens"]
            await _whole(send, reply.status, json.dumps(told).encode())

    async def close(self) -> None:
        """End the connections to the upstream."""
        if self._session is not None:
            await self._session.close()


async def _whole(send: Any, status: int, body: bytes) -> None:
    length = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": JSON + length})
    await send({"type": "http.response.body", "body": body})


async def _stream(send: Any, reply: aiohttp.ClientResponse) -> None:
    await send({"type": "http.response.start", "status": reply.status, "headers": EVENTS})
    async for data in reply.content.iter_any():
        await send({"type": "http.response.body", "body": data, "more_body": True})
    await send({"type": "http.response.body"})


async def serve(upstream: str, key: str) -> None:
    """Serve on a free port of loopback until a signal comes."""
    config = uvicorn.Config(
        Floor(upstream, key),
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="error",
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )
    server = Server(config)
    with listen(0) as listening, server.ended_by_signals():
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        print(json.dumps({"address": address}), flush=True)
        await server.serve(sockets=[listening])


def main() -> None:
    """Serve the floor."""
    parser = argparse.ArgumentParser("python -m benchmarks.cloud_floor", description=__doc__)
    parser.add_argument("--upstream", required=True)
    parser.add_argument("--key", required=True)
    options = parser.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(options.upstream, options.key))


if __name__ == "__main__":
    main()
