"""One answer of a cloud's model: attempts, retries and resumes behind one stream of pieces.

An attempt starts only if the breaker lets it and the deadline leaves the time that such an answer
takes. Before the first piece a failed attempt may be made again, within the retry budget; from then
on nothing is asked twice: a cut stream of our own platform is resumed strictly after the last event
that came, any other ends in a `CloudCut`. Source: reference note on routing, section 5.
"""

import math
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from msgspec import Struct

from edgewise.core.clock import Clock
from edgewise.core.endpoint import Endpoint, Service
from edgewise.errors import LinkError
from edgewise.think.breaker import Breaker, Key, Pass, Trouble
from edgewise.think.cloud_line import Attempt, CloudLine, Failed
from edgewise.think.cloud_wire import CloudCut, CloudDone, CloudPiece, Completion, Spent
from edgewise.think.event_lines import SentEvent
from edgewise.think.latency import Latency
from edgewise.think.retry_budget import RetryBudget

if TYPE_CHECKING:
    import httpx

_STREAM = re.compile(r"[A-Za-z0-9_-]{1,80}")
DEADLINE = "x-edgewise-deadline-ms"
"""The header by which a client says how much time is left: the platform's and the device's, too."""
LONGEST_RESUME_S = 300.0
LEAST_ANSWERS = 3
"""From fewer nothing is concluded about how long an answer takes."""
_UNAWAITED = frozenset({"left", Trouble.SLOW.value})
_MAY_BE_REPEATED = frozenset({Trouble.AWAY, Trouble.BUSY, Trouble.BROKEN})


class CloudLimits(Struct, frozen=True):
    """How long what may take, and how often. `read_s` is between two chunks; `pause_s` the first
    pause before another attempt, which doubles; `resumes` how often in a row a stream is come back
    to without a new event of it."""

    connect_s: float = 5.0
    read_s: float = 20.0
    pool_s: float = 2.0
    attempts: int = 3
    resumes: int = 5
    pause_s: float = 0.2


@dataclass(frozen=True, slots=True)
class Reach:
    """What all answers of one endpoint share. `client` gives the one that is open; `stop` has the
    platform end a stream that nobody reads any more."""

    endpoint: Endpoint
    clock: Clock
    limits: CloudLimits
    breaker: Breaker
    budget: RetryBudget
    whole: Latency
    begins: Latency
    round_trips: Latency
    jitter: Callable[[], float]
    pause: Callable[[float], Awaitable[None]]
    client: "Callable[[], httpx.AsyncClient]"
    stop: Callable[[str], None]

    @property
    def key(self) -> Key:
        """The breaker's."""
        return self.endpoint.name, self.endpoint.model


