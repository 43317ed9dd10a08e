"""Asks a cloud on loopback, on a clock that stands still unless a pause or the test moves it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from edgewise.core.endpoint import Endpoint, Service
from edgewise.testing.clock import ManualClock
from edgewise.testing.upstream.application import Upstream
from edgewise.testing.upstream.directive import Directive
from edgewise.testing.upstream.server import started_upstream
from edgewise.think.chat import ChatTurn, Role
from edgewise.think.cloud_answer import CloudAnswer, CloudLimits
from edgewise.think.cloud_model import CloudModel
from edgewise.think.cloud_wire import CloudPiece, CloudText

KEY = "sk-canary-of-the-key"


@dataclass
class Asking:
    """A model of a cloud, and how to ask it."""

    model: CloudModel
    clock: ManualClock
    pauses: list[float] = field(default_factory=list)
    count: int = 0

    def ask(self, text: str = "hello", **asked: Any) -> CloudAnswer:
        """An answer to one line."""
        self.count += 1
        given = {"deadline_s": 20.0, "request_id": f"turn-{self.count}"} | asked
        return self.model.ask([ChatTurn(Role.USER, text)], **given)


@asynccontextmanager
async def asking(address: str, **changes: Any) -> AsyncGenerator[Asking]:
    """A model at `address`; `changes` are fields of its endpoint, or `key` and `limits`."""
    clock = ManualClock()
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        clock.advance(seconds)

    key = changes.pop("key", KEY)
    limits = changes.pop("limits", CloudLimits())
    given = {"name": "far", "model": "fake", "region": "CN"} | changes
    endpoint = Endpoint(address=f"{address}/v1", **given)
    model = CloudModel(endpoint, key, clock=clock, limits=limits, jitter=lambda: 0.5, pause=pause)
    try:
        yield Asking(model, clock, pauses)
    finally:
        await model.close()


@asynccontextmanager
async def asking_upstream(
    directive: Directive | None = None, **changes: Any
) -> AsyncGenerator[tuple[Asking, Upstream]]:
    """A model over an upstream that does as `directive` says."""
    async with (
        started_upstream(directive=directive, key=KEY) as upstream,
        asking(upstream.address, **changes) as asked,
    ):
        yield asked, upstream


async def pieces_of(answer: CloudAnswer) -> list[CloudPiece]:
    """All of them."""
    async with answer:
        return [piece async for piece in answer]


def text_of(pieces: list[CloudPiece]) -> str:
    """What is to be shown."""
    return "".join(piece.text for piece in pieces if isinstance(piece, CloudText))


PLATFORM = {"service": Service.PLATFORM}
