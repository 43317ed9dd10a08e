"""The document store: rows, batches, watchers, damage, crashes, and a dict as its model."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edgewise.act.driver import Driver
from edgewise.core.call import Effect
from edgewise.device.phone.store import LARGEST_ROW_BYTES, SCHEMA_VERSION, DocumentStore
from edgewise.errors import DeviceError


class HandClock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.wall = 1_000.0

    def now(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.wall


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DocumentStore]:
    made = DocumentStore(tmp_path / "stores.sqlite", HandClock())
    yield made
    made.close()


async def value(store: DocumentStore, target: str) -> object:
    return (await store.read([target]))[target].value


async def test_a_row_is_read_back_with_its_id_and_stamp(store: DocumentStore):
    await store.write([Effect("phone.lists.a", {"item": "milk"})])
    row = {"id": "a", "item": "milk", "at": 1000.0}
    assert await value(store, "phone.lists.a") == row
    assert await value(store, "phone.lists") == [row]


async def test_only_the_owner_may_read_the_file_and_what_lies_beside_it(tmp_path: Path):
    path = tmp_path / "stores.sqlite"
    before = os.umask(0o022)
    try:
        path.touch(0o644)
        made = DocumentStore(path, HandClock())
        await made.write([Effect("phone.lists.a", {"item": "milk"})])
        modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
        made.close()
    finally:
        os.umask(before)
    assert "stores.sqlite-wal" in modes
    assert set(modes.values()) == {0o600}, modes


async def test_rows_keep_the_order_in_which_they_were_first_written(store: DocumentStore):
    await store.write([Effect(f"phone.lists.{name}", {"n": name}) for name in "zab"])
    await store.write([Effect("phone.lists.z", {"n": "changed"})])
    rows = await value(store, "phone.lists")
    assert isinstance(rows, list)
    assert [row["id"] for row in rows] == ["z", "a", "b"]


async def test_what_is_not_there_reads_as_nothing(store: DocumentStore):
    assert await value(store, "phone.lists") == []
    assert await value(store, "phone.lists.none") is None
    assert await value(store, "nav.route") is None


async def test_settings_are_plain_values_together_and_one_by_one(store: DocumentStore):
    await store.write([Effect("phone.settings.wifi", True), Effect("phone.settings.volume", 30)])
    readings = await store.read(["phone.settings"])
    assert readings["phone.settings"].value == {"wifi": True, "volume": 30}
    assert readings["phone.settings.wifi"].value is True
    assert await value(store, "phone.settings.volume") == 30


async def test_a_prefix_reads_everything_below_it(store: DocumentStore):
    await store.write([Effect("nav.route", {"destination": "x"}), Effect("nav.places.1", {"n": 1})])
    assert set(await store.read(["nav"])) == {"nav.route", "nav.places"}


async def test_none_deletes_and_deleting_nothing_is_no_error(store: DocumentStore):
    await store.write([Effect("phone.lists.a", {"item": "milk"})])
    await store.write([Effect("phone.lists.a", None), Effect("phone.lists.b", None)])
    assert await value(store, "phone.lists") == []


async def test_a_row_put_back_by_undo_is_exactly_what_it_was(tmp_path: Path):
    clock = HandClock()
    store = DocumentStore(tmp_path / "s", clock)
    await store.write([Effect("phone.alarms.a", {"duration_s": 60, "state": "set"})])
    before = await value(store, "phone.alarms.a")
    clock.wall = 2000.0
    await store.write([Effect("phone.alarms.a", None)])
    await store.write([Effect("phone.alarms.a", before)])
    assert await value(store, "phone.alarms.a") == before
    store.close()


async def test_a_message_that_goes_out_is_sent_by_the_store(store: DocumentStore):
    await store.write([Effect("phone.messages.a", {"direction": "out", "body": "x"})])
    row = await value(store, "phone.messages.a")
    assert isinstance(row, dict)
    assert row["status"] == "sent"


@pytest.mark.parametrize(
    ("effect", "code"),
    [
        (Effect("phone", {}), "unknown_target"),
        (Effect("phone.lists", {}), "unknown_target"),
        (Effect("phone..x", {}), "unknown_target"),
        (Effect("phone.lists." + "x" * 300, {}), "unknown_target"),
        (Effect("phone.lists.x", 3), "wrong_type"),
        (Effect("phone.lists.x", {"t": "x" * LARGEST_ROW_BYTES}), "out_of_range"),
    ],
)
async def test_a_bad_effect_undoes_the_whole_batch(store: DocumentStore, effect: Effect, code: str):
    with pytest.raises(DeviceError) as raised:
        await store.write([Effect("phone.lists.good", {"item": "milk"}), effect])
    assert raised.value.code == code
    assert await value(store, "phone.lists") == []


async def test_a_driver_writes_only_below_its_prefix(store: DocumentStore):
    drivers: tuple[Driver, ...] = store.drivers
    phone = next(driver for driver in drivers if driver.prefix == "phone")
    with pytest.raises(DeviceError) as raised:
        await phone.write([Effect("nav.route", {})])
    assert raised.value.code == "unknown_target"


async def test_watchers_are_told_now_and_after_each_change(store: DocumentStore):
    changes = store.watch(["phone.lists", "phone.settings.wifi"])
    async with asyncio.timeout(5):
        first = await anext(changes)
        assert first["phone.lists"].value == []
        await store.write([Effect("phone.contacts.1", {"name": "x"})])
        await store.write([Effect("phone.lists.a", {"item": "milk"})])
        second = await anext(changes)
        assert set(second) == {"phone.lists"}
        await store.write([Effect("phone.settings.wifi", False)])
        assert (await anext(changes))["phone.settings.wifi"].value is False
    await changes.aclose()


async def test_two_processes_worth_of_connections_see_each_other(tmp_path: Path):
    one = DocumentStore(tmp_path / "s", HandClock())
    two = DocumentStore(tmp_path / "s", HandClock())
    await one.write([Effect("phone.lists.a", {"item": "milk"})])
    await two.write([Effect("phone.lists.b", {"item": "tea"})])
    assert await value(one, "phone.lists") == await value(two, "phone.lists")
    one.close()
    two.close()


async def test_a_file_of_the_first_version_is_carried_forward(tmp_path: Path):
    path = tmp_path / "s"
    db = sqlite3.connect(path)
    db.execute(
        "create table rows (collection text not null, id text not null, value blob not null,"
        " primary key (collection, id)) without rowid"
    )
    db.execute("insert into rows values ('phone.lists', 'a', ?)", (b'{"item":"milk","at":1.0}',))
    db.execute("pragma user_version = 1")
    db.commit()
    db.close()
    store = DocumentStore(path, HandClock())
    assert await value(store, "phone.lists.a") == {"id": "a", "item": "milk", "at": 1.0}
    assert not store.is_new
    store.close()


def test_a_file_of_a_newer_program_is_left_alone(tmp_path: Path):
    path = tmp_path / "s"
    db = sqlite3.connect(path)
    db.execute(f"pragma user_version = {SCHEMA_VERSION + 1}")
    db.close()
    with pytest.raises(DeviceError, match="newer program") as raised:
        DocumentStore(path, HandClock())
    assert raised.value.code == "store_newer"


async def test_a_damaged_file_is_named_with_the_remedy(tmp_path: Path):
    path = tmp_path / "s"
    store = DocumentStore(path, HandClock())
    await store.write([Effect(f"phone.lists.{n}", {"item": "x" * 500}) for n in range(100)])
    store.close()
    data = bytearray(path.read_bytes())
    data[4096:8192] = b"\xff" * 4096
    path.write_bytes(data)
    with pytest.raises(DeviceError, match="start afresh") as raised:
        DocumentStore(path, HandClock())
    assert raised.value.code == "store_damaged"


def test_a_file_that_is_no_database_is_named(tmp_path: Path):
    path = tmp_path / "s"
    path.write_text("this is not a database, it is a longer text than a header" * 10)
    with pytest.raises(DeviceError) as raised:
        DocumentStore(path, HandClock())
    assert raised.value.code == "store_damaged"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(DeviceError) as raised:
        DocumentStore(tmp_path / "no" / "s", HandClock())
    assert raised.value.code == "store_failed"


async def test_a_full_disk_changes_nothing_and_says_so(tmp_path: Path):
    store = DocumentStore(tmp_path / "s", HandClock())
    await store.write([Effect("phone.lists.a", {"item": "milk"})])
    # The file's own page limit fails exactly as a full disk does: SQLITE_FULL.
    store._db.execute("pragma max_page_count = 8")  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(DeviceError, match="free some space") as raised:
        await store.write([Effect(f"phone.lists.{n}", {"t": "x" * 3000}) for n in range(50)])
    assert raised.value.code == "store_full"
    rows = await value(store, "phone.lists")
    assert isinstance(rows, list)
    assert [row["id"] for row in rows] == ["a"]
    store.close()


async def test_a_closed_store_raises_a_device_error(tmp_path: Path):
    store = DocumentStore(tmp_path / "s", HandClock())
    store.close()
    with pytest.raises(DeviceError):
        await store.read(["phone.lists"])


_IDS = st.sampled_from(["a", "b", "c.d", "é", "张"])
_VALUES = st.one_of(
    st.none(),
    st.dictionaries(st.sampled_from("xyz"), st.one_of(st.integers(-5, 5), st.text(max_size=5))),
)
_BATCHES = st.lists(st.lists(st.tuples(_IDS, _VALUES), max_size=4), max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(batches=_BATCHES, bad=st.sets(st.integers(0, 11)))
async def test_the_store_behaves_as_a_dict(
    batches: list[list[tuple[str, dict[str, object] | None]]], bad: set[int]
):
    store = DocumentStore(":memory:", HandClock())
    model: dict[str, dict[str, object]] = {}
    for number, batch in enumerate(batches):
        effects = [Effect(f"phone.lists.{key}", row) for key, row in batch]
        if number in bad:
            with pytest.raises(DeviceError):
                await store.write([*effects, Effect("phone.lists.bad", 1)])
            continue
        await store.write(effects)
        for key, row in batch:
            if row is None:
                model.pop(key, None)
            else:
                model[key] = row
    rows = await value(store, "phone.lists")
    assert isinstance(rows, list)
    found = {row["id"]: {k: v for k, v in row.items() if k not in ("id", "at")} for row in rows}
    assert found == model
    store.close()


WRITER = """
import asyncio, sys
from edgewise.core.call import Effect
from edgewise.core.clock import SystemClock
from edgewise.device.phone.store import DocumentStore
async def main():
    store = DocumentStore(sys.argv[1], SystemClock())
    for n in range(10**6):
        await store.write([Effect(f"phone.lists.{n}-{side}", {"n": n}) for side in "ab"])
        print(n, flush=True)
