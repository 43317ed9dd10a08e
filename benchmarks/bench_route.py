"""Turns of a whole device over a spoiled link to a whole platform: answered in time, at what cost.

Device, platform and upstream are processes of their own (`chaos_world.py`), the chaos proxy stands
between the first two and searches all that leaves for canaries. Of twenty turns sixteen are open
questions: twelve hold an address and a number that must be replaced, two name a password and say it
again, two say it once more without a word that it is one. Two are marked as never to leave, two are
commands. The device's own model is a quick stand-in that takes 0.1 s and repeats what it was told
(`chaos_device.py`): times are those of the boundary, not of a model. Then the device is killed and
the platform is, each midway, and a cloud with a slow tail is asked with hedges and without.

    python -m benchmarks.bench_route [--turns N] [--at-once N] [--only PROFILE]
"""

import argparse
import asyncio
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from msgspec.structs import replace as replaced

from benchmarks.chaos_device import Told
from benchmarks.chaos_turns import TurnOutcome, figures, p99, run_profile
from benchmarks.chaos_world import DeviceProcess, Gone, World, device_of, world_of
from edgewise.learn.report import Result, measure, report
from edgewise.route.policy import DEFAULT
from edgewise.testing.chaos import ChaosProxy
from edgewise.testing.chaos_faults import HEALTHY, PROFILES

TURNS = 1_250
"""Of each profile: 8 of them make the 10,000 of the issue."""
AT_ONCE = 6
DEADLINE_S = 3.0
NAMES = (
    *("healthy", "cloud_down", "jitter_400ms", "resets_2_percent", "stall_mid_stream"),
    *("flapping", "half_open", "errors_50_percent"),
)
FAULTS = {name: PROFILES[name] for name in NAMES} | {
    "errors_50_percent": replace(PROFILES["errors_50_percent"], error_status=500)
}
REPLACED = ("kestrel.harrier@example.org", "13812345678")
KEPT = ("osprey-buzzard-merlin", "quartz-feldspar-gneiss")
SECRET = "Merlin7Osprey42x"
SESSIONS = 48
"""A session has every fifth kind of turn, 8 apart: the password is named two turns after those that
never leave (kinds 6 and 13), and said again in the next one."""
NAMED, AGAIN = (2, 9), (10, 17)
WARM_UPS, WARM_UP_S = 4, 20.0
SLOW_EACH = 50
"""One in 40 of the open questions: fewer than may be hedged, and more than one in a hundred."""
SLOW_MS = 1_500
AMPLIFICATION = 1.2
HEDGE_SHARE = DEFAULT.hedge_share
OPEN = (
    "what is the capital of the country where {} and {} were born",
    "which poet wrote the odyssey that {} and {} quote",
    "who painted the ceiling that {} and {} admire",
)
NAMES_IT = "which poet would say that the password: {0} is poor, as {0} is long"
SAYS_IT = "which poet would like {} as a word"
COMMANDS = ("turn on the air conditioning", "turn off the air conditioning")


@dataclass
class Tally:
    """What the outcomes do not hold: `told` in the order of the ends, `cut` by a kill."""

    told: list[Told] = field(default_factory=list[Told])
    cut: int = 0


class Asker:
    """Asks one device; `slow` makes each `SLOW_EACH`-th answer of the cloud begin late."""

    def __init__(self, device: DeviceProcess, deadline_s: float, *, slow: bool = False) -> None:
        self.device = device
        self.deadline_s = deadline_s
        self.tally = Tally()
        self._slow = slow
        self._life = 0
        self._named: set[str] = set()

    async def __call__(self, number: int) -> TurnOutcome:
        """One turn. Raises RuntimeError for one that did not end as it should."""
        kind = number % 20
        session, life = f"s{number % SESSIONS}", self._life
        text, away, stays = _said(number, slow=self._slow, named=session in self._named)
        told = await self.device.ask(text, session, self.deadline_s, stays=stays)
        if kind in (*NAMED, *AGAIN) and life == self._life:
            self._named.add(session)
        if away:
            self.tally.told.append(told)
        if told.ended != "answered" or not told.text:
            raise RuntimeError(f"ended in {told.ended}, turn {kind} of 20")
        if away and not told.source and not told.unverified:
            raise RuntimeError(f"not marked as the device's own: {told.text[:30]}")
        stopped = bool(told.failed) and 200 in told.statuses  # a stream that was left is stopped
        return TurnOutcome(
            answered=True,
            local=not told.source or told.seam,
            doubled=told.doubled,
            requests=(1 + stopped) if away else 0,
        )

    def killed(self) -> None:
        """Take note that the device has forgotten what was said: a password has to be named."""
        self._life += 1
        self._named.clear()


