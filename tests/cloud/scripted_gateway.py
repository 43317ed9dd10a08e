"""A gateway that plays a script of steps, and the platform's routes around it on loopback.

It fails when it is asked more often than the script has steps. `bodies` keeps what it was asked.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette

from edgewise.cloud.agent_api import AgentApi
from edgewise.cloud.caller import Caller, Endpoint, KeyKind
from edgewise.core.exchange import MESSAGE_LIMIT_BYTES
from edgewise.web.connection import FastConnection
from tests.on_loopback import on_loopback

Step = list[dict[str, Any]]
Play = Step | Exception | Callable[[dict[str, Any]], Step]
"""A step, one that fails, or one that is made of what the model was asked."""


def words(*pieces: str) -> Step:
    """A step in which the model writes."""
    said = [{"choices": [{"index": 0, "delta": {"content": piece}}]} for piece in pieces]
    return [*said, {"choices": [], "usage": {"prompt_tokens": 10, "completion_tokens": 2}}]


def tools(*calls: tuple[str, dict[str, Any]]) -> Step:
    """A step in which the model calls tools, their arguments in two pieces each."""
    pieces: Step = []
    for index, (name, arguments) in enumerate(calls):
        text = json.dumps(arguments)
        for number, part in enumerate((text[:3], text[3:])):
            function = {"arguments": part} | ({"name": name} if number == 0 else {})
            call = {"index": index, "id": f"x{index}", "function": function}
            pieces.append({"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]})
    return [*pieces, {"choices": [], "usage": {"prompt_tokens": 10, "completion_tokens": 5}}]


class ScriptedGateway:
    """Plays `steps`; with a `gate`, each step waits for it before its last chunk."""

    def __init__(self, steps: Iterable[Play], gate: asyncio.Event | None = None):
        self.bodies: list[dict[str, Any]] = []
        self.callers: list[Caller] = []
        self.closed = 0
        self.asked = asyncio.Event()
        self.stopped = asyncio.Event()
        self._steps = deque(steps)
        self._gate = gate

    def check_at_once(self, caller: Caller) -> None:
        """It has room for everybody."""

    async def complete(
        self,
        caller: Caller,
        body: dict[str, Any],
        *,
        endpoint: Endpoint,
        until: float | None = None,
    ) -> dict[str, Any]:
        raise AssertionError("thinking streams")

    async def stream(
        self,
        caller: Caller,
        body: dict[str, Any],
        *,
        endpoint: Endpoint,
        is_stream: bool = True,
        until: float | None = None,
    ) -> AsyncIterator[dict[str, Any]]:
        assert endpoint is Endpoint.AGENT
        self.bodies.append(json.loads(json.dumps(body)))
        self.callers.append(caller)
        self.asked.set()
        assert self._steps, "the script is over"
        step = self._steps.popleft()
        if isinstance(step, Exception):
            raise step
        if callable(step):
            step = step(self.bodies[-1])
        try:
            for number, chunk in enumerate(step):
                if self._gate is not None and number == len(step) - 1:
                    await self._gate.wait()
                yield chunk
        except (GeneratorExit, asyncio.CancelledError):
            self.closed += 1
            self.stopped.set()
            raise

    def told(self, step: int) -> list[dict[str, Any]]:
        """What the tools answered before that step, newest group."""
        messages = self.bodies[step]["messages"]
        return [json.loads(m["content"]) for m in messages if m["role"] == "tool"]


def device(name: str = "car-1", project: str = "p", key: str = "") -> Caller:
    return Caller(key or f"k-{name}", KeyKind.DEVICE, "o", project, name)


@dataclass
class Keys:
    """A fake directory: secrets and whose they are."""

    known: dict[str, Caller] = field(default_factory=lambda: {"secret": device()})

    def find(self, secret: str) -> Caller | None:
        return self.known.get(secret)


@asynccontextmanager
async def served(api: AgentApi, port: int = 0) -> AsyncGenerator[str]:
    """The routes behind the real web server on loopback: its address."""
    app = Starlette(routes=api.routes())
    config = uvicorn.Config(
        app,
        http=FastConnection,
        ws="websockets-sansio",
        ws_max_size=MESSAGE_LIMIT_BYTES + 4_096,
        ws_max_queue=16,
        lifespan="off",
        log_config=None,
        access_log=False,
    )
    async with on_loopback(config, port, grace_s=2) as address:
        try:
            yield address
        finally:
            await api.close()
