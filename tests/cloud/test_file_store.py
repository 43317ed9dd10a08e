"""Files are whole or not there, each project has its own, and names are never paths."""

import asyncio
from pathlib import Path

import pytest

from edgewise.cloud.accounts import FirstStart
from edgewise.cloud.database import Database
from edgewise.cloud.file_store import File, FileStore, New, shown_name
from edgewise.cloud.keys import make_key
from edgewise.cloud.projects import create_project
from edgewise.cloud.refusal import Refused
from edgewise.cloud.tables import files
from edgewise.errors import UserError
from edgewise.testing.clock import ManualClock
from tests.cloud.conftest import NOW


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(wall=NOW)


@pytest.fixture
def store(database: Database, tmp_path: Path, clock: ManualClock) -> FileStore:
    return FileStore(database, tmp_path / "files", clock)


def new_owner(database: Database, started: FirstStart) -> tuple[str, str]:
    """A project and a key of it."""
    with database.begin() as connection:
        organisation = started.organisation.id
        project = create_project(connection, organisation, "P", now_s=NOW)
        key = make_key(connection, organisation, project.id, "k", now_s=NOW).key
    return project.id, key.id


async def kept(
    store: FileStore, owner: tuple[str, str], data: bytes = b"data", **more: int
) -> File:
    part = store.new_part()
    part.write_bytes(data)
    (file,) = await store.keep([(New(*owner, "a.txt", "user_data", **more), part)])
    return file


async def status_of(store: FileStore, project: str, id: str) -> int:
    try:
        await store.find(project, id)
    except Refused as refused:
        return refused.status
    return 200


async def test_a_kept_file_has_its_bytes_under_its_id_and_nothing_else_is_left(
    store: FileStore, database: Database, started: FirstStart, tmp_path: Path
):
    owner = new_owner(database, started)
    file = await kept(store, owner, b"12345")
    assert await store.find(owner[0], file.id) == file
    assert (file.size_bytes, file.created_at) == (5, NOW)
    assert [one.name for one in (tmp_path / "files").iterdir()] == [file.id]
    assert store.path_of(file).read_bytes() == b"12345"


async def test_a_file_of_another_project_is_not_there(
    store: FileStore, database: Database, started: FirstStart
):
    mine, other = new_owner(database, started), new_owner(database, started)
    file = await kept(store, mine)
    assert await status_of(store, other[0], file.id) == 404
    with pytest.raises(Refused):
        await store.delete(other[0], file.id)
    assert await status_of(store, mine[0], file.id) == 200


@pytest.mark.parametrize("id", ["", "../../etc/passwd", "file_\x00", "file_" + "a" * 24, "é" * 29])
async def test_an_id_that_is_none_is_not_there(
    store: FileStore, database: Database, started: FirstStart, id: str
):
    owner = new_owner(database, started)
    assert await status_of(store, owner[0], id) == 404


async def test_bytes_whose_row_can_not_be_made_are_no_file(store: FileStore, tmp_path: Path):
    with pytest.raises(UserError):
        await kept(store, ("proj_none", "key_none"))
    assert list((tmp_path / "files").iterdir()) == []


async def test_of_several_all_are_made_or_none(
    store: FileStore, database: Database, started: FirstStart, tmp_path: Path
):
    owner = new_owner(database, started)
    parts = [store.new_part(), store.new_part()]
    for part in parts:
        part.write_bytes(b"x")
    news = [New(*owner, "a", "batch_output"), New(owner[0], "key_none", "b", "batch_output")]
    with pytest.raises(UserError):
        await store.keep(zip(news, parts, strict=True))
    assert list((tmp_path / "files").iterdir()) == []
    page = await store.read_page(owner[0], after="", limit=9, newest_first=True, purpose="")
    assert page.files == ()


async def test_what_a_crash_left_without_a_row_is_swept_and_the_rest_stays(
    store: FileStore, database: Database, started: FirstStart, tmp_path: Path
):
    file = await kept(store, new_owner(database, started))
    store.new_part().write_bytes(b"half")
    (tmp_path / "files" / ("file_" + "z" * 24)).write_bytes(b"renamed, but no row")
    assert await store.sweep() == 2
    assert [one.name for one in (tmp_path / "files").iterdir()] == [file.id]


async def test_a_file_expires_at_its_time_and_its_bytes_go(
    store: FileStore, database: Database, started: FirstStart, clock: ManualClock
):
    owner = new_owner(database, started)
    file = await kept(store, owner, expires_s=3600)
    clock.advance(3599.0)
    assert await status_of(store, owner[0], file.id) == 200
    clock.advance(1.0)
    assert await status_of(store, owner[0], file.id) == 404
    assert await store.end_expired() == 1
    assert not store.path_of(file).exists()
    assert await store.end_expired() == 0


@pytest.mark.parametrize("newest_first", [True, False])
async def test_pages_hold_each_file_once_in_order(
    store: FileStore,
    database: Database,
    started: FirstStart,
    clock: ManualClock,
    newest_first: bool,
):
    owner = new_owner(database, started)
    made: list[str] = []
    for number in range(7):
        made.append((await kept(store, owner)).id)
        clock.advance(number % 2)  # several of one moment
    seen: list[str] = []
    more = True
    while more:
        page = await store.read_page(
            owner[0],
            after=seen[-1] if seen else "",
            limit=2,
            newest_first=newest_first,
            purpose="user_data",
        )
        seen += [file.id for file in page.files]
        more = page.has_more
    assert sorted(seen) == sorted(made)
    assert len(seen) == 7
    with pytest.raises(Refused) as refused:
        await store.read_page(
            owner[0], after="file_x", limit=2, newest_first=newest_first, purpose=""
        )
    assert refused.value.problem.param == "after"


async def test_a_deleted_file_is_gone_once_of_two_who_delete_it(
    store: FileStore, database: Database, started: FirstStart
):
    owner = new_owner(database, started)
    file = await kept(store, owner)
    ended = await asyncio.gather(
        *(store.delete(owner[0], file.id) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(one, File) for one in ended) == 1
    assert not store.path_of(file).exists()


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a.txt", "a.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\system32\\x.dll", "x.dll"),
        ("/", "file"),
        ("", "file"),
        ("..", ".."),
        ("a\r\nSet-Cookie: x", "aSet-Cookie: x"),
        ("nul\x00l", "null"),
        ("报告.pdf", "报告.pdf"),
        ("\ud800", "file"),
        ("x" * 5000, "x" * 255),
    ],
)
def test_a_name_is_shown_without_what_could_do_harm(given: str, shown: str):
    assert shown_name(given) == shown


def test_the_row_tells_no_path():
    assert "path" not in files.c
