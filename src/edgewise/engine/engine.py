"""A model in a process of its own, for whoever asks: started when wanted, ended when idle.

Orders are answered one at a time, in the order they came. An order that passes its deadline or is
given up is cancelled; a process that does not stop then is killed, and the next order starts
another. It does not know what orders mean.

Who holds `_turn` may send orders. It is given back by the order itself, or, when the process must
first stop working on it, by that task's end. Loading is a task of its own that outlives who waits
for it. `close` ends the process whoever holds the turn.
"""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from typing import Any, TypeVar

from edgewise.engine.child import Child, EngineSettings
from edgewise.engine.frame import Frame, Kind
from edgewise.errors import EdgewiseError, ModelError

T = TypeVar("T")


class Engine:
    """One model's process. For one event loop; close it in the end."""

    def __init__(self, settings: EngineSettings) -> None:
        self.settings = settings
        self._child: Child | None = None
        self._loading: asyncio.Task[Child] | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._last_order = 0
        self._idle: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    @property
    def is_loaded(self) -> bool:
        """Whether the process runs and is ready."""
        return self._child is not None and not self._child.ended

    @property
    def process_id(self) -> int | None:
        """Of the running process."""
        return self._child.process.pid if self._child is not None and self.is_loaded else None

    async def ask(self, order: bytes, *, deadline_s: float) -> AsyncGenerator[bytes, None]:
        """The reports on `order` as they come, within `deadline_s` from now (its wait and the
        loading included; a model that is loaded too late for it is there for the next).

        Raises ModelError (`model_busy`: too many wait; `model_timed_out`; `model_crashed`;
        `model_missing`) and what the process tells of the order itself.
        """
        deadline = asyncio.get_running_loop().time() + deadline_s
        try:
            await self._take_turn(deadline)
            self._last_order += 1
            number = self._last_order
            busy: Child | None = None  # with this order, for all that is known here
            try:
                busy = await self._loaded(deadline)
                await busy.send(Frame(Kind.ORDER, number, order), deadline)
                while (frame := await busy.receive(number, deadline)).kind is Kind.REPORT:
                    yield frame.body
                busy = None
            except EdgewiseError:
                busy = None  # the process told that it failed, or is gone
                raise
            finally:
                self._give_turn(busy, number)
        except TimeoutError:
            told = f"{self.settings.name} did not answer within {deadline_s:g} s"
            raise ModelError(told, code="model_timed_out") from None

    async def warm(self) -> None:
        """Load the model now. Raises as `ask`."""
        await self._loaded()

    async def close(self) -> None:
        """End the process; orders in progress are lost."""
        self._closed = True
        if self._idle is not None:
            self._idle.cancel()
        if self._loading is not None:
            self._loading.cancel()
        if self._child is not None:
            await self._child.end()
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _take_turn(self, deadline: float) -> None:
        if self._waiting >= self.settings.most_waiting:
            told = f"{self.settings.name} has {self._waiting} orders waiting; try again soon"
            raise ModelError(told, code="model_busy")
        self._waiting += 1
        try:
            async with asyncio.timeout_at(deadline):
                await self._turn.acquire()
        finally:
            self._waiting -= 1

    def _give_turn(self, busy: Child | None, number: int) -> None:
        """Let the next order come, once no process works any more on the one before."""

        def freed(task: asyncio.Task[None]) -> None:
            if busy is not None and (task.cancelled() or task.exception() is not None):
                busy.kill()
            self._let_next()

        if busy is None or busy.ended:
            self._let_next()
        else:
            self._run(busy.stop(number)).add_done_callback(freed)

    def _let_next(self) -> None:
        self._turn.release()
        self._await_idle()

    async def _loaded(self, deadline: float | None = None) -> Child:
        """The process, ready; whoever waits may leave, loading goes on."""
        self._check_open()
        if self._loading is None:
            if self._child is not None and not self._child.ended:
                return self._child
            self._loading = self._run(self._load())
            self._loading.add_done_callback(self._on_loaded)
        loading = self._loading
        async with asyncio.timeout_at(deadline):
            await asyncio.wait({loading})
        self._check_open()
        return loading.result()

    async def _load(self) -> Child:
        if self._child is not None:
            await self._child.end(at_once=True)  # its memory is free before another takes as much
        self._child = await Child.start(self.settings)
        return self._child

    def _on_loaded(self, loading: asyncio.Task[Child]) -> None:
        self._loading = None
        if not loading.cancelled():
            loading.exception()  # told to whoever waits; nobody has to
        self._await_idle()

    def _check_open(self) -> None:
        if self._closed:
            raise ModelError(f"{self.settings.name} is closed", code="model_missing")

    def _await_idle(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        if not self._closed:
            loop = asyncio.get_running_loop()
            self._idle = loop.call_later(self.settings.idle_s, self._end_when_idle)

    def _end_when_idle(self) -> None:
        if self._turn.locked() or self._waiting or self._loading is not None:
            return  # the end of each of them comes here again
        if self._child is not None and not self._child.ended:
            self._child.ended = True  # from now on; the task begins a little later
            self._run(self._child.end())

    def _run(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
