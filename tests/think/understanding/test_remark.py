# ruff: noqa: E501  (a table of sentences is read by rows; broken rows cannot be compared)


from edgewise.think.understanding.remark import is_remark
from tests.each_row import each_row


@each_row(
    "text",
    ["the song is called Open the Window", "I could open the window myself", "we used to open the windows", "this button opens the trunk",
     "opening the windows wastes energy", "I should have closed it", "open windows are dangerous", "sorry for opening the trunk",
     "look up unlock the doors", "search for open the trunk", "repeat after me unlock the doors", "念一遍解锁车门", "打字打开天窗",
     "这首歌叫打开车窗", "打开空调很费电", "我老公喜欢打开天窗", "车门会自动上锁", "这个键可以打开天窗", "我差点打开后备箱"],
)  # fmt: skip
def test_a_deed_that_is_only_spoken_of_is_a_remark(text: str):
    assert is_remark(text)


@each_row(
    "text",
    ["open the window", "I want the window open", "the windows need to be closed", "it is dark turn on the headlights", "the passenger window down",
     "I told you to open the window", "would you mind opening the window", "open the window that is on my side",
     "车窗打开", "我要开窗", "老婆的座椅加热打开", "孩子睡着了把音乐关了", "打开空调太热了", "空调可以关了", "我叫你打开车窗"],
)  # fmt: skip
def test_what_is_asked_for_or_given_a_reason_is_none(text: str):
    assert not is_remark(text)
