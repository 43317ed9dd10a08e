"""Limits on requests and tokens a minute, requests and streams at once, of a key and its project.

Each rate is a bucket that holds a minute's amount and fills evenly. Tokens are taken by estimate
and corrected when the request has settled, so a bucket can be below nothing for a while. What is
left is told by the headers of the OpenAI API on every reply.
"""

import math

from edgewise.cloud.caller import Caller, Limits
from edgewise.cloud.refusal import Refused
from edgewise.core.clock import Clock

MINUTE_S = 60.0
MOST_KEPT = 100_000


class _Bucket:
    """An amount that is used up and fills again, `limit` in a minute."""

    __slots__ = ("at", "left", "limit")

    def __init__(self, limit: int, now: float) -> None:
        self.limit = limit
        self.left = float(limit)
        self.at = now

    def fill(self, limit: int, now: float) -> None:
        if limit != self.limit:
            self.left = float(limit) if not self.limit else self.left + limit - self.limit
            self.limit = limit
        self.left = min(float(limit), self.left + (now - self.at) * limit / MINUTE_S)
        self.at = now

    def wait_s(self, amount: float) -> float:
        """How long until `amount` is there; what is more than the bucket holds waits for all."""
        lacking = min(amount, self.limit) - self.left
        return max(0.0, lacking * MINUTE_S / self.limit)

    def is_full(self, now: float) -> bool:
        return self.left + (now - self.at) * self.limit / MINUTE_S >= self.limit

    def full_s(self) -> float:
        return (self.limit - self.left) * MINUTE_S / self.limit


class _Use:
    """What one key or project uses now."""

    __slots__ = ("requests", "running", "streams", "tokens")

    def __init__(self, limits: Limits, now: float) -> None:
        self.requests = _Bucket(limits.requests_a_minute, now)
        self.tokens = _Bucket(limits.tokens_a_minute, now)
        self.running = 0
        self.streams = 0

    def is_fresh(self, now: float) -> bool:
        """Whether it is as if it had never been used, so that it can be forgotten."""
        return self.running == 0 and self.requests.is_full(now) and self.tokens.is_full(now)


class Place:
    """A request's place among those that run; leave it once, with the tokens it really used."""

    __slots__ = ("_stream", "_taken", "_uses", "headers")

    def __init__(
        self, uses: tuple[_Use, ...], taken: int, *, stream: bool, headers: dict[str, str]
    ) -> None:
        self._uses = uses
        self._taken = taken
        self._stream = stream
        self.headers = headers

    def leave(self, tokens: int) -> None:
        """Free the place; `tokens` is what the request used, in place of the estimate."""
        for use in self._uses:
            use.running -= 1
            use.streams -= self._stream
            use.tokens.left += self._taken - tokens
        self._uses = ()


class RateLimits:
    """Counts what each key and project uses, and refuses what is over its limits."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._uses: dict[str, _Use] = {}
        self._most_kept = MOST_KEPT

    def enter(self, caller: Caller, tokens: int, *, stream: bool) -> Place:
        """Take a place for a request that may use about `tokens`.

        Raises Refused (429) with `Retry-After` and the limits' headers.
        """
        now = self._clock.monotonic()
        own = caller.limits
        limited = [(own, self._use(caller.key, own, now))]
        if caller.project_limits != Limits():
            limited.append(
                (caller.project_limits, self._use(caller.project, caller.project_limits, now))
            )
        for limits, use in limited:
            self._check(limits, use, tokens, stream=stream)
        for limits, use in limited:
            use.running += 1
            use.streams += stream
            if limits.requests_a_minute:
                use.requests.left -= 1
            use.tokens.left -= tokens
        uses = tuple(use for _, use in limited)
        return Place(uses, tokens, stream=stream, headers=_headers(*limited[0]))

    def check_at_once(self, caller: Caller) -> None:
        """Refuse as `enter` would while as many run as may, and take nothing: for a request whose
        body is not read yet."""
        for of, limits in ((caller.key, caller.limits), (caller.project, caller.project_limits)):
            use = self._uses.get(of)
            if use is not None:
                _check_at_once(limits, use)

    def headers(self, caller: Caller) -> dict[str, str]:
        """The limits' headers for a reply that takes no place."""
        use = self._use(caller.key, caller.limits, self._clock.monotonic())
        return _headers(caller.limits, use)

    def _use(self, of: str, limits: Limits, now: float) -> _Use:
        use = self._uses.get(of)
        if use is None:
            if len(self._uses) >= self._most_kept:
                self._forget_fresh(now)
            use = self._uses[of] = _Use(limits, now)
        use.requests.fill(limits.requests_a_minute, now)
        use.tokens.fill(limits.tokens_a_minute, now)
        return use

    def _forget_fresh(self, now: float) -> None:
        """Forget who used nothing lately; the next look is when as many again have come."""
        held = self._uses.items()
        self._uses = {name: use for name, use in held if not use.is_fresh(now)}
        self._most_kept = max(MOST_KEPT, 2 * len(self._uses))

    def _check(self, limits: Limits, use: _Use, tokens: int, *, stream: bool) -> None:
        _check_at_once(limits, use)
        if stream and limits.streams_at_once and use.streams >= limits.streams_at_once:
            raise _too_many(limits, use, "streams at once", limits.streams_at_once, 1.0)
        if limits.requests_a_minute and (wait_s := use.requests.wait_s(1)) > 0:
            raise _too_many(limits, use, "requests a minute", limits.requests_a_minute, wait_s)
        if limits.tokens_a_minute and (wait_s := use.tokens.wait_s(tokens)) > 0:
            raise _too_many(limits, use, "tokens a minute", limits.tokens_a_minute, wait_s)


def _check_at_once(limits: Limits, use: _Use) -> None:
    if limits.requests_at_once and use.running >= limits.requests_at_once:
        raise _too_many(limits, use, "requests at once", limits.requests_at_once, 1.0)


def _headers(limits: Limits, use: _Use) -> dict[str, str]:
    found: dict[str, str] = {}
    if limits.requests_a_minute:
        found["x-ratelimit-limit-requests"] = str(limits.requests_a_minute)
        found["x-ratelimit-remaining-requests"] = str(max(0, int(use.requests.left)))
        found["x-ratelimit-reset-requests"] = duration(use.requests.full_s())
    if limits.tokens_a_minute:
        found["x-ratelimit-limit-tokens"] = str(limits.tokens_a_minute)
        found["x-ratelimit-remaining-tokens"] = str(max(0, int(use.tokens.left)))
        found["x-ratelimit-reset-tokens"] = duration(use.tokens.full_s())
    return found


def duration(seconds: float) -> str:
    """A time as the OpenAI API writes it: `12ms`, `1.5s`, `1m30s`."""
    if seconds < 1:
        return f"{max(0, math.ceil(seconds * 1000))}ms"
    if seconds < MINUTE_S:
        return f"{seconds:.3g}s"
    minutes, rest = divmod(math.ceil(seconds), 60)
    return f"{minutes}m{rest}s"


def _too_many(limits: Limits, use: _Use, of: str, limit: int, wait_s: float) -> Refused:
    wait = max(1, math.ceil(wait_s))
    kind = "tokens" if of.startswith("tokens") else "requests"
    return Refused(
        429,
        "rate_limit_exceeded",
        f"over the limit of {limit} {of}; try again in {wait} s",
        type=kind,
        headers={"Retry-After": str(wait), **_headers(limits, use)},
    )
