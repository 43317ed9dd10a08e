from hypothesis import given
from hypothesis import strategies as st

from edgewise.think.understanding.normalise import MAX_CHARACTERS, is_chinese, normalise


def test_full_width_and_traditional_characters_become_plain_ones():
    assert normalise("打開車門，請！").plain == "打开车门,请!"
    assert normalise("Ｔｕｒｎ　ＯＮ").plain == "turn on"


def test_the_shown_text_keeps_case_and_script():
    normal = normalise("Call JOHN 陳靜")
    assert normal.text == "Call JOHN 陳靜"
    assert normal.plain == "call john 陈静"


def test_control_characters_pictures_and_lone_surrogates_vanish():
    assert normalise("a\x00b\ud800 🎉 c\u200bd").plain == "a b cd"


def test_a_cut_takes_both_forms_and_trims_spaces():
    part = normalise("Call John now").cut(4, 10)
    assert (part.text, part.plain) == ("John", "john")


@given(st.text())
def test_both_forms_always_have_the_same_length(text: str):
    normal = normalise(text)
    assert len(normal.text) == len(normal.plain) <= MAX_CHARACTERS


def test_han_is_seen_in_mixed_text():
    assert is_chinese("play 周杰伦")
    assert not is_chinese("play jay")
