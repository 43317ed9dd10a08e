"""Letters of a screen made comparable."""

from hypothesis import given
from hypothesis import strategies as st

from edgewise.act.screen_letters import joined, plain, shortened
from tests.each_row import each_row


@each_row(
    ("text", "expected"),
    [
        ("P\u200bAY\u00ad  now", "pay now"),
        ("Pа\u0443", "pay"),
        ("ＰＡＹ\n１", "pay 1"),
        ("Pa\u0301y", "pay"),
        ("購買", "购买"),
        ("輸入密碼", "输入密码"),
    ],
)
def test_what_looks_the_same_is_the_same(text: str, expected: str):
    assert plain(text) == expected


@given(st.text())
def test_once_is_enough(text: str):
    assert plain(plain(text)) == plain(text)


@given(st.text(), st.integers(1, 60))
def test_a_long_text_keeps_its_beginning_and_its_end(text: str, longest: int):
    short = shortened(text, longest)
    assert len(short) <= longest
    assert short == text or (text.startswith(short.split("…")[0]) and "…" in short)


def test_what_is_written_after_a_long_name_stays():
    assert shortened("Next " * 90 + "(Pay now)", 60).endswith("(Pay now)")


@each_row(
    ("text", "expected"),
    [
        ("S e n d now", "Send now"),
        ("发 - 送", "发送"),
        ("P.a.y", "Pay"),
        ("a word", "a word"),
        ("1 2 3", "1 2 3"),
        ("plan B is set", "plan B is set"),
    ],
)
def test_letters_that_stand_alone_are_put_together(text: str, expected: str):
    assert joined(text) == expected
