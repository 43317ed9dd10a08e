"""The adb program: every word is quoted, time is bounded, and what is wrong says what to do."""

from pathlib import Path

import pytest

from edgewise.device.screen.adb_shell import Shell, program_of, quoted
from edgewise.errors import DeviceError
from tests.device.screen.phone import Phone


@pytest.mark.parametrize(
    "word", ["", "a b", "it's", "'", "$(x)", "`x`", "a\nb", ";", "\\", '"', "你好", "--", "*"]
)
async def test_a_word_reaches_the_phone_as_it_is(phone: Phone, word: str):
    await Shell(phone.stand_in).run("input", word)
    assert phone.calls("input") == [[word]]


def test_a_nul_is_refused():
    with pytest.raises(DeviceError):
        quoted("a\0b")


@pytest.mark.parametrize(
    ("told", "remedy"),
    [
        ("adb: device unauthorized.", "allow USB debugging"),
        ("error: more than one device/emulator", "screen.serial"),
        ("error: no devices/emulators found", "connect one"),
        ("adb: device 'P1' not found", "P1 is not connected"),
        ("error: device offline", "connect it again"),
        ("error: insufficient permissions: no permissions (user in plugdev group?)", "plugdev"),
        ("* daemon not running\nadb: cannot connect to daemon", "start-server"),
    ],
)
async def test_each_way_a_phone_can_be_away_says_what_to_do(phone: Phone, told: str, remedy: str):
    phone.fails(told)
    with pytest.raises(DeviceError, match=remedy) as error:
        await Shell(phone.stand_in, "P1").run("wm", "size")
    assert error.value.code == "no_provider"


async def test_a_command_that_the_phone_lacks_is_no_phone_that_is_away(phone: Phone):
    phone.fails("sh: uiautomator: not found")
    with pytest.raises(DeviceError) as error:
        await Shell(phone.stand_in).run("uiautomator", "dump")
    assert error.value.code == "refused"


async def test_a_phone_that_hangs_is_given_up_and_its_command_ended(phone: Phone, tmp_path: Path):
    hanging = tmp_path / "adb"
    hanging.write_text("#!/bin/sh\nexec sleep 60\n")
    hanging.chmod(0o755)
    with pytest.raises(DeviceError) as error:
        await Shell(str(hanging)).run("wm", "size", within_s=0.1)
    assert error.value.code == "timed_out"


def test_without_adb_it_says_what_to_install():
    with pytest.raises(DeviceError, match="apt-get install adb"):
        program_of("no-such-adb")
