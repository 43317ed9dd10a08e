"""Rule 44: a damaged file of the stores is set aside, kept and told; the device starts anyway."""

import os
import stat
from pathlib import Path

import pytest

from edgewise.core.call import Effect, Status
from edgewise.core.event import Answered, CallFinished, Event
from edgewise.core.message import Request
from edgewise.core.part import TextPart
from edgewise.device.phone.repair import open_stores, set_aside
from edgewise.device.phone.store import DocumentStore
from edgewise.device.runtime import Device, start_device
from edgewise.errors import DeviceError
from edgewise.testing.clock import ManualClock

pytestmark = pytest.mark.rule(44)
MILK = Effect("phone.lists.a", {"item": "milk"})


async def damaged(path: Path) -> bytes:
    """A store of many rows with a page of it overwritten; its bytes."""
    store = DocumentStore(path, ManualClock())
    await store.write([Effect(f"phone.lists.{n}", {"item": "x" * 500}) for n in range(100)])
    store.close()
    data = bytearray(path.read_bytes())
    data[4096:8192] = b"\xff" * 4096
    path.write_bytes(data)
    return bytes(data)


async def test_a_whole_file_is_opened_and_nothing_is_said(tmp_path: Path) -> None:
    first, told = open_stores(tmp_path / "s", ManualClock())
    await first.write([MILK])
    first.close()
    again, told_again = open_stores(tmp_path / "s", ManualClock())
    assert (told, told_again) == (None, None)
    assert len((await again.read(["phone.lists"]))["phone.lists"].value) == 1
    again.close()


async def test_a_damaged_file_is_kept_byte_for_byte_under_the_name_that_is_told(
    tmp_path: Path,
) -> None:
    content = await damaged(tmp_path / "s")
    store, told = open_stores(tmp_path / "s", ManualClock())
    (aside,) = tmp_path.glob("s.damaged-*[0-9]")
    assert aside.read_bytes() == content
    assert told is not None
    assert str(aside) in told.en
    assert str(aside) in told.zh
    await store.write([MILK])
    assert (await store.read(["phone.lists.a"]))["phone.lists.a"].value["item"] == "milk"
    store.close()


async def test_what_lies_beside_a_damaged_file_goes_with_it(tmp_path: Path) -> None:
    await damaged(tmp_path / "s")
    (tmp_path / "s-wal").write_bytes(b"not yet moved over")
    aside = set_aside(tmp_path / "s", 0.0)
    assert aside.with_name(aside.name + "-wal").read_bytes() == b"not yet moved over"
    assert not (tmp_path / "s-wal").exists()


async def test_damage_on_the_same_second_overwrites_no_earlier_one(tmp_path: Path) -> None:
    names = set()
    for _ in range(3):
        await damaged(tmp_path / "s")
        names.add(set_aside(tmp_path / "s", 0.0))
    assert len(names) == 3
    assert all(name.exists() for name in names)


def test_what_is_not_damage_is_not_moved(tmp_path: Path) -> None:
    with pytest.raises(DeviceError) as raised:
        open_stores(tmp_path / "no" / "s", ManualClock())
    assert raised.value.code == "store_failed"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_folder_that_allows_no_move_is_named(tmp_path: Path) -> None:
    await damaged(tmp_path / "s")
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(DeviceError, match="permissions"):
            open_stores(tmp_path / "s", ManualClock())
    finally:
        tmp_path.chmod(stat.S_IRWXU)


async def started(folder: Path) -> Device:
    (folder / "config.toml").write_text('chat_model = ""\n')
    return await start_device(folder)


async def ask(device: Device, text: str) -> list[Event]:
    return [event async for event in device.agent.run(Request((TextPart(text),), "s"))]


def end_of(events: list[Event]) -> Answered:
    end = events[-1]
    assert isinstance(end, Answered)
    return end


async def test_a_device_with_a_damaged_file_starts_says_so_and_can_keep_things_again(
    tmp_path: Path,
) -> None:
    await damaged(tmp_path / "stores.sqlite")
    device = await started(tmp_path)
    (notice,) = device.notices
    assert "damaged" in notice
    assert end_of(await ask(device, "add milk to my shopping list")).changed
    await device.close()
    device = await started(tmp_path)
    assert device.notices == []
    await device.close()


async def test_damage_under_way_is_told_in_the_answer_and_the_car_still_works(
    tmp_path: Path,
) -> None:
    device = await started(tmp_path)
    path = tmp_path / "stores.sqlite"
    device.stores._db.execute("pragma wal_checkpoint(truncate)")
    device.stores._db.execute("pragma shrink_memory")
    data = path.read_bytes()
    path.write_bytes(data[:100] + b"\xff" * (len(data) - 100))
    events = await ask(device, "add milk to my shopping list")
    ends = [e.result for e in events if isinstance(e, CallFinished)]
    assert [(r.status, r.changed) for r in ends] == [(Status.FAILED, {})]
    assert "damaged" in end_of(events).text
    assert "phone" in device.agent.drivers.away(["phone.lists"])
    assert end_of(await ask(device, "turn on the dome light")).changed
    await device.close()
    assert path.read_bytes() != data
    again = await started(tmp_path)
    assert len(again.notices) == 1
    await again.close()
