"""A circuit breaker for each model of each cloud: what failed lately is left alone for a while.

Closed, it counts how attempts ended within a sliding window. Open, nothing passes until its rest is
over; then one probe at a time does, and the first that succeeds closes it, while one that fails
opens it for twice as long. What an attempt from before such a change reports counts no more.
Source: reference note on routing, section 5; its complaint 5 is why no attempt passes an open one.
"""

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum

from msgspec import Struct

from edgewise.core.clock import Clock

Key = tuple[str, str]
"""An endpoint's name and the model asked there."""


class Trouble(StrEnum):
    """Why an attempt failed: nobody there (AWAY), no word in time (SLOW), told to come back later
    (BUSY), an error or a cut of theirs (BROKEN), our key, money or model (ACCOUNT), this request
    alone (REQUEST), which says nothing against the cloud."""

    AWAY = "away"
    SLOW = "slow"
    BUSY = "busy"
    BROKEN = "broken"
    ACCOUNT = "account"
    REQUEST = "request"


class State(StrEnum):
    """Of one circuit."""

    CLOSED = "closed"
    OPEN = "open"
    PROBING = "probing"


class BreakerRules(Struct, frozen=True):
    """It opens when `failures` of a window failed and they are at least `share` of its attempts.

    It rests `rest_s` at first, `longest_rest_s` at most, `account_rest_s` for ACCOUNT, which opens
    it at once. A probe that reports nothing for `probe_s` is taken as lost.
    """

    window_s: float = 60.0
    failures: int = 3
    share: float = 0.5
    rest_s: float = 5.0
    longest_rest_s: float = 120.0
    account_rest_s: float = 60.0
    probe_s: float = 120.0


class Standing(Struct, frozen=True):
    """How a circuit stands. `reason` is what opened it, `rest_s` how long nothing passes still."""

    state: State
    reason: Trouble | None = None
    rest_s: float = 0.0
    failures: int = 0
    attempts: int = 0


class Pass(Struct, frozen=True):
    """Leave for one attempt; whoever has it reports how that ended."""

    key: Key
    round: int
    is_probe: bool = False


class Breaker:
    """All circuits; those of other keys are not touched by one key's trouble."""

    def __init__(self, clock: Clock, rules: BreakerRules | None = None) -> None:
        self._clock = clock
        self._rules = rules or BreakerRules()
        self._circuits: dict[Key, _Circuit] = {}

    def enter(self, key: Key) -> Pass | Standing:
        """Leave for an attempt now, or how the circuit stands that gives none."""
        circuit = self._circuit(key)
        if not self._lets_through(circuit):
            return self.standing(key)
        if circuit.reason is None:
            return Pass(key, circuit.round)
        circuit.round += 1  # a probe that was taken as lost may not close it any more
        circuit.probe_at = self._clock.monotonic()
        return Pass(key, circuit.round, is_probe=True)

    def succeeded(self, given: Pass) -> None:
        """The attempt was answered."""
        circuit = self._circuit(given.key)
        if given.round != circuit.round:
            return
        if given.is_probe:
            self._circuits[given.key] = _Circuit(round=circuit.round + 1)
            return
        circuit.ends.append((self._clock.monotonic(), False))

    def failed(self, given: Pass, trouble: Trouble, *, retry_after_s: float = 0.0) -> None:
        """The attempt failed. Who says when to come back (BUSY) is left alone until then."""
        circuit = self._circuit(given.key)
        if trouble is Trouble.REQUEST:
            self.succeeded(given)
            return
        if given.round != circuit.round:
            return
        circuit.ends.append((self._clock.monotonic(), True))
        if given.is_probe:
            rest_s = min(2 * circuit.rest_s, self._rules.longest_rest_s)
            self._open(circuit, trouble, max(rest_s, retry_after_s))
        elif trouble is Trouble.ACCOUNT:
            self._open(circuit, trouble, self._rules.account_rest_s)
        elif retry_after_s > 0:
            self._open(circuit, trouble, retry_after_s)
        elif self._is_too_much(circuit):
            self._open(circuit, trouble, self._rules.rest_s)

    def left(self, given: Pass) -> None:
        """The attempt was given up by who made it; that says nothing."""
        circuit = self._circuit(given.key)
        if given.round == circuit.round and given.is_probe:
            circuit.probe_at = None

    def standing(self, key: Key) -> Standing:
        """How the circuit of `key` stands now."""
        circuit = self._circuit(key)
        self._forget(circuit)
        failures = sum(failed for _, failed in circuit.ends)
        rest_s = max(0.0, circuit.open_until - self._clock.monotonic())
        if circuit.reason is None:
            state = State.CLOSED
        else:
            state = State.OPEN if rest_s > 0 else State.PROBING
        return Standing(state, circuit.reason, rest_s, failures, len(circuit.ends))

    def lets_through(self, key: Key) -> bool:
        """Whether `enter` would give leave now."""
        return self._lets_through(self._circuit(key))

    def _circuit(self, key: Key) -> "_Circuit":
        return self._circuits.setdefault(key, _Circuit())

    def _lets_through(self, circuit: "_Circuit") -> bool:
        if circuit.reason is None:
            return True
        now = self._clock.monotonic()
        probed = circuit.probe_at is not None and now - circuit.probe_at < self._rules.probe_s
        return now >= circuit.open_until and not probed

    def _is_too_much(self, circuit: "_Circuit") -> bool:
        self._forget(circuit)
        failures = sum(failed for _, failed in circuit.ends)
        enough = failures >= self._rules.failures
        return enough and failures >= self._rules.share * len(circuit.ends)

    def _open(self, circuit: "_Circuit", trouble: Trouble, rest_s: float) -> None:
        circuit.rest_s = rest_s
        circuit.open_until = self._clock.monotonic() + circuit.rest_s
        circuit.reason = trouble
        circuit.probe_at = None
        circuit.round += 1

    def _forget(self, circuit: "_Circuit") -> None:
        since = self._clock.monotonic() - self._rules.window_s
        while circuit.ends and circuit.ends[0][0] <= since:
            circuit.ends.popleft()


@dataclass(slots=True)
class _Circuit:
    """`reason` is None when it is closed; `ends` holds when attempts ended and whether badly."""

    reason: Trouble | None = None
    open_until: float = 0.0
    rest_s: float = 0.0
    probe_at: float | None = None
    round: int = 0
    ends: deque[tuple[float, bool]] = field(default_factory=lambda: deque(maxlen=1024))
