"""Words about a phone on a whole device: done by hand while parked, left alone while driving."""

import json
from pathlib import Path

from edgewise.core.call import Status
from edgewise.core.event import CallFinished, Event
from edgewise.core.message import Request
from edgewise.core.part import TextPart
from edgewise.device.runtime import Device, start_device
from tests.device.screen.phone import Phone
from tests.docs.commands import ROOT

MOVING = json.loads((ROOT / "docs" / "snippets" / "moving.json").read_text("utf-8"))


def settings(folder: Path, phone: Phone) -> Path:
    (folder / "config.toml").write_text(
        f'chat_model = ""\n[screen]\nbackend = "adb"\nprogram = "{phone.stand_in}"\n'
        '[screen.apps]\nShop = "com.shop"\n'
    )
    return folder


async def say(device: Device, text: str) -> list[Event]:
    return [event async for event in device.agent.run(Request((TextPart(text),), "s"))]


def status_of(events: list[Event]) -> Status:
    (result,) = (event.result for event in events if isinstance(event, CallFinished))
    return result.status


async def test_what_is_named_on_the_phone_is_tapped(tmp_path: Path, phone: Phone):
    device = await start_device(settings(tmp_path, phone), pace=1000.0)
    told = await say(device, "what is on my screen")
    assert "Basket" in told[-1].text
    assert "hunter2" not in told[-1].text
    assert status_of(await say(device, "tap the gift switch")) is Status.DONE
    assert phone.calls("input") == [["tap", "540", "660"]]
    await device.close()


async def test_a_phone_that_the_driver_sees_is_left_alone_while_the_car_moves(
    tmp_path: Path, phone: Phone
):
    device = await start_device(settings(tmp_path, phone), state=MOVING, pace=1000.0)
    assert status_of(await say(device, "tap the gift switch")) is Status.DENIED
    assert phone.calls("input") == []
    await device.close()


async def test_a_phone_that_is_gone_says_what_to_do_and_is_found_again(
    tmp_path: Path, phone: Phone
):
    device = await start_device(settings(tmp_path, phone), pace=1000.0)
    phone.fails("adb: device unauthorized.")
    told = await say(device, "tap the gift switch")
    assert "allow USB debugging" in told[-1].text
    (phone.folder / "wrong").unlink()
    assert status_of(await say(device, "tap the gift switch")) is Status.DONE
    await device.close()
