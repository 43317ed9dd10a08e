from hypothesis import given
from hypothesis import strategies as st

from edgewise.think.understanding.numbers import chinese_value, english_value, find_numbers
from tests.each_row import each_row


@each_row(
    ("text", "value", "unit"),
    [
        ("调到二十二度半", 22.5, "degree"),
        ("set to twenty-two and a half degrees", 22.5, "degree"),
        ("22.5度", 22.5, "degree"),
        ("空调26度5", 26.5, "degree"),
        ("音量百分之三十", 30, "percent"),
        ("开三成", 30, "percent"),
        ("one hundred and five", 105, ""),
        ("一百零五", 105, ""),
        ("两千三", 2300, ""),
        ("七十二华氏度", 72, "fahrenheit"),
        ("72 degrees fahrenheit", 72, "fahrenheit"),
        ("零下两度", -2, "degree"),
        ("minus two degrees", -2, "degree"),
        ("level three", 3, "level"),
        ("四个车窗", 4, "count"),
    ],
)
def test_a_number_is_read_with_its_unit(text: str, value: float, unit: str):
    found = find_numbers(text)
    assert [(number.value, number.unit) for number in found] == [(value, unit)]


@each_row("text", ["高一点", "开一下", "放一首", "第三排", "开一半", "一起", "星期三"])
def test_words_that_only_look_like_numbers_are_none(text: str):
    assert find_numbers(text) == []


def test_numerals_are_read_in_both_languages():
    assert chinese_value("三点五") == 3.5
    assert chinese_value("一万二") == 12000
    assert english_value("twenty two point five") == 22.5
    assert english_value("window") is None


@given(st.text())
def test_any_text_is_read_without_an_error(text: str):
    for number in find_numbers(text):
        assert 0 <= number.start < number.end <= len(text)


@each_row(
    ("text", "value"),
    [("half a degree cooler", 0.5), ("half of a degree", 0.5), ("半度", 0.5),
     ("22 and a half degrees", 22.5)],
)  # fmt: skip
def test_half_a_degree_is_half_a_degree(text: str, value: float):
    (number,) = find_numbers(text)
    assert (number.value, number.unit) == (value, "degree")
