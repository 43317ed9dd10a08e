"""Orders and answers of the eyes are the same on both sides of the pipe."""

from edgewise.perceive.eyes_wire import Hide, Look, Open, encode, hiddens, orders, pictures, reads
from edgewise.perceive.see import Box, Hidden, Line, Picture, Read

PICTURE = Picture(b"\x00\xff", "image/png", 2, 1, "ab")


def test_orders_come_over_as_they_were_given():
    for order in (Open(b"\xff\xd8"), Look(PICTURE), Hide(PICTURE, (Box(1, 2, 3, 4),))):
        assert orders.decode(encode(order)) == order


def test_answers_come_back_as_they_were_made():
    read = Read((Line("停", Box(0, 0, 9, 9), 0.5),), 3.0)
    hidden = Hidden(PICTURE, 1, 2)
    assert pictures.decode(encode(PICTURE)) == PICTURE
    assert reads.decode(encode(read)) == read
    assert hiddens.decode(encode(hidden)) == hidden
