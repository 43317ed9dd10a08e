"""One request between its client and a backend, from the first byte to the settled entry.

Whoever holds an `Exchange` reads its batches to the end or closes them; either way it is settled
once, with what the upstream produced. When the reader leaves, the upstream is told to stop, what it
had written by then is still read and counted, and only then is it settled.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing, suppress
from typing import Any, TypeVar

import msgspec

from edgewise.cloud.aggregate import Aggregate
from edgewise.cloud.backend import Reply, read_all
from edgewise.cloud.budget import Budgets, Reservation
from edgewise.cloud.caller import Caller
from edgewise.cloud.config import ModelConfig
from edgewise.cloud.deadline import deadline_passed
from edgewise.cloud.ledger import Entry, Flight, Ledger, Outcome
from edgewise.cloud.limits import Place
from edgewise.cloud.refusal import SERVER_STOPPING, Refused
from edgewise.cloud.relay import DONE, Relay
from edgewise.cloud.request_log import Content
from edgewise.cloud.usage import Usage
from edgewise.errors import LinkError

STOP_S = 1.0
"""How long an upstream that was told to stop may go on telling what it had written."""
MOST_ANSWER_BYTES = 64 * 1024 * 1024

_settling: set[asyncio.Task[Any]] = set()
Result = TypeVar("Result")


class Admission:
    """A request that was let in: what it holds until it is settled."""

    __slots__ = (
        "_budgets",
        "_deadline",
        "_ledger",
        "_most",
        "_reservation",
        "caller",
        "content",
        "first_ms",
        "flight",
        "model",
        "on_end",
        "place",
    )

    def __init__(
        self,
        caller: Caller,
        model: ModelConfig,
        most: Usage,
        flight: Flight,
        place: Place,
        reservation: Reservation,
        ledger: Ledger,
        budgets: Budgets,
    ) -> None:
        self.caller = caller
        self.model = model
        self.flight = flight
        self.place = place
        self.first_ms = 0.0
        self.content: Content | None = None  # what is said, where the project lets it be logged
        self.on_end: Callable[[Admission, Entry], None] | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._most = most
        self._reservation = reservation
        self._ledger = ledger
        self._budgets = budgets

    def note(self, usage: Usage) -> None:
        """Note what was used so far."""
        if not self.first_ms:
            self.first_ms = (time.monotonic() - self.flight.began) * 1000
        self._ledger.count(self.flight, usage)

    def count(self, usage: Usage, *, input_told: bool = False) -> None:
        """Note what was used so far; once the upstream told the input, what was held for more of it
        is given back. Raises Refused (402) when that is more than could be thought and no budget is
        left for it."""
        self.note(usage)
        if input_told and 0 < usage.input_tokens < self._most.input_tokens:
            self._most = msgspec.structs.replace(self._most, input_tokens=usage.input_tokens)
            cost = self._ledger.cost(self.model.name, self._most)
            self._budgets.shrink(self._reservation, cost)
        most = self._most
        if (
            usage.output_tokens > most.output_tokens
            or usage.input_tokens > most.input_tokens
            or usage.searches > most.searches
            or usage.characters > most.characters
            or usage.audio_output_ms > most.audio_output_ms
            or usage.audio_input_ms > most.audio_input_ms
        ):
            cost = self._ledger.cost(self.model.name, usage)
            if not self._budgets.extend(self._reservation, cost):
                raise Refused(402, "budget_exceeded", "the budget was spent while this was written")

    def end_at(self, until: float) -> None:
        """End it then, on the event loop's clock, unless it is settled before."""
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_at(until, self.flight.end, deadline_passed())

    def settle(
        self, outcome: Outcome, usage: Usage, *, estimated: bool = False, detail: str = ""
    ) -> Entry:
        """Enter the request and give back what it holds, whatever fails."""
        if self._deadline is not None:
            self._deadline.cancel()
        if self.flight.ended_by is not None and outcome is not Outcome.DONE:
            outcome, detail = ended_as(self.flight.ended_by)
        cost_nano = 0
        try:
            entry = self._ledger.settle(
                self.flight, outcome, usage, estimated=estimated, detail=detail
            )
            cost_nano = entry.cost_nano
        finally:
            self._budgets.settle(self._reservation, cost_nano)
            self.place.leave(usage.tokens)
        if self.on_end is not None:
            self.on_end(self, entry)
        return entry


