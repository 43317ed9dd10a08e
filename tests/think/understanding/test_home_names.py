import pytest

from edgewise.core.home import Entity, Home
from edgewise.think.understanding.home_names import cut, fold
from tests.think.understanding.at_home import HOME


def kinds(text: str, home: Home = HOME) -> list[str]:
    return [piece.text for piece in cut(fold(text), home) if piece.has("entity", "area", "floor")]


@pytest.mark.parametrize(
    "text",
    ["the KIDS' ROOM", "kids room", "my kids' room", "kids rooms", "Kids' Room's"],
)
def test_an_area_is_found_however_it_is_written(text: str):
    (name,) = [piece.value("area") for piece in cut(fold(text), HOME) if piece.has("area")]
    assert name == "Kids' Room"


@pytest.mark.parametrize("text", ["書房", "书房", "書 房", "嗰個書房嘅"])
def test_a_chinese_name_is_found_in_both_scripts(text: str):
    assert kinds(text) == ["书 房"]


def test_the_longest_name_wins():
    home = Home(("Garage",), (), (Entity("Garage Lamp", "light"),))
    assert kinds("garage lamp", home) == ["garage lamp"]
    assert [p.text for p in cut("close the garage door", home)] == ["close", "the", "garage door"]


def test_a_name_with_optional_letters_is_found_with_and_without_them():
    home = Home((), (), (Entity("Baker[']s", "todo"),))
    assert kinds("baker's", home) == ["baker s"]
    assert kinds("bakers", home) == ["bakers"]


def test_a_number_keeps_its_value_and_unit():
    (piece,) = [p for p in cut("set it to 40 percent", HOME) if p.number is not None]
    assert (piece.number, piece.unit) == (40, "percent")


def test_a_word_of_no_home_has_no_tags():
    assert [p.text for p in cut("turn on the zeppelin", HOME) if not p.tags] == ["zeppelin"]


def test_an_aspect_is_no_part_of_the_lock():
    assert [piece.text for piece in cut(fold("邊個門鎖咗"), HOME)][1:] == ["门", "锁 咗"]
