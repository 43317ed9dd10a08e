"""GELab-Zero's lines, read: as the model writes them, what is tolerated, what is refused how."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.act.gui_words import (
    LONGEST,
    Line,
    Word,
    arguments_of,
    point_in,
    read_line,
)
from edgewise.act.screen import Point
from edgewise.act.screen_step import Action, Step, is_swipe, step_of
from edgewise.errors import UserError
from tests.each_row import each_row

CLICK = (
    "<THINK> the login is below </THINK>\nexplain:log in\taction:CLICK\tpoint:500,850\tsummary:x"
)


def test_a_line_of_the_model_is_read():
    line = read_line(CLICK)
    assert line == Line(Word.CLICK, "", Point(500, 850), None, "the login is below", "log in", "x")
    assert line.steps == (Step(Action.TAP, 500, 850),)


@each_row(
    ("said", "steps"),
    [
        ("action:TYPE\tvalue:你好: 1\tpoint:1,2", (Step(Action.TYPE, 1, 2, text="你好: 1"),)),
        ("action:TYPE\tvalue:hi", (Step(Action.TYPE, text="hi"),)),
        ("action:AWAKE\tvalue:微信", (Step(Action.OPEN, app="微信"),)),
        ("action:SLIDE\tpoint1:1,2\tpoint2:3,40", (Step(Action.SCROLL, 1, 2, 3, 40),)),
        ("action:LONGPRESS\tpoint:1,2", (Step(Action.LONG_PRESS, 1, 2),)),
        ("action:LONG_PRESS\tpoint:1,2", (Step(Action.LONG_PRESS, 1, 2),)),
        ("action:HOT_KEY\tkey:ENTER", (Step(Action.ENTER),)),
        ("action:hot_key\tkey:back", (Step(Action.BACK),)),
        ("action:DOUBLE_CLICK\tpoint:1,2", (Step(Action.TAP, 1, 2),) * 2),
        ("action:COMPLETE\treturn:done", ()),
        ("action:INFO\tvalue:which one?", ()),
        ("action:ABORT\tvalue:no way", ()),
        ("action:CALL_USER", ()),
        ("action:WAIT\tvalue:2", ()),
    ],
)
def test_every_word_is_known(said: str, steps: tuple[Step, ...]):
    assert read_line(said).steps == steps


@each_row(
    "said",
    [
        "action:click\tpoint:500,850",
        "Action:CLICK\tPoint:500 850",
        "action：CLICK\tpoint：500，850\tsummary：then: more",
        "<think>a</think>\naction:CLICK\tpoint:(500, 850)",
        "<THINK>action:TYPE\tvalue:x</THINK><think>b</think>\naction:CLICK\tpoint:[500,850]\n",
        "< THINK >a</ THINK >\texplain:\taction: CLICK \tpoint:500,850\tkeyboard_exists:true",
        "<TINK>a</TINK>\naction:CLICK\tpoint:500,850",
        "explain:x\naction:CLICK\npoint:500,850\nsummary:y",
    ],
)
def test_other_spellings_mean_the_same(said: str):
    assert read_line(said).steps == (Step(Action.TAP, 500, 850),)


def test_seconds_are_read_with_and_without_their_unit():
    for said in ("2.5", "2.5s", "2.5 秒"):
        assert read_line(f"action:WAIT\tvalue:{said}").wait_s == 2.5
    assert read_line(CLICK).wait_s == 0


@each_row(
    ("said", "key"),
    [
        ("", "action"),
        ("hello", "action"),
        ("<THINK>action:CLICK\tpoint:1,2</THINK>", "action"),
        ("action:JUMP", "action"),
        ("action:CLICK", "point"),
        ("action:CLICK\tpoint:1", "point"),
        ("action:CLICK\tpoint:1,2,3,4", "point"),
        ("action:CLICK\tpoint:1001,2", "point"),
        ("action:CLICK\tpoint:-1,2", "point"),
        ("action:CLICK\tpoint:0.5,0.5", "point"),
        ("action:CLICK\tpoint:1,2\tpoint:3,4", "point"),
        ("action:SLIDE\tpoint1:1,2", "point2"),
        ("action:SLIDE\tpoint1:1,2\tpoint2:3,4", "point2"),
        ("action:TYPE\tpoint:1,2", "value"),
        ("action:TYPE\tvalue:\tpoint:1,2", "value"),
        ("action:TYPE\tvalue:a\x1bb", "value"),
        ("action:WAIT\tvalue:soon", "value"),
        ("action:WAIT\tvalue:601", "value"),
        ("action:AWAKE", "value"),
        ("action:HOT_KEY\tkey:POWER", "key"),
        ("action:HOT_KEY", "key"),
        ("action:CLICK\taction:TYPE\tpoint:1,2", "action"),
    ],
)
def test_what_is_wrong_is_named(said: str, key: str):
    with pytest.raises(UserError, match=f"^{key}: "):
        read_line(said)


def test_a_line_without_end_is_not_read():
    with pytest.raises(UserError, match="at most"):
        read_line("x" * (LONGEST + 1))


POINTS = st.builds(Point, st.integers(0, 1000), st.integers(0, 1000))
WORDS = st.text(min_size=1, max_size=30).map(lambda text: " ".join(text.split())).filter(
    lambda text: text and not any(ord(letter) < 32 for letter in text)
)  # fmt: skip
NOTES = st.one_of(st.just(""), WORDS.filter(lambda text: "<" not in text))
VALUES = {
    Word.TYPE: WORDS, Word.AWAKE: WORDS, Word.INFO: WORDS, Word.ABORT: NOTES,
    Word.CALL_USER: NOTES, Word.COMPLETE: NOTES, Word.HOT_KEY: st.sampled_from(
        ["ENTER", "BACK", "HOME"]), Word.WAIT: st.integers(0, 600).map(str),
}  # fmt: skip


@st.composite
def lines(draw: st.DrawFn) -> Line:
    word = draw(st.sampled_from(Word))
    pointed = word in (Word.CLICK, Word.DOUBLE_CLICK, Word.LONGPRESS, Word.SLIDE)
    point = draw(POINTS if pointed else POINTS | st.none() if word is Word.TYPE else st.none())
    end = None
    if word is Word.SLIDE and point is not None:
        start = point
        end = draw(POINTS.filter(lambda end: is_swipe(start, end)))
    value = draw(VALUES.get(word, st.just("")))
    return Line(word, value, point, end, draw(NOTES), draw(NOTES), draw(NOTES))


def as_written(line: Line) -> str:
    """As the model says it."""
    names = {Word.COMPLETE: "return", Word.HOT_KEY: "key"}
    pairs = {"explain": line.explain, "action": line.word.value}
    if line.word in VALUES:
        pairs[names.get(line.word, "value")] = line.value
    first = "point1" if line.word is Word.SLIDE else "point"
    for name, point in ((first, line.point), ("point2", line.end)):
        if point is not None:
            pairs[name] = f"{point.x},{point.y}"
    pairs["summary"] = line.summary
    told = "\t".join(f"{name}:{value}" for name, value in pairs.items())
    return f"<THINK> {line.thought} </THINK>\n{told}\n"


@given(lines())
def test_what_is_written_is_read_again(line: Line):
    assert read_line(as_written(line)) == line


@given(lines())
def test_each_step_of_a_line_is_one_that_the_screen_takes(line: Line):
    for step in line.steps:
        assert step_of(msgspec.to_builtins(step)) == step
        assert step_of(msgspec.to_builtins(step)) is not None
        assert set(arguments_of(step)) <= {"action", "target", "text", "point", "point2"}


PIECES = st.sampled_from(
    ["action:", "point:", "value:", "\t", "\n", "CLICK", "TYPE", "SLIDE", "<THINK>", "</think>",
     "500,500", "summary:", "：", "point1:1,2", "9" * 50, "WAIT", "1e9", "HOT_KEY", "key:", "²"]
)  # fmt: skip


@given(st.text() | st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join))
def test_garbage_raises_nothing_but_a_users_error(said: str):
    try:
        line = read_line(said)
    except UserError:
        return
    for step in line.steps:
        assert step_of(msgspec.to_builtins(step)) is not None


def test_the_arguments_of_a_step_are_those_of_the_capability():
    assert arguments_of(Step(Action.SCROLL, 1, 2, 3, 4)) == {
        "action": "scroll", "point": "1,2", "point2": "3,4",
    }  # fmt: skip
    assert arguments_of(Step(Action.OPEN, app="微信")) == {"action": "open", "target": "微信"}


def test_a_point_is_read_and_a_wrong_one_named():
    assert point_in("point", " 3, 4 ") == Point(3, 4)
    with pytest.raises(UserError, match=r"^point2: 'x'"):
        point_in("point2", "x")
