"""What a turn costs on one core: to the first movement, in the policy, whole turns a second.

"Command to read-back start" is from the request's entry to the moment its writes were handed to the
drivers: perceive, route, understand, resolve, decide, trail. The car is the simulated one.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.sentences import COMMANDS, GUARDED
from edgewise.act.decide import decide, decide_plainly
from edgewise.act.policy import builtin_policy
from edgewise.core.call import Allow
from edgewise.core.event import CallDecided, CallStarted, Understood
from edgewise.core.message import Channel, Request, Speaker
from edgewise.core.part import TextPart
from edgewise.core.signal import JsonValue
from edgewise.core.zone import Zone
from edgewise.device.runtime import Device, start_device
from edgewise.learn.report import Result, measure, report

ROUNDS = 15
DECISIONS = 4000


def main() -> None:
    """Time turns and decisions and report."""
    with tempfile.TemporaryDirectory() as folder:
        results = asyncio.run(_measure(Path(folder)))
    report("turn", results)


async def _measure(folder: Path) -> list[Result]:
    device = await start_device(folder)
    try:
        for command in COMMANDS:
            await _turn(device, command)
        to_start_ms: list[float] = []
        understand_ms: list[float] = []
        facts: list[dict[str, JsonValue]] = []
        turns, began = 0, time.perf_counter()
        for _ in range(ROUNDS):
            for command in COMMANDS:
                started_ms, understood_ms, told = await _turn(device, command)
                turns += 1
                to_start_ms += started_ms
                understand_ms.append(understood_ms)
                facts += told
        whole_s = time.perf_counter() - began
        for guarded in GUARDED:
            facts += (await _turn(device, guarded))[2] * (len(facts) // len(GUARDED) // 2)
    finally:
        await device.close()
    first = to_start_ms
    decide_ms, plain_ms = _decisions(facts)
    return [
        measure("command to read-back start p50", statistics.median(first), "ms", at_most=5),
        measure("command to read-back start p95", _p95(first), "ms", at_most=15),
        measure("understand p50", statistics.median(understand_ms), "ms"),
        measure("understand p95", _p95(understand_ms), "ms"),
        measure("decide p50", statistics.median(decide_ms), "ms"),
        measure("decide p95", _p95(decide_ms), "ms", at_most=0.5),
        measure("decide without shortcuts p50", statistics.median(plain_ms), "ms"),
        measure("decide without shortcuts p95", _p95(plain_ms), "ms"),
        measure("whole turns a second", turns / whole_s, "1/s"),
    ]


async def _turn(device: Device, text: str) -> tuple[list[float], float, list[dict[str, JsonValue]]]:
    """Milliseconds to the first write (none if nothing was written), to understand, and facts."""
    request = Request((TextPart(text),), "bench", Speaker(Zone.DRIVER, Channel.TYPED))
    started_ms: list[float] = []
    understood_ms = 0.0
    facts: list[dict[str, JsonValue]] = []
    began = time.perf_counter()
    async for event in device.agent.run(request):
        match event:
            case CallStarted() if not started_ms:
                started_ms.append((time.perf_counter() - began) * 1000)
            case Understood(took_ms=took_ms):
                understood_ms = took_ms
            case CallDecided():
                facts.append(event.facts)
            case _:
                pass
    return started_ms, understood_ms, facts


def _decisions(facts: list[dict[str, JsonValue]]) -> tuple[list[float], list[float]]:
    """Milliseconds of each decision, with and without its shortcuts, taken in turns."""
    policy = builtin_policy()
    times_ms: tuple[list[float], list[float]] = ([], [])
    allowed = 0
    for number in range(DECISIONS):
        fact = facts[number * 7919 % len(facts)]
        for way, kept in zip((decide, decide_plainly), times_ms, strict=True):
            started = time.perf_counter()
            decision = way(policy, fact)
            kept.append((time.perf_counter() - started) * 1000)
        allowed += isinstance(decision, Allow)
    print(f"{DECISIONS} decisions, {allowed} allowed at once")
    return times_ms


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[18]


if __name__ == "__main__":
    main()
