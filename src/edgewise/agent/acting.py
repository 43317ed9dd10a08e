"""Acting on the calls of one turn: resolve, decide, perform, in that order and by no other way.

Calls run in the order they were said. A slow motor does not hold up the rest: once a write was
handed over, the next call goes on after `PATIENCE_S`, unless it writes the same targets or its
decision looked at one of them; then it waits, because a write that fails must not count as done.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field

from edgewise.act.decide import decide
from edgewise.act.facts import gather
from edgewise.act.perform import perform
from edgewise.act.resolve import resolve
from edgewise.agent.home import Home
from edgewise.agent.marker import Marker
from edgewise.agent.traced import seen_state, traced
from edgewise.core.call import (
    Allow,
    Ask,
    Call,
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

PATIENCE_S = 0.25
"""How long a call is waited for before the next one starts; most signals show within 20 ms."""


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
    of the session that functions may need (undo, the last answer). Functions see what earlier
    calls of the turn wrote as `session.touched`.
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

    async def carry_out(self, calls: Sequence[Call]) -> AsyncIterator[Event]:
        """The events of all calls, until the last one was read back or has failed."""
        try:
            for call in calls:
                async for event in self._act(call):
                    yield event
            while self.ledger.moving:
                for event in await self._settled(None):
                    yield event
        finally:
            self.ledger.cut_off = bool(self.ledger.moving)
            for task in self.ledger.moving:
                task.cancel()

    async def _act(self, call: Call) -> AsyncIterator[Event]:
        mark = self._mark
        mark.lap_ms()
        while True:
            snapshot, seen = traced(await self._snapshot(call))
            resolution = resolve(call, self._home.catalogue, snapshot)
            facts = self._facts(call, resolution, snapshot)
            if not self._is_moving(seen.seen):
                break
            for event in await self._settled(None):
                yield event
        state = seen_state(seen)
        yield mark(
            CallResolved, call=call, resolution=resolution, state=state, took_ms=mark.lap_ms()
        )
        function = self._home.catalogue.get(call.capability)
        if facts is None or function is None or not isinstance(resolution, Resolved):
            yield self._finish(_unresolved(call, resolution, self.ledger))
            return
        confirmed = self._agreed.get(call.id) == resolution.effects
        decision = decide(self._home.policy, facts, confirmed=confirmed)
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
                async for event in self._perform(call, function.capability, resolution):
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

    def _is_moving(self, targets: Collection[str]) -> bool:
        """Whether a write to one of `targets` is under way: what is decided on must stand still."""
        return any(e.target in targets for es in self.ledger.moving.values() for e in es)

    async def _perform(
        self, call: Call, capability: Capability, resolved: Resolved
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
            perform(call, capability, resolved, home.drivers, home.clock, may_restore)
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
        touched = [target for result in self.ledger.results for target in result.changed]
        touched += [e.target for effects in self.ledger.moving.values() for e in effects]
        readings = snapshot.readings | self._extra
        readings["session.touched"] = Reading(touched, snapshot.now)
        return Snapshot(readings, snapshot.now, snapshot.wall)


def _unresolved(call: Call, resolution: Missing | Impossible | Resolved, ledger: Ledger) -> Result:
    match resolution:
        case Missing(_, question):
            ledger.missing.append((call, resolution))
            return Result(call.id, call.capability, Status.MISSING, code="missing", words=question)
        case Impossible(code, words):
            return Result(call.id, call.capability, Status.IMPOSSIBLE, code=code, words=words)
        case Resolved():
            raise AssertionError("a resolved call has a function")


def _held(call: Call, status: Status, decision: Ask | Deny) -> Result:
    words = decision.rules[0].words if decision.rules else None
    code = decision.rules[0].id if decision.rules else ""
    return Result(call.id, call.capability, status, code=code, words=words, rules=decision.rules)
