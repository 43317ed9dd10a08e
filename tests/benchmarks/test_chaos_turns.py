"""The harness tells good turns from bad ones, with a simple client of httpx as the turn."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest

from benchmarks.chaos_turns import ProfileRun, Turn, TurnOutcome, figures, run_profiles
from edgewise.learn.report import Result
from edgewise.testing.chaos import ChaosProxy
from edgewise.testing.chaos_faults import PROFILES, Faults, Lane
from edgewise.testing.chaos_watch import Traffic
from edgewise.testing.upstream.server import started_upstream

CANARY = "canary-5b1e-only-here"
DEADLINE_S = 1.0
QUICK = {
    name: PROFILES[name]
    for name in ("healthy", "cloud_down", "half_open", "stall_mid_stream", "errors_50_percent")
} | {
    "jitter": Faults(down=Lane(jitter_s=0.02)),
    "resets": replace(PROFILES["resets_2_percent"], cut_probability=0.3),
    "flapping": Faults(flap_up_s=0.05, flap_down_s=0.03),
}


@asynccontextmanager
async def turned(
    said: Callable[[int], str], tries: int = 1
) -> AsyncGenerator[tuple[Turn, ChaosProxy]]:
    """A turn that asks the cloud, again if need be, and answers on the device when that fails."""
    async with (
        started_upstream() as upstream,
        ChaosProxy(upstream.url, canaries=[CANARY], seed=5) as proxy,
        httpx.AsyncClient(timeout=0.1, trust_env=False) as client,
    ):

        async def turn(number: int) -> TurnOutcome:
            messages = [{"role": "user", "content": said(number)}]
            body = {"model": "fake", "stream": True, "messages": messages}
            for _ in range(tries):
                try:
                    url = f"{proxy.address}/chat/completions"
                    async with client.stream("POST", url, json=body) as answer:
                        answer.raise_for_status()
                        if "[DONE]" in await text_of(answer):
                            return TurnOutcome(answered=True)
                except httpx.HTTPError:
                    pass
            return TurnOutcome(answered=True, local=True)

        yield turn, proxy


async def text_of(answer: httpx.Response) -> str:
    return (await answer.aread()).decode()


def held(results: list[Result]) -> dict[str, Result]:
    return {result.metric: result for result in results}


async def test_a_turn_that_falls_back_is_answered_under_every_profile():
    async with turned(lambda number: f"say {number} " + "word " * 20) as (turn, proxy):
        found = held(
            await run_profiles(turn, proxy, turns=6, deadline_s=DEADLINE_S, profiles=QUICK)
        )
    for name in QUICK:
        assert found[f"{name}: answered in time"].met, name
        assert found[f"{name}: canary bytes outside"].met
        assert found[f"{name}: unread connections"].met
    local = {name: found[f"{name}: answers marked local"].value for name in QUICK}
    assert [local[name] for name in ("healthy", "jitter")] == [0, 0]
    assert [local[name] for name in ("cloud_down", "half_open", "stall_mid_stream")] == [100] * 3
    assert 0 < local["errors_50_percent"] < 100
    assert found["healthy: requests a wanted one"].value == 1
    # one may go out on the connection that is kept, before its reset has come
    assert found["cloud_down: requests a wanted one"].value <= 1 / 6


async def test_retries_and_canaries_are_measured_whatever_the_turn_says(
    capsys: pytest.CaptureFixture[str],
):
    async with turned(lambda number: CANARY if number == 3 else "hello", tries=3) as (turn, proxy):
        errors = {"errors": Faults(error_probability=1)}
        found = held(
            await run_profiles(
                turn, proxy, turns=5, deadline_s=DEADLINE_S, profiles=errors, at_once=2
            )
        )
    assert found["errors: requests a wanted one"].value == 3
    assert found["errors: requests a wanted one"].met is False
    assert found["errors: canary bytes outside"].value == 3 * len(CANARY)
    assert found["errors: canary bytes outside"].met is False
    assert "errors: 5 of 5 turns" in capsys.readouterr().out


async def test_a_turn_that_raises_or_does_not_end_has_no_answer(
    capsys: pytest.CaptureFixture[str],
):
    async def turn(number: int) -> TurnOutcome:
        if number == 0:
            raise ValueError("the turn broke")
        if number == 1:
            await asyncio.Event().wait()
        return TurnOutcome(answered=True, requests=0)

    async with ChaosProxy("127.0.0.1:9") as proxy:
        healthy = {"healthy": Faults()}
        found = held(await run_profiles(turn, proxy, turns=4, deadline_s=0.05, profiles=healthy))
    assert found["healthy: answered in time"].value == 50
    told = capsys.readouterr().out
    assert "1 turns ended in ValueError: the turn broke" in told
    assert "1 turns ended in no end within twice the deadline" in told


def test_late_local_and_doubled_are_counted():
    late, local = TurnOutcome(answered=True), TurnOutcome(answered=True, local=True, doubled=2)
    outcomes, took_s = [late, local, *[TurnOutcome(answered=True)] * 8], [2.0, *[0.1] * 9]
    run = ProfileRun("x", 1.0, outcomes, took_s, Counter(), Traffic(requests=11, bytes_up=500))
    found = {name.removeprefix("x: "): one for name, one in held(figures(run)).items()}
    assert found["answered in time"].value == 90
    assert found["answers marked local"].value == 10
    assert (found["doubled calls"].value, found["doubled calls"].met) == (2, False)
    assert (found["turn p50"].value, found["turn p99"].value) == (100, 2000)
    assert found["requests a wanted one"].met
    assert found["bytes that left a turn"].value == 50


def test_turns_that_stay_on_the_device_have_no_amplification():
    outcomes = [TurnOutcome(answered=True, local=True, requests=0)]
    run = ProfileRun("x", 1.0, outcomes, [0.1], Counter(), Traffic())
    assert "x: requests a wanted one" not in held(figures(run))
