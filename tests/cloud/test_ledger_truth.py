"""The ledger says what the upstreams produced, whatever becomes of clients, upstreams and us."""

import asyncio
import random
import signal
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from edgewise.cloud.budget import Period, ScopeKind
from edgewise.cloud.budget_table import create_budget
from edgewise.cloud.config import CONFIG, Config, load_config
from edgewise.cloud.service import Cloud, start_cloud
from edgewise.cloud.tables import ledger
from edgewise.testing.upstream.application import Upstream
from edgewise.testing.upstream.directive import Directive
from edgewise.testing.upstream.server import started_upstream
from tests.cloud.processes import Processes, processes, produced
from tests.cloud.running import Running, serving
from tests.cloud.truth import Told, ask, compare, random_plan, settings_over

SETTLE_S = 10.0


class Truthful(Running):
    """A platform over three upstreams."""

    upstreams: tuple[Upstream, ...]

    def rows(self) -> list[dict[str, object]]:
        with self.cloud.database.read() as connection:
            return [dict(row) for row in connection.execute(select(ledger)).mappings()]

    async def settled(self) -> None:
        """Until all is in the database, and the upstreams saw that nobody listens."""
        await self.wait_until_idle(SETTLE_S)
        until = time.monotonic() + SETTLE_S
        while self._is_producing():
            assert time.monotonic() < until
            await asyncio.sleep(0.01)

    def compare(self, told: list[Told]) -> None:
        compare(self.rows(), [up.produced.told()["requests"] for up in self.upstreams], told)

    def _is_producing(self) -> bool:
        records = [one for up in self.upstreams for one in up.produced.requests.values()]
        return any(record.outcome == "running" for record in records)


@asynccontextmanager
async def truthful(folder: Path, database: str = "") -> AsyncGenerator[Truthful]:
    async with AsyncExitStack() as stack:
        exact = await stack.enter_async_context(started_upstream())
        late = await stack.enter_async_context(started_upstream())
        broken = await stack.enter_async_context(
            started_upstream(directive=Directive(fail_status=503))
        )
        addresses = (exact.address, late.address, broken.address)
        config = written(folder, settings_over(*addresses, database))
        address, cloud = await stack.enter_async_context(serving(folder, config))
        running = Truthful(address, cloud, exact)
        running.upstreams = (exact, late, broken)
        running.key = running.make_key()
        yield running


async def ask_many(running: Truthful, seed: int, count: int, at_once: int) -> list[Told]:
    source = random.Random(seed)
    turn = asyncio.Semaphore(at_once)

    async def one() -> Told:
        async with turn:
            return await ask(running.address, running.key, random_plan(source))

    return list(await asyncio.gather(*(one() for _ in range(count))))


async def cap(cloud: Cloud, organisation: str, limit_nano: int) -> None:
    """A budget on everything that an organisation spends, in force at once."""
    with cloud.database.begin() as connection:
        create_budget(
            connection,
            organisation,
            ScopeKind.ORGANISATION,
            organisation,
            Period.TOTAL,
            limit_nano,
            now_s=time.time(),
        )
    await cloud._load_budgets()


@pytest.mark.parametrize("seed", [1, 2])
async def test_billed_is_what_was_produced_whoever_leaves_or_fails(tmp_path: Path, seed: int):
    async with truthful(tmp_path) as running:
        told = await ask_many(running, seed, 60, 20)
        await running.settled()
        assert {one.status for one in told} >= {0, 200}
        running.compare(told)
        assert not running.cloud.ledger.running


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 13))
async def test_billed_is_what_was_produced_on_either_database(
    tmp_path: Path, database_url: str, seed: int
):
    async with truthful(tmp_path, database_url) as running:
        told = await ask_many(running, seed, 400, 64)
        await running.settled()
        running.compare(told)


async def test_a_budget_is_never_passed_and_nothing_stays_reserved(tmp_path: Path):
    limit_nano = 3_000_000
    async with truthful(tmp_path) as running:
        made = running.cloud.first_start
        assert made is not None
        await cap(running.cloud, made.organisation.id, limit_nano)
        await ask_many(running, 5, 80, 40)
        await running.settled()
        costs = [int(str(row["cost_nano"])) for row in running.rows()]
        (standing,) = running.cloud.budgets.standings()
        assert standing.reserved_nano == 0
        assert standing.spent_nano == sum(costs)
        assert sum(costs) <= limit_nano + max(costs)
        assert sum(costs) > limit_nano / 2


async def crash_again_and_again(
    started: Processes, folder: Path, seed: int, times: int
) -> tuple[Told, ...]:
    """Requests all the while; the platform is killed under them and started again."""
    source = random.Random(seed)
    told: list[Told] = []
    key = ""
    for number in range(times + 1):
        platform = await started.platform(folder)
        key = key or platform.first["key"]
        plans = [random_plan(source) for _ in range(60)]
        asking = [asyncio.create_task(ask(platform.address, key, plan)) for plan in plans]
        if number < times:
            await asyncio.sleep(source.uniform(0.02, 0.6))
            assert await platform.end(signal.SIGKILL) == -signal.SIGKILL
        told += await asyncio.gather(*asking)
    ended = await platform.end(signal.SIGTERM)
    assert ended == 0, f"{ended}: {platform.log.read_text()}"
    return tuple(told)


def written(folder: Path, settings: str) -> Config:
    """The settings, as the file of a platform's folder."""
    folder.mkdir(exist_ok=True)
    (folder / CONFIG).write_text(settings)
    return load_config(folder / CONFIG)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [1, 2])
async def test_a_killed_platform_bills_what_was_produced_once(
    tmp_path: Path, database_url: str, seed: int
):
    folder = tmp_path / "cloud"
    with processes(tmp_path) as started:
        ups = [await started.upstream(), await started.upstream()]
        ups.append(await started.upstream("--directive", '{"fail_status": 503}'))
        config = written(folder, settings_over(*(up.address for up in ups), database_url))
        told = await crash_again_and_again(started, folder, seed, 4)
        truth = [await produced(up.address) for up in ups]
    cloud = await start_cloud(config, folder)
    try:
        with cloud.database.read() as connection:
            rows = [dict(row) for row in connection.execute(select(ledger)).mappings()]
        await cap(cloud, rows[0]["organisation"], 10**12)
        (standing,) = cloud.budgets.standings()
    finally:
        await cloud.close()
    compare(rows, truth, told)
    outcomes = {row["outcome"] for row in rows}
    assert {"crashed", "done", "disconnected", "failed"} <= outcomes
    assert standing.spent_nano == sum(row["cost_nano"] for row in rows)
    assert standing.reserved_nano == 0
