import pytest

from edgewise.think.understanding.needs import find_need
from tests.each_row import each_row


@each_row(
    ("text", "capability"),
    [
        ("i'm cold", "climate.set_temperature"),
        ("有点冷", "climate.set_temperature"),
        ("玻璃起雾了", "climate.set_defrost"),
        ("太吵了", "media.set_volume"),
        ("the windshield is fogging up", "climate.set_defrost"),
        ("我饿了", "nav.search_place"),
    ],
)
def test_a_statement_of_need_names_what_helps(text: str, capability: str):
    need = find_need(text)
    assert need is not None
    assert need[0] == capability


def test_hot_and_cold_ask_for_opposite_changes():
    assert find_need("有点冷") == ("climate.set_temperature", {"delta": 1})
    assert find_need("有点热") == ("climate.set_temperature", {"delta": -1})


@pytest.mark.parametrize("text", ["it was cold in paris last year", "冷笑话", "i had cold soup"])
def test_a_story_asks_for_nothing(text: str):
    assert find_need(text) is None