class Exchange:
    """A chat completion under way; a context manager that settles what was not read to the end."""

    def __init__(
        self,
        admission: Admission,
        reply: Reply,
        relay: Relay,
        on_end: Callable[[], None],
    ) -> None:
        self.admission = admission
        self._reply = reply
        self._relay = relay
        self._on_end = on_end
        self._refused: Refused | None = None
        self._reading: asyncio.Task[Any] | None = None
        self._stopping: asyncio.Task[None] | None = None
        admission.flight.stop = self.end
        if admission.flight.ended_by is not None:
            self.end()

    async def batches(self) -> AsyncGenerator[list[bytes], None]:
        """The JSON of the stream's events as they come, without `[DONE]`; settled at the end.

        Raises Refused when the upstream fails on the way; what it produced is billed.
        """
        outcome, detail = Outcome.DISCONNECTED, ""
        try:
            self._check()
            if not self._reply.is_stream:
                yield await self._whole()
                self._check()
            while not self._relay.ended:
                self._reading = asyncio.current_task()
                data = await self._reply.read()
                self._reading = None
                if not data:
                    if (last := self._relay.cut()) is not None:
                        yield [last]
                    break
                batch = self._feed(data)
                if batch:
                    yield batch
                self._check()
            outcome = Outcome.DONE
        except (asyncio.CancelledError, LinkError, Refused) as error:
            if (refused := self._refusal_for(error)) is None:
                raise
            outcome, detail = Outcome.FAILED, refused.problem.code or ""
            raise refused from error.__cause__ if refused is error else error
        finally:
            self._reading = None
            if outcome is Outcome.DONE and self._stopping is None:
                self._settle(outcome, detail)
                await self._reply.close(is_whole=True)
            else:
                await self._stop(outcome, detail)

    async def completion(self) -> dict[str, Any]:
        """The whole answer as one chat.completion. Raises Refused."""
        whole = Aggregate()
        async with aclosing(self.batches()) as batches:
            async for batch in batches:
                whole.feed(batch)
        return whole.completion()

    def end(self) -> None:
        """End it now, as one that failed midway by what ended its flight."""
        why = self._refused = self.admission.flight.ended_by
        assert why is not None, "its flight was ended"
        if self._reading is not None:
            self._reading.cancel()
        elif self._stopping is None:  # whoever reads it is busy with what it had
            self._stopping = settle_later(self._drain(*ended_as(why)))

    async def __aenter__(self) -> "Exchange":
        return self

    async def __aexit__(self, *_: object) -> None:
        if not self.admission.flight.settled:
            await self._stop(Outcome.DISCONNECTED, "")

    def _check(self) -> None:
        if self._refused is not None:
            raise self._refused

    def _refusal_for(self, error: BaseException) -> Refused | None:
        """What the reader is told when the exchange ends by this; None for a reader that left."""
        if isinstance(error, asyncio.CancelledError):  # `end` cancels too: that is taken back
            task = asyncio.current_task()
            others = task is None or self._refused is None or task.uncancel() > 0
            return None if others else self._refused
        if self._refused is not None:
            return self._refused
        if isinstance(error, Refused):
            return error
        return Refused(502, "upstream_broken", f"{error}; try again")

    def _feed(self, data: bytes) -> list[bytes]:
        """The events that `data` completes; what they tell is counted, whatever becomes of them.
        Those before one that ends the stream still go to the client."""
        batch: list[bytes] = []
        try:
            batch.extend(self._relay.feed(data))
            if self.admission.content is not None:
                self.admission.content.add(batch)
            self.admission.count(self._relay.usage, input_told=self._relay.told)
        except Refused as refused:
            self.admission.note(self._relay.usage)
            if not batch:
                raise
            self._refused = refused
        return batch

    async def _whole(self) -> list[bytes]:
        """A backend answered a stream's request with one object: make it the stream's one event."""
        self._reading = asyncio.current_task()
        raw = await read_all(self._reply, MOST_ANSWER_BYTES)
        self._reading = None
        try:
            chunk = msgspec.json.encode(_chunk_of(raw))
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            raise LinkError(f"the upstream's answer is no completion ({error})") from error
        return self._feed(b"data: " + chunk + b"\n\ndata: " + DONE + b"\n\n")

    async def _stop(self, outcome: Outcome, detail: str) -> None:
        """Stop the upstream, count what it had written, settle; goes on if the caller is gone."""
        if self._stopping is None:
            self._stopping = settle_later(self._drain(outcome, detail))
        await asyncio.shield(self._stopping)

    async def _drain(self, outcome: Outcome, detail: str) -> None:
        try:
            self._relay.count(b"")
            stops = not self._relay.ended and self._reply.stop()
            with suppress(TimeoutError, LinkError):
                async with asyncio.timeout(STOP_S if stops else 0):  # 0: what is here already
                    while not self._relay.ended and (data := await self._reply.read()):
                        self._relay.count(data)
                        self.admission.note(self._relay.usage)
        finally:
            self._settle(outcome, detail)
            await self._reply.close()

    def _settle(self, outcome: Outcome, detail: str) -> None:
        if self.admission.flight.settled:
            return
        self._on_end()
        relay = self._relay
        if outcome is Outcome.DISCONNECTED or self.admission.flight.ended_by is not None:
            relay.leave()
        self.admission.settle(outcome, relay.usage, estimated=relay.estimated, detail=detail)


def ended_as(why: Refused) -> tuple[Outcome, str]:
    """How a request is entered that was ended by this, and its detail."""
    code = why.problem.code or ""
    return (Outcome.CANCELLED if code == SERVER_STOPPING else Outcome.FAILED), code


def _chunk_of(raw: bytes) -> dict[str, Any]:
    """A completion as the one chunk of a stream. Raises MsgspecError when it is none."""
    answer: dict[str, Any] = msgspec.json.decode(raw, type=dict[str, Any])
    choices = msgspec.convert(answer.get("choices") or [], list[dict[str, Any]])
    for choice in choices:
        delta = msgspec.convert(choice.pop("message", None) or {}, dict[str, Any])
        calls = msgspec.convert(delta.pop("tool_calls", None) or [], list[dict[str, Any]])
        if calls:
            delta["tool_calls"] = [{**call, "index": at} for at, call in enumerate(calls)]
        choice["delta"] = delta
    return {**answer, "choices": choices, "object": "chat.completion.chunk"}


def settle_later(work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
    """Run what must not be left half done when who waits for it is cancelled; `settled` waits."""
    task = asyncio.create_task(work)
    _settling.add(task)
    task.add_done_callback(_settling.discard)
    return task


async def settled() -> None:
    """Wait until every exchange that was left is settled."""
    while _settling:
        await asyncio.wait(list(_settling))
