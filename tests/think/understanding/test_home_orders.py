import pytest

from edgewise.core.home import Home
from edgewise.think.understanding.home_names import cut
from edgewise.think.understanding.home_orders import read_order
from edgewise.think.understanding.normalise import normalise
from tests.think.understanding.at_home import HOME, IN_DINING_ROOM


def ordered(text: str, home: Home = HOME) -> list[dict[str, object]] | None:
    found = read_order(cut(normalise(text).plain, home), home)
    return None if found is None else [dict(each) for each in found]


LAMP = {"name": "Reading Lamp", "domain": "light"}
BLIND = {"name": "Left Blind", "domain": "cover", "device_class": "blind"}
BATH = {"area": "Bathroom", "domain": "light"}


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("turn the reading lamp off", LAMP | {"action": "off"}),
        ("reading lamp on", LAMP | {"action": "on"}),
        ("reading lamp", LAMP | {"action": "on"}),
        ("dim the reading lamp to 20 percent", LAMP | {"action": "set", "brightness": 20}),
        ("make the reading lamp blue", LAMP | {"action": "set", "color": "blue"}),
        ("set the reading lamp to the lowest", LAMP | {"action": "set", "brightness": 1}),
        ("bathroom 40%", BATH | {"action": "set", "brightness": 40}),
        ("light up the bathroom", BATH | {"action": "on"}),
        ("kids room lights out", {"area": "Kids' Room", "domain": "light", "action": "off"}),
        ("turn off the lights on the top floor",
         {"floor": "Top Floor", "domain": "light", "action": "off"}),
        ("raise the left blind", BLIND | {"action": "open"}),
        ("open the left blind halfway", BLIND | {"action": "set", "position": 50}),
        ("close the windows in the bathroom",
         {"area": "Bathroom", "domain": "cover", "device_class": "window", "action": "close"}),
        ("set the bathroom temperature to 21.5 degrees",
         {"area": "Bathroom", "domain": "climate", "action": "set", "temperature": 21.5}),
        ("lock all the doors in the bathroom",
         {"area": "Bathroom", "domain": "lock", "action": "lock"}),
        ("send dusty back to the base", None),
        ("return dusty to the base", {"name": "Dusty", "domain": "vacuum", "action": "dock"}),
        ("vacuum the dining room", {"area": "Dining Room", "domain": "vacuum", "action": "on"}),
        ("switch to movie night", {"name": "Movie Night", "domain": "scene", "action": "on"}),
        ("close the garage door", {"domain": "cover", "device_class": "garage", "action": "close"}),
        ("打开后门", {"name": "后门", "domain": "lock", "action": "unlock"}),
        ("關後門嘅鎖", {"name": "后门", "domain": "lock", "action": "lock"}),
        ("把書房的燈關掉", {"area": "书房", "domain": "light", "action": "off"}),
        ("床頭燈調到三成",
         {"name": "床头灯", "domain": "light", "action": "set", "brightness": 30}),
        ("熄咗浴室啲燈", {"area": "浴室", "domain": "light", "action": "off"}),
        ("浴室上鎖", {"area": "浴室", "domain": "lock", "action": "lock"}),
        ("设置speaker音量到30", {"name": "Speaker", "domain": "media_player", "volume": 30}),
    ],
)  # fmt: skip
def test_an_order_becomes_typed_arguments(text: str, arguments: dict[str, object] | None):
    assert ordered(text) == (None if arguments is None else [arguments])


@pytest.mark.parametrize(
    "text",
    [
        "turn on and off the reading lamp",
        "unlock the reading lamp",
        "lock the bathroom lights",
        "turn the reading lamp curtain off",
        "open the left blind in 5 minutes",
        "set the left blind to red",
        "raise the speaker volume by 10",
        "turn on the light detector of the neighbour",
        "turn on the bathroom",
        "turn on the tablet",
        "set the bathroom lights to 20 percent and 30 percent",
        "turn on the desk fan in the kitchen and the attic",
    ],
)
def test_what_is_contradictory_or_not_wholly_understood_is_no_order(text: str):
    assert ordered(text) is None


def test_the_room_of_the_device_is_meant_where_none_is_said():
    assert ordered("close the curtains", IN_DINING_ROOM) == [
        {"area": "Dining Room", "domain": "cover", "device_class": "curtain", "action": "close"}
    ]
    assert ordered("turn off the reading lamp", IN_DINING_ROOM) == [LAMP | {"action": "off"}]


def test_two_rooms_are_two_calls():
    calls = ordered("turn off the bathroom and dining room lights")
    assert calls is not None
    assert [call["area"] for call in calls] == ["Bathroom", "Dining Room"]
