"""Acting on the calls of one turn: resolve, decide, perform, in that order and by no other way.

Calls run in the order they were said. A slow motor does not hold up the rest: once a write was
handed over, the next call goes on after `PATIENCE_S`, unless it writes the same targets or its
decision looked at one of them; then it waits, because a write that fails must not count as done. A
call that would have to be asked about is decided once more after the rest of the sentence, which
may have settled it ("air conditioning on and close the windows"). What a call waits for others of
its sentence does not make it old (rule 36).
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field

import msgspec

from edgewise.act.decide import decide
from edgewise.act.facts import gather
from edgewise.act.perform import Objection, perform
from edgewise.act.resolve import resolve
from edgewise.agent.home import Home
from edgewise.agent.marker import Marker
from edgewise.agent.traced import seen_state, traced
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

    cut_off: bool = False
    """Whether writes were under way when the turn ended: what they changed is not known."""

    @property
    def changed(self) -> dict[str, JsonValue]:
        """Every target that changed, with the value last read back."""
        return {t: v for result in self.results for t, v in result.changed.items()}


class Acting:
    """Carries out the calls of one turn for one speaker and keeps the ledger.

    `agreed` maps a call's id to the effects that the person has said yes to; `extra` are readings
    of the session that functions may need (undo, the last answer).
    """

    def __init__(
        self,
        home: Home,
        speaker: Speaker,
        mark: Marker,
        agreed: dict[str, tuple[Effect, ...]],
        extra: dict[str, Reading],
    ) -> None:
        self.ledger = Ledger()
        self._home = home
        self._speaker = speaker
        self._mark = mark
        self._agreed = agreed
        self._extra = extra
        self._postponed: dict[str, tuple[Call, Ask, float]] = {}

    async def carry_out(self, calls: Sequence[Call]) -> AsyncIterator[Event]:
        """The events of all calls, until the last one was read back or has failed."""
        try:
            for number, call in enumerate(calls, 1):
                async for event in self._act(call, is_last=number == len(calls)):
                    yield event
            for call, _, since in list(self._postponed.values()):
                async for event in self._act(self._as_old_as(call, since), is_last=True):
                    yield event
            while self.ledger.moving:
                for event in await self._settled(None):
                    yield event
        finally:
            self.ledger.cut_off = bool(self.ledger.moving)
            for task in self.ledger.moving:
                task.cancel()

    async def _act(self, call: Call, *, is_last: bool) -> AsyncIterator[Event]:
        mark = self._mark
        mark.lap_ms()
        while True:
            snapshot, seen = traced(await self._snapshot(call))
            resolution = resolve(call, self._home.catalogue, snapshot)
            away = self._away(resolution, tuple(seen.seen))
            facts = self._facts(call, resolution, snapshot)
            if not self._is_moving(seen.seen):
                break
            since = self._home.clock.monotonic()
            for event in await self._settled(None):
                yield event
            call = self._as_old_as(call, since)
        function = self._home.catalogue.get(call.capability)
        decision: Decision | None = None
        confirmed = False
        resolved_ms = mark.lap_ms()
        if away is None and facts is not None and isinstance(resolution, Resolved):
            confirmed = self._agreed.get(call.id) == resolution.effects
            decision = self._decide(call, resolution, facts, confirmed=confirmed)
            if isinstance(decision, Ask) and not is_last:
                self._postponed[call.id] = (call, decision, self._home.clock.monotonic())
                return
        state = seen_state(seen)
        yield mark(CallResolved, call=call, resolution=resolution, state=state, took_ms=resolved_ms)
        if away is not None:
            yield self._finish(_without(call, away))
            return
        if decision is None or function is None or not isinstance(resolution, Resolved):
            yield self._finish(_unresolved(call, resolution, self.ledger))
            return
        yield mark(
            CallDecided,
            call=call.id,
            decision=decision,
            confirmed=confirmed,
            facts=facts,
            took_ms=mark.lap_ms(),
        )
        match decision:
            case Allow():
                objection = self._objection(
                    call, resolution, snapshot.now, function.capability, confirmed=confirmed
                )
                async for event in self._perform(call, function.capability, resolution, objection):
                    yield event
            case Ask(rules):
                self.ledger.pending.append(PendingCall(call, resolution.effects, rules))
                yield self._finish(_held(call, Status.ASKED, decision))
            case Deny():
                yield self._finish(_held(call, Status.DENIED, decision))

    def _facts(
        self, call: Call, resolution: Missing | Impossible | Resolved, snapshot: Snapshot
    ) -> dict[str, JsonValue] | None:
        function = self._home.catalogue.get(call.capability)
        if function is None or not isinstance(resolution, Resolved):
            return None
        return gather(
            call,
            function.capability,
            resolution,
            snapshot,
            self._speaker,
            self._home.driver_on_left,
        )

    def _away(
        self, resolution: Missing | Impossible | Resolved, looked_at: Collection[str]
    ) -> Words | None:
        """What is wrong with the device that the call needs: the one it would change or, for what
        changes nothing, one that it looked at."""
        effects = resolution.effects if isinstance(resolution, Resolved) else ()
        needs = [effect.target for effect in effects] or looked_at
        return next(iter(self._home.drivers.away(needs).values()), None)

    def _decide(
        self, call: Call, resolved: Resolved, facts: dict[str, JsonValue], *, confirmed: bool
    ) -> Decision:
        """The policy's decision; one that was postponed stays a question if the rest of the
        sentence wrote its targets: then the person's last word was another."""
        decision = decide(self._home.policy, facts, confirmed=confirmed)
        if call.id not in self._postponed or not isinstance(decision, Allow):
            return decision
        written = {e.target for effects in self.ledger.moving.values() for e in effects}
        written |= self.ledger.changed.keys()
        overtaken = any(effect.target in written for effect in resolved.effects)
        return self._postponed[call.id][1] if overtaken else decision

    def _as_old_as(self, call: Call, since: float) -> Call:
        """`call` as old as it was at `since`: what came between was its own sentence."""
        waited_s = self._home.clock.monotonic() - since
        return msgspec.structs.replace(call, asked_at=call.asked_at + waited_s)

    def _is_moving(self, targets: Collection[str]) -> bool:
        """Whether a write to one of `targets` is under way: what is decided on must stand still."""
        return any(e.target in targets for es in self.ledger.moving.values() for e in es)

    def _objection(
        self,
        call: Call,
        resolved: Resolved,
        decided_at: float,
        capability: Capability,
        *,
        confirmed: bool,
    ) -> Objection:
        """Decides once more just before the write if the state decided on is old by then: a slow
        bus gives a car the time to drive off."""

        async def objection() -> Result | None:
            if self._home.clock.monotonic() - decided_at <= DECISION_S:
                return None
            snapshot = await self._snapshot(call)
            facts = gather(
                call, capability, resolved, snapshot, self._speaker, self._home.driver_on_left
            )
            decision = decide(self._home.policy, facts, confirmed=confirmed)
            return None if isinstance(decision, Allow) else _held(call, Status.DENIED, decision)

        return objection

    async def _perform(
        self, call: Call, capability: Capability, resolved: Resolved, objection: Objection
    ) -> AsyncIterator[Event]:
        home = self._home

        async def may_restore(effects: Sequence[Effect]) -> bool:
            back = Resolved(tuple(effects))
            facts = gather(
                call, capability, back, await home.snapshot(), self._speaker, home.driver_on_left
            )
            return isinstance(decide(home.policy, facts), Allow)

        targets = {effect.target for effect in resolved.effects}
        while any(targets & {e.target for e in effects} for effects in self.ledger.moving.values()):
            for event in await self._settled(None):
                yield event
        if resolved.effects:
            yield self._mark(CallStarted, call=call.id, effects=resolved.effects)
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
        for task in done:
            del self.ledger.moving[task]
        return [self._finish(task.result()) for task in done]

    def _finish(self, result: Result) -> CallFinished:
        self.ledger.results.append(result)
        function = self._home.catalogue.get(result.capability)
        if function is not None and function.capability.undoable:
            self.ledger.undoable.append(result)
        return self._mark(CallFinished, result=result, took_ms=self._mark.lap_ms())

    async def _snapshot(self, call: Call) -> Snapshot:
        function = self._home.catalogue.get(call.capability)
        snapshot = await self._home.snapshot(function.reads if function else ())
        return Snapshot(snapshot.readings | self._extra, snapshot.now, snapshot.wall)


def _unresolved(call: Call, resolution: Missing | Impossible | Resolved, ledger: Ledger) -> Result:
    match resolution:
        case Missing(_, question):
            ledger.missing.append((call, resolution))
            return Result(call.id, call.capability, Status.MISSING, code="missing", words=question)
        case Impossible(code, words):
            return Result(call.id, call.capability, Status.IMPOSSIBLE, code=code, words=words)
        case Resolved():
            raise AssertionError("a resolved call has a function")


def _without(call: Call, away: Words) -> Result:
    return Result(call.id, call.capability, Status.FAILED, code="part_away", words=away)


def _held(call: Call, status: Status, decision: Ask | Deny) -> Result:
    words = decision.rules[0].words if decision.rules else None
    code = decision.rules[0].id if decision.rules else ""
    return Result(call.id, call.capability, status, code=code, words=words, rules=decision.rules)
