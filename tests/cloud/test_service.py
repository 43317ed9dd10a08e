"""The platform starts and ends in order, and one process holds its folder."""

import time
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
from edgewise.errors import UserError
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