def _said(number: int, *, slow: bool, named: bool) -> tuple[str, bool, bool]:
    """The words of a turn, whether the cloud is to answer them, whether they must stay. `named`:
    the device was told in this session that the password is one."""
    kind = number % 20
    if kind in (*NAMED, *AGAIN):
        return (SAYS_IT if named and kind in AGAIN else NAMES_IT).format(SECRET), True, False
    if kind in (6, 13):
        return f"what is the meaning of {KEPT[kind % 2]} in greek", False, True
    if kind in (3, 16):
        return COMMANDS[kind % 2], False, False
    late = f' {{"test": {{"first_ms": {SLOW_MS}}}}}' if slow and number % SLOW_EACH == 0 else ""
    return OPEN[number % len(OPEN)].format(*REPLACED) + late, True, False


def main() -> None:
    """Run all and report."""
    parser = argparse.ArgumentParser("python -m benchmarks.bench_route", description=__doc__)
    parser.add_argument("--turns", type=int, default=TURNS, help="of each profile")
    parser.add_argument("--at-once", type=int, default=AT_ONCE)
    parser.add_argument("--deadline-s", type=float, default=DEADLINE_S, help="of each turn")
    parser.add_argument("--only", default="", help="profiles whose name holds this")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        results = asyncio.run(_all(Path(folder), options))
    report("route", results)


async def _all(folder: Path, options: argparse.Namespace) -> list[Result]:
    results: list[Result] = []
    total = 0
    crashes = {"device_killed": _device_killed, "platform_killed": _platform_killed}
    async with world_of(folder, [*REPLACED, *KEPT, SECRET]) as (world, proxy):
        for name in (*FAULTS, *crashes):
            if options.only in name:
                async with _device(folder / name, world, proxy, options) as device:
                    run = crashes.get(name) or partial(_spoiled, name)
                    results += await run(device, world, proxy, options)
                total += options.turns
        if options.only in "slow_tail":
            results += await _tails(folder, world, proxy, options)
            total += 2 * options.turns
        found = proxy.traffic.canary_bytes
        for find in proxy.finds[:5]:
            print(f"canary outside: {find}", flush=True)
    return [
        measure("turns in all", total, "turns"),
        measure("canary bytes outside in all", found, "bytes", at_most=0),
        *results,
    ]


@asynccontextmanager
async def _device(
    place: Path,
    world: World,
    proxy: ChaosProxy,
    options: argparse.Namespace,
    share: float = HEDGE_SHARE,
) -> AsyncGenerator[DeviceProcess]:
    """A device that was asked a few things, so that all is loaded."""
    policy = replaced(DEFAULT, hedge_share=share)
    async with device_of(place, world, proxy, policy) as device:
        for stays in (False, True) * WARM_UPS:
            text = OPEN[0].format(*REPLACED)
            told = await device.ask(text, "warm", WARM_UP_S, stays=stays)
            if not stays and not told.source:
                raise SystemExit(f"nothing is spoiled, and the cloud did not answer: {told}")
        yield device


