"""Who is asked, who rests, and that a retry stays within its residency class."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from random import Random
from typing import Any

import pytest

from edgewise.cloud.backend import MISSET, Away, Backend, Line
from edgewise.cloud.config import BackendConfig, ModelConfig, Route
from edgewise.cloud.pool import FAILURES, FAULTS, MANY, REST_S, Pool
from edgewise.cloud.refusal import Refused, bad_request
from edgewise.testing.clock import ManualClock
from tests.cloud.waiting import until


class Answering:
    """A backend that answers its name, or what it is told to."""

    def __init__(self, name: str, residency: str = "cn") -> None:
        self.config = BackendConfig(name, "http://x/v1", residency=residency, health_every_s=0.01)
        self.asked = 0
        self.error: Exception | None = None

    async def post(self, path: str, body: bytes, request_id: str, line: Line | None = None) -> Any:
        self.asked += 1
        if self.error is not None:
            raise self.error
        return self.config.name

    async def ailing(self) -> Away | None:
        if isinstance(self.error, Away) and self.error.status in MISSET:
            return self.error
        return Away("silent") if self.error is not None else None

    async def close(self) -> None: ...


class World:
    """A pool over some backends, and a model over all of them."""

    def __init__(self, *backends: Answering, weights: tuple[int, ...] = ()) -> None:
        self.clock = ManualClock()
        self.of = {backend.config.name: backend for backend in backends}
        held: dict[str, Backend] = dict(self.of)
        self.pool = Pool(held, self.clock, Random(3))
        given = weights or (1,) * len(backends)
        routes = tuple(Route(name, weight=w) for name, w in zip(self.of, given, strict=True))
        self.model = ModelConfig("fake", routes)

    async def ask(
        self, fits: Callable[[Backend], None] = lambda _: None, project: str = "p"
    ) -> Any:
        routes = self.pool.obeying(self.model, fits)

        async def post(backend: Backend, _: Route) -> Any:
            return await backend.post("/x", b"", "id")

        reply, health = await self.pool.ask(self.model, routes, post, project)
        self.pool.leave(health)
        return reply


async def test_shares_follow_the_weights():
    world = World(Answering("a"), Answering("b"), Answering("never"), weights=(9, 1, 0))
    said = [await world.ask() for _ in range(1000)]
    assert 850 < said.count("a") < 950
    assert said.count("never") == 0


async def test_another_is_asked_when_one_is_away():
    world = World(Answering("a"), Answering("b"))
    world.of["a"].error = Away("down")
    assert {await world.ask() for _ in range(20)} == {"b"}


async def test_no_other_residency_class_is_asked():
    world = World(Answering("here", "cn"), Answering("there", "us"), weights=(1, 0))
    world.of["here"].error = Away("down")
    with pytest.raises(Refused) as refused:
        await world.ask()
    assert refused.value.status == 503
    assert world.of["there"].asked == 0


async def test_a_request_at_fault_is_asked_once():
    world = World(Answering("a"), Answering("b"))
    for backend in world.of.values():
        backend.error = bad_request("no")
    with pytest.raises(Refused) as refused:
        await world.ask()
    assert refused.value.status == 400
    assert sum(backend.asked for backend in world.of.values()) == 1


async def test_a_backend_that_fails_again_and_again_rests_and_is_then_tried_once():
    world = World(Answering("a"))
    world.of["a"].error = Away("down", 503)
    for _ in range(FAILURES + 5):
        with pytest.raises(Refused):
            await world.ask()
    assert world.of["a"].asked == FAILURES
    world.clock.advance(REST_S)
    world.of["a"].error = None
    assert await world.ask() == "a"
    assert await world.ask() == "a"


async def test_it_stays_known_since_when_a_backend_rests_and_what_it_said_last():
    world = World(Answering("a"))
    health = world.pool.health["a"]
    world.of["a"].error = Away("down for now", 503)
    world.clock.advance(100.0)
    began = world.clock.monotonic()
    for _ in range(FAILURES):
        with pytest.raises(Refused):
            await world.ask()
    world.clock.advance(REST_S)
    with pytest.raises(Refused):
        await world.ask()
    assert (health.rests_since, health.said_at) == (began, began + REST_S)
    world.clock.advance(REST_S * 2)
    world.of["a"].error = None
    await world.ask()
    assert (health.rests_until, health.said, health.said_at) == (0, "down for now", began + REST_S)


async def test_what_is_said_of_one_model_does_not_count_against_the_others():
    world = World(Answering("a"))
    world.of["a"].error = Away("no such model", 404)
    for _ in range(10):
        with pytest.raises(Refused):
            await world.ask()
    world.of["a"].error = None
    assert await world.ask() == "a"


@pytest.mark.parametrize("status", [302, 401, 404, 408, 429, 500, 501, 599])
async def test_what_one_projects_requests_are_told_does_not_rest_a_backend(status: int):
    world = World(Answering("a"))
    world.of["a"].error = Away("fault", status)
    for _ in range(20):
        with pytest.raises(Refused):
            await world.ask()
    world.of["a"].error = None
    assert await world.ask(project="another") == "a"


async def test_a_fault_that_many_projects_see_rests_a_backend():
    world = World(Answering("a"))
    world.of["a"].error = Away("fault", 500)
    for number in range(MANY + FAILURES + 5):
        with pytest.raises(Refused):
            await world.ask(project=f"p{number}")
    assert world.of["a"].asked == MANY + FAILURES - 1


async def test_one_projects_slow_prompts_rest_a_backend_for_nobody():
    world = World(Answering("a"))
    world.of["a"].error = Away("too slow", is_slow=True)
    for _ in range(20):
        with pytest.raises(Refused):
            await world.ask()
    world.of["a"].error = None
    assert await world.ask(project="another") == "a"


async def test_a_backend_that_is_too_slow_for_many_projects_rests():
    world = World(Answering("a"))
    world.of["a"].error = Away("too slow", is_slow=True)
    for number in range(MANY + FAILURES + 5):
        with pytest.raises(Refused):
            await world.ask(project=f"p{number}")
    assert world.of["a"].asked == MANY + FAILURES - 1


async def test_a_busy_backend_that_is_too_slow_is_asked_how_it_is_and_rests_when_it_is_dead():
    world = World(Answering("a"))
    health = world.pool.health["a"]
    health.ask(0)  # one that waits on
    world.of["a"].error = Away("too slow", is_slow=True)
    async with looked_after(world.pool):
        with pytest.raises(Refused):
            await world.ask()
        await until(lambda: health.rests_until)


async def test_slow_answers_do_not_tell_that_a_dead_backend_is_there_again():
    health = World(Answering("a")).pool.health["a"]
    for _ in range(FAILURES - 1):
        health.look(1.0, Away("silent"))
    health.fail(1.0, Away("too slow", is_slow=True), "p")
    health.look(1.0, Away("silent"))
    assert health.rests_until


async def test_a_fault_is_tried_once_elsewhere():
    world = World(*(Answering(name) for name in "abc"))
    for backend in world.of.values():
        backend.error = Away("fault", 500)
    with pytest.raises(Refused):
        await world.ask()
    assert sum(backend.asked for backend in world.of.values()) == FAULTS


async def test_a_trial_that_meets_a_fault_ends_the_rest():
    world = World(Answering("a"))
    world.of["a"].error = Away("down")
    for _ in range(FAILURES):
        with pytest.raises(Refused):
            await world.ask()
    world.clock.advance(REST_S)
    world.of["a"].error = Away("fault", 500)
    with pytest.raises(Refused):
        await world.ask()
    assert world.pool.health["a"].rests_until == 0


async def test_busy_ones_are_left_alone_as_long_as_they_say():
    world = World(Answering("a"))
    world.of["a"].error = Away("busy", 429, 30.0)
    with pytest.raises(Refused) as refused:
        await world.ask()
    assert (refused.value.status, refused.value.headers["Retry-After"]) == (429, "30")
    world.of["a"].error = None
    world.clock.advance(29)
    with pytest.raises(Refused):
        await world.ask()
    world.clock.advance(1)
    assert await world.ask() == "a"


async def test_who_does_not_obey_is_not_asked_and_nobody_is_the_refusal():
    world = World(Answering("a"), Answering("b"))

    def not_a(backend: Backend) -> None:
        if backend.config.name == "a":
            raise bad_request("tool_choice")

    assert {await world.ask(not_a) for _ in range(20)} == {"b"}

    def nobody(_: Backend) -> None:
        raise bad_request("tool_choice")

    with pytest.raises(Refused, match="tool_choice"):
        await world.ask(nobody)


async def test_nothing_runs_when_all_have_answered_or_failed():
    world = World(Answering("a"), Answering("b"))
    for error in (None, Away("down"), bad_request("no"), RuntimeError("ours")):
        for backend in world.of.values():
            backend.error = error
        with suppress(Refused, RuntimeError):
            await world.ask()
    assert [health.running for health in world.pool.health.values()] == [0, 0]


@asynccontextmanager
async def looked_after(pool: Pool) -> AsyncIterator[None]:
    """A pool that asks its backends how they are."""
    asking = asyncio.create_task(pool.keep_asking())
    try:
        yield
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


async def test_a_rest_ends_early_when_the_backend_is_healthy():
    world = World(Answering("a"))
    world.of["a"].error = Away("down")
    for _ in range(FAILURES):
        with pytest.raises(Refused):
            await world.ask()
    world.of["a"].error = None
    async with looked_after(world.pool):
        await until(lambda: not world.pool.health["a"].rests_until)
    assert await world.ask() == "a"


async def test_an_idle_backend_that_is_not_healthy_is_known_before_it_is_asked():
    world = World(Answering("a"), Answering("b"))
    world.of["a"].error = Away("down")
    async with looked_after(world.pool):
        await until(lambda: world.pool.health["a"].rests_until)
    assert {await world.ask() for _ in range(20)} == {"b"}
    assert world.of["a"].asked == 0


async def test_one_that_wants_to_be_left_alone_is_left_alone_though_it_is_healthy():
    world = World(Answering("a"))
    health = world.pool.health["a"]
    health.fail(world.clock.monotonic(), Away("busy", 429, 30.0))
    health.look(world.clock.monotonic(), None)
    assert not health.is_ready(world.clock.monotonic())
    world.clock.advance(30)
    health.look(world.clock.monotonic(), None)
    assert health.rests_until == 0


async def test_one_that_fails_after_it_was_healthy_rests_at_once():
    world = World(Answering("a"))
    world.of["a"].error = Away("down", 503)
    for _ in range(FAILURES):
        with pytest.raises(Refused):
            await world.ask()
    world.pool.health["a"].look(world.clock.monotonic(), None)
    for _ in range(5):
        with pytest.raises(Refused):
            await world.ask()
    assert world.of["a"].asked == FAILURES + 1


async def test_one_whose_settings_are_wrong_is_doubted_and_its_caller_told_that_waiting_is_no_use():
    world = World(Answering("a"))
    health = world.pool.health["a"]
    world.of["a"].error = Away("a answered 404: is its url right?", 404)
    async with looked_after(world.pool):
        await until(lambda: health.doubt)
    assert (health.said, health.rests_until) == ("a answered 404: is its url right?", 0)
    with pytest.raises(Refused, match="operator must mend") as refused:
        await world.ask()
    assert refused.value.problem.code == "upstream_misconfigured"
    assert "Retry-After" not in refused.value.headers
    world.of["a"].error = None
    assert await world.ask() == "a"
    assert not health.doubt


async def test_one_that_answers_requests_needs_no_list_of_models():
    world = World(Answering("a"))
    assert await world.ask() == "a"
    world.pool.health["a"].look(1.0, Away("a answered 404", 404))
    assert (world.pool.health["a"].doubt, world.pool.health["a"].failed) == ("", 0)
