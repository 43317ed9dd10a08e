from edgewise.think.understanding.courtesy import strip_courtesy
from edgewise.think.understanding.normalise import normalise
from tests.each_row import each_row


@each_row(
    ("said", "meant"),
    [
        ("could you please open the window, thanks", "open the window"),
        ("麻烦帮我打开车窗，谢谢", "打开车窗"),
        ("请帮我把车窗打开好吗？", "把车窗打开"),
        ("um hey I want you to play jazz please", "play jazz"),
        ("快进", "快进"),
        ("please", "please"),
    ],
)
def test_politeness_is_taken_off_and_the_request_stays(said: str, meant: str):
    assert strip_courtesy(normalise(said)).plain == meant


def test_the_end_stays_where_it_may_belong_to_a_message():
    text = strip_courtesy(normalise("please text Emma thanks"), tail=False).plain
    assert text == "text emma thanks"
