"""A device behind a link: called once, read back by its status, away without a link."""

import asyncio
from typing import Any

import pytest

from edgewise.act import board_driver
from edgewise.act.board_driver import KEPT_S, BoardDevice, BoardDriver
from edgewise.act.board_status import BATTERY, BRIGHTNESS, DARK_MODE, VOLUME
from edgewise.act.board_tools import LOOK, board_of
from edgewise.act.catalogue.device import SETTINGS
from edgewise.act.driver import Driver, Drivers, Remote, Slow
from edgewise.core.call import Effect
from edgewise.errors import DeviceError
from edgewise.testing.clock import ManualClock
from tests.act.firmware import OWN, TOOLS, Firmware

LAMP = "board.act.lamp_turn_on"


class Connected:
    """A device with its drivers, and a clock that a test turns."""

    def __init__(self, firmware: Firmware | None = None) -> None:
        self.clock = ManualClock()
        self.firmware = firmware or Firmware()
        self.device = BoardDevice(board_of(TOOLS), self.clock, self.firmware)
        self.drivers = Drivers(self.device.drivers)

    async def value(self, target: str) -> object:
        readings = await self.drivers.read([target])
        return readings[target].value if target in readings else None

    def asked(self) -> int:
        return [name for name, _ in self.firmware.calls].count("self.get_device_status")


def test_it_is_a_driver_that_may_be_away_and_is_slow():
    driver: Driver = BoardDriver(Connected().device, "board")
    assert isinstance(driver, Remote)
    assert isinstance(driver, Slow)
    assert driver.away is None


async def test_the_status_is_asked_for_once_for_all_and_kept_for_a_moment():
    tested = Connected()
    readings = await tested.drivers.read([VOLUME, BRIGHTNESS, DARK_MODE, BATTERY, SETTINGS])
    assert {target: reading.value for target, reading in readings.items()} == {
        VOLUME: 70, BRIGHTNESS: 75, DARK_MODE: False, BATTERY: 50,
        SETTINGS: {"brightness": 75, "dark_mode": False},
    }  # fmt: skip
    await asyncio.gather(*(tested.drivers.read([VOLUME]) for _ in range(5)))
    assert tested.asked() == 1
    tested.clock.advance(KEPT_S + 0.1)
    await tested.drivers.read([VOLUME])
    assert tested.asked() == 2


async def test_a_prefix_reads_all_below_it_and_what_is_not_told_is_not_asked_for():
    tested = Connected()
    assert set(await tested.drivers.read(["Vehicle"])) == {VOLUME}
    assert await tested.drivers.read(["phone.call", "Vehicle.Speed", "nav.route", LAMP]) == {}
    assert tested.asked() == 1


async def test_a_write_calls_the_tool_once_and_makes_the_status_old():
    tested = Connected()
    assert await tested.value(VOLUME) == 70
    assert await tested.drivers.write([Effect(VOLUME, 30)]) == {}
    assert tested.firmware.acted == [("self.audio_speaker.set_volume", {"volume": 30})]
    assert await tested.value(VOLUME) == 30
    await tested.drivers.write([Effect(DARK_MODE, True)])
    assert await tested.value(DARK_MODE) is True


async def test_a_status_that_was_under_way_at_a_write_is_not_kept():
    tested = Connected()
    begun, go_on = asyncio.Event(), asyncio.Event()

    class Waiting(Firmware):
        async def call(self, name: str, arguments: dict[str, Any]) -> str:
            told = await super().call(name, arguments)
            if name == "self.get_device_status" and not begun.is_set():
                begun.set()
                await go_on.wait()
            return told

    tested.device.link = Waiting()
    early = asyncio.create_task(tested.value(VOLUME))
    await begun.wait()
    await tested.drivers.write([Effect(VOLUME, 30)])
    go_on.set()
    assert await early == 70
    assert await tested.value(VOLUME) == 30


async def test_the_answer_of_an_own_tool_is_its_receipt():
    tested = Connected(Firmware(encodes=1))
    receipts = await tested.drivers.write([Effect("board.read.lamp_get_state", {})])
    assert receipts == {"board.read.lamp_get_state": {"text": "power: yes"}}
    assert await tested.drivers.write([Effect(LOOK, {"question": "?"})]) == {
        LOOK: {"text": "a red cup"}
    }
    assert await tested.drivers.write([Effect("board.stop.chassis_stop", {})]) == {}
    assert await tested.value(VOLUME) == 70


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ('{"success": false, "message": "no eyes here"}', "no eyes here"),
        ('{"error": {"message": "the token is over", "code": "x"}}', "the token is over"),
        ("", "no reason was told"),
        ("false", "false"),
        (DeviceError("self.camera.take_photo: lens broken", code="refused"), "lens broken"),
        (
            DeviceError('self.camera.take_photo: {"message": "网络异常"}', code="refused"),
            "网络异常",
        ),
    ],
)
async def test_a_picture_that_was_not_taken_is_a_failure_with_its_reason(
    answer: str | Exception, why: str
):
    tested = Connected()
    tested.firmware.answers["self.camera.take_photo"] = answer
    with pytest.raises(DeviceError) as failed:
        await tested.drivers.write([Effect(LOOK, {"question": "?"})])
    assert (failed.value.code, str(failed.value)) == ("refused", why)


