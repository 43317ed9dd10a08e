"""Arguments that hang together in their own way in the car."""

from edgewise.think.understanding.shapes_car import CAR_SHAPES


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
