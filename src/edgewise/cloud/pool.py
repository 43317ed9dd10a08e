"""The backends behind a model name: which is asked, and what happens when one is away.

Among a model's routes those are asked that obey the request and are not resting, chosen by weight.
A backend that failed `FAILURES` times in a row rests, longer each time, and is then tried by one
request. Only what says that it can do nothing for anybody counts as that: no connection, 502 to
504. Any other status answers one request, whose sender must not be able to take the backend from
the others; a 500, or no answer in time, counts once `MANY` projects in a row got one. What fails
before it answered goes to another route of the same residency class, never of another, and never
once an answer has begun. Backends that rest, that failed at their last requests or that nobody asks
are asked for their health now and then. The choice is random by a given source.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from random import Random

from edgewise.cloud.backend import MISSET, Away, Backend, Cause, Reply
from edgewise.cloud.config import ModelConfig, Route
from edgewise.cloud.refusal import Refused
from edgewise.core.clock import Clock

_log = logging.getLogger("edgewise.cloud")

FAILURES = 3
REST_S = 2.0
LONGEST_REST_S = 60.0
MOST_TRIES = 3
OF_ALL = frozenset({0, 502, 503, 504})
"""Statuses that mean that nobody is served now; 0 is no connection."""
MANY = 5
"""From so many projects on, a fault that each got is the backend's and not their requests'."""
FAULTS = 2
"""A request that two backends answered by a fault is not given to a third."""


class Health:
    """How a backend has done lately."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.running = 0
        self.answered = 0
        self.failed = 0
        self.failed_checks = 0
        """Those of `failures` and before that were no requests; `failed` are requests."""
        self.failures = 0
        self.rests_until = 0.0
        self.rests_since = 0.0
        self.said = ""
        """What it said when it failed last; it stays said when it answers again."""
        self.said_at = 0.0
        self.cause = Cause.OTHER
        """Of what it said."""
        self.doubt = ""
        """Why it may answer nothing until its settings are mended; the next request tries it."""
        self._proven = False
        self._faulty: set[str] = set()
        self._asked_to_wait = False
        self._probing = False

    def is_ready(self, now: float) -> bool:
        """Whether it may be asked: it does not rest, or it is time for one trial."""
        if not self.rests_until:
            return True
        return now >= self.rests_until and not self._probing

    def ask(self, now: float) -> None:
        """A request goes to it."""
        self.running += 1
        if self.rests_until and now >= self.rests_until:
            self._probing = True

    def answer(self) -> None:
        """It took the request."""
        self.answered += 1
        self.failures, self.rests_until, self._probing = 0, 0.0, False
        self.doubt, self._proven = "", True
        if self._faulty:
            self._faulty.clear()

    def fail(self, now: float, away: Away, project: str = "", *, is_check: bool = False) -> None:
        """It did not; it rests from the third time in a row on, or for as long as it says. What it
        says to one project's request alone does not count against the others."""
        if is_check:
            self.failed_checks += 1
        else:
            self.failed += 1
        self.said, self.said_at, self.cause = str(away), now, away.cause
        self._probing = self._proven = False
        self.doubt = str(away) if away.status in MISSET else ""
        if not self._counts(away, project):
            if self.rests_until <= now and not away.is_slow:  # it is there again
                self.failures, self.rests_until = 0, 0.0
            return
        self.failures += 1
        over = self.failures - FAILURES
        if over >= 0 or away.wait_s:
            if not self.rests_until:
                self.rests_since = now
            rest_s = max(away.wait_s, min(LONGEST_REST_S, REST_S * 2 ** max(0, over)))
            self.rests_until = now + rest_s
            self._asked_to_wait = bool(away.wait_s)

    def look(self, now: float, ailing: Away | None) -> None:
        """It was asked how it is. A healthy one need not rest on, unless it wants to be left alone
        itself; the first request that fails again rests it again. One that answers requests may
        have no list of models."""
        if ailing is not None:
            if ailing.status not in MISSET or not self._proven:
                self.fail(now, ailing, is_check=True)
            return
        self.doubt = ""
        if self.rests_until and not (self._asked_to_wait and now < self.rests_until):
            self.failures, self.rests_until = min(self.failures, FAILURES - 1), 0.0

    def _counts(self, away: Away, project: str) -> bool:
        """Whether it tells of all requests; whose a fault was is noted for that."""
        if is_fault(away):
            if len(self._faulty) < MANY:
                self._faulty.add(project)
            return len(self._faulty) >= MANY
        return away.status in OF_ALL or (away.status == 429 and away.wait_s > 0)

    @property
    def is_doubted(self) -> bool:
        """Whether the last it did was to fail at some requests: it may be dead for all."""
        return bool(self._faulty)

    def give_up(self) -> None:
        """A trial that told nothing: its client left, or the request was wrong."""
        self._probing = False


