"""The load generator counts what was answered well, and nothing else."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from benchmarks.load import Outcome, Target, hold, percentile, run_closed, run_count, run_paced
from edgewise.testing.upstream.directive import Directive
from edgewise.testing.upstream.fixed import PACES
from edgewise.testing.upstream.server import started_upstream

MODELS = tuple(PACES)


def nothing() -> None:
    pass


@pytest.mark.parametrize("stream", [False, True])
async def test_a_closed_loop_counts_what_the_upstream_produced(stream: bool):
    async with started_upstream(fixed=True) as upstream:
        outcome = await run_closed(
            Target(upstream.address, "", stream=stream), 4, 0.2, 0.0, nothing
        )
        produced = upstream.produced.totals.output_tokens
    each = 20 if stream else 10
    assert outcome.errors == 0
    assert outcome.requests > 20
    # those that were under way at the end are produced and not counted
    assert 0 <= produced // each - outcome.requests <= 4
    assert all(
        0 < first <= last
        for first, last in zip(outcome.first_bytes_s, outcome.latencies_s, strict=True)
    )


async def test_a_count_of_requests_is_exactly_that():
    async with started_upstream(fixed=True) as upstream:
        outcome = await run_count(Target(upstream.address, ""), 3, 100)
        assert outcome.requests == 100
        assert upstream.produced.totals.attempts == 100


async def test_a_paced_load_keeps_its_mean_rate_and_marks_its_begin_and_end():
    marks: list[int] = []
    async with started_upstream(fixed=True) as upstream:
        produced = upstream.produced.totals
        outcome = await run_paced(
            Target(upstream.address, ""),
            8,
            0.5,
            0.1,
            200,
            lambda: marks.append(produced.attempts),
        )
    assert outcome.errors == 0
    assert 50 < outcome.requests < 200
    assert len(marks) == 2
    assert abs((marks[1] - marks[0]) - outcome.requests) <= 8


async def test_a_stalled_server_makes_paced_requests_late_instead_of_few():
    async with started_upstream(fixed=True, models=MODELS) as upstream:
        slow = Target(upstream.address, "", model="fake-slow")
        outcome = await run_paced(slow, 1, 0.6, 0.0, 50, nothing)
    assert percentile(outcome.latencies_s, 0.99) > 0.2  # it thinks for 0.1 s; the rest is waiting


@pytest.mark.parametrize(
    ("directive", "stream", "why"),
    [
        (Directive(fail_status=503), False, "HTTP/1.1 503"),
        (Directive(tokens=3, fail_after=1), True, "the connection was lost"),
        (Directive(tokens=3, fail_after=1, fail_by="event"), True, "no [DONE]"),
    ],
)
async def test_what_is_not_answered_well_is_an_error(directive: Directive, stream: bool, why: str):
    async with started_upstream(directive=directive) as upstream:
        outcome = await run_closed(
            Target(upstream.address, "", stream=stream), 1, 0.1, 0.0, nothing
        )
    assert outcome.requests == 0
    assert outcome.errors
    assert why in outcome.first_errors[0]


async def test_silent_streams_are_held_and_then_left():
    open_streams: list[int] = []
    async with started_upstream(fixed=True, models=MODELS) as upstream:
        target = Target(upstream.address, "", model="fake-held", stream=True)
        produced = upstream.produced.totals

        def mark() -> None:
            open_streams.append(produced.attempts)

        assert await hold(target, 20, 0.05, mark) == 20
        await upstream.produced.until(lambda: produced.output_tokens == 20)
    assert open_streams == [20]


RUNS: tuple[Callable[[Target], Coroutine[Any, Any, object]], ...] = (
    lambda target: run_closed(target, 1, 0.1, 0.0, nothing),
    lambda target: run_paced(target, 1, 0.1, 0.0, 1, nothing),
    lambda target: run_count(target, 1, 1),
    lambda target: hold(target, 1, 0.1, nothing),
)


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize(
    "address", ["http://example.com:80", "http://192.0.2.1:80", "http://[::1]"]
)
async def test_other_machines_are_refused(
    run: Callable[[Target], Coroutine[Any, Any, object]], address: str
):
    with pytest.raises(ValueError, match="only loopback"):
        await run(Target(address, ""))


async def test_runs_over_a_minute_are_refused():
    target = Target("http://127.0.0.1:9", "")
    with pytest.raises(ValueError, match="over the limit"):
        await run_closed(target, 1, 60.0, 0.5, nothing)
    with pytest.raises(ValueError, match="over the limit"):
        await hold(target, 1, 61.0, nothing)


def test_a_percentile_is_a_value_that_was_measured():
    values = [float(number) for number in range(1, 101)]
    assert [percentile(values, share) for share in (0.0, 0.5, 0.99, 1.0)] == [1, 50, 99, 100]
    assert percentile([3.0], 0.99) == 3
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


def test_outcomes_of_rounds_are_joined():
    joined = Outcome()
    joined.join(Outcome([1.0], [0.5], 1, 2.0, ["a"]))
    joined.join(Outcome([3.0], [0.7], 0, 2.0))
    assert (joined.requests, joined.errors, joined.seconds) == (2, 1, 4.0)


def test_the_request_is_whole_and_carries_the_key():
    request = Target("http://127.0.0.1:8000", "sk-1", "fake", True).request()
    head, _, body = request.partition(b"\r\n\r\n")
    assert b"Authorization: Bearer sk-1" in head
    assert f"Content-Length: {len(body)}".encode() in head
    assert json.loads(body)["stream"] is True
