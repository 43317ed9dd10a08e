"""The platform starts and ends in order, and one process holds its folder."""

import gc
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from edgewise.cloud.backend import Away
from edgewise.cloud.budget import Period, ScopeKind
from edgewise.cloud.budget_table import create_budget, delete_budget
from edgewise.cloud.config import Config
from edgewise.cloud.flight import Facts
from edgewise.cloud.ledger import Outcome
from edgewise.cloud.prices import Price
from edgewise.cloud.service import Cloud, start_cloud
from edgewise.cloud.usage import Usage
from edgewise.errors import DeviceError, UserError
from edgewise.testing.upstream.server import started_upstream
from tests.cloud.running import config_over
from tests.cloud.waiting import until


def settings() -> Config:
    from datetime import date
    from decimal import Decimal

    price = Price("fake", date(2020, 1, 1), output=Decimal(1))
    return msgspec.structs.replace(config_over("http://127.0.0.1:9"), price=(price,))


def spend(cloud: Cloud, id: str, tokens: int, organisation: str) -> None:
    facts = Facts(id, time.time(), organisation, "p", "k", "", "chat", "fake")
    cloud.ledger.settle(cloud.ledger.open(facts), Outcome.DONE, Usage(0, 0, tokens))


def cap(cloud: Cloud, organisation: str) -> str:
    with cloud.database.begin() as connection:
        made = create_budget(
            connection,
            organisation,
            ScopeKind.ORGANISATION,
            organisation,
            Period.MONTH,
            10**12,
            now_s=time.time(),
        )
    return made.id


def spent(cloud: Cloud) -> int:
    (standing,) = cloud.budgets.standings()
    return standing.spent_nano


async def test_a_folder_belongs_to_one_process(tmp_path: Path):
    cloud = await start_cloud(settings(), tmp_path)
    try:
        with pytest.raises(UserError) as refused:
            await start_cloud(settings(), tmp_path)
        assert refused.value.code == "folder_in_use"
    finally:
        await cloud.close()
    again = await start_cloud(settings(), tmp_path)
    await again.close()


def break_nothing(folder: Path) -> None: ...


def break_the_database(folder: Path) -> None:
    (folder / "cloud.db").write_bytes(b"no database" * 100)


def break_the_flights(folder: Path) -> None:
    (folder / "flights").write_bytes(b"of another version")


def break_the_batches(folder: Path) -> None:
    (folder / "batches").write_text("a file where a folder should be")


def twice_priced() -> Config:
    return msgspec.structs.replace(settings(), price=settings().price * 2)


def without_a_key() -> Config:
    backend = settings().backend[0]
    keyed = msgspec.structs.replace(backend, name="keyed", key_env="EDGEWISE_NOT_SET")
    return msgspec.structs.replace(settings(), backend=(backend, keyed))


def open_below(folder: Path) -> list[str]:
    """The files in `folder` that this process has open."""
    gc.collect()  # a connection that a thread had used ends with its last mention
    found: list[str] = []
    for number in os.listdir("/dev/fd"):
        with suppress(OSError):
            found.append(os.readlink(f"/dev/fd/{number}"))
    return [name for name in found if name.startswith(str(folder))]


@pytest.mark.parametrize(
    ("config", "broken", "file"),
    [
        (settings(), break_the_database, "cloud.db"),
        (twice_priced(), break_nothing, ""),
        (settings(), break_the_flights, "flights"),
        (without_a_key(), break_nothing, ""),
        (settings(), break_the_batches, "batches"),
    ],
    ids=["database", "prices", "flights", "key", "batches"],
)
async def test_a_start_that_fails_leaves_nothing_open_and_the_next_one_succeeds(
    tmp_path: Path, config: Config, broken: Callable[[Path], None], file: str
):
    broken(tmp_path)
    with pytest.raises((UserError, DeviceError, OSError)):
        await start_cloud(config, tmp_path)
    await until(lambda: not open_below(tmp_path))  # threads that read end soon
    if file:
        (tmp_path / file).unlink()
    cloud = await start_cloud(settings(), tmp_path)
    assert cloud.first_start is not None, "nobody was told the first password"
    await cloud.close()


async def test_what_fails_at_the_end_keeps_nothing_else_open(tmp_path: Path):
    cloud = await start_cloud(settings(), tmp_path)
    held = memoryview(cloud.ledger._flights._map)  # a map that is looked at can not be closed
    with pytest.raises(BufferError):
        await cloud.close()
    held.release()
    again = await start_cloud(settings(), tmp_path)
    await again.close()


async def test_a_new_budget_knows_what_was_settled_a_moment_before(tmp_path: Path):
    cloud = await start_cloud(settings(), tmp_path)
    try:
        assert cloud.first_start is not None
        organisation = cloud.first_start.organisation.id
        spend(cloud, "a", 5, organisation)
        budget = cap(cloud, organisation)
        insert = cloud.ledger._insert

        def slow(entries: object) -> object:  # one more is settled while the batch goes in
            if "b" not in [one.facts.id for one in cloud.ledger.recent]:
                spend(cloud, "b", 7, organisation)
            return insert(entries)  # type: ignore[arg-type]

        cloud.ledger._insert = slow
        await cloud._load_budgets()
        assert spent(cloud) == 12_000
        spend(cloud, "c", 1, "another")
        with cloud.database.begin() as connection:
            delete_budget(connection, organisation, budget)
        cap(cloud, organisation)
        await cloud._load_budgets()
        assert spent(cloud) == 12_000
    finally:
        await cloud.close()


async def test_what_a_crash_left_is_in_the_budgets_at_the_start(tmp_path: Path):
    cloud = await start_cloud(settings(), tmp_path)
    assert cloud.first_start is not None
    organisation = cloud.first_start.organisation.id
    cap(cloud, organisation)
    facts = Facts("a", time.time(), organisation, "p", "k", "", "chat", "fake")
    cloud.ledger.count(cloud.ledger.open(facts), Usage(0, 0, 9))
    await cloud.close()  # the slot stays in use, as after a kill
    again = await start_cloud(settings(), tmp_path)
    try:
        assert spent(again) == 9_000
        assert again.ledger._flights.used == 0
    finally:
        await again.close()


async def test_a_backend_that_is_there_again_does_not_rest_on(tmp_path: Path):
    async with started_upstream() as upstream:
        config = config_over(upstream.address)
        backend = msgspec.structs.replace(config.backend[0], health_every_s=0.02)
        cloud = await start_cloud(msgspec.structs.replace(config, backend=(backend,)), tmp_path)
        try:
            health = cloud.pool.health["up"]
            for _ in range(10):  # as long as a rest can be
                health.fail(cloud.clock.monotonic(), Away("it was down"))
            await until(lambda: not health.rests_until)
        finally:
            await cloud.close()


async def test_what_a_crash_cut_off_is_in_the_log_of_requests(tmp_path: Path):
    cloud = await start_cloud(settings(), tmp_path)
    facts = Facts("req_cut", time.time(), "o", "p", "k", "", "chat", "fake")
    cloud.ledger.count(cloud.ledger.open(facts), Usage(0, 0, 9))
    await cloud.close()  # the slot stays in use, as after a kill
    await (await start_cloud(settings(), tmp_path)).close()
    (line,) = (tmp_path / "requests.log").read_text().splitlines()
    noted = msgspec.json.decode(line)
    assert (noted["request"], noted["outcome"], noted["output_tokens"]) == ("req_cut", "crashed", 9)
