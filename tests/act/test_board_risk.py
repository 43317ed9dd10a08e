"""How bad a tool may be: cautious by name, never better by its own word than a read."""

import pytest

from edgewise.act.board_risk import RISKS, sort_of
from edgewise.act.board_words import named
from edgewise.act.mcp_tool import declaration
from edgewise.core.capability import Risk
from tests.act.firmware import PERCENT, tool


def sort(name: str, *, arguments: bool = False, **hints: bool) -> str:
    listed = tool(name, {"value": PERCENT} if arguments else None, **hints)
    return sort_of(name, named(name), declaration("board.x", "board", listed))


@pytest.mark.parametrize(
    "name",
    [
        "self.reboot", "self.system.restart", "self.upgrade_firmware", "self.ota.start",
        "self.factory_reset", "self.storage.erase", "self.lock.unlock", "self.door.open",
        "self.door.toggle", "self.garage", "openDoor", "unlockdoor", "self.valve.set",
        "self.message.send", "self.记录.删除", "self.开门", "self.wallet.pay",
    ],
)  # fmt: skip
def test_what_may_not_be_undone_is_final(name: str):
    assert sort(name) == "final"
    assert sort(name, read_only_hint=True) == "final"


def test_a_tool_may_say_that_it_destroys_but_not_that_it_is_harmless():
    assert sort("self.lamp.turn_on", destructive_hint=True) == "final"
    assert sort("self.lamp.turn_on", destructive_hint=False) == "act"
    assert sort("self.lamp.wave", read_only_hint=True, destructive_hint=True) == "final"


def test_only_a_tool_that_says_so_reads():
    assert sort("self.lamp.get_level") == "act"
    assert sort("self.lamp.get_level", read_only_hint=True) == "read"


def test_the_firmware_s_own_way_to_tell_a_state_reads():
    assert sort("self.lamp.get_state") == "read"
    assert sort("self.door.get_status") == "read"
    assert sort("self.lamp.get_state", destructive_hint=True) == "final"
    for name in ("self.lamp.set_state", "self.lamp.get_new_state", "self.get_灯_state"):
        assert sort(name) == "act"
    assert sort("self.lamp.get_state", arguments=True) == "act"


@pytest.mark.parametrize(
    "name",
    [
        "self.lamp.turn_on", "self.heater.on", "self.oven.start", "self.relay.toggle",
        "self.dog.sit_down", "self.chassis.go_forward", "self.fan.set_speed", "self.打开灯",
        "self.小车.前进",
    ],
)  # fmt: skip
def test_one_whose_name_says_that_it_acts_is_not_believed(name: str):
    assert sort(name, read_only_hint=True) == "act"


@pytest.mark.parametrize(
    "name",
    [
        "self.lamp.is_on", "self.check_battery", "self.sensor.read_temperature", "self.weather",
        "self.notes.search", "self.查询电量", "self.湿度",
    ],
)  # fmt: skip
def test_one_whose_name_only_tells_is(name: str):
    assert sort(name, read_only_hint=True) == "read"


@pytest.mark.parametrize(
    "name",
    [
        "self.frontdoor.open", "self.doorlock.off", "self.smartlock.off", "self.smartlock.release",
        "self.electriclock.off", "self.safebox.open", "self.turnstile.open", "self.deadbolt.off",
        "self.maindoor.on", "self.mainDoor.on", "self.LOCKoff", "self.outdoors.open",
        "self.outdoor", "self.outdoor_gate.on", "self.gateway.open", "self.doorbell.open",
        "self.safety_box.on", "self.doorlight_and_lock.on", "self.水阀.打开",
        "self.闸机.放行", "self.保险柜.打开",
    ],
)  # fmt: skip
def test_a_door_is_one_under_a_joined_name(name: str):
    assert sort(name) == "final"


@pytest.mark.parametrize(
    "name",
    [
        "self.车库门.开关", "self.打开门并关灯", "self.门锁.关闭", "self.smartlock.关",
        "self.door.open_close", "self.door.toggle_lock", "self.door.release_lock",
        "self.turn_off_lock", "self.smart_lock",
    ],
)  # fmt: skip
def test_what_closes_a_door_and_may_open_one_is_final(name: str):
    assert sort(name) == "final"


@pytest.mark.parametrize(
    "name",
    [
        "self.outdoor_light.on", "self.outdoorlight.on", "self.myOutdoorLight.on", "self.indoor.on",
        "self.door_bell.volume", "self.doorbell.off", "self.garage_light.off", "self.门铃.音量",
        "self.alarm_clock.set", "self.turn_clockwise", "self.block.move", "self.arm.safely_lower",
        "self.navigate_home", "self.gateway.led", "self.safety.check",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_door_asks(name: str):
    assert sort(name) == "act"


@pytest.mark.parametrize(
    "name",
    [
        "self.door.close", "self.gate.lock", "self.door.get_width", "self.frontdoor.close",
        "self.front_door_close", "self.车库门.关", "self.关门", "self.doorlock.lock",
    ],
)  # fmt: skip
def test_a_door_may_be_closed_and_asked_about(name: str):
    assert sort(name) == "act"
    assert sort(name, arguments=True) == "final"


@pytest.mark.parametrize(
    "name",
    [
        "self.chassis.stop", "self.停止", "self.小车.停止", "self.机器人停下", "stop",
        "self.dog.stop", "self.robot_arm.stop", "self.motor.2.stop", "self.left_wheel.stop",
        "self.otto.stop", "self.electron.stop",
    ],
)  # fmt: skip
def test_a_stop_of_the_body_that_takes_nothing_is_a_stop(name: str):
    assert sort(name) == "stop"
    assert sort(name, arguments=True) == "act"


@pytest.mark.parametrize(
    "name",
    [
        "self.aquarium_pump.stop", "self.security_alarm.stop", "self.curtain_motor.stop",
        "self.robot_vacuum.stop", "self.music.stop", "self.pump.停止", "self.水泵.stop",
        "self.水泵.停止", "self.насос.stop", "self.pump_control.stop", "self.chassis.stop_and_turn",
    ],
)  # fmt: skip
def test_a_stop_of_a_named_thing_asks(name: str):
    assert sort(name) == "act"


@pytest.mark.parametrize(
    "name", ["self.lamp.preset", "self.flash.on", "self.dog.shake_hand", "self.camera.set_flip"]
)
def test_other_tools_ask(name: str):
    assert sort(name) == "act"
    assert RISKS["act"] is Risk.DISRUPTIVE
