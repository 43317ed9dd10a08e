"""Two spellings of one sound are the same."""

from hypothesis import given
from hypothesis import strategies as st

from edgewise.perceive.sounded import Sound, differences, sounds_of
from tests.each_row import each_row


def sounds(text: str) -> list[str]:
    return [each.sound for each in sounds_of(text)]


@each_row(
    ("one", "other"),
    [
        ("你好小边", "你好，小编"),
        ("陈小诗", "程晓思"),
        ("Don't stop!", "dont STOP"),
        ("小林", "小宁"),
    ],
)
def test_what_sounds_alike_is_the_same(one: str, other: str):
    assert sounds(one) == sounds(other) != []


def test_a_sound_knows_where_it_ends_in_the_text():
    text = "Hey, 小边 open"
    assert [text[: each.end] for each in sounds_of(text)] == ["Hey", "Hey, 小", "Hey, 小边", text]
    assert sounds_of("，。 …") == []
    assert sounds_of("22") == [Sound("22", 2)]


@each_row(
    ("one", "other", "apart"),
    [("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("same", "same", 0)],
)
def test_differences_are_counted(one: str, other: str, apart: int):
    assert differences(one, other) == apart


@given(st.text("ab", max_size=6), st.text("ab", max_size=6), st.text("ab", max_size=6))
def test_differences_are_a_distance(one: str, two: str, three: str):
    assert differences(one, two) == differences(two, one)
    assert (differences(one, two) == 0) == (one == two)
    assert differences(one, three) <= differences(one, two) + differences(two, three)
