"""One platform holds a database: on each kind, until it ends, also when the server was away."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from edgewise.cloud.database import Database
from edgewise.cloud.service import start_cloud
from edgewise.errors import UserError
from tests.cloud.postgres import Cluster
from tests.cloud.running import config_over

Open = Callable[[], Database]


@pytest.fixture
def opened(database_url: str) -> Iterator[Open]:
    """Opens the same database as often as is asked."""
    made: list[Database] = []

    def make() -> Database:
        made.append(Database(database_url))
        return made[-1]

    yield make
    for database in made:
        database.close()


def test_a_second_one_is_refused_until_the_first_ends(opened: Open):
    first, second = opened(), opened()
    with closing(first.hold()), pytest.raises(UserError, match="another platform") as refused:
        second.hold()
    assert refused.value.code == "database_in_use"
    second.hold().close()


async def test_two_platforms_of_two_folders_are_not_over_one_database(
    tmp_path: Path, database_url: str
):
    config = msgspec.structs.replace(config_over("http://127.0.0.1:9"), database=database_url)
    cloud = await start_cloud(config, tmp_path / "one")
    try:
        with pytest.raises(UserError) as refused:
            await start_cloud(config, tmp_path / "two")
        assert refused.value.code == "database_in_use"
    finally:
        await cloud.close()
    await (await start_cloud(config, tmp_path / "two")).close()


@pytest.mark.slow
def test_a_dropped_session_takes_the_lock_again(cluster: Cluster):
    name = "test_hold"
    url = cluster.create(name, template="migrated")
    with closing(Database(url)) as first, closing(Database(url)) as second:
        with closing(first.hold()) as hold:
            cluster.disconnect(name)
            hold.check()  # still away
            cluster.admit(name)
            hold.check()
            with pytest.raises(UserError):
                second.hold()
        second.hold().close()
    cluster.drop(name)
