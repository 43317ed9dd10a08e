import pytest

from edgewise.core.zone import Zone
from edgewise.think.understanding.zones import find_places, many_zones, one_zone
from tests.each_row import each_row


@each_row(
    ("text", "zone"),
    [
        ("主驾座椅加热", Zone.DRIVER),
        ("副驾驶的空调", Zone.PASSENGER),
        ("左后车窗", Zone.ROW2_LEFT),
        ("the right rear door", Zone.ROW2_RIGHT),
        ("后排空调", Zone.REAR),
        ("set the rear to 25", Zone.REAR),
        ("全车座椅", Zone.ALL),
        ("窗户全开", Zone.ALL),
        ("front to 24", Zone.FRONT),
        ("third row", Zone.ROW3),
        ("主驾和副驾", Zone.FRONT),
        ("my side", Zone.PASSENGER),
    ],
)
def test_words_name_a_zone(text: str, zone: Zone):
    assert one_zone(find_places(text, Zone.PASSENGER)) is zone


@pytest.mark.parametrize("text", ["as bright as possible", "put it upright", "how much is left"])
def test_words_inside_others_name_none(text: str):
    assert find_places(text) == ()


def test_several_places_stay_several():
    assert many_zones(find_places("主驾和右后的车窗")) == [Zone.DRIVER, Zone.ROW2_RIGHT]
    assert many_zones(find_places("所有车门都锁上")) == [Zone.ALL]
