import pytest

from edgewise.core.home import Entity, Home
from edgewise.think.understanding.home_names import cut
from edgewise.think.understanding.home_questions import read_question
from edgewise.think.understanding.normalise import normalise
from tests.think.understanding.at_home import HOME, IN_DINING_ROOM


def asked(text: str, home: Home = HOME) -> dict[str, object] | None:
    plain = normalise(text).plain
    found = read_question(cut(plain, home), plain, home)
    return None if found is None else dict(found)


TABLET = {"name": "Tablet", "domain": "binary_sensor"}


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("is the porch door locked?", {"name": "Porch Door", "domain": "lock", "state": "locked"}),
        ("is the tablet charging", TABLET | {"device_class": "battery_charging", "state": "on"}),
        ("is the tablet's battery low", TABLET | {"device_class": "battery", "state": "on"}),
        ("how cold is the freezer",
         {"name": "Freezer", "domain": "sensor", "device_class": "temperature"}),
        ("where is mia", {"name": "Mia", "domain": "person"}),
        ("is mia at home", {"name": "Mia", "domain": "person", "state": "home"}),
        ("is anybody home", {"domain": "person", "state": "home"}),
        ("which lights are on in the bathroom",
         {"area": "Bathroom", "domain": "light", "state": "on"}),
        ("are all doors locked", {"domain": "lock", "state": "locked"}),
        ("is there any smoke in the kids' room",
         {"area": "Kids' Room", "domain": "binary_sensor", "device_class": "smoke", "state": "on"}),
        ("how warm is it in the bathroom", {"area": "Bathroom", "device_class": "temperature"}),
        ("how humid is it in the bathroom",
         {"area": "Bathroom", "domain": "sensor", "device_class": "humidity"}),
        ("後門鎖咗未", {"name": "后门", "domain": "lock", "state": "locked"}),
        ("浴室有幾多盞燈開著", {"area": "浴室", "domain": "light", "state": "on"}),
        ("書房窗戶開著嗎",
         {"area": "书房", "domain": "binary_sensor", "device_class": "window", "state": "open"}),
        ("who painted the bathroom", None),
        ("is the neighbour's porch door locked", None),
    ],
)  # fmt: skip
def test_a_question_tells_what_is_asked_of_what(text: str, arguments: dict[str, object] | None):
    assert asked(text) == arguments


def test_all_of_a_kind_are_asked_for_though_one_has_that_name():
    home = Home(("Attic",), (), (Entity("Attic Shutter", "cover", "shutter"),))
    assert asked("which attic shutters are closed", home) == {
        "area": "Attic", "domain": "cover", "device_class": "shutter", "state": "closed",
    }  # fmt: skip
    assert asked("is the attic shutter closed", home) == {
        "name": "Attic Shutter", "domain": "cover", "device_class": "shutter", "state": "closed",
    }  # fmt: skip


def test_only_warmth_without_a_place_is_that_of_the_room_around():
    assert asked("how warm is it", IN_DINING_ROOM) == {
        "area": "Dining Room", "device_class": "temperature",
    }  # fmt: skip
    assert asked("are any lights on", IN_DINING_ROOM) == {"domain": "light", "state": "on"}


def test_a_window_is_asked_of_its_motor_where_it_has_one():
    home = Home(("Attic",), (), (Entity("Attic Skylight", "cover", "window"),))
    assert asked("are any windows open", home) == {
        "domain": "cover", "device_class": "window", "state": "open",
    }  # fmt: skip