class CloudAnswer:
    """The pieces of an answer; the last is a `CloudDone` or a `CloudCut`. Iterate it once, or
    `aclose` it, which stops the model. `attempts` and `spent` may be read at any time.

    Raises LinkError where there is no answer at all: `cloud_away`, `cloud_slow`, `cloud_busy`,
    `cloud_broken`, `cloud_refused`, `cloud_budget` (no money there), `cloud_resting` (the breaker),
    `consent_withdrawn` (it may not be sent any more).
    """

    def __init__(
        self,
        reach: Reach,
        body: bytes,
        until: float,
        request_id: str,
        may_send: Callable[[], bool] = lambda: True,
    ) -> None:
        self.attempts: list[Attempt] = []
        self._reach = reach
        self._body = body
        self._until = until
        self._request_id = request_id
        self._may_send = may_send
        self._reader = Completion(reach.endpoint, len(body))
        self._stream = ""
        self._seen = 0
        self._has_hole = False
        self._is_billed = False
        self._earlier = Spent()
        self._pieces = self._all()

    def __aiter__(self) -> AsyncIterator[CloudPiece]:
        return self

    async def __anext__(self) -> CloudPiece:
        return await anext(self._pieces)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Ask no more of it; the model is stopped."""
        await self._pieces.aclose()

    @property
    def spent(self) -> Spent:
        """What it cost so far, failed attempts among it that a cloud had begun to answer."""
        if not self._is_billed:
            return self._earlier
        now, before = self._reader.spent, self._earlier
        return Spent(
            now.input_tokens + before.input_tokens,
            now.output_tokens + before.output_tokens,
            now.cost + before.cost,
            exact=now.exact and before == Spent(),
        )

    async def _all(self) -> AsyncGenerator[CloudPiece]:
        self._reach.budget.called()
        number = 0
        while True:
            number += 1
            given = self._enter()
            try:
                async with aclosing(self._attempt()) as pieces:
                    async for piece in pieces:
                        yield piece
                self._reach.breaker.succeeded(given)
                return
            except Failed as failed:
                self._count(given, failed)
                if self._reader.has_begun:
                    yield self._cut(failed)
                    return
                pause_s = self._pause_before_another(number, failed)
            except BaseException:  # it is left: who waits for a probe's end must learn of it
                self._reach.breaker.left(given)
                raise
            finally:
                self._let_go()
            await self._reach.pause(pause_s)

    async def _attempt(self) -> AsyncGenerator[CloudPiece]:
        reach = self._reach
        self._earlier = self.spent
        reader = self._reader = Completion(reach.endpoint, len(self._body))
        self._is_billed = False
        started, has_begun = reach.clock.monotonic(), False
        try:
            async with aclosing(self._events()) as events:
                async for event in events:
                    try:
                        pieces = reader.feed(event.data)
                    except LinkError:
                        raise Failed(Trouble.BROKEN, 200) from None
                    if pieces and not has_begun:
                        has_begun = True
                        reach.begins.add(reach.clock.monotonic() - started)
                    for piece in pieces:
                        yield piece
        except BaseException as error:
            if not has_begun and (not isinstance(error, Failed) or error.late):
                self._note_unbegun(reach.clock.monotonic() - started)
            raise
        reach.whole.add(reach.clock.monotonic() - started)
        yield CloudDone(reader.finish, self.spent)

    async def _events(self) -> AsyncGenerator[SentEvent]:
        """The events of one stream, over as many connections as it takes; it has come to its end
        when they are over. Raises Failed."""
        kind, request, idle = "ask", self._asking(), 0
        while True:
            line = CloudLine(self._reach.client(), request, self._reach.clock, self._until)
            before = self._seen
            try:
                async with aclosing(line.events()) as events:
                    async for event in events:
                        self._learn(line)
                        if self._is_new(event):
                            yield event
                failed = Failed(Trouble.BROKEN, line.status)
            except Failed as raised:
                failed = raised
            finally:
                self._learn(line)
                self._note(line, kind)
            idle = 0 if self._seen > before else idle + 1
            if not self._goes_on(kind, failed, idle):
                break
            if idle:
                await self._reach.pause(min(self._pause_s(idle), max(0.0, self._left_s())))
            kind, request = "resume", self._resuming()
        if not self._reader.finish:
            raise failed

    def _goes_on(self, kind: str, failed: Failed, idle: int) -> bool:
        """Whether a stream whose connection ended is come back to."""
        if self._reader.is_ended or not self._stream or failed.late:
            return False
        return idle <= self._reach.limits.resumes and not (kind == "resume" and failed.is_final)

    def _learn(self, line: CloudLine) -> None:
        """What a reply's head says."""
        self._is_billed |= line.status == 200
        own = self._reach.endpoint.service is Service.PLATFORM
        if own and not self._has_hole and _STREAM.fullmatch(line.stream):
            self._stream = line.stream

    def _is_new(self, event: SentEvent) -> bool:
        """Whether a stream's event is the next. One that was there already is dropped; raises
        Failed for a gap, which would leave a hole in the answer."""
        if not self._stream or not event.id:
            return True
        number = int(event.id) if event.id.isdigit() and len(event.id) < 16 else -1
        if 0 <= number <= self._seen:
            return False
        if number != self._seen + 1:
            self._has_hole, self._stream = True, ""
            raise Failed(Trouble.BROKEN, 200)
        self._seen = number
        return True

    def _note_unbegun(self, waited_s: float) -> None:
        """Keep how long an answer was waited for in vain, where that is longer than nearly all
        took: those that are left early would else make the cloud look ever faster."""
        begins = self._reach.begins
        if waited_s > begins.quantile(0.95) > 0:
            begins.add(waited_s)

    def _note(self, line: CloudLine, kind: str) -> None:
        endpoint = self._reach.endpoint
        # one that it has and nobody waited for: it was reading that, and may bill it
        self._is_billed |= line.is_sent and line.status == 0 and line.trouble in _UNAWAITED
        self.attempts.append(line.attempt(endpoint.name, endpoint.model, kind))
        if line.round_trip_s:
            self._reach.round_trips.add(line.round_trip_s)

    def _let_go(self) -> None:
        """Forget the stream; one that was left before its end is stopped in the cloud."""
        if self._stream and not self._reader.is_ended:
            self._reach.stop(self._stream)
        self._stream, self._seen, self._has_hole = "", 0, False

    # -- whether, and when

    def _enter(self) -> Pass:
        """Leave for an attempt. Raises LinkError without a byte sent."""
        reach, left_s, needed_s = self._reach, self._left_s(), self._needed_s()
        if not self._may_send():
            raise LinkError(
                f"nothing may be sent to {reach.endpoint.name} now; see `edgewise clouds`",
                code="consent_withdrawn",
            )
        if left_s <= 0 or left_s < needed_s:
            raise LinkError(
                f"{reach.endpoint.name} takes {needed_s:.1f} s for an answer and {left_s:.1f} s are"
                " left; allow it more time",
                code="cloud_slow",
            )
        given = reach.breaker.enter(reach.key)
        if isinstance(given, Pass):
            return given
        raise LinkError(
            f"{reach.endpoint.name} failed lately ({given.reason}) and is left alone for"
            f" {given.rest_s:.1f} s more; ask again then",
            code="cloud_resting",
        )

    def _pause_before_another(self, number: int, failed: Failed) -> float:
        """How long to wait before attempt `number + 1`. Raises LinkError where there is none."""
        reach = self._reach
        pause_s = failed.retry_after_s + self._pause_s(number)
        if (
            failed.trouble not in _MAY_BE_REPEATED
            or number >= reach.limits.attempts
            or self._left_s() - pause_s <= self._needed_s()
            or reach.breaker.standing(reach.key).rest_s > pause_s
            or not reach.budget.take()
        ):
            raise _error(reach.endpoint.name, failed) from None
        return pause_s

    def _pause_s(self, number: int) -> float:
        return self._reach.limits.pause_s * 2 ** (number - 1) * (0.5 + self._reach.jitter() / 2)

    def _left_s(self) -> float:
        return self._until - self._reach.clock.monotonic()

    def _needed_s(self) -> float:
        whole = self._reach.whole
        return whole.quantile(0.5) if whole.count >= LEAST_ANSWERS else 0.0

    def _count(self, given: Pass, failed: Failed) -> None:
        """Tell the breaker; a long answer that the deadline cut was no fault of the cloud."""
        if failed.late and self._reader.has_begun:
            self._reach.breaker.left(given)
            return
        self._reach.breaker.failed(given, failed.trouble, retry_after_s=failed.retry_after_s)

    def _cut(self, failed: Failed) -> CloudCut:
        reader = self._reader
        code = _error(self._reach.endpoint.name, failed).code
        return CloudCut(reader.text, tuple(reader.given), code, self.spent)

    # -- requests

    def _asking(self) -> "httpx.Request":
        reach, left_s = self._reach, self._left_s()
        headers = {
            "content-type": "application/json",
            "x-request-id": self._request_id,
            "idempotency-key": self._request_id,
            DEADLINE: str(max(0, int(left_s * 1000))),
        }
        if reach.endpoint.service is Service.PLATFORM:
            resume_s = min(LONGEST_RESUME_S, max(1.0, math.ceil(left_s)))
            headers["x-edgewise-resume"] = f"{resume_s:g}"
        return reach.client().build_request(
            "POST", "chat/completions", content=self._body, headers=headers
        )

    def _resuming(self) -> "httpx.Request":
        headers = {DEADLINE: str(max(0, int(self._left_s() * 1000)))}
        if self._seen:
            headers["last-event-id"] = str(self._seen)
        return self._reach.client().build_request("GET", f"streams/{self._stream}", headers=headers)


