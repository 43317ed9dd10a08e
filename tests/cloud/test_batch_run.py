"""Batches run as their key, wait where it must, and go on after a kill; no line is done twice."""

import asyncio
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from edgewise.cloud.batch_run import LINES_AT_ONCE, MOST_FAILURES, BatchRunner
from edgewise.cloud.batch_table import UNFINISHED, change_batch
from edgewise.cloud.budget import Period, ScopeKind
from edgewise.cloud.budget_table import create_budget
from edgewise.cloud.caller import Endpoint, Limits
from edgewise.cloud.config import DATABASE
from edgewise.cloud.database import Database
from edgewise.cloud.keys import Scope, make_key, revoke_key
from edgewise.cloud.prices import Price
from edgewise.cloud.projects import create_project
from edgewise.errors import DeviceError, EdgewiseError, LinkError
from edgewise.testing.clock import ManualClock
from edgewise.testing.upstream.application import Upstream
from edgewise.testing.upstream.directive import Directive
from edgewise.testing.upstream.server import started_upstream
from tests.cloud.batch_inputs import batch_of, chat_line, make_batch, results_of
from tests.cloud.running import Running, config_over, running_cloud, serving
from tests.cloud.waiting import until

pytestmark = pytest.mark.slow


def lines_of(count: int) -> list[dict[str, Any]]:
    """Lines that say each their own word, so that the upstream knows them apart."""
    return [chat_line(f"line-{number}", f"word{number}x") for number in range(count)]


def order_of(upstream: Upstream) -> list[str]:
    """The lines in the order in which they came to the upstream."""
    return [
        json.loads(seen.body)["messages"][-1]["content"].rpartition(" ")[2]
        for seen in upstream.seen
        if seen.path.endswith("/chat/completions")
    ]


def asked_of(upstream: Upstream) -> Counter[str]:
    """How often each line came to the upstream."""
    return Counter(order_of(upstream))


async def ended(client: httpx.AsyncClient, id: str, limit_s: float = 40.0) -> dict[str, Any]:
    ends = time.monotonic() + limit_s
    while (batch := await batch_of(client, id))["status"] in (
        "validating",
        "in_progress",
        "finalizing",
        "cancelling",
    ):
        assert time.monotonic() < ends, batch
        await asyncio.sleep(0.05)
    return batch


def revoke(running: Running, secret: str) -> None:
    caller = running.cloud.find(secret)
    assert caller is not None
    with running.cloud.database.begin() as connection:
        revoke_key(connection, caller.organisation, caller.key, now_s=time.time())


