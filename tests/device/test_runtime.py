"""A whole device starts from an empty folder, survives what is missing, and ends in order."""

import asyncio
import logging
import stat
from pathlib import Path

import pytest

from edgewise.core.event import Answered, Event
from edgewise.core.message import Request
from edgewise.core.part import TextPart
from edgewise.device.runtime import Device, ring_alarms, start_device
from edgewise.errors import DeviceError, UserError
from edgewise.testing.clock import ManualClock

WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text('chat_model = ""\n')
    return tmp_path


async def ask(device: Device, text: str) -> list[Event]:
    return [event async for event in device.agent.run(Request((TextPart(text),), "s"))]


async def test_a_new_device_answers_and_knows_the_sample_s_people(folder: Path) -> None:
    device = await start_device(folder, pace=1000.0)
    events = await ask(device, "open the driver's window")
    assert isinstance(events[-1], Answered)
    assert events[-1].changed == {WINDOW: 100}
    assert "妈妈" in device.names.current()["contact"]
    assert device.notices == []
    await device.close()


async def test_a_question_takes_its_answer_and_is_let_go_after_two_that_answer_nothing(
    folder: Path,
) -> None:
    device = await start_device(folder)
    await ask(device, "定个闹钟")
    assert "08:00" in (await ask(device, "明天早上八点"))[-1].text
    said = [(await ask(device, text))[-1].text for text in ("call Zorbo", "Zorba", "Zorbi", "Zor")]
    assert ["What is the name or number?" in text for text in said] == [True, True, False, False]
    assert "leave it" in said[2]
    await device.close()


async def test_what_is_stored_survives_and_the_sample_comes_once(folder: Path) -> None:
    device = await start_device(folder)
    contacts = (await device.agent.drivers.read(["phone.contacts"]))["phone.contacts"].value
    await ask(device, "add milk to my shopping list")
    lists = (await device.agent.drivers.read(["phone.lists"]))["phone.lists"].value
    await device.close()
    again = await start_device(folder)
    readings = await again.agent.drivers.read(["phone.contacts", "phone.lists"])
    assert readings["phone.contacts"].value == contacts
    assert readings["phone.lists"].value == lists
    await again.close()


async def test_files_of_a_device_are_its_owner_s_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    device = await start_device(folder)
    await ask(device, "stop")
    await device.close()
    for path in (folder, folder / "trail", folder / "trail.key"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


async def test_texts_stay_out_of_the_trail_unless_the_owner_wants_them(folder: Path) -> None:
    device = await start_device(folder)
    await ask(device, "call Zanzibar")
    await device.close()
    (trail,) = (folder / "trail").glob("*.jsonl")
    assert "zanzibar" not in trail.read_text("utf-8").lower()
    (folder / "config.toml").write_text('chat_model = ""\nkeep_text = true\n')
    device = await start_device(folder)
    await ask(device, "call Zanzibar")
    await device.close()
    assert "zanzibar" in trail.read_text("utf-8").lower()


async def test_the_key_of_the_digests_is_made_once_and_again_when_it_is_broken(
    folder: Path,
) -> None:
    keys: list[bytes] = []
    for _ in range(2):
        await (await start_device(folder)).close()
        keys.append((folder / "trail.key").read_bytes())
    assert keys[0] == keys[1]
    assert len(keys[0]) == 32
    (folder / "trail.key").write_bytes(b"short")
    await (await start_device(folder)).close()
    assert len((folder / "trail.key").read_bytes()) == 32


async def test_a_torn_trail_is_mended_and_said(folder: Path) -> None:
    device = await start_device(folder)
    await ask(device, "stop")
    await device.close()
    (trail,) = (folder / "trail").glob("*.jsonl")
    whole = trail.read_bytes()
    trail.write_bytes(whole + b'{"event":')
    device = await start_device(folder)
    assert len(device.notices) == 1
    assert "torn (9 bytes)" in device.notices[0]
    await device.close()
    assert trail.read_bytes() == whole


async def test_sessions_are_kept_only_when_asked_for(folder: Path) -> None:
    for keep, there in ((False, False), (True, True)):
        device = await start_device(folder, keep_sessions=keep)
        await ask(device, "stop")
        await device.close()
        assert (folder / "sessions").exists() is there


async def test_a_bad_configuration_or_state_starts_nothing(folder: Path) -> None:
    with pytest.raises(UserError, match=r"-60\.\.300"):
        await start_device(folder, state={"Vehicle.Speed": 9999})
    (folder / "config.toml").write_text('vehicle = "boat"')
    with pytest.raises(UserError, match="boat"):
        await start_device(folder)


async def test_a_state_can_not_be_given_to_a_real_car(folder: Path) -> None:
    (folder / "config.toml").write_text('vehicle = "kuksa"\nkuksa_address = "127.0.0.1:9"\n')
    with pytest.raises(UserError, match="simulated car only"):
        await start_device(folder, state={WINDOW: 1})


async def test_a_trail_that_can_not_be_kept_starts_no_device(folder: Path) -> None:
    (folder / "trail").write_text("a file in the folder's place")
    with pytest.raises(DeviceError, match="EDGEWISE_HOME"):
        await start_device(folder)


async def test_an_alarm_rings_by_the_device_s_clock_until_it_is_closed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, rang = ManualClock(), asyncio.Event()
    device = await start_device(folder, clock=clock)
    told = logging.getLogger("edgewise.device")
    monkeypatch.setattr(told, "level", logging.INFO)
    watch = logging.Handler()
    monkeypatch.setattr(watch, "emit", lambda record: rang.set())
    told.addHandler(watch)
    events = await ask(device, "set a timer for 5 minutes")
    assert events[-1].changed
    clock.advance(301.0)
    ring_alarms(device, clock)
    await asyncio.wait_for(rang.wait(), 5)
    told.removeHandler(watch)
    await device.close()
    assert all(task.done() for task in device.background)


async def test_closing_leaves_no_task_behind(folder: Path) -> None:
    before = asyncio.all_tasks()
    device = await start_device(folder)
    ring_alarms(device)
    await ask(device, "stop")
    await device.close()
    assert asyncio.all_tasks() == before


async def test_a_background_task_that_failed_does_not_hinder_the_end(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> None:
        raise DeviceError("the bell is broken")

    device = await start_device(folder)
    device.background.append(asyncio.create_task(fail()))
    await asyncio.wait(device.background)
    await device.close()
    assert "the bell is broken" in caplog.text
    await (await start_device(folder)).close()


async def test_a_screen_that_is_not_there_is_told_and_the_device_runs_on(folder: Path) -> None:
    (folder / "config.toml").write_text(
        'chat_model = ""\n[screen]\nbackend = "adb"\nprogram = "no-such-adb"\n'
    )
    device = await start_device(folder)
    assert any("no-such-adb" in notice for notice in device.notices)
    events = await ask(device, "what is on my screen")
    assert "no-such-adb" in events[-1].text
    assert device.agent.catalogue.get("gui.act") is not None
    await device.close()


async def test_without_a_screen_it_says_how_to_set_one_up(folder: Path) -> None:
    device = await start_device(folder)
    assert device.screen is None
    assert "[screen]" in (await ask(device, "what is on my screen"))[-1].text
    await device.close()
