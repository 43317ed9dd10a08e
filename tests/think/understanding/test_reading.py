"""One clause read once: places, numbers and times, with free text out of the way."""

from edgewise.core.zone import Zone
from tests.think.understanding.conftest import Read


def test_a_number_in_a_message_is_no_number_of_the_call(read: Read) -> None:
    reading = read("message.send", "text mom that dinner is at 7")
    assert reading.arguments["body"] == "dinner is at 7"


def test_a_time_is_taken_out_before_numbers_are_looked_for(read: Read) -> None:
    reading = read("alarm.manage", "set a timer for ten minutes")
    assert [duration.seconds for duration in reading.durations] == [600]
    assert reading.numbers == []


def test_places_are_those_of_the_car(read: Read) -> None:
    reading = read("window.set", "左后车窗开到百分之三十")
    assert [place.group for place in reading.places] == [Zone.ROW2_LEFT]
    assert [number.value for number in reading.numbers] == [30]


def test_a_button_may_have_the_name_of_a_courtesy(read: Read) -> None:
    assert read("gui.act", "tap OK").arguments == {"target": "OK"}
