"""A model in a process of its own that answers several orders at once (`serving.SharedHandler`).

As `Engine`, but orders do not wait for one another: each has a queue, and one task hands what the
process writes to the queue of its order. An order that is given up is cancelled over there and
forgotten here; the others go on.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

from edgewise.engine.child import Child, EngineSettings, error_of
from edgewise.engine.engine import Engine
from edgewise.engine.frame import Frame, Kind, failures
from edgewise.errors import ModelError

CANCEL_S = 5.0
FOREVER = float("inf")


class SharedEngine(Engine):
    """One model's process. For one event loop; close it in the end. `settings.most_waiting` is how
    many orders it takes at once."""

    def __init__(self, settings: EngineSettings) -> None:
        super().__init__(settings)
        self._inboxes: dict[int, asyncio.Queue[Frame | ModelError]] = {}
        self._read: Child | None = None
        """The process whose frames are handed out."""

    async def ask(self, order: bytes, *, deadline_s: float) -> AsyncGenerator[bytes, None]:
        """See `Engine.ask`."""
        if len(self._inboxes) >= self.settings.most_waiting:
            told = f"{self.settings.name} answers {len(self._inboxes)} orders; try again soon"
            raise ModelError(told, code="model_busy")
        deadline = asyncio.get_running_loop().time() + deadline_s
        self._last_order += 1
        number = self._last_order
        inbox = self._inboxes[number] = asyncio.Queue()
        busy: Child | None = None  # with this order, for all that is known here
        try:
            busy = await self._listened(deadline)
            await busy.send(Frame(Kind.ORDER, number, order), deadline)
            while True:
                async with asyncio.timeout_at(deadline):
                    frame = await inbox.get()
                if isinstance(frame, ModelError):
                    busy = None
                    raise frame
                if frame.kind is not Kind.REPORT:
                    busy = None
                    if frame.kind is Kind.FAILED:
                        raise error_of(failures.decode(frame.body))
                    return
                yield frame.body
        except TimeoutError:
            told = f"{self.settings.name} did not answer within {deadline_s:g} s"
            raise ModelError(told, code="model_timed_out") from None
        finally:
            del self._inboxes[number]
            if busy is not None and not busy.ended:
                self._run(_cancel(busy, number))
            self._await_idle()

    async def _listened(self, deadline: float) -> Child:
        """The process, ready, with a task that hands its frames out."""
        child = await self._loaded(deadline)
        if self._read is not child:
            self._read = child
            self._run(self._hand_out(child))
        return child

    async def _hand_out(self, child: Child) -> None:
        while True:
            try:
                frame = await child.next(FOREVER)
            except ModelError as error:
                for inbox in self._inboxes.values():
                    inbox.put_nowait(error)
                return
            if (inbox := self._inboxes.get(frame.order)) is not None:
                inbox.put_nowait(frame)

    def _end_when_idle(self) -> None:
        if not self._inboxes:
            super()._end_when_idle()


async def _cancel(child: Child, number: int) -> None:
    """Tell the process that nobody wants an order; one that takes no more is of no use."""
    deadline = asyncio.get_running_loop().time() + CANCEL_S
    with suppress(TimeoutError):
        await child.send(Frame(Kind.CANCEL, number), deadline)
        return
    child.kill()
