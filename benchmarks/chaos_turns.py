"""Turns through a spoiled link: how many are answered in time, what a failure costs, what leaves.

The plug is one async callable: `turn(number) -> TurnOutcome`, whose cloud is `proxy.address`.

    async with ChaosProxy(cloud, canaries=canaries) as proxy:
        results = await run_profiles(turn, proxy, turns=1000, deadline_s=8)

What a turn says of itself is believed (answered, local, doubled); time, requests and canaries are
measured here. A turn that raises, or takes over twice its deadline, is one without an answer.
"""

import asyncio
import math
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from edgewise.learn.report import Result, measure
from edgewise.testing.chaos import ChaosProxy
from edgewise.testing.chaos_faults import HEALTHY, PROFILES, Faults
from edgewise.testing.chaos_watch import Traffic

ANSWERED = 99.9
"""Per cent; the goals are those of the issue."""
AMPLIFICATION = 1.1
TOLD = 10
"""Lines of progress a profile."""


@dataclass(frozen=True, slots=True)
class TurnOutcome:
    """What a turn came to. `local`: the device answered and said so. `doubled`: calls performed
    more than once. `requests`: how many it makes to the cloud when nothing fails, 0 for a turn that
    stays on the device; what is above is amplification."""

    answered: bool
    local: bool = False
    doubled: int = 0
    requests: int = 1


Turn = Callable[[int], Awaitable[TurnOutcome]]


@dataclass(frozen=True, slots=True)
class ProfileRun:
    """All turns under one profile: outcomes and seconds in the order they ended, errors by name."""

    name: str
    deadline_s: float
    outcomes: list[TurnOutcome]
    took_s: list[float]
    errors: Counter[str]
    traffic: Traffic


async def run_profiles(
    turn: Turn,
    proxy: ChaosProxy,
    *,
    turns: int,
    deadline_s: float,
    profiles: Mapping[str, Faults] = PROFILES,
    at_once: int = 1,
) -> list[Result]:
    """Run `turns` turns, `at_once` together, under each profile in order; the figures of all."""
    results: list[Result] = []
    for name, faults in profiles.items():
        proxy.change(faults)
        run = await run_profile(name, turn, proxy, turns, deadline_s, at_once)
        results += figures(run)
    proxy.change(HEALTHY)
    return results


async def run_profile(
    name: str, turn: Turn, proxy: ChaosProxy, turns: int, deadline_s: float, at_once: int
) -> ProfileRun:
    """Run turns under the faults that the proxy has now."""
    before = proxy.traffic
    run = ProfileRun(name, deadline_s, [], [], Counter(), before)
    numbers = iter(range(turns))

    async def work() -> None:
        for number in numbers:
            began = time.perf_counter()
            run.outcomes.append(await _outcome(turn, number, run))
            run.took_s.append(time.perf_counter() - began)
            if len(run.outcomes) % math.ceil(turns / TOLD) == 0:
                print(f"{name}: {len(run.outcomes)} of {turns} turns", flush=True)

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(work())
    for what, count in run.errors.most_common(3):
        print(f"{name}: {count} turns ended in {what}", flush=True)
    traffic = proxy.traffic.since(before)
    return ProfileRun(name, deadline_s, run.outcomes, run.took_s, run.errors, traffic)


async def _outcome(turn: Turn, number: int, run: ProfileRun) -> TurnOutcome:
    """A turn's own word. Whatever it raises is counted and named: a benchmark goes on."""
    try:
        async with asyncio.timeout(run.deadline_s * 2):
            return await turn(number)
    except TimeoutError:
        run.errors["no end within twice the deadline"] += 1
    except Exception as error:  # noqa: BLE001 (whatever a turn raises is a figure)
        run.errors[f"{type(error).__name__}: {error}"[:80]] += 1
    return TurnOutcome(answered=False)


def figures(run: ProfileRun) -> list[Result]:
    """What is reported of a profile."""
    count = len(run.outcomes)
    pairs = list(zip(run.outcomes, run.took_s, strict=True))
    in_time = sum(one.answered and took_s <= run.deadline_s for one, took_s in pairs)
    answered = sum(one.answered for one in run.outcomes)
    local = sum(one.answered and one.local for one in run.outcomes)
    doubled = sum(one.doubled for one in run.outcomes)
    wanted = sum(one.requests for one in run.outcomes)
    requests, name = run.traffic.requests, run.name
    amplification = [] if not wanted else [(f"{name}: requests a wanted one", requests / wanted)]
    return [
        measure(f"{name}: turns", count, "turns"),
        measure(f"{name}: answered in time", in_time / count * 100, "%", at_least=ANSWERED),
        measure(f"{name}: turn p50", statistics.median(run.took_s) * 1000, "ms"),
        measure(f"{name}: turn p99", p99(run.took_s) * 1000, "ms"),
        measure(f"{name}: answers marked local", local / max(answered, 1) * 100, "%"),
        measure(f"{name}: doubled calls", doubled, "calls", at_most=0),
        *(measure(what, ratio, "x", at_most=AMPLIFICATION) for what, ratio in amplification),
        measure(f"{name}: bytes that left a turn", run.traffic.bytes_up / count, "bytes"),
        measure(f"{name}: canary bytes outside", run.traffic.canary_bytes, "bytes", at_most=0),
        measure(f"{name}: unread connections", run.traffic.unread, "connections", at_most=0),
    ]


def p99(values: list[float]) -> float:
    """The least that 99 of 100 do not exceed."""
    return sorted(values)[math.ceil(len(values) * 0.99) - 1]
