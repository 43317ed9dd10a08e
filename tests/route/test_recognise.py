"""Everything that is personal is found where it stands, apart, in time linear in the text."""

import time

from edgewise.core.label import Sensitivity
from edgewise.route.recognise import Kind, Known, Names, recognise
from tests.each_row import each_row

NOBODY = Names(Known())
KNOWN = Names(Known(people=("王小明", "Anna Schmidt"), places=("外婆家",)))


def parts(text: str, names: Names = NOBODY) -> list[tuple[str, str]]:
    return [(one.kind.name, text[one.start : one.end]) for one in recognise(text, names)]


def test_offsets_are_those_of_the_text_as_it_was_given():
    text = "找王小\u200b明，１３８\u200b－００１３－８０００。"
    assert parts(text, KNOWN) == [
        ("PERSON", "王小\u200b明"),
        ("PHONE", "１３８\u200b－００１３－８０００"),
    ]


def test_a_link_with_something_personal_in_it_is_one_finding():
    text = "see https://x.io/?mail=anna@b.co&v=1 now"
    assert parts(text) == [("URL", "https://x.io/?mail=anna@b.co&v=1")]
    assert parts("see https://x.io/?page=2 now") == []


def test_the_more_harmful_kind_names_what_overlaps():
    (one,) = recognise("地址：朝阳区建国路8号，", NOBODY)
    assert (one.kind, one.sensitivity) == (Kind.ADDRESS, Sensitivity.PERSONAL)
    (two,) = recognise("https://anna:hunter2@example.com/a?b=c@d.org", NOBODY)
    assert (two.kind, two.sensitivity) == (Kind.PASSWORD, Sensitivity.SECRET)


@each_row(
    "text",
    [
        "what is the weather in Berlin tomorrow",
        "set the temperature to 21.5 degrees and the fan to 3",
        "订单号202601151234567890到哪了",
        "价格128.50元，2026年1月15日下午3点20分",
        "version 10.0.19045.1 or firmware 1.2.3.4",
        "放一首周杰伦的七里香",
        "ten of the 1,234,567 people saw 3.14159265",
    ],
)
def test_what_is_nobodys_is_left(text: str):
    assert parts(text) == []


@each_row(
    "unit",
    ["1", "1 ", "44 ", "4444 ", "a", "A", "Aa", "a@", "a.", "Aa ", "路1号", "(1)", "1.", "tel ",
     "+1 ", "Apt 1 ", "12 Aa ", "password ", "http://", "eyJaaaaaaaa.", "我叫王", "1\u200b",
     "Mr. A "],
)  # fmt: skip
def test_a_text_twice_as_long_takes_no_more_than_about_twice_the_time(unit: str):
    def taken_s(size: int) -> float:
        text = unit * (size // len(unit))
        begun = time.process_time()
        recognise(text, KNOWN)
        return time.process_time() - begun

    limit_s = 5 * min(taken_s(10_000), taken_s(10_000)) + 0.02
    assert taken_s(30_000) < limit_s or taken_s(30_000) < limit_s
