"""The backends behind a model name: which is asked, and what happens when one is away.

Among a model's routes those are asked that obey the request and are not resting, chosen by weight.
A backend that failed `FAILURES` times in a row rests, longer each time, and is then tried by one
request. What fails before it answered goes to another route of the same residency class, never of
another, and never once an answer has begun. The choice is random by a given source.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from random import Random

from edgewise.cloud.backend import Away, Backend, Reply
from edgewise.cloud.config import ModelConfig, Route
from edgewise.cloud.refusal import Refused
from edgewise.core.clock import Clock

_log = logging.getLogger("edgewise.cloud")

FAILURES = 3
REST_S = 2.0
LONGEST_REST_S = 60.0
MOST_TRIES = 3
OF_THE_MODEL = frozenset({403, 404, 405})


class Health:
    """How a backend has done lately."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.running = 0
        self.answered = 0
        self.failed = 0
        self.failures = 0
        self.rests_until = 0.0
        self.said = ""
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
        self.failures, self.rests_until, self.said, self._probing = 0, 0.0, "", False

    def fail(self, now: float, away: Away) -> None:
        """It did not; it rests from the third time in a row on, or for as long as it says. What it
        says of one model alone does not count against the others."""
        self.failed += 1
        self.said = str(away)
        self._probing = False
        if away.status in OF_THE_MODEL:
            return
        self.failures += 1
        over = self.failures - FAILURES
        if over >= 0 or away.wait_s:
            rest_s = max(away.wait_s, min(LONGEST_REST_S, REST_S * 2 ** max(0, over)))
            self.rests_until = now + rest_s

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
    ) -> tuple[Reply, Health]:
        """The answer of one of the routes, as soon as it has begun, and whose it is.

        `post` sends the request to a backend. Raises Refused: the backend's own, or 503 (429) when
        all are away (busy).
        """
        residency = ""
        last: Away | None = None
        for _ in range(MOST_TRIES):
            route = self._choose(routes, residency)
            if route is None:
                break
            health = self.health[route.backend]
            residency = health.backend.config.residency
            routes = [other for other in routes if other is not route]
            try:
                return await self._post(health, route, post), health
            except Away as away:
                last = away
                _log.warning("backend %s: %s", route.backend, away)
        raise _nobody(model, last)

    def leave(self, health: Health) -> None:
        """An answer of the backend has ended."""
        health.running -= 1

    async def _post(
        self, health: Health, route: Route, post: Callable[[Backend, Route], Awaitable[Reply]]
    ) -> Reply:
        health.ask(self._clock.monotonic())
        try:
            reply = await post(health.backend, route)
        except Away as away:
            health.running -= 1
            health.fail(self._clock.monotonic(), away)
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
    return Refused(
        503,
        "upstream_unavailable",
        f"nobody answers for the model {model.name!r} now; try again in a moment",
        headers={"Retry-After": "2"},
    )
