"""A client behind a link that fails: it falls back, and nothing marked leaves the device.

python chaos.py
"""

import asyncio

import httpx

from edgewise.testing.chaos import ChaosProxy
from edgewise.testing.chaos_faults import PROFILES
from edgewise.testing.upstream.server import started_upstream

CANARY = "home address canary-5b1e"  # stands in what must stay on the device


async def ask(client: httpx.AsyncClient, address: str, text: str) -> str:
    """Your own client goes here: what it says when the cloud does not answer is the test."""
    body = {"model": "fake", "messages": [{"role": "user", "content": text}]}
    try:
        answer = await client.post(f"{address}/chat/completions", json=body)
        return answer.raise_for_status().json()["choices"][0]["message"]["content"]
    except httpx.HTTPError as error:
        return f"(on the device, after {type(error).__name__})"


async def main() -> None:
    """One question under several profiles, and what the proxy saw."""
    async with (
        started_upstream() as cloud,
        ChaosProxy(cloud.url, seed=1, canaries=[CANARY]) as proxy,
        httpx.AsyncClient(timeout=0.3, trust_env=False) as client,
    ):
        for name in ("healthy", "cloud_down", "half_open"):
            proxy.change(PROFILES[name])
            print(f"{name}: {await ask(client, proxy.address, 'hello')}")
        print(f"{proxy.traffic.requests} requests left")
        proxy.check_nothing_found()


asyncio.run(main())
