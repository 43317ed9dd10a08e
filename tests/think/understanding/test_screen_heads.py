"""How an order to a screen begins is told in one place."""

from edgewise.think.understanding import screen_heads
from edgewise.think.understanding.screen_heads import BACK, BUTTON, CLEAR, STEP, TAP, TOUCH, TYPE
from tests.each_row import each_row


@each_row(
    "plain",
    ["tap the bell", "click ok", "long press it", "double-click the bell", "type hello",
     "点击设置", "长按图片", "press enter", "按回车"],
)  # fmt: skip
def test_what_touches_beyond_doubt(plain: str):
    assert TOUCH.search(plain)
    assert not TOUCH.search(f"please do not {plain}")


@each_row("plain", ["tap water is fine", "tapas near me", "typewriter", "press play", "点外卖"])
def test_what_only_looks_like_a_touch(plain: str):
    assert not TOUCH.search(plain)


@each_row(
    ("plain", "begins"),
    [("scroll down", True), ("go back", True), ("往下翻", True), ("scrolls of paper", False)],
)
def test_no_name_begins_as_a_step_does(plain: str, begins: bool):
    assert (STEP.match(plain) is not None) is begins


def test_the_words_of_the_table_are_read_by_every_part_that_asks():
    assert TAP.match("tap and hold the bell")
    assert TAP.match("按住图片")
    assert TAP.match("再点log in")
    assert not TAP.match("点latte")
    assert not TAP.match("点kfc外卖")
    assert not TAP.match("点a套餐")
    assert TYPE.match("in the search field type tea")
    assert BACK.fullmatch("go back one page")
    assert not BACK.fullmatch("go back to 20 degrees")
    assert CLEAR.fullmatch("clear the search field")
    assert not CLEAR.match("clear the list")
    assert BUTTON.match("close")
    assert not BUTTON.match("close the window")
    assert screen_heads.SCROLL.fullmatch("scroll down a bit")