def _error(name: str, failed: Failed) -> LinkError:
    """What is told of a failure: the endpoint's name and a status, and no word of anybody's."""
    match failed.trouble:
        case Trouble.AWAY:
            return LinkError(
                f"{name} can not be reached; see whether there is a network", code="cloud_away"
            )
        case Trouble.SLOW:
            return LinkError(
                f"{name} did not answer in time; allow it more time", code="cloud_slow"
            )
        case Trouble.BUSY:
            return LinkError(
                f"{name} is busy (HTTP {failed.status}); ask again later", code="cloud_busy"
            )
        case Trouble.ACCOUNT if failed.status == 402:
            return LinkError(
                f"{name} has no budget left for this key; raise it there", code="cloud_budget"
            )
        case Trouble.ACCOUNT:
            return LinkError(
                f"{name} refuses the key or the model (HTTP {failed.status}); check both",
                code="cloud_refused",
            )
        case Trouble.REQUEST:
            return LinkError(
                f"{name} refuses this request (HTTP {failed.status}); shorten or change it",
                code="cloud_refused",
            )
        case Trouble.BROKEN:
            status = f" (HTTP {failed.status})" if failed.status else ""
            return LinkError(
                f"{name} broke off or answered nonsense{status}; ask again", code="cloud_broken"
            )
