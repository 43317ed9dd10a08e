"""Figures of a Chinese answer become the words a person says."""

from edgewise.answer.numbers_zh import number, said
from tests.each_row import each_row


@each_row(
    "written, spoken",
    [
        ("22度", "二十二度"),
        ("2度", "二度"),
        ("22°C", "二十二度"),
        ("-5°C", "零下五度"),
        ("80%", "百分之八十"),
        ("3.5公里", "三点五公里"),
        ("3.5 km", "三点五公里"),
        ("2公里", "两公里"),
        ("2.5公里", "二点五公里"),
        ("12个", "十二个"),
        ("2个", "两个"),
        ("2挡", "二挡"),
        ("7:30", "七点三十分"),
        ("2:05", "两点零五分"),
        ("9:00", "九点整"),
        ("14:05:30", "十四点零五分三十秒"),
        ("2026-11-30", "二零二六年十一月三十日"),
        ("2026年11月30日", "二零二六年十一月三十日"),
        ("2月2号", "二月二号"),
        ("周3", "周三"),
        ("12.5元", "十二点五元"),
        ("¥2", "两元"),
        ("8-12度", "八到十二度"),
        ("13800138000", "幺三八，零零幺三，八零零零"),
        ("+2", "加二"),
        ("5G", "五G"),
        ("420 km/h", "四百二十公里每小时"),
        ("没有数字", "没有数字"),
    ],
)
def test_figures_become_words(written: str, spoken: str):
    assert said(written).strip() == spoken


def test_digits_of_a_name_are_read_one_by_one():
    assert said("A380").replace(" ", "") == "A三八零"


def test_zeros_within_and_great_numbers():
    assert [number(n) for n in (0, 10, 12, 100, 101, 110, 205, 1001, 10_000, 10_005, 120_000)] == [
        "零", "十", "十二", "一百", "一百零一", "一百一十", "二百零五", "一千零一", "一万",
        "一万零五", "十二万",
    ]  # fmt: skip
    assert number(1_0000_0000) == "一亿"
    assert number(1_0001_0000) == "一亿零一万"


def test_no_figure_is_left_over():
    for text in ("1" * 500, "1.2.3.4.5", "12:99", "2026-99-99", "4-5-6", "0x1F", "1,234,567.8"):
        assert not any(each.isascii() and each.isdigit() for each in said(text)), text
