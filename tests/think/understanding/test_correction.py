from collections.abc import Sequence
from time import perf_counter

from edgewise.core.call import Call
from edgewise.core.label import Label
from edgewise.core.thought import MessageKind
from edgewise.think.understanding import words as say
from edgewise.think.understanding.correction import called_off, corrected_parts, pieces
from edgewise.think.understanding.join import Part
from edgewise.think.understanding.normalise import Normal, normalise
from tests.each_row import each_row

FIRST = Part(MessageKind.COMMAND, Call("1", "door.lock", {"locked": True}, Label()))
LAST = Part(MessageKind.COMMAND, Call("2", "light", {"kind": "all", "on": False}, Label()))


@each_row(
    ("text", "wanted"),
    [
        ("open mine, no wait, the other one", ["open mine", "the other one"]),
        ("打开空调，不对，关掉", ["打开空调", "关掉"]),
        ("关左窗... 哦不 我是说右窗", ["关左窗", "右窗"]),
        ("unlock it, no wait", ["unlock it", ""]),
        ("text mom no, sorry, I am late", ["text mom no, sorry, i am late"]),
        ("play no woman no cry", ["play no woman no cry"]),
        ("open the window", ["open the window"]),
    ],
)
def test_a_sentence_is_cut_where_it_is_taken_back(text: str, wanted: list[str]):
    assert [piece.plain for piece in pieces(normalise(text))] == wanted


def test_a_correction_replaces_the_last_call_alone():
    new = Part(MessageKind.COMMAND, Call("3", "window.set", {}, Label()))
    found = corrected_parts([FIRST, LAST], normalise("the window"), lambda *_: [new])
    assert found == [FIRST, new]


def test_which_one_keeps_what_shall_become_of_it():
    def read(correction: Normal, before: Sequence[Part]) -> list[Part]:
        assert correction.plain == "the reading lights"
        return [Part(MessageKind.COMMAND, Call("3", "light", {"kind": "reading"}, Label()))]

    (part,) = corrected_parts([LAST], normalise("just the reading lights"), read)
    assert part.call is not None
    assert part.call.arguments == {"kind": "reading", "on": False}


def test_what_is_taken_back_is_not_done_when_nothing_follows():
    (kept, dropped) = corrected_parts([FIRST, LAST], normalise("don't"), lambda *_: [])
    assert (kept, dropped.call, dropped.question) == (FIRST, None, say.NEGATED)


def test_what_is_corrected_beyond_understanding_is_asked_about():
    silent = Part(MessageKind.CHAT, idle=True)
    (part,) = corrected_parts([LAST], normalise("the florp"), lambda *_: [silent])
    assert (part.call, part.question) == (None, say.UNCLEAR)


@each_row(
    "text",
    ["open the window? no", "open it, just kidding", "turn on the ac, never mind", "打开车窗，算了",
     "打开车窗算了不用了", "开窗？不了", "unlock the doors. thanks, forget it"],
)  # fmt: skip
def test_a_sentence_that_ends_by_taking_all_back_is_called_off(text: str):
    assert called_off(normalise(text))


@each_row(
    "text",
    ["把灯关了算了", "no, close the window", "open the window, no, the sunroof", "算了，打开车窗",
     "text mom never mind", "座椅加热不用了", "turn on the ac, thanks"],
)  # fmt: skip
def test_other_endings_call_nothing_off(text: str):
    assert not called_off(normalise(text))


@each_row("ending", ["no, ", "no ", "不", "哈", "算了", "just kidding ", "forget it "])
def test_an_ending_said_a_hundred_times_takes_no_time(ending: str):
    start = perf_counter()
    called_off(normalise("open it, " + ending * 100 + "x"))
    assert perf_counter() - start < 0.5
