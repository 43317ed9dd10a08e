"""A request whose client may go while a backend is asked: what it used is entered either way.

For answers that are asked for whole. A chat's, which may go on for minutes and must not cost a task
each, has a way of its own (`Gateway.chat`).
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from edgewise.cloud.backend import Line
from edgewise.cloud.exchange import STOP_S, Admission, settle_later
from edgewise.cloud.gateway import detail_of, raise_if_ended
from edgewise.cloud.ledger import Outcome
from edgewise.cloud.refusal import Refused
from edgewise.cloud.usage import NOTHING, Usage

Answer = TypeVar("Answer")
Used = Callable[[Answer | None], Awaitable[tuple[Usage, bool]]]
"""What a request used whose client left, and whether that is an estimate: of the answer that came
in time yet, or of none."""


async def answer_of(
    admission: Admission, line: Line, asking: Coroutine[Any, Any, Answer], used: Used[Answer]
) -> Answer:
    """The answer. Raises Refused, and settles then; when it is cancelled the backend is told, may
    still answer for `STOP_S`, and what `used` says of that is entered."""
    task = asyncio.create_task(asking)
    waiting = asyncio.shield(task)
    admission.flight.stop = waiting.cancel
    try:
        return await waiting
    except asyncio.CancelledError:
        line.hang_up()
        settle_later(_settle_left(admission, task, used))
        raise_if_ended(admission)
        raise
    except BaseException as error:
        admission.settle(Outcome.FAILED, NOTHING, detail=detail_of(error))
        if isinstance(error, Refused):
            error.headers.setdefault("x-request-id", admission.flight.facts.id)
        raise


async def _settle_left(
    admission: Admission, asking: asyncio.Task[Answer], used: Used[Answer]
) -> None:
    usage, estimated = NOTHING, False
    try:
        await asyncio.wait([asking], timeout=STOP_S)
        if not asking.done():
            asking.cancel()
            await asyncio.wait([asking])
        came = not asking.cancelled() and asking.exception() is None
        usage, estimated = await used(asking.result() if came else None)
    finally:
        admission.settle(Outcome.DISCONNECTED, usage, estimated=estimated)
