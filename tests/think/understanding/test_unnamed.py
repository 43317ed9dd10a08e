# ruff: noqa: E501  (a table of sentences is read by rows; broken rows cannot be compared)


from edgewise.think.understanding.unnamed import Unnamed, unnamed
from tests.each_row import each_row


@each_row(
    ("text", "share", "wanted"),
    [
        ("thanks a lot", 1.0, Unnamed.SOCIAL), ("谢谢你", 1.0, Unnamed.SOCIAL), ("再见", 1.0, Unnamed.SOCIAL),
        ("tell me a joke", 1.0, Unnamed.TALK), ("讲个笑话", 1.0, Unnamed.TALK), ("i had a long day", 1.0, Unnamed.TALK),
        ("今天真累", 1.0, Unnamed.TALK), ("wash the car", 1.0, Unnamed.ORDER), ("给我倒杯水", 1.0, Unnamed.ORDER),
        ("make me a sandwich", 1.0, Unnamed.ORDER), ("asdf qwer", 0.0, Unnamed.NOISE), ("blah", 1.0, Unnamed.NOISE),
        ("呜噗噜噜啦", 1.0, Unnamed.NOISE), ("hgfds 啦", 0.0, Unnamed.NOISE),
    ],
)  # fmt: skip
def test_talk_orders_and_noise_are_told_apart(text: str, share: float, wanted: Unnamed):
    assert unnamed(text, known_share=share) is wanted
