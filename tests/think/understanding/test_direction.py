from edgewise.think.understanding.direction import direction_of, is_relative, opened_by
from edgewise.think.understanding.numbers import find_numbers
from edgewise.think.understanding.polarity import read_polarity


def way(capability: str, plain: str) -> int:
    return direction_of(capability, plain, read_polarity(plain))


def test_a_window_goes_down_to_open():
    assert way("window.set", "lower the window a bit more") == 1
    assert way("window.set", "窗户关小一点") == -1
    assert opened_by("window.set", "put the window down") is True
    assert opened_by("seat.move", "put the seat down") is None


def test_cold_asks_for_more_heat():
    assert way("climate.set_temperature", "有点冷") == 1
    assert way("climate.set_temperature", "太热了") == -1


def test_warming_up_a_heater_is_switching_it_on():
    assert way("steering_wheel.heat", "warm up the steering wheel") == 0


def test_a_number_after_to_is_a_value_and_after_by_a_change():
    for plain, expected in (
        ("turn the temperature up to 24", False),
        ("turn the temperature up by 2", True),
        ("调到24度", False),
        ("调高两度", True),
    ):
        numbers = find_numbers(plain)
        found = is_relative("climate.set_temperature", plain, numbers, read_polarity(plain))
        assert found is expected, plain


def test_a_length_is_a_way_to_go_and_no_place():
    for text in ("move the seat back 3 cm", "move my seat forward two inches", "座椅往后三厘米"):
        polarity = read_polarity(text)
        assert is_relative("seat.move", text, find_numbers(text), polarity), text
