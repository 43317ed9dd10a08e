"""Acting on the calls of one turn: resolve, decide, perform, in that order and by no other way.

Calls run in the order they were said. A slow motor does not hold up the rest: once a write was
handed over, the next call goes on after `PATIENCE_S`, unless it writes the same targets or its
decision looked at one of them; then it waits, because a write that fails must not count as done. A
call that would have to be asked about is decided once more after the rest of the sentence, which
may have settled it ("air conditioning on and close the windows"). A step that builds on the one
before it is not done without that one (`stepwise.py`). What a call waits for others of
its sentence does not make it old (rule 36), but past the turn's own deadline no call begins. What
has begun by then is read back all the same, however long that takes: a motor that runs is no
failure because somebody wanted an answer sooner, and what can be undone has to be known.

The policy is always asked without a yes first: a yes counts only for the rules that were shown
(`agreed.py`). Where the state decided on is old by the time of the write, it is asked once more,
and that decision is the one that counts.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from edgewise.act.decide import decide, would_allow
from edgewise.act.facts import gather
from edgewise.act.perform import Objection, expired, perform
from edgewise.act.resolve import resolve
from edgewise.agent.agreed import covers
from edgewise.agent.home import Home
from edgewise.agent.marker import Marker
from edgewise.agent.not_done import held, unresolved, without
from edgewise.agent.stepwise import Steps, left, waiting
from edgewise.agent.traced import TracedReadings, seen_aims, seen_state, traced
from edgewise.core.call import (
    Allow,
    Ask,
    Call,
    Decision,
    Deny,
    Effect,
    Impossible,
    Missing,
    Resolved,
    Result,
    Status,
)
from edgewise.core.capability import Capability
from edgewise.core.event import (
    CallDecided,
    CallFinished,
    CallResolved,
    CallStarted,
    Event,
    PendingCall,
)
from edgewise.core.message import Speaker
from edgewise.core.signal import JsonValue, Reading, Snapshot
from edgewise.core.words import Words

PATIENCE_S = 0.25
"""How long a call is waited for before the next one starts; most signals show within 20 ms."""
DECISION_S = 0.1
"""A decision on a state older than this is made once more before the write."""


@dataclass(slots=True)
class Ledger:
    """What really happened in a turn; the answer is made from it and from nothing else.

    `undoable` are the results of capabilities that can be undone by writing the old values back.
    """

    results: list[Result] = field(default_factory=list[Result])
    undoable: list[Result] = field(default_factory=list[Result])
    pending: list[PendingCall] = field(default_factory=list[PendingCall])
    missing: list[tuple[Call, Missing]] = field(default_factory=list[tuple[Call, Missing]])
    moving: dict[asyncio.Task[Result], tuple[Effect, ...]] = field(
        default_factory=dict[asyncio.Task[Result], tuple[Effect, ...]]
    )

    by_program: bool = False
    """Whether what is asked about was proposed by a program, the cloud's agent too."""
    cut_off: bool = False
    """Whether writes were under way when the turn ended: what they changed is not known."""

    @property
    def changed(self) -> dict[str, JsonValue]:
        """Every target that changed, with the value last read back."""
        return {t: v for result in self.results for t, v in result.changed.items()}


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a call means and what the policy is told of it (`None`: it can not be decided), from
    readings of one moment; `readings` knows which of them were looked at."""

    resolution: Missing | Impossible | Resolved
    facts: dict[str, JsonValue] | None
    readings: TracedReadings
    at: float


@dataclass(frozen=True, slots=True)
class _Judged:
    """A decision, the facts it was made on, and whether a yes was needed and at hand."""

    decision: Decision
    facts: dict[str, JsonValue]
    confirmed: bool
    took_ms: float = 0.0


class Acting:
    """Carries out the calls of one turn for one speaker and keeps the ledger.

    `agreed` maps a call's id to what the person was shown and has said yes to; `extra` are readings
    of the session that functions may need (undo, the last answer). `until` is when the turn is of
    no use any more, by the device's monotonic clock.
    """

    def __init__(
        self,
        home: Home,
        speaker: Speaker,
        mark: Marker,
        agreed: Mapping[str, PendingCall],
        extra: dict[str, Reading],
        until: float = math.inf,
    ) -> None:
        self.ledger = Ledger()
        self._until = until
        self._home = home
        self._speaker = speaker
        self._mark = mark
        self._agreed = agreed
        self._extra = extra
        self._postponed: dict[str, tuple[Call, _Judged | None, float]] = {}
        self._steps = Steps()
        self._overruled: dict[str, tuple[Call, _Judged]] = {}

    async def carry_out(self, calls: Sequence[Call]) -> AsyncIterator[Event]:
        """The events of all calls, until the last one was handed over, refused, or asks. What asks
        waits in the order in which it was said."""
        began = self._home.clock.monotonic()
        for number, call in enumerate(calls, 1):
            is_last = number == len(calls)
            async for event in self._act(self._as_old_as(call, began), is_last=is_last):
                yield event
        for call, _, since in list(self._postponed.values()):
            async for event in self._act(self._as_old_as(call, since), is_last=True):
                yield event
        said = {call.id: number for number, call in enumerate(calls)}
        self.ledger.pending.sort(key=lambda waiting: said.get(waiting.call.id, len(said)))

    async def read_back(self) -> AsyncIterator[Event]:
        """The events of what is still on its way, until the last call was read back or failed."""
        while self.ledger.moving:
            for event in await self._settled(None):
                yield event

    def close(self) -> None:
        """Wait for nothing any more; what is still on its way may have changed anything."""
        self.ledger.cut_off = bool(self.ledger.moving)
        for task in self.ledger.moving:
            task.cancel()

    async def _act(self, call: Call, *, is_last: bool) -> AsyncIterator[Event]:
        self._mark.lap_ms()
        while self._is_moving((seen := await self._see(call)).readings.seen):
            since = self._home.clock.monotonic()
            for event in await self._settled(None):
                yield event
            call = self._as_old_as(call, since)
        resolution, resolved_ms = seen.resolution, self._mark.lap_ms()
        away = self._away(resolution, tuple(seen.readings.seen))
        judged: _Judged | None = None
        if away is None and isinstance(resolution, Resolved) and seen.facts is not None:
            judged = self._decide(call, resolution, seen.facts)
        self._steps.note(call, self._stepwise(call, seen))
        if self._is_postponed(call, judged, is_last=is_last):
            return
        yield self._mark(
            CallResolved,
            call=call,
            resolution=resolution,
            state=seen_state(seen.readings),
            aims=seen_aims(seen.readings),
            took_ms=resolved_ms,
        )
        if away is not None:
            yield self._finish(without(call, away))
        elif self._steps.is_left(call):
            yield self._finish(left(call))
        elif judged is None or not isinstance(resolution, Resolved):
            yield self._unresolved(call, resolution)
        else:
            yield self._decided(call, judged, self._mark.lap_ms())
            if not isinstance(judged.decision, Allow):
                yield self._refused(call, resolution, judged.decision)
            elif self._steps.waits(call):
                yield self._waits(call)
            else:
                async for event in self._perform(call, resolution, seen.at):
                    yield event

    def _stepwise(self, call: Call, seen: _Seen) -> Collection[str]:
        """The targets of which `call` takes a step, or looks at what a step left there."""
        function = self._home.catalogue.get(call.capability)
        reads = function.reads if function else ()
        return self._home.drivers.stepwise((*reads, *seen.readings.seen))

    def _is_postponed(self, call: Call, judged: _Judged | None, *, is_last: bool) -> bool:
        """Whether `call` comes once more after the rest of the sentence, which may settle what it
        asks; the steps that build on it come after it."""
        if call.id in self._postponed:
            return False
        asks = judged is not None and isinstance(judged.decision, Ask) and not is_last
        if not asks and not self._steps.is_behind_postponed(call):
            return False
        self._postponed[call.id] = (call, judged, self._home.clock.monotonic())
        self._steps.postpone(call)
        return True

    def _unresolved(self, call: Call, resolution: Missing | Impossible | Resolved) -> CallFinished:
        """What comes of a call that can not be resolved, or not before the step that asks."""
        if self._steps.waits(call):
            return self._waits(call)
        result = unresolved(call, resolution)
        if isinstance(resolution, Missing) and result.status is Status.MISSING:
            self.ledger.missing.append((call, resolution))
        return self._finish(result)

    def _waits(self, call: Call) -> CallFinished:
        """A step behind one that asks: the same yes lets it be decided, on what is there then. It
        is shown without effects, so that the yes is for none that ask for one of their own."""
        self.ledger.pending.append(PendingCall(call, (), ()))
        return self._finish(waiting(call))

    def _refused(self, call: Call, resolution: Resolved, decision: Ask | Deny) -> CallFinished:
        result = self._held(call, resolution.effects, decision)
        asks_for_nothing = isinstance(decision, Ask) and resolution.already
        notes = resolution.notes if asks_for_nothing else ()
        return self._finish(msgspec.structs.replace(result, notes=notes))

    async def _see(self, call: Call) -> _Seen:
        snapshot, readings = traced(await self._snapshot(call))
        resolution = resolve(call, self._home.catalogue, snapshot)
        decidable = isinstance(resolution, Resolved)
        facts = self._facts(call, resolution, snapshot) if decidable else None
        return _Seen(resolution, facts, readings, snapshot.now)

    def _facts(self, call: Call, resolved: Resolved, snapshot: Snapshot) -> dict[str, JsonValue]:
        """What the policy is told: of an order that changes nothing because it is so already, what
        it asked for if that is forbidden. "Already so" would sound as if it had been obeyed."""
        capability, left = self._capability_of(call), self._home.driver_on_left
        if resolved.already and not resolved.effects:
            ordered = msgspec.structs.replace(resolved, effects=resolved.already)
            facts = gather(call, capability, ordered, snapshot, self._speaker, left)
            if isinstance(decide(self._home.policy, facts), Deny):
                return facts
        return gather(call, capability, resolved, snapshot, self._speaker, left)

    def _capability_of(self, call: Call) -> Capability:
        function = self._home.catalogue.get(call.capability)
        assert function is not None, "a resolved call has a function"
        return function.capability

    def _away(
        self, resolution: Missing | Impossible | Resolved, looked_at: Collection[str]
    ) -> Words | None:
        """What is wrong with the device that the call needs: the one it would change or, for what
        changes nothing, one that it looked at."""
        effects = resolution.effects if isinstance(resolution, Resolved) else ()
        needs = [effect.target for effect in effects] or looked_at
        return next(iter(self._home.drivers.away(needs).values()), None)

    def _decide(self, call: Call, resolved: Resolved, facts: dict[str, JsonValue]) -> _Judged:
        """The policy's decision; one that was postponed stays the question that it was if the rest
        of the sentence wrote its targets: then the person's last word was another."""
        judged = self._judge(call, resolved.effects, facts)
        if call.id not in self._postponed or not isinstance(judged.decision, Allow):
            return judged
        written = {e.target for effects in self.ledger.moving.values() for e in effects}
        written |= self.ledger.changed.keys()
        overtaken = any(effect.target in written for effect in resolved.effects)
        return (self._postponed[call.id][1] if overtaken else None) or judged

    def _judge(self, call: Call, effects: Sequence[Effect], facts: dict[str, JsonValue]) -> _Judged:
        decision = decide(self._home.policy, facts)
        shown = self._agreed.get(call.id)
        if not isinstance(decision, Ask):
            return _Judged(decision, facts, confirmed=False)
        if not covers(shown, effects, decision.rules, self._speaker):
            return _Judged(decision, facts, confirmed=False)
        return _Judged(decide(self._home.policy, facts, confirmed=True), facts, confirmed=True)

    def _as_old_as(self, call: Call, since: float) -> Call:
        """`call` as old as it was at `since`: what came between was its own sentence."""
        waited_s = self._home.clock.monotonic() - since
        return msgspec.structs.replace(call, asked_at=call.asked_at + waited_s)

    def _is_moving(self, targets: Collection[str]) -> bool:
        """Whether a write to one of `targets` is under way: what is decided on must stand still."""
        return any(e.target in targets for es in self.ledger.moving.values() for e in es)

    def _objection(self, call: Call, resolved: Resolved, decided_at: float) -> Objection:
        """Decides once more just before the write if the state decided on is old by then: a slow
        bus gives a car the time to drive off."""
        clock = self._home.clock

        async def objection() -> Result | None:
            since = clock.monotonic()
            if since - decided_at <= DECISION_S:
                return None
            facts = self._facts(call, resolved, await self._snapshot(call))
            judged = self._judge(call, resolved.effects, facts)
            if isinstance(judged.decision, Allow):
                return None
            took_ms = round((clock.monotonic() - since) * 1000, 3)
            self._overruled[call.id] = (call, replace(judged, took_ms=took_ms))
            return held(call, judged.decision)

        return objection

    async def _perform(
        self, call: Call, resolved: Resolved, decided_at: float
    ) -> AsyncIterator[Event]:
        home = self._home

        async def may_restore(effects: Sequence[Effect]) -> bool:
            facts = self._facts(call, Resolved(tuple(effects)), await home.snapshot())
            return would_allow(home.policy, facts)

        since = home.clock.monotonic()
        targets = {effect.target for effect in resolved.effects}
        while self._is_moving(targets):
            for event in await self._settled(None):
                yield event
        call = self._as_old_as(call, since)
        if resolved.effects and home.clock.monotonic() >= self._until:
            yield self._finish(expired(call))
            return
        if resolved.effects:
            yield self._mark(CallStarted, call=call.id, effects=resolved.effects)
        capability = self._capability_of(call)
        objection = self._objection(call, resolved, decided_at)
        task = asyncio.create_task(
            perform(call, capability, resolved, home.drivers, home.clock, may_restore, objection)
        )
        self.ledger.moving[task] = resolved.effects
        for event in await self._settled(PATIENCE_S):
            yield event

    async def _settled(self, timeout_s: float | None) -> list[Event]:
        done, _ = await asyncio.wait(
            self.ledger.moving, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED
        )
        events: list[Event] = []
        for task in done:
            effects, result = self.ledger.moving.pop(task), task.result()
            if result.call in self._overruled:
                call, judged = self._overruled.pop(result.call)
                events.append(self._decided(call, judged, judged.took_ms))
                if not isinstance(judged.decision, Allow):
                    result = self._held(call, effects, judged.decision)
            events.append(self._finish(result))
        return events

    def _decided(self, call: Call, judged: _Judged, took_ms: float) -> CallDecided:
        return self._mark(
            CallDecided,
            call=call.id,
            decision=judged.decision,
            confirmed=judged.confirmed,
            facts=judged.facts,
            took_ms=took_ms,
        )

    def _held(self, call: Call, effects: tuple[Effect, ...], decision: Ask | Deny) -> Result:
        """The result of a call that may not be performed now; what asks waits for its yes."""
        if isinstance(decision, Ask):
            self.ledger.pending.append(PendingCall(call, effects, decision.rules))
        return held(call, decision)

    def _finish(self, result: Result) -> CallFinished:
        self.ledger.results.append(result)
        self._steps.end(result)
        function = self._home.catalogue.get(result.capability)
        if function is not None and function.capability.undoable:
            self.ledger.undoable.append(result)
        return self._mark(CallFinished, result=result, took_ms=self._mark.lap_ms())

    async def _snapshot(self, call: Call) -> Snapshot:
        function = self._home.catalogue.get(call.capability)
        reads = function.reads if function else ()
        snapshot = await self._home.snapshot(reads)
        more = function.reads_more(call, snapshot) if function and function.reads_more else ()
        if more:
            snapshot = await self._home.snapshot((*reads, *more))
        return Snapshot(snapshot.readings | self._extra, snapshot.now, snapshot.wall)
