"""The sample data: loaded once, whole, in both languages."""

from datetime import datetime
from pathlib import Path

from edgewise.core.call import Effect
from edgewise.core.clock import SystemClock
from edgewise.device.phone.sample import load_sample, sample, sample_rows
from edgewise.device.phone.store import DocumentStore

WALL = datetime(2026, 11, 23, 10).timestamp()


async def test_it_is_loaded_at_the_first_start_only(tmp_path: Path):
    store = DocumentStore(tmp_path / "s", SystemClock())
    assert await load_sample(store, WALL)
    await store.write([Effect(f"phone.contacts.c{n}", None) for n in range(1, 30)])
    store.close()
    again = DocumentStore(tmp_path / "s", SystemClock())
    assert not await load_sample(again, WALL)
    assert (await again.read(["phone.contacts"]))["phone.contacts"].value == []
    again.close()


async def test_what_is_loaded_is_what_the_file_says(tmp_path: Path):
    store = DocumentStore(tmp_path / "s", SystemClock())
    await load_sample(store, WALL)
    for collection, rows in sample_rows(WALL).items():
        held = (await store.read([collection]))[collection].value
        if not isinstance(rows, list):
            assert rows.items() <= held.items()
            continue
        assert [row["id"] for row in held] == [row["id"] for row in rows]
        assert all(given.items() <= row.items() for given, row in zip(rows, held, strict=True))
    store.close()


def test_there_is_enough_of_everything():
    content = sample()
    assert len(content["phone.contacts"]) >= 20
    assert len(content["nav.places"]) >= 60
    assert len(content["phone.library"]) >= 40


def test_one_message_tries_to_give_orders():
    bodies = [row["body"] for row in sample()["phone.messages"]]
    assert any("Ignore all previous instructions" in body for body in bodies)


def test_days_are_counted_from_the_start():
    events = sample_rows(WALL)["phone.calendar"]
    assert events[2]["start"] == "2026-11-24T15:00"


def test_ids_are_unique():
    for rows in sample().values():
        if isinstance(rows, list):
            assert len({row["id"] for row in rows}) == len(rows)
