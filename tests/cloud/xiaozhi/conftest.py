"""Voice devices for each test, on SQLite and on PostgreSQL."""

from pathlib import Path

import pytest

from edgewise.cloud.accounts import FirstStart
from edgewise.cloud.database import Database
from tests.cloud.xiaozhi.house import House


@pytest.fixture
def house(database: Database, started: FirstStart, tmp_path: Path) -> House:
    return House(database, started, tmp_path)
