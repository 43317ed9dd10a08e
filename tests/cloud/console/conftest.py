"""A running platform with a price, and the administrator at its console."""

import shutil
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from edgewise.cloud.config import DATABASE, XiaozhiConfig
from edgewise.cloud.prices import Price
from tests.cloud.console.visitor import Visitor, owner_of
from tests.cloud.running import Running, running_cloud

PRICE = Price("fake", date(2026, 1, 1), input=Decimal("1.35"), output=Decimal("8.1"))


@pytest.fixture
async def running(tmp_path: Path, migrated_file: Path) -> AsyncIterator[Running]:
    shutil.copy(migrated_file, tmp_path / DATABASE)
    async with running_cloud(
        tmp_path, price=(PRICE,), xiaozhi=XiaozhiConfig(enabled=True)
    ) as platform:
        yield platform


@pytest.fixture
async def owner(running: Running) -> AsyncIterator[Visitor]:
    visitor = owner_of(running)
    async with visitor.client:
        yield visitor
