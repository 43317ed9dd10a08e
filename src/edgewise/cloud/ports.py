"""What the routes over other shapes of API need of the platform: a completion, and the doors."""

from collections.abc import AsyncIterator
from typing import Any, Protocol

from starlette.requests import Request

from edgewise.cloud.caller import Caller, Endpoint


class Completer(Protocol):
    """Answers chat completions: admitted, metered and settled. `Gateway` is one."""

    def check_at_once(self, caller: Caller) -> None:
        """Raises Refused (429) while as many of the caller's requests run as may: to be asked
        before a body is read."""
        ...

    async def complete(
        self,
        caller: Caller,
        body: dict[str, Any],
        *,
        endpoint: Endpoint,
        until: float | None = None,
    ) -> dict[str, Any]:
        """A `chat.completion`; ended at `until`, on the event loop's clock. Raises Refused."""
        ...

    def stream(
        self,
        caller: Caller,
        body: dict[str, Any],
        *,
        endpoint: Endpoint,
        is_stream: bool = True,
        until: float | None = None,
    ) -> AsyncIterator[dict[str, Any]]:
        """`chat.completion.chunk`s, the last with `usage`. Closing it stops the upstream.

        `is_stream` is whether it counts as one of the caller's streams.
        Raises Refused, at the first step for what was not admitted.
        """
        ...


class Doors(Protocol):
    """Who calls and what was sent; the module `edgewise.cloud.doors` is one."""

    def caller_of(self, request: Request, /) -> Caller:
        """The caller by its key. Raises Refused (401)."""
        ...

    async def read_json(self, request: Request, limit_bytes: int, /) -> dict[str, Any]:
        """The body, a JSON object. Raises Refused (400, 413)."""
        ...


async def close(chunks: AsyncIterator[Any]) -> None:
    """Closes a stream of chunks, which stops its upstream."""
    aclose = getattr(chunks, "aclose", None)
    if aclose is not None:
        await aclose()
