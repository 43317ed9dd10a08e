from edgewise.think.understanding.shapes import SHAPES
from tests.each_row import each_row


def test_a_spoken_number_is_dialled_as_digits():
    assert SHAPES["call.dial"]({"contact": "400 820 1234"}, "") == {"number": "4008201234"}
    assert SHAPES["call.dial"]({"contact": "幺二零"}, "") == {"number": "120"}
    assert SHAPES["call.dial"]({"contact": "mom"}, "call mom") == {"contact": "mom"}


def test_arithmetic_keeps_only_its_expression():
    found = SHAPES["info.compute"]({"expression": "5 plus 7", "value": 5}, "what is 5 plus 7")
    assert found == {"kind": "math", "expression": "5 plus 7"}


def test_heating_a_mirror_does_not_fold_it():
    assert SHAPES["mirror.set"]({"heat": True, "fold": True}, "关闭后视镜加热") == {"heat": True}


@each_row(
    ("text", "op"),
    [
        ("add five minutes to the pizza timer", "extend"),
        ("take 5 minutes off my timer", "shorten"),
        ("给计时器增加五分钟", "extend"),
        ("计时器减少一分钟", "shorten"),
    ],
)
def test_a_timer_goes_on_longer_or_shorter_and_is_not_set_anew(text: str, op: str):
    found = SHAPES["alarm.manage"]({"op": "set", "kind": "timer", "duration": 300}, text)
    assert found["op"] == op
