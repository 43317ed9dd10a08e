"""Arguments that hang together in their own way in the car."""

from edgewise.think.understanding.shapes_car import CAR_SHAPES
from tests.each_row import each_row


def test_a_slit_of_the_sunroof_is_its_tilt() -> None:
    shaped = CAR_SHAPES["roof.set"]({"target": "roof", "percent": 10}, "天窗打开一点")
    assert "percent" not in shaped or shaped["percent"] != 10


def test_locking_a_lid_shuts_it_and_unlocking_it_does_not_open_it() -> None:
    assert CAR_SHAPES["trunk.set"]({"which": "rear"}, "锁上后备箱")["open"] is False
    unlocked = CAR_SHAPES["trunk.set"]({"which": "rear", "open": True}, "unlock the trunk")
    assert unlocked.get("open") is not True


def test_a_colour_alone_does_not_switch_the_lamp() -> None:
    shaped = CAR_SHAPES["light.interior.set"]({"color": "blue", "on": True}, "氛围灯换成蓝色")
    assert shaped == {"color": "blue"}


def test_much_wind_is_the_highest_level() -> None:
    assert CAR_SHAPES["climate.set_fan"]({"delta": 1}, "crank the fan")["level"] == "max"


@each_row(
    ("text", "mode"),
    [
        ("把内循环换成外循环", "fresh"),
        ("外循环换成内循环", "recirculate"),
        ("fresh air instead of recirculation", "fresh"),
        ("no recirculation please", "fresh"),
        ("turn on recirculation", "recirculate"),
    ],
)
def test_of_two_sources_of_air_the_one_meant_is_taken(text: str, mode: str):
    arguments = {"mode": "recirculate"}
    assert CAR_SHAPES["climate.set_recirculation"](arguments, text)["mode"] == mode


@each_row("text", ["sport mode off", "get out of sport mode", "退出运动模式", "关闭雪地模式"])
def test_to_leave_a_drive_mode_does_not_choose_it(text: str):
    assert "mode" not in CAR_SHAPES["drive.set_mode"]({"mode": "sport"}, text)