asyncio.run(main())
"""


def start_writer(path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE)


async def test_killing_the_process_while_it_writes_loses_nothing_committed(tmp_path: Path):
    path = tmp_path / "s"
    writer = start_writer(path)
    assert writer.stdout is not None
    last = -1
    for line in writer.stdout:
        last = int(line)
        if last == 200:
            os.kill(writer.pid, signal.SIGKILL)
    writer.wait(10)
    store = DocumentStore(path, HandClock())
    rows = await value(store, "phone.lists")
    assert isinstance(rows, list)
    ids = {row["id"] for row in rows}
    assert {f"{n}-{side}" for n in range(last + 1) for side in "ab"} <= ids
    assert len(ids) % 2 == 0, "half a batch was kept"
    store.close()


async def test_two_processes_write_at_once_and_neither_loses_a_row(tmp_path: Path):
    path = tmp_path / "s"
    store = DocumentStore(path, HandClock())
    writer = start_writer(path)
    assert writer.stdout is not None
    writer.stdout.readline()
    for number in range(100):
        await store.write([Effect(f"phone.contacts.{number}", {"name": str(number)})])
    os.kill(writer.pid, signal.SIGKILL)
    theirs = [int(line) for line in writer.stdout.read().split()]
    writer.wait(10)
    ours = await value(store, "phone.contacts")
    rows = await value(store, "phone.lists")
    assert isinstance(ours, list)
    assert isinstance(rows, list)
    assert len(ours) == 100
    assert {f"{n}-a" for n in theirs} <= {row["id"] for row in rows}
    store.close()


async def test_a_row_is_written_and_a_collection_read_in_less_than_five_milliseconds(
    store: DocumentStore,
):
    async def timed(n: int) -> float:
        started = time.perf_counter()
        await store.write([Effect(f"phone.contacts.{n}", {"name": f"n{n}", "number": "1" * 11})])
        await store.read(["phone.contacts"])
        return time.perf_counter() - started

    took = sorted([await timed(n % 20) for n in range(100)])
    assert took[50] < 0.005


async def test_a_store_that_another_program_holds_hinders_nobody_but_its_writer(
    store: DocumentStore, tmp_path: Path
):
    other = sqlite3.connect(tmp_path / "stores.sqlite", isolation_level=None)
    other.execute("begin immediate")
    writing = asyncio.create_task(store.write([Effect("phone.lists.a", {"item": "milk"})]))
    later = asyncio.create_task(store.write([Effect("phone.lists.a", {"item": "bread"})]))
    began = time.monotonic()
    await asyncio.sleep(0.02)
    assert time.monotonic() - began < 0.5
    assert not writing.done()
    assert await value(store, "phone.lists") == []
    other.execute("rollback")
    other.close()
    await asyncio.gather(writing, later)
    assert (await store.read(["phone.lists.a"]))["phone.lists.a"].value["item"] == "bread"