class Pool:
    """All backends by name."""

    def __init__(self, backends: Mapping[str, Backend], clock: Clock, random: Random) -> None:
        self.health = {name: Health(backend) for name, backend in backends.items()}
        self._clock = clock
        self._random = random

    def obeying(self, model: ModelConfig, fits: Callable[[Backend], None]) -> list[Route]:
        """The routes whose backend obeys a request; `fits` raises Refused for one that does not.
        Raises that when there is none."""
        found: list[Route] = []
        refused: Refused | None = None
        for route in model.routes:
            try:
                fits(self.health[route.backend].backend)
            except Refused as error:
                refused = refused or error
                continue
            found.append(route)
        if not found and refused is not None:
            raise refused
        return found

    async def ask(
        self,
        model: ModelConfig,
        routes: Sequence[Route],
        post: Callable[[Backend, Route], Awaitable[Reply]],
        project: str = "",
    ) -> tuple[Reply, Health]:
        """The answer of one of the routes to a project's request, as soon as it has begun, and
        whose it is.

        `post` sends the request to a backend. Raises Refused: the backend's own, or 503 (429) when
        all are away (busy).
        """
        residency = ""
        last: Away | None = None
        faults = 0
        for _ in range(MOST_TRIES):
            route = self._choose(routes, residency)
            if route is None:
                break
            health = self.health[route.backend]
            residency = health.backend.config.residency
            routes = [other for other in routes if other is not route]
            try:
                return await self._post(health, route, post, project), health
            except Away as away:
                last = away
                faults += is_fault(away)
                _log.warning("backend %s: %s", route.backend, away)
            if faults == FAULTS:
                break
        raise _nobody(model, last)

    def leave(self, health: Health) -> None:
        """An answer of the backend has ended."""
        health.running -= 1

    async def keep_asking(self) -> None:
        """Ask each backend for its health while it rests or has nothing to do, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for health in self.health.values():
                group.create_task(self._keep_asking(health))

    async def _keep_asking(self, health: Health) -> None:
        while True:
            await asyncio.sleep(health.backend.config.health_every_s)
            if health.running and not health.rests_until and not health.is_doubted:
                continue  # its requests tell
            ailing = await health.backend.ailing()
            was = bool(health.rests_until), health.doubt
            health.look(self._clock.monotonic(), ailing)
            if was != (bool(health.rests_until), health.doubt):
                state = "is back" if ailing is None else health.said
                _log.warning("backend %s: %s", health.backend.config.name, state)

    async def _post(
        self,
        health: Health,
        route: Route,
        post: Callable[[Backend, Route], Awaitable[Reply]],
        project: str,
    ) -> Reply:
        health.ask(self._clock.monotonic())
        try:
            reply = await post(health.backend, route)
        except Away as away:
            health.running -= 1
            health.fail(self._clock.monotonic(), away, project)
            raise
        except BaseException:
            health.running -= 1
            health.give_up()
            raise
        health.answer()
        return reply

    def _choose(self, routes: Sequence[Route], residency: str) -> Route | None:
        """One that is ready, of the residency class if one was begun with, by weight."""
        now = self._clock.monotonic()
        ready = [
            route
            for route in routes
            if self.health[route.backend].is_ready(now)
            and residency in ("", self.health[route.backend].backend.config.residency)
        ]
        if not ready:
            return None
        if len(ready) == 1:
            return ready[0]
        weights = [route.weight for route in ready]
        return self._random.choices(ready, weights if any(weights) else None)[0]

    async def close(self) -> None:
        """Close all backends."""
        for health in self.health.values():
            await health.backend.close()


def is_fault(away: Away) -> bool:
    """Whether the server is there and failed at this request, or was too slow with it."""
    return away.is_slow or (away.status >= 500 and away.status not in OF_ALL)


def _nobody(model: ModelConfig, last: Away | None) -> Refused:
    """Nobody answers for the model now; why is in the log, not for the caller."""
    if last is not None and last.status == 429:
        wait_s = max(1, int(last.wait_s))
        return Refused(
            429,
            "upstream_busy",
            f"all that answer for {model.name!r} are busy; try again in {wait_s} s",
            headers={"Retry-After": str(wait_s)},
        )
    if last is not None and last.status in MISSET:
        return Refused(
            503,
            "upstream_misconfigured",
            f"the platform's settings for the model {model.name!r} are wrong (its backend answers"
            f" {last.status}); the platform's operator must mend them, its log says what",
        )
    return Refused(
        503,
        "upstream_unavailable",
        f"nobody answers for the model {model.name!r} now; try again in a moment",
        headers={"Retry-After": "2"},
    )