async def _spoiled(
    name: str,
    device: DeviceProcess,
    world: World,
    proxy: ChaosProxy,
    options: argparse.Namespace,
) -> list[Result]:
    """One profile of the proxy, from its beginning on a device whose cloud had answered."""
    del world
    proxy.change(FAULTS[name])
    asker = Asker(device, options.deadline_s)
    run = await run_profile(name, asker, proxy, options.turns, options.deadline_s, options.at_once)
    proxy.change(HEALTHY)
    return [*figures(run), _attempts(name, asker.tally.told)]


def _attempts(name: str, told: Sequence[Told]) -> Result:
    """Attempts of a turn that was let out at all: a breaker that is open hides what retries add.
    Where lines break, those that come back to a stream are among them."""
    asked = [one for one in told if one.statuses]
    count = sum(len(one.statuses) for one in asked) / max(1, len(asked))
    most = AMPLIFICATION if name == "errors_50_percent" else None
    return measure(f"{name}: attempts an asked turn", count, "x", at_most=most)


async def _platform_killed(
    device: DeviceProcess, world: World, proxy: ChaosProxy, options: argparse.Namespace
) -> list[Result]:
    """The platform is killed when a third of the turns are done, and comes back."""
    asker = Asker(device, options.deadline_s)

    async def kill() -> None:
        while len(asker.tally.told) < options.turns // 3:  # noqa: ASYNC110  another's state
            await asyncio.sleep(0.05)
        world.kill_platform()
        await asyncio.sleep(1.0)
        await asyncio.to_thread(world.begin_platform)

    killing = asyncio.create_task(kill())
    run = await run_profile(
        "platform_killed", asker, proxy, options.turns, options.deadline_s, options.at_once
    )
    await killing
    back = sum(bool(told.source) for told in asker.tally.told[-options.turns // 4 :])
    return [*figures(run), measure("platform_killed: answers of the cloud after it", back, "turns")]


async def _device_killed(
    device: DeviceProcess, world: World, proxy: ChaosProxy, options: argparse.Namespace
) -> list[Result]:
    """The device is killed when half of the turns are done, and started anew. Who asked it just
    then asks again when it is back: that turn counts from then on."""
    asker, cut, killed = Asker(device, options.deadline_s), 0, False

    async def turn(number: int) -> TurnOutcome:
        nonlocal killed, cut
        if number >= options.turns // 2 and not killed:
            killed = True
            await device.kill()
            asker.killed()
            await device.begin()
        try:
            return await asker(number)
        except Gone:
            cut += 1
            return await asker(number)

    # the start of a device takes seconds, and who waits for it is not kept waiting by a cloud
    run = await run_profile("device_killed", turn, proxy, options.turns, 10.0, options.at_once)
    late = sum(told.took_s > options.deadline_s for told in asker.tally.told)
    told = [one for one in figures(run) if "turn p" not in one.metric]
    return [
        *told,
        measure("device_killed: turns cut by the kill", cut, "turns"),
        measure("device_killed: turns past their own deadline", late, "turns", at_most=0),
    ]


async def _tails(
    folder: Path, world: World, proxy: ChaosProxy, options: argparse.Namespace
) -> list[Result]:
    """A cloud of which one answer in 40 begins 1.5 s late, asked without hedges and with them."""
    p99_s: list[float] = []
    results: list[Result] = []
    for share in (0.0, HEDGE_SHARE):
        name = f"slow_tail, hedges {'on' if share else 'off'}"
        async with _device(folder / f"tail-{share:g}", world, proxy, options, share) as device:
            asker = Asker(device, options.deadline_s, slow=True)
            run = await run_profile(
                name, asker, proxy, options.turns, options.deadline_s, options.at_once
            )
        told = asker.tally.told
        p99_s.append(p99([one.took_s for one in told]))
        hedged = sum(one.hedged for one in told) / len(told) * 100
        results += [one for one in figures(run) if "doubled" not in one.metric]
        results.append(measure(f"{name}: hedged", hedged, "%", at_most=HEDGE_SHARE * 100))
    gain = p99_s[0] / p99_s[1]
    return [
        *results,
        measure("slow_tail: p99 without hedges over that with", gain, "x", at_least=2),
    ]


if __name__ == "__main__":
    main()
