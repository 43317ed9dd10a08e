from edgewise.think.understanding.restarts import behind, restarted
from tests.each_row import each_row


@each_row(
    ("text", "starts"),
    [
        ("打开空调关闭车窗", [4]),
        ("开空调关窗户", [3]),
        ("打开座椅加热播放音乐", [6]),
    ],
)
def test_a_verb_starts_another_order_with_nothing_between(text: str, starts: list[int]):
    assert sorted({start for start, _ in restarted(text)}) == starts


@each_row("text", ["把空调打开", "我想打开空调", "音量调大", "不要打开车窗"])
def test_a_verb_behind_its_own_object_or_helper_starts_none(text: str):
    assert restarted(text) == []


def test_verbs_behind_their_objects_end_each_order():
    assert behind("车窗打开空调关闭") == [(4, 4)]
    assert behind("打开车窗空调关闭") == []