async def test_a_revoked_key_stops_its_batch_and_what_was_done_is_there(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        running.upstream.directive = Directive(tokens=5, delay_ms=20)
        secret = running.make_key()
        async with running.stranger(secret) as client:
            made = await make_batch(client, lines_of(200))
        await until(lambda: len(running.cloud.ledger.recent) > 20)
        revoke(running, secret)
        await running.cloud.batches.idle()
        done = await batch_of(running.client, made["id"])
        answers = await results_of(running.client, done["output_file_id"])
        cut = await results_of(running.client, done["error_file_id"])
    assert done["status"] == "failed"
    assert [error["code"] for error in done["errors"]["data"]] == ["key_revoked"]
    assert 20 < len(answers) < 200
    assert len(cut) <= LINES_AT_ONCE  # none, where the key went just between two lines
    told = [line["response"]["body"]["error"]["code"] for line in cut.values()]
    assert set(told) <= {"key_revoked"}
    assert len(running.upstream.produced.requests) <= len(answers) + len(cut)


class Broken:
    """A database on a disk that fails, until it is mended."""

    def __init__(self, error: EdgewiseError, mended_after: int = 10**9) -> None:
        self.asked = 0
        self._error = error
        self._mended_after = mended_after

    @contextmanager
    def read(self) -> Generator[Any]:
        self.asked += 1
        if self.asked <= self._mended_after:
            raise self._error
        yield Nothing()

    @contextmanager
    def begin(self) -> Generator[Any]:
        raise self._error
        yield


class Nothing:
    """A connection to a database that has no batch."""

    def execute(self, _: object) -> "Nothing":
        return self

    def mappings(self) -> "Nothing":
        return self

    def one_or_none(self) -> None:
        return None

    first = one_or_none


def runner_over(database: Any, folder: Path) -> BatchRunner:
    nothing: Any = None
    return BatchRunner(database, nothing, nothing, nothing, ManualClock(), folder, away_s=0.0001)


async def test_a_fault_that_lasts_ends_a_batch_and_is_not_tried_for_ever(tmp_path: Path):
    broken = Broken(DeviceError("the disk is full", code="database_failed"))
    runner = runner_over(broken, tmp_path)
    runner.begin("batch_1")
    async with asyncio.timeout(10):
        await runner.idle()
    assert broken.asked == MOST_FAILURES


async def test_a_database_that_is_away_is_waited_for(tmp_path: Path):
    away = Broken(LinkError("away", code="database_away"), mended_after=3 * MOST_FAILURES)
    runner = runner_over(away, tmp_path)
    runner.begin("batch_1")
    async with asyncio.timeout(10):
        await runner.idle()
    assert away.asked == 3 * MOST_FAILURES + 1


async def test_cancelling_leaves_nothing_behind(tmp_path: Path):
    away = Broken(LinkError("away", code="database_away"), mended_after=5)
    runner = runner_over(away, tmp_path)
    runner.cancel("batch_that_does_not_run")
    runner.begin("batch_1")
    runner.cancel("batch_1")
    async with asyncio.timeout(10):
        await runner.idle()
    assert not runner._cancelled


async def test_a_limit_of_the_key_makes_lines_wait_and_fails_none(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        secret = running.make_key(Scope(limits=Limits(requests_at_once=2)))
        async with running.stranger(secret) as client:
            made = await make_batch(client, lines_of(12))
            done = await ended(client, made["id"])
    assert done["status"] == "completed"
    assert done["request_counts"] == {"total": 12, "completed": 12, "failed": 0}
    assert set(asked_of(running.upstream).values()) == {1}


async def test_a_spent_budget_fails_the_lines_and_is_not_passed(tmp_path: Path):
    price = msgspec.convert({"model": "fake", "since": "2026-01-01", "output": "999999"}, Price)
    async with running_cloud(tmp_path, price=(price,)) as running:
        caller = running.cloud.find(running.key)
        assert caller is not None
        with running.cloud.database.begin() as connection:
            create_budget(
                connection,
                caller.organisation,
                ScopeKind.KEY,
                caller.key,
                Period.TOTAL,
                5 * 10**9,
                now_s=time.time(),
            )
        await until(running.cloud.budgets.standings)
        lines = [chat_line(f"l{number}", "w", tokens=2) for number in range(8)]
        for line in lines:
            line["body"]["max_tokens"] = 2
        made = await make_batch(running.client, lines)
        done = await ended(running.client, made["id"])
        errors = await results_of(running.client, done["error_file_id"])
    assert done["status"] == "completed"
    assert done["request_counts"] == {"total": 8, "completed": 3, "failed": 5}
    assert {line["response"]["status_code"] for line in errors.values()} == {402}
    assert running.upstream.produced.totals.output_tokens == 6


async def test_an_upstream_that_is_away_for_a_moment_fails_no_line(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        running.upstream.directive = Directive(fail_status=503)
        made = await make_batch(running.client, lines_of(3))
        await until(lambda: running.upstream.produced.totals.attempts)
        running.upstream.directive = Directive()
        done = await ended(running.client, made["id"])
    assert done["request_counts"] == {"total": 3, "completed": 3, "failed": 0}


async def test_what_is_not_done_in_the_window_is_told_as_expired(tmp_path: Path):
    async with started_upstream() as upstream:
        upstream.directive = Directive(tokens=5, delay_ms=20)
        config = config_over(upstream.address)
        async with serving(tmp_path, config) as (address, cloud):
            running = Running(address, cloud, upstream)
            secret = running.make_key()
            async with running.stranger(secret) as client:
                made = await make_batch(client, lines_of(100))
                await until(lambda: len(cloud.ledger.recent) > 10)
        database = Database(f"sqlite:///{tmp_path / DATABASE}")
        with database.begin() as connection:  # the platform was away for a day
            assert change_batch(connection, made["id"], UNFINISHED, expires_at=time.time())
        database.close()
        async with (
            serving(tmp_path, config) as (address, cloud),
            Running(address, cloud, upstream).stranger(secret) as client,
        ):
            done = await ended(client, made["id"])
            answers = await results_of(client, done["output_file_id"])
            errors = await results_of(client, done["error_file_id"])
    assert done["status"] == "expired"
    assert {line["error"]["code"] for line in errors.values()} == {"batch_expired"}
    assert done["request_counts"] == {
        "total": 100,
        "completed": len(answers),
        "failed": len(errors),
    }
    assert len(answers) + len(errors) == 100
    assert len(answers) > 10


async def test_a_small_batch_of_one_project_does_not_wait_for_big_ones_of_another(
    tmp_path: Path,
):
    async with running_cloud(tmp_path) as running:
        upstream = running.upstream
        upstream.directive = Directive(first_ms=3000)
        first = running.cloud.first_start
        assert first is not None
        with running.cloud.database.begin() as connection:
            other = create_project(connection, first.organisation.id, "other", now_s=1.0)
            key = make_key(connection, first.organisation.id, other.id, "k", now_s=1.0).secret
        for _ in range(20):
            await make_batch(running.client, lines_of(16))
        async with running.stranger(key) as client:
            await make_batch(client, [chat_line("s", "small")])
        await until(lambda: len(upstream.seen) >= LINES_AT_ONCE)
        before = len(upstream.seen)
        upstream.directive = Directive()
        await until(lambda: asked_of(upstream)["small"])
        order = order_of(upstream)
    assert order.index("small") - before < 40


async def test_a_scope_that_was_narrowed_since_holds_for_the_lines(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        key = running.make_key(Scope(models=("fake",), endpoints=(Endpoint.BATCHES,)))
        caller = running.cloud.find(key)
        assert caller is not None
        lines = lines_of(2)
        lines[1]["body"]["model"] = "secret-model"
        made = await make_batch(running.client, lines)
        done = await ended(running.client, made["id"])
        errors = await results_of(running.client, done["error_file_id"])
    assert errors["line-1"]["response"]["status_code"] == 404


@pytest.mark.parametrize("stops", [1, 3])
async def test_batches_go_on_over_orderly_restarts_and_run_each_line_once(
    tmp_path: Path, database_url: str, stops: int
):
    async with started_upstream() as upstream:
        upstream.directive = Directive(tokens=4, delay_ms=30)
        config = config_over(upstream.address, database=database_url)
        id = secret = ""
        for number in range(stops):
            async with serving(tmp_path, config) as (address, cloud):
                running = Running(address, cloud, upstream)
                secret = secret or running.make_key()
                async with running.stranger(secret) as client:
                    if not id:
                        id = (await make_batch(client, lines_of(120)))["id"]
                    seen = len(upstream.produced.requests)
                    await until(lambda seen=seen: len(upstream.produced.requests) > seen + 4)
                    assert (await batch_of(client, id))["status"] == "in_progress", number
        async with serving(tmp_path, config) as (address, cloud):
            running = Running(address, cloud, upstream)
            async with running.stranger(secret) as client:
                done = await ended(client, id)
                answers = await results_of(client, done["output_file_id"])
    assert done["request_counts"] == {"total": 120, "completed": 120, "failed": 0}
    assert len(answers) == 120
    assert set(asked_of(upstream).values()) == {1}


@asynccontextmanager
async def process(folder: Path) -> AsyncGenerator[tuple[asyncio.subprocess.Process, Any]]:
    """The platform as a user starts it; ended by the block or by the test."""
    command = [sys.executable, "-c", "from edgewise.cli import main; main()", "serve", "cloud"]
    started = await asyncio.create_subprocess_exec(
        *command,
        "--port=0",
        "--print-key",
        f"--folder={folder}",
        stdout=asyncio.subprocess.PIPE,
        env=dict(os.environ),
    )
    assert started.stdout is not None
    try:
        async with asyncio.timeout(30):
            yield started, json.loads(await started.stdout.readline())
    finally:
        if started.returncode is None:
            started.kill()
        await started.wait()


@pytest.mark.slow
async def test_a_killed_platform_goes_on_and_runs_no_finished_line_twice(tmp_path: Path):
    async with started_upstream() as upstream:
        upstream.directive = Directive(tokens=4, delay_ms=15)
        (tmp_path / "cloud.toml").write_text(
            f'[[backend]]\nname = "up"\nurl = "{upstream.url}"\n'
            '[[model]]\nname = "fake"\n[[model.routes]]\nbackend = "up"\n'
        )
        async with process(tmp_path) as (first, told):
            headers = {"Authorization": f"Bearer {told['key']}"}
            async with httpx.AsyncClient(base_url=told["address"], headers=headers) as client:
                id = (await make_batch(client, lines_of(150)))["id"]
            await until(lambda: len(upstream.produced.requests) > 60)
            first.send_signal(signal.SIGKILL)
            await first.wait()
        output = (tmp_path / "batches" / id / "output.jsonl").read_bytes()
        finished = [json.loads(line)["custom_id"] for line in output.splitlines(keepends=True)]
        async with (
            process(tmp_path) as (_, told),
            httpx.AsyncClient(base_url=told["address"], headers=headers) as client,
        ):
            done = await ended(client, id)
            answers = await results_of(client, done["output_file_id"])
        asked = asked_of(upstream)
    assert done["request_counts"] == {"total": 150, "completed": 150, "failed": 0}
    assert len(answers) == 150
    assert len(finished) > 30
    assert {asked[f"word{name.removeprefix('line-')}x"] for name in finished} == {1}
    assert max(asked.values()) <= 2
    assert sum(asked.values()) - 150 <= 16