async def test_a_camera_that_does_not_answer_is_told_as_such():
    tested = Connected()
    tested.firmware.answers["self.camera.take_photo"] = DeviceError("slow", code="timed_out")
    with pytest.raises(DeviceError) as failed:
        await tested.drivers.write([Effect(LOOK, {"question": "?"})])
    assert failed.value.code == "timed_out"


def test_only_what_the_status_tells_is_read_back():
    drivers = Connected().drivers
    assert drivers.has_readback(VOLUME)
    assert drivers.has_readback(BRIGHTNESS)
    assert not drivers.has_readback(LAMP)
    silent = [each for each in TOOLS if each.name != "self.get_device_status"]
    device = BoardDevice(board_of(silent), ManualClock(), Firmware(silent))
    assert not Drivers(device.drivers).has_readback(VOLUME)


async def test_what_a_status_leaves_out_is_not_waited_for():
    tested = Connected()
    del tested.firmware.status["screen"]
    await tested.drivers.read([BRIGHTNESS])
    assert not tested.drivers.has_readback(BRIGHTNESS)
    assert tested.drivers.has_readback(VOLUME)


async def test_a_status_that_fails_makes_nothing_count_as_unreadable():
    tested = Connected()
    tested.firmware.answers["self.get_device_status"] = DeviceError("slow", code="timed_out")
    with pytest.raises(DeviceError):
        await tested.drivers.read([VOLUME])
    assert tested.drivers.has_readback(VOLUME)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("false", "refused"),
        ('{"success": false, "message": "motor stuck"}', "refused"),
        (DeviceError("Unknown tool", code="refused"), "refused"),
        (DeviceError("it went away", code="no_provider"), "no_provider"),
        (DeviceError("too long", code="timed_out"), "timed_out"),
    ],
)
async def test_a_tool_that_fails_fails_the_write(answer: str | Exception, code: str):
    tested = Connected()
    tested.firmware.answers["self.lamp.turn_on"] = answer
    with pytest.raises(DeviceError) as failed:
        await tested.drivers.write([Effect(LAMP, {})])
    assert failed.value.code == code
    assert len(tested.firmware.acted) == 1


async def test_a_reading_that_is_false_is_no_failure():
    tested = Connected()
    tested.firmware.answers["self.lamp.get_state"] = "false"
    receipts = await tested.drivers.write([Effect("board.read.lamp_get_state", {})])
    assert receipts["board.read.lamp_get_state"] == {"text": "false"}


async def test_a_tool_that_never_answers_has_its_time_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(board_driver, "CALL_S", 0.02)
    tested = Connected()

    class Silent(Firmware):
        async def call(self, name: str, arguments: dict[str, Any]) -> str:
            await asyncio.Event().wait()
            return ""

    tested.device.link = Silent()
    with pytest.raises(DeviceError) as failed:
        await tested.drivers.write([Effect(LAMP, {})])
    assert failed.value.code == "timed_out"


async def test_a_status_that_fails_is_not_asked_for_at_every_step():
    tested = Connected()
    tested.firmware.answers["self.get_device_status"] = DeviceError("slow", code="timed_out")
    for _ in range(3):
        with pytest.raises(DeviceError, match="slow"):
            await tested.drivers.read([VOLUME])
    assert tested.asked() == 1
    del tested.firmware.answers["self.get_device_status"]
    tested.clock.advance(KEPT_S + 0.1)
    assert await tested.value(VOLUME) == 70


@pytest.mark.parametrize(
    "target", ["board.act.door", "board.status.battery", "phone.settings.wifi", "phone.alarms.1"]
)
async def test_a_target_without_a_tool_is_never_written(target: str):
    tested = Connected()
    with pytest.raises(DeviceError) as failed:
        await tested.drivers.write([Effect(LAMP, {}), Effect(target, {})][1:])
    assert failed.value.code == "unknown_target"
    assert tested.firmware.acted == []


async def test_a_driver_writes_nothing_of_another_prefix():
    tested = Connected()
    driver = BoardDriver(tested.device, "phone")
    with pytest.raises(DeviceError):
        await driver.write([Effect(BRIGHTNESS, 3), Effect(LAMP, {})])
    assert tested.firmware.acted == []


async def test_without_a_link_it_is_away():
    tested = Connected()
    assert await tested.value(VOLUME) == 70
    tested.device.link = None
    assert await tested.value(VOLUME) is None
    assert set(tested.drivers.away([VOLUME, LAMP, BRIGHTNESS])) == {"Vehicle", "board", "phone"}
    with pytest.raises(DeviceError) as failed:
        await tested.drivers.write([Effect(LAMP, {})])
    assert failed.value.code == "no_provider"
    assert tested.firmware.acted == []


async def test_after_it_connected_again_only_the_new_link_is_used():
    tested = Connected()
    assert await tested.value(VOLUME) == 70
    again = Firmware(TOOLS + OWN)
    again.status["audio_speaker"]["volume"] = 5
    tested.device.link = again
    assert await tested.value(VOLUME) == 5
    await tested.drivers.write([Effect(LAMP, {})])
    assert tested.firmware.acted == []
    assert again.acted == [("self.lamp.turn_on", {})]


async def test_a_change_is_watched_for_by_asking_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(board_driver, "POLL_S", 0.0)
    tested = Connected()
    seen: list[object] = []
    async for readings in tested.drivers.watch([VOLUME]):
        seen.append(readings[VOLUME].value)
        if len(seen) == 2:
            break
        tested.firmware.status["audio_speaker"]["volume"] = 71
    assert seen == [70, 71]
