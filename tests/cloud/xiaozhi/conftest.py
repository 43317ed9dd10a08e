"""Voice devices for each test, on SQLite and on PostgreSQL."""

import pytest

from edgewise.cloud.accounts import FirstStart
from edgewise.cloud.database import Database
from tests.cloud.xiaozhi.house import House


@pytest.fixture
def house(database: Database, started: FirstStart) -> House:
    return House(database, started)
