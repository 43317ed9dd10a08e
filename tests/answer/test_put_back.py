"""What an undo would write is told in words, with the very values."""

from edgewise.answer.put_back import put_back
from edgewise.core.call import Effect
from edgewise.core.words import Language

EN, ZH = Language.ENGLISH, Language.CHINESE
WINDOW = Effect("Vehicle.Cabin.Door.Row1.DriverSide.Window.Position", 30)


def test_a_thing_of_the_car_is_named_with_its_place_and_value() -> None:
    assert put_back([WINDOW], EN) == ["driver's window 30%"]
    assert put_back([WINDOW], ZH) == ["主驾车窗30%"]


def test_states_are_said_and_not_shown_as_flags() -> None:
    locked = Effect("Vehicle.Cabin.Door.Row2.PassengerSide.IsLocked", True)
    assert put_back([locked], EN) == ["rear passenger-side door locked"]
    assert put_back([Effect("Vehicle.Body.Trunk.Rear.IsOpen", False)], ZH) == ["后备箱关上"]


def test_what_has_no_words_is_shown_plainly() -> None:
    assert put_back([Effect("phone.settings.wifi", True)], EN) == ["settings.wifi: on"]


def test_the_same_words_are_said_once() -> None:
    assert len(put_back([WINDOW, WINDOW], EN)) == 1
